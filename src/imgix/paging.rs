//! What lists of imgix take.
//!
//! <https://docs.imgix.com/apis/management/general-usage>

use crate::proto::options::CALL;
use crate::schema::{Field, Table};

/// So many items are on a page at most.
pub(super) const MOST: u32 = 100_000;

/// What every list takes, whichever way it is paged.
pub(super) static LIST: Table = Table::new(
    "ImgixListOptions",
    &[
        Field::scalar_map("filter")
            .updatable()
            .help("by attribute, such as `{ \"deployment.type\": \"s3\" }`; several are joined by AND"),
        Field::strings("sort", 0).updatable().help("attributes; a minus before one sorts downwards"),
        Field::strings("fields", 0).updatable().help("attributes to give; a dot goes deeper"),
        Field::boolean("prefetch").updatable().help("fetch the next page while this one is used"),
    ],
)
.with(&CALL);

/// What says which page. It is not certain which lists are paged which way, so each also takes, undeclared, what an answer of the
/// other way gives for the next page.
static PAGE: [Field; 4] = [
    Field::integer("limit", 1, u32::MAX).updatable().help("items on a page"),
    Field::string("cursor").updatable().help("where the page begins; opaque"),
    Field::integer("number", 0, u32::MAX).updatable().help("counted from 0"),
    Field::integer("size", 1, MOST).updatable().help("items on a page"),
];

/// Pages by number.
pub(super) static NUMBER: Table = Table::new("PageNumber", PAGE.split_at(1).1).declares(&["number", "size"]);

/// Pages by a mark that the page before gives.
pub(super) static CURSOR: Table = Table::new("PageCursor", PAGE.split_at(3).0).declares(&["cursor", "limit"]);

//! What lists of imgix take.
//!
//! <https://docs.imgix.com/apis/management/general-usage>

use crate::proto::options::CALL;
use crate::schema::{Field, Table};

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

const NUMBER_OF_PAGE: Field = Field::integer("number", 0, u32::MAX).updatable().help("counted from 0");
const SIZE: Field = Field::integer("size", 1, 100_000).updatable().help("items on a page counted by number");
const MARK: Field = Field::string("cursor").updatable().help("where the page begins; opaque");
const LIMIT: Field = Field::integer("limit", 1, u32::MAX).updatable().help("items on a page that a cursor begins");

/// Pages by number. Should a list turn out to be paged the other way, its next page can be asked for all the same.
pub(super) static NUMBER: Table = Table::new("PageNumber", &[NUMBER_OF_PAGE, SIZE, MARK, LIMIT])
    .help("Which page, of a list with page numbers. The cursor is for a provider that gives one instead.");

/// Pages by a mark that the page before gives. What is asked for first is how the list is known to be paged.
pub(super) static CURSOR: Table = Table::new("PageCursor", &[MARK, LIMIT, NUMBER_OF_PAGE, SIZE])
    .help("Which page, of a list with cursors. The number is for a provider that gives one instead.");

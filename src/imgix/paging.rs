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

/// Pages by number.
pub(super) static NUMBER: Table = Table::new(
    "PageNumber",
    &[
        Field::integer("number", 0, u32::MAX).updatable().help("counted from 0"),
        Field::integer("size", 1, 100_000).updatable().help("items on a page"),
    ],
);

/// Pages by a mark that the page before gives.
pub(super) static CURSOR: Table = Table::new(
    "PageCursor",
    &[
        Field::string("cursor").updatable().help("where the page begins; opaque"),
        Field::integer("limit", 1, u32::MAX).updatable().help("items on a page"),
    ],
);

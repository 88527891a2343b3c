//! `/publish` and `/unpublish`: experimental, because imgix's own pages and those who use them name different paths.
//!
//! <https://docs.imgix.com/apis/management/assets>

use super::purge::address;
use crate::proto::operation::{Answer, Operation, Resource};
use crate::schema::{Field, Table};

static INPUT: Table = Table::new(
    "ImgixPublishInput",
    &[
        Field::string("url").required().updatable().rule(address),
        Field::string("source_id").required().updatable().rule(crate::storage::text::attribute),
    ],
);

const FROM: &[(&str, &str)] = &[("url", "url"), ("source_id", "sourceId")];

/// What is answered.
pub static RECEIPT: Table = Table::new(
    "ImgixPublishReceipt",
    &[
        Field::string("publish_id").help("there for `publish`"),
        Field::string("unpublish_id").help("there for `unpublish`"),
    ],
)
.help("That something is published, or no longer.");

/// The operations.
pub(super) const RESOURCE: Resource = Resource {
    name: "publish",
    #[cfg(not(target_arch = "wasm32"))]
    help: "Which images can be seen.",
    operations: &[
        Operation::request("publish", "publish")
            .help("Experimental, and may change: publishes the image at an address.")
            .needs("Asset Purge")
            .counted_as("default")
            .gives(&INPUT, FROM)
            .document("publishes")
            .answers(Answer::One(&RECEIPT)),
        Operation::request("unpublish", "unpublish")
            .help("Experimental, and may change: takes back the publication of the image at an address.")
            .needs("Asset Purge")
            .counted_as("default")
            .gives(&INPUT, FROM)
            .document("unpublishes")
            .answers(Answer::One(&RECEIPT)),
    ],
};

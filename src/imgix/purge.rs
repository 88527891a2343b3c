//! `/purge`: takes an image and everything made of it out of the cache.
//!
//! <https://docs.imgix.com/apis/management/purges>

use crate::proto::operation::{Answer, Operation, Resource};
use crate::proto::options::CALL;
use crate::schema::pattern::holds;
use crate::schema::{Field, Findings, Look, Table};
use crate::storage::web;

static PURGE: Table = Table::new(
    "ImgixPurgeInput",
    &[
        Field::string("url").required().updatable().rule(address),
        Field::boolean("sub_image").updatable(),
        Field::string("source_id").updatable(),
    ],
);

static RECEIPT: Table = Table::new("ImgixPurge", &[Field::string("purge_id")]);

static OPTIONS: Table = Table::new(
    "ImgixPurgeOptions",
    &[
        Field::boolean("subImage")
            .updatable()
            .help("is it used within other images? they are purged as well; needs `sourceId`"),
        Field::string("sourceId").updatable().help("the source of a sub-image"),
    ],
)
.with(&CALL);

/// The operation.
pub(super) const RESOURCE: Resource = Resource {
    name: "purge",
    #[cfg(not(target_arch = "wasm32"))]
    help: "Takes images out of the cache.",
    operations: &[Operation::request("purge", "purge")
        .help(
            "Purges the image at an address, and all that is made of it. What was purged a moment ago is purged again: \
             `alreadyQueued` tells.",
        )
        .needs("Purge")
        .counted_as("purge")
        .gives(&PURGE, &[("url", "url"), ("sub_image", "subImage"), ("source_id", "sourceId")])
        .takes(&OPTIONS)
        .document("purges")
        .answers(Answer::Receipt(&RECEIPT))],
};

/// The absolute address of an image.
pub(super) fn address(look: &Look<'_>, found: &mut Findings) {
    if holds("~http://*|~https://*", look.value) {
        web::endpoint_url(look, found);
    } else {
        found.reject(&["must be the whole address of an image, from `https://` on"]);
    }
}

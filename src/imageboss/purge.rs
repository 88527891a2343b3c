//! `DELETE` on the host that serves images: takes an image and everything made of it out of the cache.
//!
//! <https://imageboss.me/docs/caching>

use crate::proto::operation::{Operation, Resource, To};

/// The operation.
pub(super) const RESOURCE: Resource = Resource {
    name: "purge",
    #[cfg(not(target_arch = "wasm32"))]
    help: "Takes images out of the cache.",
    operations: &[Operation::delete("purge", "{source}/{path+}")
        .help("Purges an image, and all that is made of it, within 15 minutes. `source` is the source's name.")
        .needs("API key")
        .counted_as("imageboss.purge")
        .to(To::Images)],
};

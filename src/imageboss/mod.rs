//! The ImageBoss Sources API.
//!
//! <https://imageboss.me/docs/api/sources>

pub mod purge;
pub mod sources;
pub mod url;
mod wire;

use crate::proto::operation::{Provider, Rate};
use crate::proto::options::CLIENT;
use crate::schema::{Field, Table};

/// The host that serves images, and that purges are asked of.
const IMAGE_BASE_URL: &str = "https://img.imageboss.me";

/// The ImageBoss Sources API.
pub static IMAGEBOSS: Provider = Provider {
    name: "imageboss",
    #[cfg(not(target_arch = "wasm32"))]
    title: "ImageBoss Sources API",
    #[cfg(not(target_arch = "wasm32"))]
    docs: "https://imageboss.me/docs/api/sources",
    base_url: "https://api.imageboss.me/v1",
    image_base_url: IMAGE_BASE_URL,
    auth: ("imageboss-api-key", ""),
    #[cfg(not(target_arch = "wasm32"))]
    key_variable: "IMAGEBOSS_API_KEY",
    media_type: "application/json",
    options: &OPTIONS,
    resources: &[sources::RESOURCE, purge::RESOURCE],
    rates: RATES,
    source: &sources::SOURCE,
    wire: &wire::Bare,
    #[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
    row: &sources::ROW,
};

static OPTIONS: Table = Table::new(
    "ImageBossOptions",
    &[Field::string("imageBaseUrl")
        .updatable()
        .default("\"https://img.imageboss.me\"")
        .help("another address of the image host")],
)
.with(&CLIENT);

/// ImageBoss documents no limits; these are our own caution.
static RATES: &[Rate] = &[
    Rate { class: "imageboss", requests: 4, per_ms: 1_000 },
    Rate { class: "imageboss.purge", requests: 4, per_ms: 1_000 },
];

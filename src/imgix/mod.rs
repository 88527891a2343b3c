//! The imgix Management API.
//!
//! <https://docs.imgix.com/apis/management/overview>

pub mod assets;
mod paging;
pub mod publish;
pub mod purge;
pub mod reports;
pub mod sources;
pub mod uploads;
pub mod url;
mod wire;

use crate::proto::operation::{Provider, Rate};

/// The imgix Management API.
pub static IMGIX: Provider = Provider {
    name: "imgix",
    #[cfg(not(target_arch = "wasm32"))]
    title: "imgix Management API",
    #[cfg(not(target_arch = "wasm32"))]
    docs: "https://docs.imgix.com/apis/management/overview",
    base_url: "https://api.imgix.com/api/v1",
    image_base_url: "",
    auth: ("authorization", "Bearer "),
    #[cfg(not(target_arch = "wasm32"))]
    key_variable: "IMGIX_API_KEY",
    media_type: "application/vnd.api+json",
    options: &crate::proto::options::CLIENT,
    resources: &[
        sources::RESOURCE,
        assets::RESOURCE,
        uploads::RESOURCE,
        purge::RESOURCE,
        publish::RESOURCE,
        reports::RESOURCE,
    ],
    rates: RATES,
    source: &sources::SOURCE,
    wire: &wire::JsonApi,
    #[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
    row: &sources::ROW,
};

/// imgix's table of limits. <https://docs.imgix.com/references/api-rate-limits>
static RATES: &[Rate] = &[
    Rate { class: "default", requests: 4, per_ms: 1_000 },
    Rate { class: "sources.create", requests: 60, per_ms: 3_600_000 },
    Rate { class: "sources.update", requests: 60, per_ms: 3_600_000 },
    Rate { class: "assets.get", requests: 10, per_ms: 1_000 },
    Rate { class: "assets.refresh", requests: 10, per_ms: 60_000 },
    Rate { class: "assets.upload", requests: 2, per_ms: 1_000 },
    Rate { class: "purge", requests: 10, per_ms: 1_000 },
];

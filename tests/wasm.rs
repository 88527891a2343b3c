//! The boundary to JavaScript, in Node.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

#[path = "wasm/core.rs"]
mod core;
#[path = "wasm/transport.rs"]
mod transport;

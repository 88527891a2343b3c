//! The boundary to JavaScript, in a headless browser: the same tests as in Node.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "wasm/core.rs"]
mod core;
#[path = "wasm/transport.rs"]
mod transport;

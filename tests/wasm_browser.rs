//! The boundary to JavaScript, in a headless browser: the same tests as in Node.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking, as tests do")]

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "wasm/client.rs"]
mod client;
#[path = "wasm/clock.rs"]
mod clock;
#[path = "wasm/fetch.rs"]
mod fetch;
#[path = "wasm/support.rs"]
mod support;

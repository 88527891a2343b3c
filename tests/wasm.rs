//! The boundary to JavaScript, in Node.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "wasm/client.rs"]
mod client;
#[path = "wasm/clock.rs"]
mod clock;
#[path = "wasm/fetch.rs"]
mod fetch;
#[path = "wasm/support.rs"]
mod support;

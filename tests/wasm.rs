//! The boundary to JavaScript, in Node.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "wasm/boundary.rs"]
mod boundary;

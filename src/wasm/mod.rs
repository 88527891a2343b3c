//! The only place that knows JavaScript.
//!
//! The same crate is compiled twice: with the feature `client` to the module that every program loads, with the
//! feature `sandbox` to a module of its own, so that the sandbox never adds to the client. The feature `fetch` is for Rust
//! programs that run as WebAssembly and bring their own `main`.

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "fetch")]
mod clock;
#[cfg(feature = "fetch")]
mod fetch;
#[cfg(feature = "client")]
mod out;
#[cfg(feature = "sandbox")]
pub mod sandbox;

#[cfg(feature = "fetch")]
pub use clock::PlatformClock;
#[cfg(feature = "fetch")]
pub use fetch::Fetch;

/// Smaller than the default allocator by four kilobytes.
#[cfg(any(feature = "client", feature = "sandbox"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

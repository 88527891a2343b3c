//! The only place that knows JavaScript.
//!
//! The same crate is compiled twice: with the feature `client` to the module that every program loads, with the
//! feature `sandbox` to a module of its own, so that the sandbox never adds to the client.

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
mod out;
#[cfg(feature = "sandbox")]
pub mod sandbox;

/// Smaller than the default allocator by four kilobytes.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

//! The only place that knows JavaScript.
//!
//! For the npm package the same crate is compiled several times: with the feature `client` to the module that every program
//! loads, with `tools`, `plan` and `sandbox` to modules of their own, so that none of them adds to a program that does not
//! use it. None of them holds anything of the platform.
//!
//! For Rust programs that run as wasm, in a page or a Worker, there is the feature `fetch`: `Fetch` and
//! `PlatformClock` let the engine's `Driver` do calls there. Such a program wants nothing else of this module:
//!
//! ```toml
//! image-sources = { version = "0.1", default-features = false, features = ["fetch"] }
//! ```

#[cfg(feature = "client")]
mod accounts;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "fetch")]
mod clock;
#[cfg(feature = "fetch")]
mod fetch;
#[cfg(any(feature = "client", feature = "tools", feature = "plan"))]
mod out;
#[cfg(feature = "plan")]
pub mod plan;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "client")]
mod told;
#[cfg(feature = "tools")]
pub mod tools;

#[cfg(feature = "fetch")]
pub use clock::PlatformClock;
#[cfg(feature = "fetch")]
pub use fetch::Fetch;

/// Smaller than the default allocator by four kilobytes. A Rust program chooses its own.
#[cfg(all(any(feature = "client", feature = "sandbox", feature = "tools", feature = "plan"), not(feature = "fetch")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

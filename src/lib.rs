//! One client core for the management APIs of image CDNs: the imgix Management API and the ImageBoss Sources API.
//!
//! In scope: describing what the APIs take and give, checking input before it is sent, building requests, reading answers
//! and errors, and driving a call over any transport and clock. Out of scope: sockets, clocks, chance and logging, which are
//! the caller's, and delivering or transforming images.
//!
//! # Example
//!
//! A call is prepared, sent with any HTTP client, and its answer read.
//!
//! ```
//! use image_sources::proto::call::Config;
//! use image_sources::proto::http::Response;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let imgix = image_sources::provider("imgix").ok_or("no such provider")?;
//!     let client = Config::new(imgix, br#"{"apiKey":"ak_example"}"#)?;
//!
//!     // Parameters, input and options are JSON. All of it is checked here.
//!     let get = imgix.operation("sources.get").ok_or("no such operation")?;
//!     let prepared = client.prepare(get, &[br#""60b1c2d3e4f5061728394a01""#], b"null", b"null", None)?;
//!     let request = client.request(&prepared);
//!     assert_eq!(request.method, "GET");
//!     assert_eq!(request.url, "https://api.imgix.com/api/v1/sources/60b1c2d3e4f5061728394a01");
//!     assert_eq!(request.header("authorization"), Some("Bearer ak_example"));
//!
//!     // What an HTTP client would have brought back:
//!     let body = br#"{"data":{"attributes":{"name":"Shop"},"id":"60b1c2d3e4f5061728394a01","type":"sources"}}"#;
//!     let response = Response { status: 200, body: body.to_vec(), ..Response::default() };
//!
//!     let source = client.read(&prepared, &response, false)?;
//!     let flat = br#"{"name":"Shop","id":"60b1c2d3e4f5061728394a01","type":"sources"}"#;
//!     assert_eq!(source.json.as_deref(), Some(&flat[..]));
//!     Ok(())
//! }
//! ```
//!
//! [`Driver`](engine::Driver) does these steps for a transport and a clock, with the read that a merging update needs, and with
//! timeout, deadline and abort.
//!
//! # Modules
//!
//! * [`schema`]: tables of fields, and the checker that holds JSON bytes against them.
//! * [`proto`]: HTTP as data; operations and providers as descriptions; `prepare` and `read`; errors and secrets.
//! * [`storage`]: rules per kind of storage, used by all providers.
//! * [`imgix`], [`imageboss`]: the providers.
//! * [`plan`]: what a document of sources wants, held against what is live.
//! * [`engine`]: doing a call, generic over transport and clock.
//! * `sandbox`: the offline imitation of both APIs (feature `sandbox`).
//! * `wasm`: the boundary to JavaScript (on `wasm32` only).

// The module of the npm package is compiled for size; what walks every byte of an answer is not.
#![cfg_attr(npm_module, feature(optimize_attribute))]

pub mod engine;
pub mod imageboss;
pub mod imgix;
#[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
pub mod plan;
pub mod proto;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod schema;
pub mod storage;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

use proto::operation::Provider;

/// Every provider. Adding one is a folder and a line here.
pub static PROVIDERS: &[&Provider] = &[&imgix::IMGIX, &imageboss::IMAGEBOSS];

/// The provider called `name`.
pub fn provider(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().copied().find(|provider| provider.name == name)
}

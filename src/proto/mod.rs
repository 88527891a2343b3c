//! HTTP as data; operations and providers as descriptions; `prepare` and `read`, written once for all of them.
//!
//! This layer knows no provider, no JavaScript and no clock.

pub mod call;
mod edit;
pub mod error;
pub mod http;
pub mod operation;
pub mod options;
pub mod read;
mod retry_after;
pub mod secret;
pub mod url;
pub mod wire;

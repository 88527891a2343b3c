//! HTTP as data; operations and providers as descriptions; `prepare` and `read`, written once for all of them.
//!
//! This layer knows no provider, no JavaScript and no clock.

mod add;
pub mod call;
pub(crate) mod date;
pub(crate) mod edit;
pub mod error;
pub mod http;
pub mod operation;
pub mod options;
pub mod read;
pub(crate) mod refusal;
pub(crate) mod retry_after;
pub mod secret;
pub mod sign;
pub mod url;
pub mod wire;

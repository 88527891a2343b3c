//! Doing operations: waits, limits, retries and deadlines, generic over transport and clock.
//!
//! [`Call`] is the machine that decides; [`Driver`] runs it over a [`Transport`] and a [`Clock`]; those of the platform,
//! for Rust programs that run as wasm, come with the feature `fetch`. The JavaScript package runs the same machine over
//! `fetch` and timers in TypeScript, and its module holds no driver.

mod call;
#[cfg(not(all(target_arch = "wasm32", any(feature = "client", feature = "tools"), not(feature = "fetch"))))]
mod drive;
mod event;
mod limits;

pub use call::{BODY_LIMIT, Call, Failure, News, Step, World};
#[cfg(not(all(target_arch = "wasm32", any(feature = "client", feature = "tools"), not(feature = "fetch"))))]
pub use drive::{Clock, Driver, Stage, Stopped, Transport};
pub use event::{End, Event, Listener};
pub use limits::{Limits, Shared, Ticket};

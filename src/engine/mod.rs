//! Doing operations: waits, limits, retries and deadlines, generic over transport and clock.
//!
//! [`Call`] is the machine that decides; [`Driver`] runs it over a [`Transport`] and a [`Clock`]. The JavaScript package runs
//! the same machine over the platform's `fetch` and timers.

mod call;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
mod drive;
mod event;
mod limits;

pub use call::{BODY_LIMIT, Call, Failure, News, Step, World};
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
pub use drive::{Clock, Driver, Stage, Stopped, Transport};
pub use event::{End, Event, Listener};
pub use limits::{Limits, Ticket};

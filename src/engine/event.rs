//! What a listener is told while a call runs.

use crate::proto::error::Outcome;
use crate::schema::{Drift, Problem};

/// One event (`ClientEvent` in TypeScript).
#[derive(Debug)]
pub enum Event<'a> {
    /// A request leaves.
    Request {
        /// Counted from 1.
        attempt: u32,
        /// Upper-case method.
        method: &'a str,
        /// The address, without what is secret in it.
        url: &'a str,
    },
    /// An answer came.
    Response {
        /// Counted from 1.
        attempt: u32,
        /// Its status.
        status: u16,
        /// Milliseconds since the request left.
        ms: f64,
        /// The id that the provider's support can look up.
        request_id: Option<&'a str>,
    },
    /// The next request of this class may leave only later.
    Wait {
        /// The class.
        rate_class: &'static str,
        /// Milliseconds until then.
        ms: f64,
    },
    /// The request failed and is sent again.
    Retry {
        /// The attempt that failed, counted from 1.
        attempt: u32,
        /// Milliseconds until it is sent again; a wait for a slot may follow.
        after_ms: f64,
        /// The status, or `network` or `timeout`.
        because: &'a str,
    },
    /// The provider refused: nothing of this class may leave for a while. For limiters that count outside; not told to listeners.
    Closed {
        /// The class.
        rate_class: &'static str,
        /// Milliseconds.
        ms: f64,
    },
    /// The input was sent although something about it is suspicious.
    Warning {
        /// What is suspicious.
        problems: &'a [Problem],
    },
    /// A value does not have the declared kind.
    Drift(&'a Drift),
    /// The call has ended.
    End {
        /// How.
        end: End,
        /// May an aborted or failed write have happened?
        may_have_happened: bool,
        /// How often the operation's own request was tried.
        attempts: u32,
        /// Milliseconds since the call began.
        ms: f64,
    },
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It succeeded.
    Ok,
    /// It failed.
    Failed,
    /// The caller ended it.
    Aborted,
}

impl End {
    /// The name JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Aborted => "aborted",
        }
    }
}

/// Somebody who may listen.
pub trait Listener {
    /// Is anybody there? Without a listener, what only it would see need not be found out.
    fn listening(&self) -> bool;

    /// Tells the listener. Nothing a listener does may change the call.
    fn tell(&mut self, event: &Event<'_>);
}

/// Nobody.
impl Listener for () {
    fn listening(&self) -> bool {
        false
    }

    fn tell(&mut self, _: &Event<'_>) {}
}

/// May a write have happened that ended like this?
pub(super) fn may_have_happened(outcome: Outcome) -> bool {
    outcome == Outcome::Unknown
}

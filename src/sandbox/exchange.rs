//! What comes in and what goes out.

use core::fmt;

use crate::proto::http::{Header, Response};

/// A request as it arrives. Unlike [`crate::proto::http::Request`] it can hold any method: what is sent may be wrong.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Incoming {
    /// The method; methods are compared exactly, as HTTP has it.
    pub method: String,
    /// The absolute address, or a path with its query.
    pub url: String,
    /// Headers; names in any case.
    pub headers: Vec<Header>,
    /// The body's bytes; none and empty are the same.
    pub body: Vec<u8>,
}

impl Incoming {
    /// A request without headers or body.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self { method: method.into(), url: url.into(), ..Self::default() }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same request with this body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// The answer, and how it travels.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// The whole answer.
    pub response: Response,
    /// How long to wait before the answer begins, in milliseconds.
    pub delay_ms: u32,
    /// The connection breaks after so many bytes of the body.
    pub cut_after: Option<usize>,
    /// No answer at all: the connection breaks before the first byte.
    pub reset: bool,
    /// No answer at all, and nobody says so.
    pub hang: bool,
}

// Headers hold keys and bodies hold cloud secrets, so neither is ever printed.
impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("method", &self.method).finish_non_exhaustive()
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("response", &self.response)
            .field("delay_ms", &self.delay_ms)
            .field("cut_after", &self.cut_after)
            .field("reset", &self.reset)
            .field("hang", &self.hang)
            .finish()
    }
}

//! HTTP as data: what is sent and what came back, without a socket in sight.

/// An HTTP request as data.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Upper-case method, such as `PATCH`.
    pub method: &'static str,
    /// The absolute address.
    pub url: String,
    /// Headers in the order they are sent; names in lower case.
    pub headers: Vec<Header>,
    /// The body's bytes, if the request has one.
    pub body: Option<Vec<u8>>,
    /// Are bytes of the caller's the body, which only whoever sends the request has?
    pub bytes: bool,
    /// Does it go to the provider or its gateway? An address that is given is no place for a token or credentials.
    pub own: bool,
}

/// One header: its name in lower case, and its value.
pub type Header = (String, String);

/// An HTTP answer as data.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The status, 100 to 599.
    pub status: u16,
    /// Headers in the order they came; names in any case.
    pub headers: Vec<Header>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of the header `name` (any case), if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

impl Response {
    /// The value of the header `name` (any case), if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

// Headers hold keys and bodies hold cloud secrets, so neither is ever printed.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}

impl core::fmt::Debug for Response {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

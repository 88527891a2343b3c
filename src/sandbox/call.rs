//! One request after routing, and what a provider may use to answer it.

use super::limits::Limits;
use super::options::Options;
use super::random::Random;
use crate::proto::http::Header;

/// A routed request.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    /// The method as it was sent.
    pub(super) method: &'a str,
    /// The decoded segments after the provider's base address.
    pub(super) segments: &'a [String],
    /// The decoded pairs of the query.
    pub(super) query: &'a [(String, String)],
    /// The headers.
    pub(super) headers: &'a [Header],
    /// The body's bytes.
    pub(super) body: &'a [u8],
    /// Milliseconds since 1970.
    pub(super) now: u64,
    /// Where addresses begin that are handed out.
    pub(super) origin: &'a str,
}

impl Call<'_> {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The media type of the body: lower case, without parameters.
    pub(super) fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or("");
        value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
    }
}

/// What both providers share.
pub(super) struct Desk<'a> {
    /// How the sandbox was set up.
    pub(super) options: &'a Options,
    /// Where ids and tokens come from.
    pub(super) random: &'a mut Random,
    /// Who has called how often.
    pub(super) limits: &'a mut Limits,
}

impl Desk<'_> {
    /// Lets a call through and counts it, or tells how many milliseconds to wait.
    pub(super) fn admit(&mut self, class: &'static str, key: &str, now: u64) -> Result<(), u64> {
        let Some(limit) = self.options.limits.get(class) else { return Ok(()) };
        self.limits.admit((class, key), *limit, self.options.rate_limits, now)
    }

    /// What `Retry-After` says to somebody who must wait so long.
    pub(super) fn hint(&self, wait_ms: u64, now: u64) -> Option<String> {
        self.options.retry_after.value(wait_ms, now)
    }
}

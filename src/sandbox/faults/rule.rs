//! One rule: which requests it hits, and with what.

use serde_json::Value;

use super::{Asked, Mistakes, Provider, Random, Settings};
use crate::sandbox::operations::is_operation;
use crate::sandbox::retry_after::RetryAfter;

/// What happens to a request that is hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) enum Kind {
    Html(u16),
    Status(u16),
    Redirect(u16, String),
    Reset,
    Hang,
    Truncate(usize),
    Empty,
    NotJson,
    InvalidUtf8,
    RepeatedCursor,
    Drift,
    Slow,
}

impl Kind {
    /// Is the right answer needed, as it is then changed?
    fn alters(&self) -> bool {
        !matches!(self, Self::Html(_) | Self::Status(_) | Self::Redirect(..) | Self::Reset | Self::Hang)
    }
}

/// A rule and how often it has matched and hit.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Rule {
    pub(in crate::sandbox) kind: Kind,
    pub(in crate::sandbox) delay_ms: u32,
    pub(in crate::sandbox) retry_after: Option<RetryAfter>,
    pub(in crate::sandbox) applied: bool,
    provider: Option<Provider>,
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
    times: Option<u64>,
    every: Option<u64>,
    probability: Option<f64>,
    matched: u64,
    /// How often it has hit, this time included.
    pub(in crate::sandbox) hit: u64,
}

impl Rule {
    pub(super) fn read(place: &str, value: &Value) -> Result<Self, Mistakes> {
        let mut from = Settings::new(place, value);
        let status = from.whole("status", 200, 599).and_then(|status| u16::try_from(status).ok());
        let (bytes, location) = (from.size("bytes", u32::MAX), from.text("location"));
        let kind = match from.text("kind") {
            Some("429") => Kind::Status(429),
            Some("500-html") => Kind::Html(500),
            Some("502-html") => Kind::Html(502),
            Some("503") => Kind::Status(503),
            Some("status") => {
                if status.is_none() {
                    from.wrong(format!("{} needs a status from 200 to 599", from.path("kind")));
                }
                Kind::Status(status.unwrap_or(500))
            }
            Some("redirect") => {
                let location = location.unwrap_or("https://elsewhere.example/").to_owned();
                Kind::Redirect(status.unwrap_or(302), location)
            }
            Some("reset") => Kind::Reset,
            Some("hang") => Kind::Hang,
            Some("truncate") => Kind::Truncate(bytes.unwrap_or(40)),
            Some("empty") => Kind::Empty,
            Some("not-json") => Kind::NotJson,
            Some("invalid-utf8") => Kind::InvalidUtf8,
            Some("repeated-cursor") => Kind::RepeatedCursor,
            Some("drift") => Kind::Drift,
            Some("slow") => Kind::Slow,
            Some(other) => {
                from.wrong(format!("{} `{other}` is unknown", from.path("kind")));
                Kind::Slow
            }
            None => {
                from.wrong(format!("{} is required", from.path("kind")));
                Kind::Slow
            }
        };
        let operation = from.text("operation").map(str::to_owned);
        if let Some(name) = operation.as_deref().filter(|name| !is_operation(name)) {
            from.wrong(format!("{} `{name}` is unknown", from.path("operation")));
        }
        let rule = Self {
            applied: from.flag("applied").unwrap_or(false) || kind.alters(),
            kind,
            operation,
            delay_ms: from.whole("delayMs", 0, 3_600_000).and_then(|ms| u32::try_from(ms).ok()).unwrap_or(0),
            retry_after: RetryAfter::read(&mut from),
            provider: from.provider("provider"),
            method: from.text("method").map(str::to_ascii_uppercase),
            path: from.text("path").map(str::to_owned),
            times: from.whole("times", 0, u64::MAX),
            every: from.whole("every", 1, u64::MAX),
            probability: from.fraction("probability"),
            matched: 0,
            hit: 0,
        };
        let mistakes = from.finish();
        if mistakes.is_empty() { Ok(rule) } else { Err(Mistakes(mistakes)) }
    }

    /// Does it hit this request? Counts it if so.
    pub(super) fn hits(&mut self, asked: &Asked<'_>, random: &mut Random) -> bool {
        let matches = self.provider.is_none_or(|only| only == asked.provider)
            && self.operation.as_deref().is_none_or(|only| Some(only) == asked.operation)
            && self.method.as_deref().is_none_or(|only| only == asked.method)
            && self.path.as_deref().is_none_or(|part| asked.path.contains(part))
            && self.times.is_none_or(|times| self.hit < times);
        if !matches {
            return false;
        }
        self.matched = self.matched.saturating_add(1);
        let hits = self.every.is_none_or(|every| self.matched.checked_rem(every) == Some(0))
            && self.probability.is_none_or(|probability| random.fraction() < probability);
        self.hit = self.hit.saturating_add(u64::from(hits));
        hits
    }
}

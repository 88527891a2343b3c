//! What goes wrong on purpose: which requests are hit. What happens to them is said in `faults/effect.rs`.
//!
//! As JSON:
//!
//! ```json
//! {
//!   "latencyMs": 0,
//!   "rules": [
//!     { "kind": "429", "operation": "purge", "times": 2, "retryAfter": { "inSeconds": 3 } },
//!     { "kind": "429", "provider": "imgix", "method": "POST", "path": "/sources", "retryAfter": "hostile" },
//!     { "kind": "reset", "every": 3, "applied": true },
//!     { "kind": "status", "status": 418, "probability": 0.1 }
//!   ]
//! }
//! ```
//!
//! `operation` is a name such as `sources.list`, `assets.upload`, `uploadSessions.create`, `purge`, `storage.put`, `images.get`
//! or `files.get` (see `operations.rs`); `path` is looked for anywhere in the path and query. A rule hits every request it
//! matches, or every n-th of them (`every`), or each with a `probability` (drawn from the sandbox's own generator), and at most
//! `times` times. The first rule that hits wins. `delayMs` is added to the latency. `applied` says whether the request takes
//! effect first, as when an answer is lost on its way back.
//!
//! `retryAfter` is text or a number that becomes the header as it is, or `{ "inSeconds": 3 }` for a date, or a list of these
//! that is gone through from hit to hit; `hostile` stands for a list of values that no client should follow.
//!
//! | kind | what happens | `applied` unless said |
//! |---|---|---|
//! | `429` | too many requests, with `retryAfter` if given | false |
//! | `500-html`, `502-html` | an HTML page, as front ends send it | false |
//! | `503` | in the provider's own style; with `retryAfter` if given | false |
//! | `status` | any `status` from 200 to 599, in the provider's own style; with `retryAfter` if given | false |
//! | `redirect` | `status` (default 302) to `location` (default: another host) | false |
//! | `reset` | the connection breaks before the answer | false |
//! | `hang` | no answer ever comes | false |
//! | `truncate` | the connection breaks after `bytes` bytes of the body (default 40) | always |
//! | `empty` | the right status without a body | always |
//! | `not-json` | the right status with a body that is no JSON | always |
//! | `invalid-utf8` | the right answer with bytes in a text that are no UTF-8 | always |
//! | `repeated-cursor` | a page of a list says that it comes after itself | always |
//! | `drift` | attributes of another type, unknown attributes, unknown values | always |
//! | `slow` | nothing but `delayMs` | always |

mod drift;
mod effect;
mod rule;

use serde_json::Value;

use super::provider::Provider;
use super::random::Random;
use super::settings::{Mistakes, Settings, parse};
pub(super) use effect::{alter, instead};
pub(super) use rule::Rule;

/// What a rule may look at.
pub(super) struct Asked<'a> {
    pub(super) provider: Provider,
    pub(super) operation: Option<&'static str>,
    pub(super) method: &'a str,
    pub(super) path: &'a str,
}

/// What goes wrong on purpose.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    latency_ms: u32,
    rules: Vec<Rule>,
}

impl Faults {
    /// Reads faults from JSON; an empty object is none.
    ///
    /// # Errors
    /// Everything that is wrong, at once; unknown names are.
    pub fn from_json(json: &str) -> Result<Self, Mistakes> {
        Self::from_value(&parse(json)?)
    }

    /// Reads faults from a JSON value.
    ///
    /// # Errors
    /// As [`Faults::from_json`].
    pub fn from_value(value: &Value) -> Result<Self, Mistakes> {
        Self::read("", value)
    }

    pub(super) fn read(place: &str, value: &Value) -> Result<Self, Mistakes> {
        let mut from = Settings::new(place, value);
        let latency_ms = from.whole("latencyMs", 0, 3_600_000).and_then(|ms| u32::try_from(ms).ok()).unwrap_or(0);
        let mut rules = Vec::new();
        for (index, rule) in from.list("rules").unwrap_or_default().iter().enumerate() {
            let place = from.path(&format!("rules.{index}"));
            match Rule::read(&place, rule) {
                Ok(rule) => rules.push(rule),
                Err(Mistakes(mistakes)) => mistakes.into_iter().for_each(|mistake| from.wrong(mistake)),
            }
        }
        let mistakes = from.finish();
        if mistakes.is_empty() { Ok(Self { latency_ms, rules }) } else { Err(Mistakes(mistakes)) }
    }

    /// The latency of every answer.
    pub(super) fn latency_ms(&self) -> u32 {
        self.latency_ms
    }

    /// The rule that hits this request, if one does.
    pub(super) fn pick(&mut self, asked: &Asked<'_>, random: &mut Random) -> Option<Rule> {
        self.rules.iter_mut().find_map(|rule| rule.hits(asked, random).then(|| rule.clone()))
    }
}

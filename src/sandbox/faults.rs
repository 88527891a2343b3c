//! What goes wrong on purpose: which requests are hit. What happens to them is said in `faults/effect.rs`.
//!
//! As JSON:
//!
//! ```json
//! {
//!   "latencyMs": 0,
//!   "rules": [
//!     { "kind": "429", "provider": "imgix", "method": "POST", "path": "/sources", "times": 2, "retryAfter": "3" },
//!     { "kind": "reset", "every": 3, "applied": true },
//!     { "kind": "status", "status": 418, "probability": 0.1 }
//!   ]
//! }
//! ```
//!
//! `path` is looked for anywhere in the path and query. A rule hits every request it matches, or every n-th of them
//! (`every`), or each with a `probability`, and at most `times` times. The first rule that hits wins. `delayMs` is added to
//! the latency. `applied` says whether the request takes effect first, as when an answer is lost on its way back.
//!
//! | kind | what happens | `applied` unless said |
//! |---|---|---|
//! | `429` | too many requests; `retryAfter` (text or number) becomes the header as it is | false |
//! | `500-html`, `502-html` | an HTML page, as front ends send it | false |
//! | `503` | in the provider's own style; with `retryAfter` if given | false |
//! | `status` | any `status` from 200 to 599, in the provider's own style | false |
//! | `redirect` | 302 to `location` (default: another host) | false |
//! | `reset` | the connection breaks before the answer | false |
//! | `truncate` | the connection breaks after `bytes` bytes of the body (default 40) | always |
//! | `empty` | the right status without a body | always |
//! | `not-json` | the right status with a body that is no JSON | always |
//! | `drift` | an attribute of another type, an unknown attribute, an unknown type of storage | always |
//! | `slow` | nothing but `delayMs` | always |

mod effect;
mod rule;

use serde_json::Value;

use super::provider::Provider;
use super::random::Random;
use super::settings::{Mistakes, Settings, parse};
pub(super) use effect::{alter, instead};
pub(super) use rule::Rule;

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
        Self::read("", &parse(json)?)
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
    pub(super) fn pick(&mut self, provider: Provider, method: &str, path: &str, random: &mut Random) -> Option<Rule> {
        self.rules.iter_mut().find_map(|rule| rule.hits(provider, method, path, random).then(|| rule.clone()))
    }
}

//! The header `Retry-After`: as it should be, and as no client should believe it.

use serde_json::Value;

use super::settings::Settings;
use super::time::http_date;

/// How the answer to a call over a limit says how long to wait. Nothing of the kind was ever seen of the real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hint {
    /// Not at all.
    #[default]
    None,
    /// In whole seconds, rounded up.
    Seconds,
    /// As a date, rounded up to the second.
    Date,
}

impl Hint {
    pub(super) fn read(from: &mut Settings<'_>) -> Option<Self> {
        match from.text("retryAfter")? {
            "none" => Some(Self::None),
            "seconds" => Some(Self::Seconds),
            "date" => Some(Self::Date),
            _ => {
                from.wrong("retryAfter must be `none`, `seconds` or `date`".to_owned());
                None
            }
        }
    }

    /// The header's value for somebody who must wait so long.
    pub(super) fn value(self, wait_ms: u64, now: u64) -> Option<String> {
        match self {
            Self::None => None,
            Self::Seconds => Some(wait_ms.div_ceil(1000).to_string()),
            Self::Date => Some(http_date(now.saturating_add(wait_ms).div_ceil(1000).saturating_mul(1000))),
        }
    }
}

/// What no client should follow: never, at once for ever, nonsense.
const HOSTILE: [&str; 16] = [
    "3000000",
    "-1",
    "0",
    "1e999",
    "NaN",
    "Infinity",
    "0x10",
    " 5 ",
    "2147483648",
    "99999999999999999999",
    "1.5",
    "",
    "soon",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "1, 2",
];

/// The value a rule puts there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RetryAfter {
    /// Exactly this.
    Raw(String),
    /// The date so many seconds from now.
    In(u64),
    /// One after the other, from the beginning again after the last.
    Each(Vec<RetryAfter>),
}

impl RetryAfter {
    /// Text or a number as they are, `{ "inSeconds": 3 }` for a date, a list of these; `hostile` is a list of its own.
    pub(super) fn read(from: &mut Settings<'_>) -> Option<Self> {
        let value = from.value("retryAfter")?;
        let read = Self::of(value);
        if read.is_none() {
            let place = from.path("retryAfter");
            from.wrong(format!("{place} must be text, a number, `{{ \"inSeconds\": 3 }}` or a list of these"));
        }
        read
    }

    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) if text == "hostile" => {
                Some(Self::Each(HOSTILE.iter().map(|text| Self::Raw((*text).to_owned())).collect()))
            }
            Value::String(text) => Some(Self::Raw(text.clone())),
            Value::Number(number) => Some(Self::Raw(number.to_string())),
            Value::Object(map) if map.len() == 1 => Some(Self::In(map.get("inSeconds")?.as_u64()?)),
            Value::Array(list) if !list.is_empty() => {
                Some(Self::Each(list.iter().map(Self::of).collect::<Option<_>>()?))
            }
            _ => None,
        }
    }

    /// The header's value the `turn`-th time (from zero).
    pub(super) fn value(&self, turn: u64, now: u64) -> String {
        match self {
            Self::Raw(text) => text.clone(),
            Self::In(seconds) => http_date(now.saturating_add(seconds.saturating_mul(1000))),
            Self::Each(list) => {
                let length = u64::try_from(list.len()).unwrap_or(1);
                let index = turn.checked_rem(length).and_then(|index| usize::try_from(index).ok());
                index
                    .and_then(|index| list.get(index))
                    .map_or_else(String::new, |one| one.value(turn / length.max(1), now))
            }
        }
    }
}

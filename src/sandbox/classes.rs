//! The classes in which calls are counted, and their limits.

use std::collections::BTreeMap;

use serde_json::Value;

use super::limits::{Counting, Limit};
use super::options::DAY;
use super::settings::Settings;

/// What imgix documents: requests in milliseconds. ImageBoss documents nothing.
const CLASSES: [(&str, Option<(u32, u64)>); 9] = [
    ("imgix.default", Some((4, 1000))),
    ("imgix.sources.create", Some((60, 3_600_000))),
    ("imgix.sources.update", Some((60, 3_600_000))),
    ("imgix.assets.get", Some((10, 1000))),
    ("imgix.assets.refresh", Some((10, 60_000))),
    ("imgix.assets.upload", Some((2, 1000))),
    ("imgix.purge", Some((10, 1000))),
    ("imageboss", None),
    ("imageboss.purge", None),
];

/// The limits that are documented.
pub(super) fn documented() -> BTreeMap<String, Limit> {
    let limit = |(class, limit): (&str, Option<(u32, u64)>)| {
        limit.map(|(requests, per_ms)| (class.to_owned(), Limit { requests, per_ms }))
    };
    CLASSES.into_iter().filter_map(limit).collect()
}

/// Reads `limits`: what is named there replaces what is documented.
pub(super) fn read(outer: &mut Settings<'_>, value: &Value, limits: &mut BTreeMap<String, Limit>) {
    let mut from = Settings::new("limits", value);
    for (class, _) in CLASSES {
        let Some(limit) = from.value(class) else { continue };
        let mut inner = Settings::new(&format!("limits.{class}"), limit);
        match (inner.whole("requests", 0, u64::from(u32::MAX)), inner.whole("perMs", 1, DAY)) {
            (Some(requests), Some(per_ms)) => {
                let requests = u32::try_from(requests).unwrap_or(u32::MAX);
                limits.insert(class.to_owned(), Limit { requests, per_ms });
            }
            _ => inner.wrong(format!("limits.{class} needs `requests` and `perMs`")),
        }
        inner.finish().into_iter().for_each(|mistake| from.wrong(mistake));
    }
    from.finish().into_iter().for_each(|mistake| outer.wrong(mistake));
}

/// Reads `rateLimits`: `false`, `true` (which is what `window` says, or else `sliding`) or the name of a way of counting.
pub(super) fn read_counting(from: &mut Settings<'_>) -> Option<Counting> {
    let window = match from.text("window") {
        Some("fixed") => Counting::Fixed,
        Some("sliding") | None => Counting::Sliding,
        Some(_) => {
            from.wrong("window must be `sliding` or `fixed`".to_owned());
            Counting::Sliding
        }
    };
    let counting = match from.value("rateLimits")? {
        Value::Bool(false) => Some(Counting::Off),
        Value::Bool(true) => Some(window),
        value => match value.as_str() {
            Some("off") => Some(Counting::Off),
            Some("fixed") => Some(Counting::Fixed),
            Some("sliding") => Some(Counting::Sliding),
            Some("token-bucket") => Some(Counting::TokenBucket),
            _ => None,
        },
    };
    if counting.is_none() {
        from.wrong("rateLimits must be true, false, `off`, `fixed`, `sliding` or `token-bucket`".to_owned());
    }
    counting
}

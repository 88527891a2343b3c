//! Is a source fit to be kept? The sentences of a 422, in the order of the documented sample: credentials first.

use serde_json::{Map, Value};

use super::credentials::of_type;
use super::source::State;

/// Names that other customers have: all share one host.
const FOREIGN: [&str; 5] = ["demo", "images", "assets", "mywebsite", "taken"];

/// A source that is about to be kept.
pub(super) struct Draft<'a> {
    /// The id of the source it replaces.
    pub(super) id: Option<&'a str>,
    pub(super) name: &'a Value,
    pub(super) source_type: &'a Value,
    pub(super) credentials: &'a Map<String, Value>,
}

/// Everything that is wrong with a draft.
pub(super) fn faults(state: &State, draft: &Draft<'_>) -> Vec<String> {
    let kind = draft.source_type.as_str().and_then(of_type);
    let mut sentences: Vec<String> = kind.map_or_else(Vec::new, |kind| {
        let missing = kind.missing(draft.credentials).into_iter();
        missing.map(|name| format!("Credential {name} is required for {} sources", kind.name)).collect()
    });
    // Values are kept as text. What the real one does with anything else is unknown, so it is refused here.
    let odd = draft.credentials.iter().filter(|(name, value)| !is_fit(name, value));
    sentences.extend(odd.map(|(name, _)| format!("Credential {name} is invalid")));
    if kind.is_none() {
        sentences.push("Source type is not included in the list".to_owned());
    }
    match draft.name.as_str().filter(|name| is_name(name)) {
        None => sentences.push("Source is invalid".to_owned()),
        Some(name) if is_taken(state, draft.id, name) => sentences.push("Source has already been taken".to_owned()),
        Some(_) => {}
    }
    sentences
}

fn is_fit(name: &str, value: &Value) -> bool {
    match (name, value.as_str()) {
        ("require_token", text) => matches!(text, Some("true" | "false")),
        ("service_type", text) => matches!(text, Some("blob" | "file-share")),
        (_, text) => text.is_some(),
    }
}

/// The name is the first segment of every address.
fn is_name(name: &str) -> bool {
    let stray = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '?' | '#');
    !name.is_empty() && name != "." && name != ".." && !name.contains(stray)
}

fn is_taken(state: &State, id: Option<&str>, name: &str) -> bool {
    FOREIGN.contains(&name) || state.all().iter().any(|source| source.name == name && Some(source.id.as_str()) != id)
}

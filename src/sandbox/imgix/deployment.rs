//! A `deployment`: what is sent, what is kept, what is shown.

use serde_json::{Map, Value, json};

use super::check;
use super::fields::{COMMON, Field, Preset, READ_ONLY, TYPES, UPLOADS, of_type};

/// Checks what was sent and gives what is kept: in order, with defaults, secrets included.
///
/// `previous` is what it replaces, if secrets that were left out are to be taken over from there. Everything else that is left
/// out is gone.
pub(super) fn accept(sent: &Value, previous: Option<&Map<String, Value>>) -> Result<Map<String, Value>, Vec<String>> {
    let Some(sent) = sent.as_object() else { return Err(vec!["deployment must be an object.".to_owned()]) };
    let Some(kind) = sent.get("type") else { return Err(vec![missing("type")]) };
    let Some((kind, special)) = kind.as_str().and_then(|kind| Some((kind, of_type(kind)?))) else {
        return Err(vec![format!("deployment.type must be one of {}.", TYPES.join(", "))]);
    };
    let mut problems = strangers(sent, special);
    let previous = previous.filter(|previous| previous.get("type").and_then(Value::as_str) == Some(kind));
    let mut kept = Map::new();
    for field in COMMON {
        keep(field, sent, previous, &mut kept, &mut problems);
    }
    kept.insert("type".to_owned(), kind.into());
    for field in special {
        keep(field, sent, previous, &mut kept, &mut problems);
    }
    if kind == "webproxy" {
        if kept.get("secure_url_enabled") != Some(&Value::Bool(true)) {
            problems.push("deployment.secure_url_enabled must be true for webproxy sources.".to_owned());
        }
        if kept.get("robots.txt").and_then(Value::as_str) == Some("origin") {
            problems.push("deployment.robots.txt cannot be origin for webproxy sources.".to_owned());
        }
    }
    log_in(&kept, &mut problems);
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

/// What is kept of a deployment that is known to be good; for sources that were there from the beginning.
pub(in crate::sandbox) fn stored(deployment: &Value) -> Map<String, Value> {
    accept(deployment, None).unwrap_or_default()
}

/// What is shown of a deployment.
pub(super) fn show(kept: &Map<String, Value>, takes_uploads: bool, disabled: bool) -> Map<String, Value> {
    let kind = kept.get("type").and_then(Value::as_str).unwrap_or_default();
    let secret = |name: &str| of_type(kind).unwrap_or_default().iter().any(|field| field.secret && field.name == name);
    let mut shown = Map::new();
    for (name, value) in kept.iter().filter(|(name, _)| !secret(name)) {
        if name == "type" && UPLOADS.contains(&kind) && !disabled {
            shown.insert("allows_upload".to_owned(), takes_uploads.into());
        }
        shown.insert(name.clone(), value.clone());
    }
    // A web folder without a user was captured without these, a web proxy never.
    if kind == "webproxy" || (kind == "webfolder" && kept.contains_key("username")) {
        shown.insert("password_set".to_owned(), kept.contains_key("password").into());
        shown.insert("request_handshake_set".to_owned(), false.into());
        shown.insert("request_signing_key_set".to_owned(), false.into());
    }
    shown
}

fn keep(
    field: &Field,
    sent: &Map<String, Value>,
    previous: Option<&Map<String, Value>>,
    kept: &mut Map<String, Value>,
    problems: &mut Vec<String>,
) {
    if let Some(value) = sent.get(field.name) {
        if let Some(fault) = check::fault(field.kind, value) {
            problems.push(format!("deployment.{} {fault}.", field.name));
        }
        kept.insert(field.name.to_owned(), value.clone());
        return;
    }
    // A password without its user name is of no use, so it goes with it.
    let goes = field.name == "password" && !sent.contains_key("username");
    if let Some(value) = previous.and_then(|previous| previous.get(field.name)).filter(|_| field.secret && !goes) {
        kept.insert(field.name.to_owned(), value.clone());
        return;
    }
    let value = match field.preset {
        Preset::Required => {
            problems.push(missing(field.name));
            return;
        }
        Preset::Absent => return,
        Preset::Null => Value::Null,
        Preset::False => false.into(),
        Preset::Text(text) => text.into(),
        Preset::Number(number) => number.into(),
        Preset::EmptyList => json!([]),
        Preset::EmptyMap => json!({}),
    };
    kept.insert(field.name.to_owned(), value);
}

fn missing(name: &str) -> String {
    format!("Missing required attribute: deployment.{name}.")
}

fn strangers(sent: &Map<String, Value>, special: &[Field]) -> Vec<String> {
    let known = |name: &str| name == "type" || COMMON.iter().chain(special).any(|field| field.name == name);
    let strange = sent.keys().filter(|name| !known(name));
    strange
        .map(|name| {
            let kind = if READ_ONLY.contains(&name.as_str()) { "Read-only" } else { "Unknown" };
            format!("{kind} attribute: deployment.{name}.")
        })
        .collect()
}

fn log_in(kept: &Map<String, Value>, problems: &mut Vec<String>) {
    if kept.contains_key("username") != kept.contains_key("password") {
        problems.push("deployment.username and deployment.password must be given together.".to_owned());
    }
    for name in ["username", "password"] {
        if kept.get(name).and_then(Value::as_str).is_some_and(|value| value.contains(':')) {
            problems.push(format!("deployment.{name} cannot contain a colon."));
        }
    }
}

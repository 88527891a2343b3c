//! Creating and changing sources.

use serde_json::{Map, Value};

use super::answers::{failure, invalid, json};
use super::check::{Draft, faults};
use super::source::{Source, State};
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};

/// `POST /v1/sources`
pub(super) fn create(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Response> {
    let sent = unwrap(call)?;
    let mut credentials = sent_credentials(&sent);
    if !credentials.contains_key("require_token") {
        credentials.insert("require_token".to_owned(), "false".into());
    }
    credentials.insert("secret_token".to_owned(), desk.random.hex(64).into());
    let (name, source_type) = (member(&sent, "source"), member(&sent, "source_type"));
    refuse(&faults(state, &Draft { id: None, name, source_type, credentials: &credentials }))?;
    let source = Source {
        id: desk.random.object_id(call.now / 1000),
        name: text(name),
        kind: text(source_type),
        credentials,
        created_at: call.now,
        updated_at: call.now,
    };
    let shown = source.show();
    state.add(source);
    Ok(json(201, &shown))
}

/// `PATCH /v1/sources/:id`: what is left out stays, also inside the credentials.
pub(super) fn update(state: &mut State, id: &str, call: &Call<'_>) -> Result<Response, Response> {
    let old = state.find(id).ok_or_else(|| failure(404))?;
    let sent = unwrap(call)?;
    let mut credentials = old.credentials.clone();
    for (name, value) in sent_credentials(&sent) {
        credentials.insert(name, value);
    }
    let (old_name, old_type) = (Value::from(old.name.as_str()), Value::from(old.kind.as_str()));
    let name = sent.get("source").unwrap_or(&old_name);
    let source_type = sent.get("source_type").unwrap_or(&old_type);
    refuse(&faults(state, &Draft { id: Some(id), name, source_type, credentials: &credentials }))?;
    let source = state.find_mut(id).ok_or_else(|| failure(404))?;
    let changed = source.credentials != credentials || *name != old_name || *source_type != old_type;
    source.name = text(name);
    source.kind = text(source_type);
    source.credentials = credentials;
    if changed {
        source.updated_at = call.now;
    }
    Ok(json(200, &source.show()))
}

/// The wrapper is required and must hold something. Another media type than JSON is not read, so nothing is in it.
fn unwrap(call: &Call<'_>) -> Result<Map<String, Value>, Response> {
    let readable = call.media_type() == "application/json";
    let document: Option<Value> = serde_json::from_slice(call.body).ok().filter(|_| readable);
    match document.as_ref().and_then(|document| document.get("source")) {
        Some(Value::Object(sent)) if !sent.is_empty() => Ok(sent.clone()),
        _ => Err(failure(400)),
    }
}

/// Unknown members of the wrapper are passed over, as Rails does, and so is `secret_token`, which is the server's to make.
/// Attributes that no type is documented to have are kept, for the list is probably not complete.
fn sent_credentials(sent: &Map<String, Value>) -> Map<String, Value> {
    let credentials = sent.get("credential_attributes").and_then(Value::as_object);
    let all = credentials.into_iter().flatten().filter(|(name, _)| *name != "secret_token");
    all.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn refuse(sentences: &[String]) -> Result<(), Response> {
    if sentences.is_empty() { Ok(()) } else { Err(invalid(sentences)) }
}

fn member<'a>(sent: &'a Map<String, Value>, name: &str) -> &'a Value {
    sent.get(name).unwrap_or(&Value::Null)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

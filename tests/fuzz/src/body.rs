//! Any bytes as the body of a 2xx: they are read or refused, and what is read is what was sent.

use image_sources::PROVIDERS;
use image_sources::proto::call::{Config, Prepared};
use image_sources::proto::error::Error;
use image_sources::proto::http::Response;
use image_sources::proto::operation::Answer;
use image_sources::proto::read::Read;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::{clients, sample};

/// One call for each shape of answer.
fn calls() -> Vec<(usize, Prepared)> {
    let names = ["sources.get", "sources.list", "assets.list", "assets.add", "purge", "sources.delete"];
    let mut calls = Vec::new();
    for (place, (provider, config)) in PROVIDERS.iter().zip(clients("")).enumerate() {
        let operations = names.iter().filter_map(|name| provider.operation(name));
        calls.extend(operations.map(|operation| (place, sample(&config, operation))));
    }
    calls
}

thread_local! {
    static CALLS: Vec<(usize, Prepared)> = calls();
    static CLIENTS: [Vec<Config>; 2] = [clients(""), clients(r#","responseCheck":"off""#)];
}

/// Reads `data` as the body of each kind of answer.
pub fn look(data: &[u8]) {
    let response =
        Response { status: 200, headers: vec![("x-request-id".to_owned(), "r-1".to_owned())], body: data.to_vec() };
    let sent: Option<Value> = serde_json::from_slice(data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data)).ok();
    CALLS.with(|calls| {
        for (place, call) in calls {
            let read = |check: usize| CLIENTS.with(|clients| clients[check][*place].read(call, &response, true));
            let checked = read(0);
            judge(call, &response, sent.as_ref(), &checked);
            if let Ok(checked) = checked {
                let unchecked = read(1).expect("checking makes nothing readable");
                assert_eq!(checked.json, unchecked.json, "checking changes nothing");
                assert_eq!(checked.page, unchecked.page, "checking changes nothing");
                assert!(unchecked.drift.is_empty());
            }
        }
    });
}

fn judge(call: &Prepared, response: &Response, sent: Option<&Value>, read: &Result<Read, Error>) {
    let operation = call.operation;
    let imgix = core::ptr::eq(PROVIDERS[0], provider_of(call));
    let read = match read {
        Ok(read) => read,
        Err(error) => {
            assert!(!error.problems.is_empty() && !error.message.is_empty());
            assert_eq!(error.status, Some(response.status));
            assert!(error.body_text.as_ref().is_some_and(|text| text.len() <= 8 * 1024));
            if let Some(expected) = sent.and_then(|sent| expected(operation.answer, imgix, sent)) {
                assert!(error.message.contains("nested too deeply"), "{expected} is refused: {}", error.message);
            }
            return;
        }
    };
    for drift in &read.drift {
        assert!(drift.expected != drift.found, "{drift:?}");
    }
    let Some(flat) = &read.json else {
        return assert!(matches!(operation.answer, Answer::Nothing), "only what answers nothing gives nothing");
    };
    core::str::from_utf8(flat).expect("what is read is text");
    serde_json::from_slice::<IgnoredAny>(flat).expect("what is read is JSON");
    if let Some(next) = &read.page.next {
        assert!(serde_json::from_str::<Value>(next).expect("a page option is JSON").is_object());
    }
    if matches!(operation.answer, Answer::Receipt(_)) {
        return;
    }
    if let Some(sent) = sent {
        let flat: Value = serde_json::from_slice(flat).expect("what was taken from good JSON is good JSON");
        let expected = expected(operation.answer, imgix, sent).expect("what cannot be right was read");
        assert_eq!(flat, expected, "{} gives what was sent", operation.name);
    }
}

fn provider_of(call: &Prepared) -> &'static image_sources::proto::operation::Provider {
    let of = |provider: &&&image_sources::proto::operation::Provider| {
        provider.operations().any(|operation| core::ptr::eq(operation, call.operation))
    };
    PROVIDERS.iter().find(of).expect("every operation is somebody's")
}

/// What is to be read from a document, said anew; nothing if it must not be read.
fn expected(answer: Answer, imgix: bool, sent: &Value) -> Option<Value> {
    let list = matches!(answer, Answer::List(_));
    let fits = |value: &Value| if list { value.is_array() } else { value.is_object() };
    match answer {
        Answer::Nothing | Answer::Receipt(_) => None,
        // A document may hold nothing.
        Answer::Maybe(_)
            if imgix
                && sent.is_object()
                && sent.get("data").is_none_or(Value::is_null)
                && sent.get("errors").is_none() =>
        {
            Some(Value::Null)
        }
        _ if imgix => {
            let data = sent.get("data").filter(|data| fits(data))?;
            each(data, &flat)
        }
        _ => {
            let wrapped = |names: [&str; 2]| names.iter().find_map(|name| sent.get(name).filter(|value| fits(value)));
            let whole = match (list, sent) {
                (true, Value::Object(_)) => wrapped(["sources", "data"]),
                (false, Value::Object(members)) if !members.contains_key("id") => wrapped(["source", "data"]),
                _ => None,
            };
            let whole = whole.unwrap_or(sent);
            if whole.get("id").is_none() && whole.get("errors").is_some() {
                return None;
            }
            each(Some(whole).filter(|whole| fits(whole))?, &Value::clone)
        }
    }
}

fn each(value: &Value, one: &dyn Fn(&Value) -> Value) -> Option<Value> {
    match value {
        Value::Array(items) if items.iter().all(Value::is_object) => Some(items.iter().map(one).collect()),
        Value::Array(_) => None,
        _ => Some(one(value)),
    }
}

/// A JSON:API resource with its attributes beside its id and type. Attributes of these names are kept aside.
fn flat(resource: &Value) -> Value {
    let mut flat = resource.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut aside = Map::new();
    for name in ["id", "type", "relationships"] {
        if let Some(hidden) = flat.get(name) {
            aside.insert(name.to_owned(), hidden.clone());
        }
        if let Some(value) = resource.get(name) {
            flat.insert(name.to_owned(), value.clone());
        }
    }
    if !aside.is_empty() {
        flat.insert("attributes".to_owned(), aside.into());
    }
    flat.into()
}

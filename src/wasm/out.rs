//! Small structured values on their way out, through `serde-wasm-bindgen`.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::engine::Event;
use crate::proto::error::Error;
use crate::proto::operation::{Operation, Provider, Row};
use crate::schema::Problem;

/// Gives a value out. What can be serialised here cannot fail.
pub(super) fn value(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true)).unwrap_or(JsValue::UNDEFINED)
}

#[derive(Serialize)]
pub(super) struct ProblemOut<'a> {
    field: &'a str,
    code: &'static str,
    message: &'a str,
    level: &'static str,
}

pub(super) fn problems(problems: &[Problem]) -> Vec<ProblemOut<'_>> {
    fn out(problem: &Problem) -> ProblemOut<'_> {
        let Problem { field, code, message, level } = problem;
        ProblemOut { field, code: code.as_str(), message, level: level.as_str() }
    }
    problems.iter().map(out).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorOut<'a> {
    name: &'static str,
    kind: &'static str,
    message: &'a str,
    provider: Option<&'static str>,
    operation: Option<&'static str>,
    problems: Vec<ProblemOut<'a>>,
    attempts: u32,
    sent: bool,
    outcome: &'static str,
    status: Option<u16>,
    request_id: Option<&'a str>,
    retry_after_ms: Option<f64>,
    body_text: Option<&'a str>,
}

pub(super) fn error(error: &Error) -> JsValue {
    let named = |name: &'static str| (!name.is_empty()).then_some(name);
    value(&ErrorOut {
        name: error.class.name(),
        kind: error.class.kind(),
        message: &error.message,
        provider: named(error.provider),
        operation: named(error.operation),
        problems: problems(&error.problems),
        attempts: error.attempts,
        sent: error.sent,
        outcome: error.outcome.as_str(),
        status: error.status,
        request_id: error.request_id.as_deref(),
        retry_after_ms: error.retry_after_ms,
        body_text: error.body_text.as_deref(),
    })
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct EventOut<'a> {
    call: u32,
    provider: &'static str,
    operation: &'static str,
    at: f64,
    r#type: &'static str,
    attempt: Option<u32>,
    method: Option<&'a str>,
    url: Option<&'a str>,
    status: Option<u16>,
    ms: Option<f64>,
    request_id: Option<&'a str>,
    problems: Option<Vec<ProblemOut<'a>>>,
    path: Option<&'a str>,
    expected: Option<&'static str>,
    found: Option<&'static str>,
    outcome: Option<&'static str>,
    may_have_happened: Option<bool>,
    attempts: Option<u32>,
}

pub(super) fn event(event: &Event<'_>, call: u32, operation: &'static Operation, provider: &'static Provider, at: f64) -> JsValue {
    let mut out = EventOut { call, provider: provider.name, operation: operation.name, at, ..EventOut::default() };
    match *event {
        Event::Request { attempt, method, url } => {
            (out.r#type, out.attempt, out.method, out.url) = ("request", Some(attempt), Some(method), Some(url));
        }
        Event::Response { attempt, status, ms, request_id } => {
            (out.r#type, out.attempt, out.status, out.ms, out.request_id) =
                ("response", Some(attempt), Some(status), Some(ms), request_id);
        }
        Event::Warning { problems: found } => (out.r#type, out.problems) = ("warning", Some(problems(found))),
        Event::Drift(drift) => {
            (out.r#type, out.path, out.expected, out.found) =
                ("drift", Some(drift.path.as_str()), Some(drift.expected), Some(drift.found));
        }
        Event::End { end, may_have_happened, attempts, ms } => {
            (out.r#type, out.outcome, out.may_have_happened, out.attempts, out.ms) =
                ("end", Some(end.as_str()), Some(may_have_happened), Some(attempts), Some(ms));
        }
    }
    value(&out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowOut {
    provider: &'static str,
    id: Option<String>,
    name: Option<String>,
    r#type: Option<String>,
    location: Option<String>,
    hosts: Vec<String>,
    enabled: Option<bool>,
    status: Option<String>,
    secured: Option<bool>,
    changed_at: Option<f64>,
}

pub(super) fn rows<'a>(rows: impl Iterator<Item = (&'static Provider, &'a [u8])>) -> JsValue {
    let out = |(provider, source): (&'static Provider, &[u8])| {
        let Row { id, name, kind, location, hosts, enabled, status, secured, changed_at } = (provider.row)(source);
        RowOut { provider: provider.name, id, name, r#type: kind, location, hosts, enabled, status, secured, changed_at }
    };
    value(&rows.map(out).collect::<Vec<_>>())
}

#[derive(Serialize)]
pub(super) struct PreparedOut<'a> {
    pub(super) operation: &'static str,
    pub(super) method: &'static str,
    pub(super) url: &'a str,
    pub(super) headers: std::collections::BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<std::borrow::Cow<'a, str>>,
}

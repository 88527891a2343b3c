//! Small structured values on their way out, through `serde-wasm-bindgen`.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::engine::Event;
use crate::proto::error::Error;
use crate::proto::operation::{Answer, Operation, Provider, Row};
use crate::schema::{Access, Field, Kind, Problem, Table};

/// Gives a value out. What can be serialised here cannot fail.
pub(super) fn value(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true)).unwrap_or(JsValue::UNDEFINED)
}

/// JSON text as a value.
fn parsed(json: &str) -> JsValue {
    js_sys::JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
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
struct OperationOut {
    provider: &'static str,
    name: &'static str,
    method: &'static str,
    path: &'static str,
    parameters: Vec<&'static str>,
    input: bool,
    answer: &'static str,
    permission: &'static str,
    rate_class: &'static str,
    idempotent: bool,
    retry: &'static str,
    help: &'static str,
}

pub(super) fn operations<'p>(providers: impl Iterator<Item = &'p &'static Provider>) -> JsValue {
    let out = |provider: &'static Provider, operation: &'static Operation| OperationOut {
        provider: provider.name,
        name: operation.name,
        method: operation.method,
        path: operation.path,
        parameters: operation.parameters().collect(),
        input: operation.input.table().is_some(),
        answer: match operation.answer {
            Answer::One(_) => "one",
            Answer::List(_) => "list",
            Answer::Nothing => "nothing",
        },
        permission: operation.permission,
        rate_class: operation.rate_class,
        idempotent: operation.idempotent,
        retry: operation.retry.as_str(),
        help: operation.help,
    };
    let all: Vec<_> = providers.flat_map(|provider| provider.operations().map(|operation| out(provider, operation))).collect();
    value(&all)
}

#[derive(Serialize)]
struct FormOut {
    provider: &'static str,
    title: &'static str,
    docs: &'static str,
    fields: Vec<FieldOut>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldOut {
    name: &'static str,
    path: String,
    kind: &'static str,
    required: bool,
    updatable: bool,
    secret: bool,
    nullable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    only: Option<&'static [&'static str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<WhenOut>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    default: JsValue,
    values: &'static [&'static str],
    open: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    help: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    demanded: Option<Vec<DemandOut>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<FieldOut>>,
}

#[derive(Serialize)]
struct WhenOut {
    field: &'static str,
    value: &'static str,
}

#[derive(Serialize)]
struct DemandOut {
    r#type: &'static str,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    value: JsValue,
}

pub(super) fn form(provider: &'static Provider) -> JsValue {
    value(&FormOut {
        provider: provider.name,
        title: provider.title,
        docs: provider.docs,
        fields: fields(provider.source, ""),
    })
}

fn fields(table: &'static Table, prefix: &str) -> Vec<FieldOut> {
    table.all().filter(|field| field.access != Access::ReadOnly).map(|field| field_out(field, prefix)).collect()
}

fn field_out(field: &'static Field, prefix: &str) -> FieldOut {
    let path = if prefix.is_empty() { field.name.to_owned() } else { [prefix, ".", field.name].concat() };
    let (kind, min, max, inner) = match field.kind {
        Kind::String => ("string", None, None, None),
        Kind::Boolean => ("boolean", None, None, None),
        Kind::Flag => ("flag", None, None, None),
        Kind::Integer(min, max) => ("integer", Some(min), Some(max), None),
        Kind::Number(min, max) => ("number", Some(min), Some(max), None),
        Kind::Strings(least) => ("strings", Some(if least == 0 { 0.0 } else { 1.0 }), None, None),
        Kind::StringMap | Kind::ScalarMap => ("map", None, None, None),
        Kind::Object(table) => ("object", None, None, Some(table)),
        Kind::Objects(_) | Kind::Any | Kind::Foreign(_) => ("any", None, None, None),
    };
    let decided_by = inner.and_then(|table| table.variant).map(|decided| match decided {
        crate::schema::Discriminator::Own(name) => [&path, ".", name].concat(),
        crate::schema::Discriminator::Parent(name) if prefix.is_empty() => name.to_owned(),
        crate::schema::Discriminator::Parent(name) => [prefix, ".", name].concat(),
    });
    FieldOut {
        name: field.name,
        kind,
        required: field.required,
        updatable: field.can_be_given(true),
        secret: field.secret,
        nullable: field.nullable,
        only: (!field.only.is_empty()).then_some(field.only),
        when: field.when.map(|(field, value)| WhenOut { field, value }),
        default: field.default.map_or(JsValue::UNDEFINED, parsed),
        values: field.values,
        open: !field.closed,
        min,
        max,
        help: field.help,
        demanded: (!field.demanded.is_empty())
            .then(|| field.demanded.iter().map(|(kind, value)| DemandOut { r#type: kind, value: parsed(value) }).collect()),
        decided_by,
        fields: inner.map(|table| fields(table, &path)),
        path,
    }
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

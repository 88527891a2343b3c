//! Small structured values on their way out.
//!
//! They leave as JSON text that the platform parses, like answers do: the writer is there anyway. `serde-wasm-bindgen` did
//! this first and was taken out with other code to make the module smaller; its own share was not measured.

use wasm_bindgen::JsValue;

use crate::engine::Event;
use crate::proto::error::Error;
use crate::proto::http::Request;
use crate::schema::Problem;
use crate::schema::json::{ObjectWriter, as_text};

/// JSON bytes as a value. They have been checked, so the platform's parser takes them.
///
/// The text is decoded by the glue's own decoder, from a view of our memory: making a decoder costs more than using it.
pub(super) fn parse(json: &[u8]) -> JsValue {
    js_sys::JSON::parse(as_text(json)).unwrap_or(JsValue::UNDEFINED)
}

fn write_problems(out: &mut Vec<u8>, problems: &[Problem]) {
    out.push(b'[');
    for (index, problem) in problems.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let mut object = ObjectWriter::new(out);
        object.string("field", &problem.field);
        object.string("code", problem.code.as_str());
        object.string("message", &problem.message);
        object.string("level", problem.level.as_str());
        object.close();
    }
    out.push(b']');
}

pub(super) fn problems(problems: &[Problem]) -> JsValue {
    let mut out = Vec::new();
    write_problems(&mut out, problems);
    parse(&out)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times and counts: whole and not negative")]
fn whole(value: f64) -> u64 {
    value as u64
}

/// The record from which the JavaScript side makes its error.
pub(super) fn error(error: &Error) -> JsValue {
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    object.string("name", error.class.name());
    object.string("kind", error.class.kind());
    object.string("message", &error.message);
    for (name, value) in [("provider", error.provider), ("operation", error.operation)] {
        if !value.is_empty() {
            object.string(name, value);
        }
    }
    write_problems(object.key("problems"), &error.problems);
    object.number("attempts", error.attempts.into());
    object.raw("sent", if error.sent { b"true" } else { b"false" });
    object.string("outcome", error.outcome.as_str());
    if let Some(status) = error.status {
        object.number("status", status.into());
    }
    if let Some(ms) = error.retry_after_ms {
        object.number("retryAfterMs", whole(ms));
    }
    for (name, value) in [("requestId", &error.request_id), ("bodyText", &error.body_text)] {
        if let Some(value) = value {
            object.string(name, value);
        }
    }
    object.close();
    parse(&out)
}

/// An event, without what the JavaScript side adds to all of them.
pub(super) fn event(event: &Event<'_>) -> JsValue {
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    match *event {
        Event::Request { attempt, method, url } => {
            object.string("type", "request");
            object.number("attempt", attempt.into());
            object.string("method", method);
            object.string("url", url);
        }
        Event::Response { attempt, status, ms, request_id } => {
            object.string("type", "response");
            object.number("attempt", attempt.into());
            object.number("status", status.into());
            object.number("ms", whole(ms));
            if let Some(id) = request_id {
                object.string("requestId", id);
            }
        }
        Event::Warning { problems } => {
            object.string("type", "warning");
            write_problems(object.key("problems"), problems);
        }
        Event::Drift(drift) => {
            object.string("type", "drift");
            object.string("path", &drift.path);
            object.string("expected", drift.expected);
            object.string("found", drift.found);
        }
        Event::End { end, may_have_happened, attempts, ms } => {
            object.string("type", "end");
            object.string("outcome", end.as_str());
            object.raw("mayHaveHappened", if may_have_happened { b"true" } else { b"false" });
            object.number("attempts", attempts.into());
            object.number("ms", whole(ms));
        }
    }
    object.close();
    parse(&out)
}

/// A request as it can be shown.
pub(super) fn prepared(operation: &str, request: &Request) -> JsValue {
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    object.string("operation", operation);
    object.string("method", request.method);
    object.string("url", &request.url);
    let mut headers = ObjectWriter::new(object.key("headers"));
    for (name, value) in &request.headers {
        headers.string(name, value);
    }
    headers.close();
    if let Some(body) = &request.body {
        object.string("body", as_text(body));
    }
    object.close();
    parse(&out)
}

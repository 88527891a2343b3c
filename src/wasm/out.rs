//! Small structured values on their way out, as JSON text that the platform parses.

use crate::engine::Event;
use crate::proto::error::Error;
use crate::proto::http::Request;
use crate::schema::Problem;
use crate::schema::json::{ObjectWriter, as_text};

pub(super) fn problems(out: &mut Vec<u8>, problems: &[Problem]) {
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

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "times and counts: whole and not negative")]
pub(super) fn whole(value: f64) -> u64 {
    value as u64
}

fn flag(value: bool) -> &'static [u8] {
    if value { b"true" } else { b"false" }
}

/// The record from which the JavaScript side makes its error.
pub(super) fn error(out: &mut Vec<u8>, error: &Error) {
    let mut object = ObjectWriter::new(out);
    object.string("name", error.class.name());
    object.string("kind", error.class.kind());
    object.string("message", &error.message);
    for (name, value) in [("provider", error.provider), ("operation", error.operation)] {
        if !value.is_empty() {
            object.string(name, value);
        }
    }
    problems(object.key("problems"), &error.problems);
    object.number("attempts", error.attempts.into());
    object.raw("sent", flag(error.sent));
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
}

/// An event, without what the JavaScript side adds to all of them.
pub(super) fn event(out: &mut Vec<u8>, event: &Event<'_>) {
    let mut object = ObjectWriter::new(out);
    let kind = match event {
        Event::Request { .. } => "request",
        Event::Response { .. } => "response",
        Event::Wait { .. } | Event::Closed { .. } => "wait",
        Event::Retry { .. } => "retry",
        Event::Warning { .. } => "warning",
        Event::Drift(_) => "drift",
        Event::End { .. } => "end",
    };
    object.string("type", kind);
    match *event {
        Event::Request { attempt, method, url } => {
            object.number("attempt", attempt.into());
            object.string("method", method);
            object.string("url", url);
        }
        Event::Response { attempt, status, ms, request_id } => {
            object.number("attempt", attempt.into());
            object.number("status", status.into());
            object.number("ms", whole(ms));
            if let Some(id) = request_id {
                object.string("requestId", id);
            }
        }
        Event::Wait { rate_class, ms } | Event::Closed { rate_class, ms } => {
            object.string("rateClass", rate_class);
            object.number("ms", whole(ms.ceil()));
        }
        Event::Retry { attempt, after_ms, because } => {
            object.number("attempt", attempt.into());
            object.number("afterMs", whole(after_ms.ceil()));
            object.string("because", because);
        }
        Event::Warning { problems: found } => problems(object.key("problems"), found),
        Event::Drift(drift) => {
            object.string("path", &drift.path);
            object.string("expected", drift.expected);
            object.string("found", drift.found);
        }
        Event::End { end, may_have_happened, attempts, ms } => {
            object.string("outcome", end.as_str());
            object.raw("mayHaveHappened", flag(may_have_happened));
            object.number("attempts", attempts.into());
            object.number("ms", whole(ms));
        }
    }
    object.close();
}

/// What is sent: method, headers and body.
pub(super) fn request(object: &mut ObjectWriter<'_>, request: &Request) {
    object.string("method", request.method);
    let mut headers = ObjectWriter::new(object.key("headers"));
    for (name, value) in &request.headers {
        headers.string(name, value);
    }
    headers.close();
    if let Some(body) = &request.body {
        object.string("body", as_text(body));
    }
}

/// A request as it can be shown.
pub(super) fn prepared(object: &mut ObjectWriter<'_>, operation: &str, shown: &Request) {
    object.string("operation", operation);
    object.string("url", &shown.url);
    request(object, shown);
}

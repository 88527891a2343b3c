//! Small structured values on their way out, as JSON text that the platform parses.

use crate::proto::error::Error;
use crate::schema::Problem;
use crate::schema::json::ObjectWriter;

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

pub(super) fn flag(value: bool) -> &'static [u8] {
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

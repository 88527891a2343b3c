//! What a step of a call tells: events and requests, as JSON text.

use super::out::{flag, problems, whole};
use crate::engine::Event;
use crate::proto::http::Request;
use crate::schema::json::{ObjectWriter, as_text};

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

//! What a step of a call tells, as JSON text: events, and what to do next.

use super::out::{flag, problems, whole};
use crate::engine::{Call, Event, Listener, Step};
use crate::proto::call::{Config, Prepared};
use crate::proto::http::Request;
use crate::proto::operation::Answer;
use crate::schema::json::{ObjectWriter, as_text, write_string};
use crate::schema::text;

/// What a step tells the listener.
pub(super) struct Record {
    listening: bool,
    events: Vec<u8>,
    closed: Option<(&'static str, f64)>,
}

impl Record {
    pub(super) fn new(listening: bool) -> Self {
        Self { listening, events: Vec::new(), closed: None }
    }

    pub(super) fn write(&self, object: &mut ObjectWriter<'_>, moved: bool) {
        if !self.events.is_empty() {
            let list = object.key("events");
            list.push(b'[');
            list.extend_from_slice(&self.events);
            list.push(b']');
        }
        if moved {
            object.raw("moved", b"true");
        }
        if let Some((class, ms)) = self.closed {
            let list = object.key("closed");
            list.push(b'[');
            write_string(list, class);
            list.push(b',');
            list.extend_from_slice(text::digits(whole(ms)).as_bytes());
            list.push(b']');
        }
    }
}

impl Listener for Record {
    fn listening(&self) -> bool {
        self.listening
    }

    fn tell(&mut self, event: &Event<'_>) {
        if let Event::Closed { rate_class, ms } = event {
            self.closed = Some((rate_class, *ms));
        } else if self.listening {
            if !self.events.is_empty() {
                self.events.push(b',');
            }
            write(&mut self.events, event);
        }
    }
}

/// An event, without what the JavaScript side adds to all of them.
fn write(out: &mut Vec<u8>, event: &Event<'_>) {
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
fn request(object: &mut ObjectWriter<'_>, request: &Request) {
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

/// The request of a call as it can be shown.
pub(super) fn prepared(object: &mut ObjectWriter<'_>, config: &Config, prepared: &Prepared) {
    let shown = config.shown(prepared);
    object.string("operation", prepared.operation.name);
    object.string("url", &shown.url);
    request(object, &shown);
}

/// What to do next in a call; of a failure, nothing.
#[inline(never)]
pub(super) fn step(object: &mut ObjectWriter<'_>, config: &Config, call: &Call, step: &Step) {
    if call.may_have_happened() {
        object.raw("gone", b"true");
    }
    match step {
        Step::Send(sent, ms) => {
            object.number("timeoutMs", whole(ms.ceil()));
            object.string("url", &sent.url);
            object.string("class", call.operation().rate_class);
            if sent.bytes {
                object.raw("bytes", b"true");
            }
            if sent.own {
                object.raw("own", b"true");
            }
            let mut init = ObjectWriter::new(object.key("init"));
            request(&mut init, sent);
            // A redirect would carry the key to another address.
            init.string("redirect", "manual");
            if let (true, Some(credentials)) = (sent.own, config.credentials()) {
                init.string("credentials", &credentials);
            }
            init.close();
        }
        Step::Wait { ms, slot } => {
            object.number("wait", whole(ms.ceil()));
            if *slot {
                object.raw("slot", b"true");
            }
        }
        Step::Reserve(class, limit, ms) => {
            object.number("timeoutMs", whole(ms.ceil()));
            object.string("reserve", class);
            object.number("requests", limit.requests.into());
            object.number("perMs", whole(limit.per_ms));
            // This holds the key: a hash of it is all that a limiter gets.
            object.string("account", &config.account());
        }
        Step::Token(ms) => {
            object.number("timeoutMs", whole(ms.ceil()));
            object.raw("token", b"true");
        }
        Step::Done(read) => {
            object.raw("done", b"true");
            let json = read.json.as_deref();
            if matches!(call.prepared().operation.answer, Answer::List(_)) {
                let total = read.page.total.map(|total| text::digits(whole(total)));
                let parts =
                    [json.map(as_text), total.as_deref(), read.page.next.as_deref(), read.page.again.then_some("true")];
                let mut mark = b'[';
                let list = object.key("value");
                for part in parts {
                    list.push(core::mem::replace(&mut mark, b','));
                    list.extend_from_slice(part.unwrap_or("null").as_bytes());
                }
                list.push(b']');
            } else if let Some(json) = json {
                object.raw("value", json);
            }
        }
        Step::Failed(_) | Step::Aborted => {}
    }
}

//! What a rule does to an answer.

use serde_json::Value;

use super::drift;
use super::rule::{Kind, Rule};
use super::{Asked, Provider, Random};
use crate::proto::http::Response;
use crate::sandbox::exchange::Reply;
use crate::sandbox::{imageboss, imgix};

/// The answer that stands in place of the right one, if the rule replaces it.
pub(in crate::sandbox) fn instead(rule: &Rule, asked: &Asked<'_>, random: &mut Random, now: u64) -> Option<Reply> {
    let response = match &rule.kind {
        Kind::Html(status) => html(*status),
        Kind::Status(status) => {
            let mut response = match (asked.provider, asked.operation) {
                (_, Some("storage.put" | "files.get")) => imgix::storage_failure(*status),
                (Provider::Imgix, _) => imgix::failure(*status, random),
                (Provider::ImageBoss, _) => imageboss::failure(*status),
            };
            if let Some(value) = &rule.retry_after {
                let value = value.value(rule.hit.saturating_sub(1), now);
                response.headers.push(("retry-after".to_owned(), value));
            }
            response
        }
        Kind::Redirect(status, location) => {
            Response { status: *status, headers: vec![("location".to_owned(), location.clone())], body: Vec::new() }
        }
        Kind::Reset => return Some(Reply { reset: true, ..Reply::default() }),
        Kind::Hang => return Some(Reply { hang: true, ..Reply::default() }),
        Kind::Truncate(_)
        | Kind::Empty
        | Kind::NotJson
        | Kind::InvalidUtf8
        | Kind::RepeatedCursor
        | Kind::Drift
        | Kind::Slow => return None,
    };
    Some(Reply { response, ..Reply::default() })
}

/// Changes the right answer, if the rule does.
pub(in crate::sandbox) fn alter(rule: &Rule, provider: Provider, reply: &mut Reply) {
    let response = &mut reply.response;
    match rule.kind {
        Kind::Truncate(bytes) => reply.cut_after = Some(bytes.min(response.body.len().saturating_sub(1))),
        Kind::Empty => response.body.clear(),
        Kind::NotJson => response.body = b"upstream said: ok".to_vec(),
        Kind::InvalidUtf8 => spoil(&mut response.body),
        Kind::Drift if response.status < 300 => edit(response, |document| drift::drift(provider, document)),
        Kind::RepeatedCursor if response.status < 300 => edit(response, repeat),
        _ => {}
    }
}

fn edit(response: &mut Response, change: impl FnOnce(&mut Value)) {
    if let Ok(mut document) = serde_json::from_slice(&response.body) {
        change(&mut document);
        response.body = document.to_string().into_bytes();
    }
}

/// Puts bytes that are no UTF-8 into the first text, or at the end.
fn spoil(body: &mut Vec<u8>) {
    let at = body.windows(3).position(|window| window == b"\":\"").map_or(body.len(), |at| at.saturating_add(3));
    body.splice(at..at, [0xC3, 0x28]);
}

/// The page says that it comes after itself.
fn repeat(document: &mut Value) {
    let Some(meta) = document.get_mut("meta") else { return };
    let places = [("cursor", "current", "next", "hasMore"), ("pagination", "currentPage", "nextPage", "hasNextPage")];
    for (place, current, next, more) in places {
        if let Some(place) = meta.get_mut(place).and_then(Value::as_object_mut) {
            let here = place.get(current).cloned().unwrap_or(Value::Null);
            place.insert(next.to_owned(), here);
            place.insert(more.to_owned(), Value::Bool(true));
        }
    }
}

fn html(status: u16) -> Response {
    let page = format!(
        "<html><head><title>{status} Server Error</title></head><body><h1>Error: Server Error</h1></body></html>"
    );
    let headers = vec![("content-type".to_owned(), "text/html; charset=UTF-8".to_owned())];
    Response { status, headers, body: page.into_bytes() }
}

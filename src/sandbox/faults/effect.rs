//! What a rule does to an answer.

use serde_json::{Value, json};

use super::rule::{Kind, Rule};
use super::{Provider, Random};
use crate::proto::http::Response;
use crate::sandbox::exchange::Reply;
use crate::sandbox::{imageboss, imgix};

/// The answer that stands in place of the right one, if the rule replaces it.
pub(in crate::sandbox) fn instead(rule: &Rule, provider: Provider, random: &mut Random) -> Option<Reply> {
    let response = match &rule.kind {
        Kind::Html(status) => html(*status),
        Kind::Status(status) => {
            let mut response = match provider {
                Provider::Imgix => imgix::failure(*status, random),
                Provider::ImageBoss => imageboss::failure(*status),
            };
            if let Some(value) = &rule.retry_after {
                response.headers.push(("retry-after".to_owned(), value.clone()));
            }
            response
        }
        Kind::Redirect(location) => {
            Response { status: 302, headers: vec![("location".to_owned(), location.clone())], body: Vec::new() }
        }
        Kind::Reset => return Some(Reply { reset: true, ..Reply::default() }),
        Kind::Truncate(_) | Kind::Empty | Kind::NotJson | Kind::Drift | Kind::Slow => return None,
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
        Kind::Drift if response.status < 300 => {
            if let Ok(mut document) = serde_json::from_slice(&response.body) {
                drift(provider, &mut document);
                response.body = document.to_string().into_bytes();
            }
        }
        _ => {}
    }
}

fn html(status: u16) -> Response {
    let page = format!(
        "<html><head><title>{status} Server Error</title></head><body><h1>Error: Server Error</h1></body></html>"
    );
    let headers = vec![("content-type".to_owned(), "text/html; charset=UTF-8".to_owned())];
    Response { status, headers, body: page.into_bytes() }
}

/// The provider has moved on: for each resource another type, something new, and a kind of storage nobody knows.
fn drift(provider: Provider, document: &mut Value) {
    let resources = match provider {
        Provider::Imgix => document.get_mut("data"),
        Provider::ImageBoss => Some(document),
    };
    match resources {
        Some(Value::Array(list)) => list.iter_mut().for_each(|resource| drift_one(provider, resource)),
        Some(resource) => drift_one(provider, resource),
        None => {}
    }
}

fn drift_one(provider: Provider, resource: &mut Value) {
    let (attributes, retyped) = match provider {
        Provider::Imgix => (resource.get_mut("attributes"), "date_deployed"),
        Provider::ImageBoss => (Some(resource), "created_at"),
    };
    let Some(attributes) = attributes.and_then(Value::as_object_mut).filter(|map| !map.is_empty()) else { return };
    if let Some(value) = attributes.get_mut(retyped) {
        *value = if value.is_string() { json!(1_772_719_800) } else { json!("2026-03-05T14:10:00Z") };
    }
    attributes.insert("storage_tier".to_owned(), json!({ "name": "frozen", "since": 1_772_719_800 }));
    if let Some(kind) = attributes.get_mut("source_type") {
        *kind = json!("backblaze");
    }
    if let Some(kind) = attributes.get_mut("deployment").and_then(|deployment| deployment.get_mut("type")) {
        *kind = json!("imgix_storage");
    }
}

//! The documents around every answer.

use serde_json::{Value, json};

use crate::proto::http::Response;
use crate::sandbox::random::Random;

/// A request that is declined: one error per sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) details: Vec<String>,
    /// The header of that name.
    pub(super) retry_after: Option<String>,
}

impl Refusal {
    /// With the usual sentence of that status.
    pub(super) fn plain(status: u16) -> Self {
        Self::new(status, usual(status).1)
    }

    pub(super) fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, details: vec![detail.into()], retry_after: None }
    }

    /// 400 with all of these, or nothing if there are none.
    pub(super) fn unless_empty(details: Vec<String>) -> Result<(), Self> {
        if details.is_empty() { Ok(()) } else { Err(Self { status: 400, details, retry_after: None }) }
    }
}

/// The answer to a declined request.
pub(super) fn refuse(refusal: &Refusal, random: &mut Random) -> Response {
    let errors: Vec<Value> = refusal
        .details
        .iter()
        .map(|detail| {
            json!({
                "detail": detail,
                "id": random.hex(32),
                "meta": {},
                "status": refusal.status.to_string(),
                "title": usual(refusal.status).0,
            })
        })
        .collect();
    let meta = meta(refusal.status != 401, None);
    let document = json!({ "errors": errors, "jsonapi": { "version": "1.0" }, "meta": meta });
    let mut response = respond(refusal.status, &document, random);
    response.headers.extend(refusal.retry_after.iter().map(|value| ("retry-after".to_owned(), value.clone())));
    response
}

/// A failure of the server's own, as faults make them.
pub(in crate::sandbox) fn failure(status: u16, random: &mut Random) -> Response {
    refuse(&Refusal::plain(status), random)
}

/// The answer to a request that was carried out.
/// `place` is what `meta` tells of the place in a list: its name, and what is told.
pub(super) fn accept(status: u16, data: &Value, place: Option<(&str, Value)>, random: &mut Random) -> Response {
    let meta = meta(true, place);
    let document = json!({ "data": data, "included": [], "jsonapi": { "version": "1.0" }, "meta": meta });
    respond(status, &document, random)
}

fn respond(status: u16, document: &Value, random: &mut Random) -> Response {
    let headers = vec![
        ("content-type".to_owned(), "application/vnd.api+json".to_owned()),
        ("x-cloud-trace-context".to_owned(), format!("{}/{}", random.hex(32), random.below(1 << 48))),
    ];
    Response { status, headers, body: document.to_string().into_bytes() }
}

fn meta(authorized: bool, place: Option<(&str, Value)>) -> Value {
    let mut meta = json!({
        "authentication": {
            "authorized": authorized,
            "clientId": null,
            "mode": "PUBLIC_APIKEY",
            "modeTitle": "Public API Key",
            "tag": if authorized { Some("dev@example.com") } else { None },
            "user": null,
        },
    });
    if let Some(meta) = meta.as_object_mut() {
        if let Some((name, place)) = place {
            meta.insert(name.to_owned(), place);
        }
        let status = json!({ "healthy": true, "read_only": false, "tombstone": false });
        meta.insert("server".to_owned(), json!({ "commit": "production", "status": status, "version": "3.213.15" }));
    }
    meta
}

/// Title and sentence of a status. Only those of 401 and 404 are known; the others are of the same kind.
fn usual(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("BadRequest", "The request is not valid."),
        401 => ("Unauthorized", "A valid API key is required and could not be determined."),
        403 => ("Forbidden", "You do not have permission to perform this action."),
        404 => ("NotFound", "Resource not found."),
        405 => ("MethodNotAllowed", "Method not allowed."),
        409 => ("Conflict", "The document does not belong to this endpoint."),
        415 => ("UnsupportedMediaType", "The media type must be application/vnd.api+json."),
        429 => ("TooManyRequests", "Rate limit exceeded."),
        500 => ("InternalServerError", "Internal server error."),
        503 => ("ServiceUnavailable", "The service is unavailable."),
        _ => ("Error", "The request could not be completed."),
    }
}

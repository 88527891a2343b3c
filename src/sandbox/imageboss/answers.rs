//! The bodies of answers.

use serde_json::{Value, json};

use crate::proto::http::Response;

/// An answer with a JSON body.
pub(super) fn json(status: u16, body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    Response { status, headers, body: body.to_string().into_bytes() }
}

/// The documented refusal: sentences.
pub(super) fn invalid(sentences: &[String]) -> Response {
    json(422, &json!({ "errors": sentences }))
}

/// Any other refusal or failure, as stock Rails and common gateways word it.
pub(in crate::sandbox) fn failure(status: u16) -> Response {
    match status {
        401 => json(401, &json!({ "error": "Unauthorized" })),
        422 => invalid(&["Source is invalid".to_owned()]),
        429 => json(429, &json!({ "message": "Too Many Requests" })),
        504 => Response { status, ..Response::default() },
        _ => json(status, &json!({ "status": status, "error": reason(status) })),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Error",
    }
}

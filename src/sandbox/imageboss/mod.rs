//! The ImageBoss Sources API: `/v1/sources`.
//!
//! Checked in this order, as a Rails application does: place and method (404), key (401), rate limit (429), the wrapper (400),
//! the values (422). Documented are the bodies of lists and creations, the 422 and two of its sentences; the rest is what stock
//! Rails answers.

mod answers;
mod check;
mod credentials;
mod source;
mod write;

pub(super) use answers::failure;
pub(super) use source::{Source, State};

use super::call::{Call, Desk};
use super::provider::Provider;
use crate::proto::http::Response;

/// Answers one request.
pub(super) fn answer(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Response {
    serve(state, call, desk).unwrap_or_else(|refusal| refusal)
}

fn serve(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Response> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    match (segments.as_slice(), call.method) {
        (["sources"], "GET") => {
            admit(call, desk)?;
            Ok(answers::json(200, &state.all().iter().map(Source::show).collect()))
        }
        (["sources"], "POST") => {
            admit(call, desk)?;
            write::create(state, call, desk)
        }
        (["sources", id], "GET") if !id.is_empty() => {
            admit(call, desk)?;
            state.find(id).map(|source| answers::json(200, &source.show())).ok_or_else(|| failure(404))
        }
        (["sources", id], "PATCH" | "PUT") if !id.is_empty() => {
            admit(call, desk)?;
            write::update(state, id, call)
        }
        (["sources", id], "DELETE") if !id.is_empty() => {
            admit(call, desk)?;
            state.remove(id).then(|| answers::json(200, &serde_json::json!({}))).ok_or_else(|| failure(404))
        }
        _ => Err(failure(404)),
    }
}

/// No rate limit is documented, so there is none unless the options state one.
fn admit(call: &Call<'_>, desk: &mut Desk<'_>) -> Result<(), Response> {
    let given = call.header("imageboss-api-key").unwrap_or_default();
    let key = desk.options.key(Provider::ImageBoss, given).ok_or_else(|| failure(401))?;
    let class = "imageboss";
    let limit = desk.options.limits.get(class).filter(|_| desk.options.rate_limits);
    let free = limit.is_none_or(|limit| desk.limits.admit(class, &key.value, *limit, desk.options.window, call.now));
    if free { Ok(()) } else { Err(failure(429)) }
}

//! `https://img.imageboss.me/:source/...`: pictures for previews, and `DELETE`, which purges one master image.

use super::answers::{failure, json};
use super::source::State;
use super::{Place, admit};
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};
use crate::sandbox::picture::png;

/// Answers one request. What a purge answers is not documented: here that it has been taken on.
pub(in crate::sandbox) fn answer(state: &State, call: &Call<'_>, desk: &mut Desk<'_>) -> Response {
    let [source, path @ ..] = call.segments else { return failure(404) };
    let is_path = !path.is_empty() && path.iter().all(|segment| !matches!(segment.as_str(), "" | "." | ".."));
    let known = state.all().iter().any(|known| known.name == *source);
    match call.method {
        "DELETE" if !is_path => failure(404),
        "DELETE" => match admit(Place::Purge, call, desk) {
            Err(refusal) => refusal,
            Ok(()) if known => json(202, &serde_json::json!({})),
            Ok(()) => failure(404),
        },
        "GET" | "HEAD" if known && is_path => {
            let headers = vec![("content-type".to_owned(), "image/png".to_owned())];
            Response { status: 200, headers, body: png(&path.join("/"), None) }
        }
        _ => failure(404),
    }
}

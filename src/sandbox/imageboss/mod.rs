//! The ImageBoss Sources API: `/v1/sources`.
//!
//! Checked in this order, as a Rails application does: place and method (404), key (401), rate limit (429), the wrapper (400),
//! the values (422). Documented are the bodies of lists and creations, the 422 and two of its sentences; the rest is what stock
//! Rails answers.

mod answers;
mod check;
mod credentials;
mod image;
mod source;
mod write;

pub(super) use answers::failure;
pub(super) use image::answer as answer_image;
pub(super) use source::{Source, State};

use super::call::{Call, Desk};
use super::provider::Provider;
use crate::proto::http::Response;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    List,
    Create,
    Read,
    Update,
    Delete,
    Purge,
}

impl Place {
    fn find<'a>(segments: &'a [String], method: &str) -> Option<(Self, &'a str)> {
        match (segments, method) {
            ([sources], _) if sources != "sources" => None,
            ([_], "GET") => Some((Self::List, "")),
            ([_], "POST") => Some((Self::Create, "")),
            ([sources, id], _) if sources != "sources" || id.is_empty() => None,
            ([_, id], "GET") => Some((Self::Read, id)),
            ([_, id], "PATCH" | "PUT") => Some((Self::Update, id)),
            ([_, id], "DELETE") => Some((Self::Delete, id)),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::List => "sources.list",
            Self::Create => "sources.create",
            Self::Read => "sources.get",
            Self::Update => "sources.update",
            Self::Delete => "sources.delete",
            Self::Purge => "purge",
        }
    }
}

/// The name of the operation that a request stands for.
pub(super) fn name(segments: &[String], method: &str) -> Option<&'static str> {
    Place::find(segments, method).map(|(place, _)| place.name())
}

/// Answers one request.
pub(super) fn answer(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Response {
    serve(state, call, desk).unwrap_or_else(|refusal| refusal)
}

fn serve(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Response> {
    let (place, id) = Place::find(call.segments, call.method).ok_or_else(|| failure(404))?;
    admit(place, call, desk)?;
    match place {
        Place::List => Ok(answers::json(200, &state.all().iter().map(Source::show).collect())),
        Place::Create => write::create(state, call, desk),
        Place::Read => state.find(id).map(|source| answers::json(200, &source.show())).ok_or_else(|| failure(404)),
        Place::Update => write::update(state, id, call),
        Place::Delete => {
            state.remove(id).then(|| answers::json(200, &serde_json::json!({}))).ok_or_else(|| failure(404))
        }
        Place::Purge => Err(failure(404)),
    }
}

/// No rate limit is documented, so there is none unless the options state one.
fn admit(place: Place, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<(), Response> {
    let given = call.header("imageboss-api-key").unwrap_or_default();
    let key = desk.options.key(Provider::ImageBoss, given).ok_or_else(|| failure(401))?;
    let class = if place == Place::Purge { "imageboss.purge" } else { "imageboss" };
    desk.admit(class, &key.value, call.now).map_err(|wait| {
        let mut refusal = failure(429);
        refusal.headers.extend(desk.hint(wait, call.now).map(|value| ("retry-after".to_owned(), value)));
        refusal
    })
}

//! `sources/:source_id/upload-sessions/...`

use super::asset_write::nothing_sent;
use super::envelope::{Refusal, accept};
use super::session::{End, Session};
use super::source::Source;
use super::state::State;
use super::upload::{received, takes_uploads};
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};
use crate::sandbox::route::encode_path;

/// `POST .../create/:origin_path`
pub(super) fn create(
    state: &mut State,
    (source, path): (&str, &str),
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let found = state.find(source).ok_or_else(|| Refusal::plain(404))?;
    takes_uploads(found)?;
    nothing_sent(call)?;
    let (id, signature) = (desk.random.hex(32), desk.random.hex(64));
    let expires = call.now.saturating_add(desk.options.session_ms);
    let url = format!(
        "{}/storage/{}/{}?X-Expires={}&X-Session={id}&X-Signature={signature}",
        call.origin,
        encode_path(bucket(found)),
        encode_path(path),
        desk.options.session_ms / 1000,
    );
    let session = Session {
        id,
        source: source.to_owned(),
        path: path.to_owned(),
        content_type: type_of_file(call),
        url,
        signature,
        wants_blob_type: found.kind() == "azure",
        created: call.now,
        modified: call.now,
        expires,
        end: None,
        content: None,
    };
    let shown = session.show(call.now, true);
    state.sessions.insert(session.id.clone(), session);
    Ok(accept(200, &shown, None, desk.random))
}

/// `GET .../status/:session_id`
pub(super) fn status(
    state: &mut State,
    (source, id): (&str, &str),
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let session = find(state, source, id)?;
    Ok(accept(200, &session.show(call.now, false), None, desk.random))
}

/// `POST .../close/:session_id`: once more does no harm.
pub(super) fn close(
    state: &mut State,
    (source, id): (&str, &str),
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let session = find(state, source, id)?;
    nothing_sent(call)?;
    if session.is_open(call.now) {
        if session.content.is_none() {
            return Err(Refusal::new(400, "No file has been uploaded in this session."));
        }
        (session.end, session.modified) = (Some(End::Closed), call.now);
    }
    match session.end {
        Some(End::Closed | End::Complete) => Ok(accept(200, &session.show_briefly(call.now), None, desk.random)),
        Some(End::Canceled) | None => {
            Err(Refusal::new(400, format!("The session is {}.", session.status(call.now).to_ascii_lowercase())))
        }
    }
}

/// `DELETE .../cancel/:session_id`: once more does no harm.
pub(super) fn cancel(
    state: &mut State,
    (source, id): (&str, &str),
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let session = find(state, source, id)?;
    nothing_sent(call)?;
    if matches!(session.end, Some(End::Closed | End::Complete)) {
        return Err(Refusal::new(400, format!("The session is {}.", session.status(call.now).to_ascii_lowercase())));
    }
    if session.end.is_none() {
        (session.end, session.modified, session.content) = (Some(End::Canceled), call.now, None);
    }
    Ok(accept(200, &session.show_briefly(call.now), None, desk.random))
}

/// What has been closed long enough becomes an asset.
pub(super) fn settle(state: &mut State, now: u64, complete_ms: u64) {
    for session in state.sessions.values_mut().filter(|session| session.end == Some(End::Closed)) {
        let done = session.modified.saturating_add(complete_ms);
        if now < done {
            continue;
        }
        (session.end, session.modified) = (Some(End::Complete), done);
        if let Some(content) = session.content.take() {
            let said = session.content_type.as_deref().unwrap_or_default();
            state.assets.put(&session.source, received(&session.path, said, content, done));
        }
    }
}

/// The type of the file to come; what clients send with everything says nothing about it.
fn type_of_file(call: &Call<'_>) -> Option<String> {
    let said = !matches!(call.media_type().as_str(), "" | "application/json" | "application/vnd.api+json");
    call.header("content-type").filter(|_| said).map(str::to_owned)
}

fn find<'s>(state: &'s mut State, source: &str, id: &str) -> Result<&'s mut Session, Refusal> {
    state.sessions.get_mut(id).filter(|session| session.source == source).ok_or_else(|| Refusal::plain(404))
}

fn bucket(source: &Source) -> &str {
    let names = ["s3_bucket", "gcs_bucket", "azure_bucket", "bucket_name"];
    names.iter().find_map(|name| source.deployment.get(*name)?.as_str()).unwrap_or("bucket")
}

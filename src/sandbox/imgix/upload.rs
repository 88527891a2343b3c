//! `POST sources/:source_id/upload/:origin_path`: a file in one request.

use super::asset::{Asset, Look};
use super::content::{Content, media_type};
use super::envelope::{Refusal, accept};
use super::operation::permits;
use super::source::Source;
use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};
use crate::sandbox::key::Key;

/// Takes the bytes. What a file does that is there already is not documented: here it is left alone, with a 400.
pub(super) fn upload(
    state: &mut State,
    (source, path): (&str, &str),
    key: &Key,
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let overwrite = overwrites(call)?;
    if overwrite && !permits(key, "Asset Purge") {
        return Err(Refusal::plain(403));
    }
    takes_uploads(state.find(source).ok_or_else(|| Refusal::plain(404))?)?;
    if call.body.len() > desk.options.upload_limit {
        return Ok(too_large());
    }
    let said = call.media_type();
    if said.starts_with("multipart/") {
        return Err(Refusal::new(400, "The body must be the file itself, not a form."));
    }
    if call.body.is_empty() {
        return Err(Refusal::new(400, "The body is empty."));
    }
    if !overwrite && state.assets.find(source, path).is_some() {
        return Err(Refusal::new(400, "An asset with this origin path exists: set overwrite to true to replace it."));
    }
    let asset = received(path, &said, Content::of(call.body), call.now);
    let shown = asset.show_briefly(source);
    state.assets.put(source, asset);
    Ok(accept(200, &shown, None, desk.random))
}

/// The asset that a file becomes.
pub(super) fn received(path: &str, said: &str, content: Content, now: u64) -> Asset {
    Asset {
        path: path.to_owned(),
        content_type: media_type(said, path),
        file_size: content.length,
        look: content.size.map(|size| Look { size: Some(size), dpi: Some(72), ..Look::default() }),
        uploaded_by: Some("API".to_owned()),
        uploaded_by_api: true,
        date_created: now / 1000,
        content: Some(content),
        ..Asset::default()
    }
}

/// Not every type of source can be written to, and not every one of the others may be.
pub(super) fn takes_uploads(source: &Source) -> Result<(), Refusal> {
    let able = super::fields::UPLOADS.contains(&source.kind()) && source.takes_uploads;
    match (able, source.enabled) {
        (false, _) => Err(Refusal::new(400, "The source does not allow uploads.")),
        (true, false) => Err(Refusal::new(400, "The source is disabled: enable it before you upload to it.")),
        (true, true) => Ok(()),
    }
}

fn overwrites(call: &Call<'_>) -> Result<bool, Refusal> {
    let mut overwrite = false;
    for (name, value) in call.query {
        match (name.as_str(), value.as_str()) {
            ("overwrite", "true") => overwrite = true,
            ("overwrite", "false") => overwrite = false,
            _ => return Err(Refusal::new(400, format!("Invalid query parameter: {name}."))),
        }
    }
    Ok(overwrite)
}

/// The front end's own answer, which knows nothing of JSON:API.
fn too_large() -> Response {
    let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
    Response { status: 413, headers, body: b"Request Entity Too Large".to_vec() }
}

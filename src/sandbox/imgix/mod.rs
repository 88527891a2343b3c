//! The imgix Management API: `/api/v1/...`.
//!
//! Checked in this order: key (401), place (404), method (405), permission (403), rate limit (429), then the request itself.

mod asset;
mod asset_filters;
mod asset_read;
mod asset_write;
mod assets;
mod check;
mod content;
mod deployment;
mod document;
mod envelope;
mod fields;
mod image;
mod list;
mod operation;
mod pages;
mod purge;
mod query;
mod report;
mod session;
mod sessions;
mod source;
mod state;
mod storage;
mod upload;
mod write;

pub(super) use asset::{Asset, Look};
pub(super) use deployment::stored as store_deployment;
pub(super) use envelope::failure;
pub(super) use image::answer as answer_image;
pub(super) use report::file as answer_file;
pub(super) use source::Source;
pub(super) use state::State;
pub(super) use storage::{answer as answer_storage, failure as storage_failure};

use super::call::{Call, Desk};
use super::key::Key;
use super::provider::Provider;
use crate::proto::http::Response;
use envelope::Refusal;
use operation::{Kind, Operation, is_path};

/// What time brings, before anything is answered.
pub(super) fn settle(state: &mut State, now: u64, complete_ms: u64) {
    sessions::settle(state, now, complete_ms);
}

/// The name of the operation that a request stands for.
pub(super) fn name(segments: &[String], method: &str) -> Option<&'static str> {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    operation::find(&segments, method).ok().map(|operation| operation.kind.name())
}

/// Answers one request.
pub(super) fn answer(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Response {
    serve(state, call, desk).unwrap_or_else(|refusal| envelope::refuse(&refusal, desk.random))
}

fn serve(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let key = authenticate(call, desk)?;
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let Operation { kind, source, rest } = operation::find(&segments, call.method)?;
    if !kind.is_allowed(key) {
        return Err(Refusal::plain(403));
    }
    admit(kind.class(), &key.value, call.now, desk)?;
    let about = (source, rest.as_str());
    if !rest.is_empty() && !is_path(&rest) {
        return Err(Refusal::new(400, "The path is not valid: no segment may be empty, a dot or two dots."));
    }
    match kind {
        Kind::ListSources => list::list(state, call, desk),
        Kind::CreateSource => write::create(state, call, desk),
        Kind::GetSource => list::read(state, source, call, desk),
        Kind::UpdateSource => write::update(state, source, call, desk),
        Kind::ListAssets => asset_read::list(state, source, call, desk),
        Kind::GetAsset => asset_read::read(state, about, call, desk),
        Kind::UpdateAsset => asset_write::update(state, about, call, desk),
        Kind::AddAsset => asset_write::add(state, about, call, desk),
        Kind::RefreshAsset => asset_write::refresh(state, about, call, desk),
        Kind::Upload => upload::upload(state, about, key, call, desk),
        Kind::CreateSession => sessions::create(state, about, call, desk),
        Kind::SessionStatus => sessions::status(state, about, call, desk),
        Kind::CloseSession => sessions::close(state, about, call, desk),
        Kind::CancelSession => sessions::cancel(state, about, call, desk),
        Kind::Purge => purge::purge(state, call, desk),
        Kind::Publish => purge::publish(state, true, source, call, desk),
        Kind::Unpublish => purge::publish(state, false, source, call, desk),
        Kind::ListReports => report::list(state, call, desk),
        Kind::GetReport => report::read(state, &rest, call, desk),
    }
}

/// A missing key and a wrong one get the same answer, as with the real one.
fn authenticate<'a>(call: &Call<'_>, desk: &Desk<'a>) -> Result<&'a Key, Refusal> {
    let value = call.header("authorization").and_then(|value| value.split_once(' '));
    let key = value.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key.trim());
    key.and_then(|key| desk.options.key(Provider::Imgix, key)).ok_or_else(|| Refusal::plain(401))
}

fn admit(class: &'static str, key: &str, now: u64, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    desk.admit(class, key, now).map_err(|wait| Refusal { retry_after: desk.hint(wait, now), ..Refusal::plain(429) })
}

//! The imgix Management API: `/api/v1/...`.
//!
//! Checked in this order: key (401), place (404), method (405), permission (403), rate limit (429), then the request itself.

mod check;
mod deployment;
mod document;
mod envelope;
mod fields;
mod list;
mod query;
mod source;
mod write;

pub(super) use deployment::stored as store_deployment;
pub(super) use envelope::failure;
pub(super) use source::{Source, State};

use super::call::{Call, Desk};
use super::options::Key;
use super::provider::Provider;
use crate::proto::http::Response;
use envelope::Refusal;

/// What a request asks for.
enum Operation<'a> {
    List,
    Create,
    Read(&'a str),
    Update(&'a str),
}

impl Operation<'_> {
    fn class(&self) -> &'static str {
        match self {
            Self::Create => "imgix.sources.create",
            Self::Update(_) => "imgix.sources.update",
            Self::List | Self::Read(_) => "imgix.default",
        }
    }

    fn permission(&self) -> &'static str {
        match self {
            Self::List | Self::Create | Self::Read(_) | Self::Update(_) => "Sources",
        }
    }
}

/// Answers one request.
pub(super) fn answer(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Response {
    serve(state, call, desk).unwrap_or_else(|refusal| envelope::refuse(&refusal, desk.random))
}

fn serve(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let key = authenticate(call, desk)?;
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let operation = operation(&segments, call.method)?;
    let allowed = |names: &Vec<String>| names.iter().any(|name| name.eq_ignore_ascii_case(operation.permission()));
    if !key.permissions.as_ref().is_none_or(allowed) {
        return Err(Refusal::plain(403));
    }
    admit(operation.class(), &key.value, call.now, desk)?;
    match operation {
        Operation::List => list::list(state, call, desk),
        Operation::Create => write::create(state, call, desk),
        Operation::Read(id) => list::read(state, id, call, desk),
        Operation::Update(id) => write::update(state, id, call, desk),
    }
}

/// A missing key and a wrong one get the same answer, as with the real one.
fn authenticate<'a>(call: &Call<'_>, desk: &Desk<'a>) -> Result<&'a Key, Refusal> {
    let value = call.header("authorization").and_then(|value| value.split_once(' '));
    let key = value.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key.trim());
    key.and_then(|key| desk.options.key(Provider::Imgix, key)).ok_or_else(|| Refusal::plain(401))
}

fn operation<'a>(segments: &[&'a str], method: &str) -> Result<Operation<'a>, Refusal> {
    match (segments, method) {
        (["sources"], "GET") => Ok(Operation::List),
        (["sources"], "POST") => Ok(Operation::Create),
        (["sources", id], "GET") if !id.is_empty() => Ok(Operation::Read(id)),
        (["sources", id], "PATCH") if !id.is_empty() => Ok(Operation::Update(id)),
        (["sources"], _) => Err(Refusal::plain(405)),
        (["sources", id], _) if !id.is_empty() => Err(Refusal::plain(405)),
        _ => Err(Refusal::plain(404)),
    }
}

fn admit(class: &'static str, key: &str, now: u64, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let limit = desk.options.limits.get(class).filter(|_| desk.options.rate_limits);
    let free = limit.is_none_or(|limit| desk.limits.admit(class, key, *limit, desk.options.window, now));
    if free { Ok(()) } else { Err(Refusal::plain(429)) }
}

//! `POST purge`, `POST publish`, `POST unpublish`.

use serde_json::{Map, Value, json};

use super::document;
use super::envelope::{Refusal, accept};
use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};
use crate::sandbox::route::address;

/// A purge of the same file within this time is answered with 409; it is carried out all the same.
const REPEATED_MS: u64 = 10_000;

/// `POST purge`
pub(super) fn purge(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let sent = document::attributes(call, "purges", None)?;
    let mut problems = strangers(&sent, &["url", "sub_image", "source_id"]);
    let url = required(&sent, "url", &mut problems);
    let sub_image = match sent.get("sub_image") {
        None => false,
        Some(value) => value.as_bool().unwrap_or_else(|| {
            problems.push("sub_image must be a boolean.".to_owned());
            false
        }),
    };
    match sent.get("source_id") {
        Some(Value::String(id)) if state.find(id).is_some() => {}
        Some(_) => problems.push("source_id is not a source of this account.".to_owned()),
        None if sub_image => problems.push("Missing required attribute: source_id.".to_owned()),
        None => {}
    }
    let file = url.and_then(|url| file(state, url, &mut problems));
    Refusal::unless_empty(problems)?;
    let file = file.ok_or_else(|| Refusal::plain(400))?;

    let repeated = state.purged.get(&file).is_some_and(|at| call.now.saturating_sub(*at) < REPEATED_MS);
    state.purged.retain(|_, at| call.now.saturating_sub(*at) < REPEATED_MS);
    if repeated {
        return Err(Refusal::new(409, "Duplicate purge request."));
    }
    state.purged.insert(file, call.now);
    Ok(receipt("purges", "purge_id", call, desk))
}

/// `POST publish`, `POST unpublish`; `named` is the source if the address names one.
pub(super) fn publish(
    state: &mut State,
    on: bool,
    named: &str,
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let (kind, receipt_name) = if on { ("publishes", "publish_id") } else { ("unpublishes", "unpublish_id") };
    let sent = document::attributes(call, kind, None)?;
    let mut problems = strangers(&sent, &["url", "source_id"]);
    let url = required(&sent, "url", &mut problems);
    let source = if named.is_empty() || sent.contains_key("source_id") {
        required(&sent, "source_id", &mut problems).unwrap_or_default()
    } else {
        named
    };
    if !named.is_empty() && source != named {
        problems.push("source_id is not the source of this address.".to_owned());
    }
    let file = url.and_then(|url| file(state, url, &mut problems));
    Refusal::unless_empty(problems)?;
    let found = state.find(source).ok_or_else(|| Refusal::plain(404))?;
    let (host, path) = file.ok_or_else(|| Refusal::plain(400))?;
    if !found.serves(&host) {
        return Err(Refusal::new(400, "The url is not of this source."));
    }
    let source = found.id.clone();
    let asset = state.assets.find_mut(&source, &path).ok_or_else(|| Refusal::plain(404))?;
    asset.unpublished = !on;
    Ok(receipt(kind, receipt_name, call, desk))
}

fn receipt(kind: &str, name: &str, call: &Call<'_>, desk: &mut Desk<'_>) -> Response {
    let id = desk.random.object_id(call.now / 1000);
    accept(200, &json!({ "attributes": { name: id }, "id": id, "type": kind }), None, desk.random)
}

/// Host and decoded path of a file of this account; the query does not matter.
fn file(state: &State, url: &str, problems: &mut Vec<String>) -> Option<(String, String)> {
    let Some((host, path)) = address(url).filter(|(_, path)| !path.is_empty()) else {
        problems.push("url must be the full URL of an image.".to_owned());
        return None;
    };
    if state.at_host(&host).is_none() {
        problems.push(format!("url: {host} does not belong to this account."));
        return None;
    }
    Some((host, path))
}

fn required<'a>(sent: &'a Map<String, Value>, name: &str, problems: &mut Vec<String>) -> Option<&'a str> {
    match sent.get(name) {
        Some(Value::String(text)) if !text.is_empty() => return Some(text),
        Some(_) => problems.push(format!("{name} must be a string and not empty.")),
        None => problems.push(format!("Missing required attribute: {name}.")),
    }
    None
}

fn strangers(sent: &Map<String, Value>, known: &[&str]) -> Vec<String> {
    let strange = sent.keys().filter(|name| !known.contains(&name.as_str()));
    strange.map(|name| format!("Unknown attribute: {name}.")).collect()
}

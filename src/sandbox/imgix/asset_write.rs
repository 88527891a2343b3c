//! Changing assets: what people say of them, and asking imgix to look at them.

use serde_json::{Map, Value};

use super::asset::Asset;
use super::content::media_type;
use super::document;
use super::envelope::{Refusal, accept};
use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};

const UPDATABLE: [&str; 4] = ["name", "description", "categories", "custom_fields"];

/// `PATCH sources/:source_id/assets/:origin_path`: lists and maps replace what was there.
pub(super) fn update(
    state: &mut State,
    (source, path): (&str, &str),
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let asset = state.assets.find_mut(source, path).ok_or_else(|| Refusal::plain(404))?;
    let sent = document::attributes(call, "assets", Some(&format!("{source}/{path}")))?;
    let shown = asset.show(source);
    let known = |name: &str| shown.get("attributes").is_some_and(|attributes| attributes.get(name).is_some());
    let mut problems: Vec<String> = sent
        .keys()
        .filter(|name| !UPDATABLE.contains(&name.as_str()))
        .map(|name| format!("{} attribute: {name}.", if known(name) { "Read-only" } else { "Unknown" }))
        .collect();
    problems.extend(faults(&sent));
    Refusal::unless_empty(problems)?;

    for (name, value) in &sent {
        match name.as_str() {
            "name" => asset.name = text(value),
            "description" => asset.description = text(value),
            "categories" => asset.categories = value.as_array().map(|list| list.iter().filter_map(text).collect()),
            _ => asset.custom_fields = value.as_object().cloned(),
        }
    }
    asset.date_modified = Some(call.now / 1000);
    Ok(accept(200, &asset.show(source), None, desk.random))
}

/// `POST sources/:source_id/assets/add/:origin_path`: whether it really is in the origin is not asked here.
pub(super) fn add(
    state: &mut State,
    (source, path): (&str, &str),
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let kind = state.find(source).ok_or_else(|| Refusal::plain(404))?.kind();
    if kind == "webproxy" {
        return Err(Refusal::new(400, "A webproxy source has no assets of its own."));
    }
    nothing_sent(call)?;
    if state.assets.find(source, path).is_none() {
        let content_type = media_type("", path);
        let asset = Asset { path: path.to_owned(), content_type, date_created: call.now / 1000, ..Asset::default() };
        state.assets.put(source, asset);
    }
    let asset = state.assets.find(source, path).ok_or_else(|| Refusal::plain(404))?;
    Ok(accept(202, &asset.show_briefly(source), None, desk.random))
}

/// `POST sources/:source_id/assets/refresh/:origin_path`
pub(super) fn refresh(
    state: &mut State,
    (source, path): (&str, &str),
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let asset = state.assets.find_mut(source, path).ok_or_else(|| Refusal::plain(404))?;
    nothing_sent(call)?;
    asset.date_modified = Some(call.now / 1000);
    Ok(accept(200, &asset.show(source), None, desk.random))
}

/// Calls that say everything in their address are sent without a body or with `{}`.
pub(super) fn nothing_sent(call: &Call<'_>) -> Result<(), Refusal> {
    let document: Option<Map<String, Value>> = serde_json::from_slice(call.body).ok();
    let fine = call.body.is_empty() || document.is_some_and(|document| document.is_empty());
    if fine { Ok(()) } else { Err(Refusal::new(400, "The body must be empty or an empty object.")) }
}

fn faults(sent: &Map<String, Value>) -> Vec<String> {
    let fault = |(name, value): (&String, &Value)| {
        let (fine, wish) = match name.as_str() {
            "name" | "description" => (value.is_string(), "a string or null"),
            "categories" => {
                let texts = value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
                (texts, "a list of strings or null")
            }
            "custom_fields" => {
                let texts = value.as_object().is_some_and(|map| map.values().all(Value::is_string));
                (texts, "an object of strings or null")
            }
            _ => return None,
        };
        (!fine && !value.is_null()).then(|| format!("{name} must be {wish}."))
    };
    sent.iter().filter_map(fault).collect()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

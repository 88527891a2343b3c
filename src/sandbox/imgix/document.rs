//! The JSON:API document of a write.

use serde_json::{Map, Value};

use super::envelope::Refusal;
use crate::sandbox::call::Call;

/// Reads the attributes of a document of type `kind`. `id` is that of the address: an update must name it, a creation must not.
pub(super) fn attributes(call: &Call<'_>, kind: &str, id: Option<&str>) -> Result<Map<String, Value>, Refusal> {
    // The documentation asks for the first; the second is accepted by the real one, as a client in production shows.
    if !["application/vnd.api+json", "application/json"].contains(&call.media_type().as_str()) {
        return Err(Refusal::plain(415));
    }
    let Ok(Value::Object(document)) = serde_json::from_slice(call.body) else {
        return Err(Refusal::new(400, "The body is not a JSON object."));
    };
    let mut problems = unknown(&document, "", &["data", "included", "jsonapi", "links", "meta"]);
    let Some(Value::Object(data)) = document.get("data") else {
        problems.insert(0, "Missing required member: data.".to_owned());
        return Refusal::unless_empty(problems).map(|()| Map::new());
    };
    problems.extend(unknown(data, "data.", &["attributes", "id", "links", "meta", "relationships", "type"]));
    let mut conflict = false;
    match data.get("type").map(Value::as_str) {
        Some(Some(given)) if given == kind => {}
        Some(Some(_)) => conflict = true,
        _ => problems.push("Missing required member: data.type.".to_owned()),
    }
    match (id, data.get("id")) {
        (None, None) => {}
        (None, Some(_)) => problems.push("The id of a new resource cannot be chosen.".to_owned()),
        (Some(_), None) => problems.push("Missing required member: data.id.".to_owned()),
        (Some(right), Some(given)) => conflict |= given.as_str() != Some(right),
    }
    if conflict {
        return Err(Refusal::plain(409));
    }
    let attributes = data.get("attributes").and_then(Value::as_object);
    if attributes.is_none() {
        problems.push("Missing required member: data.attributes.".to_owned());
    }
    Refusal::unless_empty(problems)?;
    Ok(attributes.cloned().unwrap_or_default())
}

fn unknown(object: &Map<String, Value>, place: &str, known: &[&str]) -> Vec<String> {
    let strange = object.keys().filter(|name| !known.contains(&name.as_str()));
    strange.map(|name| format!("Unknown member: {place}{name}.")).collect()
}

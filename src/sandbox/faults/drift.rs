//! A provider that has moved on.

use serde_json::{Value, json};

use super::Provider;

/// For each resource: another type, something new, and a kind of storage nobody knows.
pub(super) fn drift(provider: Provider, document: &mut Value) {
    let resources = match provider {
        Provider::Imgix => document.get_mut("data"),
        Provider::ImageBoss => Some(document),
    };
    match resources {
        Some(Value::Array(list)) => list.iter_mut().for_each(|resource| drift_one(provider, resource)),
        Some(resource) => drift_one(provider, resource),
        None => {}
    }
}

/// The attributes whose type changes, in whichever resource they are.
const RETYPED: [&str; 8] = [
    "date_deployed",
    "created_at",
    "date_created",
    "file_size",
    "period_end",
    "purge_id",
    "publish_id",
    "unpublish_id",
];

fn drift_one(provider: Provider, resource: &mut Value) {
    let attributes = match provider {
        Provider::Imgix => resource.get_mut("attributes"),
        Provider::ImageBoss => Some(resource),
    };
    let Some(attributes) = attributes.and_then(Value::as_object_mut).filter(|map| !map.is_empty()) else { return };
    for name in RETYPED {
        if let Some(value) = attributes.get_mut(name) {
            *value = if value.is_string() { json!(1_772_719_800) } else { json!("2026-03-05T14:10:00Z") };
        }
    }
    attributes.insert("storage_tier".to_owned(), json!({ "name": "frozen", "since": 1_772_719_800 }));
    for (name, unknown) in [("source_type", "backblaze"), ("media_kind", "HOLOGRAM"), ("report_type", "dreams")] {
        if let Some(value) = attributes.get_mut(name) {
            *value = json!(unknown);
        }
    }
    if let Some(kind) = attributes.get_mut("deployment").and_then(|deployment| deployment.get_mut("type")) {
        *kind = json!("imgix_storage");
    }
}

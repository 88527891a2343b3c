//! What each type of source needs, and how its credentials are shown.

use serde_json::{Map, Value};

/// What is shown in place of a secret.
const MASK: &str = "****";

/// Shown masked, whatever the type.
const SECRET: [&str; 3] = ["secret_access_key", "secret", "sas_token"];

/// One type of source.
pub(super) struct Type {
    pub(super) name: &'static str,
    /// In the order in which the sentences name them.
    required: &'static [&'static str],
    /// In the order in which answers show them.
    shown: &'static [&'static str],
}

static TYPES: [Type; 8] = [
    Type {
        name: "s3",
        required: &["access_key_id", "secret_access_key", "bucket", "region"],
        shown: &["bucket", "region", "access_key_id", "secret_access_key"],
    },
    Type { name: "gcs", required: &["access_key", "secret", "bucket"], shown: &["access_key", "secret", "bucket"] },
    Type {
        name: "dos",
        required: &["access_key", "secret", "bucket", "region"],
        shown: &["access_key", "secret", "bucket", "region"],
    },
    Type { name: "r2", required: &["access_key", "secret", "bucket"], shown: &["access_key", "secret", "bucket"] },
    Type {
        name: "akamai",
        required: &["access_key", "secret", "bucket", "endpoint"],
        shown: &["access_key", "secret", "bucket", "endpoint"],
    },
    Type { name: "wasabi", required: &["access_key", "secret", "bucket"], shown: &["access_key", "secret", "bucket"] },
    Type {
        name: "azure",
        required: &["account_name", "service_type", "sas_token"],
        shown: &["account_name", "service_type", "container_name", "share_name", "sas_token"],
    },
    Type { name: "url", required: &["url"], shown: &["url"] },
];

/// The type of that name.
pub(super) fn of_type(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|kind| kind.name == name)
}

impl Type {
    /// The attributes that are required and not there; an empty text is not there.
    pub(super) fn missing(&self, credentials: &Map<String, Value>) -> Vec<&'static str> {
        let place = match credentials.get("service_type").and_then(Value::as_str) {
            Some("blob") if self.name == "azure" => Some("container_name"),
            Some("file-share") if self.name == "azure" => Some("share_name"),
            _ => None,
        };
        let there = |name: &str| credentials.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        self.required.iter().copied().chain(place).filter(|name| !there(name)).collect()
    }
}

/// The credentials as answers show them: those of the type, any others, then the two about tokens.
pub(super) fn show(source_type: &str, kept: &Map<String, Value>) -> Map<String, Value> {
    let first = of_type(source_type).map(|kind| kind.shown).unwrap_or_default();
    let last = ["require_token", "secret_token"];
    let others = kept.keys().map(String::as_str).filter(|name| !first.contains(name) && !last.contains(name));
    let order = first.iter().copied().chain(others).chain(last);
    order
        .filter_map(|name| {
            let value = kept.get(name)?;
            Some((name.to_owned(), if SECRET.contains(&name) { MASK.into() } else { value.clone() }))
        })
        .collect()
}

//! Is a value what its field wants?

use serde_json::Value;

use super::fields::Kind;

/// What is wrong with a value, as the end of a sentence; `None` if nothing is.
pub(super) fn fault(kind: Kind, value: &Value) -> Option<String> {
    let text = value.as_str();
    let fine = match kind {
        Kind::Text => text.is_some_and(|text| !text.is_empty()),
        Kind::TextOrNull => value.is_null() || text.is_some(),
        Kind::Address => text.is_some_and(is_address),
        Kind::AddressOrNull => value.is_null() || text.is_some_and(is_address),
        Kind::Flag => value.is_boolean(),
        Kind::Whole(least, most) => value.as_u64().is_some_and(|number| (least..=most).contains(&number)),
        Kind::OneOf(allowed) => text.is_some_and(|text| allowed.contains(&text)),
        Kind::TextMap => value.as_object().is_some_and(|map| map.values().all(Value::is_string)),
        Kind::Subdomains => all(value, is_subdomain) && value.as_array().is_some_and(|list| !list.is_empty()),
        Kind::Domains => all(value, is_domain),
    };
    if fine { None } else { Some(wish(kind)) }
}

fn wish(kind: Kind) -> String {
    match kind {
        Kind::Text => "must be a string and not empty".to_owned(),
        Kind::TextOrNull => "must be a string or null".to_owned(),
        Kind::Address => "must be a URL".to_owned(),
        Kind::AddressOrNull => "must be a URL or null".to_owned(),
        Kind::Flag => "must be a boolean".to_owned(),
        Kind::Whole(least, most) => format!("must be an integer between {least} and {most}"),
        Kind::OneOf(allowed) => format!("must be one of {}", allowed.join(", ")),
        Kind::TextMap => "must be an object of strings".to_owned(),
        Kind::Subdomains => {
            "must be a list of at least one subdomain: up to 63 of a-z, 0-9 and -, without .imgix.net".to_owned()
        }
        Kind::Domains => "must be a list of domains".to_owned(),
    }
}

/// A list of text that all passes, with nothing in it twice.
fn all(value: &Value, passes: impl Fn(&str) -> bool) -> bool {
    let Some(list) = value.as_array() else { return false };
    let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    let distinct: std::collections::BTreeSet<&str> = texts.iter().copied().collect();
    texts.len() == list.len() && distinct.len() == list.len() && texts.into_iter().all(passes)
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or("");
    !host.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_subdomain(text: &str) -> bool {
    (1..=63).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label) && !text.ends_with(".imgix.net")
}

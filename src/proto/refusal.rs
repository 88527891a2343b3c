//! The words of a refusal, whichever way a provider wraps them.

use std::borrow::Cow;

use super::operation::Wire;
use crate::schema::json;
use crate::schema::{Code, Problem, text};

/// What the provider says in the body of a 4xx or 5xx, by field where that is certain, and its id for support.
pub(crate) fn words(wire: &dyn Wire, body: &str) -> (Vec<Problem>, Option<String>) {
    let (mut problems, mut id) = (Vec::new(), None);
    let body = body.strip_prefix('\u{feff}').unwrap_or(body).trim_ascii().as_bytes();
    if json::check(body).is_err() {
        return (problems, id);
    }
    let errors = json::at(body, "errors");
    for error in json::items(errors) {
        if tell(error, None, wire, &mut problems) && id.is_none() {
            id = said_at(error, "id").map(Cow::into_owned);
        }
    }
    for (key, value) in json::members(errors) {
        let name = key.decode();
        // Rails puts under `base` what belongs to no field.
        let field = Some(if name == "base" { "" } else { &*name });
        for said in json::items(value) {
            tell(said, field, wire, &mut problems);
        }
        tell(value, field, wire, &mut problems);
    }
    // Not what the provider documents: a gateway in between, or another kind of document.
    for name in &["errors", "error", "message"] {
        if problems.is_empty() {
            tell(json::at(body, name), None, wire, &mut problems);
        }
    }
    (problems, id)
}

/// Adds a problem if `raw` is a text that says something, or an object with such texts. Without a `field` it is that which a
/// pointer of JSON:API names.
fn tell(raw: &[u8], field: Option<&str>, wire: &dyn Wire, problems: &mut Vec<Problem>) -> bool {
    let mut words = said(raw).unwrap_or_default().into_owned();
    for name in &["message", "title", "detail"] {
        join(&mut words, ": ", &said_at(raw, name).unwrap_or_default());
    }
    if words.is_empty() {
        return false;
    }
    let pointer = json::string_at(json::at(raw, "source"), "pointer").unwrap_or_default();
    let mut path = String::new();
    let mut rest = pointer.strip_prefix("/data/attributes").unwrap_or_default();
    while let Some((_, behind)) = text::split(rest, b'/') {
        join(&mut path, ".", text::cut(behind, b'/').0);
        rest = behind;
    }
    problems.push(match field {
        None if path.is_empty() => wire.sentence(&words),
        _ => Problem::error(field.unwrap_or(&path), Code::Declined, &words),
    });
    true
}

/// Adds a part, if there is something in it, with a mark between it and those before it.
pub(crate) fn join(out: &mut String, mark: &str, part: &str) {
    if !out.is_empty() && !part.is_empty() {
        out.push_str(mark);
    }
    out.push_str(part);
}

/// A text that says something.
fn said(raw: &[u8]) -> Option<Cow<'_, str>> {
    json::string(raw).filter(|said| !text::is_blank(said))
}

/// The text under `name` in the object `raw`, if it says something.
#[inline(never)]
fn said_at<'a>(raw: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    json::member(raw, name).and_then(said)
}

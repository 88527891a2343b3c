//! Bare JSON as ImageBoss writes it: requests are wrapped in `source`, answers are not wrapped at all.

use crate::proto::operation::{Answer, Operation, Wire};
use crate::proto::read::{Reader, Unreadable};
use crate::proto::url::Query;
use crate::proto::wire::{note_id, said, said_at, unreadable};
use crate::schema::json::{self, Cursor, ObjectWriter, Shape};
use crate::schema::pattern::holds;
use crate::schema::{Code, Problem, Table, text};

/// Bare JSON.
#[derive(Debug)]
pub(super) struct Bare;

impl Wire for Bare {
    fn query(&self, _: &Operation, _: &[u8], _: &mut Query<'_>) {}

    fn body(&self, _: &Operation, _: &[String], attributes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(attributes.len() + 12);
        let mut document = ObjectWriter::new(&mut out);
        document.raw("source", attributes);
        document.close();
        out
    }

    fn read(&self, operation: &Operation, body: &[u8], reader: &mut Reader) -> Result<(), Unreadable> {
        json::check(body)?;
        // The documentation shows no single-source body and no other wrapper; should there be one, it is taken off.
        let whole = match (operation.answer, Shape::of(body)) {
            (Answer::List(_), Some(Shape::Object)) => unwrapped(body, &["sources", "data"], Shape::Array, reader),
            (Answer::One(_), Some(Shape::Object)) if json::member(body, "id").is_none() => {
                unwrapped(body, &["source", "data"], Shape::Object, reader)
            }
            _ => None,
        }
        .unwrap_or(body);
        if json::member(whole, "id").is_none() && json::member(whole, "errors").is_some() {
            return Err(unreadable(&["it holds errors and no source"]));
        }
        let mut cursor = Cursor::trusted(whole);
        match (operation.answer, cursor.shape()?) {
            (Answer::One(table), Shape::Object) => source(&mut cursor, table, reader),
            (Answer::List(table), Shape::Array) => reader.list(&mut cursor, table, &source),
            (_, shape) => Err(unreadable(&["it is of type ", shape.name()])),
        }
    }

    fn declined(&self, body: &[u8]) -> (Vec<Problem>, Option<String>) {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
        if json::check(body).is_err() {
            return (Vec::new(), None);
        }
        let mut problems = Vec::new();
        let errors = json::member(body, "errors").unwrap_or_default();
        for said in json::items(errors) {
            tell(said, None, &mut problems);
        }
        for (key, value) in json::members(errors) {
            let name = key.decode();
            // Rails puts under `base` what belongs to no field.
            let field = if name == "base" { "" } else { name.as_ref() };
            for said in json::items(value) {
                tell(said, Some(field), &mut problems);
            }
            tell(value, Some(field), &mut problems);
        }
        for name in &["errors", "error", "message"] {
            if problems.is_empty() {
                tell(json::member(body, name).unwrap_or_default(), None, &mut problems);
            }
        }
        (problems, None)
    }
}

/// Adds a problem if `raw` is a text, or an object with one that describes an error.
fn tell(raw: &[u8], field: Option<&str>, problems: &mut Vec<Problem>) {
    let mut words = said(raw);
    for name in &["message", "detail", "title"] {
        words = words.or_else(|| said_at(raw, name));
    }
    if let Some(words) = words {
        problems.push(match field {
            Some(field) => Problem::error(field, Code::Declined, &words),
            None => sentence(&words),
        });
    }
}

/// The object or array under one of `names`, noted as drift.
fn unwrapped<'a>(body: &'a [u8], names: &[&str], shape: Shape, reader: &mut Reader) -> Option<&'a [u8]> {
    let found = names.iter().find_map(|name| json::member(body, name).filter(|raw| Shape::of(raw) == Some(shape)))?;
    reader.drift("", "no wrapper", "object");
    Some(found)
}

fn source(cursor: &mut Cursor<'_>, table: &'static Table, reader: &mut Reader) -> Result<(), Unreadable> {
    let raw = reader.checked(cursor, table, "")?;
    note_id(json::member(raw, "id").unwrap_or_default(), reader);
    reader.out.extend_from_slice(raw);
    Ok(())
}

/// A sentence of ImageBoss, mapped to its field where the documentation tells which one is meant.
fn sentence(said: &str) -> Problem {
    if holds("Credential [^ ]{1,} is required for * sources", said) {
        let attribute = text::cut(said.get("Credential ".len()..).unwrap_or_default(), b' ').0;
        Problem::error(&["credential_attributes.", attribute].concat(), Code::Required, said)
    } else if said == "Source has already been taken" {
        Problem::error("source", Code::Taken, said)
    } else {
        Problem::error("", Code::Declined, said)
    }
}

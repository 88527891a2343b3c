//! Bare JSON as ImageBoss writes it: requests are wrapped in `source`, answers are not wrapped at all.

use crate::proto::operation::{Answer, Operation, Wire};
use crate::proto::read::{Reader, Unreadable, shape_name};
use crate::proto::url::Query;
use crate::schema::json::{self, Cursor, ObjectWriter, Shape};
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
            return Err("it holds errors and no source".into());
        }
        let mut cursor = Cursor::trusted(whole);
        match (operation.answer, cursor.shape()?) {
            (Answer::One(table), Shape::Object) => source(&mut cursor, table, reader),
            (Answer::List(table), Shape::Array) => reader.list(&mut cursor, table, &source),
            (_, shape) => Err(["it is of type ", shape.name()].concat().as_str().into()),
        }
    }

    fn declined(&self, body: &[u8]) -> (Vec<Problem>, Option<String>) {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
        if json::check(body).is_err() {
            return (Vec::new(), None);
        }
        let mut problems = Vec::new();
        let errors = json::member(body, "errors").unwrap_or_default();
        problems.extend(json::items(errors).filter_map(words).map(|said| sentence(&said)));
        for (key, value) in json::members(errors) {
            let name = key.decode();
            // Rails puts under `base` what belongs to no field.
            let field = if name == "base" { "" } else { name.as_ref() };
            for said in json::items(value).filter_map(words).chain(words(value)) {
                problems.push(Problem::error(field, Code::Declined, &said));
            }
        }
        let others = [Some(errors), json::member(body, "error"), json::member(body, "message")];
        if problems.is_empty() {
            problems.extend(others.into_iter().flatten().find_map(words).map(|said| sentence(&said)));
        }
        problems.retain(|problem| !text::is_blank(&problem.message));
        (problems, None)
    }
}

/// A text, or the text in an object that describes an error.
fn words(raw: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    let found = json::string(raw)
        .or_else(|| ["message", "detail", "title"].into_iter().find_map(|name| json::string_at(raw, name)));
    found.filter(|said| !text::is_blank(said))
}

/// The object or array under one of `names`, noted as drift.
fn unwrapped<'a>(body: &'a [u8], names: &[&str], shape: Shape, reader: &mut Reader) -> Option<&'a [u8]> {
    let found = names.iter().find_map(|name| json::member(body, name).filter(|raw| Shape::of(raw) == Some(shape)))?;
    reader.drift("", "no wrapper", "object");
    Some(found)
}

fn source(cursor: &mut Cursor<'_>, table: &'static Table, reader: &mut Reader) -> Result<(), Unreadable> {
    let raw = reader.checked(cursor, table, "")?;
    let id = json::member(raw, "id").unwrap_or_default();
    if Shape::of(id) != Some(Shape::String) {
        reader.drift("id", "string", shape_name(id));
    }
    reader.out.extend_from_slice(raw);
    Ok(())
}

/// A sentence of ImageBoss, mapped to its field where the documentation tells which one is meant.
fn sentence(said: &str) -> Problem {
    let rest = said.strip_prefix("Credential ").filter(|_| said.ends_with(" sources")).unwrap_or_default();
    let (attribute, what) = text::cut(rest, b' ');
    if !attribute.is_empty() && what.starts_with(" is required for ") {
        Problem::error(&["credential_attributes.", attribute].concat(), Code::Required, said)
    } else if said == "Source has already been taken" {
        Problem::error("source", Code::Taken, said)
    } else {
        Problem::error("", Code::Declined, said)
    }
}

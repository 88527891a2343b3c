//! Bare JSON as ImageBoss writes it: requests are wrapped in `source`, answers are not wrapped at all.

use crate::proto::operation::{Answer, Operation, Wire};
use crate::proto::read::Reader;
use crate::proto::url::Query;
use crate::proto::wire::note_id;
use crate::schema::json::{self, Broken, Cursor, ObjectWriter, Shape};
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

    fn read(&self, operation: &Operation, cursor: &mut Cursor<'_>, reader: &mut Reader) -> Result<(), Broken> {
        let body = cursor.value()?;
        cursor.end()?;
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
            return reader.fail(&["it holds errors and no source"]);
        }
        reader.resources(operation.answer, &mut Cursor::trusted(whole), source, "it")
    }

    /// The documentation tells which field some sentences mean.
    fn sentence(&self, said: &str) -> Problem {
        if holds("Credential [^ ]{1,} is required for * sources", said) {
            let attribute = text::cut(said.get("Credential ".len()..).unwrap_or_default(), b' ').0;
            Problem::error(&["credential_attributes.", attribute].concat(), Code::Required, said)
        } else if said == "Source has already been taken" {
            Problem::error("source", Code::Taken, said)
        } else {
            Problem::error("", Code::Declined, said)
        }
    }
}

/// The object or array under one of `names`, noted as drift.
fn unwrapped<'a>(body: &'a [u8], names: &[&str], shape: Shape, reader: &mut Reader) -> Option<&'a [u8]> {
    let found = names.iter().find_map(|name| json::member(body, name).filter(|raw| Shape::of(raw) == Some(shape)))?;
    reader.drift("", "no wrapper", "object");
    Some(found)
}

fn source(cursor: &mut Cursor<'_>, table: &'static Table, reader: &mut Reader) -> Result<(), Broken> {
    let raw = reader.checked(cursor, table)?;
    note_id(json::at(raw, "id"), reader);
    reader.out.extend_from_slice(raw);
    Ok(())
}

//! The JSON:API envelope as imgix writes it.

use std::borrow::Cow;

use crate::proto::operation::{Answer, Operation, Wire};
use crate::proto::read::{PageInfo, Reader, Unreadable, shape_name};
use crate::proto::url::Query;
use crate::schema::json::{self, Cursor, ObjectWriter, Shape};
use crate::schema::{Code, Problem, Table, text};

/// JSON:API 1.0 with page numbers.
#[derive(Debug)]
pub(super) struct JsonApi;

/// The resource type that stands in documents: the first word of the operation's name.
fn resource_type(operation: &Operation) -> &'static str {
    text::cut(operation.name, b'.').0
}

/// A string, or the text of another scalar.
fn scalar(raw: &[u8]) -> Cow<'_, str> {
    json::string(raw).unwrap_or_else(|| Cow::Borrowed(json::as_text(raw)))
}

/// The id of what a path names: a source, or an asset by source and path.
fn path_of(ids: &[String]) -> String {
    let mut out = String::new();
    for id in ids {
        if !out.is_empty() {
            out.push('/');
        }
        out.push_str(id);
    }
    out
}

/// A JSON pointer below the attributes as a dotted path.
fn dotted(pointer: &str) -> String {
    pointer.chars().map(|letter| if letter == '/' { '.' } else { letter }).collect()
}

impl Wire for JsonApi {
    fn query(&self, operation: &Operation, options: &[u8], query: &mut Query<'_>) {
        for (key, value) in json::members_at(options, "filter") {
            let name = ["filter[", &key.decode(), "]"].concat();
            query.pair(&name, &scalar(value));
        }
        let joined = |name: &str| {
            let mut out = String::new();
            for item in json::items(json::member(options, name).unwrap_or_default()).filter_map(json::string) {
                if !out.is_empty() {
                    out.push(',');
                }
                out.push_str(&item);
            }
            (!out.is_empty()).then_some(out)
        };
        if let Some(sort) = joined("sort") {
            query.pair("sort", &sort);
        }
        if let Some(fields) = joined("fields") {
            query.pair(&["fields[", resource_type(operation), "]"].concat(), &fields);
        }
        for (key, value) in json::members_at(options, "page") {
            query.pair(&["page[", &key.decode(), "]"].concat(), &scalar(value));
        }
    }

    fn body(&self, operation: &Operation, ids: &[String], attributes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(attributes.len() + 96);
        let mut document = ObjectWriter::new(&mut out);
        let mut data = ObjectWriter::new(document.key("data"));
        data.raw("attributes", attributes);
        if !ids.is_empty() {
            data.string("id", &path_of(ids));
        }
        data.string("type", resource_type(operation));
        data.close();
        document.raw("jsonapi", br#"{"version":"1.0"}"#);
        document.close();
        out
    }

    fn read(&self, operation: &Operation, body: &[u8], reader: &mut Reader) -> Result<(), Unreadable> {
        let mut cursor = Cursor::new(body)?;
        document(operation, &mut cursor, reader)
            .map_err(|error| if error.reason.is_empty() { cursor.bad().into() } else { error })
    }

    fn declined(&self, body: &[u8]) -> (Vec<Problem>, Option<String>) {
        if json::check(body.trim_ascii()).is_err() {
            return (Vec::new(), None);
        }
        let body = body.trim_ascii();
        let errors = json::member(body, "errors").unwrap_or_default();
        let mut id = None;
        let mut problems = Vec::new();
        for error in json::items(errors) {
            let said = |name| json::string_at(error, name).filter(|said| !text::is_blank(said));
            let words = match (said("title"), said("detail")) {
                (Some(title), Some(detail)) => [&title, ": ", &detail].concat(),
                (Some(one), None) | (None, Some(one)) => one.into_owned(),
                (None, None) => match json::string(error) {
                    Some(one) => one.into_owned(),
                    None => continue,
                },
            };
            let pointer = json::member(error, "source").and_then(|source| json::string_at(source, "pointer"));
            let field = pointer.as_deref().and_then(|pointer| pointer.strip_prefix("/data/attributes/"));
            problems.push(Problem::error(&dotted(field.unwrap_or_default()), Code::Declined, &words));
            id = id.or_else(|| said("id").map(std::borrow::Cow::into_owned));
        }
        if problems.is_empty() {
            // Not JSON:API after all: a gateway in between, or another kind of document.
            let said = [
                errors,
                json::member(body, "error").unwrap_or_default(),
                json::member(body, "message").unwrap_or_default(),
            ];
            problems.extend(
                said.into_iter()
                    .filter_map(json::string)
                    .filter(|said| !text::is_blank(said))
                    .map(|said| Problem::error("", Code::Declined, &said)),
            );
        }
        (problems, id)
    }
}

/// A document of 2xx, from its first byte to its last.
fn document(operation: &Operation, cursor: &mut Cursor<'_>, reader: &mut Reader) -> Result<(), Unreadable> {
    if cursor.shape()? != Shape::Object {
        cursor.skip()?;
        return Err("it is no JSON:API document but another kind of JSON".into());
    }
    let (mut data, mut meta, mut errors) = (false, None, None);
    cursor.enter()?;
    while cursor.more(b'}')? {
        let key = cursor.key()?;
        if key.is("data") {
            // The last of two members of one name wins, as with `JSON.parse`.
            data = true;
            reader.out.clear();
            read_data(operation, cursor, reader)?;
        } else {
            let value = cursor.value()?;
            if key.is("meta") {
                meta = Some(value);
            } else if key.is("errors") {
                errors = Some(value);
            }
        }
    }
    cursor.end()?;
    if !data {
        return Err(if errors.is_some() { "it holds errors and no data".into() } else { "it holds no data".into() });
    }
    if let Some(errors) = errors {
        reader.drift("errors", "nothing beside data", shape_name(errors));
    }
    if matches!(operation.answer, Answer::List(_)) {
        reader.page = page(meta.unwrap_or(b"{}"), reader);
    }
    Ok(())
}

fn read_data(operation: &Operation, cursor: &mut Cursor<'_>, reader: &mut Reader) -> Result<(), Unreadable> {
    match (operation.answer, cursor.shape()?) {
        (Answer::One(table), Shape::Object) => resource(cursor, table, reader),
        (Answer::List(table), Shape::Array) => reader.list(cursor, table, &resource),
        (_, shape) => {
            cursor.skip()?;
            Err(["its data is of type ", shape.name()].concat().as_str().into())
        }
    }
}

/// One resource object: its attributes are checked in place, then written flat.
fn resource(cursor: &mut Cursor<'_>, table: &'static Table, reader: &mut Reader) -> Result<(), Unreadable> {
    let (mut attributes, mut id, mut kind, mut relationships): (&[u8], _, _, _) = (b"{}", None, None, None);
    cursor.enter()?;
    while cursor.more(b'}')? {
        let key = cursor.key()?;
        if key.is("attributes") {
            let shape = cursor.shape()?;
            let raw = reader.checked(cursor, table, "")?;
            attributes = if shape == Shape::Object { raw } else { b"{}" };
        } else {
            let value = cursor.value()?;
            if key.is("id") {
                id = Some(value);
            } else if key.is("type") {
                kind = Some(value);
            } else if key.is("relationships") {
                relationships = Some(value);
            }
        }
    }
    if Shape::of(id.unwrap_or_default()) != Some(Shape::String) {
        reader.drift("id", "string", shape_name(id.unwrap_or_default()));
    }
    reader.resource(attributes, id, kind, relationships);
    Ok(())
}

/// How the list goes on, from `meta.pagination`.
fn page(meta: &[u8], reader: &mut Reader) -> PageInfo {
    let Some(pagination) = json::member(meta, "pagination") else { return PageInfo::default() };
    // Numbers are declared; strings of digits are taken as well, as the asset lists have them.
    let number = |name: &str| {
        let raw = json::member(pagination, name)?;
        text::number(&scalar(raw))
    };
    let next = number("nextPage");
    let more = match json::member(pagination, "hasNextPage").map(scalar).as_deref() {
        Some("true" | "1") => true,
        Some("false" | "0") => false,
        _ => next.is_some(),
    };
    let next = next.or_else(|| number("currentPage").map(|current| current + 1));
    if more && next.is_none() {
        reader.drift("meta.pagination.nextPage", "integer", "nothing");
    }
    // What is not known here, the next page or its size, the list takes from what was asked for.
    let next = more.then(|| {
        let mut page = Vec::new();
        let mut object = ObjectWriter::new(&mut page);
        for (name, value) in [("number", next), ("size", number("pageSize").filter(|size| *size > 0))] {
            if let Some(value) = value {
                object.number(name, value.into());
            }
        }
        object.close();
        json::as_text(&page).to_owned()
    });
    PageInfo { total: number("totalRecords").map(f64::from), next }
}

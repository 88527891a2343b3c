//! The JSON:API envelope as imgix writes it.

use std::borrow::Cow;

use crate::proto::operation::{Answer, Operation, Wire};
use crate::proto::read::{PageInfo, Reader, Unreadable, shape_name};
use crate::proto::url::Query;
use crate::proto::wire::{members, note_id, said, said_at, unreadable};
use crate::schema::json::{self, Cursor, ObjectWriter, Shape};
use crate::schema::pattern::holds;
use crate::schema::{Code, Kind, Problem, Table, text};

/// JSON:API 1.0 with page numbers.
#[derive(Debug)]
pub(super) struct JsonApi;

/// The resource type that stands in documents: the first word of the operation's name, unless it says otherwise.
fn resource_type(operation: &Operation) -> &'static str {
    if operation.document.is_empty() { text::cut(operation.name, b'.').0 } else { operation.document }
}

/// A string, or the text of another scalar.
fn scalar(raw: &[u8]) -> Cow<'_, str> {
    json::string(raw).unwrap_or_else(|| Cow::Borrowed(json::as_text(raw)))
}

/// Adds a part, if there is something in it, with a mark between it and those before it.
fn join(out: &mut String, mark: &str, part: &str) {
    if !out.is_empty() && !part.is_empty() {
        out.push_str(mark);
    }
    out.push_str(part);
}

/// Writes every member of an option as a parameter of its own, such as `page[number]=1`.
fn bracketed(options: &[u8], name: &str, query: &mut Query<'_>) {
    for (key, value) in json::members_at(options, name) {
        query.pair(&[name, "[", &key.decode(), "]"].concat(), &scalar(value));
    }
}

/// Writes an option that lists names as one parameter.
fn listed(options: &[u8], name: &str, parameter: &str, query: &mut Query<'_>) {
    let mut names = String::new();
    for item in json::items(json::member(options, name).unwrap_or_default()) {
        join(&mut names, ",", &json::string(item).unwrap_or_default());
    }
    if !names.is_empty() {
        query.pair(parameter, &names);
    }
}

impl Wire for JsonApi {
    fn query(&self, operation: &Operation, options: &[u8], query: &mut Query<'_>) {
        bracketed(options, "filter", query);
        listed(options, "sort", "sort", query);
        listed(options, "fields", &["fields[", resource_type(operation), "]"].concat(), query);
        bracketed(options, "page", query);
    }

    fn body(&self, operation: &Operation, ids: &[String], attributes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(attributes.len() + 96);
        let mut document = ObjectWriter::new(&mut out);
        let mut data = ObjectWriter::new(document.key("data"));
        data.raw("attributes", attributes);
        // A source has one id, an asset that of its source and its path.
        let mut path = String::new();
        for id in ids {
            join(&mut path, "/", id);
        }
        if !path.is_empty() {
            data.string("id", &path);
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
        let (mut problems, mut id) = (Vec::new(), None);
        let body = body.trim_ascii();
        if json::check(body).is_err() {
            return (problems, id);
        }
        let errors = json::member(body, "errors").unwrap_or_default();
        for error in json::items(errors) {
            let mut words = said(error).unwrap_or_default().into_owned();
            for name in &["title", "detail"] {
                join(&mut words, ": ", &said_at(error, name).unwrap_or_default());
            }
            if words.is_empty() {
                continue;
            }
            let source = json::member(error, "source").unwrap_or_default();
            let pointer = json::string_at(source, "pointer").unwrap_or_default();
            let mut field = String::new();
            let mut rest = pointer.strip_prefix("/data/attributes").unwrap_or_default();
            while let Some((_, behind)) = text::split(rest, b'/') {
                join(&mut field, ".", text::cut(behind, b'/').0);
                rest = behind;
            }
            Problem::add(&mut problems, &field, Code::Declined, &words);
            if id.is_none() {
                id = said_at(error, "id").map(Cow::into_owned);
            }
        }
        if problems.is_empty() {
            // Not JSON:API after all: a gateway in between, or another kind of document.
            for name in &["errors", "error", "message"] {
                if let Some(words) = said_at(body, name) {
                    Problem::add(&mut problems, "", Code::Declined, &words);
                }
            }
        }
        (problems, id)
    }
}

/// A document of 2xx, from its first byte to its last.
fn document(operation: &Operation, cursor: &mut Cursor<'_>, reader: &mut Reader) -> Result<(), Unreadable> {
    if cursor.shape()? != Shape::Object {
        cursor.skip()?;
        return Err(unreadable(&["it is no JSON:API document but another kind of JSON"]));
    }
    let mut data = false;
    let mut read = |cursor: &mut Cursor<'_>| {
        // The last of two members of one name wins, as with `JSON.parse`.
        data = true;
        reader.out.clear();
        match (operation.answer, cursor.shape()?) {
            (Answer::One(table) | Answer::Maybe(table) | Answer::Receipt(table), Shape::Object) => {
                resource(cursor, table, reader)
            }
            (Answer::List(table), Shape::Array) => reader.list(cursor, table, &resource),
            (_, shape) => {
                cursor.skip()?;
                Err(unreadable(&["its data is of type ", shape.name()]))
            }
        }
    };
    let [meta, errors, cursor_beside] = members(cursor, "data", &mut read, ["meta", "errors", "cursor"])?;
    cursor.end()?;
    if !data {
        return Err(unreadable(&["it holds ", if errors.is_some() { "errors and " } else { "" }, "no data"]));
    }
    if let Some(errors) = errors {
        reader.drift("errors", "nothing beside data", shape_name(errors));
    }
    if let Answer::List(_) = operation.answer {
        // One reader of this API expects the cursor beside `meta` and not in it.
        reader.page = match cursor_beside {
            Some(cursor) => cursor_page(cursor, reader),
            None => page(meta.unwrap_or_default(), asks_by_cursor(operation), reader),
        };
    }
    Ok(())
}

/// One resource object: its attributes are checked in place, then written flat.
fn resource(cursor: &mut Cursor<'_>, table: &'static Table, reader: &mut Reader) -> Result<(), Unreadable> {
    let mut attributes = &b"{}"[..];
    let [id, kind, relationships] = members(
        cursor,
        "attributes",
        &mut |cursor| {
            let shape = cursor.shape()?;
            let raw = reader.checked(cursor, table, "")?;
            attributes = if shape == Shape::Object { raw } else { b"{}" };
            Ok(())
        },
        ["id", "type", "relationships"],
    )?;
    note_id(id.unwrap_or_default(), reader);
    reader.resource(attributes, id, kind, relationships);
    Ok(())
}

/// The number under `name`. Numbers are declared; strings of digits are taken as well, as the asset lists have them.
#[inline(never)]
fn number(pagination: &[u8], name: &str) -> Option<u32> {
    text::number(&scalar(json::member(pagination, name)?))
}

/// Are its pages asked for by a mark, and not by a number?
fn asks_by_cursor(operation: &Operation) -> bool {
    let page = operation.options.field("page").map(|page| page.kind);
    matches!(page, Some(Kind::Object(page)) if page.field("cursor").is_some())
}

/// How the list goes on, from `meta.pagination`, or from `meta.cursor` where there is no other or the operation takes it.
fn page(meta: &[u8], by_cursor: bool, reader: &mut Reader) -> PageInfo {
    let pagination = json::member(meta, "pagination");
    if let Some(cursor) = json::member(meta, "cursor").filter(|_| by_cursor || pagination.is_none()) {
        return cursor_page(cursor, reader);
    }
    let Some(pagination) = pagination else { return PageInfo::default() };
    let next = number(pagination, "nextPage");
    let more = json::as_text(json::member(pagination, "hasNextPage").unwrap_or_default());
    let more =
        if next.is_some() { !holds("false|0|\"false\"|\"0\"", more) } else { holds("true|1|\"true\"|\"1\"", more) };
    let next = next.or_else(|| number(pagination, "currentPage").map(|current| current + 1));
    if more && next.is_none() {
        reader.drift("meta.pagination.nextPage", "integer", "nothing");
    }
    // What is not known here, the next page or its size, the list takes from what was asked for.
    let next = more.then(|| {
        let mut page = Vec::new();
        let mut object = ObjectWriter::new(&mut page);
        for (name, value) in [("number", next), ("size", number(pagination, "pageSize").filter(|size| *size > 0))] {
            if let Some(value) = value {
                object.number(name, value.into());
            }
        }
        object.close();
        json::as_text(&page).to_owned()
    });
    PageInfo { total: number(pagination, "totalRecords").map(f64::from), next }
}

/// How the list goes on, from `meta.cursor`: a mark that is given back as it came.
fn cursor_page(cursor: &[u8], reader: &mut Reader) -> PageInfo {
    let given = |name: &str| Some(scalar(json::given(cursor, name)?)).filter(|text| !text.is_empty());
    let next = given("next");
    let more = match given("hasMore").as_deref() {
        Some("true" | "1") => true,
        Some(_) => false,
        None => next.is_some() && next != given("current"),
    };
    if more && next.is_none() {
        reader.drift("meta.cursor.next", "string", "nothing");
    }
    let next = next.filter(|_| more).map(|next| {
        let mut page = Vec::new();
        let mut object = ObjectWriter::new(&mut page);
        object.string("cursor", &next);
        object.close();
        json::as_text(&page).to_owned()
    });
    PageInfo { total: given("totalRecords").and_then(|total| text::number(&total)).map(f64::from), next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_refusal_are_joined() {
        for (error, words) in [
            (r#"{"title":"T","detail":"D"}"#, &["T: D"][..]),
            (r#"{"title":"T"}"#, &["T"]),
            (r#"{"title":" ","detail":"D"}"#, &["D"]),
            (r#""S""#, &["S"]),
            (r#"{"source":{"pointer":"/data/attributes/a"}}"#, &[]),
        ] {
            let (problems, id) = JsonApi.declined([r#"{"errors":["#, error, "]}"].concat().as_bytes());
            assert_eq!(problems.iter().map(|problem| &*problem.message).collect::<Vec<_>>(), words);
            assert_eq!(id, None);
        }
    }
}

//! The JSON:API envelope as imgix writes it.

use std::borrow::Cow;

use super::paging::{CURSOR, MOST};
use crate::proto::operation::{Answer, Operation, Wire};
use crate::proto::read::{PageInfo, Reader, shape_name};
use crate::proto::refusal::join;
use crate::proto::url::Query;
use crate::proto::wire::{note_id, to_member};
use crate::schema::json::{self, Broken, Cursor, ObjectWriter, Shape, Text};
use crate::schema::pattern::holds;
use crate::schema::{Table, text};

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

/// Writes every member of an option as a parameter of its own, such as `page[number]=1`.
fn bracketed(options: &[u8], name: &str, query: &mut Query<'_>) {
    for (key, value) in json::members_at(options, name) {
        query.pair(&[name, "[", &key.decode(), "]"].concat(), &scalar(value));
    }
}

/// Writes an option that lists names as one parameter.
fn listed(options: &[u8], name: &str, parameter: &str, query: &mut Query<'_>) {
    let mut names = String::new();
    for item in json::items(json::at(options, name)) {
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

    fn read(&self, operation: &Operation, cursor: &mut Cursor<'_>, reader: &mut Reader) -> Result<(), Broken> {
        if cursor.shape()? != Shape::Object {
            cursor.skip()?;
            return reader.fail(&["it is no JSON:API document but another kind of JSON"]);
        }
        let (mut found, mut beside) = (None, [&b""[..]; 3]);
        cursor.enter()?;
        while to_member(cursor, "data", &["meta", "errors", "cursor"], &mut beside)? {
            // The last of two members of one name wins, as with `JSON.parse`.
            reader.out.clear();
            reader.checker.drift.clear();
            let before = cursor.clone();
            let read = reader.resources(operation.answer, cursor, resource, "its data");
            if read.is_err() {
                // Broken JSON breaks here again; of what is no resource another member may tell better.
                *cursor = before;
                cursor.skip()?;
            }
            found = Some(read);
        }
        cursor.end()?;
        let [meta, errors, mark] = beside;
        let Some(read) = found else {
            if let (Answer::Maybe(_), true) = (operation.answer, errors.is_empty()) {
                return Ok(());
            }
            return reader.fail(&["it holds ", if errors.is_empty() { "" } else { "errors and " }, "no data"]);
        };
        read?;
        if !errors.is_empty() {
            reader.drift("errors", "nothing beside data", shape_name(errors));
        }
        if let Answer::List(_) = operation.answer {
            reader.page = page(meta, mark, asks_by_cursor(operation), reader);
        }
        Ok(())
    }
}

/// Members of a flattened resource that are not attributes.
const OURS: [&str; 3] = ["id", "type", "relationships"];

/// One resource object: its attributes are checked in place, then written flat.
fn resource(cursor: &mut Cursor<'_>, table: &'static Table, reader: &mut Reader) -> Result<(), Broken> {
    let (mut attributes, mut beside) = (&b""[..], [&b""[..]; 3]);
    cursor.enter()?;
    let noted = reader.checker.drift.len();
    while to_member(cursor, "attributes", &OURS, &mut beside)? {
        reader.checker.drift.truncate(noted);
        attributes = reader.checked(cursor, table)?;
    }
    note_id(beside[0], reader);
    let mut object = ObjectWriter::new(&mut reader.out);
    object.splice(attributes);
    for (name, value) in OURS.iter().zip(&beside) {
        if !value.is_empty() {
            object.raw(name, value);
        }
    }
    if !matches!(Shape::of(attributes), None | Some(Shape::Object | Shape::Null)) {
        object.raw("attributes", attributes);
    }
    // Attributes of these names would be hidden by ours; they are kept aside, with the one whose place that takes.
    let is_ours = |key: &Text<'_>| OURS.iter().any(|name| key.is(name));
    if core::mem::take(&mut reader.checker.strange) && json::members(attributes).any(|(key, _)| is_ours(&key)) {
        let mut inner = ObjectWriter::new(object.key("attributes"));
        for (key, value) in json::members(attributes) {
            if is_ours(&key) || key.is("attributes") {
                inner.copy(key, value);
            }
        }
        inner.close();
    }
    object.close();
    Ok(())
}

/// The text of the scalar under `name`, if it says something. Numbers may come as strings of digits, as the asset lists have
/// them, and so may booleans.
fn given<'a>(raw: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    json::given(raw, name).map(scalar).filter(|text| !text.is_empty())
}

/// The whole number under `name`.
#[inline(never)]
fn number(raw: &[u8], name: &str) -> Option<u32> {
    text::number(&given(raw, name)?)
}

/// Are its pages declared to be asked for by a mark, and not by a number?
fn asks_by_cursor(operation: &Operation) -> bool {
    operation.options.inner("page").is_some_and(|page| core::ptr::eq(page, &raw const CURSOR))
}

/// How the list goes on, from `meta.pagination`, or from `meta.cursor` where there is no other or the operation takes it. One
/// reader of this API expects `mark`, the cursor, beside `meta` and not in it.
fn page(meta: &[u8], mark: &[u8], asks_by_cursor: bool, reader: &mut Reader) -> PageInfo {
    let pagination = json::at(meta, "pagination");
    let cursor = if mark.is_empty() { json::at(meta, "cursor") } else { mark };
    let by_cursor = !cursor.is_empty() && (asks_by_cursor || pagination.is_empty() || !mark.is_empty());
    let raw = if by_cursor { cursor } else { pagination };
    let [says_more, path, kind] = if by_cursor {
        &["hasMore", "meta.cursor.next", "string"]
    } else {
        &["hasNextPage", "meta.pagination.nextPage", "integer"]
    };
    let mut page = Vec::new();
    let mut object = ObjectWriter::new(&mut page);
    let (known, unsaid, again) = if by_cursor {
        // A mark that is given back as it came.
        let next = given(raw, "next");
        object.string("cursor", next.as_deref().unwrap_or_default());
        let again = next == given(raw, "current");
        (next.is_some(), next.is_some() && !again, again)
    } else {
        let (next, current) = (number(raw, "nextPage"), number(raw, "currentPage"));
        let of = next.or(current.map(|current| current + 1));
        // What is not known here, the next page or its size, the list takes from what was asked for. A size that could not be
        // asked for is left away.
        if let Some(number) = of {
            object.number("number", number.into());
        }
        if let (false, Some(size @ 1..=MOST)) = (asks_by_cursor, number(raw, "pageSize")) {
            object.number("size", size.into());
        }
        (of.is_some(), next.is_some(), next.is_some() && next == current)
    };
    object.close();
    let said = given(raw, says_more).unwrap_or_default();
    let more = holds("true|1", &said) || (unsaid && !holds("false|0", &said));
    if more && !known {
        reader.drift(path, kind, "nothing");
    }
    let next = (more && (known || !by_cursor)).then(|| String::from_utf8(page).unwrap_or_default());
    PageInfo { total: number(raw, "totalRecords").map(f64::from), next, again }
}

#[cfg(test)]
mod tests {
    use super::JsonApi;
    use crate::proto::refusal::words;

    #[test]
    fn the_words_of_a_refusal_are_joined() {
        for (error, expected) in [
            (r#"{"title":"T","detail":"D"}"#, &["T: D"][..]),
            (r#"{"title":"T"}"#, &["T"]),
            (r#"{"title":" ","detail":"D"}"#, &["D"]),
            (r#""S""#, &["S"]),
            (r#"{"source":{"pointer":"/data/attributes/a"}}"#, &[]),
        ] {
            let (problems, id) = words(&JsonApi, &[r#"{"errors":["#, error, "]}"].concat());
            assert_eq!(problems.iter().map(|problem| &*problem.message).collect::<Vec<_>>(), expected);
            assert_eq!(id, None);
        }
    }
}

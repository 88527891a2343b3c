//! One source as it is wanted, held against the one that is live: what differs, and what has to be sent.

use super::Change;
use super::equal::equal;
use crate::proto::secret::{self, MASK};
use crate::schema::json::{self, ObjectWriter, Shape};
use crate::schema::{Access, Field, Kind, Table, text};

/// What came of a comparison. Paths are dotted, from the source on.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What differs.
    pub(super) changes: Vec<Change>,
    /// What does not: it is not sent, so it need not be judged.
    pub(super) same: Vec<String>,
    /// What can only be set once the source is there.
    pub(super) later: Vec<String>,
    /// What holds a mask where a name and a password belong.
    pub(super) masked: Vec<String>,
}

/// Fields that an object has, with their values.
pub(super) type Parts<'a> = Vec<(&'static Field, &'a [u8])>;

/// The fields of `table` that the object `raw` has, in the table's order.
pub(super) fn parts<'a>(raw: &'a [u8], table: &'static Table) -> Parts<'a> {
    let mut slots: Vec<(&'static Field, Option<&[u8]>)> = table.all().map(|field| (field, None)).collect();
    for (key, value) in json::members(raw) {
        if let Some((_, slot)) = slots.iter_mut().find(|(field, _)| key.is(field.name)) {
            *slot = Some(value);
        }
    }
    slots.into_iter().filter_map(|(field, value)| Some((field, value?))).collect()
}

/// The field under which the provider shows what is written to `field`, if it has another name.
pub(super) fn mirror(table: &'static Table, field: &Field) -> Option<&'static Field> {
    let Kind::Object(written) = field.kind else { return None };
    table.all().filter(|_| field.write_only).find(
        |shown| matches!(shown.kind, Kind::Object(read) if shown.access == Access::ReadOnly && core::ptr::eq(read, written)),
    )
}

/// What is live of `field` among the `live` parts of a source.
pub(super) fn stored<'a>(live: &Parts<'a>, table: &'static Table, field: &'static Field) -> Option<&'a [u8]> {
    let shown = mirror(table, field).unwrap_or(field);
    live.iter().find(|(known, _)| core::ptr::eq(*known, shown)).map(|(_, value)| *value)
}

/// The path of a field below another path.
pub(super) fn below(path: &str, name: &str) -> String {
    [path, if path.is_empty() || name.is_empty() { "" } else { "." }, name].concat()
}

/// The value as it may be shown.
pub(super) fn shown(table: &'static Table, field: &Field, value: &[u8]) -> Vec<u8> {
    let (mut alone, mut masked) = (Vec::new(), Vec::new());
    let mut object = ObjectWriter::new(&mut alone);
    object.raw(field.name, value);
    object.close();
    secret::mask(&alone, Some(table), &mut masked);
    json::member(&masked, field.name).unwrap_or_default().to_vec()
}

/// Compares every field of `wanted` with what is `live`; nothing is live if something is to be created. Gives an object of
/// what has to be sent, or nothing if that is nothing.
pub(super) fn compare(
    table: &'static Table,
    wanted: &[u8],
    live: Option<&[u8]>,
    path: &str,
    found: &mut Found,
) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    let mut sent = false;
    let there = live.map(|live| parts(live, table));
    for (field, value) in parts(wanted, table) {
        let here = below(path, field.name);
        let stored = there.as_ref().and_then(|live| stored(live, table, field));
        if !field.can_be_given(live.is_some()) {
            if stored.is_some_and(|stored| equal(field.kind, value, stored)) {
                found.same.push(here);
            } else if live.is_none() && field.access == Access::UpdateOnly {
                found.later.push(here);
            }
            continue;
        }
        if let (Kind::Object(inner), Some(Shape::Object)) = (field.kind, Shape::of(value)) {
            let stored = live.map(|_| stored.unwrap_or(b"{}"));
            if let Some(part) = compare(inner, value, stored, &here, found) {
                object.raw(field.name, &part);
                sent = true;
            }
            continue;
        }
        let hidden = field.secret || field.write_only;
        if keeps(table, field, value, stored, hidden) {
            found.same.push(here);
            continue;
        }
        if holds_mask(field, value) {
            found.masked.push(here.clone());
        }
        let visible = |value: &[u8]| (!hidden).then(|| shown(table, field, value));
        found.changes.push(Change { path: here, from: stored.and_then(visible), to: visible(value), secret: hidden });
        object.raw(field.name, value);
        sent = true;
    }
    object.close();
    sent.then_some(out)
}

/// Does a field stay as it is by this value?
fn keeps(table: &'static Table, field: &Field, value: &[u8], stored: Option<&[u8]>, hidden: bool) -> bool {
    let is_mask = |value: &[u8]| (hidden || field.masked) && json::string(value).is_some_and(|text| text == MASK);
    // What comes back masked is not known, and what never comes back is not either.
    let Some(stored) = stored.filter(|stored| !is_mask(stored)) else {
        return Shape::of(value) == Some(Shape::Null) && !hidden;
    };
    // What was exported or printed with a mask in it stands for what is there.
    equal(field.kind, value, stored)
        || (text::find(value, MASK.as_bytes()).is_some() && equal(field.kind, value, &shown(table, field, stored)))
}

/// Does a value that is to be sent hold a mask in place of what it stands for? Of secrets the tables' own check tells.
fn holds_mask(field: &Field, value: &[u8]) -> bool {
    let has = |part: &[&str]| text::find(value, part.concat().as_bytes()).is_some();
    let inside = Shape::of(value) == Some(Shape::Object) && has(&["\"", MASK, "\""]);
    inside || has(&["://", MASK, "@"]) || (field.masked && has(&["\"", MASK]))
}

//! What the wires of all providers need.

use std::borrow::Cow;

use super::read::{Reader, Unreadable, shape_name};
use crate::schema::json::{self, Cursor, Shape};
use crate::schema::text;

/// Why a body of 2xx cannot be read.
#[cold]
#[inline(never)]
pub fn unreadable(parts: &[&str]) -> Unreadable {
    Unreadable { reason: parts.concat() }
}

/// Notes it as drift if the id of a resource is no string.
pub fn note_id(id: &[u8], reader: &mut Reader) {
    if Shape::of(id) != Some(Shape::String) {
        reader.drift("id", "string", shape_name(id));
    }
}

/// Walks the object that begins at the cursor: the member `special` is read with `read`, the values of those in `names`
/// are given, of two of one name the last, as with `JSON.parse`.
pub fn members<'a, const N: usize>(
    cursor: &mut Cursor<'a>,
    special: &str,
    read: &mut dyn FnMut(&mut Cursor<'a>) -> Result<(), Unreadable>,
    names: [&str; N],
) -> Result<[Option<&'a [u8]>; N], Unreadable> {
    let mut values = [None; N];
    walk(cursor, special, read, &names, &mut values)?;
    Ok(values)
}

fn walk<'a>(
    cursor: &mut Cursor<'a>,
    special: &str,
    read: &mut dyn FnMut(&mut Cursor<'a>) -> Result<(), Unreadable>,
    names: &[&str],
    values: &mut [Option<&'a [u8]>],
) -> Result<(), Unreadable> {
    cursor.enter()?;
    while cursor.more(b'}')? {
        let key = cursor.key()?;
        if key.is(special) {
            read(cursor)?;
            continue;
        }
        let value = cursor.value()?;
        for (name, place) in names.iter().zip(&mut *values) {
            if key.is(name) {
                *place = Some(value);
            }
        }
    }
    Ok(())
}

/// A text that says something.
pub fn said(raw: &[u8]) -> Option<Cow<'_, str>> {
    json::string(raw).filter(|said| !text::is_blank(said))
}

/// The text under `name` in the object `raw`, if it says something.
#[inline(never)]
pub fn said_at<'a>(raw: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    json::member(raw, name).and_then(said)
}

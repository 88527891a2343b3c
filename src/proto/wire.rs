//! What the wires of all providers need.

use super::read::{Reader, shape_name};
use crate::schema::json::{Broken, Cursor, Shape};

/// Notes it as drift if the id of a resource is no string.
pub fn note_id(id: &[u8], reader: &mut Reader) {
    if Shape::of(id) != Some(Shape::String) {
        reader.drift("id", "string", shape_name(id));
    }
}

/// Moves to the value of the next member called `name` in the object that was entered; `false` behind the last member. Of those
/// on the way that `beside` names the values are kept, of two of one name the last, as with `JSON.parse`.
pub fn to_member<'a>(
    cursor: &mut Cursor<'a>,
    name: &str,
    beside: &[&str; 3],
    values: &mut [&'a [u8]; 3],
) -> Result<bool, Broken> {
    while cursor.more(b'}')? {
        let key = cursor.key()?;
        if key.is(name) {
            return Ok(true);
        }
        let value = cursor.value()?;
        for (name, place) in beside.iter().zip(&mut *values) {
            if key.is(name) {
                *place = value;
            }
        }
    }
    Ok(false)
}

//! Adding to objects and lists that a change would replace as a whole.

use super::edit::complete;
use crate::schema::json::{self, ListWriter, ObjectWriter, Shape};

/// The changes with every object and list in them completed by what is stored: members of an object that are not changed,
/// items of a list that are not given.
pub(super) fn added(stored: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(stored.len() + changes.len());
    let mut object = ObjectWriter::new(&mut out);
    for (key, value) in json::members(changes) {
        let name = key.decode();
        let old = json::member(stored, &name).filter(|old| Shape::of(old) == Shape::of(value)).unwrap_or_default();
        let place = object.same_key(key);
        match Shape::of(value) {
            Some(Shape::Object) => complete(old, value, &mut |_, _| true, place),
            Some(Shape::Array) => {
                // Strings are told apart by what they say, not by how they are escaped.
                let same = |item: &[u8], other: &[u8]| {
                    item == other || json::string(item).is_some_and(|text| json::string(other) == Some(text))
                };
                let mut list = ListWriter::default();
                for (items, stored) in [(old, true), (value, false)] {
                    for item in json::items(items) {
                        if stored || !json::items(old).any(|old| same(old, item)) {
                            list.item(place);
                            place.extend_from_slice(item);
                        }
                    }
                }
                list.close(place);
            }
            _ => place.extend_from_slice(value),
        }
    }
    object.close();
    out
}

#[cfg(test)]
mod tests {
    use super::added;

    #[test]
    fn what_is_stored_stays_beside_what_is_given() {
        let stored = br#"{"custom_fields":{"a":"1","b":"2"},"categories":["x","y"],"name":"old"}"#;
        let given =
            br#"{"custom_fields":{"b":"3","c":"4"},"categories":["\u0079","z"],"name":"new","description":null}"#;
        let whole = br#"{"custom_fields":{"a":"1","b":"3","c":"4"},"categories":["x","y","z"],"name":"new","description":null}"#;

        assert_eq!(String::from_utf8(added(stored, given)).unwrap(), String::from_utf8_lossy(whole));
    }

    #[test]
    fn what_is_stored_in_another_shape_is_replaced() {
        for stored in [&b"{}"[..], b"null", br#"{"custom_fields":null}"#, br#"{"custom_fields":["a"]}"#] {
            assert_eq!(added(stored, br#"{"custom_fields":{"a":"1"}}"#), br#"{"custom_fields":{"a":"1"}}"#);
        }
        assert_eq!(added(br#"{"categories":["a"]}"#, br#"{"categories":[]}"#), br#"{"categories":["a"]}"#);
    }
}

//! Adding to objects and lists that a change would replace as a whole.

use super::edit::complete;
use crate::schema::json::{self, ListWriter, ObjectWriter, Shape};

/// The changes with every object and list in them completed by what is stored: members of an object that are not changed,
/// items of a list that are not given. What is stored in another shape cannot be completed; its name is given then.
pub(super) fn added(stored: &[u8], changes: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(stored.len() + changes.len());
    let mut object = ObjectWriter::new(&mut out);
    for (key, value) in json::members(changes) {
        let name = key.decode();
        let old = json::given(stored, &name).unwrap_or_default();
        let shape = Shape::of(value);
        // Where there is nothing, nothing can be lost.
        let empty = matches!(old, b"" | b"[]" | b"{}" | b"\"\"");
        if !empty && matches!(shape, Some(Shape::Object | Shape::Array)) && Shape::of(old) != shape {
            return Err(name.into_owned());
        }
        let place = object.same_key(key);
        match shape {
            Some(Shape::Object) => complete(old, value, &mut |_, _| true, place),
            Some(Shape::Array) => {
                // Strings are told apart by what they say, not by how they are escaped.
                let same = |item: &[u8], other: &[u8]| {
                    item == other || json::string(item).is_some_and(|text| json::string(other) == Some(text))
                };
                let mut list = ListWriter::default();
                for (items, stored) in &[(old, true), (value, false)] {
                    for item in json::items(items) {
                        if *stored || !json::items(old).any(|old| same(old, item)) {
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
    Ok(out)
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

        assert_eq!(String::from_utf8(added(stored, given).unwrap()).unwrap(), String::from_utf8_lossy(whole));
    }

    #[test]
    fn what_is_stored_in_another_shape_is_not_replaced() {
        let given = br#"{"name":"n","custom_fields":{"a":"1"}}"#;
        for stored in [
            &b"{}"[..],
            b"null",
            br#"{"custom_fields":null,"name":["x"]}"#,
            br#"{"custom_fields":[]}"#,
            br#"{"custom_fields":""}"#,
        ] {
            assert_eq!(added(stored, given).unwrap(), given);
        }
        for stored in [&br#"{"custom_fields":["a"]}"#[..], br#"{"custom_fields":"a"}"#, br#"{"custom_fields":0}"#] {
            assert_eq!(added(stored, given).unwrap_err(), "custom_fields");
        }
        assert_eq!(added(br#"{"categories":["a"]}"#, br#"{"categories":[]}"#).unwrap(), br#"{"categories":["a"]}"#);
        assert_eq!(added(br#"{"categories":"a"}"#, br#"{"categories":null}"#).unwrap(), br#"{"categories":null}"#);
    }
}

//! Edits on JSON bytes, one level at a time.

use super::secret::holds_mask;
use crate::schema::json::{self, ObjectWriter, Shape, Text};
use crate::schema::{Access, Code, Discriminator, Kind, Problem, Table, text};

/// Writes the object `raw` with every flag of `table` that was given as a boolean turned into its string.
pub(super) fn normalise(raw: &[u8], table: &'static Table) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 8);
    let mut object = ObjectWriter::new(&mut out);
    for (key, value) in json::members(raw) {
        let name = key.decode();
        let out = object.same_key(key);
        match (table.field(&name).map(|field| field.kind), Shape::of(value)) {
            (Some(Kind::Flag), Some(Shape::Boolean)) => json::write_string(out, json::as_text(value)),
            (Some(Kind::Object(inner)), Some(Shape::Object)) => out.extend_from_slice(&normalise(value, inner)),
            _ => out.extend_from_slice(value),
        }
    }
    object.close();
    out
}

/// Writes the object `raw` with `value` at the dotted `path`; objects on the way are made where they are missing.
pub(crate) fn set(raw: &[u8], table: Option<&'static Table>, path: &str, value: &[u8]) -> Vec<u8> {
    // A declared name may hold a dot itself (`robots.txt`): the longest match is meant.
    let whole = table.is_some_and(|table| table.field(path).is_some()) || json::member(raw, path).is_some();
    let (name, rest) = if whole { (path, "") } else { text::cut(path, b'.') };
    let inner = table.and_then(|table| table.inner(name));
    let deeper = rest.get(1..).map(|rest| set(json::at(raw, name), inner, rest, value));
    let mut value = Some(deeper.as_deref().unwrap_or(value));
    let mut out = Vec::with_capacity(raw.len());
    let mut object = ObjectWriter::new(&mut out);
    for (key, old) in json::members(raw) {
        // Of two of one name the first is replaced and the other goes.
        if let Some(old) = if key.is(name) { value.take() } else { Some(old) } {
            object.copy(key, old);
        }
    }
    if let Some(value) = value {
        object.raw(name, value);
    }
    object.close();
    out
}

/// Lays `changes` over `stored`, one level deep, and tells which write-only values the result lacks.
///
/// What the provider sets itself is left away, and so is what does not go with the type any more. Attributes that the
/// table does not know stay.
pub(crate) fn merge(stored: &[u8], changes: &[u8], table: &'static Table, field: &str) -> (Vec<u8>, Vec<Problem>) {
    let mut out = Vec::with_capacity(stored.len() + changes.len());
    let variant = match table.variant {
        Some(Discriminator::Own(name)) => json::string_at(changes, name).or_else(|| json::string_at(stored, name)),
        _ => None,
    };
    let known = variant.as_deref().filter(|variant| knows(table, variant));
    let mut masked = Vec::new();
    let mut stays = |name: &str, value: &[u8]| {
        let known = table
            .field(name)
            .is_none_or(|field| field.access != Access::ReadOnly && !field.write_only && field.goes_with(known));
        // What comes back masked is no value: written back, it would replace the secret.
        let hidden = known && holds_mask(value, table.field(name));
        if hidden {
            let message = "is masked in what is stored, and not sent back: give it again";
            masked.push(Problem::warning(&[field, ".", name].concat(), Code::Masked, message));
        }
        known && !hidden
    };
    complete(stored, changes, &mut stays, &mut out);
    masked.append(&mut missing_write_only(&out, table, known, field));
    // Other secrets are only known to be there: what is stored says so in their place.
    for (key, value) in json::members(stored) {
        let name = key.decode();
        if let Some(secret) = name.strip_suffix("_set")
            && value == b"true"
            && [&name, secret].iter().all(|name| table.field(name).is_none_or(|field| field.goes_with(known)))
            && json::member(&out, secret).is_none()
        {
            let warning = lost(field, secret);
            if !masked.iter().any(|other| other.field == warning.field) {
                masked.push(warning);
            }
        }
    }
    (out, masked)
}

/// The warning that a secret goes missing.
fn lost(field: &str, name: &str) -> Problem {
    let message = "is not in what replaces the stored object, and is never sent back: give it again if access fails";
    Problem::warning(&[field, ".", name].concat(), Code::WriteOnly, message)
}

/// Writes the object `given` behind those members of `stored` that it does not have itself and that stay.
pub(super) fn complete(stored: &[u8], given: &[u8], stays: &mut dyn FnMut(&str, &[u8]) -> bool, out: &mut Vec<u8>) {
    let mut object = ObjectWriter::new(out);
    for (key, value) in json::members(stored) {
        let name = key.decode();
        // Of names with half a surrogate pair different ones read alike.
        let same = |other: &Text<'_>| other.raw == key.raw || (key.is_well_formed() && other.is(&name));
        if !json::members(given).any(|(other, _)| same(&other)) && stays(&name, value) {
            object.copy(key, value);
        }
    }
    object.splice(given);
    object.close();
}

/// A warning for each required write-only value that an object about to replace the stored one does not hold.
pub(super) fn missing_write_only(
    raw: &[u8],
    table: &'static Table,
    variant: Option<&str>,
    field: &str,
) -> Vec<Problem> {
    let mut missing = Vec::new();
    for known in table.all() {
        if variant.is_some()
            && known.write_only
            && known.required
            && known.goes_with(variant)
            && json::member(raw, known.name).is_none()
        {
            missing.push(lost(field, known.name));
        }
    }
    missing
}

/// Is `variant` one of the types that `table` knows?
pub(super) fn knows(table: &Table, variant: &str) -> bool {
    let field = table.variant.and_then(|decided| table.field(decided.field()));
    field.is_none_or(|field| field.values.contains(&variant))
}

#[cfg(test)]
mod tests {
    use super::set;

    fn put(raw: &str, path: &str, value: &str) -> String {
        String::from_utf8(set(raw.as_bytes(), None, path, value.as_bytes())).unwrap()
    }

    #[test]
    fn a_value_is_put_at_its_path() {
        assert_eq!(put("{}", "a.b.c", "1"), r#"{"a":{"b":{"c":1}}}"#);
        assert_eq!(put(r#"{"a":{"x":1,"b":2},"z":3}"#, "a.b", "[9]"), r#"{"a":{"x":1,"b":[9]},"z":3}"#);
        assert_eq!(put(r#"{"a":1,"a":2}"#, "a", "3"), r#"{"a":3}"#);
        assert_eq!(put(r#"{"a":"no object"}"#, "a.b", "1"), r#"{"a":{"b":1}}"#);
        assert_eq!(put("{}", "__proto__", "1"), r#"{"__proto__":1}"#);
        assert_eq!(put(r#"{"robots.txt":"x"}"#, "robots.txt", "\"y\""), r#"{"robots.txt":"y"}"#);
    }
}

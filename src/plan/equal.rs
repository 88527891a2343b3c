//! Do two JSON values mean the same?

use crate::schema::Kind;
use crate::schema::json::{self, Shape};

/// Does a field of this kind mean the same by both values?
///
/// A list of strings holds names: their order says nothing. A flag may be written as a boolean or as its string.
pub(super) fn equal(kind: Kind, left: &[u8], right: &[u8]) -> bool {
    if left == right {
        return true;
    }
    match (Shape::of(left), Shape::of(right)) {
        (Some(Shape::String), Some(Shape::String)) => {
            // Halves of surrogate pairs all decode to the same letter.
            json::is_well_formed(left) && json::is_well_formed(right) && json::string(left) == json::string(right)
        }
        (Some(Shape::Boolean), Some(Shape::String)) => flag(kind, left, right),
        (Some(Shape::String), Some(Shape::Boolean)) => flag(kind, right, left),
        // Whole numbers that differ in their digits differ, however large.
        (Some(Shape::Number), Some(Shape::Number)) => {
            !(json::is_integer(left) && json::is_integer(right)) && json::number(left) == json::number(right)
        }
        (Some(Shape::Array), Some(Shape::Array)) => {
            let (mut left, mut right): (Vec<_>, Vec<_>) = (json::items(left).collect(), json::items(right).collect());
            if matches!(kind, Kind::Strings(_)) {
                left.sort_by_cached_key(|item| json::string(item));
                right.sort_by_cached_key(|item| json::string(item));
            }
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(Kind::Json, left, right))
        }
        (Some(Shape::Object), Some(Shape::Object)) => {
            let (left, right) = (members(left), members(right));
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|((key, left), (other, right))| *key == other && equal(Kind::Json, left, right))
        }
        _ => false,
    }
}

fn flag(kind: Kind, boolean: &[u8], string: &[u8]) -> bool {
    matches!(kind, Kind::Flag) && json::string(string).is_some_and(|text| text == json::as_text(boolean))
}

/// The members in the order of their names; of two of one name the last.
fn members(raw: &[u8]) -> Vec<(String, &[u8])> {
    let mut all: Vec<_> = json::members(raw).map(|(key, value)| (key.decode().into_owned(), value)).collect();
    // The sort keeps the order of those of one name, and what is kept is the first of the reversed.
    all.reverse();
    all.sort_by(|left, right| left.0.cmp(&right.0));
    all.dedup_by(|later, first| later.0 == first.0);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(kind: Kind, left: &str, right: &str) -> bool {
        let there = equal(kind, left.as_bytes(), right.as_bytes());
        assert_eq!(there, equal(kind, right.as_bytes(), left.as_bytes()), "{left} {right}");
        there
    }

    #[test]
    fn values_are_compared_by_what_they_mean() {
        for (left, right) in [
            (r#""a/\u0062""#, r#""a\/b""#),
            ("1.0", "1"),
            ("1e2", "100.0"),
            (r#"{"a":1,"b":[1,2]}"#, r#"{"b":[1,2],"\u0061":1}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
        ] {
            assert!(same(Kind::Json, left, right), "{left} {right}");
        }
        for (left, right) in [
            ("1", "2"),
            ("12345678901234567", "12345678901234568"),
            (r#""1""#, "1"),
            ("null", "false"),
            ("[1,2]", "[2,1]"),
            ("[1]", "[1,1]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#),
            (r#"{"a":1}"#, r#"{"b":1}"#),
            (r#""\ud800""#, r#""\udfff""#),
            (r#""true""#, "true"),
        ] {
            assert!(!same(Kind::Json, left, right), "{left} {right}");
        }
    }

    #[test]
    fn the_order_of_names_says_nothing_but_their_number_does() {
        assert!(same(Kind::Strings(0), r#"["b","a","b"]"#, r#"["a","b","\u0062"]"#));
        assert!(!same(Kind::Strings(0), r#"["b","a","b"]"#, r#"["a","b","a"]"#));
        assert!(!same(Kind::Strings(0), r#"["a"]"#, r#"[["a"]]"#));
    }

    #[test]
    fn a_flag_is_the_same_as_a_boolean_and_as_a_string() {
        assert!(same(Kind::Flag, "true", r#""true""#));
        assert!(!same(Kind::Flag, "false", r#""true""#));
    }
}

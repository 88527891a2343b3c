//! JSON as bytes: a cursor that knows the grammar and copies nothing.
//!
//! It accepts exactly what `JSON.parse` accepts. No tree is ever built: what needs one member of an object asks
//! [`members`] for a view of one level, and what needs everything walks with a [`Cursor`].

mod cursor;
mod text;
mod view;
mod write;

pub use cursor::Cursor;
pub use text::Text;
pub use view::{
    Members, as_text, at, given, is_integer, is_true, is_well_formed, items, member, members, members_at, number,
    object_at, says, string, string_at, text,
};
pub use write::{ListWriter, ObjectWriter, write_string};

/// How deep values may nest. Deeper input is refused, so that no input can exhaust the stack.
pub const MAX_DEPTH: u32 = 128;

/// Why bytes are not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// The grammar is violated at this byte offset.
    Syntax(usize),
    /// The bytes are not UTF-8 from this offset on.
    Utf8(usize),
    /// The bytes end in the middle of a value.
    End(usize),
    /// Values nest deeper than [`MAX_DEPTH`].
    Depth(usize),
}

impl Bad {
    /// A short description for messages.
    pub fn describe(self) -> (&'static str, usize) {
        match self {
            Self::Syntax(at) => ("not JSON", at),
            Self::Utf8(at) => ("not UTF-8", at),
            Self::End(at) => ("cut off", at),
            Self::Depth(at) => ("nested too deeply", at),
        }
    }
}

/// The bytes are not JSON from where the cursor stands; [`Cursor::bad`] tells more. As small as can be, because every
/// step of every walk gives one or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// What kind of value begins at some place. A whole word, so that nobody must mask it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Shape {
    /// `{`
    Object,
    /// `[`
    Array,
    /// `"`
    String,
    /// a digit or `-`
    Number,
    /// `true` or `false`
    Boolean,
    /// `null`
    Null,
}

impl Shape {
    /// The name used in messages and events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }

    /// The kind of value that `raw` holds, judged by its first byte.
    pub fn of(raw: &[u8]) -> Option<Self> {
        Cursor::trusted(raw).shape().ok()
    }

    fn begun_by(byte: u8) -> Option<Self> {
        Some(match byte {
            b'{' => Self::Object,
            b'[' => Self::Array,
            b'"' => Self::String,
            b'-' | b'0'..=b'9' => Self::Number,
            b't' | b'f' => Self::Boolean,
            b'n' => Self::Null,
            _ => return None,
        })
    }

    /// The byte that ends a container of this kind.
    pub(super) fn close(self) -> u8 {
        if self == Self::Object { b'}' } else { b']' }
    }
}

/// Are these bytes one JSON value?
pub fn check(bytes: &[u8]) -> Result<Shape, Bad> {
    let mut cursor = Cursor::new(bytes);
    match cursor.skip() {
        Ok(shape) if cursor.end().is_ok() => Ok(shape),
        _ => Err(cursor.bad()),
    }
}

#[inline]
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(text: &str) -> bool {
        check(text.as_bytes()).is_ok()
    }

    #[test]
    fn the_grammar_is_that_of_json_parse() {
        for good in
            ["0", "-0", "1e400", "-1.5E+3", "\"\\ud800\"", " [ ] ", "{\"a\":{\"a\":[1,2,{}]}}", "null", "\"\u{7f}\""]
        {
            assert!(accepts(good), "{good}");
        }
        for bad in [
            "",
            " ",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "[1,]",
            "{,}",
            "{\"a\":1,}",
            "{a:1}",
            "tru",
            "nul",
            "\"\\x\"",
            "\"\n\"",
            "[1 2]",
            "\u{feff}1",
            "NaN",
            "{\"a\"}",
            "[",
            "{\"a\":",
            "\"",
            "\"\\u12\"",
            "1 1",
            "'a'",
            "--1",
            "\"\\",
            "]",
            "}",
        ] {
            assert!(!accepts(bad), "{bad}");
        }
    }

    #[test]
    fn a_special_byte_is_found_at_every_offset_of_a_word() {
        for length in 0..40 {
            let text = "x".repeat(length);
            assert!(accepts(&format!("\"{text}\"")));
            assert!(accepts(&format!("\"{text}\\n{text}\"")));
            assert!(accepts(&format!("\"{text}é\u{80}\"")));
            assert!(!accepts(&format!("\"{text}\u{1f}{text}\"")));
            assert!(!accepts(&format!("\"{text}")));
        }
    }

    #[test]
    fn nesting_has_a_cap_and_never_overflows() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(accepts(&nested(128)));
        assert_eq!(check(nested(129).as_bytes()), Err(Bad::Depth(128)));
        assert!(check("[".repeat(1_000_000).as_bytes()).is_err());
    }

    #[test]
    fn invalid_utf8_is_refused_with_its_place() {
        assert_eq!(check(b"\"\xff\""), Err(Bad::Utf8(1)));
    }

    #[test]
    fn escapes_are_decoded_and_names_compared_after_decoding() {
        let raw = br#"{"\u0069d":"\ud83d\ude00\u00e9\\\/\b\f\n\r\t","x":"\ud800!"}"#;
        assert_eq!(string_at(raw, "id").unwrap(), "😀é\\/\u{8}\u{c}\n\r\t");
        let (_, lone) = members(raw).nth(1).unwrap();
        let mut cursor = Cursor::trusted(lone);
        let text = cursor.string().unwrap();
        assert!(!text.is_well_formed());
        assert_eq!(text.decode(), "\u{fffd}!");
    }

    #[test]
    fn the_last_of_two_members_of_one_name_wins() {
        assert_eq!(member(br#"{"a":1,"b":2,"\u0061":3}"#, "a"), Some(&b"3"[..]));
    }

    #[test]
    fn numbers_are_near_enough() {
        for (text, value) in
            [("0", 0.0), ("-12", -12.0), ("30000", 30_000.0), ("0.5", 0.5), ("1.25e2", 125.0), ("1E-2", 0.01)]
        {
            assert!((number(text.as_bytes()).unwrap() - value).abs() < 1e-9, "{text}");
        }
        assert_eq!(number(b"1e999999999999"), Some(f64::INFINITY));
        assert_eq!(number(b"\"1\""), None);
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in ["", "a\"b\\c", "\u{0}\u{1f}\n\r\t", "é😀"] {
            let mut out = Vec::new();
            write_string(&mut out, text);
            assert_eq!(string(&out).unwrap(), text);
        }
    }

    #[test]
    fn broken_bytes_give_the_members_before_the_break() {
        assert_eq!(members(br#"{"a":1,"b":tru"#).count(), 1);
        assert_eq!(members(b"[1]").count(), 0);
        assert_eq!(items(b" [1, \"2\" ] ").collect::<Vec<_>>(), [&b"1"[..], b"\"2\""]);
    }
}

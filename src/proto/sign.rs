//! What signed addresses of all providers have in common: encoding, and text out of JSON.

use std::borrow::Cow;

use crate::schema::json::{self, Shape};
use crate::schema::{Code, Problem};

/// Writes `text` with every byte percent-encoded but ASCII letters, digits and those in `bare`.
pub fn percent(out: &mut String, text: &str, bare: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || bare.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            byte_as(out, byte, b'A');
        }
    }
}

/// Writes `bytes` in lower-case hexadecimal digits.
pub fn hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        byte_as(out, *byte, b'a');
    }
}

/// Two hexadecimal digits, of which the tenth is `ten`.
fn byte_as(out: &mut String, byte: u8, ten: u8) {
    for digit in [byte >> 4, byte & 15] {
        out.push(char::from(if digit < 10 { b'0' + digit } else { ten + digit - 10 }));
    }
}

/// The text of the string, number or boolean in `raw`; nothing for half of a surrogate pair, which no UTF-8 can hold.
///
/// A number is the text it has in JSON: what `JSON.stringify` writes for a finite number is what `String` gives for it.
pub fn scalar(raw: &[u8]) -> Option<Cow<'_, str>> {
    if Shape::of(raw) != Some(Shape::String) {
        return Some(Cow::Borrowed(json::as_text(raw)));
    }
    json::string(raw).filter(|_| json::is_well_formed(raw))
}

/// Refuses the value at `field`, unless it has been refused already.
pub fn refuse(problems: &mut Vec<Problem>, field: &str, code: Code, message: &str) {
    if !problems.iter().any(|known| known.field == field) {
        Problem::add(problems, field, code, message);
    }
}

/// Refuses half of a surrogate pair at `field`.
pub fn refuse_surrogate(problems: &mut Vec<Problem>, field: &str) {
    refuse(problems, field, Code::Format, "holds half of a surrogate pair");
}

//! Views of single values and of one level of an object or array.

use std::borrow::Cow;

use super::{Broken, Cursor, Shape, Text};

/// The members of the object that `raw` begins with, one level deep; nothing if it is no object.
///
/// Bytes that break off give the members before the break.
pub fn members(raw: &[u8]) -> Members<'_> {
    Members::of(raw, Shape::Object)
}

/// The members of the object under `name` in the object `raw`; nothing if there is none.
pub fn members_at<'a>(raw: &'a [u8], name: &str) -> Members<'a> {
    members(at(raw, name))
}

/// The items of the array that `raw` begins with; nothing if it is no array.
pub fn items(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    Members::of(raw, Shape::Array).map(|(_, value)| value)
}

/// See [`members`].
#[derive(Debug)]
pub struct Members<'a> {
    cursor: Cursor<'a>,
    /// The byte that ends the container; 0 once it has ended.
    close: u8,
}

impl<'a> Members<'a> {
    fn of(raw: &'a [u8], shape: Shape) -> Self {
        let mut cursor = Cursor::trusted(raw);
        let begun = cursor.shape() == Ok(shape) && cursor.enter().is_ok();
        Self { cursor, close: if begun { shape.close() } else { 0 } }
    }

    fn member(&mut self) -> Result<(Text<'a>, &'a [u8]), Broken> {
        if self.close == 0 || !self.cursor.more(self.close)? {
            return Err(Broken);
        }
        let key = if self.close == b'}' { self.cursor.key()? } else { Text::default() };
        Ok((key, self.cursor.value()?))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (Text<'a>, &'a [u8]);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        let member = self.member();
        if member.is_err() {
            self.close = 0;
        }
        member.ok()
    }
}

/// The last member called `name` of the object in `raw`, as `JSON.parse` would have it.
pub fn member<'a>(raw: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut found = None;
    for (key, value) in members(raw) {
        if key.is(name) {
            found = Some(value);
        }
    }
    found
}

/// The last member called `name` of the object in `raw`; empty, as no value is, if there is none.
#[inline(never)]
pub fn at<'a>(raw: &'a [u8], name: &str) -> &'a [u8] {
    member(raw, name).unwrap_or_default()
}

/// The string that `raw` holds as it stands there, if it holds one.
pub fn text(raw: &[u8]) -> Option<Text<'_>> {
    let mut cursor = Cursor::trusted(raw);
    (cursor.peek() == b'"').then(|| cursor.string().ok())?
}

/// The string that `raw` holds, if it holds one.
pub fn string(raw: &[u8]) -> Option<Cow<'_, str>> {
    text(raw).map(|text| text.decode())
}

/// Does the string that `raw` holds have no lone surrogate?
pub fn is_well_formed(raw: &[u8]) -> bool {
    text(raw).is_some_and(|text| text.is_well_formed())
}

/// The string under `name` in the object `raw`.
pub fn string_at<'a>(raw: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    member(raw, name).and_then(string)
}

/// The member called `name` of the object in `raw`, unless it is `null`.
pub fn given<'a>(raw: &'a [u8], name: &str) -> Option<&'a [u8]> {
    member(raw, name).filter(|value| Shape::of(value) != Some(Shape::Null))
}

/// The object under `name` in the object `raw`.
pub fn object_at<'a>(raw: &'a [u8], name: &str) -> Option<&'a [u8]> {
    member(raw, name).filter(|value| Shape::of(value) == Some(Shape::Object))
}

/// Is `value` the string under `name` in the object `raw`?
pub fn says(raw: &[u8], name: &str, value: &str) -> bool {
    member(raw, name).and_then(text).is_some_and(|text| text.is(value))
}

/// Is `true` under `name` in the object `raw`?
pub fn is_true(raw: &[u8], name: &str) -> bool {
    member(raw, name) == Some(b"true")
}

/// JSON bytes as text.
pub fn as_text(raw: &[u8]) -> &str {
    core::str::from_utf8(raw).unwrap_or_default()
}

/// The number that `raw` holds, near enough for ranges and times; not a full conversion, which costs kilobytes.
pub fn number(raw: &[u8]) -> Option<f64> {
    let mut cursor = Cursor::trusted(raw);
    if cursor.shape() != Ok(Shape::Number) {
        return None;
    }
    let text = cursor.number().ok()?;
    let (mut value, mut scale, mut exponent) = (0.0_f64, 0_i32, 0_i32);
    let (mut fraction, mut minus, mut exponential) = (false, false, false);
    for byte in text {
        match byte {
            b'.' => fraction = true,
            b'e' | b'E' => exponential = true,
            b'-' => minus = exponential,
            b'0'..=b'9' if exponential => exponent = (exponent * 10 + i32::from(byte - b'0')).min(9_999),
            b'0'..=b'9' => {
                value = value * 10.0 + f64::from(byte - b'0');
                scale -= i32::from(fraction);
            }
            _ => {}
        }
    }
    let power = scale + if minus { -exponent } else { exponent };
    for _ in 0..power.unsigned_abs().min(700) {
        value = if power < 0 { value / 10.0 } else { value * 10.0 };
    }
    Some(if text.first() == Some(&b'-') { -value } else { value })
}

/// Does `raw` hold a number without fraction and exponent?
pub fn is_integer(raw: &[u8]) -> bool {
    !raw.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

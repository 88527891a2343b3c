//! JSON as bytes: a cursor that knows the grammar and copies nothing.
//!
//! It accepts exactly what `JSON.parse` accepts. No tree is ever built: what needs one member of an object asks
//! [`members`] for a view of one level, and what needs everything walks with a [`Cursor`].

use std::borrow::Cow;

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

/// What kind of value begins at some place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
        Some(match raw.iter().find(|byte| !is_space(**byte))? {
            b'{' => Self::Object,
            b'[' => Self::Array,
            b'"' => Self::String,
            b'-' | b'0'..=b'9' => Self::Number,
            b't' | b'f' => Self::Boolean,
            b'n' => Self::Null,
            _ => return None,
        })
    }
}

/// A JSON string as it stands in the bytes, without its quotes.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// What stands between the quotes.
    pub raw: &'a [u8],
    /// Does it contain a backslash?
    pub escaped: bool,
}

impl<'a> Text<'a> {
    /// Is this the string `name`?
    #[inline]
    pub fn is(&self, name: &str) -> bool {
        if self.escaped { self.decode() == name } else { same(self.raw, name.as_bytes()) }
    }

    /// The string itself. A lone surrogate becomes U+FFFD; [`Text::is_well_formed`] tells whether there was one.
    pub fn decode(&self) -> Cow<'a, str> {
        if self.escaped {
            Cow::Owned(unescape(self.raw).0)
        } else {
            Cow::Borrowed(core::str::from_utf8(self.raw).unwrap_or_default())
        }
    }

    /// Does the string hold no lone surrogate?
    pub fn is_well_formed(&self) -> bool {
        !self.escaped || unescape(self.raw).1
    }
}

/// Decodes escapes that the cursor has already accepted; the flag says whether no surrogate stood alone.
fn unescape(raw: &[u8]) -> (String, bool) {
    let mut out = Vec::with_capacity(raw.len());
    let mut whole = true;
    let mut bytes = raw.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let plain = match bytes.next() {
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let mut unit = hex4(&mut bytes);
                if (0xD800..0xDC00).contains(&unit) {
                    let mut ahead = bytes.clone();
                    if ahead.next() == Some(b'\\') && ahead.next() == Some(b'u') {
                        let low = hex4(&mut ahead);
                        if (0xDC00..0xE000).contains(&low) {
                            unit = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                            bytes = ahead;
                        }
                    }
                }
                let scalar = char::from_u32(unit).unwrap_or_else(|| {
                    whole = false;
                    char::REPLACEMENT_CHARACTER
                });
                out.extend_from_slice(scalar.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            Some(other) => other,
            None => break,
        };
        out.push(plain);
    }
    (String::from_utf8(out).unwrap_or_default(), whole)
}

fn hex4(bytes: &mut impl Iterator<Item = u8>) -> u32 {
    (0..4).fold(0, |sum, _| {
        let digit = match bytes.next() {
            Some(digit @ b'0'..=b'9') => digit - b'0',
            Some(digit @ b'a'..=b'f') => digit - b'a' + 10,
            Some(digit @ b'A'..=b'F') => digit - b'A' + 10,
            _ => 0,
        };
        (sum << 4) | u32::from(digit)
    })
}

#[inline]
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Are these the same bytes? Eight at a time: the general comparison is a call and a loop over single bytes.
#[inline]
fn same(mut left: &[u8], mut right: &[u8]) -> bool {
    while let (Some((a, rest_left)), Some((b, rest_right))) =
        (left.split_first_chunk::<8>(), right.split_first_chunk::<8>())
    {
        if u64::from_le_bytes(*a) != u64::from_le_bytes(*b) {
            return false;
        }
        (left, right) = (rest_left, rest_right);
    }
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a == b)
}

/// Walks JSON bytes. Every method leaves the cursor behind what it read.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
}

impl<'a> Cursor<'a> {
    /// Starts at the first value of `bytes`, which must be UTF-8.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Bad> {
        if let Err(error) = core::str::from_utf8(bytes) {
            return Err(Bad::Utf8(error.valid_up_to()));
        }
        Ok(Self::trusted(bytes))
    }

    /// Starts at bytes that another cursor has already accepted.
    pub fn trusted(bytes: &'a [u8]) -> Self {
        let mut cursor = Self { bytes, at: 0, depth: 0 };
        cursor.space();
        cursor
    }

    /// The offset of the next byte.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The bytes from `start` to here.
    pub fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// Everything from `start` on, accepted or not.
    pub fn rest(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..).unwrap_or_default()
    }

    #[expect(clippy::inline_always, reason = "measured: the scan of a page takes half as long")]
    #[inline(always)]
    fn space(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_space(*byte)) {
            self.at += 1;
        }
    }

    #[expect(clippy::inline_always, reason = "measured: the scan of a page takes half as long")]
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn bad(&self) -> Bad {
        if self.at < self.bytes.len() { Bad::Syntax(self.at) } else { Bad::End(self.at) }
    }

    /// What begins here?
    #[inline]
    pub fn shape(&self) -> Result<Shape, Bad> {
        match self.peek() {
            Some(b'"') => Ok(Shape::String),
            Some(b'{') => Ok(Shape::Object),
            Some(b'[') => Ok(Shape::Array),
            Some(b'-' | b'0'..=b'9') => Ok(Shape::Number),
            Some(b't' | b'f') => Ok(Shape::Boolean),
            Some(b'n') => Ok(Shape::Null),
            _ => Err(self.bad()),
        }
    }

    /// Nothing but white space may follow.
    pub fn end(&self) -> Result<(), Bad> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(Bad::Syntax(self.at)) }
    }

    /// Enters the object or array that begins here.
    #[inline]
    pub fn enter(&mut self) -> Result<(), Bad> {
        if self.depth == MAX_DEPTH {
            return Err(Bad::Depth(self.at));
        }
        self.depth += 1;
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Moves to the next member or item; `false` behind the last one, with the cursor behind the container.
    #[inline]
    pub fn more(&mut self, first: &mut bool, close: u8) -> Result<bool, Bad> {
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth -= 1;
                self.space();
                return Ok(false);
            }
            Some(b',') if !*first => {
                self.at += 1;
                self.space();
                if self.peek() == Some(close) {
                    return Err(self.bad());
                }
            }
            Some(_) if *first => {}
            _ => return Err(self.bad()),
        }
        *first = false;
        Ok(true)
    }

    /// Reads a member's name and the colon.
    #[inline]
    pub fn key(&mut self) -> Result<Text<'a>, Bad> {
        if self.peek() != Some(b'"') {
            return Err(self.bad());
        }
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.bad());
        }
        self.at += 1;
        self.space();
        Ok(key)
    }

    /// If the next member is called `name`, written plainly, reads the name and the colon.
    ///
    /// Providers write their attributes in a stable order, so this guess is nearly always right and saves a search.
    #[expect(clippy::inline_always, reason = "measured: the scan of a page takes half as long")]
    #[inline(always)]
    pub fn key_is(&mut self, name: &str) -> bool {
        let name = name.as_bytes();
        let end = self.at + 1 + name.len();
        // The closing quote first: it tells most wrong guesses.
        let quoted = self.bytes.get(end) == Some(&b'"') && self.peek() == Some(b'"');
        if !quoted || !self.bytes.get(self.at + 1..end).is_some_and(|found| same(found, name)) {
            return false;
        }
        let before = self.at;
        self.at += name.len() + 2;
        self.space();
        if self.peek() != Some(b':') {
            self.at = before;
            return false;
        }
        self.at += 1;
        self.space();
        true
    }

    /// Reads the string that begins here.
    #[inline]
    pub fn string(&mut self) -> Result<Text<'a>, Bad> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        loop {
            self.plain();
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return Err(self.bad());
                                }
                                self.at += 1;
                            }
                        }
                        _ => return Err(self.bad()),
                    }
                }
                _ => return Err(self.bad()),
            }
        }
        let raw = self.since(start);
        self.at += 1;
        self.space();
        Ok(Text { raw, escaped })
    }

    /// Moves over bytes that mean nothing special in a string, eight at a time.
    #[inline(always)]
    fn plain(&mut self) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGHS: u64 = 0x8080_8080_8080_8080;
        while let Some(chunk) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*chunk);
            let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
            let quote = has_zero(word ^ (ONES * 0x22));
            let slash = has_zero(word ^ (ONES * 0x5C));
            let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
            let stop = quote | slash | control;
            if stop != 0 {
                // The lowest set bit is exact: borrows only ever reach upwards.
                self.at += (stop.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
            self.at += 1;
        }
    }

    /// Reads the number that begins here.
    #[inline]
    pub fn number(&mut self) -> Result<&'a [u8], Bad> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let raw = self.since(start);
        self.space();
        Ok(raw)
    }

    #[inline]
    fn digits(&mut self) -> Result<(), Bad> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.bad()) } else { Ok(()) }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Bad> {
        for expected in word {
            if self.peek() != Some(*expected) {
                return Err(self.bad());
            }
            self.at += 1;
        }
        self.space();
        Ok(())
    }

    /// Moves over the value that begins here and tells its kind.
    pub fn skip(&mut self) -> Result<Shape, Bad> {
        let shape = self.shape()?;
        match shape {
            Shape::String => {
                self.string()?;
            }
            Shape::Number => {
                self.number()?;
            }
            Shape::Boolean if self.peek() == Some(b't') => self.word(b"true")?,
            Shape::Boolean => self.word(b"false")?,
            Shape::Null => self.word(b"null")?,
            Shape::Object => {
                self.enter()?;
                let mut first = true;
                while self.more(&mut first, b'}')? {
                    self.key()?;
                    self.skip()?;
                }
            }
            Shape::Array => {
                self.enter()?;
                let mut first = true;
                while self.more(&mut first, b']')? {
                    self.skip()?;
                }
            }
        }
        Ok(shape)
    }

    /// Moves over the value that begins here and gives its bytes, without white space around them.
    pub fn value(&mut self) -> Result<&'a [u8], Bad> {
        let start = self.at;
        self.skip()?;
        Ok(trim_end(self.since(start)))
    }
}

fn trim_end(mut raw: &[u8]) -> &[u8] {
    while let Some((last, rest)) = raw.split_last() {
        if !is_space(*last) {
            break;
        }
        raw = rest;
    }
    raw
}

/// Are these bytes one JSON value?
pub fn check(bytes: &[u8]) -> Result<Shape, Bad> {
    let mut cursor = Cursor::new(bytes)?;
    let shape = cursor.skip()?;
    cursor.end()?;
    Ok(shape)
}

/// The members of the object that `raw` begins with, one level deep; nothing if it is no object.
///
/// Bytes that break off give the members before the break.
pub fn members(raw: &[u8]) -> Members<'_> {
    Members { cursor: Cursor::trusted(raw), first: true, started: false, close: b'}' }
}

/// The members of the object under `name` in the object `raw`; nothing if there is none.
pub fn members_at<'a>(raw: &'a [u8], name: &str) -> Members<'a> {
    members(member(raw, name).unwrap_or_default())
}

/// The items of the array that `raw` begins with; nothing if it is no array.
pub fn items(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    Members { cursor: Cursor::trusted(raw), first: true, started: false, close: b']' }.map(|(_, value)| value)
}

/// See [`members`].
#[derive(Debug)]
pub struct Members<'a> {
    cursor: Cursor<'a>,
    first: bool,
    started: bool,
    close: u8,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Text<'a>, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let keyed = self.close == b'}';
        if !self.started {
            self.started = true;
            let opening = if keyed { b'{' } else { b'[' };
            if self.cursor.peek() != Some(opening) || self.cursor.enter().is_err() {
                self.close = 0;
            }
        }
        if self.close == 0 || !matches!(self.cursor.more(&mut self.first, self.close), Ok(true)) {
            self.close = 0;
            return None;
        }
        let key = if keyed { self.cursor.key() } else { Ok(Text { raw: b"", escaped: false }) };
        let member = key.and_then(|key| Ok((key, self.cursor.value()?)));
        if member.is_err() {
            self.close = 0;
        }
        member.ok()
    }
}

/// The last member called `name` of the object in `raw`, as `JSON.parse` would have it.
pub fn member<'a>(raw: &'a [u8], name: &str) -> Option<&'a [u8]> {
    members(raw).filter(|(key, _)| key.is(name)).last().map(|(_, value)| value)
}

/// The string that `raw` holds, if it holds one.
pub fn string(raw: &[u8]) -> Option<Cow<'_, str>> {
    let mut cursor = Cursor::trusted(raw);
    (cursor.shape() == Ok(Shape::String)).then(|| cursor.string().ok())?.map(|text| text.decode())
}

/// Does the string that `raw` holds have no lone surrogate?
pub fn is_well_formed(raw: &[u8]) -> bool {
    Cursor::trusted(raw).string().is_ok_and(|text| text.is_well_formed())
}

/// The string under `name` in the object `raw`.
pub fn string_at<'a>(raw: &'a [u8], name: &str) -> Option<Cow<'a, str>> {
    member(raw, name).and_then(string)
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
    let (mut value, mut scale, mut exponent, mut fraction) = (0.0_f64, 0_i32, 0_i32, false);
    let mut bytes = text.iter().copied();
    let negative = text.first() == Some(&b'-');
    for byte in bytes.by_ref() {
        match byte {
            b'0'..=b'9' => {
                value = value * 10.0 + f64::from(byte - b'0');
                scale -= i32::from(fraction);
            }
            b'.' => fraction = true,
            b'e' | b'E' => break,
            _ => {}
        }
    }
    let mut minus = false;
    for byte in bytes {
        match byte {
            b'-' => minus = true,
            b'0'..=b'9' => exponent = exponent.saturating_mul(10).saturating_add(i32::from(byte - b'0')).min(9_999),
            _ => {}
        }
    }
    let power = scale + if minus { -exponent } else { exponent };
    for _ in 0..power.unsigned_abs().min(700) {
        value = if power < 0 { value / 10.0 } else { value * 10.0 };
    }
    Some(if negative { -value } else { value })
}

/// Does `raw` hold a number without fraction and exponent?
pub fn is_integer(raw: &[u8]) -> bool {
    !raw.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

/// Writes `text` as a JSON string.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => {
                let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + value - 10 };
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// Writes objects member by member.
#[derive(Debug)]
pub struct ObjectWriter<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl<'o> ObjectWriter<'o> {
    /// Opens an object at the end of `out`.
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    /// Begins a member; its value is to be written to what this gives.
    pub fn key(&mut self, name: &str) -> &mut Vec<u8> {
        if !core::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        write_string(self.out, name);
        self.out.push(b':');
        self.out
    }

    /// Writes a member whose value is JSON already.
    pub fn raw(&mut self, name: &str, value: &[u8]) {
        self.key(name).extend_from_slice(value);
    }

    /// Writes a member whose value is a whole number.
    pub fn number(&mut self, name: &str, value: u64) {
        self.raw(name, super::text::digits(value).as_bytes());
    }

    /// Writes a member whose value is a string.
    pub fn string(&mut self, name: &str, value: &str) {
        write_string(self.key(name), value);
    }

    /// Writes the inside of an object, its braces left away, as it is.
    pub fn splice(&mut self, object: &[u8]) {
        let inside = object.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}")).unwrap_or_default();
        if inside.iter().all(|byte| is_space(*byte)) {
            return;
        }
        if !core::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        self.out.extend_from_slice(inside);
    }

    /// Closes the object.
    pub fn close(self) {
        self.out.push(b'}');
    }
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

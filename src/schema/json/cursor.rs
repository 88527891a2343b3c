//! The cursor: the grammar, and nothing else.

use super::text::same;
use super::{Bad, MAX_DEPTH, Shape, Text, is_space};

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

    #[expect(clippy::inline_always, reason = "called for every byte or name of an answer")]
    #[inline(always)]
    fn space(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_space(*byte)) {
            self.at += 1;
        }
    }

    #[expect(clippy::inline_always, reason = "called for every byte or name of an answer")]
    #[inline(always)]
    pub(super) fn peek(&self) -> Option<u8> {
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
    #[expect(clippy::inline_always, reason = "called for every byte or name of an answer")]
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

//! The cursor: the grammar, and nothing else.

use super::text::same;
use super::{Bad, Broken, MAX_DEPTH, Shape, Text, is_space};

/// Walks JSON bytes. Every method leaves the cursor behind what it read, and a failed one where the grammar breaks.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// How many containers are open; more than [`MAX_DEPTH`] if one too many was.
    depth: u32,
    /// Has nothing been read yet of the container that was entered last?
    first: bool,
    /// Does something follow the bytes that is no UTF-8?
    torn: bool,
}

impl<'a> Cursor<'a> {
    /// Starts at the first value of `bytes`; ends before what is no UTF-8, which [`Cursor::end`] does not let pass.
    pub fn new(bytes: &'a [u8]) -> Self {
        let valid = core::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        Self { torn: valid < bytes.len(), ..Self::trusted(bytes.get(..valid).unwrap_or_default()) }
    }

    /// Starts at bytes that another cursor has already accepted.
    pub fn trusted(bytes: &'a [u8]) -> Self {
        let mut cursor = Self { bytes, at: 0, depth: 0, first: false, torn: false };
        cursor.space();
        cursor
    }

    /// The offset of the next byte.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The bytes from `start` to here.
    #[expect(clippy::inline_always, reason = "called for every byte or name of an answer")]
    #[inline(always)]
    pub fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// Everything from here on, accepted or not.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Why a method failed that has just failed.
    pub fn bad(&self) -> Bad {
        if self.depth > MAX_DEPTH {
            Bad::Depth(self.at)
        } else if self.at < self.bytes.len() {
            Bad::Syntax(self.at)
        } else if self.torn {
            Bad::Utf8(self.at)
        } else {
            Bad::End(self.at)
        }
    }

    /// Few answers hold white space at all.
    #[expect(clippy::inline_always, reason = "called for every byte or name of an answer")]
    #[inline(always)]
    fn space(&mut self) {
        if is_space(self.peek()) {
            self.spaces();
        }
    }

    #[inline(never)]
    fn spaces(&mut self) {
        while is_space(self.peek()) {
            self.at += 1;
        }
    }

    /// The next byte; behind the last one 0, which means nothing anywhere in JSON.
    #[expect(clippy::inline_always, reason = "called for every byte or name of an answer")]
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    /// Moves over `byte` if it is the next one.
    #[expect(clippy::inline_always, reason = "called for every byte or name of an answer")]
    #[inline(always)]
    fn eat(&mut self, byte: u8) -> bool {
        let here = self.peek() == byte;
        self.at += usize::from(here);
        here
    }

    /// What begins here?
    pub fn shape(&self) -> Result<Shape, Broken> {
        Shape::begun_by(self.peek()).ok_or(Broken)
    }

    /// Nothing but white space may follow.
    pub fn end(&self) -> Result<(), Broken> {
        if self.at == self.bytes.len() && !self.torn { Ok(()) } else { Err(Broken) }
    }

    /// Enters the object or array that begins here.
    pub fn enter(&mut self) -> Result<(), Broken> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Broken);
        }
        self.first = true;
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Moves to the next member or item; `false` behind the last one, with the cursor behind the container.
    #[cfg_attr(npm_module, optimize(speed))]
    pub fn more(&mut self, close: u8) -> Result<bool, Broken> {
        let first = core::mem::take(&mut self.first);
        if self.peek() == close {
            self.at += 1;
            self.depth -= 1;
            self.space();
            return Ok(false);
        }
        if !first {
            if !self.eat(b',') {
                return Err(Broken);
            }
            self.space();
            if self.peek() == close {
                return Err(Broken);
            }
        }
        Ok(true)
    }

    /// Reads a member's name and the colon.
    pub fn key(&mut self) -> Result<Text<'a>, Broken> {
        if self.peek() != b'"' {
            return Err(Broken);
        }
        let key = self.string()?;
        self.colon()?;
        Ok(key)
    }

    #[expect(clippy::inline_always, reason = "called for every byte or name of an answer")]
    #[inline(always)]
    fn colon(&mut self) -> Result<(), Broken> {
        if !self.eat(b':') {
            return Err(Broken);
        }
        self.space();
        Ok(())
    }

    /// If the next member is called `name`, written plainly, reads the name and the colon.
    ///
    /// Providers write their attributes in a stable order, so this guess is nearly always right and saves a search.
    #[cfg_attr(npm_module, optimize(speed))]
    pub fn key_is(&mut self, name: &str) -> bool {
        let before = self.at;
        let end = before + 1 + name.len();
        // The closing quote first: it tells most wrong guesses.
        if self.bytes.get(end) != Some(&b'"')
            || self.peek() != b'"'
            || !self.bytes.get(before + 1..end).is_some_and(|found| same(found, name.as_bytes()))
        {
            return false;
        }
        self.at = end + 1;
        self.space();
        let found = self.colon().is_ok();
        if !found {
            self.at = before;
        }
        found
    }

    /// Reads the string that begins here.
    #[cfg_attr(npm_module, optimize(speed))]
    pub fn string(&mut self) -> Result<Text<'a>, Broken> {
        self.at += 1;
        let start = self.at;
        loop {
            self.plain();
            if self.peek() != b'\\' {
                break;
            }
            self.at += 1;
            match self.peek() {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
                b'u' => {
                    self.at += 1;
                    for _ in 0..4 {
                        if !self.peek().is_ascii_hexdigit() {
                            return Err(Broken);
                        }
                        self.at += 1;
                    }
                }
                _ => return Err(Broken),
            }
        }
        let raw = self.since(start);
        if !self.eat(b'"') {
            return Err(Broken);
        }
        self.space();
        Ok(Text { raw })
    }

    /// Moves over bytes that mean nothing special in a string, eight at a time.
    #[inline(always)]
    fn plain(&mut self) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGHS: u64 = ONES << 7;
        while let Some(chunk) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*chunk);
            // With its second bit turned, the quote comes right behind the control characters.
            let low = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
            let slash = (word ^ (ONES * 0x5C)).wrapping_sub(ONES);
            let stop = (low | slash) & !word & HIGHS;
            if stop != 0 {
                // The lowest set bit is exact: borrows only ever reach upwards.
                self.at += (stop.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
        }
        while !matches!(self.peek(), 0..0x20 | b'"' | b'\\') {
            self.at += 1;
        }
    }

    /// Reads the number that begins here.
    #[cfg_attr(npm_module, optimize(speed))]
    pub fn number(&mut self) -> Result<&'a [u8], Broken> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        let raw = self.since(start);
        self.space();
        Ok(raw)
    }

    fn digits(&mut self) -> Result<(), Broken> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start { Err(Broken) } else { Ok(()) }
    }

    /// Moves over the value that begins here and tells its kind.
    pub fn skip(&mut self) -> Result<Shape, Broken> {
        let shape = self.shape()?;
        match shape {
            Shape::String => {
                self.string()?;
            }
            Shape::Number => {
                self.number()?;
            }
            Shape::Boolean | Shape::Null => {
                let word: &[u8] = match self.peek() {
                    b't' => b"true",
                    b'f' => b"false",
                    _ => b"null",
                };
                for expected in word {
                    if !self.eat(*expected) {
                        return Err(Broken);
                    }
                }
                self.space();
            }
            Shape::Object | Shape::Array => {
                let close = shape.close();
                self.enter()?;
                while self.more(close)? {
                    if close == b'}' {
                        self.key()?;
                    }
                    self.skip()?;
                }
            }
        }
        Ok(shape)
    }

    /// Moves over the value that begins here and gives its bytes, without white space around them.
    pub fn value(&mut self) -> Result<&'a [u8], Broken> {
        let start = self.at;
        self.skip()?;
        Ok(self.since(start).trim_ascii_end())
    }
}

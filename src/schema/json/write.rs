//! Writing JSON.

use super::{Text, is_space};

/// Writes `text` as a JSON string.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0..0x20 => b'u',
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
        if short == b'u' {
            let low = byte & 15;
            out.extend_from_slice(&[b'0', b'0', b'0' + (byte >> 4), low + if low < 10 { b'0' } else { b'a' - 10 }]);
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
        self.part();
        write_string(self.out, name);
        self.out.push(b':');
        self.out
    }

    /// Begins a member called as another one is, with half a surrogate pair in its name too.
    pub fn same_key(&mut self, name: Text<'_>) -> &mut Vec<u8> {
        self.part();
        self.out.push(b'"');
        self.out.extend_from_slice(name.raw);
        self.out.extend_from_slice(b"\":");
        self.out
    }

    /// Writes what stands between two members.
    fn part(&mut self) {
        if !core::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }

    /// Writes a member of another object.
    pub fn copy(&mut self, name: Text<'_>, value: &[u8]) {
        self.same_key(name).extend_from_slice(value);
    }

    /// Writes a member whose value is JSON already.
    pub fn raw(&mut self, name: &str, value: &[u8]) {
        self.key(name).extend_from_slice(value);
    }

    /// Writes a member whose value is a whole number.
    pub fn number(&mut self, name: &str, value: u64) {
        self.raw(name, crate::schema::text::digits(value).as_bytes());
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

/// Writes lists item by item.
#[derive(Debug)]
pub struct ListWriter {
    /// What stands before the next item.
    mark: u8,
}

impl Default for ListWriter {
    fn default() -> Self {
        Self { mark: b'[' }
    }
}

impl ListWriter {
    /// Begins an item; its value is to be written behind what `out` then holds.
    pub fn item(&mut self, out: &mut Vec<u8>) {
        out.push(core::mem::replace(&mut self.mark, b','));
    }

    /// Closes the list.
    pub fn close(mut self, out: &mut Vec<u8>) {
        if self.mark == b'[' {
            self.item(out);
        }
        out.push(b']');
    }
}

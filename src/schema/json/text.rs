//! Strings as they stand in the bytes.

use std::borrow::Cow;

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

/// Are these the same bytes? Eight at a time: the general comparison is a call and a loop over single bytes.
#[inline]
pub(super) fn same(mut left: &[u8], mut right: &[u8]) -> bool {
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

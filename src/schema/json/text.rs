//! Strings as they stand in the bytes.

use std::borrow::Cow;

/// A JSON string as it stands in the bytes, without its quotes. Two words without a gap: it is moved a lot.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text<'a> {
    /// What stands between the quotes.
    pub raw: &'a [u8],
}

impl<'a> Text<'a> {
    /// Is this the string `name`?
    #[inline(never)]
    pub fn is(&self, name: &str) -> bool {
        // Most are told apart by how they begin, and what is escaped is longer than what it stands for.
        let (first, own) = (name.as_bytes().first(), self.raw.first());
        (own == first || own == Some(&b'\\'))
            && (same(self.raw, name.as_bytes())
                || (self.raw.len() > name.len() && self.escaped() && self.decode() == name))
    }

    /// Does it contain a backslash?
    fn escaped(&self) -> bool {
        self.raw.contains(&b'\\')
    }

    /// The string itself. A lone surrogate becomes U+FFFD; [`Text::is_well_formed`] tells whether there was one.
    pub fn decode(&self) -> Cow<'a, str> {
        if self.escaped() {
            Cow::Owned(unescape(self.raw).0)
        } else {
            Cow::Borrowed(core::str::from_utf8(self.raw).unwrap_or_default())
        }
    }

    /// Does the string hold no lone surrogate?
    pub fn is_well_formed(&self) -> bool {
        unescape(self.raw).1
    }
}

/// Decodes escapes that the cursor has already accepted; the flag says whether no surrogate stood alone.
fn unescape(raw: &[u8]) -> (String, bool) {
    let (mut out, mut whole, mut at) = (Vec::with_capacity(raw.len()), true, 0);
    let byte = |at: usize| raw.get(at).copied().unwrap_or(0);
    while at < raw.len() {
        let plain = byte(at);
        at += 1;
        if plain != b'\\' {
            out.push(plain);
            continue;
        }
        let escape = byte(at);
        at += 1;
        out.push(match escape {
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let mut unit = hex4(raw, at);
                at += 4;
                // Surrogates: the upper six bits tell which half, the lower ten are what it carries.
                if unit >> 10 == 0x36 && byte(at) == b'\\' && byte(at + 1) == b'u' {
                    let low = hex4(raw, at + 2);
                    if low >> 10 == 0x37 {
                        unit = 0x1_0000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
                        at += 6;
                    }
                }
                let scalar = char::from_u32(unit);
                whole &= scalar.is_some();
                let scalar = scalar.unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(scalar.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            other => other,
        });
    }
    (String::from_utf8(out).unwrap_or_default(), whole)
}

/// Four hex digits; letters have their value less nine in the lower half of the byte.
fn hex4(raw: &[u8], at: usize) -> u32 {
    let digits = raw.get(at..at + 4).unwrap_or_default().iter();
    digits.fold(0, |sum, digit| (sum << 4) + u32::from((digit & 15) + 9 * (digit >> 6)))
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

//! Searching and joining text without the standard library's searchers, which weigh more than what uses them.

/// What stands in place of a secret.
pub const MASK: &str = "****";

/// Where `part`, which is not empty, begins in `text`.
pub fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    (0..text.len()).find(|place| text.get(*place..).is_some_and(|rest| rest.starts_with(part)))
}

/// Is `part` in `text`?
pub fn has(text: &str, part: &str) -> bool {
    find(text.as_bytes(), part.as_bytes()).is_some()
}

/// Splits before the first `mark`; the second part is empty if there is none.
pub fn cut(text: &str, mark: u8) -> (&str, &str) {
    let place = text.bytes().position(|byte| byte == mark).unwrap_or(text.len());
    text.split_at_checked(place).unwrap_or_default()
}

/// Splits at the first `mark`, which belongs to neither part; nothing if there is none.
pub fn split(text: &str, mark: u8) -> Option<(&str, &str)> {
    let (left, right) = cut(text, mark);
    Some((left, right.get(1..)?))
}

/// Bytes as text, with U+FFFD for what is no UTF-8.
pub fn lossy(mut bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    loop {
        let error = match core::str::from_utf8(bytes) {
            Ok(text) => {
                out.push_str(text);
                return out;
            }
            Err(error) => error,
        };
        let (good, bad) = bytes.split_at_checked(error.valid_up_to()).unwrap_or_default();
        out.push_str(core::str::from_utf8(good).unwrap_or_default());
        out.push(char::REPLACEMENT_CHARACTER);
        // Without a length the text is cut off: nothing follows.
        bytes = error.error_len().and_then(|length| bad.get(length..)).unwrap_or_default();
    }
}

/// At most `limit` bytes of `text`, without cutting a character.
pub fn within(text: &str, limit: usize) -> &str {
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Cuts `text` to at most `limit` bytes, without cutting a character.
pub fn shorten(text: &mut String, limit: usize) {
    text.truncate(within(text, limit).len());
}

/// At most `limit` bytes of `text` as one line.
pub fn line(text: &str, limit: usize) -> String {
    within(text, limit).chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Is there nothing but white space in it?
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// The parts with a comma between them.
pub fn join<'a>(mut parts: impl Iterator<Item = &'a str>) -> String {
    joined(&mut parts)
}

fn joined(parts: &mut dyn Iterator<Item = &str>) -> String {
    let mut out = String::new();
    for part in parts {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(part);
    }
    out
}

/// A whole number in digits.
pub fn digits(number: u64) -> String {
    let mut out = if number > 9 { digits(number / 10) } else { String::new() };
    out.push((b'0' + (number % 10) as u8) as char);
    out
}

/// The whole number that `text`, digits and nothing else, stands for.
pub fn number(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0_u32, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// Is a path the other one, or below it?
pub fn is_in(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_digits_are_each_others_inverse() {
        for value in [0, 7, 10, 86_400_000, u32::MAX] {
            assert_eq!(number(&digits(u64::from(value))), Some(value));
        }
        assert_eq!(digits(u64::MAX), u64::MAX.to_string());
        for text in ["", "-1", "1.5", "4294967296", "1e3", "\u{661}"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_utf8_is_replaced_as_everywhere() {
        for bytes in [&b""[..], "é😀".as_bytes(), b"a\xffb", b"\xe2\x82", b"\xf0\x9f\x98x\xc3", b"\xed\xa0\x80\xc0\xaf"]
        {
            assert_eq!(lossy(bytes), String::from_utf8_lossy(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn text_is_found_and_split() {
        assert_eq!(find(b"abcabc", b"ca"), Some(2));
        assert_eq!(find(b"abcabc", b"cb"), None);
        assert_eq!(find(b"a", b"abc"), None);
        assert_eq!(split("a=b=c", b'='), Some(("a", "b=c")));
        assert_eq!(split("abc", b'='), None);
        assert_eq!(cut("é=", b'='), ("é", "="));
    }
}

//! Secrets: a type that cannot be printed, masks for what is shown, and scrubbing of what came back.

use core::fmt;

use crate::schema::json::{self, ObjectWriter, Shape};
use crate::schema::{Field, Kind, Table, text};

/// What stands in place of a secret.
pub const MASK: &str = "****";

/// A value that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the value in.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Gives the value out: only for what goes on the wire.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Does a member of this name hold a secret, although no table declares it? For attributes sent through `extra` and
/// for bodies that cannot be read.
pub fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = [
        "secret",
        "password",
        "token",
        "secret_key",
        "secret_access_key",
        "sas_string",
        "signing_key",
        "apikey",
        "api_key",
    ];
    ends.iter().any(|end| name.ends_with(end)) && name != "require_token"
}

fn is_secret(table: Option<&'static Table>, name: &str) -> (bool, Option<&'static Field>) {
    let field = table.and_then(|table| table.field(name));
    (field.map_or_else(|| sounds_secret(name), |field| field.secret), field)
}

/// The value of an access key's id with all but its last four characters masked.
pub fn tail(value: &str) -> String {
    let shown = if value.len() > 8 { value.get(value.len() - 4..).unwrap_or_default() } else { "" };
    [MASK, shown].concat()
}

/// Writes the JSON object `raw` with every secret in it masked.
pub fn mask(raw: &[u8], table: Option<&'static Table>, out: &mut Vec<u8>) {
    walk(raw, table, out, &mut |_| {});
}

/// Every secret string in the JSON object `raw`.
pub fn secrets_in(raw: &[u8], table: Option<&'static Table>) -> Vec<String> {
    let mut found = Vec::new();
    walk(raw, table, &mut Vec::new(), &mut |secret| found.push(secret.to_owned()));
    found
}

fn walk(raw: &[u8], table: Option<&'static Table>, out: &mut Vec<u8>, found: &mut dyn FnMut(&str)) {
    match Shape::of(raw) {
        Some(Shape::Object) => {}
        Some(Shape::Array) => {
            out.push(b'[');
            for (index, item) in json::items(raw).enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                walk(item, table, out, found);
            }
            return out.push(b']');
        }
        _ => return out.extend_from_slice(raw),
    }
    let mut object = ObjectWriter::new(out);
    for (key, value) in json::members(raw) {
        let name = key.decode();
        let (secret, field) = is_secret(table, &name);
        let given = json::string(value);
        if secret && Shape::of(value) != Some(Shape::Null) {
            strings_in(value, found);
            object.string(&name, MASK);
        } else if let (Some(text), true) = (&given, field.is_some_and(|field| field.masked)) {
            found(text);
            object.string(&name, &tail(text));
        } else if let Some((clean, user_info)) = given.as_deref().and_then(without_user_info) {
            found(user_info);
            object.string(&name, &clean);
        } else if matches!(Shape::of(value), Some(Shape::Object | Shape::Array)) {
            let inner = match field.map(|field| field.kind) {
                Some(Kind::Object(inner)) => Some(inner),
                _ => None,
            };
            walk(value, inner, object.key(&name), found);
        } else {
            object.raw(&name, value);
        }
    }
    object.close();
}

/// Every string in `raw`, however deep.
fn strings_in(raw: &[u8], found: &mut dyn FnMut(&str)) {
    if let Some(text) = json::string(raw) {
        found(&text);
    }
    for value in json::items(raw).chain(json::members(raw).map(|(_, value)| value)) {
        strings_in(value, found);
    }
}

/// An address without the name and password in it, and the password; nothing if it has none.
fn without_user_info(address: &str) -> Option<(String, &str)> {
    let start = text::find(address.as_bytes(), b"://", 0)? + 3;
    let rest = address.get(start..)?;
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let at = rest.bytes().take(end).collect::<Vec<_>>().iter().rposition(|byte| *byte == b'@')?;
    let user_info = rest.get(..at)?;
    let password = text::split(user_info, b':').map_or(user_info, |(_, password)| password);
    Some(([address.get(..start)?, MASK, rest.get(at..)?].concat(), password))
}

/// Removes every one of `secrets` from `text`: plain, percent-encoded, escaped for JSON or HTML, and in base64.
pub fn scrub(text: &str, secrets: &[String]) -> String {
    let mut bytes = blank_members(text.as_bytes());
    for secret in secrets.iter().filter(|secret| secret.len() >= 4 && *secret != MASK) {
        forms(secret.as_bytes(), &mut |form| blank(&mut bytes, form));
        let decoded = percent_decoded(secret);
        if decoded != secret.as_bytes() {
            forms(&decoded, &mut |form| blank(&mut bytes, form));
            // Of a signature in a query its value alone is a secret as well.
            for value in decoded.split(|byte| *byte == b'&').filter_map(|pair| pair.strip_prefix(b"sig=")) {
                forms(value, &mut |form| blank(&mut bytes, form));
            }
        }
    }
    // Only whole characters were replaced, and by ASCII.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The forms in which a secret may come back.
fn forms(secret: &[u8], each: &mut dyn FnMut(&[u8])) {
    let mut form = Vec::new();
    for style in 0..STYLES {
        form.clear();
        for byte in secret {
            escape(*byte, style, &mut form);
        }
        each(&form);
    }
    for lead in 0..3 {
        form = base64_core(secret, lead);
        each(&form);
        for byte in &mut form {
            match byte {
                b'+' => *byte = b'-',
                b'/' => *byte = b'_',
                _ => {}
            }
        }
        each(&form);
    }
}

/// As it is; escaped for HTML; for JSON with or without `/`, and with `&`, `<`, `>` and `'` as numbers; percent-encoded.
const STYLES: u8 = 20;

/// Writes one byte as a style of escaping writes it.
fn escape(byte: u8, style: u8, out: &mut Vec<u8>) {
    /// What percent-encoders leave alone: `encodeURIComponent`, RFC 3986, forms, `encodeURI`.
    const BARE: [&[u8]; 4] = [b"-_.!~*'()", b"-_.~", b"-_.*", b"-_.!~*'()/:=&?+,;@$#"];
    let hex = |value: u8, lower: bool| match value {
        0..=9 => b'0' + value,
        _ if lower => b'a' + value - 10,
        _ => b'A' + value - 10,
    };
    let html: &[u8] = match byte {
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'>' => b"&gt;",
        b'"' => b"&quot;",
        b'\'' => b"&#39;",
        _ => b"",
    };
    match style {
        1 if !html.is_empty() => out.extend_from_slice(html),
        2..=7 if matches!(byte, b'"' | b'\\') || (byte == b'/' && style % 2 == 1) => {
            out.extend_from_slice(&[b'\\', byte]);
        }
        4..=7 if !html.is_empty() => {
            out.extend_from_slice(b"\\u00");
            out.extend_from_slice(&[hex(byte >> 4, true), hex(byte & 15, style < 6)]);
        }
        8.. => {
            let (bare, lower, plus) = (BARE.get(usize::from(style - 8) / 3), style.is_multiple_of(3), style % 3 == 1);
            if byte.is_ascii_alphanumeric() || bare.is_some_and(|bare| bare.contains(&byte)) {
                out.push(byte);
            } else if byte == b' ' && plus {
                out.push(b'+');
            } else {
                out.extend_from_slice(&[b'%', hex(byte >> 4, lower), hex(byte & 15, lower)]);
            }
        }
        _ => out.push(byte),
    }
}

/// The bytes that a percent-encoded text stands for.
fn percent_decoded(text: &str) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let pair = digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2)));
        let decoded = pair.filter(|_| *byte == b'%').and_then(|(high, low)| u8::try_from(high << 4 | low).ok());
        out.push(decoded.unwrap_or(*byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    out
}

/// Puts the mask in place of every `form` in `bytes`.
fn blank(bytes: &mut Vec<u8>, form: &[u8]) {
    let mut from = 0;
    while form.len() >= 4
        && let Some(place) = text::find(bytes, form, from)
    {
        let tail = bytes.split_off(place);
        bytes.extend_from_slice(MASK.as_bytes());
        from = bytes.len();
        bytes.extend_from_slice(tail.get(form.len()..).unwrap_or_default());
    }
}

/// The base64 characters that depend on nothing but `bytes`, if `lead` other bytes stand before them.
fn base64_core(bytes: &[u8], lead: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut word, mut bits) = (0_u32, lead * 8);
    for byte in bytes {
        word = word << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 6 {
            bits -= 6;
            let value = (word >> bits & 63) as u8;
            out.push(match value {
                0..=25 => b'A' + value,
                26..=51 => b'a' + value - 26,
                52..=61 => b'0' + value - 52,
                62 => b'+',
                _ => b'/',
            });
        }
    }
    // The first characters of a later start mix in the bytes before.
    out.drain(..(lead + usize::from(lead > 0)).min(out.len()));
    out
}

/// Blanks the value of every member that sounds secret, in text that may be broken JSON or no JSON at all.
fn blank_members(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let (mut at, mut name_is_secret, mut value_follows, mut listed) = (0, false, false, false);
    while let Some(byte) = text.get(at) {
        if *byte != b'"' {
            value_follows |= *byte == b':';
            // A secret may be a list of strings.
            let goes_on = matches!(byte, b':' | b'[') || (listed && *byte == b',');
            listed |= value_follows && *byte == b'[';
            if !byte.is_ascii_whitespace() && !goes_on {
                listed = false;
                (name_is_secret, value_follows) = (false, false);
            }
            out.push(*byte);
            at += 1;
            continue;
        }
        let inside = text.get(at + 1..).unwrap_or_default();
        let end = string_end(inside);
        let inside = inside.get(..end).unwrap_or_default();
        let masked = name_is_secret && value_follows;
        out.push(b'"');
        out.extend_from_slice(if masked { MASK.as_bytes() } else { inside });
        out.extend(text.get(at + 1 + end));
        if !(masked && listed) {
            (name_is_secret, value_follows) = (!masked && sounds_secret(json::as_text(inside)), false);
        }
        at += end + 2;
    }
    out
}

/// Where the string whose inside `text` begins with ends: its quote, or the end of the text.
fn string_end(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "CANARY/s3cr+t \"é\"";

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret::new("hunter22")), MASK);
    }

    #[test]
    fn a_secret_is_scrubbed_in_every_form() {
        use std::fmt::Write as _;
        let mut text = format!(
            "plain {CANARY} json {} percent {}",
            CANARY.replace('"', "\\\""),
            super::super::url::encode(CANARY)
        );
        for lead in ["", "u", "us", "user:"] {
            let joined = format!("{lead}{CANARY}");
            write!(text, " b64 {}", String::from_utf8(base64_core(joined.as_bytes(), 0)).unwrap()).unwrap();
        }

        let clean = scrub(&text, &[CANARY.to_owned()]);

        assert!(!clean.contains("CANARY"), "{clean}");
        assert!(!clean.contains(&String::from_utf8(base64_core(CANARY.as_bytes(), 0)).unwrap()), "{clean}");
        assert!(!clean.contains(&String::from_utf8(base64_core(CANARY.as_bytes(), 1)).unwrap()), "{clean}");
        assert!(!clean.contains(&String::from_utf8(base64_core(CANARY.as_bytes(), 2)).unwrap()), "{clean}");
    }

    #[test]
    fn a_secret_is_scrubbed_however_it_was_escaped() {
        let secret = "sv=1&sig=a/b+c%3D<'x'>";
        for echoed in [
            secret.replace('/', "\\/"),
            secret.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e").replace('\'', "\\u0027"),
            secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;"),
            super::super::url::encode(secret),
            "sv%3d1%26sig%3da%2fb%2bc%253D%3c'x'%3e".to_owned(),
            "sv=1&sig=a/b+c=<'x'>".to_owned(),
            "a/b+c=<'x'>".to_owned(),
        ] {
            let clean = scrub(&format!("no: {echoed}."), &[secret.to_owned()]);
            assert!(clean.ends_with("****.") && !clean.contains("a/b") && !clean.contains("%2fb"), "{echoed}: {clean}");
        }
    }

    #[test]
    fn members_that_sound_secret_are_blanked_even_in_broken_json() {
        assert_eq!(scrub(r#"{"secret":["a\"b", "c"],"x":["d"]}"#, &[]), r#"{"secret":["****", "****"],"x":["d"]}"#);
        let broken = r#"[{"secret_token" : "a1b2\"c3","require_token":"true","x":"secret_token","password":"half"#;
        let clean = scrub(broken, &[]);

        assert_eq!(clean, r#"[{"secret_token" : "****","require_token":"true","x":"secret_token","password":"****"#);
    }

    #[test]
    fn text_without_secrets_stays_as_it_is() {
        for text in ["", "\"", "<html>\"a\": b</html>", r#"{"a":"b","c":[1]}"#, "é\"日本"] {
            assert_eq!(scrub(text, &["nowhere".to_owned()]), text);
        }
    }

    #[test]
    fn user_info_in_an_address_is_a_secret() {
        let raw = br#"{"url":"https://me:pa55word@host/x?y"}"#;
        let mut out = Vec::new();
        mask(raw, None, &mut out);

        assert_eq!(String::from_utf8(out).unwrap(), r#"{"url":"https://****@host/x?y"}"#);
        assert_eq!(secrets_in(raw, None), ["pa55word"]);
    }

    #[test]
    fn ids_of_keys_show_their_last_four_characters() {
        assert_eq!(tail("AKIAIOSFODNN7EXAMPLE"), "****MPLE");
        assert_eq!(tail("short"), "****");
    }
}

//! Secrets: a type that cannot be printed, masks for what is shown, and scrubbing of what came back.

use core::fmt;

use crate::schema::json::{self, ListWriter, ObjectWriter, Shape};
use crate::schema::pattern::holds;
use crate::schema::{Field, Table, is_mask, text};

pub use crate::schema::text::MASK;

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
    let ends = "*secret|*password|*token|*secret_key|*secret_access_key|*sas_string|*signing_key|*apikey|*api_key";
    // No more than the longest of these, for this is asked of long texts too.
    let end = name.get(name.len().saturating_sub(17)..).unwrap_or(name).to_ascii_lowercase();
    holds(ends, &end) && end != "require_token"
}

/// Writes the JSON object `raw` with every secret in it masked.
pub fn mask(raw: &[u8], table: Option<&'static Table>, out: &mut Vec<u8>) {
    walk(raw, table, out, &mut Vec::new());
}

/// Every secret string in the JSON object `raw`.
pub fn secrets_in(raw: &[u8], table: Option<&'static Table>) -> Vec<String> {
    let mut found = Vec::new();
    walk(raw, table, &mut Vec::new(), &mut found);
    found
}

fn walk(raw: &[u8], table: Option<&'static Table>, out: &mut Vec<u8>, found: &mut Vec<String>) {
    match Shape::of(raw) {
        Some(Shape::Object) => {}
        Some(Shape::Array) => {
            let mut list = ListWriter::default();
            for item in json::items(raw) {
                list.item(out);
                walk(item, table, out, found);
            }
            return list.close(out);
        }
        _ => {
            let mut hidden = Vec::new();
            let shown = without_user_info(json::string(raw).unwrap_or_default().as_bytes(), b"", &mut hidden);
            if hidden.is_empty() {
                return out.extend_from_slice(raw);
            }
            found.append(&mut hidden);
            return json::write_string(out, json::as_text(&shown));
        }
    }
    let mut object = ObjectWriter::new(out);
    for (key, value) in json::members(raw) {
        let name = key.decode();
        let field = table.and_then(|table| table.field(&name));
        let out = object.same_key(key);
        if field.map_or_else(|| sounds_secret(&name), |field| field.secret) && Shape::of(value) != Some(Shape::Null) {
            strings_in(value, found);
            json::write_string(out, MASK);
            continue;
        }
        if let (true, Some(id)) = (field.is_some_and(|field| field.masked), json::string(value)) {
            json::write_string(out, &[MASK, tail(&id)].concat());
            found.push(id.into_owned());
            continue;
        }
        walk(value, table.and_then(|table| table.inner(&name)), out, found);
    }
    object.close();
}

/// Does a stored value show a mask in place of something that is not known? Whatever its name, `****` alone is one.
pub(super) fn holds_mask(raw: &[u8], field: Option<&Field>) -> bool {
    let mut found = Vec::new();
    strings_in(raw, &mut found);
    json::text(raw).is_some_and(|text| text.is(MASK)) || found.iter().any(|text| is_mask(text, field))
}

/// Every string in `raw`, however deep.
fn strings_in(raw: &[u8], found: &mut Vec<String>) {
    if let Some(text) = json::string(raw) {
        found.push(text.into_owned());
    }
    for item in json::items(raw) {
        strings_in(item, found);
    }
    for (_, value) in json::members(raw) {
        strings_in(value, found);
    }
}

/// What is shown of the id of an access key.
fn tail(value: &str) -> &str {
    if value.len() > 8 { value.get(value.len() - 4..).unwrap_or_default() } else { "" }
}

/// A text without the names and passwords in its addresses, with a scheme or without. The passwords are added to `found`. In
/// front of the host stands none of `ends`; in a query the `@` is encoded.
pub(super) fn without_user_info(text: &[u8], ends: &[u8], found: &mut Vec<String>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        out.push(*first);
        rest = behind;
        if !out.ends_with(b"//") && !out.ends_with(b"/\\/") {
            continue;
        }
        let end = rest.iter().position(|byte| b"/?#".contains(byte) || ends.contains(byte)).unwrap_or(rest.len());
        let authority = rest.get(..end).unwrap_or_default();
        let is_at =
            |place: &usize| authority.get(*place..).is_some_and(|at| at.starts_with(b"@") || at.starts_with(b"%40"));
        if let Some((user_info, behind)) = (0..end).rfind(is_at).and_then(|place| rest.split_at_checked(place)) {
            let user_info = json::as_text(user_info);
            found.push(text::split(user_info, b':').map_or(user_info, |(_, password)| password).to_owned());
            out.extend_from_slice(MASK.as_bytes());
            rest = behind;
        }
    }
    out
}

/// Removes every one of `secrets` from `text`: plain, percent-encoded, escaped for JSON or HTML, and in base64.
pub fn scrub(text: &str, secrets: &[String]) -> String {
    let mut forms = Vec::new();
    for secret in secrets.iter().filter(|secret| secret.len() >= 4 && *secret != MASK) {
        add_forms(&mut forms, secret.as_bytes());
        let (mut decoded, mut rest) = (Vec::new(), secret.as_bytes());
        while let Some((first, behind)) = rest.split_first() {
            let (byte, behind) = unescaped(rest).filter(|_| *first == b'%').unwrap_or((*first, behind));
            decoded.push(byte);
            rest = behind;
        }
        if decoded != secret.as_bytes() {
            add_forms(&mut forms, &decoded);
        }
        // Of a signature in a query its value alone is a secret as well.
        let decoded = text::lossy(&decoded);
        let mut rest = Some(&*decoded);
        while let Some((pair, more)) = rest.map(|rest| text::cut(rest, b'&')) {
            let (name, value) = text::cut(pair, b'=');
            if holds("~*sig|~*signature|~*-token", name) {
                add_forms(&mut forms, value.get(1..).unwrap_or_default().as_bytes());
            }
            rest = more.get(1..);
        }
    }
    let text = without_user_info(&blank_members(text.as_bytes()), b" \t\r\n\"<>", &mut Vec::new());
    let mut out = Vec::with_capacity(text.len());
    let mut rest = &*text;
    // Where the query of the address begins that stands here, and what ends that which is hidden.
    let (mut query, mut hidden) = (None, None::<&[u8]>);
    while let Some((first, behind)) = rest.split_first() {
        let found = forms.iter().find_map(|form| {
            // Most places are told by their first byte.
            let leads = if form.first() == Some(first) || escapes(*first) { &b" %\\&"[..] } else { b"" };
            leads.iter().find_map(|lead| after(rest, form, *lead))
        });
        if found.is_none() && (first.is_ascii_whitespace() || ENDS.contains(first)) {
            query = None;
        }
        if let Some(ends) = hidden {
            // In a query that is hidden as a whole an escape is one of its characters, unless it ends a text around it.
            let escape = unescaped(rest).filter(|_| ends == ENDS && matches!(first, b'\\' | b'&'));
            let meant = escape.map_or(*first, |(meant, _)| meant);
            let over = meant.is_ascii_whitespace() || ends.contains(&meant) || (*first == b'\\' && escape.is_none());
            if found.is_some() || !over {
                rest = found.or(escape.map(|(_, behind)| behind)).unwrap_or(behind);
                continue;
            }
            hidden = None;
        }
        rest = found.unwrap_or(behind);
        let shown = if found.is_some() { MASK.as_bytes() } else { core::slice::from_ref(first) };
        out.extend_from_slice(shown);
        if shown == b"?" {
            query.get_or_insert(out.len());
        }
        // Addresses that are signed come back in answers nobody knows yet. Of one without a query what follows is hidden.
        let name = out.get(out.len().saturating_sub(12)..).unwrap_or_default();
        if shown == b"=" && holds("~*signature=|~*[?&;]sig=|~*-credential=|~*-token=", &text::lossy(name)) {
            out.truncate(query.unwrap_or(out.len()));
            hidden = Some(if query.is_some() { ENDS } else { b"&\"'<>,)]}" });
            out.extend_from_slice(MASK.as_bytes());
        }
    }
    // Only whole characters were replaced, and by ASCII.
    String::from_utf8(out).unwrap_or_default()
}

/// What ends an address in a text, beside white space.
const ENDS: &[u8] = b"\"'<>";

/// Adds a secret as it is and in base64, wherever in other text it may begin; but nothing so short that it says nothing.
fn add_forms(forms: &mut Vec<Vec<u8>>, secret: &[u8]) {
    for lead in 0..4 {
        let form = if lead == 3 { secret.to_vec() } else { base64_core(secret, lead) };
        if form.len() >= 4 {
            forms.push(form);
        }
    }
}

/// What follows `form` at the beginning of `text`, whatever of it is escaped there. What begins with `lead` is taken for
/// an escape if it can be one, and everything else for itself if it can be that.
fn after<'a>(mut text: &'a [u8], form: &[u8], lead: u8) -> Option<&'a [u8]> {
    for byte in form {
        let (first, plain) = text.split_first()?;
        let same = first == byte;
        text = match unescaped(text).filter(|_| !same || *first == lead) {
            Some((meant, behind)) if meant == *byte => behind,
            _ if same => plain,
            _ => return None,
        };
    }
    Some(text)
}

/// What escapes of a fixed form stand for, before each of them: in forms, JSON, HTML, and the other alphabet of base64.
const ESCAPES: [&[u8]; 11] =
    [b" +", b"\"\\\"", b"\\\\\\", b"/\\/", b"&&amp;", b"<&lt;", b">&gt;", b"\"&quot;", b"'&#39;", b"+-", b"/_"];

/// Can an escape begin with it?
fn escapes(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | b'+' | b'-' | b'_')
}

/// The byte that the escape at the beginning of `text` stands for, if there is one, and what follows.
fn unescaped(text: &[u8]) -> Option<(u8, &[u8])> {
    if !escapes(*text.first()?) {
        return None;
    }
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    if let Some([high, low, rest @ ..]) = text.strip_prefix(b"%").or_else(|| text.strip_prefix(b"\\u00"))
        && let (Some(high), Some(low)) = (digit(high), digit(low))
    {
        return Some((u8::try_from(high << 4 | low).ok()?, rest));
    }
    ESCAPES.iter().find_map(|escape| {
        let (byte, escape) = escape.split_first()?;
        Some((*byte, text.strip_prefix(escape)?))
    })
}

/// The base64 characters that depend on nothing but `bytes`, if `lead` other bytes stand before them.
fn base64_core(bytes: &[u8], lead: usize) -> Vec<u8> {
    let mut out = Vec::new();
    // The first characters of a later start mix in the bytes before.
    let mut mixed = lead + usize::from(lead > 0);
    let (mut word, mut bits) = (0_u32, lead * 8);
    for byte in bytes {
        word = word << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 6 {
            bits -= 6;
            if mixed > 0 {
                mixed -= 1;
                continue;
            }
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
    out
}

/// Blanks the value of every member that sounds secret, in text that may be broken JSON or no JSON at all.
fn blank_members(text: &[u8]) -> Vec<u8> {
    // What stands before: the name of a secret, that and a colon, that and a bracket. A secret may be a list of strings.
    const NOTHING: u8 = 0;
    const NAME: u8 = 1;
    const COLON: u8 = 2;
    const LIST: u8 = 3;
    let mut out = Vec::with_capacity(text.len());
    let (mut rest, mut state) = (text, NOTHING);
    while let Some((first, behind)) = rest.split_first() {
        out.push(*first);
        rest = behind;
        state = match (first, state) {
            (b'"', _) => {
                let (inside, behind) = rest.split_at_checked(string_end(rest)).unwrap_or_default();
                out.extend_from_slice(if state > NAME { MASK.as_bytes() } else { inside });
                out.extend_from_slice(behind.get(..1).unwrap_or_default());
                rest = behind.get(1..).unwrap_or_default();
                match state {
                    LIST => LIST,
                    COLON => NOTHING,
                    _ => u8::from(sounds_secret(json::as_text(inside))),
                }
            }
            (b':', NAME) => COLON,
            (b'[', COLON) => LIST,
            (b' ' | b'\t'..=b'\r' | b':' | b'[', _) | (b',', LIST) => state,
            _ => NOTHING,
        };
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
    fn signatures_of_addresses_are_blanked_although_nobody_knows_them() {
        for (text, clean) in [
            (r#"{"url":"https://b/k?X-Amz-Expires=1&X-Amz-Signature=dead+/%2Fbeef"}"#, r#"{"url":"https://b/k?****"}"#),
            (
                r#"{"url":"https://b/k?X-Amz-Credential=AKIA%2F2026&X-Amz-Security-Token=t&X-Amz-Sig"#,
                r#"{"url":"https://b/k?****"#,
            ),
            (
                r#"{"m":"no \"https:\/\/b?a=1\u0026X-Amz-Signature=be\\\/ef\u0026X-Amz-Security-Token=t\" \"x?y\""}"#,
                r#"{"m":"no \"https:\/\/b?****\" \"x?y\""}"#,
            ),
            ("<a href='/?a&amp;sig=b&amp;c=(d)'>sig=e</a>", "<a href='/?****'>sig=e</a>"),
            (r#""?sig=a\nb""#, r#""?****\nb""#),
            ("https://a/?sv=1&sig=a%2Fb&se=2 x", "https://a/?**** x"),
            ("why? sv=1&sig=a%2Fb&se=2, x", "why? sv=1&sig=****&se=2, x"),
            (r"https:\/\/b\/k?X-Goog-Signature=beef\u0026y=1", r"https:\/\/b\/k?****"),
            ("design=1, mysig=2", "design=1, mysig=2"),
        ] {
            assert_eq!(scrub(text, &[]), clean);
        }
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
    fn user_info_is_hidden_wherever_an_address_stands() {
        for (raw, shown, secrets) in [
            (r#"["https://u:pass@h/","//u:word@h"]"#, r#"["https://****@h/","//****@h"]"#, &["pass", "word"][..]),
            (
                r#"{"a":{"b":["http://a/x@y or https://u@1:pass@b/?c=//d@e"]}}"#,
                r#"{"a":{"b":["http://a/x@y or https://****@b/?c=//****@e"]}}"#,
                &["pass", "d"],
            ),
            (r#"{"a":"https:\/\/h\/\ud800@","b":"me@h"}"#, r#"{"a":"https:\/\/h\/\ud800@","b":"me@h"}"#, &[]),
        ] {
            let mut out = Vec::new();
            mask(raw.as_bytes(), None, &mut out);

            assert_eq!(String::from_utf8(out).unwrap(), shown);
            assert_eq!(secrets_in(raw.as_bytes(), None), secrets);
        }
    }

    #[test]
    fn texts_are_scrubbed_of_user_info_although_nobody_knows_it() {
        for (text, clean) in [
            (r#"{"a":"https:\/\/u:p\u0026w@h\/","b":"me@h"#, r#"{"a":"https:\/\/****@h\/","b":"me@h"#),
            ("cannot reach https://u:pass@h: ask me@h", "cannot reach https://****@h: ask me@h"),
            ("?filter[url]=https://u:pass%40h/&b", "?filter[url]=https://****%40h/&b"),
            ("https://h, ask me@h; https://h/@b", "https://h, ask me@h; https://h/@b"),
        ] {
            assert_eq!(scrub(text, &[]), clean);
        }
    }

    #[test]
    fn ids_of_keys_show_their_last_four_characters() {
        assert_eq!(tail("AKIAIOSFODNN7EXAMPLE"), "MPLE");
        assert_eq!(tail("short"), "");
    }
}

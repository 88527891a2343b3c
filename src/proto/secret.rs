//! Secrets: a type that cannot be printed, masks for what is shown, and scrubbing of what came back.

use core::fmt;

use crate::schema::json::{self, ObjectWriter, Shape};
use crate::schema::{Field, Kind, Table};

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
    let ends = ["secret", "password", "token", "secret_key", "secret_access_key", "sas_string", "signing_key", "apikey", "api_key"];
    ends.iter().any(|end| name.ends_with(end)) && name != "require_token"
}

fn is_secret(table: Option<&'static Table>, name: &str) -> (bool, Option<&'static Field>) {
    let field = table.and_then(|table| table.field(name));
    (field.map_or_else(|| sounds_secret(name), |field| field.secret), field)
}

/// The value of an access key's id with all but its last four characters masked.
pub fn tail(value: &str) -> String {
    let count = value.chars().count();
    let shown = if count > 8 { 4 } else { 0 };
    [MASK, &value.chars().skip(count - shown).collect::<String>()].concat()
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
    if Shape::of(raw) != Some(Shape::Object) {
        out.extend_from_slice(raw);
        return;
    }
    let mut object = ObjectWriter::new(out);
    for (key, value) in json::members(raw) {
        let name = key.decode();
        let (secret, field) = is_secret(table, &name);
        let text = json::string(value);
        if secret && Shape::of(value) != Some(Shape::Null) {
            found(text.as_deref().unwrap_or_default());
            object.string(&name, MASK);
        } else if let (Some(text), true) = (&text, field.is_some_and(|field| field.masked)) {
            object.string(&name, &tail(text));
        } else if let Some((clean, user_info)) = text.as_deref().and_then(without_user_info) {
            found(user_info);
            object.string(&name, &clean);
        } else if Shape::of(value) == Some(Shape::Object) {
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

/// An address without the name and password in it, and those; nothing if it has none.
fn without_user_info(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user_info, _) = authority.rsplit_once('@')?;
    let password = user_info.split_once(':').map_or(user_info, |(_, password)| password);
    Some(([scheme, "://", MASK, rest.get(user_info.len()..)?].concat(), password))
}

/// Removes every one of `secrets` from `text`: plain, JSON-escaped, percent-encoded and in base64.
pub fn scrub(text: &str, secrets: &[String]) -> String {
    let mut text = blank_members(text);
    for secret in secrets.iter().filter(|secret| secret.len() >= 4 && *secret != MASK) {
        for form in forms(secret) {
            if form.len() >= 4 && text.contains(form.as_str()) {
                text = text.replace(form.as_str(), MASK);
            }
        }
    }
    text
}

/// The forms in which a secret may come back.
fn forms(secret: &str) -> Vec<String> {
    let mut quoted = Vec::new();
    json::write_string(&mut quoted, secret);
    let quoted = String::from_utf8(quoted).unwrap_or_default();
    let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned();
    let percent = super::url::encode(secret);
    let mut all = vec![secret.to_owned(), inner, percent.to_ascii_lowercase(), percent];
    for url_safe in [false, true] {
        for lead in 0..3 {
            all.push(base64_core(secret.as_bytes(), lead, url_safe));
        }
    }
    all
}

/// The base64 characters that depend on nothing but `bytes`, if `lead` other bytes stand before them.
fn base64_core(bytes: &[u8], lead: usize, url_safe: bool) -> String {
    let tail: &[u8; 2] = if url_safe { b"-_" } else { b"+/" };
    let digit = |value: u8| match value {
        0..=25 => b'A' + value,
        26..=51 => b'a' + value - 26,
        52..=61 => b'0' + value - 52,
        62 => tail[0],
        _ => tail[1],
    };
    let mut out = String::new();
    let padded: Vec<u8> = core::iter::repeat_n(0, lead).chain(bytes.iter().copied()).collect();
    for chunk in padded.chunks_exact(3) {
        if let [a, b, c] = *chunk {
            for value in [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63] {
                out.push(char::from(digit(value)));
            }
        }
    }
    // With one or two foreign bytes before it, the first characters mix them with ours.
    let mixed = match lead {
        0 => 0,
        1 => 2,
        _ => 3,
    };
    out.get(mixed..).unwrap_or_default().to_owned()
}

/// Blanks the value of every member that sounds secret, in text that may be broken JSON or no JSON at all.
fn blank_members(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        let (before, from) = rest.split_at(quote + 1);
        out.push_str(before);
        let end = string_end(from);
        let (name, after) = from.split_at(end);
        out.push_str(name);
        rest = after;
        let gap = after.strip_prefix('"').map(str::trim_start).and_then(|after| after.strip_prefix(':')).map(str::trim_start);
        if let (true, Some(value)) = (sounds_secret(name), gap.and_then(|gap| gap.strip_prefix('"'))) {
            let skipped = after.len() - value.len();
            out.push_str(after.get(..skipped).unwrap_or_default());
            out.push_str(MASK);
            rest = value.get(string_end(value)..).unwrap_or_default();
        }
        if let Some(after) = rest.strip_prefix('"') {
            out.push('"');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Where the string whose inside `text` begins with ends: its quote, or the end of the text.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    text.bytes()
        .position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        })
        .unwrap_or(text.len())
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
        let mut text = format!("plain {CANARY} json {} percent {}", CANARY.replace('"', "\\\""), super::super::url::encode(CANARY));
        for lead in ["", "u", "us", "user:"] {
            let joined = format!("{lead}{CANARY}");
            write!(text, " b64 {}", base64_core(joined.as_bytes(), 0, false)).unwrap();
        }

        let clean = scrub(&text, &[CANARY.to_owned()]);

        assert!(!clean.contains("CANARY"), "{clean}");
        assert!(!clean.contains(&base64_core(CANARY.as_bytes(), 0, false)), "{clean}");
        assert!(!clean.contains(&base64_core(CANARY.as_bytes(), 1, false)), "{clean}");
        assert!(!clean.contains(&base64_core(CANARY.as_bytes(), 2, false)), "{clean}");
    }

    #[test]
    fn members_that_sound_secret_are_blanked_even_in_broken_json() {
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

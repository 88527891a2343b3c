//! A prepared request as a shell command, with variables in place of secrets.

use super::operation::Provider;
use super::secret::{MASK, sounds_secret};
use crate::schema::json::{self, ObjectWriter, Shape};

/// One line for a POSIX shell. `headers` and `body` are those of a request as it is shown: secrets already masked.
///
/// The key becomes a variable such as `$IMGIX_API_KEY`, other secrets a variable with the attribute's name. Whatever
/// still looks like a secret is replaced as well, so that a request which somebody unmasked by hand prints none.
pub fn command(provider: &Provider, method: &str, url: &str, headers: &[(String, String)], body: Option<&str>) -> String {
    let mut out = String::from("curl");
    if method != "GET" {
        out.push_str(" -X ");
        out.push_str(&quoted(method));
    }
    out.push(' ');
    out.push_str(&quoted(url));
    for (name, value) in headers {
        out.push_str(" -H ");
        let (auth, prefix) = provider.auth;
        if name.eq_ignore_ascii_case(auth) {
            out.push_str(&["\"", auth, ": ", prefix, "$", provider.key_variable, "\""].concat());
        } else if value == MASK || sounds_secret(&name.replace('-', "_")) {
            out.push_str(&["\"", &plain(name), ": $", &variable(name), "\""].concat());
        } else {
            out.push_str(&quoted(&[name, ": ", value].concat()));
        }
    }
    if let Some(body) = body {
        let mut marked = Vec::new();
        mark(body.as_bytes(), &mut marked);
        let mut text = quoted(&String::from_utf8_lossy(&marked));
        // The marks are made of characters that JSON strings never hold unescaped, so nothing else can be one.
        text = text.replace('\u{1}', "'\"$").replace('\u{2}', "\"'");
        out.push_str(" --data-raw ");
        out.push_str(&text);
    }
    out
}

/// Writes `raw` with the values of masked and secret members replaced by marked names of variables.
fn mark(raw: &[u8], out: &mut Vec<u8>) {
    match Shape::of(raw) {
        Some(Shape::Object) => {
            let mut object = ObjectWriter::new(out);
            for (key, value) in json::members(raw) {
                let name = key.decode();
                let masked = json::string(value).is_some_and(|text| text.starts_with(MASK));
                if masked || (sounds_secret(&name) && Shape::of(value) == Some(Shape::String)) {
                    object.raw(&name, ["\"\u{1}", &variable(&name), "\u{2}\""].concat().as_bytes());
                } else {
                    mark(value, object.key(&name));
                }
            }
            object.close();
        }
        _ => out.extend_from_slice(raw),
    }
}

fn variable(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' }).collect()
}

fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect()
}

/// In single quotes, where a shell takes every character as it is. Control characters are left away.
fn quoted(text: &str) -> String {
    let clean: String = text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\u{1}' | '\u{2}' | '\n' | '\t')).collect();
    ["'", &clean.replace('\'', "'\\''"), "'"].concat()
}

//! Rules per storage kind: what can be said about buckets, regions, keys and addresses before anything is sent.
//!
//! One file per kind; every rule is a plain function that the tables of both providers point to. Nothing is refused
//! here that could be right: a source refers to something that exists already, perhaps made under older rules, and
//! lists of regions go stale. So what is true of new names only, or merely usual, is a warning; the lists are
//! suggestions for forms.
//!
//! [`text::attribute`] speaks for every attribute. All other rules are silent on values it refuses (or run it
//! themselves and say so), and on the redaction mask, so that nothing is said twice. No message repeats what was typed
//! in, but for the slug of a region.

pub mod akamai;
pub mod azure;
pub mod gcs;
pub mod r2;
pub mod s3;
pub mod spaces;
pub mod text;
pub mod wasabi;
pub mod web;

use crate::schema::{Findings, Look};

/// Sets of characters, to be joined with `|`.
type Set = u16;

const LOWER: Set = 1;
const UPPER: Set = 1 << 1;
const DIGIT: Set = 1 << 2;
const DASH: Set = 1 << 3;
const DOT: Set = 1 << 4;
const UNDERSCORE: Set = 1 << 5;
const SLASH: Set = 1 << 6;
const PLUS: Set = 1 << 7;
const HEX: Set = 1 << 8;
/// No character: demands a lower-case letter or digit at both ends.
const ENDS: Set = 1 << 9;

fn set(byte: u8) -> Set {
    match byte {
        b'a'..=b'f' => LOWER | HEX,
        b'g'..=b'z' => LOWER,
        b'A'..=b'F' => UPPER | HEX,
        b'G'..=b'Z' => UPPER,
        b'0'..=b'9' => DIGIT | HEX,
        b'-' => DASH,
        b'.' => DOT,
        b'_' => UNDERSCORE,
        b'/' => SLASH,
        b'+' => PLUS,
        _ => 0,
    }
}

/// Has `text` from `min` to `max` bytes, all of them in `allowed`?
fn made_of(text: &str, min: usize, max: usize, allowed: Set) -> bool {
    (min..=max).contains(&text.len())
        && text.bytes().all(|byte| set(byte) & allowed != 0)
        && (allowed & ENDS == 0 || (plain(text.bytes().next()) && plain(text.bytes().next_back())))
}

/// Is it a lower-case letter or a digit?
fn plain(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| set(byte) & (LOWER | DIGIT) != 0)
}

// What follows does without the searches of the standard library, which weigh more than all rules together.

/// Is `part`, which must not be empty, in `text`?
fn has(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// Splits before the first `mark`.
fn cut(text: &str, mark: u8) -> (&str, &str) {
    text.bytes().position(|byte| byte == mark).and_then(|place| text.split_at_checked(place)).unwrap_or((text, ""))
}

/// Does `text` begin with one of these, in capitals or not?
fn begins(text: &str, with: &[&str]) -> bool {
    with.iter().any(|begin| text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin)))
}

/// What stands before `domain` in `host`, in capitals or not; `domain` begins with a dot.
fn below<'a>(host: &'a str, domain: &str) -> Option<&'a str> {
    let (name, end) = host.split_at_checked(host.len().checked_sub(domain.len())?)?;
    end.eq_ignore_ascii_case(domain).then_some(name)
}

/// Has it the form of an IPv4 address?
fn ipv4(text: &str) -> bool {
    made_of(text, 7, 15, DIGIT | DOT) && text.bytes().filter(|byte| *byte == b'.').count() == 3
}

/// Regions as AWS names them, with so many hyphens at least: letters first, a small number last.
fn region_like(region: &str, hyphens: usize) -> bool {
    let (mut last, mut rest) = cut(region, b'-');
    let mut fits = made_of(last, 2, 5, LOWER);
    let mut count = 0;
    while let Some(tail) = rest.strip_prefix('-') {
        (last, rest) = cut(tail, b'-');
        fits &= made_of(last, 1, usize::MAX, LOWER | DIGIT);
        count += 1;
    }
    fits && count >= hyphens && made_of(last, 1, 2, DIGIT)
}

/// The value, unless [`text::attribute`] or the check for the redaction mask already speaks about it.
fn value<'a>(look: &Look<'a>) -> Option<&'a str> {
    (look.value != "****" && text::refusal(look.value).is_none()).then_some(look.value)
}

/// The name of a bucket, container, share or account. Refuses it with `rule` if it is not `made_of` this.
fn name_of<'a>(look: &Look<'a>, found: &mut Findings, max: usize, allowed: Set, rule: &str) -> Option<&'a str> {
    let name = text::bare(look, found)?;
    if made_of(name, 3, max, allowed) {
        return Some(name);
    }
    found.reject(&[rule]);
    None
}

/// A bucket name that was possible at some time: Amazon took up to 255 characters, capitals and `_` until 2018, and
/// DigitalOcean's rules are not known better.
fn legacy_bucket<'a>(look: &Look<'a>, found: &mut Findings) -> Option<&'a str> {
    let allowed = LOWER | UPPER | DIGIT | DOT | DASH | UNDERSCORE;
    name_of(look, found, 255, allowed, "use 3 to 255 letters, digits, `.`, `_` and `-`")
}

/// Warns if it is so.
fn warn_if(wrong: bool, found: &mut Findings, message: &str) {
    if wrong {
        found.warn(&[message]);
    }
}

/// Warns about a key that has not exactly so many characters of these.
fn usually(look: &Look<'_>, found: &mut Findings, length: usize, of: Set, message: &str) {
    warn_if(value(look).is_some_and(|key| !made_of(key, length, length, of)), found, message);
}

/// Secrets of Amazon and Google: both are 40 characters of Base64.
fn secret_of_40(look: &Look<'_>, found: &mut Findings) {
    usually(look, found, 40, LOWER | UPPER | DIGIT | SLASH | PLUS, "usually 40 letters, digits, `/` and `+`");
}

/// A look at `value` alone.
#[cfg(test)]
pub(crate) fn look(value: &str) -> Look<'_> {
    Look { value, secret: false, today: None, siblings: &() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Level, Rule, Siblings};

    /// What a rule finds, one letter a finding: `R` for reject, `w` for warn.
    pub(crate) fn levels(rule: Rule, look: &Look<'_>) -> String {
        let mut found = Findings::default();
        rule(look, &mut found);
        found.list.iter().map(|(level, _)| if *level == Level::Error { 'R' } else { 'w' }).collect()
    }

    /// Checks a table of values and what is found in each.
    pub(crate) fn table(rule: Rule, rows: &[(&str, &str)]) {
        for (value, expected) in rows {
            assert_eq!(levels(rule, &look(value)), *expected, "`{value}`");
        }
    }

    /// Checks that nothing is found in any value.
    pub(crate) fn silent(rule: Rule, values: &[&str]) {
        for value in values {
            assert_eq!(levels(rule, &look(value)), "", "`{value}`");
        }
    }

    /// The messages a rule has for a value.
    pub(crate) fn messages(rule: Rule, look: &Look<'_>) -> Vec<String> {
        let mut found = Findings::default();
        rule(look, &mut found);
        found.list.into_iter().map(|(_, message)| message).collect()
    }

    /// One other field.
    pub(crate) struct Beside(pub(crate) &'static str, pub(crate) &'static str);

    impl Siblings for Beside {
        fn get(&self, name: &str) -> Option<String> {
            (name == self.0).then(|| self.1.to_owned())
        }
    }

    const KIND_RULES: &[Rule] = &[
        text::bucket_like,
        s3::bucket,
        s3::region,
        s3::access_key_id,
        s3::secret_access_key,
        gcs::bucket,
        gcs::access_key,
        gcs::secret,
        spaces::bucket,
        spaces::region,
        r2::bucket,
        r2::access_key,
        r2::secret,
        r2::endpoint,
        wasabi::bucket,
        wasabi::region,
        akamai::bucket,
        akamai::endpoint,
        azure::account,
        azure::container,
        azure::share,
        azure::sas_token,
        web::base_url,
        web::endpoint_url,
    ];

    const RULES_THAT_STAND_ALONE: &[Rule] =
        &[text::attribute, text::optional, web::imgix_subdomain, web::custom_domain];

    fn hostile() -> Vec<String> {
        let mut values: Vec<String> = [
            "?",
            "#",
            "/",
            "//",
            "://",
            ":",
            "@",
            "[",
            "[]",
            "[::1",
            "http://",
            "https://[",
            "https://@",
            "a://",
            ".",
            "..",
            "-",
            "--",
            "---",
            "$",
            "&",
            "&&",
            "=",
            "sig=",
            "?sig",
            "se=&sig=",
            "arn:",
            "%",
            "é",
            "日本",
            "😀",
            "a😀b",
            "https://😀",
            "x\u{200b}y",
            "ab\u{301}",
            "****x",
            "*****",
            "{",
            "a\u{feff}b",
            "1.2.3",
            "1.2.3.4.5",
            "256.1.1.1",
            "sig=x&se=2025-13-45T99:99:99Z",
            "sig=x&se=--T::",
            "sig=x&se=😀",
            "\u{10ffff}\u{10ffff}",
            "us-east-1\u{301}",
        ]
        .map(str::to_owned)
        .into();
        for piece in ["a", "-", ".", "/", "?", "&", "%", "😀", "a-", "a.", "0", "sig=&", "://", "😀 "] {
            values.push(format!("{}x", piece.repeat(100_000 / piece.len())));
        }
        values
    }

    #[test]
    fn the_kind_rules_leave_to_others_what_others_report() {
        let left = [
            "",
            " ",
            "\t",
            "\n",
            "\u{a0}",
            " my-bucket",
            "my-bucket ",
            "my-bucket\n",
            "a\0b",
            "\u{85}",
            "a\u{7f}",
            "****",
        ];

        for (index, rule) in KIND_RULES.iter().enumerate() {
            for value in left {
                assert_eq!(levels(*rule, &look(value)), "", "rule {index}, {value:?}");
            }
        }
    }

    #[test]
    fn no_rule_fails_on_hostile_text_and_every_message_is_one_short_line_of_its_own() {
        for value in hostile() {
            for rule in KIND_RULES.iter().chain(RULES_THAT_STAND_ALONE) {
                let seen =
                    Look { value: &value, secret: true, today: Some("2026-01-01"), siblings: &Beside("bucket", "é") };
                for message in messages(*rule, &seen) {
                    assert!(message.len() < 90, "{message}");
                    assert!(!message.ends_with('.') && !message.starts_with(char::is_uppercase), "{message}");
                    assert!(!message.contains(char::is_control), "{message}");
                    assert!(value.len() < 10 || !message.contains(&value), "{message}");
                }
            }
        }
    }

    #[test]
    fn no_message_repeats_what_was_typed() {
        for rule in KIND_RULES.iter().chain(RULES_THAT_STAND_ALONE) {
            for value in
                ["hunter2", "<hunter2>", "https://me:hunter2@localhost/?a=b#c", "a hunter2", "hunter2 ", "hunter2\n"]
            {
                for message in messages(*rule, &Look { secret: true, ..look(value) }) {
                    assert!(!message.contains("hunter2"), "{message}");
                }
            }
        }
    }

    #[test]
    fn an_ipv4_address_is_four_numbers() {
        assert!(ipv4("1.2.3.4") && ipv4("255.255.255.255"));
        for text in ["", "1", "1.2.3", "1.2.3.4.5", "+1.2.3.4", "a.b.c.d", "1.2.3.4a"] {
            assert!(!ipv4(text), "{text}");
        }
    }

    #[test]
    fn ends_of_one_character_and_of_none() {
        for (text, fits) in
            [("a", true), ("a-b", true), ("0", true), ("", false), ("-", false), ("a-", false), ("-a", false)]
        {
            assert_eq!(made_of(text, 0, 9, LOWER | DIGIT | DASH | ENDS), fits, "{text}");
        }
    }

    #[test]
    fn every_character_is_in_its_sets_only() {
        let count = |allowed: Set| (0..=255).filter(|byte| set(*byte) & allowed != 0).count();

        assert_eq!(
            [LOWER, UPPER, DIGIT, DASH, DOT, UNDERSCORE, SLASH, PLUS, HEX, ENDS].map(count),
            [26, 26, 10, 1, 1, 1, 1, 1, 22, 0]
        );
    }
}

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

use crate::proto::secret::MASK;
use crate::schema::pattern::holds;
use crate::schema::text::split;
use crate::schema::{Findings, Level, Look};

// Rules are text, interpreted by the functions below: that is far smaller than code. A rule is pairs of lines, a
// condition and what is said where it holds. The first letter of a condition is `R` for refuse or `W` for warn, and
// nothing after it is looked at; or `w` for warn and go on. Nothing is said if the second line is empty.

/// A name alone, without an address or a path.
macro_rules! bare {
    () => {
        "R*[/ ]*\nuse the name alone, without address, `/` or spaces\n"
    };
}

/// Amazon's names of resources.
macro_rules! arn {
    () => {
        "Warn:*\nuse the bucket's name instead of its ARN\n"
    };
}

/// A bucket name that was possible at some time: Amazon took up to 255 characters, capitals and `_` until 2018, and
/// DigitalOcean's rules are not known better.
macro_rules! legacy_bucket {
    () => {
        concat!(bare!(), "R![A-Za-z0-9._-]{3,255}\nuse 3 to 255 letters, digits, `.`, `_` and `-`\n")
    };
}

/// Secrets of Amazon and Google: both are 40 characters of Base64.
macro_rules! base64_of_40 {
    () => {
        "W![A-Za-z0-9/+]{40,40}\nusually 40 letters, digits, `/` and `+`"
    };
}

/// The form of an IPv4 address.
macro_rules! ipv4 {
    () => {
        "[0-9]{1,3}.[0-9]{1,3}.[0-9]{1,3}.[0-9]{1,3}"
    };
}

use {arn, bare, base64_of_40, ipv4, legacy_bucket};

/// The value, unless [`text::attribute`] or the check for the redaction mask already speaks about it.
fn value<'a>(look: &Look<'a>) -> Option<&'a str> {
    (look.value != MASK && !text::refused(look.value)).then_some(look.value)
}

/// Judges a value by a rule, unless others already speak about it.
fn judge(look: &Look<'_>, found: &mut Findings, rule: &str) {
    if let Some(text) = value(look) {
        says(text, found, rule);
    }
}

/// Reports what a rule has to say about `text`. Did it come to an end early?
pub(crate) fn says(text: &str, found: &mut Findings, mut rule: &str) -> bool {
    while let Some((when, rest)) = split(rule, b'\n') {
        let (message, rest) = split(rest, b'\n').unwrap_or((rest, ""));
        rule = rest;
        let (kind, condition) = when.split_at_checked(1).unwrap_or_default();
        if holds(condition, text) {
            if !message.is_empty() {
                let level = if kind == "R" { Level::Error } else { Level::Warning };
                found.list.push((level, message.to_owned()));
            }
            if kind != "w" {
                return true;
            }
        }
    }
    false
}

/// A look at `value` alone.
#[cfg(test)]
pub(crate) fn look(value: &str) -> Look<'_> {
    Look { value, secret: false, today: None, object: b"" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Level, Rule};

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

    /// An object with one other field.
    pub(crate) fn beside(name: &str, value: &str) -> Vec<u8> {
        [r#"{""#, name, r#"":""#, value, r#""}"#].concat().into_bytes()
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
            values.push(format!("{}x", piece.repeat(20_000 / piece.len())));
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
                    Look { value: &value, secret: true, today: Some("2026-01-01"), object: &beside("bucket", "é") };
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
        let ipv4 = |text| holds(ipv4!(), text);
        assert!(ipv4("1.2.3.4") && ipv4("255.255.255.255"));
        for text in ["", "1", "1.2.3", "1.2.3.4.5", "+1.2.3.4", "a.b.c.d", "1.2.3.4a"] {
            assert!(!ipv4(text), "{text}");
        }
    }

    #[test]
    fn a_rule_ends_where_it_says_so() {
        for (text, expected, ended) in [("a", "ww", false), ("b", "wR", true), ("c", "w", true), ("d", "w", false)] {
            let mut found = Findings::default();
            assert_eq!(says(text, &mut found, "w*\nalways\nW c\nno\nWc\n\nRb\nb\nw[ab]\na"), ended, "{text}");
            let levels: String =
                found.list.iter().map(|(level, _)| if *level == Level::Error { 'R' } else { 'w' }).collect();
            assert_eq!(levels, expected, "{text}");
        }
    }
}

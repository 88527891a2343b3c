//! What holds for every string attribute, and for every bucket, container or share.

use super::{arn, bare, judge, says};
use crate::schema::{Findings, Look};

/// White space of ASCII, and what comes along from web pages and text processors; and all control characters.
macro_rules! refusals {
    () => {
        "R[ \t-\r\u{a0}\u{2000}-\u{200b}\u{2028}\u{2029}\u{3000}\u{feff}]{0,}\nmust not be empty\n\
         R[ \t-\r\u{a0}\u{2000}-\u{200b}\u{2028}\u{2029}\u{3000}\u{feff}]*|\
         *[ \t-\r\u{a0}\u{2000}-\u{200b}\u{2028}\u{2029}\u{3000}\u{feff}]\nremove the space around it\n\
         R*[\0-\x1f\x7f-\u{9f}]*\nremove line breaks and control characters\n"
    };
}

/// Every attribute. Refused: nothing but white space, white space around the value, control characters. A warning for
/// placeholders such as `<bucket>`, `your-key` or `AKIA...`.
pub fn attribute(look: &Look<'_>, found: &mut Findings) {
    let lines = concat!(refusals!(), "W*<[^<>]{0,}>*|*...|~your[ _-]*\nput the real value in place of the placeholder");
    says(look.value, found, lines);
}

/// Every attribute that may be left empty: as [`attribute`], but `""` is fine.
pub fn optional(look: &Look<'_>, found: &mut Findings) {
    if !look.value.is_empty() {
        attribute(look, found);
    }
}

/// Any bucket, container or share. Refused: an address, `/` or spaces in it, for no provider allows them. A warning for an
/// ARN, which an image CDN is unlikely to take.
pub fn bucket_like(look: &Look<'_>, found: &mut Findings) {
    judge(look, found, concat!(arn!(), bare!()));
}

/// Can no attribute have this value?
pub(super) fn refused(value: &str) -> bool {
    says(value, &mut Findings::default(), refusals!())
}

#[cfg(test)]
mod tests {
    use super::super::{look, tests::*};
    use super::*;

    #[test]
    fn any_plain_text_is_an_attribute() {
        silent(
            attribute,
            &[
                "x",
                "my-bucket",
                "two words",
                "EXAMPLE/NOT+A/REAL/SECRET/KEY/0000000000",
                "?sv=2024-11-04&sig=abc%3D",
                "https://www.example.com/images/",
                "日本",
                "😀",
                "a > b < c",
                "AKIAIOSFODNN7EXAMPLE",
                "yours",
                "****",
            ],
        );
    }

    #[test]
    fn an_attribute_is_not_empty_and_has_neither_outer_space_nor_control_characters() {
        table(
            attribute,
            &[
                ("", "R"),
                (" ", "R"),
                ("\r\n", "R"),
                ("\u{a0}", "R"),
                ("\u{3000}a", "R"),
                (" a", "R"),
                ("a\n", "R"),
                ("a\u{a0}", "R"),
                ("\u{2009}", "R"),
                ("\u{200b}a", "R"),
                ("a\u{2028}", "R"),
                ("\u{feff}a", "R"),
                ("a\0b", "R"),
                ("\0", "R"),
                ("a\tb", "R"),
                ("a\r\nb", "R"),
                ("a\u{7f}b", "R"),
                ("a\u{85}b", "R"),
            ],
        );
    }

    #[test]
    fn an_attribute_may_be_empty_where_that_is_allowed() {
        table(optional, &[("", ""), ("images", ""), (" ", "R"), ("a\n", "R"), ("<prefix>", "w")]);
    }

    #[test]
    fn a_placeholder_is_suspicious() {
        table(
            attribute,
            &[
                ("<bucket>", "w"),
                ("https://<account id>.r2.cloudflarestorage.com", "w"),
                ("your-bucket", "w"),
                ("YOUR_SECRET", "w"),
                ("Your key", "w"),
                ("AKIA...", "w"),
                ("...", "w"),
            ],
        );
    }

    #[test]
    fn outer_space_is_named_as_such_even_if_it_is_a_line_break() {
        assert_eq!(messages(attribute, &look("a\n")), ["remove the space around it"]);
        assert_eq!(messages(attribute, &look(" \n")), ["must not be empty"]);
        assert_eq!(messages(attribute, &look("a\nb")), ["remove line breaks and control characters"]);
    }

    #[test]
    fn a_bucket_is_a_name_and_no_address() {
        table(
            bucket_like,
            &[
                ("my-bucket", ""),
                ("My_Bucket.2", ""),
                ("$web", ""),
                ("a:b", ""),
                ("日本", ""),
                ("s3://my-bucket", "R"),
                ("gs://my-bucket", "R"),
                ("https://my-bucket.s3.amazonaws.com", "R"),
                ("my-bucket/images", "R"),
                ("my bucket", "R"),
                ("arn:aws:s3:::my-bucket", "w"),
                ("arn:aws:s3:us-west-2:123456789012:accesspoint/mine", "w"),
            ],
        );
    }
}

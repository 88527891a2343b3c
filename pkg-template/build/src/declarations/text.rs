//! Small pieces of TypeScript.

use serde_json::Value;

const WIDTH: usize = 120;

/// A documentation comment, on one line if it fits; an empty text gives nothing.
pub(super) fn comment(indent: &str, text: &str) -> String {
    let line = format!("{indent}/** {text} */\n");
    if text.is_empty() {
        String::new()
    } else if line.len() <= WIDTH && !text.contains('\n') {
        line
    } else {
        let mut out = format!("{indent}/**\n");
        for line in text.lines().flat_map(|line| wrapped(line, WIDTH - indent.len() - 3)) {
            out.push_str(format!("{indent} * {line}").trim_end());
            out.push('\n');
        }
        out + indent + " */\n"
    }
}

/// The words of a line on lines of at most `width`; what belongs to a list item is indented below it.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let hang = if line.starts_with("- ") { "  " } else { "" };
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let fresh = lines.last().is_none_or(|last| last.len() + 1 + word.len() > width && !last.is_empty());
        if fresh {
            lines.push(format!("{hang}{word}"));
        } else if let Some(last) = lines.last_mut() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The name of a member, in quotes where it is no identifier.
pub(super) fn key(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain && !name.starts_with(|letter: char| letter.is_ascii_digit()) { name.to_owned() } else { quoted(name) }
}

/// A union of string literals.
pub(super) fn union<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    values.into_iter().map(quoted).collect::<Vec<_>>().join(" | ")
}

/// A type that is a union, one member a line, each with what is said about it.
pub(super) fn alias<'a>(name: &str, members: impl IntoIterator<Item = (String, &'a str)>) -> String {
    let mut out = format!("export type {name} =\n");
    for (member, about) in members {
        out += &comment("  ", about);
        out += "  | ";
        out += &member;
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out + ";\n"
}

/// `s3_compatible` as part of the name of a type: `S3Compatible`.
pub(super) fn pascal(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let raised = |word: &str| {
        let (first, rest) = word.split_at_checked(1)?;
        Some(first.to_ascii_uppercase() + rest)
    };
    words.filter_map(raised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_comment_is_wrapped_and_a_short_one_is_not() {
        assert_eq!(comment("  ", "short"), "  /** short */\n");
        assert_eq!(comment("", "one\n\ntwo"), "/**\n * one\n *\n * two\n */\n");
        assert!(comment("    ", &"word ".repeat(60)).lines().all(|line| line.len() <= WIDTH));
    }

    #[test]
    fn a_name_that_is_no_identifier_is_quoted() {
        assert_eq!([key("s3_bucket"), key("robots.txt"), key("3d")], ["s3_bucket", "\"robots.txt\"", "\"3d\""]);
    }

    #[test]
    fn names_of_types_are_made_of_any_words() {
        assert_eq!(
            [pascal("s3_compatible"), pascal("file-share"), pascal("url")],
            ["S3Compatible", "FileShare", "Url"]
        );
    }
}

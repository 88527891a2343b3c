//! Prints the TypeScript declarations of the package.
//!
//! What the tables know is printed from them; what they do not know (lists, events, functions) is written by hand in
//! `pkg-template/types/base.d.ts.in`, with `{{name}}` where printed parts go.

mod cases;
mod client;
mod field;
mod object;
mod options;
mod sandbox;
mod template;
mod text;
mod words;

use std::path::Path;

use crate::run::{Result, read, write as write_file};

const INDEX: &str = "pkg-template/types/index.d.ts";
const SANDBOX: &str = "pkg-template/types/sandbox.d.ts";

/// Writes the snapshots that are kept in git.
pub(crate) fn write(root: &Path) -> Result<()> {
    all(root)?.into_iter().try_for_each(|(path, text)| write_file(&root.join(path), text))
}

/// Fails if a snapshot in git is not what would be written.
pub(crate) fn check(root: &Path) -> Result<()> {
    for (path, wanted) in all(root)? {
        let found = read(&root.join(path)).unwrap_or_default();
        if let Some(message) = difference(&String::from_utf8_lossy(&found), &wanted) {
            return Err(format!("{path} is stale, {message}; `cargo run -p build-package -- types` writes it anew"));
        }
    }
    Ok(())
}

fn all(root: &Path) -> Result<[(&'static str, String); 2]> {
    let base = String::from_utf8_lossy(&read(&root.join("pkg-template/types/base.d.ts.in"))?).into_owned();
    Ok([(INDEX, index(&base)?), (SANDBOX, sandbox::declarations(root)?)])
}

fn index(base: &str) -> Result<String> {
    let mut parts = words::parts();
    parts.push(("clients", client::declarations()));
    parts.push(("options", options::declarations()));
    parts.push(("resources", object::resources()));
    template::fill(base, &parts)
}

/// Where two texts begin to differ, in words.
fn difference(found: &str, wanted: &str) -> Option<String> {
    if found == wanted {
        return None;
    }
    let (mut found, mut wanted) = (found.lines(), wanted.lines());
    for line in 1.. {
        match (found.next(), wanted.next()) {
            (Some(old), Some(new)) if old == new => {}
            (None, None) => break,
            (Some(old), Some(new)) => {
                return Some(format!("line {line} is `{}` and should be `{}`", old.trim(), new.trim()));
            }
            (Some(old), None) => return Some(format!("line {line} is `{}` and should not be there", old.trim())),
            (None, Some(new)) => return Some(format!("line {line} should be `{}` and is missing", new.trim())),
        }
    }
    Some("its line ends differ".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_snapshot_is_told_by_its_first_line_that_differs() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\n b\n", "a\n c\n").as_deref(), Some("line 2 is `b` and should be `c`"));
        assert_eq!(difference("a\n", "a\nb\n").as_deref(), Some("line 2 should be `b` and is missing"));
        assert_eq!(difference("a\nb\n", "a\n").as_deref(), Some("line 2 is `b` and should not be there"));
        assert_eq!(difference("a\r\n", "a\n").as_deref(), Some("its line ends differ"));
    }
}

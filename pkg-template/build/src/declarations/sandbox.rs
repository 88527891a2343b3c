//! The declarations of `image-sources/sandbox`: what the compiler makes of the implementation, in one file.

use std::path::Path;

use crate::run::{Result, read, run};

const HEAD: &str = "\
// Both APIs, offline: `import { createSandbox } from \"image-sources/sandbox\"`.
// Written by `cargo run -p build-package -- types` from pkg-template/src/sandbox.ts.
";

/// The compiler's declarations of the types (without what is marked `@internal`), then those of the entry.
pub(super) fn declarations(root: &Path) -> Result<String> {
    let made = "target/npm/types";
    let compiler = "node_modules/typescript/bin/tsc";
    let project = "pkg-template/tsconfig.sandbox.json";
    run(root, "node", &[compiler, "--project", project, "--outDir", made])?;
    let text = |name: &str| -> Result<String> {
        Ok(String::from_utf8_lossy(&read(&root.join(made).join(name))?).into_owned())
    };
    let (types, entry) = (text("sandbox.d.ts")?, text("sandbox.entry.d.ts")?);
    // The entry's imports and exports name the file that stands above it here.
    let entry = entry.lines().filter(|line| !line.contains(" from \""));
    let lines = types.lines().chain(entry).filter(|line| *line != "export {};");
    let lines: Vec<_> = lines.map(narrower).collect();
    Ok(spaced(&lines))
}

/// The compiler indents by four spaces.
fn narrower(line: &str) -> String {
    let indent = line.len() - line.trim_start_matches("    ").len();
    " ".repeat(indent / 2) + line.get(indent..).unwrap_or_default()
}

/// Puts a blank line before each declaration and its comment.
fn spaced(lines: &[String]) -> String {
    let mut out = String::from(HEAD);
    let mut after_comment = false;
    for line in lines {
        let comment = line.starts_with("/**");
        if comment || (line.starts_with("export ") && !after_comment) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        after_comment = comment || (after_comment && line.starts_with(" *"));
    }
    out
}

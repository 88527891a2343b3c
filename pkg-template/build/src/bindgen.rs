//! From a compiled module to glue of our own shape.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::run::{Result, read};

/// The glue as a factory, and the module that goes with it.
pub(crate) struct Bound {
    pub(crate) glue: String,
    pub(crate) wasm: Vec<u8>,
}

/// Runs wasm-bindgen on the module at `input`.
///
/// `scratch` is a folder for what wasm-bindgen writes; only the glue proper and the module are taken from there.
pub(crate) fn bind(input: &Path, name: &str, scratch: &Path) -> Result<Bound> {
    let failed = |error: &dyn std::fmt::Display| format!("wasm-bindgen failed on {}: {error:#}", input.display());
    let mut bindgen = Bindgen::new();
    let bindgen = bindgen.bundler(true).map_err(|error| failed(&error))?;
    let bindgen = bindgen.typescript(false).input_path(input).out_name(name);
    bindgen.generate(scratch).map_err(|error| failed(&error))?;
    let glue = String::from_utf8(read(&scratch.join(format!("{name}_bg.js")))?).map_err(|error| failed(&error))?;
    let wasm = read(&scratch.join(format!("{name}_bg.wasm")))?;
    Ok(Bound { glue: factory(&glue)?, wasm })
}

/// Turns the module that wasm-bindgen writes for bundlers into a function that makes one independent copy of it.
///
/// After a trap a new instance needs fresh glue: the old one keeps a stale view of the dead memory, and callbacks that
/// are still pending would call into the new instance. A factory gives each instance glue of its own.
fn factory(module: &str) -> Result<String> {
    let mut names = Vec::new();
    let mut body = String::new();
    for line in module.lines() {
        let stripped = line.strip_prefix("export ").unwrap_or(line);
        if line.starts_with("export ") {
            let declared = ["function ", "async function ", "class ", "const ", "let "]
                .iter()
                .find_map(|word| stripped.strip_prefix(word));
            if let Some(rest) = declared {
                let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'));
                names.push(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default().to_owned());
                body.push_str(stripped);
            } else {
                return Err(format!("glue has an export of an unknown form: {line}"));
            }
        } else if line.starts_with("import ") {
            return Err(format!("glue imports something, which nothing here expects: {line}"));
        } else {
            body.push_str(line);
        }
        body.push('\n');
    }
    Ok(format!("export function createGlue() {{\n{body}return {{ {} }};\n}}\n", names.join(", ")))
}

//! Builds the npm package `image-sources`. `cargo run -p build-package -- help` prints what it can do.

mod bindgen;
mod declarations;
mod encode;
mod package;
mod reference;
mod run;
mod split;
mod tables;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
usage: build-package COMMAND

  pack        compile to wasm, build the npm package, write target/npm/image-sources.tgz
  module NAME compile, bind and shrink one module: `client`, `tools`, `plan` or `sandbox`
  types       write the TypeScript declarations to pkg-template/types/index.d.ts
  types-check fail if the declarations in git are not what the tables say
  operations  print the table of operations as Markdown
  test-runner run a wasm test binary (needs the feature `test-runner`)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().unwrap_or(root);
    let result = match arguments.first().map(String::as_str) {
        Some("pack") => package::pack(&root),
        Some("module") => package::one(&root, arguments.get(1).map_or("", String::as_str)),
        Some("types") => declarations::write(&root),
        Some("types-check") => declarations::check(&root),
        Some("operations") => {
            print!("{}", reference::operations());
            Ok(())
        }
        #[cfg(feature = "test-runner")]
        Some("test-runner") => return test_runner(),
        _ => {
            eprint!("{HELP}");
            return ExitCode::FAILURE;
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("build-package: {error}");
            ExitCode::FAILURE
        }
    }
}

/// wasm-bindgen's own runner, of the very version that Cargo.lock pins.
#[cfg(feature = "test-runner")]
fn test_runner() -> ExitCode {
    let arguments = std::env::args_os().enumerate().filter(|(index, _)| *index != 1).map(|(_, argument)| argument);
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

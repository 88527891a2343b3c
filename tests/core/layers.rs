//! Dependencies point one way.

use std::path::{Path, PathBuf};

/// Layers from the bottom up: each may use those before it, and nothing behind it.
const LAYERS: [&[&str]; 6] =
    [&["schema"], &["proto"], &["storage"], &["imgix", "imageboss"], &["engine", "plan"], &["wasm"]];

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|end| end == "rs") {
            out.push(path);
        }
    }
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|names| names.contains(&name))
}

#[test]
fn no_layer_uses_one_above_it_and_providers_do_not_know_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&root, &mut all);
    assert!(all.len() > 20);
    for path in all {
        let inside = path.strip_prefix(&root).unwrap();
        let own = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let used = text
            .split("crate::")
            .skip(1)
            .map(|rest| rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next().unwrap());
        for name in used {
            let Some(theirs) = layer(name) else { continue };
            if own == "sandbox" {
                assert_eq!(name, "proto", "{}: the sandbox knows only HTTP as data", path.display());
                continue;
            }
            let Some(ours) = layer(own) else { continue };
            assert!(theirs < ours || name == own || own == "wasm", "{} uses `{name}`", path.display());
        }
    }
}

#[test]
fn only_the_wasm_layer_knows_javascript() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&root, &mut all);
    for path in all.iter().filter(|path| !path.starts_with(root.join("wasm"))) {
        let text = std::fs::read_to_string(path).unwrap();
        for name in ["js_sys", "web_sys", "wasm_bindgen::", "gloo_net"] {
            assert!(!text.contains(name), "{} names {name}", path.display());
        }
    }
}

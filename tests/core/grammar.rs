//! The grammar against oracles nobody here wrote.

use std::process::Command;

use super::support::fixtures;
use image_sources::schema::json::{Bad, check};

/// The raw files of `JSONTestSuite`, as the crate `json-syntax` ships them.
fn suite() -> Vec<(String, Vec<u8>)> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", "host-tuple"])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let manifest =
        packages.iter().find(|package| package["name"] == "json-syntax").unwrap()["manifest_path"].as_str().unwrap();
    let folder = std::path::Path::new(manifest).with_file_name("tests").join("inputs");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn json_test_suite_is_accepted_and_refused_as_it_asks() {
    let files = suite();
    assert!(files.len() > 300, "{} files", files.len());
    for (name, bytes) in files {
        let accepted = check(&bytes).is_ok();
        if name.contains("500_nested") {
            // The one listed difference to `JSON.parse`: nesting has a cap, because a stack has one.
            assert!(matches!(check(&bytes), Err(Bad::Depth(128))), "{name}");
            continue;
        }
        match name.get(..2) {
            Some("y_") => assert!(accepted, "{name}"),
            Some("n_") => assert!(!accepted, "{name}"),
            _ => {}
        }
    }
}

/// A generator of its own, so that a failing mutant can be made again from the number of its round.
fn random(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 16 & 0xffff_ffff).unwrap()
}

#[test]
fn a_hundred_thousand_mutants_are_judged_as_serde_json_judges_them() {
    const PIECES: [&[u8]; 30] = [
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"0",
        b"-",
        b".",
        b"e",
        b"E+",
        b"null",
        b"true",
        b"fals",
        b"\\u12",
        b"\\ud800",
        b"\\u00e9",
        b"\n",
        b"\x00",
        b"\xff",
        b"\xc3\xa9",
        b" ",
        b"01",
        b"1.",
        b"\t",
        b"\\x",
        b"\xe2\x82",
        b"-0",
    ];
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for folder in ["imgix", "imageboss"] {
        seeds.extend(
            fixtures(folder, "").into_iter().map(|(_, text)| text.into_bytes()).filter(|text| text.len() < 3_000),
        );
    }
    let (mut state, mut agreed, mut listed) = (0x9e37_79b9_7f4a_7c15_u64, 0, 0);
    for round in 0..100_000 {
        let mut text = seeds[random(&mut state) % seeds.len()].clone();
        // A short window of a document makes more interesting mutants than all of it.
        let start = random(&mut state) % text.len();
        text = text.split_off(start);
        text.truncate(1 + random(&mut state) % 200);
        for _ in 0..random(&mut state) % 4 {
            let at = random(&mut state) % (text.len() + 1);
            let piece = PIECES[random(&mut state) % PIECES.len()];
            match random(&mut state) % 3 {
                0 => drop(text.splice(at..at, piece.iter().copied())),
                1 => drop(text.splice(at..(at + 1).min(text.len()), piece.iter().copied())),
                _ => text.truncate(at),
            }
        }
        if round % 2 == 0 {
            // Half of them are made whole values, so that acceptance is tested as well as refusal.
            let inner = String::from_utf8_lossy(&text).replace(['"', '\\', '\n', '\0', '\t'], "");
            text = format!(
                "{{\"a\":[\"{}\",{}]}}",
                inner.chars().filter(|letter| !letter.is_control()).collect::<String>(),
                ["1", "-0.5e3", "{}", "01", "\"\\ud800\"", "1e400", "null", "tru"][random(&mut state) % 8]
            )
            .into_bytes();
        }
        let ours = check(&text);
        let theirs = serde_json::from_slice::<serde_json::Value>(&text);
        if ours.is_ok() == theirs.is_ok() {
            agreed += 1;
            continue;
        }
        // The listed differences, in all of which `JSON.parse` decides as we do.
        let why = theirs.as_ref().err().map(ToString::to_string).unwrap_or_default();
        let surrogate = why.contains("surrogate") || why.contains("unexpected end of hex escape");
        let range = why.contains("number out of range");
        let depth = matches!(ours, Err(Bad::Depth(_))) || why.contains("recursion limit");
        assert!(
            surrogate || range || depth,
            "round {round}: ours {ours:?}, theirs {why}, {:?}",
            String::from_utf8_lossy(&text)
        );
        listed += 1;
    }
    assert!(agreed > 70_000 && listed > 1_000, "{agreed} agreed, {listed} listed");
}

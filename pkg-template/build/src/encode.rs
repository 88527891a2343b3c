//! A module as program text.
//!
//! Base64 makes what is compressed afterwards a quarter larger, because it breaks the alignment of bytes. Here every
//! frequent byte is one printable ASCII character and every other byte two, so that a compressor finds nearly the same
//! repetitions as in the bytes. In words and tables the frequent ones are looked for, and what is printable stays itself; in
//! streams, where small numbers are frequent, the smallest are. ASCII survives every bundler, every minifier and every page
//! without a declared encoding.

use crate::run::Result;
use crate::split::{Split, split};

/// Characters that no kind of JavaScript quote changes: printable, without quotes and backslash.
fn characters() -> Vec<u8> {
    (b' '..=b'~').filter(|byte| !b"\"'`\\$".contains(byte)).collect()
}

/// So many of them stand alone, the others before a second one.
const ALONE: usize = 88;

/// The JavaScript that undoes it; kept as short as it is because it is part of every bundle.
///
/// `join.wat` makes bytes of the text, and a module of these; what it needs to know is put into its memory.
const DECODER: &str = r#"
export const bytes = () => {
  const characters = [];
  const values = new Uint8Array(128);
  for (let code = 32; code < 127; code++) if (!"\"'`\\$".includes(String.fromCharCode(code))) values[code] = characters.push(code) - 1;
  const hex = (digits) => digits.match(/../g).map((pair) => parseInt(pair, 16));
  const frequent = new Set(hex(often));
  const plain = characters.slice(0, 88);
  const free = plain.filter((code) => !frequent.has(code));
  const words = new Uint8Array(256);
  let rare = 88;
  for (let byte = 0; byte < 256; byte++) words[frequent.has(byte) ? values[plain.includes(byte) ? byte : free.shift()] : rare++] = byte;
  const { memory, read, join } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(hex(joiner)))).exports;
  const all = new Uint8Array(memory.buffer);
  all.set(values, 64);
  all.set(words, 192);
  const at = [448];
  for (const length of lengths) at.push(at.at(-1) + length);
  const start = at.at(-1);
  new TextEncoder().encodeInto(text, all.subarray(start));
  read(start, start + text.length, 448, at[2]);
  new Uint32Array(memory.buffer).set(at.slice(2, -2));
  const end = join(functions, start);
  all.copyWithin(end, at[1], at[2]);
  return all.slice(at.at(-2), end + lengths[1]);
};
"#;

/// The module as JavaScript that exports `bytes()`. `joiner` is what has become of `join.wat`.
pub(crate) fn module(wasm: &[u8], joiner: &[u8]) -> Result<String> {
    let Split { symbols, streams, before, behind, functions } = split(wasm)?;
    let mut parts = vec![symbols.as_slice(), &behind];
    parts.extend(streams.iter().map(Vec::as_slice));
    parts.push(&before);
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let (words, numbers) = parts.split_at(2);
    let (often, mut text) = encode_words(&words.concat());
    text.extend(numbers.concat().iter().flat_map(|byte| characters_of(*byte)));
    let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |out, byte| out + &format!("{byte:02x}"));
    let (often, joiner) = (hex(&often), hex(joiner));
    Ok(format!(
        "const joiner = \"{joiner}\";\nconst functions = {functions};\nconst lengths = {lengths:?};\nconst often = \"{often}\";\nconst text = \"{text}\";\n{DECODER}"
    ))
}

/// The characters that stand for a value.
fn characters_of(value: u8) -> Vec<char> {
    let characters = characters();
    let value = usize::from(value);
    let places = if value < ALONE {
        vec![value]
    } else {
        vec![ALONE + (value - ALONE) / characters.len(), (value - ALONE) % characters.len()]
    };
    places.iter().filter_map(|place| characters.get(*place)).map(|code| char::from(*code)).collect()
}

/// The frequent bytes in ascending order, and the text.
fn encode_words(bytes: &[u8]) -> (Vec<u8>, String) {
    let mut order: Vec<(usize, u8)> = (0..=u8::MAX).map(|byte| (0, byte)).collect();
    for byte in bytes {
        if let Some((count, _)) = order.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    order.sort_by_key(|(count, byte)| (std::cmp::Reverse(*count), *byte));
    let mut frequent: Vec<u8> = order.iter().take(ALONE).map(|(_, byte)| *byte).collect();
    frequent.sort_unstable();

    let plain: Vec<u8> = characters().into_iter().take(ALONE).collect();
    let mut free = (0..=u8::MAX).zip(&plain).filter(|(_, code)| !frequent.contains(code)).map(|(value, _)| value);
    let mut rare = (0..=u8::MAX).skip(ALONE);
    let values: Vec<u8> = (0..=u8::MAX)
        .filter_map(|byte| match plain.iter().position(|code| *code == byte) {
            _ if !frequent.contains(&byte) => rare.next(),
            Some(value) => u8::try_from(value).ok(),
            None => free.next(),
        })
        .collect();
    let text = bytes.iter().filter_map(|byte| values.get(usize::from(*byte))).flat_map(|value| characters_of(*value));
    (frequent.clone(), text.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_code_of_its_own() {
        let all: Vec<u8> = (0..=u8::MAX).chain([0, 0, 0x20, 0x41]).collect();
        let (frequent, text) = encode_words(&all);

        assert_eq!(frequent.len(), ALONE);
        assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !b"\"'`\\$".contains(&byte)));
        assert_eq!(text.len(), 260 + 256 - ALONE);
        let codes: std::collections::BTreeSet<_> = (0..=u8::MAX).map(characters_of).collect();
        assert_eq!(codes.len(), 256);
        assert_eq!(characters_of(87).len(), 1);
        assert_eq!(characters_of(88).len(), 2);
    }
}

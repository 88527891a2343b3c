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
/// First the text becomes bytes, then the parts of these, laid out as `join.wat` wants them, become a module.
const DECODER: &str = r#"
export const bytes = () => {
  const characters = [];
  const values = new Uint8Array(128);
  for (let code = 32; code < 127; code++) if (!"\"'`\\$".includes(String.fromCharCode(code))) values[code] = characters.push(code) - 1;
  const frequent = new Set(often.match(/../g).map((digits) => parseInt(digits, 16)));
  const plain = characters.slice(0, 88);
  const free = plain.filter((code) => !frequent.has(code));
  const words = new Uint8Array(256);
  let rare = 88;
  for (let byte = 0; byte < 256; byte++) words[frequent.has(byte) ? values[plain.includes(byte) ? byte : free.shift()] : rare++] = byte;
  const at = [64];
  for (const length of lengths) at.push(at.at(-1) + length);
  const codes = new TextEncoder().encode(text);
  const from = new Uint8Array(at.at(-1));
  for (let next = 0, to = 64; next < codes.length; to++) {
    let value = values[codes[next++]];
    if (value > 87) value = (value - 88) * 90 + values[codes[next++]] + 88;
    from[to] = to < at[3] ? words[value] : value;
  }
  const { memory, join } = new WebAssembly.Instance(new WebAssembly.Module(from.subarray(at[1], at[2]))).exports;
  const all = new Uint8Array(memory.buffer);
  all.set(from);
  new Uint32Array(memory.buffer).set(at.slice(3, -2));
  const end = join(functions, at.at(-1));
  all.copyWithin(end, at[2], at[3]);
  return all.slice(at.at(-2), end + lengths[2]);
};
"#;

/// The module as JavaScript that exports `bytes()`. `joiner` is what has become of `join.wat`.
pub(crate) fn module(wasm: &[u8], joiner: &[u8]) -> Result<String> {
    let Split { symbols, streams, before, behind, functions } = split(wasm)?;
    let mut parts = vec![symbols.as_slice(), joiner, &behind];
    parts.extend(streams.iter().map(Vec::as_slice));
    parts.push(&before);
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let (words, numbers) = parts.split_at(3);
    let (often, mut text) = encode_words(&words.concat());
    text.extend(numbers.concat().iter().flat_map(|byte| characters_of(*byte)));
    let often = often.iter().fold(String::new(), |out, byte| out + &format!("{byte:02x}"));
    Ok(format!(
        "const functions = {functions};\nconst lengths = {lengths:?};\nconst often = \"{often}\";\nconst text = \"{text}\";\n{DECODER}"
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
        let codes: std::collections::HashSet<_> = (0..=u8::MAX).map(characters_of).collect();
        assert_eq!(codes.len(), 256);
        assert_eq!(characters_of(87).len(), 1);
        assert_eq!(characters_of(88).len(), 2);
    }
}

//! A module as program text.
//!
//! Base64 makes what is compressed afterwards a quarter larger, because it breaks the alignment of bytes. Here every
//! frequent byte is one printable ASCII character (itself where it is one) and every other byte two, so that a
//! compressor finds nearly the same repetitions as in the module itself: about two per cent are lost. ASCII survives
//! every bundler, every minifier and every page without a declared encoding.

use crate::run::Result;
use crate::split::{Split, split};

/// Characters that no kind of JavaScript quote changes: printable, without quotes and backslash.
fn characters() -> Vec<u8> {
    (b' '..=b'~').filter(|byte| !b"\"'`\\$".contains(byte)).collect()
}

/// How many of them stand before a second one.
const MARKS: usize = 3;

/// The JavaScript that undoes it; kept as short as it is because it is part of every bundle.
///
/// First the text becomes bytes, then the parts of these, laid out as `join.wat` wants them, become a module.
const DECODER: &str = r#"
export const bytes = () => {
  const characters = [];
  for (let code = 32; code < 127; code++) if (!"\"'`\\$".includes(String.fromCharCode(code))) characters.push(code);
  const plain = characters.slice(0, -3);
  const marks = characters.slice(-3);
  const frequent = new Set(often.match(/../g).map((digits) => parseInt(digits, 16)));
  const free = plain.filter((code) => !frequent.has(code));
  const table = new Uint8Array(1 << 14);
  let rare = 0;
  for (let byte = 0; byte < 256; byte++) {
    if (!frequent.has(byte)) table[(marks[Math.floor(rare / characters.length)] << 7) | characters[rare++ % characters.length]] = byte;
    else table[plain.includes(byte) ? byte : free.shift()] = byte;
  }
  const codes = new TextEncoder().encode(text);
  const from = new Uint8Array(codes.length);
  const mark = marks[0];
  for (let at = 0, to = 0; at < codes.length; ) {
    let code = codes[at++];
    if (code >= mark) code = (code << 7) | codes[at++];
    from[to++] = table[code];
  }
  const at = [64];
  for (const length of lengths) at.push(at.at(-1) + length);
  const { memory, join } = new WebAssembly.Instance(new WebAssembly.Module(from.subarray(lengths[0], at[2] - 64))).exports;
  const all = new Uint8Array(memory.buffer);
  all.set(from.subarray(0, at.at(-1) - 64), 64);
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
    let (often, text) = encode(&parts.concat());
    let often = often.iter().fold(String::new(), |out, byte| out + &format!("{byte:02x}"));
    Ok(format!(
        "const functions = {functions};\nconst lengths = {lengths:?};\nconst often = \"{often}\";\nconst text = \"{text}\";\n{DECODER}"
    ))
}

/// The frequent bytes in ascending order, and the text.
fn encode(bytes: &[u8]) -> (Vec<u8>, String) {
    let characters = characters();
    let (plain, marks) = characters.split_at(characters.len() - MARKS);
    let mut order: Vec<(usize, u8)> = (0..=u8::MAX).map(|byte| (0, byte)).collect();
    for byte in bytes {
        if let Some((count, _)) = order.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    order.sort_by_key(|(count, byte)| (std::cmp::Reverse(*count), *byte));
    let mut frequent: Vec<u8> = order.iter().take(plain.len()).map(|(_, byte)| *byte).collect();
    frequent.sort_unstable();

    let mut free = plain.iter().filter(|code| !frequent.contains(code));
    let mut rare = marks.iter().flat_map(|mark| characters.iter().map(move |second| vec![*mark, *second]));
    let codes: Vec<Vec<u8>> = (0..=u8::MAX)
        .map(|byte| {
            if !frequent.contains(&byte) {
                rare.next().unwrap_or_default()
            } else if plain.contains(&byte) {
                vec![byte]
            } else {
                free.next().map(|code| vec![*code]).unwrap_or_default()
            }
        })
        .collect();
    let text = bytes.iter().filter_map(|byte| codes.get(usize::from(*byte))).flatten().map(|code| char::from(*code));
    (frequent, text.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_code_of_its_own() {
        let all: Vec<u8> = (0..=u8::MAX).chain([0, 0, 0x20, 0x41]).collect();
        let (frequent, text) = encode(&all);

        assert_eq!(frequent.len(), characters().len() - MARKS);
        assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !b"\"'`\\$".contains(&byte)));
        assert_eq!(text.len(), 260 + 256 - frequent.len());
    }
}

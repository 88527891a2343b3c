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
/// First the text becomes bytes, then the streams of these become a module. A function's length stands before it, so it is
/// written with room for that, and moved once the length is known.
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

  const [REST, OPERATIONS, VARIABLES, OFFSETS, CONSTANTS, CALLS, OTHERS] = [0, 1, 2, 3, 4, 5, 6];
  const ends = [];
  let sum = 0;
  const at = lengths.map((length) => (ends.push((sum += length)), sum - length));
  const out = new Uint8Array(size);
  let to = 0;
  const copy = (stream, count) => {
    while (count--) out[to++] = from[at[stream]++];
  };
  const number = (stream) => {
    let value = 0;
    let shift = 0;
    let byte;
    do {
      out[to++] = byte = from[at[stream]++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  /** Writes before what has been written since `start` how long it is. */
  const measure = (start) => {
    const head = [];
    let rest = to - start;
    do head.push((rest & 127) | (rest > 127 ? 128 : 0));
    while ((rest >>= 7));
    out.copyWithin(start + head.length, start, to);
    out.set(head, start);
    to += head.length;
  };
  const numbered = new Set([2, 3, 4, 12, 13, 17, 28, 35, 36, 37, 38, 63, 64, 66, 208, 210]);
  copy(REST, before);
  out[to++] = 10;
  const section = to;
  for (let functions = number(OTHERS); functions--; ) {
    const start = to;
    for (let groups = number(OTHERS); groups--; copy(OTHERS, 1)) number(OTHERS);
    for (let depth = 1; depth; ) {
      let operation = from[at[OPERATIONS]++];
      const odd = operation > 215 && operation < 239;
      if (odd) operation -= 176;
      out[to++] = operation;
      if (operation > 39 && operation < 63) {
        if (odd) number(OTHERS);
        else out[to++] = +"23230011001122232301012"[operation - 40];
        number(OFFSETS);
      } else if (operation > 31 && operation < 35) number(VARIABLES);
      else if (operation == 65) number(CONSTANTS);
      else if (operation == 16) number(CALLS);
      else if (operation == 11) depth--;
      else if (operation == 14) for (let labels = number(OTHERS) + 1; labels--; ) number(OTHERS);
      else if (operation == 67 || operation == 68) copy(OTHERS, operation * 4 - 264);
      else if (operation == 252) {
        const kind = number(OTHERS);
        for (let more = kind < 8 ? 0 : kind % 2 || kind > 15 ? 1 : 2; more--; ) number(OTHERS);
      } else {
        if (operation > 1 && operation < 5) depth++;
        if (operation == 17 || operation == 28) number(OTHERS);
        if (numbered.has(operation)) number(OTHERS);
      }
    }
    measure(start);
  }
  measure(section);
  copy(REST, ends[REST] - before);
  return out;
};
"#;

/// The module as JavaScript that exports `bytes()`.
pub(crate) fn module(wasm: &[u8]) -> Result<String> {
    let Split { streams, before } = split(wasm)?;
    let lengths: Vec<_> = streams.iter().map(Vec::len).collect();
    let (often, text) = encode(&streams.concat());
    let often = often.iter().fold(String::new(), |out, byte| out + &format!("{byte:02x}"));
    let size = wasm.len();
    Ok(format!(
        "const size = {size};\nconst before = {before};\nconst lengths = {lengths:?};\nconst often = \"{often}\";\nconst text = \"{text}\";\n{DECODER}"
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

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

  // Where each stream goes on; the numbers are those of split.rs. No function closes over `to`: this runs once, cold, and
  // variables that are shared with a function are slow then.
  const at = new Int32Array(8);
  lengths.forEach((length, stream) => (at[stream + 1] = at[stream] + length));
  const end = at[1];
  // For each operation the stream of its numbers, and 16 for each of them.
  const kinds = new Uint8Array(256);
  for (const [kind, first, last] of [[18, 32, 34], [19, 40, 62], [19, 216, 238], [20, 65, 65], [21, 16, 16], [38, 17, 17], [38, 28, 28]]) kinds.fill(kind, first, last + 1);
  for (const operation of [2, 3, 4, 12, 13, 14, 35, 36, 37, 38, 63, 64, 66, 208, 210, 252]) kinds[operation] = 22;
  const alignments = [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2];
  const out = new Uint8Array(size);
  out.set(from.subarray(0, before));
  out[before] = 10;
  const section = before + 1;
  let to = section;
  let functions = 0;
  for (let shift = 0, byte = 128; byte > 127; shift += 7) {
    out[to++] = byte = from[at[6]++];
    functions |= (byte & 127) << shift;
  }
  while (functions--) {
    const start = to;
    for (let groups = (out[to++] = from[at[6]++]); groups--; out[to++] = from[at[6]++]) while ((out[to++] = from[at[6]++]) > 127);
    let depth = 1;
    while (depth) {
      const operation = from[at[1]++];
      const kind = kinds[operation];
      const stream = kind & 15;
      let count = kind >> 4;
      out[to++] = operation;
      if (stream == 3) {
        if (operation > 215) {
          out[to - 1] = operation - 176;
          out[to++] = from[at[6]++];
        } else out[to++] = alignments[operation - 40];
      } else if (stream == 6) {
        const first = from[at[6]];
        if (operation < 5) depth++;
        else if (operation == 14) count += 1 + (first > 127 ? (first & 127) | (from[at[6] + 1] << 7) : first);
        else if (operation == 252 && first > 7) count += first % 2 || first > 15 ? 1 : 2;
      } else if (operation == 11) depth--;
      else if (operation == 67 || operation == 68) for (let bytes = operation * 4 - 264; bytes--; ) out[to++] = from[at[6]++];
      while (count--) while ((out[to++] = from[at[stream]++]) > 127);
    }
    to = measured(out, start, to);
  }
  to = measured(out, section, to);
  out.set(from.subarray(before, end), to);
  return out;
};

/** Puts before what stands between two places how long it is, and gives where it ends then. */
const measured = (out, start, to) => {
  const head = [];
  let rest = to - start;
  do head.push((rest & 127) | (rest > 127 ? 128 : 0));
  while ((rest >>= 7));
  out.copyWithin(start + head.length, start, to);
  out.set(head, start);
  return to + head.length;
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

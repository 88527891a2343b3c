//! A module in streams: what belongs to the same kind of instruction stands together, so that compressors find more in it.
//!
//! In a module an instruction's operation, its variables, offsets and constants stand in turn, and each disturbs the
//! statistics of the others. Apart they are a seventh smaller after compression. Whoever loads the module puts them together
//! again, see `encode.rs`; the build compares what comes out with the module.

use crate::run::Result;

/// The streams, in the order in which they stand in the text.
pub(crate) const STREAMS: usize = 7;
/// Everything but the bodies of functions.
const REST: usize = 0;
const OPERATIONS: usize = 1;
const VARIABLES: usize = 2;
const OFFSETS: usize = 3;
const CONSTANTS: usize = 4;
const CALLS: usize = 5;
/// What is rare: labels, types, numbers of all sizes, local variables' declarations.
const OTHERS: usize = 6;

/// Added to loads and stores that are not aligned as their size is; then the alignment stands among the others.
const ODD: u8 = 0xB0;

const CODE_SECTION: u8 = 10;

/// A module taken apart.
#[derive(Debug, PartialEq)]
pub(crate) struct Split {
    pub(crate) streams: [Vec<u8>; STREAMS],
    /// How much of the rest stands before the section with the code.
    pub(crate) before: usize,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let byte = self.bytes.get(self.at).copied().ok_or("the module ends too early")?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at + count).ok_or("the module ends too early")?;
        self.at += count;
        Ok(taken)
    }

    /// A number of variable length, and its bytes.
    fn number(&mut self) -> Result<(usize, &'a [u8])> {
        let (start, mut value, mut shift) = (self.at, 0, 0);
        loop {
            let byte = self.byte()?;
            value |= usize::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return Ok((value, self.bytes.get(start..self.at).unwrap_or_default()));
            }
            if shift > 63 {
                return Err("the module holds a number that is too long".into());
            }
        }
    }
}

/// Takes a module apart.
pub(crate) fn split(wasm: &[u8]) -> Result<Split> {
    let mut split = Split { streams: Default::default(), before: 0 };
    let mut reader = Reader { bytes: wasm, at: 0 };
    split.put(REST, reader.take(8)?);
    while reader.at < wasm.len() {
        let start = reader.at;
        let (section, (length, _)) = (reader.byte()?, reader.number()?);
        let content = reader.take(length)?;
        if section == CODE_SECTION {
            split.before = split.streams.first().map_or(0, Vec::len);
            split.code(content)?;
        } else {
            split.put(REST, wasm.get(start..reader.at).unwrap_or_default());
        }
    }
    Ok(split)
}

impl Split {
    fn put(&mut self, stream: usize, bytes: &[u8]) {
        if let Some(stream) = self.streams.get_mut(stream) {
            stream.extend_from_slice(bytes);
        }
    }

    fn code(&mut self, content: &[u8]) -> Result<()> {
        let mut reader = Reader { bytes: content, at: 0 };
        let (functions, raw) = reader.number()?;
        self.put(OTHERS, raw);
        for _ in 0..functions {
            let (length, _) = reader.number()?;
            let end = reader.at + length;
            let groups = self.below(1 << 7, &mut reader)?;
            for _ in 0..groups {
                self.number(OTHERS, &mut reader)?;
                self.put(OTHERS, reader.take(1)?);
            }
            let mut depth = 1;
            while depth > 0 {
                depth = self.instruction(&mut reader, depth)?;
            }
            if reader.at != end {
                return Err("a function of the module does not end where it should".into());
            }
        }
        Ok(())
    }

    fn number(&mut self, stream: usize, reader: &mut Reader<'_>) -> Result<usize> {
        let (value, raw) = reader.number()?;
        self.put(stream, raw);
        Ok(value)
    }

    /// A number that whoever puts the module together must know, and reads as one byte or two.
    fn below(&mut self, limit: usize, reader: &mut Reader<'_>) -> Result<usize> {
        let value = self.number(OTHERS, reader)?;
        if value < limit {
            Ok(value)
        } else {
            Err("a function of the module has more groups of variables, or labels, than are foreseen".into())
        }
    }

    /// One instruction; gives how many blocks are open behind it.
    fn instruction(&mut self, reader: &mut Reader<'_>, depth: u32) -> Result<u32> {
        let operation = reader.byte()?;
        if (0x28..=0x3E).contains(&operation) {
            let (alignment, raw) = reader.number()?;
            let usual = alignment == usual_alignment(operation);
            self.put(OPERATIONS, &[operation + if usual { 0 } else { ODD }]);
            if !usual {
                self.put(OTHERS, raw);
            }
            self.number(OFFSETS, reader)?;
            return Ok(depth);
        }
        self.put(OPERATIONS, &[operation]);
        match operation {
            // block, loop, if with the type of what they leave
            2..=4 => {
                self.number(OTHERS, reader)?;
                return Ok(depth + 1);
            }
            0x0B => return Ok(depth - 1),
            // br, br_if, globals, tables, memory.size, memory.grow, ref.null, ref.func
            0x0C | 0x0D | 0x23..=0x26 | 0x3F | 0x40 | 0xD0 | 0xD2 | 0x42 => drop(self.number(OTHERS, reader)?),
            0x0E => {
                for _ in 0..=self.below(1 << 14, reader)? {
                    self.number(OTHERS, reader)?;
                }
            }
            0x10 => drop(self.number(CALLS, reader)?),
            0x20..=0x22 => drop(self.number(VARIABLES, reader)?),
            0x41 => drop(self.number(CONSTANTS, reader)?),
            // call_indirect, select with a type
            0x11 | 0x1C => {
                self.number(OTHERS, reader)?;
                self.number(OTHERS, reader)?;
            }
            0x43 => self.put(OTHERS, reader.take(4)?),
            0x44 => self.put(OTHERS, reader.take(8)?),
            0xFC => {
                let further = match self.number(OTHERS, reader)? {
                    0..=7 => 0,
                    9 | 11 | 13 | 15..=17 => 1,
                    8 | 10 | 12 | 14 => 2,
                    other => {
                        return Err(format!("the module holds the operation fc {other}, which nothing here knows"));
                    }
                };
                for _ in 0..further {
                    self.number(OTHERS, reader)?;
                }
            }
            0 | 1 | 5 | 0x0F | 0x1A | 0x1B | 0x45..=0xC4 | 0xD1 => {}
            other => return Err(format!("the module holds the operation {other:x}, which nothing here knows")),
        }
        Ok(depth)
    }
}

/// The alignment, as a power of two, that goes with the size of a load or store.
fn usual_alignment(operation: u8) -> usize {
    match operation {
        0x28 | 0x2A | 0x34 | 0x35 | 0x36 | 0x38 | 0x3E => 2,
        0x29 | 0x2B | 0x37 | 0x39 => 3,
        0x2E | 0x2F | 0x32 | 0x33 | 0x3B | 0x3D => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with one function: (local i32) local.get 0, i32.load align=2 offset=300, i32.load align=1 offset=1,
    /// i32.const -5, call 1, end.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x0A\x14\x01\x12\x01\x01\x7F\x20\0\x28\x02\xAC\x02\x28\x01\x01\x41\x7B\x10\x01\x0B\0\x01X";

    #[test]
    fn what_is_of_one_kind_stands_together() {
        let wasm = [&MODULE[..MODULE.len() - 3], &[0, 2, 1, b'X']].concat();
        let split = split(&fixed(&wasm)).unwrap();

        assert_eq!(split.streams[OPERATIONS], [0x20, 0x28, 0x28 + ODD, 0x41, 0x10, 0x0B]);
        assert_eq!(split.streams[VARIABLES], [0]);
        assert_eq!(split.streams[OFFSETS], [0xAC, 2, 1]);
        assert_eq!(split.streams[CONSTANTS], [0x7B]);
        assert_eq!(split.streams[CALLS], [1]);
        assert_eq!(split.streams[OTHERS], [1, 1, 1, 0x7F, 1]);
        assert_eq!(split.before, 14);
    }

    /// The lengths of code section and function as they are.
    fn fixed(wasm: &[u8]) -> Vec<u8> {
        let mut wasm = wasm.to_vec();
        let code = wasm.iter().position(|byte| *byte == 0x0A).unwrap();
        let end = wasm.len() - 4;
        wasm[code + 1] = u8::try_from(end - code - 2).unwrap();
        wasm[code + 3] = u8::try_from(end - code - 4).unwrap();
        wasm
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(split(b"\0asm").is_err());
        assert!(split(&MODULE[..20]).is_err());
        let mut unknown = fixed(&[&MODULE[..MODULE.len() - 3], &[0, 2, 1, b'X']].concat());
        let load = unknown.iter().position(|byte| *byte == 0x28).unwrap();
        unknown[load] = 0xFE;
        assert!(split(&unknown).is_err());
    }
}

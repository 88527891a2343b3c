//! A module in streams: what belongs to the same kind of instruction stands together, so that compressors find more in it.
//!
//! In a module an instruction's operation, its variables, offsets and constants stand in turn, and each disturbs the
//! statistics of the others. Apart they are a tenth smaller after compression. An operation with what is always the same
//! about it is one symbol; a number that varies goes to the stream of its kind. `join.wat` puts them together again where
//! the module is loaded, and the build compares what comes out with the module.

use crate::run::Result;

/// One byte for each instruction.
const SYMBOLS: usize = 0;
/// Of a function's local variables: how many groups, then how many of which type.
const DECLARATIONS: usize = 1;
/// Of a table of labels: how many, then these and one more.
const LABELS: usize = 2;
const BRANCHES: usize = 3;
const VARIABLES: usize = 4;
const OFFSETS: usize = 5;
const CALLS: usize = 6;
const LONG_CONSTANTS: usize = 7;
/// Three, for constants of one, two and more bytes: small numbers, larger ones, and addresses.
const CONSTANTS: usize = 8;
/// So many there are.
pub(crate) const STREAMS: usize = 11;
/// In place of a stream: the function ends here.
const END: usize = 15;

/// How `join.wat` finds a symbol: the length of its bytes, where the address of its stream lies, its bytes.
const ROW: usize = 12;

const CODE_SECTION: u8 = 10;

/// A module taken apart.
#[derive(Debug)]
pub(crate) struct Split {
    /// A row for each, the most frequent first.
    pub(crate) symbols: Vec<u8>,
    pub(crate) streams: [Vec<u8>; STREAMS],
    /// Everything before the first function.
    pub(crate) before: Vec<u8>,
    /// Everything behind the last one.
    pub(crate) behind: Vec<u8>,
    pub(crate) functions: usize,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.at..end)).ok_or("the module ends too early")?;
        self.at += count;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?.iter().copied().sum())
    }

    /// A number of variable length, and its bytes.
    fn number(&mut self) -> Result<(usize, &'a [u8])> {
        let (start, mut value) = (self.at, 0);
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return Ok((value, self.since(start)));
            }
        }
        Err("the module holds a number that is too long".into())
    }

    fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }
}

/// Takes a module apart.
pub(crate) fn split(wasm: &[u8]) -> Result<Split> {
    let mut parts = Parts::default();
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    let mut functions = 0;
    let mut reader = Reader { bytes: wasm, at: 0 };
    before.extend_from_slice(reader.take(8)?);
    while reader.at < wasm.len() {
        let start = reader.at;
        let (section, (length, _)) = (reader.byte()?, reader.number()?);
        let mut content = Reader { bytes: reader.take(length)?, at: 0 };
        let rest = if functions == 0 { &mut before } else { &mut behind };
        if section == CODE_SECTION {
            functions = content.number()?.0;
            rest.extend_from_slice(wasm.get(start..reader.at - length + content.at).unwrap_or_default());
            for _ in 0..functions {
                parts.function(&mut content)?;
            }
        } else {
            rest.extend_from_slice(reader.since(start));
        }
    }
    if functions == 0 {
        return Err("the module has no functions".into());
    }
    Ok(Split { symbols: parts.number_symbols()?, streams: parts.streams, before, behind, functions })
}

#[derive(Default)]
struct Parts {
    /// The bytes of each symbol and the stream of the number behind it, in the order in which they come up.
    symbols: Vec<(Vec<u8>, Option<usize>)>,
    /// Which of them each instruction is.
    instructions: Vec<usize>,
    streams: [Vec<u8>; STREAMS],
}

impl Parts {
    fn number(&mut self, stream: usize, reader: &mut Reader<'_>) -> Result<usize> {
        let (value, raw) = reader.number()?;
        if let Some(stream) = self.streams.get_mut(stream) {
            stream.extend_from_slice(raw);
        }
        Ok(value)
    }

    fn function(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        let (length, _) = reader.number()?;
        // Whoever puts it together leaves room for three bytes.
        if length >= 1 << 21 {
            return Err("a function of the module is too long".into());
        }
        let mut body = Reader { bytes: reader.take(length)?, at: 0 };
        for _ in 0..2 * self.number(DECLARATIONS, &mut body)? {
            self.number(DECLARATIONS, &mut body)?;
        }
        while body.at < length {
            self.instruction(&mut body)?;
        }
        Ok(())
    }

    fn instruction(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        let start = reader.at;
        let operation = reader.byte()?;
        let mut fixed = 0;
        let stream = match operation {
            0x0B if reader.at == reader.bytes.len() => Some(END),
            // unreachable, nop, else, end, return, drop, select, everything that only calculates, ref.is_null
            0 | 1 | 5 | 0x0B | 0x0F | 0x1A | 0x1B | 0x45..=0xC4 | 0xD1 => None,
            0x0C | 0x0D => Some(BRANCHES),
            0x0E => Some(LABELS),
            0x10 => Some(CALLS),
            0x20..=0x22 => Some(VARIABLES),
            // loads and stores: their alignment is that of their size, nearly always
            0x28..=0x3E => {
                fixed = 1;
                Some(OFFSETS)
            }
            0x41 => {
                let (_, raw) = Reader { bytes: reader.bytes, at: reader.at }.number()?;
                // -1, 0 and 1 are as frequent as many an operation.
                let frequent = matches!(raw, [0 | 1 | 127]);
                fixed = usize::from(frequent);
                (!frequent).then(|| CONSTANTS + raw.len().min(3) - 1)
            }
            0x42 => Some(LONG_CONSTANTS),
            0x43 | 0x44 => {
                reader.take(if operation == 0x43 { 4 } else { 8 })?;
                None
            }
            _ => {
                fixed = match operation {
                    // block, loop, if with the type of what they leave; globals, tables, memory.size, memory.grow, ref.null, ref.func
                    2..=4 | 0x23..=0x26 | 0x3F | 0x40 | 0xD0 | 0xD2 => 1,
                    // call_indirect, select with a type
                    0x11 | 0x1C => 2,
                    0xFC => match reader.number()?.0 {
                        0..=7 => 0,
                        9 | 11 | 13 | 15..=17 => 1,
                        8 | 10 | 12 | 14 => 2,
                        other => {
                            return Err(format!("the module holds the operation fc {other}, which nothing here knows"));
                        }
                    },
                    other => return Err(format!("the module holds the operation {other:x}, which nothing here knows")),
                };
                None
            }
        };
        for _ in 0..fixed {
            reader.number()?;
        }
        let symbol = (reader.since(start).to_vec(), stream);
        let number = self.symbols.iter().position(|known| *known == symbol).unwrap_or(self.symbols.len());
        if number == self.symbols.len() {
            self.symbols.push(symbol);
        }
        self.instructions.push(number);
        match stream {
            None | Some(END) => {}
            Some(LABELS) => {
                for _ in 0..=self.number(LABELS, reader)? {
                    self.number(LABELS, reader)?;
                }
            }
            Some(stream) => drop(self.number(stream, reader)?),
        }
        Ok(())
    }

    /// Numbers the symbols, the most frequent first, writes their stream, and gives their rows.
    fn number_symbols(&mut self) -> Result<Vec<u8>> {
        let mut counts: Vec<(usize, usize)> = (0..self.symbols.len()).map(|symbol| (0, symbol)).collect();
        for symbol in &self.instructions {
            if let Some((count, _)) = counts.get_mut(*symbol) {
                *count += 1;
            }
        }
        counts.sort_by_key(|(count, symbol)| (std::cmp::Reverse(*count), *symbol));
        let mut rows = Vec::new();
        let mut numbers = vec![0; self.symbols.len()];
        for (number, (_, symbol)) in counts.iter().enumerate() {
            let number = u8::try_from(number);
            let number = number.map_err(|_| "the module has more kinds of instructions than there are bytes")?;
            let Some((code, stream)) = self.symbols.get(*symbol) else { continue };
            let address = stream.map_or(0, |stream| stream * 4);
            let head = [code.len(), address].map(|value| u8::try_from(value).unwrap_or(u8::MAX));
            let mut row = [&head, code.as_slice()].concat();
            if row.len() > ROW {
                return Err("an instruction of the module is too long".into());
            }
            row.resize(ROW, 0);
            rows.extend(row);
            if let Some(place) = numbers.get_mut(*symbol) {
                *place = number;
            }
        }
        let symbols = self.instructions.iter().filter_map(|symbol| numbers.get(*symbol));
        if let Some(stream) = self.streams.get_mut(SYMBOLS) {
            stream.extend(symbols);
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One function: (local i32) local.get 0, i32.load align=2 offset=300, i32.load align=1 offset=1, i32.const -5,
    /// i32.const 0, call 1, local.get 2, `br_table` 0 0, end.
    const FUNCTION: &[u8] =
        b"\x01\x01\x7F\x20\0\x28\x02\xAC\x02\x28\x01\x01\x41\x7B\x41\0\x10\x01\x20\x02\x0E\x01\0\0\x0B";

    /// A module with it, and a section of our own behind it.
    fn module(function: &[u8]) -> Vec<u8> {
        let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
        let code = [&[1, length(function)], function].concat();
        [b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x0A", &[length(&code)][..], &code, &[0, 2, 1, b'X']].concat()
    }

    #[test]
    fn what_is_of_one_kind_stands_together() {
        let split = split(&module(FUNCTION)).unwrap();

        assert_eq!(split.streams[SYMBOLS], [0, 1, 2, 3, 4, 5, 0, 6, 7]);
        assert_eq!(split.streams[DECLARATIONS], [1, 1, 0x7F]);
        assert_eq!(split.streams[VARIABLES], [0, 2]);
        assert_eq!(split.streams[OFFSETS], [0xAC, 2, 1]);
        assert_eq!(split.streams[CONSTANTS], [0x7B]);
        assert_eq!(split.streams[CALLS], [1]);
        assert_eq!(split.streams[LABELS], [1, 0, 0]);
        assert_eq!(split.before, b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x0A\x1B\x01");
        assert_eq!(split.behind, [0, 2, 1, b'X']);
        assert_eq!(split.functions, 1);
        let row = |symbol: usize| &split.symbols[symbol * ROW..][..5];
        assert_eq!(split.symbols.len(), 8 * ROW);
        assert_eq!(row(0), [1, 16, 0x20, 0, 0]);
        assert_eq!(row(1), [2, 20, 0x28, 2, 0]);
        assert_eq!(row(2), [2, 20, 0x28, 1, 0]);
        assert_eq!(row(4), [2, 0, 0x41, 0, 0]);
        assert_eq!(row(7), [1, 60, 0x0B, 0, 0]);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        let whole = module(FUNCTION);
        for length in 0..whole.len() - 4 {
            assert!(split(&whole[..length]).is_err(), "{length}");
        }
        for unknown in [
            &[0, 0xFE, 0x0B][..],
            &[0, 0xFC, 99, 0x0B],
            &[0, 0x41, 0x80],
            &[0, 0x41, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
        ] {
            assert!(split(&module(unknown)).is_err(), "{unknown:x?}");
        }
    }
}

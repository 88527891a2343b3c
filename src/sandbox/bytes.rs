//! The little that files need to be what they say they are: checksums, and a compression that compresses nothing.

use std::sync::LazyLock;

/// What each value of a byte does to a checksum.
static CRC: LazyLock<[u32; 256]> = LazyLock::new(|| {
    core::array::from_fn(|byte| {
        let turn = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        (0..8).fold(u32::try_from(byte).unwrap_or(0), turn)
    })
});

/// The checksum of PNG and gzip.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let table = &*CRC;
    !bytes.iter().fold(!0_u32, |crc, byte| {
        let [low, ..] = (crc ^ u32::from(*byte)).to_le_bytes();
        (crc >> 8) ^ table.get(usize::from(low)).copied().unwrap_or(0)
    })
}

fn adler32(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    (high << 16) | low
}

/// Deflate in blocks that are stored as they are.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    let blocks = bytes.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (index, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(index == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    if bytes.is_empty() {
        out.extend([1, 0, 0, 0xFF, 0xFF]);
    }
    out
}

/// As PNG wants its pixels.
pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    out.extend(stored(bytes));
    out.extend(adler32(bytes).to_be_bytes());
    out
}

/// A `.gz` file.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
    out.extend(stored(bytes));
    out.extend(crc32(bytes).to_le_bytes());
    out.extend(u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::{adler32, crc32};

    #[test]
    fn the_checksums_are_those_everyone_knows() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }
}

//! Pictures that stand for images: a PNG whose colours follow from the name, always the same for the same name.

use super::bytes::{crc32, zlib};

/// The longer side, in pixels.
const SIDE: u32 = 64;

/// A small picture in the proportions of `size`.
pub(super) fn png(name: &str, size: Option<(u32, u32)>) -> Vec<u8> {
    let (width, height) = fit(size.unwrap_or((4, 3)));
    let seed = crc32(name.as_bytes());
    let mut pixels = Vec::new();
    for y in 0..height {
        pixels.push(0);
        for x in 0..width {
            let stripe = (x + y) / 8 % 2;
            pixels.push(u8::try_from(stripe * 2 + u32::from(y * 3 > height * 2)).unwrap_or(0));
        }
    }
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    // Eight bits for each pixel, and each the number of one of four colours.
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 3, 0, 0, 0]].concat();
    chunk(&mut out, *b"IHDR", &header);
    let palette: Vec<u8> = (0..4).flat_map(|shade| color(seed, shade)).collect();
    chunk(&mut out, *b"PLTE", &palette);
    chunk(&mut out, *b"IDAT", &zlib(&pixels));
    chunk(&mut out, *b"IEND", &[]);
    out
}

fn fit((width, height): (u32, u32)) -> (u32, u32) {
    let longer = u64::from(width.max(height).max(1));
    let scaled = |side: u32| u32::try_from(u64::from(side) * u64::from(SIDE) / longer).unwrap_or(SIDE).clamp(1, SIDE);
    (scaled(width), scaled(height))
}

/// Four shades of one hue.
fn color(seed: u32, shade: u8) -> [u8; 3] {
    let [red, green, blue, _] = seed.to_be_bytes();
    [red, green, blue].map(|part| (part / 2).saturating_add(64).saturating_add(shade * 16))
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let body = [&kind, data].concat();
    out.extend(&body);
    out.extend(crc32(&body).to_be_bytes());
}

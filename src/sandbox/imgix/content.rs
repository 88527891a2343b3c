//! Bytes that were uploaded: what is kept of them, and what they tell of themselves.

use crate::sandbox::bytes::crc32;

/// So many bytes are kept of a file, and given back where images are served; of a larger one only its checksum is.
const KEPT: usize = 1 << 20;

/// What is kept of a file.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Content {
    pub(in crate::sandbox) length: u64,
    pub(in crate::sandbox) crc32: u32,
    /// `None` if there were too many.
    pub(in crate::sandbox) bytes: Option<Vec<u8>>,
    /// Width and height, if the format is one of those known here.
    pub(in crate::sandbox) size: Option<(u32, u32)>,
}

impl core::fmt::Debug for Content {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Content").field("length", &self.length).field("crc32", &self.crc32).finish_non_exhaustive()
    }
}

impl Content {
    pub(super) fn of(body: &[u8]) -> Self {
        Self {
            length: u64::try_from(body.len()).unwrap_or(u64::MAX),
            crc32: crc32(body),
            bytes: (body.len() <= KEPT).then(|| body.to_vec()),
            size: size(body),
        }
    }
}

/// The type of a file: what was said of it, unless that says nothing; then what its name tells.
pub(super) fn media_type(said: &str, path: &str) -> Option<String> {
    if !matches!(said, "" | "application/octet-stream" | "application/vnd.api+json" | "application/json") {
        return Some(said.to_owned());
    }
    let (_, ending) = path.rsplit_once('.')?;
    let known = match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "svg" => "image/svg+xml",
        "tif" | "tiff" => "image/tiff",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "pdf" => "application/pdf",
        _ => return None,
    };
    Some(known.to_owned())
}

/// Width and height as the first bytes of PNG and GIF have them.
fn size(body: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| body.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes);
    let small = |at: usize| body.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes);
    if body.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((number(16)?, number(20)?));
    }
    if body.starts_with(b"GIF8") {
        return Some((small(6)?.into(), small(8)?.into()));
    }
    None
}

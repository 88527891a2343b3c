//! One image, film or document in a source.

use serde_json::{Map, Value, json};

use super::content::Content;

/// What is known of a file. Nothing is known of most things until it has been looked at.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct Asset {
    /// Without the leading slash that answers put before it.
    pub(in crate::sandbox) path: String,
    pub(in crate::sandbox) name: Option<String>,
    pub(in crate::sandbox) description: Option<String>,
    pub(in crate::sandbox) categories: Option<Vec<String>>,
    pub(in crate::sandbox) custom_fields: Option<Map<String, Value>>,
    pub(in crate::sandbox) content_type: Option<String>,
    pub(in crate::sandbox) file_size: u64,
    pub(in crate::sandbox) look: Option<Look>,
    pub(in crate::sandbox) uploaded_by: Option<String>,
    pub(in crate::sandbox) uploaded_by_api: bool,
    pub(in crate::sandbox) date_created: u64,
    pub(in crate::sandbox) date_modified: Option<u64>,
    pub(in crate::sandbox) unpublished: bool,
    /// The bytes, if they were uploaded here.
    pub(in crate::sandbox) content: Option<Content>,
}

/// What looking at a file told.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct Look {
    pub(in crate::sandbox) size: Option<(u32, u32)>,
    pub(in crate::sandbox) dpi: Option<u32>,
    pub(in crate::sandbox) has_frames: bool,
    pub(in crate::sandbox) face_count: Option<u32>,
    /// `vibrant` and `muted`, as 0xRRGGBB.
    pub(in crate::sandbox) colors: Option<(u32, u32)>,
    /// What is seen, and how surely.
    pub(in crate::sandbox) tags: Vec<(&'static str, f64)>,
    /// How adult, medical, racy, a spoof and violent it is: 1 to 5.
    pub(in crate::sandbox) warnings: Option<[u8; 5]>,
}

impl Asset {
    /// The asset as answers show it, attributes in alphabetical order.
    pub(super) fn show(&self, source: &str) -> Value {
        let none = Look::default();
        let look = self.look.as_ref().unwrap_or(&none);
        let is_image = self.media_kind() == Some("IMAGE");
        let seen = self.look.is_some() && is_image;
        let warnings = look.warnings;
        let warning = |index: usize| warnings.and_then(|all| all.get(index).copied());
        let attributes = json!({
            "analyzed_content_warnings": warnings.is_some(),
            "analyzed_faces": look.face_count.is_some(),
            "analyzed_tags": seen,
            "categories": self.categories,
            "color_model": seen.then_some("RGB"),
            "color_profile": seen.then_some("c2"),
            "colors": look.colors.map(|(vibrant, muted)| json!({
                "dominant_colors": { "vibrant": hex(vibrant), "muted": hex(muted) },
            })),
            "content_type": self.content_type,
            "custom_fields": self.custom_fields,
            "date_created": self.date_created,
            "date_modified": self.date_modified,
            "description": self.description,
            "dpi_height": look.dpi,
            "dpi_width": look.dpi,
            "face_count": look.face_count,
            "file_size": self.file_size,
            "has_frames": look.has_frames,
            "media_height": look.size.map(|(_, height)| height),
            "media_kind": self.media_kind(),
            "media_width": look.size.map(|(width, _)| width),
            "name": self.name,
            "origin_path": format!("/{}", self.path),
            "source_id": source,
            "tags": seen.then(|| look.tags.iter().map(|(tag, sure)| ((*tag).to_owned(), json!(sure))).collect::<Map<_, _>>()),
            "uploaded_by": self.uploaded_by,
            "uploaded_by_api": self.uploaded_by_api,
            "warning_adult": warning(0),
            "warning_medical": warning(1),
            "warning_racy": warning(2),
            "warning_spoof": warning(3),
            "warning_violence": warning(4),
        });
        self.resource(source, &attributes)
    }

    /// The few attributes that are there as soon as a file has been announced.
    pub(super) fn show_briefly(&self, source: &str) -> Value {
        let attributes = json!({
            "content_type": self.content_type,
            "media_kind": self.media_kind(),
            "origin_path": format!("/{}", self.path),
            "source_id": source,
        });
        self.resource(source, &attributes)
    }

    /// For tests: what is shown, and what is known of the bytes.
    pub(super) fn stored(&self, source: &str) -> Value {
        let mut shown = self.show(source);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("published".to_owned(), (!self.unpublished).into());
            let crc32 = self.content.as_ref().map(|content| format!("{:08x}", content.crc32));
            shown.insert("crc32".to_owned(), crc32.into());
        }
        shown
    }

    /// Captured is only `IMAGE`; the others are of the same kind.
    pub(super) fn media_kind(&self) -> Option<&'static str> {
        let (family, _) = self.content_type.as_deref()?.split_once('/')?;
        match family {
            "image" => Some("IMAGE"),
            "video" => Some("VIDEO"),
            "application" | "text" => Some("DOCUMENT"),
            _ => None,
        }
    }

    fn resource(&self, source: &str, attributes: &Value) -> Value {
        json!({ "attributes": attributes, "id": format!("{source}/{}", self.path), "type": "assets" })
    }
}

fn hex(color: u32) -> String {
    format!("#{color:06x}")
}

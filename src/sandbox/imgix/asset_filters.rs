//! What assets can be asked for.
//!
//! Documented are the names; how they compare is decided here: lists by all of the wanted members, text by what it contains
//! without regard to case, colours as they are written, everything else as a whole.

use core::cmp::Ordering;

use super::asset::Asset;
use super::query::{Grammar, Paging};

pub(super) static GRAMMAR: Grammar =
    Grammar { paging: Paging::Cursor, filters: is_filter, sorts: &["date_created", "date_modified", "file_size"] };

fn is_filter(name: &str) -> bool {
    let known = [
        "categories",
        "colors",
        "face_count",
        "has_frames",
        "keyword",
        "keywords",
        "media_kind",
        "origin_path",
        "tags",
    ];
    known.contains(&name) || name.strip_prefix("custom:").is_some_and(|key| !key.is_empty())
}

/// Does an asset pass one filter?
pub(super) fn passes(asset: &Asset, field: &str, wanted: &str) -> bool {
    let look = asset.look.as_ref();
    if let Some(key) = field.strip_prefix("custom:") {
        let value = asset.custom_fields.as_ref().and_then(|fields| fields.get(key)).and_then(|value| value.as_str());
        return value.is_some_and(|value| wanted.is_empty() || value == wanted);
    }
    match field {
        "categories" => all(wanted, |name| asset.categories.iter().flatten().any(|mine| mine == name)),
        "tags" => all(wanted, |name| tags(asset).any(|mine| mine.eq_ignore_ascii_case(name))),
        "colors" => all(wanted, |color| {
            let wanted = u32::from_str_radix(color.trim_start_matches('#'), 16).ok();
            look.and_then(|look| look.colors).is_some_and(|(one, two)| [Some(one), Some(two)].contains(&wanted))
        }),
        "face_count" => look.and_then(|look| look.face_count).is_some_and(|count| in_range(count, wanted)),
        "has_frames" => wanted == if look.is_some_and(|look| look.has_frames) { "true" } else { "false" },
        "media_kind" => asset.media_kind().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted)),
        "origin_path" => contains(&format!("/{}", asset.path), wanted),
        _ => mentions(asset, wanted),
    }
}

/// By one of the sort keys; what has no date comes first.
pub(super) fn compare(a: &Asset, b: &Asset, key: &str) -> Ordering {
    match key {
        "date_created" => a.date_created.cmp(&b.date_created),
        "date_modified" => a.date_modified.cmp(&b.date_modified),
        _ => a.file_size.cmp(&b.file_size),
    }
}

/// A tag that was taken away stays with 0.
fn tags(asset: &Asset) -> impl Iterator<Item = &str> {
    asset.look.iter().flat_map(|look| &look.tags).filter(|(_, sure)| *sure > 0.0).map(|(tag, _)| *tag)
}

fn mentions(asset: &Asset, wanted: &str) -> bool {
    let fields = asset.custom_fields.iter().flat_map(|fields| fields.values()).filter_map(|value| value.as_str());
    let texts = [Some(asset.path.as_str()), asset.name.as_deref(), asset.description.as_deref()];
    let lists = asset.categories.iter().flatten().map(String::as_str);
    texts.into_iter().flatten().chain(lists).chain(tags(asset)).chain(fields).any(|text| contains(text, wanted))
}

fn contains(text: &str, wanted: &str) -> bool {
    text.to_lowercase().contains(&wanted.to_lowercase())
}

/// A comma stands for AND.
fn all(wanted: &str, passes: impl Fn(&str) -> bool) -> bool {
    wanted.split(',').map(str::trim).all(passes)
}

/// `3`, `1:3`, `1:`, `:2`.
fn in_range(count: u32, wanted: &str) -> bool {
    let bound = |text: &str, open: u32| if text.is_empty() { Some(open) } else { text.parse().ok() };
    let (least, most) = match wanted.split_once(':') {
        Some((least, most)) => (bound(least, 0), bound(most, u32::MAX)),
        None => (wanted.parse().ok(), wanted.parse().ok()),
    };
    least.zip(most).is_some_and(|(least, most)| (least..=most).contains(&count))
}

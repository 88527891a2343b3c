//! The files in the sources of the imgix account.

use serde_json::json;

use super::some_second;
use crate::sandbox::imgix::{Asset, Look, State};
use crate::sandbox::random::Random;

/// Sources hold very different numbers of files: one in ten has far more than the others, and one none.
const SHARES: [u64; 10] = [900, 180, 90, 60, 40, 25, 12, 5, 1, 0];

const FOLDERS: [&str; 10] = [
    "heroes",
    "products",
    "products/2024",
    "products/2025/spring",
    "team",
    "blog",
    "press kit",
    "archive/1998",
    "Größen",
    "logos",
];

/// What is seen, and the tags that go with it.
const SUBJECTS: [(&str, [&str; 3]); 16] = [
    ("woman-stirring", ["Tableware", "Arm", "Glasses"]),
    ("mountain-hut", ["Mountain", "Snow", "Building"]),
    ("linen-shirt", ["Clothing", "Shirt", "Textile"]),
    ("copper-pan", ["Tableware", "Metal", "Kitchen"]),
    ("harbour-at-dawn", ["Water", "Boat", "Sky"]),
    ("oak-table", ["Furniture", "Wood", "Table"]),
    ("cargo-bike", ["Bicycle", "Wheel", "Street"]),
    ("sourdough", ["Bread", "Food", "Flour"]),
    ("reading-chair", ["Furniture", "Lamp", "Book"]),
    ("tulip-field", ["Flower", "Plant", "Sky"]),
    ("night-market", ["Street", "Crowd", "Light"]),
    ("ceramic-bowl", ["Tableware", "Pottery", "Still life"]),
    ("studio-portrait", ["Person", "Face", "Smile"]),
    ("city map", ["Map", "Text", "Diagram"]),
    ("vinyl-sleeve", ["Music", "Cover", "Graphics"]),
    ("trail-shoes", ["Footwear", "Shoe", "Mud"]),
];

const CATEGORIES: [&str; 6] = ["summer", "kitchen", "outdoor", "editorial", "sale", "portrait"];

/// Ending, media type, and how many of 20 files have it.
const TYPES: [(&str, &str, u64); 8] = [
    ("jpg", "image/jpeg", 11),
    ("png", "image/png", 3),
    ("webp", "image/webp", 1),
    ("gif", "image/gif", 1),
    ("svg", "image/svg+xml", 1),
    ("avif", "image/avif", 1),
    ("mp4", "video/mp4", 1),
    ("pdf", "application/pdf", 1),
];

/// Names that show whether a client encodes what it puts into an address.
const ODD: [&str; 6] = [
    "odd/50% off #1?.jpg",
    "odd/a+b=c&d.png",
    "odd/桜 – 春.jpg",
    "odd/quote\"and'tick.jpg",
    "odd/semi;colon,comma.jpg",
    "add/refresh.jpg",
];

/// Puts `count` files into the sources that can hold them.
pub(super) fn plant(state: &mut State, count: usize, random: &mut Random) {
    let able = |status: &str, kind: &str| status != "deleted" && kind != "webproxy";
    let holders = state.all().iter().filter(|source| able(&source.status, source.kind()));
    let ids: Vec<String> = holders.map(|source| source.id.clone()).collect();
    let shares: Vec<u64> = SHARES.iter().copied().cycle().take(ids.len()).collect();
    let (all, count) = (shares.iter().sum::<u64>(), u64::try_from(count).unwrap_or(0));
    let mut left = count;
    // The first takes what the rounding leaves, so it comes last.
    for (id, share) in ids.iter().zip(&shares).rev() {
        let is_first = Some(id) == ids.first();
        let number = if is_first { left } else { (count * share).checked_div(all).unwrap_or(0) };
        left = left.saturating_sub(number);
        for index in 0..number {
            state.assets.put(id, asset(index, random));
        }
    }
}

fn asset(index: u64, random: &mut Random) -> Asset {
    let (subject, tags) = one(&SUBJECTS, random).unwrap_or_default();
    let (ending, content_type) = kind(random);
    let path = match ODD.get(usize::try_from(index).unwrap_or(usize::MAX)) {
        Some(odd) => (*odd).to_owned(),
        None => format!("{}/{subject}-{index:04}.{ending}", one(&FOLDERS, random).unwrap_or_default()),
    };
    let is_odd = index < ODD.len() as u64;
    let content_type =
        if is_odd { if path.ends_with("png") { "image/png" } else { "image/jpeg" } } else { content_type };
    let is_image = content_type.starts_with("image/");
    let date_created = some_second(random);
    let has = |chances: u64, random: &mut Random| random.below(100) < chances;
    let described = has(15, random);
    Asset {
        name: has(20, random).then(|| title(subject)),
        description: described
            .then(|| format!("{} for the {} page", title(subject), one(&CATEGORIES, random).unwrap_or("front"))),
        categories: has(30, random).then(|| categories(random)),
        custom_fields: has(25, random)
            .then(|| json!({ "sku": format!("{:05}", random.below(90_000)) }).as_object().cloned().unwrap_or_default()),
        content_type: Some(content_type.to_owned()),
        file_size: 8_000 + random.below(if is_image { 6_000_000 } else { 80_000_000 }),
        look: Some(look(tags, content_type, random)),
        uploaded_by: has(10, random).then(|| "dev@example.com".to_owned()),
        uploaded_by_api: has(10, random),
        date_created,
        date_modified: has(60, random).then(|| date_created + random.below(200 * 86_400)),
        path,
        ..Asset::default()
    }
}

fn look(tags: [&'static str; 3], content_type: &str, random: &mut Random) -> Look {
    let side = |random: &mut Random| u32::try_from(400 + random.below(56) * 100).unwrap_or(400);
    let is_image = content_type.starts_with("image/");
    let is_photo = is_image && content_type != "image/svg+xml";
    let sure = |random: &mut Random| if random.below(12) == 0 { 0.0 } else { 0.5 + random.fraction() / 2.0 };
    let people = tags.iter().any(|tag| matches!(*tag, "Face" | "Arm" | "Crowd"));
    let faces = if people { 1 + random.below(4) } else { random.below(12) / 11 };
    Look {
        size: (content_type != "application/pdf").then(|| (side(random), side(random))),
        dpi: is_photo.then_some(72),
        has_frames: content_type == "image/gif" || content_type == "video/mp4",
        face_count: is_photo.then(|| u32::try_from(faces).unwrap_or(0)),
        colors: is_image.then(|| (color(random), color(random))),
        tags: if is_image { tags.map(|tag| (tag, sure(random))).to_vec() } else { Vec::new() },
        warnings: is_photo.then(|| [0; 5].map(|_: u8| 1 + u8::from(random.below(9) == 0))),
    }
}

/// One of 64 colours, so that a filter finds more than one file.
fn color(random: &mut Random) -> u32 {
    let part = |random: &mut Random| u32::try_from(random.below(4)).unwrap_or(0) * 0x40 + 0x1F;
    (part(random) << 16) | (part(random) << 8) | part(random)
}

fn kind(random: &mut Random) -> (&'static str, &'static str) {
    let mut drawn = random.below(TYPES.iter().map(|(_, _, weight)| weight).sum());
    for (ending, content_type, weight) in TYPES {
        if drawn < weight {
            return (ending, content_type);
        }
        drawn -= weight;
    }
    ("jpg", "image/jpeg")
}

fn categories(random: &mut Random) -> Vec<String> {
    let (first, second) = (one(&CATEGORIES, random), one(&CATEGORIES, random).filter(|_| random.below(3) == 0));
    let second = second.filter(|second| Some(*second) != first);
    first.into_iter().chain(second).map(str::to_owned).collect()
}

fn title(subject: &str) -> String {
    let words = subject.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn one<T: Copy>(all: &[T], random: &mut Random) -> Option<T> {
    let bound = u64::try_from(all.len()).unwrap_or(0);
    all.get(usize::try_from(random.below(bound)).unwrap_or(0)).copied()
}

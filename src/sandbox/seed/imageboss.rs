//! The ImageBoss account.

use serde_json::{Value, json};

use super::{key_id, secret, some_second};
use crate::sandbox::imageboss::{Source, State};
use crate::sandbox::random::Random;

/// Name, type, bucket or address, region or endpoint or kind of service, and whether addresses must be signed.
type Row = (&'static str, &'static str, &'static str, &'static str, bool);

static ROWS: &[Row] = &[
    ("mossandmarble", "s3", "moss-and-marble", "eu-central-1", false),
    ("lanternpress", "s3", "lantern-press-photos", "us-east-1", true),
    ("lanternpress-staging", "s3", "lantern-press-photos-staging", "us-east-1", false),
    ("tallship", "s3", "tallship-tours", "ap-southeast-2", false),
    ("foxglove_florist", "s3", "foxglove.media", "eu-west-2", false),
    ("dailyferment", "s3", "daily-ferment-cms", "us-west-2", true),
    ("quartzwatch", "gcs", "quartz-watch-studio", "", false),
    ("openair-cinema", "gcs", "openair-cinema-posters", "", false),
    ("meadowhomes", "gcs", "meadow-homes-listings", "", true),
    ("paperboat", "dos", "paperboat-space", "nyc3", false),
    ("bytebakery", "dos", "byte-bakery", "fra1", false),
    ("oakline", "dos", "oakline-furniture", "sgp1", true),
    ("cinder", "r2", "cinder-fashion", "", false),
    ("plumeandco", "r2", "plume-and-co", "", true),
    ("weekendpaper", "r2", "weekend-paper-images", "", false),
    ("granite-sports", "akamai", "granite-sports", "us-east-1.linodeobjects.com", false),
    ("ostrava_news", "akamai", "ostrava-news", "eu-central-1.linodeobjects.com", true),
    ("coldbrewclub", "wasabi", "cold-brew-club", "", false),
    ("museum-of-maps", "wasabi", "museum-of-maps-scans", "", true),
    ("alpenblick", "azure", "hotel-photos", "blob", false),
    ("brickandbond", "azure", "projects", "blob", true),
    ("studio-nine", "azure", "retouched", "file-share", false),
    ("archive-1987", "azure", "negatives", "file-share", true),
    ("petitpois", "url", "https://www.petitpois.example", "", false),
    ("legacy-shop", "url", "https://shop.legacy.example/media", "", false),
    ("press-kit", "url", "https://press:NOT-A-SECRET@kit.agency.example/", "", true),
    ("Gazette2", "url", "http://gazette.example/wp-content/uploads", "", false),
];

pub(super) fn plant(random: &mut Random) -> State {
    let mut state = State::default();
    for row in ROWS {
        state.add(source(row, random));
    }
    state
}

fn source((name, kind, place, detail, signed): &Row, random: &mut Random) -> Source {
    let mut credentials = match *kind {
        "s3" => json!({
            "bucket": place,
            "region": detail,
            "access_key_id": key_id(random, "AKIA", 16),
            "secret_access_key": secret(random, 27),
        }),
        "azure" => {
            let shelf = if *detail == "blob" { "container_name" } else { "share_name" };
            json!({
                "account_name": name.replace(['-', '_'], ""),
                "service_type": detail,
                shelf: place,
                "sas_token": format!("?sv=2024-11-04&srt=co&sp=rl&se=2055-12-31T00:00:00Z&sig={}", secret(random, 30)),
            })
        }
        "url" => json!({ "url": place }),
        _ => {
            let access_key = match *kind {
                "gcs" => key_id(random, "GOOG", 57),
                "dos" => key_id(random, "DO", 18),
                "r2" => random.hex(32),
                _ => key_id(random, "", 20),
            };
            let mut common = json!({ "access_key": access_key, "secret": secret(random, 27), "bucket": place });
            let more = match *kind {
                "dos" => Some("region"),
                "akamai" => Some("endpoint"),
                _ => None,
            };
            if let (Some(common), Some(more)) = (common.as_object_mut(), more) {
                common.insert(more.to_owned(), (*detail).into());
            }
            common
        }
    };
    if let Some(credentials) = credentials.as_object_mut() {
        credentials.insert("require_token".to_owned(), if *signed { "true" } else { "false" }.into());
        credentials.insert("secret_token".to_owned(), random.hex(64).into());
    }
    let created = some_second(random);
    Source {
        id: random.object_id(created),
        name: (*name).to_owned(),
        kind: (*kind).to_owned(),
        credentials: if let Value::Object(credentials) = credentials { credentials } else { serde_json::Map::new() },
        created_at: created * 1000,
        updated_at: (created + random.below(200 * 86_400)) * 1000,
    }
}

//! The imgix account.

use serde_json::{Value, json};

use super::{key_id, secret, some_second};
use crate::sandbox::imgix::{Source, State, store_deployment};
use crate::sandbox::random::Random;

/// What is special about a source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Switched off.
    Off,
    /// Being deployed, for ever.
    Deploying,
    /// Removed by the support.
    Deleted,
    /// Signed addresses.
    Signed,
    /// Its deployment has an attribute that no documentation knows.
    Unknown,
    /// May be read only.
    NoUploads,
    /// The web folder asks for a password.
    Password,
    /// Long cache, default parameters, an image for errors.
    Tuned,
    Domain(&'static str),
    Prefix(&'static str),
}

use Mark::{Deleted, Deploying, Domain, NoUploads, Off, Password, Prefix, Signed, Tuned, Unknown};

/// Name, subdomains, type, bucket or address, marks.
type Row = (&'static str, &'static [&'static str], &'static str, &'static str, &'static [Mark]);

static ROWS: &[Row] = &[
    ("Nordlicht Outdoor", &["nordlicht", "nordlicht-staging"], "s3", "nordlicht-product-media", &[Tuned]),
    ("Harbour & Pine", &["harbour-pine"], "s3", "harbourpine-shop", &[Prefix("catalog")]),
    ("The Quiet Kitchen", &["quietkitchen"], "webfolder", "https://media.quietkitchen.example/uploads/", &[]),
    ("Atelier Mirabel", &["mirabel"], "gcs", "atelier-mirabel-lookbook", &[Signed]),
    ("Rivet Cycles", &["rivet"], "s3", "rivet-cycles-assets", &[Domain("images.rivetcycles.example")]),
    ("Fjord Magazine", &["fjordmag"], "azure", "fjord-editorial", &[]),
    ("Fjord Magazine (archive)", &["fjordmag-archive"], "azure", "fjord-archive", &[Prefix("1998-2015"), Off]),
    ("Kumo Ceramics", &["kumo"], "s3_compatible", "kumo-space", &[]),
    ("Old Town Realty", &["oldtown"], "webfolder", "https://listings.oldtown.example/photos/", &[Password]),
    ("Salt & Ember", &["saltember"], "s3", "salt-ember-restaurants", &[Deploying]),
    ("Brightwell School Photos", &["brightwell"], "gcs", "brightwell-portraits", &[Signed, NoUploads]),
    ("Partner feeds", &["partner-feeds"], "webproxy", "", &[Signed]),
    ("Marlow Gallery", &["marlow"], "s3", "marlow-gallery-originals", &[Signed, Tuned]),
    ("Pixel & Post", &["pixelpost"], "s3_compatible", "pixelpost-clients", &[Prefix("")]),
    ("Verde Gardening", &["verde"], "s3", "verde-garden-media", &[Unknown]),
    ("Tidewater Travel", &["tidewater"], "gcs", "tidewater-destinations", &[]),
    ("Copper Kettle Café", &["copperkettle"], "webfolder", "https://www.copperkettle.example/img/", &[]),
    ("Lumen Lighting", &["lumen", "lumen-b2b"], "s3_compatible", "lumen-catalogue", &[]),
    ("Stadtblatt", &["stadtblatt"], "azure", "stadtblatt-redaktion", &[Domain("bilder.stadtblatt.example")]),
    ("Maison Odette", &["odette"], "s3", "maison-odette-eu", &[Signed, Domain("img.odette.example")]),
    ("Summit Gear Outlet", &["summitgear"], "s3", "summit-gear-outlet", &[Off]),
    ("Papaya Kids", &["papaya"], "gcs", "papaya-kids-media", &[Tuned]),
    ("User avatars", &["avatars-7f3"], "webproxy", "", &[Signed, Password]),
    ("Blue Heron Books", &["blueheron"], "s3_compatible", "blueheron-covers", &[]),
    ("Studio Okafor", &["okafor"], "azure", "okafor-portfolio", &[Signed]),
    ("Granary Bakery", &["granary"], "webfolder", "http://static.granary.example/", &[]),
    ("Velvet Records", &["velvet"], "gcs", "velvet-sleeves", &[]),
    ("Hotel Belvédère", &["belvedere"], "s3", "belvedere-rooms", &[Prefix("rooms")]),
    ("Ironwood Furniture", &["ironwood"], "s3_compatible", "ironwood-3d", &[Deploying]),
    (
        "2019 campaign microsite",
        &["campaign-2019"],
        "webfolder",
        "https://campaign.agency.example/2019/",
        &[Deleted, Off],
    ),
    ("Sakura Stationery 桜", &["sakura"], "s3", "sakura-stationery", &[]),
    ("Wanderlust Weekly", &["wanderlust"], "azure", "wanderlust-weekly", &[NoUploads]),
    ("Agency sandbox", &["agency-sandbox"], "webproxy", "", &[Signed]),
    ("Crate & Cellar", &["cratecellar"], "gcs", "crate-cellar-wine", &[Unknown, Signed]),
];

pub(super) fn plant(random: &mut Random) -> State {
    let mut state = State::default();
    state.has_reports = true;
    let opened = some_second(random);
    let account = random.object_id(opened);
    for row in ROWS {
        state.add(source(row, &account, random));
    }
    state
}

fn source((name, subdomains, kind, place, marks): &Row, account: &str, random: &mut Random) -> Source {
    let has = |mark: Mark| marks.contains(&mark);
    let mut deployment = storage(kind, place, marks, random);
    if let Some(deployment) = deployment.as_object_mut() {
        deployment.insert("type".to_owned(), (*kind).into());
        deployment.insert("imgix_subdomains".to_owned(), json!(subdomains));
        for mark in *marks {
            deployment.extend(extras(*mark, place, random));
        }
    }
    let created = some_second(random);
    let status = if has(Deleted) {
        "deleted"
    } else if has(Off) {
        "disabled"
    } else if has(Deploying) {
        "deploying"
    } else {
        "deployed"
    };
    Source {
        id: random.object_id(created),
        name: (*name).to_owned(),
        enabled: !has(Off),
        deployment: store_deployment(&deployment),
        takes_uploads: !has(NoUploads),
        token: random.text(16, b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
        account: (*kind == "webproxy").then(|| account.to_owned()),
        status: status.to_owned(),
        date_deployed: (!has(Deploying)).then(|| created + random.below(30 * 86_400)),
        change: None,
    }
}

fn storage(kind: &str, place: &str, marks: &[Mark], random: &mut Random) -> Value {
    let prefix = marks.iter().find_map(|mark| if let Prefix(prefix) = mark { Some(*prefix) } else { None });
    match kind {
        "s3" => json!({
            "s3_access_key": key_id(random, "AKIA", 16),
            "s3_secret_key": secret(random, 27),
            "s3_bucket": place,
            "s3_prefix": prefix,
        }),
        "gcs" => json!({
            "gcs_access_key": key_id(random, "GOOG", 57),
            "gcs_secret_key": secret(random, 27),
            "gcs_bucket": place,
            "gcs_prefix": prefix,
        }),
        "azure" => json!({
            "azure_account": format!("{}media", place.split('-').next().unwrap_or_default()),
            "azure_bucket": place,
            "azure_prefix": prefix,
            "azure_sas_string": format!("?sv=2024-11-04&ss=b&srt=co&sp=rl&se=2055-12-31T00:00:00Z&sig={}", secret(random, 30)),
        }),
        "s3_compatible" => {
            let (provider, region, endpoint) = match random.below(3) {
                0 => ("DigitalOcean", "fra1", "https://fra1.digitaloceanspaces.com"),
                1 => ("Wasabi", "eu-central-1", "https://s3.eu-central-1.wasabisys.com"),
                _ => ("Linode", "us-east-1", "https://us-east-1.linodeobjects.com"),
            };
            json!({
                "access_key_id": key_id(random, "", 20),
                "secret_key": secret(random, 27),
                "bucket_name": place,
                "endpoint_url": endpoint,
                "region": region,
                "storage_provider": provider,
            })
        }
        "webfolder" => json!({ "webfolder_base_url": place }),
        _ => json!({}),
    }
}

fn extras(mark: Mark, place: &str, random: &mut Random) -> serde_json::Map<String, Value> {
    let extras = match mark {
        Signed => json!({ "secure_url_enabled": true }),
        Unknown => json!({ "origin_shield_region": "eu-west" }),
        Password => json!({ "username": "imgix", "password": secret(random, 12) }),
        Domain(domain) => json!({ "custom_domains": [domain] }),
        Tuned => json!({
            "annotation": format!("Longer cache for {place}"),
            "cache_ttl_behavior": "enforce_minimum",
            "cache_ttl_value": 5_184_000,
            "default_params": { "auto": "format,compress", "q": "60" },
            "image_error": "https://static.example.com/fallback.png",
            "robots.txt": "disallow-all",
        }),
        Off | Deploying | Deleted | NoUploads | Prefix(_) => json!({}),
    };
    extras.as_object().cloned().unwrap_or_default()
}

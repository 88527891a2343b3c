//! What a `deployment` may hold, in the order in which answers show it.

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Text, not empty.
    Text,
    /// Text or null.
    TextOrNull,
    /// An `http` or `https` address.
    Address,
    /// An `http` or `https` address or null.
    AddressOrNull,
    /// true or false.
    Flag,
    /// A whole number, both ends included.
    Whole(u64, u64),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// An object whose values are text.
    TextMap,
    /// At least one bare label.
    Subdomains,
    /// Host names.
    Domains,
}

/// What stands there when nothing was sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Preset {
    /// It must be sent.
    Required,
    /// Not shown at all.
    Absent,
    Null,
    False,
    Text(&'static str),
    Number(u64),
    EmptyList,
    EmptyMap,
}

/// One attribute.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) preset: Preset,
    /// Kept, never shown.
    pub(super) secret: bool,
}

const fn field(name: &'static str, kind: Kind, preset: Preset) -> Field {
    Field { name, kind, preset, secret: false }
}

const fn secret(name: &'static str, preset: Preset) -> Field {
    Field { name, kind: Kind::Text, preset, secret: true }
}

const YEAR: u64 = 31_536_000;

/// Of every type.
pub(super) static COMMON: &[Field] = &[
    field("annotation", Kind::Text, Preset::Text("New deployment created for source by Dev Example.")),
    field(
        "cache_ttl_behavior",
        Kind::OneOf(&["respect_origin", "override_origin", "enforce_minimum"]),
        Preset::Text("respect_origin"),
    ),
    field("cache_ttl_error", Kind::Whole(1, YEAR), Preset::Number(300)),
    field("cache_ttl_value", Kind::Whole(1800, YEAR), Preset::Number(YEAR)),
    field("crossdomain_xml_enabled", Kind::Flag, Preset::False),
    field("custom_domains", Kind::Domains, Preset::EmptyList),
    field("default_params", Kind::TextMap, Preset::EmptyMap),
    field("image_error", Kind::AddressOrNull, Preset::Null),
    field("image_error_append_qs", Kind::Flag, Preset::False),
    field("image_missing", Kind::AddressOrNull, Preset::Null),
    field("image_missing_append_qs", Kind::Flag, Preset::False),
    field("imgix_subdomains", Kind::Subdomains, Preset::Required),
    // Invented: it stands for all that the documentation does not tell. Who replaces a deployment must send it along.
    field("origin_shield_region", Kind::Text, Preset::Absent),
    field("robots.txt", Kind::OneOf(&["origin", "allow-all", "disallow-all"]), Preset::Absent),
    field("secure_url_enabled", Kind::Flag, Preset::False),
];

/// Shown, but not to be sent.
pub(super) static READ_ONLY: &[&str] =
    &["allows_upload", "password_set", "request_handshake_set", "request_signing_key_set"];

/// The types there are.
pub(super) static TYPES: &[&str] = &["azure", "gcs", "s3", "s3_compatible", "webfolder", "webproxy"];

/// Those that can take uploads.
pub(super) static UPLOADS: &[&str] = &["azure", "gcs", "s3", "s3_compatible"];

/// Of one type.
pub(super) fn of_type(name: &str) -> Option<&'static [Field]> {
    match name {
        "azure" => Some(AZURE),
        "gcs" => Some(GCS),
        "s3" => Some(S3),
        "s3_compatible" => Some(S3_COMPATIBLE),
        "webfolder" => Some(WEBFOLDER),
        "webproxy" => Some(WEBPROXY),
        _ => None,
    }
}

static AZURE: &[Field] = &[
    field("azure_account", Kind::Text, Preset::Required),
    field("azure_bucket", Kind::Text, Preset::Required),
    field("azure_prefix", Kind::TextOrNull, Preset::Null),
    secret("azure_sas_string", Preset::Required),
    field("azure_service_type", Kind::OneOf(&["blob", "file"]), Preset::Text("blob")),
];

static GCS: &[Field] = &[
    field("gcs_access_key", Kind::Text, Preset::Required),
    field("gcs_bucket", Kind::Text, Preset::Required),
    field("gcs_prefix", Kind::TextOrNull, Preset::Null),
    secret("gcs_secret_key", Preset::Required),
];

static S3: &[Field] = &[
    field("s3_access_key", Kind::Text, Preset::Required),
    field("s3_bucket", Kind::Text, Preset::Required),
    field("s3_prefix", Kind::TextOrNull, Preset::Null),
    secret("s3_secret_key", Preset::Required),
];

static S3_COMPATIBLE: &[Field] = &[
    field("access_key_id", Kind::Text, Preset::Required),
    field("bucket_name", Kind::Text, Preset::Required),
    field("endpoint_url", Kind::Text, Preset::Required),
    field("region", Kind::Text, Preset::Required),
    secret("secret_key", Preset::Required),
    field("storage_provider", Kind::Text, Preset::Required),
];

static WEBFOLDER: &[Field] = &[
    field("webfolder_base_url", Kind::Address, Preset::Required),
    field("username", Kind::Text, Preset::Absent),
    secret("password", Preset::Absent),
];

static WEBPROXY: &[Field] = &[field("username", Kind::Text, Preset::Absent), secret("password", Preset::Absent)];

//! `/sources`: where imgix reads the originals from.
//!
//! <https://docs.imgix.com/apis/management/sources>

use super::paging;
#[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
use crate::proto::operation::Row;
use crate::proto::operation::{Answer, Merge, Operation, Poll, Resource};
use crate::proto::options::{CALL, WRITE};
use crate::schema::{Discriminator, Field, Table};
use crate::storage::{self, azure, gcs, s3, text, web};

const S3: &[&str] = &["s3"];
const S3_COMPATIBLE: &[&str] = &["s3_compatible"];
const GCS: &[&str] = &["gcs"];
const AZURE: &[&str] = &["azure"];
const FOLDER: &[&str] = &["webfolder"];
const WEB: &[&str] = &["webfolder", "webproxy"];

/// What a source is and what may be said about it.
pub static SOURCE: Table = Table::new(
    "ImgixSource",
    &[
        Field::string("name").required().updatable().help("shown in the dashboard only"),
        Field::boolean("enabled").update_only().help("a disabled source answers 410 for assets that are not cached"),
        Field::object("deployment", &DEPLOYMENT)
            .required()
            .updatable()
            .help("where the originals are and how they are served; replaced as a whole"),
        Field::string("deployment_status")
            .suggests(&["deploying", "deployed", "disabled", "deleted"])
            .help("set by imgix"),
        Field::seconds("date_deployed").help("unix seconds of the last deployment"),
        Field::string("secure_url_token").secret().help("signs addresses; there only if `secure_url_enabled`"),
    ],
)
.help("Where imgix reads originals from.");

/// Where a source's originals are and how they are served.
pub static DEPLOYMENT: Table = Table::new(
    "ImgixDeployment",
    &[
        Field::string("type")
            .required()
            .updatable()
            .one_of(&["s3", "s3_compatible", "gcs", "azure", "webfolder", "webproxy"])
            .help("kind of storage"),
        Field::strings("imgix_subdomains", 1)
            .required()
            .updatable()
            .rule(web::imgix_subdomain)
            .help("labels before `.imgix.net`; unique over all of imgix and never reusable"),
        Field::string("s3_access_key")
            .only(S3)
            .required()
            .updatable()
            .masked()
            .rule(text::attribute)
            .rules(&[("s3", s3::access_key_id)])
            .help("access key id"),
        Field::string("s3_secret_key")
            .only(S3)
            .required()
            .updatable()
            .secret()
            .write_only()
            .rule(text::attribute)
            .rules(&[("s3", s3::secret_access_key)])
            .help("secret access key"),
        Field::string("s3_bucket")
            .only(S3)
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("s3", s3::bucket)])
            .help("bucket"),
        Field::string("s3_prefix").only(S3).updatable().nullable().rule(text::optional).help("folder in the bucket"),
        Field::string("storage_provider")
            .only(S3_COMPATIBLE)
            .required()
            .updatable()
            .rule(text::attribute)
            .suggests(&["DigitalOcean", "Wasabi", "Linode"])
            .help("who stores"),
        Field::string("access_key_id")
            .only(S3_COMPATIBLE)
            .required()
            .updatable()
            .masked()
            .rule(text::attribute)
            .help("access key id"),
        Field::string("secret_key")
            .only(S3_COMPATIBLE)
            .required()
            .updatable()
            .secret()
            .write_only()
            .rule(text::attribute)
            .help("secret access key"),
        Field::string("bucket_name")
            .only(S3_COMPATIBLE)
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("s3_compatible", text::bucket_like)])
            .help("bucket"),
        Field::string("endpoint_url")
            .only(S3_COMPATIBLE)
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("s3_compatible", web::endpoint_url)])
            .help("address of the storage"),
        Field::string("region")
            .only(S3_COMPATIBLE)
            .required()
            .updatable()
            .rule(text::attribute)
            .help("region of the bucket"),
        Field::string("gcs_access_key")
            .only(GCS)
            .required()
            .updatable()
            .masked()
            .rule(text::attribute)
            .rules(&[("gcs", gcs::access_key)])
            .help("HMAC access id"),
        Field::string("gcs_secret_key")
            .only(GCS)
            .required()
            .updatable()
            .secret()
            .write_only()
            .rule(text::attribute)
            .rules(&[("gcs", gcs::secret)])
            .help("HMAC secret"),
        Field::string("gcs_bucket")
            .only(GCS)
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("gcs", gcs::bucket)])
            .help("bucket"),
        Field::string("gcs_prefix").only(GCS).updatable().nullable().rule(text::optional).help("folder in the bucket"),
        Field::string("azure_account")
            .only(AZURE)
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("azure", azure::account)])
            .help("storage account"),
        Field::string("azure_sas_string")
            .only(AZURE)
            .required()
            .updatable()
            .secret()
            .write_only()
            .rule(text::attribute)
            .rules(&[("azure", azure::sas_token)])
            .help("shared access signature"),
        Field::string("azure_bucket")
            .only(AZURE)
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("azure", azure::container)])
            .help("container"),
        Field::string("azure_prefix")
            .only(AZURE)
            .updatable()
            .nullable()
            .rule(text::optional)
            .help("folder in the container"),
        Field::string("azure_service_type")
            .only(AZURE)
            .updatable()
            .nullable()
            .suggests(&["blob", "file"])
            .help("kind of Azure storage"),
        Field::string("webfolder_base_url")
            .only(FOLDER)
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("webfolder", web::base_url)])
            .help("address that image paths are appended to"),
        Field::string("username")
            .only(WEB)
            .updatable()
            .nullable()
            .rule(no_colon)
            .help("for HTTP Basic authentication at the origin"),
        Field::string("password")
            .only(WEB)
            .updatable()
            .nullable()
            .secret()
            .write_only()
            .rule(no_colon)
            .help("for HTTP Basic authentication at the origin"),
        Field::strings("custom_domains", 0)
            .updatable()
            .default("[]")
            .rule(web::custom_domain)
            .help("host names of your own; unique over all sources"),
        Field::boolean("secure_url_enabled")
            .updatable()
            .demanded(&("webproxy", "true"))
            .default("false")
            .help("must addresses be signed? always for web proxies"),
        Field::string("cache_ttl_behavior")
            .updatable()
            .one_of(&["respect_origin", "override_origin", "enforce_minimum"])
            .default("\"respect_origin\"")
            .help("whose word counts for caching"),
        Field::integer("cache_ttl_value", 1, 31_536_000)
            .updatable()
            .default("31536000")
            .help("seconds an image is cached"),
        Field::integer("cache_ttl_error", 1, 31_536_000).updatable().default("300").help("seconds an error is cached"),
        Field::string_map("default_params").updatable().default("{}").help("rendering parameters for every image"),
        Field::string("image_error")
            .updatable()
            .nullable()
            .rule(text::optional)
            .help("address of the image shown in place of an error"),
        Field::boolean("image_error_append_qs").updatable().default("false").help("keep the query for the error image"),
        Field::string("image_missing")
            .updatable()
            .nullable()
            .rule(text::optional)
            .help("address of the image shown in place of a missing one"),
        Field::boolean("image_missing_append_qs")
            .updatable()
            .default("false")
            .help("keep the query for the missing image"),
        Field::boolean("crossdomain_xml_enabled").updatable().default("false").help("serve a crossdomain.xml"),
        Field::string("robots.txt")
            .updatable()
            .rules(&[("webproxy", no_origin)])
            .suggests(&["origin", "allow-all", "disallow-all"])
            .help("which robots.txt is served"),
        Field::string("annotation").updatable().help("a note about this deployment"),
        Field::boolean("allows_upload").help("can images be uploaded?"),
        Field::boolean("password_set").only(WEB).help("is a password stored?"),
        Field::boolean("request_handshake_set").only(WEB).help("is a request handshake stored?"),
        Field::boolean("request_signing_key_set").only(WEB).help("is a request signing key stored?"),
    ],
)
.help("Where a source's originals are and how they are served.")
.decided_by(Discriminator::Own("type"));

static LIST_OPTIONS: Table =
    Table::new("ImgixSourcesQuery", &[Field::object("page", &paging::NUMBER).updatable().help("which page")])
        .with(&paging::LIST)
        .help(
            "Which sources. Filters: `name`, `enabled`, and below `deployment.`: `type`, `imgix_subdomains`, \
             `custom_domains`, `s3_bucket`, `gcs_bucket`, `azure_bucket`, `bucket_name`, `region`, `storage_provider`, \
             `webfolder_base_url`. Sorts: `date_deployed`, `enabled`, `name`.",
        );

static WAIT_OPTIONS: Table = Table::new(
    "ImgixSourceWaitOptions",
    &[Field::number("intervalMs", 86_400_000)
        .updatable()
        .default("5000")
        .help("pause between two looks, in milliseconds")],
)
.with(&CALL);

static DEPLOYED: Poll = Poll {
    field: "deployment_status",
    done: "deployed",
    failed: &["disabled", "deleted", "failed", "error"],
    settle_ms: 5_000,
    interval_ms: 5_000,
};

static UPDATE_OPTIONS: Table = Table::new(
    "ImgixSourceUpdateOptions",
    &[Field::boolean("replaceDeployment")
        .updatable()
        .help("send `deployment` as it is, without merging it with the stored one")],
)
.with(&WRITE);

/// The operations on sources.
pub(super) const RESOURCE: Resource = Resource {
    name: "sources",
    #[cfg(not(target_arch = "wasm32"))]
    help: "Where imgix reads originals from.",
    operations: &[
        Operation::get("sources.list", "sources")
            .help("Lists sources, page by page.")
            .needs("Sources")
            .counted_as("default")
            .takes(&LIST_OPTIONS)
            .answers(Answer::List(&SOURCE)),
        Operation::get("sources.get", "sources/{id}")
            .help("Reads one source.")
            .needs("Sources")
            .counted_as("default")
            .answers(Answer::One(&SOURCE)),
        Operation::post("sources.create", "sources", &SOURCE)
            .help("Creates a source and deploys it. The subdomain can never be used again, and the source never be deleted.")
            .needs("Sources")
            .counted_as("sources.create")
            .answers(Answer::One(&SOURCE)),
        Operation::patch("sources.update", "sources/{id}", &SOURCE)
            .help("Changes a source. A `deployment` is merged with the stored one first; a change of it deploys.")
            .needs("Sources")
            .counted_as("sources.update")
            .takes(&UPDATE_OPTIONS)
            .answers(Answer::One(&SOURCE))
            .merges(Merge {
                read: "sources.get",
                field: "deployment",
                option: "replaceDeployment",
                usual: true,
            }),
        Operation::patch_fixed("sources.enable", "sources/{id}", r#"{"enabled":true}"#)
            .help("Enables a source.")
            .needs("Sources")
            .counted_as("sources.update")
            .answers(Answer::One(&SOURCE)),
        Operation::patch_fixed("sources.disable", "sources/{id}", r#"{"enabled":false}"#)
            .help("Disables a source: assets that are not cached answer 410. imgix's only form of deletion.")
            .needs("Sources")
            .counted_as("sources.update")
            .answers(Answer::One(&SOURCE)),
        Operation::get("sources.waitUntilDeployed", "sources/{id}")
            .help("Waits until imgix serves what was last changed; that takes some minutes.")
            .needs("Sources")
            .counted_as("default")
            .takes(&WAIT_OPTIONS)
            .answers(Answer::One(&SOURCE))
            .polls(&DEPLOYED)
            .patient(30_000, 1_800_000),
    ],
};

/// A source in provider-neutral terms.
#[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
pub(super) const ROW: Row = Row {
    name: "name",
    kind: "deployment.type",
    location: &[
        "deployment.s3_bucket",
        "deployment.bucket_name",
        "deployment.gcs_bucket",
        "deployment.azure_bucket",
        "deployment.webfolder_base_url",
    ],
    hosts: &[("", "deployment.imgix_subdomains", ".imgix.net"), ("", "deployment.custom_domains", "")],
    enabled: Some("enabled"),
    status: Some("deployment_status"),
    secured: "deployment.secure_url_enabled",
    changed_at: "date_deployed",
};

/// imgix takes neither name nor password with a colon, which separates the two in HTTP Basic authentication.
fn no_colon(look: &crate::schema::Look<'_>, found: &mut crate::schema::Findings) {
    text::optional(look, found);
    storage::says(look.value, found, "R*:*\nmust not hold a colon");
}

/// A web proxy has no origin whose robots.txt could be served.
fn no_origin(look: &crate::schema::Look<'_>, found: &mut crate::schema::Findings) {
    storage::says(look.value, found, "Worigin\na web proxy has no origin to take it from");
}

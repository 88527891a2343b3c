//! `/sources`: where ImageBoss reads the originals from.
//!
//! <https://imageboss.me/docs/api/sources>

#[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
use crate::proto::operation::Row;
use crate::proto::operation::{Answer, LookUp, Operation, Resource};
use crate::schema::{Discriminator, Field, Findings, Look, Table};
use crate::storage::{self, akamai, azure, gcs, r2, s3, spaces, text, wasabi, web};

/// What a source is and what may be said about it.
pub static SOURCE: Table = Table::new(
    "ImageBossSource",
    &[
        Field::string("id").help("24 hex digits; treat it as opaque"),
        Field::string("source")
            .required()
            .updatable()
            .rule(name)
            .help("name, and first segment of every address of its images"),
        Field::string("source_type")
            .required()
            .updatable()
            .one_of(&["s3", "gcs", "dos", "r2", "akamai", "wasabi", "azure", "url"])
            .help("kind of storage"),
        Field::object("credentials", &CREDENTIALS).help("what is stored, secrets masked; never write it back"),
        Field::object("credential_attributes", &CREDENTIALS)
            .required()
            .updatable()
            .write_only()
            .help("how ImageBoss reaches the storage"),
        Field::string("created_at").help("RFC 3339"),
        Field::string("updated_at").help("RFC 3339"),
    ],
)
.help("Where ImageBoss reads originals from.");

/// How ImageBoss reaches the storage.
pub static CREDENTIALS: Table = Table::new(
    "ImageBossCredentials",
    &[
        Field::string("access_key_id")
            .only(&["s3"])
            .required()
            .updatable()
            .masked()
            .rule(text::attribute)
            .rules(&[("s3", s3::access_key_id)])
            .help("access key id"),
        Field::string("secret_access_key")
            .only(&["s3"])
            .required()
            .updatable()
            .secret()
            .rule(text::attribute)
            .rules(&[("s3", s3::secret_access_key)])
            .help("secret access key"),
        Field::string("access_key")
            .only(&["gcs", "dos", "r2", "akamai", "wasabi"])
            .required()
            .updatable()
            .masked()
            .rule(text::attribute)
            .rules(&[("gcs", gcs::access_key), ("r2", r2::access_key)])
            .help("access key"),
        Field::string("secret")
            .only(&["gcs", "dos", "r2", "akamai", "wasabi"])
            .required()
            .updatable()
            .secret()
            .rule(text::attribute)
            .rules(&[("gcs", gcs::secret), ("r2", r2::secret)])
            .help("secret of the access key"),
        Field::string("bucket")
            .only(&["s3", "gcs", "dos", "r2", "akamai", "wasabi"])
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[
                ("s3", s3::bucket),
                ("gcs", gcs::bucket),
                ("dos", spaces::bucket),
                ("r2", r2::bucket),
                ("akamai", akamai::bucket),
                ("wasabi", wasabi::bucket),
            ])
            .help("bucket"),
        Field::string("region")
            .only(&["s3", "dos"])
            .required()
            .updatable()
            .suggests_by_type(&[("s3", s3::REGIONS), ("dos", spaces::REGIONS)])
            .rule(text::attribute)
            .rules(&[("s3", s3::region), ("dos", spaces::region)])
            .help("region of the bucket"),
        Field::string("endpoint")
            .only(&["akamai"])
            .required()
            .updatable()
            .suggests(akamai::ENDPOINTS)
            .rule(text::attribute)
            .rules(&[("akamai", akamai::endpoint)])
            .help("host of the cluster"),
        Field::string("account_name")
            .only(&["azure"])
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("azure", azure::account)])
            .help("storage account"),
        Field::string("service_type")
            .only(&["azure"])
            .required()
            .updatable()
            .one_of(&["blob", "file-share"])
            .help("kind of Azure storage"),
        Field::string("container_name")
            .only(&["azure"])
            .when(&("service_type", "blob"))
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("azure", azure::container)])
            .help("container"),
        Field::string("share_name")
            .only(&["azure"])
            .when(&("service_type", "file-share"))
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("azure", azure::share)])
            .help("file share"),
        Field::string("sas_token")
            .only(&["azure"])
            .required()
            .updatable()
            .secret()
            .rule(text::attribute)
            .rules(&[("azure", azure::sas_token)])
            .help("shared access signature"),
        Field::string("url")
            .only(&["url"])
            .required()
            .updatable()
            .rule(text::attribute)
            .rules(&[("url", web::base_url)])
            .help("address that image paths are appended to"),
        Field::flag("require_token").updatable().help("must addresses be signed? deploy signing before turning it on"),
        Field::string("secret_token").secret().help("signs addresses; generated by ImageBoss"),
    ],
)
.help("How ImageBoss reaches the storage.")
.decided_by(Discriminator::Parent("source_type"));

/// A name is unique, so whether a source was created can be seen in the list.
static CREATED: LookUp = LookUp { list: "sources.list", name: "source", kind: "source_type", created: "created_at" };

/// The operations on sources.
pub(super) const RESOURCE: Resource = Resource {
    name: "sources",
    #[cfg(not(target_arch = "wasm32"))]
    help: "Where ImageBoss reads originals from.",
    operations: &[
        Operation::get("sources.list", "sources")
            .help("Lists every source on one page.")
            .needs("API key")
            .counted_as("imageboss")
            .answers(Answer::List(&SOURCE)),
        Operation::get("sources.get", "sources/{id}")
            .help("Reads one source.")
            .needs("API key")
            .counted_as("imageboss")
            .answers(Answer::One(&SOURCE)),
        Operation::post("sources.create", "sources", &SOURCE)
            .help("Creates a source. Its name must be free over all of ImageBoss.")
            .needs("API key")
            .counted_as("imageboss")
            .answers(Answer::One(&SOURCE))
            .looks_up(&CREATED),
        Operation::patch("sources.update", "sources/{id}", &SOURCE)
            .help(
                "Changes the given attributes, also inside `credential_attributes`. A new name changes every address.",
            )
            .needs("API key")
            .counted_as("imageboss")
            .answers(Answer::One(&SOURCE)),
        Operation::delete("sources.delete", "sources/{id}")
            .help("Deletes a source. The images in the storage stay.")
            .needs("API key")
            .counted_as("imageboss"),
    ],
};

/// A source in provider-neutral terms.
#[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
pub(super) const ROW: Row = Row {
    name: "source",
    kind: "source_type",
    location: &["credentials.bucket", "credentials.container_name", "credentials.share_name", "credentials.url"],
    hosts: &[("img.imageboss.me/", "source", "")],
    enabled: None,
    status: None,
    secured: "credentials.require_token",
    changed_at: "updated_at",
};

/// A name is a segment of addresses. What certainly cannot be one is refused; beyond the official client's pattern
/// the server's rule is not known.
fn name(look: &Look<'_>, found: &mut Findings) {
    let lines = "R*[\0- \x7f/?#]*\nmust not hold white space, control characters, `/`, `?` or `#`\n\
        W![A-Za-z0-9_-]{0,}|[_-]*\n\
        holds more than letters, digits, `-` and `_`, or begins with one of these; it may be refused";
    storage::says(look.value, found, lines);
}

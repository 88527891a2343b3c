//! Addresses of images, signed with the token of their source if need be.
//!
//! <https://imageboss.me/docs/security>
//!
//! `https://img.imageboss.me/<source>/<operation>[:<mode>]/[<size>/][<options>/]<path>`. `bossToken` is the HMAC-SHA256 of
//! the address's path from the slash before the source on, keyed with the source's `secret_token` as text, in lower-case
//! hexadecimal digits. The page says nothing of encoding, and ImageBoss's own clients differ: the Ruby gem signs the path
//! as it is given, the Go module (`imageboss/go-imageboss`, the newest) encodes each segment and signs the result. What
//! is signed here are the bytes that go on the wire, encoded as the Go module does:
//!
//! * Letters, digits and `- _ . ~ $ & + = : @` stay; every other byte of a segment's UTF-8 is percent-encoded. The path
//!   is taken for not encoded: `%20` becomes `%2520`.
//! * A colon in the name of an option is encoded too: the first one ends the name. Options are joined by commas in one
//!   segment, as nearly all clients write them, so that a comma in an option is encoded.
//!
//! For letters, digits and `- _ . /` all clients agree. Whether the server checks the encoded or the decoded path of other
//! names is not documented: try one before names with spaces or accents are relied upon.

use hmac::{KeyInit, Mac, SimpleHmac};
use sha2::Sha256;

use crate::proto::sign::{hex, percent, refuse, scalar};
use crate::schema::json;
use crate::schema::{Code, Discriminator, Field, Findings, Input, Look, Problem, Table, check_input, text};

/// What [`build`] takes.
pub static ARGUMENTS: Table = Table::new(
    "ImageBossUrl",
    &[
        Field::string("source").updatable().required().rule(name).help("name of the source"),
        Field::string("path").updatable().required().rule(place).help("path of the image below the source"),
        Field::string("operation").updatable().required().one_of(OPERATIONS).help("what is done to the image"),
        Field::string("mode").updatable().only(&["cover"]).suggests(MODES).help("which part of the image is kept"),
        Field::integer("width", 1, u32::MAX).updatable().required().only(&["width", "cover"]).help("in pixels"),
        Field::integer("height", 1, u32::MAX).updatable().required().only(&["height", "cover"]).help("in pixels"),
        // Named for all operations, so that `cdn` counts among those that decide what goes with what.
        Field::scalar_map("options")
            .updatable()
            .only(OPERATIONS)
            .help("further options, in the order they are written"),
        Field::string("secret").updatable().secret().help("the source's `secret_token`; without it nothing is signed"),
    ],
)
.decided_by(Discriminator::Own("operation"))
.help("An address to build.");

const OPERATIONS: &[&str] = &["cdn", "width", "height", "cover"];
const MODES: &[&str] = &[
    "center",
    "smart",
    "attention",
    "entropy",
    "face",
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
    "contain",
    "inside",
];

const HOST: &str = super::IMAGE_BASE_URL;
/// What Go leaves as it is in a segment, and the slash between segments.
const PATH: &[u8] = b"-_.~$&+=@:/";
const SEGMENT: &[u8] = b"-_.~$&+=@:";
const OPTION_NAME: &[u8] = b"-_.~$&+=@";

/// The address that the JSON object `raw` describes, or everything that is wrong with it.
///
/// ```
/// let arguments = br#"{"source":"shop","path":"a.jpg","operation":"cover","width":300,"height":200,"options":{"blur":2}}"#;
/// assert_eq!(
///     image_sources::imageboss::url::build(arguments).unwrap(),
///     "https://img.imageboss.me/shop/cover/300x200/blur:2/a.jpg",
/// );
/// ```
pub fn build(raw: &[u8]) -> Result<String, Vec<Problem>> {
    let mut problems = check_input(raw, &ARGUMENTS, &Input::default());
    if problems.iter().any(|problem| problem.field.is_empty()) {
        return Err(problems);
    }
    let string = |name| json::string_at(raw, name).unwrap_or_default();
    for name in ["mode", "secret"] {
        if json::string_at(raw, name).is_some_and(|value| text::is_blank(&value)) {
            refuse(&mut problems, name, Code::Required, "must not be empty");
        }
    }

    let mut url = String::from(HOST);
    for (before, name) in [("/", "source"), ("/", "operation"), (":", "mode")] {
        let value = string(name);
        if !value.is_empty() {
            url.push_str(before);
            percent(&mut url, &value, SEGMENT);
        }
    }
    let mut mark = '/';
    for name in ["width", "height"] {
        if let Some(size) = json::member(raw, name) {
            url.push(core::mem::replace(&mut mark, 'x'));
            url.push_str(json::as_text(size));
        }
    }
    mark = '/';
    for (key, value) in json::members_at(raw, "options") {
        let name = key.decode();
        let field = ["options.", &name].concat();
        // What is no text has been refused.
        let value = scalar(value).unwrap_or_default();
        if text::is_blank(&name) || text::is_blank(&value) {
            refuse(&mut problems, &field, Code::Required, "must have a name and a value");
        }
        url.push(core::mem::replace(&mut mark, ','));
        percent(&mut url, &name, OPTION_NAME);
        url.push(':');
        percent(&mut url, &value, SEGMENT);
    }
    url.push('/');
    let path = string("path");
    percent(&mut url, path.strip_prefix("/").unwrap_or(&path), PATH);

    if let Some(secret) = json::string_at(raw, "secret") {
        let Ok(mut mac) = SimpleHmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            // Keys of an HMAC have any length, so this is never reached; nothing must be given that is not signed.
            return Err(vec![Problem::error("secret", Code::Internal, "cannot be used as a key")]);
        };
        mac.update(url.get(HOST.len()..).unwrap_or_default().as_bytes());
        url.push_str("?bossToken=");
        hex(&mut url, &mac.finalize().into_bytes());
    }
    if problems.is_empty() { Ok(url) } else { Err(problems) }
}

/// The name of a source is one segment.
fn name(look: &Look<'_>, found: &mut Findings) {
    let odd = |byte: u8| byte <= b' ' || byte == 0x7f || matches!(byte, b'/' | b'?' | b'#');
    if look.value.bytes().any(odd) || leaves(look.value) {
        found.reject(&["must be the name alone, without white space, `/`, `?` and `#`, and not `.` or `..`"]);
    }
}

/// A path stays below its source. Refused is a query as well: clients do not agree on whether one is signed.
fn place(look: &Look<'_>, found: &mut Findings) {
    if leaves(look.value.strip_prefix("/").unwrap_or(look.value)) {
        found.reject(&["must not hold an empty segment, `.` or `..`"]);
    }
    if look.value.bytes().any(|byte| byte == b'?') {
        found.reject(&["must not hold a query; use `options`"]);
    }
}

/// Is there a segment that address parsers take out, so that the address would lead somewhere else?
fn leaves(path: &str) -> bool {
    path.as_bytes().split(|byte| *byte == b'/').any(|part| matches!(part, b"" | b"." | b".."))
}

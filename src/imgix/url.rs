//! Addresses of images, signed with the token of their source.
//!
//! <https://docs.imgix.com/getting-started/setup/securing-assets>
//!
//! The signature `s` is the MD5 of token, path and query as they stand in the address, in lower-case hexadecimal
//! digits, and the last parameter. imgix checks the bytes that it is sent, so what is encoded is ours to choose; it is
//! what imgix's own `@imgix/js-core` does, because two addresses of one image would be cached twice:
//!
//! * One slash at the beginning of the path is dropped and put back.
//! * A path that begins with `http://` or `https://` is one encoded value, as by `encodeURIComponent`: letters, digits
//!   and `- _ . ! ~ * ' ( )` stay.
//! * In any other path `; , / @ & = $` stay as well. The path is taken for not encoded: `%20` becomes `%2520`.
//! * With `disablePathEncoding` a path stays as it is, also a query in it.
//! * Names and values of parameters are encoded as by `encodeURIComponent`, in the order in which they were given. A value
//!   whose name ends in `64` is written in base64 of the URL-safe kind, without padding. `null` is left out.

use md5::{Digest, Md5};

use crate::proto::sign::{hex, percent, refuse, refuse_surrogate, scalar};
use crate::schema::json::{self, Shape};
use crate::schema::{Code, Field, Findings, Input, Look, Problem, Table, check_input, text};

/// What [`sign`] takes.
pub static ARGUMENTS: Table = Table::new(
    "ImgixUrl",
    &[
        Field::string("domain").updatable().required().rule(host).help("host of the source, such as example.imgix.net"),
        // Not declared as required: an empty path is welcome, a missing one is refused by `sign`.
        Field::string("path").updatable().help("path of the image, or the full address of one for a web proxy"),
        Field::json("params").updatable().help("rendering parameters, as an object or as a list of pairs"),
        Field::string("token").updatable().required().secret().help("the source's `secure_url_token`"),
        Field::seconds("expires").updatable().help("from when on the address is refused, in unix seconds"),
        Field::boolean("disablePathEncoding").updatable().help("is the path encoded already?"),
    ],
)
.help("An address to sign.");

/// What `encodeURIComponent` leaves as it is.
const COMPONENT: &[u8] = b"-_.!~*'()";
/// What `encodeURI` leaves as it is, without `#`, `?`, `:` and `+`.
const PATH: &[u8] = b"-_.!~*'();,/@&=$";

/// The signed address that the JSON object `raw` describes, or everything that is wrong with it.
///
/// ```
/// let arguments = br#"{"domain":"example.imgix.net","path":"/a b.png","params":{"w":400},"token":"FOO123bar"}"#;
/// assert_eq!(
///     image_sources::imgix::url::sign(arguments).unwrap(),
///     "https://example.imgix.net/a%20b.png?w=400&s=38e03ebe9e02c981fa1b3302b233e5be",
/// );
/// ```
pub fn sign(raw: &[u8]) -> Result<String, Vec<Problem>> {
    let mut problems = check_input(raw, &ARGUMENTS, &Input::default());
    if problems.iter().any(|problem| problem.field.is_empty()) {
        return Err(problems);
    }
    let string = |name| json::string_at(raw, name).unwrap_or_default();
    if json::member(raw, "path").is_none() {
        refuse(&mut problems, "path", Code::Required, "is required");
    }

    let mut url = ["https://", &string("domain")].concat();
    let start = url.len();
    url.push('/');
    let path = string("path");
    let path = path.strip_prefix("/").unwrap_or(&path);
    if json::member(raw, "disablePathEncoding") == Some(b"true") {
        url.push_str(path);
    } else {
        let proxied = path.starts_with("http://") || path.starts_with("https://");
        percent(&mut url, path, if proxied { COMPONENT } else { PATH });
    }

    let expires = json::member(raw, "expires");
    let mut query = Query { url, mark: '?', lapses: expires.is_some(), problems };
    query.parameters(json::member(raw, "params"));
    if let Some(expires) = expires {
        if expires.len() > 11 {
            query.refuse("expires", Code::Range, "must be in seconds; this seems to be in milliseconds");
        }
        query.lapses = false;
        query.parameter("expires", "expires", expires);
    }
    let Query { mut url, mark, problems, .. } = query;
    if !problems.is_empty() {
        return Err(problems);
    }
    let signed = [&string("token"), url.get(start..).unwrap_or_default()].concat();
    url.extend([mark, 's', '=']);
    hex(&mut url, &Md5::digest(signed));
    Ok(url)
}

/// An address whose query is being written.
struct Query {
    url: String,
    /// What stands before the next parameter.
    mark: char,
    /// Is `expires` given beside the parameters?
    lapses: bool,
    problems: Vec<Problem>,
}

impl Query {
    fn refuse(&mut self, field: &str, code: Code, message: &str) {
        refuse(&mut self.problems, field, code, message);
    }

    fn parameters(&mut self, given: Option<&[u8]>) {
        let raw = given.unwrap_or_default();
        match Shape::of(raw) {
            Some(Shape::Object) => {
                for (name, value) in json::members(raw) {
                    let key = name.decode();
                    let field = ["params.", &key].concat();
                    if !name.is_well_formed() {
                        refuse_surrogate(&mut self.problems, &field);
                    }
                    self.parameter(&key, &field, value);
                }
            }
            Some(Shape::Array) => {
                for (index, pair) in json::items(raw).enumerate() {
                    let field = ["params.", &text::digits(index as u64)].concat();
                    let mut parts = json::items(pair);
                    match (
                        parts.next().filter(|name| Shape::of(name) == Some(Shape::String)),
                        parts.next(),
                        parts.next(),
                    ) {
                        (Some(name), Some(value), None) => match scalar(name) {
                            Some(name) => self.parameter(&name, &[&field, ".1"].concat(), value),
                            None => refuse_surrogate(&mut self.problems, &[&field, ".0"].concat()),
                        },
                        _ => self.refuse(&field, Code::Type, "must be a pair of a name and a value"),
                    }
                }
            }
            None => {}
            Some(_) => self.refuse("params", Code::Type, "must be an object or a list of pairs"),
        }
    }

    fn parameter(&mut self, name: &str, field: &str, value: &[u8]) {
        if Shape::of(value) == Some(Shape::Null) {
            return;
        }
        if self.lapses && name == "expires" {
            self.refuse("expires", Code::Mismatch, "is among the parameters already");
        }
        self.url.push(core::mem::replace(&mut self.mark, '&'));
        percent(&mut self.url, name, COMPONENT);
        self.url.push('=');
        let mut text = String::new();
        self.text(value, field, &mut text);
        if name.ends_with("64") {
            base64(&mut self.url, text.as_bytes());
        } else {
            percent(&mut self.url, &text, COMPONENT);
        }
    }

    /// What `String` makes of a value: lists are joined by commas, however deep, and `null` in them is nothing.
    fn text(&mut self, raw: &[u8], field: &str, out: &mut String) {
        match Shape::of(raw) {
            Some(Shape::Array) => {
                for (index, item) in json::items(raw).enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    self.text(item, &[field, ".", &text::digits(index as u64)].concat(), out);
                }
            }
            Some(Shape::Object) => {
                self.refuse(
                    field,
                    Code::Type,
                    "must be a string, a number, a boolean or a list of them, not an object",
                );
            }
            Some(Shape::Null) => {}
            _ => match scalar(raw) {
                Some(text) => out.push_str(&text),
                None => refuse_surrogate(&mut self.problems, field),
            },
        }
    }
}

/// Writes base64 of the URL-safe kind without padding.
fn base64(out: &mut String, bytes: &[u8]) {
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)) << (24 - 8 * chunk.len());
        for place in 0..=chunk.len() {
            let digit = u8::try_from((word >> (18 - 6 * place)) & 63).unwrap_or_default();
            out.push(char::from(match digit {
                0..26 => b'A' + digit,
                26..52 => b'a' + digit - 26,
                52..62 => b'0' + digit - 52,
                62 => b'-',
                _ => b'_',
            }));
        }
    }
}

/// A host alone: at least two labels of letters, digits, `-` and `_`, as imgix's own library asks for.
fn host(look: &Look<'_>, found: &mut Findings) {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name = look.value.as_bytes();
    let labels =
        name.split(|byte| *byte == b'.').all(|label| (1..64).contains(&label.len()) && label.iter().all(plain));
    if !labels || name.len() > 253 || !name.contains(&b'.') {
        found
            .reject(&["must be a host name alone, such as `example.imgix.net`, without scheme, port, path and spaces"]);
    }
}

//! Which provider an address belongs to, and what it asks for there.

use super::provider::Provider;

/// A place at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Whose it is.
    pub(super) provider: Provider,
    /// Which of the provider's hosts it is on.
    pub(super) area: Area,
    /// The decoded segments after the base address of the area; `None` if the path lies outside of it.
    pub(super) segments: Option<Vec<String>>,
    /// The decoded pairs of the query, in their order.
    pub(super) query: Vec<(String, String)>,
    /// Where addresses begin that are handed out.
    pub(super) origin: String,
}

/// The hosts of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Area {
    /// The API.
    Api,
    /// The host that serves images: this one.
    Images(String),
    /// Pre-signed addresses.
    Storage,
    /// Files of reports.
    Files,
}

/// Finds the place, if the address belongs to either provider. `is_domain` tells whether a source is served at a host.
///
/// The real hosts have the real paths. Any other host, or none, may also put the provider's name in front, or
/// `images/HOST` for a host that serves images; `storage/...` and `reports/...` are found at any other host too.
pub(super) fn find(url: &str, is_domain: impl Fn(&str) -> bool) -> Option<Place> {
    let (host, path, query) = split(url);
    let host = host.to_ascii_lowercase();
    let all: Vec<&str> = path.split('/').skip(1).collect();
    let (provider, area, inside) = match (named(&host, is_domain), all.as_slice()) {
        (Some((provider, area)), rest) => (provider, area, rest),
        (None, ["imgix", rest @ ..] | rest @ ["api", "v1", ..]) => (Provider::Imgix, Area::Api, rest),
        (None, ["imageboss", rest @ ..] | rest @ ["v1", "sources", ..]) => (Provider::ImageBoss, Area::Api, rest),
        (None, ["images", host, rest @ ..]) => {
            let host = decode(host, false).to_ascii_lowercase();
            let provider = if host == BOSS_IMAGES { Provider::ImageBoss } else { Provider::Imgix };
            (provider, Area::Images(host), rest)
        }
        (None, ["storage", rest @ ..]) => (Provider::Imgix, Area::Storage, rest),
        (None, ["reports", rest @ ..]) => (Provider::Imgix, Area::Files, rest),
        (None, _) => return None,
    };
    let inside = match (&area, provider, inside) {
        (Area::Api, Provider::Imgix, ["api", "v1", inside @ ..])
        | (Area::Api, Provider::ImageBoss, ["v1", inside @ ..]) => Some(inside),
        (Area::Api, ..) => None,
        (_, _, inside) => Some(inside),
    };
    Some(Place {
        provider,
        area,
        segments: inside.map(|inside| inside.iter().map(|segment| decode(segment, false)).collect()),
        query: pairs(query),
        origin: origin(url, &host),
    })
}

const BOSS_IMAGES: &str = "img.imageboss.me";

/// What the name of a host tells.
fn named(host: &str, is_domain: impl Fn(&str) -> bool) -> Option<(Provider, Area)> {
    match host {
        "api.imgix.com" => Some((Provider::Imgix, Area::Api)),
        "api.imageboss.me" => Some((Provider::ImageBoss, Area::Api)),
        BOSS_IMAGES => Some((Provider::ImageBoss, Area::Images(host.to_owned()))),
        _ if host.ends_with(".imgix.net") || is_domain(host) => Some((Provider::Imgix, Area::Images(host.to_owned()))),
        _ => None,
    }
}

/// Addresses that are handed out lead to where the request came in, or to a host of the sandbox's own.
fn origin(url: &str, host: &str) -> String {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    let authority = url.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    match scheme {
        Some(scheme) if !matches!(host, "" | "api.imgix.com" | "api.imageboss.me") => format!("{scheme}://{authority}"),
        _ => "https://sandbox.example".to_owned(),
    }
}

/// Lower-case host and decoded path, without its leading slash, of an absolute `http` or `https` address.
pub(super) fn address(url: &str) -> Option<(String, String)> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let (host, path, _) = split(url);
    let path = path.trim_start_matches('/').split('/').map(|segment| decode(segment, false)).collect::<Vec<_>>();
    (is_web && !host.is_empty()).then(|| (host.to_ascii_lowercase(), path.join("/")))
}

/// A path with each segment percent-encoded.
pub(super) fn encode_path(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(encode).collect()
}

/// The path and query of an address, for the log.
pub(super) fn path_and_query(url: &str) -> &str {
    let rest = url
        .split_once("://")
        .map_or(url, |(_, rest)| rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/"));
    rest.split_once('#').map_or(rest, |(before, _)| before)
}

fn split(url: &str) -> (&str, &str, &str) {
    let before_fragment = url.split_once('#').map_or(url, |(before, _)| before);
    let host = before_fragment
        .split_once("://")
        .map_or("", |(_, rest)| rest.split(['/', '?']).next().unwrap_or(""))
        .rsplit('@')
        .next()
        .unwrap_or("");
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let local = path_and_query(url);
    let (path, query) = local.split_once('?').unwrap_or((local, ""));
    (name, path, query)
}

fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name, true), decode(value, true)))
        .collect()
}

/// Percent-decoding; what is no valid escape stays as it is. In queries a plus is a space.
fn decode(text: &str, plus_is_space: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        match (byte, ahead.next().and_then(digit), ahead.next().and_then(digit)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                rest = ahead;
            }
            (b'+', _, _) if plus_is_space => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

//! Which provider an address belongs to, and what it asks for there.

use super::provider::Provider;

/// A place at a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Whose it is.
    pub(super) provider: Provider,
    /// The decoded segments after the provider's base address; `None` if the path lies outside of it.
    pub(super) segments: Option<Vec<String>>,
    /// The decoded pairs of the query, in their order.
    pub(super) query: Vec<(String, String)>,
}

/// Finds the place, if the address belongs to either provider.
///
/// The real hosts have the real paths. Any other host, or none, may also put the provider's name in front.
pub(super) fn find(url: &str) -> Option<Place> {
    let (host, path, query) = split(url);
    let mut raw = path.split('/');
    raw.next();
    let raw: Vec<&str> = raw.collect();
    let (provider, rest) = match (host_of(host), raw.as_slice()) {
        (Some(provider), rest) => (provider, rest),
        (None, ["imgix", rest @ ..] | rest @ ["api", "v1", ..]) => (Provider::Imgix, rest),
        (None, ["imageboss", rest @ ..] | rest @ ["v1", "sources", ..]) => (Provider::ImageBoss, rest),
        (None, _) => return None,
    };
    let inside = match (provider, rest) {
        (Provider::Imgix, ["api", "v1", inside @ ..]) | (Provider::ImageBoss, ["v1", inside @ ..]) => Some(inside),
        _ => None,
    };
    Some(Place {
        provider,
        segments: inside.map(|inside| inside.iter().map(|segment| decode(segment, false)).collect()),
        query: pairs(query),
    })
}

/// The path and query of an address, for the log.
pub(super) fn path_and_query(url: &str) -> &str {
    let rest = url
        .split_once("://")
        .map_or(url, |(_, rest)| rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/"));
    rest.split_once('#').map_or(rest, |(before, _)| before)
}

fn host_of(host: &str) -> Option<Provider> {
    match host.to_ascii_lowercase().as_str() {
        "api.imgix.com" => Some(Provider::Imgix),
        "api.imageboss.me" => Some(Provider::ImageBoss),
        _ => None,
    }
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

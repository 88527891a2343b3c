//! Any text as parameter, option or base address: requests stay below the base address and hit what was meant.
//!
//! The input is text with NUL between its parts: base address, parameters, and the names and values of a filter.

use image_sources::PROVIDERS;
use image_sources::proto::call::Config;
use image_sources::proto::operation::{Operation, To};
use serde_json::json;
use url::Url;

use crate::{client, quoted, sample_input};

/// Builds every request with parameters in its path.
pub fn look(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split('\0');
    let base = parts.next().unwrap_or_default();
    let parameters: Vec<&str> = (0..2).map(|_| parts.next().unwrap_or("a")).collect();
    let filter: Vec<(&str, &str)> = parts.clone().zip(parts.skip(1)).step_by(2).take(4).collect();
    for provider in PROVIDERS {
        let more = json!({ "baseUrl": base, "imageBaseUrl": base }).to_string();
        let taken = Some(more).filter(|_| !base.is_empty());
        let more = taken.and_then(|more| Some(format!(",{}", more.strip_prefix('{')?.strip_suffix('}')?)));
        // A base that is refused is no reason not to look at the rest.
        let own = more.and_then(|more| Some((client(provider, &more)?, base)));
        let Some((config, base)) = own.or_else(|| Some((client(provider, "")?, ""))) else { continue };
        for operation in provider.operations() {
            request(&config, base, operation, &parameters, &filter);
        }
        raw(&config, data);
    }
}

fn request(config: &Config, base: &str, operation: &'static Operation, parameters: &[&str], filter: &[(&str, &str)]) {
    let in_path = operation.path.matches('{').count();
    if operation.to == To::Given {
        return given(config, operation, parameters[0]);
    }
    let given: Vec<Vec<u8>> = parameters.iter().take(in_path).map(|text| quoted(text)).collect();
    let mut given: Vec<&[u8]> = given.iter().map(Vec::as_slice).collect();
    given.extend(operation.parameters().skip(in_path).map(|_| &br#""https://a.imgix.net/b""#[..]));
    let filters = operation.options.field("filter").is_some() && !filter.is_empty();
    let options = if filters {
        let members: Vec<Vec<u8>> =
            filter.iter().map(|(name, value)| [quoted(name), b":".to_vec(), quoted(value)].concat()).collect();
        [&b"{\"filter\":{"[..], &members.join(&b','), b"}}"].concat()
    } else {
        b"null".to_vec()
    };
    let prepared = config.prepare(operation, &given, sample_input(config.provider, operation), &options, None);
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return assert!(!error.problems.is_empty() && !error.sent && error.attempts == 0),
    };
    let usual = if operation.to == To::Images { config.provider.image_base_url } else { config.provider.base_url };
    let base = if base.is_empty() { usual } else { base };
    // What the oracle does not take for an address, no `fetch` sends anywhere.
    let Ok(root) = Url::parse(base) else { return };
    let url = Url::parse(&config.request(&prepared).url).expect("an address below an address is one");
    assert_eq!(url.origin(), root.origin(), "{url}");
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none(), "{url}");

    let prefix = root.path().trim_end_matches('/');
    let below = url.path().strip_prefix(prefix).and_then(|path| path.strip_prefix('/'));
    let below = below.unwrap_or_else(|| panic!("{url} leaves {base}"));
    let mut meant = Vec::new();
    let mut values = parameters.iter();
    for part in operation.path.split('/') {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            None => meant.push(part.to_owned()),
            Some(name) => {
                let value = values.next().expect("there are two");
                if name.ends_with('+') {
                    meant.extend(value.trim_start_matches('/').split('/').map(str::to_owned));
                } else {
                    meant.push((*value).to_owned());
                }
            }
        }
    }
    let found: Vec<String> = below.split('/').map(decoded).collect();
    assert_eq!(found, meant, "{url}");
    assert!(meant.iter().all(|part| !matches!(part.as_str(), "" | "." | "..")), "{url}");
    if filters {
        let mut asked: Vec<(String, String)> = Vec::new();
        for (name, value) in filter {
            asked.push((format!("filter[{name}]"), (*value).to_owned()));
        }
        let pairs: Vec<_> = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        assert_eq!(pairs, asked, "{url}");
    } else {
        assert!(url.query().is_none(), "{url}");
    }
}

/// A pre-signed address goes to the host that it names, without the key.
fn given(config: &Config, operation: &'static Operation, address: &str) {
    let input = sample_input(config.provider, operation);
    let Ok(prepared) = config.prepare(operation, &[&quoted(address)], input, b"null", None) else { return };
    let request = config.request(&prepared);
    assert!(request.headers.iter().all(|(_, value)| !value.contains(crate::KEY)));
    let Ok(url) = Url::parse(&request.url) else { return };
    assert!(matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none(), "{url}");
}

/// Parameters, input and options that are any bytes at all.
fn raw(config: &Config, data: &[u8]) {
    for name in ["sources.update", "sources.get", "sources.list"] {
        let Some(operation) = config.provider.operation(name) else { continue };
        for (parameter, input, options) in [
            (data, sample_input(config.provider, operation), &b"null"[..]),
            (br#""a""#, data, b"null"),
            (br#""a""#, sample_input(config.provider, operation), data),
        ] {
            if let Ok(prepared) = config.prepare(operation, &[parameter], input, options, None) {
                let request = config.request(&prepared);
                assert!(request.body.is_none_or(|body| serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok()));
                config.shown(&prepared);
            }
        }
    }
    let _ = Config::new(config.provider, data);
}

fn decoded(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let escape = (*byte == b'%').then(|| segment.get(at + 1..at + 3)).flatten();
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).expect("what was encoded was text")
}

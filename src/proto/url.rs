//! Addresses: encoding of segments and queries, and what a base address may look like.

use crate::schema::{Code, Problem};

/// Percent-encodes everything but `A-Z a-z 0-9 - _ . ! ~ * ' ( )`, as `encodeURIComponent` does.
pub fn encode(text: &str) -> String {
    encode_but(text, b"")
}

fn encode_but(text: &str, bare: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) || bare.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |value: u8| HEX.get(usize::from(value)).map_or('0', |digit| char::from(*digit));
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

/// Checks the value of a path parameter and encodes it as one segment.
pub fn segment(name: &str, value: &str) -> Result<String, Problem> {
    match value {
        "" => Err(Problem::error(name, Code::Required, "must not be empty")),
        "." | ".." => Err(Problem::error(name, Code::Format, "must not be `.` or `..`: it would lead to another address")),
        _ => Ok(encode(value)),
    }
}

/// Writes a query behind an address.
#[derive(Debug)]
pub struct Query<'u> {
    url: &'u mut String,
    first: bool,
}

impl<'u> Query<'u> {
    /// A query behind `url`, which has none yet.
    pub fn new(url: &'u mut String) -> Self {
        Self { url, first: true }
    }

    /// Adds `name=value`. The name keeps its brackets, the value its commas: that is how the documentation writes them.
    pub fn pair(&mut self, name: &str, value: &str) {
        self.url.push(if core::mem::take(&mut self.first) { '?' } else { '&' });
        self.url.push_str(&encode_but(name, b"[]:"));
        self.url.push('=');
        self.url.push_str(&encode_but(value, b",:/"));
    }
}

/// Checks a base address and gives it without a slash at the end.
///
/// With `relative`, a path from the root of the page's host is welcome too.
pub fn base(field: &str, value: &str, relative: bool) -> Result<String, Problem> {
    let refuse = |message: &str| Err(Problem::error(field, Code::Format, message));
    if value.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
        return refuse("must not hold white space, control characters or backslashes");
    }
    if value.contains(['?', '#']) {
        return refuse("must not have a query or a fragment");
    }
    let scheme = value.find("://").map_or("", |end| value.get(..end).unwrap_or_default());
    let path = if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        let rest = value.get(scheme.len() + 3..).unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return refuse("must not hold a user name or password");
        }
        let port = authority.rfind(':').filter(|_| !authority.ends_with(']')).map(|colon| authority.split_at(colon));
        let (host, port) = port.unwrap_or((authority, ":0"));
        if host.is_empty() || !port.bytes().skip(1).all(|byte| byte.is_ascii_digit()) || port.len() > 6 {
            return refuse("must have a host, and a number as port");
        }
        path
    } else if relative && value.starts_with('/') && !value.starts_with("//") {
        value
    } else {
        return refuse(if relative { "must begin with http://, https:// or /" } else { "must begin with http:// or https://" });
    };
    let lowered = path.to_ascii_lowercase().replace("%2e", ".");
    if lowered.split('/').any(|part| part == "." || part == "..") {
        return refuse("must not hold `.` or `..` as a segment");
    }
    Ok(value.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_segment_whatever_it_contains() {
        for (value, encoded) in [("a/b?c#d", "a%2Fb%3Fc%23d"), ("%2e%2e", "%252e%252e"), ("..%2f", "..%252f"), ("é\\", "%C3%A9%5C")] {
            assert_eq!(segment("id", value).unwrap(), encoded);
        }
        for value in ["", ".", ".."] {
            assert_eq!(segment("id", value).unwrap_err().field, "id");
        }
    }

    #[test]
    fn a_base_address_is_http_and_nothing_but_a_prefix() {
        for good in ["https://api.imgix.com/api/v1", "http://127.0.0.1:8080/imgix/api/v1/", "HTTPS://h", "http://[::1]:80/x"] {
            assert!(base("baseUrl", good, false).is_ok(), "{good}");
        }
        for bad in [
            "", "api.imgix.com", "ftp://h", "javascript:alert(1)", "https://", "https:///x", "https://u:p@h", "https://h?x", "https://h#x",
            "https://h/../x", "https://h/%2E%2e/x", "https://h:port", "https://h\\x", " https://h", "https://h\n", "//h", "/x", "https://:80",
        ] {
            assert!(base("baseUrl", bad, false).is_err(), "{bad}");
        }
        assert_eq!(base("url", "/api/imgix/", true).unwrap(), "/api/imgix");
        assert!(base("url", "//evil.example", true).is_err());
    }

    #[test]
    fn a_query_reads_as_in_the_documentation() {
        let mut url = String::from("u");
        let mut query = Query::new(&mut url);
        query.pair("filter[deployment.type]", "s3");
        query.pair("fields[sources]", "name,deployment.type");
        query.pair("filter[name]", "a&b=c d");

        assert_eq!(url, "u?filter[deployment.type]=s3&fields[sources]=name,deployment.type&filter[name]=a%26b%3Dc%20d");
    }
}

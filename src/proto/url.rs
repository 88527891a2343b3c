//! Addresses: encoding of segments and queries, and what a base address may look like.

use super::sign::percent;
use crate::schema::pattern::holds;
use crate::schema::{Code, Problem, text};

/// Percent-encodes everything but `A-Z a-z 0-9 - _ . ! ~ * ' ( )`, as `encodeURIComponent` does.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    percent(&mut out, text, b"-_.!~*'()");
    out
}

/// Checks the value of a path parameter and encodes it as one segment.
pub fn segment(name: &str, value: &str) -> Result<String, Problem> {
    match value {
        "" => Err(Problem::error(name, Code::Required, "must not be empty or have an empty segment")),
        "." | ".." => {
            Err(Problem::error(name, Code::Format, "must not be `.` or `..`: it would lead to another address"))
        }
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
        percent(self.url, name, b"-_.!~*'()[]:");
        self.url.push('=');
        percent(self.url, value, b"-_.!~*'(),:/");
    }
}

/// Checks a base address and gives it without a slash at the end.
///
/// With `relative`, a path from the root of the page's host is welcome too.
pub fn base(field: &str, mut value: &str, relative: bool) -> Result<String, Problem> {
    if let Some(message) = fault(value, relative) {
        return Err(Problem::error(field, Code::Format, message));
    }
    while let Some(rest) = value.strip_suffix('/') {
        value = rest;
    }
    Ok(value.to_owned())
}

/// What is wrong with a base address?
fn fault(value: &str, relative: bool) -> Option<&'static str> {
    if holds("*[\0- \x7f\\?#@]*", value) {
        return Some("must not hold white space, a backslash, a query, a fragment or a user name");
    }
    let mut path = value;
    if holds("~http://*|~https://*", value) {
        let (_, rest) = text::cut(value, b'/');
        let (authority, behind) = text::cut(rest.get(2..)?, b'/');
        path = behind;
        if holds("*[!-,;-@^`{-~]*", authority) {
            return Some("must have a host of letters, digits, `-` and `.`");
        }
        // The colons of an IPv6 address stand in brackets.
        let mut port = authority;
        while let Some((_, behind)) = text::split(port, b']') {
            port = behind;
        }
        let (name, port) = text::cut(port, b':');
        if (name.is_empty() && !text::has(authority, "]"))
            || (!port.is_empty() && text::number(port.get(1..)?).is_none_or(|port| port > 65_535))
        {
            return Some("must have a host, and a number as port");
        }
    } else if !relative {
        return Some("must begin with http:// or https://");
    } else if holds("!/*|//*", value) {
        return Some("must begin with http://, https:// or /");
    }
    // `.`, `..` and their encoded forms, which address parsers take for the same.
    holds("*/[.%2eE]{0,}[.%][.%2eE]{0,}/*", &[path, "/"].concat()).then_some("must not hold a segment of dots")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_segment_whatever_it_contains() {
        for (value, encoded) in
            [("a/b?c#d", "a%2Fb%3Fc%23d"), ("%2e%2e", "%252e%252e"), ("..%2f", "..%252f"), ("é\\", "%C3%A9%5C")]
        {
            assert_eq!(segment("id", value).unwrap(), encoded);
        }
        for value in ["", ".", ".."] {
            assert_eq!(segment("id", value).unwrap_err().field, "id");
        }
    }

    #[test]
    fn a_base_address_is_http_and_nothing_but_a_prefix() {
        for good in
            ["https://api.imgix.com/api/v1", "http://127.0.0.1:8080/imgix/api/v1/", "HTTPS://h", "http://[::1]:80/x"]
        {
            assert!(base("baseUrl", good, false).is_ok(), "{good}");
        }
        for bad in [
            "",
            "api.imgix.com",
            "ftp://h",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://u:p@h",
            "https://h?x",
            "https://h#x",
            "https://h/../x",
            "https://h/%2E%2e/x",
            "https://h:port",
            "https://h\\x",
            " https://h",
            "https://h\n",
            "//h",
            "/x",
            "https://:80",
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

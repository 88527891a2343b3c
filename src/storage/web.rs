//! Addresses: base URLs of web folders, S3 endpoints, and the host names imgix serves from.

use super::{holds, judge, says, text, value};
use crate::schema::text::{cut, split};
use crate::schema::{Findings, Look};

/// The base URL of a web folder or web proxy (imgix, "Web Folder Sources"; ImageBoss, "Web Proxy").
///
/// Refused: another scheme than `http` and `https`, no host, a fragment. A warning: no scheme, a query, user and password,
/// hosts that cannot be reached from outside, the CDN itself.
pub fn base_url(look: &Look<'_>, found: &mut Findings) {
    let Some(at) = reachable(look, found) else { return };
    if at.fragment {
        found.reject(&[FRAGMENT]);
    }
    if at.scheme.is_empty() {
        found.warn(&["begin with `https://`"]);
    }
    says(at.host, found, "W~*.imgix.net|~*.imageboss.me\nuse the host that holds the images, not the CDN");
}

/// The endpoint of any S3-compatible storage (imgix, "S3-compatible sources"), with a scheme or without.
///
/// Refused: another scheme than `http` and `https`, no host after the scheme. A warning: a query, a fragment, user and
/// password, hosts that cannot be reached from outside.
pub fn endpoint_url(look: &Look<'_>, found: &mut Findings) {
    let Some(at) = reachable(look, found) else { return };
    if at.fragment {
        found.warn(&[FRAGMENT]);
    }
    says(
        at.host,
        found,
        "W~pub-*.r2.dev|~*.cdn.digitaloceanspaces.com\nuse the storage's own endpoint, not a public address",
    );
}

/// A subdomain of `imgix.net` (imgix, "Source settings", imgix domains).
///
/// Refused: the whole host name or an address, anything but up to 63 letters, digits, `-` and `_`. A warning: capitals and
/// `_`.
///
/// Runs [`text::attribute`] too.
pub fn imgix_subdomain(look: &Look<'_>, found: &mut Findings) {
    text::attribute(look, found);
    let lines = "R![A-Za-z0-9_-]{1,63}\nuse lower-case letters, digits and `-`, up to 63, without `.imgix.net`\n\
        W![a-z0-9-]{1,63}\nuse lower-case letters, digits and `-`, up to 63, without `.imgix.net`";
    judge(look, found, lines);
}

/// A domain of one's own (imgix, "Custom domains").
///
/// Refused: a scheme, a path, spaces. A warning: a port or other parts of an address, no dot, a name below `imgix.net`.
///
/// Runs [`text::attribute`] too.
pub fn custom_domain(look: &Look<'_>, found: &mut Findings) {
    text::attribute(look, found);
    let lines = "R*[/ ]*\nuse a host name alone, such as `images.example.com`\n\
        W*[:?#@]*|!*.*\nuse a host name alone, such as `images.example.com`\n\
        W~*.imgix.net\nput it among the imgix subdomains, without `.imgix.net`";
    judge(look, found, lines);
}

const FRAGMENT: &str = "leave out `#` and what follows: servers never see it";

/// The parts of an address that rules ask about; nothing is decoded.
pub(super) struct Address<'a> {
    /// Empty if there is none.
    pub(super) scheme: &'a str,
    /// Without user, port and final dot.
    pub(super) host: &'a str,
    /// Without the slash it begins with.
    pub(super) path: &'a str,
    pub(super) user: bool,
    pub(super) query: bool,
    pub(super) fragment: bool,
}

/// Takes an address apart. Never fails: what is no address is a host.
pub(super) fn address(text: &str) -> Address<'_> {
    let (scheme, rest) = cut(text, b':');
    let (scheme, rest) = match rest.strip_prefix("://") {
        Some(rest) if holds("[A-Za-z0-9+.-]{1,}", scheme) => (scheme, rest),
        _ => ("", text.strip_prefix("//").unwrap_or(text)),
    };
    let (rest, fragment) = cut(rest, b'#');
    let (rest, query) = cut(rest, b'?');
    let (mut host, path) = cut(rest, b'/');
    let mut user = false;
    while let Some((_, rest)) = split(host, b'@') {
        host = rest;
        user = true;
    }
    let host = cut(host, if host.starts_with('[') { b']' } else { b':' }).0;
    Address {
        scheme,
        host: host.strip_suffix('.').unwrap_or(host),
        path: path.strip_prefix('/').unwrap_or(path),
        user,
        query: !query.is_empty(),
        fragment: !fragment.is_empty(),
    }
}

/// What base URLs and endpoints have in common. Nothing is given if the address cannot be used at all.
fn reachable<'a>(look: &Look<'a>, found: &mut Findings) -> Option<Address<'a>> {
    let text = value(look)?;
    let at = address(text);
    let foreign = holds("~javascript:*|~data:*|~mailto:*|~file:*|~ftp:*|~s3:*|~gs:*", text);
    if foreign || !at.scheme.is_empty() && (!holds("~http|~https", at.scheme) || at.host.is_empty()) {
        found.reject(&["begin with `https://` or `http://` and a host"]);
        return None;
    }
    if at.query {
        found.warn(&["leave out `?` and what follows"]);
    }
    if at.user {
        found.warn(&["leave out user and password: others may see them"]);
    }
    // Names without a dot, and loopback, private and link-local addresses.
    let internal = "w[^.[]{0,}|[[]::1*|~[[]f[cd]*|~[[]fe[89ab]*|0.[0-9.]{1,}|10.[0-9.]{1,}|127.[0-9.]{1,}|\
        169.254.[0-9.]{1,}|192.168.[0-9.]{1,}|172.1[6-9].[0-9.]{1,}|172.2[0-9].[0-9.]{1,}|172.3[01].[0-9.]{1,}|*[ ]*\n\
        use a public host: the CDN cannot reach this one";
    says(at.host, found, internal);
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::super::tests::*;
    use super::*;

    #[test]
    fn base_urls_that_can_be_reached_pass() {
        silent(
            base_url,
            &[
                "https://www.example.com",
                "https://www.example.com/images/",
                "http://example.com:8080/a//b",
                "HTTPS://EXAMPLE.COM",
                "https://example.com./",
                "https://8.8.8.8/",
                "https://172.15.0.1/",
                "https://172.32.0.1/",
                "https://192.169.0.1/",
                "https://169.253.0.1/",
                "https://[2606:4700::1111]:8443/x",
                "https://bücher.example/",
                "https://example.com/%20a b/",
                "https://example.com/a@b",
                "https://example.com/http://other",
                "https://imgix.net.example.com/",
                "https://notimgix.net/",
            ],
        );
    }

    #[test]
    fn base_urls_that_cannot_be_right_are_refused() {
        let huge = ["ftp://", &"a".repeat(100_000)].concat();
        table(
            base_url,
            &[
                ("ftp://example.com", "R"),
                ("s3://my-bucket", "R"),
                ("file:///images", "R"),
                ("htttps://example.com", "R"),
                ("javascript:alert(1)", "R"),
                ("data:text/html,x", "R"),
                ("ftp:example.com", "R"),
                ("https://exa mple.com", "w"),
                ("https://", "R"),
                ("https:///images", "R"),
                ("https://?a=b", "R"),
                ("https://#a", "R"),
                ("https://:8080", "R"),
                ("https://user@", "R"),
                ("https://.", "R"),
                ("https://example.com/#top", "R"),
                ("https://example.com#", "R"),
                ("example.com/#top", "Rw"),
                (&huge, "R"),
            ],
        );
    }

    #[test]
    fn doubtful_base_urls_are_sent_with_a_warning() {
        table(
            base_url,
            &[
                ("example.com", "w"),
                ("//example.com/images", "w"),
                ("example.com:8080", "w"),
                ("example.com/?u=https://x", "ww"),
                ("https://example.com/?a=b", "w"),
                ("https://user:pass@example.com", "w"),
                ("https://user@example.com", "w"),
                ("https://a@b@example.com", "w"),
                ("https://localhost", "w"),
                ("https://localhost:3000/images", "w"),
                ("https://intranet/", "w"),
                ("https://127.0.0.1", "w"),
                ("https://0.0.0.0", "w"),
                ("https://10.1.2.3", "w"),
                ("https://172.16.0.1", "w"),
                ("https://172.31.255.255", "w"),
                ("https://192.168.0.1:8080/x", "w"),
                ("https://169.254.169.254/latest", "w"),
                ("https://[::1]:3000/", "w"),
                ("https://[fe80::1]/", "w"),
                ("https://[FD00::1]/", "w"),
                ("https://img.imageboss.me/my-images", "w"),
                ("https://example.imgix.net/", "w"),
                ("https://EXAMPLE.IMGIX.NET./", "w"),
                ("https://me:secret@localhost/?a=b", "www"),
                ("localhost", "ww"),
                ("😀", "ww"),
                ("/images", "ww"),
            ],
        );
    }

    #[test]
    fn endpoints() {
        table(
            endpoint_url,
            &[
                ("https://nyc3.digitaloceanspaces.com", ""),
                ("nyc3.digitaloceanspaces.com", ""),
                ("https://s3.us-east-1-dell-obs.wasabisys.com:9021", ""),
                ("http://s3.us-east-1-dell-obs.wasabisys.com:9020", ""),
                ("https://us-east-1.linodeobjects.com/", ""),
                ("https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com", ""),
                ("https://project.example.co/storage/v1/s3", ""),
                ("https://minio:9000", "w"),
                ("https://example.com/?x", "w"),
                ("https://example.com/#x", "w"),
                ("https://key:secret@example.com", "w"),
                ("/storage", "w"),
                ("s3://my-bucket", "R"),
                ("https://", "R"),
                ("https:///x", "R"),
            ],
        );
    }

    #[test]
    fn imgix_subdomains() {
        let longest = "a".repeat(63);
        let long = "a".repeat(64);
        table(
            imgix_subdomain,
            &[
                ("example-s3", ""),
                ("example-one", ""),
                ("a", ""),
                ("0", ""),
                (&longest, ""),
                ("Example", "w"),
                ("my_source", "w"),
                (&long, "R"),
                ("", "R"),
                (" example", "R"),
                ("a\nb", "R"),
                ("<name>", "wR"),
                ("example.imgix.net", "R"),
                ("a.b", "R"),
                ("https://example", "R"),
                ("example/", "R"),
                ("my source", "R"),
                ("exämple", "R"),
                ("😀", "R"),
            ],
        );
    }

    #[test]
    fn custom_domains() {
        table(
            custom_domain,
            &[
                ("images.example.com", ""),
                ("example.com", ""),
                ("*.example.com", ""),
                ("bücher.example", ""),
                ("IMAGES.example.com", ""),
                ("images.example.com:8080", "w"),
                ("images.example.com?x", "w"),
                ("images", "w"),
                ("example.imgix.net", "w"),
                ("https://images.example.com", "R"),
                ("images.example.com/", "R"),
                ("images example.com", "R"),
                ("", "R"),
                ("images.example.com\n", "R"),
            ],
        );
    }
}

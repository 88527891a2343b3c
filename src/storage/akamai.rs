//! Akamai (Linode) Object Storage. Its keys have no form that could be relied on.

use super::{bare, holds, ipv4, judge, says, value, web};
use crate::schema::{Findings, Look};

macro_rules! hosts {
    ($($cluster:literal)+) => { &[$(concat!($cluster, ".linodeobjects.com")),+] };
}

/// Endpoints known in 2026, for suggestions only.
pub const ENDPOINTS: &[&str] = hosts!(
    "us-east-1" "us-southeast-1" "us-iad-1" "us-lax-1" "us-mia-1" "us-ord-1" "us-sea-1" "br-gru-1" "eu-central-1" "es-mad-1"
    "fr-par-1" "gb-lon-1" "it-mil-1" "nl-ams-1" "se-sto-1" "ap-south-1" "au-mel-1" "id-cgk-1" "in-maa-1" "jp-osa-1" "sg-sin-1"
);

/// A bucket's label (Akamai, "Create and manage buckets").
///
/// Refused: anything but 3 to 63 lower-case letters, digits, `.` and `-`, a letter or digit first. A warning: the form of an
/// IPv4 address, two dots in a row, a hyphen or dot at the end.
pub fn bucket(look: &Look<'_>, found: &mut Findings) {
    let lines = concat!(
        bare!(),
        "R![a-z0-9][a-z0-9.-]{2,62}\nuse 3 to 63 lower-case letters, digits, `.` and `-`, a letter or digit first\n",
        "W*..*|*[.-]|",
        ipv4!(),
        "\ncheck it: no IP address, no `..`, a letter or digit last",
    );
    judge(look, found, lines);
}

/// A cluster's endpoint, with `https://` or without (Akamai, "Object Storage endpoint types").
///
/// Refused: spaces, a path, a query. A warning: a host of somebody else, and one that begins with the `bucket` beside it.
pub fn endpoint(look: &Look<'_>, found: &mut Findings) {
    let Some(text) = value(look) else { return };
    let at = web::address(text);
    if holds("* *", text) || !at.path.is_empty() || at.query {
        found.reject(&["use the host alone, without path, query or spaces"]);
        return;
    }
    says(at.host, found, "w!~*.linodeobjects.com\nusually like `us-east-1.linodeobjects.com`");
    let bucket = look.beside("bucket").unwrap_or_default();
    if at.host.strip_prefix(&*bucket).is_some_and(|rest| rest.starts_with('.')) {
        found.warn(&["leave the bucket out of the host"]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{look, tests::*};
    use super::*;

    #[test]
    fn buckets() {
        let longest = "a".repeat(63);
        let long = "a".repeat(64);
        table(
            bucket,
            &[
                ("my-linode-bucket", ""),
                ("www.example.com", ""),
                ("0ab", ""),
                (&longest, ""),
                ("192.168.5.4", "w"),
                ("a..b", "w"),
                ("bucket-", "w"),
                ("bucket.", "w"),
                (&long, "R"),
                ("ab", "R"),
                ("-bucket", "R"),
                (".bucket", "R"),
                ("My-bucket", "R"),
                ("my_bucket", "R"),
                ("my bucket", "R"),
                ("my-bucket/images", "R"),
                ("https://my-bucket.us-east-1.linodeobjects.com", "R"),
                ("bücket", "R"),
            ],
        );
    }

    #[test]
    fn every_suggested_endpoint_passes_with_scheme_and_without() {
        silent(endpoint, ENDPOINTS);
        for host in ENDPOINTS {
            silent(endpoint, &[&["https://", host].concat(), &["https://", host, "/"].concat()]);
        }
    }

    #[test]
    fn endpoints() {
        table(
            endpoint,
            &[
                ("us-iad-10.linodeobjects.com", ""),
                ("us-east-1.linodeobjects.com:443", ""),
                ("US-East-1.LinodeObjects.com", ""),
                ("storage.example.com", "w"),
                ("us-east-1", "w"),
                ("linodeobjects.com", "w"),
                ("https://", "w"),
                ("notlinodeobjects.com", "w"),
                ("😀", "w"),
                ("us-east-1.linodeobjects.com/my-bucket", "R"),
                ("https://us-east-1.linodeobjects.com/my-bucket", "R"),
                ("us-east-1.linodeobjects.com?x=1", "R"),
                ("us-east-1 .linodeobjects.com", "R"),
            ],
        );
    }

    #[test]
    fn a_host_that_begins_with_the_bucket_is_suspicious() {
        for (typed, bucket, expected) in [
            ("my-bucket.us-east-1.linodeobjects.com", "my-bucket", "w"),
            ("https://my.bucket.us-east-1.linodeobjects.com", "my.bucket", "w"),
            ("us-east-1.linodeobjects.com", "my-bucket", ""),
            ("my-bucket-2.linodeobjects.com", "my-bucket", ""),
            ("us-east-1.linodeobjects.com", "", ""),
        ] {
            let seen = Look { object: &beside("bucket", bucket), ..look(typed) };

            assert_eq!(levels(endpoint, &seen), expected, "{typed} beside {bucket}");
        }
    }
}

//! Wasabi. Its keys have no form that could be relied on.

use super::{bare, ipv4, judge};
use crate::schema::{Findings, Look};

/// Regions known in 2026, for suggestions only.
pub const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-central-1",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "eu-central-1",
    "eu-central-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
];

/// A bucket's name (Wasabi, "Creating a Bucket").
///
/// Refused: anything but 3 to 63 lower-case letters, digits, `.` and `-` with a letter or digit at both ends. A warning:
/// two dots in a row, the form of an IPv4 address, reserved beginnings and ends.
pub fn bucket(look: &Look<'_>, found: &mut Findings) {
    let lines = concat!(
        bare!(),
        "R![a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\n",
        "use 3 to 63 lower-case letters, digits, `.` and `-`, a letter or digit at both ends\n",
        "W*..*|xn--*|sthree-*|amzn-s3-demo-*|*-s3alias|*--ol-s3|*.mrap|*--x-s3|*--table-s3|",
        ipv4!(),
        "\ncheck it: no IP address, no `..`, no reserved names",
    );
    judge(look, found, lines);
}

/// A region or its alias (Wasabi, "Service URLs for Wasabi's Storage Regions"). A warning: what has not the form of one.
pub fn region(look: &Look<'_>, found: &mut Findings) {
    judge(look, found, "W![a-z]{2,5}-[a-z0-9-]{1,}|!*-[0-9]{1,2}|*--*\nusually like `us-east-1`");
}

#[cfg(test)]
mod tests {
    use super::super::tests::*;
    use super::*;

    #[test]
    fn buckets() {
        let longest = "a".repeat(63);
        let long = "a".repeat(64);
        table(
            bucket,
            &[
                ("my-wasabi-bucket", ""),
                ("www.example.com", ""),
                ("0-0", ""),
                (&longest, ""),
                ("a..b", "w"),
                ("192.168.5.4", "w"),
                ("xn--bcher-kva", "w"),
                ("sthree-x", "w"),
                ("amzn-s3-demo-x", "w"),
                ("x-s3alias", "w"),
                ("x--ol-s3", "w"),
                ("x.mrap", "w"),
                ("x--x-s3", "w"),
                ("x--table-s3", "w"),
                (&long, "R"),
                ("ab", "R"),
                ("My-bucket", "R"),
                ("my_bucket", "R"),
                (".bucket", "R"),
                ("bucket.", "R"),
                ("my bucket", "R"),
                ("s3://my-bucket", "R"),
                ("bücket", "R"),
            ],
        );
    }

    #[test]
    fn every_suggested_region_and_every_alias_passes() {
        silent(region, REGIONS);
        silent(region, &["nl-1", "de-1", "uk-1", "fr-1", "uk-2", "it-1"]);
    }

    #[test]
    fn regions_are_never_refused() {
        table(
            region,
            &[
                ("us-east", "w"),
                ("us_east_1", "w"),
                ("s3.us-east-1.wasabisys.com", "w"),
                ("https://s3.us-east-1.wasabisys.com", "w"),
                ("us-east-1-dell-obs", "w"),
                ("-1", "w"),
                ("nl-", "w"),
                ("1", "w"),
                ("😀", "w"),
            ],
        );
    }
}

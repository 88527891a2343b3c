//! DigitalOcean Spaces. Its keys have no form that could be relied on.

use super::{bare, holds, judge, legacy_bucket, value, web};
use crate::schema::{Findings, Look, text};

/// Regions known in 2026, for suggestions only.
pub const REGIONS: &[&str] = &["nyc3", "sfo2", "sfo3", "ams3", "fra1", "sgp1", "lon1", "tor1", "blr1", "syd1", "atl1"];

/// A region's slug (DigitalOcean, "Spaces Availability").
///
/// Refused: an address, `/` or spaces in it. A warning: what has not the form of a slug; of a host name it says which part
/// to use.
pub fn region(look: &Look<'_>, found: &mut Findings) {
    let Some(region) = value(look) else { return };
    if slug(region) {
        return;
    }
    let (mut named, mut rest) = ("nyc3", web::address(region).host);
    while !rest.is_empty() {
        let (label, tail) = text::cut(rest, b'.');
        if slug(label) {
            named = label;
        }
        rest = tail.strip_prefix('.').unwrap_or(tail);
    }
    let parts = ["use the region alone, such as `", named, "`"];
    if holds("*[/ ]*", region) {
        found.reject(&parts);
    } else {
        found.warn(&parts);
    }
}

/// A Space's name (DigitalOcean, "Create a Spaces Bucket").
///
/// Refused: anything but 3 to 255 letters, digits, `.`, `_` and `-`. A warning: what a new Space cannot have.
pub fn bucket(look: &Look<'_>, found: &mut Findings) {
    let lines = concat!(
        legacy_bucket!(),
        "W![a-z0-9-]{3,63}\ncheck it: new Spaces have 3 to 63 lower-case letters, digits and `-`"
    );
    judge(look, found, lines);
}

/// Three letters and a number.
fn slug(region: &str) -> bool {
    holds("[a-z]{3,3}[0-9]{1,2}", region)
}

#[cfg(test)]
mod tests {
    use super::super::{look, tests::*};
    use super::*;

    #[test]
    fn every_suggested_region_passes_and_so_do_new_ones() {
        silent(region, REGIONS);
        silent(region, &["ric1", "xyz12"]);
    }

    #[test]
    fn regions() {
        table(
            region,
            &[
                ("NYC3", "w"),
                ("nyc", "w"),
                ("nyc123", "w"),
                ("us-east-1", "w"),
                ("nyc3.digitaloceanspaces.com", "w"),
                ("nyç3", "w"),
                ("😀", "w"),
                ("https://nyc3.digitaloceanspaces.com", "R"),
                ("nyc3/", "R"),
                ("New York 3", "R"),
            ],
        );
    }

    #[test]
    fn the_region_is_picked_from_a_host_name() {
        for (typed, told) in [
            ("sfo3.digitaloceanspaces.com", "`sfo3`"),
            ("my-space.ric1.digitaloceanspaces.com", "`ric1`"),
            ("my-space.ams3.CDN.DigitalOceanSpaces.com", "`ams3`"),
            ("https://fra1.digitaloceanspaces.com/", "`fra1`"),
            ("digitaloceanspaces.com", "`nyc3`"),
            ("my-space.digitaloceanspaces.com", "`nyc3`"),
            ("somewhere else", "`nyc3`"),
        ] {
            let all = messages(region, &look(typed));

            assert_eq!(all, [["use the region alone, such as ", told].concat()], "{typed}");
        }
    }

    #[test]
    fn buckets() {
        let long = "a".repeat(64);
        let too_long = "a".repeat(256);
        table(
            bucket,
            &[
                ("my-space", ""),
                ("example-do-bucket", ""),
                ("abc", ""),
                ("www.example.com", "w"),
                ("My_Space", "w"),
                (&long, "w"),
                (&too_long, "R"),
                ("ab", "R"),
                ("my space", "R"),
                ("my-space/images", "R"),
                ("https://my-space.nyc3.digitaloceanspaces.com", "R"),
                ("späce", "R"),
                ("arn:aws:s3:::my-bucket", "R"),
            ],
        );
    }
}

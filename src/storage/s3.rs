//! Amazon S3.

use super::{arn, bare, base64_of_40, ipv4, judge, legacy_bucket};
use crate::schema::{Findings, Look};

/// Regions known in 2026, for suggestions only: new ones open every year.
pub const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "sa-west-1",
];

/// A bucket's name (AWS, "General purpose bucket naming rules").
///
/// Refused: what no bucket ever had, that is anything but 3 to 255 letters, digits, `.`, `_` and `-`. A warning: what a
/// new bucket cannot have; dots, which the certificates for HTTPS do not cover; an ARN. Aliases of access points are fine.
pub fn bucket(look: &Look<'_>, found: &mut Findings) {
    let lines = concat!(
        arn!(),
        legacy_bucket!(),
        "w![a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|*..*|",
        ipv4!(),
        "\ncheck it: new buckets have 3 to 63 lower-case letters, digits, `.` and `-`\n",
        "W*.*\nprefer a bucket without dots: HTTPS certificates do not cover them",
    );
    judge(look, found, lines);
}

/// A region (AWS, "Regions and Availability Zones").
///
/// Refused: what has not the form of a region, such as `us-east-1a`. A warning: regions of China, of governments and of
/// the sovereign cloud, whose endpoints a CDN may not use.
pub fn region(look: &Look<'_>, found: &mut Findings) {
    let lines = "R![a-z]{2,5}-[a-z0-9-]{1,}-[0-9]{1,2}|*--*\nuse a region code such as `us-east-1`\n\
        Wcn-*|us-gov-*|eusc-*|us-iso*|eu-iso*\nthe CDN may not reach regions outside the public AWS cloud";
    judge(look, found, lines);
}

/// The id of an access key (AWS IAM, "IAM identifiers", unique id prefixes).
///
/// Refused: anything but 16 to 128 letters, digits and `_`. A warning: a temporary key, and what is no key of a user.
pub fn access_key_id(look: &Look<'_>, found: &mut Findings) {
    let lines = "R![A-Za-z0-9_]{16,128}\nuse 16 to 128 letters, digits and `_`; is this the secret?\n\
        WASIA*\na temporary key will stop working; use one with `AKIA`\n\
        W!AKIA[A-Z0-9]{16,16}\nusually `AKIA` and 16 capitals or digits";
    judge(look, found, lines);
}

/// The secret of an access key (AWS IAM, "Managing access keys").
///
/// A warning: what is not 40 characters of Base64, or looks like the key's id. AWS promises no form.
pub fn secret_access_key(look: &Look<'_>, found: &mut Findings) {
    let lines = concat!("WA[KS]IA[A-Z0-9]{16,16}\nthis looks like the key's id; use its secret\n", base64_of_40!());
    judge(look, found, lines);
}

#[cfg(test)]
mod tests {
    use super::super::{look, tests::*};
    use super::*;

    #[test]
    fn buckets_as_they_are_made_today_pass() {
        let longest = "a".repeat(63);
        silent(
            bucket,
            &[
                "my-bucket",
                "example-bucket",
                "abc",
                "0-0",
                "1234567890",
                &longest,
                "my-ap-1a2b3c4d5e-s3alias",
                "my-olap-1a2b3c--ol-s3",
                "name--use1-az4--x-s3",
                "xn--bcher-kva",
                "name-123456789012-us-east-1-an",
            ],
        );
    }

    #[test]
    fn buckets_of_earlier_days_and_doubtful_ones_are_only_warned_about() {
        let long = "a".repeat(64);
        let longest = "A".repeat(255);
        table(
            bucket,
            &[
                ("My_Bucket", "w"),
                ("UPPER", "w"),
                ("under_score", "w"),
                (&long, "w"),
                (&longest, "w"),
                ("-bucket", "w"),
                ("bucket-", "w"),
                ("___", "w"),
                ("www.example.com", "w"),
                ("a..b", "ww"),
                ("My.Bucket", "ww"),
                ("192.168.5.4", "ww"),
                ("arn:aws:s3:::my-bucket", "w"),
                ("arn:aws:s3:us-west-2:123456789012:accesspoint/mine", "w"),
                ("arn:aws-cn:s3:::x", "w"),
            ],
        );
    }

    #[test]
    fn what_no_bucket_ever_had_is_refused() {
        let long = "a".repeat(256);
        let huge = "a".repeat(100_000);
        table(
            bucket,
            &[
                ("ab", "R"),
                (&long, "R"),
                (&huge, "R"),
                ("s3://my-bucket", "R"),
                ("my-bucket/images", "R"),
                ("my bucket", "R"),
                ("my:bucket", "R"),
                ("bücket", "R"),
                ("b😀cket", "R"),
                ("$web", "R"),
            ],
        );
    }

    #[test]
    fn every_suggested_region_passes() {
        silent(region, REGIONS);
    }

    #[test]
    fn regions_not_heard_of_yet_pass() {
        silent(region, &["xx-nowhere-1", "eu-north-12", "us-new-part-east-3"]);
    }

    #[test]
    fn regions_of_other_partitions_are_warned_about() {
        for name in [
            "cn-north-1",
            "cn-northwest-1",
            "us-gov-east-1",
            "us-gov-west-1",
            "eusc-de-east-1",
            "us-iso-east-1",
            "us-iso-west-1",
            "us-isob-east-1",
            "us-isob-west-1",
            "us-isof-south-1",
            "us-isof-east-1",
            "eu-isoe-west-1",
        ] {
            assert_eq!(levels(region, &look(name)), "w", "{name}");
        }
    }

    #[test]
    fn what_has_not_the_form_of_a_region_is_refused() {
        let huge = "a-".repeat(50_000);
        for name in [
            "US East (N. Virginia)",
            "us-east-1a",
            "us_east_1",
            "US-EAST-1",
            "us-east",
            "us-1",
            "useast1",
            "us--east-1",
            "-us-east-1",
            "us-east-1-",
            "us-east-123",
            "toolong-east-1",
            "u-east-1",
            "u5-east-1",
            "s3.us-east-1.amazonaws.com",
            "https://s3.us-east-1.amazonaws.com",
            "auto",
            "us-éast-1",
            "😀",
            &huge,
        ] {
            assert_eq!(levels(region, &look(name)), "R", "{name}");
        }
    }

    #[test]
    fn ids_of_access_keys() {
        let longest = "A".repeat(128);
        let long = "A".repeat(129);
        table(
            access_key_id,
            &[
                ("AKIAIOSFODNN7EXAMPLE", ""),
                ("EXAMPLEACCESSKEYID00", "w"),
                ("ASIAIOSFODNN7EXAMPLE", "w"),
                ("AIDAIOSFODNN7EXAMPLE", "w"),
                ("AROAIOSFODNN7EXAMPLE", "w"),
                ("akiaiosfodnn7example", "w"),
                ("AKIAIOSFODNN7EXAMPLE0", "w"),
                ("with_underscore_16", "w"),
                ("ABCDEFGHIJKLMNOP", "w"),
                (&longest, "w"),
                ("ABCDEFGHIJKLMNO", "R"),
                (&long, "R"),
                ("EXAMPLE/NOT+A/REAL/SECRET/KEY/0000000000", "R"),
                ("AKIA IOSFODNN7EXAMPLE", "R"),
                ("AKIAIOSFODNN7EXAMPLÉ", "R"),
            ],
        );
    }

    #[test]
    fn a_temporary_key_is_called_by_its_name() {
        let told = messages(access_key_id, &look("ASIAIOSFODNN7EXAMPLE"));

        assert_eq!(told, ["a temporary key will stop working; use one with `AKIA`"]);
    }

    #[test]
    fn secrets_are_never_refused() {
        table(
            secret_access_key,
            &[
                ("EXAMPLE/NOT+A/REAL/SECRET/KEY/0000000000", ""),
                ("EXAMPLENOTAREALGCSHMACSECRET000000000000", ""),
                ("EXAMPLE-NOT-A-SECRET", "w"),
                ("AKIAIOSFODNN7EXAMPLE", "w"),
                ("😀", "w"),
                ("{\"a\":1}", "w"),
            ],
        );
    }
}

//! Google Cloud Storage.

use super::{bare, base64_of_40, ipv4, judge};
use crate::schema::{Findings, Look};

/// A bucket's name (Google, "About Cloud Storage buckets", bucket naming guidelines).
///
/// Refused: anything but 3 to 222 lower-case letters, digits, `.`, `_` and `-` with a letter or digit at both ends. A
/// warning: the form of an IPv4 address, a name with Google's in it, more than 63 characters between dots.
pub fn bucket(look: &Look<'_>, found: &mut Findings) {
    let lines = concat!(
        bare!(),
        "R![a-z0-9][a-z0-9._-]{1,220}[a-z0-9]\n",
        "use 3 to 222 lower-case letters, digits, `.`, `_` and `-`, a letter or digit at both ends\n",
        "Wgoog*|*google*|*[a-z0-9_-]{64,}*|",
        ipv4!(),
        "\ncheck it: no IP address, no `google`, up to 63 characters between dots",
    );
    judge(look, found, lines);
}

/// The access id of an HMAC key (Google, "HMAC keys").
///
/// Refused: a service account's JSON, a private key, an e-mail address. A warning: what is not `GOOG` and letters and
/// digits, 24 for a user and 61 for a service account.
pub fn access_key(look: &Look<'_>, found: &mut Findings) {
    let lines = "R{*|*@*|*-----BEGIN*\nuse the access id of an HMAC key, not a service account\n\
        W!GOOG[A-Za-z0-9]{20,57}|GOOG[A-Za-z0-9]{21,56}\nusually 24 or 61 letters and digits, `GOOG` first";
    judge(look, found, lines);
}

/// The secret of an HMAC key (Google, "HMAC keys"). A warning: what is not 40 characters of Base64.
pub fn secret(look: &Look<'_>, found: &mut Findings) {
    judge(look, found, base64_of_40!());
}

#[cfg(test)]
mod tests {
    use super::super::tests::*;
    use super::*;

    #[test]
    fn buckets() {
        let part = "a".repeat(63);
        let long_part = "a".repeat(64);
        let longest = format!("{part}.{part}.{part}.{}", "a".repeat(30));
        let too_long = format!("{longest}a");
        let huge = "a".repeat(100_000);
        table(
            bucket,
            &[
                ("my-gcs-bucket", ""),
                ("example-gcs-bucket", ""),
                ("my_bucket", ""),
                ("www.example.com", ""),
                ("abc", ""),
                ("0b0", ""),
                (&longest, ""),
                (&long_part, "w"),
                ("192.168.5.4", "w"),
                ("googol", "w"),
                ("my-google-bucket", "w"),
                (&too_long, "R"),
                (&huge, "R"),
                ("ab", "R"),
                ("My-bucket", "R"),
                ("-bucket", "R"),
                ("bucket_", "R"),
                ("gs://my-bucket", "R"),
                ("my-bucket/images", "R"),
                ("my bucket", "R"),
                ("arn:aws:s3:::my-bucket", "R"),
                ("bücket", "R"),
                ("b😀cket", "R"),
            ],
        );
    }

    #[test]
    fn access_ids() {
        table(
            access_key,
            &[
                ("GOOG1EEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPL", ""),
                ("GOOGTS7C7FUP3AIRVJTE2BCD", ""),
                ("EXAMPLEHMACKEYID0000", "w"),
                ("GOOGSHORT", "w"),
                ("AKIAIOSFODNN7EXAMPLE", "w"),
                ("😀", "w"),
                ("{\"type\":\"service_account\"}", "R"),
                ("-----BEGIN PRIVATE KEY-----", "R"),
                ("images@my-project.iam.gserviceaccount.com", "R"),
            ],
        );
    }

    #[test]
    fn secrets_are_never_refused() {
        table(
            secret,
            &[
                ("EXAMPLENOTAREALGCSHMACSECRET000000000000", ""),
                ("bGoa+V7g/yqDXvKRqq+JTFn4uQZbPiQJo4pf9RzJ", ""),
                ("EXAMPLE-NOT-A-SECRET", "w"),
                ("{\"type\":\"service_account\"}", "w"),
                ("-----BEGIN PRIVATE KEY-----", "w"),
            ],
        );
    }
}

//! Cloudflare R2.

use super::{bare, judge, says, value, web};
use crate::schema::{Findings, Look};

/// A bucket's name (Cloudflare, "Create new buckets").
///
/// Refused: anything but 3 to 64 lower-case letters, digits and `-` with a letter or digit at both ends.
pub fn bucket(look: &Look<'_>, found: &mut Findings) {
    let lines = concat!(
        bare!(),
        "R![a-z0-9][a-z0-9-]{1,62}[a-z0-9]\n",
        "use 3 to 64 lower-case letters, digits and `-`, a letter or digit at both ends",
    );
    judge(look, found, lines);
}

/// The id of an access key (Cloudflare, "R2 API tokens"). A warning: what is not 32 hex digits, such as the API token.
pub fn access_key(look: &Look<'_>, found: &mut Findings) {
    judge(look, found, "W![0-9A-Fa-f]{32,32}\nusually 32 hex digits; an API token is no access key");
}

/// The secret of an access key (Cloudflare, "R2 API tokens"). A warning: what is not 64 hex digits.
pub fn secret(look: &Look<'_>, found: &mut Findings) {
    judge(look, found, "W![0-9A-Fa-f]{64,64}\nusually 64 hex digits");
}

/// The S3 endpoint of an account (Cloudflare, "S3 API"), perhaps with a jurisdiction. A warning: any other host, such as
/// a public `r2.dev` one, and a path.
pub fn endpoint(look: &Look<'_>, found: &mut Findings) {
    let Some(text) = value(look) else { return };
    let at = web::address(text);
    let lines =
        "W!~[0-9a-f]{32,32}.*|!~*.r2.cloudflarestorage.com/\nusually `https://<account id>.r2.cloudflarestorage.com`";
    says(&[at.host, "/", at.path].concat(), found, lines);
}

#[cfg(test)]
mod tests {
    use super::super::tests::*;
    use super::*;

    #[test]
    fn buckets() {
        let longest = "a".repeat(64);
        let long = "a".repeat(65);
        let huge = "a".repeat(100_000);
        table(
            bucket,
            &[
                ("my-r2-bucket", ""),
                ("abc", ""),
                ("0--0", ""),
                (&longest, ""),
                (&long, "R"),
                (&huge, "R"),
                ("ab", "R"),
                ("-ab", "R"),
                ("ab-", "R"),
                ("My-bucket", "R"),
                ("my.bucket", "R"),
                ("my_bucket", "R"),
                ("my-bucket/images", "R"),
                ("https://x.r2.dev", "R"),
                ("bücket", "R"),
            ],
        );
    }

    #[test]
    fn keys_are_never_refused() {
        table(
            access_key,
            &[
                ("0123456789abcdef0123456789abcdef", ""),
                ("0123456789ABCDEF0123456789ABCDEF", ""),
                ("0123456789abcdef0123456789abcde", "w"),
                ("v1x0x0EXAMPLEEXAMPLEEXAMPLEEXAMPLE000000", "w"),
                ("😀", "w"),
            ],
        );
        table(
            secret,
            &[
                ("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", ""),
                ("0123456789abcdef0123456789abcdef", "w"),
                ("v1x0x0EXAMPLEEXAMPLEEXAMPLEEXAMPLE000000", "w"),
            ],
        );
    }

    #[test]
    fn endpoints_are_never_refused() {
        table(
            endpoint,
            &[
                ("https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com", ""),
                ("https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com/", ""),
                ("0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com:443", ""),
                ("https://0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com", ""),
                ("https://0123456789abcdef0123456789abcdef.fedramp.r2.cloudflarestorage.com", ""),
                ("https://0123456789abcdef0123456789abcdef.us.r2.cloudflarestorage.com", ""),
                ("https://0123456789ABCDEF0123456789abcdef.R2.CloudflareStorage.com", ""),
                ("https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com/my-bucket", "w"),
                ("https://account.r2.cloudflarestorage.com", "w"),
                ("https://pub-0123456789abcdef0123456789abcdef.r2.dev", "w"),
                ("https://images.example.com", "w"),
                ("r2.cloudflarestorage.com", "w"),
                ("https://", "w"),
                ("😀", "w"),
            ],
        );
    }
}

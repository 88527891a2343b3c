//! Microsoft Azure Storage: blob containers and file shares.

use super::{bare, holds, judge, says, value};
use crate::schema::{Findings, Look, text};

/// The name of a storage account (Microsoft, "Storage account overview"). Refused: anything but 3 to 24 lower-case letters
/// and digits.
pub fn account(look: &Look<'_>, found: &mut Findings) {
    judge(look, found, concat!(bare!(), "R![a-z0-9]{3,24}\nuse 3 to 24 lower-case letters and digits"));
}

macro_rules! share {
    () => {
        concat!(
            bare!(),
            "R![a-z0-9][a-z0-9-]{1,61}[a-z0-9]|*--*\n",
            "use 3 to 63 lower-case letters, digits and single `-` between them",
        )
    };
}

/// The name of a blob container (Microsoft, "Naming and referencing containers, blobs, and metadata").
///
/// Refused: anything but 3 to 63 lower-case letters, digits and single `-` between them, or `$root`, `$web`, `$logs`.
pub fn container(look: &Look<'_>, found: &mut Findings) {
    judge(look, found, concat!("W$root|$web|$logs\n\n", share!()));
}

/// The name of a file share (Microsoft, "Naming and referencing shares, directories, files, and metadata").
///
/// Refused: anything but 3 to 63 lower-case letters, digits and single `-` between them.
pub fn share(look: &Look<'_>, found: &mut Findings) {
    judge(look, found, share!());
}

/// A SAS token, with the leading `?` or without (Microsoft, "Create an account SAS", "Create a service SAS").
///
/// Refused: a whole URL or connection string, a token without `sig=`. A warning: no `sv`; expired; no permission to read;
/// an account SAS for other services or without objects; limits on address and protocol.
///
/// The service is read from `service_type` (ImageBoss) or `azure_service_type` (imgix) beside it.
pub fn sas_token(look: &Look<'_>, found: &mut Findings) {
    let Some(token) = value(look) else { return };
    let service = look.beside("service_type").or_else(|| look.beside("azure_service_type"));
    let token = token.strip_prefix('?').unwrap_or(token);
    // The service first, and every parameter between two `&`.
    let whole = [service.as_deref().unwrap_or_default(), "&&", token, "&"].concat();
    let foreign = "R~http://*|~https://*|*AccountKey=*|*DefaultEndpointsProtocol=*|*SharedAccessSignature=*\n\
        use the SAS token alone, from `sv=` on";
    let broken = "R!*&sig=*\nuse a SAS token: it contains `sig=`\nw!*&sv=*\ncheck it: `sv=` is missing";
    if says(look.value, found, foreign) || says(&whole, found, broken) {
        return;
    }
    let end = text::find(whole.as_bytes(), b"&se=").and_then(|place| whole.get(place + 4..place + 14));
    if let (Some(end), Some(today)) = (end, look.today.and_then(|today| today.get(..10)))
        && holds("[0-9-]{10,10}", end)
        && end < today
    {
        found.warn(&["expired: make a new one"]);
    }
    let doubtful = "w*&sp=[^r&]{0,}&*\ngive it read (`r`) and list (`l`) permission\n\
        wblob&*&ss=[^b&]{0,}&*|file&*&ss=[^f&]{0,}&*|file-share&*&ss=[^f&]{0,}&*|*&ss=[^bf&]{0,}&*\n\
        allow the service: `ss` is `b` for blobs, `f` for files\n\
        w*&srt=[^o&]{0,}&*\nallow objects (`o`) and containers (`c`) in `srt`\n\
        w*&sip=*|*&spr=http&*\nleave out `sip` and `spr=http`: the CDN's addresses are not yours";
    says(&whole, found, doubtful);
}

#[cfg(test)]
mod tests {
    use super::super::{look, tests::*};
    use super::*;

    const GOOD: &str = "?sv=2024-11-04&ss=b&srt=co&sp=rl&st=2026-01-01T00:00:00Z&se=2055-12-31T00:00:00Z&spr=https&sig=RVhBTVBMRS1OT1QtQS1SRUFMLVNJR05BVFVSRS0wMDA%3D";
    const FILE: &str = "sv=2024-11-04&ss=f&srt=co&sp=rl&se=2055-12-31T00%3A00%3A00Z&spr=https&sig=RVhBTVBMRS1OT1Q%3D";

    #[test]
    fn accounts() {
        let longest = "a".repeat(24);
        let long = "a".repeat(25);
        table(
            account,
            &[
                ("myaccount01", ""),
                ("exampleaccount", ""),
                ("abc", ""),
                ("007", ""),
                (&longest, ""),
                (&long, "R"),
                ("ab", "R"),
                ("my-account", "R"),
                ("MyAccount", "R"),
                ("https://x.blob.core.windows.net", "R"),
                ("x.blob.core.windows.net", "R"),
                ("my account", "R"),
                ("äccount", "R"),
            ],
        );
    }

    #[test]
    fn containers_and_shares_follow_the_same_rules() {
        let longest = "a".repeat(63);
        let long = "a".repeat(64);
        let dashes = "a-".repeat(31) + "a";
        let huge = "a".repeat(100_000);
        let rows = [
            ("images", ""),
            ("images-share", ""),
            ("example-container", ""),
            ("a-b", ""),
            ("000", ""),
            (&*longest, ""),
            (&*dashes, ""),
            (&*long, "R"),
            (&*huge, "R"),
            ("ab", "R"),
            ("a--b", "R"),
            ("-ab", "R"),
            ("ab-", "R"),
            ("Images", "R"),
            ("my_images", "R"),
            ("my.images", "R"),
            ("images/a", "R"),
            ("my images", "R"),
            ("https://x.blob.core.windows.net/images", "R"),
            ("$other", "R"),
            ("bilder-ü", "R"),
        ];

        table(container, &rows);
        table(share, &rows);
    }

    #[test]
    fn the_special_containers_are_no_shares() {
        for name in ["$root", "$web", "$logs"] {
            assert_eq!(levels(container, &look(name)), "", "{name}");
            assert_eq!(levels(share, &look(name)), "R", "{name}");
        }
    }

    #[test]
    fn tokens() {
        let huge = format!("?sv=2024-11-04&sig={}", "a".repeat(100_000));
        table(
            sas_token,
            &[
                (GOOD, ""),
                (GOOD.trim_start_matches('?'), ""),
                (FILE, ""),
                ("sv=2024-11-04&sr=c&si=policy&sig=abc%3D", ""),
                ("sig=abc&sv=2024-11-04", ""),
                ("sv=2024-11-04&skoid=x&sktid=x&sr=c&sp=racwdl&se=2055-12-31&sig=abc", ""),
                ("sv=2024-11-04&spr=https,http&sig=abc", ""),
                ("sv=2024-11-04&spr=https%2Chttp&sig=abc", ""),
                (&huge, ""),
                ("sig=abc", "w"),
                ("sv=2024-11-04&sp=wl&sig=abc", "w"),
                ("sv=2024-11-04&ss=qt&srt=o&sp=r&sig=abc", "w"),
                ("sv=2024-11-04&ss=b&srt=c&sp=r&sig=abc", "w"),
                ("sv=2024-11-04&sip=10.0.0.1&sig=abc", "w"),
                ("sv=2024-11-04&spr=http&sig=abc", "w"),
                ("ss=q&srt=s&sp=w&sip=1&sig=abc", "wwwww"),
                ("sv=2024-11-04&ss=b", "R"),
                ("sv=2024-11-04&amp;sig=abc", "R"),
                ("nosig=abc", "R"),
                ("sig", "R"),
                ("?", "R"),
                ("https://x.blob.core.windows.net/images?sv=2024-11-04&sig=abc", "R"),
                ("HTTPS://x.blob.core.windows.net/images?sv=2024-11-04&sig=abc", "R"),
                ("http://x.blob.core.windows.net/images", "R"),
                ("DefaultEndpointsProtocol=https;AccountName=x;AccountKey=abc==;EndpointSuffix=core.windows.net", "R"),
                ("BlobEndpoint=https://x;SharedAccessSignature=sv=2024-11-04&sig=abc", "R"),
                ("EXAMPLE-NOT-A-SECRET", "R"),
                ("😀", "R"),
            ],
        );
    }

    #[test]
    fn an_account_token_must_be_for_the_service_chosen_beside_it() {
        for (name, service, token, expected) in [
            ("service_type", "blob", GOOD, ""),
            ("service_type", "blob", FILE, "w"),
            ("service_type", "file-share", FILE, ""),
            ("service_type", "file-share", GOOD, "w"),
            ("azure_service_type", "blob", GOOD, ""),
            ("azure_service_type", "file", FILE, ""),
            ("azure_service_type", "file", GOOD, "w"),
            ("service_type", "blob", "sv=1&ss=bfqt&sig=x", ""),
            ("service_type", "blob", "sv=1&sr=c&sig=x", ""),
            ("service_type", "something-new", FILE, ""),
            ("azure_service_type", "", FILE, ""),
        ] {
            let seen = Look { object: &beside(name, service), ..look(token) };

            assert_eq!(levels(sas_token, &seen), expected, "{service} and {token}");
        }
    }

    #[test]
    fn a_token_whose_last_day_is_over_is_a_warning() {
        for (end, expected) in [
            ("2026-02-28T23:59:59Z", "w"),
            ("2026-02-28", "w"),
            ("2026-02-28T23%3A59%3A59Z", "w"),
            ("2025-12-31T23:59:59Z", "w"),
            ("2020-01-01T00:00:00+01:00", "w"),
            ("2026-03-01T00:00:00Z", ""),
            ("2026-03-02", ""),
            ("9999-12-31", ""),
            ("99999999999999999999-01-01", ""),
            ("2020-01", ""),
            ("20é0-01-01", ""),
            ("yesterday, long ago", ""),
            ("%", ""),
            ("", ""),
        ] {
            let token = ["sv=2024-11-04&sp=r&sig=abc&se=", end].concat();

            assert_eq!(
                levels(sas_token, &Look { today: Some("2026-03-01T12:00:00.000Z"), ..look(&token) }),
                expected,
                "{end}"
            );
            assert_eq!(levels(sas_token, &look(&token)), "", "{end}");
        }
    }
}

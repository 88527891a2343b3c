//! `Retry-After` in both its forms.

use super::date::seconds;
use super::http::Response;
use crate::schema::pattern::holds;
use crate::schema::text;

const DAY_MS: f64 = 86_400_000.0;

/// How long the provider asks us to wait, in milliseconds from the answer on; at most one day.
///
/// A date is measured against the answer's own `Date`, never against the local clock, which may be wrong. Values that
/// are malformed, negative or without a `Date` to measure against tell nothing; a date in the past means at once.
pub(crate) fn parse(response: &Response) -> Option<f64> {
    let value = response.header("retry-after")?.trim_ascii();
    let seconds = if holds("[0-9]{1,}", value) {
        f64::from(text::number(value).unwrap_or(u32::MAX))
    } else {
        http_date(value)? - http_date(response.header("date")?)?
    };
    Some((seconds * 1000.0).clamp(0.0, DAY_MS))
}

/// Seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`: every part has its fixed place.
pub(crate) fn http_date(text: &str) -> Option<f64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let place = text::find(MONTHS.as_bytes(), text.get(8..11)?.as_bytes())?;
    if place % 3 != 0 || text.get(25..) != Some(" GMT") {
        return None;
    }
    seconds(text, 12, u32::try_from(place / 3).ok()? + 1, 5, 17)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(value: &str, date: Option<&str>) -> Option<f64> {
        let mut headers = vec![("Retry-After".to_owned(), value.to_owned())];
        headers.extend(date.map(|date| ("Date".to_owned(), date.to_owned())));
        parse(&Response { status: 429, headers, body: Vec::new() })
    }

    const NOW: Option<&str> = Some("Sun, 06 Nov 1994 08:49:37 GMT");

    #[test]
    fn seconds_are_bounded_by_a_day() {
        assert_eq!(after("0", None), Some(0.0));
        assert_eq!(after(" 120 ", None), Some(120_000.0));
        assert_eq!(after("3000000", None), Some(DAY_MS));
        assert_eq!(after(&"9".repeat(400), None), Some(DAY_MS));
    }

    #[test]
    fn a_date_is_measured_against_the_answers_own_date() {
        assert_eq!(after("Sun, 06 Nov 1994 08:50:07 GMT", NOW), Some(30_000.0));
        assert_eq!(after("Mon, 01 Jan 1990 00:00:00 GMT", NOW), Some(0.0));
        assert_eq!(after("Fri, 31 Dec 9999 23:59:59 GMT", NOW), Some(DAY_MS));
        assert_eq!(after("Sun, 06 Nov 1994 08:50:07 GMT", None), None);
        assert_eq!(after("Thu, 29 Feb 2024 00:00:00 GMT", Some("Wed, 28 Feb 2024 23:59:00 GMT")), Some(60_000.0));
    }

    #[test]
    fn nonsense_tells_nothing() {
        for value in [
            "",
            "-1",
            "1.5",
            "1e3",
            "0x10",
            "NaN",
            "soon",
            "1, 2",
            "Sun, 06 Nov",
            "Sun, 99 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
        ] {
            assert_eq!(after(value, NOW), None, "{value}");
        }
    }
}

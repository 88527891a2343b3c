//! Moments in answers.

use crate::schema::pattern::holds;
use crate::schema::text;

/// Milliseconds since 1970 of a moment such as `2026-03-05T14:10:00.5Z` or with an offset such as `+02:00` (RFC 3339).
pub(crate) fn rfc3339(text: &str) -> Option<f64> {
    let seconds = seconds(text, 0, number(text, 5, 2)?, 8, 11)?;
    // Behind them a fraction, which we do not need, and then the offset.
    let rest = text.get(19..)?;
    let offset = if holds("[.0-9]{0,}[Zz]", rest) {
        0.0
    } else if holds("[.0-9]{0,}[+-][0-9]{2,2}:[0-9]{2,2}", rest) {
        let zone = rest.get(rest.len() - 6..)?;
        let minutes = f64::from(number(zone, 1, 2)? * 60 + number(zone, 4, 2)?);
        if zone.starts_with('-') { -minutes } else { minutes }
    } else {
        return None;
    };
    Some((seconds - offset * 60.0) * 1_000.0)
}

/// The number of so many digits that stands at a place.
fn number(text: &str, from: usize, digits: usize) -> Option<u32> {
    text::number(text.get(from..from + digits)?)
}

/// Seconds since 1970: where year, day and time of day stand in `text` is given, and the month, which is not always a number.
pub(super) fn seconds(text: &str, year: usize, month: u32, day: usize, time: usize) -> Option<f64> {
    let (year, day) = (number(text, year, 4)?, number(text, day, 2)?);
    let (hour, minute, second) = (number(text, time, 2)?, number(text, time + 3, 2)?, number(text, time + 6, 2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || year < 1970 || hour > 23 || minute > 59 || second > 60
    {
        return None;
    }
    // The year is taken to begin in March, so that the leap day comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some(f64::from(days) * 86_400.0 + f64::from(hour * 3600 + minute * 60 + second))
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn a_moment_is_milliseconds_since_1970() {
        for (text, ms) in [
            ("1970-01-01T00:00:00Z", 0.0),
            ("2026-03-05T14:10:00Z", 1_772_719_800_000.0),
            ("2026-03-05T14:10:00.999Z", 1_772_719_800_000.0),
            ("2026-03-05T16:10:00+02:00", 1_772_719_800_000.0),
            ("2026-03-05T08:40:00-05:30", 1_772_719_800_000.0),
            ("2024-02-29T00:00:00z", 1_709_164_800_000.0),
        ] {
            assert_eq!(rfc3339(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "now",
            "2026-03-05",
            "2026-13-05T14:10:00Z",
            "2026-03-05T14:10:00",
            "2026-03-05T14:10:00+0200",
            "é026-03-05T14:10:00Z",
        ] {
            assert_eq!(rfc3339(text), None, "{text}");
        }
    }
}

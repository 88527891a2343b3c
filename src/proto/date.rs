//! Moments in answers.

use crate::schema::text;

/// Milliseconds since 1970 of a moment such as `2026-03-05T14:10:00.5Z` or with an offset such as `+02:00` (RFC 3339).
pub(crate) fn rfc3339(text: &str) -> Option<f64> {
    let number = |from: usize, to: usize| text::number(text.get(from..to)?);
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || year < 1970 || hour > 23 || minute > 59 || second > 60
    {
        return None;
    }
    // Where seconds end: a fraction, which we do not need, and then the offset.
    let rest = text.get(19..)?;
    let zone = rest
        .strip_prefix('.')
        .map_or(rest, |fraction| fraction.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    let offset = match zone.as_bytes() {
        b"Z" | b"z" => 0.0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let minutes = f64::from(text::number(zone.get(1..3)?)? * 60 + text::number(zone.get(4..6)?)?);
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let seconds = f64::from(days(year, month, day)) * 86_400.0 + f64::from(hour * 3600 + minute * 60 + second);
    Some((seconds - offset * 60.0) * 1_000.0)
}

/// Days from 1970 to a day of the Gregorian calendar. The year is taken to begin in March, so that the leap day comes last.
pub(super) fn days(year: u32, month: u32, day: u32) -> u32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469
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

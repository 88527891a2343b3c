//! Dates of the providers as numbers. No clock is read here.

/// Days from 1970 to a date of the Gregorian calendar.
pub(super) fn days(year: u32, month: u32, day: u32) -> Option<f64> {
    if !(1970..10_000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The year begins in March, so that the leap day comes last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(f64::from(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469))
}

/// Milliseconds since 1970 of a time such as `2026-03-05T14:10:00Z`, with or without fraction, with `Z` or an offset.
pub fn rfc3339_ms(text: &str) -> Option<f64> {
    let number = |range: core::ops::Range<usize>| {
        let digits = text.get(range)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok())?
    };
    let sign = |at: usize, signs: &str| text.get(at..=at).is_some_and(|found| signs.contains(found));
    if !(sign(4, "-") && sign(7, "-") && sign(10, "Tt ") && sign(13, ":") && sign(16, ":")) {
        return None;
    }
    let date = days(number(0..4)?, number(5..7)?, number(8..10)?)?;
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let mut rest = text.get(19..)?;
    let mut millis = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.bytes().position(|byte| !byte.is_ascii_digit())?;
        for (place, digit) in fraction.bytes().take(end.min(3)).enumerate() {
            millis += u32::from(digit - b'0') * [100, 10, 1].get(place)?;
        }
        rest = fraction.get(end..)?;
    }
    let offset = match rest.split_at_checked(1)? {
        ("Z" | "z", "") => 0.0,
        (way @ ("+" | "-"), zone) if zone.len() == 5 || zone.len() == 4 => {
            let minutes = zone.get(..2)?.parse::<u32>().ok()? * 60 + zone.get(zone.len() - 2..)?.parse::<u32>().ok()?;
            if way == "+" { f64::from(minutes) } else { -f64::from(minutes) }
        }
        _ => return None,
    };
    let seconds = date * 86_400.0 + f64::from(hour * 3600 + minute * 60 + second) - offset * 60.0;
    Some(seconds * 1000.0 + f64::from(millis))
}

#[cfg(test)]
mod tests {
    use super::rfc3339_ms;

    #[test]
    fn times_with_fraction_and_offset_are_read() {
        assert_eq!(rfc3339_ms("1970-01-01T00:00:00Z"), Some(0.0));
        assert_eq!(rfc3339_ms("2026-03-05T14:10:00Z"), Some(1_772_719_800_000.0));
        assert_eq!(rfc3339_ms("2026-03-05T15:10:00.1239+01:00"), Some(1_772_719_800_123.0));
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in ["", "2026-03-05", "2026-13-05T14:10:00Z", "2026-03-05T14:10:00", "é026-03-05T14:10:00Z", "2026-03-05T14:10:00.Q", "yesterday"] {
            assert_eq!(rfc3339_ms(text), None, "{text}");
        }
    }
}

//! The spellings of a moment that the providers use beside unix seconds.

/// The last millisecond of the year 9999; later times have no four-digit year.
const LAST: u64 = 253_402_300_799_999;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// Whole milliseconds since 1970; what is no such number counts as the nearest one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, and NaN becomes 0")]
pub(super) fn millis(now_ms: f64) -> u64 {
    (now_ms as u64).min(LAST)
}

/// As the `Date` header has it, such as `Thu, 05 Mar 2026 14:10:00 GMT`.
pub(super) fn http_date(ms: u64) -> String {
    let seconds = ms.min(LAST) / 1000;
    let (year, month, day) = civil(seconds / 86_400);
    let week_day = usize::try_from(seconds / 86_400 % 7).ok().and_then(|i| DAYS.get(i)).unwrap_or(&"Thu");
    let month = usize::try_from(month).ok().and_then(|i| MONTHS.get(i.saturating_sub(1))).unwrap_or(&"Jan");
    let (hour, minute, second) = clock(seconds);
    format!("{week_day}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// As RFC 3339 has it, in UTC and whole seconds, such as `2026-03-05T14:10:00Z`.
pub(super) fn rfc3339(ms: u64) -> String {
    let seconds = ms.min(LAST) / 1000;
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = clock(seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A day as one number, such as `20260305`.
pub(super) fn day_number(ms: u64) -> u64 {
    let (year, month, day) = civil(ms.min(LAST) / 86_400_000);
    (year * 100 + month) * 100 + day
}

fn clock(seconds: u64) -> (u64, u64, u64) {
    let second_of_day = seconds % 86_400;
    (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60)
}

/// The Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin in March.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

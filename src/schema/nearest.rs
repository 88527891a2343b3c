//! The nearest known name to a mistyped one.

/// The candidate that is nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 64 {
        return None;
    }
    let plain = normal(name);
    let allowed = 1 + plain.len() / 4;
    candidates
        .map(|candidate| (distance(&plain, &normal(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `accessKeyId`, `access-key-id` and `access_key_id` are the same name to a person.
fn normal(name: &str) -> Vec<u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
}

/// Levenshtein's distance, in which two neighbours that changed places count as one slip.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let cell = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
    let mut previous = None;
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let replaced = cell(&last, j) + usize::from(left != right);
            let mut best = replaced.min(cell(&last, j + 1) + 1).min(cell(&row, j) + 1);
            if j > 0 && previous == Some(right) && b.get(j - 1) == Some(left) {
                best = best.min(cell(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = core::mem::replace(&mut last, row);
        previous = Some(left);
    }
    cell(&last, b.len())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const NAMES: [&str; 4] = ["access_key_id", "secret_access_key", "bucket", "region"];

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        for (typed, meant) in [
            ("acces_key_id", "access_key_id"),
            ("accessKeyId", "access_key_id"),
            ("Bucket", "bucket"),
            ("regoin", "region"),
        ] {
            assert_eq!(nearest(typed, NAMES.into_iter()), Some(meant), "{typed}");
        }
    }

    #[test]
    fn a_name_of_something_else_finds_nothing() {
        for typed in ["", "x", "endpoint_url", "日本語", &"bucket".repeat(30)] {
            assert_eq!(nearest(typed, NAMES.into_iter()), None, "{typed}");
        }
    }
}

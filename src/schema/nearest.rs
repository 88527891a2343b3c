//! The nearest known name to a mistyped one.

/// The candidate that is nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 64 {
        return None;
    }
    let plain = normal(name);
    // One slip in a short name, up to three in a longer one.
    let mut best = 2 + (plain.len() / 4).min(2);
    let mut found = None;
    for candidate in candidates {
        let slips = slips(&plain, &normal(candidate), best.saturating_sub(1));
        if slips < best {
            (best, found) = (slips, Some(candidate));
        }
    }
    found
}

/// `accessKeyId`, `access-key-id` and `access_key_id` are the same name to a person.
fn normal(name: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(byte.to_ascii_lowercase());
        }
    }
    out
}

/// How many slips lie between two names: letters that are missing, added or wrong, and neighbours that changed places. Beyond
/// `most` it is not counted how many more there are.
fn slips(a: &[u8], b: &[u8], most: usize) -> usize {
    let ([first, rest_a @ ..], [other, rest_b @ ..]) = (a, b) else { return a.len() + b.len() };
    if first == other {
        return slips(rest_a, rest_b, most);
    }
    let Some(most) = most.checked_sub(1) else { return 1 };
    let mut least = slips(rest_a, b, most).min(slips(a, rest_b, most)).min(slips(rest_a, rest_b, most));
    if let ([second, rest_a @ ..], [after, rest_b @ ..]) = (rest_a, rest_b)
        && (first, second) == (after, other)
    {
        least = least.min(slips(rest_a, rest_b, most));
    }
    least + 1
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

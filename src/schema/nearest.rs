//! The nearest known name to a mistyped one.

/// The candidate that is nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 64 {
        return None;
    }
    let plain = normal(name);
    let mut best = 2 + plain.len() / 4;
    let mut found = None;
    for candidate in candidates {
        let distance = distance(&plain, &normal(candidate));
        if distance < best {
            (best, found) = (distance, Some(candidate));
        }
    }
    found
}

/// `accessKeyId`, `access-key-id` and `access_key_id` are the same name to a person.
fn normal(name: &str) -> Vec<u8> {
    let mut out = name.as_bytes().to_ascii_lowercase();
    out.retain(u8::is_ascii_alphanumeric);
    out
}

/// Levenshtein's distance, in which two neighbours that changed places count as one slip.
fn distance(a: &[u8], b: &[u8]) -> usize {
    // The whole table, row by row: the cell to the left is the last one, the one above a row before that.
    let mut table: Vec<usize> = Vec::new();
    let row = b.len() + 1;
    for i in 0..=a.len() {
        for j in 0..row {
            let back = |cells: usize| table.get(table.len().wrapping_sub(cells)).copied().unwrap_or(0);
            let same = |left: usize, right: usize| a.get(i.wrapping_sub(left)) == b.get(j.wrapping_sub(right));
            let mut best = i + j;
            if i > 0 && j > 0 {
                best = (back(row + 1) + usize::from(!same(1, 1))).min(back(1) + 1).min(back(row) + 1);
                if i > 1 && j > 1 && same(1, 2) && same(2, 1) {
                    best = best.min(back(2 * row + 2) + 1);
                }
            }
            table.push(best);
        }
    }
    table.pop().unwrap_or(0)
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

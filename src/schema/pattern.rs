//! Patterns: what a text must look like, said as data. Data is smaller than code.

use super::text::{cut, number, split};

/// Is `text` as a condition says? That is one or more patterns with `|` between them, of which one must fit; after a
/// `!` one that must not fit, after a `~` one for which capitals are small letters.
pub fn holds(condition: &str, text: &str) -> bool {
    let (one, others) = cut(condition, b'|');
    let (pattern, wanted) = one.strip_prefix('!').map_or((one, true), |pattern| (pattern, false));
    let fits = match pattern.strip_prefix('~') {
        Some(pattern) => like(pattern, &text.to_ascii_lowercase()),
        None => like(pattern, text),
    };
    fits == wanted || others.strip_prefix('|').is_some_and(|others| holds(others, text))
}

/// Does a pattern fit all of `text`? It is made of characters, of sets of characters such as `[a-z.-]` or `[^a-z]`, both
/// perhaps with least and most times such as `{3,63}` or `{3,}`, and of `*` for anything at all.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    let set = pattern.strip_prefix('[').and_then(|inside| split(inside, b']'));
    let Some((set, rest)) = set.or_else(|| pattern.split_at_checked(1)) else { return text.is_empty() };
    let anything = set == "*";
    let counts = rest.strip_prefix('{').and_then(|inside| split(inside, b'}'));
    let (least, most, rest) = match counts {
        _ if anything => (0, u32::MAX, rest),
        None => (1, 1, rest),
        Some((counts, rest)) => {
            let (least, most) = cut(counts, b',');
            (number(least).unwrap_or(0), number(most.get(1..).unwrap_or_default()).unwrap_or(u32::MAX), rest)
        }
    };
    if anything && rest.is_empty() {
        return true;
    }
    let mut letters = text.chars();
    let mut count = 0;
    loop {
        if count >= least && like(rest, letters.as_str()) {
            return true;
        }
        if count == most || !letters.next().is_some_and(|letter| anything || within(letter, set)) {
            return false;
        }
        count += 1;
    }
}

/// Is `letter` in a set? A `-` that stands at its end means itself.
fn within(letter: char, set: &str) -> bool {
    let (mut set, wanted) = set.strip_prefix('^').map_or((set.chars(), true), |set| (set.chars(), false));
    while let Some(first) = set.next() {
        let mut ahead = set.clone();
        let mut last = first;
        if let (Some('-'), Some(end)) = (ahead.next(), ahead.next()) {
            (last, set) = (end, ahead);
        }
        if (first..=last).contains(&letter) {
            return wanted;
        }
    }
    !wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_from_end_to_end() {
        for (pattern, fitting, others) in [
            ("", &[""][..], &["a"][..]),
            ("ab", &["ab"], &["", "a", "abc", "AB"]),
            ("a*", &["a", "ab", "a*\u{1f600}"], &["", "ba"]),
            ("*a*b", &["ab", "xaxbb"], &["ba", "a", "abc"]),
            ("[a-c.-]", &["a", "b", "c", ".", "-"], &["", "d", "aa", "B"]),
            ("[a-z]{2,3}", &["ab", "abc"], &["", "a", "abcd", "a1"]),
            ("[a-z]{1,}1", &["a1", "abc1"], &["1", "a", "a11"]),
            ("a{0,2}b", &["b", "ab", "aab"], &["aaab", "a"]),
            ("[^a&]{1,2}", &["b", "\u{e9}\u{1f600}"], &["", "a", "&", "ba"]),
            ("[\u{a0}x]", &["\u{a0}", "x"], &["\u{a1}", "\u{2}"]),
            ("[[]", &["["], &["]", ""]),
        ] {
            for text in fitting {
                assert!(like(pattern, text), "{pattern} {text}");
            }
            for text in others {
                assert!(!like(pattern, text), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn conditions_join_patterns() {
        assert!(holds("a|b", "b") && holds("a|!b", "c") && !holds("a|!b", "b"));
        assert!(holds("~a", "A") && holds("!~b", "A") && !holds("!~a", "A") && !holds("a", "A"));
    }
}

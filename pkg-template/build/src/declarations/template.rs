//! Puts printed parts into a hand-written text.

use crate::run::Result;

/// Replaces each `{{name}}`. Fails on a name that nothing was printed for, and on a part that is used nowhere.
pub(super) fn fill(base: &str, parts: &[(&str, String)]) -> Result<String> {
    let mut out = String::new();
    let mut used = Vec::new();
    let mut rest = base;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, behind) = after.split_once("}}").ok_or("the template has a `{{` that is not closed")?;
        let part = parts.iter().find(|(known, _)| *known == name);
        let (_, text) = part.ok_or_else(|| format!("the template names a part that does not exist: {name}"))?;
        out.push_str(before);
        out.push_str(text.trim_end());
        used.push(name);
        rest = behind;
    }
    out.push_str(rest);
    match parts.iter().find(|(name, _)| !used.contains(name)) {
        Some((name, _)) => Err(format!("the template leaves a part out: {name}")),
        None => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn every_part_has_one_place_and_every_place_one_part() {
        let parts = [("a", "1\n".to_owned())];

        assert_eq!(fill("<{{a}}>", &parts).as_deref(), Ok("<1>"));
        assert!(fill("<{{b}}>", &parts).is_err_and(|error| error.ends_with("does not exist: b")));
        assert!(fill("<>", &parts).is_err_and(|error| error.ends_with("leaves a part out: a")));
        assert!(fill("<{{a>", &parts).is_err());
    }
}

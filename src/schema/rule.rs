//! Rules: what can be said about one value beyond its kind.
//!
//! A rule is a plain function. It sees the value, the values beside it and the time, and reports what it finds.
//! `reject` refuses the input; `warn` sends it all the same and tells the listener.

use std::borrow::Cow;

use super::json;
use super::problem::Level;

/// A rule: looks at one string and reports what it finds.
pub type Rule = fn(&Look<'_>, &mut Findings);

/// What a rule can see.
pub struct Look<'a> {
    /// The value itself, decoded.
    pub value: &'a str,
    /// Is this field declared a secret? Its value must then not be repeated in a message.
    pub secret: bool,
    /// The date such as `2026-01-31`, if the caller knows it; a longer text may follow it.
    pub today: Option<&'a str>,
    /// The JSON object it stands in, from its brace on; empty if it stands alone.
    pub object: &'a [u8],
}

impl<'a> Look<'a> {
    /// The value of the field `name` in the same object, if it is there and a string.
    pub fn beside(&self, name: &str) -> Option<Cow<'a, str>> {
        json::string_at(self.object, name)
    }
}

/// Collects what rules report about one field.
#[derive(Debug, Default)]
pub struct Findings {
    /// Level, and the message without the field's name.
    pub list: Vec<(Level, String)>,
}

impl Findings {
    /// The value is certainly wrong. `parts` are joined without separators; user input goes in backticks.
    pub fn reject(&mut self, parts: &[&str]) {
        self.list.push((Level::Error, parts.concat()));
    }

    /// The value is probably wrong.
    pub fn warn(&mut self, parts: &[&str]) {
        self.list.push((Level::Warning, parts.concat()));
    }
}

impl core::fmt::Debug for Look<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Look").finish_non_exhaustive()
    }
}

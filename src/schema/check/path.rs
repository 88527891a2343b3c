//! Paths in values, written out only when something is reported.

use std::borrow::Cow;

use crate::schema::json::Text;
use crate::schema::text;

/// Where the walk stands: a list that lives on the stack and is only written out when something is reported.
pub(super) struct Path<'p> {
    /// Nothing above the whole value, which has no step.
    pub(super) up: Option<&'p Path<'p>>,
    pub(super) step: Step<'p>,
}

pub(super) enum Step<'p> {
    Name(Text<'p>),
    Index(usize),
}

impl<'p> Step<'p> {
    pub(super) fn name(name: &'p str) -> Self {
        Self::Name(Text { raw: name.as_bytes() })
    }
}

/// That of the whole value.
pub(super) const ROOT: Path<'static> = Path { up: None, step: Step::Index(0) };

impl Path<'_> {
    /// Writes the path behind what `out` holds.
    fn write(&self, out: &mut String) {
        let Some(up) = self.up else { return };
        up.write(out);
        let step = match &self.step {
            Step::Name(name) => name.decode(),
            Step::Index(index) => Cow::Owned(text::digits(*index as u64)),
        };
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(&step);
    }

    pub(super) fn dotted(&self, prefix: &str) -> String {
        let mut out = String::from(prefix);
        self.write(&mut out);
        out
    }
}

//! One number or string of an input: what can be wrong with it.

use super::{HALVED, MASKED, Path, Scope, Step, Walk, is_mask};
use crate::schema::json::{self, Text};
use crate::schema::problem::{Code, Level};
use crate::schema::rule::{Findings, Look};
use crate::schema::{Field, Input, Kind, text};

impl Walk<'_, '_> {
    /// Is the number in `raw` what its kind allows?
    pub(super) fn range(&mut self, raw: &[u8], kind: Kind, path: &Path<'_>) {
        let value = json::number(raw).unwrap_or(f64::NAN);
        let fits = |max: u32| max == u32::MAX || value <= f64::from(max);
        match kind {
            Kind::Integer(..) if !json::is_integer(raw) => self.error(path, Code::Range, &["must be a whole number"]),
            Kind::Integer(min, max) if !(value >= f64::from(min) && fits(max)) => {
                let (min, max) = (text::digits(min.into()), text::digits(max.into()));
                self.error(path, Code::Range, &["must be ", &min, " to ", &max]);
            }
            Kind::Number(max) if !(value > 0.0 && fits(max)) => {
                self.error(path, Code::Range, &["must be above 0 and up to ", &text::digits(max.into())]);
            }
            _ => {}
        }
    }

    /// Everything that can be wrong with a string of the right kind.
    pub(super) fn string(
        &mut self,
        input: &Input<'_>,
        given: Text<'_>,
        field: &'static Field,
        scope: &Scope<'_>,
        path: &Path<'_>,
    ) {
        let value = given.decode();
        let flag = matches!(field.kind, Kind::Flag);
        let blank = text::is_blank(&value);
        let all;
        let (code, message): (_, &[&str]) = if !given.is_well_formed() {
            (Code::Format, &HALVED)
        } else if blank && (field.required || matches!(path.step, Step::Index(_))) {
            (Code::Required, &["must not be empty"])
        } else if blank && (field.closed || flag) {
            (Code::Value, &["must not be empty"])
        } else if blank {
            return;
        } else if is_mask(&value, Some(field)) {
            (Code::Masked, &MASKED)
        } else if flag && value != "true" && value != "false" {
            (Code::Value, &["must be true or false"])
        } else if field.closed && !field.values.contains(&value.as_ref()) {
            all = text::join(field.values.iter().copied());
            (Code::Value, &["must be one of ", &all])
        } else {
            return self.rules(input, &value, field, scope, path);
        };
        self.error(path, code, message);
    }

    fn rules(&mut self, input: &Input<'_>, value: &str, field: &Field, scope: &Scope<'_>, path: &Path<'_>) {
        let mut look = Look { value, secret: field.secret, today: input.today, object: scope.object };
        let mut found = Findings::default();
        if let Some(rule) = field.rule {
            rule(&look, &mut found);
        }
        let kind = match field.only {
            [single] => Some(*single),
            _ => scope.variant,
        };
        if let Some((_, rule)) = field.rules.iter().find(|(name, _)| Some(*name) == kind) {
            rule(&look, &mut found);
        } else if kind.is_none() && field.rules.len() > 1 && field.rules.len() == field.only.len() {
            // The type is not known: refused is only what every type would refuse. Not every type need have a rule of
            // its own; without one nothing is refused.
            look.today = None;
            let mut refusal = None;
            for (_, rule) in field.rules {
                let mut one = Findings::default();
                rule(&look, &mut one);
                refusal = one.list.into_iter().find(|(level, _)| *level == Level::Error);
                if refusal.is_none() {
                    break;
                }
            }
            found.list.extend(refusal);
        }
        for (level, message) in found.list {
            let code = if level == Level::Error { Code::Format } else { Code::Suspicious };
            self.problem(level, path, code, &message);
        }
    }
}

//! Requests that stand before or behind that of a call, at its address: the read of what is stored, with which a change is
//! completed, and the list in which a creation is looked for.

use super::{Config, Prepared};
use crate::proto::add::added;
use crate::proto::edit;
use crate::proto::error::{Class, Error};
use crate::proto::operation::Operation;
use crate::proto::secret;
use crate::schema::{Code, Input, Kind, Problem, Table, check_input, json};

impl Config {
    /// The read that a merge needs first, if the call merges.
    pub fn read_first(&self, prepared: &Prepared) -> Option<&'static Operation> {
        let merge = prepared.operation.merge.filter(|_| prepared.merge)?;
        self.provider.operation(merge.read)
    }

    /// The list to look into for what a creation may have left.
    pub fn look_up(&self, prepared: &Prepared) -> Option<&'static Operation> {
        self.provider.operation(prepared.operation.look_up?.list)
    }

    /// Merges what the call replaces with what is stored; `stored` is the flattened resource.
    #[inline(never)]
    pub fn merge(&self, prepared: &mut Prepared, stored: &[u8]) -> Result<(), Error> {
        let operation = prepared.operation;
        let Some(merge) = operation.merge else { return Ok(()) };
        let Some(table) = merge_table(operation) else {
            prepared.attributes = added(stored, &prepared.given);
            return Ok(());
        };
        let invalid = |problems| Err(Error::invalid(self.provider.name, operation.name, problems));
        let changes = json::member(&prepared.given, merge.field).unwrap_or(b"{}");
        let Some(old) = json::object_at(stored, merge.field) else {
            let message = [
                "the stored `",
                merge.field,
                "` cannot be read, and what is sent replaces it whole: give all of it, with `",
                merge.option,
                "`",
            ];
            let message = message.concat();
            let problems = vec![Problem::error(merge.field, Code::Unreadable, &message)];
            let mut error = Error::new(Class::Unreadable, self.provider.name, operation.name, message);
            error.problems = problems;
            return Err(error);
        };
        let judge = |raw: &[u8], updating| {
            check_input(raw, table, &Input { updating, prefix: merge.field, ..Input::default() })
        };
        let name = table.variant.map_or("", |decided| decided.field());
        let is_known = |raw| json::string(raw).is_some_and(|kind| edit::knows(table, &kind));
        let [was, becomes] = [old, changes].map(|raw| json::member(raw, name));
        // Now that the type is known, what goes with it can be judged.
        if let (Some(kind), None) = (was, becomes)
            && is_known(kind)
        {
            let mut problems = judge(&edit::set(changes, Some(table), name, kind), true);
            Problem::keep(&mut problems, &|problem| {
                matches!(problem.code, Code::Mismatch | Code::Format | Code::Value)
            });
            if !problems.is_empty() {
                return invalid(problems);
            }
        }
        let (whole, mut warnings) = edit::merge(old, changes, table, merge.field);
        if becomes.is_some_and(is_known) && becomes.and_then(json::string) != was.and_then(json::string) {
            // Another type: what goes with it alone is stored nowhere, its secrets least of all.
            let mut missing = judge(&whole, false);
            Problem::keep(&mut missing, &|problem| problem.code == Code::Required);
            if !missing.is_empty() {
                return invalid(missing);
            }
            warnings.clear();
        }
        prepared.attributes = edit::set(&prepared.given, None, merge.field, &whole);
        prepared.add_extra();
        prepared.warnings = warnings;
        self.note_secrets(prepared);
        // What was read may come back in the words of a refusal.
        prepared.secrets.append(&mut secret::secrets_in(stored, Some(self.provider.source)));
        Ok(())
    }
}

/// The table of the member that is merged.
pub(super) fn merge_table(operation: &Operation) -> Option<&'static Table> {
    let (table, _) = operation.input.table()?;
    match table.field(operation.merge?.field)?.kind {
        Kind::Object(inner) => Some(inner),
        _ => None,
    }
}

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
        let (table, mut field) = (merge_table(operation), merge.field.to_owned());
        if table.is_none() {
            match added(stored, &prepared.given) {
                Ok(whole) => {
                    prepared.attributes = whole;
                    return Ok(());
                }
                Err(name) => field = name,
            }
        }
        let (Some(table), Some(old)) = (table, json::object_at(stored, merge.field)) else {
            let way_around = if merge.usual { "with `" } else { "without `" };
            let replaces = "` cannot be read, and what is sent replaces it whole: give all of it, ";
            let message = ["the stored `", &field, replaces, way_around, merge.option, "`"];
            let (class, provider) = (Class::Unreadable, self.provider.name);
            return Err(Error::of(class, provider, operation.name, &field, Code::Unreadable, &message));
        };
        let changes = json::member(&prepared.given, merge.field).unwrap_or(b"{}");
        // Refuses what has problems of these codes.
        let judge = |raw: &[u8], updating, codes: &[Code]| {
            let mut problems = check_input(raw, table, &Input { updating, prefix: merge.field, ..Input::default() });
            Problem::keep(&mut problems, &|problem| codes.contains(&problem.code));
            if problems.is_empty() { Ok(()) } else { Err(Error::invalid(self.provider.name, operation.name, problems)) }
        };
        let name = table.variant.map_or("", |decided| decided.field());
        let is_known = |raw| json::string(raw).is_some_and(|kind| edit::knows(table, &kind));
        let [was, becomes] = [old, changes].map(|raw| json::member(raw, name));
        // Now that the type is known, what goes with it can be judged.
        if let (Some(kind), None) = (was, becomes)
            && is_known(kind)
        {
            let changes = edit::set(changes, Some(table), name, kind);
            judge(&changes, true, &[Code::Mismatch, Code::Format, Code::Value])?;
        }
        let (whole, mut warnings) = edit::merge(old, changes, table, merge.field);
        if becomes.is_some_and(is_known) && becomes.and_then(json::string) != was.and_then(json::string) {
            // Another type: what goes with it alone is stored nowhere, its secrets least of all.
            judge(&whole, false, &[Code::Required])?;
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

//! Wanted and live: what a set-up document asks for, held against what is there.
//!
//! A document is JSON: `{"version":1,"imgix":[…],"imageboss":[…]}`. Each entry is a source as it is given to
//! `sources.create`, with two members of its own: `id`, which says which source is meant, and `delete`. An entry without
//! `id` is matched by its name. Attributes that an entry does not name stay as they are, and so do sources that no entry
//! describes.
//!
//! [`plan`] sends nothing and decides nothing that the tables do not say. Each thing to do comes with the operations and
//! arguments that would do it. [`export_setup`] writes a document of what is live, whose plan is empty.

mod compare;
mod document;
mod entry;
mod equal;
mod export;
mod identify;

use crate::schema::Problem;

pub use export::export_setup;

/// The version of documents that is written and read here.
pub const VERSION: &str = "1";

/// What is to be done, in the order of the document; what it does not describe comes last.
#[derive(Debug, Default)]
pub struct Plan {
    /// One for each entry of the document and for each source that it does not describe.
    pub entries: Vec<Entry>,
}

/// What becomes of one source.
#[derive(Debug)]
pub struct Entry {
    /// What is to be done about it.
    pub action: Action,
    /// The provider's name.
    pub provider: &'static str,
    /// Its place in the document's list, if it is there.
    pub index: Option<usize>,
    /// The id of the source that is live, if one is meant.
    pub id: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// What differs, field by field.
    pub changes: Vec<Change>,
    /// The calls that do it, one after the other.
    pub steps: Vec<Step>,
    /// Why it is impossible, or what to know before it is done. Paths are those of the document.
    pub problems: Vec<Problem>,
}

/// What is to be done about a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is not there.
    Create,
    /// It differs.
    Change,
    /// The document says that it should not be there.
    Delete,
    /// It is as the document says.
    Unchanged,
    /// It is there, and the document does not say a word of it.
    Unmanaged,
    /// It cannot be as the document says; the problems tell why.
    Impossible,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 6] =
        [Self::Create, Self::Change, Self::Delete, Self::Unchanged, Self::Unmanaged, Self::Impossible];

    /// The name JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Delete => "delete",
            Self::Unchanged => "unchanged",
            Self::Unmanaged => "unmanaged",
            Self::Impossible => "impossible",
        }
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Dotted path in the source.
    pub path: String,
    /// The live value as JSON, masked where it must be; nothing if there is none, or if it is a secret.
    pub from: Option<Vec<u8>>,
    /// The wanted value as JSON, masked where it must be; nothing for a secret.
    pub to: Option<Vec<u8>>,
    /// Is its value never shown? What is stored of it is not known either, so it is always sent.
    pub secret: bool,
}

/// One call of an operation.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name, such as `sources.update`.
    pub operation: &'static str,
    /// The arguments of the client's method as a JSON array, secrets included.
    pub arguments: Vec<u8>,
}

impl core::fmt::Debug for Step {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Step").field("operation", &self.operation).finish_non_exhaustive()
    }
}

/// Holds a document against what is live: `{"imgix":[…],"imageboss":[…]}`, sources as they are read.
///
/// A provider that `current` does not name is one of which nothing is known, so nothing of it can be planned.
/// `today` is the date such as `2026-01-31`, if known. Problems are given in place of a plan if the document as a whole
/// cannot be understood; what is wrong with one entry makes that one impossible.
pub fn plan(document: &[u8], current: &[u8], today: Option<&str>) -> Result<Plan, Vec<Problem>> {
    let current = document::current(current)?;
    let wanted = document::wanted(document)?;
    let mut plan = Plan::default();
    let mut told = 0;
    for (provider, entries) in &wanted {
        let live = current.iter().find(|(known, _)| core::ptr::eq(*known, *provider)).map(|(_, live)| live.as_slice());
        let targets = identify::targets(provider, entries, live);
        for (entry, target) in entries.iter().zip(targets) {
            let made = entry::plan(provider, entry, target, today);
            told += made.problems.len();
            if told > document::MOST_PROBLEMS {
                return Err(document::hopeless(made.problems));
            }
            plan.entries.push(made);
        }
    }
    for (provider, live) in &current {
        let entries = wanted.iter().find(|(known, _)| core::ptr::eq(*known, *provider));
        let described = identify::described(entries.map_or(&[], |(_, entries)| entries.as_slice()), live);
        plan.entries.extend(live.iter().zip(described).filter(|(_, described)| !described).map(|(source, _)| {
            let (id, name) = (source.id.clone(), source.name.clone());
            Entry { id, name, ..Entry::new(Action::Unmanaged, provider.name) }
        }));
    }
    Ok(plan)
}

impl Entry {
    fn new(action: Action, provider: &'static str) -> Self {
        Self {
            action,
            provider,
            index: None,
            id: None,
            name: None,
            changes: Vec::new(),
            steps: Vec::new(),
            problems: Vec::new(),
        }
    }
}

//! What becomes of one entry of the document.

use super::compare::{Found, below, compare, mirror};
use super::document::{Live, Wanted, place};
use super::export::NAMES;
use super::identify::Target;
use super::{Action, Entry, Step};
use crate::proto::edit;
use crate::proto::operation::{Input as Body, Operation, Provider};
use crate::schema::json::{self, ObjectWriter};
use crate::schema::{Code, Discriminator, Input, Kind, Level, Problem, check_input, text};

/// Where an entry stands, and how it is judged.
struct Desk<'a> {
    provider: &'static Provider,
    entry: &'a Wanted<'a>,
    /// Its path in the document.
    here: String,
    today: Option<&'a str>,
    made: Entry,
}

/// Plans one entry.
pub(super) fn plan(provider: &'static Provider, entry: &Wanted<'_>, target: Target<'_>, today: Option<&str>) -> Entry {
    let mut made = Entry::new(Action::Impossible, provider.name);
    made.index = Some(entry.index);
    made.id.clone_from(&entry.id);
    made.name.clone_from(&entry.name);
    made.problems.clone_from(&entry.problems);
    let mut desk = Desk { provider, entry, here: place(provider, entry.index), today, made };
    if desk.made.problems.is_empty() {
        match target {
            Target::Unclear(problem) => desk.made.problems.push(problem),
            Target::Live(live) => {
                desk.made.id.clone_from(&live.id);
                if desk.made.name.is_none() {
                    desk.made.name.clone_from(&live.name);
                }
                if entry.delete { desk.delete(live) } else { desk.change(live) }
            }
            // It is gone already.
            Target::New if entry.delete => desk.made.action = Action::Unchanged,
            Target::New => desk.create(),
        }
    }
    desk.made
}

/// An object with some members left away.
fn without(raw: &[u8], names: &[&str]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut object = ObjectWriter::new(&mut out);
    for (key, value) in json::members(raw) {
        let name = key.decode();
        if !names.contains(&name.as_ref()) {
            object.copy(key, value);
        }
    }
    object.close();
    out
}

impl Desk<'_> {
    /// An operation on sources; where there is none, the provider cannot do it.
    fn operation(&self, verb: &str) -> Option<&'static Operation> {
        self.provider.operation(&["sources.", verb].concat())
    }

    fn error(&mut self, path: &str, code: Code, message: &[&str]) {
        self.made.problems.push(Problem::error(&below(&self.here, path), code, &message.concat()));
    }

    fn warn(&mut self, path: &str, code: Code, message: &str) {
        self.made.problems.push(Problem::warning(&below(&self.here, path), code, message));
    }

    fn step(&mut self, operation: &'static Operation, id: Option<&str>, input: Option<&[u8]>) {
        let mut arguments = vec![b'['];
        if let Some(id) = id {
            json::write_string(&mut arguments, id);
        }
        if let Some(input) = input {
            if id.is_some() {
                arguments.push(b',');
            }
            arguments.extend_from_slice(input);
        }
        arguments.push(b']');
        self.made.steps.push(Step { operation: operation.name, arguments });
    }

    /// What is planned is done, unless something is wrong with it.
    fn decide(&mut self, action: Action) {
        if self.made.problems.iter().any(|problem| problem.level == Level::Error) {
            self.made.steps.clear();
        } else {
            self.made.action = action;
        }
    }

    fn delete(&mut self, live: &Live<'_>) {
        match (self.operation("delete"), &live.id) {
            (Some(operation), Some(id)) => self.step(operation, Some(id), None),
            (Some(_), None) => self.error("", Code::Required, &["the source that is live has no id"]),
            (None, _) => {
                let name = self.provider.name;
                self.error(
                    NAMES.delete,
                    Code::Mismatch,
                    &["is not possible: ", name, " cannot delete sources; leave it out, and disable the source"],
                );
            }
        }
        self.decide(Action::Delete);
    }

    fn create(&mut self) {
        let Some(operation) = self.operation("create") else { return };
        let mut found = Found::default();
        let sent = compare(self.provider.source, self.entry.raw, None, "", &mut found);
        let later: Vec<&str> = found.later.iter().map(String::as_str).collect();
        self.judge(&found, &without(self.entry.raw, &[&[NAMES.id, NAMES.delete], later.as_slice()].concat()), false);
        for path in &later {
            // What is switched on is so from the beginning.
            if json::member(self.entry.raw, path) != Some(b"true") {
                self.warn(path, Code::Mismatch, "can only be set once the source is there: plan again then");
            }
        }
        self.made.changes = found.changes;
        self.step(operation, None, Some(sent.as_deref().unwrap_or(b"{}")));
        self.decide(Action::Create);
    }

    fn change(&mut self, live: &Live<'_>) {
        let Some(operation) = self.operation("update") else { return };
        let table = self.provider.source;
        let mut found = Found::default();
        let sent = compare(table, self.entry.raw, Some(live.raw), "", &mut found);
        let mut judged = without(self.entry.raw, &[NAMES.id, NAMES.delete]);
        // The type decides what the other fields must be; where it stays, only what is live names it.
        for field in table.all() {
            let Kind::Object(inner) = field.kind else { continue };
            let Some(decided) = inner.variant.filter(|_| json::member(&judged, field.name).is_some()) else { continue };
            let (path, now) = match decided {
                Discriminator::Own(name) => (
                    [field.name, ".", name].concat(),
                    json::member(json::member(live.raw, field.name).unwrap_or_default(), name),
                ),
                Discriminator::Parent(name) => (name.to_owned(), json::member(live.raw, name)),
            };
            let given = found.changes.iter().any(|change| change.path == path) || found.same.contains(&path);
            if let Some(now) = now.filter(|_| !given) {
                judged = edit::set(&judged, Some(table), &path, now);
                found.same.push(path);
            }
        }
        self.judge(&found, &judged, true);
        self.made.changes = std::mem::take(&mut found.changes);
        let Some(sent) = sent else { return self.decide(Action::Unchanged) };
        self.replaced(operation, live, &sent);
        match &live.id {
            Some(id) => self.update(operation, live, id, &sent),
            None => self.error("", Code::Required, &["the source that is live has no id"]),
        }
        self.decide(Action::Change);
    }

    /// The steps of a change. A source that is switched off refuses changes.
    fn update(&mut self, operation: &'static Operation, live: &Live<'_>, id: &str, sent: &[u8]) {
        let switch = self.operation("enable").and_then(|enable| match enable.input {
            Body::Fixed(attributes) => Some((enable, json::members(attributes.as_bytes()).next()?)),
            _ => None,
        });
        let Some((enable, (name, on))) = switch else { return self.step(operation, Some(id), Some(sent)) };
        let name = name.decode();
        let is_off = json::member(live.raw, &name).is_some_and(|now| now == b"false" && now != on);
        let turned_on = json::member(sent, &name) == Some(on);
        let off: &[&str] = &[&name];
        let rest = without(sent, if is_off && turned_on { off } else { &[] });
        if is_off && !turned_on {
            let value = json::as_text(on);
            return self.error(
                "",
                Code::Mismatch,
                &["is switched off, and refuses changes: say `", &name, ": ", value, "` as well, or leave it as it is"],
            );
        }
        if is_off {
            self.step(enable, Some(id), None);
        }
        if rest != b"{}" {
            self.step(operation, Some(id), Some(&rest));
        }
    }

    /// Adds what the tables say about everything that is not as it is already.
    fn judge(&mut self, found: &Found, judged: &[u8], updating: bool) {
        let input = Input { updating, today: self.today, prefix: &self.here, ..Input::default() };
        let problems = check_input(judged, self.provider.source, &input);
        let same: Vec<String> = found.same.iter().map(|path| below(&self.here, path)).collect();
        self.made.problems.extend(problems.into_iter().filter(|problem| {
            // An entry may name nothing but what it is about.
            problem.code != Code::Empty && !same.iter().any(|path| text::is_in(&problem.field, path))
        }));
        for path in &found.masked {
            let whole = below(&self.here, path);
            // The tables' own check may have told.
            if self.made.problems.iter().any(|known| known.code == Code::Masked && text::is_in(&known.field, &whole)) {
                continue;
            }
            self.error(path, Code::Masked, &["holds the mask `****` in place of what it stands for: write it out"]);
        }
    }

    /// What is said about objects that are completed by what is stored.
    fn replaced(&mut self, operation: &Operation, live: &Live<'_>, sent: &[u8]) {
        let table = self.provider.source;
        for field in table.all() {
            let Kind::Object(inner) = field.kind else { continue };
            let place = below(&self.here, field.name);
            let shown = mirror(table, field).unwrap_or(field);
            let stored = json::member(live.raw, shown.name).unwrap_or(b"{}");
            let part = json::member(sent, field.name);
            let (whole, warnings) = edit::merge(stored, part.unwrap_or(b"{}"), inner, &place);
            let mut alone = Vec::new();
            let mut object = ObjectWriter::new(&mut alone);
            let retyped = match inner.variant {
                Some(Discriminator::Own(name)) => part.is_some_and(|part| json::member(part, name).is_some()),
                Some(Discriminator::Parent(name)) => {
                    let kind = json::member(sent, name);
                    object.raw(name, kind.unwrap_or(b"null"));
                    kind.is_some()
                }
                None => false,
            };
            object.raw(field.name, &whole);
            object.close();
            if retyped {
                // Another type: what goes with it alone is stored nowhere, its secrets least of all.
                let input = Input { prefix: &self.here, ..Input::default() };
                let mut missing = check_input(&alone, table, &input);
                missing.retain(|problem| problem.code == Code::Required && text::is_in(&problem.field, &place));
                self.made.problems.extend(missing);
            } else if part.is_some() && operation.merge.is_some_and(|merge| merge.field == field.name) {
                self.made.problems.extend(warnings);
            }
        }
    }
}

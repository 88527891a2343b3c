//! Plans of whole set-ups: a module of its own, which bundlers leave away where none is made.
//!
//! As with the client, JSON bytes come in and go out. No state is kept.

use wasm_bindgen::prelude::*;

use super::out;
use crate::plan::{Action, Entry, Plan, VERSION, export_setup, plan};
use crate::proto::error::Error;
use crate::schema::json::{self, ObjectWriter, write_string};
use crate::schema::{Field, Input, Problem, Table, check_arguments, check_input};

/// Plans: `arguments` is the JSON array `[document, current, time]`; gives `{ plan }` or `{ error }`.
#[wasm_bindgen(js_name = planSetup)]
pub fn plan_setup(arguments: &[u8]) -> Vec<u8> {
    let problems = check_arguments(arguments);
    let mut parts = json::items(arguments);
    let (document, current) = (parts.next().unwrap_or(b"null"), parts.next().unwrap_or(b"null"));
    let today = parts.next().and_then(json::string);
    let made = if problems.is_empty() { plan(document, current, today.as_deref()) } else { Err(problems) };
    answer(made, "plan", write)
}

/// Exports: `arguments` is the JSON array `[current, options]`; gives `{ document }` or `{ error }`.
#[wasm_bindgen(js_name = exportSetup)]
pub fn export(arguments: &[u8]) -> Vec<u8> {
    static OPTIONS: Table = Table::new("ExportOptions", &[Field::boolean("ids").updatable().nullable()]);
    let mut parts = json::items(arguments);
    let current = parts.next().unwrap_or(b"null");
    let options = parts.next().filter(|options| *options != b"null").unwrap_or(b"{}");
    let mut problems = check_arguments(arguments);
    problems.extend(check_input(options, &OPTIONS, &Input::default()));
    let made = if problems.is_empty() {
        export_setup(current, json::member(options, "ids") != Some(b"false"))
    } else {
        Err(problems)
    };
    answer(made, "document", |out, document| out.extend_from_slice(document))
}

fn answer<Made>(made: Result<Made, Vec<Problem>>, name: &str, write: impl FnOnce(&mut Vec<u8>, &Made)) -> Vec<u8> {
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    match made {
        Ok(made) => write(object.key(name), &made),
        Err(problems) => out::error(object.key("error"), &Error::invalid("", "", problems)),
    }
    object.close();
    out
}

fn list<'a, Item: 'a>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = &'a Item>,
    mut write: impl FnMut(&mut ObjectWriter<'_>, &Item),
) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let mut object = ObjectWriter::new(out);
        write(&mut object, item);
        object.close();
    }
    out.push(b']');
}

fn write(out: &mut Vec<u8>, plan: &Plan) {
    let mut object = ObjectWriter::new(out);
    object.raw("version", VERSION.as_bytes());
    for action in Action::ALL {
        let entries = plan.entries.iter().filter(|entry| entry.action == action);
        list(object.key(action.as_str()), entries, entry);
    }
    object.close();
}

fn entry(object: &mut ObjectWriter<'_>, entry: &Entry) {
    object.string("provider", entry.provider);
    if let Some(index) = entry.index {
        object.number("index", index as u64);
    }
    for (name, value) in [("id", &entry.id), ("name", &entry.name)] {
        if let Some(value) = value {
            write_string(object.key(name), value);
        }
    }
    list(object.key("changes"), entry.changes.iter(), |object, change| {
        object.string("path", &change.path);
        for (name, value) in [("from", &change.from), ("to", &change.to)] {
            if let Some(value) = value {
                object.raw(name, value);
            }
        }
        if change.secret {
            object.raw("secret", b"true");
        }
    });
    list(object.key("steps"), entry.steps.iter(), |object, step| {
        object.string("operation", step.operation);
        object.raw("arguments", &step.arguments);
    });
    out::problems(object.key("problems"), &entry.problems);
}

//! Reading a document and what is live, and refusing what is neither.

use super::VERSION;
use super::compare::below;
use super::export::NAMES;
use crate::PROVIDERS;
use crate::proto::operation::Provider;
use crate::schema::json::{self, Shape};
use crate::schema::{Code, Problem, nearest, text};

/// A whole set-up is some megabytes at most.
const MOST_BYTES: usize = 8 << 20;
/// An entry is some kilobytes at most.
const MOST_ENTRY_BYTES: usize = 64 << 10;
/// More than any account has.
const MOST_ENTRIES: usize = 10_000;
/// Nobody reads more; it is the wrong file.
pub(super) const MOST_PROBLEMS: usize = 1_000;

/// An entry of the document.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// Its place in its list.
    pub(super) index: usize,
    /// The whole entry.
    pub(super) raw: &'a [u8],
    /// Which source is meant.
    pub(super) id: Option<String>,
    /// What it is called.
    pub(super) name: Option<String>,
    /// Should it not be there?
    pub(super) delete: bool,
    /// What is wrong with it that no table knows.
    pub(super) problems: Vec<Problem>,
}

/// A source that is live.
#[derive(Debug)]
pub(super) struct Live<'a> {
    pub(super) raw: &'a [u8],
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
}

type Lists<Item> = Vec<(&'static Provider, Vec<Item>)>;

fn refused(field: &str, code: Code, message: &[&str]) -> Vec<Problem> {
    vec![Problem::error(field, code, &message.concat())]
}

/// In place of more problems than anybody reads.
pub(super) fn hopeless(mut last: Vec<Problem>) -> Vec<Problem> {
    last.truncate(20);
    last.insert(0, Problem::error("", Code::TooLarge, "has more than 1000 problems: is this the right file?"));
    last
}

/// What a value is, in words; what no JSON can hold comes as a mark with its name.
fn kind(raw: &[u8]) -> String {
    let foreign = if Shape::of(raw) == Some(Shape::Object) { json::string_at(raw, "\0") } else { None };
    foreign.map_or_else(|| Shape::of(raw).map_or("nothing", Shape::name).to_owned(), std::borrow::Cow::into_owned)
}

fn is_object(raw: &[u8]) -> bool {
    Shape::of(raw) == Some(Shape::Object) && json::member(raw, "\0").is_none()
}

/// The lists of an object that has one for each provider it names; `also` are its other members.
fn lists<'a>(raw: &'a [u8], field: &str, also: &[&str]) -> Result<Vec<(&'static Provider, &'a [u8])>, Vec<Problem>> {
    if let Err(bad) = json::check(raw) {
        return Err(refused(field, Code::Type, &["is ", bad.describe().0]));
    }
    if !is_object(raw) {
        return Err(refused(field, Code::Type, &["must be an object, not ", &kind(raw)]));
    }
    let at = |name: &str| below(field, name);
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for (key, value) in json::members(raw) {
        let provider = PROVIDERS.iter().copied().find(|provider| key.is(provider.name));
        let name = key.decode();
        if let Some(provider) = provider {
            if Shape::of(value) == Some(Shape::Array) {
                found.retain(|(known, _): &(&'static Provider, _)| !core::ptr::eq(*known, provider));
                found.push((provider, value));
            } else {
                problems.push(Problem::error(
                    &at(&name),
                    Code::Type,
                    &["must be a list of sources, not ", &kind(value)].concat(),
                ));
            }
        } else if !also.contains(&name.as_ref()) && problems.len() < 20 {
            let known = PROVIDERS.iter().map(|provider| provider.name).chain(also.iter().copied());
            let hint = nearest(&name, known).map_or_else(String::new, |near| [", did you mean `", near, "`?"].concat());
            problems.push(Problem::error(&at(&name), Code::Unknown, &["is not known here", &hint].concat()));
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// The entries of a document.
pub(super) fn wanted(raw: &[u8]) -> Result<Lists<Wanted<'_>>, Vec<Problem>> {
    if raw.len() > MOST_BYTES {
        return Err(refused("", Code::TooLarge, &["is larger than 8 MiB"]));
    }
    // The version comes first: what another one means by its members is not known here.
    if is_object(raw) && json::check(raw).is_ok() {
        match json::member(raw, NAMES.version) {
            None => return Err(refused(NAMES.version, Code::Required, &["is required, and must be ", VERSION])),
            Some(version) if version != VERSION.as_bytes() => {
                let found = if version.len() < 20 { json::as_text(version) } else { "another" };
                return Err(refused(
                    NAMES.version,
                    Code::Value,
                    &["must be ", VERSION, ", not ", found, ": this is a document of another version"],
                ));
            }
            Some(_) => {}
        }
    }
    let mut out = Vec::new();
    for (provider, list) in lists(raw, "", &[NAMES.version])? {
        if json::items(list).nth(MOST_ENTRIES).is_some() {
            return Err(refused(provider.name, Code::TooLarge, &["has more than 10000 entries"]));
        }
        out.push((provider, json::items(list).enumerate().map(|(index, raw)| entry(provider, index, raw)).collect()));
    }
    Ok(out)
}

/// The path of an entry in the document.
pub(super) fn place(provider: &Provider, index: usize) -> String {
    [provider.name, ".", &text::digits(index as u64)].concat()
}

fn entry<'a>(provider: &Provider, index: usize, raw: &'a [u8]) -> Wanted<'a> {
    let mut entry = Wanted { index, raw, id: None, name: None, delete: false, problems: Vec::new() };
    let here = place(provider, index);
    let mut refuse = |name: &str, code: Code, message: &[&str]| {
        entry.problems.push(Problem::error(&below(&here, name), code, &message.concat()));
    };
    if !is_object(raw) {
        refuse("", Code::Type, &["must be an object, not ", &kind(raw)]);
        return entry;
    }
    if raw.len() > MOST_ENTRY_BYTES {
        refuse("", Code::TooLarge, &["is larger than 64 KiB"]);
        return entry;
    }
    let given = |name: &str| json::member(raw, name);
    match given(NAMES.id).map(|raw| (raw, json::string(raw))) {
        Some((_, Some(id))) if !text::is_blank(&id) => entry.id = Some(id.into_owned()),
        Some((_, Some(_))) => refuse(NAMES.id, Code::Required, &["must not be empty; leave it out to match by name"]),
        Some((raw, None)) => refuse(NAMES.id, Code::Type, &["must be a string, not ", &kind(raw)]),
        None => {}
    }
    match given(NAMES.delete) {
        None | Some(b"false") => {}
        Some(b"true") => entry.delete = true,
        Some(raw) => refuse(NAMES.delete, Code::Type, &["must be a boolean, not ", &kind(raw)]),
    }
    let name = provider.row.name;
    match given(name).map(json::string) {
        Some(Some(text)) if !text::is_blank(&text) => entry.name = Some(text.into_owned()),
        None if entry.id.is_none() => {
            refuse(name, Code::Required, &["or `", NAMES.id, "` is required: it says which source is meant"]);
        }
        // What is wrong with a name the tables tell.
        _ => {}
    }
    entry
}

/// The sources that are live.
pub(super) fn current(raw: &[u8]) -> Result<Lists<Live<'_>>, Vec<Problem>> {
    let mut out = Vec::new();
    for (provider, list) in lists(raw, "current", &[])? {
        let mut sources = Vec::new();
        for (index, raw) in json::items(list).enumerate() {
            if !is_object(raw) {
                let field = ["current.", &place(provider, index)].concat();
                return Err(refused(&field, Code::Type, &["must be a source, not ", &kind(raw)]));
            }
            let text = |name: &str| json::string_at(raw, name).map(std::borrow::Cow::into_owned);
            sources.push(Live { raw, id: text(NAMES.id), name: text(provider.row.name) });
        }
        out.push((provider, sources));
    }
    Ok(out)
}

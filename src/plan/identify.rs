//! Which live source does an entry mean?

use super::document::{Live, Wanted, place};
use crate::proto::operation::Provider;
use crate::schema::{Code, Problem, text};

/// What an entry is about.
#[derive(Debug, Clone)]
pub(super) enum Target<'a> {
    /// This source.
    Live(&'a Live<'a>),
    /// None that is there.
    New,
    /// Nothing that can be told.
    Unclear(Problem),
}

/// Texts with the places they have in a list, to be searched.
struct Index<'a>(Vec<(&'a str, usize)>);

impl<'a> Index<'a> {
    fn of(texts: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut all: Vec<_> = texts.enumerate().filter_map(|(at, text)| Some((text?, at))).collect();
        all.sort_unstable();
        Self(all)
    }

    /// The places of `text`.
    fn places(&self, text: &str) -> &[(&'a str, usize)] {
        let start = self.0.partition_point(|(known, _)| *known < text);
        let rest = self.0.get(start..).unwrap_or_default();
        rest.get(..rest.partition_point(|(known, _)| *known == text)).unwrap_or_default()
    }
}

struct Finder<'a> {
    ids: Index<'a>,
    names: Index<'a>,
}

impl<'a> Finder<'a> {
    fn of(live: &'a [Live<'a>]) -> Self {
        Self {
            ids: Index::of(live.iter().map(|source| source.id.as_deref())),
            names: Index::of(live.iter().map(|source| source.name.as_deref())),
        }
    }

    /// The places of what an entry may mean: by its id if it has one, else by its name.
    fn places(&self, entry: &Wanted<'_>) -> &[(&'a str, usize)] {
        match (&entry.id, &entry.name) {
            (Some(id), _) => self.ids.places(id),
            (None, Some(name)) => self.names.places(name),
            (None, None) => &[],
        }
    }
}

/// The one place among `places`.
fn only(places: &[(&str, usize)]) -> Option<usize> {
    match places {
        [(_, at)] => Some(*at),
        _ => None,
    }
}

/// What each entry is about. Nothing is known of what is live if `live` is not there.
pub(super) fn targets<'a>(
    provider: &Provider,
    entries: &[Wanted<'_>],
    live: Option<&'a [Live<'a>]>,
) -> Vec<Target<'a>> {
    let finder = Finder::of(live.unwrap_or_default());
    // How often each source is described.
    let mut times = vec![0_u32; live.unwrap_or_default().len()];
    for at in entries.iter().filter_map(|entry| only(finder.places(entry))) {
        if let Some(count) = times.get_mut(at) {
            *count += 1;
        }
    }
    let fresh = Index::of(
        entries
            .iter()
            .map(|entry| entry.name.as_deref().filter(|_| entry.id.is_none() && finder.places(entry).is_empty())),
    );
    let target = |entry: &Wanted<'_>| {
        let field = |name: &str| [&place(provider, entry.index), ".", name].concat();
        let unclear = |name: &str, code: Code, message: &[&str]| {
            Target::Unclear(Problem::error(&field(name), code, &message.concat()))
        };
        let key = if entry.id.is_some() { super::export::NAMES.id } else { provider.row.name };
        let Some(live) = live else {
            let message =
                ["what is live at ", provider.name, " is not known: `current.", provider.name, "` is required"];
            return Target::Unclear(Problem::error(&place(provider, entry.index), Code::Required, &message.concat()));
        };
        let twice = "is described twice in this document: keep one of the entries";
        match finder.places(entry) {
            [] if entry.id.is_some() && entry.delete => Target::New,
            [] if entry.id.is_some() => unclear(
                key,
                Code::Value,
                &["is the id of no source that is live; leave it out to match by name, or to create the source"],
            ),
            [] if entry.name.as_deref().is_some_and(|name| fresh.places(name).len() > 1) => {
                unclear(key, Code::Taken, &[twice])
            }
            [] => Target::New,
            [(_, at)] if times.get(*at).is_some_and(|times| *times > 1) => unclear(key, Code::Taken, &[twice]),
            [(_, at)] => live.get(*at).map_or(Target::New, Target::Live),
            many => {
                let count = text::digits(many.len() as u64);
                let message = if entry.id.is_some() {
                    " sources have this id"
                } else {
                    " sources have this name: give the `id` of the one that is meant"
                };
                unclear(key, Code::Taken, &[&count, message])
            }
        }
    };
    entries.iter().map(target).collect()
}

/// Which of the live sources the entries describe, be it unclear which one of several is meant.
pub(super) fn described(entries: &[Wanted<'_>], live: &[Live<'_>]) -> Vec<bool> {
    let finder = Finder::of(live);
    let mut described = vec![false; live.len()];
    for (_, at) in entries.iter().flat_map(|entry| finder.places(entry)) {
        if let Some(described) = described.get_mut(*at) {
            *described = true;
        }
    }
    described
}

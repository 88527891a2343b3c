//! Types that are lists of words: names, codes, classes.

use image_sources::PROVIDERS;
use image_sources::engine::End;
use image_sources::plan::Action;
use image_sources::proto::error::{Class, Outcome};
use image_sources::proto::operation::{Provider, Retry};
use image_sources::schema::{Code, Level};

use super::text::{alias, comment, quoted, union};

/// The part for each of them.
pub(super) fn parts() -> Vec<(&'static str, String)> {
    let mut kinds: Vec<_> = Class::ALL.iter().map(|(_, kind, _)| *kind).collect();
    kinds.dedup();
    vec![
        ("Provider", union(PROVIDERS.iter().map(|provider| provider.name))),
        (
            "RateClass",
            alias(
                "RateClass",
                PROVIDERS.iter().flat_map(|provider| provider.rates).map(|rate| (quoted(rate.class), "")),
            ),
        ),
        ("ProblemCode", alias("ProblemCode", Code::ALL.iter().map(|(code, about)| (quoted(code), about.trim())))),
        ("Level", union([Level::Error, Level::Warning].map(Level::as_str))),
        ("Outcome", union([Outcome::None, Outcome::Declined, Outcome::Unknown].map(Outcome::as_str))),
        ("Retry", union([Retry::Safe, Retry::Unsent].map(Retry::as_str))),
        ("End", union([End::Ok, End::Failed, End::Aborted].map(End::as_str))),
        ("Kind", union(kinds)),
        ("errors", errors()),
        ("lists of sources", lists()),
        ("live sources", members(|table, _| table.to_owned())),
        ("wanted sources", members(wanted)),
        ("planned", planned()),
    ]
}

/// The classes of errors.
fn errors() -> String {
    let class = |(name, kind, about): &(&str, &str, &str)| {
        let members = format!("  readonly name: {};\n  readonly kind: {};\n", quoted(name), quoted(kind));
        format!("{}export class {name} extends ImageSourcesError {{\n{members}}}\n", comment("", about.trim()))
    };
    Class::ALL.iter().map(class).collect::<Vec<_>>().join("\n")
}

/// A member for each provider that is a list of something made of its sources.
fn members(item: impl Fn(&str, &Provider) -> String) -> String {
    let member =
        |provider: &&Provider| format!("  {}?: readonly {}[];\n", provider.name, item(provider.source.name, provider));
    PROVIDERS.iter().map(member).collect()
}

/// An entry of a document: a source as it is changed, and which one.
fn wanted(table: &str, provider: &Provider) -> String {
    let delete = if provider.operation("sources.delete").is_some() { "; delete?: boolean" } else { "" };
    format!("({table}Changes & {{ id?: string{delete} }})")
}

/// What is planned, by what is to be done.
fn planned() -> String {
    let list = |action: &Action| {
        let about = match action {
            Action::Create => "not there yet",
            Action::Change => "there, and different",
            Action::Delete => "there, and wanted gone: only what the document says",
            Action::Unchanged => "as the document says",
            Action::Unmanaged => "there, and not in the document; stays as it is",
            Action::Impossible => "cannot be as the document says",
        };
        format!("{}  {}: PlannedSource[];\n", comment("  ", about), action.as_str())
    };
    Action::ALL.iter().map(list).collect()
}

/// A parameter for the sources of each provider.
fn lists() -> String {
    let parameter = |table: &str| {
        let (first, rest) = table.split_at_checked(1).unwrap_or_default();
        format!("  {}{rest}s?: readonly {table}[],\n", first.to_ascii_lowercase())
    };
    let parameters: String = PROVIDERS.iter().map(|provider| parameter(provider.source.name)).collect();
    format!("\n{parameters}")
}

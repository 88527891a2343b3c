//! The table of operations for the README.

use std::fmt::Write;

use image_sources::PROVIDERS;
use image_sources::proto::operation::{Input, Operation, Provider, Retry};

/// A Markdown table with a row for each operation.
pub(crate) fn operations() -> String {
    let mut out = String::from(
        "| provider | method | HTTP | permission | rate class | sent again |\n|---|---|---|---|---|---|\n",
    );
    for provider in PROVIDERS {
        for operation in provider.operations().filter(|operation| !operation.unlisted) {
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "| {} | `{}` | `{} /{}` | {} | `{}`, {} | {} |",
                provider.name,
                call(operation),
                operation.method,
                operation.path,
                operation.permission,
                operation.rate_class,
                rate(provider, operation.rate_class),
                retry(operation.retry).trim_start_matches("sent again "),
            );
        }
    }
    out
}

/// How it is called, such as `sources.update(id, changes)`.
fn call(operation: &Operation) -> String {
    let input = match operation.input {
        Input::Create(_) => Some("input"),
        Input::Changes(_) => Some("changes"),
        Input::Bytes => Some("body"),
        Input::None | Input::Fixed(_) | Input::Given(..) => None,
    };
    let parameters: Vec<_> = operation.parameters().chain(input).collect();
    format!("{}({})", operation.name, parameters.join(", "))
}

/// The limit of a class in words, such as `4 per second`.
pub(crate) fn rate(provider: &Provider, class: &str) -> String {
    let Some(rate) = provider.rates.iter().find(|rate| rate.class == class) else { return "no limit".to_owned() };
    let window = match rate.per_ms {
        1_000 => "second".to_owned(),
        60_000 => "minute".to_owned(),
        3_600_000 => "hour".to_owned(),
        ms => format!("{ms} ms"),
    };
    format!("{} per {window}", rate.requests)
}

/// When an operation is sent again, in words.
pub(crate) fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::Safe => "sent again after any failure that may pass",
        Retry::Unsent => "sent again only after a failure that proves nothing happened",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_row_and_every_class_a_limit() {
        let table = operations();

        let all = PROVIDERS.iter().flat_map(|provider| provider.operations());
        let expected = all.filter(|operation| !operation.unlisted).count();
        assert_eq!(table.lines().count(), expected + 2);
        assert!(!table.contains("no limit"));
        assert!(table.contains("| imgix | `assets.upload(sourceId, path, body)`"));
        assert!(table.contains("| imgix | `purge(url)` | `POST /purge` | Purge |"));
        assert!(table.contains("| imgix | `sources.update(id, changes)` | `PATCH /sources/{id}` | Sources |"));
    }
}

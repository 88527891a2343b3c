//! The tables of operations and forms as JSON for the JavaScript side.

use image_sources::PROVIDERS;
use image_sources::proto::operation::{Answer, Input, Operation, Provider, To};
use image_sources::schema::{Access, Discriminator, Field, Kind, Table};
use serde_json::{Map, Value, json};

/// The tables as a module of strings: JSON parses faster than the same as program text. Each is apart, so that a bundler leaves
/// away those that nobody asks for.
pub(crate) fn module() -> String {
    let text = |value: &Value| Value::String(value.to_string());
    format!(
        "export const calls = {};\nexport const documented = {};\nexport const forms = {};\nexport const printing = {};\n",
        text(&calls()),
        text(&documented()),
        text(&forms()),
        text(&printing()),
    )
}

/// What clients know of operations, by provider: a line for each, in the order in which the core counts them.
fn calls() -> Value {
    let provider = |provider: &&Provider| {
        let rates = provider.rates.iter().map(|rate| (rate.class.to_owned(), json!([rate.requests, rate.per_ms])));
        let lines: Vec<_> = provider.operations().map(line).collect();
        (provider.name.to_owned(), json!({ "rates": rates.collect::<Map<_, _>>(), "rows": lines.join(";") }))
    };
    Value::Object(PROVIDERS.iter().map(provider).collect())
}

/// Name, number of parameters, input, answer, rate class, and letters: `r` only reads, `s` sends several requests.
fn line(operation: &Operation) -> String {
    let mut flags = String::new();
    for (letter, holds) in [('r', operation.method == "GET"), ('s', operation.several())] {
        if holds {
            flags.push(letter);
        }
    }
    let count = operation.parameters().count().to_string();
    let words = [operation.name, &count, input(operation), answer(operation), operation.rate_class, &flags];
    words.join(" ").trim_end().to_owned()
}

fn input(operation: &Operation) -> &'static str {
    match operation.input {
        Input::None | Input::Fixed(_) | Input::Given(..) => "none",
        Input::Create(_) | Input::Changes(_) => "json",
        Input::Bytes => "bytes",
    }
}

fn answer(operation: &Operation) -> &'static str {
    match operation.answer {
        Answer::One(_) => "one",
        Answer::Maybe(_) => "maybe",
        Answer::List(_) => "list",
        Answer::Receipt(_) => "receipt",
        Answer::Nothing => "nothing",
    }
}

/// What `operations()` tells.
fn documented() -> Value {
    let shown = PROVIDERS.iter().flat_map(|provider| {
        provider.operations().filter(|operation| !operation.unlisted).map(|operation| row(provider, operation))
    });
    Value::Array(shown.collect())
}

fn forms() -> Value {
    Value::Object(PROVIDERS.iter().map(|provider| (provider.name.to_owned(), form(provider))).collect())
}

/// What is known of a provider apart from its operations: where it is, how it takes its key, and where a source holds what is common to all.
fn printing() -> Value {
    let provider = |provider: &&Provider| {
        let row = provider.row;
        json!({
            "name": provider.name,
            "title": provider.title,
            "baseUrl": provider.base_url,
            "imageBaseUrl": provider.image_base_url,
            "header": provider.auth.0,
            "prefix": provider.auth.1,
            "variable": provider.key_variable,
            "row": {
                "name": row.name,
                "kind": row.kind,
                "location": row.location,
                "hosts": row.hosts,
                "enabled": row.enabled,
                "status": row.status,
                "secured": row.secured,
                "changedAt": row.changed_at,
            },
        })
    };
    json!({ "providers": PROVIDERS.iter().map(provider).collect::<Vec<_>>(), "secrets": secrets() })
}

/// A regular expression for the names of attributes that are never printed.
fn secrets() -> String {
    fn collect(table: &Table, names: &mut Vec<&'static str>) {
        for field in table.all() {
            if field.secret || field.masked {
                names.push(field.name);
            }
            if let Kind::Object(inner) = field.kind {
                collect(inner, names);
            }
        }
    }
    let mut names = Vec::new();
    for provider in PROVIDERS {
        collect(provider.source, &mut names);
    }
    names.sort_unstable();
    names.dedup();
    format!("^({})$|password$|_key$|(^|[^e])_token$", names.join("|"))
}

fn row(provider: &Provider, operation: &Operation) -> Value {
    let mut row = json!({
        "provider": provider.name,
        "name": operation.name,
        "method": operation.method,
        "host": match operation.to {
            To::Api => "api",
            To::Images => "images",
            To::Given => "given",
        },
        "path": operation.path,
        "parameters": operation.parameters().collect::<Vec<_>>(),
        "input": input(operation),
        "answer": answer(operation),
        "permission": operation.permission,
        "rateClass": operation.rate_class,
        "idempotent": operation.idempotent,
        "retry": operation.retry.as_str(),
        "several": operation.several(),
        "query": operation.query,
        "help": operation.help,
    });
    if let Some(members) = row.as_object_mut() {
        // What is false or empty is left away.
        members.retain(|name, value| {
            (*value != json!(false) || name == "idempotent") && (*value != json!([]) || name != "query")
        });
    }
    row
}

fn form(provider: &Provider) -> Value {
    json!({
        "provider": provider.name,
        "title": provider.title,
        "docs": provider.docs,
        "fields": fields(provider.source, ""),
    })
}

fn fields(table: &Table, prefix: &str) -> Value {
    let given = table.all().filter(|field| field.access != Access::ReadOnly);
    Value::Array(given.map(|field| described(field, prefix)).collect())
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or(Value::Null)
}

/// One field of a form. What is false, empty or unknown is left away.
fn described(field: &Field, prefix: &str) -> Value {
    let path = if prefix.is_empty() { field.name.to_owned() } else { format!("{prefix}.{}", field.name) };
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        let empty = matches!(&value, Value::Bool(false) | Value::Null) || value == json!([]) || value == json!("");
        if !empty {
            out.insert(name.to_owned(), value);
        }
    };
    put("name", json!(field.name));
    put("path", json!(path));
    let (kind, bounds, inner) = match field.kind {
        Kind::String => ("string", None, None),
        Kind::Boolean => ("boolean", None, None),
        Kind::Flag => ("flag", None, None),
        Kind::Integer(min, max) => ("integer", Some((min, max)), None),
        Kind::Number(max) => ("number", Some((0, max)), None),
        Kind::Strings(_) => ("strings", None, None),
        Kind::StringMap | Kind::ScalarMap => ("map", None, None),
        Kind::Object(table) => ("object", None, Some(table)),
        Kind::Objects(_) | Kind::Any | Kind::Json | Kind::Foreign(_) => ("any", None, None),
    };
    put("kind", json!(kind));
    put("required", json!(field.required));
    put("createable", json!(field.can_be_given(false)));
    put("updatable", json!(field.can_be_given(true)));
    put("secret", json!(field.secret));
    put("nullable", json!(field.nullable));
    put("only", json!(field.only));
    put("when", field.when.map_or(Value::Null, |(field, value)| json!({ "field": field, "value": value })));
    let known = field.known_values(None);
    put("open", json!(!field.closed && !known.is_empty()));
    put("values", json!(known));
    if let Some((min, max)) = bounds {
        out.insert("min".to_owned(), json!(min));
        if max != u32::MAX {
            out.insert("max".to_owned(), json!(max));
        }
    }
    if let Some(default) = field.default {
        out.insert("default".to_owned(), parsed(default));
    }
    if !field.values_by_type.is_empty() {
        let by_type = field.values_by_type.iter().map(|(kind, values)| ((*kind).to_owned(), json!(values)));
        out.insert("valuesByType".to_owned(), Value::Object(by_type.collect()));
    }
    if field.demanded.is_some() {
        let demands = field.demanded.iter().map(|(kind, value)| json!({ "type": kind, "value": parsed(value) }));
        out.insert("demanded".to_owned(), Value::Array(demands.collect()));
    }
    if !field.help.is_empty() {
        out.insert("help".to_owned(), json!(field.help));
    }
    if let Some(table) = inner {
        let decided = table.variant.map(|decided| match decided {
            Discriminator::Own(name) => format!("{path}.{name}"),
            Discriminator::Parent(name) if prefix.is_empty() => name.to_owned(),
            Discriminator::Parent(name) => format!("{prefix}.{name}"),
        });
        if let Some(decided) = decided {
            out.insert("decidedBy".to_owned(), json!(decided));
        }
        out.insert("fields".to_owned(), fields(table, &path));
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Value {
        documented()
            .as_array()
            .and_then(|rows| rows.iter().find(|row| row["name"] == name).cloned())
            .unwrap_or_default()
    }

    #[test]
    fn a_line_stands_where_the_core_counts_its_operation() {
        let calls = calls();

        for provider in PROVIDERS {
            let lines = calls[provider.name]["rows"].as_str().unwrap();
            let names: Vec<_> = lines.split(';').map(|line| line.split(' ').next().unwrap()).collect();
            assert_eq!(names, provider.operations().map(|operation| operation.name).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_line_has_six_words_or_less_without_letters_and_class() {
        for provider in PROVIDERS {
            for operation in provider.operations().filter(|operation| !operation.unlisted) {
                assert!((5..=6).contains(&line(operation).split(' ').count()), "{}", operation.name);
            }
        }
        let unlisted = PROVIDERS[0].operation("uploadSessions.put").unwrap();
        assert_eq!(line(unlisted), "uploadSessions.put 1 bytes nothing", "it is counted in no class");
    }

    #[test]
    fn parameters_that_go_into_the_body_count_and_options_do_not() {
        assert_eq!(row("purge")["parameters"], json!(["url"]));
        assert_eq!(row("publish")["parameters"], json!(["url", "sourceId"]));
        assert_eq!(row("assets.upload")["input"], "bytes");
        assert_eq!(row("uploadSessions.put"), Value::Null);
    }
}

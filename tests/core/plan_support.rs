//! Both accounts of a sandbox, read and changed as a client would do it.

use image_sources::PROVIDERS;
use image_sources::plan::{Action, Entry, Plan, Step, export_setup, plan};
use image_sources::proto::call::Config;
use image_sources::proto::http::{Request, Response};
use image_sources::sandbox::{Incoming, Options, Sandbox};
use image_sources::schema::Problem;
use image_sources::schema::json;
use serde_json::{Value, json};

pub(crate) const TODAY: &str = "2026-03-05";
const NOW: f64 = 1_772_719_800_000.0;

pub(crate) struct Accounts {
    sandbox: Sandbox,
    now: f64,
}

impl Accounts {
    pub(crate) fn full() -> Self {
        Self { sandbox: Sandbox::new(Options::from_json("{}").unwrap()), now: NOW }
    }

    fn send(&mut self, request: Request) -> Response {
        let mut incoming = Incoming::new(request.method, request.url);
        for (name, value) in request.headers {
            incoming = incoming.header(name, value);
        }
        // So far apart that no limit is met.
        self.now += 61_000.0;
        self.sandbox.handle(&incoming.body(request.body.unwrap_or_default()), self.now).response
    }

    /// Does a call, and gives what it answers.
    pub(crate) fn call(&mut self, provider: &str, operation: &str, arguments: &[u8], options: &str) -> Value {
        let provider = image_sources::provider(provider).unwrap();
        let config = Config::new(provider, br#"{"apiKey":"ak_sandbox"}"#).unwrap();
        let operation = provider.operation(operation).unwrap();
        let given: Vec<&[u8]> = json::items(arguments).collect();
        let count = operation.parameters().count();
        let input = given.get(count).copied().unwrap_or(b"null");
        let mut prepared = config.prepare(operation, &given[..count], input, options.as_bytes(), Some(TODAY)).unwrap();
        if let Some(read) = config.read_first(&prepared) {
            let answer = self.send(config.request_for(&prepared, read));
            let context = config.context(&prepared, read, false);
            let stored = image_sources::proto::read::read(&context, &answer).unwrap().json.unwrap();
            config.merge(&mut prepared, &stored).unwrap();
        }
        let answer = self.send(config.request(&prepared));
        let read = config.read(&prepared, &answer, false).unwrap();
        read.json.map_or(Value::Null, |json| {
            let text = String::from_utf8(json).unwrap();
            serde_json::from_str(&text).or_else(|_| serde_json::from_str(&format!("[{text}]"))).unwrap()
        })
    }

    /// Everything that is live.
    pub(crate) fn live(&mut self) -> Value {
        let imgix = self.call("imgix", "sources.list", b"[]", r#"{"page":{"size":1000}}"#);
        let boss = self.call("imageboss", "sources.list", b"[]", "null");
        json!({ "imgix": imgix, "imageboss": boss })
    }

    /// Does all that is planned.
    pub(crate) fn apply(&mut self, plan: &Plan) {
        for entry in &plan.entries {
            for Step { operation, arguments } in &entry.steps {
                self.call(entry.provider, operation, arguments, "null");
            }
        }
    }
}

pub(crate) fn planned(document: &Value, live: &Value) -> Plan {
    plan(document.to_string().as_bytes(), live.to_string().as_bytes(), Some(TODAY)).unwrap()
}

/// The only entry there is but for those nobody describes.
pub(crate) fn single(document: &Value, live: &Value) -> Entry {
    let mut entries = planned(document, live).entries;
    entries.retain(|entry| entry.action != Action::Unmanaged);
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.pop().unwrap()
}

pub(crate) fn refused(document: &str, live: &str) -> Vec<String> {
    told(&plan(document.as_bytes(), live.as_bytes(), Some(TODAY)).unwrap_err())
}

pub(crate) fn told(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.field, problem.code.as_str())).collect()
}

pub(crate) fn exported(live: &Value, ids: bool) -> Value {
    serde_json::from_slice(&export_setup(live.to_string().as_bytes(), ids).unwrap()).unwrap()
}

/// How many entries have each action.
pub(crate) fn counts(plan: &Plan) -> Vec<(&'static str, usize)> {
    let count = |action| plan.entries.iter().filter(|entry| entry.action == action).count();
    Action::ALL.iter().map(|action| (action.as_str(), count(*action))).filter(|(_, count)| *count > 0).collect()
}

/// The changes as `path: from -> to`.
pub(crate) fn changes(entry: &Entry) -> Vec<String> {
    let text = |value: &Option<Vec<u8>>| {
        value.as_ref().map_or_else(|| "-".to_owned(), |value| String::from_utf8(value.clone()).unwrap())
    };
    let line = |change: &image_sources::plan::Change| {
        if change.secret {
            format!("{}: secret {} {}", change.path, text(&change.from), text(&change.to))
        } else {
            format!("{}: {} -> {}", change.path, text(&change.from), text(&change.to))
        }
    };
    entry.changes.iter().map(line).collect()
}

/// The steps as `operation arguments`.
pub(crate) fn steps(entry: &Entry) -> Vec<String> {
    entry.steps.iter().map(|step| format!("{} {}", step.operation, String::from_utf8_lossy(&step.arguments))).collect()
}

pub(crate) fn sources(live: &Value) -> usize {
    PROVIDERS.iter().map(|provider| live[provider.name].as_array().map_or(0, Vec::len)).sum()
}

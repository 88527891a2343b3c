//! Every request body for imgix is JSON:API 1.0, by the schema that the specification's own repository keeps. Inputs are made
//! from the tables.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use image_sources::proto::call::Config;
use image_sources::proto::operation::{Input as Body, Operation, Provider};
use image_sources::schema::{Field, Input, Kind, Level, Table, check_input};
use jsonschema::{Registry, Validator};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, RngSeed, TestRunner};
use serde_json::{Map, Value, json};

const MEDIA_TYPE: &str = "application/vnd.api+json";
const CASES: u32 = 500;

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(folder)
}

fn parsed(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a fixture")).expect("fixtures are JSON")
}

fn files(folder: &str) -> Vec<(String, Value)> {
    let mut paths: Vec<_> =
        fs::read_dir(fixtures(folder)).expect("a folder").map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), parsed(path)))
        .collect()
}

fn schema(name: &str) -> Validator {
    let answers = parsed(&fixtures("jsonapi/schema.json"));
    let id = answers["$id"].as_str().expect("it has a name").to_owned();
    let registry = Registry::new().add(id, answers).expect("a schema").prepare().expect("a schema");
    let schema = parsed(&fixtures(&format!("jsonapi/{name}.json")));
    jsonschema::options().with_registry(&registry).build(&schema).expect("a schema")
}

fn faults(schema: &Validator, document: &Value) -> Vec<String> {
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn imgix() -> &'static Provider {
    image_sources::provider("imgix").expect("it is there")
}

fn client() -> Config {
    Config::new(imgix(), br#"{"apiKey":"ak_example"}"#).expect("these options are right")
}

#[test]
fn the_schemas_judge_their_own_examples_rightly() {
    for kind in ["create", "update"] {
        let schema = schema(&format!("schema_{kind}_resource"));
        for verdict in ["valid", "invalid"] {
            let examples = files(&format!("jsonapi/{kind}/{verdict}"));
            assert!(!examples.is_empty());
            for (name, example) in examples {
                assert_eq!(schema.is_valid(&example), verdict == "valid", "{name}");
            }
        }
    }
}

#[test]
fn fixtures_of_imgix_are_json_api() {
    let (answer, create, update) =
        (schema("schema"), schema("schema_create_resource"), schema("schema_update_resource"));
    let mut judged = 0;
    for (name, mut document) in files("imgix") {
        // What proxies answer, and vectors of signatures, are no JSON:API.
        if name.starts_with("http.") || name.starts_with("signing") {
            continue;
        }
        // imgix repeats the id among the attributes of a session, which the specification forbids.
        if name.starts_with("upload-session") {
            document["data"]["attributes"].as_object_mut().expect("it has attributes").remove("id");
        }
        let schema = match name.as_str() {
            _ if !name.contains(".request.") && !name.ends_with(".request.json") => &answer,
            _ if name.contains("update.request") => &update,
            _ => &create,
        };
        assert_eq!(faults(schema, &document), [""; 0], "{name}");
        judged += 1;
    }
    assert!(judged > 30);
}

/// Strings of which every rule takes one at least: names, addresses, keys, and what is hard to write as JSON.
fn strings() -> impl Strategy<Value = Vec<String>> {
    let plain = prop::sample::select(vec![
        "my-bucket",
        "abc",
        "https://storage.example/images",
        "AKIAIOSFODNN7EXAMPLE",
        "GOOG1EXAMPLEEXAMPLEEXAMPLE",
        "?sv=2024-11-04&se=2099-01-01&sp=rl&sig=abc%3D",
        "images.example.com",
        "/folder/é",
    ]);
    let odd = "\\PC{0,24}|[\"\\\\/\\u{0}-\\u{1f}\u{2028}\u{fffd}😀]{1,6}";
    let mixed = prop_oneof![plain.prop_map(str::to_owned), odd.prop_map(|text: String| text)];
    // The last ones always fit somewhere.
    prop::collection::vec(mixed, 12).prop_map(|mut some| {
        some.extend(
            [
                "my-bucket",
                "abc",
                "https://storage.example",
                "AKIAIOSFODNN7EXAMPLE",
                "?sv=2024-11-04&se=2099-01-01&sig=abc",
            ]
            .map(str::to_owned),
        );
        some
    })
}

/// Choices for one field: is it given, is it null, which of the values that fit; and the strings that may be values.
type Choice = (bool, bool, u32, Rc<Vec<String>>);

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let fields = prop::collection::vec((any::<bool>(), prop::bool::weighted(0.2), any::<u32>()), 64);
    (fields, strings()).prop_map(|(fields, strings)| {
        let strings = Rc::new(strings);
        fields.into_iter().map(|(given, null, which)| (given, null, which, Rc::clone(&strings))).collect()
    })
}

/// An object that its table takes.
fn object(
    table: &'static Table,
    updating: bool,
    variant: Option<&str>,
    choices: &mut dyn Iterator<Item = Choice>,
) -> Value {
    let mut members = Map::new();
    if let (Some(decided), Some(variant)) = (table.variant, variant) {
        members.insert(decided.field().to_owned(), variant.into());
    }
    for field in table.all() {
        let decides = table.variant.is_some_and(|decided| decided.field() == field.name);
        if decides || !field.can_be_given(updating) || !field.goes_with(variant) {
            continue;
        }
        let Some(choice) = choices.next() else { break };
        let needed = !updating && field.required_for(variant);
        if !needed && !choice.0 {
            continue;
        }
        if let Some(value) = value(table, field, updating, variant, &choice, choices) {
            members.insert(field.name.to_owned(), value);
        } else {
            assert!(!needed, "no value for {}", field.name);
        }
    }
    members.into()
}

fn value(
    table: &'static Table,
    field: &'static Field,
    updating: bool,
    variant: Option<&str>,
    (_, null, number, strings): &Choice,
    choices: &mut dyn Iterator<Item = Choice>,
) -> Option<Value> {
    if *null && field.nullable {
        return Some(Value::Null);
    }
    if let Some(only) = field.demand(variant) {
        return serde_json::from_str(only).ok();
    }
    let text = || {
        let listed = field.values.iter().map(|value| (*value).to_owned());
        let free = strings.iter().filter(|_| !field.closed).cloned();
        let all: Vec<String> =
            if number % 2 == 0 { listed.chain(free).collect() } else { free.chain(listed).collect() };
        let start = *number as usize % all.len().max(1);
        all.iter().cycle().skip(start).take(all.len()).cloned().collect::<Vec<_>>()
    };
    let candidates: Vec<Value> = match field.kind {
        Kind::String => text().into_iter().map(Value::from).collect(),
        Kind::Boolean => vec![(number % 2 == 0).into()],
        Kind::Flag => vec![["true", "false"][*number as usize % 2].into()],
        Kind::Integer(least, most) => vec![(least + number % (most - least).max(1)).into()],
        Kind::Number(most) => vec![(1 + number % most).into()],
        Kind::Strings(least) => {
            let most = least + *number as usize % 3;
            // Several or, if these do not go together, each alone.
            let several = std::iter::once(text().into_iter().take(most).map(Value::from).collect::<Value>());
            several.chain(text().into_iter().map(|text| json!([text]))).collect()
        }
        Kind::StringMap | Kind::ScalarMap => {
            let pairs = strings.iter().zip(strings.iter().skip(1)).take(*number as usize % 4);
            vec![pairs.map(|(name, value)| (name.clone(), Value::from(value.clone()))).collect()]
        }
        Kind::Object(inner) => {
            let kinds =
                inner.variant.and_then(|decided| inner.field(decided.field())).map_or(&[][..], |kind| kind.values);
            let kind = kinds.get(*number as usize % kinds.len().max(1)).copied();
            // A change need not name the type.
            return Some(object(inner, updating, kind.filter(|_| !updating || number % 3 != 0), choices));
        }
        _ => return None,
    };
    candidates.into_iter().find(|value| taken(table, field, updating, variant, value))
}

/// Does the table take this value here?
fn taken(table: &'static Table, field: &Field, updating: bool, variant: Option<&str>, value: &Value) -> bool {
    let mut members = Map::from_iter([(field.name.to_owned(), value.clone())]);
    if let (Some(decided), Some(variant)) = (table.variant, variant) {
        members.insert(decided.field().to_owned(), variant.into());
    }
    let input = Value::from(members).to_string();
    let problems = check_input(input.as_bytes(), table, &Input { updating, ..Input::default() });
    !problems.iter().any(|problem| {
        problem.level == Level::Error && problem.field.split('.').next() == Some(field.name.split('.').next().unwrap())
    })
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9a-f]{24}", "[^/]{1,12}"].prop_filter("no segment", |id| !matches!(id.as_str(), "." | ".."))
}

/// One call: parameters, input, and the attributes that are meant.
type Given = (Vec<String>, Value, Value);

fn given(operation: &'static Operation) -> BoxedStrategy<Given> {
    let in_path = operation.path.matches('{').count();
    let several = operation.path.ends_with("+}");
    let ids = prop::collection::vec(id(), in_path).prop_flat_map(move |ids| {
        let more = prop::collection::vec(id(), 0..3);
        (Just(ids), more).prop_map(move |(mut ids, more)| {
            if let Some(last) = ids.last_mut().filter(|_| several) {
                *last = [vec![last.clone()], more].concat().join("/");
            }
            ids
        })
    });
    (ids, choices())
        .prop_map(move |(mut parameters, choices)| {
            let mut choices = choices.into_iter();
            let (input, attributes) = match operation.input {
                Body::Create(table) => twice(object(table, false, None, &mut choices)),
                Body::Changes(table) => {
                    // A change of nothing is refused.
                    let mut changes = object(table, true, None, &mut choices);
                    if changes.as_object().is_some_and(Map::is_empty) {
                        changes = json!({ "name": "n" });
                    }
                    twice(changes)
                }
                Body::Fixed(fixed) => (Value::Null, serde_json::from_str(fixed).expect("it is JSON")),
                Body::Given(table, from) => {
                    let all = object(table, false, None, &mut choices);
                    let mut meant = Map::new();
                    for (name, source) in from {
                        if operation.options.field(source).is_none() {
                            parameters.push(all[name].as_str().expect("parameters are strings").to_owned());
                            meant.insert((*name).to_owned(), all[name].clone());
                        }
                    }
                    (Value::Null, meant.into())
                }
                Body::None | Body::Bytes => unreachable!("it has no body"),
            };
            (parameters, input, attributes)
        })
        .boxed()
}

fn twice(value: Value) -> (Value, Value) {
    (value.clone(), value)
}

#[test]
fn every_body_is_json_api() {
    let config = client();
    let (create, update) = (schema("schema_create_resource"), schema("schema_update_resource"));
    let types = BTreeMap::from([("purge", "purges"), ("publish", "publishes"), ("unpublish", "unpublishes")]);
    let stored: Vec<Value> = files("imgix")
        .into_iter()
        .filter(|(name, _)| name.starts_with("source-get.200"))
        .map(|(_, document)| document["data"]["attributes"].clone())
        .collect();
    let mut seen = Vec::new();
    for operation in imgix().operations().filter(|operation| !matches!(operation.input, Body::None | Body::Bytes)) {
        seen.push(operation.name);
        let kinds = RefCell::new(BTreeMap::new());
        let mut runner = TestRunner::new(Cases {
            cases: CASES,
            rng_seed: RngSeed::Fixed(7),
            failure_persistence: None,
            ..Cases::default()
        });
        let result = runner.run(&given(operation), |(parameters, input, attributes)| {
            let raw: Vec<Vec<u8>> = parameters.iter().map(|text| image_sources_fuzz::quoted(text)).collect();
            let raw: Vec<&[u8]> = raw.iter().map(Vec::as_slice).collect();
            let prepared = config
                .prepare(operation, &raw, input.to_string().as_bytes(), b"null", Some("2026-01-31"))
                .map_err(|error| TestCaseError::fail(format!("{} {:?}", error.message, error.problems)))?;
            let kind = input["deployment"]["type"].as_str().unwrap_or_default().to_owned();
            *kinds.borrow_mut().entry(kind).or_insert(0) += 1;
            let mut all = vec![(prepared.clone(), Some(attributes))];
            if config.read_first(&prepared).is_some() {
                for stored in &stored {
                    let mut merged = prepared.clone();
                    if config.merge(&mut merged, stored.to_string().as_bytes()).is_ok() {
                        all.push((merged, None));
                    }
                }
            }
            for (prepared, attributes) in all {
                let request = config.request(&prepared);
                prop_assert_eq!(request.header("content-type"), Some(MEDIA_TYPE));
                prop_assert_eq!(request.header("accept"), Some(MEDIA_TYPE));
                let body: Value = serde_json::from_slice(&request.body.expect("it has a body")).expect("it is JSON");
                let changes = operation.method == "PATCH";
                let found = faults(if changes { &update } else { &create }, &body);
                prop_assert!(found.is_empty(), "{found:?} in {body}");
                let named = operation.name.split('.').next().unwrap();
                prop_assert_eq!(&body["data"]["type"], types.get(named).unwrap_or(&named));
                // The id is the provider's to give; what is there already is named as its address names it.
                let id = changes.then(|| {
                    Value::from(parameters.iter().map(|id| id.trim_start_matches('/')).collect::<Vec<_>>().join("/"))
                });
                prop_assert_eq!(body["data"].get("id"), id.as_ref());
                if let Some(attributes) = attributes {
                    prop_assert_eq!(&body["data"]["attributes"], &attributes);
                }
            }
            Ok(())
        });
        if let Err(fault) = result {
            panic!("{}: {fault}", operation.name);
        }
        if operation.name == "sources.create" {
            let all = ["azure", "gcs", "s3", "s3_compatible", "webfolder", "webproxy"];
            assert!(kinds.borrow().keys().eq(all.iter()), "{kinds:?}");
        }
    }
    assert_eq!(
        seen,
        [
            "sources.create",
            "sources.update",
            "sources.enable",
            "sources.disable",
            "assets.update",
            "purge",
            "publish",
            "unpublish"
        ]
    );
}

//! A document of what is live.

use super::plan_support::{Accounts, counts, exported, planned, refused, single, sources, told};
use super::support::{fixtures, parsed, read};
use image_sources::PROVIDERS;
use image_sources::plan::{Action, export_setup};
use image_sources::schema::{Field, Kind, Level, Table};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

#[test]
fn the_plan_of_what_was_exported_is_empty() {
    let live = Accounts::full().live();

    for ids in [true, false] {
        let document = exported(&live, ids);
        let plan = planned(&document, &live);
        assert_eq!(counts(&plan), [("unchanged", sources(&live))]);
        assert!(plan.entries.iter().all(|entry| entry.problems.is_empty()));
        assert_eq!(document["imgix"][0].get("id").is_some(), ids);
    }
    assert!(sources(&live) > 55);
}

#[test]
fn the_plan_of_every_fixture_that_was_exported_is_empty() {
    for (provider, begins) in [
        ("imgix", "source-get.200"),
        ("imageboss", "get-200"),
        ("imageboss", "create-success"),
        ("imageboss", "tolerance"),
    ] {
        for (name, text) in fixtures(provider, begins) {
            let source = parsed(read(provider, "sources.get", 200, text).unwrap().json.unwrap());
            let live = json!({ provider: [source] });

            assert_eq!(counts(&planned(&exported(&live, true), &live)), [("unchanged", 1)], "{name}");
        }
    }
}

#[test]
fn no_secret_is_exported_and_nothing_that_providers_set() {
    let mut accounts = Accounts::full();
    let live = accounts.live();
    let text = exported(&live, true).to_string();

    for name in [
        "secret_token",
        "secure_url_token",
        "secret_access_key",
        "sas_token",
        "****\"",
        "NOT-A-SECRET",
        "deployment_status",
        "created_at",
        "allows_upload",
        "password",
    ] {
        assert!(!text.contains(name), "{name}");
    }
    for source in live["imageboss"].as_array().unwrap() {
        assert!(!text.contains(source["credentials"]["secret_token"].as_str().unwrap()));
    }
    assert!(text.contains("https://****@kit.agency.example/"));
    assert!(text.contains(r#""credential_attributes":{"#) && !text.contains(r#""credentials":"#));
}

#[test]
fn what_was_exported_makes_the_same_in_another_account_once_the_secrets_are_there() {
    let live = Accounts::full().live();
    let document = exported(&live, false);

    let plan = planned(&document, &json!({ "imgix": [], "imageboss": [] }));

    for entry in &plan.entries {
        let source = &live[entry.provider][entry.index.unwrap()];
        // What is missing is secret, or a mask in place of one.
        let errors: Vec<_> = entry.problems.iter().filter(|problem| problem.level == Level::Error).cloned().collect();
        let missing = told(&errors);
        let secrets = missing.iter().all(|problem| {
            [
                "secret_key required",
                "secret required",
                "secret_access_key required",
                "sas_string required",
                "sas_token required",
                "url masked",
            ]
            .iter()
            .any(|end| problem.ends_with(end))
        });
        assert!(secrets, "{missing:?}");
        assert_eq!(entry.action == Action::Create, missing.is_empty(), "{source}");
    }
    assert!(plan.entries.iter().filter(|entry| entry.action == Action::Create).count() > 10);
}

#[test]
fn a_provider_that_is_not_known_is_not_exported() {
    let text = export_setup(br#"{"imgix":[]}"#, true).unwrap();
    assert_eq!(String::from_utf8(text).unwrap(), r#"{"version":1,"imgix":[]}"#);
    assert_eq!(export_setup(b"{}", true).unwrap(), br#"{"version":1}"#);
    assert_eq!(told(&export_setup(b"[]", true).unwrap_err()), ["current type"]);
    assert_eq!(refused(r#"{"version":1}"#, "7"), ["current type"]);
}

#[test]
fn what_a_provider_may_add_later_is_neither_exported_nor_lost() {
    let live = json!({ "imgix": [{ "id": "a", "name": "A", "brand_new": 1, "deployment": { "type": "s3", "new_secret_key": "CANARY", "s3_bucket": "x" } }] });
    let document = exported(&live, true);

    assert_eq!(
        document,
        json!({ "version": 1, "imgix": [{ "id": "a", "name": "A", "deployment": { "type": "s3", "s3_bucket": "x" } }] })
    );
    assert_eq!(single(&document, &live).action, Action::Unchanged);
}

fn anything() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z0-9 /.:-]{0,12}",
        any::<String>(),
        Just("****".to_owned()),
        Just("true".to_owned()),
        Just("https://me:secret@host.example/x".to_owned()),
    ];
    let leaf = prop_oneof![
        text.prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<u32>().prop_map(Value::from),
        any::<i16>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        Just(Value::Null),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_]{0,8}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A value such as a field may have in an answer: mostly of its kind, now and then something else.
fn value(field: &'static Field) -> BoxedStrategy<Value> {
    let texts = proptest::collection::vec("[a-z.]{0,8}", 0..4);
    let right: BoxedStrategy<Value> = match field.kind {
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Flag => prop_oneof![Just("true"), Just("false")].prop_map(Value::from).boxed(),
        Kind::Integer(..) => any::<u32>().prop_map(Value::from).boxed(),
        Kind::Strings(_) => texts.prop_map(Value::from).boxed(),
        Kind::StringMap | Kind::ScalarMap => {
            proptest::collection::btree_map("[a-z_]{1,8}|password|auth_token", "[a-z*]{0,6}", 0..3)
                .prop_map(|map| json!(map))
                .boxed()
        }
        Kind::Object(table) => object(table).boxed(),
        _ if !field.values.is_empty() => proptest::sample::select(field.values).prop_map(Value::from).boxed(),
        _ => "[a-zA-Z0-9 :/@.*-]{0,20}".prop_map(Value::from).boxed(),
    };
    prop_oneof![8 => right, 1 => anything()].boxed()
}

/// An object with some of the fields of a table.
fn object(table: &'static Table) -> impl Strategy<Value = Value> {
    let fields: Vec<_> =
        table.all().map(|field| (Just(field.name), proptest::option::weighted(0.6, value(field)))).collect();
    fields.prop_map(|members| {
        Value::Object(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_live_the_plan_of_its_export_is_empty(
        imgix in proptest::collection::vec(object(PROVIDERS[0].source), 0..4),
        imageboss in proptest::collection::vec(object(PROVIDERS[1].source), 0..4),
    ) {
        let numbered = |sources: Vec<Value>| -> Vec<Value> {
            let number = |(at, mut source): (usize, Value)| {
                source["id"] = format!("id{at}").into();
                source
            };
            sources.into_iter().enumerate().map(number).collect()
        };
        let live = json!({ "imgix": numbered(imgix), "imageboss": numbered(imageboss) });

        let plan = planned(&exported(&live, true), &live);

        prop_assert!(plan.entries.iter().all(|entry| entry.action == Action::Unchanged), "{live} {plan:?}");
        prop_assert_eq!(plan.entries.len(), sources(&live));
    }

    #[test]
    fn whatever_a_document_holds_a_plan_or_problems_come_of_it(
        document in anything(),
        entries in proptest::collection::vec(prop_oneof![anything(), object(PROVIDERS[0].source)], 0..4),
        live in proptest::collection::vec(object(PROVIDERS[0].source), 0..4),
    ) {
        let current = json!({ "imgix": live });
        let _ = image_sources::plan::plan(document.to_string().as_bytes(), current.to_string().as_bytes(), None);
        let plan = planned(&json!({ "version": 1, "imgix": entries }), &current);

        for entry in &plan.entries {
            prop_assert_eq!(entry.action == Action::Impossible, entry.problems.iter().any(|problem| problem.level == Level::Error));
            let acts = matches!(entry.action, Action::Create | Action::Change | Action::Delete);
            prop_assert_eq!(acts, !entry.steps.is_empty());
        }
    }
}

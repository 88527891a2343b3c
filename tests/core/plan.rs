//! A document of what is wanted, held against what is live.

use super::plan_support::{Accounts, changes, counts, exported, planned, refused, single, sources, steps, told};
use image_sources::plan::{Action, plan};
use serde_json::{Value, json};

fn folder() -> Value {
    json!({
        "id": "f1", "type": "sources", "name": "Shop", "enabled": true, "deployment_status": "deployed",
        "deployment": {
            "type": "webfolder", "webfolder_base_url": "https://shop.example/img", "imgix_subdomains": ["shop", "shop-b"],
            "custom_domains": [], "cache_ttl_value": 31_536_000, "default_params": {}, "image_error": null,
        },
    })
}

fn bucket() -> Value {
    json!({
        "id": "b1", "type": "sources", "name": "Bucket", "enabled": true,
        "deployment": {
            "type": "s3", "s3_bucket": "my-photos", "s3_access_key": "AKIAIOSFODNN7EXAMPLE", "s3_prefix": null,
            "imgix_subdomains": ["bucket"], "allows_upload": true,
        },
    })
}

fn boss() -> Value {
    json!({
        "id": "69a8f0c5e4b0a1b2c3d4e5f6", "source": "my-images", "source_type": "s3",
        "credentials": {
            "bucket": "my-photos", "region": "us-east-1", "access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "****",
            "require_token": "true", "secret_token": "0123456789abcdef",
        },
        "created_at": "2026-03-05T14:10:00Z", "updated_at": "2026-03-05T14:10:00Z",
    })
}

fn live() -> Value {
    json!({ "imgix": [folder(), bucket()], "imageboss": [boss()] })
}

fn imgix(entry: Value) -> Value {
    json!({ "version": 1, "imgix": [entry] })
}

fn imageboss(entry: Value) -> Value {
    json!({ "version": 1, "imageboss": [entry] })
}

#[test]
fn a_change_is_told_field_by_field_and_sends_nothing_else() {
    let wanted = json!({ "name": "Shop", "deployment": {
        "webfolder_base_url": "https://shop.example/img", "imgix_subdomains": ["shop-b", "shop"],
        "cache_ttl_value": 3600, "default_params": { "auto": "format" },
    } });

    let entry = single(&imgix(wanted), &live());

    assert_eq!(entry.action, Action::Change);
    assert_eq!((entry.id.as_deref(), entry.name.as_deref(), entry.index), (Some("f1"), Some("Shop"), Some(0)));
    assert_eq!(
        changes(&entry),
        [r"deployment.cache_ttl_value: 31536000 -> 3600", r#"deployment.default_params: {} -> {"auto":"format"}"#]
    );
    assert_eq!(
        steps(&entry),
        [r#"sources.update ["f1",{"deployment":{"cache_ttl_value":3600,"default_params":{"auto":"format"}}}]"#]
    );
    assert_eq!(entry.problems, []);
}

#[test]
fn what_is_as_the_document_says_is_unchanged_and_what_it_does_not_say_is_unmanaged() {
    let plan = planned(&imgix(json!({ "name": "Shop" })), &live());

    assert_eq!(counts(&plan), [("unchanged", 1), ("unmanaged", 2)]);
    let unmanaged: Vec<_> = plan.entries[1..].iter().map(|entry| (entry.provider, entry.id.as_deref())).collect();
    assert_eq!(unmanaged, [("imgix", Some("b1")), ("imageboss", Some("69a8f0c5e4b0a1b2c3d4e5f6"))]);
    assert!(plan.entries.iter().all(|entry| entry.steps.is_empty() && entry.changes.is_empty()));
}

#[test]
fn a_source_is_matched_by_its_id_first_and_can_then_be_renamed() {
    let entry = single(&imageboss(json!({ "id": "69a8f0c5e4b0a1b2c3d4e5f6", "source": "renamed" })), &live());

    assert_eq!(changes(&entry), [r#"source: "my-images" -> "renamed""#]);
    assert_eq!(steps(&entry), [r#"sources.update ["69a8f0c5e4b0a1b2c3d4e5f6",{"source":"renamed"}]"#]);
}

#[test]
fn what_is_written_under_another_name_than_it_is_read_is_compared_all_the_same() {
    let wanted = json!({ "source": "my-images", "source_type": "s3", "credential_attributes": {
        "bucket": "my-photos", "region": "eu-west-1", "access_key_id": "AKIAIOSFODNN7EXAMPLF", "require_token": true,
    } });

    let entry = single(&imageboss(wanted), &live());

    assert_eq!(
        changes(&entry),
        [
            r#"credential_attributes.access_key_id: "****MPLE" -> "****MPLF""#,
            r#"credential_attributes.region: "us-east-1" -> "eu-west-1""#,
        ]
    );
    assert_eq!(
        steps(&entry),
        [
            r#"sources.update ["69a8f0c5e4b0a1b2c3d4e5f6",{"credential_attributes":{"access_key_id":"AKIAIOSFODNN7EXAMPLF","region":"eu-west-1"}}]"#
        ]
    );
}

#[test]
fn a_secret_is_sent_and_never_shown() {
    for (document, path) in [
        (
            imageboss(
                json!({ "source": "my-images", "credential_attributes": { "secret_access_key": "CANARY+secretsecretsecretsecretsecre" } }),
            ),
            "credential_attributes.secret_access_key",
        ),
        (
            imgix(
                json!({ "name": "Bucket", "deployment": { "s3_secret_key": "CANARY+secretsecretsecretsecretsecre" } }),
            ),
            "deployment.s3_secret_key",
        ),
        (imgix(json!({ "name": "Shop", "deployment": { "password": "CANARY" } })), "deployment.password"),
    ] {
        let entry = single(&document, &live());

        assert_eq!(entry.action, Action::Change, "{entry:?}");
        assert_eq!(changes(&entry), [format!("{path}: secret - -")]);
        assert!(steps(&entry)[0].contains("CANARY"));
        assert!(!format!("{entry:?}").contains("CANARY"));
    }
    let address =
        imgix(json!({ "name": "Shop", "deployment": { "webfolder_base_url": "https://me:CANARY@shop.example/" } }));
    let entry = single(&address, &live());
    assert_eq!(
        changes(&entry),
        [r#"deployment.webfolder_base_url: "https://shop.example/img" -> "https://****@shop.example/""#]
    );
}

#[test]
fn a_mask_is_never_sent() {
    for (entry, problem) in [
        (
            json!({ "source": "my-images", "credential_attributes": { "secret_access_key": "****" } }),
            "secret_access_key masked",
        ),
        (
            json!({ "source": "my-images", "credential_attributes": { "access_key_id": "****1234" } }),
            "access_key_id masked",
        ),
        (
            json!({ "source": "new", "source_type": "url", "credential_attributes": { "url": "https://****@origin.example/" } }),
            "url masked",
        ),
    ] {
        let entry = single(&imageboss(entry), &live());

        assert_eq!(entry.action, Action::Impossible);
        let told = told(&entry.problems);
        let same = |known: &&String| **known == format!("imageboss.0.credential_attributes.{problem}");
        assert_eq!(told.iter().filter(same).count(), 1, "{told:?}");
    }
    // The mask of what is there stands for it.
    let shown = json!({ "source": "my-images", "credential_attributes": { "access_key_id": "****MPLE" } });
    assert_eq!(single(&imageboss(shown), &live()).action, Action::Unchanged);
}

#[test]
fn what_is_not_there_is_created_with_all_that_the_document_says() {
    let source = json!({ "name": "New", "enabled": true, "deployment": {
        "type": "webfolder", "webfolder_base_url": "https://new.example", "imgix_subdomains": ["new-one"], "image_error": null,
    } });

    let entry = single(&imgix(source.clone()), &live());

    assert_eq!(entry.action, Action::Create);
    assert_eq!(
        changes(&entry),
        [
            r#"name: - -> "New""#,
            r#"deployment.type: - -> "webfolder""#,
            r#"deployment.imgix_subdomains: - -> ["new-one"]"#,
            r#"deployment.webfolder_base_url: - -> "https://new.example""#,
        ]
    );
    assert_eq!(
        steps(&entry),
        [
            r#"sources.create [{"name":"New","deployment":{"type":"webfolder","imgix_subdomains":["new-one"],"webfolder_base_url":"https://new.example"}}]"#
        ]
    );
    assert_eq!(entry.problems, []);

    let mut off = source;
    off["enabled"] = false.into();
    let entry = single(&imgix(off), &live());
    assert_eq!(entry.action, Action::Create);
    assert_eq!(told(&entry.problems), ["imgix.0.enabled mismatch"]);
    assert!(!steps(&entry)[0].contains("enabled"));
}

#[test]
fn a_creation_lacks_nothing_least_of_all_secrets() {
    let entry = single(
        &imgix(json!({ "name": "New", "deployment": {
            "type": "s3", "s3_bucket": "photos", "s3_access_key": "AKIAIOSFODNN7EXAMPLE", "imgix_subdomains": ["new-one"],
        } })),
        &live(),
    );

    assert_eq!(entry.action, Action::Impossible);
    assert_eq!(told(&entry.problems), ["imgix.0.deployment.s3_secret_key required"]);
    assert!(entry.steps.is_empty());
}

#[test]
fn mistakes_are_told_with_their_place_in_the_document_and_the_nearest_name() {
    let entry = single(
        &imageboss(
            json!({ "source": "my-images", "sorce_type": "s3", "credential_attributes": { "buket": "x", "region": 5 } }),
        ),
        &live(),
    );

    assert_eq!(entry.action, Action::Impossible);
    assert_eq!(
        told(&entry.problems),
        [
            "imageboss.0.sorce_type unknown",
            "imageboss.0.credential_attributes.buket unknown",
            "imageboss.0.credential_attributes.region type",
        ]
    );
    assert!(entry.problems[0].message.contains("`source_type`"), "{:?}", entry.problems);
    assert!(entry.problems[1].message.contains("`bucket`"), "{:?}", entry.problems);
}

#[test]
fn what_goes_with_another_type_is_refused_for_the_type_that_is_live() {
    let entry = single(&imgix(json!({ "name": "Bucket", "deployment": { "gcs_bucket": "photos" } })), &live());
    assert_eq!(told(&entry.problems)[0], "imgix.0.deployment.gcs_bucket mismatch");

    let entry = single(
        &imageboss(json!({ "source": "my-images", "credential_attributes": { "container_name": "x" } })),
        &live(),
    );
    assert_eq!(told(&entry.problems), ["imageboss.0.credential_attributes.container_name mismatch"]);
}

#[test]
fn another_type_needs_all_that_goes_with_it() {
    let wanted = json!({ "name": "Shop", "deployment": { "type": "s3", "s3_bucket": "photos" } });
    let entry = single(&imgix(wanted), &live());
    assert_eq!(
        told(&entry.problems),
        ["imgix.0.deployment.s3_access_key required", "imgix.0.deployment.s3_secret_key required"]
    );

    let wanted = json!({ "source": "my-images", "source_type": "gcs", "credential_attributes": { "access_key": "GOOG1EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE" } });
    let entry = single(&imageboss(wanted), &live());
    assert_eq!(told(&entry.problems), ["imageboss.0.credential_attributes.secret required"]);
}

#[test]
fn a_replaced_deployment_without_its_secret_is_warned_of() {
    let entry = single(&imgix(json!({ "name": "Bucket", "deployment": { "s3_bucket": "other-photos" } })), &live());

    assert_eq!(entry.action, Action::Change);
    assert_eq!(told(&entry.problems), ["imgix.0.deployment.s3_secret_key write-only"]);

    let wanted = json!({ "name": "Bucket", "deployment": { "s3_bucket": "other-photos", "s3_secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" } });
    assert_eq!(told(&single(&imgix(wanted), &live()).problems), Vec::<String>::new());
}

#[test]
fn what_the_provider_sets_may_stand_there_as_it_is_and_not_otherwise() {
    let mut same = folder();
    same.as_object_mut().unwrap().remove("type");
    assert_eq!(single(&imgix(same.clone()), &live()).action, Action::Unchanged);

    same["deployment_status"] = "disabled".into();
    same["secure_url_token"] = "CANARY".into();
    let entry = single(&imgix(same), &live());
    assert_eq!(entry.action, Action::Impossible);
    assert_eq!(told(&entry.problems), ["imgix.0.deployment_status read-only", "imgix.0.secure_url_token read-only"]);
    assert!(!format!("{entry:?}").contains("CANARY"));

    assert_eq!(single(&imageboss(boss()), &live()).action, Action::Unchanged);
    let mut other = boss();
    other["credentials"]["bucket"] = "elsewhere".into();
    assert_eq!(told(&single(&imageboss(other), &live()).problems), ["imageboss.0.credentials read-only"]);
}

#[test]
fn imgix_deletes_nothing_and_imageboss_only_what_the_document_says() {
    let entry = single(&imgix(json!({ "name": "Shop", "delete": true })), &live());
    assert_eq!((entry.action, told(&entry.problems)), (Action::Impossible, vec!["imgix.0.delete mismatch".to_owned()]));
    assert!(entry.problems[0].message.contains("imgix cannot delete sources"));

    let entry = single(&imageboss(json!({ "source": "my-images", "delete": true })), &live());
    assert_eq!(entry.action, Action::Delete);
    assert_eq!(steps(&entry), [r#"sources.delete ["69a8f0c5e4b0a1b2c3d4e5f6"]"#]);

    for gone in [json!({ "source": "gone", "delete": true }), json!({ "id": "gone", "delete": true })] {
        assert_eq!(single(&imageboss(gone), &live()).action, Action::Unchanged);
    }
    assert_eq!(
        single(&imageboss(json!({ "source": "my-images", "delete": false })), &live()).action,
        Action::Unchanged
    );
    let entry = single(&imageboss(json!({ "source": "my-images", "delete": "yes" })), &live());
    assert_eq!(told(&entry.problems), ["imageboss.0.delete type"]);
}

#[test]
fn a_source_that_is_switched_off_is_switched_on_before_it_is_changed() {
    let mut live = live();
    live["imgix"][0]["enabled"] = false.into();
    let change = |more: Value| {
        let mut wanted = json!({ "name": "Shop", "deployment": { "cache_ttl_value": 60 } });
        wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        single(&imgix(wanted), &live)
    };

    for off in [json!({}), json!({ "enabled": false })] {
        let entry = change(off);
        assert_eq!((entry.action, told(&entry.problems)), (Action::Impossible, vec!["imgix.0 mismatch".to_owned()]));
        assert!(entry.problems[0].message.contains("`enabled: true`"));
    }
    assert_eq!(
        steps(&change(json!({ "enabled": true }))),
        [r#"sources.enable ["f1"]"#, r#"sources.update ["f1",{"deployment":{"cache_ttl_value":60}}]"#]
    );
    let only = single(&imgix(json!({ "name": "Shop", "enabled": true })), &live);
    assert_eq!(steps(&only), [r#"sources.enable ["f1"]"#]);
    assert_eq!(single(&imgix(json!({ "name": "Shop", "enabled": false })), &live).action, Action::Unchanged);
    let off = single(&imgix(json!({ "name": "Bucket", "enabled": false })), &live);
    assert_eq!(steps(&off), [r#"sources.update ["b1",{"enabled":false}]"#]);
}

#[test]
fn what_is_meant_must_be_certain() {
    let mut twins = live();
    twins["imgix"][1]["name"] = "Shop".into();
    let entry = single(&imgix(json!({ "name": "Shop", "enabled": false })), &twins);
    assert_eq!(told(&entry.problems), ["imgix.0.name taken"]);
    assert!(entry.problems[0].message.starts_with("2 sources have this name"));
    assert_eq!(counts(&planned(&imgix(json!({ "name": "Shop" })), &twins)), [("unmanaged", 1), ("impossible", 1)]);
    assert_eq!(single(&imgix(json!({ "id": "b1", "name": "Shop" })), &twins).action, Action::Unchanged);

    for (entry, problem) in [
        (json!({ "id": "nowhere", "name": "Shop" }), "imgix.0.id value"),
        (json!({ "id": 5 }), "imgix.0.id type"),
        (json!({ "id": " " }), "imgix.0.id required"),
        (json!({ "deployment": {} }), "imgix.0.name required"),
        (json!("Shop"), "imgix.0 type"),
        (json!([]), "imgix.0 type"),
        (Value::Null, "imgix.0 type"),
    ] {
        let entry = single(&imgix(entry), &live());
        assert_eq!((entry.action, told(&entry.problems)[0].as_str()), (Action::Impossible, problem));
    }
}

#[test]
fn nothing_is_described_twice() {
    for pair in [
        json!([{ "name": "Shop" }, { "id": "f1" }]),
        json!([{ "id": "f1", "name": "Other" }, { "name": "Shop" }]),
        json!([{ "name": "New" }, { "name": "New" }]),
    ] {
        let plan = planned(&json!({ "version": 1, "imgix": pair }), &live());

        let impossible: Vec<_> = plan.entries.iter().filter(|entry| entry.action == Action::Impossible).collect();
        assert_eq!(impossible.len(), 2);
        assert!(impossible.iter().all(|entry| entry.problems[0].message.contains("described twice")), "{impossible:?}");
    }
}

#[test]
fn one_provider_can_be_planned_without_the_other() {
    let document = json!({ "version": 1, "imgix": [{ "name": "Shop" }], "imageboss": [{ "source": "my-images" }] });
    let plan = planned(&document, &json!({ "imgix": [folder()] }));

    assert_eq!(counts(&plan), [("unchanged", 1), ("impossible", 1)]);
    assert_eq!(told(&plan.entries[1].problems), ["imageboss.0 required"]);
    assert!(plan.entries[1].problems[0].message.contains("what is live at imageboss is not known"));
}

#[test]
fn a_document_that_is_none_is_refused_as_a_whole() {
    for (document, problem) in [
        ("", " type"),
        ("nothing like it", " type"),
        ("[]", " type"),
        ("5", " type"),
        (r#"{"\u0000":"function"}"#, " type"),
        ("{}", "version required"),
        (r#"{"version":2,"imgix":{},"other":1}"#, "version value"),
        (r#"{"version":"1"}"#, "version value"),
        (r#"{"version":1,"imgx":[]}"#, "imgx unknown"),
        (r#"{"version":1,"imgix":{}}"#, "imgix type"),
        (r#"{"version":1,"imgix":null}"#, "imgix type"),
    ] {
        assert_eq!(refused(document, "{}"), [problem], "{document}");
    }
    let problems = plan(br#"{"version":1,"imgx":[]}"#, b"{}", None).unwrap_err();
    assert_eq!(problems[0].message, "is not known here, did you mean `imgix`?");
    for (current, problem) in [
        ("[]", "current type"),
        ("null", "current type"),
        (r#"{"imgix":[5]}"#, "current.imgix.0 type"),
        (r#"{"imgx":[]}"#, "current.imgx unknown"),
        (r#"{"version":[]}"#, "current.version unknown"),
    ] {
        assert_eq!(refused(r#"{"version":1}"#, current), [problem], "{current}");
    }
}

#[test]
fn a_document_that_is_too_large_too_deep_or_of_something_else_is_refused_at_once() {
    let huge = format!(r#"{{"version":1,"imgix":[{{"name":"{}"}}]}}"#, "x".repeat(10 << 20));
    assert_eq!(refused(&huge, "{}"), [" too-large"]);

    let deep = format!(r#"{{"version":1,"imgix":[{}{}]}}"#, "[".repeat(200), "]".repeat(200));
    assert_eq!(refused(&deep, "{}"), [" type"]);

    let many = format!(r#"{{"version":1,"imgix":[{}{{}}]}}"#, "{},".repeat(10_000));
    assert_eq!(refused(&many, "{}"), ["imgix too-large"]);

    let wrong = format!(r#"{{"version":1,"imgix":[{}{{}}]}}"#, "{},".repeat(1_001));
    assert_eq!(refused(&wrong, r#"{"imgix":[]}"#)[0], " too-large");

    let long: Vec<String> = (0..8_000).map(|at| format!(r#""k{at}":1"#)).collect();
    let entry = format!(r#"{{"version":1,"imgix":[{{{}}}]}}"#, long.join(","));
    let plan = plan(entry.as_bytes(), br#"{"imgix":[]}"#, None).unwrap();
    assert_eq!(told(&plan.entries[0].problems), ["imgix.0 too-large"]);
}

#[test]
fn what_is_planned_can_be_done_and_then_nothing_is_left_to_do() {
    let mut accounts = Accounts::full();
    let before = accounts.live();
    let mut wanted = exported(&before, true);
    for entry in wanted["imgix"].as_array_mut().unwrap() {
        if entry["enabled"] == true {
            entry["deployment"]["cache_ttl_error"] = 123.into();
        }
    }
    for entry in wanted["imageboss"].as_array_mut().unwrap() {
        entry["credential_attributes"]["require_token"] = true.into();
    }
    wanted["imageboss"][0]["delete"] = true.into();
    wanted["imgix"].as_array_mut().unwrap().push(json!({ "name": "Brand new", "deployment": {
        "type": "webfolder", "webfolder_base_url": "https://new.example", "imgix_subdomains": ["brand-new"],
    } }));
    wanted["imageboss"].as_array_mut().unwrap().push(json!({
        "source": "brandnew", "source_type": "url", "credential_attributes": { "url": "https://new.example" },
    }));

    let plan = planned(&wanted, &before);
    accounts.apply(&plan);
    let after = accounts.live();

    let there = counts(&plan);
    assert_eq!((there[0], there[2]), (("create", 2), ("delete", 1)));
    assert!(there[1].1 > 40, "{there:?}");
    assert!(there.iter().all(|(action, _)| *action != "impossible"));
    let left = counts(&planned(&wanted, &after));
    assert_eq!(left, [("unchanged", sources(&after) + 1)]);
}

//! Faults on demand.

use image_sources::sandbox::{Incoming, OPERATIONS, Options};
use serde_json::{Value, json};

use super::support::{assert_same_shape, bare, fixture, full, text};

fn rule(rule: &Value) -> String {
    json!({ "rules": [rule] }).to_string()
}

#[test]
fn a_rule_hits_what_it_names_and_nothing_else() {
    let mut client = full();
    client
        .sandbox
        .set_faults(&rule(
            &json!({ "kind": "429", "provider": "imgix", "method": "GET", "path": "filter", "retryAfter": 3 }),
        ))
        .unwrap();

    let hit = client.imgix("GET", "sources?filter[enabled]=true", "");

    assert_eq!((hit.status, hit.header("retry-after")), (429, Some("3")));
    assert_same_shape(&hit.body, &fixture("imgix/error.429.json"), "");
    assert_eq!(client.imgix("GET", "sources", "").status, 200);
    assert_eq!(client.imgix("POST", "sources?filter", "{").status, 400);
    assert_eq!(client.boss("GET", "sources?filter", "").status, 200);
}

#[test]
fn a_rule_can_be_counted_and_drawn() {
    let mut client = full();
    let mut statuses = |faults: Value, n: usize| {
        client.sandbox.set_faults(&rule(&faults)).unwrap();
        (0..n).map(|_| client.boss("GET", "sources", "").status).collect::<Vec<_>>()
    };

    assert_eq!(statuses(json!({ "kind": "503", "times": 2 }), 4), [503, 503, 200, 200]);
    assert_eq!(statuses(json!({ "kind": "503", "every": 3 }), 6), [200, 200, 503, 200, 200, 503]);
    assert_eq!(statuses(json!({ "kind": "503", "every": 2, "times": 1 }), 4), [200, 503, 200, 200]);
    let drawn =
        statuses(json!({ "kind": "503", "probability": 0.25 }), 1000).iter().filter(|status| **status == 503).count();
    assert!((200..300).contains(&drawn), "{drawn}");
}

#[test]
fn each_kind_does_what_it_says() {
    let kinds = |kind: Value| {
        let mut client = full();
        client.sandbox.set_faults(&rule(&kind)).unwrap();
        client.imgix("GET", "sources", "")
    };

    assert!(kinds(json!({ "kind": "reset" })).reply.reset);
    let html = kinds(json!({ "kind": "502-html" }));
    assert_eq!((html.status, html.header("content-type")), (502, Some("text/html; charset=UTF-8")));
    assert!(html.reply.response.body.starts_with(b"<html>"));
    assert_eq!(kinds(json!({ "kind": "500-html" })).status, 500);
    assert_eq!(kinds(json!({ "kind": "status", "status": 418 })).status, 418);
    let moved = kinds(json!({ "kind": "redirect" }));
    assert_eq!((moved.status, moved.header("location")), (302, Some("https://elsewhere.example/")));
    let cut = kinds(json!({ "kind": "truncate", "bytes": 100 }));
    assert_eq!((cut.status, cut.reply.cut_after), (200, Some(100)));
    assert!(cut.reply.response.body.len() > 100, "the whole is announced");
    let empty = kinds(json!({ "kind": "empty" }));
    assert_eq!((empty.status, empty.reply.response.body.len()), (200, 0));
    let text = kinds(json!({ "kind": "not-json" }));
    assert!(text.status == 200 && text.body.is_null());
    assert_eq!(kinds(json!({ "kind": "slow", "delayMs": 700 })).reply.delay_ms, 700);
}

#[test]
fn drift_retypes_adds_and_renames() {
    let mut client = full();
    client.sandbox.set_faults(&rule(&json!({ "kind": "drift" }))).unwrap();

    let (imgix, boss) = (client.imgix("GET", "sources", "").body, client.boss("GET", "sources", "").body);

    let attributes = &imgix["data"][0]["attributes"];
    assert!(attributes["date_deployed"].is_string());
    assert!(attributes["storage_tier"].is_object());
    assert_eq!(attributes["deployment"]["type"], "imgix_storage");
    assert!(boss[0]["created_at"].is_number());
    assert_eq!(boss[0]["source_type"], "backblaze");
    client.sandbox.set_faults("{}").unwrap();
    assert_eq!(client.imgix("GET", "sources", "").body["data"][0]["attributes"]["deployment"]["type"], "s3");
}

#[test]
fn an_answer_can_be_lost_after_the_request_took_effect() {
    for (applied, expected) in [(true, 1), (false, 0)] {
        let mut client = bare();
        client.sandbox.set_faults(&rule(&json!({ "kind": "reset", "times": 1, "applied": applied }))).unwrap();

        let lost = client.boss("POST", "sources", &text("imageboss/request-create-url.json"));

        assert!(lost.reply.reset);
        assert_eq!(client.boss("GET", "sources", "").body.as_array().unwrap().len(), expected);
    }
}

#[test]
fn latency_is_added_to_every_answer() {
    let mut client = full();
    client
        .sandbox
        .set_faults(r#"{ "latencyMs": 120, "rules": [{ "kind": "503", "delayMs": 30, "times": 1 }] }"#)
        .unwrap();

    assert_eq!(
        [client.boss("GET", "sources", ""), client.boss("GET", "sources", "")].map(|a| a.reply.delay_ms),
        [150, 120]
    );
}

#[test]
fn mistakes_in_faults_are_told_all_at_once_and_change_nothing() {
    let mut client = full();
    client.sandbox.set_faults(r#"{ "latencyMs": 5 }"#).unwrap();

    let mistakes = client.sandbox.set_faults(r#"{ "latency": 5, "rules": [{ "kind": "explode" }, { "kind": "status" }, { "kind": "503", "every": 0 }] }"#).unwrap_err();

    assert_eq!(
        mistakes.0,
        [
            "rules.0.kind `explode` is unknown",
            "rules.1.kind needs a status from 200 to 599",
            "rules.2.every must be a whole number from 1 to 18446744073709551615",
            "latency is unknown; known are latencyMs, rules",
        ]
    );
    assert_eq!(client.boss("GET", "sources", "").reply.delay_ms, 5);
    assert!(client.sandbox.set_faults("nonsense").is_err());
}

#[test]
fn faults_may_be_part_of_the_options() {
    assert!(Options::from_json(r#"{ "faults": { "rules": [{ "kind": "reset" }] } }"#).is_ok());
    let mistakes = Options::from_json(
        r#"{ "faults": { "rules": [{}] }, "keys": [{}], "sede": 1, "settleMs": -1, "limits": { "x": {} } }"#,
    )
    .unwrap_err();
    assert_eq!(
        mistakes.to_string(),
        "keys.0.key must be text and not empty; limits.x is unknown; known are imgix.default, imgix.sources.create, imgix.sources.update, \
         imgix.assets.get, imgix.assets.refresh, imgix.assets.upload, imgix.purge, imageboss, imageboss.purge; \
         settleMs must be a whole number from 0 to 86400000; faults.rules.0.kind is required; \
         sede is unknown; known are seed, assets, random, keys, window, rateLimits, retryAfter, limits, settleMs, deployMs, \
         keepOmittedSecrets, uploadLimit, sessionMs, completeMs, logLimit, faults"
    );
}

#[test]
fn a_rule_may_name_an_operation() {
    let mut client = full();
    let source = client.fullest();
    client.sandbox.set_faults(&rule(&json!({ "kind": "503", "operation": "assets.list" }))).unwrap();

    assert_eq!(client.imgix("GET", &format!("sources/{source}/assets"), "").status, 503);
    assert_eq!(client.imgix("GET", "sources", "").status, 200);
    let mistakes = client.sandbox.set_faults(&rule(&json!({ "kind": "503", "operation": "assets.burn" }))).unwrap_err();
    assert_eq!(mistakes.0, ["rules.0.operation `assets.burn` is unknown"]);
}

#[test]
fn every_name_of_an_operation_is_one_that_requests_have() {
    let mut client = full();
    let (source, id) = (client.fullest(), "x");
    let imgix = [
        ("GET", "sources".to_owned()),
        ("POST", "sources".to_owned()),
        ("GET", format!("sources/{id}")),
        ("PATCH", format!("sources/{id}")),
        ("GET", format!("sources/{source}/assets")),
        ("GET", format!("sources/{source}/assets/a/b")),
        ("PATCH", format!("sources/{source}/assets/a")),
        ("POST", format!("sources/{source}/assets/add/a")),
        ("POST", format!("sources/{source}/assets/refresh/a")),
        ("POST", format!("sources/{source}/upload/a")),
        ("POST", format!("sources/{source}/upload-sessions/create/a")),
        ("GET", format!("sources/{source}/upload-sessions/status/a")),
        ("POST", format!("sources/{source}/upload-sessions/close/a")),
        ("DELETE", format!("sources/{source}/upload-sessions/cancel/a")),
        ("POST", "purge".to_owned()),
        ("POST", "publish".to_owned()),
        ("POST", "unpublish".to_owned()),
        ("GET", "reports".to_owned()),
        ("GET", "reports/a".to_owned()),
    ];
    for (method, path) in imgix {
        client.imgix(method, &path, "");
    }
    client.boss("DELETE", "sources/a", "");
    for url in ["https://nordlicht.imgix.net/a", "/storage/a/b", "/reports/a"] {
        client.send(&Incoming::new("GET", url));
    }

    let named: std::collections::BTreeSet<_> = client.sandbox.log().filter_map(|entry| entry.operation).collect();
    assert_eq!(named, OPERATIONS.into_iter().collect());
}

#[test]
fn retry_after_takes_every_form() {
    let mut client = full();
    let mut hints = |form: Value, n: usize| {
        client.sandbox.set_faults(&rule(&json!({ "kind": "429", "retryAfter": form }))).unwrap();
        let ask = |_| client.boss("GET", "sources", "").header("retry-after").unwrap().to_owned();
        (0..n).map(ask).collect::<Vec<_>>()
    };

    assert_eq!(hints(json!(3), 1), ["3"]);
    assert_eq!(hints(json!("-1"), 1), ["-1"]);
    assert_eq!(hints(json!({ "inSeconds": 90 }), 1), ["Thu, 05 Mar 2026 14:11:30 GMT"]);
    assert_eq!(hints(json!([1, "soon", { "inSeconds": 0 }]), 4), ["1", "soon", "Thu, 05 Mar 2026 14:10:00 GMT", "1"]);
    let hostile = hints(json!("hostile"), 40);
    assert!(["3000000", "-1", "1e999", ""].iter().all(|value| hostile.contains(&(*value).to_owned())));
    assert!(client.sandbox.set_faults(&rule(&json!({ "kind": "429", "retryAfter": { "in": 3 } }))).is_err());
    assert!(client.sandbox.set_faults(&rule(&json!({ "kind": "429", "retryAfter": [] }))).is_err());
}

#[test]
fn an_answer_that_never_comes_is_none() {
    let mut client = bare();
    client.sandbox.set_faults(&rule(&json!({ "kind": "hang", "applied": true, "times": 1 }))).unwrap();

    let hanging = client.boss("POST", "sources", &text("imageboss/request-create-url.json"));

    assert!(hanging.reply.hang);
    assert_eq!(client.sandbox.log().next().unwrap().status, 0);
    assert_eq!(client.boss("GET", "sources", "").body.as_array().unwrap().len(), 1);
}

#[test]
fn spoilt_text_is_no_utf8() {
    let mut client = full();
    client.sandbox.set_faults(&rule(&json!({ "kind": "invalid-utf8" }))).unwrap();

    let answer = client.imgix("GET", "sources", "");

    let spoilt = String::from_utf8_lossy(&answer.reply.response.body).into_owned();
    assert!(std::str::from_utf8(&answer.reply.response.body).is_err());
    assert!(serde_json::from_str::<Value>(&spoilt).is_ok(), "apart from that it is JSON");
}

#[test]
fn a_page_may_say_that_it_comes_after_itself() {
    let mut client = full();
    let source = client.fullest();
    client.sandbox.set_faults(&rule(&json!({ "kind": "repeated-cursor" }))).unwrap();

    let assets = client.imgix("GET", &format!("sources/{source}/assets?page[cursor]=40"), "").body;
    let sources = client.imgix("GET", "sources?page[number]=1", "").body;

    let cursor = &assets["meta"]["cursor"];
    assert_eq!((&cursor["current"], &cursor["next"], &cursor["hasMore"]), (&json!("40"), &json!("40"), &json!(true)));
    let pagination = &sources["meta"]["pagination"];
    assert_eq!((&pagination["nextPage"], &pagination["hasNextPage"]), (&json!(1), &json!(true)));
}

#[test]
fn redirects_have_the_status_that_is_wanted() {
    let mut client = full();
    client
        .sandbox
        .set_faults(&rule(&json!({ "kind": "redirect", "status": 308, "location": "https://api.imgix.com/elsewhere" })))
        .unwrap();

    let moved = client.imgix("GET", "sources", "");

    assert_eq!((moved.status, moved.header("location")), (308, Some("https://api.imgix.com/elsewhere")));
}

#[test]
fn assets_drift_too() {
    let mut client = full();
    let source = client.fullest();
    client.sandbox.set_faults(&rule(&json!({ "kind": "drift" }))).unwrap();

    let attributes = client.imgix("GET", &format!("sources/{source}/assets"), "").body["data"][0]["attributes"].clone();

    assert!(attributes["file_size"].is_string() && attributes["date_created"].is_string());
    assert_eq!(attributes["media_kind"], "HOLOGRAM");
}

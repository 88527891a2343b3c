//! Faults on demand.

use image_sources::sandbox::Options;
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
         sede is unknown; known are seed, assets, random, keys, rateLimits, retryAfter, limits, settleMs, deployMs, \
         keepOmittedSecrets, uploadLimit, sessionMs, completeMs, logLimit, faults"
    );
}

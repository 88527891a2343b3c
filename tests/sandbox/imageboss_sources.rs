//! ImageBoss: sources.

use image_sources::sandbox::{Incoming, Provider};
use serde_json::{Value, json};

use super::support::{assert_same_shape, bare, fixture, full, text, with};

fn errors(body: &Value) -> Vec<&str> {
    body["errors"].as_array().unwrap().iter().map(|error| error.as_str().unwrap()).collect()
}

#[test]
fn every_request_fixture_is_answered_like_its_answer_fixture() {
    for name in ["s3", "gcs", "dos", "r2", "azure-blob", "azure-file-share", "url"] {
        let answer = bare().boss("POST", "sources", &text(&format!("imageboss/request-create-{name}.json")));

        assert_eq!(answer.status, 201);
        assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
        let mut expected = fixture(&format!("imageboss/create-success-{name}.json"));
        assert_same_shape(&answer.body, &expected, "");
        assert_eq!(answer.body["credentials"]["secret_token"].as_str().unwrap().len(), 64);
        expected["id"] = answer.body["id"].clone();
        expected["credentials"]["secret_token"] = answer.body["credentials"]["secret_token"].clone();
        assert_eq!(answer.body, expected, "{name}");
    }
}

#[test]
fn a_list_is_a_bare_array() {
    assert_eq!(bare().boss("GET", "sources", "").body, fixture("imageboss/list-200-empty.json"));
    let mut client = bare();
    let id = client.given_boss("s3");

    let list = client.boss("GET", "sources", "").body;

    assert_same_shape(&list, &fixture("imageboss/list-200-documented.json"), "");
    assert_eq!(list[0], client.boss("GET", &format!("sources/{id}"), "").body);
}

#[test]
fn the_seed_has_every_type_in_the_shape_of_the_fixture() {
    let list = full().boss("GET", "sources", "").body;
    let models = fixture("imageboss/list-200-all-types.json");
    let kind = |source: &Value| (source["source_type"].clone(), source["credentials"].get("service_type").cloned());
    for source in list.as_array().unwrap() {
        let model = models.as_array().unwrap().iter().find(|model| kind(model) == kind(source)).unwrap();
        let mut model = model.clone();
        if source["source_type"] == "s3" {
            model["credentials"] = fixture("imageboss/get-200-s3.json")["credentials"].clone();
        }

        assert_same_shape(source, &model, "");
    }
    let seen: std::collections::BTreeSet<_> =
        list.as_array().unwrap().iter().map(|s| s["source_type"].as_str().unwrap()).collect();
    assert_eq!(seen.len(), 8);
}

#[test]
fn secrets_are_masked_when_read_and_kept_as_they_were_sent() {
    let mut client = bare();
    for (name, field, secret) in [
        ("s3", "secret_access_key", "EXAMPLE/NOT+A/REAL/SECRET/KEY/0000000000"),
        ("gcs", "secret", "EXAMPLENOTAREALGCSHMACSECRET000000000000"),
        (
            "azure-blob",
            "sas_token",
            "?sv=2024-11-04&ss=b&srt=co&sp=rl&st=2026-01-01T00:00:00Z&se=2055-12-31T00:00:00Z&spr=https&sig=RVhBTVBMRS1OT1QtQS1SRUFMLVNJR05BVFVSRS0wMDA%3D",
        ),
    ] {
        let id = client.given_boss(name);

        let shown = client.boss("GET", &format!("sources/{id}"), "").body;

        assert_eq!(shown["credentials"][field], "****");
        assert_eq!(client.sandbox.stored(Provider::ImageBoss, &id).unwrap()["credentials"][field], secret);
    }
}

#[test]
fn the_mask_sent_back_destroys_the_secret() {
    let mut client = bare();
    let id = client.given_boss("s3");

    let answer = client.boss(
        "PATCH",
        &format!("sources/{id}"),
        &text("imageboss/request-update-redacted-roundtrip.NEGATIVE.json"),
    );

    assert_eq!(answer.status, 200);
    assert_eq!(client.sandbox.stored(Provider::ImageBoss, &id).unwrap()["credentials"]["secret_access_key"], "****");
}

#[test]
fn an_update_is_partial_also_inside_the_credentials() {
    let mut client = bare();
    let id = client.given_boss("s3");
    let before = client.boss("GET", &format!("sources/{id}"), "").body;
    client.now += 900_000.0;

    let answer = client.boss("PATCH", &format!("sources/{id}"), &text("imageboss/request-update-require-token.json"));

    let mut expected = before;
    expected["credentials"]["require_token"] = "false".into();
    expected["updated_at"] = "2026-03-05T14:25:00Z".into();
    assert_eq!((answer.status, answer.body), (200, expected));
}

#[test]
fn a_change_to_what_is_there_already_is_no_change() {
    let mut client = bare();
    let id = client.given_boss("url");
    let before = client.boss("GET", &format!("sources/{id}"), "").body;
    client.now += 900_000.0;

    let answer = client.boss("PATCH", &format!("sources/{id}"), r#"{"source":{"source":"my-url-images","unknown":1}}"#);

    assert_eq!((answer.status, answer.body), (200, before));
}

#[test]
fn a_source_can_be_renamed_and_deleted() {
    let mut client = bare();
    let id = client.given_boss("url");
    let path = format!("sources/{id}");

    let renamed = client.boss("PATCH", &path, &text("imageboss/request-update-rename.json"));
    let deleted = client.boss("DELETE", &path, "");

    assert_eq!(renamed.body["source"], "my-images-v2");
    assert_eq!((deleted.status, deleted.body), (200, fixture("imageboss/delete-200.json")));
    let again = client.boss("DELETE", &path, "");
    assert_eq!((again.status, again.body), (404, fixture("imageboss/error-404-rails.json")));
    client.given_boss("url");
}

#[test]
fn what_is_missing_is_told_in_the_documented_sentences() {
    let mut client = bare();
    client.given_boss("s3");
    let mut ask = |source: Value| client.boss("POST", "sources", &json!({ "source": source }).to_string());

    let both = ask(
        json!({ "source": "my-images", "source_type": "s3", "credential_attributes": { "secret_access_key": "x", "bucket": "b", "region": "r" } }),
    );
    assert_eq!((both.status, &both.body), (422, &fixture("imageboss/error-422-documented.json")));
    let taken = ask(
        json!({ "source": "my-images", "source_type": "url", "credential_attributes": { "url": "https://x.example" } }),
    );
    assert_eq!(taken.body, fixture("imageboss/error-422-taken.json"));
    let unknown = ask(json!({ "source": "a/b", "source_type": "ftp", "credential_attributes": {} }));
    assert_eq!(unknown.body, fixture("imageboss/error-422-unknown-message.json"));
    let azure =
        ask(json!({ "source": "new", "source_type": "azure", "credential_attributes": { "service_type": "blob" } }));
    assert_eq!(azure.body, fixture("imageboss/error-422-azure-missing.json"));
    let share = ask(
        json!({ "source": "new", "source_type": "azure", "credential_attributes": { "service_type": "file-share", "account_name": "a", "sas_token": "?sv", "container_name": "c" } }),
    );
    assert_eq!(errors(&share.body), ["Credential share_name is required for azure sources"]);
    let empty = ask(json!({ "source": "new", "source_type": "url", "credential_attributes": { "url": "" } }));
    assert_eq!(errors(&empty.body), ["Credential url is required for url sources"]);
    let foreign = ask(
        json!({ "source": "taken", "source_type": "url", "credential_attributes": { "url": "https://x.example" } }),
    );
    assert_eq!(errors(&foreign.body), ["Source has already been taken"]);
}

#[test]
fn the_name_of_the_read_side_is_not_understood_when_writing() {
    let answer = bare().boss("POST", "sources", &text("imageboss/request-create-wrong-key.NEGATIVE.json"));

    assert_eq!(errors(&answer.body), ["Credential url is required for url sources"]);
}

#[test]
fn values_are_text_and_booleans_are_refused() {
    for (value, status) in [
        (json!("true"), 200),
        (json!("false"), 200),
        (json!(true), 422),
        (json!("yes"), 422),
        (json!(1), 422),
        (Value::Null, 422),
    ] {
        let mut client = bare();
        let id = client.given_boss("url");

        let answer = client.boss(
            "PATCH",
            &format!("sources/{id}"),
            &json!({ "source": { "credential_attributes": { "require_token": value } } }).to_string(),
        );

        assert_eq!(answer.status, status, "{value}");
    }
}

#[test]
fn the_signing_token_is_the_servers_to_make() {
    let mut client = bare();
    let id = client.given_boss("url");
    let before = client.boss("GET", &format!("sources/{id}"), "").body;

    let answer = client.boss(
        "PATCH",
        &format!("sources/{id}"),
        r#"{"source":{"credential_attributes":{"secret_token":"mine"}}}"#,
    );

    assert_eq!(answer.body, before);
}

#[test]
fn a_missing_wrapper_is_a_bad_request() {
    let good = text("imageboss/request-create-url.json");
    let inner = serde_json::from_str::<Value>(&good).unwrap()["source"]["credential_attributes"].to_string();
    for body in ["", "{", "[]", r#"{"source":{}}"#, r#"{"source":"x"}"#, inner.as_str()] {
        let answer = bare().boss("POST", "sources", body);

        assert_eq!((answer.status, answer.body), (400, json!({ "status": 400, "error": "Bad Request" })), "{body}");
    }
    let untyped =
        Incoming::new("POST", "https://api.imageboss.me/v1/sources").header("imageboss-api-key", "sandbox").body(good);
    assert_eq!(bare().send(&untyped).status, 400);
}

#[test]
fn keys_and_places_are_checked() {
    let mut client = full();
    client.key = "wrong";
    let wrong = client.boss("GET", "sources", "");
    assert_eq!((wrong.status, wrong.body), (401, fixture("imageboss/error-401-error-string.json")));
    client.key = "ak_sandbox_assets";
    assert_eq!(client.boss("GET", "sources", "").status, 401, "a key for imgix only");
    client.key = "sandbox";
    for (method, path) in [
        ("GET", "sources/69a99ae507f19000072d0125"),
        ("DELETE", "sources"),
        ("DELETE", "sources/"),
        ("PATCH", "sources"),
        ("GET", "other"),
        ("GET", "sources/a/b"),
    ] {
        let answer = client.boss(method, path, "");
        assert_eq!((answer.status, answer.body), (404, fixture("imageboss/error-404-rails.json")), "{method} {path}");
    }
    assert_eq!(client.boss("GET", "sources", "").body.as_array().unwrap().len(), 27);
}

#[test]
fn a_limit_applies_only_if_one_is_stated() {
    let mut free = with(r#"{ "rateLimits": true }"#);
    assert!((0..50).all(|_| free.boss("GET", "sources", "").status == 200));
    let mut strict = with(r#"{ "rateLimits": true, "limits": { "imageboss": { "requests": 1, "perMs": 1000 } } }"#);
    strict.boss("GET", "sources", "");

    let answer = strict.boss("GET", "sources", "");

    assert_eq!((answer.status, answer.body), (429, fixture("imageboss/error-429-message.json")));
}

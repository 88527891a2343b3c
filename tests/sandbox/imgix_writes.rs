//! imgix: creating and changing sources.

use image_sources::sandbox::{Incoming, Provider};
use serde_json::{Value, json};

use super::support::{assert_same_shape, bare, document, fixture, full, text, with};

fn webfolder(subdomain: &str) -> Value {
    json!({ "type": "webfolder", "webfolder_base_url": "https://a.example/", "imgix_subdomains": [subdomain] })
}

#[test]
fn a_created_source_is_answered_like_the_fixture_with_all_defaults_filled_in() {
    let mut client = bare();

    let answer = client.imgix("POST", "sources", &text("imgix/source-create.request.webfolder.json"));

    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("content-type"), Some("application/vnd.api+json"));
    let expected = fixture("imgix/source-create.201.json");
    assert_same_shape(&answer.body, &expected, "");
    assert_eq!(answer.body["data"]["attributes"], expected["data"]["attributes"]);
    assert_eq!(answer.body["meta"], expected["meta"]);
    let id = answer.body["data"]["id"].as_str().unwrap();
    assert!(id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()));
}

#[test]
fn every_request_fixture_creates_a_source() {
    for kind in ["gcs", "s3", "s3_compatible", "webfolder", "webproxy"] {
        bare().given_imgix(kind);
    }
}

#[test]
fn secrets_are_kept_and_never_shown_while_access_key_ids_are() {
    let mut client = bare();
    for (kind, id_field, secret_field) in [
        ("s3", "s3_access_key", "s3_secret_key"),
        ("gcs", "gcs_access_key", "gcs_secret_key"),
        ("s3_compatible", "access_key_id", "secret_key"),
    ] {
        let id = client.given_imgix(kind);

        let answer = client.imgix("GET", &format!("sources/{id}"), "");

        let deployment = &answer.body["data"]["attributes"]["deployment"];
        assert!(deployment[id_field].is_string());
        assert!(deployment.get(secret_field).is_none());
        assert!(!answer.body.to_string().contains("EXAMPLE-NOT-A-SECRET"));
        assert_eq!(
            client.sandbox.stored(Provider::Imgix, &id).unwrap()["deployment"][secret_field],
            "EXAMPLE-NOT-A-SECRET"
        );
    }
}

#[test]
fn uploads_are_allowed_for_buckets_only() {
    let mut client = bare();
    for (kind, expected) in
        [("s3", true), ("gcs", true), ("s3_compatible", true), ("webfolder", false), ("webproxy", false)]
    {
        let id = client.given_imgix(kind);

        let answer = client.imgix("GET", &format!("sources/{id}"), "");

        assert_eq!(answer.body["data"]["attributes"]["deployment"].get("allows_upload").is_some(), expected, "{kind}");
    }
}

#[test]
fn the_signing_token_is_shown_only_where_signing_is_on() {
    let mut client = bare();
    let (proxy, folder) = (client.given_imgix("webproxy"), client.given_imgix("webfolder"));

    let (signed, open) =
        (client.imgix("GET", &format!("sources/{proxy}"), ""), client.imgix("GET", &format!("sources/{folder}"), ""));

    assert!(signed.body["data"]["attributes"]["secure_url_token"].is_string());
    assert!(open.body["data"]["attributes"].get("secure_url_token").is_none());
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let answer = bare().imgix("POST", "sources", &document(None, &json!({ "deployment": { "type": "s3" } })));

    assert_eq!(answer.status, 400);
    assert_same_shape(&answer.body, &fixture("imgix/error.400.missing-field.json"), "");
    let missing = [
        "name",
        "deployment.imgix_subdomains",
        "deployment.s3_access_key",
        "deployment.s3_bucket",
        "deployment.s3_secret_key",
    ];
    assert_eq!(answer.details(), missing.map(|name| format!("Missing required attribute: {name}.")));
}

#[test]
fn what_a_deployment_may_not_hold_is_refused() {
    for (change, detail) in [
        (json!({ "webfolder_base_ur": "x" }), "Unknown attribute: deployment.webfolder_base_ur."),
        (json!({ "s3_bucket": "x" }), "Unknown attribute: deployment.s3_bucket."),
        (json!({ "allows_upload": true }), "Read-only attribute: deployment.allows_upload."),
        (
            json!({ "type": "dropbox" }),
            "deployment.type must be one of azure, gcs, s3, s3_compatible, webfolder, webproxy.",
        ),
        (
            json!({ "cache_ttl_value": 1799 }),
            "deployment.cache_ttl_value must be an integer between 1800 and 31536000.",
        ),
        (
            json!({ "cache_ttl_value": 31_536_001 }),
            "deployment.cache_ttl_value must be an integer between 1800 and 31536000.",
        ),
        (
            json!({ "cache_ttl_value": 1800.5 }),
            "deployment.cache_ttl_value must be an integer between 1800 and 31536000.",
        ),
        (json!({ "cache_ttl_error": 0 }), "deployment.cache_ttl_error must be an integer between 1 and 31536000."),
        (
            json!({ "cache_ttl_behavior": "never" }),
            "deployment.cache_ttl_behavior must be one of respect_origin, override_origin, enforce_minimum.",
        ),
        (json!({ "default_params": { "q": 60 } }), "deployment.default_params must be an object of strings."),
        (json!({ "secure_url_enabled": "true" }), "deployment.secure_url_enabled must be a boolean."),
        (json!({ "custom_domains": ["no dots"] }), "deployment.custom_domains must be a list of domains."),
        (json!({ "image_error": "fallback.png" }), "deployment.image_error must be a URL or null."),
        (json!({ "username": "me" }), "deployment.username and deployment.password must be given together."),
        (json!({ "username": "a:b", "password": "c" }), "deployment.username cannot contain a colon."),
        (json!({ "robots.txt": "nobody" }), "deployment.robots.txt must be one of origin, allow-all, disallow-all."),
        (json!({ "webfolder_base_url": "ftp://a.example" }), "deployment.webfolder_base_url must be a URL."),
    ] {
        let mut deployment = webfolder("fresh");
        deployment.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());

        let answer =
            bare().imgix("POST", "sources", &document(None, &json!({ "name": "n", "deployment": deployment })));

        assert_eq!((answer.status, answer.details()), (400, vec![detail]), "{change}");
    }
}

#[test]
fn subdomains_are_bare_labels() {
    for bad in [
        json!([]),
        json!(["Upper"]),
        json!(["a.imgix.net"]),
        json!(["a_b"]),
        json!(["a", "a"]),
        json!("a"),
        json!(["x".repeat(64)]),
    ] {
        let mut deployment = webfolder("x");
        deployment["imgix_subdomains"] = bad.clone();

        let answer =
            bare().imgix("POST", "sources", &document(None, &json!({ "name": "n", "deployment": deployment })));

        assert_eq!(answer.status, 400, "{bad}");
    }
}

#[test]
fn a_subdomain_is_taken_for_ever_and_everywhere() {
    let mut client = bare();
    let id = client.given_imgix("webfolder");
    let taken = |client: &mut super::support::Client, name: &str| {
        let body = document(None, &json!({ "name": "n", "deployment": webfolder(name) }));
        client.imgix("POST", "sources", &body).status
    };
    assert_eq!(taken(&mut client, "example-one"), 400);
    let moved = document(Some(&id), &json!({ "deployment": webfolder("example-two") }));
    assert_eq!(client.imgix("PATCH", &format!("sources/{id}"), &moved).status, 200);

    assert_eq!(taken(&mut client, "example-one"), 400, "given up, but not free");
    assert_eq!(taken(&mut client, "example-two"), 400);
    assert_eq!(taken(&mut client, "demo"), 400, "another account has it");
    assert_eq!(taken(&mut client, "example-three"), 201);
}

#[test]
fn a_custom_domain_belongs_to_one_source() {
    let mut client = bare();
    let with_domain = |subdomain: &str| {
        let mut deployment = webfolder(subdomain);
        deployment["custom_domains"] = json!(["img.example.com"]);
        document(None, &json!({ "name": "n", "deployment": deployment }))
    };

    let statuses =
        [client.imgix("POST", "sources", &with_domain("a")), client.imgix("POST", "sources", &with_domain("b"))];

    assert_eq!(statuses.map(|answer| answer.status), [201, 400]);
}

#[test]
fn a_source_keeps_its_own_domains_when_it_changes_and_takes_none_of_another() {
    let mut client = full();
    let list = client.imgix("GET", "sources?filter[name]=Rivet+Cycles", "");
    let id = list.body["data"][0]["id"].as_str().unwrap().to_owned();
    let mut deployment = list.body["data"][0]["attributes"]["deployment"].clone();
    deployment.as_object_mut().unwrap().remove("allows_upload");
    let mut patch = |domain: &str| {
        deployment["custom_domains"] = json!([domain]);
        client
            .imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "deployment": deployment })))
            .status
    };

    assert_eq!(patch("images.rivetcycles.example"), 200);
    assert_eq!(patch("IMG.odette.example"), 400);
}

#[test]
fn a_password_goes_with_its_user_name_and_stays_with_it() {
    for (username, password_set) in [(Some("imgix"), json!(true)), (None, Value::Null)] {
        let mut client = full();
        let list = client.imgix("GET", "sources?filter[name]=Old+Town+Realty", "");
        let id = list.body["data"][0]["id"].as_str().unwrap().to_owned();
        let mut deployment = webfolder("oldtown");
        if let Some(username) = username {
            deployment["username"] = username.into();
        }

        let answer =
            client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "deployment": deployment })));

        assert_eq!(answer.status, 200);
        assert_eq!(answer.body["data"]["attributes"]["deployment"]["password_set"], password_set);
        let stored = client.sandbox.stored(Provider::Imgix, &id).unwrap();
        assert_eq!(stored["deployment"].get("password").is_some(), username.is_some());
    }
}

#[test]
fn a_web_proxy_must_sign() {
    let deployment = json!({ "type": "webproxy", "imgix_subdomains": ["p"] });

    let answer = bare().imgix("POST", "sources", &document(None, &json!({ "name": "n", "deployment": deployment })));

    assert_eq!(answer.details(), ["deployment.secure_url_enabled must be true for webproxy sources."]);
}

#[test]
fn the_document_must_be_json_api() {
    for (body, status) in [
        ("", 400),
        ("[]", 400),
        ("{", 400),
        (r#"{"name":"n"}"#, 400),
        (r#"{"data":[]}"#, 400),
        (r#"{"data":{"attributes":{},"type":"assets"}}"#, 409),
        (r#"{"data":{"attributes":{}}}"#, 400),
        (r#"{"data":{"type":"sources"}}"#, 400),
        (r#"{"data":{"type":"sources","name":"n","attributes":{}}}"#, 400),
        (r#"{"data":{"type":"sources","id":"x","attributes":{}}}"#, 400),
        (r#"{"data":{"type":"sources","attributes":{"name":"n"}},"source":{}}"#, 400),
    ] {
        assert_eq!(bare().imgix("POST", "sources", body).status, status, "{body}");
    }
}

#[test]
fn the_media_type_is_that_of_json_api_and_plain_json_is_tolerated() {
    let body = text("imgix/source-create.request.webfolder.json");
    for (media_type, status) in [
        (Some("application/vnd.api+json"), 201),
        (Some("application/json; charset=utf-8"), 201),
        (Some("text/plain"), 415),
        (Some("application/octet-stream"), 415),
        (None, 415),
    ] {
        let mut request =
            Incoming::new("POST", "https://api.imgix.com/api/v1/sources").header("authorization", "Bearer sandbox");
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }

        assert_eq!(bare().send(&request.body(body.as_str())).status, status, "{media_type:?}");
    }
}

#[test]
fn switching_on_and_read_only_attributes_are_not_for_creation() {
    let attributes =
        json!({ "name": "n", "deployment": webfolder("w"), "enabled": true, "date_deployed": 1, "nmae": "n" });

    let answer = bare().imgix("POST", "sources", &document(None, &attributes));

    assert_eq!(
        answer.details(),
        ["Read-only attribute: enabled.", "Read-only attribute: date_deployed.", "Unknown attribute: nmae."]
    );
}

#[test]
fn a_change_of_name_touches_nothing_else() {
    let mut client = bare();
    let id = client.given_imgix("webfolder");
    client.now += 60_000.0;
    let before = client.imgix("GET", &format!("sources/{id}"), "").body;

    let after = client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "name": "Renamed" })));

    assert_eq!(after.status, 200);
    assert_same_shape(&after.body, &fixture("imgix/source-update.200.json"), "");
    let mut expected = before;
    expected["data"]["attributes"]["name"] = "Renamed".into();
    assert_eq!(after.body, expected);
}

#[test]
fn a_deployment_is_replaced_as_a_whole_and_what_is_left_out_is_gone() {
    let mut client = full();
    let list = client.imgix("GET", "sources?filter[name]=Verde%20Gardening", "");
    let source = &list.body["data"][0];
    let id = source["id"].as_str().unwrap().to_owned();
    let old = &source["attributes"]["deployment"];
    assert_eq!(old["origin_shield_region"], "eu-west");
    let new = json!({
        "type": "s3", "imgix_subdomains": ["verde"], "s3_access_key": old["s3_access_key"], "s3_bucket": "elsewhere"
    });

    let answer = client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "deployment": new })));

    let deployment = &answer.body["data"]["attributes"]["deployment"];
    assert_eq!((answer.status, &deployment["s3_bucket"]), (200, &json!("elsewhere")));
    assert!(deployment.get("origin_shield_region").is_none());
    assert_eq!(deployment["s3_prefix"], Value::Null);
}

#[test]
fn an_attribute_nobody_documents_survives_when_it_is_sent_along() {
    let mut client = full();
    let list = client.imgix("GET", "sources?filter[name]=Verde%20Gardening", "");
    let id = list.body["data"][0]["id"].as_str().unwrap().to_owned();
    let mut deployment = list.body["data"][0]["attributes"]["deployment"].clone();
    deployment.as_object_mut().unwrap().remove("allows_upload");

    let answer =
        client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "deployment": deployment })));

    assert_eq!(answer.body["data"]["attributes"]["deployment"]["origin_shield_region"], "eu-west");
}

#[test]
fn a_secret_that_is_left_out_is_kept_or_asked_for_as_the_options_say() {
    let change = json!({ "type": "s3", "imgix_subdomains": ["example-s3"], "s3_access_key": "K", "s3_bucket": "b" });
    for (options, status) in [(r#"{"seed":false}"#, 200), (r#"{"seed":false,"keepOmittedSecrets":false}"#, 400)] {
        let mut client = with(options);
        let id = client.given_imgix("s3");

        let answer =
            client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "deployment": change })));

        assert_eq!(answer.status, status);
        assert_eq!(
            client.sandbox.stored(Provider::Imgix, &id).unwrap()["deployment"]["s3_secret_key"],
            "EXAMPLE-NOT-A-SECRET"
        );
    }
}

#[test]
fn secrets_of_another_type_are_never_kept() {
    let mut client = bare();
    let id = client.given_imgix("s3");
    let change = json!({ "type": "gcs", "imgix_subdomains": ["example-s3"], "gcs_access_key": "K", "gcs_bucket": "b" });

    let answer =
        client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "deployment": change })));

    assert_eq!(answer.details(), ["Missing required attribute: deployment.gcs_secret_key."]);
}

#[test]
fn a_disabled_source_can_only_be_enabled() {
    let mut client = bare();
    let id = client.given_imgix("s3");
    let mut patch =
        |attributes: Value| client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &attributes));
    assert_eq!(patch(json!({ "enabled": false })).status, 200);

    let refused = patch(json!({ "name": "new" }));

    assert_eq!(refused.details(), ["The source is disabled: enable it before you change it."]);
    assert_eq!(patch(json!({ "enabled": true, "name": "new" })).status, 400);
    assert_eq!(patch(json!({ "enabled": true })).status, 200);
    assert_eq!(patch(json!({ "name": "new" })).status, 200);
}

#[test]
fn the_id_of_an_update_must_be_that_of_the_address() {
    let mut client = bare();
    let id = client.given_imgix("webfolder");
    let path = format!("sources/{id}");
    let change = json!({ "name": "n" });

    assert_eq!(client.imgix("PATCH", &path, &document(Some("60b1c2d3e4f5061728394a01"), &change)).status, 409);
    assert_eq!(client.imgix("PATCH", &path, &document(None, &change)).status, 400);
    assert_eq!(client.imgix("PATCH", "sources/60b1c2d3e4f5061728394a01", &document(Some(&id), &change)).status, 404);
}

#[test]
fn a_refused_change_changes_nothing() {
    let mut client = bare();
    let id = client.given_imgix("webfolder");
    let before = client.sandbox.stored(Provider::Imgix, &id);
    let change = json!({ "name": "n", "deployment": { "type": "webfolder" } });

    client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &change));

    assert_eq!(client.sandbox.stored(Provider::Imgix, &id), before);
}

//! imgix: changing, adding and refreshing assets.

use serde_json::{Value, json};

use super::support::{Client, assert_same_shape, document_of, fixture, full};

const PATH: &str = "odd/a+b=c&d.png";

fn update(client: &mut Client, source: &str, attributes: &Value) -> super::support::Answer {
    let body = document_of("assets", Some(&format!("{source}/{PATH}")), attributes);
    client.imgix("PATCH", &format!("sources/{source}/assets/{PATH}"), &body)
}

#[test]
fn an_update_sets_what_people_say_of_an_asset_and_nothing_else() {
    let mut client = full();
    let source = client.fullest();
    let sent = fixture("imgix/asset-update.request.json")["data"]["attributes"].clone();
    let before = client.imgix("GET", &format!("sources/{source}/assets/{PATH}"), "").body;

    let answer = update(&mut client, &source, &sent);

    assert_eq!(answer.status, 200);
    assert_same_shape(&answer.body, &fixture("imgix/asset-update.200.json"), "");
    let mut expected = before["data"].clone();
    for (name, value) in sent.as_object().unwrap() {
        expected["attributes"][name] = value.clone();
    }
    expected["attributes"]["date_modified"] = json!(1_772_719_800);
    assert_eq!(answer.body["data"], expected);
    assert_eq!(client.imgix("GET", &format!("sources/{source}/assets/{PATH}"), "").body["data"], expected);
}

#[test]
fn lists_and_maps_are_replaced_and_null_takes_away() {
    let mut client = full();
    let source = client.fullest();
    update(
        &mut client,
        &source,
        &json!({ "categories": ["a", "b"], "custom_fields": { "x": "1", "y": "2" }, "name": "n" }),
    );

    let answer =
        update(&mut client, &source, &json!({ "categories": ["c"], "custom_fields": { "z": "3" }, "name": null }));

    let attributes = &answer.body["data"]["attributes"];
    assert_eq!(attributes["categories"], json!(["c"]));
    assert_eq!(attributes["custom_fields"], json!({ "z": "3" }));
    assert_eq!(attributes["name"], Value::Null);
}

#[test]
fn a_wrong_update_is_refused_with_one_error_for_each_attribute_and_changes_nothing() {
    let mut client = full();
    let source = client.fullest();

    let answer = update(
        &mut client,
        &source,
        &json!({ "name": 5, "categories": "a", "custom_fields": { "x": 1 }, "tags": {}, "colour": "red", "description": "new" }),
    );

    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.details(),
        [
            "Read-only attribute: tags.",
            "Unknown attribute: colour.",
            "name must be a string or null.",
            "categories must be a list of strings or null.",
            "custom_fields must be an object of strings or null.",
        ]
    );
    let after = client.imgix("GET", &format!("sources/{source}/assets/{PATH}"), "").body;
    assert_ne!(after["data"]["attributes"]["description"], "new");
}

#[test]
fn an_update_must_name_the_asset_it_is_sent_to() {
    let mut client = full();
    let source = client.fullest();
    let place = format!("sources/{source}/assets/{PATH}");
    let mut send = |kind: &str, id: Option<&str>| {
        client.imgix("PATCH", &place, &document_of(kind, id, &json!({ "name": "x" }))).status
    };

    assert_eq!(send("assets", Some(&format!("{source}/{PATH}"))), 200);
    assert_eq!(send("assets", Some(&format!("{source}//{PATH}"))), 409);
    assert_eq!(send("sources", Some(&format!("{source}/{PATH}"))), 409);
    assert_eq!(send("assets", None), 400);
    assert_eq!(client.raw("PATCH", &place, &[("content-type", "text/plain")], b"{}").status, 415);
}

#[test]
fn adding_lists_an_asset_and_twice_does_no_harm() {
    let mut client = full();
    let source = client.fullest();
    for body in ["", "{}"] {
        let answer = client.imgix("POST", &format!("sources/{source}/assets/add/new/pie%20chart.jpg"), body);

        assert_eq!(answer.status, 202);
        assert_same_shape(&answer.body, &fixture("imgix/asset-add.202.json"), "");
        assert_eq!(answer.body["data"]["attributes"]["origin_path"], "/new/pie chart.jpg");
    }
    let listed = client.imgix("GET", &format!("sources/{source}/assets?filter[origin_path]=pie chart"), "");
    assert_eq!(listed.body["meta"]["cursor"]["totalRecords"], "1");
    assert_eq!(client.imgix("POST", &format!("sources/{source}/assets/add/x.jpg"), "[1]").status, 400);
    assert_eq!(client.imgix("POST", "sources/nope/assets/add/x.jpg", "").status, 404);
    let proxy = client.source("webproxy");
    assert_eq!(client.imgix("POST", &format!("sources/{proxy}/assets/add/x.jpg"), "").status, 400);
}

#[test]
fn refreshing_gives_the_whole_asset() {
    let mut client = full();
    let source = client.fullest();

    let answer = client.imgix("POST", &format!("sources/{source}/assets/refresh/{PATH}"), "");

    assert_eq!(answer.status, 200);
    assert_same_shape(&answer.body, &fixture("imgix/asset-refresh.200.json"), "");
    assert_eq!(answer.body["data"]["attributes"]["date_modified"], 1_772_719_800);
    assert_eq!(client.imgix("POST", &format!("sources/{source}/assets/refresh/nope.jpg"), "").status, 404);
}

#[test]
fn each_permission_opens_its_own_operations() {
    let mut client = full();
    let source = client.fullest();
    client.key = "ak_sandbox_assets";
    let asset = format!("sources/{source}/assets/{PATH}");

    assert_eq!(client.imgix("GET", &asset, "").status, 200);
    assert_eq!(client.imgix("POST", &format!("sources/{source}/assets/add/x.jpg"), "").status, 202);
    assert_eq!(client.imgix("GET", "sources", "").status, 403);
    assert_eq!(client.imgix("POST", "purge", "{}").status, 403);
    assert_eq!(client.imgix("GET", "reports", "").status, 403);
    assert_eq!(client.imgix("POST", "publish", "{}").status, 403);

    let keys = r#"{ "keys": [{ "key": "browse", "permissions": ["Asset Browse"] }] }"#;
    let mut client = super::support::with(keys);
    client.key = "browse";
    assert_eq!(client.imgix("GET", &asset, "").status, 200, "the shorter name of the newer pages means the same");
    assert_eq!(update(&mut client, &source, &json!({})).status, 403);
}

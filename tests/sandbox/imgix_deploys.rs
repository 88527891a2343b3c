//! imgix: deploys take time, and sources of every kind look like the fixtures.

use serde_json::json;

use super::support::{Client, NOW, assert_same_shape, bare, document, fixture, full};

fn status(client: &mut Client, id: &str) -> (String, bool) {
    let answer = client.imgix("GET", &format!("sources/{id}"), "");
    let attributes = &answer.body["data"]["attributes"];
    (attributes["deployment_status"].as_str().unwrap().to_owned(), attributes["date_deployed"].is_null())
}

fn at(client: &mut Client, ms: f64, id: &str) -> String {
    client.now = NOW + ms;
    status(client, id).0
}

#[test]
fn a_new_source_is_deploying_until_it_is_deployed() {
    let mut client = bare();
    let id = client.given_imgix("s3");

    assert_eq!(status(&mut client, &id), ("deploying".to_owned(), true));
    assert_eq!(at(&mut client, 4_499.0, &id), "deploying");
    assert_eq!(at(&mut client, 4_500.0, &id), "deployed");
    let answer = client.imgix("GET", &format!("sources/{id}"), "");
    assert_eq!(answer.body["data"]["attributes"]["date_deployed"], 1_772_719_804);
}

#[test]
fn after_a_change_the_status_stays_as_it_was_for_a_moment() {
    let mut client = bare();
    let id = client.given_imgix("webfolder");
    client.now = NOW + 60_000.0;
    let deployment =
        json!({ "type": "webfolder", "webfolder_base_url": "https://b.example/", "imgix_subdomains": ["example-one"] });

    let answer =
        client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "deployment": deployment })));

    assert_eq!(answer.body["data"]["attributes"]["deployment_status"], "deployed");
    assert_eq!(at(&mut client, 61_499.0, &id), "deployed");
    assert_eq!(at(&mut client, 61_500.0, &id), "deploying");
    assert_eq!(at(&mut client, 64_500.0, &id), "deployed");
}

#[test]
fn disabling_and_enabling_take_effect_after_a_moment_too() {
    let mut client = bare();
    let id = client.given_imgix("s3");
    let switch = |client: &mut Client, ms: f64, on: bool| {
        client.now = NOW + ms;
        client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "enabled": on })))
    };

    let off = switch(&mut client, 10_000.0, false);
    assert_eq!(
        (&off.body["data"]["attributes"]["enabled"], &off.body["data"]["attributes"]["deployment_status"]),
        (&json!(false), &json!("deployed"))
    );
    assert_eq!(at(&mut client, 11_500.0, &id), "disabled");
    let on = switch(&mut client, 20_000.0, true);

    assert_eq!(on.body["data"]["attributes"]["deployment_status"], "disabled");
    assert_eq!(at(&mut client, 21_500.0, &id), "deploying");
    assert_eq!(at(&mut client, 24_500.0, &id), "deployed");
}

#[test]
fn a_change_of_name_deploys_nothing() {
    let mut client = bare();
    let id = client.given_imgix("webfolder");
    client.now = NOW + 60_000.0;
    client.imgix("PATCH", &format!("sources/{id}"), &document(Some(&id), &json!({ "name": "n" })));

    assert_eq!(at(&mut client, 62_000.0, &id), "deployed");
}

#[test]
fn seeded_sources_of_every_type_have_the_shape_of_their_fixture() {
    for (name, file) in [
        ("The Quiet Kitchen", "webfolder"),
        ("Rivet Cycles", "s3"),
        ("Summit Gear Outlet", "s3-disabled"),
        ("Tidewater Travel", "gcs"),
        ("Fjord Magazine", "azure"),
        ("Partner feeds", "webproxy"),
    ] {
        let mut client = full();
        let list = client.imgix("GET", &format!("sources?filter[name]={}", name.replace(' ', "+")), "");
        let id = list.body["data"][0]["id"].as_str().unwrap().to_owned();

        let answer = client.imgix("GET", &format!("sources/{id}"), "");

        assert_same_shape(&answer.body, &fixture(&format!("imgix/source-get.200.{file}.json")), "");
    }
}

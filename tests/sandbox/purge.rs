//! imgix: purge, publish, unpublish.

use image_sources::sandbox::Incoming;
use serde_json::{Value, json};

use super::support::{Answer, Client, assert_same_shape, document_of, fixture, full};

fn purge(client: &mut Client, attributes: &Value) -> Answer {
    client.imgix("POST", "purge", &document_of("purges", None, attributes))
}

const URL: &str = "https://nordlicht.imgix.net/heroes/a.jpg";

#[test]
fn a_purge_has_a_receipt() {
    let answer = purge(&mut full(), &json!({ "url": URL }));

    assert_eq!(answer.status, 200);
    assert_same_shape(&answer.body, &fixture("imgix/purge.200.json"), "");
    assert_eq!(answer.body["data"]["id"], answer.body["data"]["attributes"]["purge_id"]);
}

#[test]
fn the_same_file_within_ten_seconds_is_a_conflict_whatever_the_query() {
    let mut client = full();
    purge(&mut client, &json!({ "url": URL }));
    client.now += 9_999.0;

    let again = purge(&mut client, &json!({ "url": format!("{URL}?w=100") }));

    assert_eq!(again.status, 409);
    assert_eq!(again.details(), ["Duplicate purge request."]);
    assert_same_shape(&again.body, &fixture("imgix/error.409.purge.json"), "");
    assert_eq!(purge(&mut client, &json!({ "url": "https://nordlicht.imgix.net/heroes/b.jpg" })).status, 200);
    client.now += 1.0;
    assert_eq!(purge(&mut client, &json!({ "url": URL })).status, 200);
}

#[test]
fn custom_domains_belong_to_the_account_too() {
    assert_eq!(purge(&mut full(), &json!({ "url": "https://IMAGES.rivetcycles.example/a.jpg" })).status, 200);
}

#[test]
fn a_wrong_purge_is_refused() {
    let mut client = full();
    let mut details = |attributes: Value| {
        let answer = purge(&mut client, &attributes);
        assert_eq!(answer.status, 400, "{attributes}");
        answer.details().join(" ")
    };

    assert_eq!(details(json!({})), "Missing required attribute: url.");
    assert_eq!(details(json!({ "url": 5 })), "url must be a string and not empty.");
    assert_eq!(details(json!({ "url": "heroes/a.jpg" })), "url must be the full URL of an image.");
    assert_eq!(details(json!({ "url": "https://nordlicht.imgix.net/" })), "url must be the full URL of an image.");
    assert_eq!(
        details(json!({ "url": "https://other.imgix.net/a.jpg" })),
        "url: other.imgix.net does not belong to this account."
    );
    assert_eq!(details(json!({ "url": URL, "sub_image": true })), "Missing required attribute: source_id.");
    assert_eq!(
        details(json!({ "url": URL, "sub_image": true, "source_id": "x" })),
        "source_id is not a source of this account."
    );
    assert_eq!(details(json!({ "url": URL, "sub_image": "yes" })), "sub_image must be a boolean.");
    assert_eq!(details(json!({ "url": URL, "urls": [] })), "Unknown attribute: urls.");
    assert_eq!(client.imgix("POST", "purge", &document_of("sources", None, &json!({ "url": URL }))).status, 409);
    assert_eq!(client.imgix("GET", "purge", "").status, 405);
}

#[test]
fn a_sub_image_is_purged_with_its_source() {
    let mut client = full();
    let source = client.fullest();

    assert_eq!(purge(&mut client, &json!({ "url": URL, "sub_image": true, "source_id": source })).status, 200);
}

#[test]
fn publishing_works_at_both_addresses_and_decides_what_is_served() {
    let mut client = full();
    let source = client.fullest();
    let path = "odd/a+b=c&d.png";
    let url = format!("https://nordlicht.imgix.net/{path}");
    let served = |client: &mut Client| client.send(&Incoming::new("GET", &*url)).status;
    let attributes = json!({ "url": url, "source_id": source });

    let answer = client.imgix("POST", "unpublish", &document_of("unpublishes", None, &attributes));

    assert_same_shape(&answer.body, &fixture("imgix/unpublish.200.json"), "");
    assert_eq!(served(&mut client), 404);
    let answer = client.imgix(
        "POST",
        &format!("sources/{source}/publish"),
        &document_of("publishes", None, &json!({ "url": url })),
    );
    assert_same_shape(&answer.body, &fixture("imgix/publish.200.json"), "");
    assert_eq!(served(&mut client), 200);
}

#[test]
fn a_wrong_publish_is_refused() {
    let mut client = full();
    let (source, other) = (client.fullest(), client.source("gcs"));
    let mut status =
        |path: &str, attributes: Value| client.imgix("POST", path, &document_of("publishes", None, &attributes)).status;

    assert_eq!(status("publish", json!({ "url": URL })), 400);
    assert_eq!(status("publish", json!({ "source_id": source })), 400);
    assert_eq!(status("publish", json!({ "url": URL, "source_id": "nope" })), 404);
    assert_eq!(status("publish", json!({ "url": URL, "source_id": other })), 400);
    assert_eq!(status("publish", json!({ "url": URL, "source_id": source })), 404, "there is no such asset");
    assert_eq!(status(&format!("sources/{source}/publish"), json!({ "url": URL, "source_id": other })), 400);
    assert_eq!(status("sources/nope/publish", json!({ "url": URL })), 404);
}

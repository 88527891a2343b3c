//! imgix: upload sessions and the storage behind them.

use image_sources::sandbox::Incoming;
use serde_json::Value;

use super::support::{Answer, Client, assert_same_shape, fixture, full, with};

/// Creates a session for a path and gives its id and address.
fn create(client: &mut Client, source: &str, content_type: Option<&str>) -> (String, String) {
    let headers: Vec<(&str, &str)> = content_type.map(|kind| ("content-type", kind)).into_iter().collect();
    let answer =
        client.raw("POST", &format!("sources/{source}/upload-sessions/create/videos/clip%20one.mp4"), &headers, b"");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_same_shape(&answer.body, &fixture("imgix/upload-session-create.200.json"), "");
    let attributes = &answer.body["data"]["attributes"];
    (text(&attributes["id"]), text(&attributes["url"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn put(client: &mut Client, url: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Incoming::new("PUT", url).body("film");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.send(&request)
}

fn code(answer: &Answer) -> String {
    let xml = String::from_utf8_lossy(&answer.reply.response.body).into_owned();
    xml.split("<Code>").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

const MP4: [(&str, &str); 1] = [("content-type", "video/mp4")];

#[test]
fn a_session_is_pending_then_closed_then_complete_and_its_file_an_asset() {
    let mut client = full();
    let source = client.source("s3");
    let (id, url) = create(&mut client, &source, Some("video/mp4"));
    let status = |client: &mut Client, fixture_name: &str| {
        let answer = client.imgix("GET", &format!("sources/{source}/upload-sessions/status/{id}"), "");
        assert_same_shape(&answer.body, &fixture(fixture_name), "");
        text(&answer.body["data"]["attributes"]["status"])
    };
    let close = format!("sources/{source}/upload-sessions/close/{id}");

    assert_eq!(status(&mut client, "imgix/upload-session-status.200.pending.json"), "PENDING");
    let stored = put(&mut client, &url, &MP4);
    assert_eq!((stored.status, stored.reply.response.body.len()), (200, 0));
    let closed = client.imgix("POST", &close, "");
    assert_same_shape(&closed.body, &fixture("imgix/upload-session-close.200.json"), "");
    assert_eq!(status(&mut client, "imgix/upload-session-status.200.complete.json"), "CLOSED");
    assert_eq!(client.imgix("GET", &format!("sources/{source}/assets/videos/clip%20one.mp4"), "").status, 404);
    client.now += 1499.0;
    assert_eq!(status(&mut client, "imgix/upload-session-status.200.complete.json"), "CLOSED");
    client.now += 1.0;
    assert_eq!(status(&mut client, "imgix/upload-session-status.200.complete.json"), "COMPLETE");
    let asset = client.imgix("GET", &format!("sources/{source}/assets/videos/clip%20one.mp4"), "").body;
    assert_eq!(asset["data"]["attributes"]["file_size"], 4);
    assert_eq!(asset["data"]["attributes"]["content_type"], "video/mp4");
    assert_eq!(
        client.imgix("POST", &close, "").body["data"]["attributes"]["status"],
        "COMPLETE",
        "closing twice does no harm"
    );
}

#[test]
fn the_address_leads_to_where_the_request_came_in() {
    let mut client = full();
    let source = client.source("s3");
    for (base, expected) in [
        ("https://api.imgix.com", "https://sandbox.example/storage/"),
        ("http://127.0.0.1:8787/imgix", "http://127.0.0.1:8787/storage/"),
        ("/imgix", "https://sandbox.example/storage/"),
    ] {
        let request = Incoming::new("POST", format!("{base}/api/v1/sources/{source}/upload-sessions/create/a.jpg"))
            .header("authorization", "Bearer sandbox");

        let url = text(&client.send(&request).body["data"]["attributes"]["url"]);

        assert!(url.starts_with(expected), "{url}");
        assert_eq!(put(&mut client, &url, &[]).status, 200);
    }
}

#[test]
fn the_storage_takes_the_file_only_as_it_was_announced() {
    let mut client = full();
    let source = client.source("s3");
    let (_, url) = create(&mut client, &source, Some("video/mp4"));
    let changed = url.replace("clip%20one", "clip%20two");
    let forged = url.replace("X-Signature=", "X-Signature=0");
    let mut try_put = |url: &str, headers: &[(&str, &str)]| {
        let answer = put(&mut client, url, headers);
        (answer.status, code(&answer))
    };

    assert_eq!(try_put(&url, &[MP4[0], ("authorization", "Bearer ak_sandbox")]), (400, "InvalidArgument".to_owned()));
    assert_eq!(try_put(&url, &[("content-type", "image/jpeg")]), (400, "InvalidContentType".to_owned()));
    assert_eq!(try_put(&url, &[]), (400, "InvalidContentType".to_owned()));
    assert_eq!(try_put(&changed, &MP4), (403, "SignatureDoesNotMatch".to_owned()));
    assert_eq!(try_put(&forged, &MP4), (403, "SignatureDoesNotMatch".to_owned()));
    assert_eq!(try_put(url.split('?').next().unwrap(), &MP4), (403, "SignatureDoesNotMatch".to_owned()));
    assert_eq!(client.send(&Incoming::new("GET", &*url)).status, 405);
    assert_eq!(put(&mut client, &url, &[("Content-Type", "Video/MP4")]).status, 200);
}

#[test]
fn without_a_type_at_creation_any_will_do() {
    let mut client = full();
    let source = client.source("s3");
    for said in [None, Some("application/vnd.api+json")] {
        let (_, url) = create(&mut client, &source, said);

        assert_eq!(put(&mut client, &url, &[]).status, 200);
        assert_eq!(put(&mut client, &url, &MP4).status, 200);
    }
}

#[test]
fn azure_wants_to_know_the_kind_of_blob() {
    let mut client = full();
    let source = client.source("azure");
    let (_, url) = create(&mut client, &source, Some("video/mp4"));

    let refused = put(&mut client, &url, &MP4);

    assert_eq!((refused.status, code(&refused)), (400, "MissingRequiredHeader".to_owned()));
    assert_eq!(put(&mut client, &url, &[MP4[0], ("x-ms-blob-type", "AppendBlob")]).status, 400);
    assert_eq!(put(&mut client, &url, &[MP4[0], ("x-ms-blob-type", "BlockBlob")]).status, 201);
}

#[test]
fn a_session_ends_by_itself_after_eight_hours() {
    let mut client = full();
    let source = client.source("gcs");
    let (id, url) = create(&mut client, &source, None);
    client.now += 8.0 * 3_600_000.0;

    let late = put(&mut client, &url, &[]);

    assert_eq!((late.status, code(&late)), (403, "AccessDenied".to_owned()));
    let status = client.imgix("GET", &format!("sources/{source}/upload-sessions/status/{id}"), "").body;
    assert_eq!(status["data"]["attributes"]["status"], "EXPIRED");
    assert_eq!(client.imgix("POST", &format!("sources/{source}/upload-sessions/close/{id}"), "").status, 400);
}

#[test]
fn how_long_sessions_take_can_be_chosen() {
    let mut client = with(r#"{ "sessionMs": 100, "completeMs": 0 }"#);
    let source = client.source("gcs");
    let (id, url) = create(&mut client, &source, None);
    put(&mut client, &url, &[]);
    client.imgix("POST", &format!("sources/{source}/upload-sessions/close/{id}"), "");

    let status = client.imgix("GET", &format!("sources/{source}/upload-sessions/status/{id}"), "").body;

    assert_eq!(status["data"]["attributes"]["status"], "COMPLETE");
    let (_, url) = create(&mut client, &source, None);
    client.now += 100.0;
    assert_eq!(put(&mut client, &url, &[]).status, 403);
}

#[test]
fn a_cancelled_session_takes_nothing_more() {
    let mut client = full();
    let source = client.source("s3");
    let (id, url) = create(&mut client, &source, None);
    let cancel = format!("sources/{source}/upload-sessions/cancel/{id}");
    put(&mut client, &url, &[]);
    for _ in 0..2 {
        let answer = client.imgix("DELETE", &cancel, "");

        assert_eq!(answer.status, 200);
        assert_same_shape(&answer.body, &fixture("imgix/upload-session-cancel.200.json"), "");
        assert_eq!(answer.body["data"]["attributes"]["status"], "CANCELED");
    }
    assert_eq!(put(&mut client, &url, &[]).status, 403);
    assert_eq!(client.imgix("POST", &format!("sources/{source}/upload-sessions/close/{id}"), "").status, 400);
}

#[test]
fn a_session_cannot_be_closed_without_a_file_nor_found_at_another_source() {
    let mut client = full();
    let (source, other) = (client.source("s3"), client.source("gcs"));
    let (id, url) = create(&mut client, &source, None);

    assert_eq!(client.imgix("POST", &format!("sources/{source}/upload-sessions/close/{id}"), "").status, 400);
    for (method, verb) in [("GET", "status"), ("POST", "close"), ("DELETE", "cancel")] {
        assert_eq!(client.imgix(method, &format!("sources/{other}/upload-sessions/{verb}/{id}"), "").status, 404);
        assert_eq!(client.imgix("PUT", &format!("sources/{source}/upload-sessions/{verb}/{id}"), "").status, 405);
    }
    put(&mut client, &url, &[]);
    assert_eq!(client.imgix("POST", &format!("sources/{source}/upload-sessions/close/{id}"), "").status, 200);
    assert_eq!(client.imgix("DELETE", &format!("sources/{source}/upload-sessions/cancel/{id}"), "").status, 400);
}

#[test]
fn sources_that_take_no_uploads_have_no_sessions_either() {
    let mut client = full();
    let source = client.source("webfolder");

    assert_eq!(client.imgix("POST", &format!("sources/{source}/upload-sessions/create/a.jpg"), "").status, 400);
    assert_eq!(client.imgix("POST", "sources/nope/upload-sessions/create/a.jpg", "").status, 404);
}

#[test]
fn nothing_printed_shows_a_signature() {
    let mut client = full();
    let source = client.source("s3");
    let (_, url) = create(&mut client, &source, None);

    let signature = url.split("X-Signature=").nth(1).unwrap();

    assert!(!format!("{:?}", client.sandbox).contains(signature));
}

#[test]
fn the_storage_fails_in_its_own_words() {
    let mut client = full();
    let source = client.source("s3");
    let (_, url) = create(&mut client, &source, None);
    client
        .sandbox
        .set_faults(r#"{ "rules": [{ "kind": "503", "operation": "storage.put", "times": 1, "retryAfter": 1 }] }"#)
        .unwrap();

    let failed = put(&mut client, &url, &[]);

    assert_eq!((failed.status, code(&failed), failed.header("retry-after")), (503, "SlowDown".to_owned(), Some("1")));
    assert_eq!(put(&mut client, &url, &[]).status, 200);
}

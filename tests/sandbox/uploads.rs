//! imgix: a file in one request.

use serde_json::json;

use super::support::{assert_same_shape, fixture, full, with};

#[test]
fn an_uploaded_file_becomes_an_asset_with_its_length_and_type() {
    let mut client = full();
    let source = client.source("s3");

    let answer = client.raw(
        "POST",
        &format!("sources/{source}/upload/uploads/pie.jpg"),
        &[("content-type", "image/jpeg")],
        b"\xFF\xD8pie",
    );

    assert_eq!(answer.status, 200);
    assert_same_shape(&answer.body, &fixture("imgix/asset-upload.200.json"), "");
    assert_eq!(answer.body["data"]["id"], format!("{source}/uploads/pie.jpg"));
    let read = client.imgix("GET", &format!("sources/{source}/assets/uploads/pie.jpg"), "").body;
    let attributes = &read["data"]["attributes"];
    assert_eq!((&attributes["file_size"], &attributes["uploaded_by_api"]), (&json!(5), &json!(true)));
    let stored =
        client.sandbox.stored(image_sources::sandbox::Provider::Imgix, &format!("{source}/uploads/pie.jpg")).unwrap();
    assert_eq!((&stored["crc32"], &stored["published"]), (&json!("32b08c8e"), &json!(true)));
}

#[test]
fn a_type_that_says_nothing_is_told_by_the_name() {
    let mut client = full();
    let source = client.source("gcs");
    for (said, path, expected) in [
        (Some("application/octet-stream"), "a.png", json!("image/png")),
        (None, "b.WEBP", json!("image/webp")),
        (Some("image/avif"), "c.jpg", json!("image/avif")),
        (Some("image/svg+xml; charset=utf-8"), "d", json!("image/svg+xml")),
        (None, "e.unknown", json!(null)),
    ] {
        let headers: Vec<(&str, &str)> = said.map(|said| ("content-type", said)).into_iter().collect();

        let answer = client.raw("POST", &format!("sources/{source}/upload/{path}"), &headers, b"x");

        assert_eq!(answer.body["data"]["attributes"]["content_type"], expected, "{path}");
    }
}

#[test]
fn pictures_tell_their_size() {
    let mut client = full();
    let source = client.source("s3");
    let png = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0, 0, 3, 0, 0, 0, 2, 0], b"..."].concat();
    for (path, body, size) in [
        ("a.png", &png[..], json!([768, 512])),
        ("b.gif", b"GIF89a\x10\0\x08\0", json!([16, 8])),
        ("c.gif", b"GIF8", json!([null, null])),
    ] {
        client.raw("POST", &format!("sources/{source}/upload/{path}"), &[], body);

        let read = client.imgix("GET", &format!("sources/{source}/assets/{path}"), "").body;

        assert_eq!(
            json!([read["data"]["attributes"]["media_width"], read["data"]["attributes"]["media_height"]]),
            size
        );
    }
}

#[test]
fn what_is_there_already_is_replaced_only_when_asked() {
    let mut client = full();
    let source = client.source("s3");
    let place = format!("sources/{source}/upload/a.jpg");
    assert_eq!(client.raw("POST", &place, &[], b"one").status, 200);

    let refused = client.raw("POST", &place, &[], b"three");

    assert_eq!(refused.status, 400);
    assert_eq!(refused.details(), ["An asset with this origin path exists: set overwrite to true to replace it."]);
    assert_eq!(client.raw("POST", &format!("{place}?overwrite=false"), &[], b"three").status, 400);
    assert_eq!(client.raw("POST", &format!("{place}?overwrite=true"), &[], b"three").status, 200);
    assert_eq!(
        client.imgix("GET", &format!("sources/{source}/assets/a.jpg"), "").body["data"]["attributes"]["file_size"],
        5
    );
    assert_eq!(client.raw("POST", &format!("{place}?overwrite=yes"), &[], b"x").status, 400);
    client.key = "ak_sandbox_assets";
    assert_eq!(
        client.raw("POST", &format!("{place}?overwrite=true"), &[], b"x").status,
        403,
        "replacing needs a permission more"
    );
}

#[test]
fn not_every_source_takes_uploads() {
    let mut client = full();
    let mut upload = |id: &str| client.raw("POST", &format!("sources/{id}/upload/a.jpg"), &[], b"x").status;
    assert_eq!(upload("nope"), 404);
    for kind in ["webfolder", "webproxy"] {
        let source = full().source(kind);
        let answer = full().raw("POST", &format!("sources/{source}/upload/a.jpg"), &[], b"x");

        assert_eq!((answer.status, answer.details()), (400, vec!["The source does not allow uploads."]));
    }
    for name in ["Brightwell+School+Photos", "Summit+Gear+Outlet"] {
        let found = full().imgix("GET", &format!("sources?filter[name]={name}"), "").body;

        assert_eq!(upload(found["data"][0]["id"].as_str().unwrap()), 400, "{name}");
    }
}

#[test]
fn a_body_must_be_a_file_and_not_too_large() {
    let mut client = with(r#"{ "uploadLimit": 10 }"#);
    let source = client.source("azure");
    let place = format!("sources/{source}/upload/a.jpg");

    assert_eq!(client.raw("POST", &place, &[], b"").status, 400);
    assert_eq!(client.raw("POST", &place, &[("content-type", "multipart/form-data; boundary=x")], b"--x").status, 400);
    let large = client.raw("POST", &place, &[], b"12345678901");
    assert_eq!((large.status, large.header("content-type")), (413, Some("text/plain; charset=utf-8")));
    assert_eq!(client.raw("POST", &place, &[], b"1234567890").status, 200);
}

#[test]
fn thirty_megabytes_are_the_limit_unless_said_otherwise() {
    let mut client = full();
    let source = client.source("s3");
    let body = vec![0; 30 * 1024 * 1024 + 1];

    assert_eq!(client.raw("POST", &format!("sources/{source}/upload/a.jpg"), &[], &body).status, 413);
    assert_eq!(client.raw("POST", &format!("sources/{source}/upload/a.jpg"), &[], &body[1..]).status, 200);
}

#[test]
fn the_log_keeps_the_length_of_a_file_and_its_beginning() {
    let mut client = full();
    let source = client.source("s3");
    client.raw("POST", &format!("sources/{source}/upload/a.jpg"), &[], &vec![b'x'; 100_000]);
    client.imgix("POST", "purge", &" ".repeat(100_000));

    let entries: Vec<_> = client.sandbox.log().skip(1).collect();

    assert_eq!(
        (entries[0].operation, entries[0].body.len(), entries[0].body_length),
        (Some("assets.upload"), 64, 100_000)
    );
    assert_eq!((entries[1].operation, entries[1].body.len(), entries[1].body_length), (Some("purge"), 65_536, 100_000));
    assert_eq!(client.sandbox.log_json()[1]["bodyLength"], 100_000);
}

#[test]
fn the_older_address_of_uploads_works_too() {
    let mut client = full();
    let source = client.source("s3");

    assert_eq!(
        client.raw("POST", &format!("sources/upload/{source}/x/y.jpg"), &[], b"x").body["data"]["id"],
        format!("{source}/x/y.jpg")
    );
}

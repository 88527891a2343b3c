//! Assets, uploads, purges, publications, reports and waiting: what is sent and what is read.

use super::support::{CANARY, config, fixture, fixtures, merged, parsed, prepare, refused, request};
use image_sources::proto::call::{Config, Prepared};
use image_sources::proto::error::Error;
use image_sources::proto::http::{Request, Response};
use image_sources::proto::operation::{Answer, Operation};
use image_sources::proto::read::Read;
use image_sources::schema::json;
use serde_json::{Value, json};

const SOURCE: &str = "60b1c2d3e4f5061728394a02";
const SESSION: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const IMAGE: &str = "https://example-s3.imgix.net/heroes/woman-stirring.jpg";
const BYTES: &str = r#"{"\u0000":"bytes image/png"}"#;
const SIGNED: &str = "https://bucket.s3.amazonaws.com/a%20b.mp4?X-Amz-Signature=CANARY-signature";

fn operation(provider: &str, name: &str) -> &'static Operation {
    super::support::provider(provider).operation(name).unwrap()
}

/// A call with whatever the operation needs.
fn usual(provider: &str, name: &str, options: &str) -> Prepared {
    let parameters: Vec<_> = operation(provider, name)
        .parameters()
        .map(|parameter| match parameter {
            "path" => "a.jpg",
            "url" => IMAGE,
            "sessionId" => SESSION,
            _ => SOURCE,
        })
        .collect();
    let input = match name {
        "assets.update" => r#"{"name":"n"}"#,
        "assets.upload" | "uploadSessions.put" => BYTES,
        _ => "null",
    };
    prepare(provider, name, &parameters, input, options).unwrap()
}

fn sent(provider: &str, name: &str, parameters: &[&str], input: &str, options: &str) -> Request {
    config(provider).request(&prepare(provider, name, parameters, input, options).unwrap())
}

fn read(provider: &str, name: &str, status: u16, body: &str) -> Result<Read, Error> {
    let response = Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() };
    config(provider).read(&usual(provider, name, "null"), &response, true)
}

/// What the caller gets of a fixture; nothing in it may be a surprise.
fn given(name: &str, status: u16, file: &str) -> Value {
    let read = read("imgix", name, status, &fixture(&format!("imgix/{file}"))).unwrap();
    assert!(read.drift.is_empty(), "{file}: {:?}", read.drift);
    parsed(read.json.unwrap())
}

/// The resource of a JSON:API document as the caller gets it.
fn flat(data: &Value) -> Value {
    let mut out = data["attributes"].as_object().unwrap().clone();
    let hidden = out.remove("id");
    out.insert("id".to_owned(), data["id"].clone());
    out.insert("type".to_owned(), data["type"].clone());
    if let Some(id) = hidden {
        out.insert("attributes".to_owned(), json!({ "id": id }));
    }
    Value::Object(out)
}

#[test]
fn every_operation_goes_where_the_documentation_says() {
    let on_source = format!("https://api.imgix.com/api/v1/sources/{SOURCE}");
    for (name, method, url) in [
        ("assets.list", "GET", format!("{on_source}/assets")),
        ("assets.get", "GET", format!("{on_source}/assets/a.jpg")),
        ("assets.update", "PATCH", format!("{on_source}/assets/a.jpg")),
        ("assets.add", "POST", format!("{on_source}/assets/add/a.jpg")),
        ("assets.refresh", "POST", format!("{on_source}/assets/refresh/a.jpg")),
        ("assets.upload", "POST", format!("{on_source}/upload/a.jpg")),
        ("uploadSessions.create", "POST", format!("{on_source}/upload-sessions/create/a.jpg")),
        ("uploadSessions.status", "GET", format!("{on_source}/upload-sessions/status/{SESSION}")),
        ("uploadSessions.waitUntilComplete", "GET", format!("{on_source}/upload-sessions/status/{SESSION}")),
        ("uploadSessions.close", "POST", format!("{on_source}/upload-sessions/close/{SESSION}")),
        ("uploadSessions.cancel", "DELETE", format!("{on_source}/upload-sessions/cancel/{SESSION}")),
        ("uploadSessions.put", "PUT", IMAGE.to_owned()),
        ("purge", "POST", "https://api.imgix.com/api/v1/purge".to_owned()),
        ("publish", "POST", "https://api.imgix.com/api/v1/publish".to_owned()),
        ("unpublish", "POST", "https://api.imgix.com/api/v1/unpublish".to_owned()),
        ("reports.list", "GET", "https://api.imgix.com/api/v1/reports".to_owned()),
        ("reports.get", "GET", format!("https://api.imgix.com/api/v1/reports/{SOURCE}")),
        ("sources.waitUntilDeployed", "GET", on_source.clone()),
    ] {
        let request = config("imgix").request(&usual("imgix", name, "null"));

        assert_eq!((request.method, request.url), (method, url), "{name}");
    }
    let request = sent("imageboss", "purge", &["shop", "/a/b c.jpg"], "null", "null");
    assert_eq!((request.method, request.url.as_str()), ("DELETE", "https://img.imageboss.me/shop/a/b%20c.jpg"));
    assert_eq!((request.header("imageboss-api-key"), request.body.is_none()), (Some(CANARY), true));
}

#[test]
fn what_sends_no_attributes_has_no_body_and_no_content_type() {
    for name in
        ["assets.add", "assets.refresh", "uploadSessions.create", "uploadSessions.close", "uploadSessions.cancel"]
    {
        let request = config("imgix").request(&usual("imgix", name, "null"));

        assert!(request.body.is_none() && !request.bytes, "{name}");
        assert_eq!(request.header("content-type"), None, "{name}");
        assert_eq!(request.header("accept"), Some("application/vnd.api+json"), "{name}");
    }
}

#[test]
fn the_body_of_an_update_is_that_of_the_fixture_byte_for_byte() {
    let document = parsed(fixture("imgix/asset-update.request.json"));
    let id = document["data"]["id"].as_str().unwrap();
    let (source, path) = id.split_once('/').unwrap();
    let changes = document["data"]["attributes"].to_string();

    for path in [path.to_owned(), format!("/{path}")] {
        let (url, body) = request("imgix", "assets.update", &[source, &path], &changes, "null");
        assert_eq!(url, format!("https://api.imgix.com/api/v1/sources/{source}/assets/heroes/woman-stirring.jpg"));
        assert_eq!(body, document.to_string());
    }
}

#[test]
fn an_update_takes_null_and_refuses_what_imgix_sets() {
    let nothing = r#"{"name":null,"description":null,"categories":null,"custom_fields":null}"#;
    let (_, body) = request("imgix", "assets.update", &[SOURCE, "a"], nothing, "null");
    assert_eq!(parsed(body)["data"]["attributes"].to_string(), nothing);

    for (changes, problem) in [
        ("{}", " empty"),
        ("null", " type"),
        (r#"{"file_size":1}"#, "file_size read-only"),
        (r#"{"tags":{"a":1}}"#, "tags read-only"),
        (r#"{"categories":"a"}"#, "categories type"),
        (r#"{"categories":[1]}"#, "categories.0 type"),
        (r#"{"custom_fields":{"a":1}}"#, "custom_fields.a type"),
        (r#"{"custom_field":{}}"#, "custom_field unknown"),
    ] {
        assert_eq!(refused(prepare("imgix", "assets.update", &[SOURCE, "a"], changes, "null")), [problem], "{changes}");
    }
}

#[test]
fn lists_and_maps_are_completed_by_what_is_stored_if_that_is_asked_for() {
    let config = config("imgix");
    let changes = r#"{"categories":["kitchen"],"custom_fields":{"type":"dessert"},"name":"n"}"#;
    let prepare = |options| prepare("imgix", "assets.update", &[SOURCE, "a b.jpg"], changes, options).unwrap();
    for options in ["null", r#"{"merge":false}"#] {
        assert!(config.read_first(&prepare(options)).is_none(), "{options}");
    }

    let options = r#"{"merge":true,"extra":{"custom_fields.later":"x","new":[1]}}"#;
    let prepared = prepare(options);
    let first = config.request_for(&prepared, config.read_first(&prepared).unwrap());
    assert_eq!((first.method, first.url.as_str(), first.body), ("GET", prepared.url.as_str(), None));

    let stored = parsed(fixture("imgix/asset-get.200.image.json"));
    let merged = merged(&config, &prepared, flat(&stored["data"]).to_string().as_bytes()).unwrap();
    let body = parsed(config.request(&merged).body.unwrap());
    assert_eq!(
        body["data"]["attributes"].to_string(),
        r#"{"categories":["summer","kitchen"],"custom_fields":{"sku":"123","type":"dessert","later":"x"},"name":"n","new":[1]}"#
    );
    assert_eq!(body["data"]["id"], format!("{SOURCE}/a b.jpg"));
}

#[test]
fn bodies_of_purges_and_publications_say_what_the_fixtures_say() {
    let body = |name: &str, parameters: &[&str], options: &str| request("imgix", name, parameters, "null", options).1;
    assert_eq!(
        body("purge", &[IMAGE], "null"),
        format!(r#"{{"data":{{"attributes":{{"url":"{IMAGE}"}},"type":"purges"}},"jsonapi":{{"version":"1.0"}}}}"#)
    );

    let sub_image = format!(r#"{{"subImage":true,"sourceId":"{SOURCE}"}}"#);
    for (name, options, file) in [
        ("purge", "null", "purge.request.json"),
        ("purge", sub_image.as_str(), "purge.request.sub-image.json"),
        ("publish", "null", "publish.request.json"),
        ("unpublish", "null", "unpublish.request.json"),
    ] {
        let documented = parsed(fixture(&format!("imgix/{file}")));
        let url = documented["data"]["attributes"]["url"].as_str().unwrap();
        let parameters = [url, SOURCE];
        let parameters = if name == "purge" { &parameters[..1] } else { &parameters[..] };

        assert_eq!(parsed(body(name, parameters, options))["data"], documented["data"], "{file}");
    }
}

#[test]
fn what_is_purged_is_a_whole_address_and_a_mistake_names_the_argument() {
    for url in [
        "https://e.imgix.net/a.jpg",
        "HTTP://e.imgix.net",
        "https://e.imgix.net/a%20b.jpg?w=1",
        "https://e.imgix.net/ünï/日本.jpg",
        "https://e.imgix.net/https%3A%2F%2Fother.example%2Fa.jpg",
    ] {
        let (_, body) = request("imgix", "purge", &[url], "null", "null");
        assert_eq!(parsed(body)["data"]["attributes"]["url"], url);
    }
    for url in [
        "a.jpg",
        "/a.jpg",
        "e.imgix.net/a.jpg",
        "//e.imgix.net/a.jpg",
        "ftp://e/a",
        "https://",
        "https:///a",
        "javascript:alert(1)",
    ] {
        assert_eq!(refused(prepare("imgix", "purge", &[url], "null", "null")), ["url format"], "{url}");
    }
    for url in ["", " "] {
        assert_eq!(refused(prepare("imgix", "purge", &[url], "null", "null")), ["url required"]);
    }
    let half = br#""https://e.imgix.net/\udc00""#;
    let call = config("imgix").prepare(operation("imgix", "purge"), &[half], b"null", b"null", None);
    assert_eq!(refused(call), ["url format"]);
    let purge = |options| refused(prepare("imgix", "purge", &[], "null", options));
    assert_eq!(purge("null"), ["url required"]);
    assert_eq!(purge(r#"{"subImage":"yes","sourceId":5}"#), ["subImage type", "sourceId type", "url required"]);
    assert_eq!(purge(r#"{"sub_image":true}"#), ["sub_image unknown", "url required"]);
    assert_eq!(refused(prepare("imgix", "publish", &[IMAGE], "null", "null")), ["sourceId required"]);
    assert_eq!(refused(prepare("imgix", "unpublish", &[], "null", "null")), ["url required", "sourceId required"]);
}

#[test]
fn a_hostile_path_stays_below_its_source() {
    let places = [
        ("imgix", "assets.get", "https://api.imgix.com/api/v1/sources/s/assets/"),
        ("imgix", "assets.add", "https://api.imgix.com/api/v1/sources/s/assets/add/"),
        ("imgix", "assets.upload", "https://api.imgix.com/api/v1/sources/s/upload/"),
        ("imgix", "uploadSessions.create", "https://api.imgix.com/api/v1/sources/s/upload-sessions/create/"),
        ("imageboss", "purge", "https://img.imageboss.me/s/"),
    ];
    for (provider, name, before) in places {
        for (path, encoded) in [
            ("a.jpg", "a.jpg"),
            ("/a.jpg", "a.jpg"),
            ("a b/c", "a%20b/c"),
            ("100%.jpg", "100%25.jpg"),
            ("%2e%2e/%2F", "%252e%252e/%252F"),
            ("..%2f..", "..%252f.."),
            ("a#b/c?d=e&f", "a%23b/c%3Fd%3De%26f"),
            ("a\\..\\b", "a%5C..%5Cb"),
            ("a:80@b", "a%3A80%40b"),
            ("ünï/日本.jpg", "%C3%BCn%C3%AF/%E6%97%A5%E6%9C%AC.jpg"),
            ("a\r\nb\t", "a%0D%0Ab%09"),
            (".../..a/a..", ".../..a/a.."),
        ] {
            let request = sent(provider, name, &["s", path], BYTES, "null");
            assert_eq!(request.url, format!("{before}{encoded}"), "{name}");
        }
        for path in ["", "/", "//", "//a.jpg", ".", "..", "../a", "a/..", "a/../b", "a/./b", "./a", "/..", "a//b", "a/"]
        {
            let problems = refused(prepare(provider, name, &["s", path], BYTES, "null"));
            assert!(problems.iter().all(|problem| problem.starts_with("path ")), "{name} {path}: {problems:?}");
        }
        let problems = refused(prepare(provider, name, &["..", "a"], BYTES, "null"));
        assert_eq!(problems.len(), 1, "{name}: {problems:?}");
    }
}

#[test]
fn a_path_that_is_no_text_is_refused() {
    for (path, problem) in [
        (&b"\"a/\\ud800.jpg\""[..], "path format"),
        (b"\"\\udc00\"", "path format"),
        (b"null", "path required"),
        (b"7", "path type"),
        (br#"["a"]"#, "path type"),
    ] {
        for (provider, name) in [("imgix", "assets.get"), ("imageboss", "purge")] {
            let call = config(provider).prepare(operation(provider, name), &[b"\"s\"", path], b"null", b"null", None);
            assert_eq!(refused(call), [problem], "{name}");
        }
    }
}

#[test]
fn bytes_keep_their_type_unless_the_caller_says_another() {
    for (input, options, content_type) in [
        (BYTES, "null", "image/png"),
        (BYTES, r#"{"contentType":"image/avif"}"#, "image/avif"),
        (r#"{"\u0000":"bytes"}"#, "null", "application/octet-stream"),
        (r#"{"\u0000":"bytes "}"#, "null", "application/octet-stream"),
    ] {
        let request = sent("imgix", "assets.upload", &[SOURCE, "a.png"], input, options);

        assert_eq!(request.header("content-type"), Some(content_type));
        assert!(request.bytes && request.body.is_none());
    }
    for (input, options, problem) in [
        ("null", "null", "body type"),
        (r#""text""#, "null", "body type"),
        (r#"{"a":1}"#, "null", "body type"),
        (r#"{"\u0000":"function"}"#, "null", "body type"),
        (BYTES, r#"{"contentType":""}"#, "contentType format"),
        (BYTES, r#"{"contentType":"image/png\r\nx: y"}"#, "contentType format"),
        (BYTES, r#"{"contentType":1}"#, "contentType type"),
        (BYTES, r#"{"method":"multipart"}"#, "method value"),
        (BYTES, r#"{"overwrite":"true"}"#, "overwrite type"),
        (BYTES, r#"{"onProgress":1}"#, "onProgress type"),
        (BYTES, r#"{"extra":{}}"#, "extra unknown"),
    ] {
        assert_eq!(refused(prepare("imgix", "assets.upload", &[SOURCE, "a"], input, options)), [problem], "{options}");
    }
}

#[test]
fn overwriting_is_asked_for_in_the_query() {
    for (options, query) in
        [(r#"{"overwrite":true,"method":"simple"}"#, "?overwrite=true"), (r#"{"overwrite":false}"#, ""), ("null", "")]
    {
        let request = sent("imgix", "assets.upload", &[SOURCE, "a?b"], BYTES, options);
        assert_eq!(request.url, format!("https://api.imgix.com/api/v1/sources/{SOURCE}/upload/a%3Fb{query}"));
    }
}

#[test]
fn a_session_is_opened_with_the_type_of_its_bytes() {
    let options = r#"{"contentType":"video/mp4"}"#;
    let request = sent("imgix", "uploadSessions.create", &[SOURCE, "a.mp4"], "null", options);
    assert_eq!(request.header("content-type"), Some("video/mp4"));
    assert!(request.body.is_none() && !request.bytes);

    let bad = r#"{"contentType":"a\nb"}"#;
    let refusal = prepare("imgix", "uploadSessions.create", &[SOURCE, "a.mp4"], "null", bad);
    assert_eq!(refused(refusal), ["contentType format"]);
}

#[test]
fn a_signed_address_gets_the_bytes_and_nothing_of_the_account() {
    let options = format!(r#"{{"apiKey":"{CANARY}","headers":{{"x-own":"1"}}}}"#);
    let config = Config::new(super::support::provider("imgix"), options.as_bytes()).unwrap();
    let mut url = Vec::new();
    json::write_string(&mut url, SIGNED);
    let put = operation("imgix", "uploadSessions.put");
    let prepared = config.prepare(put, &[&url], BYTES.as_bytes(), b"null", None).unwrap();

    let request = config.request(&prepared);
    assert_eq!((request.method, request.url.as_str(), request.bytes), ("PUT", SIGNED, true));
    assert_eq!(request.headers, [("content-type".to_owned(), "image/png".to_owned())]);
    let shown = config.shown(&prepared);
    assert_eq!(shown.url, "https://bucket.s3.amazonaws.com/a%20b.mp4?****");
    assert!(!format!("{request:?}{prepared:?}{shown:?}").contains("CANARY-signature"));
    let retina = sent("imgix", "uploadSessions.put", &["https://b.example/logo@2x.png?sig=1"], BYTES, "null");
    assert_eq!(retina.url, "https://b.example/logo@2x.png?sig=1");
    let bad = [
        "",
        "a.mp4",
        "ftp://bucket/a",
        "https://",
        "https:///a",
        "https://u@b.example/a",
        "https://b\\@evil.example/a",
    ];
    for bad in bad {
        assert_eq!(refused(prepare("imgix", "uploadSessions.put", &[bad], BYTES, "null")), ["url format"], "{bad}");
    }
}

#[test]
fn queries_of_lists_read_as_in_the_documentation() {
    let options = r#"{"filter":{"custom:sku":"","or:keyword":"a b","has_frames":false},"sort":["-date_created"],"fields":["name","tags"],"page":{"cursor":"20","limit":100}}"#;
    let (url, _) = request("imgix", "assets.list", &[SOURCE], "null", options);
    assert_eq!(
        url,
        format!(
            "https://api.imgix.com/api/v1/sources/{SOURCE}/assets?filter[custom:sku]=&filter[or:keyword]=a%20b&filter[has_frames]=false&sort=-date_created&fields[assets]=name,tags&page[cursor]=20&page[limit]=100"
        )
    );
    let options = r#"{"filter":{"completed":true},"sort":["period_end"],"page":{"number":1,"size":5}}"#;
    assert_eq!(
        request("imgix", "reports.list", &[], "null", options).0,
        "https://api.imgix.com/api/v1/reports?filter[completed]=true&sort=period_end&page[number]=1&page[size]=5"
    );
    for (name, options, problem) in [
        ("assets.list", r#"{"page":{"limit":0}}"#, "page.limit range"),
        ("assets.list", r#"{"page":{"cursor":20}}"#, "page.cursor type"),
        ("assets.list", r#"{"page":{"size":1}}"#, "page.size unknown"),
        ("reports.list", r#"{"page":{"limit":1}}"#, "page.limit unknown"),
        ("assets.list", r#"{"sort":"name"}"#, "sort type"),
        ("assets.list", r#"{"filter":{"a":["b"]}}"#, "filter.a type"),
    ] {
        let parameters: &[&str] = if name == "assets.list" { &[SOURCE] } else { &[] };
        assert_eq!(refused(prepare("imgix", name, parameters, "null", options)), [problem], "{options}");
    }
}

#[test]
fn one_asset_session_or_report_is_given_flat_and_whole() {
    for (name, status, file) in [
        ("assets.get", 200, "asset-get.200.image.json"),
        ("assets.update", 200, "asset-update.200.json"),
        ("assets.add", 202, "asset-add.202.json"),
        ("assets.refresh", 200, "asset-refresh.200.json"),
        ("assets.upload", 201, "asset-upload.200.json"),
        ("uploadSessions.create", 201, "upload-session-create.200.json"),
        ("uploadSessions.status", 200, "upload-session-status.200.pending.json"),
        ("uploadSessions.waitUntilComplete", 200, "upload-session-status.200.complete.json"),
        ("uploadSessions.close", 200, "upload-session-close.200.json"),
        ("uploadSessions.cancel", 200, "upload-session-cancel.200.json"),
        ("publish", 200, "publish.200.json"),
        ("unpublish", 200, "unpublish.200.json"),
        ("reports.get", 200, "report-get.200.json"),
    ] {
        let expected = flat(&parsed(fixture(&format!("imgix/{file}")))["data"]);
        assert_eq!(given(name, status, file), expected, "{file}");
    }
}

#[test]
fn every_item_of_a_list_is_given() {
    for (name, begins) in [("assets.list", "assets-list.200"), ("reports.list", "reports-list.200")] {
        for (file, text) in fixtures("imgix", begins) {
            let expected: Vec<_> = parsed(&text)["data"].as_array().unwrap().iter().map(flat).collect();
            assert_eq!(given(name, 200, &file), Value::Array(expected), "{file}");
        }
    }
}

#[test]
fn a_list_of_assets_goes_on_by_its_cursor() {
    for (file, total, next) in [
        ("assets-list.200.page1.json", 3.0, Some(r#"{"cursor":"2"}"#)),
        ("assets-list.200.last.json", 3.0, None),
        ("assets-list.200.empty.json", 0.0, None),
        ("assets-list.200.sparse.json", 941.0, Some(r#"{"cursor":"20"}"#)),
    ] {
        let page = read("imgix", "assets.list", 200, &fixture(&format!("imgix/{file}"))).unwrap().page;
        assert_eq!((page.total, page.next.as_deref()), (Some(total), next), "{file}");
        if let Some(next) = next {
            let options = format!(r#"{{"page":{next}}}"#);
            assert!(prepare("imgix", "assets.list", &[SOURCE], "null", &options).is_ok(), "{options}");
        }
    }
    let page = read("imgix", "reports.list", 200, &fixture("imgix/reports-list.200.json")).unwrap().page;
    assert_eq!((page.total, page.next), (Some(4.0), None));
}

#[test]
fn an_empty_answer_is_fine_where_there_may_be_nothing_yet() {
    for name in ["assets.add", "assets.refresh", "assets.upload", "uploadSessions.cancel"] {
        for status in [200, 202, 204] {
            assert_eq!(read("imgix", name, status, "").unwrap().json.unwrap(), b"null", "{name} {status}");
        }
    }
    for name in
        ["assets.get", "assets.update", "uploadSessions.create", "uploadSessions.status", "publish", "reports.get"]
    {
        let error = read("imgix", name, 200, "").unwrap_err();
        assert_eq!(error.class.name(), "UnreadableResponseError", "{name}");
    }
    for body in ["", "{}", "purged", "\u{0}"] {
        assert!(read("imageboss", "purge", 200, body).unwrap().json.is_none(), "{body}");
        assert!(read("imgix", "uploadSessions.put", 200, body).unwrap().json.is_none(), "{body}");
    }
}

#[test]
fn a_purge_is_queued_whatever_a_2xx_says_and_also_if_it_was_before() {
    let purged = parsed(fixture("imgix/purge.200.json"))["data"]["id"].clone();
    assert_eq!(given("purge", 200, "purge.200.json"), json!({ "id": purged, "alreadyQueued": false }));
    assert_eq!(given("purge", 409, "error.409.purge.json"), json!({ "alreadyQueued": true }));
    for body in ["", "{}", "<html>", r#"{"data":[]}"#, r#"{"data":{"type":"purges"}}"#] {
        let read = read("imgix", "purge", 202, body).unwrap();
        assert_eq!(parsed(read.json.unwrap()), json!({ "alreadyQueued": false }), "{body}");
    }
    for (name, status, class) in
        [("purge", 403, "PermissionError"), ("publish", 409, "ConflictError"), ("purge", 500, "ServerError")]
    {
        assert_eq!(read("imgix", name, status, "").unwrap_err().class.name(), class, "{name} {status}");
    }
}

#[test]
fn what_came_of_a_creation_that_got_no_answer_is_looked_up_by_name() {
    let input = r#"{"source":"shop","source_type":"url","credential_attributes":{"url":"https://a.example"}}"#;
    let prepared = prepare("imageboss", "sources.create", &[], input, "null").unwrap();
    let list = config("imageboss").look_up(&prepared).unwrap();
    let url = config("imageboss").request_for(&prepared, list).url;
    let name = prepared.operation.look_up.unwrap().name;

    assert_eq!((list.name, url.as_str()), ("sources.list", "https://api.imageboss.me/v1/sources"));
    assert_eq!(parsed(prepared.attributes())[name], "shop");
    assert!(config("imgix").look_up(&usual("imgix", "assets.add", "null")).is_none());
}

#[test]
fn what_waits_is_patient_and_watches_an_attribute_of_its_answer() {
    for (name, interval) in [("sources.waitUntilDeployed", 5_000), ("uploadSessions.waitUntilComplete", 2_000)] {
        let operation = operation("imgix", name);
        let poll = operation.poll.unwrap();
        let Answer::One(table) = operation.answer else { panic!("{name} answers something else") };

        let watched = table.field(poll.field).unwrap();
        assert!(watched.values.contains(&poll.done) && !poll.failed.contains(&poll.done), "{name}");
        assert_eq!(poll.interval_ms, interval);
        let usual_timing = usual("imgix", name, "null").timing;
        assert_eq!((usual_timing.timeout_ms, usual_timing.deadline_ms), (30_000.0, 1_800_000.0));
        assert_eq!(usual("imgix", name, r#"{"intervalMs":250}"#).timing.interval_ms, Some(250.0));
    }
    let parameters = &[SOURCE];
    for interval in ["0", "-1", "86400001"] {
        let options = format!(r#"{{"intervalMs":{interval}}}"#);
        let refusal = prepare("imgix", "sources.waitUntilDeployed", parameters, "null", &options);
        assert_eq!(refused(refusal), ["intervalMs range"]);
    }
}

#[test]
fn declarations_agree_with_each_other() {
    for provider in image_sources::PROVIDERS {
        for operation in provider.operations() {
            let name = operation.name;
            let class = provider.rates.iter().any(|rate| rate.class == operation.rate_class);
            // What goes to the storage is no request of the provider's, and counted by nobody.
            let elsewhere = operation.to == image_sources::proto::operation::To::Given;
            assert!(class != elsewhere && !operation.permission.is_empty(), "{name}");
            assert!(operation.help.ends_with('.'), "{name}");
            assert!(operation.query.iter().all(|option| operation.options.field(option).is_some()), "{name}");
            for read in
                operation.merge.map(|merge| merge.read).into_iter().chain(operation.look_up.map(|look| look.list))
            {
                // It is read where it is written.
                let read = provider.operation(read).unwrap();
                assert_eq!((read.method, read.path, read.to), ("GET", operation.path, operation.to), "{name}");
            }
            if let Some(merge) = operation.merge {
                assert!(operation.options.field(merge.option).is_some(), "{name}");
            }
            let twice = provider.operations().filter(|other| other.name == name).count();
            assert_eq!(twice, 1, "{name}");
        }
    }
}

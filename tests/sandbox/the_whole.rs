//! The sandbox as a whole: determinism, the log, and requests nobody should send.

use image_sources::sandbox::{Incoming, Options, Provider, Sandbox};

use super::support::{full, text, with};

#[test]
fn the_same_requests_get_the_same_answers_to_the_byte() {
    let run = || {
        let mut client = full();
        client.given_imgix("s3");
        client.given_boss("r2");
        ["sources", "sources?sort=-name", "nope"].map(|path| client.imgix("GET", path, "").reply.response.body)
    };

    assert_eq!(run(), run());
}

#[test]
fn another_seed_gives_other_ids_and_the_same_sources() {
    let first_id = |options: &str| {
        let answer = with(options).imgix("GET", "sources?page[size]=1", "");
        (answer.body["data"][0]["id"].clone(), answer.body["data"][0]["attributes"]["name"].clone())
    };

    let (one, two) = (first_id("{}"), first_id(r#"{ "random": 2 }"#));

    assert_ne!(one.0, two.0);
    assert_eq!(one.1, two.1);
}

#[test]
fn resetting_begins_anew() {
    let mut client = full();
    let before = client.boss("GET", "sources", "").body;
    client.given_boss("r2");
    client.sandbox.set_faults(r#"{ "latencyMs": 9 }"#).unwrap();

    client.sandbox.reset();

    let after = client.boss("GET", "sources", "");
    assert_eq!((after.body, after.reply.delay_ms, client.sandbox.log().count()), (before, 0, 1));
}

#[test]
fn the_log_tells_what_was_asked_but_no_key() {
    let mut client = full();
    client.imgix("GET", "sources?sort=name", "");
    client.given_boss("url");

    let log = client.sandbox.log_json().to_string();

    let entries: Vec<_> = client.sandbox.log().collect();
    assert_eq!(
        (entries[0].method.as_str(), entries[0].path.as_str(), entries[0].status, entries[0].at),
        ("GET", "/api/v1/sources?sort=name", 200, 1_772_719_800_000)
    );
    assert_eq!((entries[1].provider, entries[1].status), (Some(Provider::ImageBoss), 201));
    assert_eq!(entries[1].body, text("imageboss/request-create-url.json").into_bytes());
    assert!(!log.contains("ak_sandbox") && log.contains("authorization") && log.contains("https://www.example.com"));
    assert!(!format!("{:?}{:?}", client.sandbox, entries).contains("ak_sandbox"));
}

#[test]
fn the_log_holds_only_the_newest() {
    let mut client = with(r#"{ "logLimit": 2 }"#);
    for path in ["sources/a", "sources/b", "sources/c"] {
        client.boss("GET", path, "");
    }

    assert_eq!(
        client.sandbox.log().map(|entry| entry.path.as_str()).collect::<Vec<_>>(),
        ["/v1/sources/b", "/v1/sources/c"]
    );
}

#[test]
fn answers_are_dated() {
    let mut client = full();
    assert_eq!(client.imgix("GET", "sources", "").header("date"), Some("Thu, 05 Mar 2026 14:10:00 GMT"));
    for (ms, date) in [
        (0.0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400_000.0, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_735_689_599_999.0, "Tue, 31 Dec 2024 23:59:59 GMT"),
        (f64::NAN, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-5.0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (f64::INFINITY, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ] {
        client.now = ms;
        assert_eq!(client.imgix("GET", "sources", "").header("date"), Some(date));
    }
}

#[test]
fn nothing_a_client_sends_makes_it_panic() {
    let mut random = 0x1234_5678_u64;
    let mut next = |bound: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap() % bound
    };
    let urls = [
        "https://api.imgix.com/api/v1/sources",
        "https://api.imageboss.me/v1/sources",
        "/imgix/api/v1/sources/%",
        "://///",
        "http://[::1]:x/v1/sources/%ff%",
        "https://api.imgix.com/api/v1/sources?page[size]=18446744073709551615&page[number]=18446744073709551615",
        "https://api.imgix.com/api/v1/sources?filter[or:]=%F0%9F",
        "é",
        "https://api.imgix.com/api/v1/sources/%/assets/%ff/..//",
        "https://api.imgix.com/api/v1/sources/x/assets?page[cursor]=18446744073709551615&page[limit]=18446744073709551615&x=",
        "https://api.imgix.com/api/v1/assets/SOURCE?filter[face_count]=:&filter[colors]=%23zz&filter[tags]=,,&sort=-file_size&x=",
        "https://api.imgix.com/api/v1/sources/SOURCE/upload/",
        "https://api.imgix.com/api/v1/sources/SOURCE/upload-sessions/create/",
        "https://api.imgix.com/api/v1/purge",
        "https://api.imgix.com/api/v1/reports/",
        "https://nordlicht.imgix.net/",
        "https://img.imageboss.me/%2F/",
        "/storage/?X-Session=&X-Signature=",
        "/reports/.csv.gz?Expires=99999999999999999999&Signature=",
        "/images/",
    ];
    let seeds = ["imgix/source-create.request.s3.json", "imageboss/request-create-azure-blob.json"].map(text);
    let source = full().fullest();
    let mut sandbox = Sandbox::new(Options::default());
    let ids = ["sources", "sourcesx"];
    for round in 0..5_000 {
        let mut body = seeds[next(2)].clone().into_bytes();
        for _ in 0..next(6) {
            let at = next(body.len());
            body[at] = u8::try_from(next(256)).unwrap();
        }
        let url = format!("{}{}", urls[next(urls.len())], if round % 3 == 0 { ids[next(2)] } else { "" });
        let url = url.replace("SOURCE", &source);
        let request = Incoming::new(["GET", "POST", "PATCH", "DELETE", "PUT", ""][next(6)], url)
            .header("authorization", "Bearer sandbox")
            .header("imageboss-api-key", "sandbox")
            .header("content-type", "application/json")
            .body(body);

        let reply = sandbox.handle(&request, f64::from(u32::try_from(round).unwrap()));

        assert!((200..500).contains(&reply.response.status));
    }
    let deep = "[".repeat(100_000);
    let request = Incoming::new("POST", "/v1/sources")
        .header("imageboss-api-key", "sandbox")
        .header("content-type", "application/json")
        .body(deep);
    assert_eq!(sandbox.handle(&request, 0.0).response.status, 400);
}

//! The exports of the npm package's module: bytes in, JSON bytes out, whatever comes.

use image_sources::wasm::client::{Core, check_source, image_url};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

const KEY: &str = "CANARY-key";
/// Numbers of operations of imgix in the order of their table.
const LIST: u32 = 0;
const GET: u32 = 1;
const CREATE: u32 = 2;
const UPDATE: u32 = 3;

/// Kinds of news.
const TIME: u32 = 0;
const ANSWER: u32 = 2;
const LOST_AND_SENT: u32 = 4 | 8;

fn client() -> Core {
    Core::new(b"imgix", format!(r#"{{"apiKey":"{KEY}","retries":0,"limits":{{"default":null}}}}"#).as_bytes(), true)
}

/// What the last step says, read where it lies.
fn said(core: &mut Core, length: usize) -> String {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let at = u32::try_from(core.at()).unwrap();
    let view =
        js_sys::Uint8Array::new_with_byte_offset_and_length(&memory.buffer(), at, u32::try_from(length).unwrap());
    let text = String::from_utf8(view.to_vec()).unwrap();
    core.clear();
    text
}

fn start(core: &mut Core, operation: u32, arguments: &str) -> String {
    let length = core.start(operation, arguments.as_bytes(), false, 1_000.0, 0.5);
    said(core, length)
}

fn step(core: &mut Core, kind: u32, number: f64, head: &str, body: &[u8]) -> String {
    let length = core.step(0, kind, number, head.as_bytes(), body.to_vec(), 1_005.0, 0.5);
    said(core, length)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[wasm_bindgen_test]
fn a_call_says_what_to_send_and_then_what_came_of_it() {
    let mut core = client();
    let first = start(&mut core, GET, r#"[["a/b"],null,null]"#);
    assert!(first.contains(r#""url":"https://api.imgix.com/api/v1/sources/a%2Fb""#), "{first}");
    assert!(first.contains(&format!(r#""authorization":"Bearer {KEY}""#)) && first.contains(r#""redirect":"manual""#));
    assert!(first.contains(r#""events":[{"type":"request","attempt":1,"method":"GET""#), "{first}");

    let source =
        r#"{"data":{"id":"1","type":"sources","attributes":{"name":"n","x":[1,{"y":null}],"é":"😀","z":"\ud800"}}}"#;
    let last = step(&mut core, ANSWER, 200.0, "x-request-id:r1\n", source.as_bytes());

    assert!(
        last.ends_with(
            r#""done":true,"value":{"name":"n","x":[1,{"y":null}],"é":"😀","z":"\ud800","id":"1","type":"sources"}}"#
        ),
        "{last}"
    );
    assert!(last.contains(r#""type":"response","attempt":1,"status":200,"ms":5,"requestId":"r1""#), "{last}");
    assert!(last.contains(r#""type":"end","outcome":"ok","mayHaveHappened":false,"attempts":1"#), "{last}");
}

#[wasm_bindgen_test]
fn a_list_comes_with_what_is_next() {
    let mut core = client();
    start(&mut core, LIST, r#"[[],null,{"page":{"size":1}}]"#);
    let body = r#"{"data":[{"id":"1","type":"sources"}],"meta":{"pagination":{"currentPage":0,"hasNextPage":true,"nextPage":1,"pageSize":1,"totalRecords":2}}}"#;
    let page = step(&mut core, ANSWER, 200.0, "", body.as_bytes());

    assert!(page.ends_with(r#""value":[[{"id":"1","type":"sources"}],2,{"number":1,"size":1}]}"#), "{page}");
}

#[wasm_bindgen_test]
fn bytes_that_are_no_text_are_unreadable_and_nothing_more() {
    for body in [&b"\xff\xfe"[..], b"{\"data\":\"\xc3\"}", b"\0", b"", &[b'['; 5_000], b"{\"data\":[1]}"] {
        let mut core = client();
        start(&mut core, GET, r#"[["1"],null,null]"#);
        let error = step(&mut core, ANSWER, 200.0, "", body);

        assert!(error.contains(r#""name":"UnreadableResponseError""#), "{error}");
        core.forget(0);
    }
}

#[wasm_bindgen_test]
fn what_is_lost_is_an_error_that_knows_whether_it_was_sent() {
    for (kind, sent) in [(LOST_AND_SENT, true), (4, false)] {
        let mut core = client();
        start(
            &mut core,
            CREATE,
            r#"[[],{"name":"n","deployment":{"type":"webfolder","webfolder_base_url":"https://a.example","imgix_subdomains":["a"]}},null]"#,
        );
        let error = step(&mut core, kind, -1.0, "", b"it broke");
        let outcome = if sent { "unknown" } else { "none" };

        assert!(
            error.contains(&format!(r#""sent":{sent},"outcome":"{outcome}""#)) && error.contains("it broke"),
            "{error}"
        );
        assert!(text(core.scrub(0, format!("x {KEY} y").as_bytes())) == "x **** y");
    }
}

#[wasm_bindgen_test]
fn an_abort_ends_a_call_and_what_comes_later_is_ignored() {
    let mut core = client();
    start(&mut core, GET, r#"[["1"],null,null]"#);
    assert!(text(core.abort(0, 1_002.0)).contains(r#""outcome":"aborted","mayHaveHappened":false"#));

    for (kind, number) in [(TIME, -1.0), (ANSWER, 200.0), (LOST_AND_SENT, -1.0), (99, f64::NAN)] {
        step(&mut core, kind, number, "", b"{}");
    }
    assert_eq!(text(core.abort(0, 1_003.0)), "{}");
    assert_eq!(text(core.abort(77, 1_003.0)), "{}");
    core.forget(12_345);
    // The place is free again.
    assert!(start(&mut core, GET, r#"[["1"],null,null]"#).starts_with(r#"{"call":0,"#));
}

#[wasm_bindgen_test]
fn nonsense_in_any_order_neither_traps_nor_hangs() {
    for kinds in
        [[TIME, TIME, ANSWER], [1, 1, 1], [ANSWER, ANSWER, ANSWER], [LOST_AND_SENT | 16, 255, 0], [1, ANSWER, 4 | 32]]
    {
        for number in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300, 204.0] {
            let mut core = client();
            start(&mut core, GET, r#"[["1"],null,null]"#);
            for kind in kinds {
                step(&mut core, kind, number, "no colon\n:\n\u{0}:x\ndate:soon", b"\xff");
            }
        }
    }
}

#[wasm_bindgen_test]
fn refused_calls_give_records() {
    let mut core = client();
    for arguments in [
        "",
        "null",
        "[]",
        "[[]]",
        "[[5],null,null]",
        "[[\"\"],null,null]",
        "[[\"x\"],null,5]",
        "[[\"x\"],null,{\"nope\":1}]",
        "[[\"x\"",
        "\u{0}",
    ] {
        let error = start(&mut core, GET, arguments);
        assert!(
            error.starts_with(r#"{"error":{"name":"InvalidInputError""#) && error.contains(r#""sent":false"#),
            "{arguments}: {error}"
        );
    }
    assert!(start(&mut core, 99_999, "[[],null,null]").contains("InvalidInputError"));
}

#[wasm_bindgen_test]
fn ten_thousand_refused_calls_do_not_grow_memory() {
    let mut core = client();
    let pages = || {
        wasm_bindgen::memory()
            .unchecked_into::<js_sys::WebAssembly::Memory>()
            .buffer()
            .unchecked_into::<js_sys::ArrayBuffer>()
            .byte_length()
    };
    for _ in 0..100 {
        start(&mut core, CREATE, "[[],{},null]");
    }
    let before = pages();
    for _ in 0..10_000 {
        start(&mut core, CREATE, "[[],{},null]");
    }

    assert_eq!(pages(), before);
}

#[wasm_bindgen_test]
fn constructors_and_checks_give_records() {
    for (provider, options) in [
        ("imgix", "{}"),
        ("nobody", "{}"),
        ("imgix", ""),
        ("imgix", "\u{0}"),
        ("imageboss", r#"{"apiKey":"k","baseUrl":"x"}"#),
    ] {
        let mut core = Core::new(provider.as_bytes(), options.as_bytes(), false);
        assert!(text(core.problem()).contains("InvalidInputError"), "{provider} {options}");
        // It is of no use, and does no harm.
        assert!(start(&mut core, GET, r#"[["1"],null,null]"#).contains("InvalidInputError"));
        assert!(text(core.dry_run(GET, b"[]")).contains("error"));
    }
    assert_eq!(text(client().problem()), "");
    let problems = text(check_source(b"imageboss", br#"[{"source":"a b"},{"updating":true}]"#));
    assert!(problems.contains(r#"{"problems":[{"field":"source","code":"format""#), "{problems}");
    assert!(text(check_source(b"imageboss", br#"[{},{"updating":5}]"#)).starts_with(r#"{"error""#));
    assert!(text(check_source(b"\xff", b"\xff")).starts_with(r#"{"error""#));
}

#[wasm_bindgen_test]
fn a_dry_run_shows_the_request_without_its_secrets() {
    let arguments = br#"[["1"],{"deployment":{"type":"s3","s3_secret_key":"CANARY-secret","s3_access_key":"AKIAIOSFODNN7EXAMPLE"}},null]"#;
    let shown = text(client().dry_run(UPDATE, arguments));

    assert!(!shown.contains("CANARY") && shown.contains("****MPLE"), "{shown}");
}

#[wasm_bindgen_test]
fn addresses_are_signed_or_refused() {
    let signed = text(image_url(b"imgix", br#"{"domain":"test.imgix.net","path":"/users/1.png","token":"FOO123bar"}"#));
    assert_eq!(signed, r#"{"url":"https://test.imgix.net/users/1.png?s=6797c24146142d5b40bde3141fd3600c"}"#);
    assert!(text(image_url(b"imageboss", b"{}")).starts_with(r#"{"error""#));
    assert!(text(image_url(b"imgix", b"\xff")).starts_with(r#"{"error""#));
}

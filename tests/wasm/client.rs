//! The core as the package drives it: as an object of JavaScript, with bytes and numbers of any kind.

use image_sources::wasm::client;
use image_sources::wasm::tools::image_url;
use js_sys::{Array, JSON, JsString, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{FLAT, KEY, SOURCE, field, string, text};

/// Numbers of operations of imgix in the order of their table.
const LIST: u32 = 0;
const GET: u32 = 1;
const CREATE: u32 = 2;
const UPDATE: u32 = 3;

/// What is asked.
const TIME: u32 = 0;
const SLOT: u32 = 1;
const ANSWER: u32 = 2;
const LOST: u32 = 4;
const SENT: u32 = 8;
const TOO_LARGE: u32 = 16;
const TIMED_OUT: u32 = 32;
const OPEN: u32 = 62;
const CHECK: u32 = 63;
const ABORT: u32 = 64;
const BEGIN: u32 = 65;
const SHOW: u32 = 66;
const FORGET: u32 = 67;
const SCRUB: u32 = 68;
const KEEP: u32 = 69;

const ONE: &str = r#"[["1"],null,null]"#;

/// A client by its name; 0 is none.
struct Client(u32);

/// What was said, parsed; nothing if there was nothing to say.
type Step = Option<JsValue>;

impl Client {
    fn new(provider: &[u8], options: &[u8], listening: bool) -> Self {
        let opened = Self::open(provider, options, listening);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a name")]
        Self(field(&opened, "client").as_f64().unwrap() as u32)
    }

    fn open(provider: &[u8], options: &[u8], listening: bool) -> JsValue {
        Self(0).ask(OPEN, &0.into(), f64::from(u8::from(listening)), provider, options, 0.0).unwrap()
    }

    fn imgix() -> Self {
        Self::new(
            b"imgix",
            format!(r#"{{"apiKey":"{KEY}","retries":0,"limits":{{"default":null}}}}"#).as_bytes(),
            false,
        )
    }

    /// Asks, and reads what is said where it lies, as the package does.
    fn ask(&self, what: u32, number: &JsValue, value: f64, head: &[u8], body: &[u8], now: f64) -> Step {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "numbers wrap, as in the glue")]
        let number = number.as_f64().unwrap() as i64 as usize;
        let place = client::ask(self.0, what, number, value, head, body.to_vec(), now, 0.5);
        let buffer = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>().buffer();
        let place = Uint32Array::new_with_byte_offset_and_length(&buffer, u32::try_from(place).unwrap(), 2);
        parsed(&Uint8Array::new_with_byte_offset_and_length(&buffer, place.get_index(0), place.get_index(1)))
    }

    /// Asks something that goes with a call or an operation and bytes.
    fn of(&self, what: u32, number: impl Into<JsValue>, body: &[u8]) -> Step {
        self.ask(what, &number.into(), -1.0, b"", body, 5.0)
    }

    fn start_with(&self, operation: u32, arguments: &[u8], now: f64) -> Step {
        self.ask(BEGIN, &operation.into(), -1.0, b"", arguments, now)
    }

    fn start(&self, operation: u32, arguments: &str) -> JsValue {
        self.start_with(operation, arguments.as_bytes(), 0.0).unwrap()
    }

    fn step(&self, call: &JsValue, kind: u32, number: f64, head: &[u8], body: &[u8]) -> Step {
        self.ask(kind, call, number, head, body, 1.0)
    }

    fn answer(&self, body: &[u8]) -> JsValue {
        let call = field(&self.start(GET, ONE), "call");
        self.step(&call, ANSWER, 200.0, b"", body).unwrap()
    }
}

/// As the package reads: what is no UTF-8 or no JSON fails the test.
fn parsed(bytes: &Uint8Array) -> Step {
    assert!(bytes.is_instance_of::<Uint8Array>());
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (text != "{}").then(|| JSON::parse(&text).unwrap_or_else(|_| panic!("no JSON: {text}")))
}

fn refused(step: &JsValue) -> JsValue {
    let error = field(step, "error");
    assert!(error.is_object(), "{}", text(step));
    assert_eq!(string(&error, "name"), "InvalidInputError", "{}", text(step));
    assert_eq!(field(&error, "sent").as_bool(), Some(false));
    error
}

fn memory() -> f64 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    field(&memory.buffer(), "byteLength").as_f64().unwrap()
}

#[wasm_bindgen_test]
fn options_that_are_wrong_are_told_and_no_call_of_such_a_client_begins() {
    let cases: [(&[u8], &[u8]); 10] = [
        (b"imgix", b"{}"),
        (b"imgix", b""),
        (b"imgix", b"\0"),
        (b"imgix", b"\xff\xfe"),
        (b"imgix", br#"{"apiKey":"\ud800"}"#),
        (b"imgix", br#"{"apiKey":"a\u0000b"}"#),
        (b"imageboss", br#"{"apiKey":"k","baseUrl":"x"}"#),
        (b"nobody", br#"{"apiKey":"k"}"#),
        (b"", br#"{"apiKey":"k"}"#),
        (b"\xff", br#"{"apiKey":"k"}"#),
    ];
    for (provider, options) in cases {
        let client = Client(0);
        let error = refused(&Client::open(provider, options, true));

        assert!(field(&error, "problems").unchecked_into::<Array>().length() > 0);
        for what in [BEGIN, SHOW, TIME, ANSWER, ABORT, FORGET, SCRUB, KEEP] {
            assert!(client.of(what, GET, ONE.as_bytes()).is_none());
        }
    }
    assert!(client::keeps(Client::new(b"imgix", br#"{"apiKey":"k"}"#, true).0) && !client::keeps(0));
}

#[wasm_bindgen_test]
fn a_call_begins_with_what_to_send() {
    let step = Client::imgix().start(GET, r#"[["a/b"],null,{"timeoutMs":7.5}]"#);

    assert_eq!(
        text(&step),
        format!(
            r#"{{"call":0,"timeoutMs":8,"url":"https://api.imgix.com/api/v1/sources/a%2Fb","class":"default","own":true,"init":{{"method":"GET","headers":{{"accept":"application/vnd.api+json","authorization":"Bearer {KEY}"}},"redirect":"manual"}}}}"#
        )
    );
}

#[wasm_bindgen_test]
fn an_answer_loses_nothing() {
    let step = Client::imgix().answer(SOURCE.as_bytes());

    assert_eq!(text(&step), format!(r#"{{"call":0,"done":true,"value":{FLAT}}}"#));
}

#[wasm_bindgen_test]
fn a_list_comes_with_what_is_next() {
    let client = Client::imgix();
    let call = field(&client.start(LIST, r#"[[],null,{"page":{"size":1}}]"#), "call");
    let body = br#"{"data":[{"id":"1","type":"sources"}],"meta":{"pagination":{"currentPage":0,"hasNextPage":true,"nextPage":1,"pageSize":1,"totalRecords":2}}}"#;
    let step = client.step(&call, ANSWER, 200.0, b"", body).unwrap();

    assert_eq!(text(&field(&step, "value")), r#"[[{"id":"1","type":"sources"}],2,{"number":1,"size":1},null]"#);
}

#[wasm_bindgen_test]
fn half_characters_and_zeros_come_back_as_they_were_sent() {
    for value in [r#""\ud800""#, r#""\udc00\ud800""#, r#""a\u0000b""#, r#""\ud83d\ude00""#, r#""\u2028""#] {
        let body = format!(r#"{{"data":{{"id":"1","type":"sources","attributes":{{"custom":{value}}}}}}}"#);
        let step = Client::imgix().answer(body.as_bytes());
        let custom = field(&field(&step, "value"), "custom");

        assert_eq!(custom, JSON::parse(value).unwrap(), "{value}");
    }
}

#[wasm_bindgen_test]
fn half_characters_among_the_arguments_are_refused_and_zeros_are_encoded() {
    for id in [r#""\ud800""#, r#""a\udc00""#, r#""""#] {
        refused(&Client::imgix().start(GET, &format!("[[{id}],null,null]")));
    }
    let step = Client::imgix().start(GET, r#"[["a\u0000b"],null,null]"#);
    assert_eq!(string(&step, "url"), "https://api.imgix.com/api/v1/sources/a%00b");
}

#[wasm_bindgen_test]
fn bytes_that_are_no_text_are_an_answer_that_cannot_be_read() {
    let bodies: [&[u8]; 7] =
        [b"\xff\xfe", b"{\"data\":{\"id\":\"\xc3\x28\"}}", b"\0\0", b"\xed\xa0\x80", b"", b"<html>", b"{\"data\":"];
    for body in bodies {
        let step = Client::imgix().answer(body);
        let error = field(&step, "error");

        assert_eq!(string(&error, "name"), "UnreadableResponseError", "{body:?} {}", text(&step));
        assert_eq!(field(&error, "status").as_f64(), Some(200.0));
    }
}

#[wasm_bindgen_test]
fn headers_of_any_kind_do_no_harm() {
    let client = Client::imgix();
    let heads: [&[u8]; 6] = [
        b"\xff\xff:x\n",
        b"\n\n\n",
        b":",
        b"retry-after",
        b"retry-after:\0\ndate:never\n",
        b"x-request-id:\xc3\x28\nretry-after:99999999999999999999\n",
    ];
    for head in heads {
        let call = field(&client.start(GET, ONE), "call");
        let step = client.step(&call, ANSWER, 429.0, head, b"").unwrap();

        assert_eq!(string(&field(&step, "error"), "name"), "RateLimitError", "{head:?}");
        client.of(FORGET, call, b"");
    }
}

#[wasm_bindgen_test]
fn a_huge_answer_comes_back_whole() {
    let long = "x".repeat(24 << 20);
    let body = format!(r#"{{"data":{{"id":"1","type":"sources","attributes":{{"custom":"{long}"}}}}}}"#);
    let step = Client::imgix().answer(body.as_bytes());

    let custom = field(&field(&step, "value"), "custom");
    assert_eq!(custom.unchecked_into::<JsString>().length(), 24 << 20);
}

#[wasm_bindgen_test]
fn a_huge_refusal_is_cut() {
    let client = Client::imgix();
    let call = field(&client.start(GET, ONE), "call");
    let step = client.step(&call, ANSWER, 400.0, b"", "é".repeat(16 << 20).as_bytes()).unwrap();

    assert!(text(&step).len() < 100_000);
    assert!(string(&field(&step, "error"), "bodyText").starts_with("éé"));
}

#[wasm_bindgen_test]
fn a_call_that_is_not_there_says_nothing_and_disturbs_no_other() {
    let client = Client::imgix();
    let call = field(&client.start(GET, ONE), "call");
    for number in [1.0, 7.0, -1.0, 0.5e10, 4_294_967_295.0] {
        for kind in [TIME, SLOT, ANSWER, LOST] {
            assert!(client.step(&number.into(), kind, 200.0, b"", SOURCE.as_bytes()).is_none(), "{number}");
        }
        for what in [ABORT, FORGET, SCRUB] {
            assert!(client.of(what, number, b"x").is_none(), "{number}");
        }
    }

    assert!(field(&client.step(&call, ANSWER, 200.0, b"", SOURCE.as_bytes()).unwrap(), "done").is_truthy());
}

#[wasm_bindgen_test]
fn news_that_make_no_sense_are_survived() {
    let client = Client::imgix();
    let numbers = [0.0, 1.0, 200.0, 65_536.0, -1.0, 1e308, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    for kind in (0..128).filter(|kind| ![OPEN, BEGIN].contains(kind)).chain([u32::MAX, 1 << 31]) {
        for number in numbers {
            for now in [0.0, f64::NAN, f64::INFINITY, -1e308] {
                let call = field(&client.start_with(GET, ONE.as_bytes(), now).unwrap(), "call");
                if call.is_undefined() {
                    continue;
                }
                client.step(&call, kind, number, b"\0", b"\xff");
                client.step(&call, kind, number, b"", b"{}");
                client.ask(ABORT, &call, number, b"", b"", now);
                client.of(FORGET, call.clone(), b"");
                assert!(client.step(&call, TIME, number, b"", b"").is_none());
            }
        }
    }

    assert_eq!(text(&field(&client.answer(SOURCE.as_bytes()), "value")), FLAT);
}

#[wasm_bindgen_test]
fn losses_are_told_by_their_circumstances() {
    for (kind, number, name, sent) in [
        (LOST, -1.0, "NetworkError", false),
        (LOST | SENT, -1.0, "NetworkError", true),
        (LOST | SENT | TIMED_OUT, -1.0, "TimeoutError", true),
        (LOST | SENT | TOO_LARGE, 200.0, "UnreadableResponseError", true),
    ] {
        let client = Client::imgix();
        let call = field(&client.start(GET, ONE), "call");
        let words = format!("reset by {KEY}");
        let error = field(&client.step(&call, kind, number, b"", words.as_bytes()).unwrap(), "error");

        assert_eq!(string(&error, "name"), name);
        assert_eq!(field(&error, "sent").as_bool(), Some(sent), "{name}");
        assert!(!text(&error).contains(KEY), "{}", text(&error));
    }
}

#[wasm_bindgen_test]
fn a_call_that_was_ended_stays_so_and_its_number_is_free() {
    let options = format!(r#"{{"apiKey":"{KEY}"}}"#);
    let client = Client::new(b"imgix", options.as_bytes(), true);
    let create = r#"[[],{"name":"a","deployment":{"type":"webfolder","webfolder_base_url":"https://a.example","imgix_subdomains":["a"]}},null]"#;
    let first = client.start(CREATE, create);
    let call = field(&first, "call");
    let last = client.of(ABORT, call.clone(), b"").unwrap();

    assert_eq!(
        text(&field(&last, "events")),
        r#"[{"type":"end","outcome":"aborted","mayHaveHappened":true,"attempts":1,"ms":5}]"#
    );
    assert!(client.step(&call, ANSWER, 201.0, b"", SOURCE.as_bytes()).is_none());
    assert!(client.of(ABORT, call.clone(), b"").is_none());
    assert_eq!(field(&client.start(GET, ONE), "call"), call);
}

#[wasm_bindgen_test]
fn events_are_for_those_who_listen() {
    let options = format!(r#"{{"apiKey":"{KEY}"}}"#);
    let events =
        |listening| field(&Client::new(b"imgix", options.as_bytes(), listening).answer(b"{\"data\":{}}"), "events");

    assert!(events(false).is_undefined());
    let told: Array = events(true).unchecked_into();
    assert_eq!(string(&told.get(0), "type"), "response");
    assert_eq!(string(&told.get(told.length() - 1), "type"), "end");
}

#[wasm_bindgen_test]
fn arguments_of_any_kind_are_refused_in_words() {
    let client = Client::imgix();
    let cases: [&[u8]; 13] = [
        b"",
        b"null",
        b"[]",
        b"[[]]",
        b"[[5],null,null]",
        b"[[\"\"],null,null]",
        b"[[\"x\"],null,5]",
        b"[[\"x\"],null,{\"nope\":1}]",
        b"[[\"x\"",
        b"\0",
        b"\xff\xff\xff\xff",
        b"[[\"\xed\xa0\x80\"],null,null]",
        b"[[\"x\"],null,{\"\\u0000\":\"Map\"}]",
    ];
    for arguments in cases {
        let step = client.start_with(GET, arguments, 0.0).unwrap();
        assert!(field(&step, "error").is_object(), "{}", String::from_utf8_lossy(arguments));
        refused(&step);
        refused(&client.of(SHOW, GET, arguments).unwrap());
    }
    for operation in [99, u32::MAX] {
        refused(&client.start(operation, "[[],null,null]"));
    }
    let error = refused(&client.start(CREATE, "[[],{},null]"));
    assert_eq!(field(&error, "problems").unchecked_into::<Array>().length(), 2);
}

#[wasm_bindgen_test]
fn nesting_without_end_is_refused() {
    let deep = format!(r#"[[],{{"name":"a","deployment":{}}},null]"#, "[".repeat(2_000_000));
    refused(&Client::imgix().start(CREATE, &deep));

    let step = Client::imgix().answer(format!(r#"{{"data":{}"#, "{\"a\":".repeat(2_000_000)).as_bytes());
    assert_eq!(string(&field(&step, "error"), "name"), "UnreadableResponseError");
}

#[wasm_bindgen_test]
fn calls_that_end_leave_no_memory_behind() {
    let client = Client::imgix();
    let round = |times| {
        for _ in 0..times {
            client.start(CREATE, "[[],{},null]");
            let call = field(&client.start(GET, ONE), "call");
            client.step(&call, LOST, -1.0, b"", b"lost");
            client.of(FORGET, call, b"");
            let call = field(&client.start(GET, ONE), "call");
            client.of(ABORT, call, b"");
            client.of(SHOW, GET, b"[]");
            refused(&Client::open(b"imgix", b"{}", false));
        }
    };
    round(100);
    let before = memory();
    round(10_000);

    assert_eq!(memory().to_bits(), before.to_bits());
}

#[wasm_bindgen_test]
fn of_many_clients_the_oldest_that_rests_is_forgotten() {
    let [busy, resting] = [Client::imgix(), Client::imgix()];
    let call = field(&busy.start(GET, ONE), "call");
    for _ in 0..1_000 {
        Client::imgix();
    }
    let before = memory();
    for _ in 0..20_000 {
        assert!(client::keeps(Client::imgix().0));
    }

    assert_eq!(memory().to_bits(), before.to_bits());
    assert!(!client::keeps(resting.0) && resting.of(BEGIN, GET, ONE.as_bytes()).is_none());
    assert!(client::keeps(busy.0));
    assert!(field(&busy.step(&call, ANSWER, 200.0, b"", SOURCE.as_bytes()).unwrap(), "done").is_truthy());
    for _ in 0..256 {
        Client::imgix();
    }
    assert!(!client::keeps(busy.0));
}

#[wasm_bindgen_test]
fn a_dry_run_shows_the_request_without_its_secrets() {
    let arguments = br#"[["1"],{"deployment":{"type":"s3","s3_secret_key":"CANARY-secret","s3_access_key":"AKIAIOSFODNN7EXAMPLE"}},null]"#;
    let shown = text(&Client::imgix().of(SHOW, UPDATE, arguments).unwrap());

    assert!(!shown.contains("CANARY") && shown.contains("****MPLE"), "{shown}");
}

#[wasm_bindgen_test]
fn texts_are_scrubbed_of_key_and_token() {
    let client = Client::imgix();
    let call = field(&client.start(GET, ONE), "call");
    client.of(KEEP, 0, b"CANARY-token");
    client.step(&call, LOST | SENT, -1.0, b"", b"lost");
    let scrub = |shown: &[u8]| string(&client.of(SCRUB, call.clone(), shown).unwrap(), "text");

    for shown in [&b"Bearer CANARY-key"[..], b"token=CANARY-token", b"Q0FOQVJZLWtleQ=="] {
        let shown = scrub(shown);
        assert!(!shown.contains("CANARY") && !shown.contains("Q0FOQVJZ"), "{shown}");
    }
    assert_eq!(scrub("é😀\0".as_bytes()), "é😀\0");
    scrub(b"\xff\xfe CANARY-key");
}

#[wasm_bindgen_test]
fn a_source_is_checked_without_a_client() {
    let check =
        |provider: &[u8], arguments: &[u8]| Client(0).ask(CHECK, &0.into(), -1.0, provider, arguments, 0.0).unwrap();

    let found = text(&check(b"imageboss", br#"[{"source":"a b"},{"updating":true}]"#));
    assert!(found.contains(r#""field":"source","code":"format""#), "{found}");
    refused(&check(b"imageboss", br#"[{},{"updating":5}]"#));
    refused(&check(b"nobody", b"[{}]"));
    refused(&check(b"\xff", b"[{}]"));
    for arguments in [&b""[..], b"\0", b"\xff\xfe", b"[", b"[[]]", br#"["\ud800"]"#] {
        let found = check(b"imgix", arguments);
        assert!(text(&found).contains("\"code\""), "{arguments:?} {}", text(&found));
    }
}

#[wasm_bindgen_test]
fn an_address_is_made_without_a_client() {
    let url = |provider: &[u8], arguments: &[u8]| parsed(&Uint8Array::from(&*image_url(provider, arguments))).unwrap();

    let made =
        url(b"imgix", br#"{"domain":"example.imgix.net","path":"/a b.png","params":{"w":400},"token":"FOO123bar"}"#);
    assert_eq!(string(&made, "url"), "https://example.imgix.net/a%20b.png?w=400&s=38e03ebe9e02c981fa1b3302b233e5be");
    let half = br#"{"domain":"example.imgix.net","path":"/\ud800.png","token":"FOO123bar"}"#;
    for arguments in [&b""[..], b"\0", b"\xff\xfe", b"[", b"{}", b"5", half] {
        for provider in [&b"imgix"[..], b"imageboss"] {
            refused(&url(provider, arguments));
        }
    }
}

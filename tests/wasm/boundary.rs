//! Conversions, aborts, and every way in which a caller's `fetch` can misbehave.

use image_sources::wasm::client::{Core, check_source};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

const KEY: &str = "CANARY-key";
/// Numbers of operations of imgix in the order of their table.
const LIST: u32 = 0;
const GET: u32 = 1;
const CREATE: u32 = 2;
const DISABLE: u32 = 5;

const SOURCE: &str = r#"{"data":{"id":"1","type":"sources","attributes":{"name":"n","x":[1,{"y":null}],"é":"😀"}}}"#;

/// A function from its body; `input` and `init` are its arguments.
fn function(body: &str) -> Function {
    Function::new_with_args("input, init", body)
}

fn client(fetch: &str) -> Core {
    client_with(fetch, None)
}

fn client_with(fetch: &str, on_event: Option<Function>) -> Core {
    let options = format!(r#"{{"apiKey":"{KEY}","fetch":{{"\u0000":"function"}}}}"#);
    Core::new("imgix", options.as_bytes(), Some(function(fetch)), on_event, JsValue::UNDEFINED).unwrap()
}

async fn call(core: &Core, operation: u32, arguments: &str) -> Result<JsValue, JsValue> {
    JsFuture::from(core.call(operation, arguments.as_bytes().to_vec(), None)).await
}

async fn get(core: &Core) -> Result<JsValue, JsValue> {
    call(core, GET, r#"[["1"],null,null]"#).await
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().as_string().unwrap_or_default()
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn string(value: &JsValue, name: &str) -> String {
    field(value, name).as_string().unwrap_or_default()
}

/// A fetch that answers with a real response of this body.
fn answers(body: &str, init: &str) -> String {
    format!("return Promise.resolve(new Response({}, {init}))", text(&JsValue::from_str(body)))
}

#[wasm_bindgen_test]
async fn an_answer_becomes_objects_of_the_platform_and_loses_nothing() {
    let source = get(&client(&answers(SOURCE, "{status: 200}"))).await.unwrap();

    assert_eq!(text(&source), r#"{"name":"n","x":[1,{"y":null}],"é":"😀","id":"1","type":"sources"}"#);
    assert!(source.is_instance_of::<Object>());
}

#[wasm_bindgen_test]
async fn a_list_comes_with_what_is_next() {
    let body = r#"{"data":[{"id":"1","type":"sources"}],"meta":{"pagination":{"currentPage":0,"hasNextPage":true,"nextPage":1,"pageSize":1,"totalRecords":2}}}"#;
    let page = call(&client(&answers(body, "{}")), LIST, r#"[[],null,{"page":{"size":1}}]"#).await.unwrap();

    assert_eq!(text(&page), r#"[[{"id":"1","type":"sources"}],2,{"number":1,"size":1}]"#);
}

#[wasm_bindgen_test]
async fn fetch_is_given_an_address_and_a_plain_object() {
    let core = client("globalThis.seen = [input, init, this]; return new Response('{\"data\":{}}')");
    call(&core, DISABLE, r#"[["a/b"],null,null]"#).await.unwrap();

    let seen: Array = field(&js_sys::global(), "seen").unchecked_into();
    assert_eq!(seen.get(0).as_string().unwrap(), "https://api.imgix.com/api/v1/sources/a%2Fb");
    let init = seen.get(1);
    assert_eq!(string(&init, "method"), "PATCH");
    assert_eq!(string(&init, "redirect"), "manual");
    assert_eq!(string(&field(&init, "headers"), "authorization"), format!("Bearer {KEY}"));
    assert!(string(&init, "body").starts_with(r#"{"data":{"attributes":{"enabled":false}"#));
    assert!(field(&init, "signal").is_instance_of::<web_sys::AbortSignal>());
}

#[wasm_bindgen_test]
async fn a_fetch_that_throws_is_a_network_error_with_its_cause() {
    for body in ["throw new RangeError('boom')", "return Promise.reject(new RangeError('boom'))"] {
        let error = get(&client(body)).await.unwrap_err();

        assert_eq!(string(&error, "name"), "NetworkError", "{body}");
        assert!(string(&error, "message").contains("boom"));
        assert_eq!(string(&field(&error, "cause"), "message"), "boom");
    }
    let error = get(&client("throw undefined")).await.unwrap_err();
    assert_eq!(string(&error, "name"), "NetworkError");
}

#[wasm_bindgen_test]
async fn a_cause_that_shows_the_key_is_given_as_a_scrubbed_copy() {
    for body in [
        "throw new Error('bad ' + init.headers.authorization)",
        "throw Object.assign(new Error('x'), { config: init })",
    ] {
        let error = get(&client(body)).await.unwrap_err();
        let cause = field(&error, "cause");
        let shown = format!("{} {} {}", text(&error), string(&cause, "message"), text(&cause));

        assert!(!shown.contains(KEY), "{shown}");
    }
}

#[wasm_bindgen_test]
async fn a_fetch_that_returns_no_promise_is_as_good() {
    let source = get(&client("return new Response('{\"data\":{\"id\":\"2\"}}')")).await.unwrap();
    assert_eq!(string(&source, "id"), "2");
}

#[wasm_bindgen_test]
async fn a_fetch_that_returns_no_response_is_a_network_error() {
    for body in [
        "",
        "return null",
        "return 5",
        "return {}",
        "return {status: 'x'}",
        "return Promise.resolve([])",
        "return {status: NaN}",
        "return {get status() { throw 1 }}",
    ] {
        let error = get(&client(body)).await.expect_err(body);
        assert_eq!(string(&error, "name"), "NetworkError", "{body}");
    }
}

#[wasm_bindgen_test]
async fn look_alikes_are_read_by_whatever_they_have() {
    for body in [
        "return {status: 200, headers: {get() {}}, arrayBuffer: async () => new TextEncoder().encode('{\"data\":{\"id\":\"3\"}}').buffer}",
        "return {status: 200, text: async () => '{\"data\":{\"id\":\"3\"}}'}",
        "return {status: 200, headers: null, body: null, text: () => '{\"data\":{\"id\":\"3\"}}'}",
        "return {status: 200, headers: {get() { throw 1 }}, body: new Response('{\"data\":{\"id\":\"3\"}}').body}",
        "return {then: (done) => done(new Response('{\"data\":{\"id\":\"3\"}}'))}",
    ] {
        let source = get(&client(body)).await.expect(body);
        assert_eq!(string(&source, "id"), "3", "{body}");
    }
}

#[wasm_bindgen_test]
async fn a_body_that_breaks_off_keeps_the_status() {
    for body in [
        "return new Response(new ReadableStream({start(c) { c.enqueue(new Uint8Array([123])); c.error(new Error('cut')) }}), {status: 201})",
        "return {status: 201, text: async () => { throw new Error('cut') }}",
        "return {status: 201, body: {getReader: () => ({read: () => { throw new Error('cut') }})}}",
    ] {
        let error = get(&client(body)).await.expect_err(body);
        assert_eq!(string(&error, "name"), "NetworkError", "{body}");
        assert_eq!(field(&error, "status").as_f64(), Some(201.0), "{body}");
        assert!(string(&error, "message").contains("cut"), "{body}");
    }
    let error = get(&client("return {status: 200, body: {getReader: () => ({read: async () => ({value: 'text'})})}}"))
        .await
        .unwrap_err();
    assert_eq!(string(&error, "name"), "NetworkError");
}

#[wasm_bindgen_test]
async fn a_body_over_the_cap_is_refused_while_it_is_read() {
    let endless = "let n = 0; return new Response(new ReadableStream({pull(c) { globalThis.pulled = ++n; c.enqueue(new Uint8Array(1 << 20)) }}))";
    let error = get(&client(endless)).await.unwrap_err();

    assert_eq!(string(&error, "name"), "UnreadableResponseError");
    assert!(text(&error).contains("too-large"));
    assert!(field(&js_sys::global(), "pulled").as_f64().unwrap() < 40.0);
    let error = get(&client("return new Response('{}', {headers: {'content-length': '99999999'}})")).await.unwrap_err();
    assert_eq!(string(&error, "name"), "UnreadableResponseError");
}

#[wasm_bindgen_test]
async fn an_abort_ends_a_call_that_hangs_and_aborts_its_request() {
    let core = client("globalThis.signal = init.signal; return new Promise(() => {})");
    let cancelled = Promise::resolve(&JsValue::UNDEFINED);
    let ended = JsFuture::from(core.call(GET, br#"[["1"],null,null]"#.to_vec(), Some(cancelled))).await;
    assert!(ended.unwrap_err().is_undefined());

    let core = client("globalThis.signal = init.signal; globalThis.abort(); return new Promise(() => {})");
    let mut abort = None;
    let cancelled = Promise::new(&mut |done, _| abort = Some(done));
    Reflect::set(&js_sys::global(), &"abort".into(), &abort.unwrap()).unwrap();
    let ended = JsFuture::from(core.call(GET, br#"[["1"],null,null]"#.to_vec(), Some(cancelled))).await;
    assert!(ended.unwrap_err().is_undefined());
    let signal: web_sys::AbortSignal = field(&js_sys::global(), "signal").unchecked_into();
    assert!(signal.aborted());
}

#[wasm_bindgen_test]
async fn a_timeout_ends_a_call_that_hangs_and_aborts_its_request() {
    let core = client("globalThis.timed = init.signal; return new Promise(() => {})");
    let error = call(&core, GET, r#"[["1"],null,{"timeoutMs":5}]"#).await.unwrap_err();

    assert_eq!(string(&error, "name"), "TimeoutError");
    let signal: web_sys::AbortSignal = field(&js_sys::global(), "timed").unchecked_into();
    assert!(signal.aborted());
}

#[wasm_bindgen_test]
async fn refused_calls_reject_and_never_throw() {
    let core = client("throw new Error('must not be called')");
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
        let error = call(&core, GET, arguments).await.expect_err(arguments);
        assert_eq!(string(&error, "name"), "InvalidInputError", "{arguments}");
        assert_eq!(field(&error, "sent").as_bool(), Some(false));
    }
    let error = call(&core, 99, "[[],null,null]").await.unwrap_err();
    assert_eq!(string(&error, "name"), "InvalidInputError");
    let error = call(&core, CREATE, "[[],{},null]").await.unwrap_err();
    let problems: Array = field(&error, "problems").unchecked_into();
    assert_eq!(problems.length(), 2);
}

#[wasm_bindgen_test]
async fn a_listener_that_throws_changes_nothing() {
    let tell =
        Function::new_with_args("event", "(globalThis.events ??= []).push(event.type); throw new Error('listener')");
    let core = client_with(&answers(SOURCE, "{}"), Some(tell));
    get(&core).await.unwrap();

    assert_eq!(text(&field(&js_sys::global(), "events")), r#"["request","response","end"]"#);
}

#[wasm_bindgen_test]
fn constructors_and_checks_throw_records() {
    for (provider, options) in [
        ("imgix", "{}"),
        ("nobody", "{}"),
        ("imgix", ""),
        ("imgix", "\u{0}"),
        ("imageboss", r#"{"apiKey":"k","baseUrl":"x"}"#),
    ] {
        let error = Core::new(provider, options.as_bytes(), None, None, JsValue::UNDEFINED).expect_err(options);
        assert_eq!(string(&error, "name"), "InvalidInputError");
    }
    let problems = check_source("imageboss", br#"[{"source":"a b"},{"updating":true}]"#).unwrap();
    assert!(text(&problems).contains(r#""field":"source","code":"format""#), "{}", text(&problems));
    assert!(check_source("imageboss", br#"[{},{"updating":5}]"#).is_err());
}

#[wasm_bindgen_test]
fn a_dry_run_shows_the_request_without_its_secrets() {
    let core = client("");
    let arguments = br#"[["1"],{"deployment":{"type":"s3","s3_secret_key":"CANARY-secret","s3_access_key":"AKIAIOSFODNN7EXAMPLE"}},null]"#;
    let shown = text(&core.dry_run(3, arguments).unwrap());

    assert!(!shown.contains("CANARY") && shown.contains("****MPLE"), "{shown}");
}

#[wasm_bindgen_test]
async fn an_answer_of_another_realm_is_read() {
    // In a page another frame; in Node another context, whose typed arrays are not ours either.
    let other_realm = "
        const body = '{\"data\":{\"id\":\"4\"}}';
        if (typeof document == 'object') {
            const frame = document.body.appendChild(document.createElement('iframe'));
            return new frame.contentWindow.Response(body);
        }
        const { runInNewContext } = process.getBuiltinModule('node:vm');
        const bytes = runInNewContext('Uint8Array.from(bytes)', { bytes: [...new TextEncoder().encode(body)] });
        if (bytes instanceof Uint8Array) throw new Error('the same realm');
        let read = 0;
        return { status: 200, headers: new Headers(), body: { getReader: () => ({ read: async () => (read++ ? { done: true } : { value: bytes }) }) } };
    ";
    let source = get(&client(other_realm)).await.unwrap();
    assert_eq!(string(&source, "id"), "4");
}

//! Every way in which a `fetch` can misbehave, under the transport for Rust programs.

use std::cell::RefCell;
use std::future::{Future, pending};

use image_sources::engine::{Driver, Event, Listener, Stopped};
use image_sources::proto::call::Config;
use image_sources::proto::error::{Class, Error};
use image_sources::wasm::{Fetch, PlatformClock};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

const KEY: &str = "CANARY-key";

/// A driver whose `fetch` has this body; `input` and `init` are its arguments.
fn client(fetch: &str) -> Driver<Fetch, PlatformClock> {
    let imgix = image_sources::provider("imgix").unwrap();
    let config = Config::new(
        imgix,
        format!(r#"{{"apiKey":"{KEY}","retries":0,"limits":{{"default":null,"sources.update":null}}}}"#).as_bytes(),
    )
    .unwrap();
    Driver::new(config, Fetch { function: Some(Function::new_with_args("input, init", fetch)) }, PlatformClock)
}

type Answer = Result<String, (Option<Error>, Option<JsValue>)>;

async fn run(
    driver: &Driver<Fetch, PlatformClock>,
    operation: &str,
    options: &str,
    aborted: impl Future<Output = ()>,
) -> Answer {
    let imgix = driver.config.provider;
    let prepared = driver
        .config
        .prepare(imgix.operation(operation).unwrap(), &[br#""a/b""#], b"null", options.as_bytes(), None)
        .map_err(|error| (Some(error), None))?;
    match driver.run(&prepared, &mut (), aborted).await {
        Ok(read) => Ok(String::from_utf8(read.json.unwrap_or_default()).unwrap()),
        Err(Stopped::Failed(error, cause)) => Err((Some(error), cause)),
        Err(Stopped::Aborted) => Err((None, None)),
    }
}

async fn get(driver: &Driver<Fetch, PlatformClock>) -> Answer {
    run(driver, "sources.get", "null", pending()).await
}

async fn fails(body: &str) -> (Error, Option<JsValue>) {
    let (error, cause) = get(&client(body)).await.expect_err(body);
    (error.expect(body), cause)
}

fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn string(value: &JsValue, name: &str) -> String {
    field(value, name).as_string().unwrap_or_default()
}

#[wasm_bindgen_test]
async fn fetch_is_given_an_address_and_a_plain_object() {
    let driver = client("globalThis.seen = [input, init, this]; return new Response('{\"data\":{}}')");
    run(&driver, "sources.disable", "null", pending()).await.unwrap();

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
        let (error, cause) = fails(body).await;

        assert_eq!((error.class, error.sent), (Class::Network, true), "{body}");
        assert!(error.message.contains("boom"));
        assert_eq!(string(&cause.unwrap(), "message"), "boom");
    }
    assert_eq!(fails("throw undefined").await.0.class, Class::Network);
    let refused = "throw Object.assign(new Error('x'), { cause: { code: 'ECONNREFUSED' } })";
    assert!(!fails(refused).await.0.sent);
}

#[wasm_bindgen_test]
async fn a_fetch_that_returns_no_promise_is_as_good() {
    assert_eq!(get(&client("return new Response('{\"data\":{\"id\":\"2\"}}')")).await.unwrap(), r#"{"id":"2"}"#);
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
        assert_eq!(fails(body).await.0.class, Class::Network, "{body}");
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
        assert_eq!(get(&client(body)).await.expect(body), r#"{"id":"3"}"#, "{body}");
    }
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
    assert_eq!(get(&client(other_realm)).await.unwrap(), r#"{"id":"4"}"#);
}

#[wasm_bindgen_test]
async fn a_body_that_breaks_off_keeps_the_status() {
    for body in [
        "return new Response(new ReadableStream({start(c) { c.enqueue(new Uint8Array([123])); c.error(new Error('cut')) }}), {status: 201})",
        "return {status: 201, text: async () => { throw new Error('cut') }}",
        "return {status: 201, body: {getReader: () => ({read: () => { throw new Error('cut') }})}}",
    ] {
        let (error, _) = fails(body).await;
        assert_eq!((error.class, error.status), (Class::Network, Some(201)), "{body}");
        assert!(error.message.contains("cut"), "{body}");
    }
    let (error, _) =
        fails("return {status: 200, body: {getReader: () => ({read: async () => ({value: 'text'})})}}").await;
    assert_eq!(error.class, Class::Network);
}

#[wasm_bindgen_test]
async fn a_body_over_the_cap_is_refused_while_it_is_read() {
    let endless = "let n = 0; return new Response(new ReadableStream({pull(c) { globalThis.pulled = ++n; c.enqueue(new Uint8Array(1 << 20)) }}))";
    let (error, _) = fails(endless).await;

    assert_eq!((error.class, error.problems[0].code.as_str()), (Class::Unreadable, "too-large"));
    assert!(field(&js_sys::global(), "pulled").as_f64().unwrap() < 40.0);
    let (error, _) = fails("return new Response('{}', {headers: {'content-length': '99999999'}})").await;
    assert_eq!(error.class, Class::Unreadable);
}

#[wasm_bindgen_test]
async fn an_abort_ends_a_call_that_hangs_and_aborts_its_request() {
    let driver = client("globalThis.signal = init.signal; globalThis.abort(); return new Promise(() => {})");
    let mut abort = None;
    let aborted = Promise::new(&mut |done, _| abort = Some(done));
    Reflect::set(&js_sys::global(), &"abort".into(), &abort.unwrap()).unwrap();
    let ended = run(&driver, "sources.get", "null", async { drop(JsFuture::from(aborted).await) }).await;

    assert!(ended.unwrap_err().0.is_none());
    let signal: web_sys::AbortSignal = field(&js_sys::global(), "signal").unchecked_into();
    assert!(signal.aborted());
}

#[wasm_bindgen_test]
async fn a_timeout_ends_a_call_that_hangs_and_aborts_its_request() {
    let driver = client("globalThis.timed = init.signal; return new Promise(() => {})");
    let (error, _) = run(&driver, "sources.get", r#"{"timeoutMs":5}"#, pending()).await.unwrap_err();

    assert_eq!(error.unwrap().class, Class::Timeout);
    let signal: web_sys::AbortSignal = field(&js_sys::global(), "timed").unchecked_into();
    assert!(signal.aborted());
}

#[derive(Default)]
struct Ear(RefCell<Vec<String>>);

impl Listener for Ear {
    fn listening(&self) -> bool {
        true
    }

    fn tell(&mut self, event: &Event<'_>) {
        self.0.borrow_mut().push(match event {
            Event::Request { .. } => "request".to_owned(),
            Event::Response { status, .. } => format!("response {status}"),
            Event::Retry { because, .. } => format!("retry {because}"),
            Event::End { .. } => "end".to_owned(),
            // The answer has no id, which is drift.
            _ => return,
        });
    }
}

#[wasm_bindgen_test]
async fn retries_wait_on_the_platforms_clock() {
    let driver = client(
        "globalThis.count = (globalThis.count ?? 0) + 1; return new Response('{\"data\":{}}', {status: globalThis.count < 2 ? 503 : 200})",
    );
    let operation = driver.config.provider.operation("sources.get").unwrap();
    let prepared = driver.config.prepare(operation, &[br#""x""#], b"null", br#"{"retries":1}"#, None).unwrap();
    let mut ear = Ear::default();
    driver.run(&prepared, &mut ear, pending()).await.unwrap();

    assert_eq!(ear.0.borrow().join(", "), "request, response 503, retry 503, request, response 200, end");
}

//! Calls over `fetch`, and every way in which a caller's can misbehave.

use core::future::{Future, pending};
use core::task::{Context, Waker};

use image_sources::engine::{Driver, Event, Listener, Stopped};
use image_sources::proto::call::Config;
use image_sources::proto::error::{Class, Error, Outcome};
use image_sources::proto::read::Read;
use image_sources::wasm::{Fetch, PlatformClock};
use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortSignal;

use super::support::{FLAT, KEY, SOURCE, eval, field, function, global, settled, string, text};

type Ended = Result<Read, Stopped<JsValue>>;

const UPLOAD: &str = "uploadSessions.put";

fn config(more: &str) -> Config {
    let options = format!(r#"{{"apiKey":"{KEY}","retries":0{more}}}"#);
    Config::new(image_sources::provider("imgix").unwrap(), options.as_bytes()).unwrap()
}

fn driver(fetch: &str) -> Driver<Fetch, PlatformClock> {
    Driver::new(config(""), Fetch::new().with_function(function(fetch)), PlatformClock)
}

async fn run_until(
    driver: &Driver<Fetch, PlatformClock>,
    operation: &str,
    parameter: &str,
    options: &str,
    aborted: impl Future<Output = ()>,
) -> Ended {
    let operation = driver.config.provider.operation(operation).unwrap();
    let input: &[u8] = if operation.name == UPLOAD { br#"{"\u0000":"bytes image/png"}"# } else { b"null" };
    let prepared = driver.config.prepare(operation, &[parameter.as_bytes()], input, options.as_bytes(), None).unwrap();
    driver.run(&prepared, &mut (), aborted).await
}

async fn run(driver: &Driver<Fetch, PlatformClock>, operation: &str, parameter: &str) -> Ended {
    run_until(driver, operation, parameter, "null", pending()).await
}

async fn get(fetch: &str) -> Ended {
    run(&driver(fetch), "sources.get", r#""1""#).await
}

/// The JSON that a call gave.
fn json(ended: Ended) -> String {
    match ended {
        Ok(read) => String::from_utf8(read.json.unwrap()).unwrap(),
        Err(stopped) => panic!("{stopped:?}"),
    }
}

/// The error of a call, and what was thrown.
fn failed(ended: Ended) -> (Error, Option<JsValue>) {
    match ended {
        Err(Stopped::Failed(error, cause)) => (error, cause),
        other => panic!("{other:?}"),
    }
}

/// A fetch that answers with a real response of this body.
fn answers(body: &str, init: &str) -> String {
    format!("return Promise.resolve(new Response({}, {init}))", text(&JsValue::from_str(body)))
}

#[wasm_bindgen_test]
async fn an_answer_loses_nothing() {
    assert_eq!(json(get(&answers(SOURCE, "{status: 200}")).await), FLAT);
}

#[wasm_bindgen_test]
async fn a_function_is_given_an_address_and_a_plain_object() {
    let driver = driver("globalThis.seen = [input, init, this]; return new Response('{\"data\":{}}')");
    run(&driver, "sources.disable", r#""a/b""#).await.unwrap();

    let seen: Array = global("seen").unchecked_into();
    assert_eq!(seen.get(0).as_string().unwrap(), "https://api.imgix.com/api/v1/sources/a%2Fb");
    let init = seen.get(1);
    assert_eq!(string(&init, "method"), "PATCH");
    assert_eq!(string(&init, "redirect"), "manual");
    assert_eq!(string(&field(&init, "headers"), "authorization"), format!("Bearer {KEY}"));
    assert!(string(&init, "body").starts_with(r#"{"data":{"attributes":{"enabled":false}"#));
    assert!(field(&init, "signal").is_instance_of::<AbortSignal>());
    assert!(field(&init, "credentials").is_undefined());
}

/// Replaces globals while a call runs.
async fn with_globals(replace: &str, call: impl Future<Output = Ended>) -> Ended {
    eval(&format!(
        "const old = [globalThis.fetch, globalThis.Request, globalThis.AbortController]; {replace}; \
         globalThis.restore = () => {{ [globalThis.fetch, globalThis.Request, globalThis.AbortController] = old }}"
    ));
    let ended = call.await;
    eval("globalThis.restore()");
    ended
}

#[wasm_bindgen_test]
async fn the_platform_is_given_a_request() {
    let driver = Driver::new(config(r#","headers":{"x-mine":"1"}"#), Fetch::new(), PlatformClock);
    let replace = "globalThis.fetch = async (...given) => { globalThis.given = given; globalThis.sent = await given[0].clone().text(); return new Response('{\"data\":{}}') }";
    with_globals(replace, run(&driver, "sources.disable", r#""a/b""#)).await.unwrap();

    let given: Array = global("given").unchecked_into();
    assert_eq!(given.length(), 1);
    let request: web_sys::Request = given.get(0).dyn_into().unwrap();
    assert_eq!(request.url(), "https://api.imgix.com/api/v1/sources/a%2Fb");
    assert_eq!(request.method(), "PATCH");
    assert_eq!(string(&request, "redirect"), "manual");
    assert_eq!(request.headers().get("authorization").unwrap().unwrap(), format!("Bearer {KEY}"));
    assert_eq!(request.headers().get("content-type").unwrap().unwrap(), "application/vnd.api+json");
    assert_eq!(request.headers().get("x-mine").unwrap().unwrap(), "1");
    assert!(global("sent").as_string().unwrap().starts_with(r#"{"data":{"attributes":{"enabled":false}"#));
}

#[wasm_bindgen_test]
async fn a_platform_that_throws_is_a_network_error_and_nothing_was_sent() {
    for replace in [
        "globalThis.Request = class { constructor() { throw new RangeError('boom') } }",
        "globalThis.Request = undefined",
        "globalThis.AbortController = class { constructor() { throw new RangeError('boom') } }",
    ] {
        let driver = Driver::new(config(""), Fetch::new(), PlatformClock);
        let (error, cause) = failed(with_globals(replace, run(&driver, "sources.disable", r#""1""#)).await);

        assert_eq!((error.class, error.sent, error.outcome), (Class::Network, false, Outcome::None), "{replace}");
        assert!(cause.is_some(), "{replace}");
    }
    let driver = Driver::new(config(""), Fetch::new(), PlatformClock);
    let (error, _) = failed(with_globals("globalThis.fetch = undefined", run(&driver, "sources.get", r#""1""#)).await);
    assert_eq!(error.class, Class::Network);
}

#[wasm_bindgen_test]
async fn a_port_that_no_platform_connects_to_is_a_network_error() {
    let driver = Driver::new(config(r#","baseUrl":"http://127.0.0.1:1""#), Fetch::new(), PlatformClock);
    let (error, cause) = failed(run(&driver, "sources.get", r#""1""#).await);

    assert_eq!((error.class, error.status), (Class::Network, None));
    assert_eq!(string(&cause.unwrap(), "name"), "TypeError");
    // A browser does not say why; it may have been a page's origin.
    assert_eq!(error.sent, !global("document").is_undefined());
    assert_eq!(error.message.contains("CORS"), error.sent);
}

#[wasm_bindgen_test]
async fn a_fetch_that_throws_is_a_network_error_with_its_cause() {
    for body in ["throw new RangeError('boom')", "return Promise.reject(new RangeError('boom'))"] {
        let (error, cause) = failed(get(body).await);

        assert_eq!((error.class, error.sent), (Class::Network, true), "{body}");
        assert!(error.message.contains("boom"));
        assert_eq!(string(&cause.unwrap(), "message"), "boom");
    }
    for thrown in [
        "undefined",
        "null",
        "5",
        "'words'",
        "Symbol()",
        "{}",
        "{ get message() { throw 1 } }",
        "new Proxy({}, { get() { throw 1 } })",
    ] {
        for body in [format!("throw {thrown}"), format!("return Promise.reject({thrown})")] {
            let (error, cause) = failed(get(&body).await);

            assert_eq!(error.class, Class::Network, "{body}");
            assert!(cause.is_some(), "{body}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_system_that_names_its_error_proves_that_nothing_was_sent() {
    for body in [
        "throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' })",
        "throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) })",
    ] {
        let (error, _) = failed(run(&driver(body), "sources.disable", r#""1""#).await);
        assert_eq!((error.sent, error.outcome), (false, Outcome::None), "{body}");
    }
    let (error, _) = failed(run(&driver("throw new Error('reset')"), "sources.disable", r#""1""#).await);
    assert_eq!((error.sent, error.outcome), (true, Outcome::Unknown));
}

#[wasm_bindgen_test]
async fn words_of_others_do_not_show_the_key() {
    let (error, cause) = failed(get("throw new Error('bad ' + init.headers.authorization)").await);

    assert!(!error.message.contains(KEY) && !error.problems.iter().any(|problem| problem.message.contains(KEY)));
    // What was thrown is given as it is.
    assert!(string(&cause.unwrap(), "message").contains(KEY));
}

#[wasm_bindgen_test]
async fn a_fetch_that_returns_no_promise_is_as_good() {
    assert_eq!(json(get("return new Response('{\"data\":{\"id\":\"2\"}}')").await), r#"{"id":"2"}"#);
}

#[wasm_bindgen_test]
async fn a_fetch_that_returns_no_response_is_a_network_error() {
    for body in [
        "",
        "return null",
        "return 5",
        "return 'text'",
        "return {}",
        "return {status: 'x'}",
        "return Promise.resolve([])",
        "return {status: NaN}",
        "return {status: -1}",
        "return {status: 1e9}",
        "return {get status() { throw 1 }}",
        "return new Proxy({}, {get() { throw 1 }})",
        "return {get then() { throw new Error('then') }}",
        "return {then() { throw new Error('then') }}",
        "return Object.defineProperty(Promise.resolve(), 'then', {get() { throw new Error('then') }})",
        "return Object.defineProperty(Promise.resolve(), 'constructor', {get() { throw new Error('constructor') }})",
        "return Response.error()",
    ] {
        let (error, _) = failed(get(body).await);
        assert_eq!((error.class, error.status), (Class::Network, None), "{body}");
    }
}

#[wasm_bindgen_test]
async fn a_response_behind_a_proxy_gives_what_the_platform_lets_it_give() {
    // Its methods and getters refuse a receiver that is no response, here these and there those.
    let (error, _) = failed(get("return new Proxy(new Response('{'), {})").await);
    assert!(matches!(error.class, Class::Network | Class::Unreadable));
}

#[wasm_bindgen_test]
async fn look_alikes_are_read_by_whatever_they_have() {
    for body in [
        "return {status: 200, headers: {get() {}}, arrayBuffer: async () => new TextEncoder().encode('{\"data\":{\"id\":\"3\"}}').buffer}",
        "return {status: 200, arrayBuffer: () => new TextEncoder().encode('{\"data\":{\"id\":\"3\"}}')}",
        "return {status: 200, text: async () => '{\"data\":{\"id\":\"3\"}}'}",
        "return {status: 200, headers: null, body: null, text: () => '{\"data\":{\"id\":\"3\"}}'}",
        "return {status: 200, headers: {get() { throw 1 }}, body: new Response('{\"data\":{\"id\":\"3\"}}').body}",
        "return {status: 200, headers: {get: () => 5}, get body() { throw 1 }, text: () => '{\"data\":{\"id\":\"3\"}}'}",
        "return {then: (done) => done(new Response('{\"data\":{\"id\":\"3\"}}'))}",
        "const bytes = new TextEncoder().encode('xx{\"data\":{\"id\":\"3\"}}xx'); let read = 0; return {status: 200, body: {getReader: () => ({read: () => read++ ? {done: true} : {value: new DataView(bytes.buffer, 2, bytes.length - 4)}})}}",
    ] {
        assert_eq!(json(get(body).await), r#"{"id":"3"}"#, "{body}");
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
    assert_eq!(json(get(other_realm).await), r#"{"id":"4"}"#);
}

#[wasm_bindgen_test]
async fn an_error_of_another_realm_is_a_cause_like_any_other() {
    let other_realm = "
        const Other = typeof document == 'object'
            ? document.body.appendChild(document.createElement('iframe')).contentWindow.TypeError
            : process.getBuiltinModule('node:vm').runInNewContext('TypeError');
        const thrown = new Other('boom');
        if (thrown instanceof Error) throw new Error('the same realm');
        throw thrown;
    ";
    let (error, cause) = failed(get(other_realm).await);

    assert!(error.message.contains("boom"), "{}", error.message);
    assert_eq!(string(&cause.unwrap(), "message"), "boom");
}

#[wasm_bindgen_test]
async fn a_redirect_is_not_followed() {
    for body in [
        "return new Response(null, {status: 302, headers: {location: 'https://elsewhere.example/'}})",
        "return {status: 0, type: 'opaqueredirect', headers: new Headers(), body: null, text: () => ''}",
    ] {
        let (error, _) = failed(get(body).await);
        assert_eq!(error.class, Class::Unreadable, "{body}");
    }
}

#[wasm_bindgen_test]
async fn a_body_that_breaks_off_keeps_the_status() {
    for body in [
        "return new Response(new ReadableStream({start(c) { c.enqueue(new Uint8Array([123])); c.error(new Error('cut')) }}), {status: 201})",
        "return new Response(new ReadableStream({start(c) { c.error('cut') }}), {status: 201})",
        "return {status: 201, text: async () => { throw new Error('cut') }}",
        "return {status: 201, arrayBuffer() { throw new Error('cut') }}",
        "return {status: 201, body: {getReader: () => ({read: () => { throw new Error('cut') }})}}",
        "return {status: 201, body: {getReader: () => ({read: () => ({then() { throw new Error('cut') }})})}}",
    ] {
        let (error, cause) = failed(get(body).await);
        assert_eq!((error.class, error.status), (Class::Network, Some(201)), "{body}");
        assert!(error.message.contains("cut"), "{body}: {}", error.message);
        assert!(cause.is_some(), "{body}");
    }
}

#[wasm_bindgen_test]
async fn a_body_of_something_other_than_bytes_is_a_network_error() {
    for body in [
        "return {status: 200}",
        "return {status: 200, arrayBuffer: () => 'text'}",
        "return {status: 200, arrayBuffer: () => ({byteLength: 5, buffer: 'none'})}",
        "return {status: 200, body: {getReader: () => ({read: async () => ({value: 'text'})})}}",
        "return {status: 200, body: {getReader: () => ({read: async () => ({value: null}), cancel() { throw 1 }})}}",
        "return {status: 200, body: {getReader: () => ({read: async () => ({value: 5}), cancel: async () => { throw 1 }})}}",
        "return {status: 200, body: {getReader: () => ({read: () => null})}}",
        "return {status: 200, body: {getReader: () => ({read: () => ({get done() { throw 1 }, get value() { throw 1 }})})}}",
        "return {status: 200, body: {getReader: () => ({})}}",
        "return {status: 200, body: {getReader: () => 5}}",
        "const used = new Response('{}'); used.body.getReader(); return used",
    ] {
        let (error, _) = failed(get(body).await);
        assert_eq!((error.class, error.status), (Class::Network, Some(200)), "{body}");
    }
}

#[wasm_bindgen_test]
async fn a_body_over_the_cap_is_refused_while_it_is_read() {
    let endless = "let n = 0; return new Response(new ReadableStream({pull(c) { globalThis.pulled = ++n; c.enqueue(new Uint8Array(1 << 20)) }, cancel() { globalThis.cancelled = true }}))";
    let (error, _) = failed(get(endless).await);

    assert_eq!(error.class, Class::Unreadable);
    assert_eq!(error.problems.first().unwrap().code.as_str(), "too-large");
    assert!(global("pulled").as_f64().unwrap() < 40.0);
    settled(JsValue::UNDEFINED).await;
    assert!(global("cancelled").is_truthy());
    for body in [
        "return new Response('{}', {headers: {'content-length': '99999999'}})",
        "return {status: 200, arrayBuffer: () => new ArrayBuffer((32 << 20) + 1)}",
        "return {status: 200, text: () => 'x'.repeat((32 << 20) + 1)}",
    ] {
        let (error, _) = failed(get(body).await);
        assert_eq!(error.class, Class::Unreadable, "{body}");
    }
}

#[wasm_bindgen_test]
async fn bytes_that_are_no_text_are_an_answer_that_cannot_be_read() {
    for body in ["Uint8Array.of(255, 254)", "Uint8Array.of(0)", "'\\ud800'", "new Uint8Array(32 << 20)", "''"] {
        let (error, _) = failed(get(&format!("return new Response({body})")).await);
        assert_eq!((error.class, error.status), (Class::Unreadable, Some(200)), "{body}");
    }
}

/// Is the signal that the fetch left in this global aborted?
fn aborted(name: &str) -> bool {
    global(name).dyn_into::<AbortSignal>().unwrap().aborted()
}

#[wasm_bindgen_test]
async fn an_abort_ends_a_call_that_hangs_and_aborts_its_request() {
    let driver = driver("globalThis.signal = init.signal; return new Promise(() => {})");
    let ended = run_until(&driver, "sources.get", r#""1""#, "null", async {
        settled(eval("return new Promise((done) => setTimeout(done, 5))")).await;
    });

    assert!(matches!(ended.await, Err(Stopped::Aborted)));
    assert!(aborted("signal"));
}

#[wasm_bindgen_test]
async fn an_abort_that_is_there_already_sends_nothing() {
    let driver = driver("globalThis.early = true; return new Response('{}')");
    let ended = run_until(&driver, "sources.get", r#""1""#, "null", core::future::ready(())).await;

    assert!(matches!(ended, Err(Stopped::Aborted)));
    assert!(global("early").is_undefined());
}

#[wasm_bindgen_test]
async fn a_fetch_that_fails_after_the_abort_troubles_nobody() {
    let body = "globalThis.late ??= 0; return new Promise((_, fail) => init.signal.addEventListener('abort', () => { globalThis.late++; fail(init.signal.reason) }))";
    eval("globalThis.unhandled = 0; globalThis.addEventListener?.('unhandledrejection', () => globalThis.unhandled++)");
    let soon = async { drop(settled(eval("return new Promise((done) => setTimeout(done, 1))")).await) };
    let ended = run_until(&driver(body), "sources.get", r#""1""#, "null", soon).await;
    settled(eval("return new Promise((done) => setTimeout(done, 10))")).await;

    assert!(matches!(ended, Err(Stopped::Aborted)));
    assert_eq!(global("late"), JsValue::from(1));
    assert_eq!(global("unhandled"), JsValue::from(0));
}

#[wasm_bindgen_test]
fn a_call_that_is_dropped_aborts_its_request() {
    let driver = driver("globalThis.dropped = init.signal; return new Promise(() => {})");
    let mut call = Box::pin(run(&driver, "sources.get", r#""1""#));
    assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert!(!aborted("dropped"));
    drop(call);

    assert!(aborted("dropped"));
}

#[wasm_bindgen_test]
async fn what_is_read_to_its_end_is_not_aborted() {
    let body = "globalThis.whole = init.signal; return new Response('{\"data\":{}}')";
    get(body).await.unwrap();

    assert!(!aborted("whole"));
}

#[wasm_bindgen_test]
async fn a_timeout_ends_a_call_that_hangs_and_aborts_its_request() {
    let body = "globalThis.timed = init.signal; return new Promise(() => {})";
    let ended = run_until(&driver(body), "sources.get", r#""1""#, r#"{"timeoutMs":5}"#, pending()).await;
    let (error, cause) = failed(ended);

    assert_eq!((error.class, error.sent, error.status), (Class::Timeout, true, None));
    assert!(cause.is_none());
    assert!(aborted("timed"));
    let stuck = "return new Response(new ReadableStream({}), {status: 201})";
    let (error, _) = failed(run_until(&driver(stuck), "sources.get", r#""1""#, r#"{"timeoutMs":5}"#, pending()).await);
    assert_eq!((error.class, error.status), (Class::Timeout, Some(201)));
}

#[derive(Default)]
struct Ear(Vec<&'static str>);

impl Listener for Ear {
    fn listening(&self) -> bool {
        true
    }

    fn tell(&mut self, event: &Event<'_>) {
        self.0.push(match event {
            Event::Request { .. } => "request",
            Event::Response { .. } => "response",
            Event::Retry { .. } => "retry",
            Event::End { .. } => "end",
            _ => "other",
        });
    }
}

#[wasm_bindgen_test]
async fn what_fails_once_is_sent_again() {
    let fetch = "globalThis.times = (globalThis.times ?? 0) + 1; if (globalThis.times == 1) throw new Error('reset'); return new Response('{\"data\":{\"id\":\"5\"}}')";
    let driver = Driver::new(config("").clone(), Fetch::new().with_function(function(fetch)), PlatformClock);
    let get = driver.config.provider.operation("sources.get").unwrap();
    let prepared = driver.config.prepare(get, &[br#""1""#], b"null", br#"{"retries":1}"#, None).unwrap();
    let mut ear = Ear::default();
    let read = driver.run(&prepared, &mut ear, pending()).await;

    assert_eq!(json(read), r#"{"id":"5"}"#);
    assert_eq!(ear.0, ["request", "retry", "request", "response", "end"]);
}

fn gateway(fetch: &str, token: JsValue) -> Driver<Fetch, PlatformClock> {
    let options = r#"{"gateway":{"url":"https://gateway.example","credentials":"include"},"retries":0}"#;
    let config = Config::new(image_sources::provider("imgix").unwrap(), options.as_bytes()).unwrap();
    let fetch = Fetch::new().with_function(function(fetch)).with_credentials(&config).with_token(token);
    Driver::new(config, fetch, PlatformClock)
}

#[wasm_bindgen_test]
async fn a_gateway_is_given_a_token_and_credentials() {
    for token in ["return 'CANARY-token'", "return () => 'CANARY-token'", "return async () => 'CANARY-token'"] {
        let driver = gateway("globalThis.asked = init; return new Response('{\"data\":{}}')", eval(token));
        run(&driver, "sources.get", r#""1""#).await.unwrap();

        let init = global("asked");
        assert_eq!(string(&field(&init, "headers"), "authorization"), "Bearer CANARY-token", "{token}");
        assert_eq!(string(&init, "credentials"), "include");
    }
    let driver = gateway("throw new Error('bad ' + init.headers.authorization)", eval("return 'CANARY-token'"));
    let (error, _) = failed(run(&driver, "sources.get", r#""1""#).await);
    assert!(!error.message.contains("CANARY"), "{}", error.message);
}

#[wasm_bindgen_test]
async fn a_token_that_cannot_be_had_sends_nothing() {
    for token in [
        "return () => { throw new Error('none') }",
        "return async () => { throw 1 }",
        "return 5",
        "return 'a b'",
        "return () => ({})",
    ] {
        let driver = gateway("globalThis.leaked = true", eval(token));
        let (error, _) = failed(run(&driver, "sources.get", r#""1""#).await);

        assert_eq!((error.class, error.sent), (Class::Network, false), "{token}");
    }
    assert!(global("leaked").is_undefined());
}

#[wasm_bindgen_test]
async fn an_upload_sends_the_bytes_and_no_key() {
    let fetch = "globalThis.uploaded = [input, init]; return new Response('')";
    let address = r#""https://storage.example/a?X-Amz-Signature=abc""#;
    let (error, _) = failed(run(&driver(fetch), UPLOAD, address).await);
    assert!(error.message.contains("Fetch::with_bytes") && !error.sent, "{}", error.message);

    let bytes = eval("return globalThis.bytes = Uint8Array.of(1, 2, 3)");
    let transport = Fetch::new().with_function(function(fetch)).with_bytes(bytes).with_token("CANARY-token".into());
    run(&Driver::new(config(""), transport, PlatformClock), UPLOAD, address).await.unwrap();
    let init = global("uploaded").unchecked_into::<Array>().get(1);
    assert_eq!(field(&init, "body"), global("bytes"));
    assert!(!text(&field(&init, "headers")).contains("CANARY"));
}

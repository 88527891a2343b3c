//! A transport for Rust programs that run as WebAssembly: the platform's `fetch`, or the caller's.
//!
//! Both are called as `fetch(address, init)` with a plain object: the one form that every implementation, every
//! service binding and every test double takes. The answer is read with `gloo-net` where it is a real one, and by its
//! members otherwise: answers of other realms and look-alikes are welcome, and nothing they do may throw through wasm.
//! The npm package does without it: there the same is done in TypeScript, which weighs a tenth.

use core::cell::Cell;

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::engine::{Failure, Stage, Transport};
use crate::proto::http::{Request, Response};
use crate::schema::json::{ObjectWriter, as_text};
use crate::schema::text;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn platform_fetch(url: &str, init: &JsValue) -> Result<JsValue, JsValue>;

    /// A `Uint8Array` made of whatever somebody gave: unlike that of `js-sys`, making it may fail.
    #[wasm_bindgen(extends = Uint8Array)]
    type Bytes;

    #[wasm_bindgen(constructor, js_class = "Uint8Array", catch)]
    fn new(source: &JsValue, offset: &JsValue, length: &JsValue) -> Result<Bytes, JsValue>;
}

/// Headers of answers that are worth a look.
const HEADERS: &[&str] = &["content-length", "date", "retry-after", "x-request-id", "x-cloud-trace-context", "cf-ray"];

/// More pieces than any network makes of a body under the cap; a stream of empty ones would never end.
const MOST_CHUNKS: u32 = 1 << 20;

/// Sends with `fetch`.
#[derive(Debug, Clone, Default)]
pub struct Fetch {
    /// The caller's function; nothing for the platform's.
    pub function: Option<Function>,
}

/// Ends the exchange when it is dropped, however that happens.
struct EndOnDrop(Option<AbortController>);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = self.0.take() {
            controller.abort();
        }
    }
}

impl Transport for Fetch {
    type Cause = JsValue;

    async fn send(
        &self,
        request: &Request,
        limit: usize,
        stage: &Cell<Stage>,
    ) -> Result<Response, (Failure, Option<JsValue>)> {
        let mut guard = EndOnDrop(None);
        let mut response = Response::default();
        let Err(trouble) = self.exchange(request, limit, stage, &mut guard, &mut response).await else {
            // Nothing is left to end.
            guard.0 = None;
            return Ok(response);
        };
        let began = matches!(stage.get(), Stage::Answered(_));
        let too_large = matches!(trouble, Trouble::TooLarge);
        let (message, cause) = match trouble {
            Trouble::TooLarge => (String::new(), None),
            Trouble::Says(message) => (message.to_owned(), None),
            Trouble::Threw(what, cause) => ([what, &describe(&cause)].concat(), Some(cause)),
        };
        let sent = stage.get() != Stage::Before && !cause.as_ref().is_some_and(proves_unsent);
        let partial = began.then_some(response);
        Err((Failure { message, sent, partial, too_large, ..Failure::default() }, cause))
    }
}

/// Why an exchange ended early: something of our own, or what the platform threw.
enum Trouble {
    TooLarge,
    Says(&'static str),
    Threw(&'static str, JsValue),
}

impl Fetch {
    async fn exchange(
        &self,
        request: &Request,
        limit: usize,
        stage: &Cell<Stage>,
        guard: &mut EndOnDrop,
        response: &mut Response,
    ) -> Result<(), Trouble> {
        let threw = |what| move |cause| Trouble::Threw(what, cause);
        let controller = AbortController::new().map_err(threw(""))?;
        let init = init(request, &controller);
        guard.0 = Some(controller);
        stage.set(Stage::Sent);
        let called = match &self.function {
            Some(function) => function.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init),
            None => platform_fetch(&request.url, &init),
        };
        let answer = settle(called).await.map_err(threw(""))?;

        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a status")]
        match get(&answer, "status").as_f64() {
            Some(0.0) if get(&answer, "type").as_string().as_deref() == Some("error") => {
                return Err(Trouble::Says("`fetch` gave an error response"));
            }
            Some(status @ 0.0..=999.0) => {
                response.status = status as u16;
                stage.set(Stage::Answered(response.status));
            }
            _ => return Err(Trouble::Says("`fetch` gave something that is no response")),
        }
        let headers = get(&answer, "headers");
        for name in HEADERS.iter().copied() {
            let value = call(&headers, "get", &JsValue::from_str(name)).ok().and_then(|value| value.as_string());
            response.headers.extend(value.map(|value| (name.to_owned(), value)));
        }
        let announced = response.header("content-length").and_then(|length| text::number(length.trim_ascii()));
        if announced.is_some_and(|length| length as usize > limit) {
            return Err(Trouble::TooLarge);
        }
        let broken = || threw("the answer broke off: ");
        let Ok(reader) = call(&get(&answer, "body"), "getReader", &JsValue::UNDEFINED) else {
            if answer.has_type::<web_sys::Response>() {
                let answer = gloo_net::http::Response::from(answer.unchecked_into::<web_sys::Response>());
                let body = answer.binary().await;
                response.body = body.map_err(|error| {
                    let message = match &error {
                        gloo_net::Error::JsError(error) => error.message.as_str(),
                        gloo_net::Error::GlooError(message) => message,
                    };
                    broken()(JsError::new(message).into())
                })?;
            } else if let Ok(body) = settle(call(&answer, "arrayBuffer", &JsValue::UNDEFINED)).await {
                return append(&mut response.body, &body, limit);
            } else {
                let body = settle(call(&answer, "text", &JsValue::UNDEFINED)).await.map_err(broken())?;
                response.body = body.as_string().unwrap_or_default().into_bytes();
            }
            return if response.body.len() > limit { Err(Trouble::TooLarge) } else { Ok(()) };
        };
        for _ in 0..MOST_CHUNKS {
            let chunk = settle(call(&reader, "read", &JsValue::UNDEFINED)).await.map_err(broken())?;
            if get(&chunk, "done").is_truthy() {
                return Ok(());
            }
            let appended = append(&mut response.body, &get(&chunk, "value"), limit);
            if appended.is_err() {
                // Not awaited: whether the rest is thrown away politely changes nothing.
                if let Ok(cancelled) = call(&reader, "cancel", &JsValue::UNDEFINED) {
                    drop(JsFuture::from(Promise::resolve(&cancelled)));
                }
                return appended;
            }
        }
        Err(Trouble::Says("the answer's body came in too many pieces"))
    }
}

/// The second argument of `fetch`. Bytes of the caller's are for whoever has them: this transport sends what JSON holds.
fn init(request: &Request, controller: &AbortController) -> JsValue {
    let mut text = Vec::new();
    let mut init = ObjectWriter::new(&mut text);
    init.string("method", request.method);
    let mut headers = ObjectWriter::new(init.key("headers"));
    for (name, value) in &request.headers {
        headers.string(name, value);
    }
    headers.close();
    if let Some(body) = &request.body {
        init.string("body", as_text(body));
    }
    // A redirect would carry the key to another address.
    init.string("redirect", "manual");
    init.close();
    let init = js_sys::JSON::parse(as_text(&text)).unwrap_or(JsValue::UNDEFINED);
    // Setting a member of an object of our own cannot fail.
    let _ = Reflect::set(&init, &JsValue::from_str("signal"), controller.signal().as_ref());
    init
}

/// Waits for what was called; a plain value is as good as a promise.
async fn settle(called: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&called?)).await
}

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method; what is no method, or throws, is an error.
fn call(value: &JsValue, name: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    get(value, name).dyn_into::<Function>()?.call1(value, argument)
}

/// Adds the bytes of a chunk: a typed array or an `ArrayBuffer`, of whatever realm.
fn append(body: &mut Vec<u8>, chunk: &JsValue, limit: usize) -> Result<(), Trouble> {
    const OTHER: Trouble = Trouble::Says("the answer's body holds something other than bytes");
    if get(chunk, "byteLength").as_f64().is_none() {
        return Err(OTHER);
    }
    let view = get(chunk, "buffer");
    let bytes = if view.is_undefined() {
        Bytes::new(chunk, &JsValue::UNDEFINED, &JsValue::UNDEFINED)
    } else {
        Bytes::new(&view, &get(chunk, "byteOffset"), &get(chunk, "byteLength"))
    };
    let bytes = bytes.map_err(|_| OTHER)?;
    if body.len() + bytes.length() as usize > limit {
        return Err(Trouble::TooLarge);
    }
    let bytes = bytes.to_vec();
    if body.is_empty() {
        // Most answers come in one piece.
        *body = bytes;
    } else {
        body.extend_from_slice(&bytes);
    }
    Ok(())
}

/// What somebody threw, in one line.
fn describe(thrown: &JsValue) -> String {
    let own = get(thrown, "message")
        .as_string()
        .or_else(|| thrown.as_string())
        .unwrap_or_else(|| "unknown failure".to_owned());
    let inner = get(&get(thrown, "cause"), "message").as_string().filter(|inner| !inner.is_empty());
    match inner {
        Some(inner) => [&own, " (", &inner, ")"].concat(),
        None => own,
    }
}

/// Does the runtime prove that nothing was sent? Node and Bun name the system's error.
fn proves_unsent(thrown: &JsValue) -> bool {
    const CODES: [&str; 6] =
        ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "ConnectionRefused", "ERR_INVALID_URL"];
    let code = |value: &JsValue| get(value, "code").as_string().is_some_and(|code| CODES.contains(&code.as_str()));
    let inner = get(thrown, "cause");
    code(thrown) || code(&inner) || get(&inner, "message").as_string().as_deref() == Some("bad port")
}

//! The transport: the platform's `fetch`, or the caller's.
//!
//! Both are called as `fetch(address, init)` with a plain object: the one form that every implementation, every
//! service binding and every test double takes. The answer is read with `gloo-net` where it is a real one, and by its
//! members otherwise: answers of other realms and look-alikes are welcome, and nothing they do may throw through wasm.

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::engine::{Failure, Transport};
use crate::proto::http::{Request, Response};
use crate::schema::json::as_text;
use crate::schema::text;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn platform_fetch(url: &str, init: &Object) -> Result<JsValue, JsValue>;
}

/// Headers of answers that are worth a look.
const HEADERS: [&str; 6] = ["content-length", "date", "retry-after", "x-request-id", "x-cloud-trace-context", "cf-ray"];

/// Sends with `fetch`.
#[derive(Debug)]
pub(super) struct Fetch {
    /// The caller's function.
    pub(super) function: Option<Function>,
    /// The value of `credentials`.
    pub(super) credentials: Option<String>,
    /// The bearer token for a gateway: a string or a function that gives one.
    pub(super) token: JsValue,
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

    async fn send(&self, request: &Request, limit: usize) -> Result<Response, Failure<JsValue>> {
        let token = self.token().await?;
        let controller = AbortController::new().map_err(|cause| unsent("AbortController is not to be had", cause))?;
        let init = init(request, &controller, self.credentials.as_deref(), token.as_deref());
        let mut guard = EndOnDrop(Some(controller));
        let called = match &self.function {
            Some(function) => function.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init),
            None => platform_fetch(&request.url, &init),
        };
        let answer = match called {
            Ok(answer) => JsFuture::from(Promise::resolve(&answer)).await,
            Err(thrown) => Err(thrown),
        };
        let answer = answer.map_err(|cause| Failure {
            message: describe(&cause),
            sent: !proves_unsent(&cause),
            partial: None,
            too_large: false,
            cause: Some(cause),
        })?;
        let response = read(&answer, limit).await;
        if response.is_ok() {
            // Nothing is left to end.
            guard.0 = None;
        }
        response
    }
}

impl Fetch {
    async fn token(&self) -> Result<Option<String>, Failure<JsValue>> {
        let token = match self.token.dyn_ref::<Function>() {
            Some(function) => match function.call0(&JsValue::UNDEFINED) {
                Ok(token) => JsFuture::from(Promise::resolve(&token)).await,
                Err(thrown) => Err(thrown),
            }
            .map_err(|cause| unsent("`gateway.token` failed", cause))?,
            None => self.token.clone(),
        };
        Ok(token.as_string().filter(|token| !token.is_empty()))
    }
}

fn unsent(message: &str, cause: JsValue) -> Failure<JsValue> {
    Failure { message: message.to_owned(), sent: false, partial: None, too_large: false, cause: Some(cause) }
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a member of an object of our own cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

fn init(request: &Request, controller: &AbortController, credentials: Option<&str>, token: Option<&str>) -> Object {
    let headers = Object::new();
    for (name, value) in &request.headers {
        set(&headers, name, &JsValue::from_str(value));
    }
    if let Some(token) = token {
        set(&headers, "authorization", &JsValue::from_str(&["Bearer ", token].concat()));
    }
    let init = Object::new();
    set(&init, "method", &JsValue::from_str(request.method));
    set(&init, "headers", &headers);
    if let Some(body) = &request.body {
        set(&init, "body", &JsValue::from_str(as_text(body)));
    }
    // A redirect would carry the key to another address.
    set(&init, "redirect", &JsValue::from_str("manual"));
    set(&init, "signal", controller.signal().as_ref());
    if let Some(credentials) = credentials {
        set(&init, "credentials", &JsValue::from_str(credentials));
    }
    init
}

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

fn method(value: &JsValue, name: &str) -> Option<Function> {
    get(value, name).dyn_into().ok()
}

/// Calls a method and waits for what it gives; nothing if there is no such method.
async fn call(value: &JsValue, name: &str) -> Option<Result<JsValue, JsValue>> {
    let called = method(value, name)?.call0(value);
    Some(match called {
        Ok(given) => JsFuture::from(Promise::resolve(&given)).await,
        Err(thrown) => Err(thrown),
    })
}

/// Reads an answer's status, the headers that matter, and its body up to the limit.
async fn read(answer: &JsValue, limit: usize) -> Result<Response, Failure<JsValue>> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a status")]
    let status =
        get(answer, "status").as_f64().filter(|status| (0.0..=999.0).contains(status)).map(|status| status as u16);
    let Some(status) = status else {
        return Err(Failure {
            message: "`fetch` gave something that is no response".to_owned(),
            sent: true,
            partial: None,
            too_large: false,
            cause: None,
        });
    };
    let mut response = Response { status, headers: Vec::new(), body: Vec::new() };
    let headers = get(answer, "headers");
    if let Some(lookup) = method(&headers, "get") {
        for name in HEADERS {
            let value = lookup.call1(&headers, &JsValue::from_str(name)).ok().and_then(|value| value.as_string());
            response.headers.extend(value.map(|value| (name.to_owned(), value)));
        }
    }
    let broken = |response: &Response, too_large: bool, cause: Option<JsValue>| Failure {
        message: cause.as_ref().map_or_else(
            || "the answer is too large".to_owned(),
            |cause| ["the answer broke off: ", &describe(cause)].concat(),
        ),
        sent: true,
        partial: Some(response.clone()),
        too_large,
        cause,
    };
    let announced = response.header("content-length").and_then(|length| text::number(length.trim_ascii()));
    if announced.is_some_and(|length| length as usize > limit) {
        return Err(broken(&response, true, None));
    }
    let stream = get(answer, "body");
    if let Some(reader) = method(&stream, "getReader").and_then(|open| open.call0(&stream).ok()) {
        loop {
            let chunk = call(&reader, "read").await.unwrap_or(Ok(JsValue::UNDEFINED));
            let chunk = chunk.map_err(|cause| broken(&response, false, Some(cause)))?;
            if get(&chunk, "done").is_truthy() || chunk.is_undefined() {
                return Ok(response);
            }
            let bytes = bytes_of(&get(&chunk, "value"));
            if response.body.len() + bytes.as_ref().map_or(0, |bytes| bytes.length() as usize) > limit {
                // Not awaited: whether the rest is thrown away politely changes nothing.
                if let Some(Ok(cancelled)) = method(&reader, "cancel").map(|cancel| cancel.call0(&reader)) {
                    drop(JsFuture::from(Promise::resolve(&cancelled)));
                }
                response.body.truncate(1 << 16);
                return Err(broken(&response, true, None));
            }
            if let Some(bytes) = bytes {
                append(&mut response.body, &bytes);
            }
        }
    }
    if answer.has_type::<web_sys::Response>() {
        let body = gloo_net::http::Response::from(answer.clone().unchecked_into::<web_sys::Response>()).binary().await;
        response.body =
            body.map_err(|error| broken(&response, false, Some(JsError::new(&error.to_string()).into())))?;
    } else if let Some(body) = call(answer, "arrayBuffer").await {
        let body = body.map_err(|cause| broken(&response, false, Some(cause)))?;
        append(&mut response.body, &Uint8Array::new(&body));
    } else if let Some(body) = call(answer, "text").await {
        let body = body.map_err(|cause| broken(&response, false, Some(cause)))?;
        response.body = body.as_string().unwrap_or_default().into_bytes();
    }
    if response.body.len() > limit {
        response.body.truncate(1 << 16);
        return Err(broken(&response, true, None));
    }
    Ok(response)
}

/// The bytes of a chunk, also of another realm.
fn bytes_of(chunk: &JsValue) -> Option<Uint8Array> {
    get(chunk, "byteLength").as_f64()?;
    Some(match chunk.dyn_ref::<Uint8Array>() {
        Some(bytes) => bytes.clone(),
        None => Uint8Array::new(chunk),
    })
}

fn append(body: &mut Vec<u8>, bytes: &Uint8Array) {
    let start = body.len();
    body.resize(start + bytes.length() as usize, 0);
    if let Some(tail) = body.get_mut(start..) {
        bytes.copy_to(tail);
    }
}

/// What somebody threw, in one line.
pub(super) fn describe(thrown: &JsValue) -> String {
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
    const CODES: [&str; 5] = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "ConnectionRefused"];
    let code = |value: &JsValue| get(value, "code").as_string().is_some_and(|code| CODES.contains(&code.as_str()));
    code(thrown) || code(&get(thrown, "cause"))
}

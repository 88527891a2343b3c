//! The transport of Rust programs that run as wasm: the platform's `fetch`, or a function of the caller's.
//!
//! Requests for the platform are built with `gloo-net`. They are not sent with it, and answers are not read with it: it
//! panics if `fetch` gives something that is no `Response` of this realm or throws something that is no `Error`, and it
//! reads bodies of any size. Answers are read by their members instead. Those of other realms and look-alikes are welcome,
//! and nothing they do throws through wasm.

use core::cell::Cell;
use std::borrow::Cow;

use gloo_net::http::{Headers, RequestBuilder};
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCredentials, RequestRedirect};

use crate::engine::{Failure, Stage, Transport};
use crate::proto::call::{Config, visible};
use crate::proto::http::{Request, Response};
use crate::proto::secret::scrub;
use crate::schema::json::as_text;
use crate::schema::text;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn platform_fetch(request: &web_sys::Request) -> Result<JsValue, JsValue>;

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
///
/// Whatever is thrown becomes [`Stopped::Failed`](crate::engine::Stopped::Failed) with a network error, and is kept beside it as
/// it is. The words of the error are without secrets; what was thrown may show some, so think before logging it.
///
/// # Example
///
/// ```no_run,standalone_crate
/// use core::future::pending;
/// use image_sources::engine::{Driver, Stopped};
/// use image_sources::proto::call::Config;
/// use image_sources::wasm::{Fetch, PlatformClock};
///
/// /// The sources of an account, as JSON.
/// async fn sources(key: &str) -> Result<String, String> {
///     let imgix = image_sources::provider("imgix").ok_or("no such provider")?;
///     let list = imgix.operation("sources.list").ok_or("no such operation")?;
///     let options = format!(r#"{{"apiKey":"{key}"}}"#);
///     let config = Config::new(imgix, options.as_bytes()).map_err(|error| error.to_string())?;
///     let driver = Driver::new(config, Fetch::new(), PlatformClock);
///
///     let prepared = driver.config.prepare(list, &[], b"null", b"null", None).map_err(|error| error.to_string())?;
///     // The last argument ends the call when it is ready; this one never is.
///     match driver.run(&prepared, &mut (), pending()).await {
///         Ok(read) => Ok(String::from_utf8_lossy(&read.json.unwrap_or_default()).into_owned()),
///         Err(Stopped::Failed(error, thrown)) => Err(format!("{} {thrown:?}", error.message)),
///         Err(Stopped::Aborted) => Err("ended by the caller".to_owned()),
///     }
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Fetch {
    function: Option<Function>,
    credentials: Option<String>,
    token: JsValue,
    bytes: JsValue,
}

impl Fetch {
    /// Over the platform's `fetch`, which takes a `Request`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Over this function, which takes an address and a plain object: the form that every implementation, every service
    /// binding and every test double takes.
    pub fn with_function(mut self, function: Function) -> Self {
        self.function = Some(function);
        self
    }

    /// For a gateway: sends cookies as the options say.
    pub fn with_credentials(mut self, config: &Config) -> Self {
        self.credentials = config.credentials().map(Cow::into_owned);
        self
    }

    /// For a gateway: a bearer token, or a function that gives one or a promise of one.
    pub fn with_token(mut self, token: JsValue) -> Self {
        self.token = token;
        self
    }

    /// What an upload sends: a `Blob`, a `Uint8Array` or an `ArrayBuffer`. A stream could not be sent again.
    pub fn with_bytes(mut self, bytes: JsValue) -> Self {
        self.bytes = bytes;
        self
    }
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
        let mut exchange = Exchange { guard: EndOnDrop(None), response: Response::default(), secrets: Vec::new() };
        let Err(trouble) = exchange.run(self, request, limit, stage).await else {
            // Nothing is left to end.
            exchange.guard.0 = None;
            return Ok(exchange.response);
        };
        let (message, cause) = match &trouble {
            Trouble::TooLarge => (String::new(), None),
            Trouble::Says(message) => ((*message).to_owned(), None),
            Trouble::Threw(what, cause) => {
                ([what, scrub(&describe(cause), &exchange.secrets).as_str()].concat(), Some(cause))
            }
        };
        let sent = stage.get() != Stage::Before && !cause.is_some_and(proves_unsent);
        let partial = matches!(stage.get(), Stage::Answered(_)).then_some(exchange.response);
        let too_large = matches!(trouble, Trouble::TooLarge);
        let browser = !get(&js_sys::global(), "document").is_undefined();
        let failure = Failure { message, sent, partial, too_large, timed_out: false, browser };
        Err((failure, cause.cloned()))
    }
}

/// Why an exchange ended early: something of our own, or what the platform threw.
enum Trouble {
    TooLarge,
    Says(&'static str),
    Threw(&'static str, JsValue),
}

fn threw(what: &'static str) -> impl FnOnce(JsValue) -> Trouble {
    move |cause| Trouble::Threw(what, cause)
}

/// One request and its answer, as far as it has come.
struct Exchange {
    guard: EndOnDrop,
    response: Response,
    secrets: Vec<String>,
}

impl Exchange {
    async fn run(
        &mut self,
        fetch: &Fetch,
        request: &Request,
        limit: usize,
        stage: &Cell<Stage>,
    ) -> Result<(), Trouble> {
        let mut request = request.clone();
        if request.own
            && let Some(token) = token(&fetch.token).await?
        {
            request.headers.push(("authorization".to_owned(), ["Bearer ", &token].concat()));
            self.secrets.push(token);
        }
        let credentials = fetch.credentials.as_deref().filter(|_| request.own);
        let body = match &request.body {
            _ if request.bytes && fetch.bytes.is_undefined() => {
                return Err(Trouble::Says("there are no bytes to send: give them with `Fetch::with_bytes`"));
            }
            _ if request.bytes => Some(fetch.bytes.clone()),
            body => body.as_deref().map(|body| JsValue::from_str(as_text(body))),
        };
        let controller = AbortController::new().map_err(threw(""))?;
        let called = if let Some(function) = &fetch.function {
            let init = init(&request, body.as_ref(), credentials, &controller);
            self.guard.0 = Some(controller);
            stage.set(Stage::Sent);
            // Without a receiver: a bare `fetch` called as a method fails in browsers and Workers.
            function.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init)
        } else {
            let built = build(&request, body, credentials, &controller)?;
            self.guard.0 = Some(controller);
            stage.set(Stage::Sent);
            platform_fetch(&built)
        };
        let answer = settle(called).await.map_err(threw(""))?;
        self.read(&answer, limit, stage).await
    }

    async fn read(&mut self, answer: &JsValue, limit: usize, stage: &Cell<Stage>) -> Result<(), Trouble> {
        let response = &mut self.response;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a status")]
        match get(answer, "status").as_f64() {
            Some(0.0) if get(answer, "type").as_string().as_deref() == Some("error") => {
                return Err(Trouble::Says("`fetch` gave an error response"));
            }
            Some(status @ 0.0..=999.0) => {
                response.status = status as u16;
                stage.set(Stage::Answered(response.status));
            }
            _ => return Err(Trouble::Says("`fetch` gave something that is no response")),
        }
        let headers = get(answer, "headers");
        for name in HEADERS.iter().copied() {
            let value = call(&headers, "get", &JsValue::from_str(name)).ok().and_then(|value| value.as_string());
            response.headers.extend(value.map(|value| (name.to_owned(), value)));
        }
        let announced = response.header("content-length").and_then(|length| text::number(length.trim_ascii()));
        if announced.is_some_and(|length| length as usize > limit) {
            return Err(Trouble::TooLarge);
        }
        let body = &mut response.body;
        let Ok(reader) = call(&get(answer, "body"), "getReader", &JsValue::UNDEFINED) else {
            if get(answer, "arrayBuffer").is_function() {
                let whole = settle(call(answer, "arrayBuffer", &JsValue::UNDEFINED)).await.map_err(threw(""))?;
                return append(body, &whole, limit);
            }
            let whole = settle(call(answer, "text", &JsValue::UNDEFINED)).await.map_err(threw(""))?;
            *body = whole.as_string().unwrap_or_default().into_bytes();
            return if body.len() > limit { Err(Trouble::TooLarge) } else { Ok(()) };
        };
        for _ in 0..MOST_CHUNKS {
            let chunk = settle(call(&reader, "read", &JsValue::UNDEFINED)).await.map_err(threw(""))?;
            if get(&chunk, "done").is_truthy() {
                return Ok(());
            }
            let appended = append(body, &get(&chunk, "value"), limit);
            if appended.is_err() {
                // Not awaited: whether the rest is thrown away politely changes nothing.
                wasm_bindgen_futures::spawn_local(async move {
                    let _ = settle(call(&reader, "cancel", &JsValue::UNDEFINED)).await;
                });
                return appended;
            }
        }
        Err(Trouble::Says("the answer's body came in too many pieces"))
    }
}

/// The token for a gateway, if there is one.
async fn token(token: &JsValue) -> Result<Option<String>, Trouble> {
    let given = match token.dyn_ref::<Function>() {
        Some(function) => {
            settle(function.call0(&JsValue::UNDEFINED)).await.map_err(threw("the token could not be had: "))?
        }
        None => token.clone(),
    };
    if given.is_undefined() || given.is_null() {
        return Ok(None);
    }
    match given.as_string() {
        Some(token) if visible(&token) => Ok(Some(token).filter(|token| !token.is_empty())),
        _ => Err(Trouble::Says("what was given as a token is none")),
    }
}

/// A request for the platform's `fetch`.
fn build(
    request: &Request,
    body: Option<JsValue>,
    credentials: Option<&str>,
    controller: &AbortController,
) -> Result<web_sys::Request, Trouble> {
    // What the builder does first; here, an address that is none is an error with its cause.
    web_sys::Request::new_with_str(&request.url).map_err(threw(""))?;
    let headers = web_sys::Headers::new().map_err(threw(""))?;
    for (name, value) in &request.headers {
        headers.set(name, value).map_err(threw(""))?;
    }
    let method = request.method.parse().map_err(|_| Trouble::Says("the method is none"))?;
    let mut builder = RequestBuilder::new(&request.url)
        .method(method)
        .headers(Headers::from_raw(headers))
        // A redirect would carry the key to another address.
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&controller.signal()));
    builder = match credentials {
        Some("omit") => builder.credentials(RequestCredentials::Omit),
        Some("include") => builder.credentials(RequestCredentials::Include),
        Some(_) => builder.credentials(RequestCredentials::SameOrigin),
        None => builder,
    };
    let built = match body {
        Some(body) => builder.body(body),
        None => builder.build(),
    };
    built.map(web_sys::Request::from).map_err(|error| threw("")(JsError::from(error).into()))
}

/// The second argument for a caller's function.
fn init(request: &Request, body: Option<&JsValue>, credentials: Option<&str>, controller: &AbortController) -> JsValue {
    // Setting a member of an object of our own cannot fail.
    let set =
        |object: &Object, name: &str, value: &JsValue| drop(Reflect::set(object, &JsValue::from_str(name), value));
    let (init, headers) = (Object::new(), Object::new());
    for (name, value) in &request.headers {
        set(&headers, name, &JsValue::from_str(value));
    }
    set(&init, "method", &JsValue::from_str(request.method));
    set(&init, "headers", &headers);
    if let Some(body) = body {
        set(&init, "body", body);
    }
    // A redirect would carry the key to another address.
    set(&init, "redirect", &JsValue::from_str("manual"));
    if let Some(credentials) = credentials {
        set(&init, "credentials", &JsValue::from_str(credentials));
    }
    set(&init, "signal", &controller.signal());
    init.into()
}

/// Waits for what was called; a plain value is as good as a promise.
async fn settle(called: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    let value = called?;
    // A promise of our own: looking at one that was given, or at what looks like one, may throw.
    JsFuture::from(Promise::new(&mut |resolve: Function, _| drop(resolve.call1(&JsValue::UNDEFINED, &value)))).await
}

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a method; what is no method, or throws, is an error.
fn call(value: &JsValue, name: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let method = Reflect::get(value, &JsValue::from_str(name))?;
    match method.dyn_ref::<Function>() {
        Some(method) => method.call1(value, argument),
        None => Err(JsError::new(&["it has no `", name, "`"].concat()).into()),
    }
}

/// Adds the bytes of a chunk: a typed array or an `ArrayBuffer`, of whatever realm.
fn append(body: &mut Vec<u8>, chunk: &JsValue, limit: usize) -> Result<(), Trouble> {
    const OTHER: Trouble = Trouble::Says("the answer's body holds something other than bytes");
    let Some(length) = get(chunk, "byteLength").as_f64() else { return Err(OTHER) };
    let view = get(chunk, "buffer");
    let bytes = if view.is_undefined() {
        Bytes::new(chunk, &JsValue::UNDEFINED, &JsValue::UNDEFINED)
    } else {
        Bytes::new(&view, &get(chunk, "byteOffset"), &get(chunk, "byteLength"))
    };
    // What is only called a buffer makes other bytes than it says.
    let bytes = bytes.ok().filter(|bytes| f64::from(bytes.length()).total_cmp(&length).is_eq()).ok_or(OTHER)?;
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

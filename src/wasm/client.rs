//! What the JavaScript side calls.
//!
//! Everything comes in as JSON bytes and is checked against tables; failures go out as records from which the
//! JavaScript side makes its error classes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::clock::PlatformClock;
use super::fetch::{self, Fetch};
use super::out;
use crate::engine::{Driver, Event, Listener, Stopped};
use crate::proto::call::{Config, Prepared};
use crate::proto::error::{Class, Error};
use crate::proto::operation::{Answer, Operation, Provider};
use crate::proto::read::Read;
use crate::proto::secret::scrub;
use crate::schema::json::{self, Shape};
use crate::schema::{Code, Input, Problem, check_input};

/// A client of one account at one provider.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    inner: Rc<Inner>,
}

#[derive(Debug)]
struct Inner {
    driver: Driver<Fetch, PlatformClock>,
    operations: Vec<&'static Operation>,
    on_event: Option<Function>,
    calls: Cell<u32>,
}

fn invalid(provider: &'static str, field: &str, code: Code, message: &str) -> JsValue {
    out::error(&Error::invalid(provider, "", vec![Problem::error(field, code, message)]))
}

fn known(provider: &str) -> Result<&'static Provider, JsValue> {
    crate::provider(provider).ok_or_else(|| invalid("", "provider", Code::Value, "is not known"))
}

#[wasm_bindgen]
impl Core {
    /// Checks the options (JSON) and makes a client; throws an error record.
    #[wasm_bindgen(constructor)]
    pub fn new(
        provider: &str,
        options: &[u8],
        fetch: Option<Function>,
        on_event: Option<Function>,
        token: JsValue,
    ) -> Result<Core, JsValue> {
        let provider = known(provider)?;
        let config = Config::new(provider, options).map_err(|error| out::error(&error))?;
        let transport = Fetch {
            function: fetch,
            watched: on_event.is_some(),
            credentials: config.credentials.clone(),
            token,
            last_token: RefCell::default(),
        };
        let driver = Driver { config, transport, clock: PlatformClock };
        let operations = provider.operations().collect();
        Ok(Self { inner: Rc::new(Inner { driver, operations, on_event, calls: Cell::new(0) }) })
    }

    /// Runs the operation of this number; `arguments` is the JSON array `[parameters, input, options, time]`.
    ///
    /// Resolves with the value, or for a list with `[items, total, next page]`. Rejects with an error record, or with
    /// `undefined` if `cancelled` settled first.
    pub fn call(&self, operation: u32, arguments: Vec<u8>, cancelled: Option<Promise>) -> Promise {
        let inner = Rc::clone(&self.inner);
        future_to_promise(async move { inner.run(operation, &arguments, cancelled).await })
    }

    /// The request of a call as it can be shown, as `{ operation, method, url, headers, body? }`; throws an error record.
    #[wasm_bindgen(js_name = dryRun)]
    pub fn dry_run(&self, operation: u32, arguments: &[u8]) -> Result<JsValue, JsValue> {
        let prepared = self.inner.prepare(operation, arguments)?;
        Ok(out::prepared(prepared.operation.name, &self.inner.driver.config.shown(&prepared)))
    }
}

impl Inner {
    fn prepare(&self, operation: u32, arguments: &[u8]) -> Result<Prepared, JsValue> {
        let operation = self.operations.get(operation as usize).copied();
        let operation = operation
            .ok_or_else(|| invalid(self.driver.config.provider.name, "operation", Code::Unknown, "is not known"))?;
        let mut parts = json::items(arguments);
        let parameters: Vec<&[u8]> = json::items(parts.next().unwrap_or_default()).collect();
        let input = parts.next().unwrap_or(b"null");
        let options = parts.next().unwrap_or(b"null");
        let today = parts.next().and_then(json::string);
        self.driver
            .config
            .prepare(operation, &parameters, input, options, today.as_deref())
            .map_err(|error| out::error(&error))
    }

    async fn run(&self, operation: u32, arguments: &[u8], cancelled: Option<Promise>) -> Result<JsValue, JsValue> {
        let prepared = self.prepare(operation, arguments)?;
        let number = self.calls.get().wrapping_add(1);
        self.calls.set(number);
        let watch = Watch { inner: self, call: number, operation: prepared.operation };
        let aborted = async {
            match cancelled {
                Some(promise) => drop(JsFuture::from(promise).await),
                None => core::future::pending().await,
            }
        };
        match self.driver.run(&prepared, &watch, aborted).await {
            Ok(read) => Ok(give(prepared.operation, &read)),
            Err(Stopped::Aborted) => Err(JsValue::UNDEFINED),
            Err(Stopped::Failed(mut error, cause)) => {
                let mut secrets = self.driver.config.context(&prepared, false).secrets.to_vec();
                secrets.extend(self.driver.transport.last_token.borrow().clone());
                let secrets = secrets.as_slice();
                error.message = scrub(&error.message, secrets);
                for problem in &mut error.problems {
                    problem.message = scrub(&problem.message, secrets);
                }
                if let Some(text) = &mut error.body_text {
                    *text = scrub(text, secrets);
                }
                if error.class == Class::Network && error.status.is_none() && is_browser() {
                    error.message.push_str(
                        "; in a browser this can mean that the provider does not answer pages of this origin (CORS): use a gateway",
                    );
                }
                let record = out::error(&error);
                if let Some(cause) = cause {
                    let _ =
                        js_sys::Reflect::set(&record, &JsValue::from_str("cause"), &without_secrets(cause, secrets));
                }
                Err(record)
            }
        }
    }
}

fn is_browser() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &JsValue::from_str("document")).unwrap_or(false)
}

/// The cause itself, or a scrubbed copy where it shows a secret.
fn without_secrets(cause: JsValue, secrets: &[String]) -> JsValue {
    if shows(&cause, secrets, 30, &js_sys::Set::new(&JsValue::UNDEFINED)) {
        return JsError::new(&scrub(&fetch::describe(&cause), secrets)).into();
    }
    cause
}

/// Does a value show a secret, in itself or in its members, enumerable or not, down to some depth?
///
/// What is too large to look through counts as showing one.
fn shows(value: &JsValue, secrets: &[String], depth: u32, seen: &js_sys::Set) -> bool {
    if let Some(text) = value.as_string() {
        return scrub(&text, secrets) != text;
    }
    if !value.is_object() && !value.is_function() {
        return false;
    }
    if seen.has(value) {
        return false;
    }
    seen.add(value);
    if depth == 0 || seen.size() > 300 {
        return true;
    }
    let Ok(keys) = js_sys::Reflect::own_keys(value.unchecked_ref()) else { return true };
    if keys.length() > 200 {
        return true;
    }
    keys.iter().any(|key| {
        // A getter that throws shows nothing.
        js_sys::Reflect::get(value, &key).is_ok_and(|member| shows(&member, secrets, depth - 1, seen))
    })
}

fn give(operation: &Operation, read: &Read) -> JsValue {
    let value = match &read.json {
        Some(json) => out::parse(json),
        None => JsValue::UNDEFINED,
    };
    if !matches!(operation.answer, Answer::List(_)) {
        return value;
    }
    let next = match &read.page.next {
        Some(next) => out::parse(next.as_bytes()),
        None => JsValue::UNDEFINED,
    };
    Array::of3(&value, &read.page.total.map_or(JsValue::UNDEFINED, JsValue::from_f64), &next).into()
}

/// The caller's listener, while one call runs.
struct Watch<'a> {
    inner: &'a Inner,
    call: u32,
    operation: &'static Operation,
}

impl Listener for Watch<'_> {
    fn listening(&self) -> bool {
        self.inner.on_event.is_some()
    }

    fn tell(&self, event: &Event<'_>) {
        if let Some(function) = &self.inner.on_event {
            // A listener that throws changes nothing for the call.
            let _ =
                function.call3(&JsValue::UNDEFINED, &out::event(event), &self.call.into(), &self.operation.name.into());
        }
    }
}

/// Checks a source: `arguments` is the JSON array `[input, options, time]`; gives the problems, throws an error record.
#[wasm_bindgen(js_name = checkSource)]
pub fn check_source(provider: &str, arguments: &[u8]) -> Result<JsValue, JsValue> {
    static OPTIONS: crate::schema::Table =
        crate::schema::Table::new("CheckOptions", &[crate::schema::Field::boolean("updating").updatable().nullable()]);
    let provider = known(provider)?;
    let mut parts = json::items(arguments);
    let input = parts.next().unwrap_or(b"null");
    let options = parts.next().filter(|raw| Shape::of(raw) != Some(Shape::Null)).unwrap_or(b"{}");
    let problems = check_input(options, &OPTIONS, &Input::default());
    if !problems.is_empty() {
        return Err(out::error(&Error::invalid(provider.name, "", problems)));
    }
    let updating = json::member(options, "updating") == Some(b"true");
    let today = parts.next().and_then(json::string);
    let judged = Input { updating, today: today.as_deref(), ..Input::default() };
    Ok(out::problems(&check_input(input, provider.source, &judged)))
}

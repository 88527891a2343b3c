//! What all of these tests need.

use js_sys::{Function, JSON, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

pub(crate) const KEY: &str = "CANARY-key";

pub(crate) const SOURCE: &str =
    r#"{"data":{"id":"1","type":"sources","attributes":{"name":"n","x":[1,{"y":null}],"é":"😀"}}}"#;
/// What becomes of it.
pub(crate) const FLAT: &str = r#"{"name":"n","x":[1,{"y":null}],"é":"😀","id":"1","type":"sources"}"#;

/// A function from its body; `input` and `init` are its arguments.
pub(crate) fn function(body: &str) -> Function {
    Function::new_with_args("input, init", body)
}

/// What a piece of JavaScript gives.
pub(crate) fn eval(body: &str) -> JsValue {
    function(body).call0(&JsValue::UNDEFINED).unwrap()
}

pub(crate) async fn settled(value: JsValue) -> JsValue {
    JsFuture::from(Promise::resolve(&value)).await.unwrap()
}

/// What was left in a global variable.
pub(crate) fn global(name: &str) -> JsValue {
    field(&js_sys::global(), name)
}

pub(crate) fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().as_string().unwrap_or_default()
}

pub(crate) fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

pub(crate) fn string(value: &JsValue, name: &str) -> String {
    field(value, name).as_string().unwrap_or_default()
}

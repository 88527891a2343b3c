//! The sandbox for JavaScript: plain values in, plain values out. `pkg-template/src/sandbox.ts` makes a `fetch` of it.
//!
//! Values cross by `serde-wasm-bindgen`: options, faults and headers come in as objects and lists, answers and the log leave as
//! such; bodies are bytes in both directions.

use serde::Serialize;
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::sandbox::{Faults, Incoming, Mistakes, Options, Provider, Sandbox};

/// Both APIs and all they hold.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SandboxCore {
    sandbox: Sandbox,
}

/// One answer, as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    status: u16,
    headers: &'a [(String, String)],
    #[serde(serialize_with = "as_bytes")]
    body: &'a [u8],
    delay_ms: u32,
    cut_after: Option<usize>,
    reset: bool,
    hang: bool,
}

#[wasm_bindgen]
impl SandboxCore {
    /// A sandbox as the options say; throws with everything that is wrong in them.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Self, JsError> {
        let options = Options::from_value(&json(options)?).map_err(|mistakes| thrown(&mistakes))?;
        Ok(Self { sandbox: Sandbox::new(options) })
    }

    /// Answers one request that arrives at `now_ms` (milliseconds since 1970). Headers are a list of pairs.
    pub fn handle(
        &mut self,
        method: String,
        url: String,
        headers: JsValue,
        body: Vec<u8>,
        now_ms: f64,
    ) -> Result<JsValue, JsError> {
        let headers = serde_wasm_bindgen::from_value(headers)
            .map_err(|_| JsError::new("headers must be a list of pairs of text"))?;
        let reply = self.sandbox.handle(&Incoming { method, url, headers, body }, now_ms);
        let answer = Answer {
            status: reply.response.status,
            headers: &reply.response.headers,
            body: &reply.response.body,
            delay_ms: reply.delay_ms,
            cut_after: reply.cut_after,
            reset: reply.reset,
            hang: reply.hang,
        };
        plain(&answer)
    }

    /// Replaces what goes wrong; throws with everything that is wrong in it, and then changes nothing.
    pub fn configure(&mut self, faults: JsValue) -> Result<(), JsError> {
        let faults = Faults::from_value(&json(faults)?).map_err(|mistakes| thrown(&mistakes))?;
        self.sandbox.use_faults(faults);
        Ok(())
    }

    /// The newest requests.
    pub fn log(&self) -> Result<JsValue, JsError> {
        plain(&self.sandbox.log_json())
    }

    /// All that is kept of one source or asset, secrets included.
    pub fn stored(&self, provider: &str, id: &str) -> Result<JsValue, JsError> {
        let found = Provider::from_name(provider).and_then(|provider| self.sandbox.stored(provider, id));
        found.map_or(Ok(JsValue::UNDEFINED), |value| plain(&value))
    }

    /// Begins anew, as the options said.
    pub fn reset(&mut self) {
        self.sandbox.reset();
    }
}

/// What JSON could hold of a value.
fn json(value: JsValue) -> Result<Value, JsError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| JsError::new(&format!("this is not plain data: {error}")))
}

/// Objects for maps and null for nothing, as `JSON.parse` would make them; bytes stay bytes.
fn plain(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible().serialize_bytes_as_arrays(false))?)
}

/// A `Uint8Array`, not a list of numbers.
fn as_bytes<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

fn thrown(mistakes: &Mistakes) -> JsError {
    JsError::new(&mistakes.to_string())
}

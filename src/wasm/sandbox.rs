//! The sandbox for JavaScript: text and bytes in, text and bytes out. `pkg-template/src/sandbox.ts` makes a `fetch` of it.

use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::sandbox::{Incoming, Mistakes, Options, Provider, Reply, Sandbox};

/// Both APIs and all they hold.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SandboxCore {
    sandbox: Sandbox,
}

#[wasm_bindgen]
impl SandboxCore {
    /// A sandbox as the options (JSON) say; throws with everything that is wrong in them.
    #[wasm_bindgen(constructor)]
    pub fn new(options_json: &str) -> Result<Self, JsError> {
        let options = Options::from_json(options_json).map_err(|mistakes| thrown(&mistakes))?;
        Ok(Self { sandbox: Sandbox::new(options) })
    }

    /// Answers one request that arrives at `now_ms` (milliseconds since 1970). Headers are a JSON array of pairs.
    pub fn handle(
        &mut self,
        method: &str,
        url: &str,
        headers_json: &str,
        body: &[u8],
        now_ms: f64,
    ) -> Result<SandboxReply, JsError> {
        let headers = pairs(headers_json).ok_or_else(|| JsError::new("headers must be a list of pairs of text"))?;
        let request = Incoming { method: method.to_owned(), url: url.to_owned(), headers, body: body.to_vec() };
        Ok(SandboxReply { reply: self.sandbox.handle(&request, now_ms) })
    }

    /// Replaces what goes wrong (JSON); throws with everything that is wrong in it, and then changes nothing.
    pub fn configure(&mut self, faults_json: &str) -> Result<(), JsError> {
        self.sandbox.set_faults(faults_json).map_err(|mistakes| thrown(&mistakes))
    }

    /// The newest requests as a JSON array.
    pub fn log(&self) -> String {
        self.sandbox.log_json().to_string()
    }

    /// All that is kept of one source as JSON, secrets included.
    pub fn stored(&self, provider: &str, id: &str) -> Option<String> {
        self.sandbox.stored(Provider::from_name(provider)?, id).map(|value| value.to_string())
    }

    /// Begins anew, as the options said.
    pub fn reset(&mut self) {
        self.sandbox.reset();
    }
}

/// One answer. Read it, then free it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SandboxReply {
    reply: Reply,
}

#[wasm_bindgen]
impl SandboxReply {
    /// The status.
    pub fn status(&self) -> u16 {
        self.reply.response.status
    }

    /// The headers as a JSON array of pairs.
    #[wasm_bindgen(js_name = headersJson)]
    pub fn headers_json(&self) -> String {
        self.reply
            .response
            .headers
            .iter()
            .map(|(name, value)| serde_json::json!([name, value]))
            .collect::<serde_json::Value>()
            .to_string()
    }

    /// The whole body; the second time it is empty.
    #[wasm_bindgen(js_name = takeBody)]
    pub fn take_body(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.reply.response.body)
    }

    /// Milliseconds to wait before the answer begins.
    #[wasm_bindgen(js_name = delayMs)]
    pub fn delay_ms(&self) -> u32 {
        self.reply.delay_ms
    }

    /// The connection breaks after so many bytes of the body.
    #[wasm_bindgen(js_name = cutAfter)]
    pub fn cut_after(&self) -> Option<u32> {
        self.reply.cut_after.map(|bytes| u32::try_from(bytes).unwrap_or(u32::MAX))
    }

    /// No answer at all: the connection breaks at once.
    pub fn reset(&self) -> bool {
        self.reply.reset
    }
}

fn thrown(mistakes: &Mistakes) -> JsError {
    JsError::new(&mistakes.to_string())
}

fn pairs(json: &str) -> Option<Vec<(String, String)>> {
    let list: serde_json::Value = serde_json::from_str(json).ok()?;
    let pair = |pair: &serde_json::Value| match pair.as_array()?.as_slice() {
        [name, value] => Some((name.as_str()?.to_owned(), value.as_str()?.to_owned())),
        _ => None,
    };
    list.as_array()?.iter().map(pair).collect()
}

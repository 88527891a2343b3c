//! Preparing calls: options and inputs are checked, requests are built. Nothing is sent here.

mod merge;
mod prepare;

use std::borrow::Cow;

pub use self::prepare::{Prepared, Timing};

use super::error::Error;
use super::http::{Header, Request, Response};
use super::operation::{Input as Body, Operation, Provider, To};
use super::read::{self, Context, Read};
use super::secret;
use super::url;
use crate::schema::json::{self, Shape};
use crate::schema::pattern::{holds, like};
use crate::schema::{Code, Input, Level, Problem, check_input, text};

/// What a client knows about an account, checked once.
#[derive(Clone)]
pub struct Config {
    /// The provider.
    pub provider: &'static Provider,
    /// The options as JSON, as they were given: they are right, and read from here where they are needed seldom.
    options: Vec<u8>,
    key: Option<String>,
    /// For every call that states none of its own: of an attempt, of the whole call, and how often it is tried again.
    usual: [Option<f64>; 3],
    /// Is drift an error, or not looked for at all?
    checks: [bool; 2],
    base_url: String,
    image_base_url: String,
    headers: Vec<Header>,
    /// Is the gateway's token asked for anew?
    pub asks: bool,
    /// Do several clients count together?
    pub shared: bool,
}

/// So many requests in so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// So many requests ...
    pub requests: u32,
    /// ... in so many milliseconds.
    pub per_ms: f64,
}

/// A number among options.
fn number(options: &[u8], name: &str) -> Option<f64> {
    json::member(options, name).and_then(json::number)
}

/// A count among options.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the tables bound it to whole numbers")]
fn count(number: f64) -> u32 {
    number as u32
}

/// Options that need not be given.
pub(crate) fn optional(options: &[u8]) -> &[u8] {
    if matches!(Shape::of(options), None | Some(Shape::Null)) { b"{}" } else { options }
}

/// Headers that are ours alone.
const RESERVED: [&str; 6] = ["authorization", "imageboss-api-key", "accept", "content-type", "host", "content-length"];

/// What a text that goes into a header must be.
const VISIBLE: &str = "must be visible ASCII without white space";

impl Config {
    /// Checks the constructor's options, given as JSON.
    #[inline(never)]
    pub fn new(provider: &'static Provider, options: &[u8]) -> Result<Self, Error> {
        let options = optional(options);
        let mut problems = check_input(options, provider.options, &Input::default());
        let mut wrong = |field: &str, code: Code, message: &str| Problem::add(&mut problems, field, code, message);
        let key = json::string_at(options, "apiKey");
        let gateway = json::object_at(options, "gateway");
        if key.is_some() && gateway.is_some() {
            wrong("gateway", Code::Mismatch, "does not go with `apiKey`: the gateway holds the key");
        } else if json::member(options, "apiKey").or(json::member(options, "gateway")).is_none() {
            wrong("apiKey", Code::Required, "is required (or `gateway`)");
        }
        if let Some(key) = &key {
            if text::is_blank(key) {
                wrong("apiKey", Code::Required, "must not be empty");
            } else if !visible(key) {
                wrong("apiKey", Code::Format, VISIBLE);
            }
        }
        let access = gateway.unwrap_or_default();
        let token = json::given(access, "token");
        let asks = token.is_some_and(|token| json::says(token, "\0", "function"));
        match token.filter(|_| !asks).map(json::string) {
            Some(None) => wrong("gateway.token", Code::Type, "must be a string or a function that gives one"),
            Some(Some(token)) if !visible(&token) => wrong("gateway.token", Code::Format, VISIBLE),
            _ => {}
        }
        let limiter = json::given(options, "limiter");
        if limiter.is_some_and(|raw| Shape::of(raw) != Some(Shape::Object) || json::member(raw, "\0").is_some()) {
            wrong("limiter", Code::Type, "must be an object");
        }
        for (class, _) in json::members_at(options, "limits") {
            if !provider.rates.iter().any(|rate| class.is(rate.class)) {
                let names = text::join(provider.rates.iter().map(|rate| rate.class));
                let field = ["limits.", &class.decode()].concat();
                wrong(&field, Code::Unknown, &["is no rate class; there are ", &names].concat());
            }
        }
        let headers = own_headers(options, &mut problems);
        let mut base_url = provider.base_url.to_owned();
        let mut image_base_url = provider.image_base_url.to_owned();
        for (raw, name, field) in
            [(options, "baseUrl", "baseUrl"), (access, "url", "gateway.url"), (options, "imageBaseUrl", "imageBaseUrl")]
        {
            let Some(value) = json::string_at(raw, name) else { continue };
            match url::base(field, &value, name == "url") {
                Ok(base) if name == "imageBaseUrl" => image_base_url = base,
                Ok(base) => base_url = base,
                Err(problem) => problems.push(problem),
            }
        }
        if gateway.is_some() && image_base_url == provider.image_base_url {
            // What is asked of the image host goes through the gateway as well: the key is there.
            image_base_url = [&base_url, "/images"].concat();
        }
        Problem::keep(&mut problems, &|problem| problem.level == Level::Error);
        if !problems.is_empty() {
            return Err(Error::invalid(provider.name, "", problems));
        }
        let key = key.map(Cow::into_owned);
        let usual = ["timeoutMs", "deadlineMs", "retries"].map(|name| number(options, name));
        let checks = ["error", "off"].map(|value| json::says(options, "responseCheck", value));
        let (options, shared) = (options.to_vec(), limiter.is_some());
        Ok(Self { provider, options, key, usual, checks, base_url, image_base_url, headers, asks, shared })
    }

    /// The key, if it is not a gateway that holds it. Never printed.
    fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// How the gateway is reached, as JSON; nothing if there is none.
    fn gateway(&self) -> &[u8] {
        json::member(&self.options, "gateway").unwrap_or_default()
    }

    /// The value of `credentials` for the gateway.
    pub fn credentials(&self) -> Option<Cow<'_, str>> {
        json::string_at(self.gateway(), "credentials")
    }

    /// The request of a prepared call, with every secret in it.
    pub fn request(&self, prepared: &Prepared) -> Request {
        self.request_for(prepared, prepared.operation)
    }

    /// The request for `operation`: that of the call itself, or one that [stands before](Self::read_first) or
    /// [behind](Self::look_up) it.
    pub fn request_for(&self, prepared: &Prepared, operation: &'static Operation) -> Request {
        let attributes = if operation.writes() { prepared.attributes() } else { b"" };
        self.request_of(prepared, operation, &prepared.url, attributes)
    }

    fn request_of(&self, prepared: &Prepared, operation: &'static Operation, url: &str, attributes: &[u8]) -> Request {
        let provider = self.provider;
        let own = operation.to != To::Given;
        let mut headers = Vec::new();
        let mut header = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
        let body = (!attributes.is_empty()).then(|| provider.wire.body(operation, prepared.ids(), attributes));
        if own {
            header("accept", provider.media_type);
        } else if holds("*.blob.core.*|*sv=*sig=*|*sig=*sv=*", &prepared.url) {
            // Azure wants to know what kind of blob is made.
            header("x-ms-blob-type", "BlockBlob");
        }
        if let Some(media_type) = prepared.content_type().or(body.as_ref().map(|_| provider.media_type)) {
            header("content-type", media_type);
        }
        // A pre-signed address is another host: neither the key nor a header of the caller's belongs there.
        if own {
            if let Some(key) = self.key() {
                let (name, prefix) = provider.auth;
                header(name, &[prefix, key].concat());
            }
            headers.extend_from_slice(&self.headers);
        }
        let bytes = matches!(operation.input, Body::Bytes);
        Request { method: operation.method, url: url.to_owned(), headers, body, bytes, own }
    }

    /// The request of a prepared call as it can be shown: every secret masked.
    #[inline(never)]
    pub fn shown(&self, prepared: &Prepared) -> Request {
        let operation = prepared.operation;
        let mut masked = Vec::new();
        secret::mask(prepared.attributes(), prepared.table(), &mut masked);
        let mut request = self.request_of(prepared, operation, &prepared.shown_url(), &masked);
        let token = json::given(self.gateway(), "token");
        if request.own && token.is_some_and(|raw| raw != b"\"\"") {
            request.headers.push(("authorization".to_owned(), ["Bearer ", secret::MASK].concat()));
        }
        let (name_of_key, prefix) = self.provider.auth;
        let has_key = self.key().is_some();
        for (name, value) in &mut request.headers {
            if has_key && name == name_of_key {
                *value = [prefix, secret::MASK].concat();
            } else if secret_header(name) && !value.ends_with(secret::MASK) {
                secret::MASK.clone_into(value);
            }
        }
        // A key in a place that is no key's is one all the same; one of some letters could be a word.
        if let Some(key) = self.key().filter(|key| key.len() >= 8) {
            let hidden = |text: &str| text::has(text, key).then(|| secret::scrub(text, &[key.to_owned()]));
            for (_, value) in &mut request.headers {
                if let Some(shown) = hidden(value) {
                    *value = shown;
                }
            }
            if let Some(shown) = request.body.as_deref().map(json::as_text).and_then(hidden) {
                request.body = Some(shown.into_bytes());
            }
        }
        request
    }

    /// The class that a call's requests are counted in: its limit, if there is one for this client, and that of the provider.
    pub fn limit(&self, operation: &Operation) -> Option<(Option<Limit>, Limit)> {
        let rate = self.provider.rates.iter().find(|rate| rate.class == operation.rate_class)?;
        let usual = rate.limit();
        let given = json::member(json::member(&self.options, "limits").unwrap_or_default(), rate.class);
        let own = given.map_or(Some(usual), |given| {
            Some(Limit { requests: count(number(given, "requests")?), per_ms: number(given, "perMs")? })
        });
        Some((own, usual))
    }

    /// What tells one account from another: address and key. Never printed.
    pub fn account(&self) -> String {
        [&self.base_url, " ", self.key().unwrap_or_default()].concat()
    }

    /// Reads the answer to a prepared call. `watched` says whether anybody would see drift.
    pub fn read(&self, prepared: &Prepared, response: &Response, watched: bool) -> Result<Read, Error> {
        read::read(&self.context(prepared, prepared.operation, watched), response)
    }

    /// What reading an answer needs to know; for `operation` see [`Self::request_for`].
    pub fn context<'a>(&self, prepared: &'a Prepared, operation: &'static Operation, watched: bool) -> Context<'a> {
        let [error, off] = self.checks;
        Context {
            provider: self.provider,
            operation,
            secrets: prepared.secrets(),
            check: error || (watched && !off),
            drift_is_error: error,
        }
    }
}

impl core::fmt::Debug for Config {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Config").field("provider", &self.provider.name).finish_non_exhaustive()
    }
}

/// The caller's own headers; mistakes in them are added to `problems`.
#[inline(never)]
fn own_headers(options: &[u8], problems: &mut Vec<Problem>) -> Vec<Header> {
    let mut headers = Vec::new();
    for (name, value) in json::members_at(options, "headers") {
        let name = name.decode().to_ascii_lowercase();
        if name == "\0" {
            continue;
        }
        let value = json::string(value).unwrap_or_default();
        let (code, message) = if RESERVED.contains(&name.as_str()) {
            (Code::ReadOnly, "is set by the client and cannot be replaced")
        } else if !like("[a-z0-9!#$%&'*+.^_`|~-]{1,}", &name) {
            (Code::Format, "is not a header name")
        } else if !like("[\t -~]{0,}", &value) {
            (Code::Format, "must be visible ASCII")
        } else {
            headers.push((name, value.trim_ascii().to_owned()));
            continue;
        };
        Problem::add(problems, &["headers.", &name].concat(), code, message);
    }
    headers
}

/// Is it fit for a header: visible ASCII?
pub fn visible(text: &str) -> bool {
    like("[!-~]{0,}", text)
}

/// Does a caller's own header hold something that must not be shown?
fn secret_header(name: &str) -> bool {
    holds("cookie|*authorization|*-key", name) || secret::sounds_secret(name)
}

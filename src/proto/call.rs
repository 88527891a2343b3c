//! Preparing calls: options and inputs are checked, requests are built. Nothing is sent here.

use std::borrow::Cow;

use super::add::added;
use super::edit;
use super::error::{Class, Error};
use super::http::Request;
use super::operation::{Input as Body, Operation, Provider, To};
use super::read::{self, Context, Read};
use super::secret::{self, Secret};
use super::url::{self, Query};
use crate::schema::json::{self, ObjectWriter, Shape};
use crate::schema::{Code, Input, Kind, Level, Problem, Table, check_input, text};

/// What a client knows about an account, checked once.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Config {
    /// The provider.
    pub provider: &'static Provider,
    base_url: String,
    image_base_url: String,
    key: Option<Secret>,
    /// Is there a gateway that holds the key?
    pub gateway: bool,
    token: bool,
    /// Is the gateway's token asked for anew?
    pub asks: bool,
    /// The value of `credentials` for the gateway.
    pub credentials: Option<String>,
    headers: Vec<(String, String)>,
    timeout_ms: Option<f64>,
    deadline_ms: Option<f64>,
    retries: u32,
    /// The limit of each class in the order of the provider's table; nothing for a class without limit.
    pub limits: Vec<Option<Limit>>,
    /// Do several clients count together?
    pub shared: bool,
    /// Are attributes of answers checked, and is drift an error?
    pub check: ResponseCheck,
}

/// What to do about attributes of another type than declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseCheck {
    /// Tell the listener.
    Warn,
    /// Fail.
    Error,
    /// Do not look.
    Off,
}

/// How long a call may take and how often it may be tried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Milliseconds for one attempt.
    pub timeout_ms: f64,
    /// Milliseconds for the whole call.
    pub deadline_ms: f64,
    /// Attempts after the first.
    pub retries: u32,
    /// Milliseconds between two looks, if the caller says.
    pub interval_ms: Option<f64>,
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

/// A text among options.
fn string(options: &[u8], name: &str) -> Option<String> {
    json::string_at(options, name).map(Cow::into_owned)
}

/// A count: the tables bound it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the tables bound it to whole numbers")]
fn count(options: &[u8], name: &str) -> Option<u32> {
    number(options, name).map(|value| value as u32)
}

/// Headers that are ours alone.
const RESERVED: [&str; 6] = ["authorization", "imageboss-api-key", "accept", "content-type", "host", "content-length"];

impl Config {
    /// Checks the constructor's options, given as JSON.
    #[expect(clippy::too_many_lines, reason = "one option after the other")]
    pub fn new(provider: &'static Provider, options: &[u8]) -> Result<Self, Error> {
        let options = if Shape::of(options) == Some(Shape::Null) { b"{}" } else { options };
        let mut problems = check_input(options, provider.options, &Input::default());
        let key = string(options, "apiKey");
        let gateway = json::object_at(options, "gateway");
        let mut base_url = provider.base_url.to_owned();
        let mut image_base_url = provider.image_base_url.to_owned();
        match (&key, gateway) {
            (None, None) if !problems.iter().any(|problem| problem.field == "apiKey" || problem.field == "gateway") => {
                Problem::add(&mut problems, "apiKey", Code::Required, "is required (or `gateway`)");
            }
            (Some(_), Some(_)) => {
                Problem::add(
                    &mut problems,
                    "gateway",
                    Code::Mismatch,
                    "does not go with `apiKey`: the gateway holds the key",
                );
            }
            _ => {}
        }
        if let Some(key) = &key {
            if text::is_blank(key) {
                Problem::add(&mut problems, "apiKey", Code::Required, "must not be empty");
            } else if !visible(key) {
                Problem::add(&mut problems, "apiKey", Code::Format, "must be visible ASCII without white space");
            }
        }
        let given = gateway.unwrap_or_default();
        for (raw, name, field) in
            [(options, "baseUrl", "baseUrl"), (given, "url", "gateway.url"), (options, "imageBaseUrl", "imageBaseUrl")]
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

        let token = json::given(given, "token");
        let mut asks = false;
        match token.map(|raw| (json::string(raw), json::says(raw, "\0", "function"))) {
            Some((Some(text), _)) if !visible(&text) => {
                Problem::add(&mut problems, "gateway.token", Code::Format, "must be visible ASCII without white space");
            }
            Some((None, function)) => {
                asks = function;
                if !asks {
                    Problem::add(
                        &mut problems,
                        "gateway.token",
                        Code::Type,
                        "must be a string or a function that gives one",
                    );
                }
            }
            _ => {}
        }
        let shared = json::object_at(options, "limiter");
        if json::given(options, "limiter").is_some()
            && shared.is_none_or(|foreign| json::member(foreign, "\0").is_some())
        {
            Problem::add(&mut problems, "limiter", Code::Type, "must be an object");
        }
        let headers = own_headers(options, &mut problems);
        let mut limits: Vec<_> = provider.rates.iter().map(|rate| Some(rate.limit())).collect();
        for (class, given) in json::members_at(options, "limits") {
            let Some(place) = provider.rates.iter().position(|rate| class.is(rate.class)) else {
                let names = text::join(provider.rates.iter().map(|rate| rate.class));
                let field = ["limits.", &class.decode()].concat();
                Problem::add(&mut problems, &field, Code::Unknown, &["is no rate class; there are ", &names].concat());
                continue;
            };
            if let Some(limit) = limits.get_mut(place) {
                let of = |name| number(given, name);
                *limit = count(given, "requests").zip(of("perMs")).map(|(requests, per_ms)| Limit { requests, per_ms });
            }
        }
        Problem::keep(&mut problems, &|problem| problem.level == Level::Error);
        if !problems.is_empty() {
            return Err(Error::invalid(provider.name, "", problems));
        }
        Ok(Self {
            provider,
            base_url,
            image_base_url,
            key: key.map(Secret::new),
            gateway: gateway.is_some(),
            token: token.is_some_and(|raw| raw != b"\"\""),
            asks,
            credentials: string(given, "credentials"),
            headers,
            timeout_ms: number(options, "timeoutMs"),
            deadline_ms: number(options, "deadlineMs"),
            retries: count(options, "retries").unwrap_or(2),
            limits,
            shared: shared.is_some(),
            check: if json::says(options, "responseCheck", "error") {
                ResponseCheck::Error
            } else if json::says(options, "responseCheck", "off") {
                ResponseCheck::Off
            } else {
                ResponseCheck::Warn
            },
        })
    }

    /// Checks what a call is given and builds its request.
    ///
    /// `parameters` and `input` are JSON values, `options` is a JSON object or `null`. Every problem is told at once.
    #[expect(clippy::too_many_lines, reason = "one step after the other; what is used twice stands apart")]
    pub fn prepare(
        &self,
        operation: &'static Operation,
        parameters: &[&[u8]],
        input: &[u8],
        options: &[u8],
        today: Option<&str>,
    ) -> Result<Prepared, Error> {
        let options = if Shape::of(options).is_none_or(|shape| shape == Shape::Null) { b"{}" } else { options };
        let mut problems = check_input(options, operation.options, &Input::default());
        let mut url = match operation.to {
            To::Api => self.base_url.clone(),
            To::Images => self.image_base_url.clone(),
            To::Given => String::new(),
        };
        let mut ids = Vec::new();
        let mut given = parameters.iter().copied();
        let mut rest = Some(operation.path);
        while let Some((part, more)) = rest.map(|rest| text::cut(rest, b'/')) {
            rest = more.get(1..);
            if operation.to != To::Given {
                url.push('/');
            }
            let Some(name) = part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
                url.push_str(part);
                continue;
            };
            let several = name.strip_suffix('+');
            match parameter(several.unwrap_or(name), given.next().unwrap_or_default(), operation.to, several.is_some())
            {
                Ok((value, encoded)) => {
                    url.push_str(&encoded);
                    ids.push(value);
                }
                Err(problem) => problems.push(problem),
            }
        }

        let extra = json::given(options, "extra");
        let (mut attributes, mut extras) = (Vec::new(), Vec::new());
        if let Some((table, updating)) = operation.input.table() {
            let mut known = Vec::new();
            for (path, _) in json::members(extra.unwrap_or_default()) {
                known.push(path.decode().into_owned());
            }
            if extra.is_some_and(|raw| Shape::of(raw) != Some(Shape::Object)) {
                Problem::add(&mut problems, "extra", Code::Type, "must be an object of dotted path to value");
            }
            if known
                .iter()
                .any(|path| path.is_empty() || path.starts_with('.') || path.ends_with('.') || text::has(path, ".."))
            {
                Problem::add(
                    &mut problems,
                    "extra",
                    Code::Format,
                    "must have dotted paths without empty steps as names",
                );
            }
            let way_around = "; `extra` sends it all the same";
            let judged = Input { updating, today, extra: &known, way_around, ..Input::default() };
            problems.append(&mut check_input(input, table, &judged));
            if !Problem::any_error(&problems) {
                attributes = edit::normalise(input, table);
                extras = extra.unwrap_or_default().to_vec();
            }
        }
        let mut content_type = None;
        match operation.input {
            Body::Given(table, from) => {
                attributes = collect(operation, table, from, &mut given, options, &mut problems);
            }
            Body::Bytes => content_type = Some(content_type_of(input, options, &mut problems)),
            // The type of bytes that are sent elsewhere, later.
            Body::None => content_type = own_content_type(options, &mut problems),
            _ => {}
        }
        if Problem::any_error(&problems) {
            return Err(Error::invalid(self.provider.name, operation.name, problems));
        }
        let mut query = Query::new(&mut url);
        self.provider.wire.query(operation, options, &mut query);
        for name in operation.query {
            if json::is_true(options, name) {
                query.pair(name, "true");
            }
        }
        if let Body::Fixed(fixed) = operation.input {
            attributes.extend_from_slice(fixed.as_bytes());
        }
        let (timeout, deadline) = operation.patience.unwrap_or((30_000, 120_000));
        let own = |name, of: Option<f64>, usual: u32| number(options, name).or(of).unwrap_or_else(|| usual.into());
        let timing = Timing {
            timeout_ms: own("timeoutMs", self.timeout_ms, timeout),
            deadline_ms: own("deadlineMs", self.deadline_ms, deadline),
            retries: count(options, "retries").unwrap_or(self.retries),
            interval_ms: number(options, "intervalMs"),
        };
        let mut prepared = Prepared {
            operation,
            url,
            ids,
            attributes,
            extra: extras,
            warnings: problems,
            timing,
            merge: false,
            secrets: Vec::new(),
            content_type,
            masked_url: None,
        };
        if operation.to == To::Given {
            // The query is the signature: whoever has it can write.
            let (address, signature) = text::cut(&prepared.url, b'?');
            prepared.masked_url = Some([address, if signature.is_empty() { "" } else { "?****" }].concat());
        }
        if let Some(merge) = operation.merge {
            let replace = json::is_true(options, merge.option) == merge.usual;
            let field = json::object_at(&prepared.attributes, merge.field);
            let reaches = json::members(&prepared.extra)
                .any(|(path, _)| text::split(&path.decode(), b'.').is_some_and(|(name, _)| name == merge.field));
            prepared.merge = !replace && (field.is_some() || reaches || merge.field.is_empty());
            if let (true, Some(raw), Some(table)) = (replace, field, merge_table(operation)) {
                let kind = table.variant.and_then(|decided| json::string_at(raw, decided.field()));
                let mut more = edit::missing_write_only(raw, table, kind.as_deref(), merge.field);
                prepared.warnings.append(&mut more);
            }
        }
        if !prepared.merge || merge_table(operation).is_none() {
            // The merge of a member comes first: a path into what is stored adds to it, and does not replace it.
            prepared.add_extra();
        }
        self.note_secrets(&mut prepared);
        Ok(prepared)
    }

    fn note_secrets(&self, prepared: &mut Prepared) {
        let mut secrets = secret::secrets_in(&prepared.attributes, prepared.table());
        if let Some(key) = &self.key {
            secrets.push(key.expose().to_owned());
        }
        if prepared.masked_url.is_some() {
            secrets.push(text::cut(&prepared.url, b'?').1.get(1..).unwrap_or_default().to_owned());
        }
        for (name, value) in &self.headers {
            if secret_header(name) {
                secrets.push(value.clone());
            }
        }
        prepared.secrets = secrets;
    }

    /// The request of a prepared call, with every secret in it.
    pub fn request(&self, prepared: &Prepared) -> Request {
        self.request_of(prepared, &prepared.url, &prepared.attributes)
    }

    fn request_of(&self, prepared: &Prepared, url: &str, attributes: &[u8]) -> Request {
        let provider = self.provider;
        let operation = prepared.operation;
        let mut headers = Vec::new();
        let mut header = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
        let body = (!attributes.is_empty()).then(|| provider.wire.body(operation, &prepared.ids, attributes));
        let given = prepared.content_type.as_deref();
        if operation.to != To::Given {
            header("accept", provider.media_type);
        } else if text::has(&prepared.url, ".blob.core.")
            || (text::has(&prepared.url, "sv=") && text::has(&prepared.url, "sig="))
        {
            // Azure wants to know what kind of blob is made.
            header("x-ms-blob-type", "BlockBlob");
        }
        if let Some(media_type) = given.or(body.as_ref().map(|_| provider.media_type)) {
            header("content-type", media_type);
        }
        // A pre-signed address is another host: neither the key nor a header of the caller's belongs there.
        if operation.to != To::Given {
            if let Some(key) = &self.key {
                let (name, prefix) = provider.auth;
                header(name, &[prefix, key.expose()].concat());
            }
            headers.extend(self.headers.iter().cloned());
        }
        Request {
            method: operation.method,
            url: url.to_owned(),
            headers,
            body,
            bytes: matches!(operation.input, Body::Bytes),
            own: operation.to != To::Given,
        }
    }

    /// The request of a prepared call as it can be shown: every secret masked.
    pub fn shown(&self, prepared: &Prepared) -> Request {
        let mut masked = Vec::new();
        secret::mask(&prepared.attributes, prepared.table(), &mut masked);
        let mut request = self.request_of(prepared, prepared.shown_url(), &masked);
        if self.token && prepared.operation.to != To::Given {
            request.headers.push(("authorization".to_owned(), ["Bearer ", secret::MASK].concat()));
        }
        for (name, value) in &mut request.headers {
            if self.key.is_some() && name == self.provider.auth.0 {
                *value = [self.provider.auth.1, secret::MASK].concat();
            } else if secret_header(name) && !value.ends_with(secret::MASK) {
                secret::MASK.clone_into(value);
            }
        }
        request
    }

    /// The same call with its replaced object merged with the stored one. `stored` is the flattened resource.
    pub fn merged(&self, prepared: &Prepared, stored: &[u8]) -> Result<Prepared, Error> {
        let operation = prepared.operation;
        let mut merged = prepared.clone();
        let Some(merge) = operation.merge else { return Ok(merged) };
        let Some(table) = merge_table(operation) else {
            merged.attributes = added(stored, &prepared.attributes);
            return Ok(merged);
        };
        let changes = json::member(&prepared.attributes, merge.field).unwrap_or(b"{}");
        let Some(old) = json::object_at(stored, merge.field) else {
            let message = [
                "the stored `",
                merge.field,
                "` cannot be read, and what is sent replaces it whole: give all of it, with `",
                merge.option,
                "`",
            ];
            let mut error = Error::new(Class::Unreadable, self.provider.name, operation.name, message.concat());
            error.problems = vec![Problem::error(merge.field, Code::Unreadable, &error.message.clone())];
            return Err(error);
        };
        // Now that the type is known, what goes with it can be judged.
        if let Some(decided) = table.variant
            && let Some(kind) = json::member(old, decided.field())
            && json::member(changes, decided.field()).is_none()
            && json::string(kind).is_some_and(|kind| edit::knows(table, &kind))
        {
            let typed = edit::set(changes, Some(table), decided.field(), kind);
            let judged = Input { updating: true, prefix: merge.field, ..Input::default() };
            let mut problems = check_input(&typed, table, &judged);
            let judged = |problem: &Problem| matches!(problem.code, Code::Mismatch | Code::Format | Code::Value);
            Problem::keep(&mut problems, &judged);
            if !problems.is_empty() {
                return Err(Error::invalid(self.provider.name, operation.name, problems));
            }
        }
        let (whole, mut warnings) = edit::merge(old, changes, table, merge.field);
        let kind = |raw| table.variant.and_then(|decided| json::string_at(raw, decided.field()));
        if kind(changes).is_some_and(|kind| edit::knows(table, &kind)) && kind(changes) != kind(old) {
            // Another type: what goes with it alone is stored nowhere, its secrets least of all.
            let mut missing = check_input(&whole, table, &Input { prefix: merge.field, ..Input::default() });
            Problem::keep(&mut missing, &|problem| problem.code == Code::Required);
            if !missing.is_empty() {
                return Err(Error::invalid(self.provider.name, operation.name, missing));
            }
            warnings.clear();
        }
        merged.attributes = edit::set(&prepared.attributes, None, merge.field, &whole);
        merged.add_extra();
        merged.warnings = warnings;
        self.note_secrets(&mut merged);
        // What was read may come back in the words of a refusal.
        merged.secrets.append(&mut secret::secrets_in(stored, Some(self.provider.source)));
        Ok(merged)
    }

    /// The read that a merge needs first, if the call merges.
    pub fn read_first(&self, prepared: &Prepared) -> Option<Prepared> {
        let merge = prepared.operation.merge.filter(|_| prepared.merge)?;
        let operation = self.provider.operation(merge.read)?;
        Some(prepared.step(operation))
    }

    /// The list to look into for what a creation may have left.
    pub fn look_up(&self, prepared: &Prepared) -> Option<Prepared> {
        let list = self.provider.operation(prepared.operation.look_up?.list)?;
        Some(Prepared { url: [&self.base_url, "/", list.path].concat(), ..prepared.step(list) })
    }

    /// The class that a call's requests are counted in: its limit, if there is one for this client, and that of the provider.
    pub fn limit(&self, operation: &Operation) -> Option<(Option<Limit>, Limit)> {
        let mut classes = self.provider.rates.iter().zip(&self.limits);
        let (rate, own) = classes.find(|(rate, _)| rate.class == operation.rate_class)?;
        Some((*own, rate.limit()))
    }

    /// What tells one account from another: address and key. Never printed.
    pub fn account(&self) -> String {
        let key = self.key.as_ref().map_or("", Secret::expose);
        [&self.base_url, " ", key].concat()
    }

    /// Reads the answer to a prepared call. `watched` says whether anybody would see drift.
    pub fn read(&self, prepared: &Prepared, response: &super::http::Response, watched: bool) -> Result<Read, Error> {
        read::read(&self.context(prepared, watched), response)
    }

    /// What reading an answer to this call needs to know.
    pub fn context<'a>(&self, prepared: &'a Prepared, watched: bool) -> Context<'a> {
        let drift_is_error = self.check == ResponseCheck::Error;
        Context {
            provider: self.provider,
            operation: prepared.operation,
            secrets: &prepared.secrets,
            check: drift_is_error || (watched && self.check == ResponseCheck::Warn),
            drift_is_error,
        }
    }
}

/// The caller's own headers; mistakes in them are added to `problems`.
fn own_headers(options: &[u8], problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, value) in json::members_at(options, "headers") {
        let name = name.decode().to_ascii_lowercase();
        if name == "\0" {
            continue;
        }
        let value = json::string(value).unwrap_or_default();
        let field = ["headers.", &name].concat();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if RESERVED.contains(&name.as_str()) {
            Problem::add(problems, &field, Code::ReadOnly, "is set by the client and cannot be replaced");
        } else if name.is_empty() || !name.bytes().all(token) {
            Problem::add(problems, &field, Code::Format, "is not a header name");
        } else if !value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
            Problem::add(problems, &field, Code::Format, "must be visible ASCII");
        } else {
            headers.push((name, value.trim_ascii().to_owned()));
        }
    }
    headers
}

/// Is it fit for a header: visible ASCII?
pub fn visible(text: &str) -> bool {
    text.bytes().all(|byte| (0x21..0x7f).contains(&byte))
}

/// Does a caller's own header hold something that must not be shown?
fn secret_header(name: &str) -> bool {
    name == "cookie" || name.ends_with("authorization") || secret::sounds_secret(name) || name.ends_with("-key")
}

fn merge_table(operation: &Operation) -> Option<&'static Table> {
    let (table, _) = operation.input.table()?;
    match table.field(operation.merge?.field)?.kind {
        Kind::Object(inner) => Some(inner),
        _ => None,
    }
}

/// The value of a parameter, and how it stands in the address.
fn parameter(name: &str, raw: &[u8], to: To, several: bool) -> Result<(String, String), Problem> {
    let value = match Shape::of(raw) {
        Some(Shape::String) => json::string(raw).unwrap_or_default(),
        None | Some(Shape::Null) => return Err(Problem::error(name, Code::Required, "is required")),
        Some(other) => {
            return Err(Problem::error(name, Code::Type, &["must be a string, not ", other.name()].concat()));
        }
    };
    if !json::is_well_formed(raw) {
        return Err(Problem::error(name, Code::Format, "holds half of a surrogate pair"));
    }
    if to == To::Given {
        // The host is checked; what follows it is as the storage wants it, an `@` in the name of a file included.
        let (address, _) = text::cut(&value, b'?');
        let path = address.bytes().enumerate().filter(|(_, byte)| *byte == b'/').nth(2);
        url::base(name, address.get(..path.map_or(address.len(), |(at, _)| at)).unwrap_or_default(), false)?;
        return Ok((String::new(), value.into_owned()));
    }
    if !several {
        let encoded = url::segment(name, &value)?;
        return Ok((value.into_owned(), encoded));
    }
    // imgix's own paths begin with a slash; in addresses and ids there is none.
    let path = value.strip_prefix('/').unwrap_or(&value);
    let mut encoded = String::new();
    for part in path.as_bytes().split(|byte| *byte == b'/') {
        if !encoded.is_empty() {
            encoded.push('/');
        }
        encoded.push_str(&url::segment(name, json::as_text(part))?);
    }
    Ok((path.to_owned(), encoded))
}

/// Attributes made of parameters and options, checked against their table.
fn collect<'a>(
    operation: &Operation,
    table: &'static Table,
    from: &[(&'static str, &'static str)],
    parameters: &mut dyn Iterator<Item = &'a [u8]>,
    options: &'a [u8],
    problems: &mut Vec<Problem>,
) -> Vec<u8> {
    let mut attributes = Vec::new();
    let mut object = ObjectWriter::new(&mut attributes);
    for (name, source) in from {
        let positional = operation.options.field(source).is_none();
        let given = if positional { parameters.next() } else { json::member(options, source) };
        if let Some(raw) = given.filter(|raw| !matches!(Shape::of(raw), None | Some(Shape::Null))) {
            object.raw(name, raw);
        }
    }
    object.close();
    for mut problem in check_input(&attributes, table, &Input::default()) {
        if let Some((_, source)) = from.iter().find(|(name, _)| *name == problem.field) {
            (*source).clone_into(&mut problem.field);
        }
        // What is wrong with an option has been said when the options were checked.
        if !problems.iter().any(|known| known.field == problem.field) {
            problems.push(problem);
        }
    }
    attributes
}

/// The content type of bytes: the caller's, else that of the bytes themselves. In place of the bytes comes a mark that says
/// what they are: `{"\0":"bytes image/png"}`.
fn content_type_of(input: &[u8], options: &[u8], problems: &mut Vec<Problem>) -> String {
    let described = json::string_at(input, "\0");
    let found = described.as_deref().and_then(|text| text.strip_prefix("bytes"));
    if found.is_none() {
        let what = "must be a Blob, File, ArrayBuffer, typed array, string, ReadableStream or async iterable of bytes";
        Problem::add(problems, "body", Code::Type, what);
    }
    let own = own_content_type(options, problems);
    let of_bytes = found.map(str::trim_ascii).filter(|found| !found.is_empty());
    own.unwrap_or_else(|| of_bytes.unwrap_or("application/octet-stream").to_owned())
}

/// The content type that the caller says.
fn own_content_type(options: &[u8], problems: &mut Vec<Problem>) -> Option<String> {
    let own = json::string_at(options, "contentType")?;
    if !own.bytes().all(|byte| matches!(byte, b' '..=b'~')) || text::is_blank(&own) {
        Problem::add(problems, "contentType", Code::Format, "must be visible ASCII");
    }
    Some(own.into_owned())
}

/// A call that is ready to be sent.
#[derive(Clone)]
pub struct Prepared {
    /// What it does.
    pub operation: &'static Operation,
    /// The absolute address.
    pub url: String,
    /// What was found and is sent all the same.
    pub warnings: Vec<Problem>,
    /// How long it may take.
    pub timing: Timing,
    ids: Vec<String>,
    attributes: Vec<u8>,
    /// Values that are put into the body unchecked: JSON by dotted path, as an object.
    extra: Vec<u8>,
    merge: bool,
    secrets: Vec<String>,
    content_type: Option<String>,
    /// The address as it may be shown, where it holds a secret.
    masked_url: Option<String>,
}

impl Prepared {
    /// The address as it may be shown.
    pub fn shown_url(&self) -> &str {
        self.masked_url.as_deref().unwrap_or(&self.url)
    }

    /// The attributes that are sent, as JSON.
    pub fn attributes(&self) -> &[u8] {
        &self.attributes
    }

    /// The table of what is sent, if the caller gave it as a whole.
    fn table(&self) -> Option<&'static Table> {
        self.operation.input.table().map(|(table, _)| table)
    }

    /// Puts the unchecked values into what is sent.
    fn add_extra(&mut self) {
        for (path, value) in json::members(&self.extra) {
            self.attributes = edit::set(&self.attributes, self.table(), &path.decode(), value);
        }
    }

    /// Another request for the same call.
    fn step(&self, operation: &'static Operation) -> Self {
        Self { operation, attributes: Vec::new(), warnings: Vec::new(), merge: false, ..self.clone() }
    }
}

impl core::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Prepared").field("operation", &self.operation.name).finish_non_exhaustive()
    }
}

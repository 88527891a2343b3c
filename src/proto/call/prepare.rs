//! From what a caller gives to a call that is ready to be sent.

use std::borrow::Cow;

use super::merge::merge_table;
use super::{Config, count, number, optional, secret_header};
use crate::proto::edit;
use crate::proto::error::Error;
use crate::proto::operation::{Input as Body, Operation, To};
use crate::proto::secret;
use crate::proto::url::{self, Query};
use crate::schema::json::{self, ObjectWriter, Shape};
use crate::schema::pattern::like;
use crate::schema::{Code, Input, Problem, Table, check_input, text};

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
    pub(super) attributes: Vec<u8>,
    /// What is merged with what is stored, however often that is read.
    pub(super) given: Vec<u8>,
    /// Values that are put into the body unchecked: JSON by dotted path, as an object.
    extra: Vec<u8>,
    /// Is it merged with what is stored?
    pub(super) merge: bool,
    pub(super) secrets: Vec<String>,
    content_type: Option<String>,
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

impl Config {
    /// Checks what a call is given and builds its request.
    ///
    /// `parameters` and `input` are JSON values, `options` is a JSON object or `null`. Every problem is told at once.
    #[inline(never)]
    pub fn prepare(
        &self,
        operation: &'static Operation,
        parameters: &[&[u8]],
        input: &[u8],
        options: &[u8],
        today: Option<&str>,
    ) -> Result<Prepared, Error> {
        let options = optional(options);
        let (timeout, deadline) = operation.patience.unwrap_or((30_000, 120_000));
        let own =
            |name, of_client: Option<f64>, usual: u32| number(options, name).or(of_client).unwrap_or(usual.into());
        let [timeout_ms, deadline_ms, retries] = self.usual;
        let mut prepared = Prepared {
            operation,
            url: String::new(),
            warnings: check_input(options, operation.options, &Input::default()),
            timing: Timing {
                timeout_ms: own("timeoutMs", timeout_ms, timeout),
                deadline_ms: own("deadlineMs", deadline_ms, deadline),
                retries: count(own("retries", retries, 2)),
                interval_ms: number(options, "intervalMs"),
            },
            ids: Vec::new(),
            attributes: Vec::new(),
            given: Vec::new(),
            extra: Vec::new(),
            merge: false,
            secrets: Vec::new(),
            content_type: None,
        };
        let mut parameters = parameters.iter().copied();
        prepared.address(self, &mut parameters);
        match operation.input {
            Body::None => prepared.type_of_bytes(options),
            Body::Bytes => prepared.bytes(input, options),
            Body::Fixed(fixed) => prepared.attributes.extend_from_slice(fixed.as_bytes()),
            Body::Given(table, from) => prepared.collect(table, from, &mut parameters, options),
            Body::Create(table) => prepared.take(table, false, input, options, today),
            Body::Changes(table) => prepared.take(table, true, input, options, today),
        }
        if Problem::any_error(&prepared.warnings) {
            return Err(Error::invalid(self.provider.name, operation.name, prepared.warnings));
        }
        let mut query = Query::new(&mut prepared.url);
        self.provider.wire.query(operation, options, &mut query);
        for name in operation.query {
            if json::is_true(options, name) {
                query.pair(name, "true");
            }
        }
        prepared.decide_merge(options);
        self.note_secrets(&mut prepared);
        Ok(prepared)
    }

    /// What must not be shown of the call.
    pub(super) fn note_secrets(&self, prepared: &mut Prepared) {
        let mut secrets = secret::secrets_in(&prepared.attributes, prepared.table());
        if let Some(key) = self.key() {
            secrets.push(key.to_owned());
        }
        if prepared.operation.to == To::Given {
            secrets.push(prepared.signature().get(1..).unwrap_or_default().to_owned());
        }
        for (name, value) in &self.headers {
            if secret_header(name) {
                secrets.push(value.clone());
            }
        }
        prepared.secrets = secrets;
    }
}

impl Prepared {
    /// The address as it may be shown.
    pub fn shown_url(&self) -> Cow<'_, str> {
        if self.operation.to == To::Given && !self.signature().is_empty() {
            return [text::cut(&self.url, b'?').0, "?", secret::MASK].concat().into();
        }
        // Nearly every address is so simple that it can hold no secret.
        let begins = |secret: &String| secret.get(..4).is_some_and(|begin| text::has(&self.url, begin));
        if !text::has(&self.url, "@") && !text::has(&self.url, "%") && !self.secrets.iter().any(begins) {
            return self.url.as_str().into();
        }
        secret::scrub(&self.url, &self.secrets).into()
    }

    /// The query of a pre-signed address: whoever has it can write.
    fn signature(&self) -> &str {
        text::cut(&self.url, b'?').1
    }

    /// The attributes that are sent, as JSON.
    pub fn attributes(&self) -> &[u8] {
        &self.attributes
    }

    /// Everything that must not be shown of the call.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// Notes what else must not be shown of the call.
    pub(crate) fn hide(&mut self, secret: &str) {
        if !self.secrets.iter().any(|known| known == secret) {
            self.secrets.push(secret.to_owned());
        }
    }

    /// The values of the parameters in the path.
    pub(super) fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The type of the bytes that are sent, now or later.
    pub(super) fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The table of what is sent, if the caller gave it as a whole.
    pub(super) fn table(&self) -> Option<&'static Table> {
        self.operation.input.table().map(|(table, _)| table)
    }

    /// Puts the unchecked values into what is sent.
    pub(super) fn add_extra(&mut self) {
        for (path, value) in json::members(&self.extra) {
            self.attributes = edit::set(&self.attributes, self.table(), &path.decode(), value);
        }
    }

    fn wrong(&mut self, field: &str, code: Code, message: &str) {
        Problem::add(&mut self.warnings, field, code, message);
    }

    /// Writes the address with the parameters of its path.
    #[inline(never)]
    fn address(&mut self, config: &Config, given: &mut dyn Iterator<Item = &[u8]>) {
        let to = self.operation.to;
        self.url.push_str(match to {
            To::Api => &config.base_url,
            To::Images => &config.image_base_url,
            To::Given => "",
        });
        let mut rest = Some(self.operation.path);
        while let Some((part, more)) = rest.map(|rest| text::cut(rest, b'/')) {
            rest = more.get(1..);
            if to != To::Given {
                self.url.push('/');
            }
            match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    if let Err(problem) = self.parameter(name, given.next().unwrap_or_default()) {
                        self.warnings.push(problem);
                    }
                }
                None => self.url.push_str(part),
            }
        }
    }

    /// Writes a parameter of the path. One whose name ends in `+` may hold slashes.
    #[inline(never)]
    fn parameter(&mut self, name: &str, raw: &[u8]) -> Result<(), Problem> {
        let several = name.strip_suffix('+');
        let name = several.unwrap_or(name);
        let shape = Shape::of(raw).unwrap_or(Shape::Null);
        if shape != Shape::String || !json::is_well_formed(raw) {
            let (code, message): (_, &[&str]) = match shape {
                Shape::String => (Code::Format, &["holds half of a surrogate pair"]),
                Shape::Null => (Code::Required, &["is required"]),
                _ => (Code::Type, &["must be a string, not ", shape.name()]),
            };
            return Err(Problem::error(name, code, &message.concat()));
        }
        let value = json::string(raw).unwrap_or_default();
        if self.operation.to == To::Given {
            // The host is checked; what follows it is as the storage wants it, an `@` in the name of a file included.
            let (address, _) = text::cut(&value, b'?');
            let path = address.bytes().enumerate().filter(|(_, byte)| *byte == b'/').nth(2);
            url::base(name, address.get(..path.map_or(address.len(), |(at, _)| at)).unwrap_or_default(), false)?;
            self.url.push_str(&value);
            return Ok(());
        }
        let mut rest = &*value;
        if several.is_some() {
            // imgix's own paths begin with a slash; in addresses and ids there is none.
            rest = rest.strip_prefix('/').unwrap_or(rest);
        }
        self.ids.push(rest.to_owned());
        loop {
            let (part, more) = if several.is_some() { text::cut(rest, b'/') } else { (rest, "") };
            self.url.push_str(&url::segment(name, part)?);
            let Some(more) = more.get(1..) else { return Ok(()) };
            self.url.push('/');
            rest = more;
        }
    }

    /// Takes the caller's input, checked against its table, and what is sent unchecked beside it.
    fn take(&mut self, table: &'static Table, updating: bool, input: &[u8], options: &[u8], today: Option<&str>) {
        let extra = json::given(options, "extra").unwrap_or(b"{}");
        if Shape::of(extra) != Some(Shape::Object) {
            self.wrong("extra", Code::Type, "must be an object of dotted path to value");
        }
        let mut paths = Vec::new();
        for (path, _) in json::members(extra) {
            paths.push(path.decode().into_owned());
        }
        if paths.iter().any(|path| text::has(&[".", path, "."].concat(), "..")) {
            self.wrong("extra", Code::Format, "must have dotted paths without empty steps as names");
        }
        let way_around = "; `extra` sends it all the same";
        let judged = Input { updating, today, extra: &paths, way_around, ..Input::default() };
        self.warnings.append(&mut check_input(input, table, &judged));
        if !Problem::any_error(&self.warnings) {
            self.attributes = edit::normalise(input, table);
            self.extra = extra.to_vec();
        }
    }

    /// Takes attributes made of parameters and options, checked against their table.
    #[inline(never)]
    fn collect<'a>(
        &mut self,
        table: &'static Table,
        from: &[(&'static str, &'static str)],
        parameters: &mut dyn Iterator<Item = &'a [u8]>,
        options: &'a [u8],
    ) {
        let mut object = ObjectWriter::new(&mut self.attributes);
        for (name, source) in from {
            let positional = self.operation.options.field(source).is_none();
            let given = if positional { parameters.next() } else { json::member(options, source) };
            if let Some(raw) = given.filter(|raw| !matches!(Shape::of(raw), None | Some(Shape::Null))) {
                object.raw(name, raw);
            }
        }
        object.close();
        for mut problem in check_input(&self.attributes, table, &Input::default()) {
            if let Some((_, source)) = from.iter().find(|(name, _)| *name == problem.field) {
                (*source).clone_into(&mut problem.field);
            }
            // What is wrong with an option has been said when the options were checked.
            if !self.warnings.iter().any(|known| known.field == problem.field) {
                self.warnings.push(problem);
            }
        }
    }

    /// Takes the type of bytes that the caller says.
    fn type_of_bytes(&mut self, options: &[u8]) {
        let Some(own) = json::string_at(options, "contentType") else { return };
        if !like("[ -~]{0,}", &own) || text::is_blank(&own) {
            self.wrong("contentType", Code::Format, "must be visible ASCII");
        }
        self.content_type = Some(own.into_owned());
    }

    /// Takes the caller's bytes, in whose place comes a mark that says what they are: `{"\0":"bytes image/png"}`. Their own type
    /// holds unless the caller says another.
    fn bytes(&mut self, input: &[u8], options: &[u8]) {
        let described = json::string_at(input, "\0");
        let found = described.as_deref().and_then(|text| text.strip_prefix("bytes"));
        if found.is_none() {
            let what =
                "must be a Blob, File, ArrayBuffer, typed array, string, ReadableStream or async iterable of bytes";
            self.wrong("body", Code::Type, what);
        }
        let found = found.unwrap_or_default().trim_ascii();
        self.content_type = Some(if found.is_empty() { "application/octet-stream" } else { found }.to_owned());
        self.type_of_bytes(options);
    }

    /// Is what is stored merged with what is sent, or replaced by it?
    #[inline(never)]
    fn decide_merge(&mut self, options: &[u8]) {
        let table = merge_table(self.operation);
        if let Some(merge) = self.operation.merge {
            let replace = json::is_true(options, merge.option) == merge.usual;
            let field = json::object_at(&self.attributes, merge.field);
            let reaches = json::members(&self.extra)
                .any(|(path, _)| text::split(&path.decode(), b'.').is_some_and(|(name, _)| name == merge.field));
            self.merge = !replace && (field.is_some() || reaches || merge.field.is_empty());
            if let (true, Some(raw), Some(table)) = (replace, field, table) {
                let kind = table.variant.and_then(|decided| json::string_at(raw, decided.field()));
                let mut more = edit::missing_write_only(raw, table, kind.as_deref(), merge.field);
                self.warnings.append(&mut more);
            }
        }
        // The merge of a member comes first: a path into what is stored adds to it, and does not replace it.
        let member = self.merge && table.is_some();
        if member {
            self.given.clone_from(&self.attributes);
        }
        self.add_extra();
        if self.merge && !member {
            self.given.clone_from(&self.attributes);
        }
    }
}

impl core::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Prepared").field("operation", &self.operation.name).finish_non_exhaustive()
    }
}

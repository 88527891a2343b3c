//! What the JavaScript side calls.
//!
//! Bytes come in, JSON bytes go out, and nothing else: no object of the platform is held here, so nothing here can leak one
//! or throw through wasm. Input is checked against tables. Each step of a call goes out as one document that says what to
//! tell the listener and what to do next; `pkg-template/src/run.ts` does it and comes back with what happened.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::{out, told};
use crate::engine::{Call, Event, Failure, Limits, Listener, News, Step, World};
use crate::proto::call::Config;
use crate::proto::error::Error;
use crate::proto::http::Response;
use crate::proto::operation::{Answer, Provider};
use crate::proto::secret::scrub;
use crate::schema::json::{self, ObjectWriter, Shape, as_text};
use crate::schema::{Code, Input, Problem, check_input, text};

/// A client of one account at one provider.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core {
    /// What the client knows, or why there is none.
    config: Result<Config, Error>,
    limits: Rc<RefCell<Limits>>,
    listening: bool,
    /// The last tokens for a gateway: secrets of every call.
    token: Vec<String>,
    calls: Vec<Option<Call>>,
    /// The last step, until it is fetched.
    out: Vec<u8>,
}

thread_local! {
    /// The slots of every account that has, or a moment ago had, a client in this process. Clients of one account share them.
    static ACCOUNTS: RefCell<Vec<(String, Rc<RefCell<Limits>>)>> = const { RefCell::new(Vec::new()) };
}

/// So many accounts without a client are remembered at least: programs may make a client for every request they answer.
const REMEMBERED: usize = 256;
/// From so many on, the oldest is forgotten even if its windows are not over: memory is finite.
const MOST: usize = 8192;

/// The slots of the account called `name`.
fn limits_of(name: String, now: f64) -> Rc<RefCell<Limits>> {
    ACCOUNTS.with_borrow_mut(|accounts| {
        for (known, limits) in &*accounts {
            if *known == name {
                return Rc::clone(limits);
            }
        }
        let full = accounts.len() >= MOST;
        if accounts.len() >= REMEMBERED
            && let Some(idle) = accounts
                .iter()
                .position(|(_, limits)| Rc::strong_count(limits) == 1 && (full || limits.borrow_mut().idle(now)))
        {
            accounts.remove(idle);
        }
        let limits = Rc::default();
        accounts.push((name, Rc::clone(&limits)));
        limits
    })
}

fn known(provider: &[u8]) -> Option<&'static Provider> {
    crate::provider(as_text(provider))
}

fn invalid(field: &str, message: &str) -> Error {
    Error::invalid("", "", vec![Problem::error(field, Code::Unknown, message)])
}

/// The kinds of news that `step` takes; what is no answer and no slot is a loss, with its circumstances as bits.
mod news {
    pub(super) const TIME: u32 = 0;
    pub(super) const SLOT: u32 = 1;
    pub(super) const ANSWER: u32 = 2;
    pub(super) const SENT: u32 = 8;
    pub(super) const TOO_LARGE: u32 = 16;
    pub(super) const TIMED_OUT: u32 = 32;
}

#[wasm_bindgen]
impl Core {
    /// Checks the options (JSON). Ask for [`Core::problem`] before anything else.
    #[wasm_bindgen(constructor)]
    pub fn new(provider: &[u8], options: &[u8], listening: bool, now: f64) -> Core {
        let provider = known(provider);
        let config =
            provider.map_or_else(|| Err(invalid("provider", "is not known")), |known| Config::new(known, options));
        let limits = config.as_ref().map_or_else(|_| Rc::default(), |config| limits_of(config.account(), now));
        Core { config, limits, listening, token: Vec::new(), calls: Vec::new(), out: Vec::new() }
    }

    /// The error record of the constructor; empty if all is well.
    pub fn problem(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Err(error) = &self.config {
            out::error(&mut out, error);
        }
        out
    }

    /// A token for the gateway that no error may show.
    pub fn keep(&mut self, token: &[u8]) {
        let token = as_text(token);
        if !self.token.iter().any(|known| known == token) {
            // Calls that are under way may hold older ones.
            if self.token.len() >= 16 {
                self.token.remove(0);
            }
            self.token.push(token.to_owned());
        }
    }

    /// Begins a call; `arguments` is the JSON array `[parameters, input, options, time]`. Gives the length of the first step,
    /// which lies at [`Core::at`] until it is [cleared](Core::clear): a large answer is then read where it is.
    pub fn start(&mut self, operation: u32, arguments: &[u8], now: f64, chance: f64) -> usize {
        self.out = match self.prepare(operation, arguments) {
            Err(error) => {
                let mut out = Vec::new();
                let mut object = ObjectWriter::new(&mut out);
                out::error(object.key("error"), &error);
                object.close();
                out
            }
            Ok(prepared) => {
                let call = Some(Call::new(prepared, false, now));
                let number = self.calls.iter().position(Option::is_none).unwrap_or(self.calls.len());
                match self.calls.get_mut(number) {
                    Some(free) => *free = call,
                    None => self.calls.push(call),
                }
                self.go(number, &News::Begin, now, chance)
            }
        };
        self.out.len()
    }

    /// Where the last step lies in memory.
    pub fn at(&self) -> usize {
        self.out.as_ptr() as usize
    }

    /// The last step has been read.
    pub fn clear(&mut self) {
        self.out = Vec::new();
    }

    /// Goes on with a call. `kind` says what happened, `number` is a status or milliseconds, `head` holds headers as lines,
    /// and `body` the answer, or in words why there is none.
    #[expect(clippy::too_many_arguments, reason = "plain numbers and bytes are what crosses cheaply")]
    pub fn step(
        &mut self,
        call: usize,
        kind: u32,
        number: f64,
        head: &[u8],
        body: Vec<u8>,
        now: f64,
        chance: f64,
    ) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status")]
        let status = number as u16;
        let news = match kind {
            news::TIME => News::Time,
            news::SLOT => News::Slot(number),
            news::ANSWER => News::Answer(response(status, head, body)),
            _ => News::Lost(Failure {
                message: as_text(&body).to_owned(),
                sent: kind & news::SENT != 0,
                too_large: kind & news::TOO_LARGE != 0,
                timed_out: kind & news::TIMED_OUT != 0,
                partial: (number >= 0.0).then(|| response(status, head, Vec::new())),
            }),
        };
        self.out = self.go(call, &news, now, chance);
        self.out.len()
    }

    /// Ends a call from outside; gives its last events.
    pub fn abort(&mut self, call: usize, now: f64) -> Vec<u8> {
        let Self { config: Ok(config), limits, listening, calls, .. } = self else { return Vec::new() };
        let Some(call) = calls.get_mut(call).and_then(Option::take) else { return b"{}".to_vec() };
        let (mut call, mut record) = (call, Record::new(*listening));
        let moved = with(config, limits, &mut record, (now, 0.0), |world| call.abort(world)).1;
        let mut out = Vec::new();
        let mut object = ObjectWriter::new(&mut out);
        record.write(&mut object, moved);
        object.close();
        out
    }

    /// A text without the secrets of a call.
    pub fn scrub(&self, call: usize, shown: &[u8]) -> Vec<u8> {
        scrub(as_text(shown), &self.secrets(call)).into_bytes()
    }

    /// Forgets a call that has failed.
    pub fn forget(&mut self, call: usize) {
        if let Some(call) = self.calls.get_mut(call) {
            *call = None;
        }
    }

    /// The request of a call as it can be shown, as `{ operation, method, url, headers, body? }`, or `{ error }`.
    #[wasm_bindgen(js_name = dryRun)]
    pub fn dry_run(&self, operation: u32, arguments: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut object = ObjectWriter::new(&mut out);
        match (&self.config, self.prepare(operation, arguments)) {
            (Ok(config), Ok(prepared)) => {
                told::prepared(&mut object, prepared.operation.name, &config.shown(&prepared));
            }
            (Err(error), _) => out::error(object.key("error"), error),
            (_, Err(error)) => out::error(object.key("error"), &error),
        }
        object.close();
        out
    }
}

impl Core {
    fn prepare(&self, operation: u32, arguments: &[u8]) -> Result<crate::proto::call::Prepared, Error> {
        let config = self.config.as_ref().map_err(Error::clone)?;
        let operation = config.provider.operations().nth(operation as usize);
        let operation = operation.ok_or_else(|| invalid("operation", "is not known"))?;
        let mut parts = json::items(arguments);
        let mut parameters = Vec::new();
        for parameter in json::items(parts.next().unwrap_or_default()) {
            parameters.push(parameter);
        }
        let input = parts.next().unwrap_or(b"null");
        let options = parts.next().unwrap_or(b"null");
        let today = parts.next().and_then(json::string);
        config.prepare(operation, &parameters, input, options, today.as_deref())
    }

    fn secrets(&self, call: usize) -> Vec<String> {
        let mut secrets = self.token.clone();
        if let Some(Some(call)) = self.calls.get(call) {
            secrets.extend_from_slice(call.prepared().secrets());
        }
        secrets
    }

    fn go(&mut self, number: usize, news: &News, now: f64, chance: f64) -> Vec<u8> {
        // Where there is no such call, there is nothing to say.
        let Self { config: Ok(config), limits, listening, calls, .. } = &mut *self else { return Vec::new() };
        let Some(Some(call)) = calls.get_mut(number) else { return Vec::new() };
        let operation = call.prepared().operation;
        let mut record = Record::new(*listening);
        let (step, moved) = with(config, limits, &mut record, (now, chance), |world| call.step(world, news));
        let mut out = Vec::new();
        let mut object = ObjectWriter::new(&mut out);
        object.number("call", number as u64);
        record.write(&mut object, moved);
        match step {
            Step::Send(request, ms) => {
                object.number("timeoutMs", out::whole(ms.ceil()));
                object.string("url", &request.url);
                if request.bytes {
                    object.raw("bytes", b"true");
                }
                if request.own {
                    object.raw("own", b"true");
                }
                let mut init = ObjectWriter::new(object.key("init"));
                told::request(&mut init, &request);
                // A redirect would carry the key to another address.
                init.string("redirect", "manual");
                if let (true, Some(credentials)) = (request.own, config.credentials()) {
                    init.string("credentials", &credentials);
                }
                init.close();
            }
            Step::Wait { ms, slot } => {
                object.number("wait", out::whole(ms.ceil()));
                if slot {
                    object.raw("slot", b"true");
                }
            }
            Step::Reserve(class, limit, ms) => {
                object.number("timeoutMs", out::whole(ms.ceil()));
                object.string("reserve", class);
                object.number("requests", limit.requests.into());
                object.number("perMs", out::whole(limit.per_ms));
                // This holds the key: a hash of it is all that a limiter gets.
                object.string("account", &config.account());
            }
            Step::Token(ms) => {
                object.number("timeoutMs", out::whole(ms.ceil()));
                object.raw("token", b"true");
            }
            Step::Done(read) => {
                calls.get_mut(number).map(Option::take);
                object.raw("done", b"true");
                let json = read.json.as_deref();
                if matches!(operation.answer, Answer::List(_)) {
                    let list = object.key("value");
                    list.push(b'[');
                    list.extend_from_slice(json.unwrap_or(b"[]"));
                    list.push(b',');
                    match read.page.total {
                        Some(total) => list.extend_from_slice(text::digits(out::whole(total)).as_bytes()),
                        None => list.extend_from_slice(b"null"),
                    }
                    list.push(b',');
                    list.extend_from_slice(read.page.next.as_deref().unwrap_or("null").as_bytes());
                    list.push(b']');
                } else if let Some(json) = json {
                    object.raw("value", json);
                }
            }
            Step::Failed(mut error) => {
                let secrets = self.secrets(number);
                error.scrub(&secrets);
                out::error(object.key("error"), &error);
            }
        }
        object.close();
        out
    }
}

/// Runs something in the world of a call, and tells whether others should look again for their slots.
fn with<R>(
    config: &Config,
    limits: &RefCell<Limits>,
    listener: &mut dyn Listener,
    (now, chance): (f64, f64),
    run: impl FnOnce(&mut World<'_>) -> R,
) -> (R, bool) {
    let mut world = World { config, limits: &mut limits.borrow_mut(), listener, now, chance, moved: false };
    let done = run(&mut world);
    (done, world.moved)
}

/// Headers come as lines of name, colon and value.
fn response(status: u16, head: &[u8], body: Vec<u8>) -> Response {
    let (mut headers, mut rest) = (Vec::new(), as_text(head));
    while !rest.is_empty() {
        let (line, more) = text::cut(rest, b'\n');
        if let Some((name, value)) = text::split(line, b':') {
            headers.push((name.to_owned(), value.to_owned()));
        }
        rest = more.strip_prefix('\n').unwrap_or_default();
    }
    Response { status, headers, body }
}

/// What a step tells the listener.
struct Record {
    listening: bool,
    events: Vec<u8>,
    closed: Option<(&'static str, f64)>,
}

impl Record {
    fn new(listening: bool) -> Self {
        Self { listening, events: Vec::new(), closed: None }
    }

    fn write(&self, object: &mut ObjectWriter<'_>, moved: bool) {
        if !self.events.is_empty() {
            let list = object.key("events");
            list.push(b'[');
            list.extend_from_slice(&self.events);
            list.push(b']');
        }
        if moved {
            object.raw("moved", b"true");
        }
        if let Some((class, ms)) = self.closed {
            let list = object.key("closed");
            list.push(b'[');
            json::write_string(list, class);
            list.push(b',');
            list.extend_from_slice(text::digits(out::whole(ms)).as_bytes());
            list.push(b']');
        }
    }
}

impl Listener for Record {
    fn listening(&self) -> bool {
        self.listening
    }

    fn tell(&mut self, event: &Event<'_>) {
        if let Event::Closed { rate_class, ms } = event {
            self.closed = Some((rate_class, *ms));
        } else if self.listening {
            if !self.events.is_empty() {
                self.events.push(b',');
            }
            told::event(&mut self.events, event);
        }
    }
}

/// Checks a source: `arguments` is the JSON array `[input, options, time]`; gives `{ problems }` or `{ error }`.
#[wasm_bindgen(js_name = checkSource)]
pub fn check_source(provider: &[u8], arguments: &[u8]) -> Vec<u8> {
    static OPTIONS: crate::schema::Table =
        crate::schema::Table::new("CheckOptions", &[crate::schema::Field::boolean("updating").updatable().nullable()]);
    let mut parts = json::items(arguments);
    let input = parts.next().unwrap_or(b"null");
    let options = parts.next().filter(|raw| Shape::of(raw) != Some(Shape::Null)).unwrap_or(b"{}");
    let problems = check_input(options, &OPTIONS, &Input::default());
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    match known(provider) {
        Some(provider) if problems.is_empty() => {
            let updating = json::is_true(options, "updating");
            let today = parts.next().and_then(json::string);
            let judged = Input { updating, today: today.as_deref(), ..Input::default() };
            out::problems(object.key("problems"), &check_input(input, provider.source, &judged));
        }
        Some(provider) => out::error(object.key("error"), &Error::invalid(provider.name, "", problems)),
        None => out::error(object.key("error"), &invalid("provider", "is not known")),
    }
    object.close();
    out
}

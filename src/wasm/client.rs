//! What the JavaScript side calls.
//!
//! Bytes come in, JSON bytes go out, and nothing else: no object of the platform is held here, so nothing here can leak one
//! or throw through wasm. Input is checked against tables. Each step of a call goes out as one document that says what to
//! tell the listener and what to do next; `pkg-template/src/run.ts` does it and comes back with what happened.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::accounts::limits_of;
use super::out;
use super::told::{self, Record};
use crate::engine::{Call, Failure, Limits, News, Step, World};
use crate::proto::call::{Config, Prepared, optional};
use crate::proto::error::Error;
use crate::proto::http::Response;
use crate::proto::operation::Provider;
use crate::proto::secret::scrub;
use crate::schema::json::{self, ObjectWriter, as_text};
use crate::schema::{Code, Field, Input, Problem, Table, check_arguments, check_input, text};

/// What can be asked of a client.
mod ask {
    /// News of a call: the time has come; somebody has given a slot in so many milliseconds; an answer.
    pub(super) const TIME: u32 = 0;
    pub(super) const SLOT: u32 = 1;
    pub(super) const ANSWER: u32 = 2;
    /// A loss is at least 4.
    pub(super) const BROWSER: u32 = 1;
    /// What is none of these is news of a loss, with its circumstances as bits.
    pub(super) const SENT: u32 = 8;
    pub(super) const TOO_LARGE: u32 = 16;
    pub(super) const TIMED_OUT: u32 = 32;
    /// Makes a client: the body is the constructor's options (JSON), the head the provider's name, and the value
    /// tells whether anybody listens. Gives its name, as `{ client }`. Of a client that is not there nothing is answered.
    pub(super) const OPEN: u32 = 62;
    /// Checks a source of the provider in the head; the body is the JSON array `[input, options, time]`. Gives `{ problems }`,
    /// and needs no client.
    pub(super) const CHECK: u32 = 63;
    /// Ends a call from outside; gives its last events.
    pub(super) const ABORT: u32 = 64;
    /// Begins a call of an operation; the body is the JSON array `[parameters, input, options, time]`.
    pub(super) const BEGIN: u32 = 65;
    /// The same, but only shows its request, as `{ operation, method, url, headers, body? }`.
    pub(super) const SHOW: u32 = 66;
    /// Forgets a call that is over, and what was said last.
    pub(super) const FORGET: u32 = 67;
    /// Gives a text without the secrets of a call, as `{ text }`.
    pub(super) const SCRUB: u32 = 68;
    /// Takes a token for the gateway that nothing told of the call may show.
    pub(super) const KEEP: u32 = 69;
}

/// So many clients are kept at least. Programs may make one for every request that they answer, and nobody says when one is not
/// used any more: the oldest without a call under way is forgotten, and made anew when it is asked again.
const CLIENTS: usize = 256;

/// All clients of this instance of the module.
#[derive(Debug)]
struct Core {
    /// With their names, in ascending order of these.
    clients: Vec<(u32, Box<Client>)>,
    /// The name of the newest one.
    newest: u32,
    /// What was said last.
    out: Vec<u8>,
    /// Where that lies, and how long it is.
    place: [usize; 2],
}

/// A client of one account at one provider.
#[derive(Debug)]
struct Client {
    config: Config,
    limits: Rc<RefCell<Limits>>,
    listening: bool,
    calls: Vec<Option<Box<Call>>>,
}

thread_local! {
    static CORE: RefCell<Core> =
        const { RefCell::new(Core { clients: Vec::new(), newest: 0, out: Vec::new(), place: [0, 0] }) };
}

/// Asks one of the above of a client. `number` is that of a call or an operation, `value` a status or milliseconds, `head` holds
/// headers as lines, and `body` an answer, in words why there is none, or what else goes with the question.
///
/// What is said is a JSON object, with `error` if something is wrong. Where it lies and how long it is are two numbers at the
/// address that this gives; it stays there until something else is asked, so that a large answer is read where it is.
#[expect(clippy::too_many_arguments, reason = "plain numbers and bytes are what crosses cheaply")]
#[wasm_bindgen]
pub fn ask(
    client: u32,
    what: u32,
    number: usize,
    value: f64,
    head: &[u8],
    body: Vec<u8>,
    now: f64,
    chance: f64,
) -> usize {
    CORE.with_borrow_mut(|core| {
        core.out = Vec::new();
        let mut object = ObjectWriter::new(&mut core.out);
        let clients = &mut core.clients;
        let known = place(clients, client).and_then(|place| clients.get_mut(place));
        let answered = match (what, known) {
            (ask::OPEN, _) => Client::new(head, &body, value > 0.0, now).map(|new| {
                core.newest = core.newest.wrapping_add(1);
                object.number("client", core.newest.into());
                if clients.len() >= CLIENTS
                    && let Some(idle) = clients.iter().position(|(_, client)| client.calls.iter().all(Option::is_none))
                {
                    clients.remove(idle);
                }
                clients.push((core.newest, Box::new(new)));
            }),
            (ask::CHECK, _) => checked(head, &body).map(|problems| out::problems(object.key("problems"), &problems)),
            (_, Some((_, client))) => client.answer(&mut object, what, number, value, head, body, (now, chance)),
            _ => Ok(()),
        };
        if let Err(error) = answered {
            out::error(object.key("error"), &error);
        }
        object.close();
        core.place = [core.out.as_ptr() as usize, core.out.len()];
        core.place.as_ptr() as usize
    })
}

/// Is the client still kept?
#[wasm_bindgen]
pub fn keeps(client: u32) -> bool {
    CORE.with_borrow(|core| place(&core.clients, client).is_some())
}

fn place(clients: &[(u32, Box<Client>)], name: u32) -> Option<usize> {
    clients.binary_search_by_key(&name, |(known, _)| *known).ok()
}

impl Client {
    fn new(provider: &[u8], options: &[u8], listening: bool, now: f64) -> Result<Self, Error> {
        let config = Config::new(known(provider)?, options)?;
        let limits = limits_of(config.account(), now);
        Ok(Self { config, limits, listening, calls: Vec::new() })
    }

    #[expect(clippy::too_many_arguments, reason = "see `ask`")]
    #[inline(never)]
    fn answer(
        &mut self,
        object: &mut ObjectWriter<'_>,
        what: u32,
        mut number: usize,
        value: f64,
        head: &[u8],
        body: Vec<u8>,
        (now, chance): (f64, f64),
    ) -> Result<(), Error> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status")]
        let status = value as u16;
        let news = match what {
            ask::TIME => News::Time,
            ask::SLOT => News::Slot(value),
            ask::ANSWER => News::Answer(response(status, head, body)),
            ask::ABORT => News::Abort,
            ask::BEGIN | ask::SHOW => {
                let prepared = self.prepare(number, &body)?;
                if what == ask::SHOW {
                    told::prepared(object, &self.config, &prepared);
                    return Ok(());
                }
                number = self.calls.iter().position(Option::is_none).unwrap_or(self.calls.len());
                if number == self.calls.len() {
                    self.calls.push(None);
                }
                if let Some(free) = self.calls.get_mut(number) {
                    *free = Some(Box::new(Call::new(prepared, false, now)));
                }
                News::Begin
            }
            ask::FORGET => {
                self.calls.get_mut(number).map(Option::take);
                return Ok(());
            }
            ask::SCRUB => {
                if let Some(Some(call)) = self.calls.get(number) {
                    object.string("text", &scrub(as_text(&body), call.prepared().secrets()));
                }
                return Ok(());
            }
            ask::KEEP => {
                if let Some(Some(call)) = self.calls.get_mut(number) {
                    call.hide(as_text(&body));
                }
                return Ok(());
            }
            _ => News::Lost(Failure {
                message: as_text(&body).to_owned(),
                sent: what & ask::SENT != 0,
                too_large: what & ask::TOO_LARGE != 0,
                timed_out: what & ask::TIMED_OUT != 0,
                browser: what & ask::BROWSER != 0,
                partial: (value >= 0.0).then(|| response(status, head, Vec::new())),
            }),
        };
        let Some(place) = self.calls.get_mut(number) else { return Ok(()) };
        let Some(call) = place else { return Ok(()) };
        let mut record = Record::new(self.listening);
        let (config, limits) = (&self.config, &mut self.limits.borrow_mut());
        let mut world = World { config, limits, listener: &mut record, now, chance, moved: false };
        let step = call.step(&mut world, &news);
        let moved = world.moved;
        object.number("call", number as u64);
        record.write(object, moved);
        if let Step::Failed(mut error) = step {
            error.scrub(call.prepared().secrets());
            return Err(error);
        }
        told::step(object, config, call, &step);
        if matches!(step, Step::Done(_) | Step::Aborted) {
            *place = None;
        }
        Ok(())
    }

    fn prepare(&self, operation: usize, arguments: &[u8]) -> Result<Prepared, Error> {
        let operation = self.config.provider.operations().nth(operation);
        let operation = operation.ok_or_else(|| invalid("operation", "is not known"))?;
        refuse(self.config.provider.name, operation.name, check_arguments(arguments))?;
        let [parameters, input, options, today] = four(arguments);
        // No operation has more parameters than these.
        let today = json::string(today);
        self.config.prepare(operation, &four(parameters), input, options, today.as_deref())
    }
}

fn known(provider: &[u8]) -> Result<&'static Provider, Error> {
    crate::provider(as_text(provider)).ok_or_else(|| invalid("provider", "is not known"))
}

fn invalid(field: &str, message: &str) -> Error {
    Error::invalid("", "", vec![Problem::error(field, Code::Unknown, message)])
}

/// Nothing goes on with what has problems.
fn refuse(provider: &'static str, operation: &'static str, problems: Vec<Problem>) -> Result<(), Error> {
    if problems.is_empty() { Ok(()) } else { Err(Error::invalid(provider, operation, problems)) }
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

/// The first items of a JSON array; those that are missing are `null`.
fn four(raw: &[u8]) -> [&[u8]; 4] {
    let mut items = [&b"null"[..]; 4];
    for (place, item) in items.iter_mut().zip(json::items(raw)) {
        *place = item;
    }
    items
}

/// What is wrong with a source.
#[inline(never)]
fn checked(provider: &[u8], arguments: &[u8]) -> Result<Vec<Problem>, Error> {
    static OPTIONS: Table = Table::new("CheckOptions", &[Field::boolean("updating").updatable().nullable()]);
    let provider = known(provider)?;
    refuse(provider.name, "", check_arguments(arguments))?;
    let [input, options, today, _] = four(arguments);
    let options = optional(options);
    refuse(provider.name, "", check_input(options, &OPTIONS, &Input::default()))?;
    let updating = json::is_true(options, "updating");
    let today = json::string(today);
    Ok(check_input(input, provider.source, &Input { updating, today: today.as_deref(), ..Input::default() }))
}

//! One call as a machine: it is told what happened and says what to do next.
//!
//! A call is: the read that a merge needs, if it needs one; then the operation's own request, again and again as far as
//! retries and deadline allow; then, if a creation's answer got lost, one look whether it is there. Every request takes a
//! slot of its class. The machine opens no socket, reads no clock and draws no random number, so a simulation can run a
//! million calls on virtual time, and every platform can do its own input and output.

use super::event::{self, End, Event, Listener};
use super::limits::{Limits, Ticket};
use crate::proto::call::{Config, Limit, Prepared};
use crate::proto::error::{Class, Error, Outcome};
use crate::proto::http::{Request, Response};
use crate::proto::operation::{Poll, Retry, To};
use crate::proto::read::{self, Read};
use crate::proto::{date, retry_after};
use crate::schema::{Code, Level, Problem, json, text};

/// How many bytes of a body are read.
pub const BODY_LIMIT: usize = 32 << 20;

/// The first pause before a retry is at most so long, each further one twice as long.
const BASE_MS: f64 = 500.0;
/// No pause is longer, unless the provider asks for it.
const CAP_MS: f64 = 20_000.0;
/// What the clocks of a provider may differ by: so close to the call, its time of creation proves nothing.
const CLOCK_STEP: f64 = 2_000.0;
/// So old may a token for a gateway be when the request leaves ...
const FRESH: f64 = 60_000.0;
/// ... and so long before that a newer one is asked for.
const LEAD: f64 = 30_000.0;
/// A slot given by somebody else is good for so long; after that another one is taken.
const LATE: f64 = 250.0;

/// Why there is no whole answer.
#[derive(Debug, Default)]
pub struct Failure {
    /// What happened, for people.
    pub message: String,
    /// May the request have left?
    pub sent: bool,
    /// The answer as far as it came: its status and headers, if the failure was in the body.
    pub partial: Option<Response>,
    /// Is the body larger than the limit, and nothing else wrong?
    pub too_large: bool,
    /// Did the time for the attempt run out?
    pub timed_out: bool,
}

/// What happened.
#[derive(Debug)]
pub enum News {
    /// The call begins.
    Begin,
    /// The time to wait is over, or something has changed that may have shortened it.
    Time,
    /// Somebody else's limiter has given a slot in so many milliseconds.
    Slot(f64),
    /// An answer came.
    Answer(Response),
    /// No answer came, or not all of it.
    Lost(Failure),
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Send this and wait for the answer for so many milliseconds.
    Send(Request, f64),
    /// Wait. With `slot`, a change of the limits may end the wait early.
    Wait {
        /// Milliseconds.
        ms: f64,
        /// Is it a wait for a slot?
        slot: bool,
    },
    /// Ask somebody else's limiter for a slot, and wait for its answer for so many milliseconds.
    Reserve(&'static str, Limit, f64),
    /// Ask for the gateway's token, and wait for it for so many milliseconds.
    Token(f64),
    /// The call has succeeded.
    Done(Read),
    /// The call has failed.
    Failed(Error),
}

/// What a call is run with.
pub struct World<'a> {
    /// What the client knows about the account.
    pub config: &'a Config,
    /// The slots of the account.
    pub limits: &'a mut Limits,
    /// Who is told.
    pub listener: &'a mut dyn Listener,
    /// Milliseconds; a clock that never goes back.
    pub now: f64,
    /// From 0 to below 1, drawn anew for every step.
    pub chance: f64,
    /// Set when others who wait for a slot should look again.
    pub moved: bool,
}

impl core::fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

/// Which request of a call is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// The read before a merge.
    Read,
    /// The operation's own.
    Own,
    /// The look whether a lost creation happened.
    LookUp,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    /// Waits for a slot of our own log.
    Slot,
    /// Waits until then, and then takes a slot.
    Pause(f64),
    /// Waits until then, and then sends: the slot is somebody else's.
    Given(f64),
    /// Waits for the gateway's token; there may be a slot by then that is somebody else's.
    Token(Option<f64>),
    /// A request is under way.
    Air,
}

/// One call.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Call {
    own: Prepared,
    /// The request that stands before or behind the own one.
    side: Option<Prepared>,
    doing: Doing,
    phase: Phase,
    ticket: Option<Ticket>,
    started: f64,
    deadline: f64,
    sent_at: f64,
    /// When the creation left that is looked for.
    left_at: f64,
    /// When the gateway's token was had.
    token_at: f64,
    patience: f64,
    /// How often the own request was sent.
    attempts: u32,
    /// How often a slot was asked for the present one: a limiter that fails counts like an attempt.
    tries: u32,
    /// Can the body be sent but once?
    once: bool,
    /// May an earlier attempt have happened?
    unsure: bool,
    /// May an earlier attempt have left?
    sent: bool,
    /// Was what is waited for seen under way?
    moving: bool,
    /// Is the source that was read disabled?
    disabled: bool,
    /// The failure of the attempt before.
    last: Option<Error>,
    /// The failure that made a look-up necessary.
    lost: Option<Error>,
}

impl Call {
    /// A call that begins `now`. With `once`, its body cannot be sent again.
    pub fn new(prepared: Prepared, once: bool, now: f64) -> Self {
        let deadline = now + prepared.timing.deadline_ms;
        Self {
            own: prepared,
            side: None,
            doing: Doing::Own,
            phase: Phase::Slot,
            ticket: None,
            started: now,
            deadline,
            sent_at: now,
            left_at: now,
            token_at: f64::NEG_INFINITY,
            patience: 0.0,
            attempts: 0,
            tries: 0,
            once,
            unsure: false,
            sent: false,
            moving: false,
            disabled: false,
            last: None,
            lost: None,
        }
    }

    /// What the call is.
    pub fn prepared(&self) -> &Prepared {
        &self.own
    }

    /// Goes on with what happened.
    pub fn step(&mut self, world: &mut World<'_>, news: News) -> Step {
        let step = match news {
            News::Begin => self.begin(world),
            News::Time => match self.phase {
                Phase::Slot => self.leave(world, true),
                Phase::Pause(until) if world.now < until => Step::Wait { ms: until - world.now, slot: false },
                Phase::Pause(_) => self.acquire(world),
                Phase::Given(until) => self.given(world, until),
                Phase::Token(given) => {
                    self.token_at = world.now;
                    match given {
                        Some(until) if world.now <= until + LATE => self.given(world, until),
                        None if self.ticket.is_some() => self.leave(world, true),
                        _ => self.slot(world),
                    }
                }
                // Whoever gives the time while a request is under way has ended it: it must not leave a second time.
                Phase::Air => self.lost(world, Failure { sent: true, timed_out: true, ..Failure::default() }),
            },
            News::Slot(ms) if ms > 0.0 => {
                let until = world.now + ms;
                if until >= self.deadline {
                    self.no_slot(world, ms)
                } else {
                    world.listener.tell(&Event::Wait { rate_class: self.class(), ms });
                    self.given(world, until)
                }
            }
            News::Slot(_) => self.send(world),
            News::Answer(response) => self.answered(world, &response),
            News::Lost(failure) => self.lost(world, failure),
        };
        let (end, may_have_happened) = match &step {
            Step::Done(_) => (End::Ok, false),
            Step::Failed(error) => (End::Failed, event::may_have_happened(error.outcome)),
            _ => return step,
        };
        self.end(world, end, may_have_happened);
        step
    }

    /// The caller ends the call.
    pub fn abort(&mut self, world: &mut World<'_>) {
        let air = self.phase == Phase::Air;
        self.release(world, false);
        let writes = self.own.operation.writes();
        self.end(world, End::Aborted, writes && (self.unsure || (air && self.doing == Doing::Own)));
    }

    fn end(&self, world: &mut World<'_>, end: End, may_have_happened: bool) {
        let (attempts, ms) = (self.attempts, world.now - self.started);
        world.listener.tell(&Event::End { end, may_have_happened, attempts, ms });
    }

    /// Lets go of the place in the log: one that was not used is given back.
    fn release(&mut self, world: &mut World<'_>, well: bool) {
        let Some(ticket) = self.ticket.take() else { return };
        world.moved |= if self.phase == Phase::Air {
            world.limits.answered(self.class(), ticket, well)
        } else {
            world.limits.cancel(self.class(), ticket)
        };
    }

    fn present(&self) -> &Prepared {
        self.side.as_ref().unwrap_or(&self.own)
    }

    fn class(&self) -> &'static str {
        self.present().operation.rate_class
    }

    fn begin(&mut self, world: &mut World<'_>) -> Step {
        warn(world, &self.own.warnings);
        if let Some(poll) = self.own.operation.poll {
            return self.look_again(world, poll);
        }
        self.side = world.config.read_first(&self.own);
        if self.side.is_some() {
            self.doing = Doing::Read;
        }
        self.acquire(world)
    }

    fn look_again(&mut self, world: &mut World<'_>, poll: &Poll) -> Step {
        let ms = self.own.timing.interval_ms.unwrap_or_else(|| poll.interval_ms.into());
        let left = (self.deadline - world.now).max(0.0);
        // However short the deadline is, there is time for one look.
        let ms = ms.min(if self.attempts == 0 { left / 2.0 } else { left });
        self.phase = Phase::Pause(world.now + ms);
        Step::Wait { ms, slot: false }
    }

    /// Takes a slot for the present request. What a gateway wants to be shown is had before: while it is waited for, the slot's
    /// time would pass, and requests that took theirs one after the other would leave together.
    fn acquire(&mut self, world: &mut World<'_>) -> Step {
        self.tries += 1;
        if self.stale(world, 0.0) { self.rest(world, 0.0, None) } else { self.slot(world) }
    }

    /// Does the request need a newer token if it leaves in so many milliseconds?
    fn stale(&self, world: &World<'_>, ms: f64) -> bool {
        world.config.asks && self.present().operation.to != To::Given && self.token_at + FRESH < world.now + ms
    }

    /// What is to be done until the slot that comes in so many milliseconds.
    fn rest(&mut self, world: &World<'_>, ms: f64, given: Option<f64>) -> Step {
        let stale = self.stale(world, ms);
        if stale && ms <= LEAD {
            self.phase = Phase::Token(given);
            return Step::Token(self.own.timing.timeout_ms.min(self.deadline - world.now).max(0.0));
        }
        Step::Wait { ms: if stale { ms - LEAD } else { ms }, slot: given.is_none() }
    }

    /// Waits for a slot that somebody else has given.
    fn given(&mut self, world: &mut World<'_>, until: f64) -> Step {
        self.phase = Phase::Given(until);
        let ms = until - world.now;
        if ms > 0.0 || self.stale(world, ms) { self.rest(world, ms, Some(until)) } else { self.send(world) }
    }

    fn slot(&mut self, world: &mut World<'_>) -> Step {
        self.phase = Phase::Slot;
        let operation = self.present().operation;
        let class = operation.rate_class;
        match world.config.limit(operation) {
            Some((Some(limit), _)) if world.config.shared => {
                return Step::Reserve(class, limit, (self.deadline - world.now).max(0.0));
            }
            Some((limit, _)) => self.ticket = Some(world.limits.reserve(class, limit, world.now)),
            None => {}
        }
        self.leave(world, false)
    }

    /// Sends the present request if its slot has come.
    fn leave(&mut self, world: &mut World<'_>, again: bool) -> Step {
        let class = self.class();
        let Some(ticket) = self.ticket else { return self.send(world) };
        let ms = world.limits.due(class, ticket, world.now);
        if world.now + ms >= self.deadline {
            self.release(world, false);
            return if ms > 0.0 { self.no_slot(world, ms) } else { self.send(world) };
        }
        self.phase = Phase::Slot;
        if !again && ms > 0.0 {
            world.listener.tell(&Event::Wait { rate_class: class, ms });
        }
        if ms > 0.0 || self.stale(world, ms) {
            return self.rest(world, ms, None);
        }
        world.limits.leave(class, ticket, world.now);
        self.send(world)
    }

    /// The next slot lies beyond the deadline.
    fn no_slot(&mut self, world: &mut World<'_>, ms: f64) -> Step {
        if let Some(mut error) = self.last.take() {
            error.retry_after_ms = Some(ms);
            return self.give_up(world, error);
        }
        let message = [
            "the limit of ",
            self.class(),
            " at ",
            world.config.provider.name,
            " leaves no room before the deadline; the next request could leave in ",
            &text::digits(whole(ms)),
            " ms",
        ];
        let mut error = self.error(world, Class::RateLimit, Code::RateLimited, message.concat());
        error.outcome = Outcome::None;
        error.retry_after_ms = Some(ms);
        self.give_up(world, error)
    }

    fn send(&mut self, world: &mut World<'_>) -> Step {
        self.patience = self.own.timing.timeout_ms.min(self.deadline - world.now);
        if self.patience <= 0.0 {
            self.patience = self.own.timing.deadline_ms;
            let error = self.last.take().unwrap_or_else(|| self.timed_out(world, false, None));
            return self.give_up(world, error);
        }
        self.attempts += u32::from(self.doing == Doing::Own);
        self.phase = Phase::Air;
        self.sent_at = world.now;
        let present = self.present();
        let request = world.config.request(present);
        let attempt = self.attempts.max(1);
        world.listener.tell(&Event::Request { attempt, method: request.method, url: present.shown_url() });
        Step::Send(request, self.patience)
    }

    /// The request has come back, in whatever state.
    fn landed(&mut self, world: &mut World<'_>, status: Option<u16>, retry_after: Option<f64>) {
        let operation = self.present().operation;
        let refused = status == Some(429);
        self.release(world, status.is_some() && !refused);
        if let (true, Some((own, usual))) = (refused, world.config.limit(operation)) {
            let rate_class = operation.rate_class;
            // A client without a limit goes on; others of its account need not run into the same.
            let ms = world.limits.close(rate_class, own.unwrap_or(usual), retry_after, world.now);
            if own.is_some() {
                world.listener.tell(&Event::Closed { rate_class, ms });
            }
        }
    }

    fn answered(&mut self, world: &mut World<'_>, response: &Response) -> Step {
        self.landed(world, Some(response.status), retry_after::parse(response));
        let present = self.present();
        let request_id = read::request_id(response, world.config.context(present, false).secrets);
        let (attempt, ms) = (self.attempts.max(1), world.now - self.sent_at);
        let request_id = request_id.as_deref();
        world.listener.tell(&Event::Response { attempt, status: response.status, ms, request_id });
        match world.config.read(present, response, world.listener.listening()) {
            Ok(read) => {
                for drift in &read.drift {
                    world.listener.tell(&Event::Drift(drift));
                }
                self.succeeded(world, read, response)
            }
            Err(error) => self.failed(world, error),
        }
    }

    fn succeeded(&mut self, world: &mut World<'_>, read: Read, response: &Response) -> Step {
        let json = read.json.as_deref().unwrap_or_default();
        match self.doing {
            Doing::Own => match self.own.operation.poll {
                Some(poll) => self.looked(world, poll, read),
                None => Step::Done(read),
            },
            Doing::Read => {
                self.disabled = json::member(json, "enabled") == Some(b"false");
                match world.config.merged(&self.own, json) {
                    Ok(merged) => {
                        warn(world, &merged.warnings);
                        self.own = merged;
                        self.begin_own(world)
                    }
                    Err(error) => Step::Failed(error),
                }
            }
            Doing::LookUp => self.found(world, json, response),
        }
    }

    fn begin_own(&mut self, world: &mut World<'_>) -> Step {
        (self.side, self.doing, self.tries, self.last) = (None, Doing::Own, 0, None);
        self.acquire(world)
    }

    /// A look at what is waited for.
    fn looked(&mut self, world: &mut World<'_>, poll: &'static Poll, read: Read) -> Step {
        let seen = read.json.as_deref().and_then(|json| json::string_at(json, poll.field)).unwrap_or_default();
        let done = seen == poll.done;
        let failed = poll.failed.iter().any(|failed| seen.eq_ignore_ascii_case(failed));
        // A write shows in the state only after a while: until then it is that from before.
        let settled = f64::from(poll.settle_ms).min((self.deadline - self.started) / 2.0);
        self.moving |= !done && !failed || world.now - self.started >= settled;
        if done && self.moving {
            return Step::Done(read);
        }
        let failed = failed && self.moving;
        let seen = if seen.is_empty() { "not known" } else { &seen };
        let (class, code, joint, end) = if failed {
            (Class::Conflict, Code::Declined, " and will not become ", "")
        } else {
            (Class::Timeout, Code::Timeout, " and not ", " at the deadline")
        };
        let message = [poll.field, " is ", seen, joint, poll.done, end].concat();
        let mut error = self.error(world, class, code, message);
        error.sent = true;
        if failed {
            return self.give_up(world, error);
        }
        // What is said if there is no time for another look.
        self.last = Some(error);
        self.tries = 0;
        self.look_again(world, poll)
    }

    fn lost(&mut self, world: &mut World<'_>, failure: Failure) -> Step {
        let status = failure.partial.as_ref().map(|partial| partial.status);
        if let (true, Some(partial)) = (failure.too_large, &failure.partial) {
            if partial.status >= 300 {
                // What a refusal says beyond the cap does not matter.
                return self.answered(world, partial);
            }
            self.landed(world, status, None);
            let error = read::too_large(&world.config.context(self.present(), false), partial, BODY_LIMIT);
            return self.failed(world, error);
        }
        self.landed(world, status, failure.partial.as_ref().and_then(retry_after::parse));
        let error = if failure.timed_out {
            self.timed_out(world, failure.sent, status)
        } else {
            let (provider, operation) = (world.config.provider.name, self.present().operation.name);
            let message = ["no answer of ", provider, " to ", operation, ": ", &failure.message].concat();
            let mut error = self.error(world, Class::Network, Code::Network, message);
            error.sent = failure.sent;
            if !failure.sent {
                error.outcome = Outcome::None;
            }
            if let Some(partial) = failure.partial {
                let secrets = world.config.context(self.present(), false).secrets;
                error.request_id = read::request_id(&partial, secrets);
                error.status = status;
            }
            error
        };
        self.failed(world, error)
    }

    fn timed_out(&self, world: &World<'_>, sent: bool, status: Option<u16>) -> Error {
        let ms = text::digits(whole(self.patience));
        let (provider, operation) = (world.config.provider.name, self.present().operation.name);
        let message = if self.phase == Phase::Air {
            [provider, " did not answer ", operation, " within ", &ms, " ms"].concat()
        } else {
            [operation, " could not be sent in time"].concat()
        };
        let mut error = self.error(world, Class::Timeout, Code::Timeout, message);
        (error.sent, error.status) = (sent, status);
        if !sent {
            error.outcome = Outcome::None;
        }
        error
    }

    /// An error for a request whose answer is not known.
    fn error(&self, world: &World<'_>, class: Class, code: Code, message: String) -> Error {
        let operation = self.present().operation;
        let problems = vec![Problem::error("", code, &message)];
        let mut error = Error::new(class, world.config.provider.name, operation.name, message);
        error.problems = problems;
        error.outcome = if operation.writes() { Outcome::Unknown } else { Outcome::None };
        error
    }

    /// An attempt has failed: again, or not.
    fn failed(&mut self, world: &mut World<'_>, error: Error) -> Step {
        let operation = self.present().operation;
        let own = self.doing == Doing::Own;
        if own && self.unsure && error.status == Some(404) && operation.method == "DELETE" {
            // It was there when the call began: an attempt whose answer got lost has removed it.
            let empty = Response { status: 204, ..Response::default() };
            return Step::Done(world.config.read(&self.own, &empty, false).unwrap_or_default());
        }
        self.unsure |= own && error.outcome == Outcome::Unknown;
        self.sent |= own && error.sent;
        let passing = match error.class {
            Class::Network | Class::Timeout | Class::RateLimit | Class::Server => true,
            _ => error.status == Some(408),
        };
        let proven = !error.sent || error.class == Class::RateLimit;
        let again = passing && (operation.retry == Retry::Safe || proven) && !(self.once && own);
        if again && self.tries <= self.own.timing.retries {
            let factor = f64::from(1_u32 << (self.tries.clamp(1, 16) - 1));
            let backoff = world.chance * (BASE_MS * factor).min(CAP_MS);
            let after_ms = backoff.max(error.retry_after_ms.unwrap_or_default());
            if world.now + after_ms < self.deadline {
                let because = match error.status {
                    Some(status) => text::digits(status.into()),
                    None => error.class.kind().to_owned(),
                };
                world.listener.tell(&Event::Retry { attempt: self.attempts.max(1), after_ms, because: &because });
                self.last = Some(error);
                self.phase = Phase::Pause(world.now + after_ms);
                return Step::Wait { ms: after_ms, slot: false };
            }
        }
        self.give_up(world, error)
    }

    /// The present request has failed for good.
    fn give_up(&mut self, world: &mut World<'_>, mut error: Error) -> Step {
        error.attempts = self.attempts;
        match self.doing {
            Doing::Read => {
                // The read belongs to the update: the caller asked for nothing else, so its failure is the update's.
                error.operation = self.own.operation.name;
                error.message = ["before ", error.operation, ": ", &error.message].concat();
            }
            Doing::Own => {
                error.sent |= self.sent;
                if self.unsure {
                    error.outcome = Outcome::Unknown;
                }
                if self.disabled && error.outcome == Outcome::Declined {
                    error.message.push_str("; the source is disabled: it refuses changes until it is enabled");
                }
                // Behind a redirect there is nobody to ask.
                if error.outcome == Outcome::Unknown
                    && !matches!(error.status, Some(300..=399))
                    && world.now < self.deadline
                    && let Some(list) = world.config.look_up(&self.own)
                {
                    self.side = Some(list);
                    self.left_at = self.sent_at;
                    (self.doing, self.tries, self.last, self.lost) = (Doing::LookUp, 0, None, Some(error));
                    return self.acquire(world);
                }
            }
            Doing::LookUp => {
                if let Some(mut lost) = self.lost.take() {
                    lost.message.push_str("; looking for it failed: ");
                    lost.message.push_str(&error.message);
                    return Step::Failed(lost);
                }
            }
        }
        Step::Failed(error)
    }

    /// The list after a lost creation: is there what was to be created, and is it new?
    fn found(&mut self, world: &mut World<'_>, list: &[u8], response: &Response) -> Step {
        let Some(mut error) = self.lost.take() else { return Step::Done(Read::default()) };
        let Some(look_up) = self.own.operation.look_up else { return Step::Failed(error) };
        let sent = self.own.attributes();
        let name = json::string_at(sent, look_up.name);
        let item = json::items(list).find(|item| name.is_some() && json::string_at(item, look_up.name) == name);
        // By the provider's own clock, ours may be wrong: it was not earlier than this there when the request left.
        let left = response.header("date").and_then(retry_after::http_date);
        let left = left.map(|seconds| seconds * 1_000.0 - (world.now - self.left_at));
        let created = item.and_then(|item| json::string_at(item, look_up.created));
        // Whole seconds are rounded down.
        let grain = if created.as_deref().is_some_and(|text| text::has(text, ".")) { 1.0 } else { 1_000.0 };
        let [ours, theirs] = [sent, item.unwrap_or_default()].map(|of| json::member(of, look_up.kind));
        let alike = ours.zip(theirs).is_none_or(|(ours, theirs)| ours == theirs);
        let age = created.and_then(|text| date::rfc3339(&text)).zip(left).map(|(created, left)| left - created);
        let saw = match (item, age) {
            (Some(item), Some(age)) if age < grain && alike => {
                let what =
                    "; it was looked for and found, made after the request left: by this call, or by somebody else";
                warn(world, &[Problem::warning("", Code::Recovered, &[&error.message, what].concat())]);
                return Step::Done(Read { json: Some(item.to_vec()), ..Read::default() });
            }
            (None, _) => "; it was looked for and is not there (yet)",
            (_, Some(age)) if age > CLOCK_STEP => "; something of this name is there, from before the call",
            _ => "; something of this name is there, and it cannot be told whether it is new",
        };
        error.message.push_str(saw);
        Step::Failed(error)
    }
}

fn warn(world: &mut World<'_>, problems: &[Problem]) {
    if !world.listener.listening() {
        return;
    }
    let warnings: Vec<_> = problems.iter().filter(|problem| problem.level == Level::Warning).cloned().collect();
    if !warnings.is_empty() {
        world.listener.tell(&Event::Warning { problems: &warnings });
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds of at most a day, for a message"
)]
fn whole(ms: f64) -> u64 {
    ms as u64
}

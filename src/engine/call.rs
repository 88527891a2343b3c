//! One call as a machine: it is told what happened and says what to do next.
//!
//! A call is: the read that a merge needs, if it needs one; then the operation's own request, again and again as far as
//! retries and deadline allow; then, if a creation's answer got lost, one look whether it is there. Every request takes a
//! slot of its class. The machine opens no socket, reads no clock and draws no random number, so a simulation can run a
//! million calls on virtual time, and every platform can do its own input and output.

mod outcome;

use super::event::{self, End, Event, Listener};
use super::limits::{Limits, Ticket};
use crate::proto::call::{Config, Limit, Prepared};
use crate::proto::error::{Class, Error, Outcome};
use crate::proto::http::{Request, Response};
use crate::proto::operation::{Operation, Poll, To};
use crate::proto::read::Read;
use crate::schema::{Code, Problem, text};

/// How many bytes of a body are read.
pub const BODY_LIMIT: usize = 32 << 20;

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Waits for a slot.
    Slot,
    /// Waits for the time to take a slot.
    Pause,
    /// Waits for the gateway's token.
    Token,
    /// A request is under way.
    Air,
}

/// One call.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Call {
    own: Prepared,
    /// What the present request does: it stands before the own one, is it, or stands behind it.
    operation: &'static Operation,
    doing: Doing,
    phase: Phase,
    /// The place in our own log.
    ticket: Option<Ticket>,
    /// When the slot comes that somebody else has given.
    given: Option<f64>,
    /// When a pause is over.
    until: f64,
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
        Self {
            operation: prepared.operation,
            deadline: now + prepared.timing.deadline_ms,
            own: prepared,
            doing: Doing::Own,
            phase: Phase::Slot,
            ticket: None,
            given: None,
            until: now,
            started: now,
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
    pub fn step(&mut self, world: &mut World<'_>, news: &News) -> Step {
        let step = match news {
            News::Begin => self.begin(world),
            News::Time => match self.phase {
                Phase::Slot => self.leave(world, true),
                Phase::Pause if world.now < self.until => Step::Wait { ms: self.until - world.now, slot: false },
                Phase::Pause => self.acquire(world),
                Phase::Token => {
                    self.token_at = world.now;
                    let slot = self.given.map_or(self.ticket.is_some(), |at| world.now <= at + LATE);
                    if slot { self.leave(world, true) } else { self.slot(world) }
                }
                // Whoever gives the time while a request is under way has ended it: it must not leave a second time.
                Phase::Air => self.lost(world, &Failure { sent: true, timed_out: true, ..Failure::default() }),
            },
            News::Slot(ms) if *ms > 0.0 => {
                self.given = Some(world.now + ms);
                self.leave(world, false)
            }
            News::Slot(_) => self.send(world),
            News::Answer(response) => self.answered(world, response, true),
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
        if let Some(ticket) = self.ticket.take() {
            world.moved |= world.limits.release(self.operation.rate_class, ticket, well);
        }
    }

    fn begin(&mut self, world: &mut World<'_>) -> Step {
        warn(world, &self.own.warnings);
        if let Some(poll) = self.own.operation.poll {
            return self.look_again(world, poll);
        }
        match world.config.read_first(&self.own) {
            Some(read) => self.request(world, Doing::Read, read),
            None => self.acquire(world),
        }
    }

    /// Goes on with another request.
    fn request(&mut self, world: &mut World<'_>, doing: Doing, operation: &'static Operation) -> Step {
        (self.doing, self.operation, self.tries, self.last) = (doing, operation, 0, None);
        self.acquire(world)
    }

    fn look_again(&mut self, world: &World<'_>, poll: &Poll) -> Step {
        let ms = self.own.timing.interval_ms.unwrap_or_else(|| poll.interval_ms.into());
        let left = (self.deadline - world.now).max(0.0);
        // However short the deadline is, there is time for one look.
        self.pause(world, ms.min(if self.attempts == 0 { left / 2.0 } else { left }))
    }

    fn pause(&mut self, world: &World<'_>, ms: f64) -> Step {
        self.phase = Phase::Pause;
        self.until = world.now + ms;
        Step::Wait { ms, slot: false }
    }

    /// Takes a slot for the present request. What a gateway wants to be shown is had before: while it is waited for, the slot's
    /// time would pass, and requests that took theirs one after the other would leave together.
    fn acquire(&mut self, world: &mut World<'_>) -> Step {
        self.tries += 1;
        self.given = None;
        if self.stale(world, 0.0) { self.rest(world, 0.0) } else { self.slot(world) }
    }

    /// Does the request need a newer token if it leaves in so many milliseconds?
    fn stale(&self, world: &World<'_>, ms: f64) -> bool {
        world.config.asks && self.operation.to != To::Given && self.token_at + FRESH < world.now + ms
    }

    /// What is to be done until the slot that comes in so many milliseconds.
    fn rest(&mut self, world: &World<'_>, mut ms: f64) -> Step {
        if self.stale(world, ms) {
            if ms <= LEAD {
                self.phase = Phase::Token;
                return Step::Token(self.own.timing.timeout_ms.min(self.deadline - world.now).max(0.0));
            }
            ms -= LEAD;
        }
        Step::Wait { ms, slot: self.given.is_none() }
    }

    fn slot(&mut self, world: &mut World<'_>) -> Step {
        self.phase = Phase::Slot;
        self.given = None;
        let class = self.operation.rate_class;
        match world.config.limit(self.operation) {
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
        let rate_class = self.operation.rate_class;
        let ms = match (self.given, self.ticket) {
            (Some(at), _) => at - world.now,
            (_, Some(ticket)) => world.limits.due(rate_class, ticket, world.now),
            _ => return self.send(world),
        };
        if world.now + ms >= self.deadline {
            self.release(world, false);
            return if ms > 0.0 { self.no_slot(world, ms) } else { self.send(world) };
        }
        self.phase = Phase::Slot;
        if !again && ms > 0.0 {
            world.listener.tell(&Event::Wait { rate_class, ms });
        }
        if ms > 0.0 || self.stale(world, ms) {
            return self.rest(world, ms);
        }
        if let Some(ticket) = self.ticket {
            world.limits.leave(rate_class, ticket, world.now);
        }
        self.send(world)
    }

    /// The next slot lies beyond the deadline.
    fn no_slot(&mut self, world: &mut World<'_>, ms: f64) -> Step {
        let mut error = self.last.take().unwrap_or_else(|| {
            let message = [
                "the limit of ",
                self.operation.rate_class,
                " at ",
                world.config.provider.name,
                " leaves no room before the deadline; the next request could leave in ",
                &text::digits(whole(ms)),
                " ms",
            ];
            self.error(world, Class::RateLimit, Code::RateLimited, false, &message)
        });
        error.retry_after_ms = Some(ms);
        self.give_up(world, error)
    }

    fn send(&mut self, world: &mut World<'_>) -> Step {
        self.patience = self.own.timing.timeout_ms.min(self.deadline - world.now);
        if self.patience <= 0.0 {
            let error = self.last.take().unwrap_or_else(|| self.timed_out(world, false));
            return self.give_up(world, error);
        }
        self.attempts += u32::from(self.doing == Doing::Own);
        self.phase = Phase::Air;
        self.sent_at = world.now;
        let (attempt, method) = (self.attempts.max(1), self.operation.method);
        world.listener.tell(&Event::Request { attempt, method, url: &self.own.shown_url() });
        Step::Send(world.config.request_for(&self.own, self.operation), self.patience)
    }

    /// An error for a request whose answer is not known, or which has not left.
    fn error(&self, world: &World<'_>, class: Class, code: Code, sent: bool, message: &[&str]) -> Error {
        let message = message.concat();
        let problems = vec![Problem::error("", code, &message)];
        let mut error = Error::new(class, world.config.provider.name, self.operation.name, message);
        error.problems = problems;
        error.sent = sent;
        if sent && self.operation.writes() {
            error.outcome = Outcome::Unknown;
        }
        error
    }

    fn timed_out(&self, world: &World<'_>, sent: bool) -> Error {
        let (provider, operation) = (world.config.provider.name, self.operation.name);
        let ms = text::digits(whole(self.patience));
        let within = [provider, " did not answer ", operation, " within ", &ms, " ms"];
        let message = if self.phase == Phase::Air { &within[..] } else { &[operation, " could not be sent in time"] };
        self.error(world, Class::Timeout, Code::Timeout, sent, message)
    }
}

fn warn(world: &mut World<'_>, problems: &[Problem]) {
    if !problems.is_empty() {
        world.listener.tell(&Event::Warning { problems });
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

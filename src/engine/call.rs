//! One call as a machine: it is told what happened and says what to do next.
//!
//! A call is: the read that a merge needs, if it needs one; then the operation's own request, again and again as far as
//! retries and deadline allow; then, if a creation's answer got lost, one look whether it is there. Every request takes a
//! slot of its class. The machine opens no socket, reads no clock and draws no random number, so a simulation can run a
//! million calls on virtual time, and every platform can do its own input and output.

mod outcome;
mod slot;

use super::event::{self, End, Event, Listener};
use super::limits::{Limits, Ticket};
use crate::proto::call::{Config, Limit, Prepared};
use crate::proto::error::{Class, Error, Outcome};
use crate::proto::http::{Request, Response};
use crate::proto::operation::{Operation, Poll};
use crate::proto::read::Read;
use crate::schema::{Code, Problem, text};

/// How many bytes of a body are read.
pub const BODY_LIMIT: usize = 32 << 20;

/// A slot given by somebody else is good for so long; after that another one is taken.
const LATE: f64 = 250.0;

/// A slot that somebody else gives for later than any deadline is out of reach, however far.
const FAR: f64 = 86_400_000.0;

/// Why there is no whole answer.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
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
    /// Was it sent by a page? Then it may be the browser that stopped it.
    pub browser: bool,
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
    /// The caller ends the call.
    Abort,
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
    /// The call was ended.
    Aborted,
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

/// The slot of a write, and how often it was tried, while what it is merged with is read.
#[derive(Debug)]
struct Held {
    ticket: Option<Ticket>,
    given: Option<f64>,
    tries: u32,
    last: Option<Error>,
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
    /// The slot of the write that the present read stands before.
    held: Option<Held>,
    /// Is it this call's turn to change what is at its address?
    turn: bool,
    /// When what is sent was merged with what is stored.
    merged_at: f64,
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
    /// May an earlier request have left?
    sent: bool,
    /// Was what is waited for seen under way?
    moving: bool,
    /// Is the source that was read disabled?
    disabled: bool,
    /// The paths of which drift was told.
    drifted: Vec<String>,
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
            held: None,
            turn: false,
            merged_at: f64::NEG_INFINITY,
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
            drifted: Vec::new(),
            last: None,
            lost: None,
        }
    }

    /// What the call is.
    pub fn prepared(&self) -> &Prepared {
        &self.own
    }

    /// What the present request does.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// May something have been changed by what has left so far?
    pub fn may_have_happened(&self) -> bool {
        let air = self.phase == Phase::Air && self.doing == Doing::Own;
        self.own.operation.writes() && (self.unsure || air)
    }

    /// Notes what else must not be shown of the call.
    pub fn hide(&mut self, secret: &str) {
        self.own.hide(secret);
    }

    /// Goes on with what happened.
    #[inline(never)]
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
            News::Slot(ms) => {
                self.given = Some(world.now + ms.clamp(0.0, FAR));
                if *ms > 0.0 { self.leave(world, false) } else { self.go(world) }
            }
            News::Answer(response) => self.answered(world, response, true),
            News::Lost(failure) => self.lost(world, failure),
            News::Abort => Step::Aborted,
        };
        let (end, may_have_happened) = match &step {
            Step::Done(_) => (End::Ok, false),
            Step::Failed(error) => (End::Failed, event::may_have_happened(error.outcome)),
            Step::Aborted => {
                self.release(world, false);
                (End::Aborted, self.may_have_happened())
            }
            _ => return step,
        };
        if let Some(Held { ticket, .. }) = self.held.take() {
            (self.ticket, self.operation) = (ticket, self.own.operation);
            self.release(world, false);
        }
        if self.turn {
            self.turn = false;
            world.limits.end_turn(&self.own.url);
            world.moved = true;
        }
        let (attempts, ms) = (self.attempts, world.now - self.started);
        world.listener.tell(&Event::End { end, may_have_happened, attempts, ms });
        step
    }

    /// Lets go of the place in the log: one that was not used is given back.
    fn release(&mut self, world: &mut World<'_>, well: bool) {
        if let Some(ticket) = self.ticket.take() {
            world.moved |= world.limits.release(self.operation.rate_class, ticket, well, world.now);
        }
    }

    fn begin(&mut self, world: &mut World<'_>) -> Step {
        warn(world, &self.own.warnings);
        if let Some(poll) = self.own.operation.poll {
            return self.look_again(world, poll);
        }
        self.acquire(world)
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
        let mut error = Error::of(class, world.config.provider.name, self.operation.name, "", code, message);
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

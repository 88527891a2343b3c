//! Doing operations: one driver for all of them, generic over transport and clock.
//!
//! A call is: the read that a merge needs, if it needs one; then the operation's own request. Around both stand one
//! deadline and the caller's abort. Slots of rate classes and retries have their place in [`Driver::exchange`], which
//! every single request goes through.

mod event;
mod race;

use core::cell::Cell;
use core::future::Future;

pub use event::{End, Event, Listener};
use race::{Either, race};

use crate::proto::call::{Config, Prepared};
use crate::proto::error::{Class, Error, Outcome};
use crate::proto::http::{Request, Response};
use crate::proto::read::{self, Read};
use crate::proto::secret::scrub;
use crate::schema::{Code, Level, Problem, json, text};

/// How many bytes of a body are read.
pub const BODY_LIMIT: usize = 32 << 20;

/// Sends requests.
pub trait Transport {
    /// What the platform throws; kept as the error's cause.
    type Cause;

    /// Sends a request and reads the answer, of at most `limit` bytes. Dropping the future ends the exchange, and
    /// `stage` then tells how far it came.
    fn send(
        &self,
        request: &Request,
        limit: usize,
        stage: &Cell<Stage>,
    ) -> impl Future<Output = Result<Response, Failure<Self::Cause>>>;
}

/// How far an exchange has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing has left.
    #[default]
    Before,
    /// The request may have left.
    Sent,
    /// The answer has begun, with this status.
    Answered(u16),
}

impl Stage {
    /// May the request have left?
    pub fn sent(self) -> bool {
        self != Self::Before
    }
}

/// Why there is no whole answer.
#[derive(Debug)]
pub struct Failure<C> {
    /// What happened, for people.
    pub message: String,
    /// May the request have left?
    pub sent: bool,
    /// The answer as far as it came: its status and headers, if the failure was in the body.
    pub partial: Option<Response>,
    /// Is the body larger than the limit, and nothing else wrong?
    pub too_large: bool,
    /// What the platform threw.
    pub cause: Option<C>,
}

/// Tells the time and waits.
pub trait Clock {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> f64;

    /// Waits. Dropping the future leaves no timer behind.
    fn sleep(&self, ms: f64) -> impl Future<Output = ()>;
}

/// Why a call gave nothing.
#[derive(Debug)]
pub enum Stopped<C> {
    /// It failed.
    Failed(Error, Option<C>),
    /// The caller ended it.
    Aborted,
}

impl<C> From<Error> for Stopped<C> {
    fn from(error: Error) -> Self {
        Self::Failed(error, None)
    }
}

/// Runs calls of one client.
#[derive(Debug)]
pub struct Driver<T, C> {
    /// What the client knows about the account.
    pub config: Config,
    /// How requests are sent.
    pub transport: T,
    /// The time.
    pub clock: C,
}

/// How far a call has come.
#[derive(Debug, Default)]
struct Progress {
    attempts: Cell<u32>,
    /// Is the request that is under way the operation's own, and not one that prepares it?
    own: Cell<bool>,
    stage: Cell<Stage>,
}

impl<T: Transport, C: Clock> Driver<T, C> {
    /// Runs a prepared call to its end.
    pub async fn run(
        &self,
        prepared: &Prepared,
        listener: &impl Listener,
        aborted: impl Future<Output = ()>,
    ) -> Result<Read, Stopped<T::Cause>> {
        let started = self.clock.now_ms();
        let progress = Progress::default();
        let deadline = started + prepared.timing.deadline_ms;
        let result = match race(aborted, self.steps(prepared, listener, deadline, &progress)).await {
            Either::Left(()) => Err(Stopped::Aborted),
            Either::Right(result) => result,
        };
        let writes = prepared.operation.writes();
        let (end, may_have_happened) = match &result {
            Ok(_) => (End::Ok, false),
            Err(Stopped::Failed(error, _)) => (End::Failed, event::may_have_happened(error.outcome)),
            Err(Stopped::Aborted) => (End::Aborted, writes && progress.own.get() && progress.stage.get().sent()),
        };
        let (attempts, ms) = (progress.attempts.get(), self.clock.now_ms() - started);
        listener.tell(&Event::End { end, may_have_happened, attempts, ms });
        result
    }

    async fn steps(
        &self,
        prepared: &Prepared,
        listener: &impl Listener,
        deadline: f64,
        progress: &Progress,
    ) -> Result<Read, Stopped<T::Cause>> {
        let warn = |problems: &[Problem]| {
            let warnings: Vec<_> = problems.iter().filter(|problem| problem.level == Level::Warning).cloned().collect();
            if listener.listening() && !warnings.is_empty() {
                listener.tell(&Event::Warning { problems: &warnings });
            }
        };
        warn(&prepared.warnings);
        let Some(first) = self.config.read_first(prepared) else {
            return self.exchange(prepared, listener, deadline, progress, true).await;
        };
        // The read belongs to the update: the caller asked for nothing else, so its failure is the update's.
        let stored =
            self.exchange(&first, listener, deadline, progress, false).await.map_err(|stopped| match stopped {
                Stopped::Failed(mut error, cause) => {
                    error.operation = prepared.operation.name;
                    error.message = ["before ", prepared.operation.name, ": ", &error.message].concat();
                    Stopped::Failed(error, cause)
                }
                Stopped::Aborted => Stopped::Aborted,
            })?;
        let stored = stored.json.unwrap_or_default();
        let merged = self.config.merged(prepared, &stored)?;
        warn(&merged.warnings);
        let disabled = json::member(&stored, "enabled") == Some(b"false");
        self.exchange(&merged, listener, deadline, progress, true).await.map_err(|stopped| match stopped {
            Stopped::Failed(mut error, cause) if disabled && error.outcome == Outcome::Declined => {
                error.message.push_str("; the source is disabled: it refuses changes until it is enabled");
                Stopped::Failed(error, cause)
            }
            other => other,
        })
    }

    /// One request and its answer. Waiting for a slot and trying again belong here, around [`Self::attempt`].
    async fn exchange(
        &self,
        prepared: &Prepared,
        listener: &impl Listener,
        deadline: f64,
        progress: &Progress,
        own: bool,
    ) -> Result<Read, Stopped<T::Cause>> {
        if own {
            progress.attempts.set(progress.attempts.get() + 1);
        }
        let attempt = progress.attempts.get().max(1);
        progress.own.set(own);
        progress.stage.set(Stage::Before);
        let result = self.attempt(prepared, listener, deadline, attempt, &progress.stage).await;
        progress.own.set(false);
        result.map_err(|stopped| match stopped {
            Stopped::Failed(mut error, cause) => {
                error.attempts = progress.attempts.get();
                Stopped::Failed(error, cause)
            }
            Stopped::Aborted => Stopped::Aborted,
        })
    }

    async fn attempt(
        &self,
        prepared: &Prepared,
        listener: &impl Listener,
        deadline: f64,
        attempt: u32,
        stage: &Cell<Stage>,
    ) -> Result<Read, Stopped<T::Cause>> {
        let request = self.config.request(prepared);
        listener.tell(&Event::Request { attempt, method: request.method, url: &request.url });
        let sent_at = self.clock.now_ms();
        let patience = prepared.timing.timeout_ms.min(deadline - sent_at).max(0.0);
        let answer = race(self.transport.send(&request, BODY_LIMIT, stage), self.clock.sleep(patience)).await;
        let ms = self.clock.now_ms() - sent_at;
        let response = match answer {
            Either::Left(Ok(response)) => response,
            // What a refusal says beyond the cap does not matter.
            Either::Left(Err(Failure { too_large: true, partial: Some(partial), .. })) if partial.status >= 300 => {
                partial
            }
            Either::Left(Err(failure)) => return Err(self.failed(prepared, failure)),
            Either::Right(()) => return Err(self.timed_out(prepared, patience, stage.get()).into()),
        };
        let request_id = read::request_id(&response).map(|id| scrub(&id, self.config.context(prepared, false).secrets));
        listener.tell(&Event::Response { attempt, status: response.status, ms, request_id: request_id.as_deref() });
        let read = self.config.read(prepared, &response, listener.listening())?;
        for drift in &read.drift {
            listener.tell(&Event::Drift(drift));
        }
        Ok(read)
    }

    fn timed_out(&self, prepared: &Prepared, patience: f64, stage: Stage) -> Error {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "milliseconds of at most a day, for a message"
        )]
        let ms = text::digits(patience as u64);
        let message =
            [self.config.provider.name, " did not answer ", prepared.operation.name, " within ", &ms, " ms"].concat();
        let mut error = self.lost(Class::Timeout, Code::Timeout, prepared, message);
        error.sent = stage.sent();
        match stage {
            Stage::Before => error.outcome = Outcome::None,
            Stage::Sent => {}
            Stage::Answered(status) => error.status = Some(status),
        }
        error
    }

    fn failed(&self, prepared: &Prepared, failure: Failure<T::Cause>) -> Stopped<T::Cause> {
        if let (true, Some(partial)) = (failure.too_large, &failure.partial) {
            return read::too_large(&self.config.context(prepared, false), partial, BODY_LIMIT).into();
        }
        let provider = self.config.provider.name;
        let message = ["no answer of ", provider, " to ", prepared.operation.name, ": ", &failure.message].concat();
        let mut error = self.lost(Class::Network, Code::Network, prepared, message);
        error.sent = failure.sent;
        if !failure.sent {
            error.outcome = Outcome::None;
        }
        if let Some(partial) = failure.partial {
            error.request_id =
                read::request_id(&partial).map(|id| scrub(&id, self.config.context(prepared, false).secrets));
            error.status = Some(partial.status);
        }
        Stopped::Failed(error, failure.cause)
    }

    /// An error for a request whose answer is not known.
    fn lost(&self, class: Class, code: Code, prepared: &Prepared, message: String) -> Error {
        let mut error = Error::new(class, self.config.provider.name, prepared.operation.name, message);
        error.problems = vec![Problem::error("", code, &error.message.clone())];
        error.outcome = if prepared.operation.writes() { Outcome::Unknown } else { Outcome::None };
        error
    }
}

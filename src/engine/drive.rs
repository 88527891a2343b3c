//! Running calls over any transport and clock, as futures.

use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use super::call::{BODY_LIMIT, Call, Failure, News, Step, World};
use super::event::Listener;
use super::limits::Limits;
use crate::proto::call::{Config, Prepared};
use crate::proto::error::Error;
use crate::proto::http::{Request, Response};
use crate::proto::read::Read;

/// Sends requests.
pub trait Transport {
    /// What the platform throws; kept beside the error.
    type Cause;

    /// Sends a request and reads the answer, of at most `limit` bytes. Dropping the future ends the exchange, and
    /// `stage` then tells how far it came.
    fn send(
        &self,
        request: &Request,
        limit: usize,
        stage: &Cell<Stage>,
    ) -> impl Future<Output = Result<Response, (Failure, Option<Self::Cause>)>>;
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

/// Tells the time, waits, and throws dice.
pub trait Clock {
    /// Milliseconds since whenever, never going back.
    fn now_ms(&self) -> f64;

    /// Waits. Dropping the future leaves no timer behind.
    fn sleep(&self, ms: f64) -> impl Future<Output = ()>;

    /// From 0 to below 1: how much of a pause before a retry is taken.
    fn chance(&self) -> f64;
}

/// Why a call gave nothing.
#[derive(Debug)]
pub enum Stopped<C> {
    /// It failed. What the platform threw stands beside the error as it is; it may show secrets.
    Failed(Error, Option<C>),
    /// The caller ended it.
    Aborted,
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
    limits: RefCell<Limits>,
}

impl<T: Transport, C: Clock> Driver<T, C> {
    /// A driver with its own count of requests.
    pub fn new(config: Config, transport: T, clock: C) -> Self {
        Self { config, transport, clock, limits: RefCell::default() }
    }

    /// Runs a prepared call to its end.
    pub async fn run(
        &self,
        prepared: &Prepared,
        listener: &mut impl Listener,
        aborted: impl Future<Output = ()>,
    ) -> Result<Read, Stopped<T::Cause>> {
        let mut aborted = pin!(aborted);
        let call = Call::new(prepared.clone(), false, self.clock.now_ms());
        let mut running = Running { driver: self, call, over: false };
        let (mut news, mut cause) = (News::Begin, None);
        loop {
            let step = self.step(&mut running.call, listener, &news);
            running.over = matches!(step, Step::Done(_) | Step::Failed(_) | Step::Aborted);
            let next = match step {
                Step::Done(read) => return Ok(read),
                Step::Failed(mut error) => {
                    // What the platform threw may repeat the key.
                    error.scrub(running.call.prepared().secrets());
                    return Err(Stopped::Failed(error, cause));
                }
                Step::Aborted => return Err(Stopped::Aborted),
                Step::Reserve(..) => Err(News::Slot(0.0)),
                // A transport that knows a gateway has its token.
                Step::Token(_) => Err(News::Time),
                Step::Wait { ms, .. } => race(aborted.as_mut(), self.clock.sleep(ms)).await.map_err(|()| News::Time),
                Step::Send(request, patience) => {
                    let exchange = self.exchange(&request, patience, &mut cause);
                    race(aborted.as_mut(), exchange).await
                }
            };
            news = next.err().unwrap_or(News::Abort);
        }
    }

    fn step(&self, call: &mut Call, listener: &mut dyn Listener, news: &News) -> Step {
        let (now, chance) = (self.clock.now_ms(), self.clock.chance());
        let (config, limits) = (&self.config, &mut self.limits.borrow_mut());
        call.step(&mut World { config, limits, listener, now, chance, moved: false }, news)
    }

    async fn exchange(&self, request: &Request, patience: f64, cause: &mut Option<T::Cause>) -> News {
        let stage = Cell::default();
        match race(self.transport.send(request, BODY_LIMIT, &stage), self.clock.sleep(patience)).await {
            Ok(Ok(response)) => News::Answer(response),
            Ok(Err((failure, thrown))) => {
                *cause = thrown;
                News::Lost(failure)
            }
            Err(()) => {
                *cause = None;
                let partial = match stage.get() {
                    Stage::Answered(status) => Some(Response { status, ..Response::default() }),
                    _ => None,
                };
                let sent = stage.get() != Stage::Before;
                News::Lost(Failure { sent, partial, timed_out: true, ..Failure::default() })
            }
        }
    }
}

/// A call that is run: one that is dropped before its end gives back what others wait for.
struct Running<'a, T: Transport, C: Clock> {
    driver: &'a Driver<T, C>,
    call: Call,
    over: bool,
}

impl<T: Transport, C: Clock> Drop for Running<'_, T, C> {
    fn drop(&mut self) {
        if !self.over {
            self.driver.step(&mut self.call, &mut (), &News::Abort);
        }
    }
}

/// Waits for the first of two futures and drops the other; if both are ready, the first one wins.
async fn race<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> Result<A, B> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| {
        if let Poll::Ready(value) = first.as_mut().poll(context) {
            return Poll::Ready(Ok(value));
        }
        second.as_mut().poll(context).map(Err)
    })
    .await
}

//! Waiting for a slot, of our own log or somebody else's, and for what a gateway wants to be shown.

use super::{Call, Doing, Held, LATE, Phase, Step, World, whole};
use crate::engine::event::Event;
use crate::proto::error::Class;
use crate::proto::operation::To;
use crate::schema::{Code, text};

/// So old may a token for a gateway be when the request leaves ...
const FRESH: f64 = 60_000.0;
/// ... and so long before that a newer one is asked for.
const LEAD: f64 = 30_000.0;

/// What was read longer ago is read again before something merged with it leaves: somebody may have changed it meanwhile.
const RECENT: f64 = 5_000.0;

/// How soon a call that must let another one at its address end first looks again.
const LOOK_AGAIN: f64 = 250.0;

impl Call {
    /// Takes a slot for the present request. What a gateway wants to be shown is had before: while it is waited for, the slot's
    /// time would pass, and requests that took theirs one after the other would leave together.
    pub(super) fn acquire(&mut self, world: &mut World<'_>) -> Step {
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

    pub(super) fn slot(&mut self, world: &mut World<'_>) -> Step {
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
    pub(super) fn leave(&mut self, world: &mut World<'_>, again: bool) -> Step {
        let rate_class = self.operation.rate_class;
        let ms = match (self.given, self.ticket) {
            (Some(at), _) => at - world.now,
            (_, Some(ticket)) => world.limits.due(rate_class, ticket, world.now),
            _ => 0.0,
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
        self.go(world)
    }

    /// The slot has come. What is merged with what is stored is read now and written at once, with the slot that is held, and
    /// nobody else changes what is at this address meanwhile: of two who read the same, one would undo what the other did.
    pub(super) fn go(&mut self, world: &mut World<'_>) -> Step {
        if self.doing == Doing::Own
            && world.now - self.merged_at > RECENT
            && let Some(read) = world.config.read_first(&self.own)
        {
            if !self.turn && world.limits.is_taken(&self.own.url) {
                self.phase = Phase::Slot;
                let left = self.deadline - world.now;
                // Without time left, sending fails.
                return if left > 0.0 { Step::Wait { ms: left.min(LOOK_AGAIN), slot: true } } else { self.send(world) };
            }
            if self.given.is_some_and(|at| world.now > at + LATE) {
                return self.slot(world);
            }
            if !self.turn {
                self.turn = true;
                world.limits.take_turn(&self.own.url);
            }
            let (ticket, given, last) = (self.ticket.take(), self.given.take(), self.last.take());
            self.held = Some(Held { ticket, given, tries: self.tries, last });
            return self.request(world, Doing::Read, read);
        }
        if let Some(ticket) = self.ticket {
            world.limits.leave(self.operation.rate_class, ticket, world.now);
        }
        self.send(world)
    }

    /// What was read is merged: it leaves with the slot that is held. A slot that somebody else has given stays good.
    pub(super) fn merged(&mut self, world: &mut World<'_>) -> Step {
        (self.doing, self.operation, self.merged_at) = (Doing::Own, self.own.operation, world.now);
        if let Some(Held { ticket, given, tries, last }) = self.held.take() {
            (self.ticket, self.given, self.tries, self.last) = (ticket, given, tries, last);
        }
        if self.given.is_some() { self.go(world) } else { self.leave(world, false) }
    }

    /// The next slot lies beyond the deadline.
    #[inline(never)]
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
}

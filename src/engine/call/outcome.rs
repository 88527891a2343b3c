//! What has become of a request: the call goes on with it, is done, or has failed.

use super::{BODY_LIMIT, Call, Doing, Failure, Phase, Step, World, warn};
use crate::engine::event::Event;
use crate::proto::error::{Class, Error, Outcome};
use crate::proto::http::Response;
use crate::proto::operation::{Poll, Retry};
use crate::proto::read::{self, Read};
use crate::proto::{date, retry_after};
use crate::schema::{Code, Problem, json, text};

/// The first pause before a retry is at most so long, each further one twice as long.
const BASE_MS: f64 = 500.0;
/// No pause is longer, unless the provider asks for it.
const CAP_MS: f64 = 20_000.0;
/// In a browser a request that never got an answer may have been stopped by the browser itself.
const CORS: &str = "; the cause can be CORS: use a gateway";
/// So many paths are remembered of which drift was told.
const MOST_DRIFTED: usize = 100;
/// What the clocks of a provider may differ by: so close to the call, its time of creation proves nothing.
const CLOCK_STEP: f64 = 2_000.0;

impl Call {
    /// The request has come back, in whatever state.
    fn landed(&mut self, world: &mut World<'_>, answer: Option<&Response>) {
        let refused = answer.is_some_and(|answer| answer.status == 429);
        self.release(world, answer.is_some() && !refused);
        if let (true, Some((own, usual))) = (refused, world.config.limit(self.operation)) {
            let rate_class = self.operation.rate_class;
            let said = answer.and_then(retry_after::parse);
            // A client without a limit goes on; others of its account need not run into the same.
            let ms = world.limits.close(rate_class, own.unwrap_or(usual), said, world.now);
            if own.is_some() {
                world.listener.tell(&Event::Closed { rate_class, ms });
            }
        }
    }

    /// An answer has come, `whole` or with a body that is too large.
    pub(super) fn answered(&mut self, world: &mut World<'_>, response: &Response, whole: bool) -> Step {
        self.landed(world, Some(response));
        let context = world.config.context(&self.own, self.operation, world.listener.listening());
        let request_id = read::request_id(response, context.secrets);
        let (attempt, ms) = (self.attempts.max(1), world.now - self.sent_at);
        let (status, request_id) = (response.status, request_id.as_deref());
        world.listener.tell(&Event::Response { attempt, status, ms, request_id });
        // What a refusal says beyond the cap does not matter.
        let read = if whole || status >= 300 {
            read::read(&context, response)
        } else {
            Err(read::too_large(&context, response, BODY_LIMIT))
        };
        match read {
            Ok(read) => {
                for drift in &read.drift {
                    if !self.drifted.contains(&drift.path) {
                        world.listener.tell(&Event::Drift(drift));
                        if self.drifted.len() < MOST_DRIFTED {
                            self.drifted.push(drift.path.clone());
                        }
                    }
                }
                self.succeeded(world, read, response)
            }
            Err(error) => self.failed(world, error),
        }
    }

    #[inline(never)]
    fn succeeded(&mut self, world: &mut World<'_>, read: Read, response: &Response) -> Step {
        let json = read.json.as_deref().unwrap_or_default();
        match self.doing {
            Doing::Own => match self.own.operation.poll {
                Some(poll) => self.looked(world, poll, read),
                None => Step::Done(read),
            },
            Doing::Read => {
                self.sent = true;
                self.disabled = json::member(json, "enabled") == Some(b"false");
                match world.config.merge(&mut self.own, json) {
                    Ok(()) => {
                        // What is read again would be warned of again.
                        if self.merged_at < self.started {
                            warn(world, &self.own.warnings);
                        }
                        self.merged(world)
                    }
                    Err(mut error) => {
                        self.so_far(&mut error);
                        Step::Failed(error)
                    }
                }
            }
            Doing::LookUp => self.found(world, json, response),
        }
    }

    /// A look at what is waited for.
    #[inline(never)]
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
        let error = self.error(world, class, code, true, &[poll.field, " is ", seen, joint, poll.done, end]);
        if failed {
            return self.give_up(world, error);
        }
        // What is said if there is no time for another look.
        self.last = Some(error);
        self.tries = 0;
        self.look_again(world, poll)
    }

    /// No answer has come, or not all of it.
    pub(super) fn lost(&mut self, world: &mut World<'_>, failure: &Failure) -> Step {
        let partial = failure.partial.as_ref();
        if let (true, Some(partial)) = (failure.too_large, partial) {
            return self.answered(world, partial, false);
        }
        self.landed(world, partial);
        let mut error = if failure.timed_out {
            self.timed_out(world, failure.sent)
        } else {
            let (provider, operation) = (world.config.provider.name, self.operation.name);
            let (before, after) = match self.phase {
                Phase::Token => ("`gateway.token` failed: ", ""),
                Phase::Slot => ("`limiter` failed: ", ""),
                _ if partial.is_some() => ("the answer broke off: ", ""),
                _ => ("", if failure.sent && failure.browser { CORS } else { "" }),
            };
            let message = ["no answer of ", provider, " to ", operation, ": ", before, &failure.message, after];
            self.error(world, Class::Network, Code::Network, failure.sent, &message)
        };
        if let Some(partial) = partial {
            error.status = Some(partial.status);
            error.request_id = read::request_id(partial, self.own.secrets());
        }
        self.failed(world, error)
    }

    /// An attempt has failed: again, or not.
    fn failed(&mut self, world: &mut World<'_>, error: Error) -> Step {
        let own = self.doing == Doing::Own;
        if own && self.unsure && error.status == Some(404) && self.operation.method == "DELETE" {
            // It was there when the call began: an attempt whose answer got lost has removed it.
            let empty = Response { status: 204, ..Response::default() };
            return Step::Done(world.config.read(&self.own, &empty, false).unwrap_or_default());
        }
        self.unsure |= own && error.outcome == Outcome::Unknown;
        self.sent |= error.sent;
        let passing = match error.class {
            Class::Network | Class::Timeout | Class::RateLimit | Class::Server => true,
            _ => error.status == Some(408),
        };
        let proven = !error.sent || error.class == Class::RateLimit;
        let again = passing && (self.operation.retry == Retry::Safe || proven) && !(self.once && own);
        if again && self.tries <= self.own.timing.retries {
            let factor = f64::from(1_u32 << (self.tries.clamp(1, 16) - 1));
            let backoff = world.chance * (BASE_MS * factor).min(CAP_MS);
            let after_ms = backoff.max(error.retry_after_ms.unwrap_or_default());
            if world.now + after_ms < self.deadline {
                let status = text::digits(error.status.unwrap_or_default().into());
                let because = if error.status.is_some() { &status } else { error.class.kind() };
                world.listener.tell(&Event::Retry { attempt: self.attempts.max(1), after_ms, because });
                self.last = Some(error);
                return self.pause(world, after_ms);
            }
        }
        self.give_up(world, error)
    }

    /// Adds what is known from before to the error with which the call ends.
    fn so_far(&self, error: &mut Error) {
        error.attempts = self.attempts;
        error.sent |= self.sent;
        if self.unsure {
            error.outcome = Outcome::Unknown;
        }
    }

    /// The present request has failed for good.
    pub(super) fn give_up(&mut self, world: &mut World<'_>, mut error: Error) -> Step {
        self.so_far(&mut error);
        match self.doing {
            Doing::Read => {
                // The read belongs to the update: the caller asked for nothing else, so its failure is the update's.
                error.operation = self.own.operation.name;
                error.message = ["before ", error.operation, ": ", &error.message].concat();
            }
            Doing::Own => {
                if self.disabled && error.outcome == Outcome::Declined {
                    error.message.push_str("; the source is disabled: it refuses changes until it is enabled");
                }
                // Behind a redirect there is nobody to ask.
                if error.outcome == Outcome::Unknown
                    && !matches!(error.status, Some(300..=399))
                    && world.now < self.deadline
                    && let Some(list) = world.config.look_up(&self.own)
                {
                    self.left_at = self.sent_at;
                    self.lost = Some(error);
                    return self.request(world, Doing::LookUp, list);
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
    #[inline(never)]
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

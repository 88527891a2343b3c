//! The limits against oracles: every window counted by hand, and `governor`, which nobody here wrote.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::FakeRelativeClock;
use governor::{Quota, RateLimiter};
use image_sources::engine::{Limits, Ticket};
use image_sources::proto::call::Limit;
use proptest::prelude::*;

/// What happens next in a schedule.
#[derive(Debug, Clone)]
enum Act {
    /// Somebody wants to send, under the first or the second limit.
    Reserve(bool),
    /// One of those who wait gives up.
    Cancel(usize),
    /// Time passes; whoever may leave meanwhile leaves in time.
    Pass(u32),
    /// The clock jumps, and nobody could leave in time.
    Jump(u32),
    /// The provider refuses, with or without saying for how long.
    Close(Option<u32>),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        8 => any::<bool>().prop_map(Act::Reserve),
        2 => any::<usize>().prop_map(Act::Cancel),
        4 => (0_u32..1_500).prop_map(Act::Pass),
        1 => (0_u32..10_000).prop_map(Act::Jump),
        1 => proptest::option::of(0_u32..3_000).prop_map(Act::Close),
    ];
    proptest::collection::vec(act, 1..60)
}

fn limit() -> impl Strategy<Value = Limit> {
    (1_u32..7, 1_u32..4_000).prop_map(|(requests, per_ms)| Limit { requests, per_ms: per_ms.into() })
}

fn margin(limit: Limit) -> f64 {
    (limit.per_ms / 40.0).clamp(0.0, 1_000.0)
}

/// A schedule as it runs: when requests left, and under which limit.
struct Schedule {
    limits: Limits,
    two: [Limit; 2],
    now: f64,
    waiting: Vec<(Ticket, bool)>,
    left: Vec<(f64, bool)>,
    closed_until: f64,
}

impl Schedule {
    fn run(two: [Limit; 2], acts: &[Act]) -> Self {
        let (limits, waiting, left) = (Limits::default(), Vec::new(), Vec::new());
        let closed_until = f64::NEG_INFINITY;
        let mut this = Self { limits, two, now: 0.0, waiting, left, closed_until };
        for act in acts {
            this.act(act);
            this.leave();
        }
        let mut turns = 0;
        while !this.waiting.is_empty() {
            this.pass(60_000.0);
            turns += 1;
            assert!(turns < 100, "those who wait never leave");
        }
        this
    }

    fn act(&mut self, act: &Act) {
        match *act {
            Act::Reserve(second) => {
                let ticket = self.limits.reserve("c", self.two[usize::from(second)], self.now);
                self.waiting.push((ticket, second));
            }
            Act::Cancel(place) if !self.waiting.is_empty() => {
                let (ticket, _) = self.waiting.remove(place % self.waiting.len());
                self.limits.release("c", ticket, false, self.now);
            }
            Act::Cancel(_) => {}
            Act::Pass(ms) => self.pass(ms.into()),
            Act::Jump(ms) => self.now += f64::from(ms),
            Act::Close(ms) => {
                let known = !(self.left.is_empty() && self.waiting.is_empty());
                let pause = self.limits.close("c", self.two[0], ms.map(f64::from), self.now);
                if known {
                    self.closed_until = self.closed_until.max(self.now + pause);
                }
            }
        }
    }

    fn dues(&mut self) -> Vec<f64> {
        let (limits, now) = (&mut self.limits, self.now);
        self.waiting.iter().map(|(ticket, _)| limits.due("c", *ticket, now)).collect()
    }

    /// Whoever may leave leaves.
    fn leave(&mut self) {
        while let Some(place) = self.dues().iter().position(|ms| *ms <= 0.0) {
            let (ticket, second) = self.waiting.remove(place);
            self.limits.leave("c", ticket, self.now);
            self.limits.release("c", ticket, true, self.now);
            assert!(self.now >= self.closed_until, "left while the class was closed");
            self.left.push((self.now, second));
        }
    }

    fn pass(&mut self, ms: f64) {
        let until = self.now + ms;
        loop {
            let next = self.dues().into_iter().fold(f64::INFINITY, f64::min);
            if self.now + next > until {
                break;
            }
            self.now += next.max(0.001);
            self.leave();
        }
        self.now = self.now.max(until);
        self.leave();
    }

    /// The largest number that left in any window.
    fn worst(&self, per_ms: f64) -> usize {
        let times = || self.left.iter().map(|(at, _)| *at);
        times().map(|from| times().filter(|at| *at >= from && *at < from + per_ms).count()).max().unwrap_or(0)
    }
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(10_000))]

    #[test]
    fn no_window_of_any_schedule_holds_more_than_its_limit(limit in limit(), acts in acts()) {
        let schedule = Schedule::run([limit, limit], &acts);

        prop_assert!(schedule.worst(limit.per_ms) <= limit.requests as usize, "{:?}", schedule.left);
    }

}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn nobody_waits_longer_than_needed(limit in limit(), requests in 1_u32..40) {
        let acts: Vec<Act> = (0..requests).map(|_| Act::Reserve(false)).collect();
        let schedule = Schedule::run([limit, limit], &acts);

        for (place, (at, _)) in schedule.left.iter().enumerate() {
            let windows = f64::from(u32::try_from(place).unwrap() / limit.requests);
            prop_assert!((at - windows * (limit.per_ms + margin(limit))).abs() < 0.1, "{place}: {:?}", schedule.left);
        }
    }

    #[test]
    fn both_limits_hold_while_both_wait(one in limit(), two in limit(), turns in proptest::collection::vec(any::<bool>(), 2..40)) {
        let acts: Vec<Act> = turns.iter().map(|second| Act::Reserve(*second)).collect();
        let schedule = Schedule::run([one, two], &acts);

        for (limit, second) in [(one, false), (two, true)] {
            // Any window that one of this limit's own requests ends.
            for (at, _) in schedule.left.iter().filter(|(_, own)| *own == second) {
                let before = schedule.left.iter().filter(|(other, _)| *other <= *at && *other > at - limit.per_ms).count();
                let same = schedule.left.iter().filter(|(other, own)| other == at && *own != second).count();
                prop_assert!(before - same <= limit.requests as usize, "{limit:?} {:?}", schedule.left);
            }
        }
    }

    #[test]
    fn a_token_bucket_that_somebody_else_wrote_admits_every_schedule(limit in limit(), acts in acts()) {
        let schedule = Schedule::run([limit, limit], &acts);
        let clock = FakeRelativeClock::default();
        let period = Duration::from_secs_f64(limit.per_ms / 1_000.0 / f64::from(limit.requests));
        let quota = Quota::with_period(period).unwrap().allow_burst(NonZeroU32::new(limit.requests).unwrap());
        let bucket = RateLimiter::direct_with_clock(quota, clock.clone());
        let mut now = 0.0;
        for (at, _) in &schedule.left {
            clock.advance(Duration::from_secs_f64((at - now) / 1_000.0));
            now = *at;
            prop_assert!(bucket.check().is_ok(), "{limit:?} at {at}: {:?}", schedule.left);
        }
    }

    #[test]
    fn one_at_a_time_is_what_somebody_else_calls_a_limit(per_ms in 40_u32..4_000, gaps in proptest::collection::vec(0_u32..6_000, 1..40)) {
        // A burst of one is where a sliding log and a token bucket are the same.
        let limit = Limit { requests: 1, per_ms: per_ms.into() };
        let clock = FakeRelativeClock::default();
        let period = Duration::from_secs_f64((limit.per_ms + margin(limit)) / 1_000.0);
        let bucket = RateLimiter::direct_with_clock(Quota::with_period(period).unwrap(), clock.clone());
        let (mut limits, mut now) = (Limits::default(), 0.0);
        for gap in gaps {
            clock.advance(Duration::from_millis(gap.into()));
            now += f64::from(gap);
            let ticket = limits.reserve("c", limit, now);
            let free = limits.due("c", ticket, now) <= 0.0;
            prop_assert_eq!(free, bucket.check().is_ok());
            if free {
                limits.leave("c", ticket, now);
                limits.release("c", ticket, true, now);
            } else {
                limits.release("c", ticket, false, now);
            }
        }
    }
}

#[test]
fn the_log_stays_small_whatever_becomes_of_the_requests() {
    let limit = Limit { requests: 10, per_ms: 1_000.0 };
    let mut limits = Limits::default();
    for call in 0..20_000 {
        let now = f64::from(call) * 150.0;
        let ticket = limits.reserve("c", limit, now);
        match call % 3 {
            // Answered, never answered, given back.
            0 => {
                limits.leave("c", ticket, now);
                limits.release("c", ticket, true, now);
            }
            1 => limits.leave("c", ticket, now),
            _ => {
                limits.release("c", ticket, false, now);
            }
        }
    }
    let log = format!("{limits:?}");
    assert!(log.matches("Entry {").count() <= 11 && log.matches("Limit {").count() <= 13, "{log}");
}

#[test]
fn limits_of_many_clients_are_forgotten_when_they_are_not_used() {
    let mut limits = Limits::default();
    for call in 1..5_000_u32 {
        let limit = Limit { requests: 1 + call % 50, per_ms: f64::from(1 + call % 997) };
        let now = f64::from(call) * 5_000.0;
        let ticket = limits.reserve("c", limit, now);
        assert!(limits.due("c", ticket, now) <= 0.0);
        limits.leave("c", ticket, now);
        limits.release("c", ticket, true, now);
    }
    // The last hundred requests stay, for clients that state a limit later.
    assert!(format!("{limits:?}").matches("Limit {").count() <= 104);
}

//! Rate limits: how many calls of one class a key may make in a window.

use std::collections::{BTreeMap, VecDeque};

/// How calls are counted. Which of these the real ones do is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counting {
    /// Not at all: nothing is ever refused.
    #[default]
    Off,
    /// The count starts anew at each multiple of the window's length.
    Fixed,
    /// At no moment more than the limit in the time just passed.
    Sliding,
    /// Each call takes a token from a bucket that holds the limit and fills evenly in one window.
    TokenBucket,
}

/// So many requests in so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many are let through.
    pub requests: u32,
    /// In how long, in milliseconds.
    pub per_ms: u64,
}

/// The calls let through so far, by class and key.
#[derive(Clone, Default)]
pub(super) struct Limits {
    counts: BTreeMap<(&'static str, String), Count>,
}

// Keys are never printed.
impl core::fmt::Debug for Limits {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.counts.keys().map(|(class, _)| class)).finish()
    }
}

#[derive(Debug, Clone, Default)]
struct Count {
    /// When calls were let through.
    passed: VecDeque<u64>,
    /// How much of the bucket has been taken, in parts of a token, and when.
    taken: (u64, u64),
}

impl Limits {
    /// Lets a call through and counts it, or refuses it and tells how many milliseconds to wait. Refused calls do not count.
    pub(super) fn admit(
        &mut self,
        (class, key): (&'static str, &str),
        limit: Limit,
        counting: Counting,
        now: u64,
    ) -> Result<(), u64> {
        let count = self.counts.entry((class, key.to_owned())).or_default();
        match counting {
            Counting::Off => Ok(()),
            Counting::TokenBucket => count.take(limit, now),
            Counting::Sliding => count.pass(limit, now, |at| at.saturating_add(limit.per_ms)),
            Counting::Fixed => count.pass(limit, now, |at| {
                at.saturating_sub(at.checked_rem(limit.per_ms).unwrap_or(0)).saturating_add(limit.per_ms)
            }),
        }
    }
}

impl Count {
    /// `ends` tells when a call that was let through no longer counts.
    fn pass(&mut self, limit: Limit, now: u64, ends: impl Fn(u64) -> u64) -> Result<(), u64> {
        while self.passed.front().is_some_and(|at| ends(*at) <= now) {
            self.passed.pop_front();
        }
        if u32::try_from(self.passed.len()).is_ok_and(|used| used < limit.requests) {
            self.passed.push_back(now);
            return Ok(());
        }
        Err(self.passed.front().map_or(limit.per_ms, |at| ends(*at).saturating_sub(now)))
    }

    /// A token has as many parts as the window has milliseconds, so that all is whole numbers.
    fn take(&mut self, limit: Limit, now: u64) -> Result<(), u64> {
        let (taken, at) = self.taken;
        let requests = u64::from(limit.requests);
        let left = taken.saturating_sub(now.saturating_sub(at).saturating_mul(requests));
        let after = left.saturating_add(limit.per_ms);
        let over = after.saturating_sub(requests.saturating_mul(limit.per_ms));
        if over > 0 {
            return Err(if requests == 0 { limit.per_ms } else { over.div_ceil(requests) });
        }
        self.taken = (after, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Counting, Limit, Limits};

    /// Which of these moments are let through at 4 a second.
    fn passed(counting: Counting, moments: &[u64]) -> Vec<u64> {
        let mut limits = Limits::default();
        let limit = Limit { requests: 4, per_ms: 1000 };
        moments.iter().copied().filter(|now| limits.admit(("c", "k"), limit, counting, *now).is_ok()).collect()
    }

    #[test]
    fn the_ways_of_counting_differ_at_the_edge_of_a_window() {
        let moments = [900, 900, 900, 900, 900, 1000, 1000, 1250, 1900, 1900];

        assert_eq!(passed(Counting::Off, &moments), moments);
        assert_eq!(passed(Counting::Fixed, &moments), [900, 900, 900, 900, 1000, 1000, 1250, 1900]);
        assert_eq!(passed(Counting::Sliding, &moments), [900, 900, 900, 900, 1900, 1900]);
        assert_eq!(passed(Counting::TokenBucket, &moments), [900, 900, 900, 900, 1250, 1900, 1900]);
    }

    #[test]
    fn who_waits_as_long_as_told_is_let_through_and_not_before() {
        for counting in [Counting::Fixed, Counting::Sliding, Counting::TokenBucket] {
            let mut limits = Limits::default();
            let limit = Limit { requests: 3, per_ms: 1000 };
            let mut now = 5_250;
            for _ in 0..50 {
                if let Err(wait) = limits.admit(("c", "k"), limit, counting, now) {
                    let early = limits.admit(("c", "k"), limit, counting, now + wait - 1);
                    assert!(early.is_err(), "{counting:?}");
                    now += wait;
                    assert!(limits.admit(("c", "k"), limit, counting, now).is_ok(), "{counting:?} at {now}");
                }
            }
        }
    }
}

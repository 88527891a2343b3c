//! Rate limits: how many calls of one class a key may make in a window.

use std::collections::{BTreeMap, VecDeque};

/// How a window moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Window {
    /// At no moment more than the limit in the time just passed.
    #[default]
    Sliding,
    /// The count starts anew at each multiple of the window's length.
    Fixed,
}

/// So many requests in so many milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many are let through.
    pub requests: u32,
    /// In how long, in milliseconds.
    pub per_ms: u64,
}

/// The calls let through so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    passed: BTreeMap<(&'static str, String), VecDeque<u64>>,
}

impl Limits {
    /// Lets a call through and counts it, or refuses it. Refused calls do not count.
    pub(super) fn admit(&mut self, class: &'static str, key: &str, limit: Limit, window: Window, now: u64) -> bool {
        let log = self.passed.entry((class, key.to_owned())).or_default();
        let inside = |at: u64| match window {
            Window::Sliding => now.saturating_sub(at) < limit.per_ms,
            Window::Fixed => now.checked_div(limit.per_ms) == at.checked_div(limit.per_ms),
        };
        while log.front().is_some_and(|at| !inside(*at)) {
            log.pop_front();
        }
        let free = u32::try_from(log.len()).is_ok_and(|used| used < limit.requests);
        if free {
            log.push_back(now);
        }
        free
    }
}

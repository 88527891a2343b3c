//! How many requests of a class may leave, as an exact sliding log.
//!
//! The log holds the times of the last requests. A request may leave when the one that stands as many places before it as
//! the window takes has left a whole window ago, so no window of that length ever holds more. A token bucket with a burst
//! would let twice as many through. The first burst goes at once.

mod shared;

pub use shared::Shared;

use crate::proto::call::Limit;

/// The name of a place in the log.
pub type Ticket = u32;

/// All classes of one account.
#[derive(Debug, Default)]
pub struct Limits {
    classes: Vec<Class>,
    tickets: Ticket,
    /// The addresses at which somebody is between reading and writing.
    turns: Vec<String>,
}

#[derive(Debug, Clone)]
struct Class {
    name: &'static str,
    /// The limits in use: clients of one account may state different ones, and as long as one waits or has left within its
    /// window, the stricter holds.
    rules: Vec<Limit>,
    /// In the order in which they leave.
    log: Vec<Entry>,
    /// The provider wants nothing of this class before.
    closed_until: f64,
    /// After a refusal that did not say until when: one request at a time is let through, until one is answered.
    probing: bool,
    /// By how many were under way when it left: when such a request was last answered. So many connections and one were there then.
    answered: Vec<f64>,
}

#[derive(Debug, Clone)]
struct Entry {
    ticket: Ticket,
    /// Nothing for a request of a client without a limit: it never waits, and others know of it.
    limit: Option<Limit>,
    /// When it left or may leave.
    at: f64,
    left: bool,
    /// Has it left and not been answered yet?
    open: bool,
    /// How many were under way when it left.
    beside: usize,
    /// Has it left where no connection was known to be free?
    cold: bool,
}

/// A window and what is added to it, because requests do not travel equally fast.
fn span(limit: Limit) -> f64 {
    limit.per_ms + (limit.per_ms / 40.0).clamp(0.0, 1_000.0)
}

/// How long a class stays closed at most after a refusal that does not say until when.
const LONGEST_CLOSE: f64 = 60_000.0;

/// No refusal closes a class for longer, whatever it says: after an hour one request at a time finds out.
const LONGEST_SAID: f64 = 3_600_000.0;

/// How soon a request that must let another one go first looks again.
const LOOK_AGAIN: f64 = 250.0;

/// After such a time without an answer, connections are not counted on: platforms close them when nobody uses them.
const COLD: f64 = 4_000.0;

/// What takes longer than this is not slow because it has to connect.
const CONNECT: f64 = 1_000.0;

/// So many requests are remembered where nobody states a limit, for clients that do so later.
const REMEMBERED: usize = 100;

impl Default for Class {
    fn default() -> Self {
        let never = f64::NEG_INFINITY;
        Self { name: "", rules: Vec::new(), log: Vec::new(), closed_until: never, probing: false, answered: Vec::new() }
    }
}

impl Class {
    /// Works out anew when those may leave that have not left.
    fn plan(&mut self, now: f64) {
        for place in 0..self.log.len() {
            let mut at = now.max(self.closed_until);
            for rule in &self.rules {
                let before = place.checked_sub(rule.requests as usize).and_then(|place| self.log.get(place));
                if let Some(before) = before {
                    at = at.max(before.at + span(*rule));
                }
            }
            if let Some(entry) = self.log.get_mut(place)
                && !entry.left
            {
                entry.at = at;
            }
        }
    }

    /// Forgets what matters no more. Windows are as long as whoever keeps the log counts them.
    fn forget(&mut self, now: f64, span: fn(Limit) -> f64) {
        self.rules.clear();
        for entry in &self.log {
            if let Some(limit) = entry.limit
                && (!entry.left || entry.at + span(limit) > now)
                && !self.rules.contains(&limit)
            {
                self.rules.push(limit);
            }
        }
        let (mut window, mut count) = (if self.rules.is_empty() { LONGEST_SAID } else { 0.0 }, REMEMBERED);
        for rule in &self.rules {
            window = window.max(span(*rule));
            count = count.max(rule.requests as usize);
        }
        // No rule looks further back than to as many requests as its window takes.
        let left = self.log.iter().filter(|entry| entry.left && entry.at <= now).count();
        let old = self.log.iter().take_while(|entry| entry.left && entry.at + window <= now).count();
        drop(self.log.drain(..old.max(left.saturating_sub(count))));
    }

    fn place(&self, ticket: Ticket) -> Option<usize> {
        self.log.iter().position(|entry| entry.ticket == ticket)
    }

    /// The entry at a place has left at a time. It stands before those that wait then, so that the log stays in the order of time.
    fn date(&mut self, own: usize, at: f64, change: impl FnOnce(&mut Entry)) {
        let mut entry = self.log.remove(own);
        (entry.at, entry.left) = (at, true);
        change(&mut entry);
        let place = self.log.iter().position(|entry| !entry.left || entry.at > at).unwrap_or(self.log.len());
        self.log.insert(place, entry);
    }

    fn entry(&mut self, ticket: Ticket) -> Option<&mut Entry> {
        self.log.iter_mut().find(|entry| entry.ticket == ticket)
    }
}

impl Limits {
    fn class(&mut self, name: &str) -> Option<&mut Class> {
        self.classes.iter_mut().find(|class| class.name == name)
    }

    /// Is somebody between reading and writing what is at this address?
    pub fn is_taken(&self, address: &str) -> bool {
        self.turns.iter().any(|taken| taken == address)
    }

    /// From now on nobody else reads what is at this address in order to change it.
    pub fn take_turn(&mut self, address: &str) {
        self.turns.push(address.to_owned());
    }

    /// Others may change what is at this address.
    pub fn end_turn(&mut self, address: &str) {
        self.turns.retain(|taken| taken != address);
    }

    /// May it be forgotten: is nothing in it that bears on what comes?
    pub fn idle(&mut self, now: f64) -> bool {
        self.classes.iter_mut().all(|class| {
            class.forget(now, span);
            class.log.is_empty() && class.closed_until <= now
        })
    }

    /// Takes the next free place; without a limit the request is only noted, and may leave at once.
    #[inline(never)]
    pub fn reserve(&mut self, name: &'static str, limit: impl Into<Option<Limit>>, now: f64) -> Ticket {
        let limit = limit.into();
        self.tickets = self.tickets.wrapping_add(1);
        let ticket = self.tickets;
        if self.class(name).is_none() {
            self.classes.push(Class { name, ..Class::default() });
        }
        let Some(class) = self.class(name) else { return ticket };
        class.forget(now, span);
        if let Some(limit) = limit
            && !class.rules.contains(&limit)
        {
            class.rules.push(limit);
        }
        class.log.push(Entry { ticket, limit, at: now, left: false, open: false, beside: 0, cold: false });
        ticket
    }

    /// Milliseconds until the request may leave; nothing left of them: it may leave now.
    #[inline(never)]
    pub fn due(&mut self, name: &'static str, ticket: Ticket, now: f64) -> f64 {
        let Some(class) = self.class(name) else { return 0.0 };
        class.plan(now);
        let mut wait = match class.entry(ticket) {
            Some(Entry { limit: Some(_), at, .. }) => *at - now,
            _ => return 0.0,
        };
        if class.probing {
            let open = class.log.iter().any(|entry| entry.open && entry.at >= class.closed_until);
            let first = class.log.iter().find(|entry| !entry.left).is_some_and(|entry| entry.ticket == ticket);
            if open || !first {
                wait = wait.max(LOOK_AGAIN);
            }
        }
        wait.max(0.0)
    }

    /// The request leaves.
    #[inline(never)]
    pub fn leave(&mut self, name: &'static str, ticket: Ticket, now: f64) {
        let Some(class) = self.class(name) else { return };
        if let Some(own) = class.place(ticket) {
            let beside = class.log.iter().filter(|entry| entry.open).count();
            let cold = class.answered.get(beside).is_none_or(|answered| now - answered > COLD);
            class.date(own, now, |entry| (entry.open, entry.beside, entry.cold) = (true, beside, cold));
        }
    }

    /// Lets go of a place. One from which a request has left counts on, whether it was answered or its end was not seen; another
    /// one is given back. Tells whether others may go earlier now.
    ///
    /// A request that had to connect first reached the provider at an unknown time: as far as the margin does not cover that, it
    /// counts from its end, or a fifth one that finds a connection would come to a limit of four too early.
    pub fn release(&mut self, name: &'static str, ticket: Ticket, well: bool, now: f64) -> bool {
        let Some(class) = self.class(name) else { return false };
        let Some(place) = class.place(ticket) else { return false };
        let Some(&Entry { left: true, at, beside, cold, limit, .. }) = class.log.get(place) else {
            class.log.remove(place);
            return place < class.log.len();
        };
        let late = now - limit.map_or(0.0, |limit| span(limit) - limit.per_ms);
        let reached = if cold && now - at < CONNECT { at.max(late) } else { at };
        class.date(place, reached, |entry| entry.open = false);
        if well {
            let known = class.answered.len().max(beside + 1);
            class.answered.resize(known, f64::NEG_INFINITY);
            if let Some(answered) = class.answered.get_mut(beside) {
                *answered = now;
            }
        }
        // What left before the class was closed proves nothing.
        well && at >= class.closed_until && core::mem::take(&mut class.probing)
    }

    /// The provider answered 429: nothing of the class leaves until it said, or for one window.
    pub fn close(&mut self, name: &'static str, limit: Limit, retry_after: Option<f64>, now: f64) -> f64 {
        // One that asks for days is either wrong or better asked again.
        let longest = LONGEST_SAID.max(limit.per_ms);
        let pause = retry_after.unwrap_or_else(|| span(limit).min(LONGEST_CLOSE)).min(longest);
        if let Some(class) = self.class(name) {
            class.closed_until = class.closed_until.max(now + pause);
            class.probing = retry_after.map_or(limit.per_ms > LONGEST_CLOSE, |said| said > longest);
        }
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: Limit = Limit { requests: 4, per_ms: 1_000.0 };
    const HOUR: Limit = Limit { requests: 60, per_ms: 3_600_000.0 };

    /// Sends as soon as it may; gives the time.
    fn send(limits: &mut Limits, limit: Limit, now: f64) -> f64 {
        let ticket = limits.reserve("c", limit, now);
        let at = now + limits.due("c", ticket, now);
        limits.leave("c", ticket, at);
        limits.release("c", ticket, true, at);
        at
    }

    /// The largest number of times in any window.
    fn worst(times: &[f64], per_ms: f64) -> usize {
        times
            .iter()
            .map(|from| times.iter().filter(|at| **at >= *from && **at < from + per_ms).count())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn a_burst_goes_at_once_and_no_window_holds_more() {
        for limit in [FOUR, HOUR, Limit { requests: 10, per_ms: 60_000.0 }] {
            let mut limits = Limits::default();
            let mut now = 0.0;
            let times: Vec<f64> = (0..200)
                .map(|_| {
                    now = send(&mut limits, limit, now);
                    now
                })
                .collect();
            let burst = usize::try_from(limit.requests).unwrap();

            assert!(times[burst - 1] == 0.0 && times[burst] > limit.per_ms);
            assert_eq!(worst(&times, limit.per_ms), burst);
            let ideal = limit.per_ms * f64::from(199 / limit.requests);
            assert!(now <= ideal * 1.03, "{now} for {ideal}");
        }
    }

    #[test]
    fn a_place_given_back_lets_the_others_move_up() {
        let mut limits = Limits::default();
        for _ in 0..4 {
            send(&mut limits, FOUR, 0.0);
        }
        let waiting: Vec<Ticket> = (0..6).map(|_| limits.reserve("c", FOUR, 10.0)).collect();
        assert!(limits.due("c", waiting[4], 10.0) > 2_000.0);

        assert!(limits.release("c", waiting[0], false, 10.0));

        assert!((limits.due("c", waiting[4], 20.0) - 1_005.0).abs() < 1e-6);
        assert!(limits.due("c", waiting[5], 20.0) > 2_000.0);
    }

    #[test]
    fn the_stricter_of_two_limits_holds_while_both_are_in_use() {
        let mut limits = Limits::default();
        let one = Limit { requests: 1, per_ms: 1_000.0 };
        send(&mut limits, one, 0.0);

        assert!(send(&mut limits, FOUR, 0.0) > 1_000.0);
        assert!(send(&mut limits, FOUR, 5_000.0) <= 5_000.0);
        assert!(send(&mut limits, FOUR, 5_000.0) <= 5_000.0);
    }

    #[test]
    fn a_refusal_closes_the_class_until_the_provider_said_or_for_a_window() {
        let mut limits = Limits::default();
        send(&mut limits, FOUR, 0.0);
        limits.close("c", FOUR, Some(30_000.0), 100.0);
        assert!((send(&mut limits, FOUR, 200.0) - 30_100.0).abs() < 1e-6);

        limits.close("c", FOUR, None, 40_000.0);
        assert!((send(&mut limits, FOUR, 40_000.0) - 41_025.0).abs() < 1e-6);
    }

    #[test]
    fn after_a_refusal_of_an_hourly_class_one_goes_at_a_time() {
        let mut limits = Limits::default();
        send(&mut limits, HOUR, 0.0);
        limits.close("c", HOUR, None, 0.0);
        let first = limits.reserve("c", HOUR, 10.0);
        let second = limits.reserve("c", HOUR, 10.0);
        assert!((limits.due("c", first, 10.0) - 59_990.0).abs() < 1e-6);
        assert!(limits.due("c", second, 60_000.0) > 0.0);

        assert!(limits.due("c", first, 60_000.0) <= 0.0);
        limits.leave("c", first, 60_000.0);
        assert!(limits.due("c", second, 60_001.0) > 0.0);
        limits.release("c", first, true, 60_001.0);

        assert!(limits.due("c", second, 60_002.0) <= 0.0);
    }

    #[test]
    fn a_client_without_a_limit_never_waits_and_is_counted_for_those_with_one() {
        let mut limits = Limits::default();
        for at in 0..1_000 {
            let ticket = limits.reserve("c", None, f64::from(at));
            assert!(limits.due("c", ticket, f64::from(at)) <= 0.0);
            limits.leave("c", ticket, f64::from(at));
        }
        assert!(limits.classes[0].log.len() <= REMEMBERED + 1);

        assert!((send(&mut limits, FOUR, 1_000.0) - 2_021.0).abs() < 1e-6);
        let waiting = limits.reserve("c", FOUR, 2_022.0);
        let before = limits.due("c", waiting, 2_022.0);
        for _ in 0..4 {
            let ticket = limits.reserve("c", None, 2_022.0);
            limits.leave("c", ticket, 2_022.0);
        }
        assert!(limits.due("c", waiting, 2_022.0) > before);
    }

    #[test]
    fn no_refusal_closes_a_class_for_days_and_then_one_goes_at_a_time() {
        for said in [3_600_001.0, 86_400_000.0, f64::INFINITY] {
            let mut limits = Limits::default();
            send(&mut limits, FOUR, 0.0);
            assert!((limits.close("c", FOUR, Some(said), 0.0) - 3_600_000.0).abs() < 1e-6);
            let first = limits.reserve("c", FOUR, 10.0);
            let second = limits.reserve("c", FOUR, 10.0);
            assert!((limits.due("c", first, 10.0) - 3_599_990.0).abs() < 1e-6);
            assert!(limits.due("c", first, 3_600_000.0) <= 0.0 && limits.due("c", second, 3_600_000.0) > 0.0);
        }
        let mut limits = Limits::default();
        let day = Limit { requests: 9, per_ms: 86_400_000.0 };
        send(&mut limits, day, 0.0);
        assert!((limits.close("c", day, Some(80_000_000.0), 0.0) - 80_000_000.0).abs() < 1e-6);
    }

    /// Four leave at once and come to their ends at these times; when may a fifth leave?
    fn fifth(limits: &mut Limits, from: f64, ends: [f64; 4]) -> f64 {
        let tickets = ends.map(|_| limits.reserve("c", FOUR, from));
        for ticket in tickets {
            assert!(limits.due("c", ticket, from) <= 0.0);
            limits.leave("c", ticket, from);
        }
        for (ticket, end) in tickets.into_iter().zip(ends) {
            limits.release("c", ticket, true, end);
        }
        let now = ends[3];
        let ticket = limits.reserve("c", FOUR, now);
        let at = now + limits.due("c", ticket, now);
        limits.release("c", ticket, false, now);
        at
    }

    #[test]
    fn what_had_to_connect_first_counts_from_its_end() {
        let mut limits = Limits::default();
        // When they reached the provider is not known, but not after they were answered.
        assert!((fifth(&mut limits, 0.0, [80.0, 90.0, 100.0, 110.0]) - 1_080.0).abs() < 1e-6);
        // Now a connection is there.
        assert!((fifth(&mut limits, 2_000.0, [2_080.0, 2_090.0, 2_100.0, 2_110.0]) - 3_025.0).abs() < 1e-6);
        // Nobody used it for some time: it may be gone.
        assert!((fifth(&mut limits, 9_000.0, [9_080.0, 9_090.0, 9_100.0, 9_110.0]) - 10_080.0).abs() < 1e-6);
        // One that was given up, or one alone, leaves no four connections behind.
        for well in [false, true] {
            let mut limits = Limits::default();
            let ticket = limits.reserve("c", FOUR, 0.0);
            limits.leave("c", ticket, 0.0);
            limits.release("c", ticket, well, 10.0);
            let at = fifth(&mut limits, 2_000.0, [2_080.0, 2_090.0, 2_100.0, 2_110.0]);
            assert!((at - if well { 3_025.0 } else { 3_080.0 }).abs() < 1e-6, "{at}");
            let at = fifth(&mut limits, 4_000.0, [4_080.0, 4_090.0, 4_100.0, 4_110.0]);
            assert!((at - 5_025.0).abs() < 1e-6, "{at}");
        }
        // What takes so long does not take it to connect, and it would keep others waiting for nothing.
        let mut limits = Limits::default();
        assert!((fifth(&mut limits, 0.0, [800.0, 1_500.0, 1_500.0, 1_500.0]) - 1_500.0).abs() < 1e-6);
    }

    #[test]
    fn however_requests_travel_no_window_of_the_provider_holds_more() {
        let mut seed = 11_u64;
        let mut below = |end: u32| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from((seed >> 33) % u64::from(end)).unwrap()
        };
        for _ in 0..200 {
            let mut limits = Limits::default();
            let (connect, travel) = (f64::from(below(600)), f64::from(below(200)));
            let mut arrivals = Vec::new();
            // Requests that are under way: when they end, and their places.
            let mut open: Vec<(f64, Ticket)> = Vec::new();
            // Connections that nobody uses, by when they were last used.
            let mut idle: Vec<f64> = Vec::new();
            let mut now = 0.0;
            for _ in 0..40 {
                now += f64::from([0, 0, 0, 0, 300, 2_000, 6_000][below(7) as usize]);
                let mut ticket = None;
                loop {
                    let due = ticket.map_or(now, |ticket| now + limits.due("c", ticket, now));
                    open.sort_by(|a, b| a.0.total_cmp(&b.0));
                    match open.first().copied().filter(|(end, _)| *end <= due) {
                        Some((end, other)) => {
                            open.remove(0);
                            now = now.max(end);
                            idle.push(end);
                            limits.release("c", other, true, end);
                        }
                        None if ticket.is_none() => ticket = Some(limits.reserve("c", FOUR, now)),
                        None if due > now => now = due,
                        None => break,
                    }
                }
                let ticket = ticket.unwrap();
                // A connection stays open for 5 seconds; whoever finds none makes one.
                idle.retain(|used| now - used <= 5_000.0);
                let arrival = now + travel + if idle.pop().is_some() { 0.0 } else { connect };
                arrivals.push(arrival);
                open.push((arrival + travel, ticket));
                limits.leave("c", ticket, now);
            }

            assert!(worst(&arrivals, 1_000.0) <= 4, "{connect} {travel} {arrivals:?}");
        }
    }

    #[test]
    fn what_may_be_forgotten_bears_on_nothing() {
        let mut limits = Limits::default();
        assert!(limits.idle(0.0));
        let ticket = limits.reserve("c", HOUR, 0.0);
        assert!(!limits.idle(1e9));
        limits.leave("c", ticket, 0.0);
        assert!(!limits.idle(3_600_000.0));
        assert!(limits.idle(3_601_000.0 + 3_600_000.0));
        limits.close("c", HOUR, Some(30.0), 8_000_000.0);
        assert!(!limits.idle(8_000_029.0) && limits.idle(8_000_030.0));
    }

    #[test]
    fn the_log_forgets_what_lies_before_the_window() {
        let mut limits = Limits::default();
        for call in 0..10_000 {
            send(&mut limits, FOUR, f64::from(call) * 500.0);
        }

        assert!(limits.classes[0].log.len() < 8, "{}", limits.classes[0].log.len());
    }
}

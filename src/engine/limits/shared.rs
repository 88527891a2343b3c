//! One class of an account whose callers run in many places: whoever asks is given a place in the log at once, with the time
//! at which it may leave, and waits somewhere else.
//!
//! Nobody comes back to say that a request has left, so a place counts as used at its time. What is known can be written down
//! as bytes and read again, so that it outlives whoever keeps it.

use super::{Class, Entry, Limit, Ticket};

/// How many may be waiting. Who comes later would wait for hours, and each costs memory.
const MOST: usize = 20_000;

/// A window and what is added to it. It is more than for one process, because what leaves here is told its time over a network.
fn span(limit: Limit) -> f64 {
    limit.per_ms + (limit.per_ms / 20.0).clamp(0.0, 1_000.0)
}

/// The version of what [`Shared::write`] writes.
const VERSION: u8 = 1;

/// One class of an account, shared.
#[derive(Debug, Clone)]
pub struct Shared {
    class: Class,
    tickets: Ticket,
    /// The latest time that was told.
    seen: f64,
    /// After a refusal requests leave one at a time and at half the rate, until then.
    slow_until: f64,
}

impl Default for Shared {
    fn default() -> Self {
        let never = f64::NEG_INFINITY;
        Self { class: Class::default(), tickets: 0, seen: never, slow_until: never }
    }
}

impl Shared {
    /// Takes the next free place. Gives its name, and the milliseconds until it may be used; nothing if too many wait. Who asks
    /// hears of it up to `late` milliseconds later, and what may be used at once counts as used then.
    pub fn grant(&mut self, limit: Limit, late: f64, now: f64) -> Option<(Ticket, f64)> {
        self.tell(now);
        self.class.forget(now, span);
        if self.class.log.len() >= MOST {
            return None;
        }
        if !self.class.rules.contains(&limit) {
            self.class.rules.push(limit);
        }
        self.tickets = self.tickets.wrapping_add(1);
        let ticket = self.tickets;
        self.class.log.push(Entry {
            ticket,
            limit: Some(limit),
            at: now,
            left: true,
            open: false,
            beside: 0,
            cold: false,
        });
        let place = self.class.log.len() - 1;
        let previous = place.checked_sub(1).and_then(|place| self.class.log.get(place)).map_or(now, |entry| entry.at);
        let at = self.earliest(place, late, now);
        if let Some(entry) = self.class.log.get_mut(place) {
            entry.at = at.max(now + late).max(previous);
        }
        Some((ticket, at - now))
    }

    /// Milliseconds until a place that was granted may be used: a refusal meanwhile may have moved it.
    pub fn again(&mut self, ticket: Ticket, now: f64) -> f64 {
        self.tell(now);
        self.class.entry(ticket).map_or(0.0, |entry| (entry.at - now).max(0.0))
    }

    /// The provider wants nothing of the class for so many milliseconds. Everybody who waits waits longer.
    pub fn close(&mut self, pause: f64, now: f64) {
        self.tell(now);
        self.class.closed_until = self.class.closed_until.max(now + pause);
        let window = self.class.rules.iter().fold(0.0_f64, |longest, rule| longest.max(span(*rule)));
        self.slow_until = self.class.closed_until + window;
        for place in 0..self.class.log.len() {
            let at = self.earliest(place, 0.0, now);
            if let Some(entry) = self.class.log.get_mut(place)
                && entry.at > now
            {
                entry.at = entry.at.max(at);
            }
        }
    }

    /// Gives a place back that was not used. Others keep the times that they were told; who comes later has more room.
    pub fn cancel(&mut self, ticket: Ticket, now: f64) -> bool {
        self.tell(now);
        let place = self.class.log.iter().position(|entry| entry.ticket == ticket);
        place.is_some_and(|place| {
            self.class.log.remove(place);
            true
        })
    }

    /// How many wait, apart from those that are heard of within `late` milliseconds.
    pub fn waiting(&mut self, late: f64, now: f64) -> usize {
        self.tell(now);
        self.class.log.iter().filter(|entry| entry.at > now + late).count()
    }

    /// How many have left, or do so within `late` milliseconds, and still count in the window of a limit.
    pub fn used(&mut self, limit: Limit, late: f64, now: f64) -> usize {
        self.tell(now);
        self.class.log.iter().filter(|entry| entry.at <= now + late && entry.at + span(limit) > now).count()
    }

    /// What [`Self::grant`] would give, without taking it: milliseconds until the next place may be used; nothing if too
    /// many wait. It is asked of a copy, so that whoever looks changes nothing for those who ask.
    pub fn next(&mut self, limit: Limit, late: f64, now: f64) -> Option<f64> {
        self.tell(now);
        self.clone().grant(limit, late, now).map(|(_, ms)| ms)
    }

    /// When the entry at `place` may leave, after all before it. Those that are about to be heard of hold up nobody.
    fn earliest(&self, place: usize, late: f64, now: f64) -> f64 {
        let log = &self.class.log;
        let back = |places: usize| place.checked_sub(places).and_then(|place| log.get(place)).map(|entry| entry.at);
        let previous = back(1).unwrap_or(f64::NEG_INFINITY);
        let mut at = now.max(self.class.closed_until);
        if previous > now + late {
            at = at.max(previous);
        }
        for rule in &self.class.rules {
            if let Some(before) = back(rule.requests as usize) {
                at = at.max(before + span(*rule));
            }
        }
        if at < self.slow_until {
            let gap =
                self.class.rules.iter().map(|rule| 2.0 * span(*rule) / f64::from(rule.requests)).fold(0.0, f64::max);
            at = at.max((previous + gap).min(self.slow_until));
        }
        at
    }

    /// A clock that goes back would make what was sent lie in the future. No time passes then, and waits stay as they were.
    fn tell(&mut self, now: f64) {
        let back = self.seen - now;
        if back > 0.0 && back.is_finite() {
            for entry in &mut self.class.log {
                entry.at -= back;
            }
            self.class.closed_until -= back;
            self.slow_until -= back;
        }
        self.seen = now;
    }

    /// All that is known, as bytes.
    pub fn write(&self) -> Vec<u8> {
        let log = &self.class.log;
        let mut out = Vec::with_capacity(32 + log.len() * 24);
        out.push(VERSION);
        out.extend_from_slice(&self.tickets.to_le_bytes());
        for time in [self.seen, self.class.closed_until, self.slow_until] {
            out.extend_from_slice(&time.to_le_bytes());
        }
        for Entry { ticket, limit, at, .. } in log {
            let Some(limit) = limit else { continue };
            out.extend_from_slice(&ticket.to_le_bytes());
            out.extend_from_slice(&limit.requests.to_le_bytes());
            out.extend_from_slice(&limit.per_ms.to_le_bytes());
            out.extend_from_slice(&at.to_le_bytes());
        }
        out
    }

    /// Reads what [`Self::write`] wrote; nothing if it is something else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = bytes.strip_prefix(&[VERSION])?;
        let mut shared = Self { tickets: u32::from_le_bytes(take(&mut bytes)?), ..Self::default() };
        shared.seen = time(&mut bytes)?;
        shared.class.closed_until = time(&mut bytes)?;
        shared.slow_until = time(&mut bytes)?;
        while !bytes.is_empty() {
            let ticket = u32::from_le_bytes(take(&mut bytes)?);
            let limit = Limit { requests: u32::from_le_bytes(take(&mut bytes)?), per_ms: time(&mut bytes)? };
            if !shared.class.rules.contains(&limit) {
                shared.class.rules.push(limit);
            }
            shared.class.log.push(Entry {
                ticket,
                limit: Some(limit),
                at: time(&mut bytes)?,
                left: true,
                open: false,
                beside: 0,
                cold: false,
            });
        }
        Some(shared)
    }
}

fn take<const LENGTH: usize>(bytes: &mut &[u8]) -> Option<[u8; LENGTH]> {
    let (head, rest) = bytes.split_first_chunk::<LENGTH>()?;
    *bytes = rest;
    Some(*head)
}

fn time(bytes: &mut &[u8]) -> Option<f64> {
    take(bytes).map(f64::from_le_bytes).filter(|time| !time.is_nan())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: Limit = Limit { requests: 4, per_ms: 1_000.0 };
    const HOUR: Limit = Limit { requests: 60, per_ms: 3_600_000.0 };

    /// Takes a place; gives the time at which it may be used.
    fn at(shared: &mut Shared, limit: Limit, now: f64) -> f64 {
        now + shared.grant(limit, 0.0, now).unwrap().1
    }

    /// The largest number of times in any window.
    fn worst(times: &[f64], per_ms: f64) -> usize {
        let within = |from: f64| times.iter().filter(|at| **at >= from && **at < from + per_ms).count();
        times.iter().map(|from| within(*from)).max().unwrap_or(0)
    }

    /// Numbers without a pattern, always the same.
    fn random(seed: &mut u64) -> f64 {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(*seed >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    /// A whole number below `end`.
    fn below(seed: &mut u64, end: u64) -> u32 {
        random(seed);
        u32::try_from((*seed >> 33) % end).unwrap()
    }

    #[test]
    fn whoever_asks_is_told_a_time_and_no_window_holds_more() {
        for limit in [FOUR, HOUR, Limit { requests: 10, per_ms: 60_000.0 }, Limit { requests: 1, per_ms: 5.0 }] {
            let mut shared = Shared::default();
            let times: Vec<f64> = (0..200).map(|_| at(&mut shared, limit, 0.0)).collect();

            assert_eq!(worst(&times, limit.per_ms), limit.requests as usize);
            let ideal = limit.per_ms * f64::from(199 / limit.requests);
            assert!(times[199] <= ideal * 1.05 + 1e-6, "{} for {ideal}", times[199]);
        }
    }

    #[test]
    fn ten_thousand_schedules_with_restarts_clocks_that_go_back_and_refusals_never_exceed_the_limit() {
        let mut seed = 7;
        for _ in 0..300 {
            let limit = Limit { requests: 1 + below(&mut seed, 12), per_ms: 100.0 + random(&mut seed) * 5_000.0 };
            let mut shared = Shared::default();
            // The true time runs on; the clock may be set back.
            let (mut truth, mut skew) = (1e6, 0.0);
            let mut times = Vec::new();
            for _ in 0..120 {
                truth += random(&mut seed) * limit.per_ms * if random(&mut seed) < 0.1 { 2.0 } else { 0.2 };
                if random(&mut seed) < 0.05 {
                    skew -= random(&mut seed) * 3_600_000.0;
                }
                let now = truth + skew;
                match random(&mut seed) {
                    chance if chance < 0.1 => shared = Shared::read(&shared.write()).unwrap(),
                    chance if chance < 0.13 => shared.close(random(&mut seed) * 3_000.0, now),
                    _ => {
                        let (ticket, ms) = shared.grant(limit, 0.0, now).unwrap();
                        if random(&mut seed) < 0.1 && shared.cancel(ticket, now) {
                            continue;
                        }
                        times.push(truth + ms);
                    }
                }
            }

            assert!(worst(&times, limit.per_ms) <= limit.requests as usize, "{limit:?}");
        }
    }

    #[test]
    fn a_refusal_moves_everybody_who_waits_and_then_one_goes_at_a_time() {
        let mut shared = Shared::default();
        let tickets: Vec<_> = (0..8).map(|_| shared.grant(FOUR, 0.0, 0.0).unwrap().0).collect();
        assert!((shared.again(tickets[4], 0.0) - 1_050.0).abs() < 1e-6);

        shared.close(30_000.0, 100.0);

        assert!((shared.again(tickets[4], 100.0) - 30_000.0).abs() < 1e-6);
        assert!((shared.again(tickets[5], 100.0) - 30_525.0).abs() < 1e-6);
        assert!((shared.again(tickets[6], 100.0) - 31_050.0).abs() < 1e-6);
        // The window after the first slow one is as usual again.
        assert!((shared.again(tickets[7], 100.0) - 31_050.0).abs() < 1e-6);
        assert!(at(&mut shared, FOUR, 100.0) >= 31_100.0);
    }

    #[test]
    fn what_is_heard_of_late_counts_as_used_late() {
        let mut shared = Shared::default();
        for _ in 0..4 {
            assert!(shared.grant(FOUR, 80.0, 0.0).unwrap().1 <= 0.0);
        }

        assert!((at(&mut shared, FOUR, 0.0) - 1_130.0).abs() < 1e-6);
    }

    #[test]
    fn a_place_that_is_given_back_makes_room_and_moves_nobody() {
        let mut shared = Shared::default();
        let tickets: Vec<_> = (0..8).map(|_| shared.grant(FOUR, 0.0, 0.0).unwrap().0).collect();

        assert!(shared.cancel(tickets[4], 10.0));
        assert!(!shared.cancel(tickets[4], 10.0));

        assert!((shared.again(tickets[7], 10.0) - 1_040.0).abs() < 1e-6);
        assert!((at(&mut shared, FOUR, 10.0) - 1_050.0).abs() < 1e-6);
        assert!((at(&mut shared, FOUR, 10.0) - 2_100.0).abs() < 1e-6);
    }

    #[test]
    fn the_stricter_of_two_limits_holds_and_times_never_go_back() {
        let mut shared = Shared::default();
        let strict = Limit { requests: 1, per_ms: 1_000.0 };
        let times: Vec<f64> =
            (0..20).map(|call| at(&mut shared, if call % 2 == 0 { FOUR } else { strict }, 0.0)).collect();

        assert_eq!(worst(&times, 1_000.0), 1);
        assert!(times.is_sorted());
    }

    #[test]
    fn nothing_is_forgotten_before_its_window_with_its_margin_is_over() {
        let mut shared = Shared::default();
        for now in [0.0, 0.0, 0.0, 500.0] {
            at(&mut shared, FOUR, now);
        }

        assert!((at(&mut shared, FOUR, 1_030.0) - 1_050.0).abs() < 1e-6);
    }

    #[test]
    fn a_clock_that_goes_back_makes_nobody_wait_longer() {
        let mut shared = Shared::default();
        for _ in 0..4 {
            at(&mut shared, FOUR, 10_000_000.0);
        }

        let (_, ms) = shared.grant(FOUR, 0.0, 10_000_000.0 - 3_600_000.0).unwrap();

        assert!((ms - 1_050.0).abs() < 1e-6);
    }

    #[test]
    fn what_is_used_waits_and_comes_next_is_told_at_each_edge_of_the_window() {
        let mut shared = Shared::default();
        for _ in 0..6 {
            at(&mut shared, FOUR, 0.0);
        }

        // Four at 0 and two at 1,050, which is when the window with its margin is over.
        for (now, used, waiting, next) in [
            (0.0, 4, 2, 1_050.0),
            (1_049.9, 4, 2, 0.1),
            (1_050.0, 2, 0, 0.0),
            (2_099.9, 2, 0, 0.0),
            (2_100.0, 0, 0, 0.0),
        ] {
            assert_eq!((shared.used(FOUR, 0.0, now), shared.waiting(0.0, now)), (used, waiting), "{now}");
            assert!((shared.next(FOUR, 0.0, now).unwrap() - next).abs() < 1e-6, "{now}");
        }
    }

    #[test]
    fn what_is_about_to_be_heard_of_counts_as_used_and_holds_up_nobody() {
        let mut shared = Shared::default();
        shared.grant(FOUR, 80.0, 0.0).unwrap();

        assert_eq!((shared.used(FOUR, 80.0, 0.0), shared.waiting(80.0, 0.0)), (1, 0));
        assert_eq!((shared.used(FOUR, 0.0, 0.0), shared.waiting(0.0, 0.0)), (0, 1));
        assert!(shared.next(FOUR, 80.0, 0.0).unwrap() <= 0.0);
    }

    #[test]
    fn each_limit_has_its_own_window_and_the_stricter_one_says_what_comes_next() {
        let mut shared = Shared::default();
        for now in [0.0, 2_000.0, 4_000.0] {
            at(&mut shared, HOUR, now);
        }

        assert_eq!((shared.used(HOUR, 0.0, 4_500.0), shared.used(FOUR, 0.0, 4_500.0)), (3, 1));
        let three = Limit { requests: 3, per_ms: 60_000.0 };
        assert!((shared.next(three, 0.0, 4_500.0).unwrap() - 56_500.0).abs() < 1e-6);
        assert!(shared.next(HOUR, 0.0, 4_500.0).unwrap() <= 0.0);
    }

    #[test]
    fn a_class_that_is_closed_says_until_when() {
        let mut shared = Shared::default();
        shared.close(30_000.0, 100.0);

        assert!((shared.next(FOUR, 0.0, 200.0).unwrap() - 29_900.0).abs() < 1e-6);
    }

    #[test]
    fn who_looks_changes_nothing_for_those_who_ask_and_sees_what_they_get() {
        let mut seed = 11;
        for round in 0..200 {
            let limit = Limit { requests: 1 + below(&mut seed, 12), per_ms: 100.0 + random(&mut seed) * 5_000.0 };
            let another = Limit { requests: 1 + below(&mut seed, 12), per_ms: 100.0 + random(&mut seed) * 5_000.0 };
            let other = if round % 2 == 0 { limit } else { another };
            let (mut watched, mut alone) = (Shared::default(), Shared::default());
            let mut granted: Vec<(Ticket, f64)> = Vec::new();
            let mut now = 1e6;
            for _ in 0..80 {
                now += random(&mut seed) * limit.per_ms * if random(&mut seed) < 0.1 { 2.0 } else { 0.2 };
                let asked = if random(&mut seed) < 0.2 { other } else { limit };
                let next = watched.next(asked, 0.0, now).unwrap();
                watched.used(other, 0.0, now);
                watched.waiting(0.0, now);
                match random(&mut seed) {
                    chance if chance < 0.02 => {
                        let pause = random(&mut seed) * 3_000.0;
                        watched.close(pause, now);
                        alone.close(pause, now);
                    }
                    chance if chance < 0.12 => {
                        let ticket = watched.tickets;
                        assert_eq!(watched.cancel(ticket, now), alone.cancel(ticket, now));
                        granted.retain(|(of, _)| *of != ticket);
                    }
                    _ => {
                        let (given, same) = (watched.grant(asked, 0.0, now), alone.grant(asked, 0.0, now));
                        assert_eq!(format!("{given:?}"), format!("{same:?}"));
                        let (ticket, ms) = given.unwrap();
                        assert!((ms - next).abs() < 1e-6, "{ms} and not {next}");
                        granted.push((ticket, now + ms));
                    }
                }
                assert_eq!(format!("{watched:?}"), format!("{alone:?}"), "{limit:?}");
                // By hand: as long as no refusal has moved who waits, and nothing is forgotten that only a longer window wants.
                if alone.class.closed_until < 0.0 && other == limit {
                    let until = |at: f64| at + limit.per_ms * 1.05;
                    let used = granted.iter().filter(|(_, at)| *at <= now && until(*at) > now).count();
                    let waiting = granted.iter().filter(|(_, at)| *at > now).count();
                    assert_eq!((watched.used(limit, 0.0, now), watched.waiting(0.0, now)), (used, waiting));
                }
            }
        }
    }

    #[test]
    fn a_clock_that_goes_back_makes_nothing_wait_that_has_left() {
        let mut shared = Shared::default();
        at(&mut shared, HOUR, 10_000_000.0);

        assert_eq!((shared.waiting(0.0, 9_000_000.0), shared.used(HOUR, 0.0, 9_000_000.0)), (0, 1));
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let mut shared = Shared::default();
        for call in 0..70 {
            at(&mut shared, if call % 3 == 0 { FOUR } else { HOUR }, 5.0);
        }
        shared.close(100.0, 6.0);
        let bytes = shared.write();

        assert_eq!(format!("{:?}", Shared::read(&bytes)), format!("{:?}", Some(&shared)));
        assert!(
            Shared::read(b"").is_none()
                && Shared::read(b"\x02").is_none()
                && Shared::read(&bytes[..bytes.len() - 1]).is_none()
        );
        assert!(Shared::read(&[&bytes[..5], &f64::NAN.to_le_bytes(), &bytes[13..]].concat()).is_none());
    }

    #[test]
    fn no_more_than_many_can_wait_and_what_is_over_is_forgotten() {
        let mut shared = Shared::default();
        for _ in 0..MOST {
            shared.grant(FOUR, 0.0, 0.0).unwrap();
        }
        assert!(shared.grant(FOUR, 0.0, 0.0).is_none() && shared.next(FOUR, 0.0, 0.0).is_none());
        assert_eq!(shared.waiting(0.0, 0.0), MOST - 4);

        let late = 2.0 * 1_050.0 * f64::from(u32::try_from(MOST).unwrap());
        assert!((at(&mut shared, FOUR, late) - late).abs() < 1e-6);
        assert_eq!(shared.write().len(), 1 + 4 + 24 + 24);
    }
}

//! A great many calls at once on virtual time, against servers that count exactly and fail often.
//!
//! Usually 100,000 calls for each kind of server; with `IMAGE_SOURCES_SIMULATION=1000000` as many as that, best with
//! `cargo test --release --test core simulation -- --nocapture`. `IMAGE_SOURCES_SEED` chooses another seed; the seed of a run
//! that fails is in its output, and the same seed gives the same run.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::rc::Rc;

use super::engine_retry::status;
use super::host::{Given, Host, Order, Random, Scene, Settled, client, good, prepared};
use super::support::{prepare, provider};
use image_sources::engine::{End, Event, News};
use image_sources::proto::call::{Config, Prepared};
use image_sources::proto::error::{Class, Outcome};
use image_sources::proto::http::Request;
use image_sources::proto::operation::{Operation, Retry};

/// How a server counts.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Flavour {
    Fixed,
    Sliding,
    Bucket,
}

/// What is called, and how often among a thousand or so.
const MIX: &[(&str, &str, u64)] = &[
    ("imgix", "sources.get", 230),
    ("imgix", "sources.list", 30),
    ("imgix", "assets.get", 250),
    ("imgix", "purge", 150),
    ("imgix", "assets.add", 40),
    ("imgix", "assets.refresh", 4),
    ("imgix", "assets.upload", 20),
    ("imgix", "uploadSessions.cancel", 10),
    ("imgix", "sources.waitUntilDeployed", 4),
    ("imgix", "sources.create", 1),
    ("imgix", "sources.update", 1),
    ("imgix", "sources.disable", 1),
    ("imageboss", "sources.create", 40),
    ("imageboss", "sources.delete", 50),
    ("imageboss", "sources.get", 50),
    ("imageboss", "sources.update", 30),
    ("imageboss", "purge", 90),
];

/// Arrivals of one class, as a server counts them and as they left.
struct Count {
    requests: usize,
    per_ms: f64,
    left: VecDeque<f64>,
    /// On their way: arrival times as bits, which are in the order of time.
    coming: BTreeSet<(u64, u64)>,
    arrived: VecDeque<f64>,
    window: f64,
    in_window: usize,
    tokens: f64,
    last: f64,
    /// The most that left in any window.
    most: usize,
}

impl Count {
    /// Counts what has arrived; true if all of it was within the limit.
    fn arrive(&mut self, flavour: Flavour, now: f64) -> bool {
        let mut well = true;
        while let Some((at, _)) = self.coming.first().copied().filter(|(at, _)| f64::from_bits(*at) <= now) {
            self.coming.pop_first();
            let at = f64::from_bits(at);
            let most = f64::from(u32::try_from(self.requests).unwrap());
            well &= match flavour {
                Flavour::Fixed => {
                    // Windows that begin at a crooked time.
                    let window = ((at + self.per_ms / 3.0) / self.per_ms).floor();
                    self.in_window = if window > self.window { 1 } else { self.in_window + 1 };
                    self.window = window;
                    self.in_window <= self.requests
                }
                Flavour::Sliding => {
                    self.arrived.push_back(at);
                    self.arrived.len() <= self.requests
                        || self.arrived.pop_front().is_some_and(|before| at - before >= self.per_ms)
                }
                Flavour::Bucket => {
                    self.tokens = (self.tokens + (at - self.last) * most / self.per_ms).min(most);
                    self.last = at;
                    self.tokens -= 1.0;
                    self.tokens > -1e-6
                }
            };
        }
        well
    }
}

/// What is known of a call from outside.
struct Seen {
    operation: &'static Operation,
    provider: &'static str,
    begun: f64,
    deadline: f64,
    retries: u32,
    /// Has it happened at the server?
    happened: bool,
    /// When, for lists.
    happened_at: f64,
    /// Was there an attempt that leaves open whether it happened?
    open: bool,
    own: u32,
    end: Option<(End, bool, u32)>,
    recovered: bool,
}

#[derive(Debug, Default, Clone, PartialEq)]
struct Figures {
    calls: usize,
    requests: u64,
    faults: BTreeMap<&'static str, u64>,
    done: u64,
    failed: BTreeMap<&'static str, u64>,
    aborted: u64,
    unsent: u64,
    recovered: u64,
    doubled_safely: u64,
    hours: f64,
    steps: u64,
    longest_log: usize,
}

struct Simulation {
    flavour: Flavour,
    random: Random,
    clients: [Vec<Rc<Config>>; 2],
    patterns: Vec<Prepared>,
    counts: BTreeMap<&'static str, Count>,
    seen: BTreeMap<usize, Seen>,
    calls: usize,
    begun: usize,
    /// A class was closed for a day: nobody calls for a day.
    night: bool,
    figures: Figures,
    wrong: Vec<String>,
}

/// 2026-03-05T00:00:00Z by the server's clock when the simulation begins.
const DAY: u64 = 20_517;

fn moment(ms: f64) -> (String, String) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hours")]
    let seconds = (ms / 1_000.0) as u64;
    let (day, rest) = (seconds / 86_400, seconds % 86_400);
    // The days of the simulation are days of a long March to May.
    let (month, name, of) = match day + 5 {
        of @ 1..=31 => (3, "Mar", of),
        of @ 32..=61 => (4, "Apr", of - 31),
        of => (5, "May", of - 61),
    };
    assert!(of <= 31, "the simulation takes longer than the calendar");
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][usize::try_from((DAY + day - DAY) % 7).unwrap()];
    let time = format!("{:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60);
    (format!("{weekday}, {of:02} {name} 2026 {time} GMT"), format!("2026-{month:02}-{of:02}T{time}Z"))
}

impl Simulation {
    fn new(flavour: Flavour, seed: u64, calls: usize) -> Self {
        let mut counts = BTreeMap::new();
        for rate in ["imgix", "imageboss"].into_iter().flat_map(|name| provider(name).rates) {
            let count = Count {
                requests: rate.requests as usize,
                per_ms: rate.per_ms.into(),
                left: VecDeque::new(),
                coming: BTreeSet::new(),
                arrived: VecDeque::new(),
                window: f64::NEG_INFINITY,
                in_window: 0,
                tokens: rate.requests.into(),
                last: 0.0,
                most: 0,
            };
            counts.insert(rate.class, count);
        }
        let patterns = MIX
            .iter()
            .map(|(name, operation, _)| match (*name, *operation) {
                ("imgix", "sources.update") => {
                    prepare(name, operation, &["x"], r#"{"deployment":{"annotation":"n"}}"#, "null").unwrap()
                }
                _ => prepared(name, operation, "null"),
            })
            .collect();
        Self {
            flavour,
            random: Random(seed),
            // Several clients of one account.
            clients: ["imgix", "imageboss"]
                .map(|name| vec![client(name, ""), client(name, r#""responseCheck":"off""#)]),
            patterns,
            counts,
            seen: BTreeMap::new(),
            calls,
            begun: 0,
            night: false,
            figures: Figures { calls, ..Figures::default() },
            wrong: Vec::new(),
        }
    }

    fn wrong(&mut self, call: usize, now: f64, what: &str) {
        let operation = self.seen.get(&call).map_or("", |seen| seen.operation.name);
        self.wrong.push(format!("call {call} {operation} at {now}: {what}"));
    }

    fn ms(&mut self, from: u64, to: u64) -> f64 {
        f64::from(u32::try_from(from + self.random.below(to - from)).unwrap())
    }

    fn begin(&mut self, now: f64, orders: &mut Vec<Order>) {
        self.begun += 1;
        let call = self.begun;
        let mut drawn = self.random.below(MIX.iter().map(|(.., weight)| weight).sum());
        let place = MIX
            .iter()
            .position(|(.., weight)| {
                let here = drawn < *weight;
                drawn = drawn.saturating_sub(*weight);
                here
            })
            .unwrap();
        let (name, operation, _) = MIX[place];
        let mut prepared = if (name, operation) == ("imageboss", "sources.create") {
            let input = format!(
                r#"{{"source":"n{call}","source_type":"url","credential_attributes":{{"url":"https://a.example"}}}}"#
            );
            prepare(name, operation, &[], &input, "null").unwrap()
        } else {
            self.patterns[place].clone()
        };
        let long = matches!(operation, "sources.waitUntilDeployed" | "sources.disable") || self.random.below(8) == 0;
        prepared.timing.deadline_ms = if long { self.ms(60_000, 7_200_000) } else { self.ms(300, 60_000) };
        prepared.timing.timeout_ms = self.ms(200, 30_000);
        prepared.timing.retries = u32::try_from(self.random.below(5)).unwrap();
        let seen = Seen {
            operation: prepared.operation,
            provider: name,
            begun: now,
            deadline: now + prepared.timing.deadline_ms,
            retries: prepared.timing.retries,
            happened: false,
            happened_at: 0.0,
            open: false,
            own: 0,
            end: None,
            recovered: false,
        };
        if self.random.below(30) == 0 {
            let at = now + self.random.chance() * prepared.timing.deadline_ms.min(20_000.0);
            orders.push(Order::Plan { at, plan: call as u64 });
        }
        self.seen.insert(call, seen);
        let config = self.clients[usize::from(name != "imgix")][call % 2].clone();
        let once = operation == "assets.upload" && self.random.below(2) == 0;
        orders.push(Order::Start { call, config, prepared: Box::new(prepared), once });
    }

    /// A fault, whether it proves that nothing happened, and its name.
    fn fault(&mut self, now: f64) -> (Given, bool, &'static str) {
        const HTML: &str = "<html><title>502 Bad Gateway</title></html>";
        let date = moment(now).0;
        let later = moment(now + self.ms(0, 20_000)).0;
        let number = self.random.below(40);
        match self.random.below(12) {
            0..=2 => {
                let forms: [&[(&'static str, &str)]; 10] = [
                    &[],
                    &[("retry-after", "0")],
                    &[("retry-after", "1")],
                    &[("retry-after", "7")],
                    &[("retry-after", "-5")],
                    &[("retry-after", "soon")],
                    &[("retry-after", "")],
                    &[("retry-after", "Thu, 05 Mar 2020 00:00:00 GMT"), ("date", &date)],
                    &[("retry-after", &later), ("date", &date)],
                    &[("retry-after", &later)],
                ];
                let absurd = self.random.below(2_000);
                if absurd < 2 {
                    self.night = true;
                    let value = if absurd == 0 { "3000000" } else { "99999999999999999999" };
                    return (status(429, &[("retry-after", value)], ""), true, "429 absurd");
                }
                (status(429, forms[usize::try_from(number % 10).unwrap()], ""), true, "429")
            }
            3 => (status(500, &[], r#"{"error":"e"}"#), false, "500"),
            4 => (status(502, &[], HTML), false, "502"),
            5 => (status(503, &[("retry-after", if number < 30 { "2" } else { "3000000" })], ""), false, "503"),
            6 => (status(408, &[], ""), false, "408"),
            7 => (Given::Never, false, "hang"),
            8 => (Given::Lost(true, None, vec![]), false, "reset"),
            9 => (Given::Lost(false, None, vec![]), true, "refused connection"),
            10 => (Given::Lost(true, Some(if number < 30 { 200 } else { 503 }), vec![]), false, "truncated"),
            _ => (status(200, &[], r#"{"data":"#), false, "unreadable"),
        }
    }
}

impl Scene for Simulation {
    fn answer(&mut self, call: usize, request: &Request, now: f64) -> (f64, News) {
        self.figures.requests += 1;
        let seen = &self.seen[&call];
        let (operation, provider) = (seen.operation, seen.provider);
        let own = request.method == operation.method;
        let class = match (own, provider) {
            (true, _) => operation.rate_class,
            (_, "imgix") => "default",
            _ => "imageboss",
        };
        // What leaves, by any window of the stated length.
        let count = self.counts.get_mut(class).unwrap();
        count.left.push_back(now);
        while count.left.front().is_some_and(|before| now - before >= count.per_ms) {
            count.left.pop_front();
        }
        count.most = count.most.max(count.left.len());
        let over = count.left.len() > count.requests;
        let jitter = self.random.chance() * 20.0;
        let count = self.counts.get_mut(class).unwrap();
        let well = count.arrive(self.flavour, now);
        let (fault, proven, kind) =
            if self.random.below(10) == 0 { self.fault(now) } else { (Given::Never, false, "") };
        if kind != "refused connection" {
            let count = self.counts.get_mut(class).unwrap();
            count.coming.insert(((now + jitter).to_bits(), self.figures.requests));
        }
        if over {
            self.wrong(call, now, &format!("too much of {class} in one window"));
        }
        if !well {
            self.wrong(call, now, &format!("the server counts too much of {class}"));
        }
        let seen = &self.seen[&call];
        if own && operation.retry == Retry::Unsent && (seen.open || seen.happened) {
            self.wrong(call, now, "sent again although it may have happened");
        }
        if now >= seen_deadline(&self.seen[&call]) {
            self.wrong(call, now, "sent after the deadline");
        }
        let after = jitter + self.ms(5, 400);
        let gone = operation.method == "DELETE" && operation.name != "purge";
        let happens = kind.is_empty() || (!proven && self.random.below(2) == 0) || kind == "unreadable";
        let conflict = operation.name == "purge" && self.random.below(20) == 0;
        let deployed = self.random.below(2) == 0;
        let seen = self.seen.get_mut(&call).unwrap();
        let before = seen.happened;
        if own {
            seen.own += 1;
            seen.open |= !kind.is_empty() && !proven;
            if happens && operation.writes() && !before {
                (seen.happened, seen.happened_at) = (true, now + jitter);
            }
            if happens && before {
                self.figures.doubled_safely += 1;
            }
        }
        if !kind.is_empty() {
            *self.figures.faults.entry(kind).or_default() += 1;
            return fault.news().map_or((f64::INFINITY, News::Time), |news| (after, news));
        }
        let seen = &self.seen[&call];
        let given = match (own, provider) {
            (true, _) if gone && before => status(404, &[], ""),
            (true, "imgix") if conflict => status(409, &[], ""),
            (true, _) if operation.poll.is_some() && !deployed => status(
                200,
                &[],
                r#"{"data":{"id":"1","type":"sources","attributes":{"deployment_status":"deploying"}}}"#,
            ),
            (true, _) => status(200, &[], good(provider, operation.name)),
            (false, "imgix") => status(
                200,
                &[],
                r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":{"type":"webfolder","annotation":"a"}}}}"#,
            ),
            // The list that is looked into: whole seconds, by a clock of its own.
            _ => {
                let created = moment(seen.happened_at).1;
                let list = if seen.happened {
                    format!(r#"[{{"id":"1","source":"n{call}","created_at":"{created}"}}]"#)
                } else {
                    "[]".to_owned()
                };
                status(200, &[("date", &moment(now + after).0)], &list)
            }
        };
        (after, given.news().unwrap())
    }

    fn tell(&mut self, call: usize, event: &Event<'_>, now: f64) {
        let Some(seen) = self.seen.get_mut(&call) else { return };
        match event {
            Event::End { end, may_have_happened, attempts, .. } => {
                let before = seen.end.replace((*end, *may_have_happened, *attempts));
                if before.is_some() {
                    self.wrong(call, now, "two ends");
                }
            }
            Event::Warning { problems } => seen.recovered |= problems[0].code.as_str() == "recovered",
            Event::Retry { after_ms, .. } if !(0.0..=86_400_000.0).contains(after_ms) => {
                self.wrong(call, now, "an absurd pause");
            }
            _ => {}
        }
    }

    fn settle(&mut self, call: usize, settled: Settled, now: f64) {
        let Some(seen) = self.seen.get(&call) else { return self.wrong(call, now, "settles twice") };
        let writes = seen.operation.writes();
        let mut wrong = Vec::new();
        let mut check = |well: bool, what: &str| {
            if !well {
                wrong.push(what.to_owned());
            }
        };
        // Timers are whole milliseconds and somewhat late.
        check(now <= seen.deadline + 10.0, "ends after its deadline");
        check(now >= seen.begun, "ends before it begins");
        let Some((end, happened, attempts)) = seen.end else { return self.wrong(call, now, "no end was told") };
        check(attempts == seen.own, "attempts are not what was sent");
        check(seen.operation.poll.is_some() || seen.own <= seen.retries + 1, "too many retries");
        check(happened || !seen.happened || end == End::Ok, "it happened, and the end does not say so");
        check(!happened || seen.own > 0, "it may have happened although nothing was sent");
        match &settled {
            Settled::Done(_) => {
                check(end == End::Ok && !happened, "the wrong end");
                check(!writes || seen.happened, "a success that did not happen");
                self.figures.done += 1;
                self.figures.recovered += u64::from(seen.recovered);
            }
            Settled::Failed(error) => {
                check(end == End::Failed && happened == (error.outcome == Outcome::Unknown), "the wrong end");
                check(!seen.happened || error.outcome == Outcome::Unknown, "a failure that happened");
                check(
                    !seen.open || !writes || error.outcome == Outcome::Unknown,
                    "an open failure that is not unknown",
                );
                check(error.attempts == seen.own, "attempts of the error are not what was sent");
                check(error.sent || seen.own == 0 || !seen.happened, "it happened, and was not sent");
                check(!error.problems.is_empty(), "an error without problems");
                if error.class == Class::RateLimit && !error.sent {
                    check(error.retry_after_ms.is_some_and(|ms| ms > 0.0), "no word on when there is room");
                    self.figures.unsent += 1;
                }
                *self.figures.failed.entry(error.class.name()).or_default() += 1;
            }
            Settled::Aborted => {
                check(end == End::Aborted, "the wrong end");
                self.figures.aborted += 1;
            }
        }
        for what in wrong {
            self.wrong(call, now, &what);
        }
        self.seen.remove(&call);
    }

    fn planned(&mut self, plan: u64, now: f64) -> Vec<Order> {
        if plan > 0 {
            return vec![Order::Abort(usize::try_from(plan).unwrap())];
        }
        let mut orders = Vec::new();
        let burst = if self.random.below(20) == 0 { self.random.below(80) } else { self.random.below(8) };
        for _ in 0..=burst {
            if self.begun < self.calls {
                self.begin(now, &mut orders);
            }
        }
        if self.begun < self.calls {
            let night = if core::mem::take(&mut self.night) { 86_400_000.0 } else { 0.0 };
            let at = now + self.random.chance() * 1_200.0 + night;
            orders.push(Order::Plan { at, plan: 0 });
        }
        orders
    }
}

fn seen_deadline(seen: &Seen) -> f64 {
    seen.deadline
}

/// Runs a simulation; gives its figures, or what went wrong.
fn simulate(flavour: Flavour, seed: u64, calls: usize) -> (Figures, Vec<String>, String) {
    let mut host = Host::new(Simulation::new(flavour, seed, calls), seed ^ 0x5eed);
    host.late = 5;
    host.plan(0.0, 0);
    let mut happened = 0_u64;
    while host.next() {
        happened += 1;
        if happened.is_multiple_of(50_000) {
            let entries = format!("{:?}", host.limits).matches("Entry {").count();
            let active = host.scene.seen.len();
            host.scene.figures.longest_log = host.scene.figures.longest_log.max(entries);
            // All classes together hold at most their limits, and those who wait.
            if entries > active + 300 {
                host.scene.wrong.push(format!("the logs hold {entries} for {active} calls"));
            }
        }
        if host.scene.wrong.len() > 10 {
            break;
        }
    }
    let (now, steps) = (host.now, host.steps);
    let scene = &mut host.scene;
    if scene.wrong.is_empty() && !scene.seen.is_empty() {
        scene.wrong.push(format!("{} calls never end", scene.seen.len()));
    }
    let mut windows = String::new();
    for (class, count) in &mut scene.counts {
        if !count.arrive(flavour, f64::INFINITY) {
            scene.wrong.push(format!("the server counts too much of {class}"));
        }
        write!(windows, " {class} {} of {};", count.most, count.requests).unwrap();
    }
    (scene.figures.hours, scene.figures.steps) = ((now / 3_600_000.0).round(), steps);
    (scene.figures.clone(), core::mem::take(&mut scene.wrong), windows)
}

#[expect(clippy::disallowed_methods, reason = "the size of a test is the tester's choice")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

fn check(flavour: Flavour, seed: u64) {
    let calls = usize::try_from(number("IMAGE_SOURCES_SIMULATION").unwrap_or(100_000)).unwrap();
    let seed = number("IMAGE_SOURCES_SEED").unwrap_or(seed);
    println!("{flavour:?}: IMAGE_SOURCES_SEED={seed} IMAGE_SOURCES_SIMULATION={calls}");
    let (figures, wrong, windows) = simulate(flavour, seed, calls);
    println!("{flavour:?}: {figures:?}; most in one window:{windows}");

    assert!(wrong.is_empty(), "IMAGE_SOURCES_SEED={seed}: {wrong:#?}");
    assert!(figures.done > figures.calls as u64 / 2, "hardly anything succeeds");
    assert!(figures.recovered > 0 && figures.unsent > 0 && figures.aborted > 0 && figures.faults.len() >= 10);
}

#[test]
fn everything_holds_before_a_server_of_fixed_windows() {
    check(Flavour::Fixed, 1);
}

#[test]
fn everything_holds_before_a_server_of_sliding_windows() {
    check(Flavour::Sliding, 2);
}

#[test]
fn everything_holds_before_a_server_with_a_token_bucket() {
    check(Flavour::Bucket, 3);
}

#[test]
fn a_seed_gives_the_same_run_again() {
    let run = |seed| simulate(Flavour::Sliding, seed, 3_000);
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).0, run(8).0);
}

#[test]
fn a_server_that_allows_less_is_seen_to_be_overrun() {
    // The check itself: without a margin to speak of, arrivals that jitter overrun a server that counts exactly.
    let mut simulation = Simulation::new(Flavour::Sliding, 1, 1_000);
    for count in simulation.counts.values_mut() {
        count.requests -= 1;
    }
    let mut host = Host::new(simulation, 1);
    host.plan(0.0, 0);
    host.run();
    assert!(host.scene.wrong.iter().any(|what| what.contains("the server counts too much")));
    assert!(host.scene.wrong.iter().any(|what| what.contains("in one window")));
}

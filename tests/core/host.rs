//! A host of calls on virtual time: it waits and sends as `pkg-template/src/run.ts` does, for any number of calls at once.
//!
//! Events are ordered by time and then by the order in which they were asked for, and chance comes from a seed: a run is the
//! same every time.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::support::{CANARY, prepare, provider};
use image_sources::engine::{Call, Event, Failure, Limits, Listener, News, Step, World};
use image_sources::proto::call::{Config, Prepared};
use image_sources::proto::error::Error;
use image_sources::proto::http::{Request, Response};
use image_sources::proto::read::Read;

/// Numbers from a seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    pub(crate) fn chance(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap()) / 4_294_967_296.0
    }

    /// From 0 to below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Settled {
    Done(Read),
    Failed(Error),
    Aborted,
}

/// What surrounds the calls: a server, and somebody who looks on.
pub(crate) trait Scene {
    /// What comes back for a request, and after how many milliseconds; infinitely many for never.
    fn answer(&mut self, call: usize, request: &Request, now: f64) -> (f64, News);

    fn tell(&mut self, _call: usize, _event: &Event<'_>, _now: f64) {}

    fn settle(&mut self, call: usize, settled: Settled, now: f64);

    /// The time for which something was planned has come.
    fn planned(&mut self, _plan: u64, _now: f64) -> Vec<Order> {
        Vec::new()
    }

    fn limiter(&mut self, _class: &'static str, _now: f64) -> f64 {
        0.0
    }

    /// After how many milliseconds a token for the gateway is there, or whether asking fails.
    fn token(&mut self, _call: usize, _now: f64) -> (f64, bool) {
        (0.0, true)
    }
}

/// What a scene wants done.
#[derive(Debug)]
pub(crate) enum Order {
    Start { call: usize, config: Rc<Config>, prepared: Box<Prepared>, once: bool },
    Abort(usize),
    Plan { at: f64, plan: u64 },
}

enum Wake {
    /// For a call: what has happened, if it still waits for that.
    Call(usize, u64, News),
    Plan(u64),
}

struct Running {
    call: Call,
    config: Rc<Config>,
    /// Raised by every step, so that what was waited for before is not heard any more.
    step: u64,
    slot: bool,
}

pub(crate) struct Host<S> {
    pub(crate) now: f64,
    pub(crate) limits: Limits,
    pub(crate) scene: S,
    pub(crate) random: Random,
    /// How much is taken of every pause before a retry, if it is not drawn.
    pub(crate) chance: Option<f64>,
    /// Timers are late by up to so many milliseconds.
    pub(crate) late: u64,
    running: BTreeMap<usize, Running>,
    waiting: BTreeSet<usize>,
    events: BTreeMap<(u64, u64), Wake>,
    order: u64,
    /// How often a call was asked for its next step.
    pub(crate) steps: u64,
}

struct Ear<'a, S>(&'a mut S, usize, f64);

impl<S: Scene> Listener for Ear<'_, S> {
    fn listening(&self) -> bool {
        true
    }

    fn tell(&mut self, event: &Event<'_>) {
        self.0.tell(self.1, event, self.2);
    }
}

impl<S: Scene> Host<S> {
    pub(crate) fn new(scene: S, seed: u64) -> Self {
        Self {
            now: 0.0,
            limits: Limits::default(),
            scene,
            random: Random(seed),
            chance: None,
            late: 0,
            running: BTreeMap::new(),
            waiting: BTreeSet::new(),
            events: BTreeMap::new(),
            order: 0,
            steps: 0,
        }
    }

    fn at(&mut self, at: f64, wake: Wake) {
        self.order += 1;
        // Times are never negative, and so their bits are in the order of time.
        self.events.insert((at.max(0.0).to_bits(), self.order), wake);
    }

    pub(crate) fn plan(&mut self, at: f64, plan: u64) {
        self.at(at, Wake::Plan(plan));
    }

    pub(crate) fn start(&mut self, call: usize, config: Rc<Config>, prepared: Prepared, once: bool) {
        let running = Running { call: Call::new(prepared, once, self.now), config, step: 0, slot: false };
        self.running.insert(call, running);
        self.step(call, News::Begin);
    }

    pub(crate) fn abort(&mut self, call: usize) {
        self.step(call, News::Abort);
    }

    fn wake(&mut self, moved: bool) {
        if moved {
            for call in self.waiting.iter().copied().collect::<Vec<_>>() {
                // Another one's step may have woken it already.
                if self.waiting.contains(&call) {
                    self.step(call, News::Time);
                }
            }
        }
    }

    fn step(&mut self, call: usize, news: News) {
        let Some(running) = self.running.get_mut(&call) else { return };
        self.steps += 1;
        running.step += 1;
        running.slot = false;
        self.waiting.remove(&call);
        let chance = self.chance.unwrap_or_else(|| self.random.chance());
        let (now, number) = (self.now, running.step);
        let mut ear = Ear(&mut self.scene, call, now);
        let (config, limits) = (&running.config, &mut self.limits);
        let mut world = World { config, limits, listener: &mut ear, now, chance, moved: false };
        let step = running.call.step(&mut world, &news);
        let moved = world.moved;
        match step {
            Step::Done(read) => self.settle(call, Settled::Done(read)),
            Step::Failed(error) => self.settle(call, Settled::Failed(error)),
            Step::Aborted => self.settle(call, Settled::Aborted),
            Step::Wait { ms, slot } => {
                assert!(ms.is_finite() && ms >= 0.0, "a wait of {ms}");
                if slot {
                    self.waiting.insert(call);
                }
                let late = if self.late == 0 { 0 } else { self.random.below(self.late) };
                let at = now + ms.ceil() + f64::from(u32::try_from(late).unwrap());
                self.at(at, Wake::Call(call, number, News::Time));
            }
            Step::Token(patience) => {
                let (after, given) = self.scene.token(call, now);
                let (after, news) = match (after < patience, given) {
                    (true, true) => (after, News::Time),
                    (true, false) => {
                        (after, News::Lost(Failure { message: "no token".to_owned(), ..Failure::default() }))
                    }
                    (false, _) => (patience, News::Lost(Failure { timed_out: true, ..Failure::default() })),
                };
                self.at(now + after, Wake::Call(call, number, news));
            }
            Step::Reserve(class, ..) => {
                let ms = self.scene.limiter(class, now);
                let news = if ms.is_nan() {
                    News::Lost(Failure { message: "the limiter failed".to_owned(), ..Failure::default() })
                } else {
                    News::Slot(ms)
                };
                self.at(now, Wake::Call(call, number, news));
            }
            Step::Send(request, patience) => {
                assert!(patience > 0.0, "a patience of {patience}");
                let (after, news) = self.scene.answer(call, &request, now);
                let (after, news) = if after < patience {
                    (after, news)
                } else {
                    (patience, News::Lost(Failure { sent: true, timed_out: true, ..Failure::default() }))
                };
                self.at(now + after, Wake::Call(call, number, news));
            }
        }
        self.wake(moved);
    }

    fn settle(&mut self, call: usize, settled: Settled) {
        self.running.remove(&call);
        self.scene.settle(call, settled, self.now);
    }

    /// Does what is next; false when nothing is left.
    pub(crate) fn next(&mut self) -> bool {
        let Some(((at, _), wake)) = self.events.pop_first() else { return false };
        self.now = self.now.max(f64::from_bits(at));
        match wake {
            Wake::Call(call, step, news) => {
                if self.running.get(&call).is_some_and(|running| running.step == step) {
                    self.step(call, news);
                }
            }
            Wake::Plan(plan) => {
                for order in self.scene.planned(plan, self.now) {
                    match order {
                        Order::Start { call, config, prepared, once } => self.start(call, config, *prepared, once),
                        Order::Abort(call) => self.abort(call),
                        Order::Plan { at, plan } => self.plan(at, plan),
                    }
                }
            }
        }
        true
    }

    /// Runs until nothing is left to happen.
    pub(crate) fn run(&mut self) {
        while self.next() {}
        assert!(self.running.is_empty(), "{} calls never end", self.running.len());
    }

    /// Runs until a moment, what happens at it included.
    pub(crate) fn run_until(&mut self, until: f64) {
        while self.events.first_key_value().is_some_and(|((at, _), _)| f64::from_bits(*at) <= until) {
            self.next();
        }
        self.now = self.now.max(until);
    }
}

/// A server with a list of answers, and everything that was heard.
#[derive(Default)]
pub(crate) struct Script {
    /// For each call; the last one is given again and again, and without any there is never an answer.
    pub(crate) answers: BTreeMap<usize, Vec<(f64, Given)>>,
    pub(crate) heard: Vec<(usize, f64, String)>,
    pub(crate) sent: Vec<(usize, f64, String)>,
    pub(crate) settled: BTreeMap<usize, (f64, Settled)>,
    pub(crate) limiter: Vec<f64>,
    /// When tokens were asked for.
    pub(crate) asked: Vec<(usize, f64)>,
    /// How long each takes, the last one again and again; less than nothing for one that fails.
    pub(crate) tokens: Vec<f64>,
}

/// An answer that can be given several times.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Did it leave, and the status if the answer broke off.
    Lost(bool, Option<u16>, Vec<(&'static str, String)>),
    Never,
}

pub(crate) fn headers(given: &[(&'static str, String)]) -> Vec<(String, String)> {
    given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

impl Given {
    pub(crate) fn news(&self) -> Option<News> {
        Some(match self {
            Self::Answer(status, given, body) => {
                News::Answer(Response { status: *status, headers: headers(given), body: body.as_bytes().to_vec() })
            }
            Self::Lost(sent, status, given) => News::Lost(Failure {
                message: "broken".to_owned(),
                sent: *sent,
                partial: status.map(|status| Response { status, headers: headers(given), body: Vec::new() }),
                ..Failure::default()
            }),
            Self::Never => return None,
        })
    }
}

impl Scene for Script {
    fn answer(&mut self, call: usize, request: &Request, now: f64) -> (f64, News) {
        self.sent.push((call, now, format!("{} {}", request.method, request.url)));
        let list = self.answers.entry(call).or_default();
        let next = match list.len() {
            0 => (f64::INFINITY, Given::Never),
            1 => list[0].clone(),
            _ => list.remove(0),
        };
        next.1.news().map_or((f64::INFINITY, News::Time), |news| (next.0, news))
    }

    fn tell(&mut self, call: usize, event: &Event<'_>, now: f64) {
        let text = match event {
            Event::Request { attempt, method, .. } => format!("request {attempt} {method}"),
            Event::Response { attempt, status, .. } => format!("response {attempt} {status}"),
            Event::Warning { problems } => format!("warning {}", problems[0].code.as_str()),
            Event::Wait { rate_class, ms } => format!("wait {rate_class} {ms}"),
            Event::Retry { attempt, after_ms, because } => format!("retry {attempt} {after_ms} {because}"),
            Event::Closed { rate_class, ms } => format!("closed {rate_class} {ms}"),
            Event::Drift(drift) => format!("drift {}", drift.path),
            Event::End { end, may_have_happened, attempts, .. } => {
                format!("end {} {may_have_happened} {attempts}", end.as_str())
            }
        };
        self.heard.push((call, now, text));
    }

    fn settle(&mut self, call: usize, settled: Settled, now: f64) {
        assert!(self.settled.insert(call, (now, settled)).is_none(), "a call settles once");
    }

    fn token(&mut self, call: usize, now: f64) -> (f64, bool) {
        self.asked.push((call, now));
        let next = if self.tokens.len() > 1 {
            self.tokens.remove(0)
        } else {
            self.tokens.first().copied().unwrap_or_default()
        };
        (next.abs(), next >= 0.0)
    }

    fn limiter(&mut self, _: &'static str, _: f64) -> f64 {
        if self.limiter.len() > 1 { self.limiter.remove(0) } else { self.limiter.first().copied().unwrap_or_default() }
    }
}

impl Host<Script> {
    pub(crate) fn script() -> Self {
        let mut host = Self::new(Script::default(), 1);
        host.chance = Some(0.5);
        host
    }

    /// Begins a call with its own list of answers.
    pub(crate) fn call(&mut self, number: usize, config: &Rc<Config>, prepared: Prepared, answers: &[(f64, Given)]) {
        self.scene.answers.insert(number, answers.to_vec());
        self.start(number, config.clone(), prepared, false);
    }

    pub(crate) fn error(&self, call: usize) -> &Error {
        match self.scene.settled.get(&call) {
            Some((_, Settled::Failed(error))) => error,
            other => panic!("call {call} did not fail: {other:?}"),
        }
    }

    pub(crate) fn value(&self, call: usize) -> Option<&[u8]> {
        match self.scene.settled.get(&call) {
            Some((_, Settled::Done(read))) => read.json.as_deref(),
            Some((_, Settled::Failed(error))) => panic!("call {call} failed: {error}"),
            other => panic!("call {call} did not succeed: {other:?}"),
        }
    }

    pub(crate) fn ended(&self, call: usize) -> f64 {
        self.scene.settled[&call].0
    }

    /// When a call's requests left.
    pub(crate) fn times(&self, call: usize) -> Vec<f64> {
        self.scene.sent.iter().filter(|(own, ..)| *own == call).map(|(_, at, _)| *at).collect()
    }

    pub(crate) fn all_times(&self) -> Vec<f64> {
        self.scene.sent.iter().map(|(_, at, _)| *at).collect()
    }

    pub(crate) fn heard(&self, call: usize) -> Vec<&str> {
        self.scene.heard.iter().filter(|(own, ..)| *own == call).map(|(.., text)| text.as_str()).collect()
    }
}

/// A client with these options beside its key.
pub(crate) fn client(name: &str, options: &str) -> Rc<Config> {
    let comma = if options.is_empty() { "" } else { "," };
    let options = format!(r#"{{"apiKey":"{CANARY}"{comma}{options}}}"#);
    Rc::new(Config::new(provider(name), options.as_bytes()).unwrap())
}

/// A client of a gateway whose token is asked for anew.
pub(crate) fn gateway(options: &str) -> Rc<Config> {
    let comma = if options.is_empty() { "" } else { "," };
    let options = format!(r#"{{"gateway":{{"url":"/api","token":{{"\u0000":"function"}}}}{comma}{options}}}"#);
    Rc::new(Config::new(provider("imgix"), options.as_bytes()).unwrap())
}

/// A call that only reads one thing.
pub(crate) fn get(options: &str) -> Prepared {
    prepare("imgix", "sources.get", &["x"], "null", options).unwrap()
}

/// The parameters and the input that an operation can be called with.
pub(crate) fn example(name: &str, operation: &str) -> (&'static [&'static str], &'static str) {
    const ID: &str = "60b1c2d3e4f5061728394a01";
    match (name, operation) {
        ("imgix", "sources.create") => (
            &[],
            r#"{"name":"n","deployment":{"type":"webfolder","webfolder_base_url":"https://a.example","imgix_subdomains":["abc"]}}"#,
        ),
        ("imgix", "sources.update") => (&[ID], r#"{"name":"n"}"#),
        (_, "sources.create") => {
            (&[], r#"{"source":"n","source_type":"url","credential_attributes":{"url":"https://a.example"}}"#)
        }
        (_, "sources.update") => (&[ID], r#"{"source":"n"}"#),
        (_, "sources.list" | "reports.list") => (&[], "null"),
        (
            _,
            "assets.list"
            | "reports.get"
            | "sources.get"
            | "sources.delete"
            | "sources.enable"
            | "sources.disable"
            | "sources.waitUntilDeployed",
        ) => (&[ID], "null"),
        (_, "assets.update") => (&[ID, "a.png"], r#"{"name":"n"}"#),
        (_, "assets.upload") => (&[ID, "a.png"], r#"{"\u0000":"bytes image/png"}"#),
        (_, "uploadSessions.put") => (&["https://b.example/a.png?sig=1"], r#"{"\u0000":"bytes image/png"}"#),
        ("imgix", "purge") => (&["https://a.imgix.net/a.png"], "null"),
        ("imgix", "publish" | "unpublish") => (&["https://a.imgix.net/a.png", ID], "null"),
        _ => (&[ID, "a.png"], "null"),
    }
}

/// Any operation, prepared.
pub(crate) fn prepared(name: &str, operation: &str, options: &str) -> Prepared {
    let (parameters, input) = example(name, operation);
    prepare(name, operation, parameters, input, options)
        .unwrap_or_else(|error| panic!("{name} {operation} {options}: {error}"))
}

/// A body of 200 that an operation accepts.
pub(crate) fn good(name: &str, operation: &str) -> &'static str {
    let operation = provider(name).operation(operation).unwrap();
    match (name, operation.answer) {
        ("imgix", image_sources::proto::operation::Answer::List(_)) => r#"{"data":[]}"#,
        ("imgix", _) => {
            r#"{"data":{"id":"1","type":"sources","attributes":{"deployment_status":"deployed","status":"COMPLETE"}}}"#
        }
        (_, image_sources::proto::operation::Answer::List(_)) => "[]",
        _ => r#"{"id":"1","source":"n"}"#,
    }
}

//! Any status and headers: what is decided about trying again is bounded.
//!
//! The input is text: answers with `%` between them, each a status and, on lines of their own, headers.

use image_sources::PROVIDERS;
use image_sources::engine::{Call, Event, Limits, Listener, News, Step, World};
use image_sources::proto::call::{Config, Prepared};
use image_sources::proto::http::Response;

use crate::{clients, sample};

const DAY_MS: f64 = 86_400_000.0;

thread_local! {
    static CALLS: Vec<(Config, Vec<Prepared>)> = ["", r#","deadlineMs":86400000,"retries":5"#]
        .into_iter()
        .flat_map(|more| clients(more).into_iter().zip(PROVIDERS))
        .map(|(config, provider)| {
            let find = |name: &str| provider.operation(name).map(|operation| sample(&config, operation));
            let names = ["sources.get", "sources.create", "sources.update", "sources.delete"];
            let calls = names.into_iter().filter_map(find).collect();
            (config, calls)
        })
        .collect();
}

struct Bounds;

impl Listener for Bounds {
    fn listening(&self) -> bool {
        true
    }

    fn tell(&mut self, event: &Event<'_>) {
        match event {
            Event::Wait { ms, .. } | Event::Closed { ms, .. } | Event::Retry { after_ms: ms, .. } => bounded(*ms),
            _ => {}
        }
    }
}

fn bounded(ms: f64) {
    assert!((0.0..=DAY_MS).contains(&ms), "{ms} ms");
}

/// Runs calls that are answered like this, on virtual time.
pub fn look(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let answers: Vec<Response> = text.split('%').take(8).map(answer).collect();
    CALLS.with(|all| {
        for (config, calls) in all {
            for (place, call) in calls.iter().enumerate() {
                run(config, call, &answers, if place % 2 == 0 { 0.0 } else { 0.999 });
            }
        }
    });
}

fn answer(text: &str) -> Response {
    let mut lines = text.trim_start().split('\n');
    let status = lines.next().and_then(|line| line.trim().parse().ok()).unwrap_or(429);
    let header = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()));
    Response { status, headers: lines.filter_map(header).collect(), body: br#"{"data":{},"id":"a"}"#.to_vec() }
}

fn run(config: &Config, prepared: &Prepared, answers: &[Response], chance: f64) {
    let (mut limits, mut listener, mut now, mut sent) = (Limits::default(), Bounds, 1_000.0, 0);
    let (began, timing) = (now, prepared.timing);
    let mut call = Call::new(prepared.clone(), false, now);
    let mut news = News::Begin;
    for _ in 0..200 {
        let mut world = World { config, limits: &mut limits, listener: &mut listener, now, chance, moved: false };
        news = match call.step(&mut world, &news) {
            Step::Wait { ms, .. } => {
                bounded(ms);
                now += ms;
                assert!(now <= began + timing.deadline_ms, "a wait beyond the deadline");
                News::Time
            }
            Step::Send(_, patience) => {
                assert!(patience > 0.0 && patience <= timing.timeout_ms);
                let response = answers[sent % answers.len()].clone();
                sent += 1;
                // A creation that got lost is looked for once, which may be tried again too.
                assert!(sent <= 2 * (timing.retries as usize + 1), "{sent} requests");
                News::Answer(response)
            }
            Step::Reserve(..) => panic!("nobody else counts here"),
            Step::Token(_) => panic!("there is no gateway that wants a token"),
            Step::Aborted => panic!("nobody ended it"),
            Step::Done(_) => return,
            Step::Failed(error) => {
                assert!(!error.problems.is_empty() && !error.message.is_empty());
                error.retry_after_ms.into_iter().for_each(bounded);
                return assert!(error.attempts <= timing.retries + 1);
            }
        };
    }
    panic!("the call does not end");
}

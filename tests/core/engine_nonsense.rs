//! A call that is told nonsense neither panics nor goes on for ever, and sends nothing twice that must not be.

use super::host::{Random, client, gateway, prepared};
use image_sources::PROVIDERS;
use image_sources::engine::{Call, End, Event, Failure, Limits, Listener, News, Step, World};
use image_sources::proto::http::Response;
use image_sources::proto::operation::Retry;
use proptest::prelude::*;

#[derive(Default)]
struct Ends(Vec<End>);

impl Listener for Ends {
    fn listening(&self) -> bool {
        true
    }

    fn tell(&mut self, event: &Event<'_>) {
        if let Event::End { end, .. } = event {
            self.0.push(*end);
        }
    }
}

const HEADERS: &[(&str, &str)] = &[
    ("retry-after", "0"),
    ("retry-after", "1"),
    ("retry-after", "3000000"),
    ("retry-after", "-1"),
    ("date", "Thu, 05 Mar 2026 14:10:10 GMT"),
    ("retry-after", "Thu, 05 Mar 2026 14:10:12 GMT"),
    ("x-request-id", "r"),
];

const BODIES: &[&str] = &[
    "",
    "{",
    "null",
    "[]",
    r#"[{"source":"n","created_at":"2026-03-05T14:10:10Z"}]"#,
    r#"[{"source":"n","created_at":7}]"#,
    r#"{"data":{}}"#,
    r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":{"type":"s3"},"deployment_status":"failed"}}}"#,
    r#"{"data":{"id":"1","type":"sources","attributes":{"deployment_status":null,"enabled":false}}}"#,
    r#"{"errors":{"a":1}}"#,
    "\u{0}",
];

const STATUS: &[u16] =
    &[0, 100, 200, 201, 204, 301, 399, 400, 401, 403, 404, 408, 409, 422, 425, 429, 500, 503, 599, 999];

const WAITS: &[f64] =
    &[f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -0.0, -1.0, 0.0, 1.0, 700.0, 1e18];

fn pick<T: Copy>(random: &mut Random, list: &[T]) -> T {
    list[usize::try_from(random.below(list.len() as u64)).unwrap()]
}

fn response(random: &mut Random) -> Response {
    let headers = (0..random.below(3)).map(|_| pick(random, HEADERS));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut response = Response { status: 0, headers, body: pick(random, BODIES).into() };
    response.status =
        if random.below(5) == 0 { u16::try_from(random.below(65_536)).unwrap() } else { pick(random, STATUS) };
    response
}

fn news(random: &mut Random) -> News {
    match random.below(9) {
        0 => News::Begin,
        1..=3 => News::Time,
        4 => News::Slot(pick(random, WAITS)),
        5 | 6 => News::Answer(response(random)),
        _ => News::Lost(Failure {
            message: "x".to_owned(),
            sent: random.below(2) == 0,
            partial: (random.below(2) == 0).then(|| response(random)),
            too_large: random.below(4) == 0,
            timed_out: random.below(3) == 0,
            browser: random.below(2) == 0,
        }),
    }
}

/// Does it prove that what was sent has not happened?
fn proves(news: &News) -> bool {
    match news {
        News::Answer(response) => response.status == 429,
        News::Lost(failure) => {
            let refused = failure.partial.as_ref().is_some_and(|partial| partial.status == 429);
            !failure.sent || (failure.too_large && refused)
        }
        _ => false,
    }
}

/// Tells a call nonsense until it settles; whatever it wants to wait for, time passes.
fn nonsense(seed: u64, sensible: bool) {
    let mut random = Random(seed);
    let provider = pick(&mut random, PROVIDERS);
    let operations: Vec<_> = provider.operations().collect();
    let operation = pick(&mut random, &operations);
    let options = pick(&mut random, &["", r#""limiter":{}"#, r#""limits":{}"#, r#""responseCheck":"error""#]);
    let with_gateway = provider.name == "imgix" && random.below(4) == 0;
    let config = if with_gateway { gateway(options) } else { client(provider.name, options) };
    let call_options = pick(&mut random, &["null", r#"{"retries":0}"#, r#"{"retries":10,"deadlineMs":5000}"#]);
    let mut call = Call::new(prepared(provider.name, operation.name, call_options), random.below(4) == 0, 0.0);
    let (mut limits, mut ends, mut now) = (Limits::default(), Ends::default(), 0.0);
    let (mut next, mut open) = (News::Begin, false);
    for _ in 0..100_000 {
        let chance = pick(&mut random, &[0.0, 0.5, 0.999_999]);
        let mut world = World { config: &config, limits: &mut limits, listener: &mut ends, now, chance, moved: false };
        if random.below(300) == 0 {
            assert!(matches!(call.step(&mut world, &News::Abort), Step::Aborted));
            assert_eq!(ends.0, [End::Aborted], "seed {seed}");
            return;
        }
        let step = call.step(&mut world, &next);
        let mut sensible_next = News::Time;
        match step {
            Step::Done(_) => return assert_eq!(ends.0, [End::Ok], "seed {seed}"),
            Step::Failed(error) => {
                assert!(!error.problems.is_empty() && !error.message.is_empty());
                return assert_eq!(ends.0, [End::Failed], "seed {seed}");
            }
            Step::Send(request, patience) => {
                assert!(patience > 0.0 && now < 1e8, "seed {seed}");
                let once = operation.retry == Retry::Unsent && request.method == operation.method;
                assert!(!(sensible && once && open), "seed {seed}: sent twice");
                sensible_next = loop {
                    // Whoever looks too often gives the time once more.
                    let next = news(&mut random);
                    if !matches!(next, News::Begin | News::Slot(_)) {
                        break next;
                    }
                };
                open |= once && !proves(&sensible_next);
                now += random.chance() * patience;
            }
            Step::Wait { ms, .. } => {
                assert!(ms.is_finite() && ms >= 0.0, "seed {seed}: {ms}");
                now += random.chance() * 2.0 * ms;
            }
            Step::Token(ms) => {
                assert!(ms.is_finite() && ms >= 0.0, "a token within {ms}");
                sensible_next = News::Time;
            }
            Step::Aborted => panic!("seed {seed}: nobody ended it"),
            Step::Reserve(..) => sensible_next = News::Slot(pick(&mut random, WAITS)),
        }
        now += pick(&mut random, &[0.0, 0.0, 1.0, 300.0]);
        next = if sensible { sensible_next } else { news(&mut random) };
    }
    panic!("seed {seed}: the call does not settle");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_news_in_any_order_ends_a_call_once(seed in any::<u64>()) {
        nonsense(seed, false);
    }

    #[test]
    fn any_news_in_its_place_ends_a_call_once(seed in any::<u64>()) {
        nonsense(seed, true);
    }
}

//! The driver on virtual time, with transports that are closures.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::support::{CANARY, config, fixture, prepare};
use image_sources::engine::{Clock, Driver, End, Event, Failure, Listener, Stage, Stopped, Transport};
use image_sources::proto::error::{Class, Outcome};
use image_sources::proto::http::{Request, Response};

/// Time that passes only when everybody waits for it.
#[derive(Clone, Default)]
struct Virtual {
    now: Rc<Cell<f64>>,
    wakes: Rc<RefCell<Vec<f64>>>,
}

impl Clock for Virtual {
    fn now_ms(&self) -> f64 {
        self.now.get()
    }

    fn sleep(&self, ms: f64) -> impl Future<Output = ()> {
        let (clock, until) = (self.clone(), self.now.get() + ms);
        self.wakes.borrow_mut().push(until);
        std::future::poll_fn(move |_| if clock.now.get() >= until { Poll::Ready(()) } else { Poll::Pending })
    }

    fn chance(&self) -> f64 {
        0.5
    }
}

impl Virtual {
    /// Runs a future to its end, moving the time on whenever nothing else can happen.
    fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..1_000 {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            let next =
                self.wakes.borrow().iter().copied().filter(|wake| *wake > self.now.get()).fold(f64::INFINITY, f64::min);
            assert!(next.is_finite(), "everybody waits and nothing will happen");
            self.now.set(next);
        }
        panic!("the call does not end");
    }
}

type Answer = Result<Response, (Failure, Option<&'static str>)>;

/// Method, address and body of a request.
type Seen = (String, String, Option<Vec<u8>>);

/// Answers from a list; nothing left means no answer ever.
struct Script {
    answers: RefCell<Vec<Answer>>,
    seen: RefCell<Vec<Seen>>,
}

impl Transport for &Script {
    type Cause = &'static str;

    async fn send(&self, request: &Request, _: usize, stage: &Cell<Stage>) -> Answer {
        stage.set(Stage::Sent);
        self.seen.borrow_mut().push((request.method.to_owned(), request.url.clone(), request.body.clone()));
        let next = if self.answers.borrow().is_empty() { None } else { Some(self.answers.borrow_mut().remove(0)) };
        match next {
            Some(answer) => answer,
            None => pending().await,
        }
    }
}

fn script(answers: Vec<Answer>) -> Script {
    Script { answers: RefCell::new(answers), seen: RefCell::default() }
}

fn answer(status: u16, body: &str) -> Answer {
    Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
}

#[derive(Default)]
struct Ear(Vec<String>);

impl Listener for Ear {
    fn listening(&self) -> bool {
        true
    }

    fn tell(&mut self, event: &Event<'_>) {
        self.0.push(match event {
            Event::Request { method, .. } => format!("request {method}"),
            Event::Response { status, .. } => format!("response {status}"),
            Event::Warning { problems } => format!("warning {}", problems[0].field),
            Event::Wait { rate_class, ms } => format!("wait {rate_class} {ms}"),
            Event::Retry { attempt, after_ms, because } => format!("retry {attempt} {after_ms} {because}"),
            Event::Closed { rate_class, ms } => format!("closed {rate_class} {ms}"),
            Event::Drift(drift) => format!("drift {}", drift.path),
            Event::End { end, may_have_happened, attempts, ms } => {
                format!("end {end:?} {may_have_happened} {attempts} {ms}")
            }
        });
    }
}

fn driver(script: &Script) -> Driver<&Script, Virtual> {
    Driver::new(config("imgix"), script, Virtual::default())
}

#[test]
fn a_call_is_a_request_and_an_answer() {
    let script = script(vec![answer(200, &fixture("imgix/source-get.200.s3.json"))]);
    let (driver, mut ear) = (driver(&script), Ear::default());
    let prepared = prepare("imgix", "sources.get", &["x"], "null", "null").unwrap();
    let read = driver.clock.run(driver.run(&prepared, &mut ear, pending())).unwrap();

    assert!(read.json.is_some());
    assert_eq!(ear.0, ["request GET", "response 200", "end Ok false 1 0"]);
}

#[test]
fn words_of_a_transport_do_not_show_the_key() {
    let message = format!("cannot send `Bearer {CANARY}`");
    let lost = Failure { message, ..Failure::default() };
    let script = script(vec![Err((lost, Some("thrown")))]);
    let driver = driver(&script);
    let prepared = prepare("imgix", "sources.get", &["x"], "null", r#"{"retries":0}"#).unwrap();
    let Err(Stopped::Failed(error, thrown)) = driver.clock.run(driver.run(&prepared, &mut (), pending())) else {
        panic!("it must fail");
    };

    assert!(error.message.contains("cannot send") && !error.message.contains(CANARY), "{}", error.message);
    assert!(error.problems.iter().all(|problem| !problem.message.contains(CANARY)));
    assert_eq!(thrown, Some("thrown"));
}

#[test]
fn a_deployment_is_read_merged_and_sent_whole() {
    let script = script(vec![
        answer(200, &fixture("imgix/source-get.200.s3.json")),
        answer(200, &fixture("imgix/source-update.200.json")),
    ]);
    let (driver, mut ear) = (driver(&script), Ear::default());
    let prepared =
        prepare("imgix", "sources.update", &["x"], r#"{"deployment":{"annotation":"new"}}"#, "null").unwrap();
    driver.clock.run(driver.run(&prepared, &mut ear, pending())).unwrap();

    let seen = script.seen.borrow();
    let methods: Vec<_> = seen.iter().map(|(method, ..)| method.as_str()).collect();
    assert_eq!(methods, ["GET", "PATCH"]);
    let body = String::from_utf8(seen[1].2.clone().unwrap()).unwrap();
    assert!(
        body.contains(r#""annotation":"new""#)
            && body.contains(r#""s3_bucket":"example-bucket""#)
            && !body.contains("allows_upload"),
        "{body}"
    );
    assert_eq!(
        ear.0,
        [
            "request GET",
            "response 200",
            "warning deployment.s3_secret_key",
            "request PATCH",
            "response 200",
            "end Ok false 1 0"
        ]
    );
}

#[test]
fn the_read_of_a_merge_fails_in_the_name_of_the_update() {
    let script = script(vec![answer(404, "")]);
    let driver = driver(&script);
    let prepared =
        prepare("imgix", "sources.update", &["x"], r#"{"deployment":{"annotation":"new"}}"#, "null").unwrap();
    let Err(Stopped::Failed(error, _)) = driver.clock.run(driver.run(&prepared, &mut (), pending())) else { panic!() };

    assert_eq!(
        (error.class, error.operation, error.outcome, error.attempts),
        (Class::NotFound, "sources.update", Outcome::None, 0)
    );
}

#[test]
fn a_refused_change_of_a_disabled_source_says_that_it_is_disabled() {
    let script = script(vec![answer(200, &fixture("imgix/source-get.200.s3-disabled.json")), answer(400, "")]);
    let driver = driver(&script);
    let prepared =
        prepare("imgix", "sources.update", &["x"], r#"{"deployment":{"annotation":"new"}}"#, "null").unwrap();
    let Err(Stopped::Failed(error, _)) = driver.clock.run(driver.run(&prepared, &mut (), pending())) else { panic!() };

    assert!(error.message.contains("disabled"), "{error}");
    assert_eq!(error.outcome, Outcome::Declined);
}

#[test]
fn an_attempt_ends_at_its_timeout_and_a_call_at_its_deadline() {
    for (options, at) in [
        (r#"{"timeoutMs":50,"retries":0}"#, 50.0),
        (r#"{"timeoutMs":500,"deadlineMs":70.5}"#, 70.5),
        (r#"{"retries":0}"#, 30_000.0),
    ] {
        for (operation, parameters, input, outcome) in
            [("sources.get", &["x"][..], "null", Outcome::None), ("sources.disable", &["x"], "null", Outcome::Unknown)]
        {
            let script = script(Vec::new());
            let (driver, mut ear) = (driver(&script), Ear::default());
            let prepared = prepare("imgix", operation, parameters, input, options).unwrap();
            let Err(Stopped::Failed(error, _)) = driver.clock.run(driver.run(&prepared, &mut ear, pending())) else {
                panic!()
            };

            assert_eq!((error.class, error.outcome, error.sent, error.attempts), (Class::Timeout, outcome, true, 1));
            assert!((driver.clock.now_ms() - at).abs() < 1e-6, "{options}: {}", driver.clock.now_ms());
        }
    }
}

#[test]
fn an_abort_ends_the_call_at_once_and_tells_what_may_have_happened() {
    for (operation, happened) in [("sources.get", false), ("sources.disable", true)] {
        let script = script(Vec::new());
        let (driver, mut ear) = (driver(&script), Ear::default());
        let prepared = prepare("imgix", operation, &["x"], "null", "null").unwrap();
        let abort = driver.clock.sleep(10.0);
        let result = driver.clock.run(driver.run(&prepared, &mut ear, abort));

        assert!(matches!(result, Err(Stopped::Aborted)));
        assert_eq!(ear.0.last().unwrap(), &format!("end {:?} {happened} 1 10", End::Aborted));
    }
}

#[test]
fn an_abort_that_came_before_sends_nothing() {
    let script = script(vec![answer(200, "{}")]);
    let driver = driver(&script);
    let prepared = prepare("imgix", "sources.get", &["x"], "null", "null").unwrap();

    assert!(matches!(driver.clock.run(driver.run(&prepared, &mut (), ready(()))), Err(Stopped::Aborted)));
    assert!(script.seen.borrow().is_empty());
}

#[test]
fn failures_of_the_transport_keep_what_is_known() {
    let failure = |sent, partial| Failure { message: "broken".to_owned(), sent, partial, ..Failure::default() };
    let cut = Response { status: 200, headers: vec![("x-request-id".to_owned(), "r".to_owned())], body: b"{".to_vec() };
    for (failure, outcome, status) in [
        (failure(false, None), Outcome::None, None),
        (failure(true, None), Outcome::Unknown, None),
        (failure(true, Some(cut)), Outcome::Unknown, Some(200)),
    ] {
        let sent = failure.sent;
        let script = script(vec![Err((failure, Some("cause")))]);
        let driver = driver(&script);
        let prepared = prepare("imgix", "sources.disable", &["x"], "null", r#"{"retries":0}"#).unwrap();
        let Err(Stopped::Failed(error, cause)) = driver.clock.run(driver.run(&prepared, &mut (), pending())) else {
            panic!()
        };

        assert_eq!(
            (error.class, error.outcome, error.sent, error.status, cause),
            (Class::Network, outcome, sent, status, Some("cause"))
        );
    }
}

#[test]
fn an_answer_over_the_cap_is_unreadable() {
    let partial = Some(Response { status: 200, headers: Vec::new(), body: Vec::new() });
    let script = script(vec![Err((Failure { sent: true, partial, too_large: true, ..Failure::default() }, None))]);
    let driver = driver(&script);
    let prepared = prepare("imgix", "sources.get", &["x"], "null", "null").unwrap();
    let Err(Stopped::Failed(error, _)) = driver.clock.run(driver.run(&prepared, &mut (), pending())) else { panic!() };

    assert_eq!(
        (error.class, error.problems[0].code.as_str(), error.status),
        (Class::Unreadable, "too-large", Some(200))
    );
}

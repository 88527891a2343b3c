//! What is sent again, when, and what the caller is told in the end.

use super::host::{Given, Host, client, get, good, prepared};
use super::support::provider;
use image_sources::PROVIDERS;
use image_sources::proto::error::{Class, Outcome};
use image_sources::proto::operation::{Answer, Retry};

pub(crate) fn status(status: u16, headers: &[(&'static str, &str)], body: &str) -> Given {
    Given::Answer(status, headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(), body.to_owned())
}

struct Fault {
    given: Given,
    class: Class,
    /// May it pass?
    passing: bool,
    /// Does it prove that nothing happened?
    proven: bool,
    /// What a write's outcome is.
    outcome: Outcome,
    status: Option<u16>,
}

fn faults() -> Vec<Fault> {
    let fault =
        |given, class, passing, proven, outcome, status| Fault { given, class, passing, proven, outcome, status };
    let html = "<html><head><title>502 Bad Gateway</title></head></html>";
    vec![
        fault(status(408, &[], ""), Class::Declined, true, false, Outcome::Unknown, Some(408)),
        fault(status(425, &[], ""), Class::Declined, false, true, Outcome::Declined, Some(425)),
        fault(status(429, &[("retry-after", "1")], ""), Class::RateLimit, true, true, Outcome::Declined, Some(429)),
        fault(status(429, &[], "{}"), Class::RateLimit, true, true, Outcome::Declined, Some(429)),
        fault(status(500, &[], "{}"), Class::Server, true, false, Outcome::Unknown, Some(500)),
        fault(status(502, &[], html), Class::Server, true, false, Outcome::Unknown, Some(502)),
        fault(status(503, &[("retry-after", "2")], ""), Class::Server, true, false, Outcome::Unknown, Some(503)),
        fault(Given::Never, Class::Timeout, true, false, Outcome::Unknown, None),
        fault(Given::Lost(false, None, vec![]), Class::Network, true, true, Outcome::None, None),
        fault(Given::Lost(true, None, vec![]), Class::Network, true, false, Outcome::Unknown, None),
        fault(Given::Lost(true, Some(200), vec![]), Class::Network, true, false, Outcome::Unknown, Some(200)),
        fault(status(200, &[], r#"{"data":"#), Class::Unreadable, false, false, Outcome::Unknown, Some(200)),
    ]
}

#[test]
fn every_operation_is_retried_by_what_it_is() {
    let options = r#"{"timeoutMs":1000,"deadlineMs":7200000}"#;
    for (name, operation) in
        PROVIDERS.iter().flat_map(|provider| provider.operations().map(|operation| (provider.name, operation)))
    {
        for (number, fault) in faults().into_iter().enumerate() {
            let label = format!("{name} {} fault {number}", operation.name);
            let mut host = Host::script();
            host.call(0, &client(name, ""), prepared(name, operation.name, options), &[(10.0, fault.given)]);
            host.run();

            if number == 11 && matches!(operation.answer, Answer::Nothing | Answer::Receipt(_)) {
                host.value(0);
                continue;
            }
            let again = fault.passing && (operation.retry == Retry::Safe || fault.proven);
            let own = |method: &str| method.starts_with(&format!("{} ", operation.method));
            let requests = host.scene.sent.iter().filter(|(.., request)| own(request)).count();
            assert_eq!(requests, if again { 3 } else { 1 }, "{label}");
            let error = host.error(0);
            assert_eq!(error.class, fault.class, "{label}: {error}");
            assert_eq!(error.status, fault.status, "{label}");
            assert_eq!(error.attempts as usize, requests, "{label}");
            assert_eq!(error.operation, operation.name, "{label}");
            let outcome = if operation.writes() { fault.outcome } else { Outcome::None };
            assert_eq!(error.outcome, outcome, "{label}");
            assert_eq!(error.sent, number != 8, "{label}");
            let happened = outcome == Outcome::Unknown;
            assert_eq!(*host.heard(0).last().unwrap(), format!("end failed {happened} {requests}"), "{label}");
        }
    }
}

#[test]
fn a_failure_that_passes_is_forgotten() {
    let options = r#"{"timeoutMs":1000,"deadlineMs":7200000}"#;
    for (name, operation) in
        PROVIDERS.iter().flat_map(|provider| provider.operations().map(|operation| (provider.name, operation)))
    {
        for (number, fault) in faults().into_iter().enumerate() {
            if !fault.passing || (operation.retry == Retry::Unsent && !fault.proven) {
                continue;
            }
            let mut host = Host::script();
            let answers = [(10.0, fault.given), (10.0, status(200, &[], good(name, operation.name)))];
            host.call(0, &client(name, ""), prepared(name, operation.name, options), &answers);
            host.run();

            host.value(0);
            assert_eq!(host.times(0).len(), 2, "{name} {} fault {number}", operation.name);
            assert_eq!(*host.heard(0).last().unwrap(), "end ok false 2");
        }
    }
}

#[test]
fn the_rule_of_every_operation_is_known() {
    for (name, unsent) in [
        ("imgix", &["sources.create", "assets.refresh", "assets.upload", "uploadSessions.create"][..]),
        ("imageboss", &["sources.create"]),
    ] {
        let found: Vec<&str> = provider(name)
            .operations()
            .filter(|operation| operation.retry == Retry::Unsent)
            .map(|operation| operation.name)
            .collect();
        assert_eq!(found, unsent);
    }
}

#[test]
fn a_body_that_cannot_be_sent_twice_is_not() {
    for fault in faults() {
        let mut host = Host::script();
        host.scene.answers.insert(0, vec![(10.0, fault.given)]);
        let call = prepared("imgix", "assets.upload", r#"{"timeoutMs":1000}"#);
        host.start(0, client("imgix", ""), call, true);
        host.run();

        assert_eq!((host.times(0).len(), host.error(0).class), (1, fault.class));
    }
}

#[test]
fn retries_are_as_many_as_asked_for() {
    for retries in [0, 1, 5, 10] {
        let mut host = Host::script();
        let options = format!(r#"{{"retries":{retries},"deadlineMs":3600000}}"#);
        host.call(0, &client("imgix", r#""retries":7"#), get(&options), &[(1.0, status(500, &[], ""))]);
        let own = client("imgix", &format!(r#""retries":{retries}"#));
        let operation = own.provider.operation("sources.get").unwrap();
        let prepared = own.prepare(operation, &[b"\"x\""], b"null", b"null", None).unwrap();
        host.call(1, &own, prepared, &[(1.0, status(500, &[], ""))]);
        host.run();

        assert_eq!((host.times(0).len(), host.times(1).len()), (retries + 1, retries + 1));
    }
}

#[test]
fn the_pause_is_full_jitter_from_half_a_second_to_twenty() {
    let free = r#""limits":{"default":null}"#;
    for chance in [0.0, 0.25, 0.5, 0.999_999] {
        let mut host = Host::script();
        host.chance = Some(chance);
        host.call(
            0,
            &client("imgix", free),
            get(r#"{"retries":10,"deadlineMs":3600000}"#),
            &[(0.0, status(500, &[], ""))],
        );
        host.run();

        let times = host.times(0);
        assert_eq!(times.len(), 11);
        for (retry, pair) in times.windows(2).enumerate() {
            let most = (500.0 * 2_f64.powi(i32::try_from(retry).unwrap())).min(20_000.0);
            assert!((pair[1] - pair[0] - chance * most).abs() <= 1.0, "{chance} {retry}: {pair:?}");
        }
    }
}

const DATE: &str = "Thu, 05 Mar 2026 14:10:00 GMT";

/// A value of `Retry-After`, whether the answer has a `Date`, and what it asks for in milliseconds.
const FORMS: &[(&str, bool, Option<f64>)] = &[
    ("3", false, Some(3_000.0)),
    (" 3 ", false, Some(3_000.0)),
    ("0", false, Some(0.0)),
    ("Thu, 05 Mar 2026 14:10:07 GMT", true, Some(7_000.0)),
    ("Thu, 05 Mar 2026 14:10:07 GMT", false, None),
    ("Thu, 05 Mar 2026 14:09:00 GMT", true, Some(0.0)),
    ("Mon, 01 Jan 1990 00:00:00 GMT", true, Some(0.0)),
    ("-5", false, None),
    ("1.5", false, None),
    ("soon", false, None),
    ("", false, None),
    ("NaN", false, None),
    ("0x10", false, None),
    ("1e3", false, None),
    ("1, 2", false, None),
    ("3000000", false, Some(86_400_000.0)),
    ("99999999999999999999999999999999", false, Some(86_400_000.0)),
    ("Fri, 31 Dec 9999 23:59:59 GMT", true, Some(86_400_000.0)),
];

#[test]
fn retry_after_is_kept_in_every_form_within_the_deadline() {
    for (value, dated, asked) in FORMS {
        for code in [503, 429] {
            let label = format!("{code} {value:?} {dated}");
            let mut headers = vec![("Retry-After", *value)];
            headers.extend(dated.then_some(("date", DATE)));
            let mut host = Host::script();
            let answers = [(0.0, status(code, &headers, "")), (0.0, status(200, &[], good("imgix", "sources.get")))];
            host.call(0, &client("imgix", ""), get("null"), &answers);
            host.run();

            let times = host.times(0);
            if *asked == Some(86_400_000.0) {
                let error = host.error(0);
                assert_eq!((times.len(), host.ended(0), error.retry_after_ms), (1, 0.0, *asked), "{label}");
                assert_eq!(error.status, Some(code));
                continue;
            }
            host.value(0);
            // Half of the first half second, or what was asked for if that is more; without a word, a 429 closes a window.
            let silent = if code == 429 { 1_025.0 } else { 250.0 };
            let pause = asked.map_or(silent, |ms| ms.max(250.0));
            assert_eq!(times, [0.0, pause], "{label}");
        }
    }
}

#[test]
fn no_form_of_retry_after_makes_a_hot_loop_or_an_endless_sleep() {
    for (value, dated, _) in FORMS {
        for code in [503, 429] {
            for chance in [0.0, 0.9] {
                let mut headers = vec![("retry-after", *value)];
                headers.extend(dated.then_some(("date", DATE)));
                let mut host = Host::script();
                host.chance = Some(chance);
                for call in 0..40 {
                    host.call(
                        call,
                        &client("imgix", ""),
                        get(r#"{"retries":10}"#),
                        &[(0.0, status(code, &headers, ""))],
                    );
                }
                host.run();

                assert!(host.now <= 120_000.0, "{value}");
                let times = host.all_times();
                for (place, at) in times.iter().enumerate().skip(4) {
                    assert!(at - times[place - 4] > 1_000.0, "{code} {value}: {times:?}");
                }
            }
        }
    }
}

#[test]
fn a_refusal_that_breaks_off_is_kept_too() {
    let mut host = Host::script();
    let answers = [
        (0.0, Given::Lost(true, Some(429), vec![("retry-after", "30".to_owned())])),
        (0.0, status(200, &[], good("imgix", "sources.get"))),
    ];
    host.call(0, &client("imgix", ""), get("null"), &answers);
    host.run();

    assert_eq!(host.times(0), [0.0, 30_000.0]);
}

#[test]
fn a_pause_that_reaches_the_deadline_is_not_begun() {
    for (after, requests) in [("59", 2), ("60", 1), ("61", 1)] {
        let mut host = Host::script();
        let answers = [(0.0, status(503, &[("retry-after", after)], ""))];
        host.call(0, &client("imgix", ""), get(r#"{"deadlineMs":60000,"retries":1}"#), &answers);
        host.run();

        assert_eq!(host.times(0).len(), requests, "{after}");
        let error = host.error(0);
        assert_eq!(error.class, Class::Server);
        assert_eq!(error.retry_after_ms, Some(after.parse::<f64>().unwrap() * 1_000.0));
    }
}

#[test]
fn what_was_sent_once_counts_as_sent_whatever_comes_later() {
    for (operation, outcome) in [("sources.disable", Outcome::Unknown), ("sources.get", Outcome::None)] {
        let mut host = Host::script();
        let answers = [(0.0, Given::Lost(true, None, vec![])), (0.0, Given::Lost(false, None, vec![]))];
        host.call(0, &client("imgix", ""), prepared("imgix", operation, r#"{"retries":1}"#), &answers);
        host.run();

        let error = host.error(0);
        assert_eq!((error.attempts, error.sent, error.outcome), (2, true, outcome), "{operation}");
    }
}

#[test]
fn a_declined_retry_of_something_that_may_have_happened_leaves_it_open() {
    let mut host = Host::script();
    let answers = [(0.0, status(500, &[], "")), (0.0, status(422, &[], ""))];
    host.call(0, &client("imgix", ""), prepared("imgix", "sources.disable", "null"), &answers);
    host.run();

    assert_eq!((host.error(0).class, host.error(0).outcome), (Class::Declined, Outcome::Unknown));
    assert_eq!(*host.heard(0).last().unwrap(), "end failed true 2");
}

#[test]
fn a_limiter_that_fails_is_asked_again_as_often_as_a_server() {
    let mut host = Host::script();
    host.scene.limiter = vec![f64::NAN];
    host.call(0, &client("imgix", r#""limiter":{}"#), get("null"), &[]);
    host.run();

    let error = host.error(0);
    assert_eq!((error.class, error.sent, error.attempts), (Class::Network, false, 0));
    assert_eq!(host.heard(0).iter().filter(|event| event.starts_with("retry")).count(), 2);
}

//! Slots: who may leave when, what a refusal closes, and what is given back.

use std::rc::Rc;

use super::engine_retry::status;
use super::host::{Given, Host, Script, client, get, good, prepared};
use super::support::prepare;
use image_sources::PROVIDERS;
use image_sources::proto::call::Config;
use image_sources::proto::error::{Class, Outcome};

fn ok() -> Given {
    status(200, &[], good("imgix", "sources.get"))
}

fn margin(per_ms: f64) -> f64 {
    (per_ms / 40.0).min(1_000.0)
}

/// So many calls at once.
fn gets(host: &mut Host<Script>, config: &Rc<Config>, numbers: core::ops::Range<usize>, after: f64) {
    for call in numbers {
        host.call(call, config, get(r#"{"deadlineMs":86400000}"#), &[(after, ok())]);
    }
}

#[test]
fn the_first_burst_of_every_class_goes_at_once_and_the_next_one_window_later() {
    for provider in PROVIDERS {
        for rate in provider.rates {
            let operation = provider
                .operations()
                .find(|operation| operation.rate_class == rate.class && operation.poll.is_none())
                .unwrap();
            let config = client(provider.name, "");
            let (burst, per_ms) = (rate.requests as usize, f64::from(rate.per_ms));
            let window = per_ms + margin(per_ms);
            let mut host = Host::script();
            for call in 0..=2 * burst {
                let prepared = prepared(provider.name, operation.name, r#"{"deadlineMs":86400000}"#);
                host.call(call, &config, prepared, &[(1.0, status(200, &[], good(provider.name, operation.name)))]);
            }
            host.run();

            for (call, at) in host.all_times().into_iter().enumerate() {
                let expected = window * f64::from(u32::try_from(call / burst).unwrap());
                assert_eq!(at, expected, "{} {call}", rate.class);
            }
            assert!(!host.heard(burst - 1).iter().any(|event| event.starts_with("wait")));
            assert_eq!(host.heard(burst)[0], format!("wait {} {window}", rate.class));
        }
    }
}

#[test]
fn a_slot_beyond_the_deadline_fails_at_once() {
    for (name, operation, full) in
        [("imgix", "sources.get", 4), ("imgix", "sources.create", 60), ("imageboss", "sources.delete", 4)]
    {
        let config = client(name, "");
        let mut host = Host::script();
        for call in 0..full {
            host.call(
                call,
                &config,
                prepared(name, operation, "null"),
                &[(1.0, status(200, &[], good(name, operation)))],
            );
        }
        host.run_until(100.0);
        host.call(full, &config, prepared(name, operation, r#"{"deadlineMs":900}"#), &[]);

        let error = host.error(full);
        assert_eq!((error.class, error.sent, error.attempts), (Class::RateLimit, false, 0));
        assert_eq!((error.outcome, error.status), (Outcome::None, None));
        let free = if operation == "sources.create" { 3_601_000.0 } else { 1_025.0 };
        assert_eq!(error.retry_after_ms, Some(free - 100.0));
        assert_eq!(host.heard(full), ["end failed false 0"]);
        assert_eq!(host.ended(full), 100.0);
        host.run();
    }
}

#[test]
fn a_slot_exactly_at_the_deadline_is_beyond_it() {
    let config = client("imgix", "");
    for (deadline, requests) in [("1024.5", 4), ("1025", 4), ("1026", 5)] {
        let mut host = Host::script();
        gets(&mut host, &config, 0..4, 1.0);
        host.call(4, &config, get(&format!(r#"{{"deadlineMs":{deadline}}}"#)), &[(0.0, ok())]);
        host.run();

        assert_eq!(host.scene.sent.len(), requests, "{deadline}");
        if requests == 4 {
            assert_eq!((host.error(4).class, host.ended(4)), (Class::RateLimit, 0.0));
        }
    }
}

#[test]
fn who_fails_for_lack_of_a_slot_wakes_nobody_who_gains_nothing() {
    let config = client("imgix", "");
    let mut host = Host::script();
    gets(&mut host, &config, 0..400, 1.0);
    let before = host.steps;
    for call in 400..500 {
        host.call(call, &config, get(r#"{"deadlineMs":500}"#), &[]);
    }

    assert_eq!(host.steps - before, 100);
    host.run();
}

#[test]
fn a_refusal_closes_the_class_for_every_call_of_the_account() {
    let (one, two) = (client("imgix", ""), client("imgix", r#""retries":0"#));
    let mut host = Host::script();
    gets(&mut host, &one, 1..11, 1.0);
    host.call(0, &one, get("null"), &[(1.0, ok())]);
    host.run_until(2_000.0);
    host.scene.answers.insert(9, vec![(1.0, status(429, &[("retry-after", "30")], "")), (1.0, ok())]);
    host.run_until(2_100.0);
    host.call(20, &two, get("null"), &[(1.0, ok())]);
    host.call(21, &two, get(r#"{"deadlineMs":20000}"#), &[]);
    // Another class stays open.
    host.call(22, &two, prepared("imgix", "assets.get", "null"), &[(1.0, ok())]);
    host.run();

    assert_eq!(host.times(9), [2_050.0, 32_051.0]);
    assert_eq!(host.times(20), [32_051.0]);
    assert_eq!(host.times(22), [2_100.0]);
    assert_eq!((host.error(21).class, host.error(21).retry_after_ms), (Class::RateLimit, Some(29_951.0)));
    assert!(host.heard(9).contains(&"closed default 30000"));
}

#[test]
fn those_who_wait_already_wait_longer_when_the_class_closes() {
    let config = client("imgix", "");
    let mut host = Host::script();
    host.call(0, &config, get("null"), &[(500.0, status(429, &[("retry-after", "10")], "")), (1.0, ok())]);
    gets(&mut host, &config, 1..4, 1.0);
    gets(&mut host, &config, 4..7, 1.0);
    host.run();

    for call in 4..7 {
        assert_eq!(host.times(call), [10_500.0]);
    }
}

#[test]
fn a_short_class_closes_for_one_window_without_a_word() {
    let config = client("imgix", "");
    let mut host = Host::script();
    host.call(0, &config, get("null"), &[(200.0, status(429, &[], "")), (1.0, ok())]);
    host.run_until(300.0);
    gets(&mut host, &config, 1..3, 1.0);
    host.run();

    assert_eq!(host.times(1), [1_225.0]);
    assert!(host.heard(0).contains(&"closed default 1025"));
}

fn create(host: &mut Host<Script>, config: &Rc<Config>, call: usize, answers: &[(f64, Given)]) {
    host.call(call, config, prepared("imgix", "sources.create", r#"{"deadlineMs":86400000,"retries":10}"#), answers);
}

#[test]
fn an_hourly_class_closes_for_a_minute_and_then_lets_one_probe_through_at_a_time() {
    let config = client("imgix", "");
    let mut host = Host::script();
    let good = || (1_000.0, status(200, &[], good("imgix", "sources.create")));
    create(&mut host, &config, 0, &[(100.0, status(429, &[], "")), (1_000.0, status(429, &[], "")), good()]);
    host.run_until(200.0);
    for call in 1..6 {
        create(&mut host, &config, call, &[good()]);
    }
    host.run();

    // The first of them is the probe; the others go when it is answered.
    assert_eq!(host.times(1), [60_100.0]);
    for call in 2..6 {
        assert_eq!(host.times(call), [61_100.0], "{call}");
    }
}

#[test]
fn an_hourly_probe_that_is_refused_closes_for_another_minute() {
    let config = client("imgix", "");
    let mut host = Host::script();
    let refused = || (1_000.0, status(429, &[], ""));
    let good = || (1_000.0, status(200, &[], good("imgix", "sources.create")));
    create(&mut host, &config, 0, &[(0.0, status(429, &[], "")), good()]);
    for call in 1..4 {
        create(&mut host, &config, call, &[refused(), refused(), refused(), good()]);
    }
    host.run();

    // The first probe succeeds, so three go; each refusal of theirs closes for a minute and makes the next one a probe.
    let later =
        [61_000.0, 62_000.0, 62_000.0, 62_000.0, 123_000.0, 184_000.0, 245_000.0, 306_000.0, 307_000.0, 307_000.0];
    assert_eq!(host.all_times()[4..], later);
}

#[test]
fn an_answer_to_what_was_sent_before_the_refusal_ends_no_probing() {
    let config = client("imgix", "");
    let mut host = Host::script();
    let good = |after| (after, status(200, &[], good("imgix", "sources.create")));
    create(&mut host, &config, 0, &[(100.0, status(429, &[], "")), good(1_000.0)]);
    create(&mut host, &config, 1, &[good(500.0)]);
    host.run_until(600.0);
    for call in 2..6 {
        create(&mut host, &config, call, &[good(1_000.0)]);
    }
    host.run();

    let at_once = host.all_times().iter().filter(|at| **at >= 60_000.0 && **at < 61_000.0).count();
    assert_eq!(at_once, 1, "{:?}", host.all_times());
}

#[test]
fn an_aborted_probe_makes_room_for_another() {
    let config = client("imgix", "");
    let mut host = Host::script();
    let good = || (1_000.0, status(200, &[], good("imgix", "sources.create")));
    create(&mut host, &config, 0, &[(0.0, status(429, &[], ""))]);
    host.abort(0);
    create(&mut host, &config, 1, &[(0.0, status(429, &[], "")), good()]);
    host.run_until(10.0);
    create(&mut host, &config, 2, &[(f64::INFINITY, Given::Never)]);
    create(&mut host, &config, 3, &[good()]);
    host.run_until(60_500.0);
    assert_eq!(host.times(2).len(), 1);
    host.abort(2);
    host.run();

    assert!(host.times(3)[0] <= 61_000.0, "{:?}", host.times(3));
}

#[test]
fn cancelled_reservations_are_given_back_and_the_others_move_up() {
    let config = client("imgix", "");
    let mut host = Host::script();
    gets(&mut host, &config, 0..12, 1.0);
    host.run_until(100.0);
    for call in 4..8 {
        host.abort(call);
    }
    host.run();

    for call in 8..12 {
        assert_eq!(host.times(call), [1_025.0], "{call}");
    }
    for call in 4..8 {
        assert!(host.times(call).is_empty());
        assert_eq!(*host.heard(call).last().unwrap(), "end aborted false 0");
    }
}

#[test]
fn a_request_that_left_keeps_its_place_whatever_becomes_of_it() {
    let config = client("imgix", "");
    let mut host = Host::script();
    for call in 0..4 {
        host.call(call, &config, get("null"), &[]);
    }
    host.run_until(10.0);
    for call in 0..4 {
        host.abort(call);
    }
    host.call(4, &config, get("null"), &[(0.0, ok())]);
    host.run();

    assert_eq!(host.times(4), [1_025.0]);
}

#[test]
fn the_stricter_of_two_limits_holds() {
    let (strict, usual) = (client("imgix", r#""limits":{"default":{"requests":1,"perMs":1000}}"#), client("imgix", ""));
    let mut host = Host::script();
    gets(&mut host, &strict, 0..1, 1.0);
    gets(&mut host, &usual, 1..4, 1.0);
    host.run();
    assert_eq!(host.all_times(), [0.0, 1_025.0, 2_050.0, 3_075.0]);
}

#[test]
fn the_stricter_of_two_limits_holds_for_all_of_its_calls_that_wait() {
    let (strict, usual) = (client("imgix", r#""limits":{"default":{"requests":1,"perMs":1000}}"#), client("imgix", ""));
    let mut host = Host::script();
    gets(&mut host, &strict, 0..10, 1.0);
    host.run_until(2_500.0);
    gets(&mut host, &usual, 10..11, 1.0);
    host.run();

    for pair in host.all_times().windows(2) {
        assert!(pair[1] - pair[0] >= 1_000.0, "{:?}", host.all_times());
    }
}

#[test]
fn a_client_without_a_limit_never_waits() {
    let config = client("imgix", r#""limits":{"default":null}"#);
    let mut host = Host::script();
    gets(&mut host, &config, 0..100, 1.0);
    host.call(100, &config, get("null"), &[(1.0, status(429, &[("retry-after", "5")], "")), (1.0, ok())]);
    host.run();

    assert_eq!(host.all_times().iter().filter(|at| **at == 0.0).count(), 101);
    assert_eq!(host.times(100), [0.0, 5_001.0]);
}

#[test]
fn what_a_client_without_a_limit_sent_is_counted_for_those_with_one() {
    let free = client("imgix", r#""limits":{"default":null}"#);
    let config = client("imgix", r#""limits":{"default":{"requests":4,"perMs":1000}}"#);
    let mut host = Host::script();
    gets(&mut host, &free, 0..3, 1.0);
    gets(&mut host, &config, 3..5, 1.0);
    host.run();

    assert_eq!((host.times(3), host.times(4)), (vec![0.0], vec![1_025.0]));
}

#[test]
fn a_refusal_of_a_client_without_a_limit_closes_the_class_for_those_with_one() {
    let free = client("imgix", r#""limits":{"default":null}"#);
    let mut host = Host::script();
    host.call(0, &free, get(r#"{"retries":0}"#), &[(1.0, status(429, &[("retry-after", "5")], ""))]);
    host.run();
    gets(&mut host, &free, 1..2, 1.0);
    gets(&mut host, &client("imgix", ""), 2..3, 1.0);
    host.run();

    assert_eq!((host.times(1), host.times(2)), (vec![1.0], vec![5_001.0]));
}

#[test]
fn a_refusal_for_days_fails_calls_of_a_shorter_deadline_at_once_and_holds_no_class_for_longer_than_an_hour() {
    for said in ["86400", "3000000", "99999999999999999999999999"] {
        let config = client("imgix", "");
        let mut host = Host::script();
        host.call(0, &config, get("null"), &[(1.0, status(429, &[("retry-after", said)], ""))]);
        host.run();
        assert_eq!((host.error(0).class, host.error(0).retry_after_ms), (Class::RateLimit, Some(86_400_000.0)));

        host.call(1, &config, get("null"), &[(1.0, ok())]);
        host.call(2, &config, get(r#"{"deadlineMs":7200000}"#), &[(1.0, ok())]);
        host.run();
        let error = host.error(1);
        assert_eq!((error.class, error.sent, error.retry_after_ms), (Class::RateLimit, false, Some(3_600_000.0)));
        assert_eq!((host.ended(1), host.times(1).len(), host.times(2)), (1.0, 0, vec![3_600_001.0]));
    }
}

#[test]
fn the_read_of_a_merge_and_every_retry_take_slots() {
    let config = client("imgix", "");
    let stored =
        r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":{"type":"webfolder","annotation":"a"}}}}"#;
    let update = || {
        prepare(
            "imgix",
            "sources.update",
            &["x"],
            r#"{"deployment":{"annotation":"new"}}"#,
            r#"{"deadlineMs":86400000}"#,
        )
        .unwrap()
    };
    let mut host = Host::script();
    for call in 0..5 {
        host.call(
            call,
            &config,
            update(),
            &[(0.0, status(500, &[], "")), (0.0, status(200, &[], stored)), (0.0, ok())],
        );
    }
    host.run();
    let reads: Vec<f64> =
        host.scene.sent.iter().filter(|(.., to)| to.starts_with("GET")).map(|(_, at, _)| *at).collect();

    assert_eq!(reads.len(), 10);
    for (place, at) in reads.iter().enumerate().skip(4) {
        assert!(at - reads[place - 4] > 1_000.0, "{reads:?}");
    }
}

#[test]
fn the_look_up_takes_a_slot() {
    let config = client("imageboss", "");
    let mut host = Host::script();
    for call in 0..4 {
        let answers = [(10.0, status(500, &[], "")), (10.0, status(200, &[], "[]"))];
        host.call(call, &config, prepared("imageboss", "sources.create", "null"), &answers);
    }
    host.run();

    assert_eq!(host.all_times(), [0.0, 0.0, 0.0, 0.0, 1_025.0, 1_025.0, 1_025.0, 1_025.0]);
    assert!(host.heard(0).contains(&"wait imageboss 1015"));
}

#[test]
fn somebody_elses_limiter_is_asked_for_every_request() {
    let config = client("imgix", r#""limiter":{}"#);
    let mut host = Host::script();
    host.scene.limiter = vec![0.0, 700.0, -5.0, f64::INFINITY];
    host.call(0, &config, get("null"), &[(10.0, status(500, &[], "")), (10.0, ok())]);
    host.run();
    assert_eq!(host.times(0), [0.0, 960.0]);
    assert!(host.heard(0).contains(&"wait default 700"));

    host.call(1, &config, get("null"), &[(10.0, ok())]);
    host.call(2, &config, get("null"), &[]);
    host.run();
    assert_eq!(host.times(1), [960.0 + 10.0]);
    assert_eq!((host.error(2).class, host.error(2).sent), (Class::RateLimit, false));
}

#[test]
fn a_refusal_tells_somebody_elses_limiter_how_long() {
    let config = client("imgix", r#""limiter":{}"#);
    for (headers, operation, told) in [
        (&[("retry-after", "9")][..], "sources.get", "closed default 9000"),
        (&[], "sources.get", "closed default 1025"),
        (&[], "sources.create", "closed sources.create 60000"),
    ] {
        let mut host = Host::script();
        let answers = [(1.0, status(429, headers, ""))];
        host.call(0, &config, prepared("imgix", operation, r#"{"retries":0}"#), &answers);
        host.run();
        assert!(host.heard(0).contains(&told), "{:?}", host.heard(0));
    }
}

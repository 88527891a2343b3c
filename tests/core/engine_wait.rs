//! Deadlines, aborts and polls.

use super::engine_retry::status;
use super::host::{Given, Host, client, get, good, prepared};
use super::support::prepare;
use image_sources::proto::error::{Class, Outcome};

const FREE: &str = r#""limits":{"default":null,"sources.update":null}"#;

#[test]
fn one_deadline_ends_everything() {
    // Attempts, pauses, slots and a last attempt that is cut short.
    for (answers, class) in [
        (vec![(f64::INFINITY, Given::Never)], Class::Timeout),
        (vec![(900.0, status(500, &[], ""))], Class::Timeout),
        (vec![(900.0, status(500, &[("retry-after", "3")], ""))], Class::Server),
        (vec![(400.0, Given::Lost(true, None, vec![])), (f64::INFINITY, Given::Never)], Class::Timeout),
        (vec![(1.0, status(429, &[], ""))], Class::RateLimit),
    ] {
        let mut host = Host::script();
        host.call(0, &client("imgix", ""), get(r#"{"deadlineMs":3000,"timeoutMs":2000,"retries":10}"#), &answers);
        host.run();

        assert!(host.ended(0) <= 3_000.0, "{}", host.ended(0));
        assert_eq!(host.error(0).class, class, "{}", host.error(0));
    }
}

#[test]
fn the_read_of_a_merge_and_the_look_up_share_the_deadline() {
    let update =
        prepare("imgix", "sources.update", &["x"], r#"{"deployment":{"annotation":"n"}}"#, r#"{"deadlineMs":1000}"#);
    let stored = r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":{"type":"webfolder"}}}}"#;
    let mut host = Host::script();
    host.call(0, &client("imgix", ""), update.unwrap(), &[(800.0, status(200, &[], stored)), (300.0, Given::Never)]);
    let create = prepared("imageboss", "sources.create", r#"{"deadlineMs":1000}"#);
    host.call(1, &client("imageboss", ""), create, &[(800.0, status(500, &[], "")), (300.0, Given::Never)]);
    host.run();

    assert_eq!((host.ended(0), host.ended(1)), (1_000.0, 1_000.0));
    assert_eq!((host.error(0).class, host.error(0).outcome), (Class::Timeout, Outcome::Unknown));
    assert_eq!((host.error(1).class, host.error(1).outcome), (Class::Server, Outcome::Unknown));
    assert!(host.error(1).message.contains("looking for it failed"), "{}", host.error(1));
}

#[test]
fn a_late_timer_sends_nothing_after_the_deadline_and_keeps_no_slot() {
    let config = client("imgix", r#""limits":{"sources.create":{"requests":1,"perMs":3600000}}"#);
    let mut host = Host::script();
    let good = (1.0, status(200, &[], good("imgix", "sources.create")));
    let create = |deadline: &str| prepared("imgix", "sources.create", &format!(r#"{{"deadlineMs":{deadline}}}"#));
    host.call(0, &config, create("86400000"), &[(0.0, status(429, &[], "")), good.clone()]);
    host.run_until(1.0);
    host.call(1, &config, create("4000000"), core::slice::from_ref(&good));
    host.call(2, &config, create("86400000"), &[good]);
    // Nothing runs for two hours, as in a laptop that sleeps.
    host.now = 7_200_000.0;
    host.run();

    assert!(host.times(1).is_empty(), "{:?}", host.times(1));
    assert_eq!((host.error(1).sent, host.error(1).outcome), (false, Outcome::None));
    host.value(0);
    host.value(2);
}

#[test]
fn a_call_that_ends_late_at_its_slot_makes_room_for_the_next() {
    let config = client("imgix", "");
    let mut host = Host::script();
    for call in 0..4 {
        host.call(call, &config, get("null"), &[(0.0, status(200, &[], good("imgix", "sources.get")))]);
    }
    host.call(4, &config, get(r#"{"deadlineMs":2000}"#), &[]);
    host.call(5, &config, get("null"), &[(0.0, status(200, &[], good("imgix", "sources.get")))]);
    host.run_until(10.0);
    host.now = 60_000.0;
    host.run();

    assert!(host.times(4).is_empty() && host.times(5) == [60_000.0]);
}

#[test]
fn an_abort_in_every_phase_frees_the_slot_and_tells_what_may_have_happened() {
    let stored =
        || status(200, &[], r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":{"type":"webfolder"}}}}"#);
    let update = r#"{"deployment":{"annotation":"new"}}"#;
    let never = || (f64::INFINITY, Given::Never);
    for (name, at, answers, end) in [
        ("in the read", 10.0, vec![never()], "end aborted false 0"),
        ("in the pause of the read", 30.0, vec![(20.0, status(500, &[], "")), never()], "end aborted false 0"),
        ("in the write", 50.0, vec![(20.0, stored()), never()], "end aborted true 1"),
        (
            "in the pause after a refusal",
            50.0,
            vec![(20.0, stored()), (20.0, status(429, &[("retry-after", "5")], ""))],
            "end aborted false 1",
        ),
        (
            "in the pause after a loss",
            50.0,
            vec![(20.0, stored()), (20.0, Given::Lost(true, None, vec![]))],
            "end aborted true 1",
        ),
        (
            "in the pause after a refused connection",
            50.0,
            vec![(20.0, stored()), (20.0, Given::Lost(false, None, vec![]))],
            "end aborted false 1",
        ),
        (
            "in the second attempt",
            5_100.0,
            // What was read so long ago is read again.
            vec![(20.0, stored()), (20.0, status(429, &[("retry-after", "5")], "")), (20.0, stored()), never()],
            "end aborted true 2",
        ),
    ] {
        for limits in ["", FREE, r#""limiter":{}"#] {
            let config = client("imgix", limits);
            let mut host = Host::script();
            host.call(0, &config, prepare("imgix", "sources.update", &["x"], update, "null").unwrap(), &answers);
            host.run_until(at);
            host.abort(0);

            assert_eq!(*host.heard(0).last().unwrap(), end, "{name} {limits}");
            assert_eq!(host.ended(0), at);
            host.run();
            assert_eq!(host.heard(0).iter().filter(|event| event.starts_with("end")).count(), 1);
        }
    }
}

#[test]
fn an_abort_while_a_limiter_is_asked_has_done_nothing() {
    let config = client("imgix", r#""limiter":{}"#);
    let stored =
        status(200, &[], r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":{"type":"webfolder"}}}}"#);
    let mut host = Host::script();
    let update = prepare("imgix", "sources.update", &["x"], r#"{"deployment":{"annotation":"new"}}"#, "null").unwrap();
    host.call(0, &config, update, &[(20.0, stored), (f64::INFINITY, Given::Never)]);
    // The write's slot is there; now the limiter is asked for that of the read.
    host.next();
    assert_eq!(host.scene.sent.len(), 0);
    host.abort(0);

    assert_eq!(*host.heard(0).last().unwrap(), "end aborted false 0");
}

#[test]
fn an_abort_while_waiting_for_a_slot_gives_it_to_the_next() {
    let config = client("imgix", "");
    let mut host = Host::script();
    for call in 0..6 {
        host.call(call, &config, get("null"), &[(0.0, status(200, &[], good("imgix", "sources.get")))]);
    }
    host.run_until(10.0);
    host.abort(4);
    host.run();

    assert_eq!(host.times(5), [1_025.0]);
    assert_eq!(*host.heard(4).last().unwrap(), "end aborted false 0");
}

#[test]
fn an_abort_in_the_look_up_says_that_it_may_have_happened() {
    let mut host = Host::script();
    let answers = [(10.0, status(500, &[], "")), (f64::INFINITY, Given::Never)];
    host.call(0, &client("imageboss", ""), prepared("imageboss", "sources.create", "null"), &answers);
    host.run_until(100.0);
    host.abort(0);

    assert_eq!(*host.heard(0).last().unwrap(), "end aborted true 1");
}

fn deploy(state: &str) -> Given {
    let body = format!(r#"{{"data":{{"id":"1","type":"sources","attributes":{{"deployment_status":"{state}"}}}}}}"#);
    status(200, &[], &body)
}

#[test]
fn a_poll_ends_when_it_is_done() {
    let mut host = Host::script();
    let answers = [(100.0, deploy("deploying")), (100.0, deploy("deploying")), (100.0, deploy("deployed"))];
    host.call(0, &client("imgix", ""), prepared("imgix", "sources.waitUntilDeployed", "null"), &answers);
    host.run();

    // It looks only after a pause: a write shows in the state after a while.
    assert_eq!(host.times(0), [5_000.0, 10_100.0, 15_200.0]);
    assert!(String::from_utf8_lossy(host.value(0).unwrap()).contains("deployed"));
    assert_eq!(*host.heard(0).last().unwrap(), "end ok false 3");
}

#[test]
fn a_poll_that_looks_often_does_not_take_the_state_from_before_a_change_for_the_one_behind_it() {
    for before in ["deployed", "disabled", "failed"] {
        let mut host = Host::script();
        let wait = prepared("imgix", "sources.waitUntilDeployed", r#"{"intervalMs":500}"#);
        let mut answers = vec![(0.0, deploy(before)); 3];
        answers.extend(vec![(0.0, deploy("deploying")); 2]);
        answers.push((0.0, deploy("deployed")));
        host.call(0, &client("imgix", ""), wait, &answers);
        host.run();

        host.value(0);
        assert_eq!(host.ended(0), 3_000.0, "{before}");
    }
}

#[test]
fn a_poll_believes_a_state_that_lasts() {
    for (state, options, ended) in [
        ("deployed", r#"{"intervalMs":500}"#, 5_000.0),
        ("disabled", r#"{"intervalMs":500}"#, 5_000.0),
        ("deployed", r#"{"intervalMs":500,"deadlineMs":2000}"#, 1_000.0),
        ("deployed", r#"{"intervalMs":60000}"#, 60_000.0),
    ] {
        let mut host = Host::script();
        let wait = prepared("imgix", "sources.waitUntilDeployed", options);
        host.call(0, &client("imgix", ""), wait, &[(0.0, deploy(state))]);
        host.run();

        assert_eq!(host.ended(0), ended, "{options}");
        if state == "disabled" {
            assert_eq!(host.error(0).class, Class::Conflict);
        } else {
            host.value(0);
        }
    }
}

#[test]
fn a_poll_ends_when_it_will_never_be_done() {
    for state in ["disabled", "failed", "Error", "deleted"] {
        let mut host = Host::script();
        let wait = prepared("imgix", "sources.waitUntilDeployed", r#"{"intervalMs":50}"#);
        host.call(0, &client("imgix", ""), wait, &[(0.0, deploy("deploying")), (0.0, deploy(state))]);
        host.run();

        let error = host.error(0);
        assert!(error.class == Class::Conflict && error.message.contains(state), "{error}");
        assert_eq!((error.attempts, error.outcome, host.ended(0)), (2, Outcome::None, 100.0));
    }
}

#[test]
fn a_poll_retries_what_fails_in_between_and_counts_anew_after_each_look() {
    let mut host = Host::script();
    let bad = || (1.0, status(503, &[], ""));
    let answers = [
        bad(),
        bad(),
        (1.0, deploy("deploying")),
        (1.0, Given::Lost(true, None, vec![])),
        bad(),
        (1.0, deploy("deploying")),
        bad(),
        (1.0, deploy("deployed")),
    ];
    host.call(0, &client("imgix", ""), prepared("imgix", "sources.waitUntilDeployed", "null"), &answers);
    host.run();
    host.value(0);
    assert_eq!(host.times(0).len(), 8);

    host.call(1, &client("imgix", ""), prepared("imgix", "sources.waitUntilDeployed", "null"), &[bad()]);
    host.run();
    assert_eq!((host.error(1).class, host.times(1).len()), (Class::Server, 3));
}

#[test]
fn a_poll_that_reaches_its_deadline_says_what_it_saw() {
    for (operation, answer, seen) in [
        ("sources.waitUntilDeployed", deploy("deploying"), "deployment_status is deploying and not deployed"),
        (
            "sources.waitUntilDeployed",
            status(200, &[], r#"{"data":{"id":"1","type":"sources"}}"#),
            "is not known and not deployed",
        ),
        (
            "uploadSessions.waitUntilComplete",
            status(200, &[], r#"{"data":{"id":"1","type":"upload-sessions","attributes":{"status":"PENDING"}}}"#),
            "status is PENDING and not COMPLETE",
        ),
    ] {
        let mut host = Host::script();
        let wait = prepared("imgix", operation, r#"{"deadlineMs":12345,"intervalMs":1000}"#);
        host.call(0, &client("imgix", ""), wait, &[(50.0, answer)]);
        host.run();

        let error = host.error(0);
        assert_eq!((error.class, error.sent, error.outcome), (Class::Timeout, true, Outcome::None));
        assert!(error.message.contains(seen), "{error}");
        assert_eq!((host.ended(0), host.times(0).len()), (12_345.0, 11));
    }
}

#[test]
fn a_poll_looks_at_least_once_even_if_its_deadline_is_short() {
    let mut host = Host::script();
    let wait = prepared("imgix", "sources.waitUntilDeployed", r#"{"deadlineMs":2000}"#);
    host.call(0, &client("imgix", ""), wait, &[(50.0, deploy("deployed"))]);
    host.run();

    host.value(0);
    assert_eq!(host.times(0).len(), 1);
}

#[test]
fn a_poll_without_a_pause_is_bounded_by_its_class() {
    let mut host = Host::script();
    let wait = prepared("imgix", "sources.waitUntilDeployed", r#"{"deadlineMs":10000,"intervalMs":1}"#);
    host.call(0, &client("imgix", ""), wait, &[(1.0, deploy("deploying"))]);
    host.run();

    assert_eq!((host.times(0).len(), host.error(0).class), (40, Class::Timeout));
}

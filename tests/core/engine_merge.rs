//! Changes that are merged with what is stored: when it is read, who waits for whom, and what a failure says.

use super::engine_retry::status;
use super::host::{Given, Host, Script, client};
use super::support::prepare;
use image_sources::proto::call::Prepared;
use image_sources::proto::error::{Class, Outcome};

/// One an hour, and everything else as it likes.
const HOURLY: &str = r#""limits":{"default":null,"sources.update":{"requests":1,"perMs":3600000}}"#;
const FREE: &str = r#""limits":{"default":null,"sources.update":null}"#;
const HOUR: f64 = 3_601_000.0;

fn stored() -> Given {
    status(200, &[], r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":{"type":"webfolder"}}}}"#)
}

fn update(id: &str, options: &str) -> Prepared {
    prepare("imgix", "sources.update", &[id], r#"{"deployment":{"annotation":"new"}}"#, options).unwrap()
}

const PATIENT: &str = r#"{"deadlineMs":86400000}"#;

/// Who sent what, and when.
fn sent(host: &Host<Script>) -> Vec<(usize, f64, &str)> {
    host.scene.sent.iter().map(|(call, at, to)| (*call, *at, to.split(' ').next().unwrap())).collect()
}

#[test]
fn what_is_merged_is_read_when_the_slot_of_the_write_has_come() {
    let config = client("imgix", HOURLY);
    let mut host = Host::script();
    for call in 0..2 {
        host.call(call, &config, update(&call.to_string(), PATIENT), &[(20.0, stored())]);
    }
    host.run();

    let expected = [(0, 0.0, "GET"), (0, 20.0, "PATCH"), (1, HOUR + 20.0, "GET"), (1, HOUR + 40.0, "PATCH")];
    assert_eq!(sent(&host), expected);
}

#[test]
fn a_write_without_a_slot_before_the_deadline_reads_nothing() {
    let config = client("imgix", HOURLY);
    let mut host = Host::script();
    host.call(0, &config, update("a", "null"), &[(20.0, stored())]);
    host.run_until(100.0);
    host.call(1, &config, update("b", "null"), &[(20.0, stored())]);

    let error = host.error(1);
    assert_eq!((error.class, error.sent, host.ended(1)), (Class::RateLimit, false, 100.0));
    assert_eq!(host.times(1).len(), 0);
}

#[test]
fn a_slot_that_is_held_for_a_write_is_given_back_when_its_read_fails_or_is_ended() {
    for aborted in [false, true] {
        let config = client("imgix", HOURLY);
        let mut host = Host::script();
        let answer = if aborted { (f64::INFINITY, Given::Never) } else { (20.0, status(404, &[], "")) };
        host.call(0, &config, update("a", PATIENT), &[answer]);
        host.call(1, &config, update("a", PATIENT), &[(20.0, stored())]);
        host.run_until(20.0);
        if aborted {
            host.abort(0);
        }
        host.run();

        assert_eq!(sent(&host), [(0, 0.0, "GET"), (1, 20.0, "GET"), (1, 40.0, "PATCH")], "{aborted}");
    }
}

#[test]
fn what_was_read_long_before_a_retry_is_read_again() {
    let refused = || status(429, &[("retry-after", "60")], "");
    for limits in [FREE, r#""limiter":{}"#] {
        let config = client("imgix", limits);
        let mut host = Host::script();
        let answers = [(20.0, stored()), (20.0, refused()), (20.0, stored()), (20.0, refused()), (20.0, stored())];
        host.call(0, &config, update("a", r#"{"deadlineMs":86400000,"retries":1}"#), &answers);
        host.run();

        let methods: Vec<&str> = sent(&host).into_iter().map(|(.., method)| method).collect();
        assert_eq!(methods, ["GET", "PATCH", "GET", "PATCH"], "{limits}");
        // A read in between is no way to more retries than there are.
        assert_eq!((host.error(0).class, host.error(0).attempts), (Class::RateLimit, 2));
    }
}

#[test]
fn those_who_change_the_same_read_and_write_one_after_the_other() {
    for limits in [FREE, r#""limiter":{}"#] {
        let config = client("imgix", limits);
        let mut host = Host::script();
        for call in 0..3 {
            host.call(call, &config, update("a", "null"), &[(20.0, stored())]);
        }
        host.call(3, &config, update("b", "null"), &[(20.0, stored())]);
        host.run();

        let expected = [
            (0, 0.0, "GET"),
            (3, 0.0, "GET"),
            (0, 20.0, "PATCH"),
            (3, 20.0, "PATCH"),
            (1, 40.0, "GET"),
            (1, 60.0, "PATCH"),
            (2, 80.0, "GET"),
            (2, 100.0, "PATCH"),
        ];
        assert_eq!(sent(&host), expected, "{limits}");
    }
}

#[test]
fn the_turn_to_change_something_is_passed_on_however_a_call_ends() {
    for (name, answers) in [
        ("refused read", vec![(20.0, status(404, &[], ""))]),
        ("unreadable read", vec![(20.0, status(200, &[], r#"{"data":{"id":"1","attributes":{"deployment":null}}}"#))]),
        ("refused write", vec![(10.0, stored()), (10.0, status(400, &[], ""))]),
        ("lost write", vec![(10.0, stored()), (10.0, Given::Lost(true, None, vec![]))]),
        ("abort", vec![(f64::INFINITY, Given::Never)]),
    ] {
        let config = client("imgix", FREE);
        let mut host = Host::script();
        host.call(0, &config, update("a", r#"{"retries":0}"#), &answers);
        host.call(1, &config, update("a", "null"), &[(5.0, stored())]);
        host.run_until(20.0);
        if name == "abort" {
            host.abort(0);
        }
        host.run();

        assert_eq!(host.times(1), [20.0, 25.0], "{name}");
        assert!(host.value(1).is_some());
    }
}

#[test]
fn who_waits_for_another_one_to_end_can_be_ended_and_has_a_deadline() {
    for limits in [FREE, r#""limiter":{}"#] {
        let config = client("imgix", limits);
        let mut host = Host::script();
        host.call(0, &config, update("a", "null"), &[(f64::INFINITY, Given::Never)]);
        host.call(1, &config, update("a", r#"{"deadlineMs":700}"#), &[]);
        host.call(2, &config, update("a", "null"), &[]);
        host.run_until(500.0);
        host.abort(2);
        host.run_until(1_000.0);

        assert_eq!(*host.heard(2).last().unwrap(), "end aborted false 0");
        let error = host.error(1);
        assert_eq!((error.class, error.sent, error.attempts, host.ended(1)), (Class::Timeout, false, 0, 700.0));
        assert_eq!(host.all_times(), [0.0]);
    }
}

#[test]
fn a_merge_that_fails_has_asked_the_provider_and_changed_nothing() {
    let null = status(200, &[], r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":null}}}"#);
    for (changes, answer, class) in [
        (r#"{"deployment":{"cache_ttl_error":5}}"#, null, Class::Unreadable),
        (r#"{"deployment":{"s3_bucket":"abc"}}"#, stored(), Class::Invalid),
    ] {
        let mut host = Host::script();
        let prepared = prepare("imgix", "sources.update", &["a"], changes, "null").unwrap();
        host.call(0, &client("imgix", FREE), prepared, &[(1.0, answer)]);
        host.run();

        let error = host.error(0);
        assert_eq!((error.class, error.sent, error.outcome, error.attempts), (class, true, Outcome::None, 0));
        assert_eq!(*host.heard(0).last().unwrap(), "end failed false 0");
    }
}

#[test]
fn a_merge_that_fails_behind_a_lost_write_does_not_hide_that_it_may_have_happened() {
    let mut host = Host::script();
    let gone = status(200, &[], r#"{"data":{"id":"1","type":"sources","attributes":{"deployment":null}}}"#);
    let lost = status(503, &[("retry-after", "60")], "");
    let answers = [(1.0, stored()), (1.0, lost), (1.0, gone)];
    host.call(0, &client("imgix", FREE), update("a", "null"), &answers);
    host.run();

    let error = host.error(0);
    assert_eq!((error.sent, error.attempts), (true, 1), "{error}");
    assert_eq!(*host.heard(0).last().unwrap(), "end failed true 1");
}

#[test]
fn a_request_that_is_shown_holds_what_is_sent_beside_the_merge() {
    let options = r#"{"extra":{"deployment.foo":1}}"#;
    let prepared =
        prepare("imgix", "sources.update", &["a"], r#"{"deployment":{"cache_ttl_error":5}}"#, options).unwrap();
    let shown = client("imgix", "").shown(&prepared).body.unwrap();
    assert!(String::from_utf8(shown).unwrap().contains(r#""deployment":{"cache_ttl_error":5,"foo":1}"#));
}

#[test]
fn a_loss_says_what_was_lost() {
    let config = client("imgix", r#""limiter":{}"#);
    let mut host = Host::script();
    host.scene.limiter = vec![f64::NAN];
    host.call(0, &config, update("a", r#"{"retries":0}"#), &[]);
    host.call(
        1,
        &client("imgix", FREE),
        update("b", r#"{"retries":0}"#),
        &[(1.0, Given::Lost(true, Some(200), vec![]))],
    );
    host.run();

    assert!(host.error(0).message.contains(": `limiter` failed: "), "{}", host.error(0));
    assert!(host.error(1).message.contains(": the answer broke off: broken"), "{}", host.error(1));
}

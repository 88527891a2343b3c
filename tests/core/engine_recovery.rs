//! What is found out about writes whose answer got lost.

use super::engine_retry::status;
use super::host::{Given, Host, Script, client, prepared};
use image_sources::PROVIDERS;
use image_sources::proto::error::{Class, Outcome};

const DATE: &str = "Thu, 05 Mar 2026 14:10:10 GMT";

fn list(source: &str, created: &str, date: &[&'static str]) -> Given {
    let headers = date.iter().map(|date| ("date", (*date).to_owned())).collect();
    let body = format!(r#"[{{"id":"0","source":"other"}},{{"id":"1","source":"{source}","created_at":"{created}"}}]"#);
    Given::Answer(200, headers, body)
}

fn create(answers: &[(f64, Given)]) -> Host<Script> {
    let mut host = Host::script();
    let prepared = prepared("imageboss", "sources.create", r#"{"timeoutMs":1000}"#);
    host.call(0, &client("imageboss", ""), prepared, answers);
    host.run();
    host
}

#[test]
fn a_lost_creation_that_is_there_and_new_is_what_was_asked_for() {
    for lost in [
        status(500, &[], ""),
        status(408, &[], ""),
        status(504, &[], ""),
        status(200, &[], "{"),
        status(201, &[], ""),
        Given::Lost(true, None, vec![]),
        Given::Lost(true, Some(201), vec![]),
        Given::Never,
    ] {
        for created in ["2026-03-05T14:10:09Z", "2026-03-05T14:10:10.5Z", "2026-03-05T16:10:10+02:00"] {
            let host = create(&[(500.0, lost.clone()), (500.0, list("n", created, &[DATE]))]);

            assert!(String::from_utf8_lossy(host.value(0).unwrap()).contains(r#""source":"n""#));
            assert_eq!(host.scene.sent.len(), 2);
            assert_eq!(host.heard(0).iter().filter(|event| **event == "warning recovered").count(), 1);
            assert_eq!(*host.heard(0).last().unwrap(), "end ok false 1");
        }
    }
}

#[test]
fn a_lost_creation_that_is_not_clearly_there_stays_unknown_and_says_what_was_seen() {
    let lost = (500.0, status(500, &[], ""));
    for (answer, saw) in [
        (list("n", "2026-03-05T14:09:00Z", &[DATE]), "from before the call"),
        (list("n", "2025-03-05T14:10:10Z", &[DATE]), "from before the call"),
        (list("n", "2026-03-05T14:10:10Z", &[]), "cannot be told whether it is new"),
        (list("n", "2026-03-05T14:10:10Z", &["today"]), "cannot be told whether it is new"),
        (list("n", "lately", &[DATE]), "cannot be told whether it is new"),
        (list("m", "2026-03-05T14:10:10Z", &[DATE]), "is not there (yet)"),
        (status(200, &[("date", DATE)], "[]"), "is not there (yet)"),
        (status(200, &[("date", DATE)], "{"), "looking for it failed"),
        (status(401, &[], ""), "looking for it failed"),
        (Given::Lost(false, None, vec![]), "looking for it failed"),
        (Given::Never, "looking for it failed"),
    ] {
        let host = create(&[lost.clone(), (500.0, answer)]);

        let error = host.error(0);
        assert_eq!((error.class, error.status, error.outcome), (Class::Server, Some(500), Outcome::Unknown));
        assert_eq!((error.operation, error.attempts, error.sent), ("sources.create", 1, true));
        assert!(error.message.contains(saw), "{error}");
        assert!(!host.heard(0).iter().any(|event| event.starts_with("warning")));
        assert_eq!(*host.heard(0).last().unwrap(), "end failed true 1");
    }
}

#[test]
fn what_was_made_before_the_request_left_is_nobodys_creation_of_this_call() {
    // The request leaves at 0, the list comes at 1000 and is stamped 14:10:10: so it left at 14:10:09 or within a second after.
    for (created, found) in [
        ("2026-03-05T14:10:09Z", true),
        ("2026-03-05T14:10:09.001Z", true),
        ("2026-03-05T14:10:08Z", false),
        ("2026-03-05T14:10:08.998Z", false),
        ("2026-03-05T14:10:07Z", false),
    ] {
        let host = create(&[(500.0, status(500, &[], "")), (500.0, list("n", created, &[DATE]))]);

        if found {
            host.value(0);
        } else {
            assert!(host.error(0).message.contains("cannot be told whether it is new"), "{created} {}", host.error(0));
        }
    }
}

#[test]
fn a_wait_for_a_slot_makes_nothing_new_that_was_made_meanwhile() {
    let config = client("imageboss", r#""limits":{"imageboss":{"requests":2,"perMs":10000}}"#);
    let mut host = Host::script();
    for call in 0..2 {
        let list = super::support::prepare("imageboss", "sources.list", &[], "null", "null").unwrap();
        host.call(call, &config, list, &[(1.0, status(200, &[], "[]"))]);
    }
    // It leaves at 10250, and the look-up at 10750 or later; the other was made five seconds before that.
    let made = list("n", "2026-03-05T14:10:05Z", &[DATE]);
    host.call(
        2,
        &config,
        prepared("imageboss", "sources.create", "null"),
        &[(250.0, status(500, &[], "")), (0.0, made)],
    );
    host.run();

    assert!(host.error(2).message.contains("from before the call"), "{}", host.error(2));
}

#[test]
fn what_has_the_name_and_is_something_else_was_not_made_by_this_call() {
    let body = r#"[{"id":"1","source":"n","source_type":"other","created_at":"2026-03-05T14:10:10Z"}]"#;
    let answer = Given::Answer(200, vec![("date", DATE.to_owned())], body.to_owned());
    let host = create(&[(500.0, status(500, &[], "")), (500.0, answer)]);

    assert!(host.error(0).message.contains("cannot be told whether it is new"), "{}", host.error(0));
}

#[test]
fn the_look_up_itself_is_retried() {
    let answers = [
        (500.0, status(500, &[], "")),
        (10.0, status(503, &[], "")),
        (10.0, Given::Lost(true, None, vec![])),
        (10.0, list("n", "2026-03-05T14:10:09Z", &[DATE])),
    ];
    let host = create(&answers);
    host.value(0);
    assert_eq!(host.scene.sent.iter().filter(|(.., to)| to.starts_with("POST")).count(), 1);
    assert_eq!(host.scene.sent.len(), 4);
}

#[test]
fn nothing_is_looked_for_that_certainly_did_not_happen() {
    for answer in [status(422, &[], ""), status(401, &[], ""), status(409, &[], ""), Given::Lost(false, None, vec![])] {
        let host = create(&[(10.0, answer)]);
        assert!(host.scene.sent.iter().all(|(.., to)| to.starts_with("POST")));
        assert_ne!(host.error(0).outcome, Outcome::Unknown);
    }
}

#[test]
fn an_unknown_creation_at_imgix_is_not_looked_for() {
    let mut host = Host::script();
    host.call(0, &client("imgix", ""), prepared("imgix", "sources.create", "null"), &[(10.0, status(500, &[], ""))]);
    host.run();

    assert_eq!((host.scene.sent.len(), host.error(0).outcome), (1, Outcome::Unknown));
}

#[test]
fn a_deletion_that_finds_nothing_succeeds_only_if_an_earlier_attempt_may_have_done_it() {
    let gone = || (10.0, status(404, &[], ""));
    for (first, ok) in [
        (None, false),
        (Some(status(429, &[("retry-after", "1")], "")), false),
        (Some(Given::Lost(false, None, vec![])), false),
        (Some(status(408, &[], "")), true),
        (Some(status(500, &[], "")), true),
        (Some(status(502, &[], "<html>")), true),
        (Some(Given::Lost(true, None, vec![])), true),
        (Some(Given::Lost(true, Some(200), vec![])), true),
        (Some(Given::Never), true),
    ] {
        for (name, operation) in [("imageboss", "sources.delete"), ("imgix", "uploadSessions.cancel")] {
            let mut host = Host::script();
            let answers: Vec<_> = first.clone().map(|given| (10.0, given)).into_iter().chain([gone()]).collect();
            host.call(0, &client(name, ""), prepared(name, operation, r#"{"timeoutMs":1000}"#), &answers);
            host.run();

            if ok {
                let null = (operation != "sources.delete").then_some(&b"null"[..]);
                assert_eq!(host.value(0), null, "{operation}");
            } else {
                let error = host.error(0);
                assert_eq!((error.class, error.outcome), (Class::NotFound, Outcome::Declined), "{first:?}");
            }
        }
    }
}

#[test]
fn nothing_but_a_deletion_succeeds_by_finding_nothing() {
    for provider in PROVIDERS {
        for operation in provider.operations().filter(|operation| operation.method != "DELETE") {
            let mut host = Host::script();
            let answers = [(10.0, status(500, &[], "")), (10.0, status(404, &[], ""))];
            let call = prepared(provider.name, operation.name, r#"{"deadlineMs":7200000}"#);
            host.call(0, &client(provider.name, ""), call, &answers);
            host.run();
            host.error(0);
        }
    }
}

#[test]
fn a_purge_that_is_queued_already_succeeds() {
    for (answer, value) in [
        (status(409, &[], r#"{"errors":[{"detail":"already"}]}"#), r#"{"alreadyQueued":true}"#),
        (status(200, &[], r#"{"data":{"id":"p","type":"purges"}}"#), r#"{"id":"p","alreadyQueued":false}"#),
        (status(202, &[], ""), r#"{"alreadyQueued":false}"#),
        (status(200, &[], "<html>"), r#"{"alreadyQueued":false}"#),
    ] {
        for first in [None, Some((10.0, status(500, &[], "")))] {
            let mut host = Host::script();
            let answers: Vec<_> = first.into_iter().chain([(10.0, answer.clone())]).collect();
            host.call(0, &client("imgix", ""), prepared("imgix", "purge", "null"), &answers);
            host.run();

            assert_eq!(String::from_utf8_lossy(host.value(0).unwrap()), value);
        }
    }
}

#[test]
fn a_refused_change_of_a_disabled_source_says_so_and_counts_as_the_update() {
    let stored =
        r#"{"data":{"id":"1","type":"sources","attributes":{"enabled":false,"deployment":{"type":"webfolder"}}}}"#;
    let update = |options| {
        super::support::prepare("imgix", "sources.update", &["x"], r#"{"deployment":{"annotation":"n"}}"#, options)
            .unwrap()
    };
    let mut host = Host::script();
    let answers = [(10.0, status(200, &[], stored)), (10.0, status(400, &[], ""))];
    host.call(0, &client("imgix", ""), update("null"), &answers);
    host.call(1, &client("imgix", ""), update(r#"{"retries":0}"#), &[(10.0, status(503, &[], ""))]);
    host.run();

    assert!(host.error(0).message.contains("until it is enabled"), "{}", host.error(0));
    let error = host.error(1);
    assert_eq!((error.operation, error.attempts, error.outcome), ("sources.update", 0, Outcome::None));
}

//! Tokens for a gateway: had before the slot, so that the slot's time is that of leaving.

use std::rc::Rc;

use super::engine_retry::status;
use super::host::{Given, Host, Script, gateway, get, good, prepared};
use image_sources::proto::call::Config;
use image_sources::proto::error::{Class, Outcome};

const ONE: &str = r#""limits":{"default":{"requests":1,"perMs":1000}}"#;

fn ok() -> Given {
    status(200, &[], good("imgix", "sources.get"))
}

fn gets(host: &mut Host<Script>, config: &Rc<Config>, numbers: core::ops::Range<usize>) {
    for call in numbers {
        host.call(call, config, get(r#"{"deadlineMs":86400000}"#), &[(1.0, ok())]);
    }
}

#[test]
fn slow_tokens_let_no_two_requests_leave_in_one_window() {
    for tokens in
        [vec![5_000.0], vec![5_000.0, 10.0, 3_000.0, 4_990.0], vec![5_000.0, 4_000.0, 3_000.0, 2_000.0, 1_000.0]]
    {
        let mut host = Host::script();
        host.scene.tokens = tokens;
        gets(&mut host, &gateway(ONE), 0..6);
        host.run();

        let times = host.all_times();
        assert_eq!(times.len(), 6);
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 1_000.0), "{times:?}");
        // They are asked for together, and nobody waits for another one's.
        assert!(times[5] <= 5_000.0 + 5.0 * 1_025.0, "{times:?}");
        assert_eq!(host.scene.asked.len(), 6);
    }
}

#[test]
fn a_token_that_never_comes_keeps_nobody_from_leaving() {
    let mut host = Host::script();
    host.scene.tokens = vec![f64::INFINITY, 0.0];
    let config = gateway(ONE);
    host.call(0, &config, get(r#"{"retries":0,"timeoutMs":9000}"#), &[(1.0, ok())]);
    gets(&mut host, &config, 1..3);
    host.run();

    assert_eq!((host.times(1), host.times(2)), (vec![0.0], vec![1_025.0]));
    let error = host.error(0);
    assert_eq!((error.class, error.sent, error.attempts, error.outcome), (Class::Timeout, false, 0, Outcome::None));
    assert_eq!(host.ended(0), 9_000.0);
}

#[test]
fn a_failing_token_is_asked_for_again_as_far_as_retries_go() {
    let mut host = Host::script();
    host.scene.tokens = vec![-10.0, -10.0, 0.0];
    gets(&mut host, &gateway(""), 0..1);
    host.run();
    host.value(0);

    host.scene.tokens = vec![-1.0];
    gets(&mut host, &gateway(""), 1..2);
    host.run();
    let error = host.error(1);
    assert_eq!((error.class, error.sent, error.attempts), (Class::Network, false, 0));
    assert_eq!((host.scene.asked.len(), host.times(1).len()), (6, 0));
}

#[test]
fn a_token_is_young_when_the_request_leaves_however_long_it_waited() {
    let config = gateway(r#""limits":{"sources.update":{"requests":1,"perMs":3600000}}"#);
    let mut host = Host::script();
    host.scene.tokens = vec![2_000.0];
    for call in 0..3 {
        let update = prepared("imgix", "sources.update", r#"{"deadlineMs":86400000}"#);
        host.call(call, &config, update, &[(1.0, ok())]);
    }
    host.run();

    for call in 0..3 {
        let left = host.times(call)[0];
        let asked = host.scene.asked.iter().filter(|(own, _)| *own == call).map(|(_, at)| *at).collect::<Vec<_>>();
        assert!(left - asked.last().unwrap() <= 32_000.0, "{asked:?} {left}");
        assert!(asked.len() <= 3, "{asked:?}");
    }
    let times = host.all_times();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 3_600_000.0), "{times:?}");
}

#[test]
fn a_slot_of_somebody_elses_limiter_is_taken_after_the_token_and_again_if_a_newer_one_came_too_late() {
    let config = gateway(r#""limiter":{}"#);
    let mut host = Host::script();
    host.scene.tokens = vec![2_000.0];
    host.scene.limiter = vec![50.0];
    gets(&mut host, &config, 0..1);
    host.run();
    assert_eq!(host.times(0), [2_050.0]);

    // Fresh ones are asked for while the slot is waited for: that which comes in time is no reason to take another slot.
    let mut host = Host::script();
    (host.scene.tokens, host.scene.limiter) = (vec![2_000.0], vec![600_000.0]);
    gets(&mut host, &config, 0..1);
    host.run();
    assert_eq!((host.times(0), host.scene.asked.len()), (vec![602_000.0], 2));

    let mut host = Host::script();
    (host.scene.tokens, host.scene.limiter) = (vec![1.0, 40_000.0], vec![600_000.0, 7.0]);
    host.call(0, &config, get(r#"{"deadlineMs":86400000,"timeoutMs":60000}"#), &[(1.0, ok())]);
    host.run();
    assert_eq!(host.times(0), [610_008.0]);
}

#[test]
fn a_fixed_token_is_never_asked_for() {
    let options = br#"{"gateway":{"url":"/api","token":"t"}}"#;
    let config = Rc::new(Config::new(super::support::provider("imgix"), options).unwrap());
    let mut host = Host::script();
    gets(&mut host, &config, 0..2);
    host.run();

    assert_eq!((host.scene.asked.len(), host.all_times()), (0, vec![0.0, 0.0]));
}

//! The platform's clock, timers and chance.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use image_sources::engine::Clock;
use image_sources::wasm::PlatformClock;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::{eval, global};

#[wasm_bindgen_test]
async fn time_passes_while_one_sleeps() {
    let began = PlatformClock.now_ms();
    PlatformClock.sleep(20.0).await;
    let slept = PlatformClock.now_ms() - began;

    // Timers may be early by a part of a millisecond; how late they are is not ours.
    assert!(slept >= 18.0, "{slept}");
}

#[wasm_bindgen_test]
async fn delays_that_make_no_sense_are_over_at_once() {
    for ms in [0.0, -5.0, f64::NAN] {
        PlatformClock.sleep(ms).await;
    }
}

#[wasm_bindgen_test]
fn a_sleep_that_is_dropped_leaves_no_timer() {
    eval(
        "const real = globalThis.clearTimeout; globalThis.cleared = 0; globalThis.clearTimeout = (timer) => { globalThis.cleared++; real(timer) }; globalThis.restore = () => { globalThis.clearTimeout = real }",
    );
    let mut sleep = Box::pin(PlatformClock.sleep(1e12));
    let pending = sleep.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    drop(sleep);
    let cleared = global("cleared");
    eval("globalThis.restore()");

    assert_eq!(pending, Poll::Pending);
    assert_eq!(cleared, JsValue::from(1));
}

#[wasm_bindgen_test]
fn a_platform_without_timers_or_performance_does_not_throw() {
    eval(
        "const { setTimeout, performance } = globalThis; globalThis.setTimeout = undefined; Object.defineProperty(globalThis, 'performance', { value: undefined, configurable: true, writable: true }); globalThis.restore = () => { globalThis.setTimeout = setTimeout; Object.defineProperty(globalThis, 'performance', { value: performance, configurable: true, writable: true }) }",
    );
    let now = PlatformClock.now_ms();
    let pending = pin!(PlatformClock.sleep(0.0)).as_mut().poll(&mut Context::from_waker(Waker::noop()));
    eval("globalThis.restore()");

    assert!(now > 1e12, "{now}");
    assert_eq!(pending, Poll::Pending);
}

#[wasm_bindgen_test]
fn chance_lies_between_nothing_and_one() {
    for _ in 0..100 {
        assert!((0.0..1.0).contains(&PlatformClock.chance()));
    }
}

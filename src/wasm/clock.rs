//! The platform's clock.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::engine::Clock;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now, catch)]
    fn performance_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(done: &Function, ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout, catch)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;
}

/// The platform's clock, timers and chance, for [`Driver`](crate::engine::Driver).
#[derive(Debug, Clone, Copy, Default)]
pub struct PlatformClock;

/// Node and browsers take a longer delay for one of a millisecond.
const LONGEST_MS: f64 = 2_147_483_647.0;

impl Clock for PlatformClock {
    fn now_ms(&self) -> f64 {
        // The time of day can be set back; where there is nothing else, it has to do.
        performance_now().unwrap_or_else(|_| js_sys::Date::now())
    }

    fn sleep(&self, ms: f64) -> impl Future<Output = ()> {
        let mut timer = JsValue::UNDEFINED;
        let mut done = None;
        let promise = Promise::new(&mut |resolve: Function, _| {
            // Without timers nothing is ever over: a wait for a slot must not become none.
            timer = set_timeout(&resolve, ms.clamp(0.0, LONGEST_MS).ceil()).unwrap_or(JsValue::UNDEFINED);
            done = Some(resolve);
        });
        Sleep { timer, done, promise: JsFuture::from(promise) }
    }

    fn chance(&self) -> f64 {
        js_sys::Math::random()
    }
}

struct Sleep {
    timer: JsValue,
    done: Option<Function>,
    promise: JsFuture,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.promise).poll(context).map(drop)
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let _ = clear_timeout(&self.timer);
        // A promise that never settles would keep its callbacks, and the memory behind them, for ever.
        if let Some(done) = self.done.take() {
            let _ = done.call0(&JsValue::UNDEFINED);
        }
    }
}

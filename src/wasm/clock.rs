//! The platform's clock, for Rust programs that run as WebAssembly.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::engine::Clock;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(done: &Function, ms: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// The platform's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlatformClock;

/// Node and browsers take a longer delay for one of a millisecond.
const LONGEST_MS: f64 = 2_147_483_647.0;

impl Clock for PlatformClock {
    fn now_ms(&self) -> f64 {
        // `performance` never goes back, where it is there.
        let clock = Reflect::get(&js_sys::global(), &JsValue::from_str("performance")).unwrap_or(JsValue::UNDEFINED);
        let now = Reflect::get(&clock, &JsValue::from_str("now")).ok().and_then(|now| now.dyn_into::<Function>().ok());
        now.and_then(|now| now.call0(&clock).ok()?.as_f64()).unwrap_or_else(js_sys::Date::now)
    }

    fn chance(&self) -> f64 {
        js_sys::Math::random()
    }

    fn sleep(&self, ms: f64) -> impl Future<Output = ()> {
        let mut timer = JsValue::UNDEFINED;
        let mut done = None;
        let promise = Promise::new(&mut |resolve, _| {
            timer = set_timeout(&resolve, ms.min(LONGEST_MS));
            done = Some(resolve);
        });
        Sleep { timer, done, promise: JsFuture::from(promise) }
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
        clear_timeout(&self.timer);
        // A promise that never settles would keep its callbacks, and the memory behind them, for ever.
        if let Some(done) = self.done.take() {
            let _ = done.call0(&JsValue::UNDEFINED);
        }
    }
}

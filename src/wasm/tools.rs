//! What stand-alone functions of the npm package need and clients do not: a module of its own, which bundlers leave away where
//! none of these functions is imported.
//!
//! As with the client, JSON bytes come in and go out. Only [`Slots`] keep a state, which can be written down.

use wasm_bindgen::prelude::*;

use super::out;
use crate::engine::Shared;
use crate::proto::call::Limit;
use crate::proto::error::Error;
use crate::schema::json::ObjectWriter;

/// The address of an image, signed if the arguments (JSON) hold what it takes; gives `{ url }` or `{ error }`.
#[wasm_bindgen(js_name = imageUrl)]
pub fn image_url(provider: &[u8], arguments: &[u8]) -> Vec<u8> {
    let imgix = provider == crate::imgix::IMGIX.name.as_bytes();
    let made = if imgix { crate::imgix::url::sign(arguments) } else { crate::imageboss::url::build(arguments) };
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    match made {
        Ok(url) => object.string("url", &url),
        Err(problems) => out::error(object.key("error"), &Error::invalid("", "", problems)),
    }
    object.close();
    out
}

/// One class of an account that many isolates share; see [`Shared`].
#[wasm_bindgen]
#[derive(Debug)]
pub struct Slots {
    log: Shared,
    /// The place that was granted last.
    ticket: u32,
    readable: bool,
}

#[wasm_bindgen]
impl Slots {
    /// What [`Self::state`] gave, or nothing.
    #[wasm_bindgen(constructor)]
    pub fn new(state: &[u8]) -> Slots {
        let log = Shared::read(state);
        Slots { readable: log.is_some() || state.is_empty(), log: log.unwrap_or_default(), ticket: 0 }
    }

    /// Was the state one that can be read?
    pub fn readable(&self) -> bool {
        self.readable
    }

    /// Takes the next place: milliseconds until it may be used, less than nothing if too many wait. Who asks hears of it up
    /// to `late` milliseconds later.
    pub fn grant(&mut self, requests: u32, per_ms: f64, late: f64, now: f64) -> f64 {
        let granted = self.log.grant(Limit { requests, per_ms }, late, now);
        self.ticket = granted.map_or(0, |(ticket, _)| ticket);
        granted.map_or(-1.0, |(_, ms)| ms)
    }

    /// The name of that place.
    pub fn ticket(&self) -> u32 {
        self.ticket
    }

    /// Milliseconds until a place may be used.
    pub fn again(&mut self, ticket: u32, now: f64) -> f64 {
        self.log.again(ticket, now)
    }

    /// The provider wants nothing for so many milliseconds.
    pub fn close(&mut self, ms: f64, now: f64) {
        self.log.close(ms, now);
    }

    /// Gives a place back that was not used.
    pub fn cancel(&mut self, ticket: u32, now: f64) -> bool {
        self.log.cancel(ticket, now)
    }

    /// How many wait, apart from those that are heard of within `late` milliseconds.
    pub fn waiting(&mut self, late: f64, now: f64) -> u32 {
        u32::try_from(self.log.waiting(late, now)).unwrap_or(u32::MAX)
    }

    /// How many have left, or do so within `late` milliseconds, and still count.
    pub fn used(&mut self, requests: u32, per_ms: f64, late: f64, now: f64) -> u32 {
        u32::try_from(self.log.used(Limit { requests, per_ms }, late, now)).unwrap_or(u32::MAX)
    }

    /// What [`Self::grant`] would give, without taking it.
    pub fn next(&mut self, requests: u32, per_ms: f64, late: f64, now: f64) -> f64 {
        self.log.next(Limit { requests, per_ms }, late, now).unwrap_or(-1.0)
    }

    /// All that is known, to be kept.
    pub fn state(&self) -> Vec<u8> {
        self.log.write()
    }
}

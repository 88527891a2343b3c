//! An offline, deterministic imitation of both APIs: a pure function of state, request and time.
//!
//! In scope: what a client can notice. Authentication and permissions, media types, required attributes, paging, filters,
//! sorting, rate limits, deploys that take time, redaction as each provider does it, assets, uploads with storage of its own,
//! purges, reports and their files, pictures where images are served, and faults on demand.
//! Out of scope: sockets, clocks and chance (a seeded generator stands in for it). Nothing here is shared with the client's own
//! building and checking of requests, so that a mistake made there is noticed here.
//!
//! What the providers do not document is decided here once, and said where it is decided.
//!
//! ```
//! use image_sources::sandbox::{Incoming, Options, Sandbox};
//!
//! let mut sandbox = Sandbox::new(Options::default());
//! let request = Incoming::new("GET", "https://api.imgix.com/api/v1/sources?page[size]=2")
//!     .header("authorization", "Bearer ak_sandbox");
//!
//! let reply = sandbox.handle(&request, 1_772_719_800_000.0);
//!
//! assert_eq!(reply.response.status, 200);
//! ```

mod bytes;
mod call;
mod classes;
mod exchange;
mod faults;
mod imageboss;
mod imgix;
mod journal;
mod key;
mod limits;
mod operations;
mod options;
mod picture;
mod provider;
mod random;
mod retry_after;
mod route;
mod seed;
mod settings;
mod time;

use serde_json::Value;

pub use exchange::{Incoming, Reply};
pub use faults::Faults;
pub use journal::Entry;
pub use key::Key;
pub use limits::{Counting, Limit};
pub use operations::OPERATIONS;
pub use options::Options;
pub use provider::Provider;
pub use retry_after::Hint;
pub use settings::Mistakes;

use crate::proto::http::Response;
use route::Area;

/// Both APIs and all they hold.
#[derive(Debug, Clone)]
pub struct Sandbox {
    options: Options,
    faults: Faults,
    random: random::Random,
    imgix: imgix::State,
    imageboss: imageboss::State,
    limits: limits::Limits,
    journal: journal::Journal,
}

impl Sandbox {
    /// A sandbox as the options say.
    pub fn new(options: Options) -> Self {
        let mut random = random::Random::new(options.random);
        let (imgix, imageboss) = if options.seed {
            seed::plant(&mut random, options.assets)
        } else {
            (imgix::State::default(), imageboss::State::default())
        };
        Self {
            faults: options.faults.clone(),
            random,
            imgix,
            imageboss,
            limits: limits::Limits::default(),
            journal: journal::Journal::new(options.log_limit),
            options,
        }
    }

    /// Answers a request that arrives at `now_ms` (milliseconds since 1970).
    pub fn handle(&mut self, request: &Incoming, now_ms: f64) -> Reply {
        let now = time::millis(now_ms);
        imgix::settle(&mut self.imgix, now, self.options.complete_ms);
        let place = route::find(&request.url, |host| self.imgix.at_host(host).is_some());
        let provider = place.as_ref().map(|place| place.provider);
        let operation = place.as_ref().and_then(|place| operations::name(place, &request.method));
        let mut reply = place.map_or_else(nowhere, |place| self.answer(request, &place, operation, now));
        let answers = !reply.reset && !reply.hang;
        if answers {
            reply.response.headers.push(("date".to_owned(), time::http_date(now)));
        }
        reply.delay_ms = reply.delay_ms.saturating_add(self.faults.latency_ms());
        let status = if answers { reply.response.status } else { 0 };
        self.journal.note((provider, operation), request, status, now);
        reply
    }

    /// Replaces what goes wrong; see [`Faults`] for the shape.
    ///
    /// # Errors
    /// Everything that is wrong with the JSON; then nothing changes.
    pub fn set_faults(&mut self, json: &str) -> Result<(), Mistakes> {
        self.faults = Faults::from_json(json)?;
        Ok(())
    }

    /// The same with faults that have been read already.
    pub fn use_faults(&mut self, faults: Faults) {
        self.faults = faults;
    }

    /// The newest requests, oldest first.
    pub fn log(&self) -> impl Iterator<Item = &Entry> {
        self.journal.entries()
    }

    /// The log as a JSON array of `{ provider, operation, method, path, status, at, headers, body, bodyLength }`.
    pub fn log_json(&self) -> Value {
        self.journal.to_json()
    }

    /// All that is kept of one source, secrets included, or of one imgix asset (`<source id>/<path>`): what no answer shows.
    pub fn stored(&self, provider: Provider, id: &str) -> Option<Value> {
        match provider {
            Provider::Imgix => self.imgix.stored(id),
            Provider::ImageBoss => self.imageboss.stored(id),
        }
    }

    /// Begins anew, as the options said.
    pub fn reset(&mut self) {
        *self = Self::new(self.options.clone());
    }

    fn answer(&mut self, request: &Incoming, place: &route::Place, operation: Option<&'static str>, now: u64) -> Reply {
        let provider = place.provider;
        let path = route::path_and_query(&request.url);
        let asked = faults::Asked { provider, operation, method: &request.method, path };
        let rule = self.faults.pick(&asked, &mut self.random);
        let replacement = rule.as_ref().and_then(|rule| faults::instead(rule, &asked, &mut self.random, now));
        let applied = rule.as_ref().is_none_or(|rule| rule.applied);
        let right = if applied { self.right_answer(request, place, now) } else { Response::default() };
        let mut reply = replacement.unwrap_or(Reply { response: right, ..Reply::default() });
        if let Some(rule) = &rule {
            faults::alter(rule, provider, &mut reply);
            reply.delay_ms = rule.delay_ms;
        }
        reply
    }

    fn right_answer(&mut self, request: &Incoming, place: &route::Place, now: u64) -> Response {
        let call = call::Call {
            method: &request.method,
            segments: place.segments.as_deref().unwrap_or_default(),
            query: &place.query,
            headers: &request.headers,
            body: &request.body,
            now,
            origin: &place.origin,
        };
        let mut desk = call::Desk { options: &self.options, random: &mut self.random, limits: &mut self.limits };
        match (&place.area, place.provider) {
            (Area::Api, Provider::Imgix) => imgix::answer(&mut self.imgix, &call, &mut desk),
            (Area::Api, Provider::ImageBoss) => imageboss::answer(&mut self.imageboss, &call, &mut desk),
            (Area::Images(host), Provider::Imgix) => imgix::answer_image(&self.imgix, host, &call),
            (Area::Images(_), Provider::ImageBoss) => imageboss::answer_image(&self.imageboss, &call, &mut desk),
            (Area::Storage, _) => imgix::answer_storage(&mut self.imgix, &call),
            (Area::Files, _) => imgix::answer_file(&call),
        }
    }
}

/// The address belongs to neither provider.
fn nowhere() -> Reply {
    let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
    Reply { response: Response { status: 404, headers, body: b"not found".to_vec() }, ..Reply::default() }
}

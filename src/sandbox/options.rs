//! How a sandbox is set up.

use std::collections::BTreeMap;

use serde_json::Value;

use super::classes;
use super::faults::Faults;
use super::key::Key;
use super::limits::{Counting, Limit};
use super::provider::Provider;
use super::retry_after::Hint;
use super::settings::{Mistakes, Settings, parse};

/// The longest time an option may name, in milliseconds.
pub(super) const DAY: u64 = 86_400_000;

/// How a sandbox is set up. As JSON (see [`Options::from_json`]) the names are in camel case.
#[derive(Debug, Clone)]
pub struct Options {
    /// Begin with about 60 sources (`seed`, default true), or with none.
    pub seed: bool,
    /// How many assets those of imgix hold together (`assets`, default 5000, at most 200,000).
    pub assets: usize,
    /// What ids, tokens and chance are drawn from (`random`, default 1).
    pub random: u64,
    /// The keys that are let in (`keys`). Default: `ak_sandbox` and `sandbox` may do everything,
    /// `ak_sandbox_assets` at imgix only what concerns assets.
    pub keys: Vec<Key>,
    /// Count calls and answer 429, and how (`rateLimits`: `off`, the default, `fixed`, `sliding` or `token-bucket`; true
    /// is what `window` says: `sliding`, the default, or `fixed`).
    pub rate_limits: Counting,
    /// Whether such an answer says how long to wait (`retryAfter`: `none`, the default, `seconds` or `date`).
    pub retry_after: Hint,
    /// The limits by class (`limits`: `{ "imgix.default": { "requests": 4, "perMs": 1000 } }`); those of imgix's table unless
    /// given. A class without one is free, as `imageboss` and `imageboss.purge` are.
    pub limits: BTreeMap<String, Limit>,
    /// How long an imgix source keeps its old status after a write (`settleMs`, default 1500).
    pub settle_ms: u64,
    /// How long it is `deploying` then (`deployMs`, default 3000).
    pub deploy_ms: u64,
    /// Does imgix keep secrets that a new `deployment` leaves out (`keepOmittedSecrets`, default true), or refuse it?
    /// Which of the two the real one does is not known.
    pub keep_omitted_secrets: bool,
    /// The largest body imgix takes in one upload, in bytes (`uploadLimit`, default 30 MiB); larger ones get 413.
    pub upload_limit: usize,
    /// How long the address of an upload session is good (`sessionMs`, default 8 hours).
    pub session_ms: u64,
    /// How long a closed upload session takes to be complete (`completeMs`, default 1500).
    pub complete_ms: u64,
    /// How many requests the log holds (`logLimit`, default 1000).
    pub log_limit: usize,
    /// What goes wrong (`faults`, see [`Faults`]).
    pub faults: Faults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: true,
            assets: 5000,
            random: 1,
            keys: Key::usual(),
            rate_limits: Counting::Off,
            retry_after: Hint::None,
            limits: classes::documented(),
            settle_ms: 1500,
            deploy_ms: 3000,
            keep_omitted_secrets: true,
            upload_limit: 30 * 1024 * 1024,
            session_ms: 8 * 3_600_000,
            complete_ms: 1500,
            log_limit: 1000,
            faults: Faults::default(),
        }
    }
}

impl Options {
    /// Reads options from JSON. What is left out keeps its default; an empty text is `{}`.
    ///
    /// # Errors
    /// Everything that is wrong, at once; unknown names are.
    pub fn from_json(json: &str) -> Result<Self, Mistakes> {
        let value = if json.trim().is_empty() { Value::Object(serde_json::Map::new()) } else { parse(json)? };
        Self::from_value(&value)
    }

    /// Reads options from a JSON value.
    ///
    /// # Errors
    /// As [`Options::from_json`].
    pub fn from_value(value: &Value) -> Result<Self, Mistakes> {
        let mut options = Self::default();
        let mut from = Settings::new("", value);
        set(&mut options.seed, from.flag("seed"));
        set(&mut options.assets, from.size("assets", 200_000));
        set(&mut options.random, from.whole("random", 0, u64::MAX));
        if let Some(keys) = from.list("keys") {
            options.keys = keys.iter().enumerate().map(|(i, key)| Key::read(&mut from, i, key)).collect();
        }
        set(&mut options.rate_limits, classes::read_counting(&mut from));
        set(&mut options.retry_after, Hint::read(&mut from));
        if let Some(limits) = from.value("limits") {
            classes::read(&mut from, limits, &mut options.limits);
        }
        set(&mut options.settle_ms, from.whole("settleMs", 0, DAY));
        set(&mut options.deploy_ms, from.whole("deployMs", 0, DAY));
        set(&mut options.keep_omitted_secrets, from.flag("keepOmittedSecrets"));
        set(&mut options.upload_limit, from.size("uploadLimit", 1 << 30));
        set(&mut options.session_ms, from.whole("sessionMs", 0, DAY));
        set(&mut options.complete_ms, from.whole("completeMs", 0, DAY));
        set(&mut options.log_limit, from.size("logLimit", 1_000_000));
        if let Some(faults) = from.value("faults") {
            match Faults::read("faults", faults) {
                Ok(faults) => options.faults = faults,
                Err(Mistakes(mistakes)) => mistakes.into_iter().for_each(|mistake| from.wrong(mistake)),
            }
        }
        let mistakes = from.finish();
        if mistakes.is_empty() { Ok(options) } else { Err(Mistakes(mistakes)) }
    }

    /// The key with this value, if it is good at that provider.
    pub(super) fn key(&self, provider: Provider, value: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.value == value && key.provider.is_none_or(|only| only == provider))
    }
}

fn set<T>(option: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *option = given;
    }
}

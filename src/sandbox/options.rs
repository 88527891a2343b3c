//! How a sandbox is set up.

use std::collections::BTreeMap;

use serde_json::Value;

use super::faults::Faults;
use super::limits::{Limit, Window};
use super::provider::Provider;
use super::settings::{Mistakes, Settings, parse};

/// A key that is let in.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// The key itself.
    pub value: String,
    /// Where it is good; `None` is both.
    pub provider: Option<Provider>,
    /// What it may do at imgix, by the names of its documentation (`Sources`, `Purge`, `Analytics`,
    /// `Asset Manager Browse`, `Asset Manager Edit`, `Asset Purge`); `None` is everything. ImageBoss knows no permissions.
    pub permissions: Option<Vec<String>>,
}

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Key")
            .field("provider", &self.provider)
            .field("permissions", &self.permissions)
            .finish_non_exhaustive()
    }
}

impl Key {
    fn everywhere(value: &str) -> Self {
        Self { value: value.to_owned(), provider: None, permissions: None }
    }
}

/// How a sandbox is set up. As JSON (see [`Options::from_json`]) the names are in camel case.
#[derive(Debug, Clone)]
pub struct Options {
    /// Begin with about 60 sources (`seed`, default true), or with none.
    pub seed: bool,
    /// What ids and tokens are drawn from (`random`, default 1).
    pub random: u64,
    /// The keys that are let in (`keys`). Default: `ak_sandbox` and `sandbox` may do everything,
    /// `ak_sandbox_assets` at imgix only what concerns assets.
    pub keys: Vec<Key>,
    /// Count calls and answer 429 (`rateLimits`, default false).
    pub rate_limits: bool,
    /// How windows move (`window`: `sliding`, the default, or `fixed`).
    pub window: Window,
    /// The limits by class (`limits`: `{ "imgix.default": { "requests": 4, "perMs": 1000 } }`); those of imgix's table unless
    /// given. A class without one is free, as `imageboss` is.
    pub limits: BTreeMap<String, Limit>,
    /// How long an imgix source keeps its old status after a write (`settleMs`, default 1500).
    pub settle_ms: u64,
    /// How long it is `deploying` then (`deployMs`, default 3000).
    pub deploy_ms: u64,
    /// Does imgix keep secrets that a new `deployment` leaves out (`keepOmittedSecrets`, default true), or refuse it?
    /// Which of the two the real one does is not known.
    pub keep_omitted_secrets: bool,
    /// How many requests the log holds (`logLimit`, default 1000).
    pub log_limit: usize,
    /// What goes wrong (`faults`, see [`Faults`]).
    pub faults: Faults,
}

impl Default for Options {
    fn default() -> Self {
        let assets = ["Asset Manager Browse", "Asset Manager Edit"].map(str::to_owned).to_vec();
        Self {
            seed: true,
            random: 1,
            keys: vec![
                Key::everywhere("ak_sandbox"),
                Key::everywhere("sandbox"),
                Key {
                    permissions: Some(assets),
                    provider: Some(Provider::Imgix),
                    ..Key::everywhere("ak_sandbox_assets")
                },
            ],
            rate_limits: false,
            window: Window::Sliding,
            limits: documented(),
            settle_ms: 1500,
            deploy_ms: 3000,
            keep_omitted_secrets: true,
            log_limit: 1000,
            faults: Faults::default(),
        }
    }
}

/// The classes there are.
const CLASSES: [&str; 4] = ["imgix.default", "imgix.sources.create", "imgix.sources.update", "imageboss"];

/// What imgix documents.
fn documented() -> BTreeMap<String, Limit> {
    let hour = 3_600_000;
    [("imgix.default", 4, 1000), ("imgix.sources.create", 60, hour), ("imgix.sources.update", 60, hour)]
        .map(|(class, requests, per_ms)| (class.to_owned(), Limit { requests, per_ms }))
        .into()
}

impl Options {
    /// Reads options from JSON. What is left out keeps its default; an empty text is `{}`.
    ///
    /// # Errors
    /// Everything that is wrong, at once; unknown names are.
    pub fn from_json(json: &str) -> Result<Self, Mistakes> {
        let value = if json.trim().is_empty() { Value::Object(serde_json::Map::new()) } else { parse(json)? };
        let mut options = Self::default();
        let mut from = Settings::new("", &value);
        if let Some(seed) = from.flag("seed") {
            options.seed = seed;
        }
        if let Some(random) = from.whole("random", 0, u64::MAX) {
            options.random = random;
        }
        if let Some(keys) = from.list("keys") {
            options.keys = keys.iter().enumerate().map(|(i, key)| read_key(&mut from, i, key)).collect();
        }
        if let Some(on) = from.flag("rateLimits") {
            options.rate_limits = on;
        }
        match from.text("window") {
            Some("fixed") => options.window = Window::Fixed,
            Some("sliding") | None => {}
            Some(_) => from.wrong("window must be `sliding` or `fixed`".to_owned()),
        }
        if let Some(limits) = from.value("limits") {
            read_limits(&mut from, limits, &mut options.limits);
        }
        if let Some(ms) = from.whole("settleMs", 0, DAY) {
            options.settle_ms = ms;
        }
        if let Some(ms) = from.whole("deployMs", 0, DAY) {
            options.deploy_ms = ms;
        }
        if let Some(keep) = from.flag("keepOmittedSecrets") {
            options.keep_omitted_secrets = keep;
        }
        if let Some(limit) = from.whole("logLimit", 0, 1_000_000) {
            options.log_limit = usize::try_from(limit).unwrap_or(usize::MAX);
        }
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

const DAY: u64 = 86_400_000;

fn read_key(outer: &mut Settings<'_>, index: usize, value: &Value) -> Key {
    let mut from = Settings::new(&format!("keys.{index}"), value);
    let key = from.text("key").unwrap_or_default().to_owned();
    if key.is_empty() {
        from.wrong(format!("keys.{index}.key must be text and not empty"));
    }
    let provider = from.provider("provider");
    let permissions = from.list("permissions").map(|list| {
        let names: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        if names.len() != list.len() {
            from.wrong(format!("keys.{index}.permissions must hold text only"));
        }
        names
    });
    from.finish().into_iter().for_each(|mistake| outer.wrong(mistake));
    Key { value: key, provider, permissions }
}

fn read_limits(outer: &mut Settings<'_>, value: &Value, limits: &mut BTreeMap<String, Limit>) {
    let mut from = Settings::new("limits", value);
    for class in CLASSES {
        let Some(limit) = from.value(class) else { continue };
        let mut inner = Settings::new(&format!("limits.{class}"), limit);
        match (inner.whole("requests", 0, u64::from(u32::MAX)), inner.whole("perMs", 1, DAY)) {
            (Some(requests), Some(per_ms)) => {
                let requests = u32::try_from(requests).unwrap_or(u32::MAX);
                limits.insert(class.to_owned(), Limit { requests, per_ms });
            }
            _ => inner.wrong(format!("limits.{class} needs `requests` and `perMs`")),
        }
        inner.finish().into_iter().for_each(|mistake| from.wrong(mistake));
    }
    from.finish().into_iter().for_each(|mistake| outer.wrong(mistake));
}

//! All that imgix holds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::assets::Assets;
use super::session::Session;
use super::source::Source;

/// All that imgix holds.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct State {
    sources: Vec<Source>,
    /// Every subdomain that ever was in use: none can be taken again.
    used: BTreeSet<String>,
    pub(in crate::sandbox) assets: Assets,
    pub(super) sessions: BTreeMap<String, Session>,
    /// When a file (host and path) was purged last; what is long ago is forgotten.
    pub(super) purged: BTreeMap<(String, String), u64>,
    /// Is there anything to report about?
    pub(in crate::sandbox) has_reports: bool,
}

impl State {
    pub(in crate::sandbox) fn add(&mut self, source: Source) {
        self.used.extend(source.list("imgix_subdomains").map(str::to_owned));
        self.sources.push(source);
    }

    /// All that is kept of a source, or of an asset, whose id is `<source id>/<path>`.
    pub(in crate::sandbox) fn stored(&self, id: &str) -> Option<Value> {
        if let Some((source, path)) = id.split_once('/') {
            return self.assets.find(source, path).map(|asset| asset.stored(source));
        }
        self.find(id).map(|source| {
            json!({
                "id": source.id,
                "name": source.name,
                "enabled": source.enabled,
                "deployment": source.deployment,
                "secure_url_token": source.token,
            })
        })
    }

    pub(in crate::sandbox) fn all(&self) -> &[Source] {
        &self.sources
    }

    pub(super) fn find(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    pub(super) fn find_mut(&mut self, id: &str) -> Option<&mut Source> {
        self.sources.iter_mut().find(|source| source.id == id)
    }

    /// The source that serves this host: a subdomain of imgix.net or a domain of its own.
    pub(in crate::sandbox) fn at_host(&self, host: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.serves(host))
    }

    pub(super) fn was_used(&self, subdomain: &str) -> bool {
        self.used.contains(subdomain)
    }

    pub(super) fn use_up(&mut self, subdomains: impl Iterator<Item = String>) {
        self.used.extend(subdomains);
    }
}

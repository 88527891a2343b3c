//! A source.

use serde_json::{Map, Value, json};

use super::credentials;
use crate::sandbox::time::rfc3339;

/// All that ImageBoss holds.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct State {
    sources: Vec<Source>,
}

/// One source.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Source {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) kind: String,
    /// Secrets included.
    pub(in crate::sandbox) credentials: Map<String, Value>,
    pub(in crate::sandbox) created_at: u64,
    pub(in crate::sandbox) updated_at: u64,
}

impl State {
    pub(in crate::sandbox) fn add(&mut self, source: Source) {
        self.sources.push(source);
    }

    pub(in crate::sandbox) fn stored(&self, id: &str) -> Option<Value> {
        self.find(id).map(|source| source.with_credentials(&source.credentials))
    }

    pub(super) fn all(&self) -> &[Source] {
        &self.sources
    }

    pub(super) fn find(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    pub(super) fn find_mut(&mut self, id: &str) -> Option<&mut Source> {
        self.sources.iter_mut().find(|source| source.id == id)
    }

    /// Was it there?
    pub(super) fn remove(&mut self, id: &str) -> bool {
        let before = self.sources.len();
        self.sources.retain(|source| source.id != id);
        self.sources.len() < before
    }
}

impl Source {
    /// The source as answers show it: not wrapped, and with `credentials` for what is sent as `credential_attributes`.
    pub(super) fn show(&self) -> Value {
        self.with_credentials(&credentials::show(&self.kind, &self.credentials))
    }

    fn with_credentials(&self, credentials: &Map<String, Value>) -> Value {
        json!({
            "id": self.id,
            "source": self.name,
            "source_type": self.kind,
            "credentials": credentials,
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
        })
    }
}

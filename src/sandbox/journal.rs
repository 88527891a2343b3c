//! The requests seen so far.

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use super::exchange::Incoming;
use super::provider::Provider;
use super::route::path_and_query;

/// Headers that hold keys: the log has their names only.
const SECRET: [&str; 4] = ["authorization", "imageboss-api-key", "cookie", "proxy-authorization"];

/// One request that was answered.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// Whose it was, if the address told.
    pub provider: Option<Provider>,
    /// Its method.
    pub method: String,
    /// Its path and query, as they were sent.
    pub path: String,
    /// The status of the answer; 0 if there was none.
    pub status: u16,
    /// When it came, in milliseconds since 1970.
    pub at: u64,
    /// Its headers, names in lower case; keys are replaced by an empty value.
    pub headers: Vec<(String, String)>,
    /// What it asked for, if anything.
    pub operation: Option<&'static str>,
    /// Its body, cloud secrets included: for tests, not for printing. Of files only the beginning is kept, of other bodies
    /// 64 KiB.
    pub body: Vec<u8>,
    /// How long the body was as a whole.
    pub body_length: usize,
}

/// So much is kept of a body that is text.
const TEXT_KEPT: usize = 64 * 1024;
/// So much is kept of a file.
const FILE_KEPT: usize = 64;

impl core::fmt::Debug for Entry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Entry")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("status", &self.status)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The newest requests, up to a limit.
#[derive(Debug, Clone)]
pub(super) struct Journal {
    entries: VecDeque<Entry>,
    limit: usize,
}

impl Journal {
    pub(super) fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit }
    }

    pub(super) fn note(
        &mut self,
        (provider, operation): (Option<Provider>, Option<&'static str>),
        request: &Incoming,
        status: u16,
        at: u64,
    ) {
        let is_file = matches!(operation, Some("assets.upload" | "storage.put"));
        let kept = request.body.len().min(if is_file { FILE_KEPT } else { TEXT_KEPT });
        let headers = request.headers.iter().map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            let value = if SECRET.contains(&name.as_str()) { String::new() } else { value.clone() };
            (name, value)
        });
        self.entries.push_back(Entry {
            provider,
            method: request.method.clone(),
            path: path_and_query(&request.url).to_owned(),
            status,
            at,
            headers: headers.collect(),
            operation,
            body: request.body.get(..kept).unwrap_or_default().to_vec(),
            body_length: request.body.len(),
        });
        while self.entries.len() > self.limit {
            self.entries.pop_front();
        }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(super) fn to_json(&self) -> Value {
        self.entries
            .iter()
            .map(|entry| {
                let headers: Map<String, Value> =
                    entry.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
                json!({
                    "provider": entry.provider.map(Provider::name),
                    "operation": entry.operation,
                    "method": entry.method,
                    "path": entry.path,
                    "status": entry.status,
                    "at": entry.at,
                    "headers": headers,
                    "body": String::from_utf8_lossy(&entry.body),
                    "bodyLength": entry.body_length,
                })
            })
            .collect()
    }
}

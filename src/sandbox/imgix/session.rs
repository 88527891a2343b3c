//! Upload sessions: a pre-signed address to which a file is sent, and what becomes of it.
//!
//! `PENDING` until it is closed, then `CLOSED`, a moment later `COMPLETE`. How cancelled and expired ones are called, and that a
//! session without a file cannot be closed, is decided here.

use serde_json::{Value, json};

use super::content::Content;

/// One session.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) source: String,
    pub(super) path: String,
    /// What was sent with its creation; the file must be of the same type.
    pub(super) content_type: Option<String>,
    pub(super) url: String,
    pub(super) signature: String,
    pub(super) wants_blob_type: bool,
    pub(super) created: u64,
    pub(super) modified: u64,
    pub(super) expires: u64,
    pub(super) end: Option<End>,
    pub(super) content: Option<Content>,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Closed,
    /// The file has become an asset.
    Complete,
    Canceled,
}

// Who has the address may write.
impl core::fmt::Debug for Session {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Session").field("id", &self.id).field("end", &self.end).finish_non_exhaustive()
    }
}

impl Session {
    pub(super) fn status(&self, now: u64) -> &'static str {
        match self.end {
            Some(End::Closed) => "CLOSED",
            Some(End::Complete) => "COMPLETE",
            Some(End::Canceled) => "CANCELED",
            None if now >= self.expires => "EXPIRED",
            None => "PENDING",
        }
    }

    pub(super) fn is_open(&self, now: u64) -> bool {
        self.end.is_none() && now < self.expires
    }

    /// As status and creation show it; the address is told only once.
    pub(super) fn show(&self, now: u64, with_url: bool) -> Value {
        let mut attributes = json!({
            "date_created": self.created / 1000,
            "date_expires": self.expires / 1000,
            "date_modified": self.modified / 1000,
            "id": self.id,
            "origin_path": format!("/{}", self.path),
            "source_id": self.source,
            "status": self.status(now),
        });
        if let Some(attributes) = attributes.as_object_mut().filter(|_| with_url) {
            attributes.insert("url".to_owned(), self.url.as_str().into());
        }
        self.resource(&attributes)
    }

    /// As closing and cancelling show it.
    pub(super) fn show_briefly(&self, now: u64) -> Value {
        self.resource(&json!({
            "id": self.id,
            "origin_path": format!("/{}", self.path),
            "source_id": self.source,
            "status": self.status(now),
        }))
    }

    fn resource(&self, attributes: &Value) -> Value {
        json!({ "attributes": attributes, "id": self.id, "type": "upload_sessions" })
    }
}

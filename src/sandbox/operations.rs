//! The names of everything that can be asked for, as faults and the log use them.

use super::provider::Provider;
use super::route::{Area, Place};
use super::{imageboss, imgix};

/// All names. `images.get`, `storage.put` and `files.get` (of reports) are no calls to an API.
pub const OPERATIONS: [&str; 23] = [
    "sources.list",
    "sources.create",
    "sources.get",
    "sources.update",
    "sources.delete",
    "assets.list",
    "assets.get",
    "assets.update",
    "assets.add",
    "assets.refresh",
    "assets.upload",
    "uploadSessions.create",
    "uploadSessions.status",
    "uploadSessions.close",
    "uploadSessions.cancel",
    "purge",
    "publish",
    "unpublish",
    "reports.list",
    "reports.get",
    "images.get",
    "storage.put",
    "files.get",
];

/// Is there an operation of that name?
pub(super) fn is_operation(name: &str) -> bool {
    OPERATIONS.contains(&name)
}

/// The operation that a request stands for, if it stands for one.
pub(super) fn name(place: &Place, method: &str) -> Option<&'static str> {
    let segments = place.segments.as_deref()?;
    match (&place.area, place.provider) {
        (Area::Api, Provider::Imgix) => imgix::name(segments, method),
        (Area::Api, Provider::ImageBoss) => imageboss::name(segments, method),
        (Area::Images(_), Provider::ImageBoss) if method == "DELETE" => Some("purge"),
        (Area::Images(_), _) => Some("images.get"),
        (Area::Storage, _) => Some("storage.put"),
        (Area::Files, _) => Some("files.get"),
    }
}

//! Which operation an address and a method stand for, what it counts as, and who may do it.

use super::envelope::Refusal;
use crate::sandbox::key::Key;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    ListSources,
    CreateSource,
    GetSource,
    UpdateSource,
    ListAssets,
    GetAsset,
    UpdateAsset,
    AddAsset,
    RefreshAsset,
    Upload,
    CreateSession,
    SessionStatus,
    CloseSession,
    CancelSession,
    Purge,
    Publish,
    Unpublish,
    ListReports,
    GetReport,
}

use Kind::{
    AddAsset, CancelSession, CloseSession, CreateSession, CreateSource, GetAsset, GetReport, GetSource, ListAssets,
    ListReports, ListSources, Publish, Purge, RefreshAsset, SessionStatus, Unpublish, UpdateAsset, UpdateSource,
    Upload,
};

/// An operation and what it is about.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    pub(super) kind: Kind,
    /// The id of the source, if the address names one.
    pub(super) source: &'a str,
    /// The rest of the address, decoded: a path without its leading slash, or an id.
    pub(super) rest: String,
}

impl Kind {
    /// Its name in faults and in the log.
    pub(super) fn name(self) -> &'static str {
        match self {
            ListSources => "sources.list",
            CreateSource => "sources.create",
            GetSource => "sources.get",
            UpdateSource => "sources.update",
            ListAssets => "assets.list",
            GetAsset => "assets.get",
            UpdateAsset => "assets.update",
            AddAsset => "assets.add",
            RefreshAsset => "assets.refresh",
            Upload => "assets.upload",
            CreateSession => "uploadSessions.create",
            SessionStatus => "uploadSessions.status",
            CloseSession => "uploadSessions.close",
            CancelSession => "uploadSessions.cancel",
            Purge => "purge",
            Publish => "publish",
            Unpublish => "unpublish",
            ListReports => "reports.list",
            GetReport => "reports.get",
        }
    }

    /// The class its calls are counted in.
    pub(super) fn class(self) -> &'static str {
        match self {
            CreateSource => "imgix.sources.create",
            UpdateSource => "imgix.sources.update",
            GetAsset => "imgix.assets.get",
            RefreshAsset => "imgix.assets.refresh",
            Upload => "imgix.assets.upload",
            Purge => "imgix.purge",
            _ => "imgix.default",
        }
    }

    /// Any of these permissions will do.
    fn permissions(self) -> &'static [&'static str] {
        match self {
            ListSources | CreateSource | GetSource | UpdateSource => &["Sources"],
            ListAssets | GetAsset => &["Asset Manager Browse"],
            SessionStatus => &["Asset Manager Browse", "Asset Manager Edit"],
            UpdateAsset | AddAsset | RefreshAsset | Upload | CreateSession | CloseSession | CancelSession => {
                &["Asset Manager Edit"]
            }
            Purge => &["Purge"],
            Publish | Unpublish => &["Asset Purge"],
            ListReports | GetReport => &["Analytics"],
        }
    }

    pub(super) fn is_allowed(self, key: &Key) -> bool {
        self.permissions().iter().any(|name| permits(key, name))
    }
}

/// The documentation calls the same permission `Asset Manager Edit` here and `Asset Edit` there.
pub(super) fn permits(key: &Key, name: &str) -> bool {
    let plain = |name: &str| name.to_ascii_lowercase().replace(" manager", "");
    key.permissions.as_ref().is_none_or(|all| all.iter().any(|mine| plain(mine) == plain(name)))
}

/// The operation of an address: 404 if there is nothing, 405 if it is not for this method.
///
/// Two addresses are older ones that shipped clients still use: `assets/:source_id/...` and `sources/upload/:source_id/...`.
pub(super) fn find<'a>(segments: &[&'a str], method: &str) -> Result<Operation<'a>, Refusal> {
    let (choices, source, rest): (&[(&str, Kind)], &'a str, &[&'a str]) = match segments {
        ["sources"] => (&[("GET", ListSources), ("POST", CreateSource)], "", &[]),
        ["sources", "upload", source, rest @ ..] | ["sources", source, "upload", rest @ ..] => {
            (&[("POST", Upload)], source, rest)
        }
        ["sources", source] => (&[("GET", GetSource), ("PATCH", UpdateSource)], source, &[]),
        ["sources", source, "assets"] | ["assets", source] => (&[("GET", ListAssets)], source, &[]),
        ["sources", source, "assets", "add", rest @ ..] if method == "POST" => (&[("POST", AddAsset)], source, rest),
        ["sources", source, "assets", "refresh", rest @ ..] if method == "POST" => {
            (&[("POST", RefreshAsset)], source, rest)
        }
        ["sources", source, "assets", rest @ ..] | ["assets", source, rest @ ..] => {
            (&[("GET", GetAsset), ("PATCH", UpdateAsset)], source, rest)
        }
        ["sources", source, "upload-sessions", "create", rest @ ..] => (&[("POST", CreateSession)], source, rest),
        ["sources", source, "upload-sessions", "status", _] => (&[("GET", SessionStatus)], source, last(segments)),
        ["sources", source, "upload-sessions", "close", _] => (&[("POST", CloseSession)], source, last(segments)),
        ["sources", source, "upload-sessions", "cancel", _] => (&[("DELETE", CancelSession)], source, last(segments)),
        ["purge"] => (&[("POST", Purge)], "", &[]),
        ["publish"] => (&[("POST", Publish)], "", &[]),
        ["sources", source, "publish"] => (&[("POST", Publish)], source, &[]),
        ["unpublish"] => (&[("POST", Unpublish)], "", &[]),
        ["sources", source, "unpublish"] => (&[("POST", Unpublish)], source, &[]),
        ["reports"] => (&[("GET", ListReports)], "", &[]),
        ["reports", _] => (&[("GET", GetReport)], "", last(segments)),
        _ => return Err(Refusal::plain(404)),
    };
    let about_one = !matches!(segments, ["sources" | "purge" | "publish" | "unpublish" | "reports"] | ["reports", _]);
    if (about_one && source.is_empty()) || rest == [""] {
        return Err(Refusal::plain(404));
    }
    let choice = choices.iter().find(|(name, _)| *name == method);
    let (_, kind) = *choice.ok_or_else(|| Refusal::plain(405))?;
    let needs_rest = matches!(kind, GetAsset | UpdateAsset | AddAsset | RefreshAsset | Upload | CreateSession);
    if needs_rest && rest.is_empty() {
        return Err(Refusal::plain(404));
    }
    Ok(Operation { kind, source, rest: rest.join("/") })
}

fn last<'s, 'a>(segments: &'s [&'a str]) -> &'s [&'a str] {
    segments.last().map(core::slice::from_ref).unwrap_or_default()
}

/// A path that names one file: every segment says something, and none climbs.
pub(super) fn is_path(path: &str) -> bool {
    path.split('/').all(|segment| !matches!(segment, "" | "." | ".."))
}

//! The sandbox, from outside: what a client would notice.
#![cfg(feature = "sandbox")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the lints' exception for tests does not reach helpers"
)]

#[path = "sandbox/support.rs"]
mod support;

#[path = "sandbox/assets.rs"]
mod assets;
#[path = "sandbox/assets_written.rs"]
mod assets_written;
#[path = "sandbox/faults.rs"]
mod faults;
#[path = "sandbox/imageboss_purge.rs"]
mod imageboss_purge;
#[path = "sandbox/imageboss_sources.rs"]
mod imageboss_sources;
#[path = "sandbox/imgix_deploys.rs"]
mod imgix_deploys;
#[path = "sandbox/imgix_lists.rs"]
mod imgix_lists;
#[path = "sandbox/imgix_writes.rs"]
mod imgix_writes;
#[path = "sandbox/limits.rs"]
mod limits;
#[path = "sandbox/pictures.rs"]
mod pictures;
#[path = "sandbox/purge.rs"]
mod purge;
#[path = "sandbox/reports.rs"]
mod reports;
#[path = "sandbox/the_whole.rs"]
mod the_whole;
#[path = "sandbox/upload_sessions.rs"]
mod upload_sessions;
#[path = "sandbox/uploads.rs"]
mod uploads;

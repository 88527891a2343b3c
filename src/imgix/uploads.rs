//! `/sources/{sourceId}/upload-sessions`: files too large for one request, which go straight to the storage.
//!
//! <https://docs.imgix.com/apis/management/assets>

use crate::proto::operation::{Answer, Operation, Poll, Resource, To};
use crate::proto::options::CALL;
use crate::schema::{Field, Table};

const EDIT: &str = "Asset Manager Edit";
const DAY_MS: u32 = 86_400_000;

/// An upload session.
pub static SESSION: Table = Table::new(
    "ImgixUploadSession",
    &[
        Field::string("status")
            .suggests(&["PENDING", "CLOSED", "COMPLETE", "CANCELED"])
            .help("goes from `PENDING` over `CLOSED` to `COMPLETE`"),
        Field::string("url").secret().help("where the bytes go; signed, so whoever has it can write"),
        Field::string("origin_path").help("path in the storage, with a slash before it"),
        Field::string("source_id").help("the source it belongs to"),
        Field::seconds("date_created").help("unix seconds"),
        Field::seconds("date_modified").help("unix seconds"),
        Field::seconds("date_expires").help("unix seconds; eight hours after creation"),
    ],
)
.help("A file on its way into a source's storage.");

static CREATE_OPTIONS: Table = Table::new(
    "ImgixUploadSessionOptions",
    &[Field::string("contentType").updatable().help("media type; the bytes must be sent with the same")],
)
.with(&CALL);

static WAIT_OPTIONS: Table = Table::new(
    "ImgixUploadSessionWaitOptions",
    &[Field::number("intervalMs", DAY_MS).updatable().default("2000").help("pause between two looks, in milliseconds")],
)
.with(&CALL);

static COMPLETE: Poll = Poll {
    field: "status",
    done: "COMPLETE",
    failed: &["CANCELLED", "CANCELED", "FAILED", "EXPIRED", "ERROR"],
    settle_ms: 0,
    interval_ms: 2_000,
};

const STATUS: &str = "sources/{sourceId}/upload-sessions/status/{sessionId}";

/// The operations on upload sessions.
pub(super) const RESOURCE: Resource = Resource {
    name: "uploadSessions",
    #[cfg(not(target_arch = "wasm32"))]
    help: "Uploads of large files, step by step; `assets.upload` does all of them.",
    operations: &[
        Operation::request("uploadSessions.create", "sources/{sourceId}/upload-sessions/create/{path+}")
            .help("Opens a session for one file. Its bytes go to `url` by PUT, without the key.")
            .needs(EDIT)
            .counted_as("default")
            .once()
            .takes(&CREATE_OPTIONS)
            .answers(Answer::One(&SESSION)),
        Operation::get("uploadSessions.status", STATUS)
            .help("Reads a session.")
            .needs(EDIT)
            .counted_as("default")
            .answers(Answer::One(&SESSION)),
        Operation::request("uploadSessions.close", "sources/{sourceId}/upload-sessions/close/{sessionId}")
            .help("Says that all bytes are there.")
            .needs(EDIT)
            .counted_as("default")
            .answers(Answer::One(&SESSION)),
        Operation::delete("uploadSessions.cancel", "sources/{sourceId}/upload-sessions/cancel/{sessionId}")
            .help("Gives a session up.")
            .needs(EDIT)
            .counted_as("default")
            .answers(Answer::Maybe(&SESSION)),
        Operation::get("uploadSessions.waitUntilComplete", STATUS)
            .help("Waits until imgix has taken in the file of a closed session.")
            .needs(EDIT)
            .counted_as("default")
            .takes(&WAIT_OPTIONS)
            .answers(Answer::One(&SESSION))
            .polls(&COMPLETE)
            .patient(30_000, 1_800_000),
        Operation::bytes("PUT", "uploadSessions.put", "{url}")
            .help("Sends the bytes of a session to its `url`. The type must be the one with which it was opened.")
            .needs("none")
            .takes(&CREATE_OPTIONS)
            .to(To::Given)
            .unlisted(),
    ],
};

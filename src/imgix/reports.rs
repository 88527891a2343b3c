//! `/reports`: what imgix counted, as files.
//!
//! <https://docs.imgix.com/apis/management/reports>

use super::paging;
use crate::proto::operation::{Answer, Operation, Resource};
use crate::schema::{Field, Table};

/// A report.
pub static REPORT: Table = Table::new(
    "ImgixReport",
    &[
        Field::string("report_key").help("type and day, such as `cdn_logs_20250812`"),
        Field::string("report_type")
            .suggests(&[
                "cdn_logs",
                "image_analytics",
                "source_analytics",
                "mild_errors",
                "severe_errors",
                "credit_analytics_daily",
                "credit_analytics_mtd",
            ])
            .help("what is in it"),
        Field::boolean("completed").help("is it final?"),
        Field::strings("files", 0).help("addresses of its files; they expire, so read the report again for new ones"),
        Field::seconds("period_start").help("unix seconds"),
        Field::seconds("period_end").help("unix seconds"),
    ],
)
.help("What imgix counted in a period. Kept for 90 days.");

static LIST_OPTIONS: Table =
    Table::new("ImgixReportsQuery", &[Field::object("page", &paging::NUMBER).updatable().help("which page")])
        .with(&paging::LIST)
        .help(
            "Which reports. Filters: `completed`, `report_type`. Sorts: `period_end`, `period_start`, `report_key`, \
             `report_type`.",
        );

/// The operations on reports.
pub(super) const RESOURCE: Resource = Resource {
    name: "reports",
    #[cfg(not(target_arch = "wasm32"))]
    help: "Logs and numbers as files.",
    operations: &[
        Operation::get("reports.list", "reports")
            .help("Lists reports, page by page.")
            .needs("Analytics")
            .counted_as("default")
            .takes(&LIST_OPTIONS)
            .answers(Answer::List(&REPORT)),
        Operation::get("reports.get", "reports/{id}")
            .help("Reads one report.")
            .needs("Analytics")
            .counted_as("default")
            .answers(Answer::One(&REPORT)),
    ],
};

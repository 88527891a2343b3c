//! Tables of fields, the JSON they describe, and the one checker that walks bytes against a table.
//!
//! This layer knows no provider, no HTTP and no JavaScript.

mod check;
pub mod json;
mod nearest;
pub mod pattern;
pub mod problem;
pub mod rule;
mod table;
pub mod text;

pub(crate) use check::is_mask;
pub use check::{AnswerChecker, Drift, Input, check_arguments, check_input};
pub(crate) use nearest::nearest;
pub use problem::{Code, Level, Problem};
pub use rule::{Findings, Look, Rule};
pub use table::{Access, Discriminator, Field, Fields, Kind, Table};

//! The core from outside, as a Rust developer uses it: prepare an operation, send it with anything, read the answer.

#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]
#![expect(clippy::float_cmp, reason = "virtual time is exact")]
#![expect(
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    reason = "helpers of tests read better at their callers"
)]

#[path = "core/answers.rs"]
mod answers;
#[path = "core/engine.rs"]
mod engine;
#[path = "core/engine_gateway.rs"]
mod engine_gateway;
#[path = "core/engine_limits.rs"]
mod engine_limits;
#[path = "core/engine_merge.rs"]
mod engine_merge;
#[path = "core/engine_nonsense.rs"]
mod engine_nonsense;
#[path = "core/engine_oracle.rs"]
mod engine_oracle;
#[path = "core/engine_recovery.rs"]
mod engine_recovery;
#[path = "core/engine_retry.rs"]
mod engine_retry;
#[path = "core/engine_wait.rs"]
mod engine_wait;
#[path = "core/grammar.rs"]
mod grammar;
#[path = "core/host.rs"]
mod host;
#[path = "core/layers.rs"]
mod layers;
#[path = "core/plan.rs"]
mod plan;
#[path = "core/plan_export.rs"]
mod plan_export;
#[path = "core/plan_support.rs"]
mod plan_support;
#[path = "core/requests.rs"]
mod requests;
#[path = "core/resources.rs"]
mod resources;
#[path = "core/signing.rs"]
mod signing;
#[path = "core/simulation.rs"]
mod simulation;
#[path = "core/support.rs"]
mod support;
#[path = "core/validation.rs"]
mod validation;

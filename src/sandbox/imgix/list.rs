//! Reading sources.

use serde_json::Value;

use super::envelope::{Refusal, accept};
use super::pages;
use super::query::{Grammar, Paging, Query};
use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};

static GRAMMAR: Grammar = Grammar {
    paging: Paging::Number,
    filters: |name| FILTERS.contains(&name),
    sorts: &["date_deployed", "enabled", "name"],
};

const FILTERS: [&str; 12] = [
    "name",
    "enabled",
    "deployment.azure_bucket",
    "deployment.bucket_name",
    "deployment.custom_domains",
    "deployment.gcs_bucket",
    "deployment.imgix_subdomains",
    "deployment.region",
    "deployment.s3_bucket",
    "deployment.storage_provider",
    "deployment.type",
    "deployment.webfolder_base_url",
];

/// `GET sources`
pub(super) fn list(state: &State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let query = Query::parse(call.query, Some(&GRAMMAR))?;
    let all: Vec<Value> = state.all().iter().map(|source| source.show(call.now, desk.options)).collect();
    Ok(pages::page("sources", all, &query, desk.random))
}

/// `GET sources/:source_id`
pub(super) fn read(state: &State, id: &str, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let source = state.find(id).ok_or_else(|| Refusal::plain(404))?;
    let query = Query::parse(call.query, None)?;
    let shown = query.thin("sources", source.show(call.now, desk.options));
    Ok(accept(200, &shown, None, desk.random))
}

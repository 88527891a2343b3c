//! Reading assets.

use serde_json::{Value, json};

use super::asset::Asset;
use super::asset_filters::{GRAMMAR, compare, passes};
use super::envelope::{Refusal, accept};
use super::query::Query;
use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};

/// `GET sources/:source_id/assets`
pub(super) fn list(state: &State, source: &str, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    state.find(source).ok_or_else(|| Refusal::plain(404))?;
    let query = Query::parse(call.query, Some(&GRAMMAR))?;
    let asked = |asset: &&Asset| query.lets_through(|field, wanted| passes(asset, field, wanted));
    let mut found: Vec<&Asset> = state.assets.of(source).filter(asked).collect();
    found.sort_by(|a, b| query.order(|key| compare(a, b, key)));
    let page = found.iter().skip(query.offset).take(query.size);
    let page: Vec<Value> = page.map(|asset| query.thin("assets", asset.show(source))).collect();
    let cursor = cursor(query.offset, query.size, found.len());
    Ok(accept(200, &Value::Array(page), Some(("cursor", cursor)), desk.random))
}

/// `GET sources/:source_id/assets/:origin_path`
pub(super) fn read(
    state: &State,
    (source, path): (&str, &str),
    call: &Call<'_>,
    desk: &mut Desk<'_>,
) -> Result<Response, Refusal> {
    let asset = state.assets.find(source, path).ok_or_else(|| Refusal::plain(404))?;
    let query = Query::parse(call.query, None)?;
    Ok(accept(200, &query.thin("assets", asset.show(source)), None, desk.random))
}

/// Cursors are offsets, as two clients use them; they and the total are text. What `next` is on the last page is not known.
fn cursor(offset: usize, size: usize, total: usize) -> Value {
    let next = offset.checked_add(size).filter(|next| *next < total);
    json!({
        "current": offset.to_string(),
        "hasMore": next.is_some(),
        "next": next.map(|next| next.to_string()),
        "totalRecords": total.to_string(),
    })
}

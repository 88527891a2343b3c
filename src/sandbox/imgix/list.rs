//! Reading sources.

use serde_json::{Value, json};

use super::envelope::{Refusal, accept};
use super::query::Query;
use super::source::State;
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};

/// `GET sources`
pub(super) fn list(state: &State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let query = Query::parse(call.query, true).map_err(|details| Refusal { status: 400, details })?;
    let all = state.all().iter().map(|source| source.show(call.now, desk.options));
    let mut found: Vec<Value> = all.filter(|source| query.keeps(source)).collect();
    found.sort_by(|a, b| query.compare(a, b));
    let total = found.len();
    let first = query.number.saturating_mul(query.size);
    let page: Vec<Value> =
        found.into_iter().skip(first).take(query.size).map(|source| query.thin("sources", source)).collect();
    let pagination = pagination(query.number, query.size, total);
    Ok(accept(200, &Value::Array(page), Some(pagination), desk.random))
}

/// `GET sources/:source_id`
pub(super) fn read(state: &State, id: &str, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let source = state.find(id).ok_or_else(|| Refusal::plain(404))?;
    let query = Query::parse(call.query, false).map_err(|details| Refusal { status: 400, details })?;
    let shown = query.thin("sources", source.show(call.now, desk.options));
    Ok(accept(200, &shown, None, desk.random))
}

/// Pages are counted from zero.
fn pagination(number: usize, size: usize, total: usize) -> Value {
    let pages = total.div_ceil(size.max(1));
    let next = number.checked_add(1).filter(|next| *next < pages);
    let previous = number.checked_sub(1);
    json!({
        "currentPage": number,
        "hasNextPage": next.is_some(),
        "hasPreviousPage": previous.is_some(),
        "nextPage": next,
        "pageSize": size,
        "previousPage": previous,
        "totalPages": pages,
        "totalRecords": total,
    })
}

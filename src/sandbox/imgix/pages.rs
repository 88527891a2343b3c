//! Lists that are counted by pages.

use serde_json::{Value, json};

use super::envelope::accept;
use super::query::Query;
use crate::proto::http::Response;
use crate::sandbox::random::Random;

/// The page that the query asks for, of those of `all` that it asks for.
pub(super) fn page(kind: &str, all: Vec<Value>, query: &Query, random: &mut Random) -> Response {
    let mut found: Vec<Value> = all.into_iter().filter(|resource| query.keeps(resource)).collect();
    found.sort_by(|a, b| query.compare(a, b));
    let total = found.len();
    let first = query.number.saturating_mul(query.size);
    let page: Vec<Value> =
        found.into_iter().skip(first).take(query.size).map(|resource| query.thin(kind, resource)).collect();
    let pagination = pagination(query.number, query.size, total);
    accept(200, &Value::Array(page), Some(("pagination", pagination)), random)
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

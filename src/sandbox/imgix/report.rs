//! `GET reports`, `GET reports/:report_id`, and the files they name.
//!
//! A report of each type for each of the last 90 days; they follow from the time alone. A day is over at midnight (UTC), and its
//! reports are there an hour later; until then they are announced without files.

use serde_json::{Value, json};

use super::envelope::{Refusal, accept};
use super::pages;
use super::query::{Grammar, Paging, Query};
use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::bytes::{crc32, gzip};
use crate::sandbox::call::{Call, Desk};
use crate::sandbox::time::day_number;

static GRAMMAR: Grammar = Grammar {
    paging: Paging::Number,
    filters: |name| matches!(name, "completed" | "report_type"),
    sorts: &["period_end", "period_start", "report_key", "report_type"],
};

/// Type, and how many files it comes in.
const TYPES: [(&str, u64); 7] = [
    ("cdn_logs", 3),
    ("image_analytics", 1),
    ("source_analytics", 1),
    ("mild_errors", 1),
    ("severe_errors", 1),
    ("credit_analytics_daily", 1),
    ("credit_analytics_mtd", 1),
];

const DAY: u64 = 86_400;
const DAYS_KEPT: u64 = 90;
/// How long after midnight reports are there.
const READY: u64 = 3600;
/// How many rows a file has.
const ROWS: u64 = 20;
/// How long addresses of files are good.
const GOOD: u64 = 3600;

/// `GET reports`: the newest day first.
pub(super) fn list(state: &State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let query = Query::parse(call.query, Some(&GRAMMAR))?;
    Ok(pages::page("reports", all(state, call), &query, desk.random))
}

/// `GET reports/:report_id`
pub(super) fn read(state: &State, id: &str, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let query = Query::parse(call.query, None)?;
    let found = all(state, call).into_iter().find(|report| report.get("id").and_then(Value::as_str) == Some(id));
    let report = found.ok_or_else(|| Refusal::plain(404))?;
    Ok(accept(200, &query.thin("reports", report), None, desk.random))
}

/// `GET /reports/:name.csv.gz?Expires=...&Signature=...`
pub(in crate::sandbox) fn file(call: &Call<'_>) -> Response {
    let value = |name: &str| call.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let expires = value("Expires").and_then(|seconds| seconds.parse::<u64>().ok()).unwrap_or(0);
    let name = match call.segments {
        [name] => name.strip_suffix(".csv.gz"),
        _ => None,
    };
    let (Some(name), "GET" | "HEAD") = (name, call.method) else {
        return text(404, "text/plain", b"not found".to_vec());
    };
    if expires <= call.now / 1000 || value("Signature") != Some(signature(name, expires).as_str()) {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>ExpiredToken</Code></Error>";
        return text(403, "application/xml", body.as_bytes().to_vec());
    }
    let rows: Vec<String> = (0..ROWS).map(|row| figures(name, row)).collect();
    text(200, "application/gzip", gzip(format!("report,path,requests,bytes,misses\n{}\n", rows.join("\n")).as_bytes()))
}

/// One row of a file: some paths are asked for far more often than others, and all of them less at weekends.
fn figures(name: &str, row: u64) -> String {
    let day = name.split('_').rev().nth(1).and_then(|day| day.parse::<u64>().ok()).unwrap_or(0);
    let chance = u64::from(crc32(format!("{name} {row}").as_bytes()));
    let usual = 4000 / (row + 1) + chance % 300;
    let requests = if matches!(weekday(day), 0 | 6) { usual * 3 / 5 } else { usual };
    let (bytes, misses) = (requests * (20_000 + chance % 9000), requests * (3 + chance % 5) / 100);
    format!("{name},/heroes/{row}.jpg,{requests},{bytes},{misses}")
}

/// The day of the week of a day such as 20250812; 0 is Sunday.
fn weekday(day: u64) -> u64 {
    let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
    // The year begins in March, so that its odd day comes last.
    let (year, month) = if month < 3 { (year.saturating_sub(1), month + 12) } else { (year, month) };
    (day + 13 * (month + 1) / 5 + year + year / 4 + 6 * (year / 100) + year / 400 + 6) % 7
}

fn all(state: &State, call: &Call<'_>) -> Vec<Value> {
    if !state.has_reports {
        return Vec::new();
    }
    let today = call.now / 1000 / DAY;
    let days = (today.saturating_sub(DAYS_KEPT)..=today).rev();
    days.flat_map(|day| TYPES.iter().zip(0_u64..).map(move |(kind, index)| report(*kind, index, day, call))).collect()
}

fn report((kind, files): (&str, u64), index: u64, day: u64, call: &Call<'_>) -> Value {
    let (start, seconds) = (day * DAY, call.now / 1000);
    let completed = seconds >= start + DAY + READY;
    let key = format!("{kind}_{}", day_number(start * 1000));
    let files: Vec<String> = (0..if completed { files } else { 0 })
        .map(|part| {
            let (name, expires) = (format!("{key}_{part}"), seconds + GOOD);
            let signature = signature(&name, expires);
            format!("{}/reports/{name}.csv.gz?Expires={expires}&Signature={signature}", call.origin)
        })
        .collect();
    json!({
        "attributes": {
            "completed": completed,
            "files": files,
            "period_end": start + DAY,
            "period_start": start,
            "report_key": key,
            "report_type": kind,
        },
        "id": format!("{start:08x}{index:016x}"),
        "type": "reports",
    })
}

/// Nothing secret is in the files, so it only has to change with what it signs.
fn signature(name: &str, expires: u64) -> String {
    let mixed = name.bytes().fold(expires, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    format!("{mixed:016x}")
}

fn text(status: u16, kind: &str, body: Vec<u8>) -> Response {
    Response { status, headers: vec![("content-type".to_owned(), kind.to_owned())], body }
}

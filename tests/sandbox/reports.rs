//! imgix: reports and their files.

use image_sources::sandbox::Incoming;
use serde_json::{Value, json};

use super::support::{assert_same_shape, bare, fixture, full};

#[test]
fn reports_of_ninety_days_are_there_the_last_one_still_being_made() {
    let mut client = full();

    let answer = client.imgix("GET", "reports?sort=-period_end", "");

    assert_same_shape(&answer.body, &fixture("imgix/reports-list.200.json"), "");
    assert_eq!(answer.body["meta"]["pagination"]["totalRecords"], 7 * 91);
    let newest = &answer.body["data"][0]["attributes"];
    assert_eq!(
        (&newest["completed"], &newest["files"], &newest["report_key"]),
        (&json!(false), &json!([]), &json!("cdn_logs_20260305"))
    );
    let older = &answer.body["data"][7]["attributes"];
    assert_eq!((&older["completed"], older["files"].as_array().unwrap().len()), (&json!(true), 3));
}

#[test]
fn a_report_is_finished_an_hour_after_midnight() {
    let mut client = full();
    let midnight = 1_772_755_200_000.0;
    let mut open = |now: f64| {
        client.now = now;
        client.imgix("GET", "reports?filter[completed]=false", "").body["meta"]["pagination"]["totalRecords"].clone()
    };

    assert_eq!(open(midnight - 1.0), 7);
    assert_eq!(open(midnight), 14);
    assert_eq!(open(midnight + 3_600_000.0), 7);
}

#[test]
fn reports_can_be_filtered_sorted_and_read_one_by_one() {
    let mut client = full();
    let list = client.imgix(
        "GET",
        "reports?filter[report_type]=mild_errors&filter[completed]=true&sort=period_start&page[size]=2",
        "",
    );
    let first = list.body["data"][0].clone();

    assert_eq!(first["attributes"]["report_type"], "mild_errors");
    assert!(first["attributes"]["period_start"].as_u64() < list.body["data"][1]["attributes"]["period_start"].as_u64());
    let read = client.imgix("GET", &format!("reports/{}", first["id"].as_str().unwrap()), "");
    assert_same_shape(&read.body, &fixture("imgix/report-get.200.json"), "");
    assert_eq!(read.body["data"], first);
    assert_eq!(client.imgix("GET", "reports/nope", "").status, 404);
    assert_eq!(client.imgix("GET", "reports?sort=name", "").status, 400);
    assert_eq!(client.imgix("POST", "reports", "").status, 405);
}

#[test]
fn an_empty_account_has_no_reports() {
    assert_eq!(bare().imgix("GET", "reports", "").body["data"], json!([]));
}

#[test]
fn files_of_reports_are_compressed_tables_for_an_hour() {
    let mut client = full();
    let list = client.imgix("GET", "reports?filter[completed]=true&page[size]=1", "").body;
    let url = list["data"][0]["attributes"]["files"][0].as_str().unwrap().to_owned();
    let get = |client: &mut super::support::Client, url: &str| client.send(&Incoming::new("GET", url));

    let file = get(&mut client, &url);

    assert_eq!((file.status, file.header("content-type")), (200, Some("application/gzip")));
    assert!(file.reply.response.body.starts_with(&[0x1F, 0x8B, 8]));
    assert_eq!(get(&mut client, &url.replace("cdn_logs", "mild_errors")).status, 403);
    assert_eq!(get(&mut client, url.split('?').next().unwrap()).status, 403);
    assert_eq!(client.send(&Incoming::new("DELETE", &*url)).status, 404);
    client.now += 3_600_000.0;
    assert_eq!(get(&mut client, &url).status, 403);
    let again = client.imgix("GET", "reports?filter[completed]=true&page[size]=1", "").body;
    assert_ne!(again["data"][0]["attributes"]["files"][0], Value::from(url));
}

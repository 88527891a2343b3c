//! imgix: reading assets.

use serde_json::{Value, json};

use super::support::{Client, assert_same_shape, bare, fixture, full, with};

/// All assets of a source that a query asks for.
fn all(client: &mut Client, source: &str, query: &str) -> Vec<Value> {
    let answer = client.imgix("GET", &format!("sources/{source}/assets?page[limit]=5000&{query}"), "");
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body["data"].as_array().unwrap().clone()
}

#[test]
fn the_account_begins_with_five_thousand_assets_in_sources_that_can_hold_them() {
    let mut client = full();
    let sources = client.imgix("GET", "sources?page[size]=100", "").body;
    let mut counts = Vec::new();
    for source in sources["data"].as_array().unwrap() {
        let count = all(&mut client, source["id"].as_str().unwrap(), "").len();
        let kind = &source["attributes"]["deployment"]["type"];
        assert!(count == 0 || kind != "webproxy");
        counts.push(count);
    }

    assert_eq!(counts.iter().sum::<usize>(), 5000);
    assert!(counts.iter().max().unwrap() > &1000 && counts.contains(&1) && counts.contains(&0));
}

#[test]
fn how_many_assets_there_are_can_be_chosen_and_changes_no_source() {
    let mut few = with(r#"{ "assets": 7 }"#);
    let source = few.fullest();

    assert!(all(&mut few, &source, "").len() <= 7);
    assert_eq!(full().fullest(), source);
}

#[test]
fn a_list_has_the_shape_of_the_fixture_and_twenty_on_a_page() {
    let mut client = full();
    let source = client.fullest();

    let answer = client.imgix("GET", &format!("sources/{source}/assets"), "");

    assert_same_shape(&answer.body, &fixture("imgix/assets-list.200.page1.json"), "");
    assert_eq!(answer.body["data"].as_array().unwrap().len(), 20);
    let cursor = &answer.body["meta"]["cursor"];
    assert_eq!((&cursor["current"], &cursor["next"], &cursor["hasMore"]), (&json!("0"), &json!("20"), &json!(true)));
    assert!(cursor["totalRecords"].is_string());
}

#[test]
fn a_source_without_assets_has_an_empty_list() {
    let mut client = bare();
    let source = client.given_imgix("s3");

    let answer = client.imgix("GET", &format!("sources/{source}/assets"), "");

    assert_eq!(answer.body, fixture("imgix/assets-list.200.empty.json"));
}

#[test]
fn walking_the_cursors_meets_every_asset_once() {
    let mut client = full();
    let source = client.fullest();
    let (mut seen, mut cursor) = (std::collections::BTreeSet::new(), "0".to_owned());
    loop {
        let path = format!("sources/{source}/assets?page%5Bcursor%5D={cursor}&page%5Blimit%5D=100");
        let body = client.imgix("GET", &path, "").body;
        for asset in body["data"].as_array().unwrap() {
            assert!(seen.insert(asset["id"].as_str().unwrap().to_owned()));
        }
        if body["meta"]["cursor"]["hasMore"] == false {
            assert_eq!(body["meta"]["cursor"]["next"], Value::Null);
            assert_eq!(body["meta"]["cursor"]["totalRecords"], seen.len().to_string());
            break;
        }
        cursor = body["meta"]["cursor"]["next"].as_str().unwrap().to_owned();
    }
    assert_eq!(seen.len(), all(&mut client, &source, "").len());
}

#[test]
fn filters_compare_each_in_their_own_way() {
    let mut client = full();
    let source = client.fullest();
    let every = all(&mut client, &source, "");
    let attribute = |asset: &Value, name: &str| asset["attributes"][name].clone();
    let mut check = |query: &str, passes: &dyn Fn(&Value) -> bool| {
        let found = all(&mut client, &source, query).len();
        let expected = every.iter().filter(|asset| passes(asset)).count();
        assert_eq!(found, expected, "{query}");
        assert!(found > 0 && found < every.len(), "{query} tells nothing apart: {found}");
    };
    let has = |asset: &Value, name: &str, member: &str| {
        attribute(asset, name).as_array().is_some_and(|list| list.contains(&json!(member)))
    };
    check("filter[categories]=summer", &|a| has(a, "categories", "summer"));
    check("filter[categories]=summer,kitchen", &|a| has(a, "categories", "summer") && has(a, "categories", "kitchen"));
    check("filter[face_count]=1:", &|a| attribute(a, "face_count").as_u64().is_some_and(|n| n >= 1));
    check("filter[face_count]=:2", &|a| attribute(a, "face_count").as_u64().is_some_and(|n| n <= 2));
    check("filter[face_count]=1:2", &|a| attribute(a, "face_count").as_u64().is_some_and(|n| n == 1 || n == 2));
    check("filter[face_count]=3", &|a| attribute(a, "face_count") == 3);
    check("filter[has_frames]=true", &|a| attribute(a, "has_frames") == true);
    check("filter[media_kind]=Image", &|a| attribute(a, "media_kind") == "IMAGE");
    check("filter[custom:sku]=", &|a| !attribute(a, "custom_fields").is_null());
    check("filter%5Bcustom%3Asku%5D=", &|a| !attribute(a, "custom_fields").is_null());
    check("filter[tags]=Tableware", &|a| a["attributes"]["tags"]["Tableware"].as_f64().unwrap_or(0.0) > 0.0);
    check("filter[origin_path]=/TEAM/", &|a| attribute(a, "origin_path").as_str().unwrap().contains("/team/"));
    check("filter[origin_path]=Gr%C3%B6%C3%9Fen", &|a| {
        attribute(a, "origin_path").as_str().unwrap().contains("Größen")
    });
    check("filter[or:categories]=sale&filter[or:keywords]=pan&filter[or:origin_path]=pan", &|a| {
        has(a, "categories", "sale") || a.to_string().to_lowercase().contains("pan")
    });
    let color = every.iter().find_map(|a| a["attributes"]["colors"]["dominant_colors"]["muted"].as_str()).unwrap();
    check(&format!("filter[colors]={}", &color[1..]), &|a| attribute(a, "colors").to_string().contains(color));
    check("filter[keyword]=copper&filter[media_kind]=VIDEO", &|a| {
        attribute(a, "media_kind") == "VIDEO" && a.to_string().to_lowercase().contains("copper")
    });
}

#[test]
fn sorting_goes_by_date_and_size() {
    let mut client = full();
    let source = client.fullest();
    for (query, key, descends) in [
        ("sort=date_created", "date_created", false),
        ("sort=-file_size", "file_size", true),
        ("sort=-date_modified,file_size", "date_modified", true),
    ] {
        let values: Vec<u64> =
            all(&mut client, &source, query).iter().map(|a| a["attributes"][key].as_u64().unwrap_or(0)).collect();

        assert!(
            values.windows(2).all(|pair| if descends { pair[0] >= pair[1] } else { pair[0] <= pair[1] }),
            "{query}"
        );
    }
}

#[test]
fn sparse_fields_leave_the_rest_out() {
    let mut client = full();
    let source = client.fullest();
    let fields = "fields[assets]=name,description,origin_path,media_height,media_width";

    let answer = client.imgix("GET", &format!("sources/{source}/assets?{fields}"), "");

    assert_same_shape(&answer.body["data"], &fixture("imgix/assets-list.200.sparse.json")["data"], "data");
}

#[test]
fn what_is_no_query_for_assets_is_refused() {
    let mut client = full();
    let source = client.fullest();
    for query in [
        "page[number]=0",
        "page[size]=5",
        "page[limit]=0",
        "page[cursor]=x",
        "page[cursor]=-1",
        "sort=name",
        "filter[size]=3",
        "filter[custom:]=x",
        "filter=x",
        "include=source",
    ] {
        let answer = client.imgix("GET", &format!("sources/{source}/assets?{query}"), "");

        let name = query.split('=').next().unwrap();
        assert_eq!(
            (answer.status, answer.details()),
            (400, vec![format!("Invalid query parameter: {name}.").as_str()])
        );
    }
}

#[test]
fn an_asset_is_found_by_its_path_encoded_segment_by_segment() {
    let mut client = full();
    let source = client.fullest();
    for (encoded, path) in [
        ("odd/50%25%20off%20%231%3F.jpg", "/odd/50% off #1?.jpg"),
        ("odd/%E6%A1%9C%20%E2%80%93%20%E6%98%A5.jpg", "/odd/桜 – 春.jpg"),
        ("odd/a%2Bb%3Dc%26d.png", "/odd/a+b=c&d.png"),
        ("odd/a+b=c&d.png", "/odd/a+b=c&d.png"),
        ("add/refresh.jpg", "/add/refresh.jpg"),
    ] {
        let answer = client.imgix("GET", &format!("sources/{source}/assets/{encoded}"), "");

        assert_eq!(answer.status, 200, "{encoded}");
        assert_same_shape(&answer.body, &fixture("imgix/asset-get.200.image.json"), "");
        assert_eq!(answer.body["data"]["attributes"]["origin_path"], path);
        assert_eq!(answer.body["data"]["id"], format!("{source}{path}"));
    }
}

#[test]
fn what_names_no_asset_is_not_found_or_refused() {
    let mut client = full();
    let source = client.fullest();
    for (path, status) in [
        (format!("sources/{source}/assets/nope.jpg"), 404),
        (format!("sources/{source}/assets/"), 404),
        (format!("sources/{source}/assets/heroes//a.jpg"), 400),
        (format!("sources/{source}/assets/%2E%2E/a.jpg"), 400),
        (format!("sources/{source}/assets/a/."), 400),
        ("sources/nope/assets".to_owned(), 404),
        ("sources/nope/assets/a.jpg".to_owned(), 404),
    ] {
        assert_eq!(client.imgix("GET", &path, "").status, status, "{path}");
    }
    assert_eq!(client.imgix("DELETE", &format!("sources/{source}/assets/a.jpg"), "").status, 405);
    assert_eq!(client.imgix("POST", &format!("sources/{source}/assets"), "").status, 405);
}

#[test]
fn the_older_addresses_of_shipped_clients_work_too() {
    let mut client = full();
    let source = client.fullest();

    let list = client.imgix("GET", &format!("assets/{source}?page[limit]=1"), "");
    let path = list.body["data"][0]["id"].as_str().unwrap().replace(' ', "%20").replace('#', "%23").replace('?', "%3F");

    assert_eq!(list.status, 200);
    assert_eq!(client.imgix("GET", &format!("assets/{path}"), "").body["data"], list.body["data"][0]);
}

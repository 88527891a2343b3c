//! imgix: lists, and who may read them.

use image_sources::sandbox::{Incoming, Options, Sandbox};
use serde_json::{Value, json};

use super::support::{Client, assert_same_shape, bare, fixture, full, with};

fn names(client: &mut Client, query: &str) -> Vec<String> {
    let answer = client.imgix("GET", &format!("sources?page[size]=100&{query}"), "");
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    let list = answer.body["data"].as_array().unwrap();
    list.iter().map(|source| source["attributes"]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_list_has_the_shape_of_the_fixture_and_twenty_on_a_page() {
    let answer = full().imgix("GET", "sources", "");

    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let expected = fixture("imgix/sources-list.200.page0.json");
    assert_eq!(keys(&answer.body), keys(&expected));
    assert_same_shape(&answer.body["meta"], &expected["meta"], "meta");
    assert_eq!(answer.body["data"].as_array().unwrap().len(), 20);
    let total = 34;
    let pagination = json!({
        "currentPage": 0, "hasNextPage": true, "hasPreviousPage": false, "nextPage": 1, "pageSize": 20,
        "previousPage": null, "totalPages": 2, "totalRecords": total
    });
    assert_eq!(answer.body["meta"]["pagination"], pagination);
}

#[test]
fn an_empty_list_is_the_fixture() {
    assert_eq!(bare().imgix("GET", "sources", "").body, fixture("imgix/sources-list.200.empty.json"));
}

#[test]
fn walking_the_pages_meets_every_source_once() {
    let mut client = full();
    let (mut seen, mut page) = (std::collections::BTreeSet::new(), json!(0));
    while page.is_number() {
        let answer = client.imgix("GET", &format!("sources?page%5Bnumber%5D={page}&page%5Bsize%5D=7"), "");
        for source in answer.body["data"].as_array().unwrap() {
            assert!(seen.insert(source["id"].as_str().unwrap().to_owned()));
        }
        page = answer.body["meta"]["pagination"]["nextPage"].clone();
    }

    assert_eq!(seen.len(), 34);
}

#[test]
fn a_page_after_the_last_is_empty() {
    let answer = full().imgix("GET", "sources?page[number]=9", "");

    assert_eq!(answer.body["data"], json!([]));
    assert_eq!(answer.body["meta"]["pagination"]["hasNextPage"], false);
    assert_eq!(answer.body["meta"]["pagination"]["previousPage"], 8);
}

#[test]
fn filters_are_anded_and_or_filters_are_ored() {
    let mut client = full();
    assert_eq!(names(&mut client, "filter[name]=Kumo%20Ceramics"), ["Kumo Ceramics"]);
    assert_eq!(names(&mut client, "filter[enabled]=false&filter[deployment.type]=s3"), ["Summit Gear Outlet"]);
    assert_eq!(names(&mut client, "filter%5Bdeployment.imgix_subdomains%5D=lumen-b2b"), ["Lumen Lighting"]);
    assert_eq!(
        names(&mut client, "filter[or:name]=Kumo+Ceramics&filter[or:deployment.s3_bucket]=rivet-cycles-assets").len(),
        2
    );
    assert_eq!(
        names(&mut client, "filter[or:name]=Kumo+Ceramics&filter[or:name]=Rivet+Cycles&filter[deployment.type]=s3"),
        ["Rivet Cycles"]
    );
    assert_eq!(names(&mut client, "filter[name]=nope").len(), 0);
}

#[test]
fn sorting_takes_several_keys_and_a_minus() {
    let mut client = full();
    let up = names(&mut client, "sort=name");
    let mut down = names(&mut client, "sort=-name");
    down.reverse();
    assert_eq!(up, down);
    assert_eq!(up[0], "2019 campaign microsite");
    assert!(up.iter().position(|name| name == "Stadtblatt") < up.iter().position(|name| name == "Studio Okafor"));

    let by_state = names(&mut client, "sort=enabled,-name");
    assert_eq!(
        by_state[..4],
        ["Summit Gear Outlet", "Fjord Magazine (archive)", "2019 campaign microsite", "Wanderlust Weekly"]
    );
}

#[test]
fn sparse_fields_go_deeper_with_a_dot() {
    let mut client = full();

    let answer =
        client.imgix("GET", "sources?page[size]=1&fields[sources]=name,deployment.type,deployment.robots.txt", "");

    let attributes = &answer.body["data"][0]["attributes"];
    assert_eq!(
        *attributes,
        json!({ "deployment": { "robots.txt": "disallow-all", "type": "s3" }, "name": "Nordlicht Outdoor" })
    );
    let id = answer.body["data"][0]["id"].as_str().unwrap().to_owned();
    let one = client.imgix("GET", &format!("sources/{id}?fields[sources]=enabled"), "");
    assert_eq!(one.body["data"]["attributes"], json!({ "enabled": true }));
}

#[test]
fn mistakes_in_a_query_are_refused() {
    for query in [
        "page[number]=-1",
        "page[number]=x",
        "page[number]=",
        "page[size]=0",
        "page[size]=1e3",
        "page[cursor]=0",
        "page=1",
        "filter[nmae]=x",
        "filter=x",
        "filter[type]=s3",
        "filter[name=x",
        "sort=age",
        "sort=",
        "sort=name,,enabled",
        "limit=5",
        "include=account",
    ] {
        let answer = full().imgix("GET", &format!("sources?{query}"), "");

        assert_eq!(answer.status, 400, "{query}");
    }
}

#[test]
fn a_missing_and_a_wrong_key_get_the_same_answer() {
    let expected = fixture("imgix/error.401.json");
    for request in [
        Incoming::new("GET", "https://api.imgix.com/api/v1/sources"),
        Incoming::new("GET", "https://api.imgix.com/api/v1/sources").header("authorization", "Bearer ak_wrong"),
        Incoming::new("GET", "https://api.imgix.com/api/v1/sources").header("authorization", "ak_sandbox"),
        Incoming::new("GET", "https://api.imgix.com/api/v1/sources").header("authorization", "Basic ak_sandbox"),
        Incoming::new("GET", "https://api.imgix.com/api/v1/sources").header("imageboss-api-key", "ak_sandbox"),
        Incoming::new("DELETE", "https://api.imgix.com/api/v1/nowhere"),
    ] {
        let mut answer = full().send(&request);

        assert_eq!(answer.status, 401);
        answer.body["errors"][0]["id"] = expected["errors"][0]["id"].clone();
        assert_eq!(answer.body, expected);
    }
}

#[test]
fn a_key_without_the_permission_is_refused() {
    let mut client = full();
    client.key = "ak_sandbox_assets";

    let answer = client.imgix("GET", "sources", "");

    assert_eq!(answer.status, 403);
    assert_same_shape(&answer.body, &fixture("imgix/error.403.json"), "");
    assert_eq!(answer.body["errors"][0]["title"], "Forbidden");
}

#[test]
fn places_that_are_not_there_and_methods_that_do_not_fit() {
    for (method, path, status) in [
        ("GET", "sources/60b1c2d3e4f5061728394a01", 404),
        ("GET", "sources/", 404),
        ("GET", "sources//", 404),
        ("GET", "source", 404),
        ("GET", "", 404),
        ("GET", "sources/../sources", 404),
        ("DELETE", "sources/60b1c2d3e4f5061728394a01", 405),
        ("DELETE", "sources", 405),
        ("PUT", "sources", 405),
        ("PATCH", "sources", 405),
        ("patch", "sources", 405),
        ("OPTIONS", "sources", 405),
        ("POST", "sources/60b1c2d3e4f5061728394a01", 405),
    ] {
        let answer = full().imgix(method, path, "");

        assert_eq!(answer.status, status, "{method} {path}");
        assert_same_shape(&answer.body, &fixture(&format!("imgix/error.{status}.json")), "");
        assert_eq!(
            answer.body["errors"][0]["detail"],
            fixture(&format!("imgix/error.{status}.json"))["errors"][0]["detail"]
        );
    }
}

#[test]
fn rate_limits_are_exact_per_class_and_key() {
    let mut client = with(r#"{ "rateLimits": true }"#);
    let burst = |client: &mut Client| (0..6).map(|_| client.imgix("GET", "sources", "").status).collect::<Vec<_>>();

    assert_eq!(burst(&mut client), [200, 200, 200, 200, 429, 429]);
    client.now += 999.0;
    assert_eq!(burst(&mut client), [429; 6]);
    client.now += 1.0;
    assert_eq!(burst(&mut client), [200, 200, 200, 200, 429, 429]);
    client.key = "sandbox";
    assert_eq!(client.imgix("GET", "sources", "").status, 200, "another key has its own count");
    let refused = {
        client.key = "ak_sandbox";
        client.imgix("GET", "sources", "")
    };
    assert_same_shape(&refused.body, &fixture("imgix/error.429.json"), "");
    assert_eq!(client.imgix("POST", "sources", "").status, 400, "another class has its own count");
}

#[test]
fn sixty_creations_an_hour_are_let_through() {
    let mut client = with(r#"{ "rateLimits": true, "seed": false }"#);
    let first_hour: Vec<u16> = (0..61)
        .map(|_| {
            client.now += 1000.0;
            client.imgix("POST", "sources", "{").status
        })
        .collect();

    assert_eq!(first_hour.iter().filter(|status| **status == 400).count(), 60);
    assert_eq!(first_hour.last(), Some(&429));
}

#[test]
fn a_fixed_window_starts_anew_at_its_multiples() {
    let mut client =
        with(r#"{ "rateLimits": "fixed", "limits": { "imgix.default": { "requests": 2, "perMs": 1000 } } }"#);
    client.now += 900.0;
    let mut ask = |ms: f64| {
        client.now += ms;
        client.imgix("GET", "sources", "").status
    };

    assert_eq!([ask(0.0), ask(0.0), ask(0.0), ask(100.0), ask(0.0), ask(0.0)], [200, 200, 429, 200, 200, 429]);
}

#[test]
fn local_addresses_may_carry_the_name_of_the_provider() {
    for url in [
        "http://127.0.0.1:1234/imgix/api/v1/sources",
        "http://localhost/api/v1/sources",
        "/imgix/api/v1/sources?sort=name#x",
    ] {
        let mut sandbox = Sandbox::new(Options::default());

        let reply = sandbox.handle(&Incoming::new("GET", url).header("authorization", "bearer sandbox"), 0.0);

        assert_eq!(reply.response.status, 200, "{url}");
    }
}

#[test]
fn addresses_of_neither_provider_are_not_found() {
    for url in [
        "",
        "/",
        "http://127.0.0.1/api/imgix/sources",
        "https://example.com/v2/sources",
        "%",
        "http://",
        "https://api.imgix.com",
    ] {
        assert!(
            [401, 404]
                .contains(&Sandbox::new(Options::default()).handle(&Incoming::new("GET", url), 0.0).response.status),
            "{url}"
        );
    }
    let wrong_base =
        Incoming::new("GET", "https://api.imageboss.me/api/v1/sources").header("imageboss-api-key", "sandbox");
    assert_eq!(full().send(&wrong_base).body, json!({ "status": 404, "error": "Not Found" }));
}

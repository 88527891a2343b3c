use super::support::{CANARY, config, fixture, fixtures, merged, parsed, prepare, refused, request};
use image_sources::proto::call::Config;
use image_sources::schema::json;

const ID: &str = "60b1c2d3e4f5061728394a01";

fn compact(text: &str) -> String {
    parsed(text).to_string()
}

#[test]
fn bodies_for_imgix_are_those_of_the_fixtures_byte_for_byte() {
    for (name, text) in fixtures("imgix", "source-create.request") {
        let attributes = parsed(&text)["data"]["attributes"].to_string();
        let (url, body) = request("imgix", "sources.create", &[], &attributes, "null");

        assert_eq!(url, "https://api.imgix.com/api/v1/sources");
        assert_eq!(body, compact(&text), "{name}");
    }
    for (name, text) in fixtures("imgix", "source-update.request") {
        let attributes = parsed(&text)["data"]["attributes"].to_string();
        let id = parsed(&text)["data"]["id"].as_str().unwrap().to_owned();
        let (url, body) = request("imgix", "sources.update", &[&id], &attributes, r#"{"replaceDeployment":true}"#);

        assert_eq!(url, format!("https://api.imgix.com/api/v1/sources/{id}"));
        assert_eq!(body, compact(&text), "{name}");
    }
}

#[test]
fn bodies_for_imageboss_are_those_of_the_fixtures_byte_for_byte() {
    for (name, text) in fixtures("imageboss", "request-create") {
        if name.contains("NEGATIVE") {
            continue;
        }
        let (url, body) = request("imageboss", "sources.create", &[], &parsed(&text)["source"].to_string(), "null");

        assert_eq!(url, "https://api.imageboss.me/v1/sources");
        assert_eq!(body, compact(&text), "{name}");
    }
    for name in ["request-update-rename.json", "request-update-require-token.json"] {
        let text = fixture(&format!("imageboss/{name}"));
        let (_, body) = request("imageboss", "sources.update", &[ID], &parsed(&text)["source"].to_string(), "null");
        assert_eq!(body, compact(&text), "{name}");
    }
}

#[test]
fn negative_fixtures_are_refused() {
    for (name, operation, expected) in [
        ("request-update-empty.NEGATIVE.json", "sources.update", " empty"),
        (
            "request-update-redacted-roundtrip.NEGATIVE.json",
            "sources.update",
            "credential_attributes.secret_access_key masked",
        ),
        ("request-create-wrong-key.NEGATIVE.json", "sources.create", "credentials read-only"),
    ] {
        let text = fixture(&format!("imageboss/{name}"));
        let parameters: &[&str] = if operation == "sources.update" { &[ID] } else { &[] };
        let input = parsed(&text)["source"].to_string();

        assert!(
            refused(prepare("imageboss", operation, parameters, &input, "null")).contains(&expected.to_owned()),
            "{name}"
        );
    }
}

#[test]
fn enabling_and_disabling_is_one_attribute() {
    for (operation, enabled) in [("sources.enable", true), ("sources.disable", false)] {
        let (_, body) = request("imgix", operation, &[ID], "null", "null");
        assert_eq!(
            body,
            format!(
                r#"{{"data":{{"attributes":{{"enabled":{enabled}}},"id":"{ID}","type":"sources"}},"jsonapi":{{"version":"1.0"}}}}"#
            )
        );
    }
    let documented = fixture("imgix/source-update.request.disable.json");
    let id = parsed(&documented)["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(request("imgix", "sources.disable", &[&id], "null", "null").1, compact(&documented));
}

#[test]
fn a_flag_is_taken_as_boolean_and_sent_as_the_string() {
    for (given, sent) in [("true", "\"true\""), ("false", "\"false\""), ("\"true\"", "\"true\"")] {
        let input = format!(r#"{{"credential_attributes":{{"require_token":{given}}}}}"#);
        let (_, body) = request("imageboss", "sources.update", &[ID], &input, "null");
        assert_eq!(body, format!(r#"{{"source":{{"credential_attributes":{{"require_token":{sent}}}}}}}"#));
    }
}

#[test]
fn the_query_reads_as_in_the_documentation() {
    let options = r#"{"filter":{"name":"a b","deployment.type":"s3","enabled":true},"sort":["-name","enabled"],"fields":["name","deployment.type"],"page":{"number":2,"size":50}}"#;
    let (url, body) = request("imgix", "sources.list", &[], "null", options);

    assert_eq!(body, "");
    assert_eq!(
        url,
        "https://api.imgix.com/api/v1/sources?filter[name]=a%20b&filter[deployment.type]=s3&filter[enabled]=true&sort=-name,enabled&fields[sources]=name,deployment.type&page[number]=2&page[size]=50"
    );
    assert_eq!(request("imgix", "sources.list", &[], "null", "null").0, "https://api.imgix.com/api/v1/sources");
}

#[test]
fn extra_values_go_into_the_body_unchecked() {
    let input = r#"{"source":"a","source_type":"r2","credential_attributes":{"access_key":"0123456789abcdef0123456789abcdef","secret":"s3cr3t-s3cr3t","bucket":"abc"}}"#;
    let (_, body) = request(
        "imageboss",
        "sources.create",
        &[],
        input,
        r#"{"extra":{"credential_attributes.account_id":"f00","new.deep":[1],"source_type":"r3"}}"#,
    );
    let sent = &parsed(body)["source"];

    assert_eq!(sent["credential_attributes"]["account_id"], "f00");
    assert_eq!(sent["new"]["deep"][0], 1);
    assert_eq!(sent["source_type"], "r3");
    for bad in [r#"{"extra":[]}"#, r#"{"extra":{"":1}}"#, r#"{"extra":{"a..b":1}}"#, r#"{"extra":{"a.":1}}"#] {
        assert!(prepare("imageboss", "sources.create", &[], input, bad).is_err(), "{bad}");
    }
}

#[test]
fn an_id_is_one_segment_whatever_it_contains() {
    for (id, segment) in [("a/b?c#d", "a%2Fb%3Fc%23d"), ("%2e%2e", "%252e%252e"), ("é", "%C3%A9"), ("...", "...")] {
        let (url, _) = request("imageboss", "sources.delete", &[id], "null", "null");
        assert_eq!(url, format!("https://api.imageboss.me/v1/sources/{segment}"));
    }
    for id in ["", ".", ".."] {
        let problems = refused(prepare("imageboss", "sources.delete", &[id], "null", "null"));
        assert!(problems[0].starts_with("id "), "{id}: {problems:?}");
    }
    assert_eq!(refused(prepare("imageboss", "sources.delete", &[], "null", "null")), ["id required"]);
}

#[test]
fn a_path_with_an_empty_segment_is_refused_as_such() {
    for path in ["", "/", "a//b", "a/", "//a"] {
        let error = prepare("imgix", "assets.get", &[ID, path], "null", "null").unwrap_err();

        assert_eq!(error.problems[0].field, "path", "{path}");
        assert!(error.problems[0].message.contains("an empty segment"), "{path}");
    }
}

#[test]
fn headers_and_keys_are_of_the_characters_that_go_into_headers() {
    let provider = image_sources::provider("imgix").unwrap();
    for letter in ('\0'..='\u{100}').chain(['\u{1f600}']) {
        let [name, value, key] = [format!("x{letter}"), format!("a {letter} b"), format!("k{letter}")];
        let options = |key: &str, headers| serde_json::json!({ "apiKey": key, "headers": headers }).to_string();
        let accepts = |options: String| Config::new(provider, options.as_bytes()).is_ok();

        let token = letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
        assert_eq!(accepts(options("k", serde_json::json!({ name: "v" }))), token, "{letter:?}");
        let visible = letter == '\t' || (' '..='~').contains(&letter);
        assert_eq!(accepts(options("k", serde_json::json!({ "x-a": value }))), visible, "{letter:?}");
        assert_eq!(accepts(options(&key, serde_json::json!({}))), letter.is_ascii_graphic(), "{letter:?}");
    }
}

#[test]
fn the_key_is_in_its_header_and_nowhere_else() {
    for (name, header, value) in
        [("imgix", "authorization", format!("Bearer {CANARY}")), ("imageboss", "imageboss-api-key", CANARY.to_owned())]
    {
        let prepared = prepare(name, "sources.get", &[ID], "null", "null").unwrap();
        let request = config(name).request(&prepared);

        assert_eq!(request.header(header), Some(value.as_str()));
        assert!(!request.url.contains(CANARY));
        assert!(!format!("{request:?} {prepared:?} {:?}", config(name)).contains(CANARY));
        let shown = config(name).shown(&prepared);
        assert!(!shown.headers.iter().any(|(_, value)| value.contains(CANARY)));
    }
}

#[test]
fn a_shown_request_masks_every_secret() {
    for (provider, folder, begins) in
        [("imgix", "imgix", "source-create.request"), ("imageboss", "imageboss", "request-create")]
    {
        for (name, text) in fixtures(folder, begins) {
            if name.contains("NEGATIVE") {
                continue;
            }
            let document = parsed(&text);
            let input = if provider == "imgix" { &document["data"]["attributes"] } else { &document["source"] };
            let prepared = prepare(provider, "sources.create", &[], &input.to_string(), "null").unwrap();
            let shown = String::from_utf8(config(provider).shown(&prepared).body.unwrap()).unwrap();
            for secret in ["EXAMPLE-NOT-A-SECRET", "sig=", "EXAMPLEKEYEXAMPLE", "NOT-A-REAL"] {
                assert!(!shown.contains(secret), "{name}: {shown}");
            }
        }
    }
}

#[test]
fn a_gateway_needs_no_key_and_is_not_given_one() {
    let imgix = super::support::provider("imgix");
    let config = Config::new(imgix, br#"{"gateway":{"url":"/api/imgix/"}}"#).unwrap();
    let prepared =
        config.prepare(imgix.operation("sources.get").unwrap(), &[b"\"x\""], b"null", b"null", None).unwrap();
    let request = config.request(&prepared);

    assert_eq!(request.url, "/api/imgix/sources/x");
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn a_deployment_is_merged_one_level_deep_and_loses_nothing_it_does_not_know() {
    let config = config("imgix");
    let changes = r#"{"name":"new","deployment":{"annotation":"b","default_params":{"q":"1"},"s3_secret_key":"NEWSECRETNEWSECRETNEWSECRETNEWSECRET0000"}}"#;
    let prepared = prepare("imgix", "sources.update", &[ID], changes, "null").unwrap();
    let first = config.request_for(&prepared, config.read_first(&prepared).unwrap());
    assert_eq!((first.method, first.url.as_str(), first.body), ("GET", prepared.url.as_str(), None));

    let stored = r#"{"id":"x","enabled":true,"deployment":{"annotation":"a","type":"s3","s3_bucket":"abc","new_thing":[1,{"x":2}],"allows_upload":true,"image_error":null,"default_params":{"w":"2"}}}"#;
    let merged = merged(&config, &prepared, stored.as_bytes()).unwrap();
    let sent = parsed(config.request(&merged).body.unwrap());

    let deployment = &sent["data"]["attributes"]["deployment"];
    assert_eq!(
        deployment.to_string(),
        r#"{"type":"s3","s3_bucket":"abc","new_thing":[1,{"x":2}],"image_error":null,"annotation":"b","default_params":{"q":"1"},"s3_secret_key":"NEWSECRETNEWSECRETNEWSECRETNEWSECRET0000"}"#
    );
    assert_eq!(sent["data"]["attributes"]["name"], "new");
    assert!(merged.warnings.is_empty());
    assert!(
        config.read_first(&prepare("imgix", "sources.update", &[ID], r#"{"name":"n"}"#, "null").unwrap()).is_none()
    );
}

#[test]
fn a_merge_that_lacks_a_write_only_value_says_so() {
    let config = config("imgix");
    let prepared = prepare("imgix", "sources.update", &[ID], r#"{"deployment":{"annotation":"b"}}"#, "null").unwrap();
    let stored = parsed(fixture("imgix/source-get.200.s3.json"))["data"]["attributes"].to_string();
    let merged = merged(&config, &prepared, stored.as_bytes()).unwrap();

    let warnings: Vec<_> =
        merged.warnings.iter().map(|problem| (problem.field.as_str(), problem.code.as_str())).collect();
    assert_eq!(warnings, [("deployment.s3_secret_key", "write-only")]);
}

#[test]
fn what_does_not_go_with_the_stored_type_is_refused_before_the_write() {
    let config = config("imgix");
    let prepared = prepare("imgix", "sources.update", &[ID], r#"{"deployment":{"gcs_bucket":"abc"}}"#, "null").unwrap();
    let error = merged(&config, &prepared, br#"{"deployment":{"type":"s3","s3_bucket":"x"}}"#).unwrap_err();

    assert_eq!(
        (error.problems[0].field.as_str(), error.problems[0].code.as_str()),
        ("deployment.gcs_bucket", "mismatch")
    );
    let stored = br#"{"deployment":{"type":"s3","s3_bucket":"x","annotation":"a","imgix_subdomains":["a"]}}"#;
    let part = r#"{"deployment":{"type":"gcs","gcs_bucket":"abc"}}"#;
    let error = merged(&config, &prepare("imgix", "sources.update", &[ID], part, "null").unwrap(), stored).unwrap_err();
    let missing: Vec<_> = error.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(missing, ["deployment.gcs_access_key", "deployment.gcs_secret_key"]);

    let all = r#"{"deployment":{"type":"gcs","gcs_bucket":"abc","gcs_access_key":"GOOG0123456789ABCDEFGHIJ","gcs_secret_key":"x"}}"#;
    let changed = prepare("imgix", "sources.update", &[ID], all, "null").unwrap();
    let merged = merged(&config, &changed, stored).unwrap();
    let body = config.request(&merged).body.unwrap();
    let deployment = json::member(&body, "data")
        .and_then(|raw| json::member(raw, "attributes"))
        .and_then(|raw| json::member(raw, "deployment"));
    assert_eq!(deployment, Some(&br#"{"annotation":"a","imgix_subdomains":["a"],"type":"gcs","gcs_bucket":"abc","gcs_access_key":"GOOG0123456789ABCDEFGHIJ","gcs_secret_key":"x"}"#[..]));
}

#[test]
fn a_merge_onto_nothing_is_refused_because_it_would_replace_everything() {
    let config = config("imgix");
    let prepared = prepare("imgix", "sources.update", &[ID], r#"{"deployment":{"annotation":"x"}}"#, "null").unwrap();
    for stored in ["{}", r#"{"deployment":null}"#, r#"{"deployment":"x"}"#, r#"{"deployment":[]}"#] {
        let error = merged(&config, &prepared, stored.as_bytes()).unwrap_err();
        assert_eq!(
            (error.class.name(), error.problems[0].field.as_str()),
            ("UnreadableResponseError", "deployment"),
            "{stored}"
        );
    }
}

#[test]
fn a_stored_mask_is_never_written_back() {
    let config = config("imgix");
    let prepared = prepare("imgix", "sources.update", &[ID], r#"{"deployment":{"annotation":"x"}}"#, "null").unwrap();
    let stored =
        br#"{"deployment":{"type":"s3","s3_secret_key":"****","password":"****","new_secret":"****","s3_bucket":"b"}}"#;
    let body = config.request(&merged(&config, &prepared, stored).unwrap()).body.unwrap();
    assert!(!String::from_utf8(body).unwrap().contains("****"));
}

#[test]
fn what_is_masked_but_for_its_end_or_in_an_address_is_not_written_back_either() {
    let config = config("imgix");
    let prepared = prepare("imgix", "sources.update", &[ID], r#"{"deployment":{"annotation":"x"}}"#, "null").unwrap();
    for (stored, sent, warned) in [
        (
            r#"{"type":"s3","s3_access_key":"****ABCD","s3_bucket":"b"}"#,
            r#"{"type":"s3","s3_bucket":"b","annotation":"x"}"#,
            &["deployment.s3_access_key masked", "deployment.s3_secret_key write-only"][..],
        ),
        (
            r#"{"type":"webfolder","webfolder_base_url":"https:\/\/****@a.example/","later":["//****@b"],"default_params":{"a":"****"}}"#,
            r#"{"type":"webfolder","default_params":{"a":"****"},"annotation":"x"}"#,
            &["deployment.webfolder_base_url masked", "deployment.later masked"],
        ),
        (
            r#"{"type":"webfolder","webfolder_base_url":"https://a.example/****@","password":"****"}"#,
            r#"{"type":"webfolder","webfolder_base_url":"https://a.example/****@","annotation":"x"}"#,
            &[],
        ),
    ] {
        let merged =
            super::support::merged(&config, &prepared, [r#"{"deployment":"#, stored, "}"].concat().as_bytes()).unwrap();
        let body = parsed(config.request(&merged).body.unwrap());
        let found: Vec<_> =
            merged.warnings.iter().map(|warning| format!("{} {}", warning.field, warning.code.as_str())).collect();

        assert_eq!(body["data"]["attributes"]["deployment"].to_string(), sent);
        assert_eq!(found, warned);
    }
}

#[test]
fn names_with_half_a_surrogate_pair_stay_as_they_are() {
    let config = config("imgix");
    let given = r#"{"custom_fields":{"\ud800":"1","\udc00":"2"}}"#;
    let prepared = prepare("imgix", "assets.update", &["s", "p"], given, r#"{"merge":true}"#).unwrap();
    let shown = String::from_utf8(config.shown(&prepared).body.unwrap()).unwrap();
    assert!(shown.contains(given), "{shown}");

    let stored = r#"{"custom_fields":{"\udbff":"kept","\ud800":"old"}}"#;
    let merged = super::support::merged(&config, &prepared, stored.as_bytes()).unwrap();
    let sent = String::from_utf8(config.request(&merged).body.unwrap()).unwrap();
    assert!(sent.contains(r#"{"custom_fields":{"\udbff":"kept","\ud800":"1","\udc00":"2"}}"#), "{sent}");

    let prepared = prepare("imgix", "sources.update", &[ID], r#"{"deployment":{"annotation":"x"}}"#, "null").unwrap();
    let merged = super::support::merged(&config, &prepared, br#"{"deployment":{"\ud800":{"a":1},"\n":2}}"#).unwrap();
    let sent = String::from_utf8(config.request(&merged).body.unwrap()).unwrap();
    assert!(sent.contains(r#"{"\ud800":{"a":1},"\n":2,"annotation":"x"}"#), "{sent}");
}

#[test]
fn half_a_surrogate_pair_is_refused_in_a_query() {
    for (filter, field) in
        [(r#"{"name":"\ud800x"}"#, "filter.name format"), (r#"{"\udc00":1}"#, "filter.\u{fffd} format")]
    {
        let options = format!(r#"{{"filter":{filter}}}"#);
        assert_eq!(refused(prepare("imgix", "sources.list", &[], "null", &options)), [field]);
    }
    let whole = r#"{"filter":{"\ud83d\ude00":"\ud83d\ude00"}}"#;
    assert!(prepare("imgix", "sources.list", &[], "null", whole).is_ok());
}

#[test]
fn extra_adds_to_what_is_stored() {
    let config = config("imgix");
    let options = r#"{"extra":{"deployment.default_params.q":"5","deployment.later":{"a":1}}}"#;
    let prepared = prepare("imgix", "sources.update", &[ID], "{}", options).unwrap();
    assert!(config.read_first(&prepared).is_some());

    let stored = br#"{"deployment":{"type":"webfolder","default_params":{"w":"1"}}}"#;
    let body = parsed(config.request(&merged(&config, &prepared, stored).unwrap()).body.unwrap());
    assert_eq!(
        body["data"]["attributes"]["deployment"].to_string(),
        r#"{"type":"webfolder","default_params":{"w":"1","q":"5"},"later":{"a":1}}"#
    );
}

#[test]
fn constructor_options_are_checked_like_any_input() {
    let imgix = super::support::provider("imgix");
    for (options, field, code) in [
        ("null", "apiKey", "required"),
        ("{}", "apiKey", "required"),
        (r#"{"apiKey":""}"#, "apiKey", "required"),
        (r#"{"apiKey":"a b"}"#, "apiKey", "format"),
        (r#"{"apiKey":"k\n"}"#, "apiKey", "format"),
        (r#"{"apiKey":5}"#, "apiKey", "type"),
        (r#"{"apikey":"k"}"#, "apikey", "unknown"),
        (r#"{"apiKey":"k","gateway":{"url":"/x"}}"#, "gateway", "mismatch"),
        (r#"{"gateway":{}}"#, "gateway.url", "required"),
        (r#"{"apiKey":"k","baseUrl":"ftp://x"}"#, "baseUrl", "format"),
        (r#"{"apiKey":"k","retries":1.5}"#, "retries", "range"),
        (r#"{"apiKey":"k","retries":11}"#, "retries", "range"),
        (r#"{"apiKey":"k","timeoutMs":0}"#, "timeoutMs", "range"),
        (r#"{"apiKey":"k","timeoutMs":86400001}"#, "timeoutMs", "range"),
        (r#"{"apiKey":"k","deadlineMs":{"\u0000":"NaN"}}"#, "deadlineMs", "type"),
        (r#"{"apiKey":"k","headers":{"Authorization":"x"}}"#, "headers.authorization", "read-only"),
        (r#"{"apiKey":"k","headers":{"a b":"x"}}"#, "headers.a b", "format"),
        (r#"{"apiKey":"k","headers":{"x":"a\r\nb: c"}}"#, "headers.x", "format"),
        (r#"{"apiKey":"k","limits":{"nope":null}}"#, "limits.nope", "unknown"),
        (r#"{"apiKey":"k","limits":{"default":{"requests":0,"perMs":1}}}"#, "limits.default.requests", "range"),
        (r#"{"apiKey":"k","responseCheck":"maybe"}"#, "responseCheck", "value"),
        (r#"{"apiKey":"k","fetch":"fetch"}"#, "fetch", "type"),
        (r#"{"apiKey":"k","limiter":5}"#, "limiter", "type"),
        (r#"{"apiKey":"k","baseUrl":"https://h<x>"}"#, "baseUrl", "format"),
        (r#"{"gateway":{"url":"/x","token":5}}"#, "gateway.token", "type"),
        (r#"{"gateway":{"url":"/x","token":"a\nb"}}"#, "gateway.token", "format"),
        (r#"{"apiKey":"k","imageBaseUrl":"https://x"}"#, "imageBaseUrl", "unknown"),
        ("[]", "", "type"),
        ("\"key\"", "", "type"),
    ] {
        let error = Config::new(imgix, options.as_bytes()).unwrap_err();
        let found = error.problems.iter().any(|problem| problem.field == field && problem.code.as_str() == code);
        assert!(found, "{options}: {:?}", error.problems);
        assert_eq!(error.class.name(), "InvalidInputError");
    }
}

#[test]
fn user_info_in_a_query_is_not_shown() {
    let filter = r#"{"filter":{"origin":"https://user:canary-pw@h.example/","name":"a@b"}}"#;
    let prepared = prepare("imgix", "sources.list", &[], "null", filter).unwrap();
    let config = config("imgix");

    assert!(config.request(&prepared).url.contains("canary-pw"));
    let shown = config.shown(&prepared).url;
    assert!(!shown.contains("canary-pw") && !shown.contains("user"), "{shown}");
    assert_eq!(prepared.shown_url(), shown);
}

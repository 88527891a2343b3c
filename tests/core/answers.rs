use super::support::{CANARY, fixture, fixtures, parsed, read, read_with};
use image_sources::proto::error::{Class, Outcome};
use image_sources::proto::http::Response;

#[test]
fn sources_of_imgix_come_flat_and_whole() {
    for (name, text) in fixtures("imgix", "source-get.200") {
        let read = read("imgix", "sources.get", 200, &text).unwrap();
        let flat = parsed(read.json.unwrap());
        let mut expected = parsed(&text)["data"]["attributes"].clone();
        for (key, value) in parsed(&text)["data"].as_object().unwrap().iter().filter(|(key, _)| *key != "attributes") {
            expected[key] = value.clone();
        }

        assert_eq!(flat, expected, "{name}");
        assert_eq!(read.drift, [], "{name}");
    }
}

#[test]
fn lists_of_imgix_tell_how_they_go_on() {
    let first = read("imgix", "sources.list", 200, fixture("imgix/sources-list.200.page0.json")).unwrap();
    assert_eq!(parsed(first.json.unwrap()).as_array().unwrap().len(), 2);
    assert_eq!(first.page.total, Some(5.0));
    assert_eq!(first.page.next.as_deref(), Some(r#"{"number":1,"size":2}"#));
    assert_eq!(first.drift, []);

    let empty = read("imgix", "sources.list", 200, fixture("imgix/sources-list.200.empty.json")).unwrap();
    assert_eq!(empty.json.unwrap(), b"[]");
    assert_eq!(empty.page.next, None);
}

#[test]
fn of_two_ways_to_the_next_page_the_one_is_taken_that_the_operation_can_ask_for() {
    let meta = r#"{"cursor":{"next":"c2","hasMore":true},"pagination":{"hasNextPage":true,"nextPage":1}}"#;
    for (operation, next) in [("sources.list", r#"{"number":1}"#), ("assets.list", r#"{"cursor":"c2"}"#)] {
        let read = read("imgix", operation, 200, format!(r#"{{"data":[],"meta":{meta}}}"#)).unwrap();

        assert_eq!(read.page.next.as_deref(), Some(next), "{operation}");
    }
}

#[test]
fn a_list_that_says_little_goes_on_all_the_same() {
    for (pagination, next) in [
        (r#"{"hasNextPage":true,"nextPage":1}"#, Some(r#"{"number":1}"#)),
        (r#"{"hasNextPage":null,"nextPage":1,"pageSize":null}"#, Some(r#"{"number":1}"#)),
        (r#"{"hasNextPage":"true","nextPage":"3","pageSize":"20"}"#, Some(r#"{"number":3,"size":20}"#)),
        (r#"{"hasNextPage":true,"nextPage":3,"pageSize":100001}"#, Some(r#"{"number":3}"#)),
        (r#"{"hasNextPage":1,"currentPage":4}"#, Some(r#"{"number":5}"#)),
        (r#"{"hasNextPage":true}"#, Some("{}")),
        (r#"{"hasNextPage":false,"nextPage":1}"#, None),
        (r#"{"nextPage":null}"#, None),
        ("{}", None),
    ] {
        let read = read("imgix", "sources.list", 200, format!(r#"{{"data":[],"meta":{{"pagination":{pagination}}}}}"#))
            .unwrap();
        assert_eq!(read.page.next.as_deref(), next, "{pagination}");
    }
}

#[test]
fn sources_of_imageboss_come_as_they_are() {
    for begins in ["get-200", "create-success", "update-200", "tolerance"] {
        for (name, text) in fixtures("imageboss", begins) {
            let read = read("imageboss", "sources.get", 200, &text).unwrap();
            assert_eq!(parsed(read.json.unwrap()), parsed(&text), "{name}");
            assert_eq!(read.drift, [], "{name}");
        }
    }
    for (name, text) in fixtures("imageboss", "list-200") {
        let read = read("imageboss", "sources.list", 200, &text).unwrap();
        assert_eq!(parsed(read.json.unwrap()), parsed(&text), "{name}");
    }
}

#[test]
fn a_wrong_guess_about_an_attribute_is_drift_and_no_failure() {
    let body = r#"{"data":{"attributes":{"name":5,"enabled":"yes","deployment":{"type":"moon","imgix_subdomains":"x","new":[{}]},"later":null,"date_deployed":1.5},"type":"sources"}}"#;
    let read = read("imgix", "sources.get", 200, body).unwrap();

    let mut paths: Vec<_> = read.drift.iter().map(|drift| (drift.path.as_str(), drift.expected, drift.found)).collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            ("deployment.imgix_subdomains", "list of strings", "string"),
            ("enabled", "boolean", "string"),
            ("id", "string", "nothing"),
            ("name", "string", "number")
        ]
    );
    assert_eq!(parsed(read.json.unwrap())["deployment"]["new"][0].to_string(), "{}");
}

#[test]
fn drift_is_told_once_per_path() {
    let item = r#"{"id":1,"source":2}"#;
    let read = read("imageboss", "sources.list", 200, format!("[{item},{item},{item}]")).unwrap();
    assert_eq!(read.drift.len(), 2);
}

#[test]
fn attributes_that_ours_would_hide_are_kept_aside() {
    let body = r#"{"data":{"attributes":{"id":"inner","name":"n","t\u0079pe":"x"},"id":"outer","type":"sources"}}"#;
    let flat = parsed(read("imgix", "sources.get", 200, body).unwrap().json.unwrap());

    assert_eq!((flat["id"].as_str(), flat["type"].as_str()), (Some("outer"), Some("sources")));
    assert_eq!(flat["attributes"].to_string(), r#"{"id":"inner","type":"x"}"#);
}

#[test]
fn of_two_members_of_one_name_the_last_counts_and_the_first_is_no_drift() {
    for (body, flat) in [
        (r#"{"data":5,"data":{"id":"s","attributes":{"name":"n"}}}"#, r#"{"name":"n","id":"s"}"#),
        (r#"{"data":[{}],"data":{"id":"s","attributes":{}}}"#, r#"{"id":"s"}"#),
        (r#"{"data":{"attributes":{"name":1}},"data":{"id":"s","attributes":{}}}"#, r#"{"id":"s"}"#),
        (r#"{"data":{"id":"s","attributes":{"name":1,"name":"b"}}}"#, r#"{"name":"b","id":"s"}"#),
        (r#"{"data":{"id":"s","attributes":{"name":1},"attributes":{"name":"b"}}}"#, r#"{"name":"b","id":"s"}"#),
        (
            r#"{"data":{"id":"s","attributes":{"deployment":{"type":5,"later":1},"deployment":{"type":"s3"}}}}"#,
            r#"{"deployment":{"type":"s3"},"id":"s"}"#,
        ),
    ] {
        let read = read("imgix", "sources.get", 200, body).unwrap_or_else(|error| panic!("{body}: {error}"));

        assert_eq!(parsed(read.json.unwrap()).to_string(), flat, "{body}");
        assert_eq!(read.drift, [], "{body}");
    }
    for (body, message) in [
        (r#"{"data":{"id":"s"},"data":5}"#, "its data is of type number"),
        (r#"{"data":{"id":"s","attributes":{"name":tru"#, "cut off at byte"),
    ] {
        let error = read("imgix", "sources.get", 200, body).unwrap_err();
        assert!(error.message.contains(message), "{error}");
    }
    let both =
        r#"[{"id":"1","attributes":{"name":1}},{"id":"2","attributes":{"enabled":2,"enabled":true,"name":"b"}}]"#;
    let read = read("imgix", "sources.list", 200, format!(r#"{{"data":{both}}}"#)).unwrap();
    assert_eq!(read.drift.iter().map(|drift| drift.path.as_str()).collect::<Vec<_>>(), ["name"]);
}

#[test]
fn attributes_are_kept_whatever_they_are_and_are_called() {
    for (attributes, flat) in [
        (r#"{"id":"o","attributes":{"k":1}}"#, r#"{"id":"s","attributes":{"id":"o","attributes":{"k":1}}}"#),
        (r#"{"attributes":{"k":1}}"#, r#"{"attributes":{"k":1},"id":"s"}"#),
        (r#"["x"]"#, r#"{"id":"s","attributes":["x"]}"#),
        ("null", r#"{"id":"s"}"#),
    ] {
        let body = format!(r#"{{"data":{{"id":"s","attributes":{attributes}}}}}"#);

        assert_eq!(
            parsed(read("imgix", "sources.get", 200, body).unwrap().json.unwrap()),
            parsed(flat),
            "{attributes}"
        );
    }
}

#[test]
fn odd_but_readable_answers_are_read() {
    for body in [
        "\u{feff}{\"data\":{\"id\":\"1\",\"type\":\"sources\"}}".to_owned(),
        r#"{"data":null,"data":{"id":"1","type":"sources","attributes":{}}}"#.replace("null", r#"{"id":"0"}"#),
        r#"{"data":{"id":"1","type":"sources","attributes":{"name":"\ud800","x":1e400,"a":1,"a":2}}}"#.to_owned(),
        r#" { "data" : { "id" : "1" , "attributes" : { } , "type" : "sources" } , "errors" : [ ] } "#.to_owned(),
    ] {
        let read = read("imgix", "sources.get", 200, &body).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert!(String::from_utf8(read.json.unwrap()).unwrap().contains("\"1\""));
    }
}

#[test]
fn what_cannot_be_read_is_unreadable_with_its_status() {
    let get = fixture("imgix/source-get.200.s3.json");
    let cuts = (0..20).map(|part| get[..get.len() * part / 20].to_owned());
    let whole = [
        "",
        " ",
        "null",
        "[]",
        "5",
        "\"x\"",
        "{}",
        "<html></html>",
        r#"{"data":null}"#,
        r#"{"data":[]}"#,
        r#"{"data":"x"}"#,
        r#"{"errors":[]}"#,
        "{\"data\":{\"id\":\"1\"}} x",
    ];
    for body in whole.into_iter().map(str::to_owned).chain(cuts) {
        let error = read("imgix", "sources.get", 200, &body).expect_err(&body);
        assert_eq!((error.class, error.status, error.outcome), (Class::Unreadable, Some(200), Outcome::None), "{body}");
        assert!(!error.problems.is_empty());
    }
    let error = read("imgix", "sources.create", 201, "nonsense").unwrap_err();
    assert_eq!(error.outcome, Outcome::Unknown);
    let bytes: &[u8] = b"{\"data\":{\"id\":\"\xff\"}}";
    assert_eq!(read("imgix", "sources.get", 200, bytes).unwrap_err().class, Class::Unreadable);
    assert_eq!(read("imgix", "sources.get", 200, "[".repeat(100_000)).unwrap_err().class, Class::Unreadable);
}

#[test]
fn redirects_are_never_followed_and_unreadable() {
    for status in [0, 300, 301, 302, 303, 304, 307, 308] {
        let error = read("imgix", "sources.get", status, "").unwrap_err();
        assert_eq!((error.class, error.problems[0].code.as_str()), (Class::Unreadable, "redirect"), "{status}");
    }
}

#[test]
fn statuses_choose_the_class() {
    for (status, class, kind) in [
        (400, "DeclinedError", "declined"),
        (401, "AuthenticationError", "declined"),
        (403, "PermissionError", "declined"),
        (404, "NotFoundError", "declined"),
        (405, "DeclinedError", "declined"),
        (408, "DeclinedError", "declined"),
        (409, "ConflictError", "declined"),
        (422, "DeclinedError", "declined"),
        (425, "DeclinedError", "declined"),
        (429, "RateLimitError", "rate-limited"),
        (500, "ServerError", "server"),
        (599, "ServerError", "server"),
    ] {
        for name in ["imgix", "imageboss"] {
            for body in [
                "",
                "<html>no</html>",
                "{}",
                "[]",
                "null",
                "{\"errors\":{}}",
                "{\"errors\":\"x\"}",
                "{\"errors\":null}",
                "{\"errors\":[null,5,[]]}",
                "{\"error\":{}}",
            ] {
                let error = read(name, "sources.get", status, body).unwrap_err();
                assert_eq!(
                    (error.class.name(), error.class.kind(), error.status),
                    (class, kind, Some(status)),
                    "{body}"
                );
                assert!(!error.problems.is_empty() && !error.message.is_empty());
                assert_eq!(error.body_text.as_deref(), Some(body));
            }
        }
    }
}

#[test]
fn outcomes_say_what_may_have_happened() {
    for (operation, status, outcome) in [
        ("sources.get", 500, Outcome::None),
        ("sources.get", 404, Outcome::None),
        ("sources.create", 400, Outcome::Declined),
        ("sources.create", 429, Outcome::Declined),
        ("sources.create", 408, Outcome::Unknown),
        ("sources.create", 502, Outcome::Unknown),
        ("sources.create", 204, Outcome::Unknown),
        ("sources.update", 500, Outcome::Unknown),
    ] {
        assert_eq!(read("imageboss", operation, status, "").unwrap_err().outcome, outcome, "{operation} {status}");
    }
    assert!(read("imageboss", "sources.delete", 204, "").is_ok());
    assert!(read("imageboss", "sources.delete", 200, "anything").is_ok());
}

#[test]
fn the_documents_of_imgix_are_understood() {
    for (status, name) in [
        (400, "400.missing-field"),
        (401, "401"),
        (403, "403"),
        (404, "404"),
        (405, "405"),
        (409, "409.purge"),
        (429, "429"),
        (500, "500"),
    ] {
        let text = fixture(&format!("imgix/error.{name}.json"));
        let said = &parsed(&text)["errors"][0];
        let error = read("imgix", "sources.get", status, &text).unwrap_err();

        assert_eq!(error.request_id.as_deref(), said["id"].as_str());
        assert!(error.problems[0].message.contains(said["detail"].as_str().unwrap()), "{error:?}");
        assert!(error.message.contains(said["title"].as_str().unwrap()));
    }
    let pointed = r#"{"errors":[{"title":"Invalid","detail":"too long","source":{"pointer":"/data/attributes/deployment/s3_bucket"}}]}"#;
    assert_eq!(read("imgix", "sources.create", 400, pointed).unwrap_err().problems[0].field, "deployment.s3_bucket");
}

#[test]
fn the_sentences_of_imageboss_are_mapped_where_that_is_certain() {
    let found = |name: &str| -> Vec<(String, &'static str)> {
        let error = read("imageboss", "sources.create", 422, fixture(&format!("imageboss/{name}.json"))).unwrap_err();
        error.problems.iter().map(|problem| (problem.field.clone(), problem.code.as_str())).collect()
    };
    assert_eq!(
        found("error-422-documented"),
        [("credential_attributes.access_key_id".to_owned(), "required"), ("source".to_owned(), "taken")]
    );
    assert_eq!(found("error-422-azure-missing").len(), 3);
    assert_eq!(found("error-422-unknown-message"), [(String::new(), "declined"), (String::new(), "declined")]);
    for (name, said) in [
        ("error-401-error-string", "error"),
        ("error-401-message", "message"),
        ("error-404-rails", "error"),
        ("error-429-message", "message"),
        ("error-500-rails", "error"),
    ] {
        let text = fixture(&format!("imageboss/{name}.json"));
        let error = read("imageboss", "sources.get", 400, &text).unwrap_err();
        assert_eq!(error.problems[0].message, parsed(&text)[said].as_str().unwrap(), "{name}");
    }
    let object =
        read("imageboss", "sources.create", 422, r#"{"errors":{"source":["is bad","is long"],"x":"y"}}"#).unwrap_err();
    assert_eq!(object.problems.len(), 3);
    for (body, field, message) in [
        (r#"{"errors":[],"message":"m"}"#, "", "m"),
        (r#"{"errors":[{"message":"m"}]}"#, "", "m"),
        (r#"{"error":{"message":"m"}}"#, "", "m"),
        ("\u{feff}{\"error\":\"m\"}", "", "m"),
        (r#"{"errors":{"base":["m"]}}"#, "", "m"),
        (
            r#"{"errors":["Credential a b is required for s3 sources"]}"#,
            "",
            "Credential a b is required for s3 sources",
        ),
        (r#"{"errors":["Credential  is required for s3 sources"]}"#, "", "Credential  is required for s3 sources"),
    ] {
        let error = read("imageboss", "sources.create", 422, body).unwrap_err();
        assert_eq!((error.problems[0].field.as_str(), error.problems[0].message.as_str()), (field, message), "{body}");
    }
    let unsure =
        read("imageboss", "sources.create", 200, r#"{"errors":["Source has already been taken"]}"#).unwrap_err();
    assert_eq!((unsure.class, unsure.outcome), (Class::Unreadable, Outcome::Unknown));
}

#[test]
fn no_error_shows_a_secret_of_the_call_or_of_the_answer() {
    let echo = format!(r#"{{"errors":["key {CANARY} is bad"],"secret_token":"tttttttt","percent":"{CANARY}"}}"#);
    for status in [200, 302, 400, 422, 500] {
        let error = read("imageboss", "sources.list", status, &echo).unwrap_err();
        let shown = format!("{} {:?} {:?}", error.message, error.problems, error.body_text);
        assert!(!shown.contains(CANARY) && !shown.contains("tttttttt"), "{status}: {shown}");
    }
}

#[test]
fn what_is_kept_of_a_body_is_bounded_and_whole_characters() {
    let error = read("imgix", "sources.get", 500, "é".repeat(100_000)).unwrap_err();
    let kept = error.body_text.as_deref().unwrap();
    assert!(kept.len() <= 8 * 1024 && kept.len() > 8 * 1024 - 4);
}

#[test]
fn retry_after_is_told() {
    let headers = vec![("Retry-After".to_owned(), "7".to_owned()), ("X-Request-Id".to_owned(), "r-1".to_owned())];
    let error = read_with("imageboss", "sources.get", Response { status: 429, headers, body: Vec::new() }).unwrap_err();
    assert_eq!((error.retry_after_ms, error.request_id.as_deref()), (Some(7_000.0), Some("r-1")));
}

#[test]
fn a_message_is_one_line_whatever_a_provider_says() {
    let body =
        r#"{"errors":[{"title":"no\rway","source":{"pointer":"/data/attributes/a\u001b[2J"}},{"title":"\n x"}]}"#;
    let error = read("imgix", "sources.get", 400, body).unwrap_err();

    assert_eq!(error.message, "imgix answered 400 to sources.get: a no; x");
    assert_eq!(error.problems[0].message, "no\rway");
}

#[test]
fn a_secret_that_is_known_late_is_taken_out_of_everything_that_was_said() {
    let body = r#"{"errors":[{"title":"bad late-token","source":{"pointer":"/data/attributes/late-token"}}]}"#;
    let headers = vec![("x-request-id".to_owned(), "late-token".to_owned())];
    let response = Response { status: 401, headers, body: body.as_bytes().to_vec() };
    let mut error = read_with("imgix", "sources.get", response).unwrap_err();

    error.scrub(&["late-token".to_owned()]);

    assert_eq!((error.problems[0].field.as_str(), error.problems[0].message.as_str()), ("****", "bad ****"));
    assert_eq!(error.request_id.as_deref(), Some("****"));
    let shown = [error.message.as_str(), error.body_text.as_deref().unwrap()].concat();
    assert!(!shown.contains("late-token"), "{shown}");
}

#[test]
fn half_a_key_at_the_end_of_a_long_request_id_does_not_come_out() {
    let id = format!("{}{CANARY}", "x".repeat(190));
    let headers = vec![("x-request-id".to_owned(), id)];
    let error = read_with("imgix", "sources.get", Response { status: 500, headers, body: Vec::new() }).unwrap_err();

    assert_eq!(error.request_id.as_deref(), Some(format!("{}****", "x".repeat(190)).as_str()));
}

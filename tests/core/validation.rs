use super::support::{fixtures, parsed, prepare, refused};
use image_sources::schema::{Input, Level, check_input};
use proptest::prelude::*;

fn create(name: &str, input: &str) -> Vec<String> {
    match prepare(name, "sources.create", &[], input, "null") {
        Ok(_) => Vec::new(),
        refusal => refused(refusal),
    }
}

fn update(name: &str, input: &str) -> Vec<String> {
    match prepare(name, "sources.update", &["id"], input, "null") {
        Ok(_) => Vec::new(),
        refusal => refused(refusal),
    }
}

#[test]
fn what_each_type_requires_is_what_the_documents_say() {
    for (kind, required) in [
        ("s3", "access_key_id secret_access_key bucket region"),
        ("gcs", "access_key secret bucket"),
        ("dos", "access_key secret bucket region"),
        ("r2", "access_key secret bucket"),
        ("akamai", "access_key secret bucket endpoint"),
        ("wasabi", "access_key secret bucket"),
        ("azure", "account_name service_type sas_token"),
        ("url", "url"),
    ] {
        let mut found =
            create("imageboss", &format!(r#"{{"source":"a","source_type":"{kind}","credential_attributes":{{}}}}"#));
        let mut expected: Vec<_> =
            required.split(' ').map(|name| format!("credential_attributes.{name} required")).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{kind}");
    }
    for (service, required, mismatch) in
        [("blob", "container_name", "share_name"), ("file-share", "share_name", "container_name")]
    {
        let input = format!(
            r#"{{"source":"a","source_type":"azure","credential_attributes":{{"account_name":"abc","sas_token":"sv=1&sig=x","service_type":"{service}","{mismatch}":"abc"}}}}"#
        );
        assert_eq!(
            create("imageboss", &input),
            [
                format!("credential_attributes.{mismatch} mismatch"),
                format!("credential_attributes.{required} required")
            ]
        );
    }
    for (kind, required) in [
        ("s3", "s3_access_key s3_secret_key s3_bucket"),
        ("gcs", "gcs_access_key gcs_secret_key gcs_bucket"),
        ("azure", "azure_account azure_sas_string azure_bucket"),
        ("s3_compatible", "storage_provider access_key_id secret_key bucket_name endpoint_url region"),
        ("webfolder", "webfolder_base_url"),
        ("webproxy", "secure_url_enabled"),
    ] {
        let mut found = create("imgix", &format!(r#"{{"name":"a","deployment":{{"type":"{kind}"}}}}"#));
        let mut expected: Vec<_> = required.split(' ').map(|name| format!("deployment.{name} required")).collect();
        expected.push("deployment.imgix_subdomains required".to_owned());
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{kind}");
    }
    assert_eq!(create("imgix", "{}"), ["name required", "deployment required"]);
    assert_eq!(
        create("imageboss", "{}"),
        ["source required", "source_type required", "credential_attributes required"]
    );
}

#[test]
fn every_request_of_the_fixtures_passes() {
    for (provider, folder, begins) in
        [("imgix", "imgix", "source-create.request"), ("imageboss", "imageboss", "request-create")]
    {
        for (name, text) in fixtures(folder, begins) {
            if !name.contains("NEGATIVE") {
                let document = parsed(&text);
                let input = if provider == "imgix" { &document["data"]["attributes"] } else { &document["source"] };
                assert_eq!(create(provider, &input.to_string()), Vec::<String>::new(), "{name}");
            }
        }
    }
}

#[test]
fn all_problems_come_at_once_each_with_its_path() {
    let found = create(
        "imgix",
        r#"{"name":3,"enabled":true,"date_deployed":1,"nmae":"x","deployment":{"type":"s3","s3_bucket":"s3://x","s3_secret_key":"****","gcs_bucket":"x","imgix_subdomains":["ok","bad.imgix.net",5],"cache_ttl_value":0,"cache_ttl_error":1.5,"cache_ttl_behavior":"forever","default_params":{"a":{}},"image_error":null,"custom_domains":null,"secure_url_enabled":"true"}}"#,
    );

    for expected in [
        "name type",
        "enabled mismatch",
        "date_deployed read-only",
        "nmae unknown",
        "deployment.s3_bucket format",
        "deployment.s3_secret_key masked",
        "deployment.gcs_bucket mismatch",
        "deployment.imgix_subdomains.1 format",
        "deployment.imgix_subdomains.2 type",
        "deployment.cache_ttl_value range",
        "deployment.cache_ttl_error range",
        "deployment.cache_ttl_behavior value",
        "deployment.default_params.a type",
        "deployment.custom_domains type",
        "deployment.secure_url_enabled type",
        "deployment.s3_access_key required",
    ] {
        assert!(found.contains(&expected.to_owned()), "{expected} is not in {found:?}");
    }
    assert!(!found.iter().any(|problem| problem.starts_with("deployment.image_error ")));
}

#[test]
fn unknown_names_suggest_the_nearest_known_one() {
    let error = prepare(
        "imageboss",
        "sources.create",
        &[],
        r#"{"source":"a","source_type":"s3","credential_attributes":{"acessKeyId":"x"}}"#,
        "null",
    )
    .unwrap_err();
    let problem = error.problems.iter().find(|problem| problem.code.as_str() == "unknown").unwrap();

    assert_eq!(problem.field, "credential_attributes.acessKeyId");
    assert!(problem.message.contains("`access_key_id`") && problem.message.contains("extra"), "{}", problem.message);
}

#[test]
fn the_mask_is_refused_in_secrets_only() {
    let input = |bucket: &str, secret: &str| {
        format!(
            r#"{{"source":"a","source_type":"gcs","credential_attributes":{{"access_key":"GOOGABCDEFGHIJKLMNOPQRST","secret":"{secret}","bucket":"{bucket}"}}}}"#
        )
    };
    assert_eq!(create("imageboss", &input("abc", "****")), ["credential_attributes.secret masked"]);
    assert!(create("imageboss", &input("****", "s3cret-s3cret")).iter().all(|problem| !problem.ends_with("masked")));
}

#[test]
fn every_form_of_a_mask_is_refused_where_it_can_be_one() {
    for (provider, input, problems) in [
        (
            "imageboss",
            r#"{"credential_attributes":{"url":"https://****@origin.example/"}}"#,
            vec!["credential_attributes.url masked"],
        ),
        (
            "imageboss",
            r#"{"credential_attributes":{"access_key":"****ABCD"}}"#,
            vec!["credential_attributes.access_key masked"],
        ),
        (
            "imageboss",
            r#"{"credential_attributes":{"access_key":"****"}}"#,
            vec!["credential_attributes.access_key masked"],
        ),
        ("imageboss", r#"{"credential_attributes":{"access_key":"****ABCDEFGHIJKLMNOP"}}"#, vec![]),
        ("imageboss", r#"{"credential_attributes":{"secret":"****ABCDEFGHIJKLMNOP"}}"#, vec![]),
        (
            "imageboss",
            r#"{"credential_attributes":{"bucket":"****abcd"}}"#,
            vec!["credential_attributes.bucket format"],
        ),
        ("imgix", r#"{"deployment":{"annotation":"see //****@a/ or ****"}}"#, vec!["deployment.annotation masked"]),
        ("imgix", r#"{"deployment":{"annotation":"****"}}"#, vec![]),
        (
            "imgix",
            r#"{"deployment":{"default_params":{"mark":"https://****@a/"},"custom_domains":["//****@b"]}}"#,
            vec!["deployment.default_params.mark masked", "deployment.custom_domains.0 masked"],
        ),
    ] {
        assert_eq!(update(provider, input), problems, "{input}");
    }
}

#[test]
fn an_update_requires_nothing_but_something_to_change() {
    for (provider, input, problems) in [
        ("imgix", "{}", vec![" empty"]),
        ("imgix", r#"{"deployment":{}}"#, vec!["deployment empty"]),
        ("imgix", r#"{"enabled":false}"#, vec![]),
        ("imgix", r#"{"deployment":{"annotation":"x"}}"#, vec![]),
        (
            "imgix",
            r#"{"deployment":{"type":"webproxy","secure_url_enabled":false}}"#,
            vec!["deployment.secure_url_enabled value"],
        ),
        ("imageboss", r#"{"source_type":"s3"}"#, vec![]),
        ("imageboss", r#"{"credential_attributes":{"bucket":"any-bucket"}}"#, vec![]),
        ("imageboss", r#"{"credential_attributes":{"secret":"****"}}"#, vec!["credential_attributes.secret masked"]),
        ("imageboss", r#"{"credentials":{"bucket":"x"}}"#, vec!["credentials read-only"]),
        (
            "imageboss",
            r#"{"credential_attributes":{"require_token":""}}"#,
            vec!["credential_attributes.require_token value"],
        ),
        (
            "imageboss",
            r#"{"credential_attributes":{"sas_token":"https://x/y"}}"#,
            vec!["credential_attributes.sas_token format"],
        ),
        (
            "imageboss",
            r#"{"credential_attributes":{"bucket":"https://x/y"}}"#,
            vec!["credential_attributes.bucket format"],
        ),
        ("imageboss", r#"{"credential_attributes":{"bucket":"My_Bucket"}}"#, vec![]),
        ("imgix", r#"{"deployment":{"cache_ttl_behavior":""}}"#, vec!["deployment.cache_ttl_behavior value"]),
        ("imageboss", "null", vec![" type"]),
        ("imageboss", "5", vec![" type"]),
        ("imageboss", "[]", vec![" type"]),
    ] {
        assert_eq!(update(provider, input), problems, "{input}");
    }
}

#[test]
fn a_lone_surrogate_and_a_foreign_value_are_refused_with_their_name() {
    let error = prepare("imgix", "sources.update", &["id"], r#"{"name":"\ud800"}"#, "null").unwrap_err();
    assert_eq!(error.problems[0].code.as_str(), "format");
    let error = prepare("imgix", "sources.update", &["id"], r#"{"name":{"\u0000":"function"}}"#, "null").unwrap_err();
    assert_eq!(error.problems[0].message, "must be a string, not function");
}

#[test]
fn names_of_sources_are_refused_only_where_they_cannot_be_right() {
    for (name, level) in [
        ("my-images", None),
        ("MyImages_2", None),
        ("-x", Some(Level::Warning)),
        ("ünï", Some(Level::Warning)),
        ("a.b", Some(Level::Warning)),
        ("a b", Some(Level::Error)),
        ("a/b", Some(Level::Error)),
        ("a?b", Some(Level::Error)),
    ] {
        let input = format!(r#"{{"source":"{name}"}}"#);
        let table = super::support::provider("imageboss").source;
        let found = check_input(input.as_bytes(), table, &Input { updating: true, ..Input::default() });
        assert_eq!(found.first().map(|problem| problem.level), level, "{name}");
    }
}

proptest! {
    #[test]
    fn no_bytes_whatever_make_the_checker_fail(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for provider in image_sources::PROVIDERS {
            for updating in [false, true] {
                let problems = check_input(&bytes, provider.source, &Input { updating, ..Input::default() });
                prop_assert!(!problems.is_empty() || serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
            }
        }
    }

    #[test]
    fn any_string_in_any_field_is_judged_and_never_repeated_if_secret(text in "\\PC{0,60}", field in 0_usize..15) {
        let table = image_sources::imageboss::sources::CREDENTIALS.fields;
        let field = &table[field % table.len()];
        for kind in ["s3", "gcs", "dos", "r2", "akamai", "wasabi", "azure", "url"] {
            let input = serde_json::json!({ "source": "a", "source_type": kind, "credential_attributes": { field.name: text } });
            let problems = check_input(input.to_string().as_bytes(), super::support::provider("imageboss").source, &Input::default());
            if field.secret && text.len() > 12 {
                prop_assert!(problems.iter().all(|problem| !problem.message.contains(&text)));
            }
        }
    }
}

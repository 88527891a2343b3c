//! Rate limits: classes, ways of counting, and what is said to whoever must wait.

use super::support::{Client, with};

fn burst(client: &mut Client, method: &str, path: &str) -> usize {
    (0..100).take_while(|_| client.imgix(method, path, "").status != 429).count()
}

#[test]
fn each_class_has_the_limit_that_is_documented() {
    let mut client = with(r#"{ "rateLimits": "sliding" }"#);
    for (method, path, limit) in [
        ("GET", "sources/a/assets", 4),
        ("GET", "sources/a/assets/b", 10),
        ("POST", "sources/a/assets/refresh/b", 10),
        ("POST", "sources/a/upload/b", 2),
        ("POST", "purge", 10),
        ("POST", "sources", 60),
        ("PATCH", "sources/a", 60),
    ] {
        assert_eq!(burst(&mut client, method, path), limit, "{method} {path}");
    }
    assert_eq!(burst(&mut client, "GET", "reports"), 0, "what has no class of its own shares one");
}

#[test]
fn off_is_off() {
    for options in ["{}", r#"{ "rateLimits": false }"#, r#"{ "rateLimits": "off" }"#] {
        assert_eq!(burst(&mut with(options), "GET", "sources/a"), 100, "{options}");
    }
}

#[test]
fn the_window_says_what_true_stands_for() {
    for (options, passed) in [
        (r#""rateLimits": true, "window": "fixed""#, 8),
        (r#""rateLimits": "fixed""#, 8),
        (r#""rateLimits": true"#, 4),
        (r#""rateLimits": "sliding", "window": "fixed""#, 4),
        (r#""rateLimits": false, "window": "fixed""#, 200),
    ] {
        let mut client = with(&format!("{{ {options} }}"));
        client.now += 999.0;
        let before = burst(&mut client, "GET", "reports");
        client.now += 1.0;

        assert_eq!(before + burst(&mut client, "GET", "reports"), passed, "{options}");
    }
}

#[test]
fn a_bucket_fills_evenly() {
    let mut client = with(r#"{ "rateLimits": "token-bucket" }"#);
    assert_eq!(burst(&mut client, "GET", "reports"), 4);
    client.now += 249.0;
    assert_eq!(burst(&mut client, "GET", "reports"), 0);
    client.now += 1.0;
    assert_eq!(burst(&mut client, "GET", "reports"), 1);
    client.now += 10_000.0;
    assert_eq!(burst(&mut client, "GET", "reports"), 4, "and never over its brim");
}

#[test]
fn whoever_is_refused_is_told_when_to_come_back_as_the_options_say() {
    for (form, hint) in [("none", None), ("seconds", Some("1")), ("date", Some("Thu, 05 Mar 2026 14:10:01 GMT"))] {
        let mut client = with(&format!(r#"{{ "rateLimits": true, "retryAfter": "{form}" }}"#));
        burst(&mut client, "GET", "reports");

        let refused = client.imgix("GET", "reports", "");

        assert_eq!((refused.status, refused.header("retry-after")), (429, hint));
    }
    let mut client = with(
        r#"{ "rateLimits": true, "retryAfter": "seconds", "limits": { "imageboss": { "requests": 0, "perMs": 60000 } } }"#,
    );
    assert_eq!(client.boss("GET", "sources", "").header("retry-after"), Some("60"));
}

#[test]
fn mistakes_are_told() {
    let mistakes = image_sources::sandbox::Options::from_json(
        r#"{ "rateLimits": "strict", "window": "x", "retryAfter": 5, "assets": -1 }"#,
    );

    assert_eq!(
        mistakes.unwrap_err().0,
        [
            "assets must be a whole number from 0 to 200000",
            "window must be `sliding` or `fixed`",
            "rateLimits must be true, false, `off`, `fixed`, `sliding` or `token-bucket`",
            "retryAfter must be text",
        ]
    );
}

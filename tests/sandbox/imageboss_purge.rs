//! ImageBoss: one master image is purged where images are served.

use image_sources::sandbox::Incoming;

use super::support::{full, with};

fn purge(url: &str, key: Option<&str>) -> u16 {
    let mut request = Incoming::new("DELETE", url);
    if let Some(key) = key {
        request = request.header("imageboss-api-key", key);
    }
    full().send(&request).status
}

#[test]
fn a_master_image_is_purged_with_the_key_of_the_api() {
    assert_eq!(purge("https://img.imageboss.me/mossandmarble/a/b%20c.jpg", Some("sandbox")), 202);
    assert_eq!(purge("http://127.0.0.1:1/images/img.imageboss.me/mossandmarble/a.jpg", Some("sandbox")), 202);
    assert_eq!(purge("https://img.imageboss.me/mossandmarble/a.jpg", None), 401);
    assert_eq!(purge("https://img.imageboss.me/mossandmarble/a.jpg", Some("wrong")), 401);
    assert_eq!(purge("https://img.imageboss.me/nobody/a.jpg", Some("sandbox")), 404);
}

#[test]
fn a_purge_of_no_path_never_becomes_one_of_everything() {
    for url in [
        "https://img.imageboss.me/mossandmarble",
        "https://img.imageboss.me/mossandmarble/",
        "https://img.imageboss.me/mossandmarble//",
        "https://img.imageboss.me/mossandmarble/a/..",
        "https://img.imageboss.me/",
    ] {
        assert_eq!(purge(url, Some("sandbox")), 404, "{url}");
    }
}

#[test]
fn purges_have_a_limit_of_their_own_if_one_is_stated() {
    let mut client =
        with(r#"{ "rateLimits": true, "limits": { "imageboss.purge": { "requests": 1, "perMs": 1000 } } }"#);
    let request =
        Incoming::new("DELETE", "https://img.imageboss.me/mossandmarble/a.jpg").header("imageboss-api-key", "sandbox");

    assert_eq!([client.send(&request).status, client.send(&request).status], [202, 429]);
    assert_eq!(client.boss("GET", "sources", "").status, 200);
    assert_eq!(client.sandbox.log().next().unwrap().operation, Some("purge"));
}

//! Where images are served.

use image_sources::sandbox::Incoming;

use super::support::{Answer, Client, full};

fn get(client: &mut Client, url: &str) -> Answer {
    client.send(&Incoming::new("GET", url))
}

fn is_png(answer: &Answer) -> bool {
    answer.header("content-type") == Some("image/png") && answer.reply.response.body.starts_with(b"\x89PNG\r\n\x1a\n")
}

#[test]
fn every_asset_has_a_picture_that_is_always_the_same_and_its_own() {
    let mut client = full();

    let one = get(&mut client, "https://nordlicht.imgix.net/odd/a%2Bb%3Dc%26d.png?w=100&auto=format");
    let other = get(&mut client, "https://nordlicht.imgix.net/odd/%E6%A1%9C%20%E2%80%93%20%E6%98%A5.jpg");

    assert!(is_png(&one) && is_png(&other));
    assert_ne!(one.reply.response.body, other.reply.response.body);
    let again = get(&mut full(), "https://nordlicht.imgix.net/odd/a%2Bb%3Dc%26d.png");
    assert_eq!(one.reply.response.body, again.reply.response.body);
}

#[test]
fn a_local_address_may_name_the_host_and_a_source_may_have_its_own() {
    let mut client = full();

    assert!(is_png(&get(&mut client, "http://127.0.0.1:8787/images/nordlicht.imgix.net/odd/a%2Bb%3Dc%26d.png")));
    assert!(is_png(&get(&mut client, "https://img.imageboss.me/mossandmarble/width/100/a/b.jpg")));
    assert!(is_png(&get(&mut client, "/images/img.imageboss.me/mossandmarble/cdn/b.jpg")));
    assert!(is_png(&get(&mut client, "https://avatars-7f3.imgix.net/https%3A%2F%2Fexample.com%2Fa.png")));
    assert_eq!(get(&mut client, "https://images.rivetcycles.example/nope.jpg").status, 404);
    assert_eq!(client.sandbox.log().last().unwrap().operation, Some("images.get"));
}

#[test]
fn an_uploaded_image_is_given_back_as_it_is() {
    let mut client = full();
    let source = client.fullest();
    client.raw("POST", &format!("sources/{source}/upload/new/a.svg"), &[("content-type", "image/svg+xml")], b"<svg/>");

    let served = get(&mut client, "https://nordlicht.imgix.net/new/a.svg");

    assert_eq!(
        (served.header("content-type"), served.reply.response.body.as_slice()),
        (Some("image/svg+xml"), &b"<svg/>"[..])
    );
}

#[test]
fn what_is_not_there_is_not_served() {
    let mut client = full();
    for (url, status) in [
        ("https://nordlicht.imgix.net/nope.jpg", 404),
        ("https://nobody.imgix.net/a.jpg", 404),
        ("https://summitgear.imgix.net/odd/a%2Bb%3Dc%26d.png", 410),
        ("https://img.imageboss.me/nobody/cdn/a.jpg", 404),
        ("https://img.imageboss.me/mossandmarble/", 404),
        ("https://img.imageboss.me/", 404),
    ] {
        assert_eq!(get(&mut client, url).status, status, "{url}");
    }
    assert_eq!(client.send(&Incoming::new("POST", "https://nordlicht.imgix.net/a.jpg")).status, 405);
}

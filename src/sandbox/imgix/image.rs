//! `GET https://<subdomain>.imgix.net/...`: pictures for previews. Parameters change nothing, and signatures are not checked.

use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::call::Call;
use crate::sandbox::picture::png;

/// Answers one request for the host of a source.
pub(in crate::sandbox) fn answer(state: &State, host: &str, call: &Call<'_>) -> Response {
    if !matches!(call.method, "GET" | "HEAD") {
        return plain(405, "Method not allowed");
    }
    let Some(source) = state.at_host(host) else { return plain(404, "No source is served here") };
    if !source.enabled {
        return plain(410, "The source is disabled");
    }
    let path = call.segments.join("/");
    if source.kind() == "webproxy" {
        return picture(png(&path, None), "image/png");
    }
    let Some(asset) = state.assets.find(&source.id, &path).filter(|asset| !asset.unpublished) else {
        return plain(404, "Not found");
    };
    // A film or a document has a picture too; an image that was uploaded is given back as it is.
    match asset.content.as_ref().and_then(|content| content.bytes.as_ref()) {
        Some(bytes) if asset.media_kind() == Some("IMAGE") => {
            picture(bytes.clone(), asset.content_type.as_deref().unwrap_or("application/octet-stream"))
        }
        _ => picture(png(&path, asset.look.as_ref().and_then(|look| look.size)), "image/png"),
    }
}

fn picture(body: Vec<u8>, kind: &str) -> Response {
    let headers = [
        ("content-type", kind),
        ("cache-control", "max-age=60"),
        ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    Response { status: 200, headers, body }
}

fn plain(status: u16, message: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())];
    Response { status, headers, body: message.as_bytes().to_vec() }
}

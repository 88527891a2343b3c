//! The storage behind pre-signed addresses: `PUT /storage/:bucket/:path?...`. It knows signatures, not keys.

use super::content::Content;
use super::session::Session;
use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::bytes::crc32;
use crate::sandbox::call::Call;

/// imgix itself stops here.
const MOST: usize = 500 * 1024 * 1024;

/// Answers one request, as cloud storage does: errors are XML.
pub(in crate::sandbox) fn answer(state: &mut State, call: &Call<'_>) -> Response {
    match put(state, call) {
        Ok(response) => response,
        Err((status, code, message)) => refuse(status, code, message),
    }
}

type Refusal = (u16, &'static str, &'static str);

fn put(state: &mut State, call: &Call<'_>) -> Result<Response, Refusal> {
    if call.method != "PUT" {
        return Err((405, "MethodNotAllowed", "The specified method is not allowed against this resource."));
    }
    if call.header("authorization").is_some() || call.header("imageboss-api-key").is_some() {
        return Err((400, "InvalidArgument", "Only one auth mechanism allowed: the address is signed already."));
    }
    let session = signed(state, call).ok_or((
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided.",
    ))?;
    if !session.is_open(call.now) {
        return Err((403, "AccessDenied", "Request has expired."));
    }
    let given = call.header("content-type").map(str::trim);
    if let Some(signed) = session.content_type.as_deref().map(str::trim)
        && !given.is_some_and(|given| given.eq_ignore_ascii_case(signed))
    {
        return Err((400, "InvalidContentType", "The content type is not the one with which the session was created."));
    }
    if session.wants_blob_type && call.header("x-ms-blob-type") != Some("BlockBlob") {
        return Err((
            400,
            "MissingRequiredHeader",
            "An HTTP header that's mandatory for this request is not specified: x-ms-blob-type.",
        ));
    }
    if call.body.len() > MOST {
        return Err((400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size."));
    }
    session.modified = call.now;
    session.content = Some(Content::of(call.body));
    let status = if session.wants_blob_type { 201 } else { 200 };
    let headers = vec![("etag".to_owned(), format!("\"{:08x}\"", crc32(call.body)))];
    Ok(Response { status, headers, body: Vec::new() })
}

/// The session of this address, if nothing in it has been changed.
fn signed<'s>(state: &'s mut State, call: &Call<'_>) -> Option<&'s mut Session> {
    let value = |name: &str| call.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let session = state.sessions.get_mut(value("X-Session")?)?;
    let (_, path) = call.segments.split_first()?;
    (value("X-Signature") == Some(session.signature.as_str()) && path.join("/") == session.path).then_some(session)
}

/// A failure of the storage's own, as faults make them.
pub(in crate::sandbox) fn failure(status: u16) -> Response {
    refuse(status, if status == 503 { "SlowDown" } else { "InternalError" }, "Please try again.")
}

fn refuse(status: u16, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    let headers = vec![("content-type".to_owned(), "application/xml".to_owned())];
    Response { status, headers, body: body.into_bytes() }
}

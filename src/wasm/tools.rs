//! What stand-alone functions of the npm package need and clients do not: a module of its own, which bundlers leave away where
//! none of these functions is imported.
//!
//! As with the client, JSON bytes come in and go out. No state is kept.

use wasm_bindgen::prelude::*;

use super::out;
use crate::proto::error::Error;
use crate::schema::json::ObjectWriter;

/// The address of an image, signed if the arguments (JSON) hold what it takes; gives `{ url }` or `{ error }`.
#[wasm_bindgen(js_name = imageUrl)]
pub fn image_url(provider: &[u8], arguments: &[u8]) -> Vec<u8> {
    let imgix = provider == crate::imgix::IMGIX.name.as_bytes();
    let made = if imgix { crate::imgix::url::sign(arguments) } else { crate::imageboss::url::build(arguments) };
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    match made {
        Ok(url) => object.string("url", &url),
        Err(problems) => out::error(object.key("error"), &Error::invalid("", "", problems)),
    }
    object.close();
    out
}

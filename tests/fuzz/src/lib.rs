//! What must hold for any bytes. Each module is one fuzz target: its `look` panics if something does not hold.

pub mod body;
pub mod paths;
pub mod refusal;
pub mod retry;

use image_sources::PROVIDERS;
use image_sources::proto::call::{Config, Prepared};
use image_sources::proto::operation::{Input, Operation, Provider, To};
use image_sources::schema::json;

/// The key of every client here. It must not come out anywhere.
pub const KEY: &str = "CANARY-key-7f3a";

/// A client of each provider, with further options as members of JSON.
pub fn clients(more: &str) -> Vec<Config> {
    PROVIDERS.iter().map(|provider| client(provider, more).expect("these options are right")).collect()
}

/// A client, if its options are taken.
pub fn client(provider: &'static Provider, more: &str) -> Option<Config> {
    Config::new(provider, format!(r#"{{"apiKey":"{KEY}"{more}}}"#).as_bytes()).ok()
}

/// Text as JSON.
pub fn quoted(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    json::write_string(&mut out, text);
    out
}

/// Input that this operation takes.
pub fn sample_input(provider: &Provider, operation: &Operation) -> &'static [u8] {
    let sources = operation.name.starts_with("sources.");
    match (operation.input, provider.name) {
        (Input::Create(_), "imgix") => {
            br#"{"name":"n","deployment":{"type":"webfolder","webfolder_base_url":"https://a.example","imgix_subdomains":["abc"]}}"#
        }
        (Input::Create(_), _) => {
            br#"{"source":"n","source_type":"url","credential_attributes":{"url":"https://a.example"}}"#
        }
        (Input::Changes(_), "imgix") => br#"{"name":"n"}"#,
        (Input::Changes(_), _) if sources => br#"{"source":"n"}"#,
        (Input::Bytes, _) => b"{\"\\u0000\":\"bytes image/png\"}",
        _ => b"null",
    }
}

/// A call of this operation with harmless parameters.
pub fn sample(config: &Config, operation: &'static Operation) -> Prepared {
    let plain = |name: &str| match name {
        _ if operation.to == To::Given => quoted("https://storage.example/put?signature=1"),
        "url" => quoted("https://abc.imgix.net/a.png"),
        _ => quoted("a"),
    };
    let parameters: Vec<Vec<u8>> = operation.parameters().map(plain).collect();
    let parameters: Vec<&[u8]> = parameters.iter().map(Vec::as_slice).collect();
    let input = sample_input(config.provider, operation);
    config.prepare(operation, &parameters, input, b"null", None).expect("this call is right")
}

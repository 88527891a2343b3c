use image_sources::proto::call::{Config, Prepared};
use image_sources::proto::error::Error;
use image_sources::proto::http::Response;
use image_sources::proto::operation::Provider;
use image_sources::proto::read::Read;
use image_sources::schema::json;
use serde_json::Value;

pub(crate) const CANARY: &str = "CANARY-key-7f3a";

pub(crate) fn provider(name: &str) -> &'static Provider {
    image_sources::provider(name).unwrap()
}

pub(crate) fn config(name: &str) -> Config {
    let options = format!(r#"{{"apiKey":"{CANARY}"}}"#);
    Config::new(provider(name), options.as_bytes()).unwrap()
}

/// A call merged with what is stored.
pub(crate) fn merged(config: &Config, prepared: &Prepared, stored: &[u8]) -> Result<Prepared, Error> {
    let mut merged = prepared.clone();
    config.merge(&mut merged, stored).map(|()| merged)
}

pub(crate) fn fixture(path: &str) -> String {
    let path = format!("{}/tests/fixtures/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every fixture of a folder whose name begins like this: name and text.
pub(crate) fn fixtures(folder: &str, begins: &str) -> Vec<(String, String)> {
    let path = format!("{}/tests/fixtures/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(begins) && name.strip_suffix(".json").is_some())
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no fixture in {folder} begins with {begins}");
    names.into_iter().map(|name| (name.clone(), fixture(&format!("{folder}/{name}")))).collect()
}

pub(crate) fn parsed(text: impl AsRef<[u8]>) -> Value {
    serde_json::from_slice(text.as_ref()).unwrap()
}

/// Prepares a call; parameters are plain strings.
pub(crate) fn prepare(
    name: &str,
    operation: &str,
    parameters: &[&str],
    input: &str,
    options: &str,
) -> Result<Prepared, Error> {
    let config = config(name);
    let parameters: Vec<Vec<u8>> = parameters
        .iter()
        .map(|text| {
            let mut out = Vec::new();
            json::write_string(&mut out, text);
            out
        })
        .collect();
    let parameters: Vec<&[u8]> = parameters.iter().map(Vec::as_slice).collect();
    let operation = config.provider.operation(operation).unwrap();
    config.prepare(operation, &parameters, input.as_bytes(), options.as_bytes(), Some("2026-11-22"))
}

/// The address and the body of the request that a call makes.
pub(crate) fn request(
    name: &str,
    operation: &str,
    parameters: &[&str],
    input: &str,
    options: &str,
) -> (String, String) {
    let prepared = prepare(name, operation, parameters, input, options).unwrap();
    let request = config(name).request(&prepared);
    (request.url, String::from_utf8(request.body.unwrap_or_default()).unwrap())
}

/// The problems of a refused call as `field code`.
pub(crate) fn refused(result: Result<Prepared, Error>) -> Vec<String> {
    let error = result.expect_err("this should have been refused");
    assert!(!error.sent && error.attempts == 0);
    error.problems.iter().map(|problem| format!("{} {}", problem.field, problem.code.as_str())).collect()
}

/// Reads an answer to `sources.<verb>`.
pub(crate) fn read(name: &str, operation: &str, status: u16, body: impl AsRef<[u8]>) -> Result<Read, Error> {
    read_with(name, operation, Response { status, headers: Vec::new(), body: body.as_ref().to_vec() })
}

pub(crate) fn read_with(name: &str, operation: &str, response: Response) -> Result<Read, Error> {
    let (parameters, input): (&[&str], _) = match operation {
        "sources.create" if name == "imgix" => (
            &[],
            r#"{"name":"n","deployment":{"type":"webfolder","webfolder_base_url":"https://a.example","imgix_subdomains":["abc"]}}"#,
        ),
        "sources.create" => {
            (&[], r#"{"source":"n","source_type":"url","credential_attributes":{"url":"https://a.example"}}"#)
        }
        "sources.update" if name == "imgix" => (&["id"], r#"{"name":"n"}"#),
        "sources.update" => (&["id"], r#"{"source":"n"}"#),
        "sources.list" => (&[], "null"),
        _ => (&["id"], "null"),
    };
    let prepared = prepare(name, operation, parameters, input, "null").unwrap();
    config(name).read(&prepared, &response, true)
}

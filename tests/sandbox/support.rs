//! Asking and comparing.

use image_sources::sandbox::{Incoming, Options, Reply, Sandbox};
use serde_json::Value;

/// 2026-03-05T14:10:00Z.
pub(crate) const NOW: f64 = 1_772_719_800_000.0;

pub(crate) struct Client {
    pub(crate) sandbox: Sandbox,
    pub(crate) now: f64,
    pub(crate) key: &'static str,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) reply: Reply,
    pub(crate) body: Value,
}

/// With the seed.
pub(crate) fn full() -> Client {
    with("{}")
}

/// Without any source.
pub(crate) fn bare() -> Client {
    with(r#"{ "seed": false }"#)
}

pub(crate) fn with(options: &str) -> Client {
    Client { sandbox: Sandbox::new(Options::from_json(options).unwrap()), now: NOW, key: "ak_sandbox" }
}

impl Client {
    pub(crate) fn send(&mut self, request: &Incoming) -> Answer {
        let reply = self.sandbox.handle(request, self.now);
        let body = serde_json::from_slice(&reply.response.body).unwrap_or(Value::Null);
        Answer { status: reply.response.status, reply, body }
    }

    pub(crate) fn imgix(&mut self, method: &str, path: &str, body: &str) -> Answer {
        let request = Incoming::new(method, format!("https://api.imgix.com/api/v1/{path}"))
            .header("Authorization", format!("Bearer {}", self.key))
            .header("Content-Type", "application/vnd.api+json")
            .body(body);
        self.send(&request)
    }

    /// Any request with the key of imgix and further headers.
    pub(crate) fn raw(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = Incoming::new(method, format!("https://api.imgix.com/api/v1/{path}"))
            .header("authorization", format!("Bearer {}", self.key))
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(&request)
    }

    /// The id of the first source of that type.
    pub(crate) fn source(&mut self, kind: &str) -> String {
        let path = format!("sources?page[size]=100&filter[deployment.type]={kind}&filter[enabled]=true&sort=name");
        let answer = self.imgix("GET", &path, "");
        let list = answer.body["data"].as_array().unwrap();
        let able = |source: &&Value| source["attributes"]["deployment"]["allows_upload"] != false;
        list.iter().find(able).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// The source with the most assets.
    pub(crate) fn fullest(&mut self) -> String {
        let answer = self.imgix("GET", "sources?filter[name]=Nordlicht+Outdoor", "");
        answer.body["data"][0]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn boss(&mut self, method: &str, path: &str, body: &str) -> Answer {
        let request = Incoming::new(method, format!("https://api.imageboss.me/v1/{path}"))
            .header("imageboss-api-key", self.key)
            .header("content-type", "application/json")
            .body(body);
        self.send(&request)
    }

    /// Creates a source from a fixture and gives its id.
    pub(crate) fn given_imgix(&mut self, fixture: &str) -> String {
        let answer = self.imgix("POST", "sources", &text(&format!("imgix/source-create.request.{fixture}.json")));
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["data"]["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn given_boss(&mut self, fixture: &str) -> String {
        let answer = self.boss("POST", "sources", &text(&format!("imageboss/request-create-{fixture}.json")));
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.reply.response.header(name)
    }

    pub(crate) fn details(&self) -> Vec<&str> {
        self.body["errors"].as_array().unwrap().iter().map(|error| error["detail"].as_str().unwrap()).collect()
    }
}

pub(crate) fn text(fixture: &str) -> String {
    std::fs::read_to_string(format!("{FIXTURES}/{fixture}")).unwrap()
}

pub(crate) const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

pub(crate) fn fixture(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

/// Same keys in the same order and values of the same kind; a null fits any kind. The keys of
/// `default_params`, `custom_fields` and `tags` are data.
pub(crate) fn assert_same_shape(found: &Value, expected: &Value, place: &str) {
    match (found, expected) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(found), Value::Object(expected)) => {
            if ["default_params", "custom_fields", "tags"].iter().any(|data| place.ends_with(data)) {
                return;
            }
            let keys = |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(found), keys(expected), "keys of {place}");
            for (key, value) in found {
                assert_same_shape(value, &expected[key], &format!("{place}.{key}"));
            }
        }
        (Value::Array(found), Value::Array(expected)) => {
            if let Some(model) = expected.first() {
                for value in found {
                    assert_same_shape(value, model, &format!("{place}[]"));
                }
            }
        }
        (found, expected) => {
            assert_eq!(core::mem::discriminant(found), core::mem::discriminant(expected), "kind of {place}");
        }
    }
}

/// A `sources` document.
pub(crate) fn document(id: Option<&str>, attributes: &Value) -> String {
    document_of("sources", id, attributes)
}

/// A document of some type.
pub(crate) fn document_of(kind: &str, id: Option<&str>, attributes: &Value) -> String {
    let mut data = serde_json::json!({ "attributes": attributes, "type": kind });
    if let Some(id) = id {
        data["id"] = id.into();
    }
    serde_json::json!({ "data": data, "jsonapi": { "version": "1.0" } }).to_string()
}

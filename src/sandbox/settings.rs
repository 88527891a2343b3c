//! Reading settings from JSON: every mistake at once, unknown names refused.

use core::fmt;

use serde_json::{Map, Value};

/// What is wrong with settings, one sentence each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<String>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl core::error::Error for Mistakes {}

/// Reads one object.
pub(super) struct Settings<'a> {
    place: String,
    map: Option<&'a Map<String, Value>>,
    known: Vec<&'static str>,
    mistakes: Vec<String>,
}

impl<'a> Settings<'a> {
    /// A reader for the object that stands at `place` (empty for the outermost one).
    pub(super) fn new(place: &str, value: &'a Value) -> Self {
        let mistakes =
            if value.is_object() { Vec::new() } else { vec![format!("{} must be an object", name_of(place))] };
        Self { place: place.to_owned(), map: value.as_object(), known: Vec::new(), mistakes }
    }

    /// The member called `name`, if it is there and not null.
    pub(super) fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.map?.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.read(name, "true or false", Value::as_bool)
    }

    pub(super) fn text(&mut self, name: &'static str) -> Option<&'a str> {
        self.read(name, "text", Value::as_str)
    }

    pub(super) fn list(&mut self, name: &'static str) -> Option<&'a [Value]> {
        self.read(name, "a list", |value| value.as_array().map(Vec::as_slice))
    }

    pub(super) fn whole(&mut self, name: &'static str, least: u64, most: u64) -> Option<u64> {
        let kind = format!("a whole number from {least} to {most}");
        self.read(name, &kind, |value| value.as_u64().filter(|number| (least..=most).contains(number)))
    }

    /// A count from 0 to `most`.
    pub(super) fn size(&mut self, name: &'static str, most: u32) -> Option<usize> {
        self.whole(name, 0, most.into()).and_then(|number| usize::try_from(number).ok())
    }

    pub(super) fn fraction(&mut self, name: &'static str) -> Option<f64> {
        self.read(name, "a number from 0 to 1", |value| value.as_f64().filter(|number| (0.0..=1.0).contains(number)))
    }

    pub(super) fn provider(&mut self, name: &'static str) -> Option<super::Provider> {
        self.read(name, "`imgix` or `imageboss`", |value| value.as_str().and_then(super::Provider::from_name))
    }

    pub(super) fn wrong(&mut self, mistake: String) {
        self.mistakes.push(mistake);
    }

    /// The dotted path of a member.
    pub(super) fn path(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// Everything that was wrong, unknown names included.
    pub(super) fn finish(mut self) -> Vec<String> {
        for name in self.map.into_iter().flat_map(Map::keys).filter(|name| !self.known.contains(&name.as_str())) {
            self.mistakes.push(format!("{} is unknown; known are {}", self.path(name), self.known.join(", ")));
        }
        self.mistakes
    }

    fn read<T>(&mut self, name: &'static str, kind: &str, read: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let found = read(value);
        if found.is_none() {
            self.mistakes.push(format!("{} must be {kind}", self.path(name)));
        }
        found
    }
}

fn name_of(place: &str) -> &str {
    if place.is_empty() { "the outermost value" } else { place }
}

/// Parses JSON text.
pub(super) fn parse(json: &str) -> Result<Value, Mistakes> {
    serde_json::from_str(json).map_err(|error| Mistakes(vec![format!("this is not JSON: {error}")]))
}

//! The grammar of queries: `page`, `filter`, `sort`, `fields`.
//!
//! Not documented, so decided here: unknown parameters, filters and sort keys are refused; filters compare whole values, in a
//! list any of its members; one of the `or:` filters must pass, and all of the others; names sort without regard to case.

use core::cmp::Ordering;

use serde_json::{Map, Value};

/// What a query asks for.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) number: usize,
    pub(super) size: usize,
    filters: Vec<(String, String)>,
    alternatives: Vec<(String, String)>,
    /// Key, and whether it descends.
    sort: Vec<(String, bool)>,
    /// Resource type, and the attributes that are wanted.
    fields: Vec<(String, Vec<String>)>,
}

const FILTERS: [&str; 12] = [
    "name",
    "enabled",
    "deployment.azure_bucket",
    "deployment.bucket_name",
    "deployment.custom_domains",
    "deployment.gcs_bucket",
    "deployment.imgix_subdomains",
    "deployment.region",
    "deployment.s3_bucket",
    "deployment.storage_provider",
    "deployment.type",
    "deployment.webfolder_base_url",
];
const SORTS: [&str; 3] = ["date_deployed", "enabled", "name"];

impl Query {
    /// Reads the pairs of a query; `listing` is false where only `fields` makes sense.
    pub(super) fn parse(pairs: &[(String, String)], listing: bool) -> Result<Self, Vec<String>> {
        let mut query =
            Self { number: 0, size: 20, filters: vec![], alternatives: vec![], sort: vec![], fields: vec![] };
        let mut problems = Vec::new();
        for (name, value) in pairs {
            let (family, member) = bracket(name);
            let problem = match (family, member) {
                ("fields", Some(kind)) => {
                    query.add_fields(kind, value);
                    Some(())
                }
                ("page", Some("number")) if listing => whole(value, 0).map(|number| query.number = number),
                ("page", Some("size")) if listing => whole(value, 1).map(|size| query.size = size),
                ("filter", Some(filter)) if listing => query.add_filter(filter, value),
                ("sort", None) if listing => query.add_sort(value),
                _ => None,
            };
            if problem.is_none() {
                problems.push(format!("Invalid query parameter: {name}."));
            }
        }
        if problems.is_empty() { Ok(query) } else { Err(problems) }
    }

    /// Does a source pass the filters?
    pub(super) fn keeps(&self, source: &Value) -> bool {
        let passes = |(field, wanted): &(String, String)| {
            source
                .get("attributes")
                .and_then(|attributes| lookup(attributes, field))
                .is_some_and(|value| is(value, wanted))
        };
        self.filters.iter().all(passes) && (self.alternatives.is_empty() || self.alternatives.iter().any(passes))
    }

    /// The order of two sources.
    pub(super) fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let by = |(key, descends): &(String, bool)| {
            let value = |source: &Value| source.get("attributes").and_then(|attributes| attributes.get(key)).map(rank);
            let order = value(a).cmp(&value(b));
            if *descends { order.reverse() } else { order }
        };
        self.sort.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// The resource with only the attributes that are wanted.
    pub(super) fn thin(&self, kind: &str, mut resource: Value) -> Value {
        let wanted: Vec<&String> =
            self.fields.iter().filter(|(of, _)| of == kind).flat_map(|(_, names)| names).collect();
        if !self.fields.iter().any(|(of, _)| of == kind) {
            return resource;
        }
        if let Some(Value::Object(attributes)) = resource.get_mut("attributes") {
            *attributes = select(attributes, &wanted.iter().map(|name| name.as_str()).collect::<Vec<_>>());
        }
        resource
    }

    fn add_fields(&mut self, kind: &str, value: &str) {
        let names = value.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        self.fields.push((kind.to_owned(), names.collect()));
    }

    fn add_filter(&mut self, filter: &str, value: &str) -> Option<()> {
        let alternative = filter.strip_prefix("or:");
        let field = alternative.unwrap_or(filter);
        let list = if alternative.is_some() { &mut self.alternatives } else { &mut self.filters };
        list.push((field.to_owned(), value.to_owned()));
        FILTERS.contains(&field).then_some(())
    }

    fn add_sort(&mut self, value: &str) -> Option<()> {
        for key in value.split(',') {
            let name = key.strip_prefix('-').unwrap_or(key);
            SORTS.contains(&name).then_some(())?;
            self.sort.push((name.to_owned(), key.starts_with('-')));
        }
        Some(())
    }
}

/// `page[size]` is `page` and `size`.
fn bracket(name: &str) -> (&str, Option<&str>) {
    let inside = name.split_once('[').and_then(|(family, rest)| Some((family, rest.strip_suffix(']')?)));
    inside.map_or((name, None), |(family, member)| (family, Some(member)))
}

fn whole(value: &str, least: usize) -> Option<usize> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|number| digits && *number >= least)
}

fn lookup<'a>(attributes: &'a Value, path: &str) -> Option<&'a Value> {
    attributes.get(path).or_else(|| {
        let (head, rest) = path.split_once('.')?;
        lookup(attributes.get(head)?, rest)
    })
}

fn is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Bool(flag) => wanted == if *flag { "true" } else { "false" },
        Value::Number(number) => number.to_string() == wanted,
        Value::Array(list) => list.iter().any(|member| is(member, wanted)),
        Value::Null | Value::Object(_) => false,
    }
}

/// Something that has an order: null first, then by number, then by text.
fn rank(value: &Value) -> (u64, String, String) {
    match value {
        Value::Null => (0, String::new(), String::new()),
        Value::Bool(flag) => (1 + u64::from(*flag), String::new(), String::new()),
        Value::Number(number) => (number.as_u64().unwrap_or(0).saturating_add(1), String::new(), String::new()),
        other => {
            let text = other.as_str().unwrap_or_default();
            (0, text.to_lowercase(), text.to_owned())
        }
    }
}

/// The members that are named, in their own order; a name may go deeper with a dot, and a key may itself contain one.
fn select(object: &Map<String, Value>, wanted: &[&str]) -> Map<String, Value> {
    let mut selected = Map::new();
    for (key, value) in object {
        if wanted.contains(&key.as_str()) {
            selected.insert(key.clone(), value.clone());
            continue;
        }
        let inner: Vec<&str> =
            wanted.iter().filter_map(|name| name.strip_prefix(key.as_str())?.strip_prefix('.')).collect();
        if let (Value::Object(value), false) = (value, inner.is_empty()) {
            selected.insert(key.clone(), Value::Object(select(value, &inner)));
        }
    }
    selected
}

//! The grammar of queries: `page`, `filter`, `sort`, `fields`.
//!
//! Not documented, so decided here: unknown parameters, filters and sort keys are refused; filters compare whole values, in a
//! list any of its members; one of the `or:` filters must pass, and all of the others; names sort without regard to case.

use core::cmp::Ordering;

use serde_json::{Map, Value};

use super::envelope::Refusal;

/// What may be asked for at one place.
pub(super) struct Grammar {
    pub(super) paging: Paging,
    pub(super) filters: fn(&str) -> bool,
    pub(super) sorts: &'static [&'static str],
}

/// How a list is cut into pages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    /// `page[number]`, from zero, and `page[size]`.
    Number,
    /// `page[cursor]` and `page[limit]`.
    Cursor,
}

/// What a query asks for.
#[derive(Debug)]
pub(super) struct Query {
    /// How many come before this page, if pages are counted by cursors.
    pub(super) offset: usize,
    pub(super) number: usize,
    pub(super) size: usize,
    filters: Vec<(String, String)>,
    alternatives: Vec<(String, String)>,
    /// Key, and whether it descends.
    sort: Vec<(String, bool)>,
    /// Resource type, and the attributes that are wanted.
    fields: Vec<(String, Vec<String>)>,
}

impl Query {
    /// Reads the pairs of a query; without a grammar only `fields` makes sense.
    pub(super) fn parse(pairs: &[(String, String)], grammar: Option<&Grammar>) -> Result<Self, Refusal> {
        let mut query = Self {
            offset: 0,
            number: 0,
            size: 20,
            filters: vec![],
            alternatives: vec![],
            sort: vec![],
            fields: vec![],
        };
        let mut problems = Vec::new();
        for (name, value) in pairs {
            if query.read(name, value, grammar).is_none() {
                problems.push(format!("Invalid query parameter: {name}."));
            }
        }
        Refusal::unless_empty(problems).map(|()| query)
    }

    fn read(&mut self, name: &str, value: &str, grammar: Option<&Grammar>) -> Option<()> {
        let (family, member) = bracket(name);
        if let ("fields", Some(kind)) = (family, member) {
            self.add_fields(kind, value);
            return Some(());
        }
        let grammar = grammar?;
        match (grammar.paging, family, member) {
            (Paging::Number, "page", Some("number")) => self.number = whole(value, 0)?,
            (Paging::Number, "page", Some("size")) | (Paging::Cursor, "page", Some("limit")) => {
                self.size = whole(value, 1)?;
            }
            (Paging::Cursor, "page", Some("cursor")) => self.offset = whole(value, 0)?,
            (_, "filter", Some(filter)) => self.add_filter(filter, value, grammar.filters)?,
            (_, "sort", None) => self.add_sort(value, grammar.sorts)?,
            _ => return None,
        }
        Some(())
    }

    /// Does something pass the filters? `passes` is told a field and the wanted value.
    pub(super) fn lets_through(&self, passes: impl Fn(&str, &str) -> bool) -> bool {
        let passes = |(field, wanted): &(String, String)| passes(field, wanted);
        self.filters.iter().all(passes) && (self.alternatives.is_empty() || self.alternatives.iter().any(passes))
    }

    /// Does a resource pass the filters, each compared with the attribute of its name?
    pub(super) fn keeps(&self, resource: &Value) -> bool {
        self.lets_through(|field, wanted| {
            resource
                .get("attributes")
                .and_then(|attributes| lookup(attributes, field))
                .is_some_and(|value| is(value, wanted))
        })
    }

    /// The order of two resources.
    pub(super) fn compare(&self, a: &Value, b: &Value) -> Ordering {
        self.order(|key| {
            let value = |resource: &Value| resource.get("attributes").and_then(|all| all.get(key)).map(rank);
            value(a).cmp(&value(b))
        })
    }

    /// The order by the first key that tells two things apart.
    pub(super) fn order(&self, by: impl Fn(&str) -> Ordering) -> Ordering {
        let by = |(key, descends): &(String, bool)| if *descends { by(key).reverse() } else { by(key) };
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

    fn add_filter(&mut self, filter: &str, value: &str, known: fn(&str) -> bool) -> Option<()> {
        let alternative = filter.strip_prefix("or:");
        let field = alternative.unwrap_or(filter);
        let list = if alternative.is_some() { &mut self.alternatives } else { &mut self.filters };
        list.push((field.to_owned(), value.to_owned()));
        known(field).then_some(())
    }

    fn add_sort(&mut self, value: &str, known: &[&str]) -> Option<()> {
        for key in value.split(',') {
            let name = key.strip_prefix('-').unwrap_or(key);
            known.contains(&name).then_some(())?;
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

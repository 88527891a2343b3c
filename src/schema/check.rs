//! The checker: walks JSON bytes against a table.
//!
//! One walk serves both directions. In *input* it is strict: everything that is wrong is collected with its path. In
//! an *answer* it is tolerant: a value that does not have the declared kind is noted as drift, everything else passes.

use super::json::{self, Bad, Cursor, Shape, Text};
use super::problem::{Code, Problem};
use super::rule::{Findings, Look, Rule, Siblings};
use super::table::{Access, Discriminator, Field, Kind, Table};
use super::text;
use crate::schema::{Level, nearest};

/// A value in an answer that does not have the kind its table declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Dotted path of the value.
    pub path: String,
    /// The declared kind.
    pub expected: &'static str,
    /// The kind that came.
    pub found: &'static str,
}

/// How an input is to be judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// Is something changed, and not created? Then nothing is required.
    pub updating: bool,
    /// The date such as `2026-01-31`, if known.
    pub today: Option<&'a str>,
    /// Dotted paths that are given elsewhere, unchecked.
    pub extra: &'a [String],
    /// Put before every path that is reported.
    pub prefix: &'a str,
    /// Where values can be sent knowingly that this table does not know; named in messages.
    pub way_around: &'static str,
}

/// Checks the input `raw` against `table` and collects every problem.
///
/// `raw` must be the bytes of one JSON value; anything else is one problem.
pub fn check_input(raw: &[u8], table: &'static Table, input: &Input<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let walked = Cursor::new(raw).and_then(|cursor| {
        let mut walk = Walk { cursor, mode: Mode::Input(input, &mut problems), orders: &mut Vec::new() };
        walk.table(table, None, &Path { up: None, step: Step::Root })?;
        walk.cursor.end()
    });
    if let Err(bad) = walked {
        let code = if matches!(bad, Bad::Depth(_)) { Code::TooLarge } else { Code::Type };
        problems.push(Problem::error(input.prefix, code, &["the input is ", bad.describe().0].concat()));
    }
    problems
}

/// Checks answers; remembers in which order the provider writes attributes, which makes the next check fast.
#[derive(Debug, Default)]
pub struct AnswerChecker {
    /// Everything that was not as declared, once per path.
    pub drift: Vec<Drift>,
    /// Had the last object a member that its table does not know?
    pub strange: bool,
    orders: Orders,
}

impl AnswerChecker {
    /// Checks the value that begins at the cursor against `table` and moves over it.
    pub fn check(&mut self, cursor: &mut Cursor<'_>, table: &'static Table, prefix: &str) -> Result<(), Bad> {
        let mut walk = Walk {
            cursor: cursor.clone(),
            mode: Mode::Answer(&mut self.drift, prefix, &mut self.strange),
            orders: &mut self.orders,
        };
        walk.table(table, None, &Path { up: None, step: Step::Root })?;
        *cursor = walk.cursor;
        Ok(())
    }
}

/// For each table the places of its fields in the order in which the last object had them.
type Orders = Vec<(&'static Table, Vec<u16>)>;
const UNKNOWN: u16 = u16::MAX;

enum Mode<'m> {
    Input(&'m Input<'m>, &'m mut Vec<Problem>),
    Answer(&'m mut Vec<Drift>, &'m str, &'m mut bool),
}

/// Where the walk stands: a list that lives on the stack and is only written out when something is reported.
struct Path<'p> {
    up: Option<&'p Path<'p>>,
    step: Step<'p>,
}

enum Step<'p> {
    Root,
    Name(&'p str),
    Index(usize),
}

impl Path<'_> {
    fn write(&self, out: &mut String) {
        if let Some(up) = self.up {
            up.write(out);
        }
        let mut push = |step: &str| {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(step);
        };
        match self.step {
            Step::Root => {}
            Step::Name(name) => push(name),
            Step::Index(index) => push(&text::digits(index as u64)),
        }
    }

    fn dotted(&self, prefix: &str) -> String {
        let mut out = String::from(prefix);
        self.write(&mut out);
        out
    }
}

/// The object a rule looks at, searched on demand.
struct Around<'a>(&'a [u8]);

impl Siblings for Around<'_> {
    fn get(&self, name: &str) -> Option<String> {
        json::string_at(self.0, name).map(std::borrow::Cow::into_owned)
    }
}

/// What surrounds a field: its object's bytes from the brace on, and the type that was chosen.
struct Scope<'a, 'v> {
    object: &'a [u8],
    variant: Option<&'v str>,
}

struct Walk<'a, 'm> {
    cursor: Cursor<'a>,
    mode: Mode<'m>,
    orders: &'m mut Orders,
}

impl<'a> Walk<'a, '_> {
    fn strict(&self) -> bool {
        matches!(self.mode, Mode::Input(..))
    }

    fn problem(&mut self, level: Level, path: &Path<'_>, code: Code, message: &[&str]) {
        if let Mode::Input(input, problems) = &mut self.mode {
            // What was typed in may be in the message: one line, and not for ever.
            let mut message = message.concat();
            if message.len() > 400 || message.contains(char::is_control) {
                message =
                    message.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(400).collect();
            }
            problems.push(Problem { field: path.dotted(input.prefix), code, message, level });
        }
    }

    fn error(&mut self, path: &Path<'_>, code: Code, message: &[&str]) {
        self.problem(Level::Error, path, code, message);
    }

    /// The value here has another kind than declared: says so and moves over it.
    fn mismatch(&mut self, path: &Path<'_>, expected: &'static str, foreign: Option<&str>) -> Result<(), Bad> {
        let found = self.cursor.skip()?;
        match &mut self.mode {
            Mode::Input(..) => {
                let found = foreign.unwrap_or(found.name());
                self.error(path, Code::Type, &["must be ", article(expected), expected, ", not ", found]);
            }
            Mode::Answer(drift, prefix, _) => {
                let path = path.dotted(prefix);
                if !drift.iter().any(|known| known.path == path) {
                    drift.push(Drift { path, expected, found: found.name() });
                }
            }
        }
        Ok(())
    }

    /// The object of `table` that should begin here.
    fn table(&mut self, table: &'static Table, parent: Option<&Scope<'_, '_>>, path: &Path<'_>) -> Result<(), Bad> {
        let foreign = self.foreign();
        if self.cursor.shape()? != Shape::Object || foreign.is_some() {
            return self.mismatch(path, "object", foreign.as_deref());
        }
        let object = self.cursor.rest(self.cursor.at());
        let variant = if self.strict() { Self::variant(table, parent, object) } else { None };
        let scope = Scope { object, variant: variant.as_deref() };

        let order = self.orders.iter().position(|(known, _)| core::ptr::eq(*known, table)).unwrap_or_else(|| {
            self.orders.push((table, Vec::new()));
            self.orders.len() - 1
        });
        let (mut seen, mut count, mut first) = (0_u128, 0_usize, true);
        self.cursor.enter()?;
        while self.cursor.more(&mut first, b'}')? {
            let guess = self.orders.get(order).and_then(|(_, places)| places.get(count)).copied();
            let guessed = guess.and_then(|place| nth(table, place)).filter(|field| self.cursor.key_is(field.name));
            let (place, known) = if let (Some(field), Some(place)) = (guessed, guess) {
                (place, Ok(field))
            } else {
                let key = self.cursor.key()?;
                let found = table.all().enumerate().find(|(_, field)| key.is(field.name));
                let place = found.map_or(UNKNOWN, |(place, _)| u16::try_from(place).unwrap_or(UNKNOWN));
                self.remember(order, count, place);
                (place, found.map(|(_, field)| field).ok_or(key))
            };
            count += 1;
            match known {
                Ok(field) => {
                    seen |= 1_u128.checked_shl(u32::from(place)).unwrap_or(0);
                    self.field(field, &scope, &Path { up: Some(path), step: Step::Name(field.name) })?;
                }
                Err(key) => self.unknown(key, table, &scope, path)?,
            }
        }
        self.missing(table, &scope, seen, count, path);
        Ok(())
    }

    fn remember(&mut self, order: usize, count: usize, place: u16) {
        if let Some((_, places)) = self.orders.get_mut(order) {
            places.truncate(count);
            if places.len() == count && count < 128 {
                places.push(place);
            }
        }
    }

    /// The type of this object, if it is named where it should be and not given elsewhere.
    fn variant(table: &Table, parent: Option<&Scope<'_, '_>>, object: &[u8]) -> Option<String> {
        match table.variant? {
            Discriminator::Own(name) => json::string_at(object, name),
            Discriminator::Parent(name) => json::string_at(parent?.object, name),
        }
        .filter(|name| {
            table.all().any(|field| field.only.contains(&name.as_ref()) || field.demand(Some(name)).is_some())
        })
        .map(std::borrow::Cow::into_owned)
    }

    fn unknown(
        &mut self,
        key: Text<'a>,
        table: &'static Table,
        scope: &Scope<'_, '_>,
        path: &Path<'_>,
    ) -> Result<(), Bad> {
        if let Mode::Answer(.., strange) = &mut self.mode {
            **strange = true;
        }
        if let Mode::Input(input, _) = &self.mode {
            let (updating, way_around) = (input.updating, input.way_around);
            let name = key.decode();
            let candidates = table
                .all()
                .filter(|field| field.can_be_given(updating) && field.goes_with(scope.variant))
                .map(|field| field.name);
            let near = nearest(&name, candidates);
            let hint = near.map_or_else(String::new, |near| [", did you mean `", near, "`?"].concat());
            let here = Path { up: Some(path), step: Step::Name(&name) };
            self.error(&here, Code::Unknown, &["is not known here", &hint, way_around]);
        }
        self.cursor.skip().map(drop)
    }

    /// After the last member: is something missing that must be there?
    fn missing(&mut self, table: &'static Table, scope: &Scope<'_, '_>, seen: u128, count: usize, path: &Path<'_>) {
        let Mode::Input(input, _) = &self.mode else { return };
        let input = **input;
        let given_elsewhere = |path: &Path<'_>, exactly: bool| {
            let mut dotted = String::new();
            path.write(&mut dotted);
            input.extra.iter().any(|extra| {
                extra
                    .strip_prefix(dotted.as_str())
                    .is_some_and(|rest| rest.is_empty() || (!exactly && (dotted.is_empty() || rest.starts_with('.'))))
            })
        };
        if input.updating {
            let needs_something = table.all().any(|field| field.access != Access::ReadOnly);
            if count == 0 && needs_something && !given_elsewhere(path, false) {
                self.error(path, Code::Empty, &["nothing to change was given"]);
            }
            return;
        }
        for (place, field) in (0_u32..).zip(table.all()) {
            let applies = field
                .when
                .is_none_or(|(name, value)| json::string_at(scope.object, name).is_some_and(|found| found == *value));
            if field.required_for(scope.variant)
                && applies
                && 1_u128.checked_shl(place).is_none_or(|bit| seen & bit == 0)
            {
                let here = Path { up: Some(path), step: Step::Name(field.name) };
                if !given_elsewhere(&here, false) {
                    match scope.variant.filter(|_| !field.required || !field.only.is_empty()) {
                        Some(variant) => self.error(&here, Code::Required, &["is required for `", variant, "`"]),
                        None => self.error(&here, Code::Required, &["is required"]),
                    }
                }
            }
        }
    }

    /// One known field: may it be given, and is its value right?
    fn field(&mut self, field: &'static Field, scope: &Scope<'_, '_>, path: &Path<'_>) -> Result<(), Bad> {
        if self.strict() && !self.may_be_given(field, scope, path) {
            return self.cursor.skip().map(drop);
        }
        if self.cursor.shape()? == Shape::Null && (field.nullable || !self.strict()) {
            return self.cursor.skip().map(drop);
        }
        let start = self.cursor.at();
        self.kind(field.kind, Some(field), scope, path)?;
        if let (true, Some(demand), Some(variant)) = (self.strict(), field.demand(scope.variant), scope.variant)
            && self.cursor.since(start).trim_ascii() != demand.as_bytes()
        {
            self.error(path, Code::Value, &["must be ", demand, " for `", variant, "`"]);
        }
        Ok(())
    }

    fn may_be_given(&mut self, field: &Field, scope: &Scope<'_, '_>, path: &Path<'_>) -> bool {
        let Mode::Input(input, _) = &self.mode else { return true };
        let updating = input.updating;
        let wrong_when = field.when.and_then(|(name, value)| {
            json::string_at(scope.object, name).filter(|found| found != value).map(|found| (*name, found.into_owned()))
        });
        if !field.can_be_given(updating) {
            match field.access {
                Access::ReadOnly => self.error(path, Code::ReadOnly, &["is set by the provider and cannot be written"]),
                Access::UpdateOnly => self.error(path, Code::Mismatch, &["can only be set by an update"]),
                _ => self.error(path, Code::NotUpdatable, &["can only be set on creation"]),
            }
        } else if let (false, Some(variant)) = (field.goes_with(scope.variant), scope.variant) {
            self.error(path, Code::Mismatch, &["does not go with `", variant, "`"]);
        } else if let Some((name, found)) = wrong_when {
            self.error(path, Code::Mismatch, &["does not go with ", name, " `", &found, "`"]);
        } else {
            return true;
        }
        false
    }

    fn kind(
        &mut self,
        kind: Kind,
        field: Option<&'static Field>,
        scope: &Scope<'_, '_>,
        path: &Path<'_>,
    ) -> Result<(), Bad> {
        let shape = self.cursor.shape()?;
        match (kind, shape) {
            (Kind::String | Kind::Flag, Shape::String) => {
                let text = self.cursor.string()?;
                if let (Some(field), true) = (field, self.strict()) {
                    self.string(text, field, scope, path);
                }
                return Ok(());
            }
            (Kind::Boolean | Kind::Flag, Shape::Boolean) | (Kind::Any, _) => {}
            (Kind::Json, _) => return self.anything(path),
            (Kind::Integer(..) | Kind::Number(_), Shape::Number) => {
                let raw = self.cursor.number()?;
                if self.strict() {
                    self.range(raw, kind, path);
                }
                return Ok(());
            }
            (Kind::Strings(at_least), Shape::Array) => return self.strings(at_least, field, scope, path),
            (Kind::StringMap | Kind::ScalarMap | Kind::Objects(_), Shape::Object) if self.foreign().is_none() => {
                return self.map(kind, scope, path);
            }
            (Kind::Object(table), _) => return self.table(table, Some(scope), path),
            (Kind::Foreign(name), Shape::Object) if self.foreign().as_deref() == Some(name) => {}
            _ => {
                let foreign = self.foreign();
                return self.mismatch(path, kind.name(), foreign.as_deref());
            }
        }
        self.cursor.skip().map(drop)
    }

    fn range(&mut self, raw: &[u8], kind: Kind, path: &Path<'_>) {
        let value = json::number(raw).unwrap_or(f64::NAN);
        let fits = |max: u32| max == u32::MAX || value <= f64::from(max);
        match kind {
            Kind::Integer(..) if !json::is_integer(raw) => self.error(path, Code::Range, &["must be a whole number"]),
            Kind::Integer(min, max) if !(value >= f64::from(min) && fits(max)) => {
                let (min, max) = (text::digits(min.into()), text::digits(max.into()));
                self.error(path, Code::Range, &["must be ", &min, " to ", &max]);
            }
            Kind::Number(max) if !(value > 0.0 && fits(max)) => {
                self.error(path, Code::Range, &["must be above 0 and up to ", &text::digits(max.into())]);
            }
            _ => {}
        }
    }

    fn strings(
        &mut self,
        at_least: usize,
        field: Option<&'static Field>,
        scope: &Scope<'_, '_>,
        path: &Path<'_>,
    ) -> Result<(), Bad> {
        self.cursor.enter()?;
        let (mut first, mut count) = (true, 0);
        while self.cursor.more(&mut first, b']')? {
            let here = Path { up: Some(path), step: Step::Index(count) };
            self.kind(Kind::String, field, scope, &here)?;
            count += 1;
        }
        if count < at_least {
            self.error(path, Code::Required, &["needs at least one"]);
        }
        Ok(())
    }

    fn map(&mut self, kind: Kind, scope: &Scope<'_, '_>, path: &Path<'_>) -> Result<(), Bad> {
        self.cursor.enter()?;
        let mut first = true;
        while self.cursor.more(&mut first, b'}')? {
            let key = self.cursor.key()?.decode();
            let here = Path { up: Some(path), step: Step::Name(&key) };
            match (kind, self.cursor.shape()?) {
                (Kind::Objects(_), Shape::Null) | (Kind::ScalarMap, Shape::Number | Shape::Boolean | Shape::String) => {
                    self.cursor.skip().map(drop)?;
                }
                (Kind::Objects(table), _) => self.table(table, Some(scope), &here)?,
                (_, Shape::Null) if !self.strict() => self.cursor.skip().map(drop)?,
                _ => self.kind(Kind::String, None, scope, &here)?,
            }
        }
        Ok(())
    }

    /// Any value, down to its leaves: what no JSON can hold is refused wherever it stands.
    fn anything(&mut self, path: &Path<'_>) -> Result<(), Bad> {
        let shape = self.cursor.shape()?;
        if let Some(foreign) = self.foreign() {
            return self.mismatch(path, "value that JSON can hold", Some(&foreign));
        }
        let mut first = true;
        if shape == Shape::Object {
            self.cursor.enter()?;
            while self.cursor.more(&mut first, b'}')? {
                let key = self.cursor.key()?.decode();
                self.anything(&Path { up: Some(path), step: Step::Name(&key) })?;
            }
        } else if shape == Shape::Array {
            let mut index = 0;
            self.cursor.enter()?;
            while self.cursor.more(&mut first, b']')? {
                self.anything(&Path { up: Some(path), step: Step::Index(index) })?;
                index += 1;
            }
        } else {
            self.cursor.skip()?;
        }
        Ok(())
    }

    /// A value that no JSON can hold is marked by the JavaScript side as `{"\0": "function"}`; this is its name.
    fn foreign(&self) -> Option<String> {
        if !self.strict() || self.cursor.shape() != Ok(Shape::Object) {
            return None;
        }
        let (key, value) = json::members(self.cursor.rest(self.cursor.at())).next()?;
        (key.escaped && key.is("\0")).then(|| json::string(value).unwrap_or_default().into_owned())
    }

    /// Everything that can be wrong with a string of the right kind.
    fn string(&mut self, given: Text<'_>, field: &'static Field, scope: &Scope<'_, '_>, path: &Path<'_>) {
        let value = given.decode();
        if !given.is_well_formed() {
            return self.error(path, Code::Format, &["holds half of a surrogate pair"]);
        }
        if text::is_blank(&value) {
            if field.required || matches!(path.step, Step::Index(_)) {
                self.error(path, Code::Required, &["must not be empty"]);
            } else if field.closed || matches!(field.kind, Kind::Flag) {
                self.error(path, Code::Value, &["must not be empty"]);
            }
            return;
        }
        if field.secret && value == "****" {
            return self.error(
                path,
                Code::Masked,
                &["is the mask `****`, not the secret; leave it out to keep the stored one"],
            );
        }
        if matches!(field.kind, Kind::Flag) && value != "true" && value != "false" {
            return self.error(path, Code::Value, &["must be true or false"]);
        }
        if field.closed && !field.values.contains(&value.as_ref()) {
            let all = text::join(field.values.iter().copied());
            return self.error(path, Code::Value, &["must be one of ", &all]);
        }
        let single = field.only.first().filter(|_| field.only.len() == 1).copied();
        let kind = scope.variant.or(single);
        let by_type = kind.and_then(|kind| field.rules.iter().find(|(name, _)| *name == kind));
        let rules = field.rule.into_iter().chain(by_type.map(|(_, rule)| *rule));
        self.apply(rules, &value, field.secret, scope.object, path);
        if kind.is_none() && field.rules.len() > 1 {
            self.apply_any(field, &value, scope.object, path);
        }
    }

    /// The type is not known: refused is only what every type would refuse.
    fn apply_any(&mut self, field: &'static Field, value: &str, object: &[u8], path: &Path<'_>) {
        let look = Look { value, secret: field.secret, today: None, siblings: &Around(object) };
        let mut refusal = None;
        for (_, rule) in field.rules {
            let mut found = Findings::default();
            rule(&look, &mut found);
            let Some((_, message)) = found.list.into_iter().find(|(level, _)| *level == Level::Error) else { return };
            refusal = Some(message);
        }
        // Not every type need have a rule of its own; without one nothing is refused.
        if let Some(message) = refusal.filter(|_| field.rules.len() == field.only.len()) {
            self.error(path, Code::Format, &[&message]);
        }
    }

    fn apply(&mut self, rules: impl Iterator<Item = Rule>, value: &str, secret: bool, object: &[u8], path: &Path<'_>) {
        let Mode::Input(input, _) = &self.mode else { return };
        let look = Look { value, secret, today: input.today, siblings: &Around(object) };
        let mut found = Findings::default();
        for rule in rules {
            rule(&look, &mut found);
        }
        for (level, message) in found.list {
            let code = if level == Level::Error { Code::Format } else { Code::Suspicious };
            self.problem(level, path, code, &[&message]);
        }
    }
}

fn nth(table: &Table, place: u16) -> Option<&'static Field> {
    let place = usize::from(place);
    // Only the first fields are worth a guess; those of a base are found by searching.
    table.fields.get(place)
}

fn article(noun: &str) -> &'static str {
    match noun.bytes().next() {
        Some(b'a' | b'e' | b'i' | b'o' | b'u' | b'A') => "an ",
        Some(b'"') => "",
        _ => "a ",
    }
}

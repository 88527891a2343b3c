//! The checker: walks JSON bytes against a table.
//!
//! One walk serves both directions. In *input* it is strict: everything that is wrong is collected with its path. In
//! an *answer* it is tolerant: a value that does not have the declared kind is noted as drift, everything else passes.

mod path;
mod single;

use std::borrow::Cow;

use self::path::{Path, ROOT, Step};
use super::json::{self, Bad, Broken, Cursor, Shape, Text};
use super::nearest;
use super::problem::{Code, Level, Problem};
use super::table::{Access, Discriminator, Field, Kind, Table};
use super::text::{self, MASK};

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
    let mut checker = AnswerChecker::default();
    let mut walk = Walk { cursor: Cursor::new(raw), input: Some(input), checker: &mut checker, step: 0 };
    let walked = walk.value(Kind::Object(table), None, &NOTHING, &ROOT);
    let cursor = walk.cursor;
    let mut problems = checker.problems;
    if walked.and_then(|()| cursor.end()).is_err() {
        problems.extend(malformed(input.prefix, cursor.bad()));
    }
    problems
}

/// What keeps several values in one array from being told apart: behind one that nests too deeply all would be missing.
pub fn check_arguments(raw: &[u8]) -> Vec<Problem> {
    json::check(raw).map_or_else(|bad| malformed("", bad), |_| Vec::new())
}

fn malformed(prefix: &str, bad: Bad) -> Vec<Problem> {
    let code = if matches!(bad, Bad::Depth(_)) { Code::TooLarge } else { Code::Type };
    let mut problems = Vec::new();
    Problem::add(&mut problems, prefix, code, &["the input is ", bad.describe().0].concat());
    problems
}

/// Checks answers; remembers in which order the provider writes attributes, which makes the next check fast.
#[derive(Debug, Default)]
pub struct AnswerChecker {
    /// Is drift noted? It costs a walk nothing while there is none.
    pub watched: bool,
    /// Everything that was not as declared, once per path.
    pub drift: Vec<Drift>,
    /// Had the last object a member that its table does not know?
    pub strange: bool,
    /// The known fields of the last object in the order in which it had them, those of inner objects among them.
    trail: Vec<(&'static Table, &'static Field)>,
    /// What is wrong with an input.
    problems: Vec<Problem>,
}

/// How much of the order is remembered.
const TRAIL: usize = 256;

impl AnswerChecker {
    /// Checks the value that begins at the cursor against `table` and moves over it.
    pub fn check(&mut self, cursor: &mut Cursor<'_>, table: &'static Table) -> Result<(), Broken> {
        let mut walk = Walk { cursor: cursor.clone(), input: None, checker: self, step: 0 };
        let walked = walk.value(Kind::Object(table), None, &NOTHING, &ROOT);
        *cursor = walk.cursor;
        walked
    }

    /// Notes that what stands at `path` is not as declared.
    pub fn note(&mut self, path: String, expected: &'static str, found: &'static str) {
        if self.watched && !self.drift.iter().any(|known| known.path == path) {
            self.drift.push(Drift { path, expected, found });
        }
    }

    /// Forgets what was noted of the value at `path` and below it, of all from the `from`th on.
    #[cold]
    fn forget(&mut self, mut from: usize, path: &str) {
        while let Some(drift) = self.drift.get(from) {
            if text::is_in(&drift.path, path) {
                self.drift.remove(from);
            } else {
                from += 1;
            }
        }
    }
}

/// What surrounds a field: its object's bytes from the brace on, and the type that was chosen.
struct Scope<'a> {
    object: &'a [u8],
    variant: Option<&'static str>,
}

const NOTHING: Scope<'static> = Scope { object: b"", variant: None };

struct Walk<'a, 'm> {
    cursor: Cursor<'a>,
    /// How to judge what is given; nothing for an answer.
    input: Option<&'m Input<'m>>,
    checker: &'m mut AnswerChecker,
    /// The place in the trail.
    step: usize,
}

impl<'a> Walk<'a, '_> {
    fn problem(&mut self, level: Level, path: &Path<'_>, code: Code, message: &str) {
        let prefix = self.input.map_or("", |input| input.prefix);
        // What was typed in may be in the message: one line, and not for ever.
        let message = text::line(message, 400);
        self.checker.problems.push(Problem { field: path.dotted(prefix), code, message, level });
    }

    fn error(&mut self, path: &Path<'_>, code: Code, message: &[&str]) {
        self.problem(Level::Error, path, code, &message.concat());
    }

    /// The value here has another kind than declared: says so and moves over it.
    fn mismatch(&mut self, path: &Path<'_>, kind: Kind, foreign: Option<Text<'_>>) -> Result<(), Broken> {
        let found = self.cursor.skip()?.name();
        let expected = kind.name();
        if self.input.is_none() {
            self.checker.note(path.dotted(""), expected, found);
            return Ok(());
        }
        let article = match expected.as_bytes().first() {
            Some(b'i' | b'o' | b'A') => "an ",
            Some(b'"') => "",
            _ => "a ",
        };
        let found = foreign.map_or(Cow::Borrowed(found), |foreign| foreign.decode());
        self.error(path, Code::Type, &["must be ", article, expected, ", not ", &found]);
        Ok(())
    }

    /// The value of this kind that should begin here. Its field is known unless it is a member of a map.
    fn value(
        &mut self,
        kind: Kind,
        field: Option<&'static Field>,
        scope: &Scope<'_>,
        path: &Path<'_>,
    ) -> Result<(), Broken> {
        let shape = self.cursor.shape()?;
        let foreign = self.foreign();
        let fits = match (foreign, kind) {
            (None, _) => kind.takes(shape),
            (Some(foreign), Kind::Foreign(name)) => foreign.is(name),
            _ => matches!(kind, Kind::Any),
        };
        match (shape, kind) {
            _ if !fits => return self.mismatch(path, kind, foreign),
            (_, Kind::Any | Kind::Foreign(_)) | (Shape::Boolean | Shape::Null, _) | (Shape::String, Kind::Json) => {}
            (Shape::String, _) => {
                let text = self.cursor.string()?;
                match (self.input, field) {
                    (Some(input), Some(field)) => self.string(input, text, field, scope, path),
                    (Some(_), None) if is_mask(&text.decode(), None) => self.error(path, Code::Masked, &MASKED),
                    _ => {}
                }
                return Ok(());
            }
            (Shape::Number, _) => {
                let raw = self.cursor.number()?;
                if self.input.is_some() {
                    self.range(raw, kind, path);
                }
                return Ok(());
            }
            (_, Kind::Object(table)) => return self.table(table, scope, path),
            _ => return self.each(kind, field, scope, path, shape),
        }
        self.cursor.skip().map(drop)
    }

    /// A value that no JSON can hold is marked by the JavaScript side as `{"\0": "function"}`; this is its name.
    fn foreign(&self) -> Option<Text<'a>> {
        self.input?;
        json::text(self.cursor.rest().strip_prefix(br#"{"\u0000":"#)?)
    }

    /// Every item of a list, or every member of a map.
    fn each(
        &mut self,
        kind: Kind,
        field: Option<&'static Field>,
        scope: &Scope<'_>,
        path: &Path<'_>,
        shape: Shape,
    ) -> Result<(), Broken> {
        let mut count = 0;
        self.cursor.enter()?;
        while self.cursor.more(shape.close())? {
            let (step, field, null_passes) = match shape {
                Shape::Object => (Step::Name(self.cursor.key()?), None, self.input.is_none()),
                _ => (Step::Index(count), field, false),
            };
            let inner = match (kind, self.cursor.shape()?) {
                (Kind::Json, _) => kind,
                (Kind::Objects(_), Shape::Null) | (Kind::ScalarMap, Shape::Number | Shape::Boolean | Shape::String) => {
                    Kind::Any
                }
                (Kind::Objects(table), _) => Kind::Object(table),
                (_, Shape::Null) if null_passes => Kind::Any,
                _ => Kind::String,
            };
            // What is named by them goes into addresses, where half a pair cannot be written.
            let halved = self.input.is_some()
                && matches!(kind, Kind::ScalarMap)
                && (matches!(&step, Step::Name(name) if !name.is_well_formed())
                    || json::text(self.cursor.rest()).is_some_and(|text| !text.is_well_formed()));
            let here = Path { up: Some(path), step };
            if halved {
                self.error(&here, Code::Format, &HALVED);
            }
            self.value(inner, field, scope, &here)?;
            count += 1;
        }
        if let (Kind::Strings(1..), 0, true) = (kind, count, self.input.is_some()) {
            self.error(path, Code::Required, &["needs at least one"]);
        }
        Ok(())
    }

    /// The object of `table` that begins here.
    #[cfg_attr(npm_module, optimize(speed))]
    fn table(&mut self, table: &'static Table, parent: &Scope<'_>, path: &Path<'_>) -> Result<(), Broken> {
        let object = self.cursor.rest();
        let variant = self.input.and_then(|_| variant(table, parent, object));
        let scope = Scope { object, variant };
        let mut empty = true;
        let noted = self.checker.drift.len();
        self.cursor.enter()?;
        while self.cursor.more(b'}')? {
            empty = false;
            let mut key = Text::default();
            let known = self.known(table, &mut key)?;
            if let Some(field) = known
                && self.checker.drift.len() > noted
            {
                // The last of two members of one name wins: what was wrong with the other one is nobody's concern.
                let here = Path { up: Some(path), step: Step::name(field.name) }.dotted("");
                self.checker.forget(noted, &here);
            }
            match known {
                Some(field) if self.input.is_none() && self.passes(field.kind)? => {}
                Some(field) => self.field(field, &scope, &Path { up: Some(path), step: Step::name(field.name) })?,
                None => {
                    self.checker.strange = true;
                    if let Some(input) = self.input {
                        self.unknown(input, key, table, &scope, path);
                    }
                    self.cursor.skip()?;
                }
            }
        }
        if let Some(input) = self.input {
            self.missing(input, table, &scope, empty, path);
        }
        Ok(())
    }

    /// Moves over the value of an answer if it is a plain one of this kind, as nearly all are.
    #[cfg_attr(npm_module, optimize(speed))]
    fn passes(&mut self, kind: Kind) -> Result<bool, Broken> {
        match (kind, self.cursor.peek()) {
            (Kind::String | Kind::Flag, b'"') => self.cursor.string().map(drop),
            (Kind::Integer(..) | Kind::Number(_), b'-' | b'0'..=b'9') => self.cursor.number().map(drop),
            (Kind::Boolean | Kind::Flag, b't' | b'f') | (_, b'n') => self.cursor.skip().map(drop),
            _ => return Ok(false),
        }?;
        Ok(true)
    }

    /// Reads the name of a member: the field it names. What `table` does not know is given as `key`.
    #[cfg_attr(npm_module, optimize(speed))]
    fn known(&mut self, table: &'static Table, key: &mut Text<'a>) -> Result<Option<&'static Field>, Broken> {
        if let Some((_, field)) = self.checker.trail.get(self.step).filter(|(known, _)| core::ptr::eq(*known, table))
            && self.cursor.key_is(field.name)
        {
            self.step += 1;
            return Ok(Some(field));
        }
        *key = self.cursor.key()?;
        let found = table.all().find(|field| key.is(field.name));
        if let Some(field) = found
            && self.step < TRAIL
        {
            self.checker.trail.truncate(self.step);
            self.checker.trail.push((table, field));
            self.step += 1;
        }
        Ok(found)
    }

    #[cold]
    fn unknown(&mut self, input: &Input<'_>, key: Text<'_>, table: &Table, scope: &Scope<'_>, path: &Path<'_>) {
        let candidates =
            table.all().filter(|field| field.can_be_given(input.updating) && field.goes_with(scope.variant));
        let name = key.decode();
        let here = Path { up: Some(path), step: Step::Name(key) };
        let message: &[&str] = match nearest(&name, candidates.map(|field| field.name)) {
            Some(near) => &["is not known here, did you mean `", near, "`?", input.way_around],
            None => &["is not known here", input.way_around],
        };
        self.error(&here, Code::Unknown, message);
    }

    /// After the last member: is something missing that must be there?
    fn missing(&mut self, input: &Input<'_>, table: &Table, scope: &Scope<'_>, empty: bool, path: &Path<'_>) {
        if input.updating {
            if empty && table.all().any(|field| field.access != Access::ReadOnly) && !elsewhere(input, path) {
                self.error(path, Code::Empty, &["nothing to change was given"]);
            }
            return;
        }
        for field in table.all() {
            let here = Path { up: Some(path), step: Step::name(field.name) };
            if field.required_for(scope.variant)
                && json::member(scope.object, field.name).is_none()
                && field.when.is_none_or(|(name, value)| json::says(scope.object, name, value))
                && !elsewhere(input, &here)
            {
                match scope.variant.filter(|_| !field.required || !field.only.is_empty()) {
                    Some(variant) => self.error(&here, Code::Required, &["is required for `", variant, "`"]),
                    None => self.error(&here, Code::Required, &["is required"]),
                }
            }
        }
    }

    /// One known field: may it be given, and is its value right?
    fn field(&mut self, field: &'static Field, scope: &Scope<'_>, path: &Path<'_>) -> Result<(), Broken> {
        let refused = self.input.is_some_and(|input| !self.may_be_given(input, field, scope, path));
        if refused || (self.cursor.shape()? == Shape::Null && (field.nullable || self.input.is_none())) {
            return self.cursor.skip().map(drop);
        }
        let start = self.cursor.at();
        self.value(field.kind, Some(field), scope, path)?;
        // In an answer no type is looked for, and so nothing is demanded.
        if let (Some(demand), Some(variant)) = (field.demand(scope.variant), scope.variant)
            && self.cursor.since(start).trim_ascii_end() != demand.as_bytes()
        {
            self.error(path, Code::Value, &["must be ", demand, " for `", variant, "`"]);
        }
        Ok(())
    }

    fn may_be_given(&mut self, input: &Input<'_>, field: &Field, scope: &Scope<'_>, path: &Path<'_>) -> bool {
        let found;
        let (code, message): (_, &[&str]) = if !field.can_be_given(input.updating) {
            match field.access {
                Access::ReadOnly => (Code::ReadOnly, &["is set by the provider and cannot be written"]),
                Access::UpdateOnly => (Code::Mismatch, &["can only be set by an update"]),
                _ => (Code::NotUpdatable, &["can only be set on creation"]),
            }
        } else if let (false, Some(variant)) = (field.goes_with(scope.variant), scope.variant) {
            (Code::Mismatch, &["does not go with `", variant, "`"])
        } else if let Some((name, value)) = field.when
            && let Some(text) = json::text(json::at(scope.object, name)).filter(|text| !text.is(value))
        {
            found = text.decode();
            (Code::Mismatch, &["does not go with ", name, " `", &found, "`"])
        } else {
            return true;
        };
        self.error(path, code, message);
        false
    }
}

/// The type of this object, if it is named where it should be and not given elsewhere.
fn variant(table: &Table, parent: &Scope<'_>, object: &[u8]) -> Option<&'static str> {
    let (around, name) = match table.variant? {
        Discriminator::Own(name) => (object, name),
        Discriminator::Parent(name) => (parent.object, name),
    };
    let given = json::text(json::at(around, name))?;
    table.all().find_map(|field| field.only.iter().find(|name| given.is(name))).copied()
}

const HALVED: [&str; 1] = ["holds half of a surrogate pair"];
const MASKED: [&str; 1] = ["holds the mask `****`, not the secret; leave it out to keep the stored one"];

/// Does `text` show that something is hidden, as this package and its gateways do: in place of a secret, of all of an
/// access key's id but its end, of name and password in an address?
pub(crate) fn is_mask(text: &str, field: Option<&Field>) -> bool {
    let most = field.map_or(0, |field| if field.masked { 8 } else { MASK.len() * usize::from(field.secret) });
    (text.starts_with(MASK) && text.len() <= most) || text::has(text, &["//", MASK, "@"].concat())
}

/// Is what belongs at `path`, or something in it, among what is given elsewhere?
fn elsewhere(input: &Input<'_>, path: &Path<'_>) -> bool {
    let dotted = path.dotted("");
    input.extra.iter().any(|extra| dotted.is_empty() || text::is_in(extra, &dotted))
}

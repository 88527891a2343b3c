//! Objects: what is read is one open interface, what is written a closed union of one member per type.

use image_sources::PROVIDERS;
use image_sources::proto::operation::{Answer, Provider};
use image_sources::schema::{Access, Discriminator, Field, Kind, Table};

use super::text::{alias, comment, key, pascal, quoted, union};

/// Which way an object goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// It is part of an answer.
    Read,
    /// It describes something new.
    Create,
    /// It changes something that is there.
    Changes,
    /// It is an option.
    Options,
}

/// One member of a union: the type, and what divides that type further.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    /// The field whose value is the type, if it stands in the same object.
    own: Option<&'static str>,
    /// The type.
    variant: &'static str,
    /// Another field, and the value that it has in this member.
    when: Option<(&'static str, &'static str)>,
}

impl Case {
    /// What it adds to the name of the union.
    fn suffix(self) -> String {
        pascal(self.variant) + &self.when.map(|(_, value)| pascal(value)).unwrap_or_default()
    }
}

/// Everything that operations read and write, each once, in the order in which it is needed.
pub(super) fn resources() -> String {
    let mut objects = Objects::default();
    for provider in PROVIDERS {
        for operation in provider.operations() {
            match operation.answer {
                Answer::One(table) | Answer::List(table) => objects.resource(provider, table),
                Answer::Nothing => {}
            }
            if let Some((table, updating)) = operation.input.table() {
                objects.declare(table, if updating { Side::Changes } else { Side::Create });
            }
        }
    }
    objects.out
}

/// The name of the type made from a table.
pub(super) fn name(table: &Table, side: Side) -> String {
    let suffix = match side {
        Side::Read | Side::Options => "",
        Side::Create => "Input",
        Side::Changes => "Changes",
    };
    format!("{}{suffix}", table.name)
}

/// Declarations that have been printed.
#[derive(Debug, Default)]
pub(super) struct Objects {
    pub(super) out: String,
    done: Vec<String>,
}

impl Objects {
    /// Declares what is read. A resource of JSON:API has an id and a type beside its attributes.
    fn resource(&mut self, provider: &Provider, table: &'static Table) {
        let envelope = if provider.media_type == "application/vnd.api+json" {
            "  id: string;\n  type: string;\n  relationships?: Record<string, JsonValue>;\n"
        } else {
            ""
        };
        self.interface(&name(table, Side::Read), "", table.help, envelope, table, Side::Read);
    }

    /// Declares an object of a table, and what it holds.
    pub(super) fn declare(&mut self, table: &'static Table, side: Side) {
        let name = name(table, side);
        let variants = if side == Side::Read { None } else { variants(table) };
        match variants {
            None => self.interface(&name, "", table.help, "", table, side),
            Some(_) if is_partial(table, side) => {
                self.declare(table, Side::Create);
                let whole = self::name(table, Side::Create);
                if self.is_new(&name) {
                    let about = comment("", &about(table, side));
                    self.print(&format!("{about}export type {name} = Partial<{whole}>;\n"));
                }
            }
            Some((own, variants)) => {
                let cases = variants.iter().flat_map(|variant| cases(table, own, variant));
                self.union(&name, &cases.collect::<Vec<_>>(), table, side);
            }
        }
    }

    fn union(&mut self, name: &str, cases: &[Case], table: &'static Table, side: Side) {
        if !self.is_new(name) {
            return;
        }
        // Where the type stands in the object around it, that object names the member it takes.
        if cases.iter().any(|case| case.own.is_some()) {
            let members = cases.iter().map(|case| (format!("{name}{}", case.suffix()), ""));
            self.print(&(comment("", &about(table, side)) + &alias(name, members)));
        }
        let common: Vec<_> = given(table, side).filter(|field| is_common(field, cases)).collect();
        let base = format!("{name}Common");
        if !common.is_empty() {
            let members: String = common.iter().map(|field| member(field, side, None)).collect();
            self.print(&format!("/** What goes with every type. */\nexport interface {base} {{\n{members}}}\n"));
        }
        let extends = if common.is_empty() { String::new() } else { format!(" extends {base}") };
        for case in cases {
            let fields = given(table, side).filter(|field| belongs(field, *case));
            let own = fields.filter(|field| !is_common(field, cases) || field.demand(Some(case.variant)).is_some());
            let members: String = own.map(|field| member(field, side, Some(*case))).collect();
            self.print(&format!("export interface {name}{}{extends} {{\n{members}}}\n", case.suffix()));
        }
        self.nested(table, side);
    }

    /// Declares an interface with the table's own fields; what `before` holds comes first.
    pub(super) fn interface(
        &mut self,
        name: &str,
        extends: &str,
        help: &str,
        before: &str,
        table: &'static Table,
        side: Side,
    ) {
        if !self.is_new(name) {
            return;
        }
        let base: Vec<_> = table.base.filter(|_| !extends.is_empty()).into_iter().flat_map(Table::all).collect();
        let own = given(table, side).filter(|field| !base.iter().any(|known| core::ptr::eq(*known, *field)));
        let own = own.filter(|field| !super::options::is_access(field));
        let members: String = own.map(|field| member(field, side, None)).collect();
        self.print(&format!("{}export interface {name}{extends} {{\n{before}{members}}}\n", comment("", help)));
        self.nested(table, side);
    }

    fn nested(&mut self, table: &'static Table, side: Side) {
        for field in given(table, side) {
            match field.kind {
                // Changes to it are said by the helper type `Partial` where they are used.
                Kind::Object(inner) if decided_outside(inner) && is_partial(inner, side) => {
                    self.declare(inner, Side::Create)
                }
                Kind::Object(inner) | Kind::Objects(inner) => self.declare(inner, side),
                _ => {}
            }
        }
    }

    /// Remembers a name; is it printed for the first time?
    fn is_new(&mut self, name: &str) -> bool {
        let new = !self.done.iter().any(|done| done == name);
        if new {
            self.done.push(name.to_owned());
        }
        new
    }

    /// Prints a declaration, one blank line after the one before.
    pub(super) fn print(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str(text);
    }
}

fn about(table: &Table, side: Side) -> String {
    match side {
        Side::Changes => "Any part of it. The type may be left out.".to_owned(),
        _ => table.help.to_owned(),
    }
}

/// The fields that can be in an object that goes this way.
fn given(table: &'static Table, side: Side) -> impl Iterator<Item = &'static Field> {
    table.all().filter(move |field| match side {
        Side::Read => !field.write_only,
        Side::Create | Side::Options => field.can_be_given(false),
        Side::Changes => field.can_be_given(true),
    })
}

fn decided_outside(table: &Table) -> bool {
    matches!(table.variant, Some(Discriminator::Parent(_)))
}

/// The object whose fields depend on a type that stands in this one.
fn dependent(field: &Field) -> Option<(&'static Table, &'static str)> {
    match field.kind {
        Kind::Object(inner) => match inner.variant {
            Some(Discriminator::Parent(name)) => Some((inner, name)),
            _ => None,
        },
        _ => None,
    }
}

/// The types of an object and the field that says which it is, if that stands in the same object.
fn variants(table: &'static Table) -> Option<(Option<&'static str>, &'static [&'static str])> {
    let own = |name| table.field(name).map(|field| (Some(field.name), field.values));
    match table.variant {
        Some(Discriminator::Own(name)) => own(name),
        Some(Discriminator::Parent(name)) => {
            let around = PROVIDERS.iter().map(|provider| provider.source);
            let holds = |around: &&'static Table| {
                around.all().any(|field| matches!(field.kind, Kind::Object(inner) if inner.name == table.name))
            };
            around.filter(holds).find_map(|around| around.field(name)).map(|field| (None, field.values))
        }
        None => table.all().find_map(dependent).and_then(|(_, name)| own(name)),
    }
}

/// Are changes simply any part of what can be created?
fn is_partial(table: &'static Table, side: Side) -> bool {
    let plain = |field: &Field| {
        matches!(field.access, Access::Updatable | Access::ReadOnly) && !matches!(field.kind, Kind::Object(_))
    };
    side == Side::Changes && table.all().all(plain)
}

/// The members of a union that are of one type: several if another field divides the type further.
fn cases(table: &'static Table, own: Option<&'static str>, variant: &'static str) -> Vec<Case> {
    let of_type = table.all().filter(|field| field.goes_with(Some(variant)));
    let divider = of_type.filter_map(|field| field.when).map(|(name, _)| *name).next();
    match divider.and_then(|name| table.field(name)) {
        None => vec![Case { own, variant, when: None }],
        Some(field) => {
            field.values.iter().map(|value| Case { own, variant, when: Some((field.name, value)) }).collect()
        }
    }
}

fn belongs(field: &Field, case: Case) -> bool {
    field.goes_with(Some(case.variant)) && field.when.is_none_or(|(name, value)| case.when == Some((name, value)))
}

/// Is it the same in every member of the union?
fn is_common(field: &Field, cases: &[Case]) -> bool {
    let divides = |case: &Case| case.own == Some(field.name) || case.when.is_some_and(|(name, _)| name == field.name);
    field.only.is_empty() && field.when.is_none() && dependent(field).is_none() && !cases.iter().any(divides)
}

/// One line, and the comment above it.
pub(super) fn member(field: &Field, side: Side, case: Option<Case>) -> String {
    let variant = case.map(|case| case.variant);
    let required = match side {
        Side::Read | Side::Changes => false,
        Side::Create | Side::Options => field.required_for(variant),
    };
    // What the other methods take as `id` is there in whatever comes.
    let required = required || (side == Side::Read && field.name == "id");
    let null = match side {
        Side::Read => !required && (field.nullable || field.access == Access::ReadOnly),
        _ => field.nullable,
    };
    format!(
        "{}  {}{}: {}{};\n",
        comment("  ", &said(field, side)),
        key(field.name),
        if required { "" } else { "?" },
        kind(field, side, case),
        if null { " | null" } else { "" },
    )
}

/// What is known about a field, in words.
fn said(field: &Field, side: Side) -> String {
    let mut said = vec![field.help.to_owned()];
    if side != Side::Read {
        match field.kind {
            Kind::Integer(min, max) if max != u32::MAX => said.push(format!("{min} to {max}")),
            Kind::Number(max) => said.push(format!("above 0, at most {max}")),
            Kind::Strings(1..) => said.push("at least one".to_owned()),
            _ => {}
        }
        said.extend(field.default.map(|default| format!("default `{default}`")));
    }
    if field.secret {
        said.push("secret".to_owned());
    }
    said.retain(|part| !part.is_empty());
    said.join("; ")
}

/// The type of a field.
pub(super) fn kind(field: &Field, side: Side, case: Option<Case>) -> String {
    if let Some(case) = case {
        if case.own == Some(field.name) {
            return quoted(case.variant);
        }
        if let Some((_, value)) = case.when.filter(|(name, _)| *name == field.name) {
            return quoted(value);
        }
        if let Some(demand) = field.demand(Some(case.variant)) {
            return demand.to_owned();
        }
    }
    if let Some(known) = super::options::special(field) {
        return known.to_owned();
    }
    match field.kind {
        Kind::String if field.values.is_empty() => "string".to_owned(),
        Kind::String if field.closed && side != Side::Read => union(field.values.iter().copied()),
        Kind::String => union(field.values.iter().copied()) + " | (string & {})",
        Kind::Boolean => "boolean".to_owned(),
        Kind::Flag => "boolean | \"true\" | \"false\"".to_owned(),
        Kind::Integer(..) | Kind::Number(_) => "number".to_owned(),
        Kind::Strings(_) if side == Side::Read => "string[]".to_owned(),
        Kind::Strings(_) => "readonly string[]".to_owned(),
        Kind::StringMap => "Record<string, string>".to_owned(),
        Kind::ScalarMap => "Record<string, string | number | boolean>".to_owned(),
        Kind::Object(table) => object(table, side, case),
        Kind::Objects(table) => format!("Record<string, {} | null>", name(table, side)),
        Kind::Any => "JsonValue".to_owned(),
        Kind::Foreign(name) => name.to_owned(),
    }
}

/// The type of an object inside another one.
fn object(table: &'static Table, side: Side, case: Option<Case>) -> String {
    let Some(case) = case.filter(|_| side != Side::Read && decided_outside(table)) else { return name(table, side) };
    let partial = is_partial(table, side);
    let whole = name(table, if partial { Side::Create } else { side });
    let members = cases(table, None, case.variant).into_iter().map(|inner| whole.clone() + &inner.suffix());
    let members = members.collect::<Vec<_>>().join(" | ");
    if partial { format!("Partial<{members}>") } else { members }
}

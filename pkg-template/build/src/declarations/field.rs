//! One field: its line, its comment, its type.

use image_sources::schema::{Access, Field, Kind, Table};

use super::cases::{Case, cases, decided_outside, is_partial};
use super::object::{Side, name};
use super::options::special;
use super::text::{comment, key, quoted, union};

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
    if let Some(known) = special(field) {
        return known.to_owned();
    }
    let known = field.known_values(case.map(|case| case.variant));
    match field.kind {
        Kind::String if known.is_empty() => "string".to_owned(),
        Kind::String if field.closed && side != Side::Read => union(known),
        Kind::String => union(known) + " | (string & {})",
        Kind::Boolean => "boolean".to_owned(),
        Kind::Flag => "boolean | \"true\" | \"false\"".to_owned(),
        Kind::Integer(..) | Kind::Number(_) => "number".to_owned(),
        Kind::Strings(_) if side == Side::Read => "string[]".to_owned(),
        Kind::Strings(_) => "readonly string[]".to_owned(),
        Kind::StringMap => "Record<string, string>".to_owned(),
        Kind::ScalarMap => "Record<string, string | number | boolean>".to_owned(),
        Kind::Object(table) => object(table, side, case),
        Kind::Objects(table) => format!("Record<string, {} | null>", name(table, side)),
        Kind::Any | Kind::Json => "JsonValue".to_owned(),
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

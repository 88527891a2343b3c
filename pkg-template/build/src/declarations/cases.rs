//! Types that divide an object: which member of a union has which fields.

use image_sources::PROVIDERS;
use image_sources::schema::{Access, Discriminator, Field, Kind, Table};

use super::object::Side;
use super::text::pascal;

/// One member of a union: the type, and what divides that type further.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    /// The field whose value is the type, if it stands in the same object.
    pub(super) own: Option<&'static str>,
    /// The type.
    pub(super) variant: &'static str,
    /// Another field, and the value that it has in this member.
    pub(super) when: Option<(&'static str, &'static str)>,
}

impl Case {
    /// What it adds to the name of the union.
    pub(super) fn suffix(self) -> String {
        pascal(self.variant) + &self.when.map(|(_, value)| pascal(value)).unwrap_or_default()
    }
}

/// Is its type said by the object around it?
pub(super) fn decided_outside(table: &Table) -> bool {
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
pub(super) fn variants(table: &'static Table) -> Option<(Option<&'static str>, &'static [&'static str])> {
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
pub(super) fn is_partial(table: &'static Table, side: Side) -> bool {
    let plain = |field: &Field| {
        matches!(field.access, Access::Updatable | Access::ReadOnly) && !matches!(field.kind, Kind::Object(_))
    };
    side == Side::Changes && table.all().all(plain)
}

/// The members of a union that are of one type: several if another field divides the type further.
pub(super) fn cases(table: &'static Table, own: Option<&'static str>, variant: &'static str) -> Vec<Case> {
    let of_type = table.all().filter(|field| field.goes_with(Some(variant)));
    let divider = of_type.filter_map(|field| field.when).map(|(name, _)| *name).next();
    match divider.and_then(|name| table.field(name)) {
        None => vec![Case { own, variant, when: None }],
        Some(field) => {
            field.values.iter().map(|value| Case { own, variant, when: Some((field.name, value)) }).collect()
        }
    }
}

/// Is it part of this member?
pub(super) fn belongs(field: &Field, case: Case) -> bool {
    field.goes_with(Some(case.variant)) && field.when.is_none_or(|(name, value)| case.when == Some((name, value)))
}

/// Is it the same in every member of the union?
pub(super) fn is_common(field: &Field, cases: &[Case]) -> bool {
    let divides = |case: &Case| case.own == Some(field.name) || case.when.is_some_and(|(name, _)| name == field.name);
    field.only.is_empty() && field.when.is_none() && dependent(field).is_none() && !cases.iter().any(divides)
}

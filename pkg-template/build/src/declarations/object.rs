//! Objects: what is read is one open interface, what is written a closed union of one member per type.

use image_sources::PROVIDERS;
use image_sources::proto::operation::{Answer, Provider};
use image_sources::schema::{Field, Kind, Table};

use super::cases::{Case, belongs, cases, decided_outside, is_common, is_partial, variants};
use super::field::member;
use super::options::is_access;
use super::text::{alias, comment};

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

/// Everything that operations read and write, each once, in the order in which it is needed.
pub(super) fn resources() -> String {
    let mut objects = Objects::default();
    for provider in PROVIDERS {
        for operation in provider.operations() {
            match operation.answer {
                Answer::One(table) | Answer::Maybe(table) | Answer::List(table) => objects.resource(provider, table),
                Answer::Receipt(_) | Answer::Nothing => {}
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
            "  id: string;\n  type: string;\n  relationships?: Record<string, JsonValue>;\n  \
             /** Attributes that have the name of one of the members above. */\n  \
             attributes?: Record<string, JsonValue>;\n"
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
            None => self.interface(&name, "", about(table, side), "", table, side),
            Some(_) if is_partial(table, side) => {
                self.declare(table, Side::Create);
                let whole = self::name(table, Side::Create);
                if self.is_new(&name) {
                    let about = comment("", about(table, side));
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
            self.print(&(comment("", about(table, side)) + &alias(name, members)));
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
        let own = own.filter(|field| !is_access(field));
        let members: String = own.map(|field| member(field, side, None)).collect();
        self.print(&format!("{}export interface {name}{extends} {{\n{before}{members}}}\n", comment("", help)));
        self.nested(table, side);
    }

    fn nested(&mut self, table: &'static Table, side: Side) {
        for field in given(table, side) {
            match field.kind {
                // Changes to it are said by the helper type `Partial` where they are used.
                Kind::Object(inner) if decided_outside(inner) && is_partial(inner, side) => {
                    self.declare(inner, Side::Create);
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

fn about(table: &Table, side: Side) -> &'static str {
    match side {
        Side::Changes if variants_decide(table) => "Any part of it. The type may be left out.",
        Side::Changes => "Any part of what can be changed.",
        _ => table.help,
    }
}

/// Are there types of it, or of what it holds?
fn variants_decide(table: &Table) -> bool {
    table.variant.is_some()
        || table.all().any(|field| matches!(field.kind, Kind::Object(inner) if inner.variant.is_some()))
}

/// The fields that can be in an object that goes this way.
fn given(table: &'static Table, side: Side) -> impl Iterator<Item = &'static Field> {
    let place = |field: &Field| table.declared.iter().position(|name| *name == field.name);
    let mut fields: Vec<_> = table.all().filter(|field| table.declared.is_empty() || place(field).is_some()).collect();
    fields.sort_by_key(|field| place(field));
    fields.into_iter().filter(move |field| match side {
        Side::Read => !field.write_only,
        Side::Create | Side::Options => field.can_be_given(false),
        Side::Changes => field.can_be_given(true),
    })
}

#[cfg(test)]
mod tests {
    use image_sources::schema::Discriminator;

    use super::*;

    static DIVIDED: Table = Table::new(
        "Thing",
        &[
            Field::string("kind").required().updatable().one_of(&["a", "b-c"]),
            Field::string("name").required().create_only().help("what it is called"),
            Field::boolean("open").update_only(),
            Field::flag("only.a").only(&["a"]).updatable().nullable(),
            Field::boolean("safe").updatable().demanded(&("b-c", "true")),
            Field::string("made_at"),
        ],
    )
    .decided_by(Discriminator::Own("kind"));

    fn printed(side: Side) -> String {
        let mut objects = Objects::default();
        objects.declare(&DIVIDED, side);
        objects.out
    }

    #[test]
    fn a_new_thing_is_one_of_its_types() {
        let expected = r#"export type ThingInput =
  | ThingInputA
  | ThingInputBC;

/** What goes with every type. */
export interface ThingInputCommon {
  /** what it is called */
  name: string;
  safe?: boolean;
}

export interface ThingInputA extends ThingInputCommon {
  kind: "a";
  "only.a"?: boolean | "true" | "false" | null;
}

export interface ThingInputBC extends ThingInputCommon {
  kind: "b-c";
  safe: true;
}
"#;
        assert_eq!(printed(Side::Create), expected);
    }

    #[test]
    fn changes_leave_out_what_is_given_on_creation_only() {
        let changes = printed(Side::Changes);

        assert!(changes.contains("export interface ThingChangesA extends ThingChangesCommon {\n  kind?: \"a\";\n"));
        assert!(changes.contains("  open?: boolean;\n"));
        assert!(!changes.contains("name"));
    }

    #[test]
    fn an_answer_is_open() {
        let expected = r#"export interface Thing {
  kind?: "a" | "b-c" | (string & {});
  /** what it is called */
  name?: string;
  open?: boolean;
  "only.a"?: boolean | "true" | "false" | null;
  safe?: boolean;
  made_at?: string | null;
}
"#;
        assert_eq!(printed(Side::Read), expected);
    }
}

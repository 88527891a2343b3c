//! Options of constructors and calls.

use image_sources::PROVIDERS;
use image_sources::proto::options::CLIENT;
use image_sources::schema::{Field, Kind, Table};

use super::field::{kind, member};
use super::object::{Objects, Side, name};
use super::text::{comment, key};

/// Options that are one or the other: the key, or who holds it.
const ACCESS: [&str; 2] = ["apiKey", "gateway"];

/// Types that only TypeScript has words for, by the field's name.
const SPECIAL: &[(&str, &str)] = &[
    ("extra", "Record<string, JsonValue>"),
    ("fetch", "typeof globalThis.fetch"),
    ("limiter", "Limiter"),
    ("limits", "Partial<Record<RateClass, RateLimit | null>>"),
    ("onEvent", "(event: ClientEvent) => void"),
    ("onProgress", "(progress: { sent: number; total?: number }) => void"),
    ("tags", "Record<string, number>"),
    ("token", "string | (() => string | Promise<string>)"),
];

/// The type of a field whose kind says too little.
pub(super) fn special(field: &Field) -> Option<&'static str> {
    let vague =
        matches!(field.kind, Kind::Any | Kind::Json | Kind::ScalarMap | Kind::Objects(_) | Kind::Foreign("function"));
    SPECIAL.iter().find(|(name, _)| vague && *name == field.name).map(|(_, known)| *known)
}

/// Every table of options: those of clients, then those of calls.
pub(super) fn declarations() -> String {
    let mut objects = Objects::default();
    for provider in PROVIDERS {
        let own: String = own(provider.options).map(|part| format!(" & {part}")).unwrap_or_default();
        let about = comment("", &format!("What the client of the {} takes.", provider.title));
        objects
            .print(&format!("{about}export type {} = ClientOptions & Access{own};\n", options_name(provider.source)));
    }
    objects.print(&access());
    objects.client(&CLIENT);
    for operation in PROVIDERS.iter().flat_map(|provider| provider.operations()) {
        objects.options(operation.options);
    }
    objects.out
}

/// `ImgixOptions` for the provider whose sources are `ImgixSource`.
pub(super) fn options_name(source: &Table) -> String {
    client_name(source).to_owned() + "Options"
}

/// `Imgix` for the provider whose sources are `ImgixSource`.
pub(super) fn client_name(source: &Table) -> &'static str {
    source.name.strip_suffix("Source").unwrap_or(source.name)
}

/// What a provider's clients take beyond what every client takes.
fn own(table: &Table) -> Option<String> {
    table.base?;
    let members = table.fields.iter().map(|field| member(field, Side::Options, None));
    Some(format!("{{\n{}}}", members.collect::<String>()))
}

/// A union of the options of which exactly one is given.
fn access() -> String {
    let fields = || ACCESS.iter().filter_map(|name| CLIENT.field(name));
    let line = |given: &Field| {
        let others = fields().filter(|other| other.name != given.name);
        let others = others.map(|other| key(other.name) + "?: undefined");
        let given_one = format!("{}: {}", key(given.name), kind(given, Side::Options, None));
        let members: Vec<_> = core::iter::once(given_one).chain(others).collect();
        format!("{}  | {{ {} }}\n", comment("  ", given.help), members.join("; "))
    };
    let lines: String = fields().map(line).collect();
    format!("/** The account's key, or a gateway that holds it. */\nexport type Access =\n{};\n", lines.trim_end())
}

impl Objects {
    fn client(&mut self, table: &'static Table) {
        self.interface(&name(table, Side::Options), "", "What every client takes.", "", table, Side::Options);
    }

    /// Declares a table of options after the one it builds on.
    fn options(&mut self, table: &'static Table) {
        if let Some(base) = table.base {
            self.options(base);
        }
        let extends = table.base.map(|base| format!(" extends {}", base.name)).unwrap_or_default();
        self.interface(table.name, &extends, table.help, "", table, Side::Options);
    }
}

/// Is it said by [`access`] and not with the other options?
pub(super) fn is_access(field: &Field) -> bool {
    ACCESS.iter().filter_map(|name| CLIENT.field(name)).any(|known| core::ptr::eq(known, field))
}

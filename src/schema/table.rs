//! Tables of fields: what a resource is and what may be said about it, declared once.
//!
//! Validation, the check of answers, redaction, the TypeScript declarations, the forms of the console and the
//! reference documentation all read these tables; nothing else knows an attribute's name.

use super::json::Shape;
use super::rule::Rule;

/// The fields of one object.
#[derive(Debug)]
pub struct Table {
    /// The name of the TypeScript declaration made from this table. Not on wasm32.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// One sentence for the documentation. Not on wasm32.
    #[cfg(not(target_arch = "wasm32"))]
    pub help: &'static str,
    /// The fields that are declared, in their order, if not all are. Not on wasm32.
    #[cfg(not(target_arch = "wasm32"))]
    pub declared: &'static [&'static str],
    /// The fields in the order of the provider's documentation.
    pub fields: &'static [Field],
    /// Further fields, declared elsewhere.
    pub base: Option<&'static Table>,
    /// Which field decides the kinds of the others, if one does.
    pub variant: Option<Discriminator>,
}

/// The field whose value decides which other fields go with an object.
#[derive(Debug, Clone, Copy)]
pub enum Discriminator {
    /// A field of the same object.
    Own(&'static str),
    /// A field of the object around it.
    Parent(&'static str),
}

impl Discriminator {
    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::Own(name) | Self::Parent(name) => name,
        }
    }
}

impl Table {
    /// A table of `fields`.
    pub const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        let _ = name;
        Self {
            #[cfg(not(target_arch = "wasm32"))]
            name,
            #[cfg(not(target_arch = "wasm32"))]
            help: "",
            #[cfg(not(target_arch = "wasm32"))]
            declared: &[],
            fields,
            base: None,
            variant: None,
        }
    }

    /// One sentence for the documentation.
    #[cfg_attr(target_arch = "wasm32", expect(unused_mut, reason = "there is nothing to set"))]
    pub const fn help(mut self, help: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.help = help;
        }
        let _ = help;
        self
    }

    /// Declares these fields only; the others are taken too.
    #[cfg_attr(target_arch = "wasm32", expect(unused_mut, reason = "there is nothing to set"))]
    pub const fn declares(mut self, fields: &'static [&'static str]) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.declared = fields;
        }
        let _ = fields;
        self
    }

    /// Adds the fields of another table.
    pub const fn with(mut self, base: &'static Table) -> Self {
        self.base = Some(base);
        self
    }

    /// Says which field decides what goes with what.
    pub const fn decided_by(mut self, variant: Discriminator) -> Self {
        self.variant = Some(variant);
        self
    }

    /// Every field, those of the bases last.
    pub fn all(&self) -> Fields {
        Fields { own: self.fields, base: self.base }
    }

    /// The field called `name`.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.all().find(|field| field.name == name)
    }

    /// The table of the object under `name`.
    pub fn inner(&self, name: &str) -> Option<&'static Table> {
        match self.field(name)?.kind {
            Kind::Object(inner) => Some(inner),
            _ => None,
        }
    }
}

/// See [`Table::all`].
#[derive(Debug)]
pub struct Fields {
    own: &'static [Field],
    base: Option<&'static Table>,
}

impl Iterator for Fields {
    type Item = &'static Field;

    #[inline(never)]
    fn next(&mut self) -> Option<&'static Field> {
        loop {
            if let Some((field, rest)) = self.own.split_first() {
                self.own = rest;
                return Some(field);
            }
            let base = self.base?;
            (self.own, self.base) = (base.fields, base.base);
        }
    }
}

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A string.
    String,
    /// `true` or `false`.
    Boolean,
    /// Written as the string `"true"` or `"false"`; a boolean is taken as well and turned into the string.
    Flag,
    /// A whole number between two bounds, both included; `u32::MAX` stands for no bound.
    Integer(u32, u32),
    /// A number above 0 and up to this bound.
    Number(u32),
    /// A list of strings, with at least so many items.
    Strings(usize),
    /// An object of strings.
    StringMap,
    /// An object of strings, numbers and booleans.
    ScalarMap,
    /// An object with fields of its own.
    Object(&'static Table),
    /// An object whose members all are objects of one table, or `null`.
    Objects(&'static Table),
    /// Any value, also one that only JavaScript has.
    Any,
    /// Any value that JSON can hold.
    Json,
    /// Something only JavaScript has: `function`, `AbortSignal`.
    Foreign(&'static str),
}

impl Kind {
    /// What is expected, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Flag => "\"true\" or \"false\"",
            Self::Integer(..) => "integer",
            Self::Number(_) => "number",
            Self::Strings(_) => "list of strings",
            Self::StringMap => "object of strings",
            Self::ScalarMap => "object of strings, numbers and booleans",
            Self::Object(_) | Self::Objects(_) => "object",
            Self::Any => "value",
            Self::Json => "value that JSON can hold",
            Self::Foreign(name) => name,
        }
    }

    /// Can a value of this shape be meant?
    pub(super) fn takes(self, shape: Shape) -> bool {
        match self {
            Self::Any | Self::Json => true,
            Self::String => shape == Shape::String,
            Self::Boolean => shape == Shape::Boolean,
            Self::Flag => shape == Shape::String || shape == Shape::Boolean,
            Self::Integer(..) | Self::Number(_) => shape == Shape::Number,
            Self::Strings(_) => shape == Shape::Array,
            Self::StringMap | Self::ScalarMap | Self::Object(_) | Self::Objects(_) => shape == Shape::Object,
            Self::Foreign(_) => false,
        }
    }
}

/// Who sets a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Can be given when something is created and when it is changed.
    Updatable,
    /// Can be given when something is created.
    CreateOnly,
    /// Can be given when something is changed.
    UpdateOnly,
    /// Set by the provider.
    ReadOnly,
}

/// One field: its name, its kind, and everything that is known about it.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a declaration: each is one word in a table")]
pub struct Field {
    /// The provider's own name.
    pub name: &'static str,
    /// What kind of value it holds.
    pub kind: Kind,
    /// Who sets it.
    pub access: Access,
    /// Must it be given when something is created?
    pub required: bool,
    /// Is it never sent back by the provider?
    pub write_only: bool,
    /// Must its value never be printed?
    pub secret: bool,
    /// Is its value masked but for the last four characters when printed? For ids of access keys.
    pub masked: bool,
    /// Can it be `null` in what is sent?
    pub nullable: bool,
    /// For this type it must be given, with this value as JSON.
    pub demanded: Option<&'static (&'static str, &'static str)>,
    /// The types it goes with; all if empty.
    pub only: &'static [&'static str],
    /// It goes with its object only if this other field has this value.
    pub when: Option<&'static (&'static str, &'static str)>,
    /// What the provider takes if nothing is given, as JSON. Not on wasm32.
    #[cfg(not(target_arch = "wasm32"))]
    pub default: Option<&'static str>,
    /// The known values.
    pub values: &'static [&'static str],
    /// Known values by type, where they differ; others are taken as well. Not on wasm32.
    #[cfg(not(target_arch = "wasm32"))]
    pub values_by_type: &'static [(&'static str, &'static [&'static str])],
    /// Is any other value refused?
    pub closed: bool,
    /// The rule for every type.
    pub rule: Option<Rule>,
    /// The rules for single types.
    pub rules: &'static [(&'static str, Rule)],
    /// What it is, in a few words. Not on wasm32: forms and documentation are printed natively.
    #[cfg(not(target_arch = "wasm32"))]
    pub help: &'static str,
}

impl Field {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            access: Access::ReadOnly,
            required: false,
            write_only: false,
            secret: false,
            masked: false,
            nullable: false,
            demanded: None,
            only: &[],
            when: None,
            #[cfg(not(target_arch = "wasm32"))]
            default: None,
            values: &[],
            #[cfg(not(target_arch = "wasm32"))]
            values_by_type: &[],
            closed: false,
            rule: None,
            rules: &[],
            #[cfg(not(target_arch = "wasm32"))]
            help: "",
        }
    }

    /// A string.
    pub const fn string(name: &'static str) -> Self {
        Self::new(name, Kind::String)
    }

    /// A boolean.
    pub const fn boolean(name: &'static str) -> Self {
        Self::new(name, Kind::Boolean)
    }

    /// `"true"` or `"false"`, taken as boolean too.
    pub const fn flag(name: &'static str) -> Self {
        Self::new(name, Kind::Flag)
    }

    /// A whole number from `min` to `max`.
    pub const fn integer(name: &'static str, min: u32, max: u32) -> Self {
        Self::new(name, Kind::Integer(min, max))
    }

    /// A moment: whole seconds since 1970.
    pub const fn seconds(name: &'static str) -> Self {
        Self::integer(name, 0, u32::MAX)
    }

    /// A number above 0 and up to `max`.
    pub const fn number(name: &'static str, max: u32) -> Self {
        Self::new(name, Kind::Number(max))
    }

    /// A list of strings.
    pub const fn strings(name: &'static str, at_least: usize) -> Self {
        Self::new(name, Kind::Strings(at_least))
    }

    /// An object of strings.
    pub const fn string_map(name: &'static str) -> Self {
        Self::new(name, Kind::StringMap)
    }

    /// An object of strings, numbers and booleans.
    pub const fn scalar_map(name: &'static str) -> Self {
        Self::new(name, Kind::ScalarMap)
    }

    /// An object with fields of its own.
    pub const fn object(name: &'static str, table: &'static Table) -> Self {
        Self::new(name, Kind::Object(table))
    }

    /// An object of objects.
    pub const fn objects(name: &'static str, table: &'static Table) -> Self {
        Self::new(name, Kind::Objects(table))
    }

    /// Any value.
    pub const fn any(name: &'static str) -> Self {
        Self::new(name, Kind::Any)
    }

    /// Any value that JSON can hold.
    pub const fn json(name: &'static str) -> Self {
        Self::new(name, Kind::Json)
    }

    /// A function.
    pub const fn function(name: &'static str) -> Self {
        Self::new(name, Kind::Foreign("function"))
    }

    /// An `AbortSignal`.
    pub const fn signal(name: &'static str) -> Self {
        Self::new(name, Kind::Foreign("AbortSignal"))
    }

    /// Can be given on creation and in changes.
    pub const fn updatable(mut self) -> Self {
        self.access = Access::Updatable;
        self
    }

    /// Can be given on creation only.
    pub const fn create_only(mut self) -> Self {
        self.access = Access::CreateOnly;
        self
    }

    /// Can be given in changes only.
    pub const fn update_only(mut self) -> Self {
        self.access = Access::UpdateOnly;
        self
    }

    /// Must be given on creation.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Never comes back from the provider.
    pub const fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// Must never be printed.
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Is printed with its last four characters only.
    pub const fn masked(mut self) -> Self {
        self.masked = true;
        self
    }

    /// May be `null`.
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// Must be given for the type named first, with the value named second, as JSON.
    pub const fn demanded(mut self, value: &'static (&'static str, &'static str)) -> Self {
        self.demanded = Some(value);
        self
    }

    /// Goes with these types only.
    pub const fn only(mut self, types: &'static [&'static str]) -> Self {
        self.only = types;
        self
    }

    /// Goes with its object only if the field named first has the value named second.
    pub const fn when(mut self, condition: &'static (&'static str, &'static str)) -> Self {
        self.when = Some(condition);
        self
    }

    /// What the provider takes if nothing is given, as JSON.
    #[cfg_attr(target_arch = "wasm32", expect(unused_mut, reason = "there is nothing to set"))]
    pub const fn default(mut self, json: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.default = Some(json);
        }
        let _ = json;
        self
    }

    /// One of these values, nothing else.
    pub const fn one_of(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self.closed = true;
        self
    }

    /// Known values; others are taken as well.
    #[cfg_attr(target_arch = "wasm32", expect(unused_mut, reason = "suggestions are for forms"))]
    pub const fn suggests(mut self, values: &'static [&'static str]) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.values = values;
        }
        let _ = values;
        self
    }

    /// Known values by type; others are taken as well.
    #[cfg_attr(target_arch = "wasm32", expect(unused_mut, reason = "suggestions are for forms"))]
    pub const fn suggests_by_type(mut self, values: &'static [(&'static str, &'static [&'static str])]) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.values_by_type = values;
        }
        let _ = values;
        self
    }

    /// A rule for the value, whatever the type.
    pub const fn rule(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Rules for the value by type.
    pub const fn rules(mut self, rules: &'static [(&'static str, Rule)]) -> Self {
        self.rules = rules;
        self
    }

    /// What it is, in a few words.
    #[cfg_attr(target_arch = "wasm32", expect(unused_mut, reason = "there is nothing to set"))]
    pub const fn help(mut self, help: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.help = help;
        }
        let _ = help;
        self
    }

    /// The values that are known for a type, or for any.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn known_values(&self, variant: Option<&str>) -> Vec<&'static str> {
        let of_type = self.values_by_type.iter().filter(|(name, _)| variant.is_none_or(|variant| variant == *name));
        self.values.iter().chain(of_type.flat_map(|(_, values)| *values)).copied().collect()
    }

    /// Does it go with the type `variant`? An unknown type excludes nothing.
    pub fn goes_with(&self, variant: Option<&str>) -> bool {
        self.only.is_empty() || variant.is_none_or(|variant| self.only.contains(&variant))
    }

    /// The one value it can have for the type `variant`, as JSON.
    pub fn demand(&self, variant: Option<&str>) -> Option<&'static str> {
        self.demanded.filter(|(name, _)| Some(*name) == variant).map(|(_, value)| *value)
    }

    /// Must it be given when something of the type `variant` is created?
    pub fn required_for(&self, variant: Option<&str>) -> bool {
        let typed = self.only.is_empty() || variant.is_some_and(|variant| self.only.contains(&variant));
        (self.required && typed) || self.demand(variant).is_some()
    }

    /// Can it be given at all when something is created (or changed)?
    pub fn can_be_given(&self, updating: bool) -> bool {
        match self.access {
            Access::Updatable => true,
            Access::CreateOnly => !updating,
            Access::UpdateOnly => updating,
            Access::ReadOnly => false,
        }
    }
}

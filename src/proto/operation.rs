//! Operations and providers as descriptions. Doing an operation is written once, elsewhere.

use super::read::{Reader, Unreadable};
use super::url::Query;
use crate::schema::{Problem, Table};

/// A management API.
#[derive(Debug)]
pub struct Provider {
    /// The name used everywhere: `imgix`, `imageboss`.
    pub name: &'static str,
    /// How the API calls itself.
    #[cfg(not(target_arch = "wasm32"))]
    pub title: &'static str,
    /// The page that documents it.
    #[cfg(not(target_arch = "wasm32"))]
    pub docs: &'static str,
    /// Where the API lives unless the caller says otherwise.
    pub base_url: &'static str,
    /// The header that carries the key, and what stands before the key in it.
    pub auth: (&'static str, &'static str),
    /// The environment variable that stands for the key in printed commands.
    #[cfg(not(target_arch = "wasm32"))]
    pub key_variable: &'static str,
    /// The media type of bodies in both directions.
    pub media_type: &'static str,
    /// What the constructor takes.
    pub options: &'static Table,
    /// Resources in the order of the documentation.
    pub resources: &'static [Resource],
    /// The limits that hold unless the caller says otherwise.
    pub rates: &'static [Rate],
    /// What a source is.
    pub source: &'static Table,
    /// How documents are wrapped, queried and read.
    pub wire: &'static dyn Wire,
    /// Where a source of this provider holds what is common to all.
    #[cfg(not(target_arch = "wasm32"))]
    pub row: &'static Row,
}

impl Provider {
    /// Every operation.
    pub fn operations(&self) -> impl Iterator<Item = &'static Operation> + use<> {
        self.resources.iter().flat_map(|resource| resource.operations)
    }

    /// The operation called `name`, such as `sources.get`.
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations().find(|operation| operation.name == name)
    }
}

/// What belongs together in the documentation, such as `sources`.
#[derive(Debug)]
pub struct Resource {
    /// The name of the group of methods.
    pub name: &'static str,
    /// One sentence for the documentation.
    pub help: &'static str,
    /// Its operations.
    pub operations: &'static [Operation],
}

/// How many requests of a class may leave in a window.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// The class's name.
    pub class: &'static str,
    /// So many requests ...
    pub requests: u32,
    /// ... in so many milliseconds.
    pub per_ms: u32,
}

/// One thing an API can do.
#[derive(Debug)]
pub struct Operation {
    /// Resource and verb: `sources.get`.
    pub name: &'static str,
    /// What it does, for the documentation. Not on wasm32.
    #[cfg(not(target_arch = "wasm32"))]
    pub help: &'static str,
    /// Upper-case HTTP method.
    pub method: &'static str,
    /// Path below the base URL, parameters in braces.
    pub path: &'static str,
    /// The permission a key needs.
    pub permission: &'static str,
    /// The class its requests are counted in.
    pub rate_class: &'static str,
    /// When it may be sent again.
    pub retry: Retry,
    /// Does doing it twice leave the same as doing it once?
    pub idempotent: bool,
    /// What is sent in the body.
    pub input: Input,
    /// What its options object takes beyond what every call takes.
    pub options: &'static Table,
    /// What comes back.
    pub answer: Answer,
    /// A member that replaces a stored object as a whole, and so is merged with it first.
    pub merge: Option<Merge>,
}

/// When an operation may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// After any failure that may pass.
    Safe,
    /// Only after a failure that proves nothing happened.
    Unsent,
}

impl Retry {
    /// The name JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsent => "unsent",
        }
    }
}

/// What an operation sends in its body.
#[derive(Debug, Clone, Copy)]
pub enum Input {
    /// Nothing.
    None,
    /// Something new.
    Create(&'static Table),
    /// Changes to something that is there.
    Changes(&'static Table),
    /// Always the same attributes, as JSON.
    Fixed(&'static str),
}

impl Input {
    /// The table the caller's input is checked against, and whether it is an update.
    pub fn table(self) -> Option<(&'static Table, bool)> {
        match self {
            Self::Create(table) => Some((table, false)),
            Self::Changes(table) => Some((table, true)),
            Self::None | Self::Fixed(_) => None,
        }
    }
}

/// What an operation answers.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// One resource.
    One(&'static Table),
    /// A page of resources.
    List(&'static Table),
    /// Nothing that matters.
    Nothing,
}

/// A member of the input that replaces the stored one as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    /// The operation that reads what is stored.
    pub read: &'static str,
    /// The member.
    pub field: &'static str,
    /// The option that turns the merge off.
    pub unless: &'static str,
}

/// How a provider wraps documents. The only code a provider has beside its tables.
pub trait Wire: Sync + core::fmt::Debug {
    /// Writes the query parameters of a list call from its checked options.
    fn query(&self, operation: &Operation, options: &[u8], query: &mut Query<'_>);

    /// Wraps attributes into a body. `ids` are the values of the path's parameters.
    fn body(&self, operation: &Operation, ids: &[String], attributes: &[u8]) -> Vec<u8>;

    /// Reads a body of 2xx: checks it and writes the flattened resource or resources.
    fn read(&self, operation: &Operation, body: &[u8], reader: &mut Reader) -> Result<(), Unreadable>;

    /// The provider's own words in a body of 4xx or 5xx, mapped to fields where that is certain, and its id for support.
    fn declined(&self, body: &[u8]) -> (Vec<Problem>, Option<String>);
}

/// Where a source holds what an `InventoryRow` shows, as dotted paths.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Row {
    /// What people call it.
    pub name: &'static str,
    /// The provider's own type.
    pub kind: &'static str,
    /// Bucket, container, share or base address: the first that is there.
    pub location: &'static [&'static str],
    /// What its images are served under: a string or a list of strings, with what stands before and behind each.
    pub hosts: &'static [(&'static str, &'static str, &'static str)],
    /// Is it served?
    pub enabled: Option<&'static str>,
    /// The provider's own status.
    pub status: Option<&'static str>,
    /// Must addresses be signed?
    pub secured: &'static str,
    /// The last change that is known: unix seconds or RFC 3339.
    pub changed_at: &'static str,
}

impl Operation {
    const fn new(method: &'static str, name: &'static str, path: &'static str) -> Self {
        Self {
            name,
            #[cfg(not(target_arch = "wasm32"))]
            help: "",
            method,
            path,
            permission: "",
            rate_class: "",
            retry: Retry::Safe,
            idempotent: true,
            input: Input::None,
            options: &super::options::CALL,
            answer: Answer::Nothing,
            merge: None,
        }
    }

    /// Reads something.
    pub const fn get(name: &'static str, path: &'static str) -> Self {
        Self::new("GET", name, path)
    }

    /// Creates something; a second request would create a second thing.
    pub const fn post(name: &'static str, path: &'static str, input: &'static Table) -> Self {
        let mut this = Self::new("POST", name, path);
        this.input = Input::Create(input);
        this.retry = Retry::Unsent;
        this.idempotent = false;
        this.options = &super::options::WRITE;
        this
    }

    /// Sets the given values.
    pub const fn patch(name: &'static str, path: &'static str, input: &'static Table) -> Self {
        let mut this = Self::new("PATCH", name, path);
        this.input = Input::Changes(input);
        this.options = &super::options::WRITE;
        this
    }

    /// Sets one value that is always the same.
    pub const fn patch_fixed(name: &'static str, path: &'static str, attributes: &'static str) -> Self {
        let mut this = Self::new("PATCH", name, path);
        this.input = Input::Fixed(attributes);
        this
    }

    /// Removes something.
    pub const fn delete(name: &'static str, path: &'static str) -> Self {
        Self::new("DELETE", name, path)
    }

    /// What it does, for the documentation.
    #[cfg_attr(target_arch = "wasm32", expect(unused_mut, reason = "there is nothing to set"))]
    pub const fn help(mut self, help: &'static str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        {
            self.help = help;
        }
        let _ = help;
        self
    }

    /// The permission a key needs.
    pub const fn needs(mut self, permission: &'static str) -> Self {
        self.permission = permission;
        self
    }

    /// The class its requests are counted in.
    pub const fn counted_as(mut self, class: &'static str) -> Self {
        self.rate_class = class;
        self
    }

    /// What its options object takes.
    pub const fn takes(mut self, options: &'static Table) -> Self {
        self.options = options;
        self
    }

    /// What comes back.
    pub const fn answers(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self
    }

    /// Merges a member with the stored one before it is sent.
    pub const fn merges(mut self, merge: Merge) -> Self {
        self.merge = Some(merge);
        self
    }

    /// The names of the path's parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Does it change something at the provider?
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }
}

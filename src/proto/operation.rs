//! Operations and providers as descriptions. Doing an operation is written once, elsewhere.

use super::read::Reader;
use super::url::Query;
use crate::schema::json::{Broken, Cursor};
use crate::schema::{Code, Problem, Table};

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
    /// The host that serves images, if something is asked of it.
    pub image_base_url: &'static str,
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
    #[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
    pub row: &'static Row,
}

impl Provider {
    /// Every operation.
    pub fn operations(&self) -> Operations {
        Operations { resources: self.resources, operations: &[] }
    }

    /// The operation called `name`, such as `sources.get`.
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations().find(|operation| operation.name == name)
    }
}

/// See [`Provider::operations`].
#[derive(Debug)]
pub struct Operations {
    resources: &'static [Resource],
    operations: &'static [Operation],
}

impl Iterator for Operations {
    type Item = &'static Operation;

    #[inline(never)]
    fn next(&mut self) -> Option<&'static Operation> {
        loop {
            if let Some((operation, rest)) = self.operations.split_first() {
                self.operations = rest;
                return Some(operation);
            }
            let (resource, rest) = self.resources.split_first()?;
            (self.operations, self.resources) = (resource.operations, rest);
        }
    }
}

/// What belongs together in the documentation, such as `sources`.
#[derive(Debug)]
pub struct Resource {
    /// The name of the group of methods.
    pub name: &'static str,
    /// One sentence for the documentation. Not on wasm32.
    #[cfg(not(target_arch = "wasm32"))]
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

impl Rate {
    /// It as a limit.
    pub fn limit(&self) -> super::call::Limit {
        super::call::Limit { requests: self.requests, per_ms: self.per_ms.into() }
    }
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
    /// Where to look whether it happened, when the answer to a creation got lost.
    pub look_up: Option<&'static LookUp>,
    /// Until when it is asked again.
    pub poll: Option<&'static Poll>,
    /// Milliseconds for one attempt and for the whole call, where the usual ones do not do.
    pub patience: Option<(u32, u32)>,
    /// Which host it goes to.
    pub to: To,
    /// Options that become query parameters of the same name.
    pub query: &'static [&'static str],
    /// The type that stands in its document; empty for the name of its resource.
    pub document: &'static str,
    /// Is it no request of the API's own? `operations()` does not list it then, and no gateway lets it through.
    pub unlisted: bool,
}

/// Which host a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The management API.
    Api,
    /// The host that serves images.
    Images,
    /// The address that is the first parameter: pre-signed, so no key goes there.
    Given,
}

/// How to find out whether a creation happened whose answer is not known.
#[derive(Debug)]
pub struct LookUp {
    /// The operation that lists what is there, at the same address.
    pub list: &'static str,
    /// The attribute that tells one from another, in input and list.
    pub name: &'static str,
    /// The attribute that must not differ, as JSON text.
    pub kind: &'static str,
    /// The attribute that holds the time of creation, as RFC 3339.
    pub created: &'static str,
}

/// Until when an operation is repeated.
#[derive(Debug)]
pub struct Poll {
    /// The attribute that is watched, as a dotted path.
    pub field: &'static str,
    /// Its value at the end.
    pub done: &'static str,
    /// Values after which the end will not come.
    pub failed: &'static [&'static str],
    /// So long after the call began, in milliseconds, the end may still be that of something before; once it was seen to be
    /// under way, it is not.
    pub settle_ms: u32,
    /// The pause between two looks unless the caller says otherwise, in milliseconds.
    pub interval_ms: u32,
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
    /// Attributes made of parameters and options: the table they are checked against, and for each attribute where it comes
    /// from.
    Given(&'static Table, &'static [(&'static str, &'static str)]),
    /// Bytes of the caller's, which never come here; what comes is their size and type.
    Bytes,
}

impl Input {
    /// The table the caller's input is checked against, and whether it is an update.
    pub fn table(self) -> Option<(&'static Table, bool)> {
        match self {
            Self::Create(table) => Some((table, false)),
            Self::Changes(table) => Some((table, true)),
            Self::None | Self::Fixed(_) | Self::Given(..) | Self::Bytes => None,
        }
    }

    /// The table that tells what is in the body, whoever fills it.
    pub fn attributes(self) -> Option<&'static Table> {
        match self {
            Self::Given(table, _) => Some(table),
            _ => self.table().map(|(table, _)| table),
        }
    }
}

/// What an operation answers.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// One resource.
    One(&'static Table),
    /// One resource, or nothing yet: the body may be empty.
    Maybe(&'static Table),
    /// A page of resources.
    List(&'static Table),
    /// That something is queued: `{ id?, alreadyQueued }`. A conflict says that it was queued before.
    Receipt(&'static Table),
    /// Nothing that matters.
    Nothing,
}

impl Answer {
    /// The table of what is answered.
    pub fn table(self) -> Option<&'static Table> {
        match self {
            Self::One(table) | Self::Maybe(table) | Self::List(table) | Self::Receipt(table) => Some(table),
            Self::Nothing => None,
        }
    }
}

/// Members of the input that replace the stored ones as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    /// The operation that reads what is stored, at the same address.
    pub read: &'static str,
    /// The member that is merged by its table; empty for every object and list that is given.
    pub field: &'static str,
    /// The option that turns the merge off, or on.
    pub option: &'static str,
    /// Is the merge done unless the option says otherwise?
    pub usual: bool,
}

/// How a provider wraps documents. The only code a provider has beside its tables.
pub trait Wire: Sync {
    /// Writes the query parameters of a list call from its checked options.
    fn query(&self, operation: &Operation, options: &[u8], query: &mut Query<'_>);

    /// Wraps attributes into a body. `ids` are the values of the path's parameters.
    fn body(&self, operation: &Operation, ids: &[String], attributes: &[u8]) -> Vec<u8>;

    /// Reads the body of 2xx that begins at the cursor: checks it and writes the flattened resource or resources.
    fn read(&self, operation: &Operation, cursor: &mut Cursor<'_>, reader: &mut Reader) -> Result<(), Broken>;

    /// A sentence of the provider's that names no field, mapped to one where that is certain.
    fn sentence(&self, said: &str) -> Problem {
        Problem::error("", Code::Declined, said)
    }
}

impl core::fmt::Debug for dyn Wire {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Wire")
    }
}

/// Where a source holds what an `InventoryRow` shows, as dotted paths.
#[cfg(any(not(target_arch = "wasm32"), feature = "plan"))]
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
            look_up: None,
            poll: None,
            patience: None,
            to: To::Api,
            query: &[],
            document: "",
            unlisted: false,
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

    /// Asks for something to be done that may be done twice.
    pub const fn request(name: &'static str, path: &'static str) -> Self {
        Self::new("POST", name, path)
    }

    /// Sends bytes.
    pub const fn bytes(method: &'static str, name: &'static str, path: &'static str) -> Self {
        let mut this = Self::new(method, name, path);
        this.input = Input::Bytes;
        this.patience = Some((600_000, 1_800_000));
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

    /// Takes its attributes from parameters and options.
    pub const fn gives(mut self, table: &'static Table, from: &'static [(&'static str, &'static str)]) -> Self {
        self.input = Input::Given(table, from);
        self
    }

    /// Must not be sent again after a failure that leaves open whether it happened.
    pub const fn once(mut self) -> Self {
        self.retry = Retry::Unsent;
        self.idempotent = false;
        self
    }

    /// Looks whether a creation happened whose answer got lost.
    pub const fn looks_up(mut self, look_up: &'static LookUp) -> Self {
        self.look_up = Some(look_up);
        self
    }

    /// Is repeated until an attribute has a value.
    pub const fn polls(mut self, poll: &'static Poll) -> Self {
        self.poll = Some(poll);
        self
    }

    /// Milliseconds for one attempt and for the whole call.
    pub const fn patient(mut self, timeout_ms: u32, deadline_ms: u32) -> Self {
        self.patience = Some((timeout_ms, deadline_ms));
        self
    }

    /// Goes to another host.
    pub const fn to(mut self, to: To) -> Self {
        self.to = to;
        self
    }

    /// Options that become query parameters.
    pub const fn queried_by(mut self, options: &'static [&'static str]) -> Self {
        self.query = options;
        self
    }

    /// The type that stands in its document.
    pub const fn document(mut self, name: &'static str) -> Self {
        self.document = name;
        self
    }

    /// Is no request of the API's own.
    pub const fn unlisted(mut self) -> Self {
        self.unlisted = true;
        self
    }

    /// The names of the parameters in order: those of the path, then those that go into the body.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> + use<> {
        let body: &'static [(&'static str, &'static str)] = match self.input {
            Input::Given(_, from) => from,
            _ => &[],
        };
        let options = self.options;
        let path = self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        path.map(|name| name.strip_suffix('+').unwrap_or(name))
            .chain(body.iter().map(|(_, from)| *from).filter(move |from| options.field(from).is_none()))
    }

    /// Does it take more than one request of its own?
    pub fn several(&self) -> bool {
        self.poll.is_some()
    }

    /// Does it change something at the provider?
    pub fn writes(&self) -> bool {
        self.method != "GET"
    }
}

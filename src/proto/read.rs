//! Reading answers: status first, then the provider's wire, then what is given to the caller.

use super::error::{Class, Error, Outcome};
use super::http::Response;
use super::operation::{Answer, Operation, Provider, To};
use super::refusal;
use super::retry_after;
use super::secret::scrub;
use crate::schema::json::{self, Broken, Cursor, ListWriter, ObjectWriter, Shape};
use crate::schema::{AnswerChecker, Code, Drift, Problem, Table, text};

/// What an operation gave.
#[derive(Debug, Default)]
pub struct Read {
    /// The flattened resource or list of resources as JSON; nothing if the answer has none.
    pub json: Option<Vec<u8>>,
    /// How the list goes on.
    pub page: PageInfo,
    /// Values that did not have the declared kind.
    pub drift: Vec<Drift>,
}

/// How a list goes on.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct PageInfo {
    /// How many there are in all, if the provider says so.
    pub total: Option<f64>,
    /// The `page` option of the next page, as JSON; nothing after the last page.
    pub next: Option<String>,
    /// Is that the page that was read? Whoever goes on from here gets nothing new.
    pub again: bool,
}

/// Reads the resource that begins at the cursor and writes it flat.
pub type ReadOne = fn(&mut Cursor<'_>, &'static Table, &mut Reader) -> Result<(), Broken>;

/// Collects what a wire reads.
#[derive(Debug, Default)]
pub struct Reader {
    /// The flattened answer, as far as it is written.
    pub out: Vec<u8>,
    /// How the list goes on.
    pub page: PageInfo,
    /// Holds attributes against their tables.
    pub checker: AnswerChecker,
    /// What is wrong, for people, if it is not the grammar, of which the cursor tells.
    reason: String,
}

impl Reader {
    /// Checks the value at the cursor against `table` and gives its bytes.
    pub fn checked<'a>(&mut self, cursor: &mut Cursor<'a>, table: &'static Table) -> Result<&'a [u8], Broken> {
        let start = cursor.at();
        self.checker.check(cursor, table)?;
        Ok(cursor.since(start).trim_ascii_end())
    }

    /// Has the provider's wire read a body of 2xx. `reason` says why it cannot be read.
    fn body(&mut self, context: &Context<'_>, body: &[u8]) -> Result<(), Broken> {
        self.out.reserve(body.len());
        self.checker.watched = context.check;
        let mut cursor = Cursor::new(body);
        let read = context.provider.wire.read(context.operation, &mut cursor, self);
        if read.is_err() && self.reason.is_empty() {
            let (what, at) = cursor.bad().describe();
            self.reason = [what, " at byte ", &text::digits(at as u64)].concat();
        }
        read
    }

    /// Notes that something other than an attribute is not as expected.
    pub fn drift(&mut self, path: &str, expected: &'static str, found: &'static str) {
        self.checker.note(path.to_owned(), expected, found);
    }

    /// The answer cannot be read.
    #[cold]
    #[inline(never)]
    pub fn fail<T>(&mut self, why: &[&str]) -> Result<T, Broken> {
        self.reason = why.concat();
        Err(Broken)
    }

    /// Reads and writes what the operation answers, each resource with `one`. An item of a list that is no object makes it
    /// unreadable: to leave it out would lose it. `what` may be of another type than should be.
    pub fn resources(
        &mut self,
        answer: Answer,
        cursor: &mut Cursor<'_>,
        one: ReadOne,
        what: &str,
    ) -> Result<(), Broken> {
        match (answer, cursor.shape()?) {
            (Answer::One(table) | Answer::Maybe(table) | Answer::Receipt(table), Shape::Object) => {
                one(cursor, table, self)
            }
            (Answer::List(table), Shape::Array) => {
                let mut list = ListWriter::default();
                cursor.enter()?;
                while cursor.more(b']')? {
                    if cursor.shape()? != Shape::Object {
                        cursor.skip()?;
                        return self.fail(&["it lists something that is no resource"]);
                    }
                    list.item(&mut self.out);
                    one(cursor, table, self)?;
                }
                list.close(&mut self.out);
                Ok(())
            }
            (Answer::Maybe(_), Shape::Null) => cursor.skip().map(drop),
            (_, shape) => {
                cursor.skip()?;
                self.fail(&[what, " is of type ", shape.name()])
            }
        }
    }
}

/// What reading needs to know about the call.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The provider that answered.
    pub provider: &'static Provider,
    /// The operation it answered.
    pub operation: &'static Operation,
    /// Every secret that the call sent.
    pub secrets: &'a [String],
    /// Are attributes checked against their tables?
    pub check: bool,
    /// Must attributes be as declared?
    pub drift_is_error: bool,
}

/// Reads an answer: 2xx gives what it holds, everything else an error.
pub fn read(context: &Context<'_>, response: &Response) -> Result<Read, Error> {
    let receipt = matches!(context.operation.answer, Answer::Receipt(_));
    match response.status {
        // A conflict says that the same thing was asked for a moment ago: it still happens.
        200..=299 | 409 if receipt => Ok(receipt_of(context, response)),
        200..=299 => read_2xx(context, response),
        0 | 300..=399 => Err(unreadable(context, response, Code::Redirect, "is a redirection, and none is followed")),
        _ => Err(refused(context, response)),
    }
}

/// What is said of something that is queued. Whatever the body is, it is queued.
fn receipt_of(context: &Context<'_>, response: &Response) -> Read {
    let mut reader = Reader::default();
    let read = reader.body(context, &response.body);
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    if let (Ok(()), Some(id)) = (read, json::string_at(&reader.out, "id")) {
        object.string("id", &id);
    }
    object.raw("alreadyQueued", if response.status == 409 { b"true" } else { b"false" });
    object.close();
    Read { json: Some(out), ..Read::default() }
}

fn read_2xx(context: &Context<'_>, response: &Response) -> Result<Read, Error> {
    let body = response.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&response.body);
    let mut reader = Reader::default();
    match context.operation.answer {
        Answer::Nothing => return Ok(Read::default()),
        Answer::Maybe(_) if body.is_empty() => {}
        _ if body.is_empty() => return Err(unreadable(context, response, Code::Unreadable, "has no body")),
        _ => {
            if let Err(Broken) = reader.body(context, body) {
                let what = ["cannot be read: ", &reader.reason].concat();
                return Err(unreadable(context, response, Code::Unreadable, &what));
            }
        }
    }
    // Nothing is answered only where the table says so.
    if reader.out.is_empty() {
        reader.out.extend_from_slice(b"null");
    }
    let drift = reader.checker.drift;
    if context.drift_is_error && !drift.is_empty() {
        let mut error = unreadable(context, response, Code::Drift, "has attributes of another type than declared");
        error.problems.clear();
        for drift in &drift {
            let message = ["is of type ", drift.found, ", declared is ", drift.expected].concat();
            Problem::add(&mut error.problems, &drift.path, Code::Drift, &message);
        }
        return Err(error);
    }
    Ok(Read { json: Some(reader.out), page: reader.page, drift })
}

fn describe(context: &Context<'_>, response: &Response, what: &str) -> String {
    let status = if response.status == 0 { "a redirect".to_owned() } else { text::digits(response.status.into()) };
    ["the answer of ", context.provider.name, " to ", context.operation.name, " (", &status, ") ", what].concat()
}

/// An error with everything that an answer tells.
fn answered(
    context: &Context<'_>,
    response: &Response,
    class: Class,
    message: String,
    problems: Vec<Problem>,
) -> Error {
    let outcome = match (context.operation.writes(), class, response.status) {
        (false, ..) => Outcome::None,
        // Whoever points elsewhere has not done it.
        (true, Class::Unreadable, 0 | 300..=399) => Outcome::Declined,
        (true, Class::Server | Class::Unreadable, _) | (true, _, 408) => Outcome::Unknown,
        _ => Outcome::Declined,
    };
    let mut error = Error::new(class, context.provider.name, context.operation.name, message, problems);
    error.outcome = outcome;
    error.sent = true;
    error.attempts = 1;
    error.status = (response.status != 0).then_some(response.status);
    error.request_id = request_id(response, context.secrets);
    error.retry_after_ms = retry_after::parse(response);
    let text = text::lossy(response.body.get(..LIMIT * 2).unwrap_or(&response.body));
    let mut text = scrub(&text, context.secrets);
    text::shorten(&mut text, LIMIT);
    error.body_text = Some(text);
    error
}

fn unreadable(context: &Context<'_>, response: &Response, code: Code, what: &str) -> Error {
    let message = describe(context, response, what);
    let problem = Problem::error("", code, &message);
    answered(context, response, Class::Unreadable, message, vec![problem])
}

/// The answer is larger than the cap and was not read to its end.
pub fn too_large(context: &Context<'_>, response: &Response, limit: usize) -> Error {
    let what = ["is larger than ", &text::digits((limit >> 20) as u64), " MiB and was not read"].concat();
    unreadable(context, response, Code::TooLarge, &what)
}

/// How much of a body is kept, and of each thing that it says.
const LIMIT: usize = 8 * 1024;

/// How much of the body of a refusal is read for the provider's words.
const PARSED: usize = 256 * 1024;

/// Statuses that mean something of their own, and what they mean, for answers without words.
const STATUSES: [(u16, Class, &str); 6] = [
    (401, Class::Authentication, "the key is missing or not valid"),
    (403, Class::Permission, "the key lacks a permission"),
    (404, Class::NotFound, "there is no such thing"),
    (409, Class::Conflict, "in conflict with what is there"),
    (413, Class::Declined, "too large"),
    (429, Class::RateLimit, "too many requests"),
];

fn refused(context: &Context<'_>, response: &Response) -> Error {
    let status = response.status;
    let known = STATUSES.iter().find(|(known, ..)| *known == status);
    // A pre-signed address is the storage's, which knows neither keys nor permissions of the provider's.
    let is_storage = context.operation.to == To::Given;
    let (class, meaning) = known.map_or_else(
        || match status {
            400..=499 => (Class::Declined, "the request was refused"),
            502..=504 => (Class::Server, "the service is not available for the moment"),
            _ => (Class::Server, "the service failed"),
        },
        |(_, class, meaning)| match class {
            Class::Authentication | Class::Permission if is_storage => {
                (Class::Declined, "the address is not accepted; it may have expired")
            }
            _ => (*class, *meaning),
        },
    );
    // Scrubbed before it is read: whatever the provider repeats of the call, no secret of it comes through.
    let clean = scrub(&text::lossy(response.body.get(..PARSED).unwrap_or(&response.body)), context.secrets);
    let (mut problems, id) = refusal::words(context.provider.wire, &clean);
    let general = match class {
        Class::RateLimit => Code::RateLimited,
        Class::Server => Code::Server,
        _ => Code::Declined,
    };
    for problem in &mut problems {
        if problem.code == Code::Declined {
            problem.code = general;
        }
        text::shorten(&mut problem.message, LIMIT);
        text::shorten(&mut problem.field, LIMIT);
    }
    let who = if is_storage { "the storage" } else { context.provider.name };
    let mut message = [who, " answered ", &text::digits(status.into()), " to ", context.operation.name].concat();
    if problems.is_empty() {
        Problem::add(&mut problems, "", general, meaning);
    }
    for (index, problem) in problems.iter().enumerate().take(5) {
        message.push_str(if index == 0 { ": " } else { "; " });
        if !problem.field.is_empty() && !text::has(&problem.message, &problem.field) {
            message.push_str(first_line(&problem.field));
            message.push(' ');
        }
        let line = first_line(&problem.message);
        message.push_str(text::within(line.strip_suffix('.').unwrap_or(line), 300));
    }
    if class == Class::Permission {
        message.push_str(&[" (needs the permission ", context.operation.permission, ")"].concat());
    }
    let mut error = answered(context, response, class, message, problems);
    if let Some(mut id) = id {
        text::shorten(&mut id, 200);
        error.request_id = Some(id);
    }
    error
}

/// The text up to its first control character: a message is one line, whatever a provider says.
fn first_line(text: &str) -> &str {
    let text = text.trim_ascii_start();
    let end = text.bytes().position(|byte| byte.is_ascii_control());
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The id that the provider's support can look up, from the headers, without any of `secrets`.
pub fn request_id(response: &Response, secrets: &[String]) -> Option<String> {
    let names = ["x-request-id", "x-cloud-trace-context", "cf-ray"];
    let id = names.iter().find_map(|name| response.header(name))?;
    let mut id = scrub(id, secrets);
    // Cut last: half a secret is not known for one.
    text::shorten(&mut id, 200);
    Some(id)
}

/// Shape of the value in `raw` for messages.
pub fn shape_name(raw: &[u8]) -> &'static str {
    Shape::of(raw).map_or("nothing", Shape::name)
}

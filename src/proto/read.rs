//! Reading answers: status first, then the provider's wire, then what is given to the caller.

use super::error::{Class, Error, Outcome, cut};
use super::http::Response;
use super::operation::{Answer, Operation, Provider};
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
                let mut list = ListWriter::new();
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
        200..=299 if receipt => Ok(receipt_of(context, response)),
        // The same thing was asked for a moment ago: it still happens.
        409 if receipt => Ok(Read { json: Some(br#"{"alreadyQueued":true}"#.to_vec()), ..Read::default() }),
        200..=299 => read_2xx(context, response),
        0 | 300..=399 => Err(unreadable(
            context,
            response,
            Code::Redirect,
            "points to another address; redirects are never followed, because they would carry the key there",
        )),
        _ => Err(refused(context, response)),
    }
}

/// What a 2xx says of something that is queued. Whatever the body is, it is queued.
fn receipt_of(context: &Context<'_>, response: &Response) -> Read {
    let read = resources(context, &response.body);
    let mut out = Vec::new();
    let mut object = ObjectWriter::new(&mut out);
    if let Some(id) = read.as_ref().ok().and_then(|reader| json::string_at(&reader.out, "id")) {
        object.string("id", &id);
    }
    object.raw("alreadyQueued", b"false");
    object.close();
    Read { json: Some(out), ..Read::default() }
}

/// What the provider's wire reads in the body of a 2xx, or why it cannot be read.
fn resources(context: &Context<'_>, body: &[u8]) -> Result<Reader, String> {
    let mut reader = Reader { out: Vec::with_capacity(body.len()), ..Reader::default() };
    reader.checker.watched = context.check;
    let mut cursor = Cursor::new(body);
    if context.provider.wire.read(context.operation, &mut cursor, &mut reader).is_ok() {
        return Ok(reader);
    }
    if reader.reason.is_empty() {
        let (what, at) = cursor.bad().describe();
        reader.reason = [what, " at byte ", &text::digits(at as u64)].concat();
    }
    Err(reader.reason)
}

fn read_2xx(context: &Context<'_>, response: &Response) -> Result<Read, Error> {
    if matches!(context.operation.answer, Answer::Nothing) {
        return Ok(Read::default());
    }
    let body = response.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&response.body);
    if body.is_empty() {
        if matches!(context.operation.answer, Answer::Maybe(_)) {
            return Ok(Read { json: Some(b"null".to_vec()), ..Read::default() });
        }
        return Err(unreadable(context, response, Code::Unreadable, "has no body"));
    }
    let reader = resources(context, body)
        .map_err(|reason| unreadable(context, response, Code::Unreadable, &["cannot be read: ", &reason].concat()))?;
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
        (true, Class::Server | Class::Unreadable, _) | (true, _, 408) => Outcome::Unknown,
        _ => Outcome::Declined,
    };
    let mut error = Error::new(class, context.provider.name, context.operation.name, message);
    error.problems = problems;
    error.outcome = outcome;
    error.sent = true;
    error.attempts = 1;
    error.status = (response.status != 0).then_some(response.status);
    error.request_id = request_id(response, context.secrets);
    error.retry_after_ms = retry_after::parse(response);
    let text = text::lossy(response.body.get(..cut::LIMIT * 2).unwrap_or(&response.body));
    error.body_text = Some(cut::to_limit(&scrub(&text, context.secrets)).to_owned());
    error
}

fn unreadable(context: &Context<'_>, response: &Response, code: Code, what: &str) -> Error {
    let message = describe(context, response, what);
    let problem = Problem::error("", code, &message.clone());
    answered(context, response, Class::Unreadable, message, vec![problem])
}

/// The answer is larger than the cap and was not read to its end.
pub fn too_large(context: &Context<'_>, response: &Response, limit: usize) -> Error {
    let what = ["is larger than ", &text::digits((limit >> 20) as u64), " MiB and was not read"].concat();
    unreadable(context, response, Code::TooLarge, &what)
}

/// How much of the body of a refusal is read for the provider's words.
const PARSED: usize = 256 * 1024;

fn refused(context: &Context<'_>, response: &Response) -> Error {
    let status = response.status;
    let class = match status {
        401 => Class::Authentication,
        403 => Class::Permission,
        404 => Class::NotFound,
        409 => Class::Conflict,
        429 => Class::RateLimit,
        400..=499 => Class::Declined,
        _ => Class::Server,
    };
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
        problem.message = cut::to_limit(&problem.message).to_owned();
        problem.field = cut::to_limit(&problem.field).to_owned();
    }
    let mut message =
        [context.provider.name, " answered ", &text::digits(status.into()), " to ", context.operation.name].concat();
    if problems.is_empty() {
        Problem::add(&mut problems, "", general, meaning(status));
    }
    for (index, problem) in problems.iter().enumerate().take(5) {
        message.push_str(if index == 0 { ": " } else { "; " });
        if !problem.field.is_empty() && !text::has(&problem.message, &problem.field) {
            message.push_str(first_line(&problem.field));
            message.push(' ');
        }
        let line = first_line(&problem.message);
        message.push_str(cut::to(line.strip_suffix('.').unwrap_or(line), 300));
    }
    if status == 403 {
        message = [&message, " (needs the permission ", context.operation.permission, ")"].concat();
    }
    let mut error = answered(context, response, class, message, problems);
    if let Some(id) = id {
        error.request_id = Some(cut::to(&id, 200).to_owned());
    }
    error
}

/// The text up to its first control character: a message is one line, whatever a provider says.
fn first_line(text: &str) -> &str {
    let text = text.trim_ascii_start();
    let end = text.bytes().position(|byte| byte.is_ascii_control());
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// What a status means, for answers without words of their own.
fn meaning(status: u16) -> &'static str {
    match status {
        401 => "the key is missing or not valid",
        403 => "the key lacks a permission",
        404 => "there is no such thing",
        409 => "in conflict with what is there",
        413 => "too large",
        429 => "too many requests",
        502..=504 => "the service is not available for the moment",
        500.. => "the service failed",
        _ => "the request was refused",
    }
}

/// The id that the provider's support can look up, from the headers, without any of `secrets`.
pub fn request_id(response: &Response, secrets: &[String]) -> Option<String> {
    let names = ["x-request-id", "x-cloud-trace-context", "cf-ray"];
    let id = names.iter().find_map(|name| response.header(name))?;
    // Cut last: half a secret is not known for one.
    Some(cut::to(&scrub(id, secrets), 200).to_owned())
}

/// Shape of the value in `raw` for messages.
pub fn shape_name(raw: &[u8]) -> &'static str {
    Shape::of(raw).map_or("nothing", Shape::name)
}

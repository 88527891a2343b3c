//! Errors: one taxonomy for every way a call can fail.

use core::fmt;

use super::secret::scrub;
use crate::schema::{Code, Problem, text};

/// Declares the classes once: variant, class name in JavaScript, kind, documentation.
macro_rules! classes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $kind:literal;)+) => {
        /// Who must act, as a class of errors.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Class { $($(#[doc = $doc])+ $variant,)+ }

        impl Class {
            /// The class's name in JavaScript.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The coarse kind.
            pub fn kind(self) -> &'static str {
                match self { $(Self::$variant => $kind,)+ }
            }

            /// Every class: name, kind, description.
            #[cfg(not(target_arch = "wasm32"))]
            pub const ALL: &'static [(&'static str, &'static str, &'static str)] =
                &[$(($name, $kind, concat!($($doc),+)),)+];
        }
    };
}

classes! {
    /// Nothing was sent: the input is wrong; `problems` holds every mistake.
    Invalid = "InvalidInputError", "invalid";
    /// The provider answered 401.
    Authentication = "AuthenticationError", "declined";
    /// The provider answered 403.
    Permission = "PermissionError", "declined";
    /// The provider answered 404.
    NotFound = "NotFoundError", "declined";
    /// The provider answered 409.
    Conflict = "ConflictError", "declined";
    /// The provider answered another 4xx.
    Declined = "DeclinedError", "declined";
    /// The provider answered 429, or the next free slot lies beyond the deadline.
    RateLimit = "RateLimitError", "rate-limited";
    /// The provider answered 5xx.
    Server = "ServerError", "server";
    /// An answer that cannot be read, is too large, or is a redirect.
    Unreadable = "UnreadableResponseError", "unreadable";
    /// No answer, or one that was cut off.
    Network = "NetworkError", "network";
    /// Time ran out.
    Timeout = "TimeoutError", "timeout";
    /// Our own failure.
    Internal = "InternalError", "internal";
}

/// What a failed call did at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was changed.
    None,
    /// The provider said no.
    Declined,
    /// A write may have happened.
    Unknown,
}

impl Outcome {
    /// The name JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Declined => "declined",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a call failed. One pointer, because errors travel far through results.
#[derive(Clone)]
pub struct Error(Box<Details>);

/// What an [`Error`] tells.
#[derive(Clone)]
#[non_exhaustive]
pub struct Details {
    /// Who must act.
    pub class: Class,
    /// One line for people.
    pub message: String,
    /// The provider's name; empty if the mistake is in none's operation.
    pub provider: &'static str,
    /// The operation's name; empty for constructors.
    pub operation: &'static str,
    /// What is wrong, field by field; never empty.
    pub problems: Vec<Problem>,
    /// How often the operation's own request was tried.
    pub attempts: u32,
    /// May a request have left?
    pub sent: bool,
    /// What happened at the provider.
    pub outcome: Outcome,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The id that the provider's support can look up.
    pub request_id: Option<String>,
    /// How long to wait, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// At most 8 KiB of the answer's body, without secrets.
    pub body_text: Option<String>,
}

impl core::ops::Deref for Error {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl core::ops::DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details").finish_non_exhaustive()
    }
}

impl Error {
    /// An error of which only this much is known.
    #[inline(never)]
    pub fn new(
        class: Class,
        provider: &'static str,
        operation: &'static str,
        message: String,
        problems: Vec<Problem>,
    ) -> Self {
        Self(Box::new(Details {
            class,
            message,
            provider,
            operation,
            problems,
            attempts: 0,
            sent: false,
            outcome: Outcome::None,
            status: None,
            request_id: None,
            retry_after_ms: None,
            body_text: None,
        }))
    }

    /// An error with one problem, which says the same.
    #[inline(never)]
    pub fn of(
        class: Class,
        provider: &'static str,
        operation: &'static str,
        field: &str,
        code: Code,
        message: &[&str],
    ) -> Self {
        let message = message.concat();
        let problems = vec![Problem::error(field, code, &message)];
        Self::new(class, provider, operation, message, problems)
    }

    /// The input is wrong: nothing was sent.
    pub fn invalid(provider: &'static str, operation: &'static str, problems: Vec<Problem>) -> Self {
        let begin = if operation.is_empty() { ["invalid input", ""] } else { [operation, " was not sent"] };
        let mut message = begin.concat();
        for (index, problem) in problems.iter().enumerate() {
            message.push_str(if index == 0 { ": " } else { "; " });
            if index == 5 {
                message.push_str("and more");
                break;
            }
            if !problem.field.is_empty() {
                // A name of the caller's may hold anything; the message is one line.
                message.push_str(&["`", &text::line(&problem.field, 100), "` "].concat());
            }
            message.push_str(text::within(&problem.message, 400));
        }
        Self::new(Class::Invalid, provider, operation, message, problems)
    }

    /// Removes secrets from what others have said.
    pub fn scrub(&mut self, secrets: &[String]) {
        let Details { message, problems, request_id, body_text, .. } = &mut **self;
        let clean = |text: &mut String| *text = scrub(text, secrets);
        for problem in problems {
            clean(&mut problem.field);
            clean(&mut problem.message);
        }
        clean(message);
        for text in [request_id, body_text] {
            text.as_mut().map(clean);
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class.name(), self.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

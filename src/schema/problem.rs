//! Problems: what is wrong with an input, and where.

use core::fmt;

/// One thing wrong with an input, or one thing the provider said about a field of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    /// Dotted path in the caller's own input; empty for the whole call; the option's name for options.
    pub field: String,
    /// What kind of mistake, for programs.
    pub code: Code,
    /// What is wrong and what to do, for people: lower case, no full stop, fit to stand beside a form field.
    pub message: String,
    /// Is it refused, or sent all the same?
    pub level: Level,
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] {}: {}", self.level.as_str(), self.code.as_str(), self.field, self.message)
    }
}

impl Problem {
    /// An error.
    #[inline(never)]
    pub fn error(field: &str, code: Code, message: &str) -> Self {
        Self { field: field.to_owned(), code, message: message.to_owned(), level: Level::Error }
    }

    /// Adds an error to those that were found before.
    #[inline(never)]
    pub fn add(problems: &mut Vec<Self>, field: &str, code: Code, message: &str) {
        problems.push(Self::error(field, code, message));
    }

    /// Leaves only those that are `wanted`.
    #[inline(never)]
    pub fn keep(problems: &mut Vec<Self>, wanted: &dyn Fn(&Self) -> bool) {
        problems.retain(|problem| wanted(problem));
    }

    /// Is there one among them for which the input is refused?
    #[inline(never)]
    pub fn any_error(problems: &[Self]) -> bool {
        problems.iter().any(|problem| problem.level == Level::Error)
    }

    /// A warning.
    #[inline(never)]
    pub fn warning(field: &str, code: Code, message: &str) -> Self {
        Self { field: field.to_owned(), code, message: message.to_owned(), level: Level::Warning }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Refused before anything is sent.
    Error,
    /// Sent all the same, and reported.
    Warning,
}

impl Level {
    /// The name JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Declares the codes once: the variant, its public name, its documentation.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// The documented list of problem codes (`ProblemCode` in TypeScript).
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// The name JavaScript sees.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Every code with its description, for the generated documentation.
            #[cfg(not(target_arch = "wasm32"))]
            pub const ALL: &'static [(&'static str, &'static str)] = &[$(($name, concat!($($doc,)+)),)+];
        }
    };
}

codes! {
    /// a required value is missing
    Required = "required",
    /// no field or option of this name is known
    Unknown = "unknown",
    /// the value is of the wrong kind
    Type = "type",
    /// the value is outside the allowed range or not a whole number
    Range = "range",
    /// the value is not one of the allowed ones
    Value = "value",
    /// the value can certainly not be right
    Format = "format",
    /// the value is probably a mistake; sent all the same
    Suspicious = "suspicious",
    /// the redaction mask `****` was given in place of a secret
    Masked = "masked",
    /// this field is set by the provider and cannot be written
    ReadOnly = "read-only",
    /// this field can only be given when something is created
    NotUpdatable = "not-updatable",
    /// the field does not go with the chosen type
    Mismatch = "mismatch",
    /// nothing to change was given
    Empty = "empty",
    /// the same thing exists already
    Taken = "taken",
    /// a write-only value is missing from what replaces the stored object
    WriteOnly = "write-only",
    /// the provider refused, in its own words
    Declined = "declined",
    /// the provider failed
    Server = "server",
    /// the provider's answer cannot be read
    Unreadable = "unreadable",
    /// the provider pointed somewhere else; redirects are never followed
    Redirect = "redirect",
    /// something is larger or deeper than the cap
    TooLarge = "too-large",
    /// the provider gave the same page cursor twice
    RepeatedCursor = "repeated-cursor",
    /// the answer to a creation got lost, and what it created was found
    Recovered = "recovered",
    /// too many calls in the window of a rate class
    RateLimited = "rate-limited",
    /// no answer arrived
    Network = "network",
    /// time ran out
    Timeout = "timeout",
    /// an answer does not have the type that is declared
    Drift = "drift",
    /// our own failure
    Internal = "internal",
}

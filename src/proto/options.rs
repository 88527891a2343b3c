//! What the constructor and every call take, as tables: options are checked like any input.

use crate::schema::{Field, Table};

const DAY_MS: u32 = 86_400_000;

/// How a key-less client reaches the provider.
static GATEWAY: Table = Table::new(
    "GatewayAccess",
    &[
        Field::string("url")
            .updatable()
            .required()
            .help("address of the gateway, absolute or from the root of the page's host"),
        Field::string("credentials").updatable().one_of(&["omit", "same-origin", "include"]).help("as in `fetch`"),
        Field::any("token").updatable().help("bearer token for the gateway, or a function that gives one"),
    ],
);

/// One limit of the caller's own.
static LIMIT: Table = Table::new(
    "RateLimit",
    &[
        Field::integer("requests", 1, 10_000).updatable().required().help("so many requests"),
        Field::integer("perMs", 1, DAY_MS).updatable().required().help("in so many milliseconds"),
    ],
);

/// What every client takes.
pub static CLIENT: Table = Table::new(
    "ClientOptions",
    &[
        Field::string("apiKey").updatable().secret().help("the account's key"),
        Field::object("gateway", &GATEWAY).updatable().help("a gateway that holds the key"),
        Field::string("baseUrl").updatable().help("another address of the API: a sandbox, a test server"),
        Field::function("fetch").updatable().help("any function of the shape of `fetch`; called with address and init"),
        Field::string_map("headers").updatable().help("further headers; cannot replace our own"),
        Field::number("timeoutMs", DAY_MS).updatable().default("30000").help("one attempt, in milliseconds"),
        Field::number("deadlineMs", DAY_MS).updatable().default("120000").help("the whole call, in milliseconds"),
        Field::integer("retries", 0, 10)
            .updatable()
            .default("2")
            .help("further attempts after a failure that may pass"),
        Field::objects("limits", &LIMIT).updatable().help("limits by rate class; `null` for none"),
        Field::any("limiter").updatable().help("counts requests for several clients together"),
        Field::string("responseCheck")
            .updatable()
            .one_of(&["warn", "error", "off"])
            .default("\"warn\"")
            .help("what to do about attributes of another type than declared"),
        Field::function("onEvent").updatable().help("called with every `ClientEvent`"),
    ],
);

/// What every call takes.
pub static CALL: Table = Table::new(
    "ReadOptions",
    &[
        Field::signal("signal").updatable().help("ends the call at once when it aborts"),
        Field::number("timeoutMs", DAY_MS).updatable().help("one attempt, in milliseconds"),
        Field::number("deadlineMs", DAY_MS).updatable().help("the whole call, in milliseconds"),
        Field::integer("retries", 0, 10).updatable().help("further attempts after a failure that may pass"),
    ],
);

/// What every call takes that sends attributes.
pub static WRITE: Table = Table::new(
    "CallOptions",
    &[Field::json("extra")
        .updatable()
        .help("dotted path to value, put into the body unchecked: the way to send an attribute that is not declared")],
)
.with(&CALL);

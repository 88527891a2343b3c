//! Any bytes as the body of a 4xx or 5xx: an error with words in it, and without the key.

use image_sources::PROVIDERS;
use image_sources::proto::call::{Config, Prepared};
use image_sources::proto::error::Error;
use image_sources::proto::http::Response;

use crate::{KEY, clients, sample};

const STATUSES: [u16; 12] = [0, 302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 599];

thread_local! {
    static CALLS: Vec<(Config, Vec<Prepared>)> = clients("")
        .into_iter()
        .zip(PROVIDERS)
        .map(|(config, provider)| {
            let find = |name: &str| provider.operation(name).map(|operation| sample(&config, operation));
            let calls = ["sources.get", "sources.update", "purge"].into_iter().filter_map(find).collect();
            (config, calls)
        })
        .collect();
}

/// Reads `data` as the body of a refusal. Its first byte chooses the status.
pub fn look(data: &[u8]) {
    let Some((first, body)) = data.split_first() else { return };
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    // A server may repeat it in a header too.
    let id: String = String::from_utf8_lossy(body).chars().filter(|letter| !letter.is_control()).take(300).collect();
    let response = Response { status, headers: vec![("X-Request-Id".to_owned(), id)], body: body.to_vec() };
    CALLS.with(|all| {
        for (config, calls) in all {
            for call in calls {
                match config.read(call, &response, true) {
                    Err(error) => judge(&error, status),
                    Ok(_) => assert!(call.operation.name == "purge" && status == 409, "a refusal is read"),
                }
            }
        }
    });
}

fn judge(error: &Error, status: u16) {
    assert!(
        !error.message.is_empty() && !error.message.chars().any(|letter| letter.is_ascii_control()),
        "{:?}",
        error.message
    );
    assert!(!error.problems.is_empty());
    assert!(error.problems.iter().all(|problem| !problem.message.is_empty()));
    assert_eq!(error.status, (status != 0).then_some(status));
    assert!(error.sent && error.attempts == 1);
    assert!(error.body_text.as_ref().is_some_and(|text| text.len() <= 8 * 1024));
    assert!(error.request_id.as_ref().is_none_or(|id| id.len() <= 200), "{:?}", error.request_id);
    let said = [Some(&error.message), error.body_text.as_ref(), error.request_id.as_ref()];
    let told = error.problems.iter().flat_map(|problem| [&problem.message, &problem.field]);
    for text in said.into_iter().flatten().chain(told) {
        assert!(!text.contains(KEY), "the key comes out: {text}");
    }
    assert!(!format!("{error:?} {error}").contains(KEY));
}

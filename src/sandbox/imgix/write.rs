//! Creating and changing sources.

use serde_json::{Map, Value};

use super::deployment;
use super::document;
use super::envelope::{Refusal, accept};
use super::source::{Change, Source, texts};
use super::state::State;
use crate::proto::http::Response;
use crate::sandbox::call::{Call, Desk};

/// Subdomains that other accounts have.
const FOREIGN: [&str; 6] = ["demo", "assets", "images", "static", "www", "taken"];

/// `POST sources`
pub(super) fn create(state: &mut State, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let attributes = document::attributes(call, "sources", None)?;
    // Only a change can switch a source off, so `enabled` is not for creation.
    let mut problems = strangers(&attributes, &["name", "deployment"]);
    let name = name(&attributes, true, &mut problems);
    let sent = attributes.get("deployment");
    if sent.is_none() {
        problems.push("Missing required attribute: deployment.".to_owned());
    }
    let deployment = sent.map(|sent| deployment::accept(sent, None)).and_then(|result| collect(result, &mut problems));
    if let Some(deployment) = &deployment {
        problems.extend(clashes(state, None, deployment));
    }
    Refusal::unless_empty(problems)?;
    let (Some(name), Some(deployment)) = (name, deployment) else { return Err(Refusal::plain(400)) };
    let source = Source {
        id: desk.random.object_id(call.now / 1000),
        name,
        enabled: true,
        deployment,
        takes_uploads: true,
        token: desk.random.text(16, b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
        account: None,
        status: "deploying".to_owned(),
        date_deployed: None,
        change: Some(Change { at: call.now, off: false }),
    };
    let shown = source.show(call.now, desk.options);
    state.add(source);
    Ok(accept(201, &shown, None, desk.random))
}

/// `PATCH sources/:source_id`
pub(super) fn update(state: &mut State, id: &str, call: &Call<'_>, desk: &mut Desk<'_>) -> Result<Response, Refusal> {
    let source = state.find(id).ok_or_else(|| Refusal::plain(404))?;
    let attributes = document::attributes(call, "sources", Some(id))?;
    let mut problems = strangers(&attributes, &["name", "enabled", "deployment"]);
    if !source.enabled && attributes.keys().any(|name| name != "enabled") {
        problems.push("The source is disabled: enable it before you change it.".to_owned());
    }
    let name = name(&attributes, false, &mut problems);
    let enabled = match attributes.get("enabled") {
        None => None,
        Some(Value::Bool(enabled)) => Some(*enabled),
        Some(_) => {
            problems.push("enabled must be a boolean.".to_owned());
            None
        }
    };
    let previous = desk.options.keep_omitted_secrets.then_some(&source.deployment);
    let sent = attributes.get("deployment").map(|sent| deployment::accept(sent, previous));
    let deployment = sent.and_then(|result| collect(result, &mut problems));
    if let Some(deployment) = &deployment {
        problems.extend(clashes(state, Some(source), deployment));
    }
    Refusal::unless_empty(problems)?;

    let used: Vec<String> =
        deployment.iter().flat_map(|new| texts(new, "imgix_subdomains")).map(str::to_owned).collect();
    state.use_up(used.into_iter());
    let source = state.find_mut(id).ok_or_else(|| Refusal::plain(404))?;
    if let Some(name) = name {
        source.name = name;
    }
    let switched = enabled.filter(|enabled| *enabled != source.enabled);
    if let Some(enabled) = switched {
        source.enabled = enabled;
    }
    if switched.is_some() || deployment.is_some() {
        source.begin(Change { at: call.now, off: !source.enabled }, desk.options);
    }
    if let Some(deployment) = deployment {
        source.deployment = deployment;
    }
    let shown = source.show(call.now, desk.options);
    Ok(accept(200, &shown, None, desk.random))
}

fn name(attributes: &Map<String, Value>, required: bool, problems: &mut Vec<String>) -> Option<String> {
    match attributes.get("name") {
        Some(Value::String(name)) if !name.is_empty() => return Some(name.clone()),
        Some(_) => problems.push("name must be a string and not empty.".to_owned()),
        None if required => problems.push("Missing required attribute: name.".to_owned()),
        None => {}
    }
    None
}

fn strangers(attributes: &Map<String, Value>, known: &[&str]) -> Vec<String> {
    let read_only = ["enabled", "date_deployed", "deployment_status", "secure_url_token"];
    let strange = attributes.keys().filter(|name| !known.contains(&name.as_str()));
    strange
        .map(|name| {
            let kind = if read_only.contains(&name.as_str()) { "Read-only" } else { "Unknown" };
            format!("{kind} attribute: {name}.")
        })
        .collect()
}

fn collect<T>(result: Result<T, Vec<String>>, problems: &mut Vec<String>) -> Option<T> {
    result.map_err(|mut more| problems.append(&mut more)).ok()
}

/// Subdomains that are or were in use anywhere, custom domains in use by another source.
fn clashes(state: &State, own: Option<&Source>, deployment: &Map<String, Value>) -> Vec<String> {
    let is_own = |subdomain: &str| own.is_some_and(|own| own.list("imgix_subdomains").any(|mine| mine == subdomain));
    let subdomains = texts(deployment, "imgix_subdomains")
        .filter(|subdomain| !is_own(subdomain) && (FOREIGN.contains(subdomain) || state.was_used(subdomain)))
        .map(|subdomain| format!("deployment.imgix_subdomains: {subdomain} has already been taken."));
    let others = || state.all().iter().filter(|source| own.is_none_or(|own| own.id != source.id));
    let domains = texts(deployment, "custom_domains")
        .filter(|domain| {
            others().any(|other| other.list("custom_domains").any(|theirs| theirs.eq_ignore_ascii_case(domain)))
        })
        .map(|domain| format!("deployment.custom_domains: {domain} has already been taken."));
    subdomains.chain(domains).collect()
}

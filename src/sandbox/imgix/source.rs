//! A source, and how its deploys take time.

use serde_json::{Map, Value, json};

use super::deployment;
use crate::sandbox::options::Options;

/// One source.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct Source {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) enabled: bool,
    /// Secrets included.
    pub(in crate::sandbox) deployment: Map<String, Value>,
    pub(in crate::sandbox) takes_uploads: bool,
    pub(in crate::sandbox) token: String,
    /// Some answers name the account, some do not.
    pub(in crate::sandbox) account: Option<String>,
    /// Status and date before the latest change.
    pub(in crate::sandbox) status: String,
    pub(in crate::sandbox) date_deployed: Option<u64>,
    pub(in crate::sandbox) change: Option<Change>,
}

/// The latest change that starts a deploy, or ends the service.
#[derive(Debug, Clone, Copy)]
pub(in crate::sandbox) struct Change {
    pub(in crate::sandbox) at: u64,
    pub(in crate::sandbox) off: bool,
}

impl Source {
    /// A list of text in the deployment.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        texts(&self.deployment, name)
    }

    /// The type of its storage.
    pub(in crate::sandbox) fn kind(&self) -> &str {
        self.deployment.get("type").and_then(Value::as_str).unwrap_or_default()
    }

    /// Is this one of its hosts?
    pub(super) fn serves(&self, host: &str) -> bool {
        let subdomain = host.strip_suffix(".imgix.net");
        self.list("imgix_subdomains").any(|mine| Some(mine) == subdomain)
            || self.list("custom_domains").any(|mine| mine.eq_ignore_ascii_case(host))
    }

    /// Status and date of the last deploy. After a change the status stays as it was for a moment.
    pub(super) fn status(&self, now: u64, options: &Options) -> (&str, Option<u64>) {
        let Some(change) = self.change else { return (&self.status, self.date_deployed) };
        let deployed_at = change.at.saturating_add(options.settle_ms).saturating_add(options.deploy_ms);
        match now.saturating_sub(change.at) {
            elapsed if elapsed < options.settle_ms => (&self.status, self.date_deployed),
            _ if change.off => ("disabled", self.date_deployed),
            _ if now < deployed_at => ("deploying", self.date_deployed),
            _ => ("deployed", Some(deployed_at / 1000)),
        }
    }

    /// Something changed: from now on the status moves.
    pub(super) fn begin(&mut self, change: Change, options: &Options) {
        let (status, date) = self.status(change.at, options);
        self.status = status.to_owned();
        self.date_deployed = date;
        self.change = Some(change);
    }

    /// The source as answers show it.
    pub(super) fn show(&self, now: u64, options: &Options) -> Value {
        let (status, date) = self.status(now, options);
        let mut attributes = json!({
            "date_deployed": date,
            "deployment": deployment::show(&self.deployment, self.takes_uploads, status == "disabled"),
            "deployment_status": status,
            "enabled": self.enabled,
            "name": self.name,
        });
        let signed = self.deployment.get("secure_url_enabled") == Some(&Value::Bool(true));
        if let Some(attributes) = attributes.as_object_mut().filter(|_| signed) {
            attributes.insert("secure_url_token".to_owned(), self.token.as_str().into());
        }
        let mut resource = json!({ "attributes": attributes, "id": self.id });
        if let Some(resource) = resource.as_object_mut() {
            if let Some(account) = &self.account {
                let account = json!({ "account": { "data": { "id": account, "type": "accounts" } } });
                resource.insert("relationships".to_owned(), account);
            }
            resource.insert("type".to_owned(), "sources".into());
        }
        resource
    }
}

/// The text in a list.
pub(super) fn texts<'a>(deployment: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a str> {
    deployment.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

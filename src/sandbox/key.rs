//! Keys that are let in.

use serde_json::Value;

use super::provider::Provider;
use super::settings::Settings;

/// A key that is let in.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// The key itself.
    pub value: String,
    /// Where it is good; `None` is both.
    pub provider: Option<Provider>,
    /// What it may do at imgix, by the names of its documentation (`Sources`, `Purge`, `Analytics`,
    /// `Asset Manager Browse`, `Asset Manager Edit`, `Asset Purge`); `None` is everything. ImageBoss knows no permissions.
    pub permissions: Option<Vec<String>>,
}

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Key")
            .field("provider", &self.provider)
            .field("permissions", &self.permissions)
            .finish_non_exhaustive()
    }
}

impl Key {
    /// `ak_sandbox` and `sandbox` may do everything, `ak_sandbox_assets` at imgix only what concerns assets.
    pub(super) fn usual() -> Vec<Self> {
        let everywhere = |value: &str| Self { value: value.to_owned(), provider: None, permissions: None };
        let assets = ["Asset Manager Browse", "Asset Manager Edit"].map(str::to_owned).to_vec();
        vec![
            everywhere("ak_sandbox"),
            everywhere("sandbox"),
            Self { permissions: Some(assets), provider: Some(Provider::Imgix), ..everywhere("ak_sandbox_assets") },
        ]
    }

    pub(super) fn read(outer: &mut Settings<'_>, index: usize, value: &Value) -> Self {
        let mut from = Settings::new(&format!("keys.{index}"), value);
        let key = from.text("key").unwrap_or_default().to_owned();
        if key.is_empty() {
            from.wrong(format!("keys.{index}.key must be text and not empty"));
        }
        let provider = from.provider("provider");
        let permissions = from.list("permissions").map(|list| {
            let names: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            if names.len() != list.len() {
                from.wrong(format!("keys.{index}.permissions must hold text only"));
            }
            names
        });
        from.finish().into_iter().for_each(|mistake| outer.wrong(mistake));
        Self { value: key, provider, permissions }
    }
}

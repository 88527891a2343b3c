//! The assets of every source, each source's in the order of their paths.

use std::collections::BTreeMap;

use super::asset::Asset;

/// The assets of every source.
#[derive(Debug, Clone, Default)]
pub(in crate::sandbox) struct Assets {
    /// By the id of the source, then by path.
    shelves: BTreeMap<String, BTreeMap<String, Asset>>,
}

impl Assets {
    /// Puts an asset there; one of the same path gives way.
    pub(in crate::sandbox) fn put(&mut self, source: &str, asset: Asset) {
        self.shelves.entry(source.to_owned()).or_default().insert(asset.path.clone(), asset);
    }

    /// All of one source.
    pub(super) fn of(&self, source: &str) -> impl Iterator<Item = &Asset> {
        self.shelves.get(source).into_iter().flat_map(BTreeMap::values)
    }

    pub(in crate::sandbox) fn find(&self, source: &str, path: &str) -> Option<&Asset> {
        self.shelves.get(source)?.get(path)
    }

    pub(super) fn find_mut(&mut self, source: &str, path: &str) -> Option<&mut Asset> {
        self.shelves.get_mut(source)?.get_mut(path)
    }
}

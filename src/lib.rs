//! One client core for the management APIs of image CDNs: the imgix Management API and the ImageBoss Sources API.

pub mod engine;
pub mod imageboss;
pub mod imgix;
pub mod proto;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod schema;
pub mod storage;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

use proto::operation::Provider;

/// Every provider. Adding one is a folder and a line here.
pub static PROVIDERS: &[&Provider] = &[&imgix::IMGIX, &imageboss::IMAGEBOSS];

/// The provider called `name`.
pub fn provider(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().copied().find(|provider| provider.name == name)
}

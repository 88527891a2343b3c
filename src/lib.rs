//! One client core for the management APIs of image CDNs: the imgix Management API and the ImageBoss Sources API.

pub mod proto;
pub mod schema;

//! The two providers.

/// Whose API is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// The imgix Management API.
    Imgix,
    /// The ImageBoss Sources API.
    ImageBoss,
}

impl Provider {
    /// Its name in options, faults and the log: `imgix` or `imageboss`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Imgix => "imgix",
            Self::ImageBoss => "imageboss",
        }
    }

    /// The provider of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Imgix, Self::ImageBoss].into_iter().find(|provider| provider.name() == name)
    }
}

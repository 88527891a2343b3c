//! What a sandbox begins with: about 60 sources of invented shops, magazines and agencies, and the files in them; always the
//! same for the same generator.

mod assets;
mod imageboss;
mod imgix;

use super::random::Random;
use super::{imageboss::State as ImageBossState, imgix::State as ImgixState};

/// Both accounts, filled.
pub(super) fn plant(random: &mut Random, assets: usize) -> (ImgixState, ImageBossState) {
    // The files have a generator of their own: how many there are changes nothing else.
    let mut files = Random::new(random.clone().next());
    let (mut imgix, imageboss) = (imgix::plant(random), imageboss::plant(random));
    assets::plant(&mut imgix, assets, &mut files);
    (imgix, imageboss)
}

/// The first second of 2024; the dates lie in the two years after it.
const FIRST: u64 = 1_704_067_200;

fn some_second(random: &mut Random) -> u64 {
    FIRST + random.below(2 * 365 * 86_400)
}

/// An access key id such as `AKIA` and 16 more.
fn key_id(random: &mut Random, prefix: &str, length: usize) -> String {
    format!("{prefix}{}", random.text(length, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
}

/// A secret that says of itself that it is none.
fn secret(random: &mut Random, length: usize) -> String {
    format!("NOT-A-SECRET-{}", random.text(length, b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"))
}

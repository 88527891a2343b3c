//! A seeded generator (xorshift64*), so that the same requests always get the same answers.

/// The generator's state.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// A generator for `seed`; every seed is good.
    pub(super) fn new(seed: u64) -> Self {
        let mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        Self(if mixed == 0 { 1 } else { mixed })
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number from 0 to `bound - 1`; 0 if there is none.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    /// A number from 0 (included) to 1 (excluded).
    pub(super) fn fraction(&mut self) -> f64 {
        let top = u32::try_from(self.next() >> 32).unwrap_or(0);
        f64::from(top) / 4_294_967_296.0
    }

    /// So many lower-case hexadecimal digits.
    pub(super) fn hex(&mut self, length: usize) -> String {
        self.text(length, b"0123456789abcdef")
    }

    /// So many characters of `alphabet` (ASCII).
    pub(super) fn text(&mut self, length: usize, alphabet: &[u8]) -> String {
        let bound = u64::try_from(alphabet.len()).unwrap_or(0);
        (0..length)
            .filter_map(|_| alphabet.get(usize::try_from(self.below(bound)).unwrap_or(0)))
            .map(|byte| char::from(*byte))
            .collect()
    }

    /// An id as document stores make them: the second it was made, then chance; 24 hexadecimal digits.
    pub(super) fn object_id(&mut self, seconds: u64) -> String {
        format!("{:08x}{}", seconds & 0xFFFF_FFFF, self.hex(16))
    }
}

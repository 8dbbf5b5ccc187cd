//! A small seeded generator, so that every failure repeats.

/// splitmix64
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.bits() % u64::try_from(limit).unwrap()).unwrap()
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// Bytes drawn from `alphabet`, at most `length` of them.
    pub fn text(&mut self, alphabet: &[u8], length: usize) -> Vec<u8> {
        (0..self.below(length + 1)).map(|_| self.pick(alphabet)).collect()
    }

    /// An integer that likes to be small, or at an edge.
    pub fn int(&mut self) -> i64 {
        match self.below(8) {
            0..=3 => i64::try_from(self.below(41)).unwrap() - 20,
            4 => self.pick(&[i64::MAX, i64::MIN, i64::MAX - 1, i64::MIN + 1, 255, 256, -128, 1 << 53]),
            5 => self.bits().cast_signed() >> self.below(63),
            _ => i64::try_from(self.below(100_000)).unwrap(),
        }
    }

    /// A float: simple, extreme or any bit pattern.
    pub fn float(&mut self) -> f64 {
        match self.below(8) {
            0 => self.pick(&[0.0, -0.0, 0.5, 1.5, 2.5, -3.75, 1e15, 1e14, 1e100, 123_456.789, 1e16]),
            1 => {
                self.pick(&[f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MAX, f64::MIN_POSITIVE, 5e-324])
            }
            2 => f64::from_bits(self.bits()),
            #[expect(clippy::cast_precision_loss, reason = "rounding is welcome here")]
            3 => self.int() as f64,
            #[expect(clippy::cast_precision_loss, reason = "rounding is welcome here")]
            4 => (self.bits() % 1_000_000) as f64 / self.pick(&[10.0, 100.0, 1000.0, 8.0]),
            #[expect(clippy::cast_precision_loss, reason = "rounding is welcome here")]
            _ => self.int() as f64 * 10f64.powi(i32::try_from(self.below(40)).unwrap() - 20),
        }
    }
}

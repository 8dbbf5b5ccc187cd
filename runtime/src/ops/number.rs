//! Conversions between the two kinds of number.

/// The integer that equals `float`, if there is one.
#[inline]
pub fn float_to_int(float: f64) -> Option<i64> {
    // The upper bound is 2^63 itself, which no i64 reaches; and NaN is in no range.
    let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float);
    #[expect(clippy::cast_possible_truncation, reason = "in range, and compared back below")]
    let integer = float as i64;
    #[expect(clippy::cast_precision_loss, reason = "an integral float converts back exactly")]
    let exact = in_range && integer as f64 == float;
    exact.then_some(integer)
}

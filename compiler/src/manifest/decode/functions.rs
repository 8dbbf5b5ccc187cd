//! Functions: how many of their calls run at once.

use super::fields::Fields;

const TYPES: [&str; 4] = ["inline", "lazy", "static", "adaptive"];

/// Checks `pool`.
pub fn pool(fields: &mut Fields<'_>) {
    fields.section("pool", |pool| {
        if let Some((kind, span)) = pool.text("type")
            && !TYPES.contains(&kind.as_str())
        {
            pool.refuse(
                span,
                format!("unknown pool type: {kind}"),
                "The type says how a function gets its workers.",
                "Write `inline`, `lazy`, `static` or `adaptive`, or leave it out.",
            );
        }
        pool.boolean("warm_start");
        pool.integer("buffer");
        let mut number = |key: &str| pool.integer(key).filter(|(value, _)| *value != 0);
        let (workers, size, most) = (number("workers"), number("size"), number("max_size"));
        let is_positive = |number: Option<(i64, _)>| number.is_some_and(|(value, _)| value > 0);
        let place = size.or(workers.filter(|(value, _)| *value > 0));
        if let Some((_, span)) = place.filter(|_| !is_positive(most) && !is_positive(size)) {
            pool.refuse(
                span,
                "pool.size must be greater than 0 for non-flex pools",
                "With a fixed number of workers the pool needs its `size`; with `max_size` it grows up to that.",
                "Add `size`, or give `max_size` alone.",
            );
        }
    });
}

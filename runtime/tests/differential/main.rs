//! The library functions against PUC Lua 5.3, in process: the same generated arguments to both, and
//! results, faults and their texts compared. Scripts mean what Lua 5.3 means, so the runtime runs in
//! script mode here.
//!
//! `CASES` says how many inputs each test generates; `MOONWRIGHT_CASES` in the environment overrides
//! it for a longer run. Inputs are seeded, so a failure repeats.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod formats;
mod general;
mod numbers;
mod oracle;
mod packs;
mod patterns;
mod random;
mod stored;
mod tables;

/// How many inputs a test compares.
fn cases(default: usize) -> usize {
    std::env::var("MOONWRIGHT_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

//! The echo service as people use it: on a pseudo-terminal, through pipes, as a service, and when
//! something is wrong. Variants of it are in `variants/`: each replaces some of its files.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

mod checklist;
mod conversation;
mod examples;
mod faults;
mod panics;
mod particulars;
mod pipe;
mod service;
mod simulated;
mod storms;

use std::path::PathBuf;

use moonwright_tests::apps;

/// The binary of the echo service, or of a variant.
fn echo(variant: &str) -> PathBuf {
    apps::binary(&apps::echo(variant)).unwrap_or_else(|error| panic!("{error}"))
}

/// What a worker's process id looks like: `{app:processes|0x00004}`.
fn is_worker(text: &str) -> bool {
    let number = text.strip_prefix("{app:processes|0x").and_then(|rest| rest.strip_suffix('}'));
    number.is_some_and(|number| number.len() >= 5 && number.chars().all(|digit| digit.is_ascii_hexdigit()))
}

//! The event bus: events that anybody may publish and any process may subscribe to, by pattern.
//!
//! One lock, held while an event is handed to its subscribers, so that all of them see the events in
//! the same order.

use crate::process::roll::Roll;
use crate::process::topic::Topic;
use crate::sched::Identity;
use crate::sched::sync::{Mutex, lock};

/// The topics under which events arrive start so; what nobody waits for any more is dropped.
pub const PREFIX: &[u8] = b"@bus/";

/// The patterns of one subscription.
struct Subscriber {
    number: u32,
    system: Vec<u8>,
    kind: Vec<u8>,
}

#[derive(Default)]
pub struct Bus(Mutex<Roll<Subscriber>>);

/// The topic of a subscription.
pub fn topic(number: u32) -> Topic {
    Topic::Bytes([PREFIX, number.to_string().as_bytes()].concat().into())
}

impl Bus {
    pub fn subscribe(&self, owner: Identity, number: u32, system: Vec<u8>, kind: Vec<u8>) {
        lock(&self.0).add(owner, number, Subscriber { number, system, kind });
    }

    pub fn unsubscribe(&self, owner: Identity, number: u32) {
        lock(&self.0).remove(owner, number);
    }

    /// A process has ended.
    pub fn leave(&self, owner: Identity) {
        lock(&self.0).forget(owner);
    }

    /// Hands an event to everybody whose patterns fit. Not generic: in the application's code a panic
    /// would leave the lock behind.
    pub fn publish(&self, system: &[u8], kind: &[u8], hand: &mut dyn FnMut(Identity, Topic)) {
        for (owner, known) in lock(&self.0).iter() {
            if fits(&known.system, system) && fits(&known.kind, kind) {
                hand(owner, topic(known.number));
            }
        }
    }
}

/// A `*` at the end stands for any rest; everything else is exact.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.strip_suffix(b"*") {
        Some(prefix) => text.starts_with(prefix),
        None => pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_at_the_end_is_any_rest() {
        for (pattern, text, expected) in [
            ("*", "x", true),
            ("orders.*", "orders.a.b", true),
            ("orders.*", "orders", false),
            ("orders", "orders", true),
            ("orders", "orders.a", false),
            ("a*b", "axb", false),
        ] {
            assert_eq!(fits(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
        }
    }
}

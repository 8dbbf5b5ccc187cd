//! Sets of processes: most have one member, which then takes no memory of its own.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use thin_vec::ThinVec;

use crate::sched::Identity;

/// A set of processes.
#[derive(Default)]
pub enum Peers {
    #[default]
    None,
    One(Identity),
    /// Up to [`FEW`], in the order they came.
    Few(ThinVec<Identity>),
    /// In the order of their slots, nearly.
    Many(Box<HashSet<Identity, BuildHasherDefault<InOrder>>>),
}

/// Neighbouring slots get neighbouring places: who tells all members goes through the memory of the
/// processes in the order they were made, not across all of it.
#[derive(Default)]
pub struct InOrder(u64);

impl Hasher for InOrder {
    fn write_u64(&mut self, identity: u64) {
        // The low bits choose the place, the high ones tell apart who shares it.
        let mixed = identity.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed & !u64::from(u32::MAX) | identity & u64::from(u32::MAX);
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(self.0.rotate_left(8) ^ u64::from(*byte)));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// So many members are found by looking through a list.
const FEW: usize = 16;

impl Peers {
    pub fn len(&self) -> usize {
        match self {
            Peers::Many(peers) => peers.len(),
            _ => self.listed().len(),
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(self, Peers::None) || self.has_lost_all()
    }

    #[inline(never)]
    fn has_lost_all(&self) -> bool {
        match self {
            Peers::None | Peers::One(_) => false,
            Peers::Few(peers) => peers.is_empty(),
            Peers::Many(peers) => peers.is_empty(),
        }
    }

    /// The members, unless they are many.
    fn listed(&self) -> &[Identity] {
        match self {
            Peers::None | Peers::Many(_) => &[],
            Peers::One(peer) => std::slice::from_ref(peer),
            Peers::Few(peers) => peers,
        }
    }

    pub fn contains(&self, peer: Identity) -> bool {
        match self {
            Peers::Many(peers) => peers.contains(&peer),
            _ => self.listed().contains(&peer),
        }
    }

    /// Adds a member, if it is none yet.
    pub fn insert(&mut self, peer: Identity) {
        if let Peers::Many(peers) = self {
            peers.insert(peer);
            return;
        }
        if self.contains(peer) {
            return;
        }
        match self {
            Peers::None => *self = Peers::One(peer),
            Peers::One(first) => *self = Peers::Few([*first, peer].into_iter().collect()),
            Peers::Few(peers) if peers.len() < FEW => peers.push(peer),
            Peers::Few(peers) => *self = Peers::Many(Box::new(peers.drain(..).chain([peer]).collect())),
            Peers::Many(_) => {}
        }
    }

    /// Takes a member out. False if it was none.
    pub fn remove(&mut self, peer: Identity) -> bool {
        match self {
            Peers::None => false,
            Peers::One(own) => {
                let is_member = *own == peer;
                if is_member {
                    *self = Peers::None;
                }
                is_member
            }
            Peers::Few(peers) => {
                let before = peers.len();
                peers.retain(|own| *own != peer);
                peers.len() != before
            }
            Peers::Many(peers) => peers.remove(&peer),
        }
    }

    /// Shows every member to `work`.
    pub fn for_each(&self, work: impl FnMut(Identity)) {
        match self {
            Peers::Many(peers) => peers.iter().copied().for_each(work),
            _ => self.listed().iter().copied().for_each(work),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_known_however_many_there_are() {
        let peer = |number| Identity::new(1, number);
        for count in [0, 1, 2, 16, 17, 100] {
            let mut peers = Peers::default();
            for number in 0..count {
                peers.insert(peer(number));
                peers.insert(peer(number));
            }
            assert_eq!(peers.len(), count as usize);
            let mut seen = Vec::new();
            peers.for_each(|peer| seen.push(peer));
            seen.sort_unstable();
            assert_eq!(seen, (0..count).map(peer).collect::<Vec<_>>());
            for number in (0..count).step_by(2) {
                assert!(peers.remove(peer(number)));
                assert!(!peers.remove(peer(number)));
            }
            for number in 0..count {
                assert_eq!(peers.contains(peer(number)), number % 2 == 1);
            }
        }
    }

    #[test]
    fn many_are_told_in_the_order_of_their_slots() {
        let mut peers = Peers::default();
        for slot in (0..1000).rev() {
            peers.insert(Identity::new(slot % 7, slot));
        }
        let mut slots = Vec::new();
        peers.for_each(|peer| slots.push(peer.slot()));
        let jumps = slots.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();
        assert!(jumps < 50, "{jumps} jumps");
    }
}

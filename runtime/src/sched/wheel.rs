//! A hierarchical timer wheel: arming and cancelling take constant time, whatever else is armed.
//!
//! Time is counted in ticks of 65.5 µs. Level 0 holds the next 64 ticks, one slot each; a slot of the
//! level above spans 64 slots of the one below. A timer sits at the level of the highest digit (base
//! 64) in which its time differs from now, and moves down when the wheel reaches that slot, at most
//! once for each level. Timers are nodes of a slab, linked within their slot.
//!
//! A timer of so long from now waits in a list until [`Wheel::settle`] says what "now" is: most timers
//! are cancelled before somebody has looked at the clock, and then have asked for neither the clock nor a
//! slot. It fires later by the time that it waited there, never earlier.

use crate::sched::Identity;

/// A tick is 2^16 nanoseconds.
const TICK_BITS: u32 = 16;
const SLOTS: usize = 64;
const SLOT_BITS: u32 = 6;
/// 64^8 ticks are 584 years.
const LEVELS: usize = 8;
/// What is later is as good as never.
const LATEST: u64 = u64::MAX / 2;
/// The places of nodes: the slots of every level, then the list of those that are not settled.
const FRESH: usize = LEVELS * SLOTS;
const PLACES: usize = FRESH + 1;
/// No node.
const NONE: u32 = u32::MAX;
/// So many nodes are kept when nothing is armed.
const KEPT: usize = 64;

/// Names an armed timer; stale once it has fired or was cancelled. One word, its node in the low half and its
/// generation above: halves that are stored one by one and loaded together hold the processor up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// Names no timer.
    pub const NONE: Key = Key(NONE as u64);

    #[inline(always)]
    fn new(node: u32, generation: u32) -> Key {
        Key(u64::from(generation) << 32 | u64::from(node))
    }

    #[inline(always)]
    fn node(self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "the low half is what is asked for")]
        let node = self.0 as u32;
        node
    }

    #[inline(always)]
    fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

#[derive(Clone, Copy)]
struct Node {
    /// In ticks; of a node that is not settled, nanoseconds from when it is.
    due: u64,
    owner: Identity,
    /// What the owner is told.
    word: u64,
    next: u32,
    previous: u32,
    /// 0 in a free node.
    generation: u32,
    place: u32,
}

/// A timer that is due: whom to tell, and what.
pub type Due = (Identity, u64);

pub struct Wheel {
    /// The tick up to which everything has fired.
    elapsed: u64,
    nodes: Vec<Node>,
    free: u32,
    armed: u32,
    /// Numbers the timers, so that a key never means a later one.
    counter: u32,
    /// A bit for each slot that is not empty, for each level.
    occupied: [u64; LEVELS],
    /// The first node of each place.
    heads: [u32; PLACES],
}

impl Default for Wheel {
    fn default() -> Wheel {
        Wheel {
            elapsed: 0,
            nodes: Vec::new(),
            free: NONE,
            armed: 0,
            counter: 0,
            occupied: [0; LEVELS],
            heads: [NONE; PLACES],
        }
    }
}

impl Wheel {
    /// Arms a timer for `nanoseconds` since the start of the program, rounded up to a tick.
    pub fn arm(&mut self, nanoseconds: u64, owner: Identity, word: u64) -> Key {
        let due = self.tick_after(nanoseconds);
        let key = self.add(due, owner, word);
        self.insert(key.node());
        key
    }

    /// Arms a timer for `nanoseconds` from when the wheel is settled.
    #[inline(always)]
    pub fn arm_in(&mut self, nanoseconds: u64, owner: Identity, word: u64) -> Key {
        let next = self.heads.get(FRESH).copied().unwrap_or(NONE);
        let place = FRESH as u32;
        let key =
            self.add_node(Node { due: nanoseconds, owner, word, next, previous: NONE, generation: 0, place });
        if let Some(head) = self.heads.get_mut(FRESH) {
            *head = key.node();
        }
        if let Some(next) = self.nodes.get_mut(next as usize) {
            next.previous = key.node();
        }
        key
    }

    /// It is `nanoseconds` since the start: timers that wait for that begin to run.
    pub fn settle(&mut self, nanoseconds: u64) {
        let mut index = self.take(FRESH);
        while let Some(node) = self.nodes.get(index as usize) {
            let (next, span) = (node.next, node.due);
            let due = self.tick_after(nanoseconds.saturating_add(span));
            if let Some(node) = self.nodes.get_mut(index as usize) {
                node.due = due;
            }
            self.insert(index);
            index = next;
        }
    }

    /// Whether timers wait to be settled.
    #[inline]
    pub fn is_unsettled(&self) -> bool {
        self.heads.get(FRESH).is_some_and(|head| *head != NONE)
    }

    /// Never in the tick that has passed already: a timer is late rather than early.
    fn tick_after(&self, nanoseconds: u64) -> u64 {
        ((nanoseconds.min(LATEST) >> TICK_BITS) + 1).max(self.elapsed + 1)
    }

    /// A node that is in no place yet.
    fn add(&mut self, due: u64, owner: Identity, word: u64) -> Key {
        self.add_node(Node { due, owner, word, next: NONE, previous: NONE, generation: 0, place: 0 })
    }

    /// Adds a node, whose generation is given out here.
    #[inline(always)]
    fn add_node(&mut self, node: Node) -> Key {
        self.counter = self.counter.checked_add(1).unwrap_or(1);
        self.armed += 1;
        let generation = self.counter;
        let node = Node { generation, ..node };
        let index = self.free;
        if let Some(place) = self.nodes.get_mut(index as usize) {
            self.free = place.next;
            *place = node;
            return Key::new(index, generation);
        }
        self.nodes.push(node);
        Key::new(u32::try_from(self.nodes.len() - 1).unwrap_or(NONE), generation)
    }

    /// Forgets a timer. False if it has fired or was cancelled before.
    #[inline(always)]
    pub fn cancel(&mut self, key: Key) -> bool {
        let node = self.nodes.get(key.node() as usize);
        let Some(node) = node.filter(|node| node.generation == key.generation()) else {
            return false;
        };
        let (next, previous, place) = (node.next, node.previous, node.place as usize);
        self.unlink(next, previous, place);
        self.release(key.node());
        true
    }

    pub fn is_empty(&self) -> bool {
        self.armed == 0
    }

    /// When something must be done next, in nanoseconds since the start: a timer fires, or a slot
    /// has to be spread over the level below. Of what is settled.
    pub fn next(&self) -> Option<u64> {
        self.next_slot().map(|(_, tick)| tick << TICK_BITS)
    }

    /// Takes every timer that is due, in the order of their times.
    pub fn advance(&mut self, nanoseconds: u64, due: &mut Vec<Due>) {
        self.settle(nanoseconds);
        let now = nanoseconds >> TICK_BITS;
        while let Some((place, tick)) = self.next_slot().filter(|(_, tick)| *tick <= now) {
            self.elapsed = tick.max(self.elapsed);
            let mut index = self.take(place);
            while let Some(node) = self.nodes.get(index as usize) {
                let next = node.next;
                if node.due <= self.elapsed {
                    due.push((node.owner, node.word));
                    self.release(index);
                } else {
                    self.insert(index);
                }
                index = next;
            }
        }
        self.elapsed = self.elapsed.max(now);
    }

    /// The first slot that is not empty: its place, and the tick it begins at.
    fn next_slot(&self) -> Option<(usize, u64)> {
        for (level, occupied) in self.occupied.iter().enumerate() {
            if *occupied == 0 {
                continue;
            }
            let shift = SLOT_BITS * u32::try_from(level).unwrap_or(0);
            let now = self.elapsed >> shift;
            let position = u32::try_from(now & (SLOTS as u64 - 1)).unwrap_or(0);
            // Slots before the position belong to the next turn of this level.
            let distance = occupied.rotate_right(position).trailing_zeros();
            let slot = (position + distance) as usize % SLOTS;
            let tick = (now + u64::from(distance)) << shift;
            return Some((level * SLOTS + slot, tick.max(self.elapsed)));
        }
        None
    }

    /// Puts a node into the slot of its time.
    fn insert(&mut self, index: u32) {
        let Some(node) = self.nodes.get(index as usize) else { return };
        let digits = (node.due ^ self.elapsed) | (SLOTS as u64 - 1);
        let level = ((63 - digits.leading_zeros()) / SLOT_BITS) as usize;
        let level = level.min(LEVELS - 1);
        let shift = SLOT_BITS * u32::try_from(level).unwrap_or(0);
        let slot = ((node.due >> shift) & (SLOTS as u64 - 1)) as usize;
        self.link(index, level * SLOTS + slot);
        if let Some(occupied) = self.occupied.get_mut(level) {
            *occupied |= 1 << slot;
        }
    }

    /// Puts a node in front of those of a place.
    #[inline]
    fn link(&mut self, index: u32, place: usize) {
        let Some(head) = self.heads.get_mut(place) else { return };
        let next = std::mem::replace(head, index);
        if let Some(node) = self.nodes.get_mut(index as usize) {
            node.place = u32::try_from(place).unwrap_or(0);
            node.previous = NONE;
            node.next = next;
        }
        if let Some(next) = self.nodes.get_mut(next as usize) {
            next.previous = index;
        }
    }

    /// Takes the node between these out of its place.
    #[inline]
    fn unlink(&mut self, next: u32, previous: u32, place: usize) {
        if let Some(next) = self.nodes.get_mut(next as usize) {
            next.previous = previous;
        }
        if let Some(previous) = self.nodes.get_mut(previous as usize) {
            previous.next = next;
            return;
        }
        if let Some(head) = self.heads.get_mut(place) {
            *head = next;
        }
        if next == NONE
            && let Some(occupied) = self.occupied.get_mut(place / SLOTS)
        {
            *occupied &= !(1 << (place % SLOTS));
        }
    }

    /// Empties a place; its first node. The chain is in reverse order of arming, so that it is turned.
    fn take(&mut self, place: usize) -> u32 {
        if let Some(occupied) = self.occupied.get_mut(place / SLOTS) {
            *occupied &= !(1 << (place % SLOTS));
        }
        let mut index = self.heads.get_mut(place).map_or(NONE, |head| std::mem::replace(head, NONE));
        let mut turned = NONE;
        while let Some(node) = self.nodes.get_mut(index as usize) {
            let next = std::mem::replace(&mut node.next, turned);
            turned = index;
            index = next;
        }
        turned
    }

    #[inline]
    fn release(&mut self, index: u32) {
        self.armed -= 1;
        if self.armed == 0 && self.nodes.len() > KEPT {
            // Nothing is armed: the room of a burst of timers is given back.
            self.nodes = Vec::new();
            self.free = NONE;
        } else if let Some(node) = self.nodes.get_mut(index as usize) {
            node.generation = 0;
            node.next = self.free;
            self.free = index;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: u64 = 1 << TICK_BITS;

    fn words(due: &[Due]) -> Vec<u64> {
        due.iter().map(|(_, word)| *word).collect()
    }

    /// The wheel against a sorted list, over spans from one tick to months.
    #[test]
    fn timers_fire_once_never_early_and_in_order() {
        let mut random = 0x9e37_79b9_u64;
        let mut next = move |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        let (mut wheel, mut expected, mut now) = (Wheel::default(), Vec::<(u64, u64)>::new(), 0);
        for word in 0..20_000 {
            let bits = next(46);
            let at = now + next((1 << bits) + 1);
            let key = match next(3) {
                0 => wheel.arm_in(at - now, Identity::NONE, word),
                _ => wheel.arm(at, Identity::NONE, word),
            };
            if next(4) == 0 {
                assert!(wheel.cancel(key));
                assert!(!wheel.cancel(key));
                continue;
            }
            wheel.settle(now);
            expected.push((at, word));
            if next(3) == 0 {
                let mut due = Vec::new();
                let jump = next(40);
                now += next((1 << jump) + 1);
                wheel.advance(now, &mut due);
                for word in words(&due) {
                    let at = expected.iter().position(|(_, own)| *own == word).expect("it was armed");
                    assert!(expected.swap_remove(at).0 <= now, "never early");
                }
                assert!(expected.iter().all(|(at, _)| at + 2 * TICK > now), "never two ticks late");
            }
        }
        let mut due = Vec::new();
        wheel.advance(u64::MAX / 2, &mut due);
        assert_eq!(due.len(), expected.len());
        assert!(wheel.is_empty() && wheel.next().is_none());
        expected.sort_unstable();
        let order: Vec<u64> = words(&due);
        let at = |word: &u64| expected.iter().find(|(_, own)| own == word).unwrap().0 >> TICK_BITS;
        assert!(order.windows(2).all(|pair| at(&pair[0]) <= at(&pair[1])));
    }

    #[test]
    fn the_next_time_is_never_later_than_a_timer() {
        for span in [1, 63, 64, 65, 4095, 4096, 1 << 20, 1 << 40] {
            let mut wheel = Wheel::default();
            wheel.advance(12_345 * TICK, &mut Vec::new());
            wheel.arm((12_345 + span) * TICK, Identity::NONE, 1);
            let mut due = Vec::new();
            let mut steps = 0;
            while due.is_empty() {
                let next = wheel.next().unwrap();
                assert!(next <= (12_345 + span + 1) * TICK);
                wheel.advance(next, &mut due);
                steps += 1;
                assert!(steps <= LEVELS + 1, "at most one step for each level");
            }
        }
    }

    #[test]
    fn what_waits_to_be_settled_runs_from_then() {
        let mut wheel = Wheel::default();
        let keys: Vec<Key> = (0..4).map(|word| wheel.arm_in(5 * TICK, Identity::NONE, word)).collect();
        assert!(wheel.is_unsettled() && wheel.next().is_none() && !wheel.is_empty());
        assert!(wheel.cancel(keys[1]) && wheel.cancel(keys[3]) && !wheel.cancel(keys[3]));
        let mut due = Vec::new();
        wheel.advance(100 * TICK, &mut due);
        assert!(!wheel.is_unsettled() && due.is_empty());
        wheel.advance(105 * TICK, &mut due);
        assert!(due.is_empty());
        wheel.advance(106 * TICK, &mut due);
        assert_eq!(words(&due), [0, 2]);
        assert!(wheel.is_empty());
    }

    #[test]
    fn a_wheel_without_timers_keeps_no_room_for_them() {
        let mut wheel = Wheel::default();
        let keys: Vec<Key> = (0..10_000).map(|at| wheel.arm(at << 20, Identity::NONE, at)).collect();
        for key in &keys {
            assert!(wheel.cancel(*key));
        }
        assert!(wheel.nodes.capacity() <= KEPT);
        // A key of old means none of the timers that took its place.
        wheel.arm(1 << 30, Identity::NONE, 1);
        assert!(keys.iter().all(|key| !wheel.cancel(*key)));
    }
}

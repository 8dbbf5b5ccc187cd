//! What stands for the workers in a simulation: an order of turns that follows from the seed.

use crate::sched::scheduler::Scheduler;
use crate::sched::sync::lock;

/// Seeded order instead of workers.
pub(super) struct Simulation {
    pub ready: Vec<u32>,
    pub random: u64,
}

impl Simulation {
    fn next(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

impl Scheduler {
    /// In a simulation: the next slot, chosen by the seed.
    pub(super) fn simulated_slot(&self) -> Option<u32> {
        let mut simulation = lock(self.simulation.as_ref()?);
        let count = simulation.ready.len();
        if count == 0 {
            return None;
        }
        let at = usize::try_from(simulation.next() % u64::try_from(count).ok()?).ok()?;
        Some(simulation.ready.swap_remove(at))
    }

    /// In a simulation: the next random bits.
    pub fn simulated_bits(&self) -> Option<u64> {
        let mut simulation = lock(self.simulation.as_ref()?);
        // The generator's own numbers are odd now and then only by chance: mixed, they serve anybody.
        let bits = simulation.next().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Some(bits ^ bits >> 32)
    }

    /// Says who is told in a simulation that a slot became ready.
    pub fn on_work(&self, tell: Box<dyn Fn() + Send + Sync>) {
        let _ = self.on_work.set(tell);
    }
}

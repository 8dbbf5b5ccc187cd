//! A bell that wakes one sleeper; a ring before the sleep counts.

use std::time::Instant;

use crate::sched::sync::{Condvar, Mutex, lock, wait, wait_until};

#[derive(Default)]
pub struct Bell {
    rung: Mutex<Option<Ring>>,
    heard: Condvar,
}

/// Why and when a bell was rung.
#[derive(Clone, Copy, Debug)]
pub struct Ring {
    /// A worker calls for help: what waits for it waits for a long turn.
    pub is_call: bool,
    pub time: Instant,
}

impl Bell {
    pub fn ring(&self, is_call: bool) {
        *lock(&self.rung) = Some(Ring { is_call, time: Instant::now() });
        self.heard.notify_one();
    }

    /// Sleeps until the bell rings or the time has come; the ring, if it rang.
    pub fn wait(&self, until: Option<Instant>) -> Option<Ring> {
        let mut rung = lock(&self.rung);
        let mut is_over = false;
        while rung.is_none() && !is_over {
            (rung, is_over) = match until {
                None => (wait(&self.heard, rung), false),
                Some(until) => wait_until(&self.heard, rung, until),
            };
        }
        rung.take()
    }
}

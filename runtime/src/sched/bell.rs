//! A bell that wakes one sleeper; a ring before the sleep counts.

use std::time::Instant;

use crate::sched::sync::{Condvar, Mutex, lock, wait, wait_until};

#[derive(Default)]
pub struct Bell {
    rung: Mutex<bool>,
    heard: Condvar,
}

impl Bell {
    pub fn ring(&self) {
        *lock(&self.rung) = true;
        self.heard.notify_one();
    }

    /// Sleeps until the bell rings or the time has come; whether it rang.
    pub fn wait(&self, until: Option<Instant>) -> bool {
        let mut rung = lock(&self.rung);
        let mut is_over = false;
        while !*rung && !is_over {
            (rung, is_over) = match until {
                None => (wait(&self.heard, rung), false),
                Some(until) => wait_until(&self.heard, rung, until),
            };
        }
        std::mem::take(&mut *rung)
    }
}

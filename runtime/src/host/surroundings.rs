//! What the log takes from the system of processes: its clock, and its event bus.

use std::sync::{Arc, Weak};
use std::time::Duration;

use serde_json::{Map, Value as Json};

use crate::host::log::{Fields, Level, Surroundings};
use crate::host::values::from_json;
use crate::process::signal::Signal;
use crate::process::system::System;
use crate::transfer::Graph;

/// The name under which records are published.
const LOGS: &str = "logs";

struct Around(Weak<System>);

/// The surroundings of the log of `system`.
pub fn of(system: &Arc<System>) -> Box<dyn Surroundings> {
    Box::new(Around(Arc::downgrade(system)))
}

impl Surroundings for Around {
    fn now(&self) -> jiff::Timestamp {
        self.0.upgrade().map_or_else(jiff::Timestamp::now, |system| system.wall_clock())
    }

    fn elapsed(&self) -> Option<Duration> {
        let system = self.0.upgrade().filter(|system| system.scheduler().is_simulated())?;
        Some(Duration::from_nanos(system.scheduler().now()))
    }

    fn publish(&self, level: Level, name: &str, message: &str, fields: &Fields) {
        let Some(system) = self.0.upgrade() else { return };
        let kind = level.name().to_lowercase();
        let fields: Map<String, Json> = fields.iter().cloned().collect();
        let data = serde_json::json!({"level": kind, "logger": name, "message": message, "fields": fields});
        let path = if name.is_empty() { LOGS } else { name };
        let event = serde_json::json!({"system": LOGS, "kind": kind, "path": path, "data": data});
        system.bus().publish(LOGS.as_bytes(), kind.as_bytes(), &mut |owner, topic| {
            let payload = Graph::build(|copier| vec![from_json(copier, &event)]);
            system.signal(owner, Signal::Message { from: None, topic, payload });
        });
    }
}

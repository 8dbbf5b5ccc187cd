//! What can be started, and what each needs first: the hosts and services of the application.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::application::Application;
use crate::host::service::Lifecycle;

/// Something with a lifecycle.
#[derive(Debug)]
pub struct Unit {
    pub id: &'static str,
    pub kind: Kind,
    pub lifecycle: Lifecycle,
    /// The units that must run first.
    pub needs: Vec<usize>,
    /// What `requires` names although it leads to no unit.
    pub missing: Vec<String>,
}

#[derive(Debug)]
pub enum Kind {
    /// A host of processes.
    Host { is_terminal: bool },
    /// A scope of process groups.
    Scope,
    /// A supervised process, and the arguments of its `main`.
    Service { process: String, host: String, input: Vec<Json> },
}

/// Everything that can be started, in load order.
#[derive(Debug, Default)]
pub struct Plan {
    pub units: Vec<Unit>,
}

impl Plan {
    /// Reads the units from the entries' data, overrides applied.
    pub fn new(application: &'static Application, data: &BTreeMap<&'static str, Json>) -> Plan {
        let mut plan = Plan::default();
        for entry in application.entries {
            let Some(data) = data.get(entry.id) else { continue };
            let namespace = entry.id.split(':').next().unwrap_or_default();
            if let Some(kind) = kind(entry.kind, data, namespace) {
                let lifecycle = Lifecycle::read(data, namespace);
                plan.units.push(Unit {
                    id: entry.id,
                    kind,
                    lifecycle,
                    needs: Vec::new(),
                    missing: Vec::new(),
                });
            }
        }
        for index in 0..plan.units.len() {
            plan.connect(index, data);
        }
        plan.mark_needed();
        plan
    }

    pub fn find(&self, id: &str) -> Option<usize> {
        self.units.iter().position(|unit| unit.id == id)
    }

    /// Finds what unit `index` needs: what it requires, and every unit its data leads to.
    fn connect(&mut self, index: usize, data: &BTreeMap<&'static str, Json>) {
        let Some(unit) = self.units.get(index) else { return };
        let mut reached = Vec::new();
        let mut missing = Vec::new();
        for id in &unit.lifecycle.requires {
            let mut led_to = Vec::new();
            self.reach(id, data, &mut led_to);
            if !led_to.iter().any(|id| self.find(id).is_some()) {
                missing.push(id.clone());
            }
            reached.append(&mut led_to);
        }
        if let Kind::Service { process, host, .. } = &unit.kind {
            self.reach(host, data, &mut reached);
            self.reach(process, data, &mut reached);
        }
        let mut needs: Vec<usize> = reached.iter().filter_map(|id| self.find(id)).collect();
        needs.retain(|need| *need != index);
        needs.sort_unstable();
        needs.dedup();
        if let Some(unit) = self.units.get_mut(index) {
            unit.needs = needs;
            unit.missing = missing;
        }
    }

    /// Follows `id` to units, through entries that are none.
    fn reach(&self, id: &str, data: &BTreeMap<&'static str, Json>, reached: &mut Vec<String>) {
        if reached.iter().any(|known| known == id) {
            return;
        }
        let Some(own) = data.get(id) else { return };
        reached.push(id.to_owned());
        if self.find(id).is_none() {
            let mut texts = Vec::new();
            references(own, &mut texts);
            for text in texts {
                self.reach(&text, data, reached);
            }
        }
    }

    /// What an auto-started unit needs starts too.
    fn mark_needed(&mut self) {
        let mut waiting: Vec<usize> = (0..self.units.len())
            .filter(|index| self.units.get(*index).is_some_and(|unit| unit.lifecycle.auto_start))
            .collect();
        while let Some(index) = waiting.pop() {
            let needs = self.units.get(index).map(|unit| unit.needs.clone()).unwrap_or_default();
            for need in needs {
                if let Some(unit) = self.units.get_mut(need).filter(|unit| !unit.lifecycle.auto_start) {
                    unit.lifecycle.auto_start = true;
                    waiting.push(need);
                }
            }
        }
    }

    /// The units of a cycle of needs among those that start, if there is one.
    pub fn cycle(&self) -> Option<Vec<&'static str>> {
        let starts = |index: &usize| self.units.get(*index).is_some_and(|unit| unit.lifecycle.auto_start);
        let mut left: Vec<usize> = (0..self.units.len()).filter(starts).collect();
        loop {
            let before = left.len();
            let waiting = left.clone();
            left.retain(|index| {
                self.units
                    .get(*index)
                    .is_some_and(|unit| unit.needs.iter().any(|need| waiting.contains(need)))
            });
            if left.is_empty() {
                return None;
            }
            if left.len() == before {
                return Some(
                    left.iter().filter_map(|index| self.units.get(*index)).map(|unit| unit.id).collect(),
                );
            }
        }
    }
}

fn kind(kind: &str, data: &Json, namespace: &str) -> Option<Kind> {
    let text = |key: &str| data.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    match kind {
        "process.host" => Some(Kind::Host { is_terminal: false }),
        "terminal.host" => Some(Kind::Host { is_terminal: true }),
        "pg.scope" => Some(Kind::Scope),
        "process.service" => {
            let process = text("process");
            let process = if process.contains(':') { process } else { format!("{namespace}:{process}") };
            let input = data.get("input").and_then(Json::as_array).cloned().unwrap_or_default();
            Some(Kind::Service { process, host: text("host"), input })
        }
        _ => None,
    }
}

/// Every text in the data that may name an entry.
fn references(data: &Json, texts: &mut Vec<String>) {
    match data {
        Json::String(text) if text.contains(':') => texts.push(text.clone()),
        Json::Array(items) => items.iter().for_each(|item| references(item, texts)),
        Json::Object(fields) => fields.values().for_each(|item| references(item, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::Entry;

    const fn entry(id: &'static str, kind: &'static str, data: &'static str) -> Entry {
        Entry { id, kind, meta: "{}", data, program: None }
    }

    fn plan(application: &'static Application) -> Plan {
        let data = application
            .entries
            .iter()
            .map(|entry| (entry.id, serde_json::from_str(entry.data).unwrap()))
            .collect();
        Plan::new(application, &data)
    }

    static APPLICATION: Application = Application {
        name: "demo",
        version: "1",
        entries: &[
            entry(
                "app:a",
                "process.service",
                r#"{"process":"p","host":"app:h","lifecycle":{"auto_start":true,"requires":["b","gone","idle","lib","lib"]}}"#,
            ),
            entry("app:idle", "env.storage.memory", "{}"),
            entry("app:b", "process.service", r#"{"process":"app:q","host":"app:h"}"#),
            entry("app:c", "process.service", r#"{"process":"app:q","host":"app:h"}"#),
            entry("app:q", "process.lua", r#"{"imports":{"lib":"app:lib"}}"#),
            entry("app:lib", "library.lua", r#"{"uses":"app:u"}"#),
            entry("app:h", "process.host", "{}"),
            entry("app:t", "terminal.host", "{}"),
            entry("app:u", "process.host", "{}"),
        ],
    };

    #[test]
    fn what_is_needed_starts_and_is_found_through_other_entries() {
        let plan = plan(&APPLICATION);
        let starts: Vec<_> = plan.units.iter().map(|unit| (unit.id, unit.lifecycle.auto_start)).collect();
        assert_eq!(
            starts,
            [
                ("app:a", true),
                ("app:b", true),
                ("app:c", false),
                ("app:h", true),
                ("app:t", false),
                ("app:u", true)
            ]
        );
        let needs = |index: usize| -> Vec<&str> {
            plan.units[index].needs.iter().map(|need| plan.units[*need].id).collect()
        };
        assert_eq!(needs(0), ["app:b", "app:h", "app:u"]);
        assert_eq!(needs(1), ["app:h", "app:u"]);
        assert_eq!(plan.units[0].missing, ["app:gone", "app:idle"]);
        assert_eq!(plan.cycle(), None);
    }

    #[test]
    fn a_cycle_is_named() {
        static CYCLE: Application = Application {
            name: "demo",
            version: "1",
            entries: &[
                entry(
                    "app:a",
                    "process.service",
                    r#"{"process":"p","host":"app:h","lifecycle":{"auto_start":true,"requires":["b"]}}"#,
                ),
                entry(
                    "app:b",
                    "process.service",
                    r#"{"process":"p","host":"app:h","lifecycle":{"requires":["a"]}}"#,
                ),
                entry("app:h", "process.host", "{}"),
            ],
        };
        assert_eq!(plan(&CYCLE).cycle(), Some(vec!["app:a", "app:b"]));
    }
}

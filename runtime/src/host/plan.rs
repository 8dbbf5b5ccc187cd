//! What to start, in which order: hosts and services of the application.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::application::Application;
use crate::host::service::Lifecycle;

/// A host of processes.
#[derive(Debug)]
pub struct Host {
    pub id: &'static str,
    pub is_terminal: bool,
    pub lifecycle: Lifecycle,
}

/// A supervised process.
#[derive(Debug)]
pub struct Service {
    pub id: &'static str,
    pub process: String,
    pub host: String,
    /// Arguments of `main`.
    pub input: Vec<Json>,
    pub lifecycle: Lifecycle,
}

/// Everything that can be started.
#[derive(Debug, Default)]
pub struct Plan {
    pub hosts: Vec<Host>,
    /// Dependencies first.
    pub services: Vec<Service>,
}

impl Plan {
    pub fn new(application: &'static Application, data: &BTreeMap<&'static str, Json>) -> Plan {
        let mut plan = Plan::default();
        let null = Json::Null;
        for entry in application.entries {
            let data = data.get(entry.id).unwrap_or(&null);
            let namespace = entry.id.split(':').next().unwrap_or_default();
            let lifecycle = Lifecycle::read(data, namespace);
            let text = |key: &str| data.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            match entry.kind {
                "process.host" | "terminal.host" => {
                    plan.hosts.push(Host {
                        id: entry.id,
                        is_terminal: entry.kind == "terminal.host",
                        lifecycle,
                    });
                }
                "process.service" => {
                    let process = text("process");
                    let process =
                        if process.contains(':') { process } else { format!("{namespace}:{process}") };
                    let input = data.get("input").and_then(Json::as_array).cloned().unwrap_or_default();
                    plan.services.push(Service {
                        id: entry.id,
                        process,
                        host: text("host"),
                        input,
                        lifecycle,
                    });
                }
                _ => {}
            }
        }
        plan.mark_required();
        plan.order();
        plan
    }

    /// A service that an auto-started one requires starts too, and so do the hosts of both.
    fn mark_required(&mut self) {
        loop {
            let started = self.services.iter().filter(|service| service.lifecycle.auto_start);
            let needed: Vec<String> = started
                .flat_map(|service| service.lifecycle.requires.iter().chain([&service.host]))
                .cloned()
                .collect();
            let mut changed = false;
            for service in &mut self.services {
                changed |= start(&mut service.lifecycle, &needed, service.id);
            }
            for host in &mut self.hosts {
                changed |= start(&mut host.lifecycle, &needed, host.id);
            }
            if !changed {
                return;
            }
        }
    }

    /// Puts dependencies first; what is in a cycle keeps its place at the end.
    fn order(&mut self) {
        let mut waiting = std::mem::take(&mut self.services);
        while !waiting.is_empty() {
            let free = waiting.iter().position(|service| {
                let requires = &service.lifecycle.requires;
                !waiting
                    .iter()
                    .any(|other| other.id != service.id && requires.iter().any(|id| id == other.id))
            });
            self.services.push(waiting.remove(free.unwrap_or(0)));
        }
    }
}

/// Marks `id` if it is needed; true if that is news.
fn start(lifecycle: &mut Lifecycle, needed: &[String], id: &str) -> bool {
    let is_news = !lifecycle.auto_start && needed.iter().any(|own| own == id);
    lifecycle.auto_start |= is_news;
    is_news
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::Entry;

    const fn entry(id: &'static str, kind: &'static str, data: &'static str) -> Entry {
        Entry { id, kind, meta: "{}", data, program: None }
    }

    static APPLICATION: Application = Application {
        name: "demo",
        version: "1",
        entries: &[
            entry(
                "app:a",
                "process.service",
                r#"{"process":"p","host":"app:h","lifecycle":{"auto_start":true,"requires":["b"]}}"#,
            ),
            entry("app:b", "process.service", r#"{"process":"app:q","host":"app:h"}"#),
            entry("app:c", "process.service", r#"{"process":"app:q","host":"app:h"}"#),
            entry("app:h", "process.host", "{}"),
            entry("app:t", "terminal.host", "{}"),
        ],
    };

    #[test]
    fn what_is_required_starts_first_and_its_host_with_it() {
        let data = APPLICATION
            .entries
            .iter()
            .map(|entry| (entry.id, serde_json::from_str(entry.data).unwrap()))
            .collect();
        let plan = Plan::new(&APPLICATION, &data);
        let order: Vec<_> =
            plan.services.iter().map(|service| (service.id, service.lifecycle.auto_start)).collect();
        assert_eq!(order, [("app:b", true), ("app:a", true), ("app:c", false)]);
        assert_eq!(plan.services[1].process, "app:p");
        let hosts: Vec<_> = plan.hosts.iter().map(|host| (host.id, host.lifecycle.auto_start)).collect();
        assert_eq!(hosts, [("app:h", true), ("app:t", false)]);
    }
}

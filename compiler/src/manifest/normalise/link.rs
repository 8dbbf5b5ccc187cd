//! Gives modules their parameters: the value of an `ns.dependency` goes where the matching
//! `ns.requirement` says.

use super::path;
use crate::diagnostics::Diagnostic;
use crate::manifest::model::{EntryId, nearest};
use crate::manifest::node::{self, Node};
use crate::manifest::raw::{Collected, RawEntry};

/// Sets the targets of every requirement that has a value.
pub fn apply(collected: &mut Collected, found: &mut Vec<Diagnostic>) {
    let of_kind = |kind: &'static str| collected.entries.iter().filter(move |entry| entry.kind == kind);
    let parameters: Vec<Parameter> = of_kind("ns.dependency").flat_map(parameters).collect();
    let requirements: Vec<RawEntry> = of_kind("ns.requirement").cloned().collect();
    for requirement in &requirements {
        match value(requirement, &parameters) {
            Ok(Some(value)) => set_targets(collected, requirement, &value, found),
            Ok(None) => found.push(unresolved(requirement)),
            Err(fault) => found.push(*fault),
        }
    }
}

/// One parameter of a dependency.
struct Parameter {
    /// Bare, or a full id.
    name: String,
    /// `org/module`.
    component: String,
    value: Node,
}

fn parameters(dependency: &RawEntry) -> Vec<Parameter> {
    let text =
        |node: &Node, key: &str| node.get(key).and_then(|field| field.node.as_text()).map(str::to_owned);
    let component = text(&dependency.data, "component").unwrap_or_default();
    let list = dependency.data.get("parameters").and_then(|field| field.node.as_list());
    let parameter = |item: &Node| {
        let value = item.get("value")?.node.clone();
        Some(Parameter { name: text(item, "name")?, component: component.clone(), value })
    };
    list.unwrap_or_default().iter().filter_map(parameter).collect()
}

impl Parameter {
    fn fits(&self, requirement: &RawEntry) -> bool {
        if self.name.contains(':') {
            return self.name == requirement.id.to_string();
        }
        let module = node::find(&requirement.meta, "module").and_then(|field| field.node.as_text());
        self.name == requirement.id.name
            && (requirement.id.namespace == self.component.replace('/', ".")
                || module == Some(self.component.as_str()))
    }
}

/// The parameter that fits, else the default.
fn value(requirement: &RawEntry, parameters: &[Parameter]) -> Result<Option<Node>, Box<Diagnostic>> {
    let mut fitting = parameters.iter().filter(|parameter| parameter.fits(requirement));
    let Some(first) = fitting.next() else {
        return Ok(requirement
            .data
            .get("default")
            .map(|field| field.node.clone())
            .filter(|node| !node.is_null()));
    };
    let json = first.value.to_json();
    let Some(other) = fitting.find(|parameter| parameter.value.to_json() != json) else {
        return Ok(Some(first.value.clone()));
    };
    let title =
        format!("parameter conflict: multiple dependencies define different values: {}", requirement.id);
    Err(Box::new(
        Diagnostic::error("M0067", Some(other.value.span), title)
            .label("the second value")
            .related(first.value.span, "the first value")
            .explain(format!("The requirement {} can be given one value only.", requirement.id))
            .hint("Make the values of all dependencies equal.")
            .entry(requirement.id.to_string()),
    ))
}

fn unresolved(requirement: &RawEntry) -> Diagnostic {
    let title = format!("unresolved requirement {}", requirement.id);
    Diagnostic::warning("M0066", Some(requirement.span), title)
        .label("nobody gives it a value")
        .explain(
            "No dependency has a parameter for it and it has no default, so its targets stay as they are.",
        )
        .hint("Add a parameter to the `ns.dependency` of this module.")
        .entry(requirement.id.to_string())
}

fn set_targets(collected: &mut Collected, requirement: &RawEntry, value: &Node, found: &mut Vec<Diagnostic>) {
    let targets = requirement.data.get("targets").and_then(|field| field.node.as_list()).unwrap_or_default();
    for target in targets {
        if let Err(fault) = set_target(collected, requirement, target, value) {
            found.push(fault.entry(requirement.id.to_string()));
        }
    }
}

fn set_target(
    collected: &mut Collected,
    requirement: &RawEntry,
    target: &Node,
    value: &Node,
) -> Result<(), Box<Diagnostic>> {
    let text = |key: &str| target.get(key).and_then(|field| Some((field.node.as_text()?, field.node.span)));
    let (Some((entry, span)), Some((path, path_span))) = (text("entry"), text("path")) else {
        let title = "a target must have `entry` and `path`, both text";
        let fault = Diagnostic::error("M0008", Some(target.span), title).label("this target");
        return Err(Box::new(fault.explain("A requirement puts its value into a field of an entry.")));
    };
    let id = EntryId::parse(entry, &requirement.id.namespace);
    if collected.disabled.contains(&id) || collected.excused.covers(&id) {
        return Ok(());
    }
    let near = nearest(&id, collected.entries.iter().map(|entry| &entry.id)).cloned();
    let Some(entry) = collected.find_mut(&id) else {
        let fault = Diagnostic::error("M0040", Some(span), format!("there is no entry {id}"))
            .label("the target of a requirement")
            .explain("A requirement can only set a field of an entry that one of the manifests defines.");
        return Err(Box::new(match near {
            Some(near) => fault.hint(format!("Did you mean `{near}`?")),
            None => fault,
        }));
    };
    let path = path.trim();
    let result = match path.strip_suffix("+=") {
        Some(list) => path::append(entry, list.trim(), value.clone()),
        None => path::set(entry, path, value.clone()),
    };
    result.map_err(|cause| {
        let title = format!("failed to set {id} at {path}: {cause}");
        let fault = Diagnostic::error("M0063", Some(path_span), title).label("this path");
        Box::new(fault.explain(path::EXPLANATION))
    })
}

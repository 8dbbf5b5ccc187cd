//! What happens to the entries before they are looked at: override, disable, link, override.

mod disable;
mod link;
mod overrides;
mod path;

use super::configuration::Configuration;
use super::raw::Collected;
use crate::diagnostics::Diagnostic;

/// Applies the configuration, and the parameters that modules are given.
pub fn normalise(collected: &mut Collected, configuration: &Configuration, found: &mut Vec<Diagnostic>) {
    overrides::apply(collected, &configuration.overrides, Some(found));
    disable::apply(collected, &configuration.disable);
    link::apply(collected, found);
    // What a link sets, an override replaces again; its faults are known by now.
    overrides::apply(collected, &configuration.overrides, None);
}

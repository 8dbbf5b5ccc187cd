//! Units and worlds made of texts, for the tests of the analyses.

use std::collections::BTreeSet;

use super::{World, WorldUnit};
use crate::resolve::{Mode, resolve};
use crate::source::{SourceFile, Sources};

/// A text without faults as a unit that lists nothing.
pub fn unit(text: &str) -> WorldUnit {
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new("x.lua", text));
    let (chunk, faults) = crate::parse::parse(file, &sources);
    assert!(faults.is_empty(), "{text}: {faults:?}");
    let (unit, faults) = resolve("app:x", &chunk.unwrap(), file, &sources, Mode::Application);
    assert!(faults.is_empty(), "{text}: {faults:?}");
    WorldUnit {
        unit,
        modules: BTreeSet::new(),
        imports: Vec::new(),
        method: None,
        is_body: false,
        script: None,
    }
}

pub fn world(units: impl IntoIterator<Item = WorldUnit>) -> World {
    let mut world = World::new();
    for unit in units {
        world.push(unit);
    }
    world
}

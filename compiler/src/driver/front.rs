//! Manifest, parse and resolve: every Lua entry as a unit of the world.

use std::collections::HashSet;

use crate::analyze::{self, Exports, UnitId, World, WorldUnit};
use crate::diagnostics::Diagnostic;
use crate::driver::{Output, Stage, script};
use crate::emit::BrokenFile;
use crate::hir::{self, Unit};
use crate::index::Id;
use crate::input::Input;
use crate::manifest::{self, Application, Entry, EntryId, Kind, LuaEntry};
use crate::parse::{self, Chunk};
use crate::resolve;
use crate::source::{FileId, Sources};

/// A parsed Lua entry, as far as it got.
pub struct Parsed {
    pub file: FileId,
    pub chunk: Option<Chunk>,
    pub unit: Option<Unit>,
}

impl Parsed {
    pub fn show(&self, stage: Stage, sources: &Sources) -> String {
        match stage {
            Stage::Tokens => parse::show_tokens(self.file, sources),
            Stage::Ast => {
                let file = sources.file(self.file);
                self.chunk.as_ref().map(|chunk| parse::show_ast(chunk, file)).unwrap_or_default()
            }
            _ => self.unit.as_ref().map(hir::print).unwrap_or_default(),
        }
    }
}

/// What manifest, parse and resolve leave.
#[derive(Default)]
pub struct Front {
    pub application: Application,
    pub entries: Vec<(String, Parsed)>,
    pub world: World,
    /// Files of a script that do not compile.
    pub broken: Vec<BrokenFile>,
}

/// Reads the application, or the script if the input names one, and checks what it read.
pub fn front(input: &Input, output: &mut Output) -> Front {
    let front = match &input.script {
        Some(script) => script::front(script, input, output),
        None => application(input, output),
    };
    // Where a file is missing, so are the globals it defines.
    if !output.has_errors() {
        let broken: Vec<&str> = front.broken.iter().map(|file| file.path.as_str()).collect();
        for (unit, found) in analyze::check::check(&front.world, &broken) {
            let entry = &front.world[unit].unit.entry;
            output.diagnostics.extend(found.into_iter().map(|found| found.entry(entry)));
        }
    }
    once(&mut output.diagnostics);
    front
}

/// Entries that share a file share its faults: each is told once, for the first of them. What is
/// wrong in view of the manifest (a module that is not listed) is a fault of each entry.
fn once(diagnostics: &mut Vec<Diagnostic>) {
    let mut told = HashSet::new();
    diagnostics.retain(|found| {
        let is_of_text = found.code.starts_with('P') || !found.is_error();
        let entry = found.entry.clone().filter(|_| !is_of_text);
        found.span.is_none() || told.insert((found.span, found.code, found.title.clone(), entry))
    });
}

fn application(input: &Input, output: &mut Output) -> Front {
    let (application, found) = manifest::read(input, &mut output.sources);
    output.diagnostics.extend(found);
    let mut front = Front { application, ..Front::default() };
    for entry in &front.application.entries {
        let Some(lua) = &entry.lua else { continue };
        let id = entry.id.to_string();
        let (parsed, mut found) = parsed(&id, lua.file, &output.sources, resolve::Mode::Application);
        if found.is_empty()
            && let Some(unit) = &parsed.unit
        {
            found.extend(missing_method(entry, lua, unit));
        }
        output.diagnostics.extend(found.into_iter().map(|found| found.entry(id.clone())));
        front.entries.push((id, parsed));
    }
    if !output.has_errors() {
        front.world = world(&front);
    }
    front
}

/// Parses and resolves one file.
pub fn parsed(id: &str, file: FileId, sources: &Sources, mode: resolve::Mode) -> (Parsed, Vec<Diagnostic>) {
    let (chunk, mut found) = parse::parse(file, sources);
    let mut parsed = Parsed { file, chunk, unit: None };
    if let Some(chunk) = &parsed.chunk {
        let (unit, names) = resolve::resolve(id, chunk, file, sources, mode);
        found.extend(names);
        parsed.unit = Some(unit);
    }
    (parsed, found)
}

/// The `method` of an entry must be among what its chunk returns, where that can be seen.
fn missing_method(entry: &Entry, lua: &LuaEntry, unit: &Unit) -> Option<Diagnostic> {
    let method = lua.method.as_deref().filter(|_| entry.kind != Kind::LibraryLua)?;
    let fault =
        Diagnostic::error("R0110", Some(lua.method_span), format!("method \"{method}\" not found in module"))
            .related(unit.functions[unit.chunk].span.at_end(), "the file ends here");
    match analyze::exports(unit) {
        Exports::Unknown => None,
        Exports::Table(names) if names.contains(method) => None,
        Exports::Table(names) => {
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            let hint = match (crate::diagnostics::suggest(method, known.iter().copied()), known.as_slice()) {
                (Some(near), _) => format!("Did you mean `{near}`?"),
                (None, []) => "Put the function into the table that the file returns.".to_owned(),
                (None, known) => format!("The file returns a table with: {}.", known.join(", ")),
            };
            Some(fault.explain("The Lua file runs once, and the function of this name is taken from the table it returns; that table has no such field.").hint(hint))
        }
        Exports::Nothing => Some(
            fault
                .explain("The Lua file runs once and must return a table that holds the function, or the function itself; this one returns neither.")
                .hint(format!("End the file with `return {{ {method} = {method} }}`.")),
        ),
    }
}

/// The units of all entries, with what their manifests say about names.
fn world(front: &Front) -> World {
    let lua_entries: Vec<&Entry> =
        front.application.entries.iter().filter(|entry| entry.lua.is_some()).collect();
    let unit_of =
        |target: &EntryId| lua_entries.iter().position(|entry| entry.id == *target).map(UnitId::from_index);
    let mut world = World::new();
    for (entry, (_, parsed)) in lua_entries.iter().zip(&front.entries) {
        let (Some(lua), Some(unit)) = (&entry.lua, &parsed.unit) else { continue };
        world.push(WorldUnit {
            unit: unit.clone(),
            modules: lua.modules.iter().map(|(name, _)| name.clone()).collect(),
            imports: lua
                .imports
                .iter()
                .filter_map(|import| Some((import.alias.clone(), unit_of(&import.target)?)))
                .collect(),
            method: lua.method.clone().filter(|_| entry.kind != Kind::LibraryLua),
            is_body: false,
            script: None,
        });
    }
    world
}

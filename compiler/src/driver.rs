//! The road from texts to the files of a crate. The only module that names all phases.

use std::collections::BTreeMap;

use crate::analyze::{Exports, UnitId, World, WorldUnit};
use crate::deep::with_deep_stack;
use crate::diagnostics::Diagnostic;
use crate::hir::{self, Unit};
use crate::index::Id;
use crate::input::{Input, Options};
use crate::manifest::{Application, Entry, EntryId, Kind, LuaEntry};
use crate::parse::Chunk;
use crate::source::{FileId, Sources};
use crate::{analyze, emit, lower, manifest, parse, resolve};

/// What a compilation leaves: diagnostics, and files if there was no error.
#[derive(Debug, Default)]
pub struct Output {
    pub sources: Sources,
    /// Errors and warnings, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The generated crate: path from its root, text. Empty if there was an error.
    pub files: BTreeMap<String, String>,
}

impl Output {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The stages `show` can print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Tokens,
    Ast,
    Hir,
    Facts,
    Lowered,
    Rust,
}

/// Everything up to emission, for its diagnostics; no files.
pub fn check(input: &Input) -> Output {
    with_deep_stack(|| {
        let mut output = Output::default();
        front(input, &mut output);
        output
    })
}

/// The files of the generated crate.
pub fn compile(input: &Input, options: &Options) -> Output {
    with_deep_stack(|| written(input, options))
}

fn written(input: &Input, options: &Options) -> Output {
    let mut output = Output::default();
    let Some((application, modules)) = middle(input, &mut output) else { return output };
    match emit::emit(&application, &modules, input, options) {
        Ok(files) => output.files = files,
        Err(text) => output.diagnostics.push(internal(&text)),
    }
    output
}

/// What `stage` made of the Lua entries (of `entry` alone, if given), as text. Errors stay in the
/// output.
pub fn show(input: &Input, stage: Stage, entry: Option<&str>) -> (Output, String) {
    with_deep_stack(|| shown(input, stage, entry))
}

fn shown(input: &Input, stage: Stage, entry: Option<&str>) -> (Output, String) {
    let mut output = Output::default();
    let front = front(input, &mut output);
    let is_wanted = |id: &str| entry.is_none_or(|wanted| wanted == id);
    let text = match stage {
        Stage::Tokens | Stage::Ast | Stage::Hir => {
            let entries = front.entries.iter().filter(|(id, _)| is_wanted(id));
            entries.map(|(id, parsed)| format!("-- {id}\n{}", parsed.show(stage, &output.sources))).collect()
        }
        Stage::Facts | Stage::Lowered | Stage::Rust if output.has_errors() => String::new(),
        Stage::Facts => {
            let (world, facts) = (&front.world, analyze::analyze(&front.world));
            analyze::print(world, &facts, &output.sources, &is_wanted)
        }
        Stage::Lowered | Stage::Rust => {
            let facts = analyze::analyze(&front.world);
            let mut modules = lower::lower(&front.world, &facts, &output.sources);
            modules.retain(|module| is_wanted(&module.entry));
            if stage == Stage::Lowered {
                lower::print(&modules)
            } else {
                emit::show(&modules, &input.command).unwrap_or_else(|text| text)
            }
        }
    };
    (output, text)
}

/// A parsed Lua entry, as far as it got.
struct Parsed {
    file: FileId,
    chunk: Option<Chunk>,
    unit: Option<Unit>,
}

impl Parsed {
    fn show(&self, stage: Stage, sources: &Sources) -> String {
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
struct Front {
    application: Application,
    entries: Vec<(String, Parsed)>,
    world: World,
}

fn front(input: &Input, output: &mut Output) -> Front {
    let (application, found) = manifest::read(input, &mut output.sources);
    output.diagnostics.extend(found);
    let mut front = Front { application, ..Front::default() };
    for entry in &front.application.entries {
        let Some(lua) = &entry.lua else { continue };
        let id = entry.id.to_string();
        let (chunk, mut found) = parse::parse(lua.file, &output.sources);
        let mut parsed = Parsed { file: lua.file, chunk, unit: None };
        if let Some(chunk) = &parsed.chunk {
            let (unit, names) = resolve::resolve(&id, chunk, lua.file, &output.sources);
            if names.is_empty() {
                found.extend(missing_method(entry, lua, &unit));
            }
            found.extend(names);
            parsed.unit = Some(unit);
        }
        output.diagnostics.extend(found.into_iter().map(|found| found.entry(id.clone())));
        front.entries.push((id, parsed));
    }
    if !output.has_errors() {
        front.world = world(&front);
    }
    front
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
            is_body: false,
        });
    }
    world
}

/// Up to Rust-shaped code; `None` if there was an error.
fn middle(input: &Input, output: &mut Output) -> Option<(Application, Vec<lower::ir::Module>)> {
    let front = front(input, output);
    if output.has_errors() {
        return None;
    }
    let facts = analyze::analyze(&front.world);
    let modules = lower::lower(&front.world, &facts, &output.sources);
    Some((front.application, modules))
}

fn internal(text: &str) -> Diagnostic {
    Diagnostic::error("B0001", None, "the compiler wrote code that is no Rust")
        .explain(format!("This is a bug in Moonwright, not in your program. What it stumbled over:\n{text}"))
        .hint("Please report it together with the Lua file.")
}

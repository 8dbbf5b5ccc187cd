//! Script mode: one Lua file, and the files below its folder that a `require` may name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::analyze::{ScriptUnit, WorldUnit};
use crate::diagnostics::{Diagnostic, Severity};
use crate::driver::Output;
use crate::driver::front::{Front, parsed};
use crate::hir::{ExprKind, Unit};
use crate::input::{Input, Script};
use crate::resolve::Mode;
use crate::source::{FileId, SourceFile};

/// Reads the script and, from it on, every module that a `require` names. Where a name is computed,
/// every Lua file below the folder is one.
pub fn front(script: &Script, input: &Input, output: &mut Output) -> Front {
    let mut search = Search { input, output, front: Front::default(), seen: BTreeSet::new() };
    search.seen.insert(script.file.clone());
    let main = ScriptUnit { path: script.path.clone(), is_main: true };
    if search.add(&script.file, &script.path, &main, false) {
        let others: Vec<String> = search.modules().collect();
        for file in others {
            search.module(&file, true);
        }
    }
    search.front
}

struct Search<'a> {
    input: &'a Input,
    output: &'a mut Output,
    front: Front,
    seen: BTreeSet<String>,
}

impl Search<'_> {
    /// Every Lua file of the script's folder that was not read yet.
    fn modules(&self) -> impl Iterator<Item = String> + use<> {
        let files = self.input.roots.iter().flat_map(|root| root.files.keys());
        let files = files.filter(|file| file.ends_with(".lua") && !self.seen.contains(*file));
        files.cloned().collect::<Vec<_>>().into_iter()
    }

    /// Reads the module in `file`. `is_guess`: nobody is known to require it, so that its faults
    /// stop nothing. True if it, or what it requires, requires a computed name.
    fn module(&mut self, file: &str, is_guess: bool) -> bool {
        if !self.seen.insert(file.to_owned()) {
            return false;
        }
        let unit = ScriptUnit { path: file.to_owned(), is_main: false };
        self.add(file, &format!("./{file}"), &unit, is_guess)
    }

    fn add(&mut self, file: &str, chunk: &str, script: &ScriptUnit, is_guess: bool) -> bool {
        let Some(source) = self.source(file) else { return false };
        let (parsed, mut found) = parsed(chunk, source, &self.output.sources, Mode::Script);
        let has_faults = found.iter().any(Diagnostic::is_error);
        if is_guess {
            found.iter_mut().filter(|found| found.is_error()).for_each(never_required);
        }
        self.output.diagnostics.extend(found.into_iter().map(|found| found.entry(chunk)));
        let unit = parsed.unit.clone();
        self.front.entries.push((chunk.to_owned(), parsed));
        let Some(unit) = unit.filter(|_| !has_faults) else { return false };
        let (names, mut is_computed) = required(&unit);
        self.front.world.push(WorldUnit {
            unit,
            modules: BTreeSet::new(),
            imports: Vec::new(),
            method: None,
            is_body: script.is_main,
            script: Some(script.clone()),
        });
        for name in names {
            let path = name.replace('.', "/");
            for candidate in [format!("{path}.lua"), format!("{path}/init.lua")] {
                if self.input.roots.iter().any(|root| root.files.contains_key(&candidate)) {
                    is_computed |= self.module(&candidate, is_guess);
                    break;
                }
            }
        }
        is_computed
    }

    /// The file as a source; a `#` line at its start is blanked.
    fn source(&mut self, file: &str) -> Option<FileId> {
        let (root, bytes) = self.input.roots.iter().find_map(|root| Some((root, root.files.get(file)?)))?;
        let path = if root.label.is_empty() { file.to_owned() } else { format!("{}/{file}", root.label) };
        let bytes = match bytes.iter().position(|byte| *byte == b'\n') {
            _ if !bytes.starts_with(b"#") => Cow::Borrowed(bytes.as_slice()),
            None => Cow::Borrowed(&[][..]),
            Some(end) => {
                Cow::Owned([vec![b' '; end].as_slice(), bytes.get(end..).unwrap_or_default()].concat())
            }
        };
        Some(self.output.sources.add(SourceFile::from_bytes(path, &bytes)))
    }
}

/// A fault in a file that only a computed `require` could reach is no reason to stop.
fn never_required(fault: &mut Diagnostic) {
    fault.severity = Severity::Warning;
    fault.explanation.push_str(" No `require` names this file, so it is left out.");
}

/// The module names a unit requires, and whether it may require any other.
fn required(unit: &Unit) -> (Vec<String>, bool) {
    let (mut names, mut plain, mut mentions) = (Vec::new(), 0usize, 0usize);
    for (_, expression) in unit.exprs.iter() {
        match &expression.kind {
            ExprKind::Global(name) if name == "require" => mentions += 1,
            ExprKind::Global(name) if matches!(name.as_str(), "package" | "_G" | "_ENV") => mentions += 1,
            ExprKind::Call { callee, args } if matches!(&unit.exprs[*callee].kind, ExprKind::Global(name) if name == "require") =>
            {
                let literal = args.first().map(|name| &unit.exprs[*name].kind);
                if let Some(ExprKind::String(name)) = literal {
                    plain += 1;
                    names.push(String::from_utf8_lossy(name).into_owned());
                }
            }
            _ => {}
        }
    }
    (names, mentions > plain)
}

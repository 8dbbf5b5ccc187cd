//! Script mode: one Lua file, and the files below its folder that a `require` may name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::analyze::{ScriptUnit, WorldUnit};
use crate::diagnostics::{Diagnostic, Severity};
use crate::driver::Output;
use crate::driver::front::{Front, Parsed, parsed};
use crate::driver::required::{Required, required};
use crate::emit::BrokenFile;
use crate::hir::Unit;
use crate::input::{Input, Script};
use crate::parse::{self, lexer};
use crate::resolve::Mode;
use crate::source::{FileId, SourceFile, Sources, Span};

/// Reads the script and, from it on, every module that a `require` names. Where a name is computed,
/// every Lua file below the folder is one whose path begins like the name.
pub fn front(script: &Script, input: &Input, output: &mut Output) -> Front {
    let mut search = Search {
        input,
        output,
        front: Front::default(),
        seen: BTreeSet::new(),
        beginnings: BTreeSet::new(),
        has_concat: false,
    };
    search.seen.insert(script.file.clone());
    let main = ScriptUnit { path: script.path.clone(), is_main: true };
    search.add(&script.file, &script.path, &main, false);
    loop {
        let others = search.guesses();
        if others.is_empty() {
            return search.front;
        }
        for file in others {
            search.module(&file, true);
        }
    }
}

struct Search<'a> {
    input: &'a Input,
    output: &'a mut Output,
    front: Front,
    seen: BTreeSet<String>,
    /// How the paths of modules begin whose names are computed.
    beginnings: BTreeSet<String>,
    /// Then they need not begin like that.
    has_concat: bool,
}

impl Search<'_> {
    /// The Lua files of the script's folder that a computed name may mean and that were not read yet.
    fn guesses(&self) -> Vec<String> {
        let files = self.input.roots.iter().flat_map(|root| root.files.keys());
        let files = files.filter(|file| file.ends_with(".lua") && !self.seen.contains(*file));
        let may_be_meant =
            |file: &&String| self.beginnings.iter().any(|path| self.has_concat || file.starts_with(path));
        files.filter(may_be_meant).cloned().collect()
    }

    /// Reads the module in `file`. `is_guess`: nobody is known to require it, so that its faults
    /// stop nothing.
    fn module(&mut self, file: &str, is_guess: bool) {
        if self.seen.insert(file.to_owned()) {
            let unit = ScriptUnit { path: file.to_owned(), is_main: false };
            self.add(file, &format!("./{file}"), &unit, is_guess);
        }
    }

    fn add(&mut self, file: &str, chunk: &str, script: &ScriptUnit, is_guess: bool) {
        let Some(source) = self.source(file) else { return };
        let (parsed, mut found) = parsed(chunk, source, &self.output.sources, Mode::Script);
        let has_faults = found.iter().any(Diagnostic::is_error);
        if is_guess && has_faults {
            let message = message(chunk, &parsed, &self.output.sources, &found);
            self.front.broken.push(BrokenFile { path: script.path.clone(), message });
            found.iter_mut().filter(|found| found.is_error()).for_each(never_required);
        }
        self.output.diagnostics.extend(found.into_iter().map(|found| found.entry(chunk)));
        let unit = parsed.unit.clone();
        self.front.entries.push((chunk.to_owned(), parsed));
        let Some(unit) = unit.filter(|_| !has_faults) else { return };
        let Required { names, mut beginnings, has_concat } = required(&unit);
        self.has_concat |= has_concat;
        self.beginnings.append(&mut beginnings);
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
                    self.module(&candidate, is_guess);
                    break;
                }
            }
        }
    }

    /// The file as a source; a `#` line at its start, or behind a byte order mark there, is blanked.
    fn source(&mut self, file: &str) -> Option<FileId> {
        let (root, bytes) = self.input.roots.iter().find_map(|root| Some((root, root.files.get(file)?)))?;
        let path = if root.label.is_empty() { file.to_owned() } else { format!("{}/{file}", root.label) };
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let bytes = match text.iter().position(|byte| *byte == b'\n') {
            _ if !text.starts_with(b"#") => Cow::Borrowed(bytes.as_slice()),
            None => Cow::Borrowed(&[][..]),
            Some(end) => {
                Cow::Owned([vec![b' '; end].as_slice(), text.get(end..).unwrap_or_default()].concat())
            }
        };
        Some(self.output.sources.add(SourceFile::from_bytes(path, &bytes)))
    }
}

/// A fault in a file that only a computed `require` could reach is no reason to stop.
fn never_required(fault: &mut Diagnostic) {
    fault.severity = Severity::Warning;
    fault.explanation.push_str(
        " Only a `require` of a computed name could lead to this file, so the program is built without it; \
         such a `require` raises an error.",
    );
}

/// What `require` says about a file with faults: Lua's own words, where Lua would refuse it as well.
fn message(chunk: &str, parsed: &Parsed, sources: &Sources, found: &[Diagnostic]) -> String {
    let file = sources.file(parsed.file);
    if let Some(refusal) = parse::refusal(parsed.file, &file.text) {
        return format!("{chunk}:{}: {}", refusal.line, refusal.text);
    }
    let Some(first) = found.iter().find(|found| found.is_error()) else { return chunk.to_owned() };
    let line = first.span.map_or(1, |span| sources.line(span));
    // Of a jump to nowhere Lua knows when it has read the function around it.
    let read =
        first.span.zip(parsed.unit.as_ref()).map_or(line, |(span, unit)| line_behind(unit, file, span));
    match first.code {
        "R0001" => format!("{chunk}:{read}: {}", first.title),
        "R0004" => format!("{chunk}:{read}: <break> at line {line} not inside a loop"),
        _ => format!("{chunk}:{line}: {}", first.title),
    }
}

/// The line of the word behind the innermost function around `span`.
fn line_behind(unit: &Unit, file: &SourceFile, span: Span) -> u32 {
    let around = unit.functions.iter().filter(|(id, _)| *id != unit.chunk).map(|(_, function)| function.span);
    let around = around.filter(|function| function.start <= span.start && span.end <= function.end);
    let end =
        around.min_by_key(|function| function.end - function.start).map(|function| function.end as usize);
    let tokens = lexer::tokens(&file.text);
    let next = end.and_then(|end| tokens.iter().find(|token| token.start >= end));
    let read = next.map_or(file.text.len(), |token| token.end - 1);
    file.line_column(u32::try_from(read).unwrap_or(u32::MAX)).0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::input::Root;

    fn read(files: &[(&str, &str)]) -> (Front, Vec<String>) {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
        let script = Script { path: "main.lua".to_owned(), file: "main.lua".to_owned() };
        let root = Root { files: files.collect::<BTreeMap<_, _>>(), ..Root::default() };
        let input = Input { roots: vec![root], script: Some(script), ..Input::default() };
        let mut output = Output::default();
        let front = crate::driver::front(&input, &mut output);
        let found = output.diagnostics.iter();
        (
            front,
            found.map(|found| format!("{} {:?} {}", found.code, found.severity, found.explanation)).collect(),
        )
    }

    #[test]
    fn a_broken_file_stops_the_build_only_if_a_literal_name_leads_to_it() {
        let broken =
            [("a/broken.lua", "local x = 1\nx = = 2"), ("jumps.lua", "local function f()\ngoto x\nend\n")];
        let (front, found) = read(&[&[("main.lua", "require('a.broken')")], &broken[..]].concat());
        assert!(
            front.broken.is_empty() && found.iter().any(|found| found.starts_with("P0001 Error")),
            "{found:?}"
        );
        // The file that names it is only a guess itself; that it is there is known.
        let main = [("main.lua", "require(...)"), ("names.lua", "require('a.broken')")];
        let (front, found) = read(&[&main[..], &broken[..]].concat());
        let messages: Vec<&str> = front.broken.iter().map(|file| file.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "./a/broken.lua:2: unexpected symbol near '='",
                "./jumps.lua:4: no visible label 'x' for <goto> at line 2"
            ]
        );
        assert_eq!(found.len(), 2, "{found:?}");
        let is_told =
            |found: &String| found.contains("Warning") && found.contains("such a `require` raises an error");
        assert!(found.iter().all(is_told), "{found:?}");
    }

    #[test]
    fn a_name_that_is_handed_to_pcall_is_no_computed_one() {
        let files = [("a.lua", "return 1"), ("b.lua", "return 2"), ("c.lua", "return nothing")];
        let read_by = |main: &str| {
            let (front, _) = read(&[&[("main.lua", main)], &files[..]].concat());
            front.entries.iter().map(|(chunk, _)| chunk.clone()).collect::<Vec<_>>()
        };
        let named = "print(pcall(require, 'a'), xpcall(require, print, 'b'), _G.x)";
        assert_eq!(read_by(named), ["main.lua", "./a.lua", "./b.lua"]);
        for computed in ["pcall(require, ...)", "pcall(print, require)", "_G.require('a')", "print(_G)"] {
            assert_eq!(read_by(computed).len(), 4, "{computed}");
        }
    }

    #[test]
    fn a_computed_name_means_what_begins_like_it() {
        let files = [
            ("plugins/a.lua", "return require('tools.' .. ...)"),
            ("plugins/b/init.lua", "return 2"),
            ("plug.lua", "return 3"),
            ("tools/x.lua", "return 4"),
            ("other.lua", "return 5"),
        ];
        let read_by = |main: &str| {
            let (front, _) = read(&[&[("main.lua", main)], &files[..]].concat());
            front.entries.iter().skip(1).map(|(chunk, _)| chunk.clone()).collect::<Vec<_>>()
        };
        let plugins = ["./plugins/a.lua", "./plugins/b/init.lua", "./tools/x.lua"];
        for main in [
            "require('plugins.' .. ...)",
            "require(('plugins/' .. ... .. ''))",
            "print(pcall(require, 'plugins.' .. ...))",
        ] {
            assert_eq!(read_by(main), plugins, "{main}");
        }
        assert_eq!(read_by("require('plug' .. ...)").len(), 4);
        for main in [
            "require(... .. '.a')",
            "local r = require r('plugins.' .. ...)",
            "package.path = 'lib/?.lua' require('plugins.' .. ...)",
            "local t = setmetatable({}, { __concat = print }) require('plugins.' .. t)",
        ] {
            assert_eq!(read_by(main).len(), files.len(), "{main}");
        }
    }
}

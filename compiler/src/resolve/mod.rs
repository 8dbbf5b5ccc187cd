//! What each name is: a local, an upvalue or a global. full_moon ends here; HIR comes out.

mod expression;
mod function;
mod label;
mod operator;
mod scope;
mod statement;
mod suffix;
mod typed;

use full_moon::node::Node;
use full_moon::tokenizer::{TokenReference, TokenType};

use crate::deep::with_deep_stack;
use crate::diagnostics::{Diagnostic, Severity};
use crate::hir::{Function, FunctionId, Unit, verify};
use crate::index::IdVec;
use crate::parse::Chunk;
use crate::source::{FileId, Sources, Span};

/// Resolves one parsed file. The unit is complete even where there are errors, but must then not be
/// compiled.
pub fn resolve(
    entry: &str,
    chunk: &Chunk,
    file: FileId,
    sources: &Sources,
    mode: Mode,
) -> (Unit, Vec<Diagnostic>) {
    with_deep_stack(|| {
        let resolved = |environment| {
            let mut resolver = Resolver::new(entry, chunk, file, sources, mode);
            resolver.environment = environment;
            resolver.chunk();
            resolver
        };
        let mut resolver = resolved(scope::Environment::Shared);
        // Rare: once more, now that it is known.
        while let Some(environment) = resolver.environment.refined() {
            resolver = resolved(environment);
        }
        if cfg!(debug_assertions) && resolver.diagnostics.is_empty() {
            let broken = verify(&resolver.unit);
            debug_assert!(broken.is_empty(), "resolve made an unsound unit: {broken:?}");
        }
        (resolver.unit, resolver.diagnostics)
    })
}

/// Whose rules hold where Lua 5.3 and applications differ.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// In `local f = function ... end` the function sees itself as `f`.
    Application,
    /// There it sees the `f` from outside: `local print = function(...) print("log", ...) end`.
    Script,
}

/// The state of one resolution.
struct Resolver<'a> {
    mode: Mode,
    unit: Unit,
    chunk: &'a Chunk,
    file: FileId,
    source: &'a str,
    sources: &'a Sources,
    current: FunctionId,
    /// The functions being resolved, outermost first.
    frames: Vec<scope::Frame>,
    /// For each name the locals in scope that bear it, innermost last, with the depth of the frame
    /// that declares them.
    bindings: scope::Bindings,
    /// Up to here the `typeof`s of type declarations were read.
    resolved_to: u32,
    environment: scope::Environment,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Resolver<'a> {
    fn new(entry: &str, chunk: &'a Chunk, file: FileId, sources: &'a Sources, mode: Mode) -> Self {
        let source = sources.file(file).text.as_str();
        let mut functions = IdVec::new();
        let main = functions.push(Function {
            name: None,
            parent: None,
            params: Vec::new(),
            is_vararg: true,
            captures: Vec::new(),
            body: Vec::new(),
            span: Span::new(file, 0, source.len()),
            result_types: None,
            type_parameters: Vec::new(),
            vararg_type: None,
        });
        let unit = Unit {
            entry: entry.to_owned(),
            file,
            functions,
            locals: IdVec::new(),
            exprs: IdVec::new(),
            labels: IdVec::new(),
            loops: IdVec::new(),
            chunk: main,
            types: chunk.notes.declarations.clone(),
            casts: Vec::new(),
        };
        Self {
            mode,
            unit,
            chunk,
            file,
            source,
            sources,
            current: main,
            frames: Vec::new(),
            bindings: scope::Bindings::default(),
            resolved_to: 0,
            environment: scope::Environment::Shared,
            diagnostics: Vec::new(),
        }
    }

    fn chunk(&mut self) {
        let main = self.current;
        self.frames.push(scope::Frame::new(main));
        let body = self.chunk.block().map(|block| self.block(block)).unwrap_or_default();
        self.close_frame();
        self.unit.functions[main].body = body;
        self.ambiguous_calls();
        self.diagnostics.sort_by_key(|found| found.span.map_or(0, |span| span.start));
    }

    /// Brackets that begin a line and call what stands above it. Applications must say what they mean;
    /// Lua 5.3 always reads a call, so that a script gets a warning alone.
    fn ambiguous_calls(&mut self) {
        let severity = if self.mode == Mode::Script { Severity::Warning } else { Severity::Error };
        let found = self.chunk.notes.ambiguous_calls.iter().map(|span| {
            let mut found =
                Diagnostic::error("P0008", Some(*span), "ambiguous syntax (function call x new statement)")
                    .label("does this call what stands above?")
                    .explain("A line that begins with `(` behind a call could go on with that call or begin a statement of its own.")
                    .hint("Put a `;` before the bracket to begin a statement, or move it to the line above to call.");
            found.severity = severity;
            found
        });
        self.diagnostics.extend(found);
    }

    /// The bytes of a syntax node, without the white space and comments around it.
    fn span(&self, node: &impl Node) -> Span {
        let start = node.start_position().map_or(0, |position| position.bytes());
        let end = node.end_position().map_or(start, |position| position.bytes());
        Span::new(self.file, start, end)
    }

    /// The source behind a span. Literals are read from here: their tokens are stand-ins.
    fn text(&self, span: Span) -> &'a str {
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// The text of a name token.
fn name_of(token: &TokenReference) -> &str {
    match token.token_type() {
        TokenType::Identifier { identifier } => identifier.as_str(),
        _ => "",
    }
}

#[cfg(test)]
mod tests;

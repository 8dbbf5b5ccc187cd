//! What each name is: a local, an upvalue or a global. full_moon ends here; HIR comes out.

mod expression;
mod literal;
mod scope;
mod statement;

use full_moon::node::Node;

use crate::diagnostics::Diagnostic;
use crate::hir::{Function, FunctionId, Local, Unit};
use crate::index::IdVec;
use crate::parse::Chunk;
use crate::source::{FileId, Sources, Span};

/// Resolves one parsed file. The unit is complete even where there are diagnostics, but must then
/// not be compiled.
pub fn resolve(entry: &str, chunk: &Chunk, file: FileId, sources: &Sources) -> (Unit, Vec<Diagnostic>) {
    let span = Span::new(file, 0, sources.file(file).text.len());
    let mut functions = IdVec::new();
    let main = functions.push(Function {
        name: None,
        parent: None,
        params: Vec::new(),
        is_vararg: true,
        captures: Vec::new(),
        body: Vec::new(),
        span,
        result_types: None,
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
        types: Vec::new(),
    };
    let mut resolver =
        Resolver { unit, chunk, file, current: main, frames: Vec::new(), diagnostics: Vec::new() };
    resolver.frames.push(scope::Frame::new(main));
    let body = resolver.block(chunk.ast.nodes());
    resolver.close_frame();
    resolver.unit.functions[main].body = body;
    (resolver.unit, resolver.diagnostics)
}

/// The state of one resolution.
struct Resolver<'a> {
    unit: Unit,
    chunk: &'a Chunk,
    file: FileId,
    current: FunctionId,
    /// The functions being resolved, outermost first.
    frames: Vec<scope::Frame>,
    diagnostics: Vec<Diagnostic>,
}

impl Resolver<'_> {
    /// The bytes of a syntax node, without the white space and comments around it.
    fn span(&self, node: &impl Node) -> Span {
        let start = node.start_position().map_or(0, |position| position.bytes());
        let end = node.end_position().map_or(start, |position| position.bytes());
        Span::new(self.file, start, end)
    }

    fn new_local(&mut self, local: Local) -> crate::hir::LocalId {
        self.unit.locals.push(local)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hir::{ExprKind, StmtKind};
    use crate::source::SourceFile;

    fn resolved(text: &str) -> (Unit, Vec<&'static str>) {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("x.lua", text));
        let (chunk, faults) = crate::parse::parse(file, &sources);
        assert!(faults.is_empty(), "{faults:?}");
        let (unit, found) = resolve("app:x", &chunk.unwrap(), file, &sources);
        (unit, found.iter().map(|found| found.code).collect())
    }

    #[test]
    fn captures_go_through_every_function_between() {
        let (unit, faults) =
            resolved("local a, b = 1, 2\nlocal function f() return function() a = b end end");
        assert!(faults.is_empty());
        let captures: Vec<_> = unit.functions.iter().map(|(_, function)| function.captures.len()).collect();
        assert_eq!(captures, [0, 2, 2]);
        let flags: Vec<_> = unit
            .locals
            .iter()
            .map(|(_, local)| (local.is_captured, local.is_reassigned, local.is_read))
            .collect();
        assert_eq!(flags, [(true, true, false), (true, false, true), (false, false, false)]);
    }

    #[test]
    fn concatenation_chains_are_flat_and_constant_keys_are_fields() {
        let (unit, _) = resolved("return a .. b .. c .. 1, t['k']");
        let StmtKind::Return(values) = &unit.functions[unit.chunk].body[0].kind else { panic!() };
        assert!(matches!(&unit.exprs[values[0]].kind, ExprKind::Concat(parts) if parts.len() == 4));
        assert!(matches!(&unit.exprs[values[1]].kind, ExprKind::Field { name, .. } if name == "k"));
    }

    #[test]
    fn labels_gotos_breaks_and_varargs_follow_lua() {
        let cases: [(&str, &[&str]); 9] = [
            ("goto a; local x; ::a::", &[]),
            ("goto a; local x; ::a:: f()", &["R0003"]),
            ("goto nowhere", &["R0001"]),
            ("::a:: ::a::", &["R0002"]),
            ("do ::a:: end ::a::", &[]),
            ("break", &["R0004"]),
            ("local function f() return ... end", &["R0005"]),
            ("while x do goto continue; local y = 1; ::continue:: end", &[]),
            ("local x <const> = 1; x = 2", &["R0006"]),
        ];
        for (text, codes) in cases {
            assert_eq!(resolved(text).1, codes, "{text}");
        }
    }
}

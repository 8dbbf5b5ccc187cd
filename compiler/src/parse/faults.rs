//! One diagnostic for each fault: what full_moon found, freed of what only follows from it.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::diagnostics::Diagnostic;
use crate::parse::cursor::shortened;
use crate::parse::prepass::{Prepared, is_decrement, no_decrement};
use crate::source::{FileId, Span};

/// What full_moon found, as bytes and words.
pub struct Fault {
    start: usize,
    end: usize,
    message: String,
}

impl Fault {
    pub fn new(error: &full_moon::Error) -> Fault {
        let (start, end) = error.range();
        Fault { start: start.bytes(), end: end.bytes(), message: error.error_message().into_owned() }
    }

    /// A byte of the statement at fault.
    fn place(&self) -> usize {
        // Here full_moon points at what follows the statement.
        if self.is_no_statement() { self.start.saturating_sub(1) } else { self.start }
    }

    fn is_no_statement(&self) -> bool {
        self.message.starts_with("unexpected expression when looking")
    }

    /// What full_moon says when it has lost its way: blocks are known to match, so this follows
    /// from another fault.
    fn follows(&self) -> bool {
        self.message.starts_with("expected `end`")
            || self.message.starts_with("unexpected statement after")
            || self.message.ends_with("this needs to be a statement")
    }
}

/// All diagnostics of a file, in the order of the text.
///
/// The pre-pass's own are kept. Of full_moon's, the first of each outermost statement is kept if
/// nothing was found before it there: having met a fault, it goes on in the middle of things.
pub fn diagnose(file: FileId, source: &str, prepared: &Prepared, faults: Vec<Fault>) -> Vec<Diagnostic> {
    let mut diagnostics = prepared.diagnostics.clone();
    let statement_of = |at: usize| prepared.statements.partition_point(|start| *start <= at);
    let outer_of = |at: usize| prepared.outer_statements.partition_point(|start| *start <= at);
    let places: Vec<usize> =
        diagnostics.iter().filter_map(|found| found.span).map(|span| span.start as usize).collect();
    let blamed: BTreeSet<usize> = places.iter().map(|at| statement_of(*at)).collect();
    let mut reported = BTreeSet::new();
    for fault in &faults {
        let place = fault.place();
        let outer = outer_of(place);
        let is_known = prepared.given_up_at.is_some_and(|from| fault.start >= from)
            || blamed.contains(&statement_of(place))
            || places.iter().any(|at| *at <= place && outer_of(*at) == outer)
            || (fault.follows() && !(places.is_empty() && reported.is_empty()));
        if !is_known && reported.insert(outer) {
            diagnostics.push(explained(file, source, prepared, fault));
        }
    }
    if diagnostics.is_empty()
        && let Some(fault) = faults.first()
    {
        diagnostics.push(explained(file, source, prepared, fault));
    }
    diagnostics.sort_by_key(|found| found.span.map_or(0, |span| span.start));
    diagnostics
}

/// A call whose arguments go on with something else: full_moon points at where they begin, Lua at what
/// it stumbles over.
fn open_call(file: FileId, source: &str, prepared: &Prepared, fault: &Fault) -> Option<Diagnostic> {
    if !fault.message.starts_with("expected `)` to close function call") {
        return None;
    }
    let refusal = super::refusal(file, source)?;
    let outer_of = |at: usize| prepared.outer_statements.partition_point(|start| *start <= at);
    let Range { start, end } = refusal.token;
    let token = source.get(start..end).filter(|token| !token.is_empty())?;
    if start < fault.start || outer_of(start) != outer_of(fault.start) {
        return None;
    }
    let hint = match token {
        "=" => "Values are compared with `==`; arguments have no names, a table of options has: `f{a = 1}`.",
        _ => "Arguments are separated by commas, and strings are joined with `..`.",
    };
    let found = Diagnostic::error(
        "P0001",
        Some(Span::new(file, start, end)),
        format!("syntax error: `)` expected before `{}`", shortened(token)),
    );
    Some(
        found
            .explain("The arguments of the call are complete, and its parenthesis is still open.")
            .hint(hint)
            .related(Span::new(file, fault.start, fault.end), "opened here"),
    )
}

fn explained(file: FileId, source: &str, prepared: &Prepared, fault: &Fault) -> Diagnostic {
    if let Some(open) = open_call(file, source, prepared, fault) {
        return open;
    }
    let text = source.get(fault.start..fault.end).unwrap_or_default().trim();
    let found =
        if text.is_empty() { "the end of the file".to_owned() } else { format!("`{}`", shortened(text)) };
    let message = fault.message.trim_end_matches('.');
    let mut start = fault.start;
    if let Some(found) = decrement(file, source, prepared, fault) {
        return found;
    }
    let (title, explanation, hint) = if fault.is_no_statement() {
        let at = prepared.statements.partition_point(|start| *start < fault.start);
        start = at.checked_sub(1).and_then(|at| prepared.statements.get(at)).copied().unwrap_or(fault.start);
        (
            "this expression is no statement".to_owned(),
            "A statement is a call, an assignment, or begins with a reserved word.".to_owned(),
            "A value alone does nothing: call it, assign it or return it.",
        )
    } else if message.starts_with("expected arguments after") {
        (
            format!("{found} is not called"),
            "A colon calls a method; it is never a field by itself.".to_owned(),
            "Add the arguments in parentheses, or use a dot for a field.",
        )
    } else if message.starts_with("expected `,` after start") {
        (
            format!("`,` expected before {found}"),
            "A loop that counts needs a first and a last number: `for i = first, last do`.".to_owned(),
            "Add the last number; a third one would be the step.",
        )
    } else if message.starts_with("expected `in` after") {
        (
            format!("`=` or `in` expected before {found}"),
            "The variables of a loop are followed by what it runs over.".to_owned(),
            "Write `for i = first, last do`, or `for key, value in pairs(t) do`.",
        )
    } else if text == "=" {
        (
            "cannot assign to this expression".to_owned(),
            "A value is assigned to a variable or to a field of a table.".to_owned(),
            "Values are compared with `==`.",
        )
    } else {
        (
            format!("unexpected {found}"),
            format!("Lua's grammar does not allow this here: {message}."),
            "Look at the word before it as well: something may be missing between the two.",
        )
    };
    let end = if start < fault.start { fault.start } else { fault.end };
    let end = start + source.get(start..end).unwrap_or_default().trim_end().len();
    Diagnostic::error("P0001", Some(Span::new(file, start, end)), format!("syntax error: {title}"))
        .explain(explanation)
        .hint(hint)
}

/// `t.n--`: an expression alone, and a comment without a word.
fn decrement(file: FileId, source: &str, prepared: &Prepared, fault: &Fault) -> Option<Diagnostic> {
    if !fault.is_no_statement() {
        return None;
    }
    let end = source.get(..fault.start)?.trim_end().rfind("--")?;
    let at = prepared.statements.partition_point(|start| *start < end);
    let start = *prepared.statements.get(at.checked_sub(1)?)?;
    let place = source.get(start..end).filter(|place| is_decrement(source, end) && !place.contains('\n'))?;
    Some(no_decrement(Span::new(file, end, end + 2), place))
}

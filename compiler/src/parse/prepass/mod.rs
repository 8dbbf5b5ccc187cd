//! The pre-pass: one walk over the tokens, from left to right, before full_moon.
//!
//! It takes out what full_moon does not know (types, casts, attributes, type declarations, empty
//! statements), hands every type to the type parser, and finds the faults that full_moon reports
//! badly or not at all: brackets and blocks that do not match, forms of other dialects, nesting
//! that would overflow its recursion. It builds no tree. All it knows of grammar is which blocks
//! and brackets are open, and whether the token before ended an operand.

mod balance;
mod casts;
mod counting;
mod declarations;
mod fields;
mod foreign;
mod functions;
mod headers;
mod lexical;
mod operands;
mod slashes;
mod symbols;
mod words;

use crate::diagnostics::Diagnostic;
use crate::parse::cursor::Cursor;
use crate::parse::lexer::{Token, TokenKind};
use crate::parse::notes::Notes;
use crate::parse::stand_in::{self, Shown};
use crate::source::{FileId, Span};
use balance::{Open, Suspect};
pub use counting::{is_decrement, no_decrement};
use slashes::no_comment;

/// What the pre-pass leaves to full_moon and to resolve.
pub struct Prepared {
    /// The text for full_moon, byte for byte as long as the source; absent where it must not be read.
    pub text: Option<String>,
    /// The tokens, and what full_moon sees of them. One that a list of types shares with an operator,
    /// as the second half of `>>`, has shrunk.
    pub tokens: Vec<Token>,
    pub shown: Vec<Shown>,
    pub notes: Notes,
    pub diagnostics: Vec<Diagnostic>,
    /// The first bytes of all statements that were seen.
    pub statements: Vec<usize>,
    /// Of these, the ones in no block but the file's own.
    pub outer_statements: Vec<usize>,
    /// From here on nothing was looked at: blocks or brackets do not match.
    pub given_up_at: Option<usize>,
}

/// Walks over `tokens`.
pub fn prepare(file: FileId, source: &str, tokens: Vec<Token>) -> Prepared {
    let mut prepass = Prepass {
        shown: vec![Shown::AsItIs; tokens.len()],
        cursor: Cursor::new(file, source, tokens),
        before: Before::Statement,
        cast: None,
        cast_chain: None,
        has_returned: false,
        open: Vec::new(),
        operators: vec![0],
        pending_operators: 0,
        line_first: 0,
        suspect: None,
        statements: Vec::new(),
        outer_statements: Vec::new(),
        patches: Vec::new(),
        notes: Notes::default(),
        diagnostics: Vec::new(),
        stop: None,
        faulty: None,
        line_slashes: None,
        slashes: None,
    };
    let is_readable = prepass.lexical();
    if is_readable {
        prepass.walk();
    }
    prepass.finish(is_readable)
}

/// What the token before the current one was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// The end of a statement, or something only a statement can follow.
    Statement,
    /// The end of an operand: it may go on, or a statement may begin.
    Operand,
    /// Something that needs an operand behind it.
    Operator,
    /// Something that may have one: `return`, the bracket of a call, the comma in a table.
    Opening,
    /// `.` or `:`, which need a name.
    Member,
}

/// Why the walk ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// Blocks do not match from this byte on.
    Unbalanced(usize),
    /// full_moon must not see this.
    TooDeep,
}

/// A cast that ended right before the current token.
#[derive(Clone, Copy)]
struct LastCast {
    /// Its first byte, where a `;` may be put.
    start: usize,
    is_assertion: bool,
}

struct Prepass<'a> {
    cursor: Cursor<'a>,
    /// What full_moon sees of the token of the same index.
    shown: Vec<Shown>,
    before: Before,
    cast: Option<LastCast>,
    /// Where the last cast ends, and where the operand of its chain does.
    cast_chain: Option<(usize, usize)>,
    /// The chunk itself has read its `return`.
    has_returned: bool,
    open: Vec<Open>,
    /// Operators of the expression being read, for each open block and bracket and the chunk.
    operators: Vec<usize>,
    /// Their sum.
    pending_operators: usize,
    /// The first token of the current line.
    line_first: usize,
    suspect: Option<Suspect>,
    statements: Vec<usize>,
    outer_statements: Vec<usize>,
    /// Texts that full_moon reads instead of the source's.
    patches: Vec<(usize, &'static str)>,
    notes: Notes,
    diagnostics: Vec<Diagnostic>,
    stop: Option<Stop>,
    /// The number of the last statement with a syntax error.
    faulty: Option<usize>,
    /// The index of the first `//` behind a value on the current line.
    line_slashes: Option<usize>,
    /// The index of a `//` that was meant to begin a comment, until the rest of the line is skipped.
    slashes: Option<usize>,
}

impl Prepass<'_> {
    fn walk(&mut self) {
        while let Some(token) = self.cursor.peek(0) {
            if token.starts_line {
                self.line_first = self.cursor.at;
                self.line_slashes = None;
            }
            let cast = self.cast.take();
            match token.kind {
                TokenKind::Name => self.name(),
                TokenKind::Keyword => self.keyword(),
                TokenKind::Symbol => self.symbol(cast),
                TokenKind::Number | TokenKind::String => {
                    if let Some(cast) = cast
                        && token.kind == TokenKind::String
                    {
                        self.cast_is_called(cast);
                    }
                    let follows_call = token.kind == TokenKind::String && self.before == Before::Operand;
                    if follows_call {
                        self.count_operator(token);
                    }
                    self.value(follows_call);
                }
                TokenKind::Invalid(_) => self.drop_token(),
            }
            if let Some(slashes) = self.slashes.take() {
                self.stop = self.stop.filter(|stop| *stop == Stop::TooDeep);
                self.skip_comment(slashes);
            }
            if self.stop.is_some() {
                return;
            }
        }
        self.check_operand_before_end();
        self.check_all_closed();
    }

    fn finish(mut self, is_readable: bool) -> Prepared {
        let given_up_at = match self.stop {
            Some(Stop::Unbalanced(at)) => Some(at),
            _ => None,
        };
        let may_be_read = is_readable && self.stop != Some(Stop::TooDeep);
        let text = may_be_read.then(|| {
            self.patches.sort_unstable();
            stand_in::build(self.cursor.source, &self.cursor.tokens, &self.shown, &self.patches)
        });
        Prepared {
            text,
            tokens: self.cursor.tokens,
            shown: self.shown,
            notes: Notes { typeofs: self.cursor.typeofs, ..self.notes },
            diagnostics: self.diagnostics,
            statements: self.statements,
            outer_statements: self.outer_statements,
            given_up_at,
        }
    }

    fn span_of(&self, token: Token) -> Span {
        Span::new(self.cursor.file, token.start, token.end)
    }

    /// Reports a fault. Of syntax errors a statement has one: others follow from it.
    fn report(&mut self, mut found: Diagnostic) {
        if let Some(slashes) = self.slashes_before(&found) {
            if self.slashes.replace(slashes) == Some(slashes) {
                return;
            }
            let token = self.cursor.tokens.get(slashes).copied();
            found = no_comment(token.map_or(self.cursor.span(), |token| self.span_of(token)));
        }
        if found.code == "P0001" && self.faulty.replace(self.statements.len()) == Some(self.statements.len())
        {
            return;
        }
        self.diagnostics.push(found);
    }

    /// Hides the tokens from `from` up to the current one from full_moon.
    fn drop_from(&mut self, from: usize) {
        for shown in self.shown.get_mut(from..self.cursor.at).into_iter().flatten() {
            *shown = Shown::Hidden;
        }
    }

    /// Takes the current token and hides it.
    fn drop_token(&mut self) {
        self.cursor.bump();
        self.drop_from(self.cursor.at.saturating_sub(1));
    }

    /// Whether statements can stand here: no bracket is open inside the innermost block.
    fn in_block(&self) -> bool {
        self.open.last().is_none_or(|open| !open.is_bracket())
    }

    /// Whether the current token can begin a statement.
    fn may_start_statement(&self) -> bool {
        self.in_block() && !self.in_head() && matches!(self.before, Before::Statement | Before::Operand)
    }

    /// Notes that a statement begins at the current token.
    fn statement(&mut self) {
        self.reset_operators();
        let start = self.cursor.start();
        self.statements.push(start);
        if self.open.is_empty() {
            self.outer_statements.push(start);
        }
        self.check_after_return();
    }
}

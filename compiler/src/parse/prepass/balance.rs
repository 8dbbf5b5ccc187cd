//! Which blocks and brackets are open: what does not match, and what nests too deeply.

use super::foreign::near_keyword;
use super::{Before, Prepass, Stop};
use crate::diagnostics::Diagnostic;
use crate::parse::lexer::{Token, TokenKind};

/// Open blocks and brackets beyond this are refused: full_moon and resolve recurse.
pub const MAX_DEPTH: usize = 200;
/// So many operators, indexes and calls may wait for their operands in nested expressions; one before
/// its operand counts twice, as the parser recurses deeper for it. See `deep` for the stack.
pub const MAX_OPERATORS: usize = 12_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    Paren,
    Brace,
    Bracket,
    If,
    Loop,
    Do,
    Repeat,
    Function,
}

/// A block or bracket that is open.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    pub opener: Opener,
    pub token: Token,
    /// The first token of the line it stands on.
    line_first: usize,
    /// The word that ends its head, `then` or `do`, while that is still to come.
    pub awaits: Option<&'static str>,
    /// A function that is an operand.
    pub is_operand: bool,
    /// A `return` was read in this block.
    pub has_returned: bool,
    /// The `else` of an `if` was read.
    pub has_else: bool,
}

/// A block whose `end` stands further left than the block began: perhaps its own `end` is missing.
#[derive(Clone, Copy, Debug)]
pub struct Suspect {
    opener: Token,
    end: Token,
}

impl Open {
    pub fn is_bracket(&self) -> bool {
        matches!(self.opener, Opener::Paren | Opener::Brace | Opener::Bracket)
    }

    /// What ends it.
    pub fn closer(&self) -> &'static str {
        match self.opener {
            Opener::Paren => ")",
            Opener::Brace => "}",
            Opener::Bracket => "]",
            Opener::Repeat => "until",
            _ => "end",
        }
    }
}

impl Prepass<'_> {
    /// Opens a block or bracket at `token`.
    pub(super) fn open(&mut self, opener: Opener, token: Token) {
        let line_first = self.line_first;
        let is_operand = false;
        self.open.push(Open {
            opener,
            token,
            line_first,
            awaits: None,
            is_operand,
            has_returned: false,
            has_else: false,
        });
        self.operators.push(0);
        if self.open.len() > MAX_DEPTH {
            self.too_deep(
                token,
                format!("More than {MAX_DEPTH} brackets or blocks are open here."),
                "Move the inner part into a function or a variable of its own.",
            );
        }
    }

    fn too_deep(&mut self, token: Token, explanation: String, hint: &str) {
        if self.stop.is_some() {
            return;
        }
        let span = self.span_of(token);
        self.report(
            Diagnostic::error("P0003", Some(span), "nested too deeply").explain(explanation).hint(hint),
        );
        self.stop = Some(Stop::TooDeep);
    }

    /// Counts an operator, index or call of the expression being read. Before an operand it is unary.
    pub(super) fn count_operator(&mut self, token: Token) {
        let weight = if self.before == Before::Operand { 1 } else { 2 };
        self.pending_operators += weight;
        if let Some(operators) = self.operators.last_mut() {
            *operators += weight;
        }
        if self.pending_operators > MAX_OPERATORS {
            self.too_deep(
                token,
                format!("This expression has more than {MAX_OPERATORS} operators, indexes and calls."),
                "Build the value in several statements or a loop; `table.concat` joins many strings.",
            );
        }
    }

    /// An expression ends here: its operators nest no further.
    pub(super) fn reset_operators(&mut self) {
        if let Some(operators) = self.operators.last_mut() {
            self.pending_operators -= std::mem::take(operators);
        }
    }

    fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.reset_operators();
        self.operators.pop();
        Some(open)
    }

    /// Forgets what was opened from that byte on.
    pub(super) fn close_from(&mut self, start: usize) {
        while self.open.last().is_some_and(|open| open.token.start >= start) {
            self.pop();
        }
    }

    /// `)`, `}` or `]`.
    pub(super) fn close_bracket(&mut self) {
        let Some(token) = self.cursor.peek(0) else { return };
        let text = self.cursor.text(0);
        self.check_operand();
        match self.open.last() {
            Some(open) if open.closer() == text => {
                self.pop();
                self.operand();
            }
            Some(open) if open.is_bracket() => self.unclosed_before(*open, token),
            _ => {
                let span = self.span_of(token);
                self.report(
                    Diagnostic::error(
                        "P0001",
                        Some(span),
                        format!("syntax error: `{text}` without an opening bracket"),
                    )
                    .label("nothing it could close")
                    .explain("Every closing bracket belongs to an opening one of the same block.")
                    .hint("Remove it, or add the bracket that opens."),
                );
                self.give_up(token.start);
            }
        }
    }

    /// `end` or `until`.
    pub(super) fn close_block(&mut self) {
        let Some(token) = self.cursor.peek(0) else { return };
        let text = self.cursor.text(0);
        let Some(open) = self.open.last().copied() else {
            let span = self.span_of(token);
            self.report(
                Diagnostic::error("P0001", Some(span), format!("syntax error: `{text}` without a block"))
                    .label("no block is open here")
                    .explain("All blocks above are closed already.")
                    .hint("There is one too many, or a block's beginning is missing above."),
            );
            return self.give_up(token.start);
        };
        // Where no such word stands one was meant.
        if open.closer() != text && token.kind == TokenKind::Keyword {
            return self.unclosed_before(open, token);
        }
        if open.awaits.is_some() {
            self.end_of_head_missing();
        }
        self.suspect_indentation(open, token);
        self.pop();
        if self.open.is_empty() {
            self.suspect = None;
        }
        self.cursor.bump();
        self.before = match open.opener {
            Opener::Repeat => Before::Operator,
            Opener::Function if open.is_operand => Before::Operand,
            _ => Before::Statement,
        };
    }

    /// Remembers the first block whose `end` is indented less than its beginning.
    fn suspect_indentation(&mut self, open: Open, end: Token) {
        if self.suspect.is_some() || !end.starts_line {
            return;
        }
        let Some(first) = self.cursor.tokens.get(open.line_first) else { return };
        if self.indentation(end) < self.indentation(*first) {
            self.suspect = Some(Suspect { opener: open.token, end });
        }
    }

    /// The bytes before a token that starts a line.
    fn indentation(&self, token: Token) -> usize {
        let before = self.cursor.source.get(..token.start).unwrap_or_default();
        before.len() - before.rfind(['\n', '\r']).map_or(0, |at| at + 1)
    }

    /// `token` cannot follow while `open` is open.
    pub(super) fn unclosed_before(&mut self, open: Open, token: Token) {
        let found = token.text(self.cursor.source);
        let (word, closer) = (open.token.text(self.cursor.source), open.closer());
        let (span, opened) = (self.span_of(token), self.span_of(open.token));
        self.report(
            Diagnostic::error(
                "P0001",
                Some(span),
                format!("syntax error: `{closer}` expected before `{found}`"),
            )
            .label(format!("`{closer}` is missing before this"))
            .explain(format!("The `{word}` above is still open, and `{found}` cannot stand inside it."))
            .hint(format!("Close it with `{closer}`."))
            .related(opened, format!("this `{word}` is open")),
        );
        self.give_up(token.start);
    }

    /// At the end of the file.
    pub(super) fn check_all_closed(&mut self) {
        let Some(open) = self.open.last().copied() else { return };
        let (word, closer) = (open.token.text(self.cursor.source), open.closer());
        let opened = self.span_of(open.token);
        let title = format!("syntax error: `{closer}` expected at the end of the file");
        let found = match self.suspect {
            Some(suspect) if !open.is_bracket() => {
                let likely = suspect.opener.text(self.cursor.source);
                let end = self.span_of(suspect.end);
                Diagnostic::error("P0001", Some(self.span_of(suspect.opener)), title)
                    .label(format!("this `{likely}` may lack its own `{closer}`"))
                    .explain("One block is not closed. By the indentation it is this one: the word that closes it stands further left.")
                    .hint(format!("Close the `{likely}` with `{closer}`."))
                    .related(end, "closed here")
                    .related(opened, format!("this `{word}` is then left open"))
            }
            _ => Diagnostic::error("P0001", Some(opened), title)
                .label(format!("this `{word}` is never closed"))
                .explain("The file ends while it is still open.")
                .hint(format!("Close it with `{closer}`.")),
        };
        self.report(found);
        self.give_up(self.cursor.source.len());
    }

    /// What follows cannot be told apart any more.
    pub(super) fn give_up(&mut self, at: usize) {
        let outermost = self.open.first().map_or(at, |open| open.token.start);
        self.stop = Some(Stop::Unbalanced(outermost.min(at)));
    }

    /// Whether the innermost block, or the chunk, has read its `return`.
    pub(super) fn returned(&mut self) -> &mut bool {
        self.open.last_mut().map_or(&mut self.has_returned, |open| &mut open.has_returned)
    }

    /// A statement behind `return` in the same block.
    pub(super) fn check_after_return(&mut self) {
        if !std::mem::take(self.returned()) {
            return;
        }
        let word = self.cursor.text(0);
        if self.cursor.is_name(0) && self.may_close() && near_keyword(word, &["end"]).is_some() {
            // A slip, which is reported as one.
            return;
        }
        let span = self.cursor.span();
        self.report(
            Diagnostic::error(
                "P0001",
                Some(span),
                "syntax error: `return` must be the last statement of its block",
            )
            .label("this can never run")
            .explain("A `return` ends its block; nothing but the end of the block may follow it.")
            .hint("Remove what follows, or write `do return end` to leave early."),
        );
    }
}

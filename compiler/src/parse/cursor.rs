//! A position in the tokens of one file, shared by the pre-pass and the type parser.

use crate::diagnostics::Diagnostic;
use crate::parse::lexer::{Token, TokenKind};
use crate::source::{FileId, Span};

/// A part that was read, or the one fault that stopped it.
pub type Parsed<T> = Result<T, Box<Diagnostic>>;

pub struct Cursor<'a> {
    pub file: FileId,
    pub source: &'a str,
    pub tokens: Vec<Token>,
    /// The index of the current token.
    pub at: usize,
    /// Where the last token that was taken ends.
    pub taken_to: usize,
    /// The expressions inside `typeof(...)` so far.
    pub typeofs: Vec<Span>,
}

impl<'a> Cursor<'a> {
    pub fn new(file: FileId, source: &'a str, tokens: Vec<Token>) -> Self {
        Self { file, source, tokens, at: 0, taken_to: 0, typeofs: Vec::new() }
    }

    /// The token `ahead` places behind the current one.
    pub fn peek(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    /// Its text; empty at the end of the file.
    pub fn text(&self, ahead: usize) -> &'a str {
        self.peek(ahead).map_or("", |token| token.text(self.source))
    }

    pub fn kind(&self, ahead: usize) -> Option<TokenKind> {
        self.peek(ahead).map(|token| token.kind)
    }

    pub fn is_name(&self, ahead: usize) -> bool {
        self.kind(ahead) == Some(TokenKind::Name)
    }

    /// The token before the current one.
    pub fn before(&self) -> Option<Token> {
        self.tokens.get(self.at.checked_sub(1)?).copied()
    }

    pub fn is(&self, text: &str) -> bool {
        self.text(0) == text
    }

    /// Whether a line ends between the token before and the current one.
    pub fn starts_line(&self) -> bool {
        self.peek(0).is_none_or(|token| token.starts_line)
    }

    /// The first byte of the current token; the end of the text behind the last one.
    pub fn start(&self) -> usize {
        self.peek(0).map_or(self.source.len(), |token| token.start)
    }

    pub fn bump(&mut self) {
        if let Some(token) = self.peek(0) {
            self.taken_to = token.end;
            self.at += 1;
        }
    }

    /// Takes the current token if it reads `text`.
    pub fn take(&mut self, text: &str) -> bool {
        let is_there = self.is(text);
        if is_there {
            self.bump();
        }
        is_there
    }

    /// Takes the first byte of the current token and leaves the rest as a token of its own: `>>`
    /// closes two lists of types.
    pub fn take_byte(&mut self) {
        let Some(token) = self.tokens.get_mut(self.at) else { return };
        token.start += 1;
        token.starts_line = false;
        self.taken_to = token.start;
    }

    /// From `start` to the end of what was taken last.
    pub fn span_from(&self, start: usize) -> Span {
        Span::new(self.file, start, self.taken_to)
    }

    /// The current token; the last one at the end of the file.
    pub fn span(&self) -> Span {
        match self.peek(0).or_else(|| self.tokens.last().copied()) {
            Some(token) => Span::new(self.file, token.start, token.end),
            None => Span::new(self.file, 0, 0),
        }
    }

    /// How the current token reads in a sentence.
    pub fn described(&self) -> String {
        match self.peek(0) {
            None => "the end of the file".to_owned(),
            Some(token) => format!("`{}`", shortened(token.text(self.source))),
        }
    }
}

/// The first line of a text, cut to what fits a message.
pub fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}

//! The pre-pass: takes out of the text what full_moon does not know, at equal length, and refuses
//! early what would hurt it.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::parse::Attribute;
use crate::parse::lexer::{Token, TokenKind, tokens};
use crate::source::{FileId, Span};

/// Nesting beyond this is refused: the parser recurses.
const MAX_DEPTH: usize = 200;
/// So many operators of one expression are let through: right-associative ones nest.
const MAX_OPERATORS: usize = 2000;

/// The text for full_moon and what was taken out of it.
pub struct Prepared {
    pub text: String,
    pub attributes: BTreeMap<usize, Attribute>,
    pub diagnostics: Vec<Diagnostic>,
}

pub fn prepare(file: FileId, source: &str) -> Prepared {
    let tokens = tokens(source);
    let mut prepass =
        Prepass { file, source, blanks: Vec::new(), attributes: BTreeMap::new(), diagnostics: Vec::new() };
    if source.starts_with('\u{feff}') {
        prepass.blanks.push((0, 3));
    }
    prepass.refuse(&tokens);
    prepass.check_depth(&tokens);
    prepass.attributes(&tokens);
    prepass.empty_statements(&tokens);
    let text = prepass.blanked();
    Prepared { text, attributes: prepass.attributes, diagnostics: prepass.diagnostics }
}

struct Prepass<'a> {
    file: FileId,
    source: &'a str,
    /// Byte ranges to blank.
    blanks: Vec<(usize, usize)>,
    attributes: BTreeMap<usize, Attribute>,
    diagnostics: Vec<Diagnostic>,
}

impl Prepass<'_> {
    fn text(&self, tokens: &[Token], at: usize) -> &str {
        tokens.get(at).map_or("", |token| token.text(self.source))
    }

    fn refuse(&mut self, tokens: &[Token]) {
        for token in tokens {
            let span = Span::new(self.file, token.start, token.end);
            let text = token.text(self.source);
            let diagnostic = match token.kind {
                TokenKind::Invalid(title) => Diagnostic::error("P0002", Some(span), title)
                    .explain("No word of Lua looks like this, so the text behind it cannot be read either.")
                    .hint("Close the string or comment, or remove the character."),
                TokenKind::Symbol if matches!(text, "!" | "@" | "?" | "?:" | "->") => Diagnostic::error(
                    "P0004",
                    Some(span),
                    format!("`{text}` belongs to typed syntax"),
                )
                .explain(
                    "Annotated types are part of the language, but this compiler does not read them yet.",
                )
                .hint("Remove the annotation for now: it changes nothing at run time."),
                _ => continue,
            };
            self.diagnostics.push(diagnostic);
        }
    }

    fn check_depth(&mut self, tokens: &[Token]) {
        let (mut depth, mut operators) = (0usize, 0usize);
        for token in tokens {
            match token.text(self.source) {
                "(" | "{" | "[" | "function" | "if" | "do" | "repeat" => depth += 1,
                ")" | "}" | "]" | "end" | "until" => depth = depth.saturating_sub(1),
                "not" | "-" | "~" | "#" | "^" | ".." => operators += 1,
                "=" | ";" | "," | "local" | "return" | "then" => operators = 0,
                _ => {}
            }
            if depth > MAX_DEPTH || operators > MAX_OPERATORS {
                let span = Span::new(self.file, token.start, token.end);
                self.diagnostics.push(
                    Diagnostic::error("P0003", Some(span), "nested too deeply")
                        .explain(format!("More than {MAX_DEPTH} brackets or blocks are open here."))
                        .hint("Move the inner part into a function or a variable of its own."),
                );
                return;
            }
        }
    }

    /// `local x <const>`: the attribute is remembered and blanked.
    fn attributes(&mut self, tokens: &[Token]) {
        for at in 1..tokens.len() {
            if self.text(tokens, at) != "<" || self.text(tokens, at + 2) != ">" || !self.in_local(tokens, at)
            {
                continue;
            }
            let attribute = match self.text(tokens, at + 1) {
                "const" => Attribute::Const,
                "close" => Attribute::Close,
                _ => continue,
            };
            if let (Some(name), Some(open), Some(close)) =
                (tokens.get(at - 1), tokens.get(at), tokens.get(at + 2))
            {
                self.attributes.insert(name.start, attribute);
                self.blanks.push((open.start, close.end));
            }
        }
    }

    /// Whether the token before `at` is a name in the list of a `local` statement.
    fn in_local(&self, tokens: &[Token], mut at: usize) -> bool {
        loop {
            let (Some(name), Some(before)) = (at.checked_sub(1), at.checked_sub(2)) else { return false };
            if tokens.get(name).is_none_or(|token| token.kind != TokenKind::Name) {
                return false;
            }
            match self.text(tokens, before) {
                "local" => return true,
                // `local a <const>, b <close>`: step over the attribute of the variable before.
                "," if before > 3 && self.text(tokens, before - 1) == ">" => at = before - 3,
                "," => at = before,
                _ => return false,
            }
        }
    }

    /// Blanks each `;` that follows no statement.
    fn empty_statements(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            if token.text(self.source) != ";" || token.kind != TokenKind::Symbol {
                continue;
            }
            let before = at.checked_sub(1).map_or("", |before| self.text(tokens, before));
            let is_empty = matches!(before, "" | ";" | "do" | "then" | "else" | "repeat" | "::");
            if is_empty || (before == ")" && self.closes_parameters(tokens, at - 1)) {
                self.blanks.push((token.start, token.end));
            }
        }
    }

    /// Whether the `)` at `at` ends the parameter list of a function.
    fn closes_parameters(&self, tokens: &[Token], at: usize) -> bool {
        let mut depth = 0usize;
        let open = (0..=at).rev().find(|at| {
            match self.text(tokens, *at) {
                ")" => depth += 1,
                "(" => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let head = tokens.get(..open.unwrap_or(0)).unwrap_or_default();
        // Over the dotted name of a declaration.
        let is_part = |token: &&Token| {
            let text = token.text(self.source);
            text == "." || text == ":" || (token.kind == TokenKind::Name && text != "function")
        };
        head.iter()
            .rev()
            .find(|token| !is_part(token))
            .is_some_and(|token| token.text(self.source) == "function")
    }

    fn blanked(&self) -> String {
        let mut bytes = self.source.as_bytes().to_vec();
        for (start, end) in &self.blanks {
            for byte in bytes.get_mut(*start..*end).into_iter().flatten() {
                if !matches!(byte, b'\n' | b'\r') {
                    *byte = b' ';
                }
            }
        }
        // Whole characters were blanked, so this is still UTF-8.
        String::from_utf8(bytes).unwrap_or_default()
    }
}

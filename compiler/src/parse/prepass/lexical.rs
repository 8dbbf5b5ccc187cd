//! Faults of single tokens: characters, strings, numbers and escapes. All of them are reported.

use super::Prepass;
use crate::diagnostics::Diagnostic;
use crate::parse::cursor::shortened;
use crate::parse::lexer::{Invalid, Token, TokenKind};
use crate::parse::literal;
use crate::source::Span;

impl Prepass<'_> {
    /// Looks at every token alone. False: the text cannot be read any further.
    pub(super) fn lexical(&mut self) -> bool {
        let mut is_readable = true;
        for at in 0..self.cursor.tokens.len() {
            let Some(token) = self.cursor.tokens.get(at).copied() else { continue };
            let text = token.text(self.cursor.source);
            match token.kind {
                TokenKind::Invalid(reason) => {
                    is_readable = false;
                    self.invalid(token, text, reason);
                }
                TokenKind::Number if literal::number(text).is_none() => self.malformed_number(token, text),
                TokenKind::String => {
                    if let Err(wrong) = literal::string(text) {
                        self.malformed_escape(token, wrong);
                    }
                }
                _ => {}
            }
        }
        is_readable
    }

    fn invalid(&mut self, token: Token, text: &str, reason: Invalid) {
        let (title, explanation, hint) = match reason {
            Invalid::Character => return self.invalid_character(token, text),
            Invalid::Backticks => (
                "Lua has no strings in backticks",
                "Values are not written inside a string.",
                "Use quotes, and `..` or `string.format` to put values in.",
            ),
            Invalid::UnfinishedString => (
                "unfinished string",
                "A string in quotes ends on the line it begins on.",
                "Add the closing quote; for text of several lines use `[[` and `]]`.",
            ),
            Invalid::UnfinishedLongString => (
                "unfinished long string",
                "A long string ends with the same number of `=` between its brackets as it began with.",
                "Add the closing bracket.",
            ),
            Invalid::UnfinishedComment => (
                "unfinished long comment",
                "A long comment ends with the same number of `=` between its brackets as it began with.",
                "Add the closing bracket.",
            ),
            Invalid::LongBracket => (
                "invalid long string delimiter",
                "`[=` begins a long string `[=[ ... ]=]` and nothing else.",
                "Complete the bracket, or remove the `=`.",
            ),
        };
        // The opening alone: what follows may be the whole file.
        let line = text.lines().next().unwrap_or_default();
        let end = token.start + line.char_indices().nth(20).map_or(line.len(), |(at, _)| at);
        let span = Span::new(self.cursor.file, token.start, end);
        self.report(Diagnostic::error("P0002", Some(span), title).explain(explanation).hint(hint));
    }

    fn invalid_character(&mut self, token: Token, text: &str) {
        let span = self.span_of(token);
        let escaped = |letter: char| match crate::source::byte_of(letter) {
            Some(byte) => format!("\\x{byte:02X}"),
            None => letter.escape_default().to_string(),
        };
        let shown: String = text.chars().take(12).map(escaped).collect();
        let shown = if text.chars().all(char::is_alphanumeric) { text } else { &shown };
        let (explanation, hint) = match text.chars().next() {
            Some('\u{2018}'..='\u{201f}') => {
                ("These are typographic quotation marks.", "Use plain quotes: \" or '.")
            }
            Some('\u{a0}' | '\u{200b}' | '\u{feff}') => {
                ("This looks like a blank but is another character.", "Replace it with an ordinary blank.")
            }
            Some('\\') => ("A backslash has a meaning only inside strings.", "Remove it."),
            _ => (
                "Outside strings and comments Lua is written in ASCII; names consist of letters, digits and `_`.",
                "Remove or replace it.",
            ),
        };
        self.report(
            Diagnostic::error("P0002", Some(span), format!("unexpected character `{shown}`"))
                .explain(explanation)
                .hint(hint),
        );
    }

    fn malformed_number(&mut self, token: Token, text: &str) {
        let lower = text.to_ascii_lowercase();
        let hint = if text.contains('_') {
            "Lua has no digit separators: write the digits together."
        } else if lower.starts_with("0b") {
            "Lua has no binary numerals: write the number in hexadecimal, `0x..`."
        } else if text.contains("..") {
            "Put a blank before the `..` that joins two values."
        } else if lower.contains(['e', 'p']) && !text.ends_with(|last: char| last.is_ascii_digit()) {
            "An exponent needs digits."
        } else {
            "Separate the number from what follows, or complete it."
        };
        let span = self.span_of(token);
        self.report(
            Diagnostic::error("P0006", Some(span), format!("malformed number near '{}'", shortened(text)))
                .explain("A number takes in all letters, digits and dots that follow it, and these make no number.")
                .hint(hint),
        );
    }

    fn malformed_escape(&mut self, token: Token, wrong: literal::Malformed) {
        let (explanation, hint) = match wrong.text {
            "invalid escape sequence" => (
                "A backslash in a quoted string begins an escape, and this is none that Lua knows.",
                "A backslash that is meant as itself is written `\\\\`.",
            ),
            "decimal escape too large" => (
                "A decimal escape is the number of one byte, and bytes go to 255.",
                "A character is written by its code point, in hexadecimal: `\\u{XXX}`.",
            ),
            "hexadecimal digit expected" => (
                "Another character stands where this escape needs a hexadecimal digit.",
                "`\\xHH` has exactly two hexadecimal digits, `\\u{XXX}` at least one.",
            ),
            "UTF-8 value too large" => (
                "The code points of Unicode, and with them those of Lua 5.3, go to 10FFFF.",
                "The largest character is `\\u{10FFFF}`.",
            ),
            _ => (
                "The code point of a character stands in braces behind `\\u`.",
                "Write `\\u{XXX}`, with a hexadecimal number.",
            ),
        };
        let span = Span::new(self.cursor.file, token.start + wrong.start, token.start + wrong.end);
        self.report(Diagnostic::error("P0007", Some(span), wrong.text).explain(explanation).hint(hint));
    }
}

//! What PUC Lua 5.3 says about a text that is no Lua: `'then' expected near 'x'`.
//!
//! Our own diagnostics say more, and all at once; but a script that requires a broken file at run time
//! gets the error that Lua would raise there. So this reads the tokens as Lua's parser does, in the same
//! order and with the same questions, builds nothing, and stops at the first fault.

mod expression;
mod statement;
mod tokens;

use std::ops::Range;

use crate::parse::lexer::{self, Token, TokenKind};
use crate::parse::prepass;
use crate::source::FileId;
use tokens::Reader;

/// A fault as Lua words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The line that Lua has read to.
    pub line: usize,
    pub text: String,
    /// The token it looks at; behind the text if that has ended.
    pub token: Range<usize>,
}

type Outcome = Result<(), Refusal>;

/// What Lua says about `source`; `None` where it would find no fault, or where the text uses types,
/// which Lua would stumble over first, or is too deep.
pub fn refusal(file: FileId, source: &str) -> Option<Refusal> {
    let tokens = lexer::tokens(source);
    let notes = prepass::prepare(file, source, tokens.clone()).notes;
    let is_typed = !(notes.types.is_empty()
        && notes.signatures.is_empty()
        && notes.casts.is_empty()
        && notes.declarations.is_empty());
    if is_typed {
        return None;
    }
    let mut reader = Reader::new(source, split(source, &tokens));
    let refusal = reader.start().and_then(|()| reader.chunk()).err()?;
    (!reader.looks_typed() && !refusal.text.is_empty()).then_some(refusal)
}

/// The tokens that only typed Lua has are two of Lua's, and so is a number with a name behind it.
fn split(source: &str, tokens: &[Token]) -> Vec<Token> {
    let mut all = Vec::with_capacity(tokens.len());
    for token in tokens {
        if token.kind == TokenKind::Symbol && matches!(token.text(source), "->" | "?:") {
            let middle = token.start + 1;
            all.push(Token { end: middle, ..*token });
            all.push(Token { start: middle, starts_line: false, ..*token });
        } else if token.kind == TokenKind::Number {
            let middle = token.start + numeral(token.text(source));
            all.push(Token { end: middle, ..*token });
            if middle < token.end {
                all.push(Token { kind: TokenKind::Name, start: middle, starts_line: false, ..*token });
            }
        } else {
            all.push(*token);
        }
    }
    all
}

/// How much of a number Lua reads as one.
fn numeral(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_hex = matches!(bytes, [b'0', b'x' | b'X', ..]);
    let exponent = if is_hex { b'p' } else { b'e' };
    let mut end = if is_hex { 2 } else { 0 };
    while let Some(byte) = bytes.get(end) {
        if byte.eq_ignore_ascii_case(&exponent) {
            end += usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        } else if !(byte.is_ascii_hexdigit() || *byte == b'.') {
            break;
        }
        end += 1;
    }
    end
}

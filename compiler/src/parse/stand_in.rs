//! The text that full_moon reads in place of the source, byte for byte as long.
//!
//! It holds the tokens of plain Lua at their places and blanks everywhere else. Literals keep their
//! extent but not their content, which resolve reads from the source: whatever full_moon believes
//! about escapes, numerals or comments can then make no difference.

use crate::parse::lexer::{Token, TokenKind};
use crate::source::Span;

/// What full_moon sees of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    AsItIs,
    /// A reserved word that stands, wrongly, where a name must: it was reported, and shall not
    /// upset what follows.
    AsName,
    Hidden,
}

/// `shown` has an entry for each token; `patches` are written over the text at the end.
pub fn build(source: &str, tokens: &[Token], shown: &[Shown], patches: &[(usize, &'static str)]) -> String {
    let mut bytes: Vec<u8> = source.bytes().map(|byte| if byte == b'\n' { byte } else { b' ' }).collect();
    for (token, shown) in tokens.iter().zip(shown) {
        let text = token.text(source);
        match token.kind {
            _ if *shown == Shown::Hidden => {}
            _ if *shown == Shown::AsName => fill(&mut bytes, token, b'_'),
            TokenKind::Name | TokenKind::Keyword | TokenKind::Symbol => write(&mut bytes, token.start, text),
            TokenKind::Number => {
                fill(&mut bytes, token, b'1');
                // The dot of `x.5` keeps number and name apart.
                let is_fraction = text.starts_with('.');
                write(&mut bytes, token.start, if is_fraction { "." } else { "1" });
            }
            TokenKind::String => string(&mut bytes, token, text),
            TokenKind::Invalid(_) => {}
        }
    }
    for (at, text) in patches {
        write(&mut bytes, *at, text);
    }
    // Only ASCII was written.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The expressions at `spans`, each assigned to a variable where `typeof(` stands before it; the rest
/// of the text is blank.
pub fn assigned(source: &str, spans: &[Span]) -> String {
    let mut bytes: Vec<u8> = source.bytes().map(|byte| if byte == b'\n' { byte } else { b' ' }).collect();
    for span in spans {
        let (start, end) = (span.start as usize, span.end as usize);
        write(&mut bytes, start.saturating_sub(HEAD.len()), HEAD);
        write(&mut bytes, start, source.get(start..end).unwrap_or_default());
        // Where the `)` of the `typeof` stands, or the blank before it.
        write(&mut bytes, end, ")");
    }
    String::from_utf8(bytes).unwrap_or_default()
}

const HEAD: &str = "_ = (";

fn fill(bytes: &mut [u8], token: &Token, with: u8) {
    for byte in bytes.get_mut(token.start..token.end).into_iter().flatten() {
        *byte = with;
    }
}

fn write(bytes: &mut [u8], at: usize, text: &str) {
    if let Some(place) = bytes.get_mut(at..at + text.len()) {
        place.copy_from_slice(text.as_bytes());
    }
}

/// The quotes or long brackets with blanks between them.
fn string(bytes: &mut [u8], token: &Token, text: &str) {
    if let Some(rest) = text.strip_prefix('[') {
        let width = 2 + rest.bytes().take_while(|byte| *byte == b'=').count();
        write(bytes, token.start, text.get(..width).unwrap_or_default());
        write(bytes, token.end - width, text.get(text.len() - width..).unwrap_or_default());
        return;
    }
    // An escaped line end inside quotes is a blank as well.
    fill(bytes, token, b' ');
    let quote = text.get(..1).unwrap_or_default();
    write(bytes, token.start, quote);
    write(bytes, token.end.saturating_sub(1), quote);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::lexer::tokens;

    #[test]
    fn only_plain_tokens_are_left_and_nothing_moves() {
        let source = "x = 0x1p4 --[[é\n]] .. 'a\\\nb' .. [=[\n]]\n]=] x.5 -- ü";
        let tokens = tokens(source);
        let text = build(source, &tokens, &vec![Shown::AsItIs; tokens.len()], &[]);
        assert_eq!(text, "x = 11111       \n   .. '    ' .. [=[\n  \n]=] x.1      ");
        assert_eq!(text.len(), source.len());
    }
}

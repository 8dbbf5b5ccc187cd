//! Lua's words with their byte spans: what the pre-pass looks at before full_moon does.

/// What a token is, as far as the pre-pass cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Name,
    Number,
    String,
    /// Operators and punctuation, longest first.
    Symbol,
    /// A byte no Lua token starts with, or an unfinished string or comment.
    Invalid(&'static str),
}

/// One token: `text[start..end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

const SYMBOLS: [&str; 18] =
    ["...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>", "->", "?:", "+", "-", "*", "/", "%", "^"];

/// Splits `source` into tokens; comments and white space are left out.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { source, bytes: source.as_bytes(), at: 0, tokens: Vec::new() };
    if source.starts_with('\u{feff}') {
        lexer.at = 3;
    }
    while lexer.at < lexer.bytes.len() {
        lexer.step();
    }
    lexer.tokens
}

struct Lexer<'a> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: TokenKind, end: usize) {
        self.tokens.push(Token { kind, start: self.at, end });
        self.at = end;
    }

    fn step(&mut self) {
        match self.peek(0) {
            byte if byte.is_ascii_whitespace() || byte == 0x0b => self.at += 1,
            b'-' if self.peek(1) == b'-' => self.comment(),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let end = self.run(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                self.push(TokenKind::Name, end);
            }
            byte if byte.is_ascii_digit() || (byte == b'.' && self.peek(1).is_ascii_digit()) => self.number(),
            b'"' | b'\'' => self.quoted(),
            b'[' if self.long_bracket(self.at).is_some() => match self.long_end(self.at) {
                Some(end) => self.push(TokenKind::String, end),
                None => self.push(TokenKind::Invalid("unfinished long string"), self.bytes.len()),
            },
            byte if byte.is_ascii() => self.symbol(),
            _ => {
                let rest = self.source.get(self.at..).unwrap_or_default();
                let width = rest.chars().next().map_or(1, char::len_utf8);
                self.push(TokenKind::Invalid("unexpected character"), self.at + width);
            }
        }
    }

    fn run(&self, accept: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at + rest.iter().take_while(|byte| accept(**byte)).count()
    }

    fn comment(&mut self) {
        if self.long_bracket(self.at + 2).is_some() {
            match self.long_end(self.at + 2) {
                Some(end) => self.at = end,
                None => self.push(TokenKind::Invalid("unfinished long comment"), self.bytes.len()),
            }
            return;
        }
        self.at = self.run(|byte| byte != b'\n');
    }

    fn number(&mut self) {
        let is_hex = self.peek(0) == b'0' && matches!(self.peek(1), b'x' | b'X');
        let mut end = self.at;
        while let Some(&byte) = self.bytes.get(end) {
            let before = self.bytes.get(end.wrapping_sub(1)).copied().unwrap_or(0);
            let exponent = if is_hex { b'p' } else { b'e' };
            let is_sign =
                matches!(byte, b'+' | b'-') && end > self.at && before.eq_ignore_ascii_case(&exponent);
            if !(byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' || is_sign) {
                break;
            }
            // `1..2` is a concatenation.
            if byte == b'.' && self.bytes.get(end + 1) == Some(&b'.') {
                break;
            }
            end += 1;
        }
        self.push(TokenKind::Number, end.max(self.at + 1));
    }

    fn quoted(&mut self) {
        let quote = self.peek(0);
        let mut end = self.at + 1;
        while let Some(&byte) = self.bytes.get(end) {
            match byte {
                b'\\' if self.bytes.get(end + 1) == Some(&b'z') => {
                    end += 2;
                    while self.bytes.get(end).is_some_and(u8::is_ascii_whitespace) {
                        end += 1;
                    }
                }
                b'\\' => end += 2,
                b'\n' | b'\r' => break,
                _ if byte == quote => return self.push(TokenKind::String, end + 1),
                _ => end += 1,
            }
        }
        let mut end = end.min(self.bytes.len());
        while !self.source.is_char_boundary(end) {
            end += 1;
        }
        self.push(TokenKind::Invalid("unfinished string"), end);
    }

    /// The level of a long bracket that opens at `at`.
    fn long_bracket(&self, at: usize) -> Option<usize> {
        let rest = self.bytes.get(at..)?.strip_prefix(b"[")?;
        let level = rest.iter().take_while(|byte| **byte == b'=').count();
        (rest.get(level) == Some(&b'[')).then_some(level)
    }

    /// Where the long bracket that opens at `at` ends.
    fn long_end(&self, at: usize) -> Option<usize> {
        let level = self.long_bracket(at)?;
        let close = format!("]{}]", "=".repeat(level));
        let from = at + level + 2;
        self.source.get(from..)?.find(&close).map(|found| from + found + close.len())
    }

    fn symbol(&mut self) {
        let rest = self.source.get(self.at..).unwrap_or_default();
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            return self.push(TokenKind::Symbol, self.at + symbol.len());
        }
        let known = b"<>=~&|#(){}[];:,.!@?".contains(&self.peek(0));
        let kind = if known { TokenKind::Symbol } else { TokenKind::Invalid("unexpected character") };
        self.push(kind, self.at + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_strings_and_symbols_come_apart() {
        let source = "local x<const> = 0x1p-4..'a\\'b' -- c\n[==[ ]] ]==] 1..2 \"é\" ~=";
        let words: Vec<_> = tokens(source).iter().map(|token| token.text(source)).collect();
        let expected = [
            "local",
            "x",
            "<",
            "const",
            ">",
            "=",
            "0x1p-4",
            "..",
            "'a\\'b'",
            "[==[ ]] ]==]",
            "1",
            "..",
            "2",
            "\"é\"",
            "~=",
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn what_is_unfinished_or_strange_is_invalid() {
        for source in ["'abc", "'a\nb", "[[abc", "--[[abc", "é", "$", "`"] {
            let found = tokens(source);
            assert!(found.iter().any(|token| matches!(token.kind, TokenKind::Invalid(_))), "{source}");
        }
    }
}

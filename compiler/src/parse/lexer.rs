//! Lua's words with their byte spans. Comments and white space are left out.
//!
//! Everything behind this file trusts these tokens alone: full_moon reads a text in which nothing
//! else is left (see [`super::stand_in`]), so the two can never disagree about where a string ends.

/// What a token is, as far as the parser cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Name,
    /// A reserved word of Lua 5.3.
    Keyword,
    Number,
    String,
    /// Operators and punctuation, the longest that fits.
    Symbol,
    /// No token of Lua starts like this, or it never ends.
    Invalid(Invalid),
}

/// Why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    Character,
    /// A text in backticks.
    Backticks,
    UnfinishedString,
    UnfinishedLongString,
    UnfinishedComment,
    LongBracket,
}

/// One token: `text[start..end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    /// A line ends between the token before and this one; true for the first token too.
    pub starts_line: bool,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// The reserved words of Lua 5.3.
pub const KEYWORDS: [&str; 22] = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local",
    "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
];

const SYMBOLS: [&str; 12] = ["...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>", "->", "?:"];

/// Splits `source` into tokens. A byte order mark at its start is skipped.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { source, bytes: source.as_bytes(), at: 0, starts_line: true, tokens: Vec::new() };
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
    starts_line: bool,
    tokens: Vec<Token>,
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: TokenKind, end: usize) {
        let starts_line = std::mem::replace(&mut self.starts_line, false);
        self.tokens.push(Token { kind, starts_line, start: self.at, end });
        self.at = end;
    }

    fn step(&mut self) {
        match self.peek(0) {
            byte if byte.is_ascii_whitespace() || byte == 0x0b => {
                self.starts_line |= is_line_end(byte);
                self.at += 1;
            }
            b'-' if self.peek(1) == b'-' => self.comment(),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => self.word(),
            byte if byte.is_ascii_digit() || (byte == b'.' && self.peek(1).is_ascii_digit()) => self.number(),
            b'"' | b'\'' => self.quoted(),
            b'`' => self.backticks(),
            b'[' if matches!(self.peek(1), b'[' | b'=') => self.long_string(),
            byte if byte.is_ascii() => self.symbol(),
            _ => {
                let end = self.run(self.at, |byte| !byte.is_ascii());
                self.push(TokenKind::Invalid(Invalid::Character), end);
            }
        }
    }

    /// The end of the bytes from `from` on that `accept` takes.
    fn run(&self, from: usize, accept: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| accept(**byte)).count()
    }

    fn word(&mut self) {
        let end = self.run(self.at, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let text = self.source.get(self.at..end).unwrap_or_default();
        let is_keyword = KEYWORDS.binary_search(&text).is_ok();
        self.push(if is_keyword { TokenKind::Keyword } else { TokenKind::Name }, end);
    }

    fn comment(&mut self) {
        let open = self.at + 2;
        if self.long_bracket(open).is_none() {
            self.at = self.run(self.at, |byte| !is_line_end(byte));
            return;
        }
        match self.long_end(open) {
            Some(end) => {
                let text = self.bytes.get(self.at..end).unwrap_or_default();
                self.starts_line |= text.iter().any(|byte| is_line_end(*byte));
                self.at = end;
            }
            None => self.push(TokenKind::Invalid(Invalid::UnfinishedComment), self.bytes.len()),
        }
    }

    /// What Lua takes for a numeral: hexadecimal digits, dots and a signed exponent. Whether it is one is
    /// decided by its value. A word may follow without a blank, as in `1then`; a name behind it is taken
    /// in, which makes it malformed.
    fn number(&mut self) {
        let is_hex = self.peek(0) == b'0' && matches!(self.peek(1), b'x' | b'X');
        let exponent = if is_hex { b'p' } else { b'e' };
        let mut end = self.at + if is_hex { 2 } else { 0 };
        while let Some(&byte) = self.bytes.get(end) {
            let is_exponent = byte.eq_ignore_ascii_case(&exponent);
            if !(is_exponent || byte.is_ascii_hexdigit() || byte == b'.') {
                break;
            }
            let has_sign = is_exponent && matches!(self.bytes.get(end + 1), Some(b'+' | b'-'));
            end += if has_sign { 2 } else { 1 };
        }
        let word_end = self.run(end, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let word = self.source.get(end..word_end).unwrap_or_default();
        let is_keyword = KEYWORDS.binary_search(&word).is_ok();
        self.push(TokenKind::Number, if is_keyword { end } else { word_end });
    }

    fn quoted(&mut self) {
        let quote = self.peek(0);
        let mut end = self.at + 1;
        while let Some(&byte) = self.bytes.get(end) {
            match byte {
                b'\\' => end = self.escape(end + 1),
                byte if is_line_end(byte) => break,
                _ if byte == quote => return self.push(TokenKind::String, end + 1),
                _ => end += 1,
            }
        }
        let mut end = end.min(self.bytes.len());
        while !self.source.is_char_boundary(end) {
            end += 1;
        }
        self.push(TokenKind::Invalid(Invalid::UnfinishedString), end);
    }

    /// To the second backtick, or the end of the line.
    fn backticks(&mut self) {
        let end = self.run(self.at + 1, |byte| byte != b'`' && !is_line_end(byte));
        let is_closed = self.bytes.get(end) == Some(&b'`');
        self.push(TokenKind::Invalid(Invalid::Backticks), end + usize::from(is_closed));
    }

    /// Over what follows a backslash, as far as it could hide the end of the string or line.
    fn escape(&self, at: usize) -> usize {
        match (self.bytes.get(at), self.bytes.get(at + 1)) {
            (Some(b'z'), _) => self.run(at + 1, |byte| byte.is_ascii_whitespace() || byte == 0x0b),
            (Some(b'\r'), Some(b'\n')) | (Some(b'\n'), Some(b'\r')) => at + 2,
            _ => at + 1,
        }
    }

    fn long_string(&mut self) {
        let (kind, end) = match (self.long_bracket(self.at), self.long_end(self.at)) {
            (None, _) => {
                let end = self.run(self.at + 1, |byte| byte == b'=');
                (TokenKind::Invalid(Invalid::LongBracket), end)
            }
            (Some(_), Some(end)) => (TokenKind::String, end),
            (Some(_), None) => (TokenKind::Invalid(Invalid::UnfinishedLongString), self.bytes.len()),
        };
        self.push(kind, end);
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
        let is_known = b"+-*/%^<>=~&|#(){}[];:,.!@?".contains(&self.peek(0));
        let kind = if is_known { TokenKind::Symbol } else { TokenKind::Invalid(Invalid::Character) };
        self.push(kind, self.at + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        tokens(source).iter().map(|token| token.text(source)).collect()
    }

    #[test]
    fn words_numbers_strings_and_symbols_come_apart() {
        let source = "local x<const> = 0x1p-4 ..'a\\'b' -- c\n[==[ ]] ]==] 1 ..2 \"é\" ~=";
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
        assert_eq!(words(source), expected);
    }

    #[test]
    fn a_numeral_takes_the_letters_and_dots_behind_it_but_no_reserved_word() {
        let numerals = "1..2 3x 0b1 1_000 .5e+1-1 0x1p-4 1then 0xfor 1else";
        let expected =
            ["1..2", "3x", "0b1", "1_000", ".5e+1", "-", "1", "0x1p-4", "1", "then", "0xf", "or", "1else"];
        assert_eq!(words(numerals), expected);
    }

    #[test]
    fn escaped_line_ends_stay_inside_a_string() {
        for string in ["'a\\\nb'", "'a\\\r\nb'", "'a\\z \n \r\n b'", "'\\\\'"] {
            assert_eq!(words(string), [string]);
        }
    }

    #[test]
    fn what_is_unfinished_or_strange_is_invalid() {
        let cases = [
            ("'abc", Invalid::UnfinishedString),
            ("'a\nb", Invalid::UnfinishedString),
            ("'a\\", Invalid::UnfinishedString),
            ("[[abc", Invalid::UnfinishedLongString),
            ("--[[abc", Invalid::UnfinishedComment),
            ("[==x", Invalid::LongBracket),
            ("имя", Invalid::Character),
            ("$", Invalid::Character),
            ("`a`", Invalid::Backticks),
        ];
        for (source, reason) in cases {
            let first = tokens(source).first().map(|token| token.kind);
            assert_eq!(first, Some(TokenKind::Invalid(reason)), "{source}");
        }
    }

    #[test]
    fn lines_and_marks_are_seen() {
        let starts: Vec<_> =
            tokens("\u{feff}a b --[[\n]] c\r\nd").iter().map(|token| token.starts_line).collect();
        assert_eq!(starts, [true, false, true, true]);
    }
}

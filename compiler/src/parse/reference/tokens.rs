//! The token that Lua's parser looks at, what it calls it, and the faults of single tokens.

use std::ops::Range;

use super::{Outcome, Refusal};
use crate::parse::lexer::{Invalid, Token, TokenKind};
use crate::parse::literal;

/// How deep blocks and expressions may be.
const DEEPEST: usize = 200;

pub struct Reader<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    /// The current token's place; behind the last one the text has ended.
    at: usize,
    depth: usize,
    /// Whether each open function takes further arguments.
    pub varargs: Vec<bool>,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a str, tokens: Vec<Token>) -> Reader<'a> {
        Reader { source, tokens, at: 0, depth: 0, varargs: vec![true] }
    }

    fn token(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// The current token's text; empty at the end.
    pub fn text(&self) -> &'a str {
        self.token().map_or("", |token| token.text(self.source))
    }

    /// What kind the current token is; `None` at the end.
    pub fn kind(&self) -> Option<TokenKind> {
        self.token().map(|token| token.kind)
    }

    pub fn is(&self, text: &str) -> bool {
        let is_plain = matches!(self.kind(), Some(TokenKind::Keyword | TokenKind::Symbol));
        is_plain && self.text() == text
    }

    /// Whether the token after the current one is `text`.
    pub fn is_before(&self, text: &str) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|token| token.text(self.source) == text)
    }

    pub fn line(&self) -> usize {
        let read = self.token().map_or(self.source.len(), |token| token.end);
        1 + line_ends(self.source.get(..read).unwrap_or_default())
    }

    /// The first token is read like any other.
    pub fn start(&mut self) -> Outcome {
        self.check_token()
    }

    pub fn next(&mut self) -> Outcome {
        self.at += 1;
        self.check_token()
    }

    pub fn skip(&mut self, text: &str) -> Result<bool, Refusal> {
        let is_there = self.is(text);
        if is_there {
            self.next()?;
        }
        Ok(is_there)
    }

    pub fn expect(&mut self, text: &str) -> Outcome {
        if self.skip(text)? { Ok(()) } else { self.fail(&format!("'{text}' expected")) }
    }

    pub fn name(&mut self) -> Outcome {
        if self.kind() == Some(TokenKind::Name) { self.next() } else { self.fail("<name> expected") }
    }

    /// `close` must follow, which ends what `open` began in `line`.
    pub fn close(&mut self, close: &str, open: &str, line: usize) -> Outcome {
        if self.skip(close)? {
            return Ok(());
        }
        if line == self.line() {
            return self.fail(&format!("'{close}' expected"));
        }
        self.fail(&format!("'{close}' expected (to close '{open}' at line {line})"))
    }

    /// Reads with `read` one level deeper. Nobody asks what Lua says about a text that is too deep for us.
    pub fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Outcome) -> Outcome {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.refusal(String::new()));
        }
        let outcome = read(self);
        self.depth -= 1;
        outcome
    }

    /// `message near 'token'`
    pub fn fail(&self, message: &str) -> Outcome {
        Err(self.refusal(format!("{message} near {}", self.shown())))
    }

    fn refusal(&self, text: String) -> Refusal {
        Refusal { line: self.line(), text, token: self.place() }
    }

    fn place(&self) -> Range<usize> {
        self.token().map_or(self.source.len()..self.source.len(), |token| token.start..token.end)
    }

    fn shown(&self) -> String {
        let text = self.text();
        match self.kind() {
            None => "<eof>".to_owned(),
            Some(TokenKind::String) => quoted(&value(text)),
            Some(TokenKind::Invalid(_)) => match text.as_bytes().first() {
                Some(byte) if !byte.is_ascii_graphic() => format!("'<\\{byte}>'"),
                first => quoted(first.map_or(&[], std::slice::from_ref)),
            },
            Some(_) => format!("'{text}'"),
        }
    }

    /// Faults that Lua finds when it reads a token.
    fn check_token(&self) -> Outcome {
        let Some(token) = self.token() else { return Ok(()) };
        let text = self.text();
        let unfinished = |what: &str| {
            let line = 1 + line_ends(self.source.get(..token.start).unwrap_or_default());
            Err(self.refusal(format!("unfinished long {what} (starting at line {line}) near <eof>")))
        };
        match token.kind {
            TokenKind::Number if literal::number(text).is_none() => {
                Err(self.refusal(format!("malformed number near '{text}'")))
            }
            TokenKind::String => match literal::string(text) {
                Ok(_) => Ok(()),
                Err(wrong) => self.wrong_escape(token, wrong),
            },
            TokenKind::Invalid(Invalid::UnfinishedString) => {
                if token.end == self.source.len() {
                    return Err(self.refusal("unfinished string near <eof>".to_owned()));
                }
                let mut shown = value(&format!("{text}{}", text.get(..1).unwrap_or_default()));
                shown.pop();
                Err(self.refusal(format!("unfinished string near {}", quoted(&shown))))
            }
            TokenKind::Invalid(Invalid::UnfinishedLongString) => unfinished("string"),
            TokenKind::Invalid(Invalid::UnfinishedComment) => unfinished("comment"),
            TokenKind::Invalid(Invalid::LongBracket) => {
                Err(self.refusal(format!("invalid long string delimiter near '{text}'")))
            }
            _ => Ok(()),
        }
    }

    /// Lua shows the text up to and with the byte it cannot go on with.
    fn wrong_escape(&self, token: Token, wrong: literal::Malformed) -> Outcome {
        let start = token.start + wrong.start;
        let line = 1 + line_ends(self.source.get(..start).unwrap_or_default());
        let text = match self
            .source
            .get(token.start + 1..start)
            .map(|before| literal::string(&format!("'{before}'")))
        {
            Some(Ok(before)) => {
                let quote = self.source.get(token.start..=token.start).unwrap_or_default();
                let rest = self.source.get(start..).unwrap_or_default();
                let escape = rest.get(..read_of_escape(rest, wrong.end - wrong.start)).unwrap_or_default();
                let shown = [quote.as_bytes(), &before, escape.as_bytes()].concat();
                format!("{} near {}", wrong.text, quoted(&shown))
            }
            _ => wrong.text.to_owned(),
        };
        Err(Refusal { line, text, token: self.place() })
    }

    /// Whether what stopped the reader may be typed syntax, which Lua does not know but we do.
    pub fn looks_typed(&self) -> bool {
        let is_typed = |place: Option<usize>| {
            let token = place.and_then(|place| self.tokens.get(place));
            let text = token.map_or("", |token| token.text(self.source));
            matches!(text, ":" | "::" | "?" | "!" | "@" | "<" | "as" | "type" | "interface")
        };
        is_typed(Some(self.at)) || is_typed(self.at.checked_sub(1))
    }
}

/// A string literal as Lua's messages show it: its value between its delimiters, up to the first NUL.
fn value(literal: &str) -> Vec<u8> {
    let width = if literal.starts_with('[') {
        literal.bytes().skip(1).take_while(|byte| *byte == b'=').count() + 2
    } else {
        1
    };
    let open = literal.get(..width).unwrap_or_default();
    let close = open.replace('[', "]");
    match literal::string(literal) {
        Ok(value) => [open.as_bytes(), &value, close.as_bytes()].concat(),
        Err(_) => literal.as_bytes().to_vec(),
    }
}

/// How many bytes of a wrong escape Lua has seen when it gives up; `length` are the escape's own.
fn read_of_escape(text: &str, length: usize) -> usize {
    let digits = text.strip_prefix("\\u{").unwrap_or_default();
    let mut value = 0u32;
    for (at, digit) in digits.chars().map_while(|letter| letter.to_digit(16)).enumerate() {
        value = value * 16 + digit;
        if value > 0x10_ffff {
            return "\\u{".len() + at + 1;
        }
    }
    // Where digits are missing or too large, it has read one byte further.
    let has_digits = text.get(1..).is_some_and(|escape| {
        escape.starts_with(['x', 'u']) || escape.starts_with(|letter: char| letter.is_ascii_digit())
    });
    let more = text.get(length..).and_then(|rest| rest.chars().next());
    length + more.filter(|_| has_digits).map_or(0, char::len_utf8)
}

fn quoted(text: &[u8]) -> String {
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    format!("'{}'", String::from_utf8_lossy(text))
}

/// How many lines end in `text`; CR LF and LF CR are one end.
fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut count, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'\n' | b'\r') {
            count += 1;
            let is_pair = bytes.get(at + 1).is_some_and(|next| matches!(next, b'\n' | b'\r') && next != byte);
            at += usize::from(is_pair);
        }
        at += 1;
    }
    count
}

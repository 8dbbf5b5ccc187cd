//! Expressions, as far as their faults go: precedence does not matter for them.

use super::Outcome;
use super::tokens::Reader;
use crate::parse::lexer::TokenKind;

/// What Lua took a prefix expression for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// A name, a field, an element: it may be assigned to.
    Place,
    Call,
    /// In parentheses.
    Value,
}

const BINARY: &[&str] = &[
    "+", "-", "*", "/", "//", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or", "&", "|", "~",
    "<<", ">>",
];

impl Reader<'_> {
    pub fn expressions(&mut self) -> Outcome {
        self.expression()?;
        while self.skip(",")? {
            self.expression()?;
        }
        Ok(())
    }

    pub fn expression(&mut self) -> Outcome {
        self.deeper(|reader| {
            reader.operand()?;
            while BINARY.iter().any(|operator| reader.is(operator)) {
                reader.next()?;
                reader.operand()?;
            }
            Ok(())
        })
    }

    fn operand(&mut self) -> Outcome {
        while ["not", "-", "~", "#"].iter().any(|operator| self.is(operator)) {
            self.next()?;
        }
        self.simple()
    }

    fn simple(&mut self) -> Outcome {
        match (self.kind(), self.text()) {
            (Some(TokenKind::Number | TokenKind::String), _) | (_, "nil" | "true" | "false") => self.next(),
            (_, "...") => {
                if self.varargs.last() == Some(&false) {
                    return self.fail("cannot use '...' outside a vararg function");
                }
                self.next()
            }
            (_, "{") => self.table(),
            (_, "function") => {
                let line = self.line();
                self.next()?;
                self.function(line)
            }
            _ => self.prefix().map(drop),
        }
    }

    /// A name or a parenthesis, and whatever is done to it.
    pub fn prefix(&mut self) -> Result<Prefix, super::Refusal> {
        let line = self.line();
        let mut prefix = self.primary()?;
        loop {
            prefix = match (self.kind(), self.text()) {
                (Some(TokenKind::String), _) | (_, "(" | "{") => {
                    self.arguments(line)?;
                    Prefix::Call
                }
                (_, ":") => {
                    self.next()?;
                    self.name()?;
                    self.arguments(line)?;
                    Prefix::Call
                }
                (_, ".") => {
                    self.next()?;
                    self.name()?;
                    Prefix::Place
                }
                (_, "[") => {
                    self.key()?;
                    Prefix::Place
                }
                _ => return Ok(prefix),
            };
        }
    }

    fn primary(&mut self) -> Result<Prefix, super::Refusal> {
        if self.kind() == Some(TokenKind::Name) {
            self.next()?;
            return Ok(Prefix::Place);
        }
        if !self.is("(") {
            self.fail("unexpected symbol")?;
        }
        let line = self.line();
        self.next()?;
        self.expression()?;
        self.close(")", "(", line)?;
        Ok(Prefix::Value)
    }

    /// Arguments of what begins in `line`, which is where Lua says that their bracket is.
    fn arguments(&mut self, line: usize) -> Outcome {
        match (self.kind(), self.text()) {
            (Some(TokenKind::String), _) => self.next(),
            (_, "{") => self.table(),
            (_, "(") => {
                self.next()?;
                if !self.is(")") {
                    self.expressions()?;
                }
                self.close(")", "(", line)
            }
            _ => self.fail("function arguments expected"),
        }
    }

    fn key(&mut self) -> Outcome {
        self.next()?;
        self.expression()?;
        self.expect("]")
    }

    fn table(&mut self) -> Outcome {
        let line = self.line();
        self.expect("{")?;
        while !self.is("}") {
            if self.is("[") {
                self.key()?;
                self.expect("=")?;
            } else if self.kind() == Some(TokenKind::Name) && self.is_before("=") {
                self.name()?;
                self.expect("=")?;
            }
            self.expression()?;
            if !(self.skip(",")? || self.skip(";")?) {
                break;
            }
        }
        self.close("}", "{", line)
    }

    /// The parameters and the body of a function that begins in `line`.
    pub fn function(&mut self, line: usize) -> Outcome {
        self.expect("(")?;
        let mut is_vararg = false;
        if !self.is(")") {
            loop {
                if self.skip("...")? {
                    is_vararg = true;
                } else if self.kind() == Some(TokenKind::Name) {
                    self.next()?;
                } else {
                    return self.fail("<name> or '...' expected");
                }
                if is_vararg || !self.skip(",")? {
                    break;
                }
            }
        }
        self.varargs.push(is_vararg);
        self.expect(")")?;
        self.block()?;
        self.close("end", "function", line)?;
        self.varargs.pop();
        Ok(())
    }
}

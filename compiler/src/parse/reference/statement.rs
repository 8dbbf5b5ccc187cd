//! Statements and blocks.

use super::Outcome;
use super::expression::Prefix;
use super::tokens::Reader;
use crate::parse::lexer::TokenKind;

impl Reader<'_> {
    pub fn chunk(&mut self) -> Outcome {
        self.block()?;
        if self.kind().is_some() { self.fail("<eof> expected") } else { Ok(()) }
    }

    pub fn block(&mut self) -> Outcome {
        while !self.is_block_end() {
            if self.is("return") {
                return self.statement();
            }
            self.statement()?;
        }
        Ok(())
    }

    fn is_block_end(&self) -> bool {
        self.kind().is_none() || ["else", "elseif", "end", "until"].iter().any(|word| self.is(word))
    }

    fn statement(&mut self) -> Outcome {
        self.deeper(Self::one_statement)
    }

    fn one_statement(&mut self) -> Outcome {
        let line = self.line();
        if !matches!(self.kind(), Some(TokenKind::Keyword | TokenKind::Symbol)) {
            return self.assignment_or_call();
        }
        match self.text() {
            ";" | "break" => self.next(),
            "if" => self.branches(line),
            "while" => {
                self.next()?;
                self.expression()?;
                self.expect("do")?;
                self.block()?;
                self.close("end", "while", line)
            }
            "do" => {
                self.next()?;
                self.block()?;
                self.close("end", "do", line)
            }
            "for" => self.numeric_or_generic(line),
            "repeat" => {
                self.next()?;
                self.block()?;
                self.close("until", "repeat", line)?;
                self.expression()
            }
            "function" => {
                self.next()?;
                self.name()?;
                while self.skip(".")? {
                    self.name()?;
                }
                if self.skip(":")? {
                    self.name()?;
                }
                self.function(line)
            }
            "local" => self.local(),
            "::" => {
                self.next()?;
                self.name()?;
                self.expect("::")
            }
            "return" => self.results(),
            "goto" => {
                self.next()?;
                self.name()
            }
            _ => self.assignment_or_call(),
        }
    }

    fn branches(&mut self, line: usize) -> Outcome {
        loop {
            self.next()?;
            self.expression()?;
            self.expect("then")?;
            self.block()?;
            if !self.is("elseif") {
                break;
            }
        }
        if self.skip("else")? {
            self.block()?;
        }
        self.close("end", "if", line)
    }

    fn numeric_or_generic(&mut self, line: usize) -> Outcome {
        self.next()?;
        self.name()?;
        if self.skip("=")? {
            self.expression()?;
            self.expect(",")?;
            self.expression()?;
            if self.skip(",")? {
                self.expression()?;
            }
        } else if self.is(",") || self.is("in") {
            while self.skip(",")? {
                self.name()?;
            }
            self.expect("in")?;
            self.expressions()?;
        } else {
            return self.fail("'=' or 'in' expected");
        }
        self.expect("do")?;
        self.block()?;
        self.close("end", "for", line)
    }

    fn local(&mut self) -> Outcome {
        self.next()?;
        let line = self.line();
        if self.skip("function")? {
            self.name()?;
            return self.function(line);
        }
        loop {
            self.name()?;
            // Attributes are Lua 5.4's, and we know them.
            if self.is("<") && (self.is_before("const") || self.is_before("close")) {
                self.next()?;
                self.next()?;
                self.expect(">")?;
            }
            if !self.skip(",")? {
                break;
            }
        }
        if self.skip("=")? { self.expressions() } else { Ok(()) }
    }

    fn results(&mut self) -> Outcome {
        self.next()?;
        if !self.is_block_end() && !self.is(";") {
            self.expressions()?;
        }
        self.skip(";").map(drop)
    }

    fn assignment_or_call(&mut self) -> Outcome {
        let mut prefix = self.prefix()?;
        if !(self.is("=") || self.is(",")) {
            return if prefix == Prefix::Call { Ok(()) } else { self.fail("syntax error") };
        }
        while prefix == Prefix::Place {
            if !self.skip(",")? {
                self.expect("=")?;
                return self.expressions();
            }
            prefix = self.prefix()?;
        }
        self.fail("syntax error")
    }
}

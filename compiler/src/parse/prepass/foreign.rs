//! Forms of other languages and dialects, which deserve a better word than "syntax error".

use super::functions::Named;
use super::slashes::no_comment;
use super::{Before, Prepass};
use crate::diagnostics::Diagnostic;
use crate::parse::lexer::{KEYWORDS, Token, TokenKind};
use crate::parse::stand_in::Shown;

impl Prepass<'_> {
    pub(super) fn foreign(&mut self, title: impl Into<String>, explanation: &str, hint: impl Into<String>) {
        let found = Diagnostic::error("P0005", Some(self.cursor.span()), title);
        self.report(found.explain(explanation).hint(hint));
    }

    /// A statement that begins with a name but is none of Lua's. True: it was reported and the name
    /// taken.
    pub(super) fn foreign_statement(&mut self) -> bool {
        let word = self.cursor.text(0);
        if word == "continue" && self.stands_alone() {
            self.foreign(
                "`continue` is no statement of Lua",
                "Lua leaves a loop with `break` and has no word to go on with its next round.",
                "Write `goto continue`, and `::continue::` at the end of the loop's body.",
            );
            self.drop_token();
            self.before = Before::Statement;
            return true;
        }
        if self.may_go_on() {
            return false;
        }
        match word {
            _ if !self.cursor.is_name(1) => return self.lonely_name(word),
            "const" => self.foreign(
                "`const` is no statement of Lua",
                "A variable that keeps its value is declared with an attribute.",
                "Write `local name <const> = value`.",
            ),
            "export" => self.foreign(
                "`export` is no word of Lua",
                "A module exports a type by putting it into the table it returns.",
                "Declare `type Name = ...`, and return `{ Name = Name }`.",
            ),
            "let" | "var" | "global" => self.foreign(
                format!("`{word}` is no word of Lua"),
                "Variables are declared with `local`; without it an assignment makes a global.",
                "Write `local name = value`.",
            ),
            _ => return self.lonely_name(word),
        }
        self.drop_token();
        self.before = Before::Statement;
        true
    }

    /// Whether nothing behind the word at the cursor can belong to it.
    fn stands_alone(&self) -> bool {
        match self.cursor.kind(1) {
            Some(TokenKind::Symbol) => matches!(self.cursor.text(1), ";" | "::"),
            Some(TokenKind::Keyword) => !matches!(self.cursor.text(1), "and" | "or"),
            Some(TokenKind::Name) | None => true,
            _ => false,
        }
    }

    /// Whether the name at the cursor can begin a call or an assignment, by what follows it.
    fn may_go_on(&self) -> bool {
        match self.cursor.kind(1) {
            Some(TokenKind::String) => true,
            Some(TokenKind::Name) => self.cursor.text(1) == "as",
            Some(TokenKind::Symbol) => match self.cursor.text(1) {
                "::" => self.cursor.text(3) != "::",
                ";" | ")" | "]" | "}" | "?" | "?:" | "@" | "#" => false,
                _ => true,
            },
            _ => false,
        }
    }

    /// `loca x`: no statement consists of a bare name. True: it was taken.
    fn lonely_name(&mut self, word: &str) -> bool {
        if self.decrement() {
            return true;
        }
        let nearest = near_keyword(word, &KEYWORDS);
        let hint = match nearest {
            Some(keyword) => format!("Did you mean `{keyword}`?"),
            None => "An operator, a comma or an `=` may be missing between the two words.".to_owned(),
        };
        let found = Diagnostic::error(
            "P0001",
            Some(self.cursor.span()),
            format!("syntax error: `{word}` is no statement"),
        )
        .label("this name stands alone")
        .explain("A statement is a call, an assignment, or begins with a reserved word.")
        .hint(hint);
        self.report(found);
        let is_plain = |keyword: &&str| keyword.len() > 4 && self.cursor.is_name(1);
        match nearest {
            Some("end") if self.may_close() => self.misspelt_end(),
            // The slip is plain enough to read on as meant.
            Some(keyword) if is_plain(&keyword) => self.misspelt(keyword),
            _ => {
                self.drop_token();
                self.before = Before::Statement;
            }
        }
        true
    }

    /// Whether the word at the cursor stands in the place of an `end`: alone on its line, in a block.
    pub(super) fn may_close(&self) -> bool {
        let is_alone = self.cursor.starts_line()
            && self
                .cursor
                .peek(1)
                .is_none_or(|next| next.starts_line || next.text(self.cursor.source) == ")");
        is_alone && self.open.last().is_some_and(|open| open.closer() == "end" && open.awaits.is_none())
    }

    /// The token at the cursor was meant as the `end` of the innermost block.
    fn misspelt_end(&mut self) {
        if let Some(shown) = self.shown.get_mut(self.cursor.at) {
            *shown = Shown::Hidden;
        }
        self.close_block();
    }

    /// The token at the cursor was meant as `keyword`.
    fn misspelt(&mut self, keyword: &str) {
        if let Some(shown) = self.shown.get_mut(self.cursor.at) {
            *shown = Shown::Hidden;
        }
        match keyword {
            "function" => self.function_of(Named::AsPlace),
            "local" => self.local(),
            _ => {
                self.cursor.bump();
                self.before = Before::Statement;
            }
        }
    }

    /// `if` where an operand is expected.
    pub(super) fn foreign_if(&mut self) {
        self.foreign(
            "`if` is a statement, not a value",
            "Lua has no conditional expressions.",
            "Use `condition and a or b` where a is never false or nil, or an `if` statement.",
        );
        self.give_up(self.cursor.start());
    }

    /// `!=`: the token behind `!` is an adjacent `=`.
    pub(super) fn is_not_equal(&self) -> bool {
        let (Some(mark), Some(equal)) = (self.cursor.peek(0), self.cursor.peek(1)) else { return false };
        self.cursor.text(1) == "=" && mark.end == equal.start
    }

    /// A symbol of typed syntax outside a type.
    pub(super) fn foreign_symbol(&mut self, text: &str) {
        match text {
            "!" if self.is_not_equal() => {
                self.foreign(
                    "`!=` is no operator of Lua",
                    "Inequality has a sign of its own.",
                    "Write `~=`.",
                );
                self.drop_token();
            }
            "!" => self.foreign(
                "`!` does not negate",
                "Behind a value `!` says that it is not nil; before one it means nothing.",
                "Write `not`.",
            ),
            "?" | "?:" => self.foreign(
                "`?` belongs to types",
                "Lua has no conditional operator, and `?` marks an optional type.",
                "Use `condition and a or b`, or an `if` statement.",
            ),
            "@" => self.foreign(
                "`@` belongs to types",
                "An annotation such as `@min(0)` stands behind a type; functions have no attributes.",
                "Move it behind the type, or remove it.",
            ),
            _ => self.foreign(
                "`->` belongs to types",
                "An arrow says what a function type returns. A function's own results stand behind a colon.",
                "Write `function f(x): T`; fields are reached with `.`, methods with `:`.",
            ),
        }
        self.drop_token();
        // The name of a function's attribute.
        if text == "@" && self.before == Before::Statement && self.cursor.is_name(0) {
            self.drop_token();
        }
        if self.before == Before::Operand && text != "@" {
            self.before = Before::Operator;
        }
    }

    /// `x += 1`, `a && b`, `// comment`. True: it was reported and taken.
    pub(super) fn foreign_operator(&mut self, token: Token) -> bool {
        let text = self.cursor.text(0);
        let next = self.cursor.peek(1).filter(|next| next.start == token.end);
        let behind = next.map_or("", |next| next.text(self.cursor.source));
        let is_arithmetic =
            matches!(text, "+" | "-" | "*" | "/" | "//" | "%" | "^" | ".." | "&" | "|" | "<<" | ">>");
        if (text, behind) == ("+", "+") {
            self.increment();
            return true;
        }
        if self.before == Before::Operand && behind == "=" && is_arithmetic {
            self.foreign(
                format!("`{text}=` is no operator of Lua"),
                "Lua assigns with `=` alone.",
                format!("Write `x = x {text} value`."),
            );
        } else if matches!((text, behind), ("&", "&") | ("|", "|")) {
            let word = if text == "&" { "and" } else { "or" };
            self.foreign(
                format!("`{text}{text}` is no operator of Lua"),
                "Logical operators are words.",
                format!("Write `{word}`."),
            );
        } else if text == "//" && self.before != Before::Operand {
            let found = no_comment(self.cursor.span());
            self.report(found);
            self.drop_token();
            self.drop_line();
            return true;
        } else {
            if text == "//" {
                self.line_slashes.get_or_insert(self.cursor.at);
            }
            return false;
        }
        self.drop_token();
        self.drop_token();
        self.before = Before::Operator;
        true
    }

    /// Hides the rest of the line.
    pub(super) fn drop_line(&mut self) {
        while !self.cursor.starts_line() {
            self.drop_token();
        }
    }
}

/// The reserved word of which `word` is a slip: at most one letter of three is wrong.
pub(super) fn near_keyword(word: &str, keywords: &'static [&'static str]) -> Option<&'static str> {
    keywords
        .iter()
        .map(|keyword| (strsim::damerau_levenshtein(keyword, word), *keyword))
        .min()
        .filter(|(distance, keyword)| *distance <= (keyword.len().max(word.len()) / 3).min(2))
        .map(|(_, keyword)| keyword)
}

//! Values and what stands between them: two in a row, or one that is missing.

use super::balance::Opener;
use super::{Before, Prepass};
use crate::diagnostics::Diagnostic;

impl Prepass<'_> {
    /// The current token ends an operand.
    pub(super) fn operand(&mut self) {
        self.cursor.bump();
        self.before = Before::Operand;
    }

    /// The current token asks for an operand behind it.
    pub(super) fn operator(&mut self) {
        self.cursor.bump();
        self.before = Before::Operator;
    }

    /// A literal or name. `may_follow`: it can stand behind an operand, as the text in `f"x"`.
    pub(super) fn value(&mut self, may_follow: bool) {
        match self.before {
            Before::Operand if !may_follow => self.two_values(),
            Before::Statement => self.no_statement(),
            Before::Member => self.name_expected("a field or method"),
            _ => {}
        }
        self.operand();
    }

    fn syntax(&self, title: String, explanation: String, hint: impl Into<String>) -> Diagnostic {
        let title = format!("syntax error: {title}");
        Diagnostic::error("P0001", Some(self.cursor.span()), title).explain(explanation).hint(hint)
    }

    fn two_values(&mut self) {
        let begins_line = self.cursor.starts_line() && self.cursor.is_name(0);
        if let (Some(open), Some(token)) = (self.open.last().copied(), self.cursor.peek(0))
            && open.opener == Opener::Paren
            && begins_line
        {
            return self.unclosed_before(open, token);
        }
        let found = self.cursor.described();
        let bracket = self.open.last().copied().filter(|open| open.is_bracket());
        let (missing, hint) = match bracket.map(|open| open.opener) {
            Some(Opener::Brace) => {
                ("`,` or `}`", "Close the table with `}`, or separate its fields by commas.")
            }
            Some(_) => ("an operator or `,`", "Values in a list are separated by commas."),
            None => ("an operator", "A comma, an operator or a line's beginning may be missing."),
        };
        let mut fault = self.syntax(
            format!("{missing} expected before {found}"),
            format!("The value before {found} is complete, so {found} cannot belong to it."),
            hint,
        );
        if let Some(open) = bracket.filter(|open| open.opener == Opener::Brace) {
            fault = fault.related(self.span_of(open.token), "this `{` is open");
        }
        self.report(fault);
    }

    fn no_statement(&mut self) {
        let found = self.cursor.described();
        let fault = self.syntax(
            format!("no statement begins with {found}"),
            "A statement is a call, an assignment, or begins with a reserved word.".to_owned(),
            "A value alone does nothing: assign it, return it or remove it.",
        );
        self.report(fault);
        self.statement();
    }

    pub(super) fn name_expected(&mut self, what: &str) {
        let found = self.cursor.described();
        let fault = self.syntax(
            format!("a name expected before {found}"),
            format!("Only the name of {what} can stand here."),
            "Write the name: letters, digits and `_`, not beginning with a digit.",
        );
        self.report(fault);
    }

    /// Something other than a value comes: where one is needed it is missing.
    pub(super) fn check_operand(&mut self) {
        match self.before {
            Before::Operator => {
                let found = self.cursor.described();
                let before = self.cursor.before().map_or("", |token| token.text(self.cursor.source));
                let fault = self.syntax(
                    format!("a value expected before {found}"),
                    format!("`{before}` needs a value behind it."),
                    "Complete the expression, or remove what has no second side.",
                );
                self.report(fault);
                self.before = Before::Operand;
            }
            Before::Member => {
                self.name_expected("a field or method");
                self.before = Before::Operand;
            }
            _ => {}
        }
    }

    /// The file ends.
    pub(super) fn check_operand_before_end(&mut self) {
        if self.open.iter().all(|open| !open.is_bracket()) {
            self.check_operand();
        }
    }

    /// A binary operator, comma or `=`: it needs an operand before it. What may be unary does not.
    pub(super) fn check_left_operand(&mut self, is_unary: bool) {
        match self.before {
            Before::Member => self.check_operand(),
            Before::Operator if !is_unary => self.check_operand(),
            Before::Opening if !is_unary => {
                let text = self.cursor.described();
                let fault = self.syntax(
                    format!("a value expected before {text}"),
                    format!("{text} stands between two values."),
                    "Write the first value, or remove the sign.",
                );
                self.report(fault);
            }
            Before::Statement => self.no_statement(),
            _ => {}
        }
    }

    /// Whether the head of an `if` or loop is being read, which ends with `then` or `do`.
    pub(super) fn in_head(&self) -> bool {
        self.open.last().is_some_and(|open| open.awaits.is_some())
    }

    /// In the head of an `if` or loop the value is complete and something else comes than the word
    /// that ends the head. It is taken as if that word stood here.
    pub(super) fn end_of_head_missing(&mut self) {
        let Some(word) = self.open.last_mut().and_then(|open| open.awaits.take()) else { return };
        let text = self.cursor.text(0);
        let is_slip = self.cursor.is_name(0) && strsim::damerau_levenshtein(text, word) < word.len().min(3);
        let found = self.cursor.described();
        let hint = match text {
            "=" => "Values are compared with `==`.".to_owned(),
            _ if is_slip => format!("Did you mean `{word}`?"),
            _ => format!("Write `{word}` behind the condition."),
        };
        let fault = self.syntax(
            format!("`{word}` expected before {found}"),
            format!("The head ends with `{word}`, and its expression is complete."),
            hint,
        );
        self.report(fault);
        if is_slip {
            self.drop_token();
            self.before = Before::Statement;
        } else if text == "=" {
            if let Some(open) = self.open.last_mut() {
                open.awaits = Some(word);
            }
            self.operator();
        } else {
            self.before = Before::Statement;
        }
    }
}

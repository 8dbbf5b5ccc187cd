//! What stands behind a type: `?`, `[]`, `["field"]`, `@validator(...)`.

use super::TypeReader;
use crate::hir::{Type, TypeKind};
use crate::parse::cursor::Parsed;
use crate::parse::lexer::TokenKind;
use crate::parse::literal;
use crate::source::Span;

impl<'a> TypeReader<'_, 'a> {
    /// A primary type with the `?`, `[]`, `["field"]` and `@validator(...)` behind it.
    pub(super) fn suffixed(&mut self) -> Parsed<Type> {
        let start = self.cursor.start();
        let mut ty = self.primary()?;
        loop {
            let kind = match self.cursor.text(0) {
                "?" if !(self.is_bound && self.starts_type(1)) => {
                    self.cursor.bump();
                    optional(ty)
                }
                "?:" if self.is_choice => {
                    self.cursor.take_byte();
                    optional(ty)
                }
                "[" => self.bracket_suffix(ty)?,
                "@" => self.annotation(ty)?,
                _ => return Ok(ty),
            };
            self.deepen()?;
            ty = Type { kind, span: self.cursor.span_from(start) };
        }
    }

    fn bracket_suffix(&mut self, base: Type) -> Parsed<TypeKind> {
        self.cursor.bump();
        let base = Box::new(base);
        if self.cursor.take("]") {
            return Ok(TypeKind::Array(base));
        }
        if self.cursor.kind(0) != Some(TokenKind::String) {
            return self.fault(
                "`]` or a field's name expected in a type",
                "`T[]` is an array of T, and `T[\"name\"]` the type of a field.",
                "A value in brackets cannot follow a type; put the cast in parentheses to index it.",
            );
        }
        let field = self.string();
        self.expect("]", "`T[\"name\"]`")?;
        Ok(TypeKind::FieldOf { base, field })
    }

    /// The text of the string literal the cursor stands at.
    pub(super) fn string(&mut self) -> String {
        let bytes = literal::string(self.cursor.text(0)).unwrap_or_default();
        self.cursor.bump();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// `@name(arguments)`
    fn annotation(&mut self, base: Type) -> Parsed<TypeKind> {
        self.cursor.bump();
        let validator = self.name("An annotation is a name with arguments: `number @min(0)`.")?;
        let mut arguments = Vec::new();
        if self.cursor.is("(") && !self.cursor.starts_line() {
            let spans = self.expressions("an annotation's arguments")?;
            arguments = spans.into_iter().map(|span| self.text(span).to_owned()).collect();
        }
        Ok(TypeKind::Annotated { base: Box::new(base), validator, arguments })
    }

    pub(super) fn text(&self, span: Span) -> &'a str {
        self.cursor.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The expressions between parentheses; the cursor stands at the `(`.
    pub(super) fn expressions(&mut self, what: &str) -> Parsed<Vec<Span>> {
        self.cursor.bump();
        let mut depth = 0usize;
        let mut spans = Vec::new();
        let mut from = (self.cursor.at, self.cursor.start());
        loop {
            let text = self.cursor.text(0);
            if self.cursor.peek(0).is_none() {
                return self.expect(")", what).map(|()| spans);
            }
            if depth == 0 && matches!(text, ")" | ",") {
                let is_empty = from.0 == self.cursor.at;
                if !(text == ")" && is_empty && spans.is_empty()) {
                    let end = if is_empty { from.1 } else { self.cursor.taken_to };
                    spans.push(Span::new(self.cursor.file, from.1, end));
                }
                self.cursor.bump();
                if text == ")" {
                    return Ok(spans);
                }
                from = (self.cursor.at, self.cursor.start());
                continue;
            }
            match text {
                "(" | "{" | "[" => depth += 1,
                ")" | "}" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.cursor.bump();
        }
    }
}

/// `T?`; `T??` says no more than `T?`.
fn optional(ty: Type) -> TypeKind {
    match ty.kind {
        TypeKind::Optional(_) => ty.kind,
        _ => TypeKind::Optional(Box::new(ty)),
    }
}

//! Types without an operator: names, literals, parentheses and the worded forms.

use super::{Place, TypeReader};
use crate::hir::{Type, TypeKind};
use crate::parse::cursor::{Cursor, Parsed};
use crate::parse::lexer::TokenKind;
use crate::parse::literal::{self, Number};

impl TypeReader<'_, '_> {
    pub(super) fn primary(&mut self) -> Parsed<Type> {
        let start = self.cursor.start();
        let takes_results = std::mem::take(&mut self.takes_results);
        let kind = match self.cursor.kind(0) {
            Some(TokenKind::Name) => self.worded(takes_results)?,
            Some(TokenKind::String) => TypeKind::String(self.string()),
            Some(TokenKind::Number) => self.number(false)?,
            Some(TokenKind::Keyword) => self.constant()?,
            _ => match self.cursor.text(0) {
                "{" => self.enclosed(Self::table)?,
                "(" => return self.parenthesised(takes_results),
                "-" if self.cursor.kind(1) == Some(TokenKind::Number) => {
                    self.cursor.bump();
                    self.number(true)?
                }
                "<" => {
                    return self.fault(
                        "a type is expected here",
                        "A function type has no type parameters of its own.",
                        "Declare them at the function: `function f<T>(x: T): T`.",
                    );
                }
                _ => return self.no_type(),
            },
        };
        Ok(Type { kind, span: self.cursor.span_from(start) })
    }

    fn no_type<T>(&self) -> Parsed<T> {
        self.fault(
            "a type is expected here",
            "A type is a name, a literal, a table type in braces or a function type such as `(number) -> string`.",
            "Write the type, or remove the annotation.",
        )
    }

    fn constant(&mut self) -> Parsed<TypeKind> {
        let kind = match self.cursor.text(0) {
            "nil" => TypeKind::Nil,
            "true" => TypeKind::Boolean(true),
            "false" => TypeKind::Boolean(false),
            "function" => {
                return self.fault(
                    "a type is expected here",
                    "`function` begins a value. The type of a function says what goes in and what comes out.",
                    "Write `(number) -> string`, or `fun(...): any` for any function.",
                );
            }
            _ => return self.no_type(),
        };
        self.cursor.bump();
        Ok(kind)
    }

    fn number(&mut self, is_negative: bool) -> Parsed<TypeKind> {
        let kind = match literal::number(self.cursor.text(0)) {
            Some(Number::Integer(value)) if is_negative => TypeKind::Integer(value.wrapping_neg()),
            Some(Number::Integer(value)) => TypeKind::Integer(value),
            Some(Number::Float(value)) => TypeKind::Float(if is_negative { -value } else { value }),
            None => return self.no_type(),
        };
        self.cursor.bump();
        Ok(kind)
    }

    /// What begins with a name: one of the worded forms, or a named type.
    fn worded(&mut self, takes_results: bool) -> Parsed<TypeKind> {
        match (self.cursor.text(0), self.cursor.text(1)) {
            ("readonly", "{") => {
                self.cursor.bump();
                let start = self.cursor.start();
                let kind = self.enclosed(Self::table)?;
                let table = Type { kind, span: self.cursor.span_from(start) };
                Ok(TypeKind::Readonly(Box::new(table)))
            }
            ("readonly", _) if self.starts_type(1) && !self.line_ends_behind() => {
                self.cursor.bump();
                self.fault(
                    "a table type is expected behind `readonly`",
                    "`readonly` marks an array, a map or a record.",
                    "Write the table type in braces: `readonly {string}`.",
                )
            }
            ("fun", "(") => self.fun(),
            ("interface", "{") => {
                self.cursor.bump();
                self.enclosed(|reader| {
                    let fields = reader.record_fields()?;
                    Ok(TypeKind::Interface(fields))
                })
            }
            ("typeof", "(") => {
                let start = self.cursor.start();
                self.cursor.bump();
                let spans = self.enclosed(|reader| reader.expressions("`typeof(...)`"))?;
                match spans.as_slice() {
                    [span] if span.start < span.end => {
                        self.cursor.typeofs.push(*span);
                        Ok(TypeKind::Typeof(self.text(*span).to_owned()))
                    }
                    _ => self.fault_at(
                        self.cursor.span_from(start),
                        "`typeof` takes one expression",
                        "`typeof(e)` is the type of the expression e.",
                        "Put exactly one expression between the parentheses.",
                    ),
                }
            }
            ("keyof", "(") => {
                self.cursor.bump();
                self.enclosed(|reader| {
                    reader.cursor.bump();
                    let ty = reader.ty()?;
                    reader.expect(")", "`keyof(...)`")?;
                    Ok(TypeKind::Keyof(Box::new(ty)))
                })
            }
            ("asserts", _) if takes_results && self.cursor.is_name(1) && !self.line_ends_behind() => {
                self.asserts()
            }
            _ => self.named(),
        }
    }

    /// Whether a line ends behind the current token.
    fn line_ends_behind(&self) -> bool {
        self.cursor.peek(1).is_none_or(|token| token.starts_line)
    }

    /// `asserts x`, `asserts x is T`
    fn asserts(&mut self) -> Parsed<TypeKind> {
        self.cursor.bump();
        let name = self.name("`asserts` names a parameter.")?;
        let is_typed = self.cursor.is("is") && !self.cursor.starts_line() && self.starts_type(1);
        let ty = if is_typed {
            self.cursor.bump();
            Some(Box::new(self.ty()?))
        } else {
            None
        };
        Ok(TypeKind::Asserts { name, ty })
    }

    /// `Name`, `module.Name`, `Name<A, B>`
    fn named(&mut self) -> Parsed<TypeKind> {
        let mut path = vec![self.name("A type begins with a name.")?];
        while self.cursor.is(".") {
            self.cursor.bump();
            path.push(self.name("A module's type is written `module.Name`.")?);
        }
        let arguments = if self.has_arguments(&path) { self.arguments()? } else { Vec::new() };
        Ok(TypeKind::Named { path, arguments })
    }

    /// Whether the `<` at the cursor opens a list of types.
    fn has_arguments(&self, path: &[String]) -> bool {
        if !self.cursor.is("<") {
            return false;
        }
        match self.place {
            Place::Ordinary => true,
            Place::Local => !(matches!(self.cursor.text(1), "const" | "close") && self.cursor.text(2) == ">"),
            Place::Cast => !is_built_in(path) && closes_soon(self.cursor),
        }
    }

    /// `<A, B>`; the cursor stands at the `<`.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Type>> {
        self.enclosed(|reader| {
            reader.cursor.bump();
            let mut arguments = vec![reader.ty()?];
            while reader.cursor.take(",") {
                arguments.push(reader.ty()?);
            }
            reader.close_angle()?;
            Ok(arguments)
        })
    }

    /// The `>` that ends a list; of `>>` and `>=` only the first byte.
    pub(super) fn close_angle(&mut self) -> Parsed<()> {
        match self.cursor.text(0) {
            ">>" | ">=" => self.cursor.take_byte(),
            _ => self.expect(">", "a list of types")?,
        }
        Ok(())
    }
}

/// Types that are known everywhere and take no arguments.
fn is_built_in(path: &[String]) -> bool {
    let [name] = path else { return false };
    matches!(
        name.as_str(),
        "any"
            | "boolean"
            | "bool"
            | "number"
            | "integer"
            | "int"
            | "string"
            | "table"
            | "unknown"
            | "never"
            | "error"
    )
}

/// How far a `<` behind a cast is followed to tell a list of types from a comparison.
const LOOK_AHEAD: usize = 64;

/// Whether only what may stand in a list of types comes between the `<` at the cursor and its `>`.
fn closes_soon(cursor: &Cursor) -> bool {
    let mut depth = 0usize;
    for ahead in 0..LOOK_AHEAD {
        match (cursor.kind(ahead), cursor.text(ahead)) {
            (_, "<") => depth += 1,
            (_, ">" | ">=") => depth = depth.saturating_sub(1),
            (_, ">>") => depth = depth.saturating_sub(2),
            (Some(TokenKind::Name | TokenKind::String | TokenKind::Number), _)
            | (_, "nil" | "true" | "false" | "." | "," | "?" | "|" | "&" | ":" | "?:" | "->" | "..." | "-")
            | (_, "(" | ")" | "{" | "}" | "[" | "]") => {}
            _ => return false,
        }
        if depth == 0 {
            return true;
        }
    }
    false
}

//! Types as they are written: `{string}`, `(number) -> boolean?`, `Map<string, T> | nil`.
//!
//! A recursive-descent parser over the tokens. It stops at the first token that cannot continue the
//! type and leaves the cursor there.

mod function;
mod primary;
mod suffix;
mod table;

use crate::diagnostics::Diagnostic;
use crate::hir::{Type, TypeKind};
use crate::parse::cursor::{Cursor, Parsed};
use crate::parse::lexer::TokenKind;
use crate::source::Span;

/// Types nested deeper than this are refused: the parser recurses.
const MAX_DEPTH: usize = 100;

/// Where a type stands decides how a few of its tokens read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An annotation or a declaration.
    Ordinary,
    /// Behind `local x:`, where `<const>` may follow.
    Local,
    /// Behind `as` or `::`, where `<` may be a comparison.
    Cast,
}

/// Reads one type.
pub fn read(cursor: &mut Cursor, place: Place) -> Parsed<Type> {
    TypeReader::new(cursor, place).ty()
}

/// Reads the results of a function: `T`, `A, B`, `(A, B)`, `()`.
pub fn read_results(cursor: &mut Cursor) -> Parsed<Vec<Type>> {
    let mut results = TypeReader::new(cursor, Place::Ordinary).results()?;
    while cursor.take(",") {
        results.push(read(cursor, Place::Ordinary)?);
    }
    Ok(results)
}

/// Reads `<T, U: Bound>`; the cursor stands at the `<`.
pub fn read_parameters(cursor: &mut Cursor) -> Parsed<Vec<(String, Option<Type>)>> {
    let mut reader = TypeReader::new(cursor, Place::Ordinary);
    reader.cursor.bump();
    let mut parameters = Vec::new();
    loop {
        let name = reader.name("A type parameter is a name: `<T, U: Bound>`.")?;
        let bound = if reader.cursor.take(":") { Some(reader.ty()?) } else { None };
        parameters.push((name, bound));
        if !reader.cursor.take(",") {
            break;
        }
    }
    reader.close_angle()?;
    Ok(parameters)
}

/// Reads `<A, B>` of an explicit instantiation; the cursor stands at the `<`.
pub fn read_arguments(cursor: &mut Cursor) -> Parsed<Vec<Type>> {
    TypeReader::new(cursor, Place::Ordinary).arguments()
}

struct TypeReader<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    place: Place,
    depth: usize,
    /// A list of results may stand here: `(A, B)`, `asserts x`.
    takes_results: bool,
    /// In `B` of `A extends B ? C : D`, where a `?` may belong to the conditional.
    is_bound: bool,
    /// In `C` of `A extends B ? C : D`, where `?:` is `?` and `:`.
    is_choice: bool,
}

impl<'c, 'a> TypeReader<'c, 'a> {
    fn new(cursor: &'c mut Cursor<'a>, place: Place) -> Self {
        Self { cursor, place, depth: 0, takes_results: false, is_bound: false, is_choice: false }
    }

    /// A fault at the current token.
    fn fault<T>(&self, title: impl Into<String>, explanation: &str, hint: &str) -> Parsed<T> {
        self.fault_at(self.cursor.span(), title, explanation, hint).map_err(|found| {
            let label = format!("found {}", self.cursor.described());
            Box::new(found.label(label))
        })
    }

    fn fault_at<T>(&self, span: Span, title: impl Into<String>, explanation: &str, hint: &str) -> Parsed<T> {
        Err(Box::new(Diagnostic::error("P0004", Some(span), title).explain(explanation).hint(hint)))
    }

    fn expect(&mut self, text: &str, what: &str) -> Parsed<()> {
        if self.cursor.take(text) {
            return Ok(());
        }
        let explanation = format!("{what} needs a `{text}` here.");
        self.fault(format!("`{text}` expected in a type"), &explanation, "Close or complete the type.")
    }

    fn name(&mut self, hint: &str) -> Parsed<String> {
        if !self.cursor.is_name(0) {
            return self.fault("a name is expected in a type", "Only a name can stand here.", hint);
        }
        let name = self.cursor.text(0).to_owned();
        self.cursor.bump();
        Ok(name)
    }

    /// One level deeper; counted for every node that nests.
    fn deepen(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error("P0003", Some(self.cursor.span()), "nested too deeply")
                .explain(format!("This type nests more than {MAX_DEPTH} levels."))
                .hint("Give an inner part a name with `type Name = ...`."),
        ))
    }

    /// Reads with `read` what brackets enclose: the marks of the place around do not hold there.
    fn enclosed<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = (self.place, self.takes_results, self.is_bound, self.is_choice);
        (self.place, self.takes_results, self.is_bound, self.is_choice) =
            (Place::Ordinary, false, false, false);
        let result = read(self);
        (self.place, self.takes_results, self.is_bound, self.is_choice) = outer;
        result
    }

    /// `compound [extends bound ? then : otherwise]`
    fn ty(&mut self) -> Parsed<Type> {
        let depth = self.depth;
        self.deepen()?;
        let start = self.cursor.start();
        let subject = self.compound()?;
        let ty = if self.is_conditional() { self.conditional(start, subject)? } else { subject };
        self.depth = depth;
        Ok(ty)
    }

    fn is_conditional(&self) -> bool {
        self.cursor.is("extends") && !self.cursor.starts_line() && self.starts_type(1)
    }

    fn conditional(&mut self, start: usize, subject: Type) -> Parsed<Type> {
        self.cursor.bump();
        let outer = (self.is_bound, self.is_choice);
        (self.is_bound, self.is_choice) = (true, false);
        let bound = self.compound()?;
        self.expect("?", "`A extends B ? C : D`")?;
        (self.is_bound, self.is_choice) = (false, true);
        let then = self.ty()?;
        (self.is_bound, self.is_choice) = outer;
        self.expect(":", "`A extends B ? C : D`")?;
        let otherwise = self.ty()?;
        let kind = TypeKind::Conditional {
            subject: Box::new(subject),
            bound: Box::new(bound),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        };
        Ok(Type { kind, span: self.cursor.span_from(start) })
    }

    /// `A | B & C`: one level, from the left. A leading operator is let through, for long lists.
    fn compound(&mut self) -> Parsed<Type> {
        let start = self.cursor.start();
        if self.cursor.is("|") || self.cursor.is("&") {
            self.cursor.bump();
        }
        let mut ty = self.suffixed()?;
        if matches!(ty.kind, TypeKind::Tuple(_)) {
            // `(A) -> (B, C) | D`: a list of results is whole, the function type is the member.
            return Ok(ty);
        }
        let mut last = "";
        while matches!(self.cursor.text(0), "|" | "&") {
            let operator = self.cursor.text(0);
            self.cursor.bump();
            let right = self.suffixed()?;
            let span = self.cursor.span_from(start);
            match &mut ty.kind {
                TypeKind::Union(members) | TypeKind::Intersection(members) if last == operator => {
                    members.push(right);
                    ty.span = span;
                }
                _ => {
                    self.deepen()?;
                    let members = vec![ty, right];
                    let kind = match operator {
                        "|" => TypeKind::Union(members),
                        _ => TypeKind::Intersection(members),
                    };
                    ty = Type { kind, span };
                }
            }
            last = operator;
        }
        Ok(ty)
    }

    /// Whether the token `ahead` can begin a type.
    fn starts_type(&self, ahead: usize) -> bool {
        starts_type(self.cursor, ahead)
    }
}

/// Whether the token `ahead` of the cursor can begin a type.
pub fn starts_type(cursor: &Cursor, ahead: usize) -> bool {
    match cursor.kind(ahead) {
        Some(TokenKind::Name | TokenKind::Number | TokenKind::String) => true,
        Some(TokenKind::Keyword) => matches!(cursor.text(ahead), "nil" | "true" | "false"),
        Some(TokenKind::Symbol) => matches!(cursor.text(ahead), "{" | "(" | "-"),
        _ => false,
    }
}

//! Function types, parentheses and lists of results.

use super::TypeReader;
use crate::hir::{Type, TypeKind};
use crate::parse::cursor::Parsed;

/// What stands between the parentheses of a function type.
#[derive(Default)]
struct Params {
    params: Vec<(Option<String>, Type)>,
    variadic: Option<Box<Type>>,
}

impl TypeReader<'_, '_> {
    /// A list of results: one type, `(A, B)` or `()`.
    pub(super) fn results(&mut self) -> Parsed<Vec<Type>> {
        self.takes_results = true;
        let ty = self.ty();
        self.takes_results = false;
        let ty = ty?;
        Ok(match ty.kind {
            TypeKind::Tuple(types) => types,
            _ => vec![ty],
        })
    }

    /// `(A, name: B, ...C) -> R`, `(T)`, or a list of results.
    pub(super) fn parenthesised(&mut self, takes_results: bool) -> Parsed<Type> {
        let start = self.cursor.start();
        let Params { params, variadic } = self.enclosed(Self::params)?;
        if self.cursor.take("->") {
            let results = self.results()?;
            let kind = TypeKind::Function { params, variadic, results };
            return Ok(Type { kind, span: self.cursor.span_from(start) });
        }
        if variadic.is_some() || params.iter().any(|(name, _)| name.is_some()) {
            return self.fault_at(
                self.cursor.span_from(start),
                "`->` expected behind this type",
                "Parentheses with named or variadic parameters begin a function type.",
                "Say what the function returns: `(x: number) -> string`, or `-> ()` for nothing.",
            );
        }
        let mut types: Vec<Type> = params.into_iter().map(|(_, ty)| ty).collect();
        if types.len() == 1
            && let Some(ty) = types.pop()
        {
            return Ok(ty);
        }
        let goes_on = matches!(self.cursor.text(0), "?" | "[" | "@");
        if !takes_results || goes_on {
            return self.fault_at(
                self.cursor.span_from(start),
                "a list of types may only be the results of a function",
                "`(A, B)` and `()` say what a function returns; they are no types of values.",
                "Complete it to a function type with `->`, or write one type.",
            );
        }
        Ok(Type { kind: TypeKind::Tuple(types), span: self.cursor.span_from(start) })
    }

    /// `fun(A, name: B): R`; the cursor stands at `fun`.
    pub(super) fn fun(&mut self) -> Parsed<TypeKind> {
        self.cursor.bump();
        let Params { params, variadic } = self.enclosed(Self::params)?;
        let results = if self.cursor.take(":") { self.results()? } else { Vec::new() };
        Ok(TypeKind::Function { params, variadic, results })
    }

    /// `(A, name: B, ...C)`; the cursor stands at the `(`.
    fn params(&mut self) -> Parsed<Params> {
        self.cursor.bump();
        let mut params = Params::default();
        if self.cursor.take(")") {
            return Ok(params);
        }
        loop {
            if self.cursor.is("...") {
                params.variadic = Some(Box::new(self.variadic()?));
                break;
            }
            params.params.push(self.param()?);
            if !self.cursor.take(",") {
                break;
            }
        }
        self.expect(")", "a function type")?;
        Ok(params)
    }

    fn param(&mut self) -> Parsed<(Option<String>, Type)> {
        let is_named = self.cursor.is_name(0) && matches!(self.cursor.text(1), ":" | "?:");
        if !is_named {
            return Ok((None, self.ty()?));
        }
        let name = self.cursor.text(0).to_owned();
        self.cursor.bump();
        if self.cursor.is("?:") {
            return self.fault(
                "a parameter's name takes no `?`",
                "Only a record's field is optional by its name. A parameter is optional by its type.",
                "Write `x: T?`.",
            );
        }
        self.cursor.bump();
        Ok((Some(name), self.ty()?))
    }

    /// `...T`, `...: T`, or `...` for anything.
    fn variadic(&mut self) -> Parsed<Type> {
        let start = self.cursor.start();
        self.cursor.bump();
        let has_colon = self.cursor.take(":");
        if has_colon || self.starts_type(0) {
            return self.ty();
        }
        let kind = TypeKind::Named { path: vec!["any".to_owned()], arguments: Vec::new() };
        Ok(Type { kind, span: self.cursor.span_from(start) })
    }
}

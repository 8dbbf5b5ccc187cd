//! Expressions as tokens.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::format::Marks;
use crate::lower::ir::{Call, Ending, Expr, Name, Site, Within};

/// A Rust name made by `lower/names`, which are all legal.
pub fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// A dotted or `::` path of legal names.
pub fn path(path: &str) -> TokenStream {
    path.parse().unwrap_or_default()
}

pub fn expression(marks: &mut Marks, expr: &Expr) -> TokenStream {
    match expr {
        Expr::Nil => quote! { Value::NIL },
        Expr::Bool(true) => quote! { Value::TRUE },
        Expr::Bool(false) => quote! { Value::FALSE },
        Expr::Int(i64::MIN) => quote! { Value::int(i64::MIN) },
        Expr::Int(value) => {
            let value = Literal::i64_unsuffixed(*value);
            quote! { Value::int(#value) }
        }
        Expr::Float(value) => float(*value),
        Expr::Text(bytes) => {
            marks.has_long_text |= bytes.len() > LONG_TEXT;
            text(bytes)
        }
        Expr::Name(name) | Expr::Reference(name) => {
            let name = ident(name);
            quote! { #name }
        }
        Expr::Deref(name) => {
            let name = ident(name);
            quote! { *#name }
        }
        Expr::This { .. } => quote! { this },
        Expr::CellGet(name) => {
            let name = ident(name);
            quote! { #name.get() }
        }
        Expr::CellCapture(name) => {
            let name = ident(name);
            quote! { #name.capture() }
        }
        Expr::CellNew(value) => {
            let value = expression(marks, value);
            quote! { Shared::new(cx, #value) }
        }
        Expr::Captured(index) => {
            let index = Literal::usize_unsuffixed(*index);
            quote! { this.captured(#index) }
        }
        Expr::SharedUpvalue(index) => {
            let index = Literal::usize_unsuffixed(*index);
            quote! { this.shared_upvalue(#index) }
        }
        Expr::Clone(inner) => {
            let inner = receiver(marks, inner);
            quote! { #inner.clone() }
        }
        Expr::Borrow(inner) => {
            let inner = expression(marks, inner);
            quote! { &#inner }
        }
        Expr::BorrowMut(inner) => {
            let inner = expression(marks, inner);
            quote! { &mut #inner }
        }
        Expr::Function(definition) => {
            let definition = ident(definition);
            quote! { Value::function(&#definition) }
        }
        Expr::Closure { definition, captures } => {
            let definition = ident(definition);
            let captures = all(marks, captures);
            quote! { Closure::new(cx, &#definition, [#(#captures),*]) }
        }
        Expr::Module(module) => {
            let place = path(&format!("{}::{}", module.rust, module.table));
            quote! { Value::module(&#place) }
        }
        Expr::Key(name) => {
            let field = ident(&marks.keys.field(name));
            quote! { &KEYS.#field }
        }
        Expr::Library(module, name) => {
            let place = path(&format!("{}::{}", module.rust, module.table));
            let name = Literal::byte_string(name.as_bytes());
            quote! { #place.get(cx, #name) }
        }
        Expr::Truthy(inner) => {
            let inner = receiver(marks, inner);
            quote! { #inner.truthy() }
        }
        Expr::BoolValue(inner) => {
            let inner = expression(marks, inner);
            quote! { Value::bool(#inner) }
        }
        Expr::Not(inner) => {
            let operand = expression(marks, inner);
            if matches!(**inner, Expr::AndAlso(..) | Expr::OrElse(..)) {
                quote! { !(#operand) }
            } else {
                quote! { !#operand }
            }
        }
        Expr::AndAlso(left, right) => {
            let (left, right) = (inside_and(marks, left), inside_and(marks, right));
            quote! { #left && #right }
        }
        Expr::OrElse(left, right) => {
            let (left, right) = (expression(marks, left), expression(marks, right));
            quote! { #left || #right }
        }
        Expr::And(left, right) => {
            let operands = chain(marks, (left, right), |expr| match expr {
                Expr::And(left, right) => Some((left, right)),
                _ => None,
            });
            quote! { __mw_and(#(#operands),*) }
        }
        Expr::Or(left, right) => {
            let operands = chain(marks, (left, right), |expr| match expr {
                Expr::Or(left, right) => Some((left, right)),
                _ => None,
            });
            quote! { __mw_or(#(#operands),*) }
        }
        Expr::Array(items) => {
            let items = all(marks, items);
            quote! { [#(#items),*] }
        }
        Expr::Pair(left, right) => {
            let (left, right) = (expression(marks, left), expression(marks, right));
            quote! { (#left, #right) }
        }
        Expr::Call(call) => self::call(marks, call),
        Expr::Method { receiver: of, name, args } => {
            let of = receiver(marks, of);
            let name = ident(name);
            let args = all(marks, args);
            quote! { #of.#name(#(#args),*) }
        }
        Expr::Word(word) => path(word),
        Expr::Path(text) => path(text),
        Expr::Site(site) => self::site(site),
        Expr::Str(text) => {
            let text = Literal::string(text);
            quote! { #text }
        }
        Expr::Number(value) => {
            let value = Literal::i64_unsuffixed(*value);
            quote! { #value }
        }
        Expr::Block(statements, value) => {
            let statements = super::statement::statements(marks, statements);
            let value = expression(marks, value);
            quote! { { #statements #value } }
        }
    }
}

fn all(marks: &mut Marks, items: &[Expr]) -> Vec<TokenStream> {
    items.iter().map(|item| expression(marks, item)).collect()
}

/// In front of a dot; what begins with a brace or an operator is put in parentheses.
fn receiver(marks: &mut Marks, expr: &Expr) -> TokenStream {
    let tokens = expression(marks, expr);
    match expr {
        Expr::Block(..)
        | Expr::Borrow(_)
        | Expr::BorrowMut(_)
        | Expr::Not(_)
        | Expr::AndAlso(..)
        | Expr::OrElse(..) => {
            quote! { (#tokens) }
        }
        _ => tokens,
    }
}

/// `a || b` inside `&&` needs parentheses.
fn inside_and(marks: &mut Marks, expr: &Expr) -> TokenStream {
    let tokens = expression(marks, expr);
    if matches!(expr, Expr::OrElse(..)) {
        quote! { (#tokens) }
    } else {
        tokens
    }
}

fn float(value: f64) -> TokenStream {
    if value.is_nan() {
        return quote! { Value::float(f64::NAN) };
    }
    if value.is_infinite() {
        return if value > 0.0 {
            quote! { Value::float(f64::INFINITY) }
        } else {
            quote! { Value::float(f64::NEG_INFINITY) }
        };
    }
    let value = Literal::f64_unsuffixed(value);
    quote! { Value::float(#value) }
}

/// A text that takes rustc long to make the hash of: a quarter of what its lint puts up with.
const LONG_TEXT: usize = 200_000;

/// `s!("text")`, or `s!(b"bytes")` for what is not UTF-8.
fn text(bytes: &[u8]) -> TokenStream {
    let literal = match std::str::from_utf8(bytes) {
        Ok(text) => Literal::string(text),
        Err(_) => Literal::byte_string(bytes),
    };
    quote! { s!(#literal) }
}

/// So many operands of one operator nest macros; more become one call of the macro.
const LONG_CHAIN: usize = 16;

/// The operands of a macro that stands for an operator: both sides, or all operands of a long chain.
/// `sides` are those of an expression with the same operator.
fn chain<'a>(
    marks: &mut Marks,
    (left, right): (&'a Expr, &'a Expr),
    sides: impl Fn(&'a Expr) -> Option<(&'a Expr, &'a Expr)>,
) -> Vec<TokenStream> {
    let mut operands = Vec::new();
    let mut open = vec![right, left];
    while let Some(next) = open.pop() {
        match sides(next) {
            Some((left, right)) => open.extend([right, left]),
            None => operands.push(next),
        }
    }
    if operands.len() <= LONG_CHAIN {
        operands = vec![left, right];
    }
    operands.into_iter().map(|operand| expression(marks, operand)).collect()
}

/// A call that may fail as the result it gives, without the `?`; `None` for anything else.
pub fn fallible(marks: &mut Marks, expr: &Expr) -> Option<TokenStream> {
    let Expr::Call(call) = expr else { return None };
    matches!(call.ending, Ending::At { .. } | Ending::Placed { .. }).then(|| result_of(marks, call))
}

fn call(marks: &mut Marks, call: &Call) -> TokenStream {
    let result = result_of(marks, call);
    match call.ending {
        Ending::Nothing | Ending::Await | Ending::Tail { .. } => result,
        Ending::Try | Ending::At { .. } | Ending::Placed { .. } => quote! { #result? },
    }
}

/// The call up to where a `?` would stand.
fn result_of(marks: &mut Marks, call: &Call) -> TokenStream {
    // A macro, which the formatter leaves alone unless it looks like a call.
    let function = path(if call.path == "record" { "__mw_record" } else { &call.path });
    let args = all(marks, &call.args);
    let plain = quote! { #function(#(#args),*) };
    match &call.ending {
        Ending::Nothing | Ending::Try | Ending::Placed { awaits: false } => plain,
        Ending::Await | Ending::Placed { awaits: true } => quote! { #plain.await },
        Ending::At { site, is_boxed, awaits } => {
            let site = self::site(site);
            let plain = if *is_boxed {
                quote! { Box::pin(#plain) }
            } else {
                plain
            };
            let wait = if *awaits {
                quote! { .await }
            } else {
                TokenStream::new()
            };
            quote! { #plain.at(cx, #site)#wait }
        }
        Ending::Tail { site, awaits } => {
            let site = self::site(site);
            let wait = if *awaits {
                quote! { .await }
            } else {
                TokenStream::new()
            };
            quote! { #plain.tail(cx, #site)#wait }
        }
    }
}

pub fn site(site: &Site) -> TokenStream {
    let line = Literal::u32_unsuffixed(site.line);
    let names = site.names.iter().map(name);
    let within = match site.within {
        Within::Line => TokenStream::new(),
        Within::Chunk => quote! { in chunk },
        Within::Function(number) => {
            let number = Literal::usize_unsuffixed(number);
            quote! { in #number }
        }
    };
    quote! { at!(#line #within #(, #names)*) }
}

fn name(name: &Name) -> TokenStream {
    let (kind, text) = match name {
        Name::None => return quote! { none },
        Name::Local(text) => ("local", text),
        Name::Upvalue(text) => ("upvalue", text),
        Name::Global(text) => ("global", text),
        Name::Field(text) => ("field", text),
        Name::Method(text) => ("method", text),
        Name::Constant(text) => ("constant", text),
    };
    let kind = ident(kind);
    // As PUC Lua shows it; a NUL ends each of a site's names.
    let text = Literal::string(text.split('\0').next().unwrap_or_default());
    quote! { #kind #text }
}

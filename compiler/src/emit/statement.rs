//! Statements as tokens.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Lifetime;

use super::expression::{expression, ident};
use super::format::Marks;
use crate::lower::ir::{Binder, Block, Expr, Returns, Scope, Stmt};

pub fn statements(marks: &mut Marks, block: &Block) -> TokenStream {
    block.iter().map(|stmt| statement(marks, stmt)).collect()
}

/// A function body: a `return` at its end is written as the value of the block.
pub fn body(marks: &mut Marks, block: &Block, end: Option<TokenStream>) -> TokenStream {
    let (last, front) = match block.split_last() {
        Some((Stmt::Return(value), front)) => match super::expression::fallible(marks, value) {
            Some(result) => (result, front),
            None => {
                let value = expression(marks, value);
                (quote! { Ok(#value) }, front)
            }
        },
        Some((Stmt::ReturnResult(value), front)) => (expression(marks, value), front),
        _ => (end.unwrap_or_default(), block.as_slice()),
    };
    let front: TokenStream = front.iter().map(|stmt| statement(marks, stmt)).collect();
    quote! { #front #last }
}

fn statement(marks: &mut Marks, stmt: &Stmt) -> TokenStream {
    match stmt {
        Stmt::Comment(text) => marks.comment(text),
        Stmt::Blank => Marks::blank(),
        Stmt::Let(name, value) => {
            let (name, value) = (binder(name), expression(marks, value));
            quote! { let #name = #value; }
        }
        Stmt::LetArray(names, value) => {
            let names = names.iter().map(binder);
            let value = expression(marks, value);
            quote! { let [#(#names),*] = #value; }
        }
        Stmt::Set(name, value) => {
            let (name, value) = (place(name), expression(marks, value));
            quote! { #name = #value; }
        }
        Stmt::SetArray(names, value) => {
            let names = names.iter().map(|name| place(name));
            let value = expression(marks, value);
            quote! { [#(#names),*] = #value; }
        }
        Stmt::SetCell(name, value) => {
            let (name, value) = (ident(name), expression(marks, value));
            quote! { #name.set(#value); }
        }
        Stmt::Eval(value) => {
            let tokens = expression(marks, value);
            // A statement may not begin with a brace that is only part of it.
            if matches!(value, Expr::Block(..)) {
                quote! { let _ = #tokens; }
            } else {
                quote! { #tokens; }
            }
        }
        Stmt::Return(value) => {
            let value = expression(marks, value);
            quote! { return Ok(#value); }
        }
        Stmt::ReturnResult(value) => {
            let value = expression(marks, value);
            quote! { return #value; }
        }
        Stmt::Break(label) => {
            let label = label.as_deref().map(lifetime);
            quote! { break #label; }
        }
        Stmt::Continue(label) => {
            let label = label.as_deref().map(lifetime);
            quote! { continue #label; }
        }
        Stmt::Scope(scope) => self::scope(marks, scope),
        compound => self::compound(marks, compound),
    }
}

/// The type of what a function returns.
pub fn returned(returns: Returns) -> TokenStream {
    match returns {
        Returns::Unit => quote! { () },
        Returns::Value => quote! { Value },
        Returns::Array(count) => {
            let count = proc_macro2::Literal::usize_unsuffixed(count);
            quote! { [Value; #count] }
        }
        Returns::Multi => quote! { Multi },
    }
}

/// A scope as a closure that is called at once, or an async block that is awaited, and what follows.
fn scope(marks: &mut Marks, scope: &Scope) -> TokenStream {
    let name = ident(&scope.name);
    let returns = match scope.returns {
        Returns::Multi => quote! { Args },
        returns => returned(returns),
    };
    let end = scope.falls_through.then(|| quote! { Ok(Scope::Ends) });
    let body = body(marks, &scope.body, end);
    let closed = expression(marks, &scope.closed);
    let site = super::expression::site(&scope.site);
    let (run, close) = if scope.is_async {
        (quote! { async { #body }.await }, quote! { close_async(cx, &#closed, #name, #site).await? })
    } else {
        (quote! { (|| { #body })() }, quote! { close(cx, &#closed, #name, #site)? })
    };
    let mut arms = Vec::new();
    if scope.falls_through {
        arms.push(quote! { Scope::Ends => {} });
    }
    if let Some(on_return) = &scope.on_return {
        let on_return = statements(marks, on_return);
        arms.push(quote! { Scope::Returns(value) => { #on_return } });
    }
    for (number, jump) in scope.jumps.iter().enumerate() {
        let number = proc_macro2::Literal::usize_unsuffixed(number);
        let jump = statements(marks, jump);
        arms.push(quote! { Scope::Jumps(#number) => { #jump } });
    }
    quote! {
        let #name: LuaResult<Scope<#returns>> = #run;
        match #close {
            #(#arms)*
            _ => unreachable!("the scope ends in no other way"),
        }
    }
}

fn compound(marks: &mut Marks, stmt: &Stmt) -> TokenStream {
    match stmt {
        Stmt::If { arms, otherwise } => {
            let mut tokens = TokenStream::new();
            for (at, (condition, body)) in arms.iter().enumerate() {
                let (condition, body) = (expression(marks, condition), statements(marks, body));
                let word = if at == 0 {
                    quote! { if }
                } else {
                    quote! { else if }
                };
                tokens.extend(quote! { #word #condition { #body } });
            }
            if let Some(body) = otherwise {
                let body = statements(marks, body);
                tokens.extend(quote! { else { #body } });
            }
            tokens
        }
        Stmt::While { label, condition, body } => {
            let (label, condition) = (prefix(label.as_deref()), expression(marks, condition));
            let body = statements(marks, body);
            quote! { #label while #condition { #body } }
        }
        Stmt::Loop { label, body } => {
            let (label, body) = (prefix(label.as_deref()), statements(marks, body));
            quote! { #label loop { #body } }
        }
        Stmt::For { label, variable, iterator, body } => {
            let (label, variable) = (prefix(label.as_deref()), binder(variable));
            let (iterator, body) = (expression(marks, iterator), statements(marks, body));
            quote! { #label for #variable in #iterator { #body } }
        }
        Stmt::Each { label, variables, next, body } => {
            let label = prefix(label.as_deref());
            let variables = variables.iter().map(binder);
            let (next, body) = (expression(marks, next), statements(marks, body));
            quote! { #label while let Some([#(#variables),*]) = #next { #body } }
        }
        Stmt::Block { label, body } => {
            let (label, body) = (prefix(label.as_deref()), statements(marks, body));
            quote! { #label { #body } }
        }
        Stmt::Part(part) => super::part::part(marks, part),
        _ => TokenStream::new(),
    }
}

fn lifetime(label: &str) -> Lifetime {
    Lifetime::new(&format!("'{label}"), Span::call_site())
}

fn prefix(label: Option<&str>) -> TokenStream {
    label.map(lifetime).map(|label| quote! { #label: }).unwrap_or_default()
}

/// The target of an assignment; `_` takes what nobody wants.
fn place(name: &str) -> TokenStream {
    if name == "_" {
        return quote! { _ };
    }
    if let Some(name) = name.strip_prefix('*') {
        let name = ident(name);
        return quote! { *#name };
    }
    let name = ident(name);
    quote! { #name }
}

pub fn binder(binder: &Binder) -> TokenStream {
    let name = place(&binder.name);
    if binder.is_mutable {
        quote! { mut #name }
    } else {
        name
    }
}

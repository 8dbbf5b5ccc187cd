//! Functions as Rust items, each with the lines of Lua it came from.

use proc_macro2::TokenStream;
use quote::quote;

use super::expression::ident;
use super::format::Marks;
use super::statement::{binder, body};
use crate::lower::ir::{Function, Returns};

/// The function and, behind it, the definition through which unknown callers reach it.
///
/// # Errors
/// The tokens are no Rust item: a bug of ours.
pub fn emit(marks: &mut Marks, function: &Function, file: &str) -> Result<String, String> {
    let item = item(marks, function, file);
    let mut text = marks.format(item)?;
    if let Some(definition) = &function.definition {
        text.push_str("\n\n");
        text.push_str(&self::definition(function, definition));
    }
    Ok(text)
}

fn item(marks: &mut Marks, function: &Function, file: &str) -> TokenStream {
    let docs = docs(function, file).into_iter().map(|line| format!(" {line}"));
    let name = ident(&function.name);
    let visibility = if function.is_chunk {
        quote! { pub }
    } else {
        TokenStream::new()
    };
    let is_async = function.reason.is_some();
    let asyncness = if is_async {
        quote! { async }
    } else {
        TokenStream::new()
    };
    let mut params = vec![quote! { cx: Cx }];
    if function.takes_this {
        params.push(if is_async {
            quote! { this: Value }
        } else {
            quote! { this: &Value }
        });
    }
    for param in &function.params {
        let name = binder(&param.binder);
        params.push(if param.is_borrowed {
            quote! { #name: &Value }
        } else {
            quote! { #name: Value }
        });
    }
    if function.is_vararg {
        params.push(if is_async {
            quote! { varargs: Args }
        } else {
            quote! { varargs: &[Value] }
        });
    }
    let (returns, nothing) = match function.returns {
        Returns::Unit => (quote! { LuaResult<()> }, quote! { Ok(()) }),
        Returns::Value => (quote! { LuaResult }, quote! { Ok(Value::NIL) }),
        Returns::Array(count) => {
            let count = proc_macro2::Literal::usize_unsuffixed(count);
            (quote! { LuaResult<[Value; #count]> }, TokenStream::new())
        }
        Returns::Multi => (quote! { LuaResult<Multi> }, quote! { Ok(Multi::none(cx)) }),
    };
    let end = function.falls_through.then_some(nothing);
    let body = body(marks, &function.body, end);
    quote! {
        #(#[doc = #docs])*
        #visibility #asyncness fn #name(#(#params),*) -> #returns { #body }
    }
}

fn docs(function: &Function, file: &str) -> Vec<String> {
    let (first, last) = function.lines;
    let lines = if first == last { format!("{file}:{first}") } else { format!("{file}:{first}-{last}") };
    if function.is_chunk {
        return vec![format!("The top level of the file, {lines}.")];
    }
    let what = match function.lua_name.as_str() {
        "" => "A function without a name".to_owned(),
        name => format!("`{name}`"),
    };
    let mut docs = vec![format!("{what}, {lines}.")];
    if !function.captures.is_empty() {
        let names: Vec<String> = function.captures.iter().map(|name| format!("`{name}`")).collect();
        docs.push(format!("Captures {}.", names.join(", ")));
    }
    if let Some(reason) = &function.reason {
        docs.push(format!("May suspend: {reason}."));
    }
    docs
}

/// `lua_function!(MAIN, "main", line 19, async main(this; a, b) varargs);`
fn definition(function: &Function, definition: &str) -> String {
    let kind = if function.reason.is_some() { "async" } else { "plain" };
    // The macro makes the values; the function itself says which of them are mutable.
    let params: Vec<&str> = function.params.iter().map(|param| param.binder.name.as_str()).collect();
    let this = if function.takes_this { "this; " } else { "" };
    let varargs = if function.is_vararg { " varargs" } else { "" };
    let call = format!("{}({this}{}){varargs}", function.name, params.join(", ")).replace("; )", ";)");
    let visibility = if function.is_chunk || function.is_entrance { "pub " } else { "" };
    format!(
        "lua_function!({visibility}{definition}, {:?}, line {}, {kind} {call});",
        function.lua_name, function.lines.0
    )
}

//! The parts of a long function as tokens.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::expression::ident;
use super::format::Marks;
use super::statement::{returned, statements};
use crate::lower::ir::{Lent, LentKind, Part, Section};

/// A part, and behind it what its returns and jumps do.
pub fn part(marks: &mut Marks, part: &Part) -> TokenStream {
    let body = statements(marks, &part.body);
    let has_exits = part.on_return.is_some() || !part.jumps.is_empty();
    let (result, end) = match &part.on_return {
        Some((returns, _)) => {
            let value = returned(*returns);
            (quote! { Scope<#value> }, quote! { Ok(Scope::Ends) })
        }
        None if has_exits => (quote! { Scope<()> }, quote! { Ok(Scope::<()>::Ends) }),
        None => (quote! { () }, quote! { Ok(()) }),
    };
    let (item, call) = match (&part.section, part.is_async) {
        (Some(section), is_async) => {
            let (name, params) = (ident(&section.name), section.lends.iter().map(param));
            let asyncness = is_async.then(|| quote! { async });
            let item = quote! {
                #[inline(never)]
                #asyncness fn #name(cx: Cx, #(#params),*) -> LuaResult<#result> { #body #end }
            };
            (item, called(section, is_async))
        }
        (None, true) => (TokenStream::new(), quote! { Part::wait(async { #body #end }).await? }),
        (None, false) => (TokenStream::new(), quote! { Part::run(|| { #body #end })? }),
    };
    if !has_exits {
        return quote! { #item #call; };
    }
    let on_return = part.on_return.as_ref().map(|(_, block)| statements(marks, block));
    if part.jumps.is_empty() {
        return quote! { #item if let Scope::Returns(value) = #call { #on_return } };
    }
    let returns = on_return.map(|block| quote! { Scope::Returns(value) => { #block } });
    let jumps = part.jumps.iter().enumerate().map(|(number, jump)| {
        let number = Literal::usize_unsuffixed(number);
        let jump = statements(marks, jump);
        quote! { Scope::Jumps(#number) => { #jump } }
    });
    let jumps: Vec<TokenStream> = jumps.collect();
    quote! {
        #item
        match #call {
            Scope::Ends => {}
            #returns
            #(#jumps)*
            _ => unreachable!("the part ends in no other way"),
        }
    }
}

fn param(lent: &Lent) -> TokenStream {
    let name = ident(&lent.name);
    match lent.kind {
        LentKind::Value => quote! { #name: &Value },
        LentKind::Mutable => quote! { #name: &mut Value },
        LentKind::Cell => quote! { #name: &Shared },
        LentKind::Varargs => quote! { #name: &[Value] },
    }
}

fn called(section: &Section, is_async: bool) -> TokenStream {
    let name = ident(&section.name);
    let lends = section.lends.iter().map(|lent| {
        let name = ident(&lent.name);
        match lent.kind {
            _ if lent.is_reference => quote! { #name },
            LentKind::Mutable => quote! { &mut #name },
            LentKind::Value | LentKind::Cell | LentKind::Varargs => quote! { &#name },
        }
    });
    let call = quote! { #name(cx, #(#lends),*) };
    if is_async {
        quote! { Part::wait(#call).await? }
    } else {
        quote! { #call? }
    }
}

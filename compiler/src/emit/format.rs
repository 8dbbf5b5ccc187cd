//! Items as text: formatted, with the comments and blank lines that tokens cannot carry.
//!
//! Inside a body a comment travels as a statement `__mw_mark!(7);`, a blank line as
//! `__mw_blank!();`; after formatting these lines become what they stand for.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::keys::Keys;

/// What the items of a module being written leave for later: their comments, and the names they use.
#[derive(Default)]
pub struct Marks {
    comments: Vec<String>,
    pub keys: Keys,
    /// Whether a text is so long that rustc wonders about it.
    pub has_long_text: bool,
}

impl Marks {
    /// A statement that stands for `// text`.
    pub fn comment(&mut self, text: &str) -> TokenStream {
        let index = Literal::usize_unsuffixed(self.comments.len());
        self.comments.push(text.to_owned());
        quote! { __mw_mark!(#index); }
    }

    pub fn blank() -> TokenStream {
        quote! { __mw_blank!(); }
    }

    /// The item formatted, with its comments.
    ///
    /// # Errors
    /// The tokens are no Rust item.
    pub fn format(&self, item: TokenStream) -> Result<String, String> {
        let text = item.to_string();
        let file = syn::parse2::<syn::File>(item).map_err(|error| format!("{error}\n\n{text}"))?;
        let mut lines: Vec<String> = Vec::new();
        for line in super::layout::relayout(&prettyplease::unparse(&file)).lines() {
            lines.push(self.restored(line));
        }
        Ok(lines.join("\n"))
    }

    fn restored(&self, line: &str) -> String {
        let trimmed = line.trim_start();
        let indent = line.get(..line.len() - trimmed.len()).unwrap_or_default();
        if trimmed == "__mw_blank!();" {
            return String::new();
        }
        let number = trimmed.strip_prefix("__mw_mark!(").and_then(|rest| rest.strip_suffix(");"));
        match number
            .and_then(|number| number.parse::<usize>().ok())
            .and_then(|index| self.comments.get(index))
        {
            Some(comment) => format!("{indent}// {comment}"),
            None => line.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_comments_and_blank_lines() {
        let mut marks = Marks::default();
        let comment = marks.comment("relay.lua:24");
        let blank = Marks::blank();
        let text = marks.format(quote! { fn f() { a(); #blank #comment b(); } }).unwrap();
        assert_eq!(text, "fn f() {\n    a();\n\n    // relay.lua:24\n    b();\n}");
    }
}

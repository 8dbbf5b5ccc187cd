//! What the compiler tells a user: title, place, one paragraph, a hint and a stable code.
//!
//! A phase collects its diagnostics and returns them all; nothing stops at the first fault.
//! `render` turns a list of them into text for people, `json` into lines for tools.

mod json;
mod render;
mod suggest;
mod window;

pub use json::json_lines;
pub use render::text;
pub use suggest::suggest;

use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

/// One message about one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Stable, e.g. `M0004` (manifest), `P0001` (parse), `R0002` (names), `L0001` (not supported yet).
    pub code: &'static str,
    pub severity: Severity,
    /// A short title: `unknown module "tmie"`.
    pub title: String,
    /// Where; `None` only where no file is to blame.
    pub span: Option<Span>,
    /// What stands under the caret, a few words; may be empty.
    pub label: String,
    /// One plain paragraph to the reader.
    pub explanation: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// The entry at fault (`app:relay`), when one is known.
    pub entry: Option<String>,
    /// Further places that matter (`first defined here`).
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    pub fn error(code: &'static str, span: Option<Span>, title: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            title: title.into(),
            span,
            label: String::new(),
            explanation: String::new(),
            hint: String::new(),
            entry: None,
            related: Vec::new(),
        }
    }

    pub fn warning(code: &'static str, span: Option<Span>, title: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, title) }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn explain(mut self, text: impl Into<String>) -> Self {
        self.explanation = text.into();
        self
    }

    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = text.into();
        self
    }

    #[must_use]
    pub fn entry(mut self, id: impl Into<String>) -> Self {
        self.entry = Some(id.into());
        self
    }

    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

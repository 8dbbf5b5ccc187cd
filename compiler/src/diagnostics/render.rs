//! Diagnostics as text: title, excerpt with a caret, paragraph and hint.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Excerpt, Label};
use codespan_reporting::term::{self, Config, Styles, StylesWriter, termcolor};

use super::window::Windows;
use super::{Diagnostic, Severity};
use crate::source::{FileId, Sources, Span, byte_of};

/// The column at which paragraphs break.
const WIDTH: usize = 80;

/// Every diagnostic, then a line that counts them. Empty if there is none.
pub fn text(diagnostics: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&excerpt(diagnostic, sources, colour));
        for paragraph in [diagnostic.explanation.clone(), hint(diagnostic)] {
            if !paragraph.is_empty() {
                out.push_str(&wrap(&visible(&paragraph)));
                out.push('\n');
            }
        }
    }
    if !diagnostics.is_empty() {
        out.push_str(&summary(diagnostics));
        out.push('\n');
    }
    out
}

/// `2 errors, 1 warning`.
fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let count = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let parts = [count(errors, "error"), count(diagnostics.len() - errors, "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn hint(diagnostic: &Diagnostic) -> String {
    if diagnostic.hint.is_empty() { String::new() } else { format!("Hint: {}", diagnostic.hint) }
}

/// Title and excerpt, ended by a blank line.
fn excerpt(diagnostic: &Diagnostic, sources: &Sources, colour: bool) -> String {
    let header = match diagnostic.severity {
        Severity::Error => Excerpt::error(),
        Severity::Warning => Excerpt::warning(),
    };
    let mut labels = Vec::new();
    if let Some(span) = diagnostic.span {
        let (file, range) = place(sources, span);
        labels.push(Label::primary(file, range).with_message(visible(&diagnostic.label)));
    }
    for (span, text) in &diagnostic.related {
        let (file, range) = place(sources, *span);
        labels.push(Label::secondary(file, range).with_message(visible(text)));
    }
    let files = Windows::new(sources, &mut labels);
    let shown =
        header.with_code(diagnostic.code).with_message(visible(&diagnostic.title)).with_labels(labels);
    let mut buffer = Vec::new();
    let config = Config::default();
    let written = if colour {
        let styles = Styles::default();
        let mut writer = StylesWriter::new(termcolor::Ansi::new(&mut buffer), &styles);
        term::emit_to_write_style(&mut writer, &config, &files, &shown)
    } else {
        term::emit_to_io_write(&mut buffer, &config, &files, &shown)
    };
    let mut text = String::from_utf8_lossy(&buffer).into_owned();
    if written.is_err() {
        // A span outside its file: the message still has to reach the reader.
        text = format!("{}: {}\n\n", diagnostic.code, visible(&diagnostic.title));
    }
    text
}

/// The place that is shown for a span, cut to what the file holds.
fn place(sources: &Sources, span: Span) -> (FileId, Range<usize>) {
    let span = sources.shown(span);
    let text = &sources.file(span.file).text;
    let cut = |offset: u32| text.floor_char_boundary(offset as usize);
    (span.file, cut(span.start)..cut(span.end.max(span.start)))
}

/// The text without characters that would steer a terminal, and with bytes that are no UTF-8 as Lua has
/// them. Its length in bytes stays the same.
pub fn visible(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t' && c != '\r';
    if !text.contains(|c| steers(c) || byte_of(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match byte_of(letter) {
            // Four bytes, as the character that stands for it.
            Some(byte) => {
                let _ = write!(shown, "\\x{byte:02X}");
            }
            // Control characters take one byte or two.
            None if !steers(letter) => shown.push(letter),
            None => shown.push(if letter.is_ascii() { '?' } else { '\u{b7}' }),
        }
    }
    Cow::Owned(shown)
}

/// Breaks a paragraph into lines, ended by a line break.
fn wrap(paragraph: &str) -> String {
    let mut out = String::new();
    for line in paragraph.lines() {
        let mut column = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > WIDTH {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            let _ = write!(out, "{word}");
            column += length;
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Origin, SourceFile};

    #[test]
    fn the_text_has_title_excerpt_paragraph_hint_and_count() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("src/_index.yaml", "é: [tmie]\nb: 1\n"));
        let diagnostics = [
            Diagnostic::error("M0050", Some(Span::new(file, 5, 9)), "unknown module \"tmie\"")
                .label("no such module")
                .explain("There is no built-in module of that name, so nothing can be bound to it when the entry starts.")
                .hint("Did you mean `time`?")
                .related(Span::new(file, 11, 12), "and this"),
            Diagnostic::warning("M0001", None, "all is not well"),
        ];
        let expected = "\
error[M0050]: unknown module \"tmie\"
  ┌─ src/_index.yaml:1:6
  │
1 │ é: [tmie]
  │     ^^^^ no such module
2 │ b: 1
  │ - and this

There is no built-in module of that name, so nothing can be bound to it when the
entry starts.

Hint: Did you mean `time`?

warning[M0001]: all is not well

1 error, 1 warning
";
        assert_eq!(text(&diagnostics, &sources, false), expected);
        assert!(text(&diagnostics, &sources, true).contains("\u{1b}["));
        assert_eq!(text(&[], &sources, false), "");
    }

    #[test]
    fn lua_inside_a_manifest_is_shown_there() {
        let mut sources = Sources::default();
        let manifest = sources.add(SourceFile::new("a.yaml", "source: |\n  local x\n  if y\n"));
        let whole = Span::new(manifest, 8, 27);
        let inner = SourceFile::new("a.yaml", "local x\nif y\n");
        let lua = sources.add(inner.inside(Origin { whole, pairs: vec![(0, 12), (8, 22)] }));
        let fault = Diagnostic::error("P0001", Some(Span::new(lua, 8, 12)), "syntax error");
        let shown = text(&[fault], &sources, false);
        assert!(shown.contains("a.yaml:3:3"), "{shown}");
        assert!(shown.contains("3 │   if y\n  │   ^^^^"), "{shown}");
    }

    #[test]
    fn nothing_in_a_file_steers_the_terminal() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.lua", "x \u{1b}[31m \u{9b}y\r\n"));
        let found = Diagnostic::error("P0001", Some(Span::new(file, 10, 11)), "bad \u{1b}c name");
        let shown = text(&[found], &sources, false);
        assert!(shown.contains("bad ?c name") && shown.contains("x ?[31m \u{b7}y"), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{9b}']));
    }

    #[test]
    fn a_byte_that_is_no_utf_8_is_shown_as_a_number() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::from_bytes("a.lua", b"local x\xe9 = 1\n"));
        let found = Diagnostic::error("P0002", Some(Span::new(file, 7, 11)), "bad");
        let shown = text(&[found], &sources, false);
        assert!(shown.contains("local x\\xE9 = 1\n  \u{2502}        ^^^^\n"), "{shown}");
    }

    #[test]
    fn a_span_outside_its_file_is_cut() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.lua", "x = é"));
        for (start, end) in [(0, 90), (90, 99), (5, 5), (4, 5)] {
            let fault = Diagnostic::error("P0001", Some(Span::new(file, start, end)), "t");
            assert!(text(&[fault], &sources, false).contains("a.lua:1:"));
        }
    }
}

//! Diagnostics for tools: one JSON object a line.

use serde_json::{Value, json};

use super::{Diagnostic, Severity};
use crate::source::{Sources, Span};

/// One line for each diagnostic. Lines and columns count from 1, columns in bytes; `end` is the place
/// after the last byte. What is not known is null.
pub fn json_lines(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| format!("{}\n", object(diagnostic, sources))).collect()
}

fn object(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let message = match diagnostic.explanation.as_str() {
        "" => diagnostic.title.clone(),
        explanation => format!("{}\n{explanation}", diagnostic.title),
    };
    let place = diagnostic.span.map(|span| Place::new(sources, span));
    json!({
        "code": diagnostic.code,
        "severity": severity,
        "message": message,
        "hint": diagnostic.hint,
        "file": place.as_ref().map(|place| place.file),
        "line": place.as_ref().map(|place| place.start.0),
        "column": place.as_ref().map(|place| place.start.1),
        "end": place.as_ref().map(|place| json!({ "line": place.end.0, "column": place.end.1 })),
        "entry": diagnostic.entry,
    })
}

struct Place<'a> {
    file: &'a str,
    start: (u32, u32),
    end: (u32, u32),
}

impl<'a> Place<'a> {
    fn new(sources: &'a Sources, span: Span) -> Self {
        let span = sources.shown(span);
        let file = sources.file(span.file);
        Self { file: &file.path, start: file.line_column(span.start), end: file.line_column(span.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    #[test]
    fn a_line_holds_what_a_tool_needs() {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("src/a.lua", "x\ny = z\n"));
        let found = Diagnostic::error("R0002", Some(Span::new(file, 6, 7)), "unknown name `z`")
            .explain("Nobody \"assigns\" it.")
            .hint("Write `local z`.")
            .entry("app:a");
        let lines = json_lines(&[found, Diagnostic::warning("M0001", None, "empty")], &sources);
        assert_eq!(
            lines,
            concat!(
                r#"{"code":"R0002","severity":"error","message":"unknown name `z`\nNobody \"assigns\" it.","#,
                r#""hint":"Write `local z`.","file":"src/a.lua","line":2,"column":5,"#,
                r#""end":{"line":2,"column":6},"entry":"app:a"}"#,
                "\n",
                r#"{"code":"M0001","severity":"warning","message":"empty","hint":"","file":null,"line":null,"#,
                r#""column":null,"end":null,"entry":null}"#,
                "\n"
            )
        );
    }
}

//! What an excerpt shows of the files: the lines of one diagnostic, and of a line too long for a terminal what is
//! around its marks.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::diagnostic::Label;
use codespan_reporting::files::{Error, Files};

use super::render::visible;
use crate::source::{FileId, SourceFile, Sources};

/// A longer line is shown in part.
const LONGEST_LINE: usize = 200;

/// So many bytes of it on either side of what is marked.
const AROUND: usize = 60;

/// What stands for the rest.
const LEFT_OUT: &str = "…";

/// The files as one diagnostic shows them.
pub struct Windows<'a> {
    sources: &'a Sources,
    windows: BTreeMap<FileId, Window>,
}

/// Some lines of a file that follow each other.
struct Window {
    text: String,
    /// The number of the first line, from 0.
    first: usize,
    /// Where in `text` the lines begin, and where the last one ends.
    starts: Vec<usize>,
    /// What of the file is shown, and where in `text`.
    pieces: Vec<(Range<usize>, usize)>,
}

impl<'a> Windows<'a> {
    /// The windows for labels, which are made to refer to them.
    pub fn new(sources: &'a Sources, labels: &mut [Label<FileId>]) -> Self {
        let mut marks: BTreeMap<FileId, Vec<usize>> = BTreeMap::new();
        for label in &*labels {
            marks.entry(label.file_id).or_default().extend([label.range.start, label.range.end]);
        }
        let windows = marks.into_iter().map(|(id, mut marks)| {
            marks.sort_unstable();
            (id, Window::new(sources.file(id), &marks))
        });
        let windows = Windows { sources, windows: windows.collect() };
        for label in labels {
            if let Some(window) = windows.windows.get(&label.file_id) {
                label.range = window.shown(label.range.start)..window.shown(label.range.end);
            }
        }
        windows
    }

    fn window(&self, id: FileId) -> Result<&Window, Error> {
        self.windows.get(&id).ok_or(Error::FileMissing)
    }
}

impl Window {
    /// The lines from the first to the last of `marks`, which are in order.
    fn new(file: &SourceFile, marks: &[usize]) -> Window {
        let line_of = |offset: Option<&usize>| {
            let offset = offset.map_or(0, |offset| u32::try_from(*offset).unwrap_or(u32::MAX));
            file.line_column(offset).0.saturating_sub(1) as usize
        };
        let (first, last) = (line_of(marks.first()), line_of(marks.last()));
        let mut window = Window { text: String::new(), first, starts: Vec::new(), pieces: Vec::new() };
        for line in first..=last {
            window.starts.push(window.text.len());
            let Some(whole) = file.line_range(line) else { continue };
            if whole.len() <= LONGEST_LINE {
                window.piece(file, whole);
            } else {
                let own = marks.iter().copied().filter(|mark| whole.contains(mark) || *mark == whole.end);
                window.parts(file, whole.clone(), own.collect());
            }
        }
        window.starts.push(window.text.len());
        window
    }

    /// What is around the marks in a long line.
    fn parts(&mut self, file: &SourceFile, line: Range<usize>, mut marks: Vec<usize>) {
        if marks.is_empty() {
            marks.push(line.start);
        }
        let content =
            line.start + file.text.get(line.clone()).unwrap_or_default().trim_end_matches(['\n', '\r']).len();
        let mut parts: Vec<Range<usize>> = Vec::new();
        for mark in marks {
            let start = file.text.floor_char_boundary(mark.saturating_sub(AROUND).max(line.start));
            let end = file.text.ceil_char_boundary((mark + AROUND).min(content)).max(mark);
            match parts.last_mut() {
                Some(before) if start <= before.end + LEFT_OUT.len() => before.end = before.end.max(end),
                _ => parts.push(start..end),
            }
        }
        let mut reached = line.start;
        for part in parts {
            if part.start > reached {
                self.text.push_str(LEFT_OUT);
            }
            reached = part.end;
            self.piece(file, part);
        }
        if reached < content {
            self.text.push_str(LEFT_OUT);
        }
        self.piece(file, reached.max(content)..line.end);
    }

    fn piece(&mut self, file: &SourceFile, range: Range<usize>) {
        let start = self.text.len();
        self.text.push_str(&visible(file.text.get(range.clone()).unwrap_or_default()));
        self.pieces.push((range, start));
    }

    /// Where something of the file stands in the window.
    fn shown(&self, offset: usize) -> usize {
        let at = self.pieces.partition_point(|(range, _)| range.end < offset);
        let piece = self.pieces.get(at).filter(|(range, _)| range.start <= offset);
        piece.map_or(self.text.len(), |(range, start)| start + offset - range.start)
    }

    /// Where in the file something of the window stands.
    fn original(&self, shown: usize) -> usize {
        let at = self.pieces.partition_point(|(_, start)| *start <= shown).saturating_sub(1);
        self.pieces
            .get(at)
            .map_or(0, |(range, start)| (range.start + shown.saturating_sub(*start)).min(range.end))
    }
}

impl<'a> Files<'a> for Windows<'_> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.sources.file(id).path)
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(&self.window(id)?.text)
    }

    fn line_index(&'a self, id: FileId, byte_index: usize) -> Result<usize, Error> {
        let window = self.window(id)?;
        let lines = window.starts.len().saturating_sub(1);
        let starts = window.starts.get(..lines).unwrap_or_default();
        let line = starts.partition_point(|start| *start <= byte_index).saturating_sub(1);
        Ok(window.first + line)
    }

    /// Columns count bytes of the file, from 1, as running Lua code and the JSON form do.
    fn column_number(&'a self, id: FileId, _line_index: usize, byte_index: usize) -> Result<usize, Error> {
        let offset = u32::try_from(self.window(id)?.original(byte_index)).unwrap_or(u32::MAX);
        Ok(self.sources.file(id).line_column(offset).1 as usize)
    }

    fn line_range(&'a self, id: FileId, line_index: usize) -> Result<Range<usize>, Error> {
        let window = self.window(id)?;
        let given = line_index;
        let at = line_index.checked_sub(window.first).and_then(|at| window.starts.get(at..at + 2));
        match at {
            Some([start, end]) => Ok(*start..*end),
            _ => Err(Error::LineTooLarge { given, max: window.first + window.starts.len() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostics::{Diagnostic, text};
    use crate::source::{SourceFile, Sources, Span};

    fn shown(content: &str, spans: &[(&str, &str)]) -> String {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.lua", content));
        let span = |what: &str| {
            let start = content.find(what).unwrap();
            Span::new(file, start, start + what.len())
        };
        let (first, others) = spans.split_first().unwrap();
        let mut found = Diagnostic::error("T0001", Some(span(first.0)), "t").label(first.1);
        for (what, label) in others {
            found = found.related(span(what), *label);
        }
        text(&[found], &sources, false)
    }

    #[test]
    fn of_a_long_line_what_is_around_the_mark_is_shown() {
        let line = format!("{} wrong {}\n", "ab ".repeat(1000), "cd ".repeat(1000));
        let expected = "\
error[T0001]: t
  ┌─ a.lua:2:3002
  │
2 │ …b ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab  wrong cd cd cd cd cd cd cd cd cd cd cd cd cd cd cd cd cd cd cd cd…
  │                                                              ^^^^^ here

1 error
";
        assert_eq!(
            shown(&format!("first\n{line}third\n"), &[("wrong", "here")]).replace("d  ", "d "),
            expected
        );
    }

    #[test]
    fn both_marks_of_a_long_line_are_shown_and_tabs_and_letters_count_right() {
        let line = format!("one\t{}two\té {}three", "é".repeat(400), "\t".repeat(300));
        let text = shown(&line, &[("two", "second"), ("one", "first"), ("three", "third")]);
        let lines: Vec<&str> = text.lines().collect();
        let column = |line: &str, what: &str| line.find(what).map(|at| line[..at].chars().count());
        assert!(lines[3].contains("one") && lines[3].matches('…').count() == 2, "{text}");
        assert_eq!(column(lines[3], "two"), column(lines[4], "^^^"), "{text}");
        assert_eq!(column(lines[3], "one"), column(lines[4], "---"), "{text}");
        assert!(text.contains("a.lua:1:805"), "{text}");
    }

    #[test]
    fn a_mark_at_either_end_of_a_long_line_is_shown() {
        let line = format!("start{}end", " x".repeat(500));
        let text = shown(&line, &[("start", "")]);
        assert!(text.contains("1 │ start x x") && text.contains("x…\n  │ ^^^^^\n"), "{text}");
        let text = shown(&line, &[("end", "")]);
        assert!(text.contains("1 │ …") && text.contains(" x xend\n"), "{text}");
        let all = format!("{line}\nmore");
        let text = shown(&all, &[(&all, "all of it")]);
        assert!(text.contains("all of it") && text.contains("more"), "{text}");
    }
}

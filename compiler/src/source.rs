//! Source files held in memory, and the spans that point into them.

use crate::ids;
use crate::index::IdVec;

ids! {
    /// One source file: a manifest, a Lua file, or a Lua text inside a manifest.
    pub struct FileId = "file";
}

/// Bytes `start..end` of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// From the start of `self` to the end of `other`, which lies in the same file.
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.start), ..self }
    }
}

/// One text, with the offsets of its lines.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user knows it, relative to the source root (`relay.lua`), with `/`.
    pub path: String,
    pub text: String,
    line_starts: Vec<u32>,
}

impl SourceFile {
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut line_starts = vec![0];
        line_starts.extend(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(offset, _)| u32::try_from(offset + 1).unwrap_or(u32::MAX)),
        );
        Self { path: path.into(), text, line_starts }
    }

    /// Line and column of a byte offset, both from 1; the column counts bytes.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        (u32::try_from(line).unwrap_or(u32::MAX), offset.saturating_sub(start) + 1)
    }
}

/// Every file of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: IdVec<FileId, SourceFile>,
}

impl Sources {
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(file)
    }

    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id]
    }

    /// The 1-based line on which a span starts.
    pub fn line(&self, span: Span) -> u32 {
        self.file(span.file).line_column(span.start).0
    }

    /// The 1-based line on which a span ends.
    pub fn last_line(&self, span: Span) -> u32 {
        self.file(span.file).line_column(span.end.saturating_sub(1).max(span.start)).0
    }
}

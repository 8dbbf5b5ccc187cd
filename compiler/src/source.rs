//! Source files held in memory, and the spans that point into them.

use std::ops::Range;

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

impl Span {
    /// The empty place behind it.
    pub fn at_end(self) -> Span {
        Span { start: self.end, ..self }
    }
}

/// One text, with the offsets of its lines.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user knows it, relative to the source root (`relay.lua`), with `/`.
    pub path: String,
    pub text: String,
    line_starts: Vec<u32>,
    origin: Option<Origin>,
    /// Bytes that are no UTF-8 have characters that stand in for them.
    has_stand_ins: bool,
}

/// Where the line ends of a text start and end. A line feed, a carriage return, or both in either order
/// are one.
fn line_ends(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + bytes.get(from..)?.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
        let is_pair = matches!(bytes.get(start..start + 2), Some(b"\r\n" | b"\n\r"));
        from = start + if is_pair { 2 } else { 1 };
        Some((start, from))
    })
}

/// The lines of a text without their ends; behind the last end there is one more, which may be empty.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let mut ends = line_ends(text).map(Some).chain([None]);
    std::iter::from_fn(move || {
        let (start, end) = ends.next()?.unwrap_or((text.len(), text.len()));
        let line = text.get(from..start);
        from = end;
        line
    })
}

/// The character that stands in for byte 0; those of the bytes above it follow. Private to us, and the
/// last there are: a file that is UTF-8 may have them, but then nothing stands in for anything.
const STAND_INS: u32 = 0x0010_FF00;

/// Where a text stands that is part of another file: Lua written inside a manifest.
///
/// Its own lines count from 1, as running code reports them; a reader is shown the other file.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The whole text, quotes and all.
    pub whole: Span,
    /// Offset here, offset there, ascending: up to the next pair the distance stays the same.
    /// Without pairs only the whole is known.
    pub pairs: Vec<(u32, u32)>,
}

impl Origin {
    fn place(&self, offset: u32) -> Option<u32> {
        let next = self.pairs.partition_point(|(here, _)| *here <= offset);
        let (here, there) = self.pairs.get(next.checked_sub(1)?)?;
        Some(there.saturating_add(offset - here))
    }
}

/// The byte a character stands for, in a file that is not UTF-8.
pub fn byte_of(letter: char) -> Option<u8> {
    u32::from(letter).checked_sub(STAND_INS).and_then(|byte| u8::try_from(byte).ok())
}

impl SourceFile {
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let ends = line_ends(&text).map(|(_, end)| u32::try_from(end).unwrap_or(u32::MAX));
        let line_starts = std::iter::once(0).chain(ends).collect();
        Self { path: path.into(), text, line_starts, origin: None, has_stand_ins: false }
    }

    /// A file whose bytes need not be UTF-8: what is not is kept as characters that stand in for it.
    pub fn from_bytes(path: impl Into<String>, bytes: &[u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self::new(path, text);
        }
        let mut text = String::with_capacity(bytes.len() * 2);
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            text.extend(
                chunk.invalid().iter().filter_map(|byte| char::from_u32(STAND_INS + u32::from(*byte))),
            );
        }
        Self { has_stand_ins: true, ..Self::new(path, text) }
    }

    /// The bytes of a literal of this file, with the file's own where characters stand in for them.
    pub fn restored(&self, bytes: Vec<u8>) -> Vec<u8> {
        if !self.has_stand_ins {
            return bytes;
        }
        let mut restored = Vec::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            for letter in chunk.valid().chars() {
                match byte_of(letter) {
                    Some(byte) => restored.push(byte),
                    None => restored.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                }
            }
            restored.extend_from_slice(chunk.invalid());
        }
        restored
    }

    /// Marks the text as part of another file.
    #[must_use]
    pub fn inside(self, origin: Origin) -> Self {
        Self { origin: Some(origin), ..self }
    }

    /// Line and column of a byte offset, both from 1; the column counts bytes.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        (u32::try_from(line).unwrap_or(u32::MAX), offset.saturating_sub(start) + 1)
    }

    /// The bytes of a line, counted from 0, its line break included.
    pub fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let start = *self.line_starts.get(line)? as usize;
        let end = self.line_starts.get(line + 1).map_or(self.text.len(), |end| *end as usize);
        Some(start..end)
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

    /// The place a reader is shown for a span: in the manifest, for Lua written inside one.
    pub fn shown(&self, span: Span) -> Span {
        let Some(origin) = &self.file(span.file).origin else { return span };
        let last = span.end.saturating_sub(1).max(span.start);
        let (Some(start), Some(end)) = (origin.place(span.start), origin.place(last)) else {
            return origin.whole;
        };
        let end = if span.end > span.start { end.saturating_add(1) } else { end };
        Span { file: origin.whole.file, start, end: end.max(start) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_counts_once() {
        let text = "a\nb\rc\r\nd\n\re\n\nf\r\r";
        assert_eq!(lines(text).collect::<Vec<_>>(), ["a", "b", "c", "d", "e", "", "f", "", ""]);
        let file = SourceFile::new("x.lua", text);
        let line_of = |letter: char| file.line_column(u32::try_from(text.find(letter).unwrap()).unwrap());
        assert_eq!(
            "abcdef".chars().map(line_of).map(|(line, _)| line).collect::<Vec<_>>(),
            [1, 2, 3, 4, 5, 7]
        );
        assert_eq!(line_of('e').1, 1);
        assert_eq!(lines("").collect::<Vec<_>>(), [""]);
    }
}

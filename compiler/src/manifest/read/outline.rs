//! The shape of a YAML document by its events: what stands where, in which form.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Range, Tag};

use super::{DEEPEST, Style, broken, too_deep, yaml};
use crate::diagnostics::Diagnostic;
use crate::ids;
use crate::index::IdVec;
use crate::source::{FileId, Span};

ids! {
    /// One part of a document.
    pub struct PartId = "part";
}

/// The first document of a text.
pub struct Outline {
    pub parts: IdVec<PartId, Part>,
    pub root: Option<PartId>,
}

pub struct Part {
    pub span: Span,
    pub shape: Shape,
}

pub enum Shape {
    Scalar(Scalar),
    List(Vec<PartId>),
    Map(Vec<(PartId, PartId)>),
    /// A finished part that stands here again.
    Alias(PartId),
}

pub struct Scalar {
    pub text: String,
    pub style: Style,
    pub has_tag: bool,
}

impl Outline {
    /// The part itself, or what it is an alias of.
    pub fn part(&self, mut id: PartId) -> &Part {
        loop {
            let part = &self.parts[id];
            match part.shape {
                // An alias names a part that was finished before it, so this ends.
                Shape::Alias(target) => id = target,
                _ => return part,
            }
        }
    }
}

/// Reads the events of the first document.
pub fn read(file: FileId, text: &str) -> Result<Outline, Box<Diagnostic>> {
    // A tab after `:` separates as a blank does; saphyr refuses it. Lengths stay the same.
    let text = text.replace(":\t", ": ");
    let mut builder = Builder {
        file,
        text: &text,
        offsets: Offsets::new(&text),
        parts: IdVec::new(),
        root: None,
        open: Vec::new(),
        anchors: BTreeMap::new(),
    };
    let mut events = Parser::new_from_str(&text);
    while let Some(event) = events.next_event() {
        let (event, range) = event.map_err(|error| builder.refused(&error))?;
        if matches!(event, Event::DocumentEnd | Event::StreamEnd) {
            break;
        }
        builder.take(event, range)?;
    }
    Ok(Outline { parts: builder.parts, root: builder.root })
}

/// A collection whose end has not been seen.
struct Open {
    start: Span,
    anchor: usize,
    is_map: bool,
    children: Vec<PartId>,
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    offsets: Offsets,
    parts: IdVec<PartId, Part>,
    root: Option<PartId>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, PartId>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, range: Range) -> Result<(), Box<Diagnostic>> {
        let span = self.span(range);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let style = self::style(style);
                let span = self.exact(span, style);
                refuse_binary(span, tag.as_deref())?;
                let scalar = Scalar { text: text.into_owned(), style, has_tag: tag.is_some() };
                self.finish(span, Shape::Scalar(scalar), anchor);
            }
            Event::Alias(anchor) => {
                let Some(target) = self.anchors.get(&anchor) else {
                    return Err(Box::new(
                        broken(span, "an alias inside its own anchor")
                            .hint("Repeat the part that is meant instead of the whole."),
                    ));
                };
                self.finish(span, Shape::Alias(*target), 0);
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                if self.open.len() >= DEEPEST {
                    return Err(Box::new(too_deep(span)));
                }
                let is_map = matches!(event, Event::MappingStart(..));
                self.open.push(Open { start: span, anchor, is_map, children: Vec::new() });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, end: Span) {
        let Some(Open { start, anchor, is_map, children }) = self.open.pop() else { return };
        let is_flow =
            self.text.get(end.start as usize..end.end as usize).is_some_and(|text| !text.is_empty());
        // In block form the end is only known by what follows; the first line is enough to point at.
        let span = match children.first() {
            _ if is_flow => start.to(end),
            Some(child) => start.to(self.parts[*child].span),
            None => start,
        };
        let shape = if is_map {
            Shape::Map(
                children.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect(),
            )
        } else {
            Shape::List(children)
        };
        self.finish(span, shape, anchor);
    }

    fn finish(&mut self, span: Span, shape: Shape, anchor: usize) {
        let id = self.parts.push(Part { span, shape });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(id),
            None => self.root = Some(id),
        }
    }

    fn span(&self, range: Range) -> Span {
        let (start, end) = (range.start.index(), range.end.index());
        Span::new(self.file, self.offsets.byte(start), self.offsets.byte(end))
    }

    /// Without the anchor and tag in front, and without what follows the closing quote.
    fn exact(&self, span: Span, style: Style) -> Span {
        let mut start = span.start as usize;
        let text = self.text.get(..span.end as usize).unwrap_or_default();
        let rest = |start: usize| text.get(start..).unwrap_or_default();
        while rest(start).starts_with(['&', '!']) {
            let word = rest(start).find(char::is_whitespace).unwrap_or(rest(start).len());
            let gap = rest(start + word).find(|c: char| !c.is_whitespace());
            start += word + gap.unwrap_or(rest(start + word).len());
        }
        let length = match style {
            Style::Single | Style::Double => yaml::quoted_length(rest(start)),
            Style::Plain => rest(start).trim_end().len(),
            _ => rest(start).len(),
        };
        Span::new(self.file, start, start + length)
    }

    fn refused(&self, error: &ScanError) -> Box<Diagnostic> {
        let at = self.offsets.byte(error.marker().index());
        let rest = self.text.get(at..).unwrap_or_default();
        let length = rest.chars().next().filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8);
        let mut found = broken(Span::new(self.file, at, at + length), words(error.info()));
        if let Some(hint) = hint(error.info()) {
            found = found.hint(hint);
        }
        let in_flow = self.open.last().filter(|_| error.info().contains("flow"));
        if let Some(open) = in_flow {
            found = found.related(open.start, "opened here");
        }
        Box::new(found)
    }
}

fn refuse_binary(span: Span, tag: Option<&Tag>) -> Result<(), Box<Diagnostic>> {
    if tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "binary") {
        let found = broken(span, "binary data is not supported");
        return Err(Box::new(found.hint("Put the bytes into a file of their own.")));
    }
    Ok(())
}

fn style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

/// The parser's words without the part that says what it was doing.
fn words(info: &str) -> String {
    let info = match info.split_once(", ") {
        Some((doing, what)) if doing.starts_with("while ") => what,
        _ => info,
    };
    info.replace('`', "'")
}

fn hint(info: &str) -> Option<&'static str> {
    let hints = [
        ("tab", "Indent with spaces; YAML does not allow tabs there."),
        ("mapping values are not allowed", "Check the indentation; a value that holds `: ` needs quotes."),
        ("unexpected character", "A value that begins with this character needs quotes."),
        ("unexpected end of stream", "The quote that opens here is never closed."),
        ("unknown escape", "Double a backslash that stands for itself, or use single quotes."),
        ("flow sequence", "A comma or the closing `]` is missing."),
        ("flow mapping", "A comma or the closing `}` is missing."),
        (
            "unknown anchor",
            "An alias `*name` needs an anchor `&name` before it; a value that begins with `*` needs quotes.",
        ),
        (
            "quoted scalar",
            "Check that the quote which opens here is closed, and the indentation of what it holds.",
        ),
        ("trailing content", "Nothing but a comment may follow the closing quote."),
        ("did not find expected key", "Check the indentation of this line and of the one before it."),
        ("'-' indicator", "Check the indentation: list items start with `- ` in one column."),
        ("indent", "Check the indentation of this line."),
    ];
    hints.iter().find(|(part, _)| info.contains(part)).map(|(_, hint)| *hint)
}

/// Byte offsets of characters: saphyr counts characters.
struct Offsets {
    /// Empty for a text of single bytes.
    bytes: Vec<usize>,
    len: usize,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let bytes =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { bytes, len: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            return character.min(self.len);
        }
        self.bytes.get(character).copied().unwrap_or(self.len)
    }
}

//! Which byte of a decoded string was written where: the places inside inline Lua.

/// How a string is written. Only this folder looks inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

/// Offset in `text`, offset in `written` (the bytes of the string's span); up to the next pair both
/// advance together. Empty if the two cannot be brought together.
pub fn pairs(style: Style, written: &str, text: &str) -> Vec<(u32, u32)> {
    let pairs = match style {
        Style::Literal | Style::Folded => lines(written, text),
        Style::Plain | Style::Single | Style::Double => inline(style, written, text),
    };
    let number = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    pairs.unwrap_or_default().into_iter().map(|(here, there)| (number(here), number(there))).collect()
}

type Pairs = Option<Vec<(usize, usize)>>;

/// A block: each line's words are the written ones, only the blanks around them differ.
fn lines(written: &str, text: &str) -> Pairs {
    let mut pairs = Vec::new();
    let (mut here, mut there) = (0, 0);
    for line in written.split_inclusive('\n') {
        let words = line.trim();
        if !words.is_empty() {
            let rest = text.get(here..)?;
            here += rest.len() - rest.trim_start().len();
            text.get(here..)?.strip_prefix(words)?;
            pairs.push((here, there + line.len() - line.trim_start().len()));
            here += words.len();
        }
        there += line.len();
    }
    Some(pairs)
}

/// A plain or quoted string: characters stand for themselves but for escapes and folded line breaks.
fn inline(style: Style, written: &str, text: &str) -> Pairs {
    let quote = usize::from(style != Style::Plain);
    let mut pairs = vec![(0, quote)];
    let (mut here, mut there) = (0, quote);
    let end = written.len().checked_sub(quote)?;
    while there < end {
        let rest = written.get(there..end)?;
        let (length, decoded) = match rest.as_bytes().first()? {
            b'\\' if style == Style::Double => escape(rest)?,
            b'\'' if style == Style::Single => (2, 1),
            b' ' | b'\t' | b'\r' | b'\n' => fold(rest),
            _ => {
                let character = rest.chars().next()?;
                if text.get(here..)?.chars().next()? != character {
                    return None;
                }
                (character.len_utf8(), character.len_utf8())
            }
        };
        here += decoded;
        there += length;
        if length != decoded {
            pairs.push((here, there));
        }
    }
    (here == text.len()).then_some(pairs)
}

/// Bytes of the escape at the start of `rest`, and bytes of what it stands for.
fn escape(rest: &str) -> Option<(usize, usize)> {
    let digits = |from: usize, length: usize| u32::from_str_radix(rest.get(from..from + length)?, 16).ok();
    let character = |code: u32| char::from_u32(code).map(char::len_utf8);
    let kind = rest.chars().nth(1)?;
    match kind {
        'x' => Some((4, character(digits(2, 2)?)?)),
        'u' => match digits(2, 4)? {
            // Half of a pair, in JSON.
            0xD800..=0xDBFF => Some((12, 4)),
            code => Some((6, character(code)?)),
        },
        'U' => Some((10, character(digits(2, 8)?)?)),
        'N' | '_' => Some((2, 2)),
        'L' | 'P' => Some((2, 3)),
        '\r' | '\n' => {
            let blanks = rest.get(1..)?;
            Some((1 + blanks.len() - blanks.trim_start().len(), 0))
        }
        kind => Some((1 + kind.len_utf8(), 1)),
    }
}

/// A run of blanks; with line breaks in it, it is one blank, or a break less than there are.
fn fold(rest: &str) -> (usize, usize) {
    let length = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let breaks = rest.bytes().take(length).filter(|byte| *byte == b'\n').count();
    match breaks {
        0 => (length, length),
        1 => (length, 1),
        _ => (length, breaks - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the first `needle` of the text stands in what is written.
    fn place(style: Style, written: &str, text: &str, needle: &str) -> Option<usize> {
        let at = text.find(needle)?;
        let pairs = pairs(style, written, text);
        let next = pairs.partition_point(|(here, _)| *here as usize <= at);
        let (here, there) = pairs.get(next.checked_sub(1)?)?;
        Some(*there as usize + at - *here as usize)
    }

    #[test]
    fn each_form_leads_back_to_what_was_written() {
        for (style, written, text, needle) in [
            (Style::Literal, "local x\n    if y\n\n  end\n", "local x\n  if y\n\nend\n", "end"),
            (Style::Literal, "x\r\n  y\r\n", "x\ny\n", "y"),
            (Style::Literal, "x\n  y\n", "\n\nx\ny\n", "y"),
            (Style::Folded, "x\n  y\n\n    zz\n", "x y\n\n  zz\n", "zz"),
            (Style::Plain, "return zz", "return zz", "zz"),
            (Style::Plain, "return\n    zz", "return zz", "zz"),
            (Style::Single, "'it''s zz'", "it's zz", "zz"),
            (Style::Double, r#""a\n\t\u00e9\x41 zz""#, "a\n\té\x41 zz", "zz"),
            (Style::Double, r#""\ud83d\ude00zz""#, "😀zz", "zz"),
            (Style::Double, "\"a \\\n   zz\"", "a zz", "zz"),
        ] {
            assert_eq!(place(style, written, text, needle), written.find(needle), "{written}");
        }
    }

    #[test]
    fn what_does_not_fit_has_no_places() {
        assert_eq!(pairs(Style::Plain, "abc", "abd"), []);
        assert_eq!(pairs(Style::Literal, "abc\n", "abd\n"), []);
    }
}

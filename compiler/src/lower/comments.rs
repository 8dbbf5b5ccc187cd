//! The author's comments and blank lines, carried over: what stands between two statements.

use super::ir::Stmt;
use crate::source::lines;

/// The comments and blank lines of `gap`, the text between the end of one statement and the start of
/// the next. What stands on the line of the statement before belongs to it and is left out.
pub fn between(gap: &str, is_first: bool) -> Vec<Stmt> {
    let mut found = Vec::new();
    let mut pieces = lines(gap);
    let opening = pieces.next().unwrap_or_default();
    let mut level = long_comment(opening).filter(|level| !closes(opening, *level));
    let mut rest: Vec<&str> = pieces.collect();
    // The last piece is the indentation of the statement itself.
    rest.pop();
    let mut blank = false;
    for line in rest {
        let line = line.trim();
        if let Some(open) = level {
            if closes(line, open) {
                level = None;
            }
            let text = line.trim_end_matches(['-', ']', '=']).trim();
            found.extend((!text.is_empty()).then(|| Stmt::Comment(text.to_owned())));
            continue;
        }
        if line.is_empty() {
            blank = true;
            continue;
        }
        let Some(comment) = line.strip_prefix("--") else { continue };
        if std::mem::take(&mut blank) && (!is_first || !found.is_empty()) {
            found.push(Stmt::Blank);
        }
        level = long_comment(line).filter(|level| !closes(line, *level));
        let text = comment.trim_start_matches(['[', '=', '-']).trim_end_matches(']').trim();
        found.extend((!text.is_empty()).then(|| Stmt::Comment(text.to_owned())));
    }
    if blank && (!is_first || !found.is_empty()) {
        found.push(Stmt::Blank);
    }
    found
}

/// A function body without blank lines where they separate nothing.
pub fn tidy(body: Vec<Stmt>) -> Vec<Stmt> {
    let mut tidied: Vec<Stmt> = Vec::with_capacity(body.len());
    for statement in body {
        let follows_blank = tidied.last().is_none_or(|last| matches!(last, Stmt::Blank));
        if matches!(statement, Stmt::Blank) && follows_blank {
            continue;
        }
        tidied.push(statement);
    }
    while matches!(tidied.last(), Some(Stmt::Blank)) {
        tidied.pop();
    }
    tidied
}

/// The level of the long comment that opens in a line.
fn long_comment(line: &str) -> Option<usize> {
    let after = line.split_once("--[")?.1;
    let level = after.bytes().take_while(|byte| *byte == b'=').count();
    after.get(level..)?.starts_with('[').then_some(level)
}

fn closes(line: &str, level: usize) -> bool {
    line.contains(&format!("]{}]", "=".repeat(level)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(gap: &str, is_first: bool) -> Vec<String> {
        let name = |stmt: &Stmt| match stmt {
            Stmt::Comment(text) => text.clone(),
            _ => String::new(),
        };
        between(gap, is_first).iter().map(name).collect()
    }

    #[test]
    fn comments_and_blank_lines_between_statements_are_kept() {
        assert_eq!(texts("\n    ", false), Vec::<String>::new());
        assert_eq!(texts("\n\n    ", false), [""]);
        assert_eq!(texts("\n\n    ", true), Vec::<String>::new());
        assert_eq!(texts(" -- trailing\n  -- own line\n", false), ["own line"]);
        assert_eq!(texts("\n\n-- a\n-- b\n\n", false), ["", "a", "b", ""]);
        assert_eq!(texts("\n--[[ long\n  text ]]\n", false), ["long", "text"]);
    }
}

//! Lines laid out for reading: what the formatter breaks too early is joined again, and a method
//! call behind a broken call stands where the call began.

/// Joined lines may be this long, as `rustfmt.toml` has it.
const WIDTH: usize = 110;
const STEP: usize = 4;

/// Lays out the lines of formatted Rust. Only white space, line ends and trailing commas change.
pub fn relayout(text: &str) -> String {
    let mut laid_out: Vec<String> = Vec::new();
    let (mut piece, mut open) = (Vec::new(), 0usize);
    let mut lines = text.lines().map(tidied).peekable();
    while let Some(line) = lines.next() {
        let begins_with_dot = lines.peek().is_some_and(|next| content(next).starts_with('.'));
        open = open.saturating_sub(usize::from(content(&line).starts_with([')', ']'])));
        open += usize::from(opens(&line));
        let ends = open == 0 && line.ends_with([';', '{', '}']) && !begins_with_dot;
        piece.push(line);
        if ends {
            lay_out(&mut piece);
            laid_out.append(&mut piece);
        }
    }
    lay_out(&mut piece);
    laid_out.append(&mut piece);
    laid_out.join("\n")
}

/// One statement, or the head of one: what is joined lies within such pieces.
fn lay_out(lines: &mut Vec<String>) {
    outdent_chains(lines);
    while join_brackets(lines) || join_chains(lines) || hug_last_items(lines) {}
    indent_chains(lines);
}

/// Macros that were calls while the formatter saw them, because it leaves macros alone.
const MACROS: [(&str, &str); 3] =
    [("__mw_and(", "and!("), ("__mw_or(", "or!("), ("__mw_record(", "record!(")];

/// Inside macros the formatter writes `& x`; outside texts that is `&x`. Macros get their names.
fn tidied(line: &str) -> String {
    let mut closed = String::with_capacity(line.len());
    let (mut in_text, mut is_escaped) = (false, false);
    for letter in line.chars() {
        let follows_reference = closed.ends_with("(&") || closed.ends_with(" &") || closed.ends_with("[&");
        if letter == ' ' && !in_text && follows_reference && !closed.ends_with("&&") {
            continue;
        }
        if letter == '"' && !is_escaped {
            in_text = !in_text;
        }
        is_escaped = letter == '\\' && !is_escaped;
        closed.push(letter);
        if letter == '(' && !in_text {
            for (call, name) in MACROS {
                if closed.ends_with(call) {
                    closed.truncate(closed.len() - call.len());
                    closed.push_str(name);
                }
            }
        }
    }
    closed
}

fn indent(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}

/// The line without its indentation.
fn content(line: &str) -> &str {
    line.get(indent(line)..).unwrap_or_default()
}

/// The formatter indents the arguments of a call twice if a method call follows. Once is enough.
fn outdent_chains(lines: &mut [String]) {
    for start in 0..lines.len() {
        let Some(own) = lines.get(start).filter(|line| opens(line)).map(|line| indent(line)) else {
            continue;
        };
        let is_double = lines.get(start + 1).is_some_and(|next| indent(next) == own + 2 * STEP);
        if !is_double {
            continue;
        }
        for line in lines.iter_mut().skip(start + 1) {
            let is_chain = content(line).starts_with('.') || content(line).starts_with([')', ']', '}']);
            let depth = indent(line);
            if !line.is_empty() && (depth <= own || (depth == own + STEP && !is_chain)) {
                break;
            }
            line.drain(..STEP.min(depth));
        }
    }
}

/// A method call that hangs on a line of its own is indented below it.
fn indent_chains(lines: &mut [String]) {
    let mut hangs_at = None;
    for at in 1..lines.len() {
        let previous = lines.get(at - 1).cloned().unwrap_or_default();
        let Some(line) = lines.get_mut(at).filter(|line| content(line).starts_with('.')) else {
            continue;
        };
        let is_first = !content(&previous).starts_with('.');
        if is_first {
            let closes = content(&previous).starts_with([')', ']', '}']);
            hangs_at = (!closes && indent(&previous) == indent(line)).then(|| indent(line));
        }
        if hangs_at == Some(indent(line)) {
            line.insert_str(0, "    ");
        }
    }
}

fn opens(line: &str) -> bool {
    line.ends_with(['(', '[']) && !content(line).starts_with("//")
}

/// Joins innermost bracketed lists that fit on one line. True if any did.
fn join_brackets(lines: &mut Vec<String>) -> bool {
    let mut joined_any = false;
    let mut start = lines.len();
    while start > 0 {
        start -= 1;
        let Some((end, joined)) = joined_list(lines, start) else { continue };
        lines.splice(start..=end, [joined]);
        joined_any = true;
    }
    joined_any
}

/// The list that opens at `start` on one line, and the line where it closes.
fn joined_list(lines: &[String], start: usize) -> Option<(usize, String)> {
    let first = lines.get(start).filter(|line| opens(line))?;
    let own = indent(first);
    let mut joined = first.clone();
    for (at, line) in lines.iter().enumerate().skip(start + 1) {
        let text = content(line);
        if indent(line) == own && text.starts_with([')', ']']) {
            if joined.ends_with(',') {
                joined.pop();
            }
            joined.push_str(text);
            return (joined.len() <= WIDTH).then_some((at, joined));
        }
        let is_item = indent(line) == own + STEP && !text.starts_with("//") && !text.starts_with('.');
        if !is_item || text.ends_with([';', '{', '(', '[']) || joined.len() > WIDTH {
            return None;
        }
        if !joined.ends_with(['(', '[']) {
            joined.push(' ');
        }
        joined.push_str(text);
    }
    None
}

/// Puts the beginning of a list whose last item is broken on one line: `f(a, [` .. `])`. True if any was.
fn hug_last_items(lines: &mut Vec<String>) -> bool {
    for start in 0..lines.len() {
        let Some((last, close, head)) = huggable(lines, start) else { continue };
        let own = lines.get(start).map_or(0, |line| indent(line));
        let end = |at: usize| lines.get(at).map_or("", |line| content(line));
        let tail = format!("{}{}{}", " ".repeat(own), end(close).trim_end_matches(','), end(close + 1));
        let inner = lines.get(last + 1..close).unwrap_or_default().iter();
        let inner: Vec<String> = inner.map(|line| line.get(STEP..).unwrap_or_default().to_owned()).collect();
        let hugged: Vec<String> = std::iter::once(head).chain(inner).chain([tail]).collect();
        lines.splice(start..=close + 1, hugged);
        return true;
    }
    false
}

/// For a list that opens at `start`: where its last item opens and closes, and all before joined.
fn huggable(lines: &[String], start: usize) -> Option<(usize, usize, String)> {
    let mut head = lines.get(start).filter(|line| opens(line))?.clone();
    let own = indent(&head);
    let mut last = None;
    for (at, line) in lines.iter().enumerate().skip(start + 1) {
        let text = content(line);
        if indent(line) != own + STEP || text.starts_with("//") || text.starts_with([')', ']', '.']) {
            return None;
        }
        if !head.ends_with(['(', '[']) {
            head.push(' ');
        }
        head.push_str(text);
        if opens(line) {
            last = Some(at);
            break;
        }
        if !text.ends_with(',') {
            return None;
        }
    }
    let last = last.filter(|_| head.len() <= WIDTH)?;
    let close =
        lines.iter().skip(last + 1).position(|line| !line.is_empty() && indent(line) <= own + STEP)?
            + last
            + 1;
    let closes = |at: usize, depth: usize| {
        let line = lines.get(at)?;
        (indent(line) == depth && content(line).starts_with([')', ']'])).then_some(())
    };
    closes(close, own + STEP)?;
    closes(close + 1, own)?;
    Some((last, close, head))
}

/// Joins a chain of method calls to the line it hangs on, whole or not at all. True if any was.
fn join_chains(lines: &mut Vec<String>) -> bool {
    let mut joined_any = false;
    let mut at = 0;
    while at + 1 < lines.len() {
        let chain = lines.iter().skip(at + 1).take_while(|line| content(line).starts_with('.')).count();
        let ends_open = lines.get(at + chain).is_none_or(|line| line.ends_with(['(', '[', '{']) && chain > 1);
        if chain > 0 && !ends_open {
            let parts: Vec<&str> = lines.iter().skip(at).take(chain + 1).map(|line| content(line)).collect();
            let depth = lines.get(at).map_or(0, |line| indent(line));
            let joined = format!("{}{}", " ".repeat(depth), parts.concat());
            if joined.len() <= WIDTH && !parts.first().is_some_and(|first| first.starts_with("//")) {
                lines.splice(at..=at + chain, [joined]);
                joined_any = true;
            }
        }
        at += 1;
    }
    joined_any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_in_macros_are_closed_and_texts_stay() {
        assert_eq!(relayout("and!(f(& a, & b), \"(& c\")"), "and!(f(&a, &b), \"(& c\")");
        assert_eq!(relayout("__mw_or(a, \"__mw_or(\")"), "or!(a, \"__mw_or(\")");
        assert_eq!(relayout("a && b"), "a && b");
    }

    #[test]
    fn a_short_list_is_joined_and_a_long_one_stays() {
        assert_eq!(
            relayout("    f(\n        a,\n        [\n            b,\n        ],\n    );"),
            "    f(a, [b]);"
        );
        let long = format!("f(\n    {},\n    {},\n);", "a".repeat(60), "b".repeat(60));
        assert_eq!(relayout(&long), long);
    }

    #[test]
    fn a_list_hugs_its_last_item() {
        let item = "x".repeat(100);
        let text = format!(
            "    f(\n        cx,\n        &[\n            {item},\n            {item},\n        ],\n    )?;"
        );
        assert_eq!(relayout(&text), format!("    f(cx, &[\n        {item},\n        {item},\n    ])?;"));
    }

    #[test]
    fn a_chain_behind_a_broken_call_stands_where_the_call_began() {
        let item = format!("x{}", "y".repeat(100));
        let text = format!("    g(\n            {item},\n            z,\n        )\n        .at(cx)?;");
        assert_eq!(relayout(&text), format!("    g(\n        {item},\n        z,\n    ).at(cx)?;"));
    }

    #[test]
    fn blocks_and_comments_are_left_alone() {
        let text = "    f(\n        // why\n        a,\n    );\n    g(\n        || {\n            x;\n        },\n    );";
        assert_eq!(relayout(text), text);
    }
}

//! Texts that are no Lua: scripts of the suite with a token too many, missing, moved or cut, and what
//! the compiler says that Lua would say, against Lua.

use mlua::Lua;
use moonwright_compiler::parse;
use moonwright_compiler::parse::lexer;
use moonwright_compiler::source::{SourceFile, Sources};

use crate::random::Choice;

/// What may come in between.
const STRANGE: &[&str] = &[
    "end", "then", "do", "local", "function", "(", ")", "{", "}", "[", "]", "=", "==", ",", ";", "..", "...",
    "x", "1", "'s'", "return", "until", "elseif", "else", "in", "for", "break", "$", "\"a", "[==", "1x",
    "'\\q'", "'\\x4g'", "'\\300'", "if", "not", "-", ".", "nil", "repeat", "while", "é", "--[[", "[[",
];

/// Faults of jumps.
const JUMPS: &[&str] =
    &["no visible label", "already defined on line", "jumps into the scope", "not inside a loop"];

/// Breaks `text` in `count` ways and compares; the first difference is an error. Gives how many texts
/// were refused by both.
///
/// # Errors
/// The text and both messages.
pub fn compare(text: &str, seed: u64, count: usize) -> Result<usize, String> {
    let lua = Lua::new();
    if lua.load(text).into_function().is_err() {
        // What Lua 5.3 has not, `<close>` for one, it refuses for reasons of its own.
        return Ok(0);
    }
    let mut choice = Choice::new(seed);
    let mut refused = 0;
    for _ in 0..count {
        let broken = broken(text, &mut choice);
        let theirs = lua.load(&broken).set_name("=x").into_function().err().map(|error| match error {
            mlua::Error::SyntaxError { message, .. } => message,
            other => other.to_string(),
        });
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("x", broken.as_str()));
        let ours = parse::refusal(file, &broken);
        let ours = ours.map(|refusal| format!("x:{}: {}", refusal.line, refusal.text));
        refused += usize::from(ours.is_some());
        // Where blocks end elsewhere, jumps are at fault; that is known from the whole text, not from tokens.
        let is_of_jumps = theirs.as_ref().is_some_and(|text| JUMPS.iter().any(|part| text.contains(part)));
        if ours.is_some() && ours != theirs && !is_of_jumps {
            return Err(format!("{broken}\n-- Lua:  {theirs:?}\n-- ours: {ours:?}"));
        }
    }
    Ok(refused)
}

fn broken(text: &str, choice: &mut Choice) -> String {
    let tokens = lexer::tokens(text);
    let at = choice.below(tokens.len());
    let (Some(token), Some(other)) = (tokens.get(at), tokens.get(choice.below(tokens.len()))) else {
        return choice.one(STRANGE).to_owned();
    };
    let (before, behind) = (&text[..token.start], &text[token.end..]);
    match choice.below(5) {
        0 => format!("{before} {behind}"),
        1 => format!("{before}{} {} {behind}", token.text(text), choice.one(STRANGE)),
        2 => format!("{before} {} {behind}", other.text(text)),
        3 => format!("{before} {} {behind}", choice.one(STRANGE)),
        _ => before.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_worded_as_lua_words_them() {
        let texts = [
            "x = = 1",
            "x =",
            "if x the",
            "if x then",
            "for i = 1 do end",
            "for i do end",
            "f(\n1",
            "{",
            "local 1",
            "function f(a,) end",
            "x",
            "x.y",
            "f().x",
            "(f()) = 1",
            "return 1 2",
            "end",
            "x = '",
            "x = 'a\nb'",
            "x = [[a\nb",
            "--[[a\n",
            "x = [=a",
            "x = 3x",
            "x = '\\q'",
            "x = '\\x1'",
            "x = '\\u{110000000}'",
            "x = '\\400'",
            "function f() return ... end",
            "a.1",
            "a:b",
            "a b",
            "a, b",
            "a, f() = 1",
            "x = }",
            "x = $",
            "x = é",
            "::a",
            "goto 1",
            "repeat\n\nx = 1",
            "x = function\n\n(a\n",
            "x = {\n1 2}",
            "x = {a = }",
            "'a\\0b'",
            "x = 'a\\0b' y",
            "x = \"a\\n\" 1",
            "x = not",
            "local function 1",
            "local x <",
            "x -> y",
            "x ?: y",
            "return return",
        ];
        for text in texts {
            let refused = same(text);
            assert!(refused || text == "local x <" || text.contains(':'), "{text}");
        }
        // A long sum is not deep, and what is too deep is not spoken of.
        assert!(same(&format!("x = 1{} 2", " + 1".repeat(150))));
        let deep = format!("x = {}1 2", "(".repeat(300));
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("x", deep.as_str()));
        assert_eq!(parse::refusal(file, &deep), None);
        let long = format!("x = 1{} 2", " + 1".repeat(1000));
        assert!(
            parse::refusal(file, &long).is_some_and(|refusal| refusal.text == "unexpected symbol near '2'")
        );
    }

    /// Whether both refuse the text, with the same words.
    fn same(text: &str) -> bool {
        let theirs = Lua::new().load(text).set_name("=x").into_function().unwrap_err();
        let mlua::Error::SyntaxError { message, .. } = theirs else { panic!("{theirs}") };
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("x", text));
        let ours = parse::refusal(file, text).map(|refusal| format!("x:{}: {}", refusal.line, refusal.text));
        let is_refused = ours.is_some();
        assert_eq!(ours.unwrap_or_else(|| message.clone()), message, "{text}");
        is_refused
    }
}

//! What matches, and what is no pattern.

use super::item::SHORT_RUN;
use super::*;

fn find(subject: &[u8], pattern: &[u8]) -> Result<Option<(usize, usize)>, Malformed> {
    let (anchored, pattern) = anchor(pattern);
    Matcher::new(subject, pattern).find(0, anchored)
}

fn check(subject: &str, pattern: &str, expected: Option<&str>) {
    let found = find(subject.as_bytes(), pattern.as_bytes()).unwrap();
    let text = found.map(|(start, end)| subject[start..end].to_owned());
    assert_eq!(text.as_deref(), expected, "{subject:?} against {pattern:?}");
}

#[test]
fn patterns_match_as_in_lua() {
    let cases = [
        ("hello world", "o w", Some("o w")),
        ("hello", "l+", Some("ll")),
        ("hello", "l-o", Some("llo")),
        ("hello", "^h.-l", Some("hel")),
        ("hello", "^e", None),
        ("hello", "o$", Some("o")),
        ("a$b", "a$b", Some("a$b")),
        ("key = value", "(%w+)%s*=%s*(%w+)", Some("key = value")),
        ("f(a(b)c)d", "%b()", Some("(a(b)c)")),
        ("THE (quick) fox", "%f[%a]%a+%f[%A]", Some("THE")),
        ("abcabc", "(abc)%1", Some("abcabc")),
        ("x]y", "[]]", Some("]")),
        ("x-y", "[%w-]+", Some("x-y")),
        ("2024-05-06", "%d%d%d%d%-%d%d%-%d%d", Some("2024-05-06")),
        ("", "", Some("")),
        ("abc", "[^a]+", Some("bc")),
        ("a.b", "%.", Some(".")),
        ("color colour", "colou?r$", Some("colour")),
    ];
    for (subject, pattern, expected) in cases {
        check(subject, pattern, expected);
    }
}

#[test]
fn malformed_patterns_say_what_is_wrong() {
    let cases = [
        ("[a", "malformed pattern (missing ']')"),
        ("%", "malformed pattern (ends with '%')"),
        ("a)", "invalid pattern capture"),
        ("%1", "invalid capture index %1"),
        ("%b", "malformed pattern (missing arguments to '%b')"),
        ("%fa", "missing '[' after '%f' in pattern"),
    ];
    for (pattern, text) in cases {
        assert_eq!(find(b"aaa", pattern.as_bytes()).unwrap_err().to_string(), text, "{pattern}");
    }
}

#[test]
fn sets_match_long_runs_as_they_match_short_ones() {
    for length in [SHORT_RUN - 1, SHORT_RUN, SHORT_RUN + 1, SHORT_RUN + 100] {
        let run = "az-]\u{e9}".repeat(length).chars().take(length).collect::<String>();
        for end in [",", ""] {
            check(&format!("{run}{end}"), "^[^,]+", Some(&run));
            check(&format!("{run}{end}"), "[]%a\u{80}-\u{ff}-]*", Some(&run));
        }
    }
}

#[test]
fn long_subjects_need_no_deep_recursion() {
    let subject = "a".repeat(1_000_000);
    check(&subject, "^a*$", Some(&subject));
    check(&subject, "^(.-)$", Some(&subject));
}

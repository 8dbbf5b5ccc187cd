//! The same conversation through a pipe: nothing is lost, nothing changes places.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use moonwright_tests::program::{self, Finished, Run};

use crate::{echo, is_worker};

fn talk(variant: &str, stdin: &str, seconds: u64) -> Finished {
    let binary = echo(variant);
    let run = Run {
        binary: &binary,
        args: &["-x", "app:cli"],
        stdin: stdin.as_bytes(),
        patience: Duration::from_secs(seconds),
    };
    program::run(&run).unwrap()
}

/// What stands between two escape sequences, line by line, in this colour.
fn in_colour<'a>(output: &'a str, colour: &str) -> Vec<&'a str> {
    let begin = format!("\u{1b}[{colour}m  ");
    let parts = output.split(begin.as_str()).skip(1);
    parts.filter_map(|part| part.split("\u{1b}[0m").next()).collect()
}

#[test]
fn the_conversation_holds_through_a_pipe() {
    let finished = talk("plain", "hello world\nsecond\r\nthird", 20);
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    assert_eq!(finished.stderr, "");
    assert!(
        finished.stdout.starts_with(
            "\u{1b}[36mEcho Client\u{1b}[0m\n\u{1b}[2mType messages to echo. Ctrl+C to exit.\n\u{1b}[0m\n\u{1b}[33m> \u{1b}[0m"
        ),
        "{}",
        finished.stdout
    );
    assert_eq!(in_colour(&finished.stdout, "32"), ["HELLO WORLD", "SECOND", "THIRD"]);
    let workers: Vec<&str> = in_colour(&finished.stdout, "2");
    let workers: BTreeSet<&str> =
        workers.iter().filter_map(|line| line.strip_prefix("from worker: ")).collect();
    assert_eq!(workers.len(), 3, "{}", finished.stdout);
    assert!(workers.iter().all(|worker| is_worker(worker)), "{workers:?}");
    assert!(finished.stdout.ends_with("\u{1b}[33m> \u{1b}[0m\nGoodbye!\n"), "{}", finished.stdout);
}

#[test]
fn leaving_takes_about_a_second() {
    let finished = talk("plain", "", 10);
    assert_eq!(finished.status, 0);
    // 200 ms until the banner, one second for the relay that ignores CANCEL.
    assert!(finished.took < Duration::from_millis(2500), "{:?}", finished.took);
}

#[test]
fn ten_thousand_lines_keep_their_order() {
    let mut lines = String::new();
    for number in 0..10_000 {
        let _ = writeln!(lines, "line {number}");
    }
    let finished = talk("fast", &lines, 120);
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    let answers = in_colour(&finished.stdout, "32");
    assert_eq!(answers.len(), 10_000);
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(*answer, format!("LINE {number}"));
    }
}

#[test]
fn a_line_of_a_megabyte_comes_back_whole() {
    let line = "abcdefghij".repeat(100_000);
    let finished = talk("fast", &format!("{line}\nshort\n"), 60);
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    let answers = in_colour(&finished.stdout, "32");
    assert_eq!(answers.len(), 2);
    assert!(answers[0] == line.to_uppercase(), "the long line came back changed");
    assert_eq!(answers[1], "SHORT");
}

#[test]
fn letters_of_every_kind_pass() {
    let finished = talk("plain", "olá, привет, 你好 🌙\n", 20);
    assert_eq!(in_colour(&finished.stdout, "32"), ["OLÁ, ПРИВЕТ, 你好 🌙"]);
}

#[test]
fn bytes_that_are_no_text_pass() {
    let binary = echo("fast");
    let run = Run {
        binary: &binary,
        args: &["-x", "app:cli"],
        stdin: b"a\xff\x00b\n",
        patience: Duration::from_secs(20),
    };
    let finished = program::run(&run).unwrap();
    assert!(finished.stdout.contains("A\u{fffd}\u{0}B"), "{:?}", finished.stdout);
}

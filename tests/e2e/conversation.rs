//! A person at a terminal: the tutorial's conversation, and the ways to end it.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;
use moonwright_tests::terminal::{CTRL_C, CTRL_D, Terminal};

use crate::{echo, is_worker};

/// Leaving takes about a second, although the relay never looks at CANCEL.
const LEAVING: Duration = Duration::from_millis(2500);

const PROMPT: &str = "\u{1b}[33m> \u{1b}[0m";
const GREEN: &str = "\u{1b}[32m  ";
const DIM: &str = "\u{1b}[2m  ";
const RESET: &str = "\u{1b}[0m\r\n";

/// The echo service on a terminal, up to its first prompt.
fn begin(args: &[&str]) -> Result<Terminal> {
    let mut terminal = Terminal::start(&echo("plain"), args)?;
    let before = terminal.expect("\u{1b}[36mEcho Client\u{1b}[0m\r\n")?;
    assert_eq!(before, "", "nothing comes before the banner");
    terminal.expect("\u{1b}[2mType messages to echo. Ctrl+C to exit.\r\n\u{1b}[0m\r\n")?;
    terminal.expect(PROMPT)?;
    Ok(terminal)
}

/// Says `line` and returns the worker that answered `answer`.
fn exchange(terminal: &mut Terminal, line: &str, answer: &str) -> Result<String> {
    terminal.press(&format!("{line}\r"))?;
    terminal.expect(&format!("{line}\r\n{GREEN}{answer}{RESET}"))?;
    terminal.expect(&format!("{DIM}from worker: "))?;
    let worker = terminal.expect(RESET)?;
    terminal.expect(PROMPT)?;
    Ok(worker)
}

#[test]
fn each_line_comes_back_in_capitals_from_a_worker_of_its_own() -> Result<()> {
    for args in [
        &["-x", "app:cli"][..],
        &["-x", "app:terminal/app:cli"],
        &["--host", "app:terminal", "-x", "app:cli"],
    ] {
        let mut terminal = begin(args)?;
        let mut workers = BTreeSet::new();
        for (line, answer) in [("hello world", "HELLO WORLD"), ("again", "AGAIN"), ("1 + 1", "1 + 1")] {
            let worker = exchange(&mut terminal, line, answer)?;
            assert!(is_worker(&worker), "{worker}");
            workers.insert(worker);
        }
        assert_eq!(workers.len(), 3, "{workers:?}");
        terminal.press("\r")?;
        terminal.expect("\r\n\r\nGoodbye!\r\n")?;
        let (status, took) = terminal.finish(LEAVING)?;
        assert_eq!(status, 0, "{}", terminal.screen());
        assert!(took < LEAVING);
    }
    Ok(())
}

#[test]
fn an_empty_line_ends_it_within_a_second_or_so() -> Result<()> {
    let mut terminal = begin(&["-x", "app:cli"])?;
    terminal.press("\r")?;
    terminal.expect("\r\n\r\nGoodbye!\r\n")?;
    assert_eq!(terminal.finish(LEAVING)?.0, 0);
    Ok(())
}

#[test]
fn the_end_of_the_input_ends_it() -> Result<()> {
    let mut terminal = begin(&["-x", "app:cli"])?;
    terminal.press(CTRL_D)?;
    terminal.expect("\r\nGoodbye!\r\n")?;
    assert_eq!(terminal.finish(LEAVING)?.0, 0);
    Ok(())
}

#[test]
fn control_c_lets_it_say_goodbye_and_gives_status_1() -> Result<()> {
    let mut terminal = begin(&["-x", "app:cli"])?;
    exchange(&mut terminal, "before", "BEFORE")?;
    terminal.press(CTRL_C)?;
    terminal.expect("\r\nGoodbye!\r\n")?;
    assert_eq!(terminal.finish(LEAVING)?.0, 1, "{}", terminal.screen());
    Ok(())
}

#[test]
fn control_c_twice_ends_it_at_once() -> Result<()> {
    let mut terminal = begin(&["-x", "app:cli"])?;
    terminal.press(CTRL_C)?;
    terminal.expect("Goodbye!")?;
    terminal.press(CTRL_C)?;
    let (status, took) = terminal.finish(LEAVING)?;
    assert_eq!(status, 1);
    assert!(took < Duration::from_millis(700), "{took:?}");
    Ok(())
}

#[test]
fn the_terminal_is_left_as_it_was_found() -> Result<()> {
    for end in ["\r", CTRL_C, CTRL_D] {
        let mut terminal = Terminal::start(&echo("plain"), &["-x", "app:cli"])?;
        let before = terminal.modes()?;
        terminal.expect(PROMPT)?;
        terminal.press(end)?;
        terminal.expect("Goodbye!")?;
        terminal.finish(LEAVING)?;
        assert_eq!(terminal.modes()?, before, "after {end:?}");
    }
    Ok(())
}

#[test]
fn letters_of_every_kind_pass() -> Result<()> {
    let mut terminal = begin(&["-x", "app:cli"])?;
    // string.upper knows the letters of Unicode.
    exchange(&mut terminal, "olá, привет, 你好 🌙", "OLÁ, ПРИВЕТ, 你好 🌙")?;
    terminal.press("\r")?;
    terminal.finish(LEAVING)?;
    Ok(())
}

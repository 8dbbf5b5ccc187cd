//! The applications of `examples/`, and the one that `cargo xtask new` makes.

use std::time::Duration;

use moonwright_tests::apps;
use moonwright_tests::program::{self, Finished, Run};

fn run(name: &str, args: &[&str], stdin: &str) -> Finished {
    let binary = apps::binary(name).unwrap_or_else(|error| panic!("{error}"));
    let patience = Duration::from_secs(20);
    program::run(&Run { binary: &binary, args, stdin: stdin.as_bytes(), patience }).unwrap()
}

#[test]
fn word_count_counts_words() {
    let text = "the cat and the dog\nThe end, and no more.\n\ncat";
    let finished = run("example-word-count", &["count"], text);
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    let expected =
        "     3  the\n     2  and\n     2  cat\n     1  dog\n     1  end\n     1  more\n     1  no\n";
    assert_eq!(finished.stdout, expected);
}

#[test]
fn the_divider_is_started_again() {
    let finished = run("example-restart", &["-x", "app:main"], "");
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    let expected = "7 // 2 = 3\n1 // 0 = no answer\n9 // 3 = 3\nthe same process: false\n";
    assert_eq!(finished.stdout, expected);
    let logged = run("example-restart", &["-v", "-x", "app:main"], "");
    assert!(!logged.stderr.contains("stack traceback"), "{}", logged.stderr);
    let traced = run("example-restart", &["--very-verbose", "-x", "app:main"], "").stderr;
    assert!(traced.contains("stack traceback:\n\tapp:divider:7: in function 'main'\n"), "{traced}");
    let error = "process failed: app:divider:7: attempt to divide by zero";
    assert!(logged.stderr.contains(error), "{}", logged.stderr);
}

#[test]
fn busy_processes_hold_up_nobody() {
    let finished = run("example-fairness", &["delays", "4", "40"], "");
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    let worst = |name: &str| -> f64 {
        let line = finished.stdout.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().rev().nth(1).unwrap().parse().unwrap()
    };
    // Twice as many as cores of a small machine, beside other tests.
    assert!(worst("timers") < 1000.0 && worst("answers") < 1000.0, "{}", finished.stdout);
    assert!(finished.stdout.contains("all ended after "), "{}", finished.stdout);
}

#[test]
fn a_new_application_greets() {
    let finished = run("example-new", &["hello"], "Ada\n");
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    assert_eq!(finished.stdout, "Your name? Hello Ada, you are number 1\nYour name? Bye.\n");
}

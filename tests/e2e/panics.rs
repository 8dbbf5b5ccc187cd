//! A panic of the runtime (a bug of ours) ends the process it happens in and nothing else, wherever it
//! happens, although optimised code drops nothing on its way.

use std::time::Duration;

use moonwright_tests::panics;
use moonwright_tests::program::{self, Run};

#[test]
fn a_panic_ends_one_process_with_its_reason() {
    let binary = panics::build().unwrap_or_else(|error| panic!("{error:#}"));
    let run =
        Run { binary: &binary, args: &["-x", "app:main"], stdin: b"", patience: Duration::from_secs(60) };
    let finished = program::run(&run).unwrap();
    assert_eq!(finished.status, 0, "{}{}", finished.stdout, finished.stderr);
    let lines: Vec<&str> = finished.stdout.lines().collect();
    assert_eq!(lines.len(), 14, "{}", finished.stdout);
    for line in &lines[..13] {
        assert!(line.ends_with("\t30\tinternal error: the runtime panicked"), "{line}");
    }
    assert_eq!(lines[13], "fine\t20100");
    // Not one of them told of a second panic while the first was being cleaned up.
    assert_eq!(finished.stderr.matches("a bug of ours").count(), 13 * 30, "{}", finished.stderr);
    assert_eq!(finished.stderr.matches("panicked at").count(), 13 * 30, "{}", finished.stderr);
}

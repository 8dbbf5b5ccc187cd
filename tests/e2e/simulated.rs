//! The echo service on virtual time, in a thousand orders.

use std::collections::BTreeSet;
use std::time::Duration;

use moonwright_tests::apps;
use moonwright_tests::program::{self, Run, Talk};

use crate::{echo, is_worker};

#[test]
fn no_order_of_processes_loses_a_line() {
    let binary = echo("plain");
    for seed in 1..=1000u32 {
        let seed = seed.to_string();
        let args = ["--sim", seed.as_str(), "-x", "app:cli"];
        let run = Run {
            binary: &binary,
            args: &args,
            stdin: b"one\ntwo\nthree\n",
            patience: Duration::from_secs(20),
        };
        let finished = program::run(&run).unwrap();
        assert_eq!(finished.status, 0, "seed {seed}: {}", finished.stderr);
        let answers: Vec<&str> =
            ["ONE", "TWO", "THREE"].into_iter().filter(|answer| finished.stdout.contains(*answer)).collect();
        assert_eq!(answers, ["ONE", "TWO", "THREE"], "seed {seed}: {}", finished.stdout);
        let workers: BTreeSet<&str> = finished
            .stdout
            .split(|c: char| c.is_whitespace() || c == '\u{1b}')
            .filter(|word| is_worker(word))
            .collect();
        assert_eq!(workers.len(), 3, "seed {seed}: {}", finished.stdout);
    }
}

/// The application's twelfth process computes for ever, on the only thread there is.
#[test]
fn a_second_signal_ends_what_never_blocks() {
    let soon = Duration::from_secs(60);
    let binary = apps::binary(&apps::golden("memory_limits")).unwrap();
    let mut talk = Talk::start(&binary, &["--sim", "1", "-x", "app:main"]).unwrap();
    talk.expect("messages_in_an_inbox: host limit reached", soon).unwrap();
    talk.signal("TERM").unwrap();
    // Two of the same kind at once may be seen as one.
    talk.signal("INT").unwrap();
    assert_eq!(talk.finish(soon).unwrap().status, 1);
}

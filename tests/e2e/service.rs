//! The program without a client: services run until a signal; logs; the relay's statistics.

use std::time::{Duration, Instant};

use moonwright_tests::program::{self, Run, Talk};

use crate::echo;

const SOON: Duration = Duration::from_secs(10);

#[test]
fn services_run_until_a_signal_and_status_is_0() {
    for signal in ["INT", "TERM"] {
        let mut talk =
            Talk::start(&echo("plain"), &["-o", "app:relay-service:lifecycle.stop_timeout=200ms"]).unwrap();
        talk.expect_error("relay started", SOON).unwrap();
        talk.expect_error("e2e-plain -x app:cli", SOON).unwrap();
        talk.signal(signal).unwrap();
        let finished = talk.finish(SOON).unwrap();
        assert_eq!(finished.status, 0, "{signal}: {}", finished.stderr);
        let lines = [
            "initializing runtime",
            "loaded entries",
            "received shutdown signal",
            "shutting down (press Ctrl+C again to force exit)",
            "shutting down",
            "stopped",
        ];
        let said = finished.stderr.lines().filter_map(|line| line.split('\t').nth(2));
        let kept: Vec<&str> = said.filter(|message| lines.contains(message)).collect();
        assert_eq!(kept, lines, "{}", finished.stderr);
        assert!(finished.took < Duration::from_secs(5), "{:?}", finished.took);
    }
}

#[test]
fn a_second_signal_forces_the_exit() {
    let mut talk = Talk::start(&echo("plain"), &[]).unwrap();
    talk.expect_error("relay started", SOON).unwrap();
    talk.signal("INT").unwrap();
    talk.expect_error("shutting down", SOON).unwrap();
    let begun = Instant::now();
    talk.signal("INT").unwrap();
    let finished = talk.finish(SOON).unwrap();
    assert_eq!(finished.status, 1, "{}", finished.stderr);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert!(finished.stderr.contains("force exit"), "{}", finished.stderr);
}

#[test]
fn with_a_client_logs_are_silent_unless_asked_for() {
    let binary = echo("plain");
    let run = |args| program::run(&Run { binary: &binary, args, stdin: b"hello\n", patience: SOON }).unwrap();
    let silent = run(&["-x", "app:cli"]);
    assert_eq!(silent.stderr, "");
    let verbose = run(&["-v", "-x", "app:cli"]);
    assert!(
        verbose.stderr.contains("\tINFO\trelay started\t{\"pid\": \"{app:processes|0x"),
        "{}",
        verbose.stderr
    );
    assert!(!verbose.stdout.contains("relay started"), "{}", verbose.stdout);
    let console = run(&["-c", "-x", "app:cli"]);
    assert!(console.stdout.contains("relay started"), "{}", console.stdout);
}

#[test]
fn statistics_appear_every_five_seconds_with_true_counts() {
    let mut talk = Talk::start(&echo("plain"), &["-v", "-x", "app:cli"]).unwrap();
    talk.expect("> ", SOON).unwrap();
    talk.expect_error("relay started", SOON).unwrap();
    let begun = Instant::now();
    for line in ["ONE", "TWO", "THREE"] {
        talk.say(&format!("{}\n", line.to_lowercase())).unwrap();
        talk.expect(line, SOON).unwrap();
    }
    talk.expect_error("\"messages\": 3, \"workers_spawned\": 3}", SOON).unwrap();
    let first = begun.elapsed();
    assert!(first > Duration::from_secs(4) && first < Duration::from_secs(7), "{first:?}");
    talk.say("four\n").unwrap();
    talk.expect("FOUR", SOON).unwrap();
    talk.expect_error("\"messages\": 4, \"workers_spawned\": 4}", SOON).unwrap();
    let second = begun.elapsed() - first;
    assert!(second > Duration::from_secs(4) && second < Duration::from_secs(6), "{second:?}");
    assert_eq!(talk.errors().matches("\tINFO\tstats\t").count(), 2, "{}", talk.errors());
    talk.say("\n").unwrap();
    assert_eq!(talk.finish(SOON).unwrap().status, 0);
}

#[test]
fn help_version_and_list_say_what_there_is() {
    let binary = echo("plain");
    for (args, text) in [
        (&["--help"][..], "Processes for the terminal: app:cli"),
        (&["version"], "e2e-plain 0.1.0"),
        (&["list"], "No commands found."),
    ] {
        let finished = program::run(&Run { binary: &binary, args, stdin: b"", patience: SOON }).unwrap();
        assert_eq!(finished.status, 0, "{args:?}");
        assert!(finished.stdout.contains(text), "{args:?}: {}", finished.stdout);
        assert_eq!(finished.stderr, "", "{args:?}");
    }
}

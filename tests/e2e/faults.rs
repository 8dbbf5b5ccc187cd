//! When something is wrong: no relay, a slow worker, a worker that raises, a wrong command line.

use std::time::{Duration, Instant};

use moonwright_tests::program::{self, Finished, Run, Talk};

use crate::echo;

const SOON: Duration = Duration::from_secs(10);

fn run(variant: &str, args: &[&str], stdin: &str) -> Finished {
    let binary = echo(variant);
    program::run(&Run { binary: &binary, args, stdin: stdin.as_bytes(), patience: Duration::from_secs(30) })
        .unwrap()
}

#[test]
fn without_a_relay_the_client_says_so_and_goes_on() {
    let switched_off = ["-o", "app:relay-service:lifecycle.auto_start=false", "-x", "app:cli"];
    for (variant, args) in [("stopped", &["-x", "app:cli"][..]), ("plain", &switched_off)] {
        let finished = run(variant, args, "hello\nagain\n");
        assert_eq!(finished.status, 0, "{}", finished.stderr);
        let complaints = finished.stdout.matches("\u{1b}[2m  error: relay not available\u{1b}[0m\n").count();
        assert_eq!(complaints, 2, "{variant}: {}", finished.stdout);
        assert!(finished.stdout.ends_with("\nGoodbye!\n"), "{}", finished.stdout);
    }
}

#[test]
fn a_slow_worker_is_given_up_after_two_seconds() {
    let mut talk = Talk::start(&echo("slow"), &["-x", "app:cli"]).unwrap();
    talk.expect("> ", SOON).unwrap();
    talk.say("hello\n").unwrap();
    let begun = Instant::now();
    talk.expect("\u{1b}[2m  timeout\u{1b}[0m\n", SOON).unwrap();
    let took = begun.elapsed();
    assert!(took > Duration::from_millis(1900) && took < Duration::from_secs(4), "{took:?}");
    talk.say("\n").unwrap();
    let finished = talk.finish(SOON).unwrap();
    assert_eq!(finished.status, 0);
    assert!(finished.stdout.ends_with("\nGoodbye!\n"), "{}", finished.stdout);
}

#[test]
fn a_worker_that_raises_is_logged_and_harms_nobody() {
    let mut talk = Talk::start(&echo("raising"), &["-v", "-x", "app:cli"]).unwrap();
    talk.expect("> ", SOON).unwrap();
    talk.say("boom\n").unwrap();
    talk.expect("timeout", SOON).unwrap();
    talk.say("hello\n").unwrap();
    talk.expect("HELLO", SOON).unwrap();
    talk.expect_error("worker exited", SOON).unwrap();
    let log = talk.errors();
    let exit = log.lines().find(|line| line.contains("worker exited") && line.contains("fail"));
    let exit = exit.unwrap_or_else(|| panic!("no EXIT with the error in:\n{log}"));
    assert!(exit.contains("app:worker:") && exit.contains("the worker was told to fail"), "{exit}");
    assert!(exit.contains("{app:processes|0x"), "{exit}");
    talk.say("\n").unwrap();
    assert_eq!(talk.finish(SOON).unwrap().status, 0);
}

#[test]
fn a_wrong_command_line_is_status_1_and_one_line() {
    let cases: [(&[&str], &str); 6] = [
        (&["-x", "cli"], "invalid exec spec: missing separator ':', expected format: namespace:entry"),
        (&["-x", "app:nobody"], "failed to start process on host: app:terminal: factory not found"),
        (
            &["-x", "app:cli", "--host", "app:none"],
            "host app:none not found in supervisor: service not found",
        ),
        (&["--wrong"], "unknown flag: --wrong"),
        (&["nobody"], "command \"nobody\" not found. Use 'e2e-plain list' to see available commands"),
        (
            &["-o", "app:none:x=1"],
            "failed to execute pipeline: stage 'override' failed: override errors: [no entry found for app:none]",
        ),
    ];
    for (args, text) in cases {
        let finished = run("plain", args, "");
        assert_eq!(finished.status, 1, "{args:?}: {}", finished.stderr);
        assert_eq!(finished.stderr, format!("Error: {text}\n"), "{args:?}");
        assert_eq!(finished.stdout, "", "{args:?}");
    }
}

//! Storms (`examples/storms`): a million in docs, some thousands here. The application checks its own
//! counts and fails where they do not balance.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use moonwright_tests::apps;
use moonwright_tests::program::{self, Run};

fn storms() -> PathBuf {
    apps::binary("example-storms").unwrap_or_else(|error| panic!("{error}"))
}

fn storm(args: &[&str]) -> String {
    let patience = Duration::from_secs(60);
    let finished = program::run(&Run { binary: &storms(), args, stdin: b"", patience }).unwrap();
    assert_eq!(finished.status, 0, "{args:?}: {}{}", finished.stdout, finished.stderr);
    finished.stdout
}

#[test]
fn every_end_of_many_is_told_once() {
    assert_eq!(storm(&["storm", "spawns", "30000"]), "30000 processes came and went\n");
}

#[test]
fn a_group_of_linked_processes_ends_as_one() {
    assert_eq!(storm(&["storm", "collapse", "5000"]), "5000 linked processes collapsed\n");
}

#[test]
fn a_service_that_fails_at_once_is_always_started_again() {
    assert_eq!(storm(&["storm", "restarts", "300"]), "300 restarts\n");
}

#[test]
fn nothing_is_lost_unseen_when_workers_are_killed() {
    let expected = "2000 killed, every request answered or known to be lost\n";
    assert_eq!(storm(&["storm", "kills", "2000"]), expected);
}

#[test]
fn a_tree_under_fire_answers_everything() {
    assert_eq!(storm(&["storm", "tree", "100"]), "100 requests answered under fire\n");
}

/// The supervision tree on virtual time, in a thousand orders, each with kills of its own.
#[test]
fn a_tree_under_fire_stands_in_every_order() {
    for seed in 1..=1000u32 {
        let seed = seed.to_string();
        let said = storm(&["--sim", &seed, "storm", "tree", "12"]);
        assert_eq!(said, "12 requests answered under fire\n", "seed {seed}");
    }
}

/// Kills among workers, and a collapse, in a thousand orders.
#[test]
fn no_order_loses_an_end() {
    for seed in 1..=1000u32 {
        let seed = seed.to_string();
        let said = storm(&["--sim", &seed, "storm", "kills", "20"]);
        assert_eq!(said, "20 killed, every request answered or known to be lost\n", "seed {seed}");
        let said = storm(&["--sim", &seed, "storm", "collapse", "20"]);
        assert_eq!(said, "20 linked processes collapsed\n", "seed {seed}");
    }
}

/// A storm that waits for a line after each round.
struct Rounds {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Rounds {
    fn start(args: &[&str]) -> Rounds {
        let command = &mut Command::new(storms());
        let command = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Rounds { child, output }
    }

    /// Waits for the end of a round. Resident bytes then.
    fn resident(&mut self) -> u64 {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(line.contains("processes"), "{line}");
        self.resident_now()
    }

    fn resident_now(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        resident.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    fn go_on(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }
}

/// What one process used of the stack is not kept by its worker.
#[test]
#[cfg(target_os = "linux")]
fn a_stack_that_was_used_up_goes_back() {
    let mut rounds = Rounds::start(&["storm", "recursions", "8", "2"]);
    for _ in 0..2 {
        // The worker gives it back after it has told of the end.
        let mut resident = rounds.resident();
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        while resident > 64 << 20 && std::time::Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
            resident = rounds.resident_now();
        }
        assert!(resident <= 64 << 20, "{resident}");
        rounds.go_on();
    }
    assert!(rounds.child.wait().unwrap().success());
}

#[test]
#[cfg(target_os = "linux")]
fn memory_returns_to_its_base() {
    for (name, count) in [("spawns", "20000"), ("collapse", "5000")] {
        let mut rounds = Rounds::start(&["storm", name, count, "12"]);
        let mut resident = vec![rounds.resident()];
        for _ in 1..12 {
            rounds.go_on();
            resident.push(rounds.resident());
        }
        rounds.go_on();
        assert!(rounds.child.wait().unwrap().success());
        // The allocator keeps what the first rounds made, spread over its threads, and gives some of it
        // back now and then: it swings. The later rounds must not add to it.
        let most = |rounds: &[u64]| rounds.iter().copied().max().unwrap_or_default();
        let (early, late) = resident.split_at(6);
        let (early, late) = (most(early), most(late));
        assert!(late < early + early / 2 + (8 << 20), "{name}: {resident:?}");
    }
}

//! The checklist's application as a shell sees it: exit statuses, standard input, the log, signals,
//! reports, simulated runs. What it checks by itself is the golden case `checklist`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use moonwright_tests::apps;
use moonwright_tests::program::{self, Finished, Run, Talk};

const SOON: Duration = Duration::from_secs(10);
/// The counter ignores CANCEL; nobody waits for it for long.
const SHORT: &str =
    "app:counter-service:lifecycle.stop_timeout=200ms,app:workers:lifecycle.stop_timeout=200ms";

fn binary() -> PathBuf {
    apps::binary(&apps::golden("checklist")).unwrap_or_else(|error| panic!("{error}"))
}

fn run(args: &[&str], stdin: &str) -> Finished {
    program::run(&Run { binary: &binary(), args, stdin: stdin.as_bytes(), patience: SOON }).unwrap()
}

/// Line 24 of the processes.
#[test]
fn the_status_is_what_the_terminal_process_returns() {
    assert_eq!(run(&["shell", "number"], "").status, 3);
    assert_eq!(run(&["shell", "yes"], "").status, 0);
    let raised = run(&["shell", "raise"], "");
    assert_eq!(raised.status, 1);
    assert!(raised.stderr.starts_with("app:shell:") && raised.stderr.ends_with(": x\n"), "{}", raised.stderr);
    let traced = run(&["--very-verbose", "shell", "raise"], "").stderr;
    assert!(traced.contains(": x\nstack traceback:\n\tapp:shell:"), "{traced}");
    assert!(traced.contains(": in function 'main'\n"), "{traced}");
}

/// Line 23 of the processes.
#[test]
fn every_process_hears_of_the_stop_and_nobody_can_hold_it_up() {
    for (args, limit) in [(&["shell", "wait"][..], 1), (&["shell", "wait", "stubborn"][..], 3)] {
        let mut talk = Talk::start(&binary(), args).unwrap();
        talk.expect("waiting\n", SOON).unwrap();
        talk.signal("TERM").unwrap();
        let begun = std::time::Instant::now();
        let finished = talk.finish(SOON).unwrap();
        assert_eq!(finished.status, 1, "{}", finished.stderr);
        assert!(finished.stdout.contains("heard pid.cancel: scheduler shutdown\n"), "{}", finished.stdout);
        assert!(begun.elapsed() < Duration::from_secs(limit + 1), "{:?}", begun.elapsed());
    }
    let mut talk = Talk::start(&binary(), &["-o", SHORT]).unwrap();
    talk.expect_error("runtime ready", SOON).unwrap();
    talk.signal("TERM").unwrap();
    assert_eq!(talk.finish(SOON * 3).unwrap().status, 0);
}

/// Lines 19 and 20 of the modules.
#[test]
fn lines_are_read_and_columns_written() {
    let finished = run(&["shell", "lines"], "one\ntwo\r\nlast");
    assert_eq!(finished.stdout, "one\tnil\ntwo\tnil\nlast\tnil\nnothing\tEOF\n");
    assert_eq!(run(&["shell", "columns"], "").stdout, "a\t1\t2\n");
}

/// Line 25 of the modules.
#[test]
fn log_lines_say_where_they_come_from() {
    let finished = run(&["-v", "shell", "log"], "");
    let line = finished.stderr.lines().find(|line| line.contains("\tstored\t")).unwrap();
    let (time, rest) = line.split_once("\tINFO\t").unwrap();
    assert_eq!(time.len(), "2025-03-01 10:20:30".len());
    let fields = rest.strip_prefix("stored\t{\"pid\": \"{app:terminal|0x").unwrap();
    let fields = fields.split_once("}\", \"location\": \"app:shell:").unwrap().1;
    assert!(fields.ends_with("\", \"key\": \"k1\", \"n\": 2}"), "{line}");
    assert!(finished.stderr.contains("\tERROR\tpart\tlost\t{"), "{}", finished.stderr);
    assert!(finished.stderr.contains("\"error\": \"gone\""), "{}", finished.stderr);

    let finished = run(&["-v", "--set", "logger.encoding=json", "shell", "log"], "");
    let records: Vec<serde_json::Value> = finished
        .stdout
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let stored = records.iter().find(|record| record["msg"] == "stored").unwrap();
    assert_eq!((stored["level"].as_str(), stored["n"].as_i64()), (Some("info"), Some(2)));
    assert!(stored["location"].as_str().unwrap().starts_with("app:shell:"));
}

#[test]
fn a_terminal_can_hide_the_log_which_goes_to_the_bus_then() {
    let hidden = run(&["-v", "-o", "app:terminal:hide_logs=true", "shell", "hidden"], "");
    assert_eq!(hidden.stdout.lines().last(), Some("info\tlogs\tseen on the bus"), "{}", hidden.stdout);
    assert!(!hidden.stderr.contains("seen on the bus"), "{}", hidden.stderr);
    // Before and after it the log is there.
    assert!(
        hidden.stderr.contains("runtime ready") && hidden.stderr.contains("stopped"),
        "{}",
        hidden.stderr
    );
    let both = run(&["-v", "-e", "shell", "hidden"], "");
    assert_eq!(both.stdout.lines().last(), Some("info\tlogs\tseen on the bus"));
    assert!(both.stderr.contains("\tINFO\tseen on the bus\t"), "{}", both.stderr);
}

#[test]
fn processes_are_listed_when_somebody_asks_and_at_the_end() {
    let mut talk = Talk::start(&binary(), &["--report", "shell", "wait", "stubborn"]).unwrap();
    talk.expect("waiting\n", SOON).unwrap();
    // The counter has its name by then, or soon.
    std::thread::sleep(Duration::from_millis(200));
    talk.signal("USR1").unwrap();
    talk.expect_error("RUN TIME", SOON).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let listed = talk.errors();
    let find =
        |entry: &str| listed.lines().find(|line| line.contains(entry)).unwrap_or_else(|| panic!("{listed}"));
    let words: Vec<&str> = find("app:counter").split_whitespace().collect();
    assert!(words[0].starts_with("{app:workers|0x"), "{words:?}");
    assert_eq!((words[1], words[2], words[3]), ("app:counter", "waiting", "0"));
    assert!(words[4].parse::<f64>().unwrap() > 0.0 && ["B", "KB"].contains(&words[5]), "{words:?}");
    assert!(words[6].ends_with('s'), "{words:?}");
    assert_eq!(words[7..], ["0", "0", "counter", "recovered"]);
    assert_eq!(find("MAILBOX").find("NAMES"), find("app:counter").find("counter recovered"));
    assert!(find("app:child").contains("waiting") && find("app:shell").contains("waiting"));
    talk.signal("TERM").unwrap();
    let finished = talk.finish(SOON).unwrap();
    assert_eq!(finished.stderr.matches("RUN TIME").count(), 2, "{}", finished.stderr);
}

/// A process in the middle of a turn tells the rest by itself.
#[test]
fn a_busy_process_is_listed_with_all_it_has() {
    let mut talk = Talk::start(&binary(), &["--report", "shell", "busy"]).unwrap();
    talk.expect("computing\n", SOON).unwrap();
    talk.signal("USR1").unwrap();
    talk.expect_error("spinner", SOON).unwrap();
    let listed = talk.errors();
    let line = listed.lines().find(|line| line.contains("app:child")).unwrap_or_else(|| panic!("{listed}"));
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!((words[2], words[3]), ("running", "3"), "{words:?}");
    assert!(words[4].parse::<f64>().unwrap() > 0.0 && ["B", "KB"].contains(&words[5]), "{words:?}");
    assert!(words[6].ends_with('s') && words[6] != "0.000s", "{words:?}");
    assert_eq!(words[7..], ["0", "0", "spinner"]);
    talk.signal("TERM").unwrap();
    assert_eq!(talk.finish(SOON * 2).unwrap().status, 1);
}

/// What the compiler refuses in a manifest is refused in an override.
#[test]
fn overrides_that_cannot_be_are_refused() {
    for (item, cause) in [
        ("app:workers:host.workers=-1", "workers must be greater than 0"),
        ("app:workers:lifecycle.stop_timeout=5", "lifecycle.stop_timeout needs a unit: 5"),
    ] {
        let refused = run(&["-o", item, "shell", "yes"], "");
        assert_eq!(refused.status, 1);
        let wanted =
            format!("Error: failed to load state: operation failed for entry app:workers: {cause}\n");
        assert_eq!(refused.stderr, wanted);
    }
}

fn simulated(seed: u64, action: &str) -> Finished {
    run(&["--sim", &seed.to_string(), "-v", "shell", action], "one\ntwo\n")
}

#[test]
fn a_seed_repeats_an_order_to_the_byte() {
    let mut orders = BTreeSet::new();
    for seed in 1..=12 {
        let (first, second) = (simulated(seed, "race"), simulated(seed, "race"));
        assert_eq!(first.status, 0, "{}", first.stderr);
        assert_eq!(first.stdout, second.stdout);
        assert_eq!(first.stderr, second.stderr);
        orders.insert(first.stdout.lines().last().unwrap().to_owned());
    }
    assert!(orders.len() > 3, "the order should follow from the seed: {orders:?}");
}

#[test]
fn random_kills_break_no_promise_whatever_the_order() {
    for seed in 1..=300 {
        let finished = run(&["--sim", &seed.to_string(), "shell", "kills"], "");
        assert_eq!(
            (finished.status, finished.stdout.as_str()),
            (0, "holds\n"),
            "seed {seed}: {}",
            finished.stderr
        );
    }
    // And once for real.
    assert_eq!(run(&["shell", "kills"], "").stdout, "holds\n");
}

#[test]
fn an_hour_is_over_at_once_in_a_simulation() {
    let finished = simulated(1, "sleep");
    assert_eq!(finished.stdout.lines().last(), Some("slept"), "{}", finished.stderr);
    assert!(finished.took < Duration::from_secs(5), "{:?}", finished.took);
    let lines = simulated(1, "lines");
    assert!(lines.stdout.ends_with("one\tnil\ntwo\tnil\nnothing\tEOF\nnothing\tEOF\n"), "{}", lines.stdout);
}

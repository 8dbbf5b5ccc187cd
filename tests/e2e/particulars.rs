//! The application of the golden case `particulars` as a shell sees it: the terminal, exit statuses, the
//! log of every kind, services that end in every way, the last word of a stop.

use std::path::PathBuf;
use std::time::Duration;

use moonwright_tests::apps;
use moonwright_tests::program::{self, Finished, Run, Talk};

const SOON: Duration = Duration::from_secs(10);

fn binary() -> PathBuf {
    apps::binary(&apps::golden("particulars")).unwrap_or_else(|error| panic!("{error}"))
}

fn run(args: &[&str], stdin: &str) -> Finished {
    program::run(&Run { binary: &binary(), args, stdin: stdin.as_bytes(), patience: SOON }).unwrap()
}

fn talk(args: &[&str]) -> Finished {
    run(&[&["talk"], args].concat(), "")
}

#[test]
fn what_is_written_to_a_terminal() {
    let finished = run(&["talk", "writes", "one", "two"], "");
    let expected = "a12.5niltruee\ntrue\n\na\tnil\tfalse\t2\t1e+100\ntrue\ntrue\n1\n3\twrites\tone\t2\tone\ttwo\n\
                    nil\tstdin is not a terminal\nnil\tstdin is not a terminal\n\
                    false\tbad argument #1 to 'raw' (boolean expected, got number)\n\
                    false\tbad argument #1 to 'read' (number expected, got string)\n";
    assert_eq!(finished.stdout, expected);
    assert_eq!(finished.stderr, "x\t1\n");
}

#[test]
fn what_is_read_from_a_pipe() {
    let finished = run(&["talk", "reads"], "abcdef\r\n\nrest");
    assert_eq!(
        finished.stdout,
        "abc\tnil\ndef\tnil\n\nrest\tnil\nnil\tEOF\tInternal\tfalse\nnil\tEOF\tInternal\n"
    );
}

#[test]
fn every_result_has_its_status() {
    for (kind, status) in [
        ("fraction", 2),
        ("negative", 255),
        ("large", 7),
        ("nan", 1),
        ("infinite", 1),
        ("text", 0),
        ("no", 1),
        ("yes", 0),
        ("table", 0),
        ("nothing", 0),
    ] {
        let finished = talk(&["return", kind]);
        assert_eq!((finished.status, &*finished.stdout, &*finished.stderr), (status, "", ""), "{kind}");
    }
    for (kind, text) in [("text", "a text\n"), ("object", "load: no file\n"), ("raise", "raised\n")] {
        let finished = talk(&["fails", kind]);
        assert_eq!((finished.status, &*finished.stderr), (1, text), "{kind}");
    }
}

/// The last who says something decides, for real and in every order.
#[test]
fn the_last_word_of_a_stop_is_the_status() {
    let told = "true\tnil\npid.cancel\tscheduler shutdown\t{|}\n";
    for (args, status, stdout, stderr) in [
        (&["exits", "3", ""][..], 0, told, ""),
        (&["exits", "3", "5"], 5, told, ""),
        (&["exits", "3", "fails"], 1, told, "last words\n"),
        (&["exits", "3", "at once"], 0, "true\tnil\n", ""),
        (&["two", "3", "4"], 4, "args\t0\n", ""),
        (&["two", "0", "7"], 7, "args\t0\n", ""),
        (&["two", "8", "0"], 0, "args\t0\n", ""),
    ] {
        let check = |how: &str, finished: Finished| {
            let seen = (finished.status, &*finished.stdout, &*finished.stderr);
            assert_eq!(seen, (status, stdout, stderr), "{args:?} {how}");
        };
        for _ in 0..10 {
            check("for real", talk(args));
        }
        for seed in 1..=60 {
            check(&format!("seed {seed}"), run(&[&["--sim", &seed.to_string(), "talk"], args].concat(), ""));
        }
    }
}

#[test]
fn who_must_be_killed_makes_the_status_1() {
    for args in [&[][..], &["--sim", "1"]] {
        let short = ["-o", "app:terminal:lifecycle.stop_timeout=100ms", "talk", "exits_deaf", "3"];
        let finished = run(&[args, &short].concat(), "");
        assert_eq!((finished.status, &*finished.stderr), (1, "context canceled\n"), "{args:?}");
    }
}

/// Once the command's process has ended, whom it left on the terminal has a second.
#[test]
fn who_is_left_on_the_terminal_has_a_second() {
    for args in [&["talk", "leaves_deaf"][..], &["--sim", "1", "talk", "leaves_deaf"]] {
        let begun = std::time::Instant::now();
        let finished = run(args, "");
        assert_eq!((finished.status, &*finished.stderr), (1, "context canceled\n"), "{args:?}");
        assert!(begun.elapsed() < Duration::from_secs(4), "{args:?}: {:?}", begun.elapsed());
    }
}

#[test]
fn a_process_can_be_run_on_another_host_and_what_cannot_is_said() {
    let finished = run(&["--host", "app:workers", "talk", "return", "fraction"], "");
    assert_eq!((finished.status, &*finished.stderr), (2, ""));
    for (args, text) in [
        (&["-x", "app:nothing"][..], "failed to start process on host: app:terminal: factory not found"),
        (&["-x", "app:work"], "failed to start process on host: app:terminal: factory not found"),
        (
            &["--host", "app:workers", "-x", "app:nothing"],
            "failed to start process on host: app:workers: factory not found",
        ),
        (
            &["nobody"],
            "command \"nobody\" not found. Use 'golden-particulars list' to see available commands",
        ),
    ] {
        let finished = run(args, "");
        let seen = (finished.status, &*finished.stdout, finished.stderr);
        assert_eq!(seen, (1, "", format!("Error: {text}\n")));
    }
}

#[test]
fn nobody_learns_of_what_runs_on_a_terminal() {
    let finished = talk(&["relations"]);
    let (before, pid) = finished.stdout.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(before, "true\tnil\ntrue\tnil\ntrue");
    assert_eq!(pid, "nil\tname not registered");
    assert_eq!((finished.status, &*finished.stderr), (6, ""));
}

#[test]
fn a_read_ends_with_the_stop() {
    let mut talk = Talk::start(&binary(), &["talk", "read_at_stop"]).unwrap();
    talk.expect("reading\n", SOON).unwrap();
    talk.signal("INT").unwrap();
    let finished = talk.finish(SOON).unwrap();
    let canceled = "nil\tcontext canceled\tCanceled\n";
    assert_eq!(finished.stdout, format!("reading\n{canceled}{canceled}"));
    assert_eq!(finished.status, 1);
}

/// The records of the process on the terminal, without what is before `level` and without the PID.
fn records(text: &str) -> Vec<String> {
    let text = text.replace("two\nlines", "two lines");
    let own = text.lines().filter(|line| line.contains("{app:terminal|0x00001}"));
    own.map(|line| line.split_once('\t').unwrap().1.replace("\"pid\": \"{app:terminal|0x00001}\", ", ""))
        .collect()
}

#[test]
fn log_lines_have_their_fields_in_order() {
    let [fields, named, error, detail, number, print] = [
        "\"location\": \"app:talker:113\", \"b\": true, \"f\": 1.5, \"i\": 2, \"list\": [1,\"x\"], \
         \"map\": {\"a\":\"<&>\",\"z\":1}, \"e\": \"err\"}",
        "\"location\": \"app:talker:116\", \"own\": 3}",
        "\"location\": \"app:talker:117\", \"error\": \"cause\", \"z\": 1}",
        "\"location\": \"app:talker:118\"}",
        "\"location\": \"app:talker:119\"}",
        "\"location\": \"app:talker:120\"}",
    ];
    let text = run(&["-v", "talk", "logs"], "");
    assert_eq!(
        records(&text.stderr),
        [
            format!("INFO\tfields\t{{{fields}"),
            format!("WARN\ta.b\tnamed\t{{\"outer\": 1, \"inner\": 2, {named}"),
            format!("ERROR\ttwo lines\t{{{error}"),
            format!("DEBUG\tdetail\t{{{detail}"),
            format!("INFO\t12\t{{{number}"),
            format!("INFO\tp 1 2 nil true\t{{{print}"),
        ]
    );
    assert_eq!(text.stderr.split('\t').next().map(str::len), Some("2025-03-01 10:20:30".len()));
    let console = run(&["-c", "talk", "logs"], "");
    assert_eq!(
        records(&console.stdout),
        [
            format!("INFO \tfields\t{{{fields}"),
            format!("WARN \ta.b         \tnamed\t{{\"outer\": 1, \"inner\": 2, {named}"),
            format!("ERROR\ttwo lines\t{{{error}"),
            format!("INFO \t12\t{{{number}"),
            format!("INFO \tp 1 2 nil true\t{{{print}"),
        ]
    );
    assert!(console.stdout.contains("\n  0.0"), "{}", console.stdout);
    assert_eq!(run(&["talk", "logs"], "").stderr, "");
    assert_eq!(run(&["-v", "-s", "talk", "logs"], "").stderr, "");
}

/// What the log says of a service at level error; it is stopped after half a second.
fn complaints(service: &str) -> Vec<String> {
    let start = format!("app:{service}:lifecycle.auto_start=true");
    let mut talk = Talk::start(&binary(), &["-o", &start]).unwrap();
    talk.expect_error("runtime ready", SOON).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    talk.signal("TERM").unwrap();
    let finished = talk.finish(SOON).unwrap();
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    let lines = finished.stderr.lines().filter_map(|line| line.split_once("\tERROR\t"));
    lines.map(|(_, line)| line.to_owned()).collect()
}

#[test]
fn services_end_in_every_way() {
    for service in ["text", "final", "number", "upgrades"] {
        assert_eq!(complaints(service), [""; 0], "{service}");
    }
    for (service, error) in [
        ("raises", "on purpose"),
        ("again", "object"),
        ("unsaid", "object"),
        ("terminates", "process terminated"),
        ("linked", "linked process failed"),
    ] {
        let line = |status: &str| {
            format!(
                "service app:{service} is {status}\t{{\"serviceID\": \"app:{service}\", \"status\": \"{status}\", \
                 \"error\": \"process failed: {error}\"}}"
            )
        };
        let run = [line("running"), line("failed")];
        assert_eq!(complaints(service), [run.clone(), run].concat(), "{service}");
    }
    let error = "start process: failed to execute script: app:broken:1: broken on purpose";
    assert_eq!(
        complaints("unborn"),
        [
            format!(
                "service app:unborn is exited\t{{\"serviceID\": \"app:unborn\", \"status\": \"exited\", \"error\": \"{error}\"}}"
            ),
            format!(
                "failed to execute commit protocol\t{{\"error\": \"failed to execute transitions: start sequence failed: \
                 failed to start service: failed to stop service: {error}\"}}"
            ),
        ]
    );
    assert_eq!(
        complaints("needy"),
        [
            "failed to execute commit protocol\t{\"error\": \"failed to execute transitions: start sequence failed: service \
          startup blocked by missing dependencies: app:needy requires app:fixed\"}"
        ]
    );
}

#[test]
fn a_log_line_says_where_it_was_written_however_it_is_called() {
    let text = run(&["-v", "talk", "places"], "");
    let lines: Vec<&str> =
        text.stderr.lines().filter(|line| line.contains("\tz\t") || line.contains("print that")).collect();
    let place = |line: &&str| {
        line.split("app:talker:")
            .nth(1)
            .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>())
    };
    let places: Vec<Option<String>> = lines.iter().map(place).collect();
    let first = 124;
    let at = |line: u32| Some((first + line).to_string());
    // What `pcall` calls has no place of its own.
    let expected = [at(2), at(3), at(5), at(7), at(9), None, at(15)];
    assert_eq!(places, expected, "{}", text.stderr);
}

//! The life of a whole program, seen from outside: the example `echo` run as a binary.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The example, which cargo builds beside the tests.
fn echo(arguments: &[&str]) -> Command {
    let own = std::env::current_exe().unwrap();
    let path: PathBuf = own.parent().and_then(|deps| deps.parent()).unwrap().join("examples/echo");
    let mut command = Command::new(path);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // No configuration of the directory the tests run in.
    command.current_dir(std::env::temp_dir());
    command
}

/// Runs to the end with this input; panics after 20 seconds.
fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = echo(arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The program may end before it has read everything.
        let _ = stdin.write_all(&input);
    });
    let output = wait(child);
    writer.join().unwrap();
    output
}

fn wait(child: Child) -> Output {
    let id = child.id();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    match receiver.recv_timeout(Duration::from_secs(20)) {
        Ok(output) => output.unwrap(),
        Err(_) => {
            send(id, libc::SIGKILL);
            panic!("the program did not end");
        }
    }
}

fn send(id: u32, signal: i32) {
    // SAFETY: a signal to a child of ours that was not waited for.
    unsafe { libc::kill(id.try_into().unwrap(), signal) };
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_conversation_through_a_pipe_ends_with_the_input_and_within_a_second_more() {
    let begun = Instant::now();
    let output = run(&["-x", "app:cli"], "hello\nwörld\n".as_bytes());
    assert_eq!(stdout(&output), "Echo Client\n> HELLO\n> WÖRLD\n> Goodbye!\n");
    assert_eq!(stderr(&output), "input ended:\tEOF\n");
    assert_eq!(output.status.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_millis(2500), "{:?}", begun.elapsed());
}

#[test]
fn ten_thousand_lines_keep_their_order_and_a_long_line_comes_whole() {
    let mut input = String::new();
    for line in 0..10_000 {
        input.push_str(&format!("line {line}\n"));
    }
    input.push_str(&"x".repeat(1 << 20));
    let output = run(&["talk"], input.as_bytes());
    let text = stdout(&output);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 10_003);
    for (index, line) in lines[1..=10_000].iter().enumerate() {
        assert_eq!(*line, format!("> LINE {index}"));
    }
    assert_eq!(lines[10_001].len(), (1 << 20) + 2);
}

#[test]
fn without_the_relay_the_client_says_so() {
    let output =
        run(&["-x", "app:terminal/app:cli", "-o", "app:relay-service:lifecycle.auto_start=false"], b"a\n");
    assert_eq!(stdout(&output), "Echo Client\n>   error: relay not available\n> Goodbye!\n");
}

#[test]
fn an_interrupt_lets_the_client_say_goodbye_and_ends_with_one() {
    let mut child = echo(&["-x", "app:cli"]).spawn().unwrap();
    let _stdin = child.stdin.take().unwrap();
    let mut seen = [0; 14];
    child.stdout.as_mut().unwrap().read_exact(&mut seen).unwrap();
    let begun = Instant::now();
    send(child.id(), libc::SIGINT);
    let output = wait(child);
    assert_eq!((seen.as_slice(), stdout(&output).as_str()), (b"Echo Client\n> ".as_slice(), "Goodbye!\n"));
    assert_eq!(stderr(&output), "input ended:\tcontext canceled\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(begun.elapsed() < Duration::from_millis(2000), "{:?}", begun.elapsed());
}

#[test]
fn the_status_is_what_main_returned() {
    for (argument, status) in [("-3", 3), ("-256", 0), ("-2.9", 2)] {
        assert_eq!(run(&["-x", "app:exits", "--", argument], b"").status.code(), Some(status), "{argument}");
    }
    let output = run(&["-x", "app:fails"], b"");
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(1), "app:fails:1: it failed\n"));
}

/// Starts the services, waits for a text on standard error, sends the signals, and waits.
fn serve(arguments: &[&str], until: &str, signals: &[i32]) -> Output {
    serve_until(arguments, |text| text.contains(until), signals)
}

/// As [`serve`], until what it wrote is as it shall be.
fn serve_until(arguments: &[&str], is_enough: impl Fn(&str) -> bool, signals: &[i32]) -> Output {
    let mut child = echo(arguments).spawn().unwrap();
    let mut seen = Vec::new();
    let mut byte = [0; 1];
    let stderr = child.stderr.as_mut().unwrap();
    while !is_enough(&String::from_utf8_lossy(&seen)) {
        assert_eq!(stderr.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&seen));
        seen.extend(byte);
    }
    for signal in signals {
        send(child.id(), *signal);
        std::thread::sleep(Duration::from_millis(100));
    }
    let mut output = wait(child);
    seen.extend(&output.stderr);
    output.stderr = seen;
    output
}

#[test]
fn services_alone_run_until_a_signal_and_say_who_could_talk() {
    let arguments = ["-o", "app:relay-service:lifecycle.stop_timeout=100ms"];
    let output = serve(&arguments, "relay started", &[libc::SIGTERM]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("No terminal process is attached; to talk to one: echo talk\n"), "{text}");
    for line in [
        "\tINFO\tloaded entries\t{\"count\": 9}\n",
        "\tINFO\tservice registered\t{\"serviceID\": \"app:relay-service\"}\n",
        "\tINFO\thost started\t{\"id\": \"app:processes\"}\n",
        "\tINFO\tservice app:relay-service is starting\t{\"serviceID\": \"app:relay-service\", \"status\": \"starting\", \"details\": \"attempt 1\"}\n",
        "\tINFO\truntime ready\n",
        "\tINFO\treceived shutdown signal\t{\"signal\": \"terminated\"}\n",
        "\tINFO\tservice app:relay-service is failed\t{\"serviceID\": \"app:relay-service\", \"status\": \"failed\", \"details\": \"stop timeout after 100ms\"}\n",
        "\tINFO\thost stopped\t{\"id\": \"app:processes\"}\n",
        "\tINFO\tstopped\n",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_second_signal_forces_the_exit() {
    let begun = Instant::now();
    let output = serve(&[], "relay started", &[libc::SIGINT, libc::SIGINT]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("\tWARN\tforce exit\n"));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_failing_service_runs_as_often_as_it_may() {
    let arguments =
        ["-o", "app:broken-service:lifecycle.auto_start=true,app:relay-service:lifecycle.stop_timeout=50ms"];
    let failed = "\tERROR\tservice app:broken-service is failed\t{\"serviceID\": \"app:broken-service\", \"status\": \"failed\", \"error\": \"process failed: app:fails:1: it failed\"}\n";
    // A fourth attempt would begin within 80 ms: the report before the end leaves it 100.
    let output =
        serve_until(&arguments, |text| text.matches(failed).count() == 3, &[libc::SIGUSR1, libc::SIGTERM]);
    let text = stderr(&output);
    for attempt in 1..=3 {
        assert!(text.contains(&format!("\"attempt {attempt}\"}}\n")), "{text}");
    }
    assert_eq!(text.matches(failed).count(), 3, "{text}");
    assert_eq!(text.matches("service app:broken-service is starting").count(), 3, "{text}");
}

#[test]
fn a_service_that_cannot_start_is_an_error_of_the_start_alone() {
    let arguments = ["-o", "app:relay-service:process=app:gone"];
    let output = serve(&arguments, "commit protocol", &[libc::SIGTERM]);
    let text = stderr(&output);
    assert!(text.contains("\tERROR\tservice app:relay-service is exited\t{\"serviceID\": \"app:relay-service\", \"status\": \"exited\", \"error\": \"start process: factory not found\"}\n"), "{text}");
    assert!(text.contains("{\"error\": \"failed to execute transitions: start sequence failed: failed to start service: failed to stop service: start process: factory not found\"}"), "{text}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn mistakes_on_the_command_line_end_with_one() {
    for (arguments, text) in [
        (
            &["-x", "app:gone"] as &[&str],
            "Error: failed to start process on host: app:terminal: factory not found\n",
        ),
        (&["nobody"], "Error: command \"nobody\" not found. Use 'echo list' to see available commands\n"),
        (
            &["-x", "app:cli", "--host", "app:gone"],
            "Error: host app:gone not found in supervisor: service not found\n",
        ),
        (
            &["-o", "app:gone:x=1"],
            "Error: failed to execute pipeline: stage 'override' failed: override errors: [no entry found for app:gone]\n",
        ),
    ] {
        let output = run(arguments, b"");
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(1), text));
    }
}

#[test]
fn list_version_and_help_answer_on_standard_output() {
    assert_eq!(
        stdout(&run(&["list"], b"")),
        "Available commands:\n\n  talk  Talk to the relay  (app:cli)\n\nRun with: echo <command>\n"
    );
    assert_eq!(stdout(&run(&["version", "--short"], b"")), format!("{}\n", env!("CARGO_PKG_VERSION")));
    assert!(stdout(&run(&["--help"], b"")).contains("Processes for the terminal: app:cli"));
}

#[test]
fn a_host_that_nothing_starts_is_named_with_what_it_lacks() {
    let output = run(&["-x", "app:cli", "-o", "app:terminal:lifecycle.auto_start=false"], b"");
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    let expected = "timeout waiting for host app:terminal to start (status: unknown)\n\
                    app:terminal has no `lifecycle: { auto_start: true }`\n";
    assert!(text.contains(expected), "{text}");
}

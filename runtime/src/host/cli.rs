//! The command line of a compiled application.

use std::collections::VecDeque;
use std::fmt::Write as _;

use crate::application::{Application, Entry};

/// What to run and how to log.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The entry to run on a terminal host; `None` runs the services alone.
    pub execute: Option<String>,
    pub host: Option<String>,
    pub arguments: Vec<String>,
    pub config: Option<String>,
    /// `ns:entry:path` and value.
    pub overrides: Vec<(String, String)>,
    /// `section.path` and value.
    pub settings: Vec<(String, String)>,
    pub console: bool,
    pub verbose: bool,
    /// The log has tracebacks of errors.
    pub traces: bool,
    pub silent: bool,
    /// Log records go to the event bus as well.
    pub events: bool,
    /// The processes are listed when the program stops.
    pub report: bool,
    /// Run on virtual time, in the order of this seed.
    pub seed: Option<u64>,
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Parsed {
    Run(Command),
    /// Help, version, the list of commands.
    Print(String),
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// The text behind `Error: `.
pub fn parse(application: &Application, arguments: Vec<String>) -> Result<Parsed, String> {
    let mut command = Command::default();
    let mut words = VecDeque::from(arguments);
    let mut positional = Vec::new();
    let mut is_short = false;
    while let Some(word) = words.pop_front() {
        if word == "--" {
            positional.extend(words.drain(..));
            break;
        }
        if !positional.is_empty() && !word.starts_with('-') || !word.starts_with('-') || word == "-" {
            positional.push(word);
            continue;
        }
        let mut parts = split_letters(word).into_iter();
        let word = parts.next().unwrap_or_default();
        parts.rev().for_each(|part| words.push_front(part));
        let (flag, inline) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
            _ => (word, None),
        };
        let mut value = || inline.clone().or_else(|| words.pop_front()).ok_or_else(|| missing(&flag));
        match flag.as_str() {
            "-x" | "--exec" => set_execute(&mut command, &value()?)?,
            "--host" => command.host = Some(value()?),
            "-o" | "--override" => {
                for item in value()?.split(',') {
                    command.overrides.push(split_override(item)?);
                }
            }
            "--set" => command.settings.push(split_setting(&value()?)?),
            "--config" => command.config = Some(value()?),
            "-m" | "--memory-limit" => drop(value()?),
            "-c" | "--console" => command.console = true,
            "-v" | "--verbose" => command.verbose = true,
            "--very-verbose" => (command.verbose, command.traces) = (true, true),
            "-s" | "--silent" => command.silent = true,
            "-e" | "--event-streams" => command.events = true,
            "-p" | "--profiler" => {}
            "--report" => command.report = true,
            "--sim" => command.seed = Some(seed(&value()?)?),
            "--short" => is_short = true,
            "-h" | "--help" => return Ok(Parsed::Print(help(application))),
            "--version" => return Ok(Parsed::Print(version(application))),
            other => return Err(unknown(other)),
        }
    }
    if is_short && positional == ["version"] {
        return Ok(Parsed::Print(format!("{}\n", application.version)));
    }
    finish(application, command, positional)
}

/// `-vc` is `-v -c`, `-xapp:cli` is `-x app:cli`.
fn split_letters(word: String) -> Vec<String> {
    const ALONE: &str = "vcsepvh";
    let Some(letters) = word.strip_prefix('-').filter(|rest| !rest.starts_with('-') && rest.len() > 1) else {
        return vec![word];
    };
    let mut parts = Vec::new();
    for (at, letter) in letters.char_indices() {
        if "xom".contains(letter) {
            let value = letters.get(at + 1..).unwrap_or_default();
            parts.push(format!("-{letter}"));
            let value = value.strip_prefix('=').unwrap_or(value);
            if !value.is_empty() {
                parts.push(value.to_owned());
            }
            return parts;
        }
        if !ALONE.contains(letter) {
            return vec![word];
        }
        parts.push(format!("-{letter}"));
    }
    parts
}

fn finish(
    application: &Application,
    mut command: Command,
    positional: Vec<String>,
) -> Result<Parsed, String> {
    let is_argument = positional.first().is_none_or(|first| first.starts_with('-'));
    if is_argument {
        command.arguments = positional;
        return Ok(Parsed::Run(command));
    }
    let mut words = positional.into_iter();
    let name = words.next().unwrap_or_default();
    match name.as_str() {
        "list" => return Ok(Parsed::Print(list(application))),
        "version" => return Ok(Parsed::Print(version(application))),
        "help" => return Ok(Parsed::Print(help(application))),
        _ => {}
    }
    let entry = application.entries.iter().find(|entry| command_of(entry).is_some_and(|own| own.0 == name));
    let Some(entry) = entry else {
        let program = application.name;
        return Err(format!("command \"{name}\" not found. Use '{program} list' to see available commands"));
    };
    command.execute = Some(entry.id.to_owned());
    command.arguments = words.collect();
    Ok(Parsed::Run(command))
}

/// The seed of a simulation.
fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("invalid --sim \"{text}\": expected a whole number"))
}

fn missing(flag: &str) -> String {
    format!("flag needs an argument: {flag}")
}

fn unknown(flag: &str) -> String {
    match flag.strip_prefix("--") {
        Some(_) => format!("unknown flag: {flag}"),
        None => {
            let letter = flag.chars().nth(1).unwrap_or('-');
            format!("unknown shorthand flag: '{letter}' in {flag}")
        }
    }
}

/// `ns:entry`, or `HOST/ns:entry` with a full host id.
fn set_execute(command: &mut Command, text: &str) -> Result<(), String> {
    let entry = match text.split_once('/') {
        Some((host, entry)) if host.contains(':') && entry.contains(':') => {
            command.host = Some(host.to_owned());
            entry
        }
        _ => text,
    };
    let wrong = |what: &str| Err(format!("invalid exec spec: {what}"));
    match entry.split_once(':') {
        None => return wrong("missing separator ':', expected format: namespace:entry"),
        Some(("", _)) => return wrong("namespace cannot be empty"),
        Some((_, "")) => return wrong("entry name cannot be empty"),
        Some(_) => command.execute = Some(entry.to_owned()),
    }
    Ok(())
}

fn split_override(item: &str) -> Result<(String, String), String> {
    let wrong = |what: &str| format!("invalid override: {item}: {what}");
    let expected = "expected format: namespace:entry:field=value";
    let (key, value) =
        item.split_once('=').ok_or_else(|| wrong(&format!("missing separator '=', {expected}")))?;
    let mut parts = key.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(""), ..) => Err(wrong("namespace cannot be empty")),
        (_, Some(""), _) => Err(wrong("entry name cannot be empty")),
        (_, _, Some("")) => Err(wrong("field cannot be empty")),
        (Some(_), Some(_), Some(_)) => Ok((key.to_owned(), value.to_owned())),
        _ => Err(wrong(&format!("missing separator ':', {expected}"))),
    }
}

fn split_setting(item: &str) -> Result<(String, String), String> {
    let (key, value) = item
        .split_once('=')
        .ok_or_else(|| format!("invalid --set \"{item}\": expected section.path=value"))?;
    if !key.contains('.') {
        return Err(format!("invalid --set \"{item}\": key must be section.path (e.g. cluster.enabled)"));
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// Name and description of the command an entry declares.
fn command_of(entry: &Entry) -> Option<(String, String)> {
    let meta: serde_json::Value = serde_json::from_str(entry.meta).ok()?;
    let text = |key: &str| meta.pointer(key).and_then(serde_json::Value::as_str).map(str::to_owned);
    Some((text("/command/name")?, text("/command/short").unwrap_or_default()))
}

fn list(application: &Application) -> String {
    let mut text = String::new();
    for entry in application.entries {
        if let Some((name, short)) = command_of(entry) {
            let _ = writeln!(text, "  {name}  {short}  ({})", entry.id);
        }
    }
    if text.is_empty() {
        return "No commands found.\n\nA process becomes a command by `meta.command.name` in its manifest entry.\n".to_owned();
    }
    format!("Available commands:\n\n{text}\nRun with: {} <command>\n", application.name)
}

fn version(application: &Application) -> String {
    format!("{} {}\n", application.name, application.version)
}

/// The processes that talk to a terminal: those that list the module `io`.
pub fn terminal_processes(application: &Application) -> Vec<&'static str> {
    let uses_io = |entry: &&Entry| {
        let data: serde_json::Value = serde_json::from_str(entry.data).unwrap_or_default();
        let modules = data.get("modules").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
        entry.kind == "process.lua" && modules.iter().any(|module| module == "io")
    };
    application.entries.iter().filter(uses_io).map(|entry| entry.id).collect()
}

/// The words that run something on the terminal: a command, else a process for the terminal that is not
/// already the process of a service.
pub fn terminal_words(application: &Application) -> Option<String> {
    if let Some((name, _)) = application.entries.iter().find_map(command_of) {
        return Some(name);
    }
    let run_by_service = |id: &str| {
        application.entries.iter().filter(|entry| entry.kind == "process.service").any(|entry| {
            let data: serde_json::Value = serde_json::from_str(entry.data).unwrap_or_default();
            data.get("process").and_then(serde_json::Value::as_str) == Some(id)
        })
    };
    let first = terminal_processes(application).into_iter().find(|id| !run_by_service(id))?;
    Some(format!("-x {first}"))
}

fn help(application: &Application) -> String {
    let name = application.name;
    let mut text = format!(
        "{name} {}, compiled by Moonwright\n\n\
         Usage: {name} [flags]                     start every service, run until a signal\n       \
         {name} [flags] -x NS:ENTRY [-- -ARG..] run one process on the terminal\n       \
         {name} [flags] COMMAND [ARG..]         run the process that declares this command\n       \
         {name} list | version\n\n\
         Flags:\n  \
         -x, --exec NS:ENTRY      the process to run (also HOST/NS:ENTRY)\n      \
         --host NS:NAME       the terminal host to run it on\n  \
         -o, --override K=V       NS:ENTRY:FIELD=VALUE, for data fields of entries\n      \
         --set SECTION.PATH=V set one value of the configuration\n      \
         --config PATH        the configuration file (default .wippy.yaml)\n  \
         -c, --console            logs for people on standard output\n  \
         -v, --verbose            logs of level debug\n      \
         --very-verbose       as -v, and tracebacks of errors\n  \
         -s, --silent             no logs\n  \
         -e, --event-streams      logs on the event bus as well\n      \
         --report             list the processes when the program stops\n      \
         --sim SEED           run on virtual time, in an order that follows from the seed\n  \
         -h, --help               this text\n",
        application.version
    );
    let terminals = terminal_processes(application);
    if !terminals.is_empty() {
        let _ = writeln!(text, "\nProcesses for the terminal: {}", terminals.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    static APPLICATION: Application = Application {
        name: "demo",
        version: "1.2.3",
        entries: &[Entry {
            id: "app:quote",
            kind: "process.lua",
            meta: r#"{"command":{"name":"quote","short":"Print a price"}}"#,
            data: r#"{"modules":["io"]}"#,
            program: None,
        }],
    };

    fn run(words: &[&str]) -> Result<Command, String> {
        match parse(&APPLICATION, words.iter().map(|word| (*word).to_owned()).collect())? {
            Parsed::Run(command) => Ok(command),
            Parsed::Print(text) => Err(text),
        }
    }

    #[test]
    fn the_tutorials_form_names_host_and_entry() {
        let command = run(&["-x", "app:terminal/app:cli"]).unwrap();
        assert_eq!(
            (command.host.as_deref(), command.execute.as_deref()),
            (Some("app:terminal"), Some("app:cli"))
        );
        let command = run(&["--exec=app:cli", "-v", "--", "-a", "b"]).unwrap();
        assert_eq!(command.execute.as_deref(), Some("app:cli"));
        assert_eq!(command.arguments, ["-a", "b"]);
        let command = run(&["-vcxapp:cli", "-o=app:a:b=1"]).unwrap();
        assert!(command.verbose && command.console);
        assert_eq!(command.execute.as_deref(), Some("app:cli"));
        assert_eq!(command.overrides, [("app:a:b".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn a_word_that_is_no_flag_is_a_command_with_arguments() {
        let command = run(&["quote", "4"]).unwrap();
        assert_eq!(command.execute.as_deref(), Some("app:quote"));
        assert_eq!(command.arguments, ["4"]);
        assert!(run(&["list"]).unwrap_err().contains("quote  Print a price  (app:quote)"));
    }

    #[test]
    fn commands_are_offered_before_processes_and_those_of_services_never() {
        assert_eq!(terminal_words(&APPLICATION).as_deref(), Some("quote"));
        let process =
            |id| Entry { id, kind: "process.lua", meta: "{}", data: r#"{"modules":["io"]}"#, program: None };
        let service = Entry {
            id: "app:kids",
            kind: "process.service",
            meta: "{}",
            data: r#"{"process":"app:kid"}"#,
            program: None,
        };
        let entries = Vec::leak(vec![process("app:kid"), service, process("app:talk")]);
        let application = Application { name: "demo", version: "1", entries };
        assert_eq!(terminal_words(&application).as_deref(), Some("-x app:talk"));
    }

    #[test]
    fn mistakes_are_named() {
        let cases: [(&[&str], &str); 8] = [
            (&["-x", "cli"], "invalid exec spec: missing separator ':', expected format: namespace:entry"),
            (&["-x", ":cli"], "invalid exec spec: namespace cannot be empty"),
            (&["--wrong"], "unknown flag: --wrong"),
            (&["-z"], "unknown shorthand flag: 'z' in -z"),
            (&["nobody"], "command \"nobody\" not found. Use 'demo list' to see available commands"),
            (
                &["-o", "a:b"],
                "invalid override: a:b: missing separator '=', expected format: namespace:entry:field=value",
            ),
            (&["--sim", "x"], "invalid --sim \"x\": expected a whole number"),
            (&["--set", "x"], "invalid --set \"x\": expected section.path=value"),
        ];
        for (words, text) in cases {
            assert_eq!(run(words).unwrap_err(), text);
        }
    }
}

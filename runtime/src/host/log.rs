//! The log: one line a record, in the format the command line chose.

use std::io::{IsTerminal, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::error::Trace;
use crate::sched::sync::Mutex;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

impl Level {
    /// `-1` debug .. `2` error.
    pub fn from_number(number: i64) -> Level {
        match number {
            i64::MIN..=-1 => Level::Debug,
            0 => Level::Info,
            1 => Level::Warn,
            _ => Level::Error,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
        }
    }

    fn colour(self) -> u8 {
        match self {
            Level::Debug => 35,
            Level::Info => 34,
            Level::Warn => 33,
            Level::Error => 31,
        }
    }
}

/// Where records go and how they look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Standard error, tab-separated.
    Text,
    /// Standard output, for people.
    Console,
    /// Standard output, one JSON object a line.
    Json,
    Silent,
}

/// Named values of a record, in order.
pub type Fields = Vec<(String, Json)>;

/// What a log needs of the program around it.
pub trait Surroundings: Send + Sync {
    /// The time of day.
    fn now(&self) -> jiff::Timestamp;
    /// The time since the start, if it is another than the system's.
    fn elapsed(&self) -> Option<Duration>;
    /// Puts a record on the event bus.
    fn publish(&self, level: Level, name: &str, message: &str, fields: &Fields);
}

pub struct Log {
    mode: Mode,
    min_level: Level,
    started: Instant,
    colours: bool,
    /// Records go to the event bus as well.
    to_events: bool,
    /// Records of errors come with their tracebacks.
    has_traces: bool,
    /// Living terminal processes whose host hides the log: records go to the event bus instead.
    hiding: AtomicUsize,
    surroundings: OnceLock<Box<dyn Surroundings>>,
    // Lines of several threads must not mix.
    lock: Mutex<()>,
}

impl Log {
    pub fn new(mode: Mode, min_level: Level) -> Log {
        let colours = std::io::stdout().is_terminal();
        Log {
            mode,
            min_level,
            started: Instant::now(),
            colours,
            to_events: false,
            has_traces: false,
            hiding: AtomicUsize::new(0),
            surroundings: OnceLock::new(),
            lock: Mutex::new(()),
        }
    }

    /// Records go to the event bus as well.
    #[must_use]
    pub fn with_events(self, to_events: bool) -> Log {
        Log { to_events, ..self }
    }

    pub fn set_surroundings(&self, surroundings: Box<dyn Surroundings>) {
        let _ = self.surroundings.set(surroundings);
    }

    /// A process has the terminal to itself: until [`Log::show`] nothing is printed.
    pub fn hide(&self) {
        self.hiding.fetch_add(1, Ordering::AcqRel);
    }

    pub fn show(&self) {
        self.hiding.fetch_sub(1, Ordering::AcqRel);
    }

    fn is_hidden(&self) -> bool {
        self.hiding.load(Ordering::Acquire) > 0
    }

    fn now(&self) -> jiff::Zoned {
        let now = self.surroundings.get().map_or_else(jiff::Timestamp::now, |around| around.now());
        now.to_zoned(jiff::tz::TimeZone::system())
    }

    /// Whether a record of this level goes anywhere: callers may skip making one.
    pub fn takes(&self, level: Level) -> bool {
        level >= self.min_level && (self.mode != Mode::Silent || self.to_events || self.is_hidden())
    }

    /// Whether nothing is printed at all.
    pub fn is_silent(&self) -> bool {
        self.mode == Mode::Silent
    }

    /// Records of errors come with their tracebacks.
    #[must_use]
    pub fn with_traces(self, has_traces: bool) -> Log {
        Log { has_traces, ..self }
    }

    pub fn has_traces(&self) -> bool {
        self.has_traces
    }

    /// Prints the record of an error that came by `trace`, which is printed if the log has tracebacks.
    pub fn record_error(&self, message: &str, mut fields: Fields, trace: &Trace) {
        let has_trace = self.has_traces && !trace.is_empty();
        if has_trace && self.mode == Mode::Json {
            fields.push(("stacktrace".to_owned(), trace.to_string().into()));
        }
        let below = if has_trace && self.mode != Mode::Json { format!("{trace}\n") } else { String::new() };
        self.put(Level::Error, "", message, &fields, &below);
    }

    /// Prints one record. Output that fails is lost, as logs are.
    pub fn record(&self, level: Level, name: &str, message: &str, fields: &Fields) {
        self.put(level, name, message, fields, "");
    }

    /// Prints one record and, in one go, the lines that belong below it.
    fn put(&self, level: Level, name: &str, message: &str, fields: &Fields, below: &str) {
        if !self.takes(level) {
            return;
        }
        let is_hidden = self.is_hidden();
        if (self.to_events || is_hidden)
            && let Some(around) = self.surroundings.get()
        {
            around.publish(level, name, message, fields);
        }
        if is_hidden {
            return;
        }
        let mut line = match self.mode {
            Mode::Text => self.text(level, name, message, fields),
            Mode::Console => self.console(level, name, message, fields),
            Mode::Json => self.json(level, name, message, fields),
            Mode::Silent => return,
        };
        line.push_str(below);
        let _guard = self.lock.lock();
        let _ = if self.mode == Mode::Text {
            std::io::stderr().write_all(line.as_bytes())
        } else {
            let mut stdout = std::io::stdout().lock();
            stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush())
        };
    }

    fn text(&self, level: Level, name: &str, message: &str, fields: &Fields) -> String {
        let now = self.now().strftime("%Y-%m-%d %H:%M:%S").to_string();
        let name = if name.is_empty() { String::new() } else { format!("{name}\t") };
        format!("{now}\t{}\t{name}{message}{}\n", level.name(), spaced(fields))
    }

    fn console(&self, level: Level, name: &str, message: &str, fields: &Fields) -> String {
        let elapsed = self.surroundings.get().and_then(|around| around.elapsed());
        let elapsed = elapsed.unwrap_or_else(|| self.started.elapsed()).as_secs_f64();
        let (mut label, mut name) = (
            format!("{:<5}", level.name()),
            if name.is_empty() { String::new() } else { format!("{name:<12}\t") },
        );
        if self.colours {
            label = format!("\x1b[{}m{label}\x1b[0m", level.colour());
            if !name.is_empty() {
                name = format!("\x1b[36m{}\x1b[0m\t", name.trim_end_matches('\t'));
            }
        }
        format!("{elapsed:6.2}s\t{label}\t{name}{message}{}\n", spaced(fields))
    }

    fn json(&self, level: Level, name: &str, message: &str, fields: &Fields) -> String {
        let now = stamp(&self.now());
        let mut parts = vec![
            format!("\"level\":{}", Json::from(level.name().to_lowercase())),
            format!("\"ts\":{}", Json::from(now)),
        ];
        if !name.is_empty() {
            parts.push(format!("\"logger\":{}", Json::from(name)));
        }
        parts.push(format!("\"msg\":{}", Json::from(message)));
        parts.extend(fields.iter().map(|(key, value)| format!("{}:{value}", Json::from(key.as_str()))));
        format!("{{{}}}\n", parts.join(","))
    }
}

/// The time of a JSON record; UTC is `Z`.
fn stamp(now: &jiff::Zoned) -> String {
    let zone = if now.offset().is_zero() { "Z" } else { "%z" };
    now.strftime(&format!("%Y-%m-%dT%H:%M:%S%.3f{zone}")).to_string()
}

/// `<TAB>{"k": "v", "n": 1}`, or nothing.
fn spaced(fields: &Fields) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let parts: Vec<String> =
        fields.iter().map(|(key, value)| format!("{}: {value}", Json::from(key.as_str()))).collect();
    format!("\t{{{}}}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_lines_have_tabs_and_spaced_fields() {
        let log = Log::new(Mode::Text, Level::Info);
        let fields = vec![("key".to_owned(), "k1".into()), ("n".to_owned(), 2.into())];
        let line = log.text(Level::Info, "", "stored", &fields);
        assert!(line.ends_with("\tINFO\tstored\t{\"key\": \"k1\", \"n\": 2}\n"), "{line}");
        assert!(log.text(Level::Warn, "a.b", "m", &vec![]).ends_with("\tWARN\ta.b\tm\n"));
        assert!(!log.takes(Level::Debug));
    }

    #[test]
    fn the_time_of_a_json_record_names_its_zone() {
        let at = jiff::Timestamp::from_millisecond(1_735_689_600_250).unwrap();
        let zone = |hours| jiff::tz::Offset::from_hours(hours).unwrap().to_time_zone();
        assert_eq!(stamp(&at.to_zoned(jiff::tz::TimeZone::UTC)), "2025-01-01T00:00:00.250Z");
        assert_eq!(stamp(&at.to_zoned(zone(0))), "2025-01-01T00:00:00.250Z");
        assert_eq!(stamp(&at.to_zoned(zone(-3))), "2024-12-31T21:00:00.250-0300");
    }

    #[test]
    fn json_lines_are_json() {
        let log = Log::new(Mode::Json, Level::Info);
        let line = log.json(Level::Error, "a", "x\ny", &vec![("n".to_owned(), 1.into())]);
        let read: Json = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (read["level"].as_str(), read["msg"].as_str(), read["n"].as_i64()),
            (Some("error"), Some("x\ny"), Some(1))
        );
    }
}

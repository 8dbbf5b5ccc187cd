//! What a person is told about the processes of a running program.
//!
//! Each process is looked at for a moment, between two turns of it. One that is in the middle of a turn is
//! asked, and answers when it next looks around; of one that does not, only what its slot shows is known.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::process::details::Details;
use crate::process::pid::Pid;
use crate::process::signal::Signal;
use crate::process::system::System;
use crate::sched::Identity;
use crate::sched::mailbox::Activity;

/// So long running processes have to answer, all together. A busy one looks around every few microseconds
/// that it has a thread.
const PATIENCE: Duration = Duration::from_millis(200);

/// One process.
struct Row {
    pid: String,
    identity: Identity,
    entry: &'static str,
    activity: Activity,
    names: String,
    details: Option<Details>,
}

/// Lists the living processes on standard error. Takes a while if some of them run, so it is done aside.
pub async fn print(system: &Arc<System>) {
    if system.scheduler().is_simulated() {
        eprint!("{}", table(system));
        return;
    }
    let there = system.clone();
    let _ = tokio::task::spawn_blocking(move || eprint!("{}", table(&there))).await;
}

/// The living processes as an aligned table.
fn table(system: &System) -> String {
    let mut rows: Vec<Row> = system.processes().into_iter().filter_map(|pid| row(system, pid)).collect();
    ask(system, &mut rows);
    let titles = ["PID", "ENTRY", "STATE", "MAILBOX", "MEMORY", "RUN TIME", "LINKS", "MONITORS", "NAMES"];
    let mut cells: Vec<[String; 9]> = vec![titles.map(str::to_owned)];
    cells.extend(rows.into_iter().map(texts));
    let width = |column: usize| {
        let texts = cells.iter().filter_map(|row| row.get(column));
        texts.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    let mut text = format!("{} processes\n", cells.len() - 1);
    for row in &cells {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Numbers stand to the right.
            let _ = match column {
                3..=7 => write!(line, "{cell:>width$}  "),
                _ => write!(line, "{cell:<width$}  "),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn texts(row: Row) -> [String; 9] {
    let state = match row.activity {
        Activity::Running => "running",
        Activity::Ready => "ready",
        Activity::Idle => "waiting",
    };
    let unknown = || "-".to_owned();
    let of = |show: fn(&Details) -> String| row.details.as_ref().map_or_else(unknown, show);
    [
        row.pid,
        row.entry.to_owned(),
        state.to_owned(),
        of(|details| details.mailbox.to_string()),
        of(|details| memory(details.memory)),
        of(|details| {
            details.run_time.map_or_else(|| "-".to_owned(), |time| format!("{:.3}s", time.as_secs_f64()))
        }),
        of(|details| details.links.to_string()),
        of(|details| details.monitors.to_string()),
        row.names,
    ]
}

/// `812 B`, `3.4 KB`, `1.2 MB`.
fn memory(bytes: f64) -> String {
    const KB: f64 = 1024.0;
    if bytes < KB {
        format!("{bytes:.0} B")
    } else if bytes < KB * KB {
        format!("{:.1} KB", bytes / KB)
    } else {
        format!("{:.1} MB", bytes / KB / KB)
    }
}

fn row(system: &System, pid: Pid) -> Option<Row> {
    let slot = system.slot(pid.identity)?;
    let seen = slot.mailbox.activity();
    let address = slot.entry();
    let entries = system.application().entries;
    let entry = entries.iter().find(|entry| entry.id.as_ptr().addr() == address).map_or("", |entry| entry.id);
    let mut names = system.names().of(pid.identity);
    names.sort();
    let details = slot.look(pid.identity, |process, letters| Details::at_rest(process.cx(), letters));
    let activity = if details.is_none() { Activity::Running } else { seen };
    let (pid, identity) = (system.pid_text(pid), pid.identity);
    Some(Row { pid, identity, entry, activity, names: names.join(" "), details })
}

/// Asks the processes of which nothing is known yet.
fn ask(system: &System, rows: &mut [Row]) {
    let (sender, answers) = mpsc::channel();
    for row in rows.iter().filter(|row| row.details.is_none()) {
        system.signal(row.identity, Signal::Inquire(sender.clone()));
    }
    // Without a question, or when each is answered or lost with its process, the channel ends by itself.
    drop(sender);
    let until = Instant::now() + PATIENCE;
    while let Ok((identity, details)) = answers.recv_timeout(until.saturating_duration_since(Instant::now()))
    {
        if let Some(row) = rows.iter_mut().find(|row| row.identity == identity) {
            row.details = Some(details);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (bytes, text) in [(0.0, "0 B"), (812.4, "812 B"), (3500.0, "3.4 KB"), (1_300_000.0, "1.2 MB")] {
            assert_eq!(memory(bytes), text);
        }
    }
}

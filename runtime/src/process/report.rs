//! What a person is told about the processes of a running program.
//!
//! Each process is looked at for a moment, between two turns of it; of one that is in the middle of a
//! turn only what its slot shows is known.

use std::fmt::Write as _;
use std::time::Duration;

use crate::process::meter;
use crate::process::pid::Pid;
use crate::process::run::Process;
use crate::process::system::System;
use crate::sched::mailbox::Activity;

/// One process.
struct Row {
    pid: String,
    entry: &'static str,
    activity: Activity,
    names: String,
    details: Option<Details>,
}

/// What only a process at rest tells.
struct Details {
    mailbox: usize,
    memory: f64,
    run_time: Option<Duration>,
    links: usize,
    monitors: usize,
}

/// The living processes as an aligned table.
pub fn table(system: &System) -> String {
    let rows: Vec<Row> = system.processes().into_iter().filter_map(|pid| row(system, pid)).collect();
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
    let details = slot.look(pid.identity, details);
    let activity = if details.is_none() { Activity::Running } else { seen };
    Some(Row { pid: system.pid_text(pid), entry, activity, names: names.join(" "), details })
}

fn details(process: &Process, letters: usize) -> Details {
    let cx = process.cx();
    let state = cx.process();
    let (links, monitors) = state.relation_counts();
    Details {
        mailbox: letters + state.mail.waiting(),
        memory: meter::used(cx),
        run_time: state.if_rare(|rare| rare.run_time).flatten(),
        links,
        monitors,
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

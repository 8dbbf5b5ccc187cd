//! `bench/RESULTS.md`: one section for each suite, replaced when the suite is measured.

use std::fmt;

use crate::commands::bench::stats::{Figure, Median};

const HEAD: &str = "# Figures\n\nWritten by `cargo xtask bench`: medians, with the extremes of the runs. What is aimed at stands beside.\n";

/// A table of figures under a heading.
#[derive(Debug)]
pub struct Section {
    pub title: &'static str,
    /// What the figures are about, a line or two.
    pub about: String,
    columns: [&'static str; 4],
    rows: Vec<[String; 4]>,
}

impl Section {
    pub fn new(title: &'static str, about: impl Into<String>) -> Self {
        let columns = ["what", "median", "extremes", "aim"];
        Self { title, about: about.into(), columns, rows: Vec::new() }
    }

    /// A table with headings of its own.
    pub fn table(title: &'static str, about: impl Into<String>, columns: [&'static str; 4]) -> Self {
        Self { columns, ..Self::new(title, about) }
    }

    /// A figure with its unit; `aim` may be empty.
    pub fn row(&mut self, what: &str, median: Median, unit: &str, aim: &str) {
        let extremes = format!("{} to {}", Figure(median.least), Figure(median.most));
        self.rows.push([
            what.to_owned(),
            format!("{} {unit}", Figure(median.value)),
            extremes,
            aim.to_owned(),
        ]);
    }

    /// A row as it stands.
    pub fn cells(&mut self, row: [String; 4]) {
        self.rows.push(row);
    }

    /// A figure that does not vary.
    pub fn fixed(&mut self, what: &str, text: String, aim: &str) {
        self.rows.push([what.to_owned(), text, String::new(), aim.to_owned()]);
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n## {}\n\n{}\n\n", self.title, self.about)?;
        writeln!(f, "| {} |\n| --- | --- | --- | --- |", self.columns.join(" | "))?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}

/// `old` with this section replaced, or added at the end. Text below a section's table is kept.
pub fn replace(old: &str, section: &Section) -> String {
    let old = if old.is_empty() { HEAD } else { old };
    let fresh = section.to_string();
    let heading = format!("\n## {}\n", section.title);
    let Some(begin) = old.find(&heading) else {
        return format!("{}\n{fresh}", old.trim_end_matches('\n'));
    };
    let (before, rest) = old.split_at(begin);
    // The table's last line ends what was measured; notes may follow.
    let mut end = 0;
    let mut offset = 0;
    for line in rest.split_inclusive('\n') {
        if offset > heading.len() && line.starts_with("## ") {
            break;
        }
        offset += line.len();
        if line.starts_with('|') {
            end = offset;
        }
    }
    let notes = rest.get(end.max(heading.len())..).unwrap_or_default();
    format!("{before}{fresh}{notes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &'static str, figure: &str) -> Section {
        let mut section = Section::new(title, "About.");
        section.fixed("size", figure.to_owned(), "4 MB");
        section
    }

    #[test]
    fn sections_are_added_and_replaced_and_notes_stay() {
        let text = replace("", &section("One", "1"));
        let text = replace(&text, &section("Two", "2"));
        let text = text.replace("| size | 1 |  | 4 MB |\n", "| size | 1 |  | 4 MB |\n\nA note.\n");
        let again = replace(&text, &section("One", "7"));
        assert!(again.contains("| size | 7 |  | 4 MB |\n\nA note.\n\n## Two\n"), "{again}");
        assert!(again.contains("| size | 2 |") && !again.contains("| size | 1 |"), "{again}");
        assert_eq!(again.matches("## One").count(), 1);
    }
}

//! The page that says what of Lua 5.3 there is: made from `tests/lang/features.txt` and the table of
//! differences, so that it names only scripts that exist.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

use crate::scripts::Script;

/// A line of the list.
struct Feature<'a> {
    item: &'a str,
    status: &'a str,
    case: &'a str,
    note: &'a str,
}

const STATUSES: &[&str] = &["done", "differs", "absent", "unproven"];

fn feature(line: &str) -> Result<Feature<'_>> {
    let mut fields = line.split(" | ").map(str::trim);
    let mut field = || fields.next().unwrap_or_default();
    let feature = Feature { item: field(), status: field(), case: field(), note: field() };
    if !STATUSES.contains(&feature.status) {
        bail!("{line:?}: the status is one of {STATUSES:?}");
    }
    if feature.status == "done" && feature.case.is_empty() {
        bail!("{line:?}: what is done is shown by a script");
    }
    Ok(feature)
}

/// The page. Every script that the list names is one of `scripts` and has the function's name in it.
///
/// # Errors
/// A line that says nothing sensible.
pub fn page(list: &str, differences: &[(&str, &str)], scripts: &[Script]) -> Result<String> {
    let mut sections = String::new();
    let mut counts = vec![0usize; STATUSES.len()];
    for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        if let Some(title) = line.strip_prefix("## ") {
            let _ = write!(sections, "\n## {title}\n\n| | | shown by | |\n| --- | --- | --- | --- |\n");
            continue;
        }
        let Feature { item, status, case, note } = feature(line)?;
        if !case.is_empty() {
            check(item, case, scripts)?;
        }
        if let Some(at) = STATUSES.iter().position(|known| *known == status) {
            counts[at] += 1;
        }
        let case = if case.is_empty() { String::new() } else { format!("`{case}`") };
        let _ = writeln!(sections, "| {item} | {status} | {case} | {note} |");
    }
    let total: usize = counts.iter().sum();
    let counted: Vec<String> =
        STATUSES.iter().zip(&counts).map(|(status, count)| format!("{count} {status}")).collect();
    let mut page = format!(
        "# What of Lua 5.3 there is\n\nWritten by `MOONWRIGHT_BLESS=1 cargo test -p moonwright-tests --test lang`; edit \
         `tests/lang/features.txt`.\n\nIn script mode, against PUC Lua 5.3.6: {total} items, {}. Each script below \
         `tests/lang` is run under both, and standard output, exit status and the text of the error are the same; so \
         are those of random programs.\n\n## Meant to differ\n\n",
        counted.join(", ")
    );
    for (case, reason) in differences {
        let _ = writeln!(page, "- `{case}`: {reason}");
    }
    page.push_str(&sections);
    Ok(page)
}

/// The script exists, and mentions the library function it is to show.
fn check(item: &str, case: &str, scripts: &[Script]) -> Result<()> {
    let Some(script) = scripts.iter().find(|script| script.name == case) else {
        bail!("{item}: there is no script {case}");
    };
    let name = item.trim_matches('`');
    let is_function =
        name.len() < item.len() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._:".contains(c));
    let name = name.rsplit(['.', ':']).next().unwrap_or(name).trim_start_matches("__");
    let bytes = std::fs::read(script.folder.join(&script.file)).context("a script")?;
    let text = String::from_utf8_lossy(&bytes);
    if is_function && !text.contains(name) {
        bail!("{item}: the script {case} does not mention it");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_and_senseless_ones_refused() {
        let text = page("# note\n## A\nx | absent |  | why\ny | differs |  | so\n", &[("z", "because")], &[])
            .unwrap();
        assert!(text.contains("2 items, 0 done, 1 differs, 1 absent, 0 unproven"), "{text}");
        assert!(text.contains("| x | absent |  | why |") && text.contains("- `z`: because"), "{text}");
        assert!(page("x | done |", &[], &[]).is_err());
        assert!(page("x | done | nowhere", &[], &[]).is_err());
        assert!(page("x | perhaps | a", &[], &[]).is_err());
    }
}

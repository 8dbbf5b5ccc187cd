//! Expected texts in files: compared, or rewritten when `MOONWRIGHT_BLESS` is set.

use std::path::Path;

use similar::TextDiff;

/// Whether expectations are to be rewritten.
pub fn is_blessing() -> bool {
    std::env::var_os("MOONWRIGHT_BLESS").is_some()
}

/// Compares `actual` with the file at `path`; a difference is shown line by line.
///
/// # Errors
/// The difference, and how to accept it.
pub fn compare(path: &Path, actual: &str) -> Result<(), String> {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual && path.exists() {
        return Ok(());
    }
    if is_blessing() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        return std::fs::write(path, actual).map_err(|error| error.to_string());
    }
    let diff = TextDiff::from_lines(expected.as_str(), actual);
    let diff = diff.unified_diff().header("expected", "actual").to_string();
    let shown = path.display();
    Err(format!("{shown} differs (MOONWRIGHT_BLESS=1 accepts what is there now):\n{diff}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_and_a_missing_file_is_one() {
        let folder = std::env::temp_dir().join(format!("moonwright-bless-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("expected.txt");
        assert!(compare(&path, "").is_err());
        std::fs::write(&path, "a\nb\n").unwrap();
        assert_eq!(compare(&path, "a\nb\n"), Ok(()));
        let error = compare(&path, "a\nc\n").unwrap_err();
        assert!(error.contains("-b\n+c\n") && error.contains("MOONWRIGHT_BLESS"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

//! How long each phase of a build took.

use std::fmt;
use std::time::{Duration, Instant};

/// Phases in the order in which they ran.
#[derive(Debug, Default)]
pub struct Timing {
    phases: Vec<(&'static str, Duration)>,
}

impl Timing {
    /// Runs one phase and notes its time.
    pub fn phase<R>(&mut self, name: &'static str, work: impl FnOnce() -> R) -> R {
        let begun = Instant::now();
        let result = work();
        self.phases.push((name, begun.elapsed()));
        result
    }

    pub fn total(&self) -> Duration {
        self.phases.iter().map(|(_, time)| *time).sum()
    }
}

impl fmt::Display for Timing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, time) in &self.phases {
            write!(f, "{name} {}, ", Shown(*time))?;
        }
        write!(f, "in all {}", Shown(self.total()))
    }
}

/// A time as people read it: `12 ms`, `3.4 s`, `2 min 5 s`.
#[derive(Clone, Copy, Debug)]
pub struct Shown(pub Duration);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.0;
        if time < Duration::from_millis(1) {
            write!(f, "{} us", time.as_micros())
        } else if time < Duration::from_secs(1) {
            write!(f, "{} ms", time.as_millis())
        } else if time < Duration::from_secs(60) {
            write!(f, "{:.1} s", time.as_secs_f64())
        } else {
            write!(f, "{} min {} s", time.as_secs() / 60, time.as_secs() % 60)
        }
    }
}

/// A size as people read it: `3.4 MB`.
pub fn megabytes(bytes: u64) -> String {
    // Far below the range in which a float loses whole bytes.
    #[expect(clippy::cast_precision_loss, reason = "sizes of files, shown with one digit")]
    let size = bytes as f64;
    if size < 1e6 { format!("{:.1} kB", size / 1e3) } else { format!("{:.2} MB", size / 1e6) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_are_short() {
        let shown = |micros| Shown(Duration::from_micros(micros)).to_string();
        assert_eq!(shown(20), "20 us");
        assert_eq!(shown(12_300), "12 ms");
        assert_eq!(shown(3_400_000), "3.4 s");
        assert_eq!(shown(125_000_000), "2 min 5 s");
        assert_eq!(megabytes(3_141_592), "3.14 MB");
        assert_eq!(megabytes(900), "0.9 kB");
    }

    #[test]
    fn phases_are_listed_in_order() {
        let mut timing = Timing::default();
        timing.phase("read", || ());
        timing.phase("write", || ());
        let text = timing.to_string();
        assert!(
            text.starts_with("read ") && text.contains(", write ") && text.contains(", in all "),
            "{text}"
        );
    }
}

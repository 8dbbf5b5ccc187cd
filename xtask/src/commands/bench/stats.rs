//! Medians, with how far the runs were apart.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};

/// The median of several runs, and the extremes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Median {
    pub value: f64,
    pub least: f64,
    pub most: f64,
}

/// Runs `work` so many times.
pub fn median(runs: u32, mut work: impl FnMut() -> Result<f64>) -> Result<Median> {
    let values: Result<Vec<f64>> = (0..runs).map(|_| work()).collect();
    Ok(of(values?))
}

pub fn of(mut values: Vec<f64>) -> Median {
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    let middle = values.len() / 2;
    let value = if values.len().is_multiple_of(2) {
        f64::midpoint(at(middle.saturating_sub(1)), at(middle))
    } else {
        at(middle)
    };
    Median { value, least: at(0), most: at(values.len().saturating_sub(1)) }
}

pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Seconds of CPU that the programs this one has waited for have taken.
pub fn spent() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("the kernel does not say what programs cost")?;
    let seconds = |time: nix::sys::time::TimeVal| {
        #[expect(clippy::cast_precision_loss, reason = "seconds and microseconds are small")]
        let seconds = time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
        seconds
    };
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// Three digits are all a measurement has.
pub struct Figure(pub f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            value if value < 10.0 => write!(f, "{value:.2}"),
            value if value < 100.0 => write!(f, "{value:.1}"),
            value => write!(f, "{value:.0}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(of(vec![3.0, 1.0, 2.0]), Median { value: 2.0, least: 1.0, most: 3.0 });
        assert_eq!(of(vec![4.0, 1.0, 2.0, 3.0]).value, 2.5);
        assert!(of(Vec::new()).value.is_nan());
    }

    #[test]
    fn figures_have_three_digits() {
        let shown = [1.234, 12.34, 1234.5].map(|value| Figure(value).to_string());
        assert_eq!(shown, ["1.23", "12.3", "1234"]);
    }
}

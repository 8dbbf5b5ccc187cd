//! Supervised services: what they are, when a failed one starts again. No threads, no clocks.

use std::time::Duration;

use serde_json::Value as Json;

use crate::process::exit::{Cause, Exit};
use crate::stdlib::duration;

/// The restart rule of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Restart {
    pub initial_delay: Duration,
    pub max_delay: Duration,
    pub backoff_factor: f64,
    pub jitter: f64,
    /// Runs in total since the last stable one; 0 is without limit.
    pub max_attempts: u32,
}

/// The `lifecycle` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Lifecycle {
    pub auto_start: bool,
    /// A failed start of it is an error of the whole start.
    pub is_required: bool,
    pub start_timeout: Duration,
    /// `None`: not set in the manifest.
    pub stop_timeout: Option<Duration>,
    pub stable_threshold: Duration,
    pub requires: Vec<String>,
    pub restart: Restart,
}

/// How long a stop waits where the manifest does not say.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(10);

impl Lifecycle {
    /// Reads the block of an entry of namespace `namespace`, defaults filled in.
    pub fn read(data: &Json, namespace: &str) -> Lifecycle {
        let at = |path: &str| data.pointer(&format!("/lifecycle/{path}"));
        let span = |path: &str| at(path).and_then(Json::as_str).and_then(|text| duration::parse(text).ok());
        let span = |path: &str| {
            span(path)
                .and_then(|span| u64::try_from(span).ok())
                .filter(|span| *span > 0)
                .map(Duration::from_nanos)
        };
        let mut requires = Vec::new();
        for key in ["requires", "depends_on"] {
            for item in at(key).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
                requires.push(if item.contains(':') {
                    item.to_owned()
                } else {
                    format!("{namespace}:{item}")
                });
            }
        }
        Lifecycle {
            auto_start: at("auto_start").and_then(Json::as_bool).unwrap_or(false),
            is_required: at("startup").and_then(Json::as_str) != Some("optional"),
            start_timeout: span("start_timeout").unwrap_or(Duration::from_secs(10)),
            stop_timeout: span("stop_timeout"),
            stable_threshold: span("stable_threshold").unwrap_or(Duration::from_secs(5)),
            requires,
            restart: Restart {
                initial_delay: span("restart/initial_delay").unwrap_or(Duration::from_secs(1)),
                max_delay: span("restart/max_delay").unwrap_or(Duration::from_secs(90)),
                backoff_factor: at("restart/backoff_factor").and_then(Json::as_f64).unwrap_or(2.0),
                jitter: at("restart/jitter").and_then(Json::as_f64).unwrap_or(0.1),
                max_attempts: at("restart/max_attempts")
                    .and_then(Json::as_u64)
                    .and_then(|n| u32::try_from(n).ok())
                    .unwrap_or(0),
            },
        }
    }
}

/// What becomes of a service whose process ended.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// It is done and stays so.
    Exited,
    /// It failed; another run after the delay, if any is left.
    Failed { restart_after: Option<Duration> },
}

/// The failures of one service since its last stable run.
#[derive(Debug, Default)]
pub struct Failures(pub u32);

impl Failures {
    /// Judges an end after `ran`; `random` in 0..1 spreads the delay.
    pub fn judge(&mut self, lifecycle: &Lifecycle, exit: &Exit, ran: Duration, random: f64) -> Verdict {
        let Err(error) = exit else { return Verdict::Exited };
        let is_failure = match error.cause {
            Cause::Code => error.retryable != Some(false),
            Cause::Terminated | Cause::Linked | Cause::Memory(_) => true,
            Cause::Canceled => false,
        };
        if !is_failure {
            return Verdict::Exited;
        }
        if ran >= lifecycle.stable_threshold {
            self.0 = 0;
        }
        self.0 += 1;
        let Restart { max_attempts, .. } = lifecycle.restart;
        if max_attempts != 0 && self.0 >= max_attempts {
            return Verdict::Failed { restart_after: None };
        }
        Verdict::Failed { restart_after: Some(delay(&lifecycle.restart, self.0, random)) }
    }
}

/// `min(initial * factor^(n-1), max)`, spread by the jitter.
fn delay(restart: &Restart, failures: u32, random: f64) -> Duration {
    let exponent = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX);
    let grown = restart.initial_delay.as_secs_f64() * restart.backoff_factor.powi(exponent);
    let capped = grown.min(restart.max_delay.as_secs_f64());
    let spread = 1.0 + restart.jitter * (2.0 * random - 1.0);
    Duration::try_from_secs_f64((capped * spread).max(0.0)).unwrap_or(restart.max_delay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::exit::{ExitError, ExitValue};

    fn lifecycle(json: &str) -> Lifecycle {
        Lifecycle::read(&serde_json::from_str(json).unwrap(), "app")
    }

    fn raised() -> Exit {
        Err(ExitError::new("boom", "Internal", None))
    }

    #[test]
    fn waits_double_up_to_the_limit() {
        let lifecycle = lifecycle(r#"{"lifecycle":{"restart":{"jitter":0}}}"#);
        let mut failures = Failures::default();
        let mut waits = Vec::new();
        for _ in 0..9 {
            let verdict = failures.judge(&lifecycle, &raised(), Duration::ZERO, 0.9);
            let Verdict::Failed { restart_after: Some(wait) } = verdict else { panic!("{verdict:?}") };
            waits.push(wait.as_secs());
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 90, 90]);
    }

    #[test]
    fn three_attempts_are_three_runs_and_a_stable_run_counts_anew() {
        let lifecycle = lifecycle(r#"{"lifecycle":{"restart":{"max_attempts":3}}}"#);
        let mut failures = Failures::default();
        let mut run = |ran| failures.judge(&lifecycle, &raised(), ran, 0.5);
        assert!(matches!(run(Duration::ZERO), Verdict::Failed { restart_after: Some(_) }));
        assert!(matches!(run(Duration::ZERO), Verdict::Failed { restart_after: Some(_) }));
        assert!(matches!(run(Duration::from_secs(5)), Verdict::Failed { restart_after: Some(_) }));
        assert!(matches!(run(Duration::ZERO), Verdict::Failed { restart_after: Some(_) }));
        assert_eq!(run(Duration::ZERO), Verdict::Failed { restart_after: None });
    }

    #[test]
    fn returning_or_a_final_error_is_no_failure() {
        let lifecycle = lifecycle("{}");
        let mut failures = Failures::default();
        let mut judge = |exit: Exit| failures.judge(&lifecycle, &exit, Duration::ZERO, 0.5);
        assert_eq!(judge(Ok(ExitValue::Bool(false))), Verdict::Exited);
        assert_eq!(judge(Err(ExitError::new("text", "Internal", Some(false)))), Verdict::Exited);
        for cause in [Cause::Terminated, Cause::Linked, Cause::Memory(1)] {
            assert!(matches!(judge(Err(ExitError::forced(cause))), Verdict::Failed { .. }));
        }
        assert_eq!(judge(Err(ExitError::forced(Cause::Canceled))), Verdict::Exited);
    }
}

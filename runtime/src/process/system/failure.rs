//! What an operation says that could not be done.

use crate::process::exit::ExitError;
use crate::process::plain::Plain;

/// A failed operation: kind and text of the error object it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub kind: &'static str,
    pub message: String,
    /// Keys and values of the error's details.
    pub details: Vec<(&'static str, String)>,
}

impl Failure {
    pub fn new(kind: &'static str, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), details: Vec::new() }
    }

    /// As the error of a process or a call.
    pub fn into_exit_error(self) -> ExitError {
        let text = |text: String| Plain::Text(text.into_bytes());
        let details = self.details.into_iter().map(|(key, value)| (key.as_bytes().to_vec(), text(value)));
        let details: Vec<_> = details.collect();
        let details = (!details.is_empty()).then_some(Plain::Map(details));
        ExitError { details, ..ExitError::new(self.message, self.kind, Some(false)) }
    }

    #[must_use]
    pub fn with(mut self, key: &'static str, value: &str) -> Failure {
        self.details.push((key, value.to_owned()));
        self
    }
}

//! How processes end, and who is told.

use std::borrow::Cow;

use crate::cx::Cx;
use crate::error::{ErrorObject, Thrown, Trace};
use crate::ops::text;
use crate::process::plain::Plain;
use crate::results::Multi;
use crate::transfer::Graph;
use crate::value::{Tag, Value};

/// What brought a failed process to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// `main` returned an error, or something raised.
    Code,
    /// `process.terminate`.
    Terminated,
    /// A linked process failed.
    Linked,
    /// The host's stop did not wait any longer.
    Canceled,
    /// It took more memory than its host allows, which is so many bytes.
    Memory(u64),
}

/// An error as it leaves a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitError {
    pub message: Cow<'static, str>,
    pub kind: Cow<'static, str>,
    pub retryable: Option<bool>,
    pub details: Option<Plain>,
    pub cause: Cause,
    /// Where it came by, if it was raised.
    pub trace: Trace,
}

impl ExitError {
    pub fn new(
        message: impl Into<Cow<'static, str>>,
        kind: impl Into<Cow<'static, str>>,
        retryable: Option<bool>,
    ) -> ExitError {
        ExitError {
            message: message.into(),
            kind: kind.into(),
            retryable,
            details: None,
            cause: Cause::Code,
            trace: Trace::default(),
        }
    }

    /// The end that something other than the program's code brought.
    pub fn forced(cause: Cause) -> ExitError {
        if let Cause::Memory(most) = cause {
            let message = format!("host limit reached: max_memory = {}", crate::process::meter::text(most));
            return ExitError { cause, ..ExitError::new(message, "LimitExceeded", Some(false)) };
        }
        let (message, kind) = match cause {
            Cause::Terminated => ("process terminated", "Internal"),
            Cause::Linked => ("linked process failed", ""),
            Cause::Canceled => ("context canceled", "Canceled"),
            Cause::Code | Cause::Memory(_) => ("process failed", "Internal"),
        };
        ExitError { cause, ..ExitError::new(message, kind, Some(false)) }
    }

    /// As an error object of another process.
    pub fn to_value(&self, cx: Cx) -> Value {
        let details = self.details.as_ref().map(|details| details.to_value(cx.heap()));
        let error = ErrorObject::new(&self.kind, &*self.message).with_details(details.unwrap_or_default());
        ErrorObject { retryable: self.retryable, ..error }.into_value(cx)
    }
}

/// What a host needs to know of a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExitValue {
    Nothing,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A string, a table, anything else.
    Other,
}

/// How a process ended, as its host is told.
pub type Exit = Result<ExitValue, ExitError>;

/// What `main` returned or raised, still in its own process.
pub enum Outcome {
    Value(Value),
    Error(Box<ExitError>),
    /// Something other than the program's code ended it: an error that is made when somebody asks.
    Forced(Cause),
}

impl From<ExitError> for Outcome {
    fn from(error: ExitError) -> Outcome {
        Outcome::Error(Box::new(error))
    }
}

impl Outcome {
    /// The first value counts; a second that is a string or an error object makes it a failure.
    pub fn returned(cx: Cx, results: Multi) -> Outcome {
        if results.count(cx) < 2 {
            return Outcome::Value(results.first());
        }
        let [value, second] = results.adjust::<2>(cx);
        if let Some(bytes) = second.as_bytes() {
            let message = String::from_utf8_lossy(bytes).into_owned();
            return ExitError::new(message, "Internal", Some(false)).into();
        }
        match second.downcast::<ErrorObject>() {
            Some(error) => from_object(error).into(),
            None => Outcome::Value(value),
        }
    }

    /// An uncaught error.
    pub fn raised(cx: Cx, thrown: Thrown) -> Outcome {
        let error = cx.catch(thrown);
        let trace = cx.take_trace();
        if let Some(object) = error.downcast::<ErrorObject>() {
            return ExitError { trace, ..from_object(object) }.into();
        }
        let message = String::from_utf8_lossy(&text::plain(&error)).into_owned();
        ExitError { trace, ..ExitError::new(message, "Internal", None) }.into()
    }

    pub fn failed(message: &'static str) -> Outcome {
        ExitError::new(message, "Internal", Some(false)).into()
    }

    pub fn forced(cause: Cause) -> Outcome {
        Outcome::Forced(cause)
    }

    /// The error, if it is one.
    pub fn error(&self) -> Option<Cow<'_, ExitError>> {
        match self {
            Outcome::Value(_) => None,
            Outcome::Error(error) => Some(Cow::Borrowed(error)),
            Outcome::Forced(cause) => Some(Cow::Owned(ExitError::forced(*cause))),
        }
    }

    /// Whether the program's own code brought it.
    pub fn is_own(&self) -> bool {
        match self {
            Outcome::Value(_) => true,
            Outcome::Error(error) => error.cause == Cause::Code,
            Outcome::Forced(_) => false,
        }
    }

    /// For a watching process.
    pub fn for_process(&self) -> crate::process::signal::ExitResult {
        match self {
            Outcome::Value(value) => Ok(Graph::copy(std::slice::from_ref(value))),
            Outcome::Error(error) => Err(error.clone()),
            Outcome::Forced(cause) => Err(Box::new(ExitError::forced(*cause))),
        }
    }

    /// For the host.
    pub fn for_host(&self) -> Exit {
        match self {
            Outcome::Error(error) => Err((**error).clone()),
            Outcome::Forced(cause) => Err(ExitError::forced(*cause)),
            Outcome::Value(value) => Ok(match value.tag() {
                Tag::Nil => ExitValue::Nothing,
                Tag::Boolean => ExitValue::Bool(value.truthy()),
                Tag::Integer => ExitValue::Int(value.as_int().unwrap_or_default()),
                Tag::Float => ExitValue::Float(value.as_float().unwrap_or_default()),
                _ => ExitValue::Other,
            }),
        }
    }
}

fn from_object(error: &ErrorObject) -> ExitError {
    let kind = if error.kind.is_empty() { "Internal".into() } else { owned(&error.kind) };
    let details = error.details.borrow();
    let details = (!details.is_nil()).then(|| Plain::from_value(&details));
    ExitError { details, ..ExitError::new(owned(&error.message), kind, error.retryable) }
}

fn owned(text: &[u8]) -> Cow<'static, str> {
    Cow::Owned(String::from_utf8_lossy(text).into_owned())
}

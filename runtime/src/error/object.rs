//! Structured errors as values: message, kind, retryable, details and the stack they carry.

use std::cell::RefCell;

use crate::cx::Cx;
use crate::error::{LuaResult, Origin, Site};
use crate::heap::Tally;
use crate::module::Module;
use crate::results::Multi;
use crate::transfer::Copier;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::Value;

/// An error object: `type(e) == "userdata"`, its text is its message.
pub struct ErrorObject {
    pub message: Vec<u8>,
    /// `NotFound`, `Invalid`, ...; empty when unknown.
    pub kind: Vec<u8>,
    pub retryable: Option<bool>,
    /// A table or nil; emptied when the process ends.
    pub details: RefCell<Value>,
    /// What `errors.wrap` was given to say, innermost last.
    pub context: Option<Vec<u8>>,
    /// Where it was made, as far as somebody knows.
    pub origin: RefCell<Option<Box<Origin>>>,
}

impl ErrorObject {
    /// The usual error of the runtime's own operations: not retryable, without details.
    pub fn new(kind: &str, message: impl Into<Vec<u8>>) -> ErrorObject {
        ErrorObject {
            message: message.into(),
            kind: kind.as_bytes().to_vec(),
            retryable: Some(false),
            details: RefCell::default(),
            context: None,
            origin: RefCell::default(),
        }
    }

    /// What it says, and below it where it was made; an error that was wrapped follows in the same form.
    pub fn stack_text(&self) -> Vec<u8> {
        let mut text = self.context.as_ref().unwrap_or(&self.message).clone();
        if let Some(origin) = self.origin.borrow().as_ref() {
            origin.write(&mut text);
        }
        text
    }

    /// It was thrown, passed these sites, innermost first, and is caught.
    pub(super) fn caught(&self, cx: Cx, passed: &[&'static Site]) {
        let mut origin = self.origin.borrow_mut();
        origin.get_or_insert_with(|| Box::new(Origin::new(cx, None))).complete(passed);
    }

    #[must_use]
    pub fn with_details(self, details: Value) -> ErrorObject {
        ErrorObject { details: RefCell::new(details), ..self }
    }

    /// Moves it to the heap of the process.
    pub fn into_value(self, cx: Cx) -> Value {
        UserDataBox::new(cx, self)
    }
}

impl Cx {
    /// `nil, Err(kind, message)`: how the runtime's operations report failure.
    pub fn failure(self, kind: &str, message: impl Into<Vec<u8>>) -> Multi {
        let error = ErrorObject::new(kind, message).into_value(self);
        Multi::from_values(self, [Value::NIL, error])
    }
}

impl Methods for ErrorObject {
    const METHODS: &'static Module = &METHODS;
}

impl UserData for ErrorObject {
    fn weigh(&self, tally: &mut Tally) {
        tally.add(self.message.capacity() + self.kind.capacity());
        tally.add(self.context.as_ref().map_or(0, Vec::capacity));
    }

    fn to_text(&self) -> Option<Vec<u8>> {
        Some(self.message.clone())
    }

    fn clear(&self) {
        drop(self.details.take());
    }

    fn transfer(&self, into: &mut Copier<'_>) -> Option<Value> {
        let details = Copier::new(into.heap()).copy(&self.details.borrow());
        let copy = ErrorObject {
            message: self.message.clone(),
            kind: self.kind.clone(),
            retryable: self.retryable,
            details: RefCell::new(details),
            context: self.context.clone(),
            origin: self.origin.clone(),
        };
        Some(UserDataBox::in_heap(into.heap(), copy))
    }
}

// A method called on something else answers with the empty text or nil.
crate::library! {
    static METHODS = "error" {
        "message" => plain message,
        "kind" => plain kind,
        "retryable" => plain retryable,
        "details" => plain details,
        "stack" => plain stack,
    }
}

fn receiver(args: &[Value]) -> Option<&ErrorObject> {
    args.first().and_then(Value::downcast)
}

fn text_of(args: &[Value], part: impl FnOnce(&ErrorObject) -> &[u8]) -> Value {
    Value::string(receiver(args).map(part).unwrap_or_default())
}

fn message(_: Cx, args: &[Value]) -> LuaResult {
    Ok(text_of(args, |error| &error.message))
}

fn kind(_: Cx, args: &[Value]) -> LuaResult {
    Ok(text_of(args, |error| &error.kind))
}

fn retryable(_: Cx, args: &[Value]) -> LuaResult {
    Ok(receiver(args).and_then(|error| error.retryable).into())
}

fn details(cx: Cx, args: &[Value]) -> LuaResult {
    let Some(error) = receiver(args) else { return Ok(Value::NIL) };
    // A fresh table on every call, as promised.
    Copier::copy_spending(cx, &error.details.borrow())
}

fn stack(_: Cx, args: &[Value]) -> LuaResult {
    Ok(receiver(args).map(ErrorObject::stack_text).unwrap_or_default().into())
}

//! Lua errors: a zero-sized `Thrown` in Rust results, the error itself waiting in the `Cx`.
//!
//! A runtime operation raises a [`Fault`] without a position. The call site that receives it
//! *places* it: `.at(cx, at!(24, local "u"))` adds chunk, line and the name of the culprit, on a
//! cold path. Once placed, every further site on the way up adds a line to the traceback.

mod at;
mod object;
mod site;

pub use at::{AtFuture, AtResult};
pub use object::{ErrorObject, error_methods};
pub use site::{Chunk, Name, Site};

use crate::cx::Cx;
use crate::results::Args;
use crate::value::Value;

/// "A Lua error is waiting in the `Cx`." Carries nothing, so that results stay in registers.
#[derive(Debug)]
pub struct Thrown(());

pub type LuaResult<T = Value> = Result<T, Thrown>;

/// An error that has no position yet.
#[derive(Default)]
pub enum Fault {
    /// Nothing waits, or the waiting error is complete.
    #[default]
    None,
    /// A message; `level` sites up is where it belongs (1: the next one).
    Text { text: String, level: u32 },
    /// A fault of operand `operand` of the operation: `before` + its name + `after`, where the
    /// name stands in front of `after`: `attempt to index a nil value` + ` (local 'u')` + ``.
    Operand { before: String, after: &'static str, operand: usize },
    /// `bad argument #position to 'function' (detail)`; a method's receiver is argument 0 there.
    Argument { position: usize, function: &'static str, detail: String },
    /// Not an error: a tail call that found the stack too deep and goes on at the next site.
    TailCall { callee: Value, args: Args },
}

/// The errors of a process: what is being thrown and where it came by.
#[derive(Default)]
pub struct Errors {
    value: std::cell::Cell<Value>,
    fault: std::cell::Cell<Fault>,
    trace: std::cell::RefCell<Vec<&'static Site>>,
}

/// So many sites a traceback keeps.
const TRACE_LIMIT: usize = 64;

impl Cx {
    /// Throws `value` unchanged: `error(v, 0)`, structured errors, re-throws.
    #[cold]
    pub fn throw(self, value: Value) -> Thrown {
        let errors = self.errors();
        drop(errors.value.replace(value));
        drop(errors.fault.take());
        errors.trace.borrow_mut().clear();
        Thrown(())
    }

    /// Throws a message that the next call site gives a position.
    #[cold]
    pub fn throw_text(self, text: impl Into<String>) -> Thrown {
        self.throw_fault(Fault::Text { text: text.into(), level: 1 })
    }

    /// `bad argument #position to 'function' (detail)`. Positions start at 1.
    #[cold]
    pub fn throw_argument(
        self,
        position: usize,
        function: &'static str,
        detail: impl Into<String>,
    ) -> Thrown {
        self.throw_fault(Fault::Argument { position, function, detail: detail.into() })
    }

    #[cold]
    pub fn throw_fault(self, fault: Fault) -> Thrown {
        let errors = self.errors();
        drop(errors.value.take());
        drop(errors.fault.replace(fault));
        errors.trace.borrow_mut().clear();
        Thrown(())
    }

    /// Takes the error value: what `pcall` returns as its second result. A fault that no site has
    /// placed becomes its bare text.
    #[cold]
    pub fn catch(self, _: Thrown) -> Value {
        let errors = self.errors();
        match errors.fault.take() {
            Fault::None => errors.value.take(),
            fault => fault.text(Name::None).into(),
        }
    }

    /// The sites the caught error passed, innermost first.
    pub fn take_trace(self) -> Vec<&'static Site> {
        self.errors().trace.take()
    }

    /// Gives the waiting error its position, or notes that it passed here.
    #[cold]
    pub(crate) fn place(self, site: &'static Site) -> Thrown {
        let errors = self.errors();
        let text = match errors.fault.take() {
            Fault::None => None,
            Fault::Text { text, level } if level > 1 => {
                errors.fault.set(Fault::Text { text, level: level - 1 });
                None
            }
            fault @ Fault::TailCall { .. } => {
                errors.fault.set(fault);
                return Thrown(());
            }
            fault => {
                let name = fault.culprit(site);
                Some(fault.text(name))
            }
        };
        if let Some(text) = text {
            let placed = format!("{}:{}: {text}", site.chunk.name, site.line);
            drop(errors.value.replace(placed.into()));
        }
        let mut trace = errors.trace.borrow_mut();
        if trace.len() < TRACE_LIMIT {
            trace.push(site);
        }
        Thrown(())
    }

    /// The tail call that is unwinding to this site, if that is what `Thrown` means.
    #[cold]
    pub(crate) fn take_tail_call(self) -> Option<(Value, Args)> {
        match self.errors().fault.take() {
            Fault::TailCall { callee, args } => Some((callee, args)),
            fault => {
                self.errors().fault.set(fault);
                None
            }
        }
    }
}

impl Fault {
    fn culprit(&self, site: &Site) -> Name {
        let index = match self {
            Fault::Operand { operand, .. } => *operand,
            // A method call names its receiver first, then the method.
            Fault::Argument { .. } => usize::from(matches!(site.names.get(1), Some(Name::Method(_)))),
            _ => 0,
        };
        site.names.get(index).copied().unwrap_or(Name::None)
    }

    fn text(self, name: Name) -> String {
        match self {
            Fault::None | Fault::TailCall { .. } => String::new(),
            Fault::Text { text, .. } => text,
            Fault::Operand { before, after, .. } => format!("{before}{}{after}", name.describe()),
            Fault::Argument { position, function, detail } => {
                let called = name.called().unwrap_or(function);
                match (name, position) {
                    (Name::Method(_), 1) => format!("calling '{called}' on bad self ({detail})"),
                    (Name::Method(_), position) => {
                        format!("bad argument #{} to '{called}' ({detail})", position - 1)
                    }
                    _ => format!("bad argument #{position} to '{called}' ({detail})"),
                }
            }
        }
    }
}

impl Errors {
    /// Drops the values that wait; the process is ending.
    pub(crate) fn clear(&self) {
        drop(self.value.take());
        drop(self.fault.take());
    }
}

//! Lua errors: a zero-sized `Thrown` in Rust results, the error itself waiting in the `Cx`.
//!
//! A runtime operation raises a [`Fault`] without a position. The call site that receives it
//! *places* it: `.at(cx, at!(24, local "u"))` adds chunk, line and the name of the culprit, on a
//! cold path. Once placed, every further site on the way up adds a line to the traceback.

mod at;
mod object;
mod origin;
mod site;
mod trace;

pub use at::{AtFuture, AtResult};
pub use object::ErrorObject;
pub use origin::Origin;
pub use site::{Chunk, Name, Site};
pub use trace::Trace;

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
    Text { text: Vec<u8>, level: u32 },
    /// A fault of operand `operand` of the operation: `before` + its name + `after`, where the
    /// name stands in front of `after`: `attempt to index a nil value` + ` (local 'u')` + ``.
    Operand { before: String, after: &'static str, operand: usize },
    /// `bad argument #position to 'function' (detail)`; a method's receiver is argument 0 there.
    Argument { position: usize, function: Called, detail: String },
    /// Not an error: a tail call that found the stack too deep and goes on at the next site.
    TailCall(Box<(Value, Args)>),
    /// Not an error: `coroutine.close` ends the coroutine. Nothing catches it; variables that it passes
    /// are closed, and hear of the error that closing another one raised.
    Closing(Option<Value>),
}

/// What a process has no more of. Handlers of errors need some of it themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    Stack,
    Memory,
}

/// An operand that no call site names.
pub const NAMELESS: usize = usize::MAX;

/// What `bad argument` calls a library function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    /// As the call site does; this qualified name (`string.rep`) where the site has none.
    BySite(&'static str),
    /// By this name alone: `for iterator`, `__index`.
    Only(&'static str),
}

/// The errors of a process: what is being thrown and where it came by.
#[derive(Default)]
pub struct Errors(std::cell::OnceCell<Box<Waiting>>);

/// What an error consists of until it is caught; made for the first one.
#[derive(Default)]
pub struct Waiting {
    value: std::cell::Cell<Value>,
    fault: std::cell::Cell<Fault>,
    trace: std::cell::RefCell<thin_vec::ThinVec<&'static Site>>,
    /// Whether the error says that something is used up.
    exhausted: std::cell::Cell<Option<Exhausted>>,
    /// The call that is making an error object.
    maker: std::cell::Cell<Option<&'static Site>>,
}

impl std::ops::Deref for Errors {
    type Target = Waiting;

    fn deref(&self) -> &Waiting {
        self.0.get_or_init(Box::default)
    }
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
        errors.exhausted.set(None);
        errors.trace.borrow_mut().clear();
        Thrown(())
    }

    /// Throws a message that the next call site gives a position.
    #[cold]
    pub fn throw_text(self, text: impl Into<Vec<u8>>) -> Thrown {
        self.throw_fault(Fault::Text { text: text.into(), level: 1 })
    }

    /// There is no memory for a large text or table. As in Lua, it has no position.
    #[cold]
    pub fn throw_no_memory(self) -> Thrown {
        let thrown = self.throw(Value::string("not enough memory"));
        self.errors().exhausted.set(Some(Exhausted::Memory));
        thrown
    }

    /// The stack is used up, as `message` says; the next call site gives it a position.
    #[cold]
    pub fn throw_overflow(self, message: &'static str) -> Thrown {
        let thrown = self.throw_text(message);
        self.errors().exhausted.set(Some(Exhausted::Stack));
        thrown
    }

    /// What was used up, where the error that was caught last says so.
    pub(crate) fn exhausted(self) -> Option<Exhausted> {
        self.errors().exhausted.get()
    }

    /// `bad argument #position to 'function' (detail)`. Positions start at 1; the function's name
    /// may be qualified (`string.rep`).
    #[cold]
    pub fn throw_argument(
        self,
        position: usize,
        function: &'static str,
        detail: impl Into<String>,
    ) -> Thrown {
        self.throw_fault(Fault::Argument {
            position,
            function: Called::BySite(function),
            detail: detail.into(),
        })
    }

    #[cold]
    pub fn throw_fault(self, fault: Fault) -> Thrown {
        let errors = self.errors();
        drop(errors.value.take());
        drop(errors.fault.replace(fault));
        errors.exhausted.set(None);
        errors.trace.borrow_mut().clear();
        Thrown(())
    }

    /// Takes the error value: what `pcall` returns as its second result. A fault that no site has
    /// placed becomes its bare text.
    #[cold]
    pub fn catch(self, _: Thrown) -> Value {
        let errors = self.errors();
        match errors.fault.take() {
            Fault::None => {
                let value = errors.value.take();
                if let Some(error) = value.downcast::<ErrorObject>() {
                    error.caught(self, &errors.trace.borrow());
                }
                value
            }
            fault => fault.text(Name::None).into(),
        }
    }

    /// Runs a function that makes an error object, which learns that it was made at `site`.
    pub fn making<T>(self, site: &'static Site, make: impl FnOnce() -> LuaResult<T>) -> LuaResult<T> {
        self.errors().maker.set(Some(site));
        let made = make();
        self.errors().maker.set(None);
        made
    }

    /// Where an error object that is made now comes from.
    pub fn maker(self) -> Option<&'static Site> {
        self.errors().maker.take()
    }

    /// The sites the caught error passed, innermost first.
    pub fn take_trace(self) -> Trace {
        Trace(self.errors().trace.take())
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
            fault @ (Fault::TailCall(_) | Fault::Closing(_)) => {
                errors.fault.set(fault);
                return Thrown(());
            }
            fault => {
                let name = fault.culprit(site);
                Some(fault.text(name))
            }
        };
        if let Some(text) = text {
            let mut placed = format!("{}:{}: ", site.chunk.name, site.line).into_bytes();
            placed.extend_from_slice(&text);
            drop(errors.value.replace(placed.into()));
        }
        self.pass(Thrown(()), site)
    }

    /// Notes that the waiting error passed here, without placing it.
    #[cold]
    pub(crate) fn pass(self, thrown: Thrown, site: &'static Site) -> Thrown {
        let mut trace = self.errors().trace.borrow_mut();
        if trace.len() < TRACE_LIMIT {
            trace.push(site);
        }
        thrown
    }

    /// Says which operand of the site a waiting fault is about.
    #[cold]
    pub(crate) fn blame(self, thrown: Thrown, operand: usize) -> Thrown {
        let errors = self.errors();
        let mut fault = errors.fault.take();
        if let Fault::Operand { operand: blamed, .. } = &mut fault {
            *blamed = operand;
        }
        errors.fault.set(fault);
        thrown
    }

    /// An error leaves a library function that called back into the language: the library function
    /// is one level, and a fault that belongs to it has no position, as in Lua.
    #[cold]
    pub(crate) fn leave_native(self, _: Thrown) -> Thrown {
        let errors = self.errors();
        match errors.fault.take() {
            Fault::None => {}
            Fault::Text { text, level } if level > 1 => {
                errors.fault.set(Fault::Text { text, level: level - 1 });
            }
            fault @ (Fault::TailCall(_) | Fault::Closing(_)) => errors.fault.set(fault),
            fault => drop(errors.value.replace(fault.text(Name::None).into())),
        }
        Thrown(())
    }

    /// A call that no site wrote failed: the name by which it was made stands in the message.
    #[cold]
    pub(crate) fn call_it(self, thrown: Thrown, name: &'static str) -> Thrown {
        let errors = self.errors();
        let mut fault = errors.fault.take();
        match &mut fault {
            Fault::Argument { function, .. } => *function = Called::Only(name),
            Fault::Operand { operand, .. } => *operand = NAMELESS,
            Fault::None | Fault::Text { .. } | Fault::TailCall(_) | Fault::Closing(_) => {}
        }
        errors.fault.set(fault);
        thrown
    }

    /// Whether what is thrown ends the coroutine, so that nothing may catch it.
    #[cold]
    pub(crate) fn is_closing(self) -> bool {
        let fault = self.errors().fault.take();
        let is_closing = matches!(fault, Fault::Closing(_));
        self.errors().fault.set(fault);
        is_closing
    }

    /// Takes what ends the coroutine, with the error that closing a variable raised.
    #[cold]
    pub(crate) fn take_closing(self) -> Option<Option<Value>> {
        match self.errors().fault.take() {
            Fault::Closing(error) => Some(error),
            fault => {
                self.errors().fault.set(fault);
                None
            }
        }
    }

    /// The tail call that is unwinding to this site, if that is what `Thrown` means.
    #[cold]
    pub(crate) fn take_tail_call(self) -> Option<(Value, Args)> {
        match self.errors().fault.take() {
            Fault::TailCall(call) => Some(*call),
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
            // A direct call of a library function by its own name needs no name at its site.
            Fault::Argument { function: Called::BySite(function), .. } if site.names.is_empty() => {
                return Name::Field(function.rsplit('.').next().unwrap_or(function));
            }
            Fault::Operand { operand, .. } => *operand,
            // A method call names its receiver first, then the method.
            Fault::Argument { .. } => usize::from(matches!(site.name(1), Some(Name::Method(_)))),
            _ => 0,
        };
        site.name(index).unwrap_or(Name::None)
    }

    fn text(self, name: Name) -> Vec<u8> {
        match self {
            Fault::None | Fault::TailCall(_) | Fault::Closing(_) => Vec::new(),
            Fault::Text { text, .. } => text,
            Fault::Operand { before, after, .. } => format!("{before}{}{after}", name.describe()).into(),
            Fault::Argument { position, function, detail } => {
                argument_text(position, function, &detail, name).into_bytes()
            }
        }
    }
}

fn argument_text(position: usize, function: Called, detail: &str, name: Name) -> String {
    let (called, is_method) = match (function, name) {
        (Called::Only(function), _) => (function, false),
        (Called::BySite(_), Name::Method(method)) => (method, true),
        (Called::BySite(function), name) => (name.called().unwrap_or(function), false),
    };
    match (is_method, position) {
        (true, 1) => format!("calling '{called}' on bad self ({detail})"),
        (true, position) => format!("bad argument #{} to '{called}' ({detail})", position - 1),
        (false, position) => format!("bad argument #{position} to '{called}' ({detail})"),
    }
}

impl Errors {
    pub(crate) const fn new() -> Errors {
        Errors(std::cell::OnceCell::new())
    }

    /// Whether nothing was ever raised.
    #[inline]
    pub(crate) fn is_untouched(&self) -> bool {
        self.0.get().is_none()
    }

    /// Drops the values that wait; the process is ending.
    pub(crate) fn clear(&self) {
        // Most processes never raised any: nothing is made for them now.
        if let Some(waiting) = self.0.get() {
            drop(waiting.value.take());
            drop(waiting.fault.take());
        }
    }
}

//! What the compiler knows about the runtime's libraries: one table.
//!
//! For each function: its Lua name, the Rust function behind it, whether it may suspend, and the
//! form of its results. A test compares the table with the runtime's own.

mod table;

pub use table::{BASE, BLOCKING_METHODS, MODULES, WRAPPED};

/// Whether a library function may suspend its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspends {
    Never,
    Always,
    /// As far as the functions among its arguments do (`pcall`). The plain twin of the Rust
    /// function has the suffix `_plain`.
    WithCallback,
    /// It suspends the coroutine it runs in, not the task around it (`coroutine.yield`).
    Yielding,
    /// As far as anything inside a coroutine blocks (`coroutine.resume`); it has a plain twin too.
    Resuming,
}

/// The form of a library function's results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Results {
    /// `LuaResult<()>`
    None,
    /// `LuaResult<Value>`
    One,
    /// `LuaResult<Multi>`
    Many,
}

/// How a call of a library function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `native(cx, string::upper, [a], site)`, or directly where it suspends or stands in hot code.
    Ordinary,
    /// `making(cx, errors::new, [a], site)`: an error object knows where it was made.
    Making,
    /// Always directly: what logs learns its place before it is called.
    Logging,
    /// As an ordinary one; a twin with the suffix `_cases` takes the items of a list that is written in
    /// the call.
    Listing,
    /// As an ordinary one; where the last argument is the caller's own varargs, a twin with the suffix `_of` takes
    /// them as they are, and one with the suffix `_one` gives the first result alone.
    Selecting,
}

/// Which functions of a library are quick: beside others a few operators do not tell, for they make or
/// read text, or do what only modules do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quick {
    None,
    All,
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

/// A function of a library.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: &'static str,
    /// The Rust function in the library's Rust module.
    pub rust: &'static str,
    pub suspends: Suspends,
    pub results: Results,
    pub form: Form,
    /// Its arguments are lent to it for writing: what nobody else has, it may take.
    pub takes: bool,
}

/// A library or a built-in module.
#[derive(Debug, PartialEq, Eq)]
pub struct Module {
    /// `process.registry`
    pub name: &'static str,
    /// The Rust module in `rt`, and the static of the table in it.
    pub rust: &'static str,
    pub table: &'static str,
    pub functions: &'static [Function],
    pub quick: Quick,
    /// Fields that hold another library: `("registry", "process.registry")`.
    pub modules: &'static [(&'static str, &'static str)],
    /// Fields that hold a text or a number that never changes.
    pub constants: &'static [&'static str],
    /// Present without being listed in `modules:`.
    pub is_ambient: bool,
}

/// Those of the sources that are modules: an application names them in a text, for `require`.
pub static SOURCE_MODULES: &[&str] = &["funcs", "pg"];

/// A method of the runtime's own objects that gives exactly one result.
#[derive(Debug)]
pub struct SingleMethod {
    pub name: &'static str,
    /// What a call without arguments is written as: most calls of that name reach it, and it hands on
    /// the others.
    pub direct: Option<&'static str>,
}

const fn single(name: &'static str) -> SingleMethod {
    SingleMethod { name, direct: None }
}

pub static SINGLE_METHODS: &[SingleMethod] = &[
    SingleMethod { direct: Some("channel::receive_case"), ..single("case_receive") },
    single("case_send"),
    single("topic"),
    single("from"),
    single("payload"),
    single("data"),
];

/// The method of that name, if it is one with a single result.
pub fn single_method(name: &str) -> Option<&'static SingleMethod> {
    SINGLE_METHODS.iter().find(|method| method.name == name)
}

/// Whether scripts have this library, or this base function, as it stands in the table. Their `io`,
/// `os`, `package`, `print` and `require` are others.
pub fn is_in_scripts(name: &str) -> bool {
    match name {
        "print" | "require" | "unpack" => false,
        "string" | "table" | "math" | "utf8" | "coroutine" | "errors" => true,
        other => module(other).is_none(),
    }
}

/// The library of that Lua name.
pub fn module(name: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.name == name)
}

impl Module {
    pub fn function(&self, name: &str) -> Option<&'static Function>
    where
        Self: 'static,
    {
        let functions: &'static [Function] = self.functions;
        functions.iter().find(|function| function.name == name)
    }

    /// Whether a function of the library is quick.
    pub fn is_quick(&self, function: &Function) -> bool {
        match self.quick {
            Quick::None => false,
            Quick::All => true,
            Quick::Only(names) => names.contains(&function.name),
            Quick::AllBut(names) => !names.contains(&function.name),
        }
    }

    /// The field `name`, if it holds a constant.
    pub fn constant(&self, name: &str) -> Option<&'static str>
    where
        Self: 'static,
    {
        let constants: &'static [&'static str] = self.constants;
        constants.iter().find(|constant| **constant == name).copied()
    }

    /// The library in field `name`.
    pub fn child(&self, name: &str) -> Option<&'static Module> {
        let (_, child) = self.modules.iter().find(|(field, _)| *field == name)?;
        module(child)
    }
}

/// Which functions of the program may be among the results of a library function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    Nothing,
    /// Those among the arguments of this call.
    Arguments,
    /// Those that any library function was given.
    Given,
    /// Those that stand in any table.
    Stored,
    /// A function that resumes a coroutine.
    Wrapped,
}

/// Where functions among the results of a library function come from.
pub fn passes(module: &Module, function: &Function) -> Passes {
    match (module.name, function.name) {
        ("_G", "assert" | "select" | "setmetatable") => Passes::Arguments,
        ("_G", "pcall" | "xpcall") => Passes::Given,
        ("_G", "rawget" | "next" | "unpack") | ("table", "remove" | "unpack") => Passes::Stored,
        ("coroutine", "resume" | "yield") => Passes::Stored,
        ("coroutine", "wrap") => Passes::Wrapped,
        _ => Passes::Nothing,
    }
}

/// Whether a library function may run functions of the program: callbacks and metamethods.
pub fn may_call_back(module: &Module, function: &Function) -> bool {
    match module.name {
        "_G" => !matches!(
            function.name,
            "type"
                | "select"
                | "rawget"
                | "rawset"
                | "rawequal"
                | "rawlen"
                | "tonumber"
                | "getmetatable"
                | "error"
        ),
        "string" => matches!(function.name, "gsub" | "format"),
        "table" | "coroutine" => true,
        _ => false,
    }
}

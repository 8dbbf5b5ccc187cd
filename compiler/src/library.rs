//! What the compiler knows about the runtime's libraries: one table.
//!
//! For each function: its Lua name, the Rust function behind it, whether it may suspend, and the
//! form of its results. A test compares the table with the runtime's own.

/// Whether a library function may suspend its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspends {
    Never,
    Always,
    /// As far as the functions among its arguments do (`pcall`). The plain twin of the Rust
    /// function has the suffix `_plain`.
    WithCallback,
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

/// A function of a library.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: &'static str,
    /// The Rust function in the library's Rust module.
    pub rust: &'static str,
    pub suspends: Suspends,
    pub results: Results,
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
    /// Fields that hold another library: `("registry", "process.registry")`.
    pub modules: &'static [(&'static str, &'static str)],
    /// Fields that hold a text or a number that never changes.
    pub constants: &'static [&'static str],
    /// Present without being listed in `modules:`.
    pub is_ambient: bool,
}

const fn plain(name: &'static str, results: Results) -> Function {
    Function { name, rust: name, suspends: Suspends::Never, results }
}

const fn blocking(name: &'static str, results: Results) -> Function {
    Function { name, rust: name, suspends: Suspends::Always, results }
}

impl Function {
    /// The Rust function has another name, because the Lua name is a word of Rust.
    const fn named(self, rust: &'static str) -> Function {
        Function { rust, ..self }
    }

    const fn with_callback(self) -> Function {
        Function { suspends: Suspends::WithCallback, ..self }
    }
}

use Results::{Many, None as Nothing, One};

/// The base functions: globals of every unit.
pub static BASE: Module = Module {
    name: "_G",
    rust: "base",
    table: "BASE",
    functions: &[
        plain("assert", Many),
        plain("error", Nothing),
        plain("getmetatable", One),
        plain("ipairs", Many),
        plain("next", Many),
        plain("pairs", Many),
        blocking("pcall", Many).with_callback(),
        plain("print", Nothing).named("logger::print"),
        plain("rawequal", One),
        plain("rawget", One),
        plain("rawlen", One),
        plain("rawset", One),
        plain("require", One),
        plain("select", Many),
        plain("setmetatable", One),
        plain("tonumber", One),
        plain("tostring", One),
        plain("type", One).named("type_of"),
        plain("unpack", Many).named("table::unpack"),
        blocking("xpcall", Many).with_callback(),
    ],
    modules: &[],
    constants: &["_VERSION"],
    is_ambient: true,
};

/// Every library, the base functions apart.
pub static MODULES: &[Module] = &[
    Module {
        name: "string",
        rust: "string",
        table: "STRING",
        functions: &[
            plain("byte", Many),
            plain("char", One),
            plain("find", Many),
            plain("gmatch", One),
            plain("gsub", Many),
            plain("len", One),
            plain("lower", One),
            plain("match", Many).named("match_"),
            plain("rep", One),
            plain("reverse", One),
            plain("sub", One),
            plain("upper", One),
        ],
        modules: &[],
        constants: &[],
        is_ambient: true,
    },
    Module {
        name: "table",
        rust: "table",
        table: "TABLE",
        functions: &[
            plain("concat", One),
            plain("insert", Nothing),
            plain("pack", One),
            plain("remove", One),
            plain("sort", Nothing),
            plain("unpack", Many),
        ],
        modules: &[],
        constants: &[],
        is_ambient: true,
    },
    Module {
        name: "math",
        rust: "math",
        table: "MATH",
        functions: &[
            plain("abs", One),
            plain("ceil", One),
            plain("floor", One),
            plain("fmod", One),
            plain("max", One),
            plain("min", One),
            plain("modf", Many),
            plain("random", One),
            plain("tointeger", One),
            plain("type", One).named("type_of"),
            plain("ult", One),
        ],
        modules: &[],
        constants: &["huge", "maxinteger", "mininteger", "pi"],
        is_ambient: true,
    },
    Module {
        name: "errors",
        rust: "errors",
        table: "ERRORS",
        functions: &[plain("new", One), plain("wrap", One), plain("is", One), plain("call_stack", One)],
        modules: &[],
        constants: &[
            "UNKNOWN",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "INVALID",
            "PERMISSION_DENIED",
            "UNAVAILABLE",
            "INTERNAL",
            "CANCELED",
            "CONFLICT",
            "TIMEOUT",
            "RATE_LIMITED",
        ],
        is_ambient: true,
    },
    Module {
        name: "coroutine",
        rust: "coroutine",
        table: "COROUTINE",
        functions: &[blocking("spawn", One)],
        modules: &[],
        constants: &[],
        is_ambient: true,
    },
    Module {
        name: "channel",
        rust: "channel",
        table: "CHANNEL",
        functions: &[plain("new", One), blocking("select", Many)],
        modules: &[],
        constants: &[],
        is_ambient: true,
    },
    Module {
        name: "process",
        rust: "process",
        table: "PROCESS",
        functions: &[
            plain("id", One),
            plain("pid", One),
            blocking("send", Many),
            blocking("spawn", Many),
            blocking("spawn_monitored", Many),
            blocking("spawn_linked", Many),
            blocking("spawn_linked_monitored", Many),
            blocking("exec", Many),
            blocking("upgrade", Nothing),
            blocking("cancel", Many),
            blocking("terminate", Many),
            blocking("monitor", Many),
            blocking("unmonitor", Many),
            blocking("link", Many),
            blocking("unlink", Many),
            plain("get_options", One),
            plain("set_options", Many),
            blocking("inbox", One),
            blocking("events", One),
            blocking("listen", Many),
            blocking("unlisten", Many),
            plain("with_context", One),
            plain("with_options", One),
        ],
        modules: &[("registry", "process.registry"), ("event", "process.event")],
        constants: &[],
        is_ambient: true,
    },
    Module {
        name: "process.event",
        rust: "process",
        table: "EVENT",
        functions: &[],
        modules: &[],
        constants: &["CANCEL", "EXIT", "LINK_DOWN", "OUTDATED"],
        is_ambient: false,
    },
    Module {
        name: "process.registry",
        rust: "registry",
        table: "REGISTRY",
        functions: &[plain("register", Many), plain("lookup", Many), plain("unregister", Many)],
        modules: &[],
        constants: &[],
        is_ambient: true,
    },
    Module {
        name: "payload",
        rust: "payload",
        table: "PAYLOAD",
        functions: &[plain("new", One)],
        modules: &[],
        constants: &[],
        is_ambient: true,
    },
    Module {
        name: "time",
        rust: "time",
        table: "TIME",
        functions: &[
            plain("now", One),
            blocking("sleep", Many),
            blocking("after", Many),
            plain("parse_duration", Many),
        ],
        modules: &[],
        constants: &["NANOSECOND", "MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR"],
        is_ambient: false,
    },
    Module {
        name: "logger",
        rust: "logger",
        table: "LOGGER",
        functions: &[
            plain("debug", Nothing),
            plain("info", Nothing),
            plain("warn", Nothing),
            plain("error", Nothing),
            plain("with", One),
            plain("named", One),
        ],
        modules: &[],
        constants: &[],
        is_ambient: false,
    },
    Module {
        name: "io",
        rust: "io",
        table: "IO",
        functions: &[
            plain("write", Many),
            plain("print", Many),
            plain("eprint", Many),
            blocking("read", Many),
            blocking("readline", Many),
            plain("flush", Many),
            plain("args", One),
        ],
        modules: &[],
        constants: &[],
        is_ambient: false,
    },
];

/// Methods of userdata that suspend, with the field names that can produce such objects: if none of
/// them stands anywhere in an application, no such object exists in it.
pub static BLOCKING_METHODS: &[(&str, &[&str])] = &[
    ("send", CHANNEL_SOURCES),
    ("receive", CHANNEL_SOURCES),
    ("close", CHANNEL_SOURCES),
    ("spawn", SPAWNER_SOURCES),
    ("spawn_monitored", SPAWNER_SOURCES),
    ("spawn_linked", SPAWNER_SOURCES),
    ("spawn_linked_monitored", SPAWNER_SOURCES),
    ("exec", SPAWNER_SOURCES),
];

const SPAWNER_SOURCES: &[&str] = &["with_context", "with_options"];

const CHANNEL_SOURCES: &[&str] =
    &["channel", "inbox", "events", "listen", "after", "timer", "ticker", "channel_of", "response", "async"];

/// Methods of the runtime's own objects that give exactly one result.
pub static SINGLE_METHODS: &[&str] = &["case_receive", "case_send", "topic", "from", "payload", "data"];

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
}

/// Where functions among the results of a library function come from.
pub fn passes(module: &Module, function: &Function) -> Passes {
    match (module.name, function.name) {
        ("_G", "assert" | "select" | "setmetatable") => Passes::Arguments,
        ("_G", "pcall" | "xpcall") => Passes::Given,
        ("_G", "rawget" | "next" | "unpack") | ("table", "remove" | "unpack") => Passes::Stored,
        ("coroutine", "resume" | "wrap" | "yield") => Passes::Stored,
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
        "table" => true,
        _ => false,
    }
}

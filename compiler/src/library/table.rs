//! The table itself.

use super::{Form, Function, Module, Quick, Results, Suspends};

const fn function(name: &'static str, results: Results) -> Function {
    Function { name, rust: name, suspends: Suspends::Never, results, form: Form::Ordinary, takes: false }
}

/// One result.
const fn one(name: &'static str) -> Function {
    function(name, Results::One)
}

/// Any number of results.
const fn many(name: &'static str) -> Function {
    function(name, Results::Many)
}

/// No results.
const fn none(name: &'static str) -> Function {
    function(name, Results::None)
}

impl Function {
    /// The Rust function has another name, because the Lua name is a word of Rust, or stands in
    /// another Rust module.
    const fn named(self, rust: &'static str) -> Function {
        Function { rust, ..self }
    }

    const fn blocking(self) -> Function {
        Function { suspends: Suspends::Always, ..self }
    }

    const fn in_form(self, form: Form) -> Function {
        Function { form, ..self }
    }

    const fn taking(self) -> Function {
        Function { takes: true, ..self }
    }

    const fn yielding(self) -> Function {
        Function { suspends: Suspends::Yielding, ..self }
    }

    const fn resuming(self) -> Function {
        Function { suspends: Suspends::Resuming, ..self }
    }

    const fn with_callback(self) -> Function {
        Function { suspends: Suspends::WithCallback, ..self }
    }
}

/// A library that is present without being listed.
const fn ambient(
    name: &'static str,
    rust: &'static str,
    table: &'static str,
    functions: &'static [Function],
) -> Module {
    Module {
        name,
        rust,
        table,
        functions,
        quick: Quick::None,
        modules: &[],
        constants: &[],
        is_ambient: true,
    }
}

/// A module that an entry lists under `modules:`.
const fn listed(
    name: &'static str,
    rust: &'static str,
    table: &'static str,
    functions: &'static [Function],
) -> Module {
    Module { is_ambient: false, ..ambient(name, rust, table, functions) }
}

impl Module {
    const fn with_constants(self, constants: &'static [&'static str]) -> Module {
        Module { constants, ..self }
    }

    const fn with_quick(self, quick: Quick) -> Module {
        Module { quick, ..self }
    }

    const fn with_modules(self, modules: &'static [(&'static str, &'static str)]) -> Module {
        Module { modules, ..self }
    }
}

/// The base functions: globals of every unit.
pub static BASE: Module = ambient(
    "_G",
    "base",
    "BASE",
    &[
        many("assert"),
        none("error"),
        one("getmetatable"),
        many("ipairs"),
        many("next"),
        many("pairs"),
        many("pcall").with_callback(),
        none("print").named("logger::print").in_form(Form::Logging),
        one("rawequal"),
        one("rawget"),
        one("rawlen"),
        one("rawset"),
        one("require"),
        many("select").in_form(Form::Selecting),
        one("setmetatable"),
        many("subscribe").named("process::subscribe").blocking(),
        one("tonumber"),
        one("tostring"),
        one("type").named("type_of"),
        many("unpack").named("table::unpack"),
        many("unsubscribe").named("process::unsubscribe").blocking(),
        many("xpcall").with_callback(),
    ],
)
.with_quick(Quick::AllBut(&["print", "tonumber", "tostring", "pcall", "xpcall", "require"]))
.with_constants(&["_VERSION"]);

/// What `coroutine.wrap` returns.
pub static WRAPPED: Function = many("wrap").resuming();

/// Methods of userdata that suspend, with the field names that can produce such objects: if none of
/// them stands anywhere in an application, no such object exists in it.
pub static BLOCKING_METHODS: &[(Function, &[&str])] = &[
    (many("send").blocking(), CHANNEL_SOURCES),
    (many("receive").blocking(), CHANNEL_SOURCES),
    (many("close").blocking(), CHANNEL_SOURCES),
    (many("spawn").blocking(), SPAWNER_SOURCES),
    (many("spawn_monitored").blocking(), SPAWNER_SOURCES),
    (many("spawn_linked").blocking(), SPAWNER_SOURCES),
    (many("spawn_linked_monitored").blocking(), SPAWNER_SOURCES),
    (many("exec").blocking(), SPAWNER_SOURCES),
    (many("call").blocking(), EXECUTOR_SOURCES),
    (many("async").blocking(), EXECUTOR_SOURCES),
    (many("join").blocking(), GROUP_SOURCES),
    (many("leave").blocking(), GROUP_SOURCES),
    (many("get_members").blocking(), GROUP_SOURCES),
    (many("get_local_members").blocking(), GROUP_SOURCES),
    (many("which_groups").blocking(), GROUP_SOURCES),
    (many("which_local_groups").blocking(), GROUP_SOURCES),
    (many("broadcast").blocking(), GROUP_SOURCES),
    (many("broadcast_local").blocking(), GROUP_SOURCES),
    (many("events").blocking(), GROUP_SOURCES),
    (many("monitor").blocking(), GROUP_SOURCES),
    (many("release").blocking(), GROUP_SOURCES),
];

const GROUP_SOURCES: &[&str] = &["pg"];

const EXECUTOR_SOURCES: &[&str] = &["funcs"];

const SPAWNER_SOURCES: &[&str] = &["with_context", "with_options"];

const CHANNEL_SOURCES: &[&str] =
    &["channel", "inbox", "events", "listen", "after", "timer", "ticker", "channel_of", "response", "async"];

/// Every library, the base functions apart.
#[rustfmt::skip]
pub static MODULES: &[Module] = &[
    ambient("string", "string", "STRING", &[
        many("byte"), one("char"), none("dump"), many("find"), one("format"), one("gfind").named("gmatch"),
        one("gmatch"), many("gsub"), one("len"), one("lower"), many("match").named("match_"), one("pack"),
        one("packsize"), one("rep"), one("reverse"), one("sub"), many("unpack"), one("upper"),
    ])
    .with_quick(Quick::Only(&["byte", "char", "len", "sub"])),
    ambient("table", "table", "TABLE", &[
        one("concat"), one("create"), one("freeze"), one("getn"), none("insert"), one("isfrozen"), one("maxn"),
        one("move").named("move_items"), one("pack"), one("remove"), none("sort"), many("unpack"),
    ])
    .with_quick(Quick::Only(&["insert", "pack", "remove", "unpack"])),
    ambient("math", "math", "MATH", &[
        one("abs"), one("acos"), one("asin"), one("atan"), one("atan2").named("atan"), one("ceil"), one("cos"),
        one("cosh"), one("deg"), one("exp"), one("floor"), one("fmod"), many("frexp"), one("ldexp"), one("log"),
        one("log10"), one("max"), one("min"), one("mod").named("modulo"), many("modf"), one("pow"), one("rad"),
        one("random"), none("randomseed"), one("sin"), one("sinh"), one("sqrt"), one("tan"), one("tanh"),
        one("tointeger"), one("type").named("type_of"), one("ult"),
    ])
    .with_quick(Quick::All)
    .with_constants(&["huge", "maxinteger", "mininteger", "pi"]),
    ambient("utf8", "utf8", "UTF8", &[
        one("char"), many("codepoint"), many("codes"), many("len"), one("offset"),
    ])
    .with_constants(&["charpattern"]),
    ambient("os", "os", "OS", &[one("clock"), many("date"), one("difftime"), one("time")])
        .with_constants(&["platform"]),
    ambient("errors", "errors", "ERRORS", &[
        one("new").in_form(Form::Making), one("wrap").in_form(Form::Making), one("is"), one("call_stack"),
    ])
    .with_constants(&[
        "UNKNOWN", "NOT_FOUND", "ALREADY_EXISTS", "INVALID", "PERMISSION_DENIED", "UNAVAILABLE", "INTERNAL",
        "CANCELED", "CONFLICT", "TIMEOUT", "RATE_LIMITED",
    ]),
    ambient("coroutine", "coroutine", "COROUTINE", &[
        many("close"), one("create"), one("isyieldable"), many("resume").resuming(), many("running"),
        one("spawn").blocking(), one("status"), one("wrap"), many("yield").named("yield_").yielding(),
    ])
    .with_quick(Quick::All),
    ambient("channel", "channel", "CHANNEL", &[one("new"), many("select").blocking().in_form(Form::Listing)]),
    ambient("process", "process", "PROCESS", &[
        one("id"), one("pid"), many("send").blocking().taking(), many("spawn").blocking(),
        many("spawn_monitored").blocking(), many("spawn_linked").blocking(),
        many("spawn_linked_monitored").blocking(), many("exec").blocking(), none("upgrade").blocking(),
        many("cancel").blocking(), many("terminate").blocking(), many("monitor").blocking(),
        many("unmonitor").blocking(), many("link").blocking(), many("unlink").blocking(), one("get_options"),
        many("set_options"), one("inbox").blocking(), one("events").blocking(), many("listen").blocking(),
        many("unlisten").blocking(), one("with_context"), one("with_options"),
    ])
    .with_modules(&[("registry", "process.registry"), ("event", "process.event")]),
    listed("process.event", "process", "EVENT", &[]).with_constants(&["CANCEL", "EXIT", "LINK_DOWN", "OUTDATED"]),
    listed("process.registry", "registry", "REGISTRY", &[many("register"), many("lookup"), many("unregister")])
    .with_constants(&["LOCAL", "EVENTUAL", "CONSISTENT", "STRONG"]),
    ambient("payload", "payload", "PAYLOAD", &[one("new")]),
    listed("time", "time", "TIME", &[
        one("now"), many("sleep").blocking(), many("after").blocking(), many("timer").blocking(),
        many("ticker").blocking(), one("date"), one("unix"), many("parse"), many("parse_duration"),
        many("load_location"), one("fixed_zone"),
    ])
    .with_constants(&[
        "NANOSECOND", "MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "JANUARY", "FEBRUARY", "MARCH",
        "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER", "SUNDAY",
        "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "RFC3339", "RFC3339NANO", "RFC822",
        "RFC822Z", "RFC850", "RFC1123", "RFC1123Z", "KITCHEN", "STAMP", "STAMP_MILLI", "STAMP_MICRO",
        "STAMP_NANO", "DATE_TIME", "DATE_ONLY", "TIME_ONLY",
    ]),
    listed("logger", "logger", "LOGGER", &[
        none("debug").in_form(Form::Logging), none("info").in_form(Form::Logging),
        none("warn").in_form(Form::Logging), none("error").in_form(Form::Logging),
        one("with").in_form(Form::Logging), one("named").in_form(Form::Logging),
    ]),
    listed("io", "io", "IO", &[
        many("write"), many("print"), many("eprint"), many("read").blocking(), many("readline").blocking(),
        many("raw").blocking(), many("flush"), one("args"),
    ]),
    listed("events", "events", "EVENTS", &[many("subscribe").blocking(), many("send").blocking()]),
    listed("json", "json", "JSON", &[
        many("encode"), many("decode"), many("validate"), many("validate_string"),
    ]),
    listed("env", "env", "ENV", &[many("get"), many("set"), many("get_all")]),
    listed("base64", "base64", "BASE64", &[many("encode"), many("decode")]),
    listed("hash", "hash", "HASH", &[
        many("md5"), many("sha1"), many("sha256"), many("sha512"), many("hmac_md5"), many("hmac_sha1"),
        many("hmac_sha256"), many("hmac_sha512"), many("fnv32"), many("fnv64"),
    ]),
    listed("uuid", "uuid", "UUID", &[
        many("v1"), many("v3"), many("v4"), many("v5"), many("v7"), many("validate"), many("version"),
        many("variant"), many("parse"), many("format"),
    ]),
    listed("pg", "pg", "PG", &[many("open")]),
    listed("system", "system", "SYSTEM", &[many("exit")]),
    listed("ctx", "ctx", "CTX", &[many("get"), many("all")]),
    listed("funcs", "funcs", "FUNCS", &[
        many("call").blocking(), many("async").named("async_").blocking(), one("new"),
    ]),
];

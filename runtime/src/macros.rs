//! The macros that keep emitted code and library tables short.

/// A string literal as a value whose hash is known at compile time: `s!("hello")`, `s!(b"\xff")`.
#[macro_export]
macro_rules! s {
    ($text:literal) => {
        $crate::rt::Value::static_str(
            const { &$crate::rt::StaticStr::new($crate::rt::LiteralBytes($text).bytes()) },
        )
    };
}

/// A constant name whose hash is known at compile time: `key!("messages")`.
#[macro_export]
macro_rules! key {
    ($name:literal) => {{
        static NAME: $crate::rt::Key = $crate::rt::Key::new($crate::rt::LiteralBytes($name).bytes());
        &NAME
    }};
}

/// The names of fields, methods and globals that a module uses, once each: `keys! { owner, type_ = "type" }`
/// makes `&KEYS.owner` and `&KEYS.type_`.
#[macro_export]
macro_rules! keys {
    ($($field:ident $(= $name:literal)?),* $(,)?) => {
        struct Keys {
            $($field: $crate::rt::Key,)*
        }
        static KEYS: Keys = Keys {
            $($field: $crate::rt::Key::new($crate::key_text!($field $($name)?).as_bytes()),)*
        };
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! key_text {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// A table of named fields: `record!(cx, [("name", value), ("size", size)])`.
#[macro_export]
macro_rules! record {
    ($cx:expr, [$(($name:literal, $value:expr $(,)?)),* $(,)?] $(,)?) => {
        // The values stand outside the block: a Lua function may be called `keys`.
        $crate::rt::record(
            $cx,
            {
                static RECORD: $crate::rt::Record<{ <[&str]>::len(&[$($name),*]) }> = $crate::rt::Record::new([
                    $($crate::rt::Key::new($crate::rt::LiteralBytes($name).bytes())),*
                ]);
                &RECORD
            },
            [$($value),*],
        )
    };
}

/// A call site: `at!(24)`, `at!(24, local "u")`, `at!(24, local "a", field "b")`. Expects the
/// module's `CHUNK`. Where functions share the line and it belongs to another than its own, a site says
/// which one it is in, counted from 1 in the `CHUNK`: `at!(24 in 3)`, `at!(24 in chunk, local "u")`.
#[macro_export]
macro_rules! at {
    ($line:literal $(, $kind:ident $($name:literal)?)*) => {
        // A constant, not a static: rustc checks a static as an item of its own, and there are many.
        &$crate::rt::Site {
            chunk: CHUNK,
            line: $line,
            function: 0,
            names: concat!($(stringify!($kind) $(, " ", $name)?, "\0"),*),
        }
    };
    ($line:literal in chunk $(, $kind:ident $($name:literal)?)*) => {
        &$crate::rt::Site {
            chunk: CHUNK,
            line: $line,
            function: $crate::rt::Site::CHUNK,
            names: concat!($(stringify!($kind) $(, " ", $name)?, "\0"),*),
        }
    };
    ($line:literal in $function:literal $(, $kind:ident $($name:literal)?)*) => {
        &$crate::rt::Site {
            chunk: CHUNK,
            line: $line,
            function: $function,
            names: concat!($(stringify!($kind) $(, " ", $name)?, "\0"),*),
        }
    };
}

/// `left and right`: the right side runs only if the left is true. A long chain is one call, for nested
/// macros reach the limit of rustc.
#[macro_export]
macro_rules! and {
    ($left:expr, $right:expr $(,)?) => {{
        let left = $left;
        if left.truthy() { $right } else { left }
    }};
    ($first:expr $(, $next:expr)+ $(,)?) => {
        'chain: {
            let mut left = $first;
            $(
                if !left.truthy() {
                    break 'chain left;
                }
                left = $next;
            )+
            left
        }
    };
}

/// `left or right`: the right side runs only if the left is nil or false. Chains as in `and!`.
#[macro_export]
macro_rules! or {
    ($left:expr, $right:expr $(,)?) => {{
        let left = $left;
        if left.truthy() { left } else { $right }
    }};
    ($first:expr $(, $next:expr)+ $(,)?) => {
        'chain: {
            let mut left = $first;
            $(
                if left.truthy() {
                    break 'chain left;
                }
                left = $next;
            )+
            left
        }
    };
}

/// The static definition of an emitted function, for callers that know only the value:
///
/// ```ignore
/// lua_function!(DIM, "dim", line 6, plain dim(s));
/// lua_function!(MAIN, "main", line 19, async main(this; a, b));      // with captures
/// lua_function!(SUM, "sum", line 3, plain sum(first) varargs);
/// ```
#[macro_export]
macro_rules! lua_function {
    ($visibility:vis $static:ident, $name:literal, line $line:literal, plain $function:ident($($param:ident),*) $($varargs:ident)?) => {
        $crate::lua_function!(@def ($visibility) $static, $name, $line, $crate::rt::Entry::Plain({
            fn entry(cx: $crate::rt::Cx, _: &$crate::rt::Value, args: &[$crate::rt::Value]) -> $crate::rt::LuaResult<$crate::rt::Multi> {
                let params = $crate::rt::params(args);
                let [$($param),*] = params;
                $crate::rt::finish(cx, self::$function(cx $(, $crate::rt::Param::from_argument($param))* $(, $crate::varargs!($varargs args params))?))
            }
            entry
        }));
    };
    ($visibility:vis $static:ident, $name:literal, line $line:literal, plain $function:ident($this:ident; $($param:ident),*) $($varargs:ident)?) => {
        $crate::lua_function!(@def ($visibility) $static, $name, $line, $crate::rt::Entry::Plain({
            fn entry(cx: $crate::rt::Cx, $this: &$crate::rt::Value, args: &[$crate::rt::Value]) -> $crate::rt::LuaResult<$crate::rt::Multi> {
                let params = $crate::rt::params(args);
                let [$($param),*] = params;
                $crate::rt::finish(cx, self::$function(cx, $this $(, $crate::rt::Param::from_argument($param))* $(, $crate::varargs!($varargs args params))?))
            }
            entry
        }));
    };
    ($visibility:vis $static:ident, $name:literal, line $line:literal, async $function:ident($($param:ident),*) $($varargs:ident)?) => {
        $crate::lua_function!(@def ($visibility) $static, $name, $line, $crate::rt::Entry::Async(|cx, _, args| {
            let params = $crate::rt::params(&args);
            let [$($param),*] = params;
            $crate::rt::Finish::boxed(cx, self::$function(cx $(, $crate::rt::Param::from_argument($param))* $(, $crate::varargs!($varargs owned args params))?))
        }));
    };
    ($visibility:vis $static:ident, $name:literal, line $line:literal, async $function:ident($this:ident; $($param:ident),*) $($varargs:ident)?) => {
        $crate::lua_function!(@def ($visibility) $static, $name, $line, $crate::rt::Entry::Async(|cx, $this, args| {
            let params = $crate::rt::params(&args);
            let [$($param),*] = params;
            $crate::rt::Finish::boxed(cx, self::$function(cx, $this $(, $crate::rt::Param::from_argument($param))* $(, $crate::varargs!($varargs owned args params))?))
        }));
    };
    (@def ($visibility:vis) $static:ident, $name:literal, $line:literal, $entry:expr) => {
        $visibility static $static: $crate::rt::FunctionDef =
            $crate::rt::FunctionDef { name: $name, chunk: CHUNK.name, line: $line, entry: $entry, getter: None };
    };
}

/// What is left of an argument list, for a vararg function.
#[macro_export]
#[doc(hidden)]
macro_rules! varargs {
    (varargs $args:ident $params:ident) => {
        $crate::rt::rest($args, $params.len())
    };
    (varargs owned $args:ident $params:ident) => {
        $crate::rt::Args::from($crate::rt::rest(&$args, $params.len()))
    };
}

/// A library table: `library! { pub static STRING = "string" { "upper" => plain upper, ... } }`.
/// Functions have the form `fn(Cx, &[Value]) -> LuaResult<impl Returns>`, `async` ones likewise.
/// Other fields: `"pi" => value Field::Float(3.14)`.
#[macro_export]
macro_rules! library {
    ($(#[$meta:meta])* $visibility:vis static $static:ident = $module:literal {
        $($name:literal => $kind:ident $body:expr $(; $getter:expr)?),* $(,)?
    }) => {
        $(#[$meta])*
        $visibility static $static: $crate::module::Module = $crate::module::Module {
            name: $module,
            fields: &[$({
                static NAME: $crate::string::StaticStr = $crate::string::StaticStr::new($name.as_bytes());
                (&NAME, $crate::library_field!($name, $kind $body $(; $getter)?))
            }),*],
            index: {
                const HASHES: &[u32] = &[$($crate::string::hash_bytes($name.as_bytes())),*];
                const SIZE: usize = $crate::module::index_size(HASHES.len());
                static INDEX: [u8; SIZE] = $crate::module::build_index(HASHES);
                &INDEX
            },
        };
    };
}

/// The definition of a plain library function of the form `fn(Cx, &[Value]) -> LuaResult<impl Returns>`.
#[macro_export]
macro_rules! native {
    ($name:literal, $function:expr) => {
        $crate::function::FunctionDef {
            name: $name,
            chunk: "[native]",
            line: 0,
            entry: $crate::function::Entry::Plain(|cx, _, args| $crate::rt::finish(cx, $function(cx, args))),
            getter: None,
        }
    };
}

/// One field of a library table.
#[macro_export]
#[doc(hidden)]
macro_rules! library_field {
    ($name:literal, value $value:expr) => {
        $value
    };
    ($name:literal, plain $function:expr) => {{
        static DEF: $crate::function::FunctionDef = $crate::native!($name, $function);
        $crate::module::Field::Function(&DEF)
    }};
    // A method without arguments and with one result: `fn(Cx, Option<&Value>) -> LuaResult`.
    ($name:literal, getter $getter:expr) => {{
        static DEF: $crate::function::FunctionDef = $crate::function::FunctionDef {
            getter: Some($getter),
            ..$crate::native!($name, |cx, args: &[$crate::value::Value]| $getter(cx, args.first()))
        };
        $crate::module::Field::Function(&DEF)
    }};
    // As a plain one; there is another for calls without arguments that want one result.
    ($name:literal, plain $function:expr; $getter:expr) => {{
        static DEF: $crate::function::FunctionDef =
            $crate::function::FunctionDef { getter: Some($getter), ..$crate::native!($name, $function) };
        $crate::module::Field::Function(&DEF)
    }};
    // Its arguments are lent for writing.
    ($name:literal, taking $function:expr) => {{
        static DEF: $crate::function::FunctionDef = $crate::function::FunctionDef {
            name: $name,
            chunk: "[native]",
            line: 0,
            entry: $crate::function::Entry::Async(|cx, _, args| {
                $crate::function::BoxFuture::new(async move {
                    let mut args = args;
                    $crate::rt::finish(cx, $function(cx, &mut args).await)
                })
            }),
            getter: None,
        };
        $crate::module::Field::Function(&DEF)
    }};
    ($name:literal, async $function:expr) => {{
        static DEF: $crate::function::FunctionDef = $crate::function::FunctionDef {
            name: $name,
            chunk: "[native]",
            line: 0,
            entry: $crate::function::Entry::Async(|cx, _, args| {
                $crate::function::BoxFuture::new(
                    async move { $crate::rt::finish(cx, $function(cx, &args).await) },
                )
            }),
            getter: None,
        };
        $crate::module::Field::Function(&DEF)
    }};
}

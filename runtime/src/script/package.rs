//! `require` and `package` of scripts: the world is closed, so a module is one of the files that
//! were compiled in, or a function the script itself put into `package.preload`.

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::function::FunctionDef;
use crate::ops::call;
use crate::results::Multi;
use crate::script::Script;
use crate::stdlib::args;
use crate::stdlib::os_script;
use crate::table::Table;
use crate::value::Value;

crate::library! {
    /// The functions of `package`; its tables and texts are made for each script.
    pub static PACKAGE = "package" {
        "loadlib" => plain loadlib,
        "searchpath" => plain searchpath,
    }
}

/// `require` as a value.
pub static REQUIRE: FunctionDef = crate::native!("require", require);

static SEARCH_PRELOAD: FunctionDef = crate::native!("?", search_preload);
static SEARCH_PATH: FunctionDef = crate::native!("?", search_path);

const DEFAULT_PATH: &str = "./?.lua;./?/init.lua";

/// Completes the `package` table: what is loaded, what may be, where the rest is looked for.
pub(crate) fn fill(cx: Cx, package: &Table, globals: &Value) {
    let loaded = Table::new(cx);
    if let Some(loaded) = loaded.as_table() {
        loaded.set_text("_G", globals.clone());
        for name in ["string", "table", "math", "utf8", "coroutine", "os", "io", "package", "bit32"] {
            let library = globals.as_table().map(|globals| globals.get_text(name)).unwrap_or_default();
            loaded.set_text(name, library);
        }
    }
    package.set_text("loaded", loaded);
    package.set_text("preload", Table::new(cx));
    package.set_text("path", DEFAULT_PATH.into());
    // Nothing is looked for there: no libraries are loaded at run time.
    package.set_text("cpath", "./?.so".into());
    let searchers = Table::new(cx);
    if let Some(searchers) = searchers.as_table() {
        searchers.set_int(1, Value::function(&SEARCH_PRELOAD));
        searchers.set_int(2, Value::function(&SEARCH_PATH));
    }
    package.set_text("searchers", searchers);
    package.set_text("config", "/\n;\n?\n!\n-\n".into());
}

/// `require(name)`: runs a module once and gives back what it returned, ever after.
///
/// # Errors
/// No such module; what the module raises.
pub fn require(cx: Cx, args: &[Value]) -> LuaResult {
    let name = args::string(cx, args, 1, "require")?.into_owned();
    let key = Value::string(&name);
    let loaded = package_field(cx, "loaded");
    let Some(loaded) = loaded.as_table() else {
        return Err(cx.throw_text("'package.loaded' must be a table"));
    };
    let known = loaded.get(&key);
    if known.truthy() {
        return Ok(known);
    }
    let (loader, origin) = search(cx, &name, &key, &package_field(cx, "searchers"))?;
    let returned = call::callback(cx, &loader, &[key.clone(), origin])?.first();
    if !returned.is_nil() {
        // A text is never a refused key.
        let _ = loaded.set(key.clone(), returned);
    }
    if loaded.get(&key).is_nil() {
        let _ = loaded.set(key.clone(), Value::TRUE);
    }
    Ok(loaded.get(&key))
}

/// Asks the searchers in turn for a loader and what it is to be told; else says what they all said.
fn search(cx: Cx, name: &[u8], key: &Value, searchers: &Value) -> LuaResult<(Value, Value)> {
    let Some(searchers) = searchers.as_table() else {
        return Err(cx.throw_text("'package.searchers' must be a table"));
    };
    let mut message = [&b"module '"[..], name, b"' not found:"].concat();
    for index in 1.. {
        let searcher = searchers.get_int(index);
        if searcher.is_nil() {
            break;
        }
        let [loader, origin] = call::callback(cx, &searcher, std::slice::from_ref(key))?.adjust::<2>(cx);
        if loader.function_def().is_some() {
            return Ok((loader, origin));
        }
        message.extend(loader.as_bytes().unwrap_or_default());
    }
    Err(cx.throw_text(message))
}

/// The searcher for `package.preload`.
fn search_preload(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = args::string(cx, args, 1, "?")?;
    let preload = package_field(cx, "preload");
    let Some(preload) = preload.as_table() else {
        return Err(cx.throw_text("'package.preload' must be a table"));
    };
    let loader = preload.get(&Value::string(&name));
    if loader.is_nil() {
        let shown = String::from_utf8_lossy(&name);
        return Ok(Multi::one(cx, format!("\n\tno field package.preload['{shown}']").into()));
    }
    Ok(Multi::one(cx, loader))
}

/// The searcher for files: the compiled one that `package.path` leads to, and its name.
fn search_path(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = args::string(cx, args, 1, "?")?;
    let path = package_field(cx, "path");
    let Some(path) = path.as_bytes() else {
        return Err(cx.throw_text("'package.path' must be a string"));
    };
    let script = cx.script().and_then(|state| state.script());
    let mut message = String::new();
    for candidate in candidates(&name, path, b".") {
        let module = script.and_then(|script| script.module(&candidate));
        if let Some(module) = module {
            return Ok(Multi::from_values(cx, [Value::function(module.chunk), Value::string(&candidate)]));
        }
        if let Some(broken) = script.and_then(|script| script.broken(&candidate)) {
            return Err(cx.throw(Value::string(unloadable(&name, &candidate, broken))));
        }
        message.push_str(&format!("\n\tno file '{}'", String::from_utf8_lossy(&candidate)));
    }
    Ok(Multi::one(cx, message.into()))
}

fn unloadable(name: &[u8], file: &[u8], error: &str) -> Vec<u8> {
    let parts = [b"error loading module '", name, b"' from file '", file, b"':\n\t", error.as_bytes()];
    parts.concat()
}

fn package_field(cx: Cx, name: &str) -> Value {
    cx.library(&PACKAGE).as_table().map(|package| package.get_text(name)).unwrap_or_default()
}

/// The file names that the templates of `path` make of `name`.
fn candidates(name: &[u8], path: &[u8], separator: &[u8]) -> Vec<Vec<u8>> {
    let name = if separator.is_empty() { name.to_vec() } else { replace(name, separator, b"/") };
    let templates = path.split(|byte| *byte == b';').filter(|template| !template.is_empty());
    templates.map(|template| replace(template, b"?", &name)).collect()
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, from) {
        replaced.extend_from_slice(rest.get(..at).unwrap_or_default());
        replaced.extend_from_slice(to);
        rest = rest.get(at + from.len()..).unwrap_or_default();
    }
    replaced.extend_from_slice(rest);
    replaced
}

/// `package.searchpath(name, path [, separator [, replacement]])`: a file that can be read.
///
/// # Errors
/// Wrong arguments.
pub fn searchpath(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = args::string(cx, args, 1, "package.searchpath")?;
    let path = args::string(cx, args, 2, "package.searchpath")?;
    let separator = args::optional_string(cx, args, 3, "package.searchpath")?.unwrap_or(b"."[..].into());
    let replacement = args::optional_string(cx, args, 4, "package.searchpath")?.unwrap_or(b"/"[..].into());
    let name = if separator.is_empty() { name.to_vec() } else { replace(&name, &separator, &replacement) };
    let mut message = String::new();
    for candidate in candidates(&name, &path, b"") {
        if std::fs::File::open(os_script::path(&candidate)).is_ok() {
            return Ok(Multi::one(cx, candidate.into()));
        }
        message.push_str(&format!("\n\tno file '{}'", String::from_utf8_lossy(&candidate)));
    }
    Ok(Multi::from_values(cx, [Value::NIL, message.into()]))
}

/// `package.loadlib(...)`: nothing is loaded at run time.
///
/// # Errors
/// None.
pub fn loadlib(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    let text = "dynamic libraries not enabled; check your Lua installation";
    Ok(Multi::from_values(cx, [Value::NIL, text.into(), "absent".into()]))
}

impl Script {
    /// The module of that file name, however it is written: `lib/a.lua`, `./lib/a.lua`.
    fn module(&self, name: &[u8]) -> Option<&'static crate::script::ScriptModule> {
        let wanted = plain_name(name);
        self.modules.iter().find(|module| plain_name(module.path.as_bytes()) == wanted)
    }

    /// What is wrong with the file of that name, if it does not compile.
    fn broken(&self, name: &[u8]) -> Option<&'static str> {
        let wanted = plain_name(name);
        let broken = self.broken.iter().find(|module| plain_name(module.path.as_bytes()) == wanted);
        broken.map(|module| module.message)
    }
}

fn plain_name(name: &[u8]) -> &[u8] {
    let mut name = name;
    while let Some(rest) = name.strip_prefix(b"./") {
        name = rest;
    }
    name
}

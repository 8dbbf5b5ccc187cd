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

const DEFAULT_PATH: &str = "./?.lua;./?/init.lua";

/// Completes the `package` table: what is loaded, what may be, where the rest is looked for.
pub(crate) fn fill(cx: Cx, package: &Table, globals: &Value) {
    let loaded = Table::new(cx);
    if let Some(loaded) = loaded.as_table() {
        loaded.set_text("_G", globals.clone());
        for name in ["string", "table", "math", "utf8", "coroutine", "os", "io", "package"] {
            let library = globals.as_table().map(|globals| globals.get_text(name)).unwrap_or_default();
            loaded.set_text(name, library);
        }
    }
    package.set_text("loaded", loaded);
    package.set_text("preload", Table::new(cx));
    package.set_text("path", DEFAULT_PATH.into());
    package.set_text("cpath", "".into());
    package.set_text("config", "/\n;\n?\n!\n-\n".into());
}

/// `require(name)`: runs a module once and gives back what it returned, ever after.
///
/// # Errors
/// No such module; what the module raises.
pub fn require(cx: Cx, args: &[Value]) -> LuaResult {
    let name = args::string(cx, args, 1, "require")?.into_owned();
    let key = Value::string(&name);
    let package = cx.library(&PACKAGE);
    let field = |name: &str| package.as_table().map(|package| package.get_text(name)).unwrap_or_default();
    let loaded = field("loaded");
    let Some(loaded) = loaded.as_table() else {
        return Err(cx.throw_text("'package.loaded' must be a table"));
    };
    let known = loaded.get(&key);
    if known.truthy() {
        return Ok(known);
    }
    let path = field("path");
    let Some(path) = path.as_bytes() else {
        return Err(cx.throw_text("'package.path' must be a string"));
    };
    let preloaded = field("preload").as_table().map(|preload| preload.get(&key)).unwrap_or_default();
    let (loader, origin) = if preloaded.is_nil() { find(cx, &name, path)? } else { (preloaded, Value::NIL) };
    let passed = [key.clone(), origin];
    let passed = if passed[1].is_nil() { &passed[..1] } else { &passed[..] };
    let returned = call::callback(cx, &loader, passed)?.first();
    if !returned.is_nil() {
        // A text is never a refused key.
        let _ = loaded.set(key.clone(), returned);
    }
    if loaded.get(&key).is_nil() {
        let _ = loaded.set(key.clone(), Value::TRUE);
    }
    Ok(loaded.get(&key))
}

/// The compiled file that `path` leads to, and its name; what Lua says if there is none.
fn find(cx: Cx, name: &[u8], path: &[u8]) -> LuaResult<(Value, Value)> {
    let shown = String::from_utf8_lossy(name).into_owned();
    let mut message = format!("module '{shown}' not found:\n\tno field package.preload['{shown}']");
    let script = cx.script().and_then(|state| state.script());
    for candidate in candidates(name, path, b".") {
        let module = script.and_then(|script| script.module(&candidate));
        if let Some(module) = module {
            return Ok((Value::function(module.chunk), Value::string(&candidate)));
        }
        message.push_str(&format!("\n\tno file '{}'", String::from_utf8_lossy(&candidate)));
    }
    Err(cx.throw_text(message))
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
}

fn plain_name(name: &[u8]) -> &[u8] {
    let mut name = name;
    while let Some(rest) = name.strip_prefix(b"./") {
        name = rest;
    }
    name
}

//! What the `os` of scripts has beyond times: files, the environment, other programs, the exit.

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::results::Multi;
use crate::script::output;
use crate::stdlib::args;
use crate::stdlib::os::{clock, date, difftime, time};
use crate::value::{Tag, Value};

crate::library! {
    /// `os` as scripts see it.
    pub static OS = "os" {
        "clock" => plain clock,
        "date" => plain date,
        "difftime" => plain difftime,
        "execute" => plain execute,
        "exit" => plain exit,
        "getenv" => plain getenv,
        "remove" => plain remove,
        "rename" => plain rename,
        "setlocale" => plain setlocale,
        "time" => plain time,
        "tmpname" => plain tmpname,
    }
}

/// A file name as the system has it: bytes.
pub(crate) fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

/// `true`; or nil, what the system said (behind the file's name) and its number.
pub(crate) fn outcome(cx: Cx, result: std::io::Result<()>, name: Option<&[u8]>) -> Multi {
    match result {
        Ok(()) => Multi::one(cx, Value::TRUE),
        Err(error) => failure(cx, &error, name),
    }
}

/// Nil, what the system said (behind the file's name) and its number.
pub(crate) fn failure(cx: Cx, error: &std::io::Error, name: Option<&[u8]>) -> Multi {
    let mut text = name.map(|name| [name, b": "].concat()).unwrap_or_default();
    text.extend(reason(error).into_bytes());
    let number = error.raw_os_error().unwrap_or(0);
    Multi::from_values(cx, [Value::NIL, text.into(), Value::int(number.into())])
}

/// What the system says, without the number that Rust adds.
pub(crate) fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error ") {
        Some(at) => text.get(..at).unwrap_or(&text).to_owned(),
        None => text,
    }
}

/// `os.execute([command])`
///
/// # Errors
/// A command that is no string.
pub fn execute(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let Some(command) = args::optional_string(cx, args, 1, "os.execute")? else {
        return Ok(Multi::one(cx, Value::bool(Path::new("/bin/sh").exists())));
    };
    // In Lua 5.3, `print` flushes; here, what waits goes out before anybody else can write.
    output::flush();
    let status = std::process::Command::new("/bin/sh").arg("-c").arg(OsStr::from_bytes(&command)).status();
    Ok(match status {
        Err(error) => failure(cx, &error, None),
        Ok(status) => ended(cx, status),
    })
}

/// How another program ended, as `os.execute` and closing a pipe report it.
pub(crate) fn ended(cx: Cx, status: std::process::ExitStatus) -> Multi {
    let (how, number) = match status.signal() {
        Some(signal) => ("signal", signal),
        None => ("exit", status.code().unwrap_or(0)),
    };
    let succeeded = if status.success() { Value::TRUE } else { Value::NIL };
    Multi::from_values(cx, [succeeded, how.into(), Value::int(number.into())])
}

/// `os.exit([code [, close]])`: ends the program at once, after all finalizers if it closes the state.
///
/// # Errors
/// A code that is neither a boolean nor a number.
pub fn exit(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let status = match args.first() {
        Some(flag) if flag.tag() == Tag::Boolean => i32::from(!flag.truthy()),
        _ => {
            let code = args::optional_integer(cx, args, 1, "os.exit", 0)?;
            i32::try_from(code & 0xff).unwrap_or(0)
        }
    };
    if args.get(1).is_some_and(Value::truthy) {
        crate::stdlib::gc::run_all_finalizers(cx);
    }
    output::flush();
    std::process::exit(status)
}

/// `os.getenv(name)`
///
/// # Errors
/// No string.
pub fn getenv(cx: Cx, args: &[Value]) -> LuaResult {
    let name = args::string(cx, args, 1, "os.getenv")?;
    // A name that the environment cannot hold is in no environment.
    if name.is_empty() || name.contains(&b'=') || name.contains(&0) {
        return Ok(Value::NIL);
    }
    let found = std::env::var_os(OsStr::from_bytes(&name));
    Ok(found.map_or(Value::NIL, |text| text.into_vec().into()))
}

/// `os.remove(name)`: a file or an empty directory.
///
/// # Errors
/// No string.
pub fn remove(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = args::string(cx, args, 1, "os.remove")?;
    let path = path(&name);
    let is_directory = std::fs::symlink_metadata(path).is_ok_and(|data| data.is_dir());
    let result = if is_directory { std::fs::remove_dir(path) } else { std::fs::remove_file(path) };
    Ok(outcome(cx, result, Some(&name)))
}

/// `os.rename(from, to)`
///
/// # Errors
/// No strings.
pub fn rename(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let from = args::string(cx, args, 1, "os.rename")?;
    let to = args::string(cx, args, 2, "os.rename")?;
    Ok(outcome(cx, std::fs::rename(path(&from), path(&to)), None))
}

/// `os.tmpname()`: the name of a new, empty file.
///
/// # Errors
/// No file can be made.
pub fn tmpname(cx: Cx, _: &[Value]) -> LuaResult {
    match temporary() {
        Some((name, _)) => Ok(name.into()),
        None => Err(cx.throw_text("unable to generate a unique filename")),
    }
}

/// A new file in the directory for temporary files, with its name.
pub(crate) fn temporary() -> Option<(String, std::fs::File)> {
    use std::hash::{BuildHasher, RandomState};
    for attempt in 0..100u32 {
        let bits = RandomState::new().hash_one(attempt);
        let name = format!("/tmp/lua_{:06x}", bits & 0xff_ffff);
        let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(&name);
        if let Ok(file) = file {
            return Some((name, file));
        }
    }
    None
}

/// `os.setlocale([locale [, category]])`: there is the C locale and no other.
///
/// # Errors
/// No string, an unknown category.
pub fn setlocale(cx: Cx, args: &[Value]) -> LuaResult {
    let categories = ["all", "collate", "ctype", "monetary", "numeric", "time"];
    let locale = args::optional_string(cx, args, 1, "os.setlocale")?;
    args::option(cx, args, 2, "os.setlocale", &categories, 0)?;
    let is_known = locale.is_none_or(|locale| matches!(&*locale, b"" | b"C" | b"POSIX"));
    Ok(if is_known { "C".into() } else { Value::NIL })
}

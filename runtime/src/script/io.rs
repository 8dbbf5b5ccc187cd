//! The `io` library of scripts, and their `print`: Lua's own, on standard streams and files.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};

use crate::cx::Cx;
use crate::error::LuaResult;
use crate::module::Field;
use crate::ops::text;
use crate::results::Multi;
use crate::script::file::{self, Handle, LuaFile};
use crate::script::output::{self, Standard};
use crate::script::state;
use crate::script::stream::{Buffering, SIZE, Stream};
use crate::stdlib::args;
use crate::stdlib::os_script::{failure, path, reason, temporary};
use crate::value::Value;

crate::library! {
    pub static IO = "io" {
        "close" => plain close,
        "flush" => plain flush,
        "input" => plain input,
        "lines" => plain lines,
        "open" => plain open,
        "output" => plain output,
        "popen" => plain popen,
        "read" => plain read,
        "stderr" => value Field::Computed(|cx| state::standard_file(cx, Standard::Error)),
        "stdin" => value Field::Computed(|cx| state::standard_file(cx, Standard::Input)),
        "stdout" => value Field::Computed(|cx| state::standard_file(cx, Standard::Output)),
        "tmpfile" => plain tmpfile,
        "type" => plain type_of,
        "write" => plain write,
    }
}

/// `print(...)`: tabs between, a line end behind, to standard output.
///
/// # Errors
/// What a `__tostring` raises.
pub fn print(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let mut line = Vec::new();
    for (index, value) in args.iter().enumerate() {
        if index > 0 {
            line.push(b'\t');
        }
        if let Some(text) = value.as_bytes().filter(|text| line.len() + text.len() > SIZE) {
            // Not copied: it may be as long as there is memory.
            for bytes in [&std::mem::take(&mut line), text] {
                let _ = Standard::Output.stream().write(bytes);
            }
        } else if !text::append(cx, &mut line, value) {
            let shown = text::tostring_value(cx, value)?;
            line.extend_from_slice(shown.as_bytes().unwrap_or_default());
        }
    }
    line.push(b'\n');
    // As in C, a reader that went away is not the program's concern.
    let _ = Standard::Output.stream().write(&line);
    Ok(())
}

/// `io.open(name [, mode])`
///
/// # Errors
/// Wrong arguments.
pub fn open(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let name = args::string(cx, args, 1, "io.open")?;
    let mode = args::optional_string(cx, args, 2, "io.open")?.unwrap_or(b"r"[..].into());
    let Some(options) = options(&mode) else {
        return Err(cx.throw_argument(2, "io.open", "invalid mode"));
    };
    Ok(match options.open(path(&name)) {
        Ok(file) if mode.first() == Some(&b'r') && mode.get(1) != Some(&b'+') => {
            let stream = RefCell::new(Stream::reader(file));
            Multi::one(cx, LuaFile::new_value(cx, Handle::Own(stream)))
        }
        Ok(file) => Multi::one(cx, new_file(cx, file)),
        Err(error) => failure(cx, &error, Some(&name)),
    })
}

fn new_file(cx: Cx, file: File) -> Value {
    LuaFile::new_value(cx, Handle::Own(RefCell::new(Stream::new(file, Buffering::Full))))
}

/// `[rwa]%+?b*`
fn options(mode: &[u8]) -> Option<OpenOptions> {
    let (kind, rest) = mode.split_first()?;
    let (updates, rest) = match rest.strip_prefix(b"+") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if rest.iter().any(|byte| *byte != b'b') {
        return None;
    }
    let mut options = OpenOptions::new();
    match kind {
        b'r' => options.read(true).write(updates),
        b'w' => options.write(true).create(true).truncate(true).read(updates),
        b'a' => options.append(true).create(true).read(updates),
        _ => return None,
    };
    Some(options)
}

/// `io.popen(command [, mode])`
///
/// # Errors
/// Wrong arguments.
pub fn popen(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    use std::os::unix::ffi::OsStrExt;
    let command = args::string(cx, args, 1, "io.popen")?;
    let mode = args::optional_string(cx, args, 2, "io.popen")?.unwrap_or(b"r"[..].into());
    output::flush();
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(std::ffi::OsStr::from_bytes(&command));
    let started = match &*mode {
        b"r" => shell.stdout(Stdio::piped()).spawn(),
        b"w" => shell.stdin(Stdio::piped()).spawn(),
        _ => return Err(cx.throw_argument(2, "io.popen", "invalid mode")),
    };
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return Ok(failure(cx, &error, Some(&command))),
    };
    let pipe: Option<OwnedFd> = match child.stdout.take() {
        Some(stdout) => Some(stdout.into()),
        None => child.stdin.take().map(Into::into),
    };
    let Some(pipe) = pipe else { return Ok(Multi::one(cx, Value::NIL)) };
    let stream = Stream::of_child(File::from(pipe), child);
    Ok(Multi::one(cx, LuaFile::new_value(cx, Handle::Own(RefCell::new(stream)))))
}

/// `io.tmpfile()`
///
/// # Errors
/// None.
pub fn tmpfile(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    Ok(match temporary() {
        Some((name, file)) => {
            // Open, it lives on without a name until it is closed.
            let _ = std::fs::remove_file(name);
            Multi::one(cx, new_file(cx, file))
        }
        None => failure(cx, &std::io::Error::last_os_error(), None),
    })
}

/// `io.type(v)`
///
/// # Errors
/// No argument.
pub fn type_of(cx: Cx, args: &[Value]) -> LuaResult {
    Ok(match args::any(cx, args, 1, "io.type")?.downcast::<LuaFile>() {
        Some(file) if file.is_closed() => "closed file".into(),
        Some(_) => "file".into(),
        None => Value::NIL,
    })
}

/// The default input or output, which must be open.
fn default_file(cx: Cx, standard: Standard) -> LuaResult {
    let value = state::default_file(cx, standard);
    if value.downcast::<LuaFile>().is_none_or(LuaFile::is_closed) {
        let name = if standard == Standard::Input { "input" } else { "output" };
        return Err(cx.throw_text(format!("standard {name} file is closed")));
    }
    Ok(value)
}

/// `io.close([file])`
///
/// # Errors
/// No open file.
pub fn close(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = if args.is_empty() {
        default_file(cx, Standard::Output)?
    } else {
        file::any_file(cx, args, 1, "io.close")?;
        args.first().cloned().unwrap_or_default()
    };
    match value.downcast::<LuaFile>() {
        Some(file) if !file.is_closed() => Ok(file.close(cx)),
        _ => Err(file::closed(cx)),
    }
}

/// `io.write(...)`
///
/// # Errors
/// What is neither string nor number.
pub fn write(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = default_file(cx, Standard::Output)?;
    match value.downcast::<LuaFile>() {
        Some(file) => file::write_to(cx, file, value.clone(), args, 1, "io.write"),
        None => Err(file::closed(cx)),
    }
}

/// `io.read(...)`
///
/// # Errors
/// Wrong formats.
pub fn read(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let value = default_file(cx, Standard::Input)?;
    match value.downcast::<LuaFile>() {
        Some(file) => file::read_from(cx, file, args, 1, "io.read"),
        None => Err(file::closed(cx)),
    }
}

/// `io.flush()`
///
/// # Errors
/// A closed output.
pub fn flush(cx: Cx, _: &[Value]) -> LuaResult<Multi> {
    let value = default_file(cx, Standard::Output)?;
    let flushed = value.downcast::<LuaFile>().and_then(|file| file.with(Stream::flush));
    Ok(crate::stdlib::os_script::outcome(cx, flushed.ok_or_else(|| file::closed(cx))?, None))
}

/// `io.lines([name, ...])`
///
/// # Errors
/// A file that cannot be opened.
pub fn lines(cx: Cx, args: &[Value]) -> LuaResult {
    if args::present(args, 1).is_none() {
        let file = default_file(cx, Standard::Input)?;
        return Ok(file::lines_of(cx, file, false, args.get(1..).unwrap_or_default()));
    }
    let name = args::string(cx, args, 1, "io.lines")?;
    let file = open_checked(cx, &name, OpenOptions::new().read(true))?;
    Ok(file::lines_of(cx, file, true, args.get(1..).unwrap_or_default()))
}

fn open_checked(cx: Cx, name: &[u8], options: &OpenOptions) -> LuaResult {
    options.open(path(name)).map(|file| new_file(cx, file)).map_err(|error| {
        let name = String::from_utf8_lossy(name);
        cx.throw_text(format!("cannot open file '{name}' ({})", reason(&error)))
    })
}

/// `io.input([file])`
///
/// # Errors
/// A file that cannot be opened.
pub fn input(cx: Cx, args: &[Value]) -> LuaResult {
    redirect(cx, args, Standard::Input, "io.input", OpenOptions::new().read(true))
}

/// `io.output([file])`
///
/// # Errors
/// A file that cannot be opened.
pub fn output(cx: Cx, args: &[Value]) -> LuaResult {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    redirect(cx, args, Standard::Output, "io.output", &options)
}

/// Sets the default file if one is given; the default file.
fn redirect(
    cx: Cx,
    args: &[Value],
    standard: Standard,
    function: &'static str,
    options: &OpenOptions,
) -> LuaResult {
    if let Some(value) = args::present(args, 1) {
        let file = match value.as_bytes() {
            Some(name) => open_checked(cx, name, options)?,
            None => {
                file::any_file(cx, args, 1, function)?;
                value.clone()
            }
        };
        state::set_default_file(cx, standard, file);
    }
    Ok(state::default_file(cx, standard))
}

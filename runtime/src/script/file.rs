//! File handles as Lua values, and their methods.

use std::cell::RefCell;
use std::io::{self, SeekFrom};

use crate::cx::Cx;
use crate::error::{LuaResult, Thrown};
use crate::function::{Closure, Entry, FunctionDef};
use crate::module::{Field, Module};
use crate::ops::{number, text};
use crate::results::{Args, Multi};
use crate::script::output::Standard;
use crate::script::state;
use crate::script::stream::{Buffering, SIZE, Stream};
use crate::stdlib::args;
use crate::stdlib::os_script::{ended, failure, outcome};
use crate::string::StaticStr;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::{Tag, Value};

/// What a handle refers to.
pub enum Handle {
    Standard(Standard),
    Own(RefCell<Stream>),
    Closed,
}

/// A method has no name of its own in messages: it is called by the one at the call site.
const METHOD: &str = "?";

/// A file handle.
pub struct LuaFile(RefCell<Handle>);

crate::library! {
    static METHODS = "FILE*" {
        "close" => plain close,
        "flush" => plain flush,
        "lines" => plain lines,
        "read" => plain read,
        "seek" => plain seek,
        "setvbuf" => plain setvbuf,
        "write" => plain write,
        "__gc" => plain collect,
        "__index" => value Field::Computed(metatable),
        "__name" => value {
            static NAME: StaticStr = StaticStr::new(b"FILE*");
            Field::String(&NAME)
        },
        "__tostring" => plain text_of,
    }
}

/// What `getmetatable(file)` gives: the methods as a table, which is its own `__index`.
pub fn metatable(cx: Cx) -> Value {
    let Some(state) = cx.script() else { return Value::NIL };
    state::ensure(&state.file_metatable, || {
        let table = crate::table::Table::new(cx);
        if let Some(fields) = table.as_table() {
            for (name, field) in METHODS.fields.iter().filter(|(name, _)| name.bytes() != b"__index") {
                // A name is never a refused key.
                let _ = fields.set(Value::static_str(name), field.value(cx));
            }
            fields.set_text("__index", table.clone());
        }
        table
    })
}

/// `__gc` as a function: closes what the program has forgotten to close.
fn collect(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let file = any_file(cx, args, 1, METHOD)?;
    if !file.is_closed() {
        file.close(cx);
    }
    Ok(())
}

/// `__tostring` as a function.
fn text_of(cx: Cx, args: &[Value]) -> LuaResult {
    any_file(cx, args, 1, METHOD).map(|file| file.to_text().unwrap_or_default().into())
}

impl Methods for LuaFile {
    const METHODS: &'static Module = &METHODS;
}

impl UserData for LuaFile {
    fn metatable(&self, cx: Cx) -> Option<Value> {
        let state = cx.script()?;
        Some(state.file_metatable.borrow().clone()).filter(|metatable| !metatable.is_nil())
    }

    fn to_text(&self) -> Option<Vec<u8>> {
        let text = match &*self.0.borrow() {
            Handle::Closed => "file (closed)".to_owned(),
            _ => format!("file ({:#x})", std::ptr::from_ref(self).addr()),
        };
        Some(text.into_bytes())
    }
}

impl LuaFile {
    pub fn new_value(cx: Cx, handle: Handle) -> Value {
        UserDataBox::new(cx, LuaFile(RefCell::new(handle)))
    }

    pub fn is_closed(&self) -> bool {
        matches!(&*self.0.borrow(), Handle::Closed)
    }

    /// Works on the stream; `None` if it is closed.
    pub fn with<R>(&self, work: impl FnOnce(&mut Stream) -> R) -> Option<R> {
        match &*self.0.borrow() {
            Handle::Closed => None,
            Handle::Standard(standard) => Some(work(&mut standard.stream())),
            Handle::Own(stream) => Some(work(&mut stream.borrow_mut())),
        }
    }

    /// Closes it: `true`, how the program at the other end ended, or the failure.
    pub fn close(&self, cx: Cx) -> Multi {
        if matches!(&*self.0.borrow(), Handle::Standard(_)) {
            return Multi::from_values(cx, [Value::NIL, "cannot close standard file".into()]);
        }
        let Handle::Own(stream) = self.0.replace(Handle::Closed) else {
            return Multi::one(cx, Value::TRUE);
        };
        let mut stream = stream.into_inner();
        let flushed = stream.flush();
        let child = stream.take_child();
        drop(stream);
        match child.map(|mut child| child.wait()) {
            Some(Ok(status)) => ended(cx, status),
            Some(Err(error)) => failure(cx, &error, None),
            None => outcome(cx, flushed, None),
        }
    }
}

/// The file among the arguments, open or not.
pub fn any_file<'a>(
    cx: Cx,
    args: &'a [Value],
    position: usize,
    function: &'static str,
) -> LuaResult<&'a LuaFile> {
    let found = args::get(args, position).and_then(Value::downcast::<LuaFile>);
    found.ok_or_else(|| args::wrong(cx, args, position, function, "FILE*"))
}

/// The open file that a method is called on.
fn receiver<'a>(cx: Cx, args: &'a [Value], function: &'static str) -> LuaResult<&'a LuaFile> {
    let file = any_file(cx, args, 1, function)?;
    if file.is_closed() { Err(closed(cx)) } else { Ok(file) }
}

#[cold]
pub fn closed(cx: Cx) -> Thrown {
    cx.throw_text("attempt to use a closed file")
}

fn close(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    receiver(cx, args, METHOD).map(|file| file.close(cx))
}

fn flush(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let file = receiver(cx, args, METHOD)?;
    let result = file.with(Stream::flush).ok_or_else(|| closed(cx))?;
    Ok(outcome(cx, result, None))
}

fn write(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let file = receiver(cx, args, METHOD)?;
    write_to(cx, file, args.first().cloned().unwrap_or_default(), args, 2, METHOD)
}

/// Writes the arguments from `first` on; gives back `value`, the file's.
pub fn write_to(
    cx: Cx,
    file: &LuaFile,
    value: Value,
    args: &[Value],
    first: usize,
    function: &'static str,
) -> LuaResult<Multi> {
    let mut bytes = Vec::new();
    let is_single = first == args.len();
    for position in first..=args.len() {
        match args::get(args, position) {
            // A single string goes out as it is, and so does a long one.
            Some(item)
                if item.as_bytes().is_some_and(|item| is_single || bytes.len() + item.len() > SIZE) =>
            {
                for bytes in [&std::mem::take(&mut bytes), item.as_bytes().unwrap_or_default()] {
                    let result = file.with(|stream| stream.write(bytes)).ok_or_else(|| closed(cx))?;
                    if result.is_err() {
                        return Ok(written(cx, result, value));
                    }
                }
            }
            Some(item) if append(cx, &mut bytes, item) => {}
            _ => return Err(args::wrong(cx, args, position, function, "string")),
        }
    }
    let result = file.with(|stream| stream.write(&bytes)).ok_or_else(|| closed(cx))?;
    Ok(written(cx, result, value))
}

/// The text of an argument. A float is written as `%.14g` has it, without the `.0` of `tostring`.
fn append(cx: Cx, bytes: &mut Vec<u8>, item: &Value) -> bool {
    match item.as_float() {
        Some(float) => bytes.extend(number::fourteen_digits(float).into_bytes()),
        None => return text::append(cx, bytes, item),
    }
    true
}

fn written(cx: Cx, result: io::Result<()>, value: Value) -> Multi {
    match result {
        Ok(()) => Multi::one(cx, value),
        Err(error) => failure(cx, &error, None),
    }
}

fn read(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let file = receiver(cx, args, METHOD)?;
    read_from(cx, file, args, 2, METHOD)
}

/// Reads by the formats that stand from `first` on.
pub fn read_from(
    cx: Cx,
    file: &LuaFile,
    args: &[Value],
    first: usize,
    function: &'static str,
) -> LuaResult<Multi> {
    let mut formats = Vec::new();
    for position in first..=args.len() {
        formats.push(Format::new(cx, args, position, function)?);
    }
    if formats.is_empty() {
        formats.push(Format::Line { keep_end: false });
    }
    let mut values = Args::new();
    for format in formats {
        match file.with(|stream| format.read(cx, stream)).ok_or_else(|| closed(cx))? {
            Ok(Some(value)) => values.push(value?),
            Ok(None) => {
                values.push(Value::NIL);
                break;
            }
            Err(error) => return Ok(failure(cx, &error, None)),
        }
    }
    Ok(Multi::from_values(cx, values))
}

/// What one argument of a read asks for.
enum Format {
    Number,
    Line { keep_end: bool },
    All,
    Bytes(usize),
}

impl Format {
    fn new(cx: Cx, args: &[Value], position: usize, function: &'static str) -> LuaResult<Format> {
        if args::get(args, position).is_some_and(|value| matches!(value.tag(), Tag::Integer | Tag::Float)) {
            let count = args::integer(cx, args, position, function)?;
            // In C less than nothing is more than there is memory for.
            let count = usize::try_from(count).map(Format::Bytes);
            return count.map_err(|_| cx.throw_text("not enough memory for buffer allocation"));
        }
        let text = args::string(cx, args, position, function)?;
        match text.strip_prefix(b"*").unwrap_or(&text).first() {
            Some(b'n') => Ok(Format::Number),
            Some(b'l') => Ok(Format::Line { keep_end: false }),
            Some(b'L') => Ok(Format::Line { keep_end: true }),
            Some(b'a') => Ok(Format::All),
            _ => Err(cx.throw_argument(position, function, "invalid format")),
        }
    }

    /// What is read; `None` at the end of the input, an error of Lua's if there is no memory for it.
    fn read(&self, cx: Cx, stream: &mut Stream) -> io::Result<Option<LuaResult>> {
        let text = match self {
            Format::Number => return read_number(stream).map(|number| number.map(Ok)),
            Format::Bytes(0) => return stream.peek().map(|byte| byte.map(|_| Ok(Value::string("")))),
            Format::Line { keep_end } => stream.read_line(*keep_end)?,
            Format::All => Some(stream.read_all()?),
            Format::Bytes(count) => stream.read_some(*count)?,
        };
        Ok(text.map(|text| text.finish(cx)))
    }
}

/// The longest numeral that is read.
const MAX_NUMERAL: usize = 200;

/// Reads the longest prefix of a numeral, then asks whether it is one.
fn read_number(stream: &mut Stream) -> io::Result<Option<Value>> {
    while matches!(stream.peek()?, Some(b' ' | b'\t'..=b'\r')) {
        stream.skip();
    }
    let mut numeral = Numeral { stream, text: Vec::new() };
    numeral.accept(b"+-")?;
    let mut digits = 0;
    let mut is_hex = false;
    if numeral.accept(b"0")? {
        is_hex = numeral.accept(b"xX")?;
        digits = usize::from(!is_hex);
    }
    digits += numeral.digits(is_hex)?;
    if numeral.accept(b".")? {
        digits += numeral.digits(is_hex)?;
    }
    if digits > 0 && numeral.accept(if is_hex { b"pP" } else { b"eE" })? {
        numeral.accept(b"+-")?;
        numeral.digits(false)?;
    }
    let text = numeral.text;
    Ok(if text.len() >= MAX_NUMERAL { None } else { number::parse(&text) })
}

struct Numeral<'a> {
    stream: &'a mut Stream,
    text: Vec<u8>,
}

impl Numeral<'_> {
    /// Takes the next byte if it is one of `set`.
    fn accept(&mut self, set: &[u8]) -> io::Result<bool> {
        self.take(|byte| set.contains(&byte))
    }

    fn digits(&mut self, is_hex: bool) -> io::Result<usize> {
        let mut count = 0;
        while self.take(|byte| if is_hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() })? {
            count += 1;
        }
        Ok(count)
    }

    fn take(&mut self, wanted: impl FnOnce(u8) -> bool) -> io::Result<bool> {
        match self.stream.peek()? {
            Some(byte) if self.text.len() < MAX_NUMERAL && wanted(byte) => {
                self.text.push(byte);
                self.stream.skip();
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

fn seek(cx: Cx, args: &[Value]) -> LuaResult<Multi> {
    let file = receiver(cx, args, METHOD)?;
    let whence = args::option(cx, args, 2, METHOD, &["set", "cur", "end"], 1)?;
    let offset = args::optional_integer(cx, args, 3, METHOD, 0)?;
    let to = match (whence, u64::try_from(offset)) {
        (0, Ok(offset)) => SeekFrom::Start(offset),
        (0, Err(_)) => return Ok(failure(cx, &io::Error::from_raw_os_error(libc::EINVAL), None)),
        (1, _) => SeekFrom::Current(offset),
        _ => SeekFrom::End(offset),
    };
    match file.with(|stream| stream.seek(to)).ok_or_else(|| closed(cx))? {
        Ok(at) => Ok(Multi::one(cx, Value::int(i64::try_from(at).unwrap_or(i64::MAX)))),
        Err(error) => Ok(failure(cx, &error, None)),
    }
}

fn setvbuf(cx: Cx, args: &[Value]) -> LuaResult {
    let file = receiver(cx, args, METHOD)?;
    args::string(cx, args, 2, METHOD)?;
    let buffering = match args::option(cx, args, 2, METHOD, &["no", "full", "line"], 0)? {
        0 => Buffering::No,
        1 => Buffering::Full,
        _ => Buffering::Line,
    };
    args::optional_integer(cx, args, 3, METHOD, 0)?;
    file.with(|stream| stream.set_buffering(buffering)).ok_or_else(|| closed(cx))?;
    Ok(Value::TRUE)
}

fn lines(cx: Cx, args: &[Value]) -> LuaResult {
    receiver(cx, args, METHOD)?;
    let file = args.first().cloned().unwrap_or_default();
    Ok(lines_of(cx, file, false, args.get(1..).unwrap_or_default()))
}

/// An iterator over what `formats` read from `file`; it closes the file at the end if it is its own.
pub fn lines_of(cx: Cx, file: Value, closes: bool, formats: &[Value]) -> Value {
    static NEXT: FunctionDef = FunctionDef {
        name: "lines",
        chunk: "[native]",
        line: 0,
        entry: Entry::Plain(next_line),
        getter: None,
    };
    // The file stands in front of its formats, as in the arguments of a read.
    let upvalues: Vec<Value> =
        [Value::bool(closes), file].into_iter().chain(formats.iter().cloned()).collect();
    Closure::from_vec(cx, &NEXT, upvalues)
}

fn next_line(cx: Cx, this: &Value, _: &[Value]) -> LuaResult<Multi> {
    let count = this.as_closure().map_or(0, Closure::count);
    let args: Args = (1..count).map(|index| this.upvalue(index)).collect();
    let Some(file) = args.first().and_then(Value::downcast::<LuaFile>) else {
        return Ok(Multi::none(cx));
    };
    if file.is_closed() {
        return Err(cx.throw_text("file is already closed"));
    }
    let values = read_from(cx, file, &args, 2, METHOD)?.into_args(cx);
    if values.first().is_some_and(Value::truthy) {
        return Ok(Multi::from_values(cx, values));
    }
    if let Some(message) = values.get(1).and_then(Value::as_bytes) {
        return Err(cx.throw_text(message));
    }
    if this.upvalue(0).truthy() {
        let _ = file.close(cx);
    }
    Ok(Multi::none(cx))
}

//! The `logger` module and the global `print`: lines of the program's log.

use serde_json::Value as Json;

use crate::cx::Cx;
use crate::error::{AtResult, ErrorObject, LuaResult, Site};
use crate::heap::Tally;
use crate::host::host_data;
use crate::host::log::{Fields, Level};
use crate::module::Module;
use crate::ops::text;
use crate::stdlib::args;
use crate::userdata::{Methods, UserData, UserDataBox};
use crate::value::{Tag, Value};

crate::library! {
    pub static LOGGER = "logger" {
        "debug" => plain |cx: Cx, args: &[Value]| debug(cx, args).finish(cx),
        "info" => plain |cx: Cx, args: &[Value]| info(cx, args).finish(cx),
        "warn" => plain |cx: Cx, args: &[Value]| warn(cx, args).finish(cx),
        "error" => plain |cx: Cx, args: &[Value]| error(cx, args).finish(cx),
        "with" => plain with,
        "named" => plain named,
    }
}

/// A logger made by `with` or `named`. The module itself is the plain one.
#[derive(Clone, Default)]
struct Logger {
    name: String,
    fields: Fields,
}

impl Methods for Logger {
    const METHODS: &'static Module = &LOGGER;
}

impl UserData for Logger {
    fn weigh(&self, tally: &mut Tally) {
        tally.add(self.name.capacity() + self.fields.capacity() * size_of::<(String, Json)>());
    }
}

/// A record that is about to be made. Emitted code tells it where it stands, and then it is made; other
/// calls say so before they call (`Cx::set_location`).
#[must_use = "nothing is logged before `at`"]
pub struct Record<'a> {
    args: &'a [Value],
    make: fn(Cx, &[Value]) -> LuaResult<()>,
}

impl Record<'_> {
    /// Makes it, at this place.
    ///
    /// # Errors
    /// A message that is no text, fields that are no table, what a `__tostring` raises.
    pub fn at(self, cx: Cx, site: &'static Site) -> LuaResult<()> {
        cx.set_location(site);
        AtResult::at(self.finish(cx), cx, site)
    }

    /// As [`Record::at`], for `return logger:info(...)`.
    ///
    /// # Errors
    /// As [`Record::at`].
    pub fn tail(self, cx: Cx, site: &'static Site) -> LuaResult<()> {
        cx.set_location(site);
        AtResult::tail(self.finish(cx), cx, site)
    }

    /// Makes it, wherever that is.
    ///
    /// # Errors
    /// As [`Record::at`].
    pub fn finish(self, cx: Cx) -> LuaResult<()> {
        let made = (self.make)(cx, self.args);
        cx.forget_location();
        made
    }
}

/// `logger:debug(message [, fields])`
pub fn debug(_: Cx, args: &[Value]) -> Record<'_> {
    Record { args, make: |cx, args| log(cx, args, Level::Debug, "debug") }
}

/// `logger:info(message [, fields])`
pub fn info(_: Cx, args: &[Value]) -> Record<'_> {
    Record { args, make: |cx, args| log(cx, args, Level::Info, "info") }
}

/// `logger:warn(message [, fields])`
pub fn warn(_: Cx, args: &[Value]) -> Record<'_> {
    Record { args, make: |cx, args| log(cx, args, Level::Warn, "warn") }
}

/// `logger:error(message [, fields])`
pub fn error(_: Cx, args: &[Value]) -> Record<'_> {
    Record { args, make: |cx, args| log(cx, args, Level::Error, "error") }
}

fn log(cx: Cx, args: &[Value], level: Level, function: &'static str) -> LuaResult<()> {
    let message = args::string(cx, args, 2, function)?;
    let call = if args.len() > 2 { Some(args::table(cx, args, 3, function)?) } else { None };
    let Some(system) = &cx.process().system else { return Ok(()) };
    let log = &host_data(system).log;
    if !log.takes(level) {
        return Ok(());
    }
    cx.spend_bytes(message.len())?;
    let logger = copy(cx, args)?;
    let mut fields = logger.fields;
    fields.extend(automatic(cx));
    let mut own = Fields::new();
    for (key, value) in call.map(crate::table::Table::entries).unwrap_or_default() {
        let Some(key) = key.as_bytes().map(|key| String::from_utf8_lossy(key).into_owned()) else { continue };
        // In an error record the field `error` comes first and is text.
        if level == Level::Error && key == "error" {
            own.insert(0, (key, shown(cx, &value)?.into()));
        } else {
            own.push((key, json(cx, &value, 0)?));
        }
    }
    fields.extend(own);
    log.record(level, &logger.name, &lossy(&message), &fields);
    Ok(())
}

/// `pid` and `location` of the calling line.
fn automatic(cx: Cx) -> Fields {
    let mut fields = vec![("pid".to_owned(), cx.process().pid_text().into())];
    if let Some(site) = cx.location() {
        fields.push(("location".to_owned(), format!("{}:{}", site.chunk.name, site.line).into()));
    }
    fields
}

/// What `tostring` gives.
fn shown(cx: Cx, value: &Value) -> LuaResult<String> {
    let text = text::tostring(cx, value)?;
    cx.spend_bytes(text.len())?;
    Ok(lossy(&text))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// So deep are tables followed.
const DEPTH: usize = 32;

/// A value as a field.
fn json(cx: Cx, value: &Value, depth: usize) -> LuaResult<Json> {
    Ok(match value.tag() {
        Tag::Nil => Json::Null,
        Tag::Boolean => value.truthy().into(),
        Tag::Integer => value.as_int().into(),
        Tag::Float => {
            let float = value.as_float().unwrap_or_default();
            crate::ops::number::float_to_int(float).map_or_else(|| float.into(), Json::from)
        }
        Tag::Table if depth < DEPTH => match value.as_table() {
            Some(table) if table.length() > 0 => {
                cx.spend_many(table.array_part().len())?;
                let mut items = Vec::new();
                for item in table.array() {
                    items.push(json(cx, &item, depth + 1)?);
                }
                Json::Array(items)
            }
            Some(table) => {
                cx.spend_many(table.slot_part().len())?;
                let mut fields = std::collections::BTreeMap::new();
                for (key, item) in table.entries() {
                    if let Some(key) = key.as_bytes() {
                        fields.insert(lossy(key), json(cx, &item, depth + 1)?);
                    }
                }
                Json::Object(fields.into_iter().collect())
            }
            None => Json::Null,
        },
        _ => match value.downcast::<ErrorObject>() {
            Some(error) => lossy(&error.message).into(),
            None => shown(cx, value)?.into(),
        },
    })
}

/// `logger:with(fields)`
///
/// # Errors
/// No table.
pub fn with(cx: Cx, args: &[Value]) -> LuaResult {
    let fields = args::table(cx, args, 2, "with")?;
    let mut logger = copy(cx, args)?;
    for (key, value) in fields.entries() {
        if let Some(key) = key.as_bytes() {
            logger.fields.push((lossy(key), json(cx, &value, 0)?));
        }
    }
    Ok(UserDataBox::new(cx, logger))
}

/// A copy of the logger that a method is called of.
fn copy(cx: Cx, args: &[Value]) -> LuaResult<Logger> {
    let Some(logger) = args.first().and_then(Value::downcast::<Logger>) else { return Ok(Logger::default()) };
    cx.spend_copy(logger.fields.len())?;
    cx.spend_bytes(logger.name.len())?;
    Ok(logger.clone())
}

/// `logger:named(name)`
///
/// # Errors
/// An empty name.
pub fn named(cx: Cx, args: &[Value]) -> LuaResult {
    let name = lossy(&args::string(cx, args, 2, "named")?);
    if name.is_empty() {
        return Err(cx.throw_argument(2, "named", "name cannot be empty"));
    }
    let mut logger = copy(cx, args)?;
    logger.name = if logger.name.is_empty() { name } else { format!("{}.{name}", logger.name) };
    Ok(UserDataBox::new(cx, logger))
}

/// `print(...)`: one record at info, the arguments joined by blanks.
pub fn print(_: Cx, args: &[Value]) -> Record<'_> {
    Record { args, make: print_now }
}

/// As [`print`], for calls through a value.
///
/// # Errors
/// What a `__tostring` raises.
pub fn print_now(cx: Cx, args: &[Value]) -> LuaResult<()> {
    let mut parts = Vec::new();
    for value in args {
        parts.push(shown(cx, value)?);
    }
    if let Some(system) = &cx.process().system {
        host_data(system).log.record(Level::Info, "", &parts.join(" "), &automatic(cx));
    }
    Ok(())
}

//! PUC Lua 5.3 as the `lua5.3` command runs a script: `lua53 script.lua args...`. The other side of
//! the differential tests; a process of its own, so that output, input and exit are the real ones.

use mlua::{Lua, MultiValue, Value};

/// What the command does around the script; its traceback is left out.
const COMMAND: &str = r#"
local path = arg[0]
local chunk, fault = loadfile(path)
if not chunk then
  io.stderr:write("lua: ", fault, "\n")
  os.exit(1, true)
end
local function text(e)
  if type(e) == "string" or type(e) == "number" then return tostring(e) end
  local meta = debug.getmetatable(e)
  if meta and meta.__tostring then
    local said = meta.__tostring(e)
    if type(said) == "string" then return said end
  end
  return "(error object is a " .. type(e) .. " value)"
end
local ok, e = xpcall(chunk, text, table.unpack(arg))
if not ok then
  io.stdout:flush()
  io.stderr:write("lua: ", e, "\n")
end
os.exit(ok and 0 or 1, true)
"#;

fn main() -> mlua::Result<()> {
    // SAFETY: the scripts are the tests' own; they need every library.
    let lua = unsafe { Lua::unsafe_new() };
    if let Some(limit) = std::env::var("MOONWRIGHT_LUA_MEMORY").ok().and_then(|limit| limit.parse().ok()) {
        lua.set_memory_limit(limit)?;
    }
    let arg = lua.create_table()?;
    for (argument, index) in std::env::args().zip(-1i64..) {
        arg.set(index, argument)?;
    }
    // `arg[0]` is the script, as under the command.
    lua.globals().set("arg", arg)?;
    let nothing: MultiValue = lua.load(COMMAND).set_name("=command").call(Value::Nil)?;
    drop(nothing);
    Ok(())
}

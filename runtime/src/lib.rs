//! What compiled applications call: Lua values, libraries and processes, on a thin layer of tokio.

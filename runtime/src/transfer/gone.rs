//! Values that leave their process as they are, because nobody else has them.

use super::copy::plain_copy;
use crate::cx::Cx;
use crate::heap::counted::LARGE;
use crate::string::LuaStr;
use crate::table::Table;
use crate::value::{Tag, Value};

/// A value that is on its way to another process as it was: it refers to nothing, or to what nobody else
/// has and what is in no heap's ring.
pub struct Gone(Value);

impl Gone {
    #[inline(always)]
    pub(super) fn into_value(self) -> Value {
        self.0
    }

    /// Takes the value out of its process, if it can go without being copied: a plain one, or a string or a
    /// flat table that nobody else has.
    #[inline(always)]
    pub fn take(cx: Cx, value: &mut Value) -> Option<Gone> {
        match plain_copy(value) {
            Some(copy) => Some(Gone(copy)),
            None if value.is_unshared() => Self::uproot(cx, value),
            None => None,
        }
    }

    #[inline(never)]
    fn uproot(cx: Cx, value: &mut Value) -> Option<Gone> {
        match (value.as_table(), value.as_lua_str()) {
            (Some(table), _) if leaves(table) => {
                // A process that is being ended is told so by the copy that is tried next.
                cx.spend_many(1 + table.array_part().len() + table.slot_part().len()).ok()?;
                cx.heap().disown(table);
            }
            (_, Some(string)) if string.room() < LARGE => {}
            _ => return None,
        }
        Some(Gone(std::mem::take(value)))
    }
}

/// Whether a table that nobody else has can leave its process as it is. A string in it that others have,
/// too, is replaced by a copy.
#[inline(always)]
fn leaves(table: &Table) -> bool {
    let mut shares = false;
    let mut stays_itself = |value: &Value| match value.tag() {
        Tag::String => value.as_lua_str().is_some_and(|string| {
            shares |= string.count() > 1;
            string.room() < LARGE
        }),
        tag => tag < Tag::StaticFunction,
    };
    let leaves = !table.is_dictionary()
        && !table.has_metatable()
        && !table.is_frozen()
        && table.array_part().iter().all(&mut stays_itself)
        && table.slot_part().iter().all(&mut stays_itself);
    if leaves && shares {
        stop_sharing(table);
    }
    leaves
}

#[cold]
fn stop_sharing(table: &Table) {
    let own = |value: &Value| {
        let shared = value.as_lua_str().filter(|string| string.count() > 1)?;
        Some(LuaStr::with_identity(shared.bytes(), shared.identity().unwrap_or(0)))
    };
    // SAFETY: copying a string comes back to no table.
    unsafe { table.replace_all(own) };
}

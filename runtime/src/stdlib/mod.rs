//! The standard library, one file per library.

use crate::cx::Cx;
use crate::table::Table;
use crate::value::Value;

/// A fresh global table.
pub fn new_globals(cx: Cx) -> Value {
    Table::new(cx)
}

//! The names of fields, methods and globals that a module uses: fields of its static `KEYS`, made by one
//! macro at the end. A static for each place would be an item of its own, which rustc checks one by one.

use std::collections::BTreeMap;

use crate::lower::names::{self, Items};

/// What a line of the macro may hold, as `rustfmt.toml` has it.
const WIDTH: usize = 110;

#[derive(Default)]
pub struct Keys {
    fields: BTreeMap<String, String>,
    taken: Items,
}

impl Keys {
    /// The field of `KEYS` for a name.
    pub fn field(&mut self, name: &str) -> String {
        if let Some(field) = self.fields.get(name) {
            return field.clone();
        }
        let field = self.taken.claim(&names::field_name(name));
        self.fields.insert(name.to_owned(), field.clone());
        field
    }

    /// `keys! { owner, balance, type_ = "type" }`; nothing where no name is used.
    pub fn emit(&self) -> String {
        if self.fields.is_empty() {
            return String::new();
        }
        let mut lines = Vec::new();
        let mut line = String::from("   ");
        for (name, field) in &self.fields {
            let entry = if name == field { format!(" {field},") } else { format!(" {field} = {name:?},") };
            if line.len() + entry.len() > WIDTH {
                lines.push(std::mem::replace(&mut line, String::from("   ")));
            }
            line.push_str(&entry);
        }
        lines.push(line);
        format!("\n// What it calls fields, methods and globals.\nkeys! {{\n{}\n}}\n", lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_field_of_its_own() {
        let mut keys = Keys::default();
        assert_eq!(keys.emit(), "");
        for (name, field) in [
            ("owner", "owner"),
            ("type", "type_"),
            ("gen", "gen_"),
            ("a b", "a_b"),
            ("a-b", "a_b_2"),
            ("2", "_2"),
            ("_", "__"),
        ] {
            assert_eq!(keys.field(name), field);
            assert_eq!(keys.field(name), field);
        }
        assert!(
            keys.emit().contains(
                "{\n    _2 = \"2\", __ = \"_\", a_b = \"a b\", a_b_2 = \"a-b\", gen_ = \"gen\", owner, type_ = \"type\",\n}"
            ),
            "{}",
            keys.emit()
        );
    }
}

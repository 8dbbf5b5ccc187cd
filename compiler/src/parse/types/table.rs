//! Table types: arrays, maps and records.

use super::TypeReader;
use crate::hir::{FieldType, Type, TypeKind};
use crate::parse::cursor::Parsed;
use crate::parse::lexer::TokenKind;

impl TypeReader<'_, '_> {
    /// `{T}`, `{[K]: V}`, `{a: T, b?: U}`, `{}`; the cursor stands at the `{`.
    pub(super) fn table(&mut self) -> Parsed<TypeKind> {
        let is_array = !matches!(self.cursor.text(1), "}" | "[") && !self.is_field(1);
        if is_array {
            return self.array();
        }
        let start = self.cursor.start();
        self.cursor.bump();
        let (mut maps, mut fields) = (Vec::new(), Vec::new());
        while !self.cursor.take("}") {
            match self.cursor.text(0) {
                "[" => maps.push(self.map_entry()?),
                _ => fields.push(self.field()?),
            }
            self.separator()?;
        }
        let span = self.cursor.span_from(start);
        // A record with map entries is both at once.
        let mut parts = maps;
        if parts.is_empty() || !fields.is_empty() {
            parts.push(Type { kind: TypeKind::Record(fields), span });
        }
        if parts.len() > 1 {
            return Ok(TypeKind::Intersection(parts));
        }
        Ok(parts.pop().map_or(TypeKind::Record(Vec::new()), |part| part.kind))
    }

    fn array(&mut self) -> Parsed<TypeKind> {
        self.cursor.bump();
        let element = self.ty()?;
        if !self.cursor.is("}") {
            return self.fault(
                "`}` expected in a type",
                "An array type has one element type and nothing else: `{string}`. In a record every field is `name: Type`.",
                "Close the brace, or name the fields.",
            );
        }
        self.cursor.bump();
        Ok(TypeKind::Array(Box::new(element)))
    }

    /// `{a: T}` of an `interface {...}`; the cursor stands at the `{`.
    pub(super) fn record_fields(&mut self) -> Parsed<Vec<FieldType>> {
        self.cursor.bump();
        let mut fields = Vec::new();
        while !self.cursor.take("}") {
            fields.push(self.field()?);
            self.separator()?;
        }
        Ok(fields)
    }

    fn is_field(&self, ahead: usize) -> bool {
        matches!(self.cursor.kind(ahead), Some(TokenKind::Name | TokenKind::Keyword))
            && matches!(self.cursor.text(ahead + 1), ":" | "?:")
    }

    /// `name: T` or `name?: T`
    pub(super) fn field(&mut self) -> Parsed<FieldType> {
        let name = self.name("A record's field is `name: Type`; it is no reserved word of Lua.")?;
        let is_optional = self.cursor.is("?:");
        if !self.cursor.take("?:") {
            self.expect(":", "a record's field")?;
        }
        Ok(FieldType { name, is_optional, ty: self.ty()? })
    }

    /// `[K]: V`
    fn map_entry(&mut self) -> Parsed<Type> {
        let start = self.cursor.start();
        self.cursor.bump();
        let key = Box::new(self.ty()?);
        self.expect("]", "a map's key")?;
        self.expect(":", "a map")?;
        let value = Box::new(self.ty()?);
        Ok(Type { kind: TypeKind::Map { key, value }, span: self.cursor.span_from(start) })
    }

    /// A comma or semicolon between fields; none is needed before the `}`.
    fn separator(&mut self) -> Parsed<()> {
        if self.cursor.take(",") || self.cursor.take(";") || self.cursor.is("}") {
            return Ok(());
        }
        self.fault(
            "`,` or `}` expected in a type",
            "The fields of a record are separated by commas.",
            "Separate the fields with a comma, or close the brace.",
        )
    }
}

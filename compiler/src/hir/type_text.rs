//! Types as text, in one spelling for each kind.

use std::fmt::{self, Display, Formatter};

use super::{FieldType, Type, TypeKind};

impl Display for FieldType {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} {}", self.name, if self.is_optional { "?:" } else { ":" }, self.ty)
    }
}

impl Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TypeKind::Named { path, arguments } => {
                f.write_str(&path.join("."))?;
                if arguments.is_empty() { Ok(()) } else { write!(f, "<{}>", List(arguments)) }
            }
            TypeKind::Nil => f.write_str("nil"),
            TypeKind::Boolean(value) => write!(f, "{value}"),
            TypeKind::String(text) => write!(f, "{text:?}"),
            TypeKind::Integer(value) => write!(f, "{value}"),
            TypeKind::Float(value) => write!(f, "{value:?}"),
            TypeKind::Optional(inner) => write!(f, "{}?", Grouped(inner)),
            TypeKind::Union(members) => operators(f, members, " | "),
            TypeKind::Intersection(members) => operators(f, members, " & "),
            TypeKind::Array(element) => write!(f, "{{{element}}}"),
            TypeKind::Map { key, value } => write!(f, "{{[{key}]: {value}}}"),
            TypeKind::Record(fields) => write!(f, "{{{}}}", List(fields)),
            TypeKind::Tuple(types) => write!(f, "({})", List(types)),
            TypeKind::Function { params, variadic, results } => {
                let mut shown: Vec<String> = params
                    .iter()
                    .map(|(name, ty)| match name {
                        Some(name) => format!("{name}: {ty}"),
                        None => ty.to_string(),
                    })
                    .collect();
                shown.extend(variadic.iter().map(|ty| format!("...{ty}")));
                write!(f, "({}) -> ", shown.join(", "))?;
                match results.as_slice() {
                    [result] => write!(f, "{result}"),
                    results => write!(f, "({})", List(results)),
                }
            }
            TypeKind::Interface(fields) => write!(f, "interface {{{}}}", List(fields)),
            TypeKind::Readonly(inner) => write!(f, "readonly {inner}"),
            TypeKind::Typeof(text) => write!(f, "typeof({text})"),
            TypeKind::Keyof(inner) => write!(f, "keyof({inner})"),
            TypeKind::FieldOf { base, field } => write!(f, "{}[{field:?}]", Grouped(base)),
            TypeKind::Conditional { subject, bound, then, otherwise } => {
                write!(f, "{} extends {} ? {then} : {otherwise}", Grouped(subject), Grouped(bound))
            }
            TypeKind::Asserts { name, ty } => match ty {
                Some(ty) => write!(f, "asserts {name} is {ty}"),
                None => write!(f, "asserts {name}"),
            },
            TypeKind::Annotated { base, validator, arguments } => {
                write!(f, "{} @{validator}", Grouped(base))?;
                if arguments.is_empty() { Ok(()) } else { write!(f, "({})", arguments.join(", ")) }
            }
        }
    }
}

struct List<'a, T>(&'a [T]);

impl<T: Display> Display for List<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, item) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{item}")?;
        }
        Ok(())
    }
}

fn operators(f: &mut Formatter<'_>, members: &[Type], operator: &str) -> fmt::Result {
    for (at, member) in members.iter().enumerate() {
        let operator = if at == 0 { "" } else { operator };
        write!(f, "{operator}{}", Grouped(member))?;
    }
    Ok(())
}

/// In parentheses where an operator would otherwise take it apart.
struct Grouped<'a>(&'a Type);

impl Display for Grouped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let is_loose = matches!(
            self.0.kind,
            TypeKind::Union(_)
                | TypeKind::Intersection(_)
                | TypeKind::Function { .. }
                | TypeKind::Conditional { .. }
        );
        if is_loose { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

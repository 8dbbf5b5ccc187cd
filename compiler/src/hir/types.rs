//! Types as data: what annotations, declarations and casts say. They promise nothing at run time.

use super::ExprId;
use crate::source::Span;

/// `e as T`, `e :: T` or `e!`.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The operand, without a `Single` around it.
    pub expr: ExprId,
    /// `None`: `!`, not nil.
    pub to: Option<Type>,
    /// The cast without its operand.
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct TypeDeclaration {
    pub name: String,
    pub parameters: Vec<(String, Option<Type>)>,
    /// `None` for an interface.
    pub body: Option<Type>,
    /// The interfaces an interface extends.
    pub supers: Vec<Type>,
    /// The methods and fields of an interface; a method's type is a function type.
    pub members: Vec<FieldType>,
    pub span: Span,
}

/// A type as it was written (spec 1.6).
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    pub kind: TypeKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `string`, `Point`, `mod.Point`, `Box<T>`.
    Named {
        path: Vec<String>,
        arguments: Vec<Type>,
    },
    Nil,
    Boolean(bool),
    String(String),
    Integer(i64),
    Float(f64),
    Optional(Box<Type>),
    Union(Vec<Type>),
    Intersection(Vec<Type>),
    Array(Box<Type>),
    Map {
        key: Box<Type>,
        value: Box<Type>,
    },
    Record(Vec<FieldType>),
    Tuple(Vec<Type>),
    Function {
        params: Vec<(Option<String>, Type)>,
        variadic: Option<Box<Type>>,
        results: Vec<Type>,
    },
    Interface(Vec<FieldType>),
    Readonly(Box<Type>),
    /// `typeof(e)`: the expression's text.
    Typeof(String),
    Keyof(Box<Type>),
    /// `T["field"]`
    FieldOf {
        base: Box<Type>,
        field: String,
    },
    Conditional {
        subject: Box<Type>,
        bound: Box<Type>,
        then: Box<Type>,
        otherwise: Box<Type>,
    },
    Asserts {
        name: String,
        ty: Option<Box<Type>>,
    },
    /// `T @min(0)`: the validator's name and its arguments' texts.
    Annotated {
        base: Box<Type>,
        validator: String,
        arguments: Vec<String>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct FieldType {
    pub name: String,
    pub is_optional: bool,
    pub ty: Type,
}

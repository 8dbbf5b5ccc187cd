//! What the pre-pass read in a file and full_moon will not see: types, casts, attributes.
//!
//! Everything is filed under a byte offset that the tree knows as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::{Type, TypeDeclaration};
use crate::source::Span;

/// The attribute of a local variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    Const,
    Close,
}

/// What a function's head says beside the names of its parameters.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    pub type_parameters: Vec<(String, Option<Type>)>,
    /// The type behind `...:`.
    pub variadic: Option<Type>,
    pub results: Option<Vec<Type>>,
}

/// `e as T`, `e :: T` or `e!`.
#[derive(Clone, Debug)]
pub struct CastNote {
    /// `None`: `!`, not nil.
    pub to: Option<Type>,
    /// The cast without its operand.
    pub span: Span,
}

#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// By the first byte of the variable's name.
    pub attributes: BTreeMap<usize, Attribute>,
    /// Declared types of locals and parameters, by the first byte of the name.
    pub types: BTreeMap<usize, Type>,
    /// By the byte of the `(` of the parameters.
    pub signatures: BTreeMap<usize, Signature>,
    /// By the byte behind the operand; several casts of one operand in order.
    pub casts: BTreeMap<usize, Vec<CastNote>>,
    /// First bytes of the `break`s that stand in mid-block: full_moon reads a label there.
    pub breaks: BTreeSet<usize>,
    /// In source order.
    pub declarations: Vec<TypeDeclaration>,
    /// Bytes of the expressions inside `typeof(...)`.
    pub typeofs: Vec<Span>,
    /// Brackets that begin a line behind a `)`: they call what stands above, meant or not.
    pub ambiguous_calls: Vec<Span>,
}

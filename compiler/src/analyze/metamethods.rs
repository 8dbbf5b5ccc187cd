//! The metamethods, by what runs them.

/// What runs a metamethod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Arithmetic,
    Concat,
    Length,
    Compare,
    /// Reading a field.
    Index,
    /// Assigning a field.
    Assign,
    Call,
    /// The end of a block.
    Close,
    /// `pairs`.
    Pairs,
}

/// Every metamethod that may run Lua code of the program in the middle of something else.
pub const METAMETHODS: [(&str, Use); 24] = [
    ("__add", Use::Arithmetic),
    ("__sub", Use::Arithmetic),
    ("__mul", Use::Arithmetic),
    ("__div", Use::Arithmetic),
    ("__mod", Use::Arithmetic),
    ("__pow", Use::Arithmetic),
    ("__unm", Use::Arithmetic),
    ("__idiv", Use::Arithmetic),
    ("__band", Use::Arithmetic),
    ("__bor", Use::Arithmetic),
    ("__bxor", Use::Arithmetic),
    ("__shl", Use::Arithmetic),
    ("__shr", Use::Arithmetic),
    ("__bnot", Use::Arithmetic),
    ("__concat", Use::Concat),
    ("__len", Use::Length),
    ("__eq", Use::Compare),
    ("__lt", Use::Compare),
    ("__le", Use::Compare),
    ("__index", Use::Index),
    ("__newindex", Use::Assign),
    ("__call", Use::Call),
    ("__close", Use::Close),
    ("__pairs", Use::Pairs),
];

//! The resolved program of one Lua file: every name is a local, an upvalue or a global by now.
//!
//! Data only. Nodes live in the vectors of a [`Unit`] and are named by typed ids, so that every
//! fact about them can live in a side table of its own (`analyze`). Types are kept for later work;
//! they promise nothing at run time.

mod print;
mod type_text;
mod types;
mod verify;
pub mod visit;

pub use print::print;
pub use types::{Cast, FieldType, Type, TypeDeclaration, TypeKind};
pub use verify::verify;

use crate::ids;
use crate::index::{Id, IdVec};
use crate::source::{FileId, Span};

ids! {
    /// A function of the unit; the chunk itself is one.
    pub struct FunctionId = "fn";
    /// A local variable, parameter or loop variable.
    pub struct LocalId = "local";
    /// An expression.
    pub struct ExprId = "expr";
    /// A label that some `goto` may name.
    pub struct LabelId = "label";
    /// A loop, so that `break` says which one it leaves.
    pub struct LoopId = "loop";
}

/// The number of an id alone, for texts where its kind is clear.
struct Index<I>(I);

impl<I: Id> std::fmt::Display for Index<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.index())
    }
}

/// One Lua file of the application, resolved.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The id of the entry: the chunk name of every error position (`app:relay`).
    pub entry: String,
    pub file: FileId,
    pub functions: IdVec<FunctionId, Function>,
    pub locals: IdVec<LocalId, Local>,
    pub exprs: IdVec<ExprId, Expr>,
    pub labels: IdVec<LabelId, Label>,
    pub loops: IdVec<LoopId, Loop>,
    /// The chunk: a vararg function without parameters or captures.
    pub chunk: FunctionId,
    /// `type` and `interface` declarations, in source order.
    pub types: Vec<TypeDeclaration>,
    /// What `as`, `::` and `!` claim about expressions, in source order. They change no value.
    pub casts: Vec<Cast>,
}

#[derive(Clone, Debug)]
pub struct Function {
    /// The Lua name it was written under: `main`, `M.pad`, `Account:deposit`; `None` if anonymous.
    pub name: Option<String>,
    /// The function whose body contains this one; `None` for the chunk.
    pub parent: Option<FunctionId>,
    /// Parameters in order; a method's `self` is the first.
    pub params: Vec<LocalId>,
    pub is_vararg: bool,
    /// Locals of enclosing functions that this one, or a function inside it, uses: in order of
    /// first use, each once.
    pub captures: Vec<LocalId>,
    pub body: Block,
    /// From `function` to `end`; the whole file for the chunk.
    pub span: Span,
    /// Declared result types, unchecked.
    pub result_types: Option<Vec<Type>>,
    /// `<T, U: Bound>` of a generic function.
    pub type_parameters: Vec<(String, Option<Type>)>,
    /// The type behind `...:`.
    pub vararg_type: Option<Type>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalKind {
    Param,
    /// `local x`, also with `<const>`.
    Variable,
    /// `local function f`.
    Function,
    /// A variable of a numeric or generic `for`.
    ForVariable,
    /// `local x <close>`.
    ToBeClosed,
}

#[derive(Clone, Debug)]
pub struct Local {
    pub name: String,
    pub kind: LocalKind,
    /// The function that declares it.
    pub owner: FunctionId,
    /// Where the name stands in its declaration.
    pub span: Span,
    /// Written again after its declaration, anywhere.
    pub is_reassigned: bool,
    /// Used by a function inside its owner.
    pub is_captured: bool,
    /// Read anywhere at all.
    pub is_read: bool,
    pub ty: Option<Type>,
}

#[derive(Clone, Debug)]
pub struct Label {
    pub name: String,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Loop {
    pub span: Span,
    /// Some `break` names it.
    pub has_break: bool,
}

pub type Block = Vec<Stmt>;

#[derive(Clone, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    /// `local a, b = e1, e2`. In `local f = function ... end` with one name and one function
    /// expression, the name is in scope inside the function.
    Local {
        locals: Vec<LocalId>,
        values: Vec<ExprId>,
    },
    /// `local function f`: `f` is in scope inside.
    LocalFunction {
        local: LocalId,
        function: FunctionId,
    },
    /// `a, t[k] = e1, e2`; also `function a.b()` with one target and one function expression.
    /// Targets are places: `Local`, `Upvalue`, `Global`, `Field`, `Index`.
    Assign {
        targets: Vec<ExprId>,
        values: Vec<ExprId>,
    },
    /// A call or method call whose results are dropped.
    Call(ExprId),
    Do(Block),
    While {
        id: LoopId,
        condition: ExprId,
        body: Block,
    },
    /// The condition sees the body's locals.
    Repeat {
        id: LoopId,
        body: Block,
        condition: ExprId,
    },
    /// `if` and its `elseif`s in order; `otherwise` is the `else` block.
    If {
        arms: Vec<(ExprId, Block)>,
        otherwise: Option<Block>,
    },
    NumericFor {
        id: LoopId,
        variable: LocalId,
        start: ExprId,
        limit: ExprId,
        step: Option<ExprId>,
        body: Block,
    },
    GenericFor {
        id: LoopId,
        variables: Vec<LocalId>,
        values: Vec<ExprId>,
        body: Block,
    },
    Return(Vec<ExprId>),
    Break(LoopId),
    Goto(LabelId),
    Label(LabelId),
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    /// The whole expression. Errors are placed on the line of its start (spec 3.2.3).
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Nil,
    True,
    False,
    Integer(i64),
    Float(f64),
    /// The bytes after escapes; any bytes.
    String(Vec<u8>),
    /// `...`
    Vararg,
    Function(FunctionId),
    /// A local of the function it stands in.
    Local(LocalId),
    /// A local of an enclosing function.
    Upvalue(LocalId),
    Global(String),
    /// `base.name`, or `base["name"]` where the text is valid UTF-8.
    Field {
        base: ExprId,
        name: String,
    },
    Index {
        base: ExprId,
        key: ExprId,
    },
    Call {
        callee: ExprId,
        args: Vec<ExprId>,
    },
    /// `receiver:name(args)`
    MethodCall {
        receiver: ExprId,
        name: String,
        args: Vec<ExprId>,
    },
    Unary {
        op: UnaryOp,
        operand: ExprId,
    },
    Binary {
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
    },
    And {
        left: ExprId,
        right: ExprId,
    },
    Or {
        left: ExprId,
        right: ExprId,
    },
    /// A whole chain `a .. b .. c`, flattened, at least two operands.
    Concat(Vec<ExprId>),
    Table(Vec<TableItem>),
    /// `(e)`, `e as T`, `e!`: exactly one value. Kept only around what may give several.
    Single(ExprId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Negate,
    Not,
    Length,
    BitNot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl BinaryOp {
    /// Whether the result is a boolean.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Less
                | BinaryOp::LessEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterEqual
        )
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum TableItem {
    Positional(ExprId),
    Named { name: String, value: ExprId },
    Keyed { key: ExprId, value: ExprId },
}

//! Rust-shaped code: what `emit` turns into tokens without a thought about Lua.
//!
//! Whether something is awaited, boxed, cloned or shared has been decided. Names are Rust names.

use crate::library::Module as LibraryModule;

/// One Rust module: one Lua entry.
#[derive(Clone, Debug)]
pub struct Module {
    /// `app:relay`
    pub entry: String,
    /// `app_relay`
    pub name: String,
    /// `src/relay.lua`
    pub path: String,
    /// For a file of a script: its path as the runtime finds it.
    pub script: Option<String>,
    /// Lua name, first and last line of every named function, for tracebacks.
    pub lines: Vec<(String, u32, u32)>,
    /// The definition of the function that its processes begin with, if the chunk need not run first.
    pub entrance: Option<String>,
    /// The chunk first, then the functions in source order.
    pub functions: Vec<Function>,
}

/// How a function hands back its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    Unit,
    Value,
    Array(usize),
    Multi,
}

#[derive(Clone, Debug)]
pub struct Function {
    /// The Rust item.
    pub name: String,
    /// The static definition behind its value; `None` for the chunk.
    pub definition: Option<String>,
    /// What Lua calls it; empty if nothing.
    pub lua_name: String,
    /// First and last line.
    pub lines: (u32, u32),
    /// The Lua names of what it captures.
    pub captures: Vec<String>,
    pub is_chunk: bool,
    /// Whether the table of entries refers to its definition.
    pub is_entrance: bool,
    /// Why it may suspend; `None` for a plain function.
    pub reason: Option<String>,
    pub takes_this: bool,
    pub params: Vec<Param>,
    pub is_vararg: bool,
    pub returns: Returns,
    pub body: Block,
    /// Whether control reaches the end of the body.
    pub falls_through: bool,
}

/// A parameter, which may be a reference to what the caller holds.
#[derive(Clone, Debug)]
pub struct Param {
    pub binder: Binder,
    pub is_borrowed: bool,
}

/// A name being declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binder {
    pub name: String,
    pub is_mutable: bool,
}

pub type Block = Vec<Stmt>;

#[derive(Clone, Debug)]
pub enum Stmt {
    /// `// text`
    Comment(String),
    Blank,
    /// `let x = e;`
    Let(Binder, Expr),
    /// `let [a, b] = e;` The expression is an array.
    LetArray(Vec<Binder>, Expr),
    /// `x = e;`, or `*x = e;` where the name begins with an asterisk.
    Set(String, Expr),
    /// `[a, b] = e;`, the names likewise.
    SetArray(Vec<String>, Expr),
    /// `x.set(e);` of a shared variable.
    SetCell(String, Expr),
    /// `e;`
    Eval(Expr),
    If {
        arms: Vec<(Expr, Block)>,
        otherwise: Option<Block>,
    },
    While {
        label: Option<String>,
        condition: Expr,
        body: Block,
    },
    Loop {
        label: Option<String>,
        body: Block,
    },
    /// `for x in iterator { }`
    For {
        label: Option<String>,
        variable: Binder,
        iterator: Expr,
        body: Block,
    },
    /// `while let Some([a, b]) = next { }`
    Each {
        label: Option<String>,
        variables: Vec<Binder>,
        next: Expr,
        body: Block,
    },
    Block {
        label: Option<String>,
        body: Block,
    },
    /// Statements that are a function to rustc.
    Part(Box<Part>),
    Break(Option<String>),
    Continue(Option<String>),
    /// `return Ok(e);`
    Return(Expr),
    /// `return e;` of a `LuaResult`.
    ReturnResult(Expr),
    /// The statements behind `local x <close>`, and what follows their end.
    Scope(Box<Scope>),
}

/// Statements that run as a unit, because something is closed behind them.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The variable that holds how they ended.
    pub name: String,
    pub returns: Returns,
    pub is_async: bool,
    pub body: Block,
    pub falls_through: bool,
    /// The Rust variable to be closed.
    pub closed: Expr,
    pub site: Site,
    /// What `return` does behind them; `None` where they never return.
    pub on_return: Option<Block>,
    /// The jumps out of them, by number.
    pub jumps: Vec<Block>,
}

/// A part of a long function (`parts.rs`): called or awaited where it stands.
#[derive(Clone, Debug)]
pub struct Part {
    pub is_async: bool,
    pub body: Block,
    /// What its `return Scope::Returns(..)` hands over, and what is done with this `value`; `None` where it
    /// never returns.
    pub on_return: Option<(Returns, Block)>,
    /// The jumps out of it, by number.
    pub jumps: Vec<Block>,
    /// How it is written: a function item, or a closure or an async block where that is not possible.
    pub section: Option<Section>,
}

/// The function item of a part.
#[derive(Clone, Debug)]
pub struct Section {
    pub name: String,
    pub lends: Vec<Lent>,
}

/// A variable of the function that a part is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lent {
    pub name: String,
    pub kind: LentKind,
    /// It is a reference already.
    pub is_reference: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LentKind {
    /// `&Value`
    Value,
    /// `&mut Value`
    Mutable,
    /// `&Shared`
    Cell,
    /// `&[Value]`, which is a reference already.
    Varargs,
}

#[derive(Clone, Debug)]
pub enum Expr {
    /// `Value::NIL`
    Nil,
    /// `Value::TRUE`
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Vec<u8>),
    /// A Rust variable.
    Name(String),
    /// A Rust variable that is a reference: `let x = this.captured(0);`.
    Reference(String),
    /// `*x` of a variable that is a reference.
    Deref(String),
    /// The closure being run.
    This {
        is_reference: bool,
    },
    /// `x.get()` of a shared variable.
    CellGet(String),
    /// `x.capture()`
    CellCapture(String),
    /// `Shared::new(cx, e)`
    CellNew(Box<Expr>),
    /// `this.captured(0)`
    Captured(usize),
    /// `this.shared_upvalue(0)`
    SharedUpvalue(usize),
    Clone(Box<Expr>),
    /// `&e`
    Borrow(Box<Expr>),
    /// `&mut [..]`
    BorrowMut(Box<Expr>),
    /// `Value::function(&DEFINITION)`
    Function(String),
    /// `Closure::new(cx, &DEFINITION, [captures])`
    Closure {
        definition: String,
        captures: Vec<Expr>,
    },
    /// `Value::module(&time::TIME)`
    Module(&'static LibraryModule),
    /// `time::TIME.get(cx, b"sleep")`, a field whose value is known not to change.
    Library(&'static LibraryModule, &'static str),
    /// `&KEYS.messages`
    Key(String),
    /// `e.truthy()`
    Truthy(Box<Expr>),
    /// `Value::bool(e)`
    BoolValue(Box<Expr>),
    /// `!e`
    Not(Box<Expr>),
    /// `a && b`, `a || b`
    AndAlso(Box<Expr>, Box<Expr>),
    OrElse(Box<Expr>, Box<Expr>),
    /// `and!(a, b)`, `or!(a, b)`
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    /// `[a, b]`
    Array(Vec<Expr>),
    /// `(a, b)`
    Pair(Box<Expr>, Box<Expr>),
    Call(Box<Call>),
    /// `e.first()`, `e.adjust(cx)`
    Method {
        receiver: Box<Expr>,
        name: &'static str,
        args: Vec<Expr>,
    },
    /// A word of the emitter's: `cx`, `varargs`, `true`.
    Word(&'static str),
    /// `at!(24, local "u")`
    Site(Site),
    /// A path to an item: `crate::app_text::chunk`.
    Path(String),
    /// A plain `"text"` of Rust.
    Str(String),
    /// A number of Rust's, for the runtime's own parameters.
    Number(i64),
    /// `{ statements; value }`
    Block(Block, Box<Expr>),
}

/// A call of a Rust function.
#[derive(Clone, Debug)]
pub struct Call {
    /// `time::sleep`, `dim`, `self::dim`.
    pub path: String,
    pub args: Vec<Expr>,
    pub ending: Ending,
}

/// What follows the closing parenthesis.
#[derive(Clone, Debug)]
pub enum Ending {
    /// It cannot fail.
    Nothing,
    /// `.at(cx, at!(..))?`, with `.await` before the `?` if it may suspend.
    At { site: Site, is_boxed: bool, awaits: bool },
    /// The same in tail position, without the `?`: `.tail(cx, at!(..))`.
    Tail { site: Site, awaits: bool },
    /// `?`, with `.await` before it if it may suspend: the site is the last argument.
    Placed { awaits: bool },
    /// `.await` alone: the result is handed on as it is.
    Await,
    /// `?` alone: the caller's site places the error.
    Try,
}

/// A call site: the line, the function around it, and what its operands are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub line: u32,
    pub within: Within,
    pub names: Vec<Name>,
}

/// How a traceback learns which function a site is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// From its line.
    Line,
    /// The chunk itself, though functions share the line.
    Chunk,
    /// That function of the chunk's list, counted from 1.
    Function(usize),
}

/// How Lua's messages call an operand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    None,
    Local(String),
    Upvalue(String),
    Global(String),
    Field(String),
    Method(String),
    Constant(String),
}

impl Expr {
    /// Where an owned value is due: places are cloned, everything else is a value already.
    pub fn owned(self) -> Expr {
        match self {
            Expr::Name(_) | Expr::Reference(_) | Expr::This { .. } => Expr::Clone(Box::new(self)),
            other => other,
        }
    }

    /// Where the runtime takes either: places by reference, and new values are used up.
    pub fn operand(self) -> Expr {
        match self {
            Expr::Name(_) | Expr::Reference(_) | Expr::This { .. } => self.borrowed(),
            other => other,
        }
    }

    /// Where a reference is due.
    pub fn borrowed(self) -> Expr {
        match self {
            Expr::This { is_reference: true } | Expr::Reference(_) => self,
            other => Expr::Borrow(Box::new(other)),
        }
    }
}

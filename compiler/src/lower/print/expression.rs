//! Expressions of the Rust-shaped code, each on one line.

use super::inline;
use crate::lower::ir::{Call, Ending, Expr, Name, Site, Within};

pub fn list(items: impl Iterator<Item = String>, between: &str) -> String {
    items.collect::<Vec<_>>().join(between)
}

fn all(expressions: &[Expr]) -> String {
    list(expressions.iter().map(expression), ", ")
}

pub fn expression(expr: &Expr) -> String {
    match expr {
        Expr::Nil => "nil".to_owned(),
        Expr::Bool(value) => value.to_string(),
        Expr::Int(value) => value.to_string(),
        Expr::Float(value) => format!("{value:?}"),
        Expr::Text(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
        Expr::Name(name) | Expr::Reference(name) => name.clone(),
        Expr::Deref(name) => format!("*{name}"),
        Expr::Word(word) => (*word).to_owned(),
        Expr::Path(path) => path.clone(),
        Expr::Str(text) => format!("{text:?}"),
        Expr::Number(number) => number.to_string(),
        Expr::Key(name) => format!("key {name:?}"),
        Expr::Site(site) => self::site(site),
        Expr::Call(call) => self::call(call),
        Expr::Module(module) => format!("module {}", module.name),
        Expr::Library(module, name) => format!("library {}.{name}", module.name),
        Expr::Function(definition) => format!("function {definition}"),
        Expr::Closure { definition, captures } => format!("closure {definition} [{}]", all(captures)),
        Expr::This { is_reference: true } => "&this".to_owned(),
        Expr::This { is_reference: false } => "this".to_owned(),
        Expr::Captured(index) => format!("captured {index}"),
        Expr::SharedUpvalue(index) => format!("shared upvalue {index}"),
        _ => operation(expr),
    }
}

/// What is made of other expressions.
fn operation(expr: &Expr) -> String {
    match expr {
        Expr::CellGet(name) => format!("{name}.get"),
        Expr::CellCapture(name) => format!("{name}.capture"),
        Expr::CellNew(value) => format!("shared({})", expression(value)),
        Expr::Clone(value) => format!("{}.clone", expression(value)),
        Expr::Borrow(value) => format!("&{}", expression(value)),
        Expr::BorrowMut(value) => format!("&mut {}", expression(value)),
        Expr::Truthy(value) => format!("truthy({})", expression(value)),
        Expr::BoolValue(value) => format!("boolean({})", expression(value)),
        Expr::Not(value) => format!("!{}", expression(value)),
        Expr::AndAlso(left, right) => format!("({} && {})", expression(left), expression(right)),
        Expr::OrElse(left, right) => format!("({} || {})", expression(left), expression(right)),
        Expr::And(left, right) => format!("({} and {})", expression(left), expression(right)),
        Expr::Or(left, right) => format!("({} or {})", expression(left), expression(right)),
        Expr::Array(items) => format!("[{}]", all(items)),
        Expr::Pair(left, right) => format!("({}: {})", expression(left), expression(right)),
        Expr::Method { receiver, name, args } => format!("{}.{name}({})", expression(receiver), all(args)),
        Expr::Block(block, value) => format!("{{ {}; {} }}", inline(block), expression(value)),
        _ => String::new(),
    }
}

fn call(call: &Call) -> String {
    // Every function gets the handle; it says nothing here.
    let args = call.args.iter().filter(|argument| !matches!(argument, Expr::Word("cx")));
    let text = format!("{}({})", call.path, list(args.map(expression), ", "));
    match &call.ending {
        Ending::Nothing => text,
        Ending::At { site, is_boxed, awaits } => {
            let boxed = if *is_boxed { " boxed" } else { "" };
            let waits = if *awaits { " await" } else { "" };
            format!("{text} {}{boxed}{waits}?", self::site(site))
        }
        Ending::Tail { site, awaits } => {
            format!("{text} tail {}{}", self::site(site), if *awaits { " await" } else { "" })
        }
        Ending::Placed { awaits: true } => format!("{text} await?"),
        Ending::Placed { awaits: false } | Ending::Try => format!("{text}?"),
        Ending::Await => format!("{text} await"),
    }
}

fn site(site: &Site) -> String {
    let names = list(site.names.iter().map(name), ", ");
    let within = match site.within {
        Within::Line => String::new(),
        Within::Chunk => " in the chunk".to_owned(),
        Within::Function(number) => format!(" in function {number}"),
    };
    let names = if names.is_empty() { names } else { format!(" ({names})") };
    format!("@{}{within}{names}", site.line)
}

fn name(name: &Name) -> String {
    match name {
        Name::None => "?".to_owned(),
        Name::Local(name) => format!("local {name}"),
        Name::Upvalue(name) => format!("upvalue {name}"),
        Name::Global(name) => format!("global {name}"),
        Name::Field(name) => format!("field {name}"),
        Name::Method(name) => format!("method {name}"),
        Name::Constant(name) => format!("constant {name}"),
    }
}

//! HIR as text: one statement a line, every local with its id.

use std::fmt::Write;

use super::{
    BinaryOp, Block, Expr, ExprId, ExprKind, FunctionId, LocalId, LocalKind, Stmt, StmtKind, TableItem,
    UnaryOp, Unit,
};

/// The whole unit: its types, then each function with its body.
pub fn print(unit: &Unit) -> String {
    let mut printer = Printer { unit, text: String::new(), indent: 0 };
    printer.declarations();
    for (id, _) in unit.functions.iter() {
        printer.function(id);
    }
    printer.text
}

struct Printer<'a> {
    unit: &'a Unit,
    text: String,
    indent: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{:width$}{text}", "", width = self.indent * 2);
    }

    fn declarations(&mut self) {
        for declared in &self.unit.types {
            let word = if declared.body.is_some() { "type" } else { "interface" };
            let mut text = format!("{word} {}", declared.name);
            text.push_str(&type_parameters(&declared.parameters));
            if !declared.supers.is_empty() {
                let _ = write!(text, ": {}", joined(&declared.supers));
            }
            if let Some(body) = &declared.body {
                let _ = write!(text, " = {body}");
            }
            self.line(&text);
            for member in &declared.members {
                self.line(&format!("  {member}"));
            }
        }
    }

    fn function(&mut self, id: FunctionId) {
        let function = &self.unit.functions[id];
        let mut params: Vec<String> = function.params.iter().map(|local| self.declared(*local)).collect();
        if function.is_vararg {
            params.push(match &function.vararg_type {
                Some(ty) => format!("...: {ty}"),
                None => "...".to_owned(),
            });
        }
        let name = function.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        let generic = type_parameters(&function.type_parameters);
        let mut head = format!("{id:?}{name}{generic}({})", params.join(", "));
        if let Some(results) = &function.result_types {
            let _ = write!(head, ": ({})", joined(results));
        }
        if !function.captures.is_empty() {
            let captures: Vec<_> = function.captures.iter().map(|local| self.local(*local)).collect();
            let _ = write!(head, " captures {}", captures.join(", "));
        }
        self.line(&head);
        self.block(&function.body);
    }

    /// `name.local3`
    fn local(&self, id: LocalId) -> String {
        format!("{}.{}", self.unit.locals[id].name, super::Index(id))
    }

    /// A local where it is declared: with its type and what is known of its use.
    fn declared(&self, id: LocalId) -> String {
        let local = &self.unit.locals[id];
        let mut text = self.local(id);
        if local.kind == LocalKind::ToBeClosed {
            text.push_str(" <close>");
        }
        if let Some(ty) = &local.ty {
            let _ = write!(text, ": {ty}");
        }
        let marks: String = [(local.is_reassigned, '='), (local.is_captured, '^'), (!local.is_read, '?')]
            .iter()
            .filter(|(is_set, _)| *is_set)
            .map(|(_, mark)| mark)
            .collect();
        if !marks.is_empty() {
            let _ = write!(text, " [{marks}]");
        }
        text
    }

    fn block(&mut self, block: &Block) {
        self.indent += 1;
        for statement in block {
            self.statement(statement);
        }
        self.indent -= 1;
    }

    fn statement(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::Local { locals, values } => {
                let names: Vec<_> = locals.iter().map(|local| self.declared(*local)).collect();
                let assigned =
                    if values.is_empty() { String::new() } else { format!(" = {}", self.list(values)) };
                self.line(&format!("local {}{assigned}", names.join(", ")));
            }
            StmtKind::LocalFunction { local, function } => {
                self.line(&format!("local function {} = {function:?}", self.declared(*local)));
            }
            StmtKind::Assign { targets, values } => {
                self.line(&format!("{} = {}", self.list(targets), self.list(values)));
            }
            StmtKind::Call(call) => self.line(&self.expr(*call)),
            StmtKind::Do(body) => self.nested("do".to_owned(), body),
            StmtKind::While { id, condition, body } => {
                self.nested(format!("while {} do -- {id:?}", self.expr(*condition)), body);
            }
            StmtKind::Repeat { id, body, condition } => {
                self.line(&format!("repeat -- {id:?}"));
                self.block(body);
                self.line(&format!("until {}", self.expr(*condition)));
            }
            StmtKind::If { arms, otherwise } => {
                for (at, (condition, body)) in arms.iter().enumerate() {
                    let word = if at == 0 { "if" } else { "elseif" };
                    self.line(&format!("{word} {} then", self.expr(*condition)));
                    self.block(body);
                }
                if let Some(body) = otherwise {
                    self.line("else");
                    self.block(body);
                }
                self.line("end");
            }
            StmtKind::NumericFor { id, variable, start, limit, step, body } => {
                let bounds: Vec<_> =
                    [Some(start), Some(limit), step.as_ref()].into_iter().flatten().copied().collect();
                let head = format!("for {} = {} do -- {id:?}", self.declared(*variable), self.list(&bounds));
                self.nested(head, body);
            }
            StmtKind::GenericFor { id, variables, values, body } => {
                let names: Vec<_> = variables.iter().map(|local| self.declared(*local)).collect();
                let head = format!("for {} in {} do -- {id:?}", names.join(", "), self.list(values));
                self.nested(head, body);
            }
            StmtKind::Return(values) => self.line(format!("return {}", self.list(values)).trim_end()),
            StmtKind::Break(id) => self.line(&format!("break {id:?}")),
            StmtKind::Goto(label) => {
                self.line(&format!("goto {}.{}", self.unit.labels[*label].name, super::Index(*label)));
            }
            StmtKind::Label(label) => {
                self.line(&format!("::{}.{}::", self.unit.labels[*label].name, super::Index(*label)));
            }
        }
    }

    fn nested(&mut self, head: String, body: &Block) {
        self.line(&head);
        self.block(body);
        self.line("end");
    }

    fn list(&self, values: &[ExprId]) -> String {
        values.iter().map(|value| self.expr(*value)).collect::<Vec<_>>().join(", ")
    }

    /// Operators are bracketed, so that the tree shows.
    fn expr(&self, id: ExprId) -> String {
        let Expr { kind, .. } = &self.unit.exprs[id];
        match kind {
            ExprKind::Nil => "nil".to_owned(),
            ExprKind::True => "true".to_owned(),
            ExprKind::False => "false".to_owned(),
            ExprKind::Integer(value) => value.to_string(),
            ExprKind::Float(value) => format!("{value:?}"),
            ExprKind::String(bytes) => format!("\"{}\"", bytes.escape_ascii()),
            ExprKind::Vararg => "...".to_owned(),
            ExprKind::Function(function) => format!("{function:?}"),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Upvalue(local) => format!("^{}", self.local(*local)),
            ExprKind::Global(name) => name.clone(),
            ExprKind::Field { base, name } if is_name(name) => format!("{}.{name}", self.expr(*base)),
            ExprKind::Field { base, name } => format!("{}[{name:?}]", self.expr(*base)),
            ExprKind::Index { base, key } => format!("{}[{}]", self.expr(*base), self.expr(*key)),
            ExprKind::Call { callee, args } => format!("{}({})", self.expr(*callee), self.list(args)),
            ExprKind::MethodCall { receiver, name, args } => {
                format!("{}:{name}({})", self.expr(*receiver), self.list(args))
            }
            ExprKind::Unary { op, operand } => format!("({}{})", unary(*op), self.expr(*operand)),
            ExprKind::Binary { op, left, right } => {
                format!("({} {} {})", self.expr(*left), binary(*op), self.expr(*right))
            }
            ExprKind::And { left, right } => format!("({} and {})", self.expr(*left), self.expr(*right)),
            ExprKind::Or { left, right } => format!("({} or {})", self.expr(*left), self.expr(*right)),
            ExprKind::Concat(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.expr(*part)).collect();
                format!("({})", parts.join(" .. "))
            }
            ExprKind::Table(items) => {
                let items: Vec<_> = items.iter().map(|item| self.item(item)).collect();
                format!("{{{}}}", items.join(", "))
            }
            ExprKind::Single(inner) => format!("single({})", self.expr(*inner)),
        }
    }

    fn item(&self, item: &TableItem) -> String {
        match item {
            TableItem::Positional(value) => self.expr(*value),
            TableItem::Named { name, value } => format!("{name} = {}", self.expr(*value)),
            TableItem::Keyed { key, value } => format!("[{}] = {}", self.expr(*key), self.expr(*value)),
        }
    }
}

fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn joined(types: &[super::Type]) -> String {
    types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn type_parameters(parameters: &[(String, Option<super::Type>)]) -> String {
    if parameters.is_empty() {
        return String::new();
    }
    let parameters: Vec<_> = parameters
        .iter()
        .map(|(name, bound)| match bound {
            Some(bound) => format!("{name}: {bound}"),
            None => name.clone(),
        })
        .collect();
    format!("<{}>", parameters.join(", "))
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Negate => "-",
        UnaryOp::Not => "not ",
        UnaryOp::Length => "#",
        UnaryOp::BitNot => "~",
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::FloorDivide => "//",
        BinaryOp::Modulo => "%",
        BinaryOp::Power => "^",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "~",
        BinaryOp::ShiftLeft => "<<",
        BinaryOp::ShiftRight => ">>",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "~=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
    }
}

//! Statements and blocks.

use super::choice::Choice;
use super::program::Stmt;
use super::scope::{Kind, Scope};

const KINDS: &[Kind] =
    &[Kind::Int, Kind::Int, Kind::Float, Kind::Text, Kind::Bool, Kind::Table, Kind::Function, Kind::Object];

/// Makes one program.
pub struct Generator {
    pub(super) choice: Choice,
    pub(super) scope: Scope,
    /// Labels made so far: each has a name of its own.
    labels: usize,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self { choice: Choice::new(seed), scope: Scope::default(), labels: 0 }
    }

    /// A block of about `size` statements in a scope of its own.
    pub fn block(&mut self, size: usize, nesting: usize) -> Vec<Stmt> {
        let before = self.scope.depth();
        let count = 1 + size / 3 + self.choice.below(size / 2 + 1);
        let mut body = Vec::new();
        for _ in 0..count {
            self.statement(nesting, &mut body);
        }
        self.scope.leave(before);
        body
    }

    fn kind(&mut self) -> Kind {
        KINDS[self.choice.below(KINDS.len())]
    }

    fn statement(&mut self, nesting: usize, body: &mut Vec<Stmt>) {
        let choices = if nesting >= 2 || self.choice.percent(40) { 9 } else { 21 };
        match self.choice.below(choices) {
            0..=2 => self.local(body),
            3 | 4 => self.assignment(body),
            5 | 6 => self.show(body),
            7 => self.field(body),
            8 => {
                let what = self.use_of_object();
                body.push(Stmt::line(format!("out(pcall(function(...) return {what} end))")));
            }
            9..=11 => self.condition_block(nesting, body),
            12 | 13 => self.loop_block(nesting, body),
            14 => self.while_block(nesting, body),
            15 => self.function_block(nesting, body),
            16 => self.protected_block(nesting, body),
            17 | 18 => self.coroutine_block(nesting, body),
            19 => self.method_block(nesting, body),
            _ => {
                let inner = self.block(4, nesting + 1);
                body.push(Stmt::block("do", inner, "end"));
            }
        }
    }

    fn local(&mut self, body: &mut Vec<Stmt>) {
        let kind = self.kind();
        let value = self.expression(kind, 2);
        if self.choice.percent(20) {
            let call = self.call(1);
            let first = self.scope.declare(kind, &mut self.choice);
            let second = self.scope.declare(Kind::Int, &mut self.choice);
            body.push(Stmt::line(format!("local {first}, {second} = {value}, {call}")));
            return;
        }
        let name = self.scope.declare(kind, &mut self.choice);
        body.push(Stmt::line(format!("local {name} = {value}")));
    }

    fn assignment(&mut self, body: &mut Vec<Stmt>) {
        let kind = self.kind();
        let Some(first) = self.scope.find(kind, &mut self.choice) else { return self.local(body) };
        let value = self.expression(kind, 2);
        match self.scope.find(kind, &mut self.choice) {
            Some(second) if self.choice.percent(30) => {
                let other = self.expression(kind, 1);
                body.push(Stmt::line(format!("{first}, {second} = {other}, {value}")));
            }
            _ => body.push(Stmt::line(format!("{first} = {value}"))),
        }
    }

    fn show(&mut self, body: &mut Vec<Stmt>) {
        let values: Vec<String> = (0..=self.choice.below(3))
            .map(|_| {
                let kind = self.kind();
                self.expression(kind, 2)
            })
            .collect();
        let last = if self.choice.percent(20) { format!(", {}", self.call(1)) } else { String::new() };
        body.push(Stmt::line(format!("out({}{last})", values.join(", "))));
    }

    fn field(&mut self, body: &mut Vec<Stmt>) {
        let table = self.primary(Kind::Table, 0);
        // A parenthesis at the start of a line would continue the line before.
        if table.starts_with('(') {
            return self.show(body);
        }
        let number = self.expression(Kind::Int, 1);
        body.push(Stmt::line(match self.choice.below(7) {
            0 => format!("{table}.x = {number}"),
            1 => format!("{table}.name = {}", self.expression(Kind::Text, 1)),
            2 => format!("{table}[#{table} + 1] = {number}"),
            3 => format!("{table}[{}] = {number}", self.expression(Kind::Int, 1)),
            4 => format!("table.insert({table}, {number})"),
            5 => format!("out(table.remove({table}))"),
            _ => format!("out(pcall(table.concat, {table}, \",\"))"),
        }));
    }

    fn condition_block(&mut self, nesting: usize, body: &mut Vec<Stmt>) {
        let condition = self.condition(2);
        let mut inner = self.block(3, nesting + 1);
        if self.choice.percent(40) {
            inner.push(Stmt::line(format!("elseif {} then", self.condition(1))));
            inner.extend(self.block(2, nesting + 1));
        }
        if self.choice.percent(50) {
            inner.push(Stmt::line("else"));
            inner.extend(self.block(2, nesting + 1));
        }
        body.push(Stmt::block(format!("if {condition} then"), inner, "end"));
    }

    fn loop_block(&mut self, nesting: usize, body: &mut Vec<Stmt>) {
        let before = self.scope.depth();
        let from = self.choice.one(&["1", "0", "-2", "1.0", "3", "math.maxinteger - 2"]);
        let (to, step) = match from {
            "math.maxinteger - 2" => ("math.maxinteger - 1", ""),
            "3" => ("-1", ", -1"),
            _ => (self.choice.one(&["2", "3", "1", "2.5"]), self.choice.one(&["", "", ", 2", ", 0.5"])),
        };
        let kind = self.choice.below(4);
        let list = self.primary(Kind::Table, 1);
        let text = self.primary(Kind::Text, 1);
        let variable = self.scope.declare(if kind == 2 { Kind::Text } else { Kind::Int }, &mut self.choice);
        let head = match kind {
            0 => {
                let value = self.scope.declare(Kind::Int, &mut self.choice);
                format!("for {variable}, {value} in ipairs({list}) do")
            }
            2 => format!("for {variable} in ({text}):gmatch(\"[%w]\") do"),
            _ => format!("for {variable} = {from}, {to}{step} do"),
        };
        let mut inner = vec![Stmt::line("tick()")];
        let label = self.choice.percent(30).then(|| {
            self.labels += 1;
            format!("continue{}", self.labels)
        });
        inner.extend(self.block(2, nesting + 1));
        if let Some(label) = &label {
            inner.push(Stmt::line(format!("if {} then goto {label} end", self.condition(1))));
        } else if self.choice.percent(30) {
            inner.push(Stmt::line(format!("if {} then break end", self.condition(1))));
        }
        inner.extend(self.block(2, nesting + 1));
        // A function made in each turn sees that turn's variables.
        if let Some(list) = self.scope.find(Kind::Table, &mut self.choice) {
            inner.push(Stmt::line(format!("{list}[#{list} + 1] = (function(...) return {variable} end)()")));
        }
        if let Some(label) = label {
            inner.push(Stmt::line(format!("::{label}::")));
        }
        self.scope.leave(before);
        body.push(Stmt::block(head, inner, "end"));
    }

    fn while_block(&mut self, nesting: usize, body: &mut Vec<Stmt>) {
        let counter = self.scope.declare(Kind::Int, &mut self.choice);
        body.push(Stmt::line(format!("local {counter} = {}", self.choice.below(3))));
        let mut inner = vec![Stmt::line("tick()"), Stmt::line(format!("{counter} = {counter} + 1"))];
        inner.extend(self.block(3, nesting + 1));
        let condition = self.condition(1);
        let limit = 2 + self.choice.below(3);
        if self.choice.percent(50) {
            body.push(Stmt::block(format!("while {counter} < {limit} and {condition} do"), inner, "end"));
        } else {
            body.push(Stmt::block("repeat", inner, format!("until {counter} >= {limit} or {condition}")));
        }
    }

    fn function_block(&mut self, nesting: usize, body: &mut Vec<Stmt>) {
        let name = self.scope.declare(Kind::Function, &mut self.choice);
        let before = self.scope.depth();
        let a = self.scope.declare(Kind::Int, &mut self.choice);
        let b = self.scope.declare(Kind::Int, &mut self.choice);
        let mut inner = vec![Stmt::line("tick()")];
        if self.choice.percent(40) {
            // Recursion: as a tail call, or with work behind it.
            let call = format!("{name}({a} - 1, {b})");
            let call = if self.choice.percent(50) { call } else { format!("1 + ({call} or 0)") };
            inner.push(Stmt::line(format!("if {a} > 0 and {a} < 20 then return {call} end")));
        }
        inner.extend(self.block(3, nesting + 1));
        let (first, second) = (self.expression(Kind::Int, 2), self.call(1));
        let result = match self.choice.below(4) {
            0 => format!("return {first}, {second}"),
            1 => format!("return {second}"),
            2 => format!("return ({second})"),
            _ => format!("return {first}"),
        };
        inner.push(Stmt::line(result));
        self.scope.leave(before);
        body.push(Stmt::block(format!("local function {name}({a}, {b}, ...)"), inner, "end"));
        body.push(Stmt::line(format!(
            "out(pcall({name}, {}, {}))",
            self.choice.below(5),
            self.choice.below(9)
        )));
    }

    fn protected_block(&mut self, nesting: usize, body: &mut Vec<Stmt>) {
        let mut inner = self.block(3, nesting + 1);
        let kind = self.kind();
        let value = self.expression(kind, 1);
        let raise = match self.choice.below(5) {
            0 => "error(\"raised\")".to_owned(),
            1 => "error(\"raised\", 2)".to_owned(),
            2 => format!("error({value})"),
            3 => format!("return {value}, {}", self.call(1)),
            _ => format!("local none; return none.field, {value}"),
        };
        inner.push(Stmt::line(raise));
        if self.choice.percent(30) {
            let end = "end, function(e) return \"handled \" .. s(e) end))";
            body.push(Stmt::block("out(xpcall(function(...)", inner, end));
        } else {
            body.push(Stmt::block("out(pcall(function(...)", inner, "end, 1, 2))"));
        }
    }

    fn coroutine_block(&mut self, nesting: usize, body: &mut Vec<Stmt>) {
        let name = self.scope.declare(Kind::Bool, &mut self.choice);
        let before = self.scope.depth();
        let given = self.scope.declare(Kind::Int, &mut self.choice);
        let mut inner = self.block(2, nesting + 1);
        let got = self.scope.declare(Kind::Int, &mut self.choice);
        inner.push(Stmt::line(format!(
            "local {got} = coroutine.yield({given}, {})",
            self.expression(Kind::Text, 1)
        )));
        inner.extend(self.block(2, nesting + 1));
        let (limit, value) = (1 + self.choice.below(3), self.expression(Kind::Int, 1));
        inner.push(Stmt::line(format!("for i = 1, {limit} do {got} = coroutine.yield(i, {value}) end")));
        if self.choice.percent(40) {
            inner.push(Stmt::line(format!(
                "out(pcall(function(...) error(s(coroutine.yield({got})), 0) end))"
            )));
        }
        inner.push(Stmt::line(format!("return \"end\", {}", self.expression(Kind::Int, 1))));
        self.scope.leave(before);
        body.push(Stmt::block(
            format!("local {name} = coroutine.create(function({given}, ...)"),
            inner,
            "end)",
        ));
        for turn in 0..=self.choice.below(6) {
            body.push(Stmt::line(format!("out({turn}, coroutine.resume({name}, {turn}))")));
        }
        body.push(Stmt::line(format!("out(coroutine.status({name}))")));
    }

    fn method_block(&mut self, nesting: usize, body: &mut Vec<Stmt>) {
        let name = self.scope.declare(Kind::Table, &mut self.choice);
        body.push(Stmt::line(format!("local {name} = {{ x = {}, name = \"m\" }}", self.choice.below(9))));
        let before = self.scope.depth();
        let a = self.scope.declare(Kind::Int, &mut self.choice);
        let mut inner = vec![Stmt::line("tick()"), Stmt::line(format!("self.x = (self.x or 0) + {a}"))];
        inner.extend(self.block(2, nesting + 1));
        inner.push(Stmt::line(format!("return self, self.x, {}", self.expression(Kind::Int, 1))));
        self.scope.leave(before);
        body.push(Stmt::block(format!("function {name}:add({a}, ...)"), inner, "end"));
        body.push(Stmt::line(format!(
            "out(pcall(function(...) return {name}:add(1):add(2, {}) end))",
            self.call(1)
        )));
        body.push(Stmt::line(format!("out(pcall({name}.add, {}))", self.scope.any(&mut self.choice))));
    }
}

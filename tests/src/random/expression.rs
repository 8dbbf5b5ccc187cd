//! Expressions.

use super::scope::Kind;
use super::statement::Generator;

const INTS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "-1",
    "10",
    "255",
    "0x7fffffffffffffff",
    "math.mininteger",
    "100000",
    "-5",
    "64",
];
const FLOATS: &[&str] = &["0.0", "1.5", "-2.25", "3.0", "1e15", "2^53", "0.1", "-0.0", "1e100", "math.huge"];
const TEXTS: &[&str] = &[
    "\"\"",
    "\"a\"",
    "\"hello\"",
    "\"10\"",
    "\"0x1F\"",
    "\"3.5\"",
    "\"x,y,z\"",
    "\"The End\"",
    "\"\\0\\255\"",
];

impl Generator {
    /// An expression that usually gives a `kind`.
    pub fn expression(&mut self, kind: Kind, depth: usize) -> String {
        if self.choice.percent(2) {
            return self.scope.any(&mut self.choice);
        }
        if self.choice.percent(if depth == 0 { 70 } else { 25 })
            && let Some(name) = self.scope.find(kind, &mut self.choice)
        {
            return name;
        }
        match kind {
            Kind::Int => self.int(depth),
            Kind::Float => self.float(depth),
            Kind::Text => self.text(depth),
            Kind::Bool => self.condition(depth),
            Kind::Table => self.table(depth),
            Kind::Function => self.function(depth),
            Kind::Object => self.object(depth),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        let kind = if self.choice.percent(65) { Kind::Int } else { Kind::Float };
        self.expression(kind, depth)
    }

    fn int(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else { return self.choice.one(INTS).to_owned() };
        match self.choice.below(14) {
            0..=3 => {
                let operator = self.choice.one(&["+", "-", "*", "//", "%"]);
                format!("({} {operator} {})", self.int(less), self.expression(Kind::Int, less))
            }
            4 => {
                let operator = self.choice.one(&["&", "|", "~", "<<", ">>"]);
                format!(
                    "({} {operator} {})",
                    self.expression(Kind::Int, less),
                    self.expression(Kind::Int, less)
                )
            }
            5 => format!("#{}", self.primary(Kind::Text, less)),
            6 => format!("#{}", self.primary(Kind::Table, less)),
            7 => format!("{}[{}]", self.primary(Kind::Table, less), self.expression(Kind::Int, less)),
            8 => format!("{}.x", self.primary(Kind::Table, less)),
            9 => self.call(less),
            10 => format!("(- {})", self.expression(Kind::Int, less)),
            11 => format!("(~{})", self.expression(Kind::Int, less)),
            12 => {
                let condition = self.condition(less);
                format!("({condition} and {} or {})", self.int(less), self.expression(Kind::Int, less))
            }
            _ => match self.choice.below(4) {
                0 => format!("math.max({}, {})", self.number(less), self.number(less)),
                1 => format!("math.floor({})", self.number(less)),
                2 => format!("select(\"#\", {}, {})", self.number(less), self.call(less)),
                _ => format!("({}):byte({})", self.text(less), self.expression(Kind::Int, 0)),
            },
        }
    }

    fn float(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else { return self.choice.one(FLOATS).to_owned() };
        match self.choice.below(5) {
            0..=2 => {
                let operator = self.choice.one(&["+", "-", "*", "/", "//", "%", "^"]);
                format!("({} {operator} {})", self.number(less), self.expression(Kind::Float, less))
            }
            3 => format!("(- {})", self.expression(Kind::Float, less)),
            _ => format!("({} + {})", self.expression(Kind::Text, 0), self.number(less)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else { return self.choice.one(TEXTS).to_owned() };
        match self.choice.below(10) {
            0..=2 => {
                format!(
                    "clip({} .. {})",
                    self.expression(Kind::Text, less),
                    self.expression(Kind::Text, less)
                )
            }
            3 => {
                let (text, number) = (self.expression(Kind::Text, less), self.number(less));
                format!("clip({text} .. s({number}) .. {})", self.expression(Kind::Int, less))
            }
            4 => format!(
                "{}:sub({}, {})",
                self.primary(Kind::Text, less),
                self.expression(Kind::Int, 0),
                self.expression(Kind::Int, 0)
            ),
            5 => format!("{}:upper():rep(2, \"-\"):sub(1, 20)", self.primary(Kind::Text, less)),
            6 => format!("s({})", self.number(less)),
            7 => format!("{}.name", self.primary(Kind::Table, less)),
            8 => {
                let pattern = self.choice.one(&["%a+", "l", ".", "(%w)(%w)", "^h", "[xyz,]", "%d*"]);
                let new = self.choice.one(&["\"<%0>\"", "\"\"", "string.upper", "{ l = \"L\", x = 1 }"]);
                format!("clip(({}:gsub({pattern:?}, {new})))", self.primary(Kind::Text, less))
            }
            _ => format!("type({})", self.scope.any(&mut self.choice)),
        }
    }

    pub fn condition(&mut self, depth: usize) -> String {
        let Some(less) = depth.checked_sub(1) else {
            return self.choice.one(&["true", "false", "nil", "0 == 0.0"]).to_owned();
        };
        match self.choice.below(8) {
            0..=3 => {
                let operator = self.choice.one(&["<", "<=", ">", ">=", "==", "~="]);
                format!("({} {operator} {})", self.number(less), self.number(less))
            }
            4 => {
                let operator = self.choice.one(&["<", "<=", "==", "~="]);
                format!(
                    "({} {operator} {})",
                    self.expression(Kind::Text, less),
                    self.expression(Kind::Text, less)
                )
            }
            5 => format!("(not {})", self.condition(less)),
            6 => {
                let operator = self.choice.one(&["and", "or"]);
                format!("({} {operator} {})", self.condition(less), self.condition(less))
            }
            _ => format!("({} == {})", self.scope.any(&mut self.choice), self.scope.any(&mut self.choice)),
        }
    }

    fn table(&mut self, depth: usize) -> String {
        let less = depth.saturating_sub(1);
        let items: Vec<String> =
            (0..self.choice.below(4)).map(|_| self.expression(Kind::Int, less)).collect();
        let (x, name) = (self.expression(Kind::Int, less), self.expression(Kind::Text, less));
        let last = if self.choice.percent(25) { format!(", {}", self.call(less)) } else { String::new() };
        format!(
            "{{ x = {x}, name = {name}{}{}{last} }}",
            if items.is_empty() { "" } else { ", " },
            items.join(", ")
        )
    }

    fn function(&mut self, depth: usize) -> String {
        let less = depth.saturating_sub(1);
        let before = self.scope.depth();
        let a = self.scope.declare(Kind::Int, &mut self.choice);
        let b = self.scope.declare(Kind::Int, &mut self.choice);
        let result = self.expression(Kind::Int, less);
        let more = if self.choice.percent(30) { ", ..." } else { "" };
        self.scope.leave(before);
        format!("function({a}, {b}, ...) tick() return {result}{more} end")
    }

    fn object(&mut self, depth: usize) -> String {
        let less = depth.saturating_sub(1);
        let value = self.expression(Kind::Int, less);
        let metamethod = self.choice.one(&[
            "__add = function(a, b) return type(a) .. type(b) end",
            "__concat = function(a, b) return \"<\" .. type(a) .. type(b) .. \">\" end",
            "__index = function(t, k) return s(k) .. \"?\" end",
            "__index = { x = 7, name = \"base\" }",
            "__call = function(self, a, b) return a, b, rawget(self, \"v\") end",
            "__eq = function(a, b) return a.v == b.v end",
            "__lt = function(a, b) return type(a) < type(b) end",
            "__le = function(a, b) return true end",
            "__len = function(t) return t.v end",
            "__unm = function(t) return t.v end",
            "__newindex = function(t, k, v) rawset(t, s(k) .. \"!\", v) end",
            "__tostring = function(t) return \"object\" end",
            "__mod = function(a, b) error(\"no mod\") end",
            "__idiv = function(a, b) return 1, 2 end",
            "__band = function(a, b) return nil end",
        ]);
        format!("setmetatable({{ v = {value} }}, {{ {metamethod} }})")
    }

    /// A call of a known function, or of one written in place.
    pub fn call(&mut self, depth: usize) -> String {
        let less = depth.saturating_sub(1);
        let callee = self.primary(Kind::Function, less);
        let (a, b) = (self.expression(Kind::Int, less), self.expression(Kind::Int, less));
        match self.choice.below(4) {
            0 => format!("{callee}({a})"),
            1 => format!("{callee}({a}, {b}, ...)"),
            2 => format!("({callee}({a}, {b}))"),
            _ => format!("{callee}({a}, {b})"),
        }
    }

    /// What may stand before a dot, a bracket or a parenthesis.
    pub fn primary(&mut self, kind: Kind, depth: usize) -> String {
        match self.scope.find(kind, &mut self.choice) {
            Some(name) if self.choice.percent(85) => name,
            _ => format!("({})", self.expression(kind, depth)),
        }
    }

    /// What an object is good for.
    pub fn use_of_object(&mut self) -> String {
        let object = self.primary(Kind::Object, 1);
        let number = self.expression(Kind::Int, 0);
        match self.choice.below(12) {
            0 => format!("{object} + {number}"),
            1 => format!("{number} + {object}"),
            2 => format!("{object} .. {number}"),
            3 => format!("\"t\" .. {object}"),
            4 => format!("{object}.x, {object}[{number}], {object}.v"),
            5 => format!("{object}({number}, nil)"),
            6 => format!("{object} == {}", self.primary(Kind::Object, 1)),
            7 => format!("{object} < {}, {object} <= {number}", self.primary(Kind::Object, 1)),
            8 => format!("#{object}, rawlen({object})"),
            9 => format!("-{object}"),
            10 => format!("{object} % {number}, {object} // {number}"),
            _ => format!("{object} & {number}"),
        }
    }
}

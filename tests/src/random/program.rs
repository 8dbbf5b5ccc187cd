//! A program as a tree of statements, so that statements can be taken out.

use std::fmt::Write as _;

/// One program.
#[derive(Clone, Debug)]
pub struct Program {
    pub seed: u64,
    pub body: Vec<Stmt>,
}

/// A statement: a line, and what it encloses.
#[derive(Clone, Debug)]
pub struct Stmt {
    pub head: String,
    /// What stands inside, and the line behind it. `else` is a statement of the block it divides.
    pub block: Option<(Vec<Stmt>, String)>,
}

impl Stmt {
    pub fn line(head: impl Into<String>) -> Self {
        Self { head: head.into(), block: None }
    }

    pub fn block(head: impl Into<String>, body: Vec<Self>, end: impl Into<String>) -> Self {
        Self { head: head.into(), block: Some((body, end.into())) }
    }

    pub fn size(&self) -> usize {
        1 + self.block.iter().flat_map(|(body, _)| body).map(Self::size).sum::<usize>()
    }

    fn write(&self, depth: usize, text: &mut String) {
        let _ = writeln!(text, "{:depth$}{}", "", self.head);
        if let Some((body, end)) = &self.block {
            body.iter().for_each(|stmt| stmt.write(depth + 2, text));
            let _ = writeln!(text, "{:depth$}{end}", "");
        }
    }
}

impl Program {
    /// How many statements there are.
    pub fn size(&self) -> usize {
        self.body.iter().map(Stmt::size).sum()
    }
}

/// What every file begins with: output that shows no address and no sign of a NaN, strings that do
/// not grow without end, and fuel, so that every program ends, and most do before they nest as deep as
/// PUC Lua lets C calls nest.
const PRELUDE: &str = r##"local fuel
local function s(v)
  if v ~= v then return "nan" end
  local t = type(v)
  if t == "table" or t == "function" or t == "thread" then return t end
  return tostring(v)
end
local function clip(v)
  if type(v) == "string" and #v > 60 then return v:sub(1, 60) end
  return v
end
local function out(...)
  local texts = {}
  for i = 1, select("#", ...) do texts[i] = s((select(i, ...))) end
  print(table.concat(texts, " "))
end
local function tick()
  fuel = fuel - 1
  if fuel < 0 then error("out of fuel", 0) end
end
"##;

/// A file of programs.
pub fn file(programs: &[Program]) -> String {
    let mut text = PRELUDE.to_owned();
    for program in programs {
        let _ = writeln!(text, "fuel = 150\nprint(\"program {}\")\nout(pcall(function(...)", program.seed);
        program.body.iter().for_each(|stmt| stmt.write(2, &mut text));
        text.push_str("end, 1, \"two\", nil))\n");
    }
    text
}

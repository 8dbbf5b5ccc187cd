//! Call sites: the static facts an error needs from the place that receives it.

/// One Lua source unit: the chunk name of error positions.
pub struct Chunk {
    /// The entry id, `app:relay`.
    pub name: &'static str,
    /// Its functions as `(name, first line, last line)`, for tracebacks; some have no name.
    pub functions: &'static [(&'static str, u32, u32)],
}

impl Chunk {
    /// The innermost function that contains `line`; `None` for the chunk itself.
    pub fn function(&self, line: u32) -> Option<&'static (&'static str, u32, u32)> {
        let around = self.functions.iter().filter(|(_, first, last)| (*first..=*last).contains(&line));
        // What begins or ends in a line with others is rather spoken of in it than run: `sort(list, function(a, b)`.
        around
            .min_by_key(|(_, first, last)| (first != last && (*first == line || *last == line), last - first))
    }

    /// Its name.
    pub fn function_at(&self, line: u32) -> Option<&'static str> {
        self.function(line).map(|(name, ..)| *name)
    }
}

/// One place in Lua code that may raise: made by the macro `at!`.
pub struct Site {
    pub chunk: &'static Chunk,
    pub line: u32,
    /// What the operands (or the callee) are called there, for the texts of faults: each as
    /// `kind name` and a NUL. A text, because a list of them is work for rustc at every place, and who
    /// raises an error has the time to read it.
    pub names: &'static str,
}

impl Site {
    /// What an operand is called.
    pub fn name(&self, operand: usize) -> Option<Name> {
        let text = self.names.split_terminator('\0').nth(operand)?;
        let (kind, name) = text.split_once(' ').unwrap_or((text, ""));
        Some(match kind {
            "local" => Name::Local(name),
            "upvalue" => Name::Upvalue(name),
            "global" => Name::Global(name),
            "field" => Name::Field(name),
            "method" => Name::Method(name),
            "constant" => Name::Constant(name),
            _ => Name::None,
        })
    }
}

/// How Lua's messages call a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    None,
    Local(&'static str),
    Upvalue(&'static str),
    Global(&'static str),
    Field(&'static str),
    Method(&'static str),
    Constant(&'static str),
}

impl Name {
    /// ` (local 'x')`, or nothing.
    pub fn describe(self) -> String {
        let (kind, name) = match self {
            Name::None => return String::new(),
            Name::Local(name) => ("local", name),
            Name::Upvalue(name) => ("upvalue", name),
            Name::Global(name) => ("global", name),
            Name::Field(name) => ("field", name),
            Name::Method(name) => ("method", name),
            Name::Constant(name) => ("constant", name),
        };
        format!(" ({kind} '{name}')")
    }

    /// The bare name, as `bad argument #1 to 'name'` has it.
    pub fn called(self) -> Option<&'static str> {
        match self {
            Name::None | Name::Constant(_) => None,
            Name::Local(name)
            | Name::Upvalue(name)
            | Name::Global(name)
            | Name::Field(name)
            | Name::Method(name) => Some(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_belongs_to_the_function_around_the_one_that_is_written_in_it() {
        // local function work(list)           line 1
        //   sort(list, function(a, b)         line 3, to 5
        //   map(list, function(x) .. end)     line 6
        let chunk = Chunk { name: "x", functions: &[("work", 1, 7), ("", 3, 5), ("inner", 6, 6)] };
        let names = [1, 2, 3, 4, 5, 6, 7, 8].map(|line| chunk.function_at(line));
        let work = Some("work");
        assert_eq!(names, [work, work, work, Some(""), work, Some("inner"), work, None]);
    }
}

//! Call sites: the static facts an error needs from the place that receives it.

/// One Lua source unit: the chunk name of error positions.
pub struct Chunk {
    /// The entry id, `app:relay`.
    pub name: &'static str,
    /// Its functions as `(name, first line, last line)`, for tracebacks; some have no name.
    pub functions: &'static [(&'static str, u32, u32)],
}

impl Chunk {
    /// The innermost function that contains `line`; `None` for the chunk itself. The compiler knows this
    /// rule (its `lower/lines.rs`): where it is wrong for a site, the site says what is right.
    fn number_at(&self, line: u32) -> Option<usize> {
        let around = self.functions.iter().enumerate();
        let around = around.filter(|(_, (_, first, last))| (*first..=*last).contains(&line));
        // What begins or ends in a line with others is rather spoken of in it than run: `sort(list, function(a, b)`.
        let rank = |first: u32, last: u32| (first != last && (first == line || last == line), last - first);
        around.min_by_key(|(_, (_, first, last))| rank(*first, *last)).map(|(number, _)| number)
    }
}

/// One place in Lua code that may raise: made by the macro `at!`.
pub struct Site {
    pub chunk: &'static Chunk,
    pub line: u32,
    /// The function of the chunk it is in, counted from 1; 0 where that is the one of its line, and
    /// [`Site::CHUNK`] for none.
    pub function: u32,
    /// What the operands (or the callee) are called there, for the texts of faults: each as
    /// `kind name` and a NUL. A text, because a list of them is work for rustc at every place, and who
    /// raises an error has the time to read it.
    pub names: &'static str,
}

impl Site {
    /// In no function, though there are some in its line.
    pub const CHUNK: u32 = u32::MAX;

    /// The function around it as `(name, first line, last line)`; `None` for the chunk itself.
    pub fn function(&self) -> Option<&'static (&'static str, u32, u32)> {
        self.number().and_then(|number| self.chunk.functions.get(number))
    }

    /// Where the function stands in the list.
    fn number(&self) -> Option<usize> {
        match self.function {
            0 => self.chunk.number_at(self.line),
            Site::CHUNK => None,
            number => Some(number as usize - 1),
        }
    }

    /// Whether both are in one function.
    pub fn shares_function(&self, other: &Site) -> bool {
        self.chunk.name == other.chunk.name && self.number() == other.number()
    }

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
        let chunk = &Chunk { name: "x", functions: &[("work", 1, 7), ("", 3, 5), ("inner", 6, 6)] };
        let site = |line, function| Site { chunk, line, function, names: "" };
        let name = |site: Site| site.function().map(|(name, ..)| *name);
        let names = [1, 2, 3, 4, 5, 6, 7, 8].map(|line| name(site(line, 0)));
        let work = Some("work");
        assert_eq!(names, [work, work, work, Some(""), work, Some("inner"), work, None]);
        assert_eq!([name(site(6, 1)), name(site(6, Site::CHUNK))], [work, None]);
        assert!(site(6, 1).shares_function(&site(2, 0)) && !site(6, 0).shares_function(&site(6, 1)));
    }
}

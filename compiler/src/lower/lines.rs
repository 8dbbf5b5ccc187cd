//! Whose a line is, as a traceback judges it. Where that is wrong, a site says whose it is itself.

use crate::hir::FunctionId;
use crate::index::IdVec;
use crate::lower::ir::Within;

/// The functions of a file as tracebacks know them, the chunk apart, and the one of each line.
pub struct Lines {
    /// Lua name, first and last line, in the order of the text.
    pub functions: Vec<(String, u32, u32)>,
    places: IdVec<FunctionId, Option<usize>>,
    /// For each line the function that is read from it.
    owners: Vec<Option<usize>>,
}

impl Lines {
    /// `all` has `None` for the chunk.
    pub fn new(all: impl Iterator<Item = Option<(String, u32, u32)>>) -> Lines {
        let mut lines = Lines { functions: Vec::new(), places: IdVec::new(), owners: Vec::new() };
        for function in all {
            lines.places.push(function.as_ref().map(|_| lines.functions.len()));
            lines.functions.extend(function);
        }
        lines.owners = owners(&lines.functions);
        lines
    }

    /// What a site in `line` of `function` has to say.
    pub fn within(&self, function: FunctionId, line: u32) -> Within {
        let place = self.places[function];
        let read = self.owners.get(line as usize).copied().flatten();
        match place {
            _ if read == place => Within::Line,
            None => Within::Chunk,
            Some(place) => Within::Function(place + 1),
        }
    }
}

/// The rule of the runtime's `Chunk::function`, for all lines at once: the shortest function around;
/// what begins or ends in a line with others is rather spoken of in it than run.
fn owners(functions: &[(String, u32, u32)]) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<(bool, u32, usize)>> = Vec::new();
    for (place, (_, first, last)) in functions.iter().enumerate() {
        owners.resize(owners.len().max(*last as usize + 1), None);
        for line in *first..=*last {
            let is_spoken_of = first != last && (*first == line || *last == line);
            let rank = (is_spoken_of, last - first, place);
            if let Some(owner) = owners.get_mut(line as usize) {
                *owner = Some(owner.map_or(rank, |owner| owner.min(rank)));
            }
        }
    }
    owners.into_iter().map(|owner| owner.map(|(_, _, place)| place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Id;

    #[test]
    fn a_site_says_whose_it_is_where_its_line_does_not() {
        // The same functions as in the runtime's test of the rule, then two in one line.
        let functions = [("work", 1, 7), ("", 3, 5), ("inner", 6, 6), ("left", 9, 9), ("right", 9, 9)]
            .map(|(name, first, last)| Some((name.to_owned(), first, last)));
        let lines = Lines::new(std::iter::once(None).chain(functions));
        let names = [1, 2, 3, 4, 5, 6, 7, 8].map(|line: usize| {
            let owner = lines.owners.get(line).copied().flatten()?;
            lines.functions.get(owner).map(|(name, ..)| name.as_str())
        });
        let work = Some("work");
        assert_eq!(names, [work, work, work, Some(""), work, Some("inner"), work, None]);
        let within = |function, line| lines.within(FunctionId::from_index(function), line);
        assert_eq!([within(1, 3), within(2, 4), within(0, 8), within(4, 9)], [Within::Line; 4]);
        assert_eq!([within(2, 3), within(1, 6)], [Within::Function(2), Within::Function(1)]);
        assert_eq!([within(5, 9), within(0, 9)], [Within::Function(5), Within::Chunk]);
    }
}

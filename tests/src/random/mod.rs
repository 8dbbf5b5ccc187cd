//! Random Lua programs whose meaning is defined: they end, print no addresses and depend on no order
//! that Lua leaves open. The same seed gives the same program.
//!
//! In reading order: [`program`] is what a program is and how it is written down; [`choice`] makes
//! decisions from a seed; [`scope`] knows the variables; [`expression`] and [`statement`] generate;
//! [`shrink`] makes a failing program smaller.

mod choice;
mod expression;
mod program;
mod scope;
mod shrink;
mod statement;

pub use choice::Choice;
pub use program::{Program, file};
pub use shrink::smaller;

/// The program of a seed.
pub fn generate(seed: u64) -> Program {
    let mut generator = statement::Generator::new(seed);
    Program { seed, body: generator.block(12, 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_program_and_another_seed_another() {
        let text = |seed| file(&[generate(seed)]);
        assert_eq!(text(5), text(5));
        assert_ne!(text(5), text(6));
    }

    #[test]
    fn a_smaller_program_has_fewer_statements() {
        let program = generate(7);
        let candidates = smaller(&program);
        assert!(candidates.len() > 5);
        assert!(candidates.iter().all(|candidate| candidate.size() < program.size()));
    }
}

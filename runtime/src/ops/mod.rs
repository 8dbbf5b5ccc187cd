//! The operators of the language: the fast case first, the metamethod case a visible cold call.

pub mod arithmetic;
pub mod call;
pub mod calling;
pub mod compare;
pub mod concat;
pub mod event;
pub mod field;
pub mod index;
pub mod iterate;
pub mod number;
pub mod quick;
pub mod suspend;
pub mod tail;
pub mod text;

pub use event::{Event, metamethod, type_name};

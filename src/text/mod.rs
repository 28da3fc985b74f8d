//! Text before it stands on a page: characters become glyphs, glyphs become lines.

mod breaks;
pub mod class;
pub mod line;
pub mod shape;
pub mod title;

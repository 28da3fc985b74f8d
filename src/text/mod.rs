//! Text before layout on pages: characters become glyphs, glyphs become lines.

mod breaks;
pub mod class;
pub mod line;
pub mod shape;

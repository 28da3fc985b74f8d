//! Text before it stands on a page: characters become glyphs, glyphs become lines.

mod breaks;
pub mod class;
pub mod line;
mod shape;
pub mod title;

pub use shape::{Cluster, Glyph, shape, shape_with};

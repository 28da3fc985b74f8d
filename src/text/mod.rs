//! Text before it has lines: characters become glyphs here, in millionths of an em.

mod shape;

pub use shape::{Cluster, Glyph, shape, shape_with};

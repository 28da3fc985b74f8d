//! What is looked at between a composed document and its pages.

mod glyphs;

pub use glyphs::glyphs;

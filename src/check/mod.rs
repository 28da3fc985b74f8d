//! What is looked at between a composed document and its pages.

mod glyphs;
mod headings;

pub use glyphs::glyphs;
pub use headings::headings;

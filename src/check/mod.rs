//! What is looked at between a composed document and its pages.

mod fonts;
mod glyphs;
mod headings;

pub use fonts::{FontUse, font_use};
pub use glyphs::glyphs;
pub use headings::headings;

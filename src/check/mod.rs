//! What is looked at between a composed document and its pages.

mod figures;
mod fonts;
mod glyphs;
mod headings;
mod silence;

pub use figures::{Reported, fill, identities};
pub use fonts::{FontUse, font_use};
pub use glyphs::glyphs;
pub use headings::headings;
pub use silence::silence;

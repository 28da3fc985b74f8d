//! Checks of a report and its composed document, before layout.

mod copied;
mod figures;
mod fonts;
mod glyphs;
mod headings;
pub(crate) mod placeholder;
mod prose;
mod silence;
mod sums;
mod text;

pub use copied::copied;
pub use figures::{
    Breach, Filled, Unit, breaches, cells, determined, fill, identities, several, standing, units,
};
pub use fonts::{FontUse, font_use};
pub use glyphs::glyphs;
pub use headings::headings;
pub use placeholder::placeholders;
pub use prose::prose;
pub use silence::silence;
pub use sums::sums;
pub use text::{character_slips, characters, slips, texts};

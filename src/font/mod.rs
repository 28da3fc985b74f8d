//! The fonts: those in the binary, found by face and character.

/// Names a font of a `Fonts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontId(pub u8);

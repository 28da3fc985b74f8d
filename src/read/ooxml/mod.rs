//! Foreign Office Open XML files: ISO/IEC 29500-2, a ZIP of parts.

mod package;

pub(crate) use package::{Package, binary_part, main_part};

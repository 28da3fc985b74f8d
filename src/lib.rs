//! gongwen (公文) turns a report in JSON into the official Chinese document: a paginated PDF and a Word file of the same pages.
//!
//! One way through: `source` (text) → `report` (what the author wrote) + `layout` (what the kind of document asks)
//! → `document` (resolved) → `typeset` (pages) → `pdf`, and `document` → `docx`. [`Exporter`] goes all of it.

pub mod archive;
pub mod blank;
pub mod check;
mod checked;
mod deflate;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod docx;
pub mod embed;
mod export;
pub mod extract;
pub mod fix;
pub mod font;
pub mod frame;
pub mod geom;
pub mod import;
pub mod layout;
pub mod pdf;
pub mod pki;
pub mod preview;
mod references;
pub mod report;
pub mod sign;
pub mod source;
pub mod style;
pub mod text;
pub mod typeset;
pub mod verify;
pub mod workbook;

pub use checked::{Beside, Checked};
pub use diagnostic::{Diagnostic, Message};
pub use export::{DocxFonts, Export, Exporter, Format, MAX_SIGNATORIES, Options, Rejected};
pub use pki::Time;

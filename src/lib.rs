//! gongwen (公文) turns a report in JSON into the official Chinese document: a paginated PDF and a Word file of the same
//! pages, with embedded fonts, ruled statistical tables, and signature, date and seal by GB/T 9704.
//!
//! An [`Exporter`] holds fonts and layouts; its methods do all the work:
//!
//! | verb | gives |
//! |---|---|
//! | [`Exporter::export`] | the files of a report |
//! | [`Exporter::check`] | everything that is wrong with it |
//! | [`Exporter::diff`] | what changed from one report to another |
//! | [`Exporter::reproduce`] | the same files again, from what one of them carries |
//! | [`Exporter::font_use`] | which fonts draw its characters |
//! | `Exporter::preview` | its pages as pictures (feature `preview`) |
//! | [`fix`] | its errors of punctuation corrected |
//! | [`extract`], [`import`] | the report out of a file |
//! | [`blank`], [`schema`] | a report to start from, the JSON Schema of its layout |
//! | `sign`, `verify`, `archive` | signatures, whether they hold, the archive of a signed report (feature `sign`) |
//!
//! Each stage has one type, and is independent of those after it:
//!
//! | stage | type | made by |
//! |---|---|---|
//! | text with the position of every value | `Source` | `source` |
//! | the report as its author wrote it | [`report::Report`] | `report` |
//! | the kind of document, as data | [`Layout`] | `layout` |
//! | every figure by one key | `Figures` | `figures` |
//! | the resolved document in reading order | `Document` | `document` |
//! | finished pages | `Pages` | `typeset` |
//! | the bytes of a file | `Vec<u8>` | `write` |
//!
//! The library reads no clock, no environment and no network. Files are read where a caller names them ([`Folder`],
//! [`Layouts::with_folder`], [`Layouts::with_path`], [`Fonts::search`]) and nowhere else. The same input gives the same bytes.
//!
//! Features: `cli` (default) is the command, `workbook` reads and writes workbooks of figures, `preview` draws pages,
//! `sign` signs and verifies, `serve` answers over HTTP. `default-features = false` makes PDF and Word files, checks, extracts and imports.

// What only a feature uses is compiled with what all use: without the feature nobody calls it.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]

#[cfg(feature = "sign")]
pub mod archive;
mod arrange;
mod assets;
mod blank;
mod characters;
mod check;
#[cfg(feature = "cli")]
#[expect(clippy::disallowed_methods, reason = "the command reads the clock and the environment")]
pub mod cli;
mod date;
mod deflate;
mod diagnostic;
mod diff;
mod document;
mod embed;
mod engine;
mod extract;
mod figures;
mod files;
mod fix;
mod font;
mod forms;
mod geom;
mod hash;
mod import;
mod layout;
mod names;
mod options;
mod pages;
#[cfg(feature = "sign")]
mod pki;
#[cfg(feature = "preview")]
mod preview;
mod read;
mod references;
pub mod report;
#[cfg(feature = "serve")]
#[expect(
    clippy::disallowed_methods,
    reason = "the service reads the clock: how long answers take, and for verification"
)]
pub mod serve;
#[cfg(feature = "sign")]
pub mod sign;
mod source;
mod style;
mod text;
mod typeset;
#[cfg(feature = "sign")]
pub mod verify;
#[cfg(feature = "workbook")]
mod workbook;
mod write;
mod xml;

pub use assets::{AssetError, Assets, Folder};
pub use blank::{blank, schema_name};
pub use check::FontUse;
pub use date::Date;
pub use diagnostic::{
    Diagnostic, Hint, HintCode, Lang, Mend, Message, Place, Position, RelatedCell, Rule, Severity, Silenced,
    rules,
};
pub use diff::{Changes, FieldChange, FigureChange, Piece, PieceKind, ProseChange};
pub use embed::{EmbeddedFile, EmbeddedSource, Manifest, Relationship, SourceError};
#[cfg(feature = "preview")]
pub use engine::ReportPreviewError;
pub use engine::{
    Beside, Checked, DiffError, Export, ExportError, Exporter, InternalError, Rejected, ReproduceError,
    Reproduced,
};
pub use extract::{ExtractError, extract};
pub use fix::{Fixed, fix};
pub use font::{FontFolderError, Fonts, licenses};
pub use geom::{Length, Point, Rect, Size};
pub use import::{
    FigurePlace, How, ImportError, Imported, Places, SourceFile, State, TextPlace, Unplaced, import,
};
pub use layout::{Layout, LayoutEntry, LayoutError, Layouts};
pub use names::{NameParts, NameTemplate, NameTemplateError, safe_file_name};
pub use options::{
    Conformance, DocxFonts, DocxOptions, FiguresFile, Format, Gate, Limits, MAX_SIGNATORIES, Options,
    OptionsError, PdfOptions,
};
pub use pages::SealPlace;
#[cfg(feature = "sign")]
pub use pki::Time;
#[cfg(feature = "preview")]
pub use preview::{Flaw, PageImage, PreviewError, Selection, SelectionError, preview_pdf};
pub use read::ReadError;
pub use report::schema;
#[cfg(feature = "workbook")]
pub use workbook::{WorkbookError, write as blank_workbook};

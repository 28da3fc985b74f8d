//! gongwen (公文) turns a report in JSON into the official Chinese document: a paginated PDF and a Word file of the same pages.

pub mod document;
pub mod docx;
pub mod font;
pub mod frame;
pub mod geom;

//! The manifest: everything besides the report that the pages depend on, by name and SHA-256.
//!
//! It contains nothing about the machine: no folder, no user, no time. The path of an image is the report's
//! own.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{EmbeddedFile, EmbeddedSource, Kind, REPORT};
use crate::diagnostic::{Diagnostic, Message, Silenced};
use crate::font::{FontId, Fonts, Source};
use crate::hash::{hex, sha256};
use crate::layout::LayoutSource;
use crate::message;
use crate::options::Options;
use crate::pages::{Item, Page, Pages};
use crate::read::picture::cleaned;

/// The version of the manifest's own form.
const FORMAT: u32 = 1;

/// A manifest: everything besides the report that the pages depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this form: 1.
    pub format: u32,
    /// The program: `gongwen`.
    pub generator: String,
    /// Its version.
    pub version: String,
    /// The report.
    pub report: ReportEntry,
    /// The options that change a file.
    pub options: OptionsEntry,
    /// The layout, then the one that it extends, and so on.
    pub layouts: Vec<LayoutEntry>,
    /// The fonts that the pages are drawn with, in the program's order.
    pub fonts: Vec<FontEntry>,
    /// The images, by path; those written into the report as `data:` are part of it.
    pub images: Vec<ImageEntry>,
    /// The findings that the report silences; not written where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silenced: Vec<SilencedEntry>,
    /// The errors that the file was made in spite of; not written where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_errors: Vec<AllowedEntry>,
}

/// A finding that the report silences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilencedEntry {
    /// Its rule id.
    pub rule: String,
    /// JSON pointer of its place.
    pub place: String,
    /// The reason that the report gives.
    pub reason: String,
}

/// An error that the file was made in spite of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowedEntry {
    /// Its rule id.
    pub rule: String,
    /// JSON pointer of its place.
    pub place: String,
}

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEntry {
    /// Its name in the file.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// The options that change a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionsEntry {
    /// The layout asked for in place of the report's own.
    pub layout: Option<String>,
    /// The date asked for in place of the date of issue.
    pub date: Option<String>,
    /// The level of the PDF: `a-3a+ua-1`.
    pub conformance: String,
    /// The fonts of the Word file: `names` or `embed`.
    pub docx_fonts: String,
    /// How many empty signature fields the PDF has; not written where there are none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub signatories: usize,
}

/// A layout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutEntry {
    /// Its id.
    pub id: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// Its name in the file; none for one that is part of the program.
    pub file: Option<String>,
}

/// A font.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FontEntry {
    /// Its PostScript name.
    pub name: String,
    /// SHA-256 of the whole font file.
    pub sha256: String,
    /// Its place in a collection.
    pub index: u32,
    /// Whether it is part of the program.
    pub shipped: bool,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageEntry {
    /// Its path in the report.
    pub path: String,
    /// SHA-256 of the embedded image file.
    pub sha256: String,
    /// Its name in the file.
    pub file: String,
}

impl Manifest {
    /// The differences from `other`, in words.
    pub fn differences(&self, other: &Manifest) -> Vec<Message> {
        let mut found = Vec::new();
        if (&self.generator, &self.version) != (&other.generator, &other.version) {
            let [one, two] = [self, other].map(|it| format!("{} {}", it.generator, it.version));
            found.push(message!("程序：{one}，现为 {two}", "program: {one}, now {two}"));
        }
        if self.report.sha256 != other.report.sha256 {
            found.push(message!("报告不同", "the report differs"));
        }
        if self.options != other.options {
            found.push(message!("选项不同", "the options differ"));
        }
        fn lost<T, K: Eq>(
            found: &mut Vec<Message>,
            (old, new): (&[T], &[T]),
            key: impl Fn(&T) -> K,
            message: impl Fn(&T) -> Message,
        ) {
            for entry in old.iter().filter(|old| !new.iter().any(|new| key(old) == key(new))) {
                found.push(message(entry));
            }
        }
        lost(
            &mut found,
            (&self.layouts, &other.layouts),
            |layout| (layout.id.clone(), layout.sha256.clone()),
            |LayoutEntry { id, .. }| message!("版式“{id}”不是原来的", "the layout \"{id}\" is another"),
        );
        lost(
            &mut found,
            (&self.fonts, &other.fonts),
            |font| (font.sha256.clone(), font.index),
            |FontEntry { name, .. }| {
                message!("没有字体 {name}，或版本不同", "the font {name} is missing or another")
            },
        );
        lost(
            &mut found,
            (&self.images, &other.images),
            |image| (image.path.clone(), image.sha256.clone()),
            |ImageEntry { path, .. }| message!("图片“{path}”不是原来的", "the image \"{path}\" is another"),
        );
        found
    }
}

/// The ingredients of an embedded source.
pub(crate) struct Ingredients<'a> {
    pub report: &'a [u8],
    pub options: &'a Options,
    pub layouts: Vec<LayoutSource>,
    pub images: BTreeMap<String, Vec<u8>>,
    pub pages: &'a Pages,
    pub fonts: &'a Fonts,
    pub silenced: &'a [Silenced],
    pub allowed: &'a [Diagnostic],
}

/// Makes the source to embed.
pub(crate) fn build(from: Ingredients) -> EmbeddedSource {
    let Ingredients { report, options, layouts, images, pages, fonts, silenced, allowed } = from;
    let mut files = Vec::new();
    let manifest = Manifest {
        format: FORMAT,
        generator: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        report: ReportEntry { file: REPORT.to_owned(), sha256: sha256(report) },
        options: OptionsEntry {
            layout: options.layout.clone(),
            date: options.date.map(|date| date.iso()),
            conformance: options.conformance().name().to_owned(),
            docx_fonts: options.docx.fonts.name().to_owned(),
            signatories: options.pdf.signatories,
        },
        layouts: layouts.iter().map(|layout| layout_entry(layout, &mut files)).collect(),
        fonts: used_fonts(pages, fonts),
        images: image_entries(&images, options.limits.image_pixels * 16, &mut files),
        silenced: silenced
            .iter()
            .filter(|silenced| is_of_report(&silenced.finding))
            .map(|Silenced { finding, reason }| SilencedEntry {
                rule: finding.rule.to_string(),
                place: finding.pointer.clone(),
                reason: reason.clone(),
            })
            .collect(),
        allowed_errors: allowed
            .iter()
            .filter(|finding| is_of_report(finding))
            .map(|finding| AllowedEntry { rule: finding.rule.to_string(), place: finding.pointer.clone() })
            .collect(),
    };
    let mut manifest = serde_json::to_vec_pretty(&manifest).expect("strings and numbers are always JSON");
    manifest.push(b'\n');
    EmbeddedSource { report: report.to_vec(), manifest, files }
}

/// Whether a finding is about the report as it is embedded, so that whoever makes the file again finds it too: what is
/// wrong with a file of figures is gone when its figures are in the report.
fn is_of_report(finding: &Diagnostic) -> bool {
    !finding.rule.starts_with("figures.")
}

fn layout_entry(layout: &LayoutSource, files: &mut Vec<EmbeddedFile>) -> LayoutEntry {
    let file = (!layout.shipped).then(|| Kind::Layout.name(files.len() + 1));
    if let Some(name) = &file {
        files.push(Kind::Layout.file(name.clone(), layout.text.clone().into_bytes()));
    }
    LayoutEntry { id: layout.id.clone(), sha256: sha256(layout.text.as_bytes()), file }
}

/// Images of the same bytes are embedded once; as they are shown, without a camera's data, since the pages are made of no
/// more.
fn image_entries(
    images: &BTreeMap<String, Vec<u8>>,
    limit: u64,
    files: &mut Vec<EmbeddedFile>,
) -> Vec<ImageEntry> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut entries = Vec::new();
    for (path, bytes) in images {
        let bytes = cleaned(bytes, limit);
        let hash = sha256(&bytes);
        let number = names.len() + 1;
        let file = names.entry(hash.clone()).or_insert_with(|| {
            let kind = if bytes.starts_with(b"\x89PNG") { Kind::Png } else { Kind::Jpeg };
            let name = kind.name(number);
            files.push(kind.file(name.clone(), bytes.to_vec()));
            name
        });
        entries.push(ImageEntry { path: path.clone(), sha256: hash, file: file.clone() });
    }
    entries
}

fn used_fonts(pages: &Pages, fonts: &Fonts) -> Vec<FontEntry> {
    let items = pages.pages.iter().flat_map(Page::all_items);
    let used: BTreeSet<FontId> = items
        .filter_map(|item| match item {
            Item::Text(run) => Some(run.font),
            Item::Rule(_) | Item::Image(_) | Item::Path(_) => None,
        })
        .collect();
    let entry = |id: FontId| {
        let font = fonts.font(id);
        FontEntry {
            name: font.postscript_name().to_owned(),
            sha256: hex(font.sha256()),
            index: font.index(),
            shipped: matches!(fonts.source(id), Source::Shipped { .. }),
        }
    };
    used.into_iter().map(entry).collect()
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

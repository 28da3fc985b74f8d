//! From printpdf's document to the final one: the parts of it that are kept, and those that every archivable
//! file needs.
//!
//! Only objects that are reachable from the catalog are written in the end, so that nothing need be deleted
//! here.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use printpdf::{Mm, PdfDocument, PdfPage, PdfResources, PdfSaveOptions};

use super::drafts::Drafts;
use super::draw::{Drawing, round};
use super::fonts::{Subset, Subsets};
use super::image::Images;
use super::object::{dictionary, name, text};
use super::{icc, object, to_unicode};
use crate::geom::Size;
use crate::write::WriteError;

/// A file under construction.
pub(super) struct File {
    /// Its objects.
    pub objects: Document,
    /// Those that are written already.
    pub drafts: Drafts,
    /// The catalog, from which all the others are reached.
    pub catalog: Dictionary,
    /// The information dictionary.
    pub info: Dictionary,
    /// The pages, in order.
    pub pages: Vec<ObjectId>,
    /// Their paper.
    pub sizes: Vec<Size>,
}

impl File {
    /// The destination of a place on a page, from the left and the bottom of its paper in points, with the current zoom.
    pub fn destination(&self, page: usize, [left, top]: [f32; 2]) -> Object {
        let page = Object::Reference(self.pages[page]);
        vec![page, name("XYZ"), Object::Real(left), Object::Real(top), Object::Null].into()
    }

    /// Adds an annotation to a page, after those that it has.
    pub fn annotate(&mut self, page: usize, annotation: ObjectId) {
        let page = self.objects.get_object_mut(self.pages[page]).and_then(Object::as_dict_mut);
        let Ok(page) = page else { return };
        match page.get_mut(b"Annots").and_then(Object::as_array_mut) {
            Ok(annotations) => annotations.push(Object::Reference(annotation)),
            Err(_) => page.set("Annots", vec![Object::Reference(annotation)]),
        }
    }
}

/// Lets printpdf make the pages, fonts and images, and makes a file with a catalog of them. Takes the
/// contents out of `drawing`.
///
/// # Errors
/// If printpdf's document has not the shape that this version of it makes.
pub(super) fn start(drawing: &mut Drawing, subsets: &Subsets, images: &Images) -> Result<File, WriteError> {
    let mut objects = drawn(drawing.pages.len(), subsets, images);
    let pages: Vec<ObjectId> = objects.page_iter().collect();
    let resources = resources(&mut objects, &pages, subsets)?;
    for (index, &page) in pages.iter().enumerate() {
        let contents = contents(&mut objects, page, std::mem::take(&mut drawing.pages[index]))?;
        let transparent = drawing.transparent[index];
        let page = objects.get_object_mut(page).and_then(Object::as_dict_mut).map_err(damaged)?;
        finish_page(page, index, drawing.sizes[index], resources, contents, transparent);
        if drawing.turned[index] {
            // Rotated to the right: a viewer shows the page as it is read, a printer prints it upright.
            page.set("Rotate", Object::Integer(90));
        }
    }
    let tree = objects.catalog().and_then(|catalog| catalog.get(b"Pages")).map_err(damaged)?.clone();
    let catalog = catalog(&mut objects, tree);
    Ok(File {
        objects,
        drafts: Drafts::default(),
        catalog,
        info: Dictionary::new(),
        pages,
        sizes: drawing.sizes.clone(),
    })
}

/// printpdf's document. Its pages are empty except for a glyph of every font on the first: printpdf omits
/// fonts that are not in use.
fn drawn(pages: usize, subsets: &Subsets, images: &Images) -> Document {
    let mut document = PdfDocument::new("");
    document.resources = PdfResources {
        fonts: subsets.to_printpdf(),
        xobjects: images.to_printpdf(),
        ..PdfResources::default()
    };
    // The real size of the paper follows later, exactly.
    let glyphs = subsets.iter().flat_map(Subset::a_glyph).collect();
    let ops = std::iter::once(glyphs).chain(std::iter::repeat_with(Vec::new));
    document.pages = ops.take(pages).map(|ops| PdfPage::new(Mm(210.0), Mm(297.0), ops)).collect();
    let options =
        PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    document.to_lopdf_document(&options, &mut Vec::new())
}

/// One resource dictionary for all pages.
fn resources(objects: &mut Document, pages: &[ObjectId], subsets: &Subsets) -> Result<ObjectId, WriteError> {
    let first = objects.get_dictionary(pages[0]).map_err(damaged)?;
    let drawn = first.get_deref(b"Resources", objects).and_then(Object::as_dict).map_err(damaged)?;
    let part = |key: &[u8]| -> Result<Dictionary, WriteError> {
        drawn.get_deref(key, objects).and_then(Object::as_dict).map_err(damaged).cloned()
    };
    let (fonts, images) = (part(b"Font")?, part(b"XObject")?);
    for subset in subsets.iter() {
        describe(objects, &fonts, subset)?;
    }
    let mut resources = Dictionary::new();
    for (key, part) in [("Font", fonts), ("XObject", images)] {
        if !part.is_empty() {
            resources.set(key, part);
        }
    }
    Ok(objects.add_object(resources))
}

/// Corrects printpdf's description of a font, adds the font program if there is none, and adds widths and
/// texts of all glyphs: printpdf would copy each text several times.
fn describe(objects: &mut Document, fonts: &Dictionary, subset: &Subset) -> Result<(), WriteError> {
    /// The font has glyphs outside the standard Latin character set: ISO 32000-1, table 123.
    const SYMBOLIC: i64 = 1 << 2;
    let font =
        fonts.get_deref(subset.resource.as_bytes(), objects).and_then(Object::as_dict).map_err(damaged)?;
    let descendants = font.get(b"DescendantFonts").and_then(Object::as_array).map_err(damaged)?;
    let descendant = descendants.first().ok_or_else(|| upstream("no descendant font"))?;
    let descriptor = descendant.as_dict().and_then(|font| font.get(b"FontDescriptor")).map_err(damaged)?;
    let descriptor = descriptor.as_reference().map_err(damaged)?;
    let program = subset.compressed().map(|program| {
        let length = Object::Integer(program.length as i64);
        let dict = dictionary([("Filter", name("FlateDecode")), ("Length1", length)]);
        objects.add_object(Stream::new(dict, program.bytes.clone()))
    });
    let descriptor = objects.get_object_mut(descriptor).and_then(Object::as_dict_mut).map_err(damaged)?;
    descriptor.set("Flags", SYMBOLIC);
    descriptor.set("CapHeight", subset.measures().cap_height);
    if let Some(program) = program {
        descriptor.set("FontFile2", Object::Reference(program));
    }
    let texts = objects.add_object(Stream::new(Dictionary::new(), to_unicode::cmap(subset.texts())));
    let font = fonts.get(subset.resource.as_bytes()).and_then(Object::as_reference).map_err(damaged)?;
    let font = objects.get_object_mut(font).and_then(Object::as_dict_mut).map_err(damaged)?;
    font.set("ToUnicode", Object::Reference(texts));
    let descendants = font.get_mut(b"DescendantFonts").and_then(Object::as_array_mut).map_err(damaged)?;
    let descendant = descendants.first_mut().ok_or_else(|| upstream("no descendant font"))?;
    let descendant = descendant.as_dict_mut().map_err(damaged)?;
    descendant.set("DW", EM);
    descendant.set("W", widths(subset.widths()));
    Ok(())
}

/// An em in thousandths of itself: the width of most glyphs.
const EM: i64 = 1000;

/// The widths that are not an em: ISO 32000-1, 9.7.4.3.
fn widths(widths: &[u16]) -> Vec<Object> {
    let mut runs: Vec<Object> = Vec::new();
    let mut code = 0;
    for run in widths.chunk_by(|a, b| (i64::from(*a) == EM) == (i64::from(*b) == EM)) {
        if i64::from(run[0]) != EM {
            runs.push(Object::Integer(code));
            runs.push(Object::Array(run.iter().map(|&width| Object::Integer(width.into())).collect()));
        }
        code += run.len() as i64;
    }
    runs
}

/// Gives a page its contents.
fn contents(objects: &mut Document, page: ObjectId, content: Vec<u8>) -> Result<ObjectId, WriteError> {
    let id =
        objects.get_dictionary(page).and_then(|page| page.get(b"Contents")).and_then(Object::as_reference);
    let id = id.map_err(damaged)?;
    let stream = objects.get_object_mut(id).and_then(Object::as_stream_mut).map_err(damaged)?;
    stream.set_content(content);
    Ok(id)
}

fn finish_page(
    page: &mut Dictionary,
    index: usize,
    size: Size,
    resources: ObjectId,
    contents: ObjectId,
    transparent: bool,
) {
    let parent = page.get(b"Parent").cloned().unwrap_or(Object::Null);
    let paper = [0.0, 0.0, round(size.width.to_pt()), round(size.height.to_pt())].map(Object::Real);
    *page = dictionary([
        ("Type", name("Page")),
        ("Parent", parent),
        ("MediaBox", Object::Array(paper.into())),
        ("Resources", Object::Reference(resources)),
        ("Contents", Object::Reference(contents)),
        ("StructParents", Object::Integer(index as i64)),
        // ISO 14289-1, 7.18.3.
        ("Tabs", name("S")),
    ]);
    if transparent {
        let group = dictionary([("S", name("Transparency")), ("CS", name("DeviceRGB"))]);
        page.set("Group", group);
    }
}

/// The catalog entries of every document.
fn catalog(objects: &mut Document, pages: Object) -> Dictionary {
    let profile = objects.add_object(Stream::new(dictionary([("N", Object::Integer(3))]), icc::srgb()));
    let intent = dictionary([
        ("Type", name("OutputIntent")),
        ("S", name("GTS_PDFA1")),
        ("OutputConditionIdentifier", text("sRGB")),
        ("Info", text("sRGB")),
        ("DestOutputProfile", Object::Reference(profile)),
    ]);
    let numbers = dictionary([("S", name("D"))]);
    dictionary([
        ("Type", name("Catalog")),
        ("Pages", pages),
        ("Lang", object::text("zh-CN")),
        ("MarkInfo", dictionary([("Marked", true.into())]).into()),
        ("ViewerPreferences", dictionary([("DisplayDocTitle", true.into())]).into()),
        ("PageLabels", dictionary([("Nums", vec![Object::Integer(0), numbers.into()].into())]).into()),
        ("OutputIntents", vec![Object::Dictionary(intent)].into()),
    ])
}

/// The error that the output of printpdf is not as expected.
fn upstream(what: impl Into<String>) -> WriteError {
    WriteError::Upstream { library: "printpdf", what: what.into() }
}

fn damaged(error: lopdf::Error) -> WriteError {
    upstream(error.to_string())
}

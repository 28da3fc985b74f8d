//! Tests of whole files, which are read back as a viewer would read them.

use std::collections::BTreeMap;

use lopdf::content::Content;
use lopdf::{Dictionary, Document as Loaded, Object, ObjectId};

use super::fixture::{self, Maker};
use super::{PdfWriter, Settings, WriteError};
use crate::document::{Colour, Document, Face, NodeId};
use crate::font::{FontId, Fonts};
use crate::geom::{Length, Point};
use crate::pages::{GlyphText, Item, Owner, Pages, PlacedGlyph, TextRun};

fn written(document: &Document, pages: &Pages) -> Vec<u8> {
    PdfWriter::default().write(document, pages, &Fonts::embedded(), &Settings::default()).unwrap()
}

fn load(document: &Document, pages: &Pages) -> Loaded {
    Loaded::load_mem(&written(document, pages)).unwrap()
}

/// A glyph as a viewer finds it.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    text: String,
    x: f64,
    y: f64,
}

/// A font as a viewer reads it.
struct ReadFont {
    texts: BTreeMap<u16, String>,
    widths: BTreeMap<u16, f64>,
    /// Of the codes that are not in `widths`.
    default_width: f64,
}

impl ReadFont {
    fn width(&self, code: u16) -> f64 {
        self.widths.get(&code).copied().unwrap_or(self.default_width)
    }
}

fn read_font(file: &Loaded, font: &Dictionary) -> ReadFont {
    let map =
        font.get_deref(b"ToUnicode", file).unwrap().as_stream().unwrap().decompressed_content().unwrap();
    let map = String::from_utf8(map).unwrap();
    let hex = |text: &str| u16::from_str_radix(text, 16).unwrap();
    let pairs = map.lines().filter_map(|line| line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <"));
    let texts = pairs.filter(|(from, _)| *from != "0000").map(|(from, to)| {
        let units: Vec<u16> =
            to.as_bytes().chunks(4).map(|unit| hex(std::str::from_utf8(unit).unwrap())).collect();
        (hex(from), String::from_utf16(&units).unwrap())
    });
    let texts = texts.collect();
    let mut widths = BTreeMap::new();
    let descendant = font.get(b"DescendantFonts").unwrap().as_array().unwrap()[0].as_dict().unwrap();
    for pair in descendant.get(b"W").unwrap().as_array().unwrap().chunks(2) {
        let first = pair[0].as_i64().unwrap() as u16;
        for (code, width) in (first..).zip(pair[1].as_array().unwrap()) {
            widths.insert(code, width.as_float().unwrap().into());
        }
    }
    let default_width = descendant.get(b"DW").unwrap().as_float().unwrap().into();
    ReadFont { texts, widths, default_width }
}

/// Follows the pen over a page, in reading order.
fn read_page(file: &Loaded, page: ObjectId) -> Vec<Seen> {
    let resources =
        file.get_dictionary(page).unwrap().get_deref(b"Resources", file).unwrap().as_dict().unwrap();
    let fonts = resources.get_deref(b"Font", file).unwrap().as_dict().unwrap();
    let content = Content::decode(&file.get_page_content(page)).unwrap();
    let (mut font, mut size, mut spacing) = (None, 0.0, 0.0);
    let (mut x, mut y) = (0.0, 0.0);
    let mut seen: Vec<Seen> = Vec::new();
    let mut spans: Vec<Option<(usize, String)>> = Vec::new();
    for operation in content.operations {
        let number = |index: usize| f64::from(operation.operands[index].as_float().unwrap());
        match operation.operator.as_str() {
            "Tf" => {
                let name = operation.operands[0].as_name().unwrap();
                font = Some(read_font(file, fonts.get_deref(name, file).unwrap().as_dict().unwrap()));
                size = number(1);
            }
            "Tc" => spacing = number(0),
            "Tm" => (x, y) = (number(4), number(5)),
            "TJ" => {
                let font = font.as_ref().unwrap();
                for part in operation.operands[0].as_array().unwrap() {
                    match part {
                        Object::String(codes, _) => {
                            for code in codes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])) {
                                seen.push(Seen { text: font.texts[&code].clone(), x, y });
                                x += font.width(code) * size / 1000.0 + spacing;
                            }
                        }
                        number => x -= f64::from(number.as_float().unwrap()) * size / 1000.0,
                    }
                }
            }
            "BDC" => {
                let actual_text = operation.operands[1].as_dict().unwrap().get(b"ActualText").ok();
                spans.push(
                    actual_text
                        .map(|actual_text| (seen.len(), lopdf::decode_text_string(actual_text).unwrap())),
                );
            }
            "EMC" => {
                if let Some((from, text)) = spans.pop().unwrap() {
                    seen[from..].iter_mut().for_each(|seen| seen.text.clear());
                    seen[from].text = text;
                }
            }
            _ => {}
        }
    }
    seen
}

/// What a viewer should find.
fn expected(pages: &Pages, index: usize) -> Vec<Seen> {
    let page = &pages.pages[index];
    let runs = page.items.iter().filter_map(|item| match item {
        Item::Text(run) => Some(run),
        Item::Rule(_) | Item::Image(_) | Item::Path(_) => None,
    });
    let glyphs = runs.flat_map(|run| {
        run.glyphs.iter().map(|glyph| {
            let text = match &glyph.text {
                GlyphText::Char(character) => character.to_string(),
                GlyphText::Chars(text) => text.to_string(),
                GlyphText::None => String::new(),
            };
            let place = Point::new(run.origin.x + glyph.x, page.paper.height - run.origin.y);
            Seen { text, x: place.x.to_pt(), y: place.y.to_pt() }
        })
    });
    glyphs.collect()
}

/// Writes, reads back and compares every glyph: its text, and its place to a hundredth of a point.
fn check(document: &Document, pages: &Pages) {
    let file = load(document, pages);
    for (index, page) in file.page_iter().enumerate() {
        let (seen, expected) = (read_page(&file, page), expected(pages, index));
        assert_eq!(seen.len(), expected.len());
        for (seen, expected) in seen.iter().zip(&expected) {
            assert_eq!(seen.text, expected.text, "{expected:?}");
            assert!(
                (seen.x - expected.x).abs() < 0.01 && (seen.y - expected.y).abs() < 0.01,
                "{seen:?} {expected:?}"
            );
        }
    }
}

#[test]
fn text_copies_out_and_is_where_it_was_set() {
    let (document, pages) = fixture::report();
    check(&document, &pages);
}

#[test]
fn places_do_not_drift_along_a_line() {
    let mut maker = Maker::new();
    let node = maker.id();
    // Widths of Liberation Serif are no whole thousandths.
    maker.runs(
        Owner::Node(node),
        Face::Fangsong,
        16.0,
        Length::mm(28.0),
        Length::mm(50.0),
        &"mixture ".repeat(80),
    );
    let (document, mut pages) = maker.finish();
    for item in &mut pages.pages[0].items {
        if let Item::Text(run) = item {
            // No gap like another: a justified line.
            run.glyphs.iter_mut().zip(1i64..).for_each(|(glyph, n)| glyph.x += Length::emu(n * n % 977));
        }
    }
    check(&document, &pages);
}

/// Pages with one run of these glyphs.
fn one_run(glyphs: &[(u16, GlyphText)]) -> (Document, Pages) {
    let mut maker = Maker::new();
    let node = maker.paragraph("前");
    let place = |(index, (id, text)): (usize, &(u16, GlyphText))| PlacedGlyph {
        id: *id,
        x: Length::pt(16.0 * index as f64),
        text: text.clone(),
        gap: false,
    };
    let run = TextRun {
        owner: Owner::Node(node),
        origin: Point::new(Length::mm(30.0), Length::mm(60.0)),
        font: FontId::SONG,
        size: Length::pt(16.0),
        strong: false,
        colour: Colour { rgb: [255, 0, 0] },
        glyphs: glyphs.iter().enumerate().map(place).collect(),
    };
    maker.items().push(Item::Text(run));
    maker.finish()
}

fn song(character: char) -> u16 {
    Fonts::embedded().font(FontId::SONG).glyph(character).unwrap()
}

#[test]
fn one_glyph_may_represent_several_texts() {
    let one = song('一');
    let texts = ["一", "⼀", "一", "一一", "𠀀"].map(|text| (one, GlyphText::Chars(text.into())));
    let (document, pages) = one_run(&texts);
    check(&document, &pages);
}

#[test]
fn several_glyphs_may_represent_one_text() {
    let (a, b) = (song('甲'), song('乙'));
    let (document, pages) =
        one_run(&[(a, GlyphText::Char('甲')), (a, GlyphText::Chars("丙丁".into())), (b, GlyphText::None)]);
    check(&document, &pages);
}

#[test]
fn missing_character_is_shown_as_such_and_copies_out() {
    let (document, pages) = one_run(&[
        (0, GlyphText::Char('😀')),
        (song('甲'), GlyphText::Char('甲')),
        (0, GlyphText::Char('😁')),
    ]);
    check(&document, &pages);
}

#[test]
fn same_input_gives_same_bytes() {
    let (document, pages) = fixture::report();
    let first = written(&document, &pages);
    assert_eq!(first, written(&document, &pages));
    assert!(first.ends_with(b"%%EOF\n"));
}

#[test]
fn other_input_gives_another_identifier() {
    let (mut document, pages) = fixture::report();
    let identifier = |file: Loaded| file.trailer.get(b"ID").unwrap().clone();
    let first = identifier(load(&document, &pages));
    document.info.title.push('。');
    assert_ne!(first, identifier(load(&document, &pages)));
}

#[test]
fn every_font_is_embedded_and_subset() {
    let (document, pages) = fixture::report();
    let file = load(&document, &pages);
    let fonts = file.objects.values().filter_map(|object| object.as_dict().ok());
    let descriptors: Vec<_> = fonts.filter(|font| font.has_type(b"FontDescriptor")).collect();
    assert_eq!(descriptors.len(), 6);
    for descriptor in descriptors {
        let name = std::str::from_utf8(descriptor.get(b"FontName").unwrap().as_name().unwrap()).unwrap();
        assert_eq!(name.find('+'), Some(6), "{name}");
        let program = descriptor.get_deref(b"FontFile2", &file).unwrap().as_stream().unwrap();
        let length = program.dict.get(b"Length1").unwrap().as_i64().unwrap();
        assert_eq!(program.decompressed_content().unwrap().len() as i64, length, "{name}");
        assert!(length < 60_000, "{name} {length}");
    }
}

#[test]
fn every_mark_has_an_element_and_every_element_its_parent() {
    let (document, pages) = fixture::report();
    let file = load(&document, &pages);
    let root = file.catalog().unwrap().get_deref(b"StructTreeRoot", &file).unwrap().as_dict().unwrap();
    let tree = root.get(b"ParentTree").unwrap().as_dict().unwrap().get(b"Nums").unwrap().as_array().unwrap();
    assert_eq!(tree.len(), 2 * pages.pages.len());
    for owners in tree.chunks(2).flat_map(|pair| pair[1].as_array().unwrap()) {
        let mut element = file.get_dictionary(owners.as_reference().unwrap()).unwrap();
        let mut steps = 0;
        while !element.has_type(b"StructTreeRoot") {
            element = element.get_deref(b"P", &file).unwrap().as_dict().unwrap();
            steps += 1;
            assert!(steps < 10);
        }
    }
}

/// The kinds of the elements, as an outline.
fn kinds(file: &Loaded, element: &Dictionary) -> String {
    let kind = String::from_utf8(element.get(b"S").unwrap().as_name().unwrap().into()).unwrap();
    let kids = match element.get(b"K") {
        Ok(Object::Array(kids)) => kids.clone(),
        Ok(kid) => vec![kid.clone()],
        Err(_) => Vec::new(),
    };
    let kids: Vec<_> = kids
        .iter()
        .map(|kid| match kid {
            Object::Reference(kid) => kinds(file, file.get_dictionary(*kid).unwrap()),
            Object::Dictionary(_) => "mark elsewhere".into(),
            _ => "mark".into(),
        })
        .collect();
    if kids.is_empty() { kind } else { format!("{kind}({})", kids.join(" ")) }
}

#[test]
fn structure_is_that_of_the_document() {
    let (document, pages) = fixture::report();
    let file = load(&document, &pages);
    let root = file.catalog().unwrap().get_deref(b"StructTreeRoot", &file).unwrap().as_dict().unwrap();
    let tree = kinds(&file, root.get_deref(b"K", &file).unwrap().as_dict().unwrap());
    let item = "LI(Lbl(mark) LBody(mark))";
    let expected = [
        "H1(mark) H2(mark) P(mark) P(mark)",
        "P(Span(mark) mark)",
        &format!("L({item} {item}) H3(mark)"),
        "Table(THead(TR(TH(mark)) TR(TD TH(mark) TH(mark)))",
        "TBody(TR(TH(mark) TD(mark) TD(mark)) TR(TH(mark) TH(mark)) TR(TH(mark) TD(mark))))",
        "P(mark mark elsewhere) H4(mark) Figure(mark Caption(mark)) Figure(mark Caption(mark))",
        "P(mark) P(mark) Figure(mark)",
    ];
    assert_eq!(tree, format!("Document({})", expected.join(" ")));
}

#[test]
fn content_without_a_block_is_still_read() {
    let mut maker = Maker::new();
    maker.line(NodeId(77), Face::Fangsong, "孤行");
    let (document, pages) = maker.finish();
    let file = load(&document, &pages);
    let root = file.catalog().unwrap().get_deref(b"StructTreeRoot", &file).unwrap().as_dict().unwrap();
    assert_eq!(kinds(&file, root.get_deref(b"K", &file).unwrap().as_dict().unwrap()), "Document(P(mark))");
}

#[test]
fn headings_never_skip_a_level() {
    let mut maker = Maker::new();
    for level in [2, 4, 2, 1, 3, 3] {
        maker.heading(level, "（一）题");
    }
    let (document, pages) = maker.finish();
    let file = load(&document, &pages);
    let root = file.catalog().unwrap().get_deref(b"StructTreeRoot", &file).unwrap().as_dict().unwrap();
    let tree = kinds(&file, root.get_deref(b"K", &file).unwrap().as_dict().unwrap());
    assert_eq!(tree, "Document(H1(mark) H2(mark) H1(mark) H1(mark) H2(mark) H2(mark))");
}

#[test]
fn outline_leads_to_the_headings() {
    let (document, pages) = fixture::report();
    let file = load(&document, &pages);
    let outlines = file.catalog().unwrap().get_deref(b"Outlines", &file).unwrap().as_dict().unwrap();
    let title = outlines.get_deref(b"First", &file).unwrap().as_dict().unwrap();
    let first = title.get_deref(b"First", &file).unwrap().as_dict().unwrap();
    assert_eq!(lopdf::decode_text_string(first.get(b"Title").unwrap()).unwrap(), "一、总体情况");
    let destination = first.get(b"Dest").unwrap().as_array().unwrap();
    assert_eq!(destination[0].as_reference().unwrap(), file.page_iter().next().unwrap());
    let top = fixture::A4.height - pages.outline[1].top.y;
    assert!((f64::from(destination[3].as_float().unwrap()) - top.to_pt()).abs() < 0.01);
}

#[test]
fn page_is_exactly_a4_and_nothing_is_left_of_printpdf() {
    let (document, pages) = fixture::report();
    let file = load(&document, &pages);
    for page in file.page_iter() {
        let page = file.get_dictionary(page).unwrap();
        let numbers: Vec<f32> = page
            .get(b"MediaBox")
            .unwrap()
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_float().unwrap())
            .collect();
        assert_eq!(numbers, [0.0, 0.0, 595.276, 841.89]);
        assert!(!page.has(b"Annots"));
    }
    let info = file.trailer.get_deref(b"Info", &file).unwrap().as_dict().unwrap();
    assert_eq!(info.get(b"CreationDate").unwrap().as_str().unwrap(), b"D:20240131000000+08'00'");
}

#[test]
fn picture_is_written_once_and_with_its_hole() {
    let mut maker = Maker::new();
    let picture = fixture::picture();
    maker.illustration(picture.clone(), "甲");
    maker.illustration(picture, "乙");
    let (document, pages) = maker.finish();
    let file = load(&document, &pages);
    let streams = file.objects.values().filter_map(|object| object.as_stream().ok());
    let images: Vec<_> = streams.filter(|stream| stream.dict.get(b"Width").is_ok()).collect();
    assert_eq!(images.len(), 2);
    assert_eq!(images.iter().filter(|image| image.dict.has(b"SMask")).count(), 1);
}

#[test]
fn photograph_is_written_as_it_came() {
    let mut maker = Maker::new();
    let picture = fixture::photograph();
    maker.illustration(picture.clone(), "甲");
    let (document, pages) = maker.finish();
    let file = load(&document, &pages);
    let mut streams = file.objects.values().filter_map(|object| object.as_stream().ok());
    let image = streams.find(|stream| stream.dict.get(b"Width").is_ok()).unwrap();
    assert_eq!(image.dict.get(b"Filter").unwrap().as_name().unwrap(), b"DCTDecode");
    assert_eq!(image.content, picture.bytes);
}

#[test]
fn what_was_written_before_changes_nothing() {
    let (document, pages) = fixture::report();
    let mut other = Maker::new();
    other.paragraph("另一份文件，别的字。");
    let other = other.finish();
    let used = PdfWriter::default();
    let write = |writer: &PdfWriter, (document, pages): (&Document, &Pages)| {
        writer.write(document, pages, &Fonts::embedded(), &Settings::default()).unwrap()
    };
    let first = write(&used, (&document, &pages));
    let second = write(&used, (&other.0, &other.1));
    assert!(first == write(&used, (&document, &pages)));
    assert!(second == write(&PdfWriter::default(), (&other.0, &other.1)));
}

#[test]
fn no_pages_is_an_error() {
    let (document, _) = fixture::report();
    let writer = PdfWriter::default();
    let result = writer.write(&document, &Pages::default(), &Fonts::embedded(), &Settings::default());
    assert!(matches!(result, Err(WriteError::NoPages)));
}

#[test]
fn user_fonts_of_any_units_are_embedded_with_true_widths() {
    use crate::font::{Purpose, UserFont, fixture as fonts};
    use crate::{Exporter, Format, Options};
    let report = r#"{ "format": 1, "layout": "general-document", "issuer": "某某办公室",
        "title": "样例", "sections": [{ "body": ["公文（2023），“样”——完㼆AZ。"] }] }"#;
    let options = Options { formats: vec![Format::Pdf], ..Options::default() };
    for units in [256, 1000, 2048] {
        let han = fonts::with_units_per_em(&fonts::han(), units);
        let latin = fonts::with_units_per_em(&fonts::latin(), 512);
        let file = fonts::collection(&[latin, han]);
        let user = [(Purpose::Latin, 0), (Purpose::Face(Face::Fangsong), 1)];
        let user = user.map(|(purpose, index)| UserFont::new(purpose, "x", "x.ttc", file.clone(), index));
        let user = user.into_iter().collect::<Result<_, _>>().unwrap();
        let exporter = Exporter::new().with_fonts(Fonts::with_user_fonts(user), Vec::new());
        let export = exporter.export(report.as_bytes(), &options, &()).unwrap();
        let file = Loaded::load_mem(export.file(Format::Pdf).unwrap()).unwrap();
        let font = |name: &str| {
            let is = |object: &&Object| {
                let base = object.as_dict().and_then(|dict| dict.get(b"BaseFont")).and_then(Object::as_name);
                let composite = object.as_dict().is_ok_and(|dict| dict.has(b"ToUnicode"));
                composite && base.is_ok_and(|base| String::from_utf8_lossy(base).ends_with(name))
            };
            let font = file.objects.values().find(is).unwrap_or_else(|| panic!("{name} is in the file"));
            read_font(&file, font.as_dict().unwrap())
        };
        let width = |font: &ReadFont, text: &str| {
            let code = font.texts.iter().find(|(_, known)| *known == text).map(|(code, _)| code);
            font.width(*code.unwrap_or_else(|| panic!("{text} is drawn")))
        };
        let han = font("+NotoSansSC-Medium");
        for text in ["公", "（", "，", "“"] {
            assert_eq!(width(&han, text), 1000.0, "{units} {text}");
        }
        let latin = font("+LiberationSerif");
        assert_eq!(width(&latin, "2"), 500.0);
        assert!((width(&latin, "A") - 722.0).abs() <= 2.0);
        assert_eq!(width(&font("+NotoSerifSC-Regular"), "㼆"), 1000.0);
    }
}

#[test]
fn addresses_and_english_are_elements_and_links_cover_their_words() {
    let mut maker = Maker::new();
    maker.paragraph("见 https://a.gov.cn/b 和 Open Government Data。");
    let (document, pages) = maker.finish();
    check(&document, &pages);
    let file = load(&document, &pages);
    let root = file.catalog().unwrap().get_deref(b"StructTreeRoot", &file).unwrap().as_dict().unwrap();
    let tree = kinds(&file, root.get_deref(b"K", &file).unwrap().as_dict().unwrap());
    assert_eq!(tree, "Document(P(mark Link(mark mark elsewhere) mark Span(mark) mark))");
    let page = file.get_dictionary(file.page_iter().next().unwrap()).unwrap();
    let links = page.get(b"Annots").unwrap().as_array().unwrap();
    assert_eq!(links.len(), 1);
    let link = file.get_dictionary(links[0].as_reference().unwrap()).unwrap();
    let rect: Vec<f64> =
        link.get(b"Rect").unwrap().as_array().unwrap().iter().map(|n| n.as_float().unwrap().into()).collect();
    let seen = read_page(&file, file.page_iter().next().unwrap());
    let inside: String = seen
        .iter()
        .filter(|seen| {
            seen.x >= rect[0] - 0.01 && seen.x < rect[2] - 0.5 && rect[1] < seen.y && seen.y < rect[3]
        })
        .map(|seen| seen.text.as_str())
        .collect();
    assert_eq!(inside, "https://a.gov.cn/b");
    // ISO 32000-1, 14.7.4.4: the way back from the link to its element.
    let tree = root.get(b"ParentTree").unwrap().as_dict().unwrap().get(b"Nums").unwrap().as_array().unwrap();
    let key = link.get(b"StructParent").unwrap().as_i64().unwrap();
    let at = tree.iter().step_by(2).position(|number| number.as_i64().ok() == Some(key)).unwrap();
    let owner = file.get_dictionary(tree[at * 2 + 1].as_reference().unwrap()).unwrap();
    assert_eq!(owner.get(b"S").unwrap().as_name().unwrap(), b"Link");
}

#[test]
fn an_address_broken_over_lines_has_a_link_on_each() {
    use crate::{Exporter, Format, Options};
    let long = format!("https://www.example.gov.cn/{}", "zwgk/xxgkml/".repeat(9));
    let report = format!(
        r#"{{ "format": 1, "layout": "general-document", "issuer": "某某办公室",
        "title": "样例", "sections": [{{ "body": ["网址为{long}index.html。"] }}] }}"#
    );
    let options = Options { formats: vec![Format::Pdf], ..Options::default() };
    let export = Exporter::new().export(report.as_bytes(), &options, &()).unwrap();
    let file = Loaded::load_mem(export.file(Format::Pdf).unwrap()).unwrap();
    let page = file.get_dictionary(file.page_iter().next().unwrap()).unwrap();
    let links = page.get(b"Annots").unwrap().as_array().unwrap();
    assert!(links.len() >= 2, "{links:?}");
    for link in links {
        let link = file.get_dictionary(link.as_reference().unwrap()).unwrap();
        let target = link.get(b"A").unwrap().as_dict().unwrap().get(b"URI").unwrap().as_str().unwrap();
        assert_eq!(target, format!("{long}index.html").as_bytes());
    }
}

//! Tests of what must hold for every Word file.

pub(crate) mod fixture;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use super::{Settings, order, write};
use crate::arrange::{Arranged, arrange};
use crate::document::{Block, BlockKind, Document, Info, NodeId, NumberPosition};
use crate::font::Fonts;
use crate::pages::{ColophonPage, Keeps};
use crate::typeset::{Draw, typeset};
use crate::xml::{self, Element};

fn arranged(document: &Document) -> Arranged {
    arrange(document.clone(), &Fonts::embedded()).0
}

/// The parts of a written file, by name, in the order of the package.
struct Parts {
    names: Vec<String>,
    bytes: BTreeMap<String, Vec<u8>>,
}

impl Parts {
    fn of(document: &Document) -> Parts {
        let (document, pages) = typeset(arranged(document), &Fonts::embedded(), Draw::Nothing);
        Parts::read(write(&document, &pages.keeps, &Settings::default()).unwrap())
    }

    fn read(file: Vec<u8>) -> Parts {
        let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
        let mut parts = Parts { names: Vec::new(), bytes: BTreeMap::new() };
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            let name = entry.name().unwrap().into_owned();
            parts.names.push(name.clone());
            parts.bytes.insert(name, bytes);
        }
        parts
    }

    fn xml(&self, name: &str) -> Element<'_> {
        xml::read(&self.bytes[name]).unwrap()
    }

    fn xml_parts(&self) -> impl Iterator<Item = (&str, Element<'_>)> {
        let names = self.names.iter().filter(|name| name.ends_with(".xml") || name.ends_with(".rels"));
        names.map(|name| (name.as_str(), self.xml(name)))
    }
}

fn with_blocks(kinds: Vec<BlockKind>) -> Document {
    let blocks = kinds.into_iter().zip(1..).map(|(kind, id)| Block::new(NodeId(id), kind)).collect();
    Document { blocks, ..fixture::empty() }
}

fn values<'a>(root: &'a Element<'a>, element: &str, attribute: &str) -> Vec<&'a str> {
    let named = root.descendants().into_iter().filter(|e| e.name == element);
    named.filter_map(|e| e.attribute(attribute)).collect()
}

#[test]
fn package_is_the_same_every_time() {
    let document = arranged(&fixture::document());
    let first = write(&document, &Keeps::default(), &Settings::default()).unwrap();
    assert_eq!(first, write(&document, &Keeps::default(), &Settings::default()).unwrap());
}

#[test]
fn package_begins_with_its_types_and_holds_only_our_parts() {
    let parts = Parts::of(&fixture::document());
    assert_eq!(
        parts.names,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "word/document.xml",
            "word/_rels/document.xml.rels",
            "word/footer1.xml",
            "word/footer2.xml",
            "word/styles.xml",
            "word/settings.xml",
            "word/fontTable.xml",
            "word/media/image1.png",
            "docProps/core.xml",
            "docProps/app.xml",
            "docProps/custom.xml",
        ]
    );
}

#[test]
fn relationships_are_closed() {
    let parts = Parts::of(&fixture::document());
    let relationships = parts.xml("word/_rels/document.xml.rels");
    let known: BTreeSet<_> = values(&relationships, "Relationship", "Id").into_iter().collect();
    for target in values(&relationships, "Relationship", "Target") {
        assert!(parts.bytes.contains_key(&format!("word/{target}")), "{target}");
    }
    let body = parts.xml("word/document.xml");
    let used = body.descendants().into_iter().flat_map(|e| ["r:id", "r:embed"].map(|name| e.attribute(name)));
    let used: BTreeSet<_> = used.flatten().collect();
    assert!(used.is_subset(&known), "{used:?}");
    assert_eq!(used, ["rIdFooter1", "rIdFooter2", "rIdImage1"].into());

    let types = parts.xml("[Content_Types].xml");
    let overrides: BTreeSet<_> = values(&types, "Override", "PartName").into_iter().collect();
    let defaults: BTreeSet<_> = values(&types, "Default", "Extension").into_iter().collect();
    for name in overrides.iter().map(|name| &name[1..]) {
        assert!(parts.bytes.contains_key(name), "{name}");
    }
    for name in &parts.names[1..] {
        let by_extension = !name.ends_with(".xml") && defaults.contains(name.rsplit('.').next().unwrap());
        assert!(by_extension || overrides.contains(format!("/{name}").as_str()), "{name}");
    }
}

#[test]
fn styles_named_by_the_body_are_defined() {
    let parts = Parts::of(&fixture::document());
    let styles = parts.xml("word/styles.xml");
    let ids = values(&styles, "w:style", "w:styleId");
    let defined: BTreeSet<_> = ids.iter().copied().collect();
    assert_eq!(ids.len(), defined.len());
    for part in ["word/document.xml", "word/footer1.xml", "word/styles.xml"] {
        let part = parts.xml(part);
        for element in ["w:pStyle", "w:rStyle", "w:basedOn", "w:link", "w:next"] {
            for id in values(&part, element, "w:val") {
                assert!(defined.contains(id), "{element} {id}");
            }
        }
    }
}

#[test]
fn children_are_in_the_order_of_the_schema() {
    for (part, root) in Parts::of(&fixture::document()).xml_parts() {
        for element in root.descendants() {
            let Some(order) = order::order_in(&element.name) else { continue };
            let places: Vec<_> =
                element.elements().map(|child| order.iter().position(|name| *name == child.name)).collect();
            assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{part}: {element:?}");
        }
    }
}

#[test]
fn ids_are_unique_and_count_from_one() {
    let parts = Parts::of(&fixture::document());
    let body = parts.xml("word/document.xml");
    let expected = |n: usize| (1..=n).map(|id| id.to_string()).collect::<Vec<_>>();
    for (element, attribute) in [("wp:docPr", "id"), ("w:bookmarkStart", "w:id"), ("w:bookmarkEnd", "w:id")] {
        let ids = values(&body, element, attribute);
        assert!(ids.len() > 1, "{element}");
        assert_eq!(ids, expected(ids.len()), "{element}");
    }
    let names = values(&body, "w:bookmarkStart", "w:name");
    let unique: BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(unique.len(), names.len());
    for name in ["_gw_requests", "_gw_Litigation_2", "_gw_title", "_gw_signature"] {
        assert!(names.iter().any(|known| known.starts_with(name)), "{name}: {names:?}");
    }
}

#[test]
fn body_leaks_nothing_of_docx_rs() {
    let parts = Parts::of(&fixture::document());
    for name in ["word/document.xml", "word/footer1.xml", "word/footer2.xml"] {
        let text = String::from_utf8(parts.bytes[name].clone()).unwrap();
        for leak in
            ["paraId", "w14", "Ignorable", "numPr", "w:dirty", "<w:rPr/>", "<w:rPr />", "\u{1}", "comment"]
        {
            assert!(!text.contains(leak), "{leak} in {name}");
        }
    }
}

#[test]
fn text_comes_out_once_and_as_written() {
    let parts = Parts::of(&fixture::document());
    let body = parts.xml("word/document.xml");
    let text: String = body.descendants().iter().filter(|e| e.name == "w:t").map(|e| e.own_text()).collect();
    assert_eq!(text.matches("a<b & c>d的样例照原样保留").count(), 1);
    assert_eq!(text.matches("1.第一项内容；").count(), 1);
    let alt = values(&body, "wp:docPr", "descr");
    assert_eq!(alt[0], "红色圆环 \"一\" <二>");
    assert_eq!(alt[1], "清镇市人民政府办公室印章");
}

#[test]
fn table_header_rows_repeat_and_cells_agree_with_the_grid() {
    let parts = Parts::of(&fixture::document());
    let body = parts.xml("word/document.xml");
    let tables: Vec<_> = body.descendants().into_iter().filter(|e| e.name == "w:tbl").collect();
    let headers = tables.iter().map(|table| values(table, "w:trHeight", "w:val").len());
    assert_eq!(headers.collect::<Vec<_>>(), [28, 2, 2, 2]);
    for table in &tables {
        let grid: Vec<usize> = values(table, "w:gridCol", "w:w").iter().map(|w| w.parse().unwrap()).collect();
        for row in table.elements().filter(|e| e.name == "w:tr") {
            let cells = row.elements().filter(|e| e.name == "w:tc").map(|cell| {
                let properties = cell.find("w:tcPr").unwrap();
                let number = |name: &str, attribute: &str| -> Option<usize> {
                    properties.find(name)?.attribute(attribute)?.parse().ok()
                };
                (number("w:gridSpan", "w:val").unwrap_or(1), number("w:tcW", "w:w").unwrap())
            });
            let mut column = 0;
            for (span, width) in cells {
                assert_eq!(width, grid[column..column + span].iter().sum::<usize>());
                column += span;
            }
            assert_eq!(column, grid.len());
        }
    }
    let repeated = |table: &Element| table.descendants().iter().filter(|e| e.name == "w:tblHeader").count();
    assert_eq!(tables.iter().map(|table| repeated(table)).collect::<Vec<_>>(), [3, 1, 1, 1]);
    assert_eq!(values(tables[0], "w:tblCaption", "w:val"), ["收到和处理政府信息公开申请情况"]);
    assert_eq!(
        values(tables[0], "w:tblDescription", "w:val"),
        ["各类申请人提出的申请数量及办理结果 <按年度>"]
    );
    assert_eq!(values(tables[0], "w:vMerge", "w:val").iter().filter(|v| **v == "restart").count(), 6);
}

#[test]
fn tables_never_touch_and_never_end_the_document() {
    let parts = Parts::of(&fixture::document());
    let body = parts.xml("word/document.xml");
    let names: Vec<_> = body.find("w:body").unwrap().elements().map(|e| &*e.name).collect();
    assert!(!names.windows(2).any(|pair| matches!(pair, ["w:tbl", "w:tbl"] | ["w:tbl", "w:sectPr"])));
}

#[test]
fn page_numbers_are_at_the_outer_edge() {
    let parts = Parts::of(&fixture::document());
    for (name, side, edge) in
        [("word/footer1.xml", "right", "w:right"), ("word/footer2.xml", "left", "w:left")]
    {
        let footer = parts.xml(name);
        assert_eq!(values(&footer, "w:jc", "w:val"), [side]);
        assert_eq!(values(&footer, "w:ind", edge), ["280"]);
        let text: String = footer.descendants().iter().map(|e| e.own_text()).collect();
        assert_eq!(text, "— PAGE1 —");
    }
    let section = parts.xml("word/document.xml");
    // 28 mm to the middle of a line of 20 pt: 1587 − 200 twips.
    assert_eq!(values(&section, "w:pgMar", "w:footer"), ["1387"]);
    assert_eq!(values(&section, "w:docGrid", "w:linePitch"), ["592"]);
}

#[test]
fn body_properties_live_in_the_styles() {
    let parts = Parts::of(&with_blocks(vec![fixture::body("正文。")]));
    let body = parts.xml("word/document.xml");
    let paragraph = body.find("w:body").unwrap().find("w:p").unwrap();
    assert_eq!(
        paragraph.elements().map(|e| &*e.name).collect::<Vec<_>>(),
        ["w:bookmarkStart", "w:bookmarkEnd", "w:r"]
    );
    let styles = parts.xml("word/styles.xml");
    let style =
        |id: &str| -> &Element { styles.elements().find(|e| e.attribute("w:styleId") == Some(id)).unwrap() };
    assert_eq!(values(style("Normal"), "w:ind", "w:firstLineChars"), ["200"]);
    assert_eq!(values(style("Normal"), "w:spacing", "w:line"), ["592"]);
    // A list item looks like 正文, so that its style has no properties of its own.
    assert!(style("ListItem").find("w:pPr").is_none() && style("ListItem").find("w:rPr").is_none());
    assert_eq!(values(style("Heading1"), "w:outlineLvl", "w:val"), ["0"]);
}

#[test]
fn defaults_keep_numbers_whole_and_lines_exact() {
    let parts = Parts::of(&fixture::empty());
    let styles = parts.xml("word/styles.xml");
    let defaults = styles.find("w:docDefaults").unwrap();
    // With Chinese here LibreOffice breaks 711 into 7 and 11.
    assert_eq!(values(defaults, "w:lang", "w:val"), ["en-US"]);
    assert_eq!(values(defaults, "w:lang", "w:eastAsia"), ["zh-CN"]);
    assert_eq!(values(defaults, "w:overflowPunct", "w:val"), ["0"]);
    assert_eq!(values(defaults, "w:snapToGrid", "w:val"), ["0"]);
}

#[test]
fn heading_run_in_is_a_linked_character_style_with_a_bookmark() {
    let parts = Parts::of(&fixture::document());
    let body = parts.xml("word/document.xml");
    let paragraph = body
        .descendants()
        .into_iter()
        .find(|e| e.name == "w:p" && !values(e, "w:rStyle", "w:val").is_empty())
        .unwrap();
    assert_eq!(values(paragraph, "w:rStyle", "w:val"), ["Heading2Char"]);
    let names: Vec<_> = paragraph.elements().map(|e| &*e.name).collect();
    let (start, end) = ("w:bookmarkStart", "w:bookmarkEnd");
    assert_eq!(names, [start, end, start, "w:r", end, "w:r"]);
    assert_eq!(values(paragraph, start, "w:name"), ["_gw_paragraph_2", "_gw_heading_2"]);
}

#[test]
fn signature_stays_with_the_text_above_where_its_pages_say_so() {
    let (document, mut pages) = typeset(
        arranged(&with_blocks(vec![
            fixture::body("特此报告。"),
            fixture::signature("某局", "2024年1月31日"),
        ])),
        &Fonts::embedded(),
        Draw::Nothing,
    );
    for tied in [false, true] {
        pages.keeps.signature_tied = tied;
        let parts = Parts::read(write(&document, &pages.keeps, &Settings::default()).unwrap());
        let body = parts.xml("word/document.xml");
        let paragraphs = body.find("w:body").unwrap().elements().filter(|e| e.name == "w:p");
        let kept: Vec<bool> =
            paragraphs.map(|p| p.descendants().iter().any(|e| e.name == "w:keepNext")).collect();
        assert_eq!(kept, [tied, true, false]);
    }
}

#[test]
fn headings_that_are_items_of_a_list_do_not_stay_with_the_next() {
    let mut item = fixture::heading(2, crate::style::Role::Heading2, "（一）甲", None);
    if let BlockKind::Paragraph(paragraph) = &mut item {
        paragraph.heading.as_mut().unwrap().item = true;
    }
    let last = fixture::heading(2, crate::style::Role::Heading2, "（二）乙", None);
    let parts = Parts::of(&with_blocks(vec![item, last]));
    let body = parts.xml("word/document.xml");
    assert_eq!(values(&body, "w:keepNext", "w:val"), ["0"]);
}

#[test]
fn addresses_are_hyperlinks_that_look_like_text() {
    let mut document = with_blocks(vec![
        fixture::body("见 http://a.gov.cn/x?a=1&b=2 或 www.a.gov.cn/“±”、a@b.cn。"),
        fixture::body("再见 http://a.gov.cn/x?a=1&b=2。"),
        fixture::body("见 Freedom of Information Act 文。"),
    ]);
    document.inlines =
        crate::document::Inlines::find(&document.blocks, &Default::default(), &Default::default());
    let parts = Parts::of(&document);
    let body = parts.xml("word/document.xml");
    let links = body.descendants().into_iter().filter(|element| element.name == "w:hyperlink");
    let links: Vec<(&str, String)> = links
        .map(|link| {
            let texts = link.descendants().into_iter().filter(|element| element.name == "w:t");
            (link.attribute("r:id").unwrap(), texts.map(|text| text.own_text().to_string()).collect())
        })
        .collect();
    let expected = [
        ("rIdLink1", "http://a.gov.cn/x?a=1&b=2"),
        ("rIdLink2", "www.a.gov.cn/"),
        ("rIdLink3", "a@b.cn"),
        ("rIdLink1", "http://a.gov.cn/x?a=1&b=2"),
    ];
    assert_eq!(links, expected.map(|(id, text)| (id, text.to_owned())));
    let relationships = parts.xml("word/_rels/document.xml.rels");
    let external = relationships.elements().filter(|element| element.attribute("TargetMode").is_some());
    let targets: Vec<&str> = external.map(|element| element.attribute("Target").unwrap()).collect();
    assert_eq!(targets, ["http://a.gov.cn/x?a=1&b=2", "http://www.a.gov.cn/", "mailto:a@b.cn"]);
    let styles = parts.xml("word/styles.xml");
    let style = styles.elements().find(|style| style.attribute("w:styleId") == Some("Hyperlink")).unwrap();
    assert!(style.find("w:rPr").is_none());
    assert_eq!(values(&body, "w:lang", "w:val"), ["en-US"]);
}

#[test]
fn colophon_is_at_the_edge_of_the_type_area_and_on_its_page() {
    use crate::document::{ColophonPlace, Position, RuledLine};
    use crate::geom::Length;
    let rule = || {
        let lines = vec![(Length::ZERO, Length::mm(0.35))];
        let width = fixture::empty().page.type_width();
        BlockKind::Rule(RuledLine { width, colour: crate::style::Colour::BLACK, lines })
    };
    let mut document =
        with_blocks(vec![fixture::body("正文。"), rule(), fixture::body("抄送：某局。"), rule()]);
    document.blocks[1..].iter_mut().for_each(|block| block.position = Position::Foot);
    document.page.colophon = ColophonPlace { from_bottom: Length::mm(35.0), on_even_page: false };
    let document = arranged(&document);
    let sections = [
        (ColophonPage::OfText, vec![(None, false)]),
        (ColophonPage::Own, vec![(None, false); 2]),
        (ColophonPage::Even, vec![(None, false), (Some("evenPage"), false)]),
        (ColophonPage::EvenAfterBlank, vec![(None, false), (Some("evenPage"), true)]),
    ];
    for (colophon, expected) in sections {
        let keeps = Keeps { colophon, ..Keeps::default() };
        let parts = Parts::read(write(&document, &keeps, &Settings::default()).unwrap());
        let body = parts.xml("word/document.xml");
        // From the margin, which is 1847 twips from the edge of the paper, to half the rule above 35 mm.
        assert_eq!(values(&body, "w:trHeight", "w:val"), ["147"]);
        assert_eq!(values(&body, "w:tblpPr", "w:horzAnchor"), ["page"]);
        assert_eq!(values(&body, "w:bottom", "w:sz"), ["8"]);
        let found = body.descendants().into_iter().filter(|element| element.name == "w:sectPr");
        let kind = |section: &Element| {
            let kind = section.find("w:type").and_then(|kind| kind.attribute("w:val")).map(str::to_owned);
            (kind, section.find("w:titlePg").is_some())
        };
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(kind, first): (Option<&str>, bool)| (kind.map(str::to_owned), first))
            .collect();
        assert_eq!(found.map(kind).collect::<Vec<_>>(), expected, "{colophon:?}");
    }
}

#[test]
fn indents_of_a_paragraph_leave_the_right_one_of_its_style() {
    use crate::document::Indent;
    use crate::geom::Length;
    let mut copies = fixture::body("抄送：某局。");
    if let BlockKind::Paragraph(paragraph) = &mut copies {
        paragraph.indent = Some(Indent { left: Length::twips(800), first: Length::twips(-600) });
    }
    let mut document = with_blocks(vec![copies]);
    let body = document.styles.0.get_mut(&crate::style::Role::Body).unwrap();
    body.indent_right = Length::twips(316);
    let parts = Parts::of(&document);
    let xml = parts.xml("word/document.xml");
    assert_eq!(values(&xml, "w:ind", "w:right"), ["316"]);
    assert_eq!(values(&xml, "w:ind", "w:hanging"), ["600"]);
}

#[test]
fn properties_are_written() {
    let parts = Parts::of(&fixture::document());
    let core = parts.xml("docProps/core.xml");
    let value = |name: &str| core.find(name).map(Element::own_text).unwrap_or_default();
    assert_eq!(value("dc:creator"), "清镇市人民政府办公室、清镇市<大数据>局");
    assert_eq!(value("dcterms:created"), "2024-01-30T16:00:00Z");
    let custom = parts.xml("docProps/custom.xml");
    assert_eq!(values(&custom, "property", "name"), ["索引号", "公开方式"]);

    let mut undated = fixture::empty();
    undated.info.date = None;
    assert!(Parts::of(&undated).xml("docProps/core.xml").find("dcterms:created").is_none());
}

#[test]
fn package_without_pictures_numbers_or_fields_is_closed_too() {
    let mut document =
        with_blocks(vec![BlockKind::PageBreak, fixture::space_for_a_seal(), BlockKind::PageBreak]);
    document.page.number.position = NumberPosition::None;
    document.info = Info::default();
    let parts = Parts::of(&document);
    assert!(parts.names.iter().all(|name| !name.contains("footer") && !name.contains("media")));
    assert!(!parts.bytes.contains_key("docProps/custom.xml"));
    let body = parts.xml("word/document.xml");
    assert!(body.descendants().iter().all(|e| e.name != "w:drawing" && e.name != "w:footerReference"));
    // The space for the seal is kept: about three lines above the name.
    let before: i64 = values(&body, "w:spacing", "w:before")[0].parse().unwrap();
    assert!((1600..1900).contains(&before), "{before}");
}

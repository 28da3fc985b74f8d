//! Documents and pages made by hand for the tests, line by line, without a typesetter.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::*;
use crate::font::Fonts;
use crate::geom::{Length, Point, Rect, Size};
use crate::pages::*;
use crate::text::shape::shape;

/// The paper of all pages.
pub(super) const A4: Size = Size::new(Length::emu(210 * Length::PER_MM), Length::emu(297 * Length::PER_MM));

/// Lays out lines of text and counts the nodes.
pub(super) struct Maker {
    pub pages: Pages,
    pub blocks: Vec<Block>,
    next: u32,
    y: Length,
}

impl Maker {
    pub fn new() -> Self {
        let mut maker = Maker { pages: Pages::default(), blocks: Vec::new(), next: 1, y: Length::ZERO };
        maker.page();
        maker
    }

    /// A new page, with its number at the foot of it.
    pub fn page(&mut self) {
        self.pages.pages.push(Page {
            paper: A4,
            orientation: Orientation::Portrait,
            items: Vec::new(),
            number: Vec::new(),
        });
        self.y = Length::mm(40.0);
        let number = format!("— {} —", self.pages.pages.len());
        let owner = Owner::Artifact(Artifact::Pagination);
        self.runs(owner, Face::Songti, 14.0, Length::mm(95.0), Length::mm(270.0), &number);
    }

    pub fn id(&mut self) -> NodeId {
        self.next += 1;
        NodeId(self.next - 1)
    }

    /// Adds a block.
    pub fn block(&mut self, id: NodeId, kind: BlockKind) {
        self.blocks.push(Block::new(id, kind));
    }

    /// Sets text in one line and goes down a line.
    pub fn line(&mut self, node: NodeId, face: Face, text: &str) {
        self.runs(Owner::Node(node), face, 16.0, Length::mm(28.0), self.y, text);
        self.y += Length::pt(29.6);
    }

    /// Sets text at a place, as one run for each font.
    pub fn runs(&mut self, owner: Owner, face: Face, size: f64, x: Length, y: Length, text: &str) -> Length {
        let mut runs: Vec<TextRun> = Vec::new();
        let mut pen = x;
        for cluster in shape(&Fonts::embedded(), face, crate::font::Digits::Latin, text) {
            if runs.last().is_none_or(|run| run.font != cluster.font) {
                let (origin, size) = (Point::new(pen, y), Length::pt(size));
                let colour = Colour::BLACK;
                runs.push(TextRun {
                    owner,
                    origin,
                    font: cluster.font,
                    size,
                    strong: false,
                    colour,
                    glyphs: Vec::new(),
                });
            }
            let run = runs.last_mut().unwrap();
            let em = |millionths: i32| Length::pt(size * f64::from(millionths) / 1e6);
            for (glyph, text) in cluster.glyphs.iter().zip(cluster.glyph_texts(text)) {
                run.glyphs.push(PlacedGlyph {
                    id: glyph.id,
                    x: pen - run.origin.x + em(glyph.x),
                    text,
                    gap: false,
                });
            }
            pen += em(cluster.advance) - Length::pt(0.21);
        }
        self.items().extend(runs.into_iter().map(Item::Text));
        pen
    }

    pub fn items(&mut self) -> &mut Vec<Item> {
        &mut self.pages.pages.last_mut().unwrap().items
    }

    /// A paragraph in one line.
    pub fn paragraph(&mut self, text: &str) -> NodeId {
        let id = self.id();
        self.line(id, Face::Fangsong, text);
        self.block(id, BlockKind::Paragraph(paragraph(Role::Body, text, None)));
        id
    }

    /// A heading in one line.
    pub fn heading(&mut self, level: u8, text: &str) {
        let (id, top) = (self.id(), Point::new(Length::mm(28.0), self.y - Length::pt(20.0)));
        let page = self.pages.pages.len() - 1;
        self.pages.outline.push(OutlineEntry { level: level + 1, text: text.into(), page, top });
        self.line(id, Face::Heiti, text);
        let heading = Heading { level, text: text.into(), run_in: false, item: false };
        self.block(id, BlockKind::Paragraph(paragraph(Role::heading(level), text, Some(heading))));
    }

    /// Sets a table with all its rules.
    pub fn table(&mut self, table: Table) {
        let id = self.id();
        if let Some(caption) = &table.caption {
            self.line(caption.id, Face::Heiti, &caption.text);
        }
        let edges: Vec<Length> = std::iter::once(Length::ZERO)
            .chain(table.columns.iter().scan(Length::ZERO, |edge, &width| {
                *edge += width;
                Some(*edge)
            }))
            .collect();
        let (left, height) = (Length::mm(28.0), Length::mm(10.0));
        for row in &table.rows {
            for cell in &row.cells {
                let (from, to) = (left + edges[cell.column], left + edges[cell.column + cell.columns]);
                let (x, y) = (from + Length::mm(2.0), self.y + Length::mm(6.0));
                self.runs(Owner::Node(cell.id), Face::Songti, 10.5, x, y, &cell.text);
                let rect = Rect::new(from, self.y, to - from, table.rule);
                let rule = Rule { rect, colour: Colour::BLACK };
                self.items().push(Item::Rule(rule));
            }
            self.y += height;
        }
        self.y += height;
        self.block(id, BlockKind::Table(table));
    }

    /// Sets a picture.
    pub fn illustration(&mut self, picture: Arc<Picture>, alt: &str) {
        let (id, size) = (self.id(), Size::new(Length::mm(40.0), Length::mm(30.0)));
        let rect = Rect { origin: Point::new(Length::mm(60.0), self.y), size };
        let placed = PlacedImage { owner: Owner::Node(id), rect, picture: picture.clone() };
        self.items().push(Item::Image(placed));
        self.y += Length::mm(40.0);
        let caption = TableText { id: self.id(), text: "图1 主动公开情况".into() };
        self.line(caption.id, Face::Kaiti, &caption.text);
        self.block(
            id,
            BlockKind::Illustration(Illustration {
                shown: Shown::Picture(picture),
                size,
                alt: alt.into(),
                caption: Some(caption),
            }),
        );
    }

    /// 署名 and 成文日期 under a seal.
    pub fn signature(&mut self) {
        let id = self.id();
        let mut line = |text: &str| {
            let line = TableText { id: self.id(), text: text.into() };
            self.line(line.id, Face::Fangsong, text);
            line
        };
        let (signatory, date) = (line("清镇市人民政府办公室"), line("2024年1月31日"));
        let seal = Seal {
            id: self.id(),
            picture: Some(picture()),
            size: Size::new(Length::mm(42.0), Length::mm(42.0)),
            alt: "印章".into(),
        };
        let rect = Rect::new(Length::mm(30.0), self.y - Length::mm(32.0), seal.size.width, seal.size.height);
        let placed = PlacedImage { owner: Owner::Node(seal.id), rect, picture: picture() };
        self.items().push(Item::Image(placed));
        let signatories = vec![signatory];
        self.block(
            id,
            BlockKind::Signature(Signature {
                kind: SignatureKind::Seal,
                signatories,
                date: Some(date),
                seals: vec![seal],
            }),
        );
    }

    pub fn finish(self) -> (Document, Pages) {
        (document(self.blocks), self.pages)
    }
}

/// A paragraph of one run.
pub(super) fn paragraph(role: Role, text: &str, heading: Option<Heading>) -> Paragraph {
    Paragraph { role, runs: vec![Run { id: None, role, text: text.into() }], heading, indent: None }
}

/// A document of these blocks.
fn document(blocks: Vec<Block>) -> Document {
    let page = PageGeometry {
        paper: A4,
        margin_top: Length::mm(35.0),
        margin_bottom: Length::mm(35.0),
        margin_left: Length::mm(28.0),
        margin_right: Length::mm(26.0),
        characters: 28,
        line_pitch: Length::pt(29.6),
        character_spacing: Length::pt(-0.21),
        number: PageNumber {
            on_first_page: true,
            prefix: "— ".into(),
            suffix: " —".into(),
            position: NumberPosition::Outside,
            indent: Length::ZERO,
            middle_from_bottom: Length::mm(28.0),
        },
        colophon: ColophonPlace::default(),
    };
    let info = Info {
        title: "清镇市人民政府办公室 <2023> 年度报告".into(),
        issuers: vec!["清镇市人民政府办公室".into()],
        date: crate::date::Date::new(2024, 1, 31),
        keywords: vec!["政府信息公开".into(), "年度报告".into()],
        summary: Some("本报告 & 摘要".into()),
        fields: Vec::new(),
    };
    Document {
        inlines: crate::document::Inlines::find(&blocks, &Default::default(), &Default::default()),
        formats: crate::document::Formats::default(),
        notes: crate::document::Notes::default(),
        page,
        text: TextRules { han_latin_gap: 250, compress_punctuation: true, ..TextRules::default() },
        styles: Styles::default(),
        families: BTreeMap::new(),
        info,
        blocks,
        front: 0,
        places: Vec::new(),
    }
}

/// A picture with a hole in it.
pub(super) fn picture() -> Arc<Picture> {
    let (width, height) = (40u32, 30u32);
    let pixel = |index: u32| {
        let (x, y) = (index % width, index / width);
        let clear = (x as i32 - 20).pow(2) + (y as i32 - 15).pow(2) < 64;
        [200, (x * 6) as u8, (y * 8) as u8, if clear { 0 } else { 255 }]
    };
    let rgba: Vec<u8> = (0..width * height).flat_map(pixel).collect();
    Arc::new(Picture { bytes: rgba.clone(), format: PictureFormat::Png, width, height, rgba, profile: None })
}

/// A JPEG.
pub(super) fn photograph() -> Arc<Picture> {
    let (width, height) = (64u32, 48u32);
    let rgb: Vec<u8> =
        (0..width * height).flat_map(|i| [(i % width * 4) as u8, (i / width * 5) as u8, 90]).collect();
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
    image::ImageEncoder::write_image(encoder, &rgb, width, height, image::ExtendedColorType::Rgb8).unwrap();
    let rgba = rgb.chunks(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect();
    Arc::new(Picture { bytes, format: PictureFormat::Jpeg, width, height, rgba, profile: None })
}

/// Everything that a report may hold, on two pages.
pub(super) fn report() -> (Document, Pages) {
    let mut maker = Maker::new();
    let (title, top) = (maker.id(), Point::new(Length::mm(28.0), Length::mm(33.0)));
    let text = "清镇市人民政府办公室2023年政府信息公开工作年度报告";
    maker.pages.outline.push(OutlineEntry { level: 1, text: text.into(), page: 0, top });
    maker.line(title, Face::Xiaobiaosong, "清镇市人民政府办公室2023年");
    maker.line(title, Face::Xiaobiaosong, "政府信息公开工作年度报告");
    let lines = vec![text.into()];
    maker.block(
        title,
        BlockKind::Title(Title {
            role: Role::Title,
            lines,
            names: [].into(),
            terms: [].into(),
            leads: false,
        }),
    );
    maker.heading(1, "一、总体情况");
    maker.paragraph("“主动公开”——清府办〔2023〕5号（GB/T 9704—2012）……");
    maker.paragraph("䶮𬭚㛃𠅤镕堃喆媖㼆頔龑、Office AV 3×4=12、买买提·阿不都①㎡");
    run_in(&mut maker);
    let list = [("1.", "依法公开；"), ("2.", "及时公开。")].map(|(label, text)| {
        let id = maker.id();
        maker.line(id, Face::Fangsong, &format!("{label}{text}"));
        ListItem { id, label: label.into(), text: text.into() }
    });
    let id = maker.id();
    maker.block(id, BlockKind::List(List { items: list.into() }));
    maker.heading(2, "（一）公开数据");
    maker.table(crate::document::fixture::two_part_table());
    // A paragraph that runs over the foot of the page.
    let id = maker.id();
    maker.line(id, Face::Fangsong, "本段从第一页");
    maker.page();
    maker.line(id, Face::Fangsong, "续到第二页。");
    maker.block(id, BlockKind::Paragraph(paragraph(Role::Body, "本段从第一页续到第二页。", None)));
    maker.heading(3, "1.图表");
    maker.illustration(picture(), "一个有孔的方形");
    maker.illustration(photograph(), "一张照片");
    maker.signature();
    maker.finish()
}

/// （一）主动公开方面。一是…… with the heading as a run of its own.
fn run_in(maker: &mut Maker) {
    let (id, run) = (maker.id(), maker.id());
    let (head, rest) = ("（一）主动公开方面。", "一是及时更新。");
    let (x, y) = (Length::mm(28.0), maker.y);
    let x = maker.runs(Owner::Node(run), Face::Kaiti, 16.0, x, y, head);
    maker.runs(Owner::Node(id), Face::Fangsong, 16.0, x, y, rest);
    maker.y += Length::pt(29.6);
    let page = maker.pages.pages.len() - 1;
    maker.pages.outline.push(OutlineEntry { level: 3, text: head.into(), page, top: Point::new(x, y) });
    let runs = vec![
        Run { id: Some(run), role: Role::Heading2, text: head.into() },
        Run { id: None, role: Role::Body, text: rest.into() },
    ];
    let heading = Some(Heading { level: 2, text: head.into(), run_in: true, item: false });
    maker.block(id, BlockKind::Paragraph(Paragraph { role: Role::Body, runs, heading, indent: None }));
}

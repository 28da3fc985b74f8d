//! A document with every kind of block, made by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::*;
use crate::geom::{Length, Size};

/// Every kind of block, twice where Word could mix them up.
pub(crate) fn document() -> Document {
    let mut document = empty();
    document.blocks = blocks();
    let tables = document.blocks.iter_mut().filter_map(|block| match &mut block.kind {
        BlockKind::Table(table) => Some(table),
        _ => None,
    });
    tables.flat_map(|table| &mut table.rows).zip(1000..).for_each(|(row, id)| row.id = NodeId(id));
    document
}

/// A document without blocks, in the default profile.
pub(crate) fn empty() -> Document {
    Document {
        inlines: crate::document::Inlines::default(),
        formats: crate::document::Formats::default(),
        notes: crate::document::Notes::default(),
        page: page(),
        text: TextRules { han_latin_gap: 250, compress_punctuation: false, ..TextRules::default() },
        styles: styles(),
        families: families(),
        info: Info {
            title: "清镇市人民政府办公室2023年政府信息公开工作年度报告".to_owned(),
            issuers: vec!["清镇市人民政府办公室".to_owned(), "清镇市<大数据>局".to_owned()],
            date: crate::date::Date::parse("2024-01-31"),
            keywords: vec!["信息公开".to_owned(), "年报 & 统计".to_owned()],
            summary: Some("概述：\"一网通办\"与<公开>".to_owned()),
            fields: vec![
                field("index_number", "索引号", "000014349/2024-00011"),
                field("x", "公开方式", "主动 & 公开"),
            ],
        },
        blocks: Vec::new(),
        front: 0,
        places: Vec::new(),
    }
}

fn field(key: &str, label: &str, value: &str) -> InfoField {
    InfoField { key: key.to_owned(), label: label.to_owned(), value: value.to_owned() }
}

fn page() -> PageGeometry {
    PageGeometry {
        paper: Size::new(Length::mm(210.0), Length::mm(297.0)),
        margin_top: Length::twips(1960),
        margin_bottom: Length::twips(1847),
        margin_left: Length::twips(1587),
        margin_right: Length::twips(1474),
        characters: 28,
        line_pitch: Length::twips(592),
        character_spacing: Length::twips(-5),
        number: PageNumber {
            on_first_page: true,
            prefix: "— ".to_owned(),
            suffix: " —".to_owned(),
            position: NumberPosition::Outside,
            indent: Length::pt(14.0),
            middle_from_bottom: Length::mm(28.0),
        },
        colophon: ColophonPlace::default(),
    }
}

fn families() -> BTreeMap<Face, Family> {
    let family = |east_asian: &str, alternatives: &[&str]| Family {
        east_asian: east_asian.to_owned(),
        latin: "Times New Roman".to_owned(),
        alternatives: alternatives.iter().map(|&name| name.to_owned()).collect(),
    };
    [
        (Face::Fangsong, family("仿宋_GB2312", &["仿宋", "FangSong"])),
        (Face::Xiaobiaosong, family("方正小标宋简体", &["方正小标宋_GBK"])),
        (Face::Heiti, family("黑体", &["SimHei"])),
        (Face::Kaiti, family("楷体_GB2312", &["楷体", "KaiTi"])),
        (Face::Songti, family("宋体", &["SimSun"])),
    ]
    .into()
}

fn styles() -> Styles {
    let body = Style {
        face: Face::Fangsong,
        size: Length::pt(16.0),
        colour: Colour::BLACK,
        align: Align::Justify,
        indent_left: Length::ZERO,
        indent_right: Length::ZERO,
        indent_first: Length::pt(31.6),
        line_pitch: Length::twips(592),
        character_spacing: Length::twips(-5),
        space_before: Length::ZERO,
        space_after: Length::ZERO,
        keep_with_next: false,
    };
    let plain = Style { indent_first: Length::ZERO, ..body.clone() };
    let heading = |face| Style { face, keep_with_next: true, ..body.clone() };
    let title = Style {
        face: Face::Xiaobiaosong,
        size: Length::pt(22.0),
        align: Align::Centre,
        line_pitch: Length::pt(36.0),
        character_spacing: Length::ZERO,
        space_after: Length::pt(16.0),
        keep_with_next: true,
        ..plain.clone()
    };
    let small = Style {
        face: Face::Songti,
        size: Length::pt(10.5),
        line_pitch: Length::pt(14.0),
        character_spacing: Length::ZERO,
        align: Align::Centre,
        ..plain.clone()
    };
    let two = Length::pt(31.6);
    let styles = [
        (Role::Title, title.clone()),
        (Role::Body, body.clone()),
        (Role::Heading1, heading(Face::Heiti)),
        (Role::Heading2, heading(Face::Kaiti)),
        (Role::Heading3, heading(Face::Fangsong)),
        (Role::Heading4, heading(Face::Fangsong)),
        (Role::ListItem, body.clone()),
        (
            Role::TableCaption,
            Style {
                face: Face::Heiti,
                align: Align::Centre,
                keep_with_next: true,
                space_before: Length::pt(8.0),
                ..plain.clone()
            },
        ),
        (Role::TableUnit, Style { align: Align::Right, keep_with_next: true, ..small.clone() }),
        (Role::TableHeader, Style { face: Face::Heiti, ..small.clone() }),
        (Role::TableLabel, Style { align: Align::Left, ..small.clone() }),
        (Role::TableFigure, small.clone()),
        (Role::TableNote, Style { align: Align::Justify, ..small.clone() }),
        (Role::Illustration, Style { align: Align::Centre, ..plain.clone() }),
        (Role::IllustrationCaption, small.clone()),
        (
            Role::AttachmentNote,
            Style {
                space_before: Length::mm(5.6),
                indent_left: Length::pt(80.0),
                indent_first: Length::pt(-48.0),
                ..body.clone()
            },
        ),
        (Role::AttachmentLabel, Style { face: Face::Heiti, ..plain.clone() }),
        (Role::AttachmentTitle, title),
        (
            Role::Signatory,
            Style { align: Align::Right, indent_right: two, space_before: Length::mm(5.6), ..plain.clone() },
        ),
        (Role::Date, Style { align: Align::Right, indent_right: two, ..plain.clone() }),
        (Role::PageNumber, Style { size: Length::pt(14.0), line_pitch: Length::pt(20.0), ..small }),
    ];
    Styles(styles.into())
}

fn blocks() -> Vec<Block> {
    let kinds = vec![
        title(&["清镇市人民政府办公室", "2023年政府信息公开工作年度报告"]),
        body(
            "根据《中华人民共和国政府信息公开条例》（国务院令第711号）等规定，现公布本机关2023年政府信息公开工作年度报告，统计期限为2023年1月1日—2023年12月31日。",
        ),
        heading(1, Role::Heading1, "一、总体情况", None),
        heading(
            2,
            Role::Body,
            "（一）主动公开方面。",
            Some(
                "坚持“以公开为常态、不公开为例外”……全年主动公开信息1286条，其中a<b & c>d的样例\u{1}\u{B}照原样保留；“互联网+政务”占53.7%。",
            ),
        ),
        heading(3, Role::Heading3, "1.制度建设", None),
        heading(4, Role::Heading4, "（1）分工", None),
        body(&"全角文字排满一行看每行是否正好二十八个字".repeat(12)),
        BlockKind::List(List {
            items: vec![item("1.", "第一项内容；"), item("2.", "第二项内容。")]
        }),
        heading(1, Role::Heading1, "二、主动公开政府信息情况", None),
        BlockKind::Table(header_table()),
        BlockKind::Table(plain_table("litigation")),
        BlockKind::Table(plain_table("Litigation")),
        heading(1, Role::Heading1, "三、其他需要报告的事项", None),
        illustration("图1 分布情况"),
        body(&"关于年报中需要说明的其他问题逐项说明如下。".repeat(20)),
        body("特此报告。"),
        signature("清镇市人民政府办公室", "2024年1月31日"),
        BlockKind::PageBreak,
        paragraph(Role::AttachmentLabel, "附件1"),
        BlockKind::Title(Title {
            role: Role::AttachmentTitle,
            lines: vec!["盖章样式".to_owned()],
            names: [].into(),
            terms: [].into(),
            leads: false,
        }),
        body("以下为加盖印章的样式。"),
        sealed(&["清镇市人民政府办公室"], Length::mm(45.0)),
        body("以下为联合行文的样式。"),
        sealed(&["市政府办公室", "市大数据局", "市财政局", "市教育局"], Length::mm(42.0)),
        paragraph(
            Role::AttachmentNote,
            "附件：1.一个很长的附件名称用来看回行是否与附件名称的第一个字对齐以及其他情形",
        ),
        BlockKind::PageBreak,
        BlockKind::Table(plain_table("after a break")),
    ];
    kinds.into_iter().zip(1..).map(|(kind, id)| Block::new(NodeId(id), kind)).collect()
}

fn title(lines: &[&str]) -> BlockKind {
    let lines = lines.iter().map(|&line| line.to_owned()).collect();
    BlockKind::Title(Title { role: Role::Title, lines, names: [].into(), terms: [].into(), leads: false })
}

pub(crate) fn paragraph(role: Role, text: &str) -> BlockKind {
    BlockKind::Paragraph(Paragraph {
        role,
        runs: vec![Run { id: None, role, text: text.to_owned() }],
        heading: None,
        indent: None,
    })
}

pub(crate) fn body(text: &str) -> BlockKind {
    paragraph(Role::Body, text)
}

/// A heading: alone, or with the text that it runs into.
pub(in crate::write::docx) fn heading(level: u8, role: Role, text: &str, rest: Option<&str>) -> BlockKind {
    let mut runs = vec![Run { id: None, role: Role::heading(level), text: text.to_owned() }];
    runs.extend(rest.map(|rest| Run { id: None, role: Role::Body, text: rest.to_owned() }));
    let heading = Heading { level, text: text.to_owned(), run_in: rest.is_some(), item: false };
    BlockKind::Paragraph(Paragraph { role, runs, heading: Some(heading), indent: None })
}

fn item(label: &str, text: &str) -> ListItem {
    ListItem { id: NodeId(0), label: label.to_owned(), text: text.to_owned() }
}

fn text(text: &str) -> TableText {
    TableText { id: NodeId(0), text: text.to_owned() }
}

fn cell(column: usize, columns: usize, rows: usize, role: Role, content: &str) -> TableCell {
    let scope = match role {
        Role::TableHeader => Some(Scope::Column),
        Role::TableLabel => Some(Scope::Row),
        _ => None,
    };
    let align = if role == Role::TableLabel { Align::Left } else { Align::Centre };
    TableCell {
        id: NodeId(0),
        column,
        columns,
        rows,
        role,
        align,
        scope,
        size: None,
        inset_right: Length::ZERO,
        decimal: false,
        continued: CONTINUED[0],
        indent_left: Length::ZERO,
        vertical: false,
        text: content.to_owned(),
    }
}

fn row(cells: Vec<TableCell>) -> TableRow {
    TableRow { id: NodeId(0), cells, min_height: Length::mm(8.0) }
}

/// Three header rows, spans both ways in header and body, a note, and more rows than a page holds.
fn header_table() -> Table {
    use Role::{TableFigure as F, TableHeader as H, TableLabel as L};
    let mut rows = vec![
        row(vec![
            cell(0, 2, 3, H, "（本列数据的勾稽关系：\n第一项加第二项之和，等于第三项）"),
            cell(2, 5, 1, H, "申请人情况"),
        ]),
        row(vec![cell(2, 1, 2, H, "自然人"), cell(3, 3, 1, H, "法人或其他组织"), cell(6, 1, 2, H, "总计")]),
        row(vec![cell(3, 1, 1, H, "商业企业"), cell(4, 1, 1, H, "科研机构"), cell(5, 1, 1, H, "其他")]),
        row([cell(0, 2, 1, L, "一、本年新收政府信息公开申请数量")]
            .into_iter()
            .chain((2..7).map(|c| cell(c, 1, 1, F, "286")))
            .collect()),
    ];
    for number in 0..24 {
        let mut cells = Vec::new();
        if number % 12 == 0 {
            cells.push(cell(0, 1, 12, L, "三、本年度办理结果"));
        }
        cells.push(cell(1, 1, 1, L, "（一）予以公开"));
        cells.extend((2..7).map(|c| cell(c, 1, 1, F, if c == 4 { "" } else { "39908" })));
        rows.push(row(cells));
    }
    let widths = [22.0, 44.0, 18.0, 18.0, 18.0, 18.0, 18.0];
    Table {
        name: "requests".to_owned(),
        caption: Some(text("收到和处理政府信息公开申请情况")),
        description: "各类申请人提出的申请数量及办理结果 <按年度>".to_owned(),
        number: None,
        prepared_by: None,
        unit: Some(text("单位：件")),
        columns: widths.map(Length::mm).into(),
        by_content: false,
        rows,
        header_rows: 3,
        notes: vec![text("注：一 + 二 = 三 + 四。")],
        rule: Length::pt(0.5),
        padding: Length::mm(1.0),
        padding_vertical: Length::ZERO,
        together: false,
        continued: None,
        repeat_columns: 0,
        is_carried: false,
    }
}

/// A table without caption, unit and notes.
fn plain_table(name: &str) -> Table {
    use Role::{TableFigure as F, TableHeader as H};
    Table {
        name: name.to_owned(),
        caption: None,
        description: String::new(),
        number: None,
        prepared_by: None,
        unit: None,
        columns: vec![Length::mm(156.0) / 3; 3],
        by_content: false,
        rows: vec![
            row((0..3).map(|c| cell(c, 1, 1, H, "结果维持")).collect()),
            row(vec![
                TableCell { align: Align::Right, ..cell(0, 1, 1, F, "6858.05") },
                cell(1, 2, 1, F, "0"),
            ]),
        ],
        header_rows: 1,
        notes: Vec::new(),
        rule: Length::pt(0.5),
        padding: Length::mm(1.0),
        padding_vertical: Length::ZERO,
        together: false,
        continued: None,
        repeat_columns: 0,
        is_carried: false,
    }
}

/// A red ring on nothing, as a seal is scanned.
pub(crate) fn picture() -> Arc<Picture> {
    const SIDE: u32 = 120;
    let mut rgba = Vec::new();
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (dx, dy) = (f64::from(x) - 59.5, f64::from(y) - 59.5);
            let ring = (52.0..59.0).contains(&dx.hypot(dy));
            rgba.extend(if ring { [220, 0, 0, 255] } else { [0, 0, 0, 0] });
        }
    }
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    image::ImageEncoder::write_image(encoder, &rgba, SIDE, SIDE, image::ExtendedColorType::Rgba8).unwrap();
    Arc::new(Picture { bytes, format: PictureFormat::Png, width: SIDE, height: SIDE, rgba, profile: None })
}

fn illustration(caption: &str) -> BlockKind {
    BlockKind::Illustration(Illustration {
        shown: Shown::Picture(picture()),
        size: Size::new(Length::mm(60.0), Length::mm(60.0)),
        alt: "红色圆环 \"一\" <二>".to_owned(),
        caption: Some(text(caption)),
    })
}

pub(crate) fn signature(name: &str, date: &str) -> BlockKind {
    BlockKind::Signature(Signature {
        kind: SignatureKind::Seal,
        signatories: vec![text(name)],
        date: Some(text(date)),
        seals: Vec::new(),
    })
}

pub(crate) fn sealed(names: &[&str], diameter: Length) -> BlockKind {
    let seal = |name: &&str| Seal {
        id: NodeId(0),
        picture: Some(picture()),
        size: Size::new(diameter, diameter),
        alt: format!("{name}印章"),
    };
    BlockKind::Signature(Signature {
        kind: SignatureKind::Seal,
        signatories: names.iter().map(|name| text(name)).collect(),
        date: Some(text("2024年1月31日")),
        seals: names.iter().map(seal).collect(),
    })
}

pub(crate) fn space_for_a_seal() -> BlockKind {
    let seal = Seal {
        id: NodeId(0),
        picture: None,
        size: Size::new(Length::mm(45.0), Length::mm(45.0)),
        alt: String::new(),
    };
    BlockKind::Signature(Signature {
        kind: SignatureKind::Seal,
        signatories: vec![text("清镇市人民政府办公室")],
        date: Some(text("2024年1月31日")),
        seals: vec![seal],
    })
}

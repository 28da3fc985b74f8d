//! Roles, faces and finished styles: what layouts name and documents carry.
//!
//! A style belongs to a role, never to a paragraph: a person who changes one style changes the document.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geom::Length;

/// The styles by role.
#[derive(Clone, Debug, Default)]
pub struct Styles(pub BTreeMap<Role, Style>);

impl Styles {
    /// The style of `role`. Every role has one after `compose`.
    pub fn get(&self, role: Role) -> &Style {
        self.0.get(&role).or_else(|| self.0.get(&Role::Body)).expect("compose gives the body a style")
    }
}

/// What a piece of text is in the document; each role has one style, and one paragraph style in Word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 标题.
    Title,
    /// 份号.
    CopyNumber,
    /// 密级和保密期限, 紧急程度.
    Secrecy,
    /// 发文机关标志.
    Organ,
    /// 发文字号, and 签发人 beside it.
    DocumentNumber,
    /// 主送机关.
    Addressee,
    /// 正文.
    Body,
    /// 一、
    Heading1,
    /// （一）
    Heading2,
    /// 1.
    Heading3,
    /// （1）
    Heading4,
    /// An item of a list.
    ListItem,
    /// 表题, above a table.
    TableCaption,
    /// 单位：…, above a table at its right.
    TableUnit,
    /// A header cell at the top of a table or of a part of it.
    TableHeader,
    /// A header cell at the left of a row.
    TableLabel,
    /// A figure.
    TableFigure,
    /// 注：…, under a table.
    TableNote,
    /// The line of an image; its paragraph holds only the image.
    Figure,
    /// 图题, under an image.
    FigureCaption,
    /// 附件说明.
    AttachmentNote,
    /// 附件1, at the head of an attachment.
    AttachmentLabel,
    /// The title of an attachment.
    AttachmentTitle,
    /// 发文机关署名.
    Signatory,
    /// 成文日期.
    Date,
    /// 附注.
    Remark,
    /// 版记: 抄送, 印发机关 and 印发日期.
    Colophon,
    /// 页码.
    PageNumber,
}

impl Role {
    /// Every role, in the order of declaration.
    pub const ALL: [Role; 28] = [
        Role::Title,
        Role::CopyNumber,
        Role::Secrecy,
        Role::Organ,
        Role::DocumentNumber,
        Role::Addressee,
        Role::Body,
        Role::Heading1,
        Role::Heading2,
        Role::Heading3,
        Role::Heading4,
        Role::ListItem,
        Role::TableCaption,
        Role::TableUnit,
        Role::TableHeader,
        Role::TableLabel,
        Role::TableFigure,
        Role::TableNote,
        Role::Figure,
        Role::FigureCaption,
        Role::AttachmentNote,
        Role::AttachmentLabel,
        Role::AttachmentTitle,
        Role::Signatory,
        Role::Date,
        Role::Remark,
        Role::Colophon,
        Role::PageNumber,
    ];

    /// The role of a heading of level 1 to 4.
    pub fn heading(level: u8) -> Role {
        match level {
            1 => Role::Heading1,
            2 => Role::Heading2,
            3 => Role::Heading3,
            _ => Role::Heading4,
        }
    }
}

/// A finished style.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// Which of the document's faces.
    pub face: Face,
    /// The size of the em: 16 pt is 三号.
    pub size: Length,
    /// Colour of the text.
    pub colour: Colour,
    /// How lines stand between the margins.
    pub align: Align,
    /// Indent of all lines, from the left.
    pub indent_left: Length,
    /// Indent of all lines, from the right.
    pub indent_right: Length,
    /// Indent of the first line, beside that of all lines; negative hangs.
    pub indent_first: Length,
    /// From baseline to baseline.
    pub line_pitch: Length,
    /// Added to every advance.
    pub character_spacing: Length,
    /// Gap above, beside the leading.
    pub space_before: Length,
    /// Gap below, beside the leading.
    pub space_after: Length,
    /// Stays on the page of what follows.
    pub keep_with_next: bool,
}

/// 字体: a face that the standard names. Each has a shipped font, and an official name in Word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Face {
    /// 仿宋, the body.
    Fangsong,
    /// 小标宋, the title.
    Xiaobiaosong,
    /// 黑体, headings of level 1.
    Heiti,
    /// 楷体, headings of level 2.
    Kaiti,
    /// 宋体, tables and page numbers.
    Songti,
}

impl Face {
    /// Every face.
    pub const ALL: [Face; 5] = [Face::Fangsong, Face::Xiaobiaosong, Face::Heiti, Face::Kaiti, Face::Songti];
}

/// The names that the Word file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// For Han: `仿宋_GB2312`.
    pub east_asian: String,
    /// For Latin and digits: `Times New Roman`.
    pub latin: String,
    /// Other names of the Han font, best first, for `w:altName`.
    pub alternatives: Vec<String>,
}

/// How lines stand between the margins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Ragged right.
    Left,
    /// In the middle.
    Centre,
    /// Ragged left.
    Right,
    /// Both edges straight, but for the last line.
    Justify,
}

/// How the cells of a column of a table stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnAlign {
    /// At the left.
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
    /// Figures with their points under one another, in the middle of the column; all else in the middle.
    Decimal,
}

/// How a page lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// On its side, for a wide table: 横排.
    Landscape,
}

impl Orientation {
    /// Whether it is the usual one.
    pub(crate) fn is_portrait(&self) -> bool {
        *self == Orientation::Portrait
    }
}

/// A colour in sRGB. Black and white are written as gray.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red, green, blue.
    pub rgb: [u8; 3],
}

impl Colour {
    /// Black.
    pub const BLACK: Colour = Colour { rgb: [0, 0, 0] };
}

/// Which cells a header cell heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those below.
    Column,
    /// Those to the right.
    Row,
}

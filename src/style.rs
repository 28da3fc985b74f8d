//! Roles, faces and resolved styles: what layouts name and documents carry.
//!
//! A style belongs to a role, never to a paragraph: a person who changes one style changes the document.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geom::Length;

/// The styles by role.
#[derive(Clone, Debug, Default)]
pub struct Styles(pub BTreeMap<Role, Style>);

impl Style {
    /// Half of what its lines have beyond their characters.
    pub fn leading(&self) -> Length {
        (self.line_pitch - self.size) / 2
    }
}

impl Styles {
    /// The style of `role`. Every role has one after `compose`.
    pub fn get(&self, role: Role) -> &Style {
        self.0.get(&role).or_else(|| self.0.get(&Role::Body)).expect("compose gives the body a style")
    }
}

/// The role of a piece of text in the document. Each role has one style, which is one paragraph style in Word.
///
/// Displayed by its name in layouts: `table-caption`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
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
    /// A figure of a table.
    TableFigure,
    /// 注：…, under a table.
    TableNote,
    /// The paragraph of an illustration, which holds only the image. Layouts name it `figure`.
    #[serde(rename = "figure")]
    Illustration,
    /// 图题, under an illustration. Layouts name it `figure-caption`.
    #[serde(rename = "figure-caption")]
    IllustrationCaption,
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
    /// 副标题, below the title.
    Subtitle,
    /// 题注, below the title: （……通过）.
    TitleNote,
    /// 报告人, 作者 or a date, below the title.
    Byline,
    /// 第一部分.
    Part,
    /// 第一章.
    Chapter,
    /// 第一节.
    Section,
    /// 第一条, in front of its text.
    Article,
    /// 出席, 请假 or 列席, with the names: GB/T 9704—2012, 10.3.
    Attendance,
    /// 封面: the title on a cover.
    CoverTitle,
    /// 封面: the body and the date at the foot of a cover.
    CoverLine,
    /// 目录: its title.
    ContentsTitle,
    /// An entry of a 目录, for a heading of level 1.
    Contents1,
    /// For a heading of level 2.
    Contents2,
    /// For a heading of level 3.
    Contents3,
    /// 脚注, at the foot of a page.
    Footnote,
}

impl Role {
    /// Every role, in the order of declaration.
    pub const ALL: [Role; 43] = [
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
        Role::Illustration,
        Role::IllustrationCaption,
        Role::AttachmentNote,
        Role::AttachmentLabel,
        Role::AttachmentTitle,
        Role::Signatory,
        Role::Date,
        Role::Remark,
        Role::Colophon,
        Role::PageNumber,
        Role::Subtitle,
        Role::TitleNote,
        Role::Byline,
        Role::Part,
        Role::Chapter,
        Role::Section,
        Role::Article,
        Role::Attendance,
        Role::CoverTitle,
        Role::CoverLine,
        Role::ContentsTitle,
        Role::Contents1,
        Role::Contents2,
        Role::Contents3,
        Role::Footnote,
    ];

    /// Whether few documents have it. A layout need not give it a style, and a Word file has that only where it is used.
    pub fn is_occasional(self) -> bool {
        self >= Role::Subtitle
    }

    /// The role of an entry of a 目录 for a heading of level 1 to 3.
    pub fn contents(level: u8) -> Role {
        match level {
            1 => Role::Contents1,
            2 => Role::Contents2,
            _ => Role::Contents3,
        }
    }

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

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A resolved style: every value is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// The face, one of the document's.
    pub face: Face,
    /// The size of the em: 16 pt is 三号.
    pub size: Length,
    /// Colour of the text.
    pub colour: Colour,
    /// The horizontal alignment of lines.
    pub align: Align,
    /// Indent of all lines, from the left.
    pub indent_left: Length,
    /// Indent of all lines, from the right.
    pub indent_right: Length,
    /// Indent of the first line, in addition to that of all lines; negative for a hanging indent.
    pub indent_first: Length,
    /// From baseline to baseline.
    pub line_pitch: Length,
    /// Added to every advance.
    pub character_spacing: Length,
    /// Gap above, in addition to the leading.
    pub space_before: Length,
    /// Gap below, in addition to the leading.
    pub space_after: Length,
    /// Stays on the page of what follows.
    pub keep_with_next: bool,
}

/// 字体: a face that the standard names. Each has a shipped font, and an official name in Word.
///
/// Displayed by its name in layouts: `fangsong`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
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

impl fmt::Display for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
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

/// The horizontal alignment of lines.
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

/// The alignment of the cells of a table column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnAlign {
    /// At the left.
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
    /// Figures with their decimal points under one another, as a block in the middle of the column; other text centred.
    Decimal,
}

/// Whether a text is raised or lowered: 上标, 下标.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shift {
    /// On the baseline.
    #[default]
    None,
    /// 上标.
    Raised,
    /// 下标.
    Lowered,
}

impl Shift {
    /// The size of the em of a text that is shifted, where that around it has this: 58 %, as word processors have it.
    pub fn size(self, size: Length) -> Length {
        match self {
            Shift::None => size,
            Shift::Raised | Shift::Lowered => size * 58 / 100,
        }
    }

    /// From the baseline up to that of a text that is shifted, where the em around it has this size.
    pub fn rise(self, size: Length) -> Length {
        match self {
            Shift::None => Length::ZERO,
            Shift::Raised => size * 39 / 100,
            Shift::Lowered => -(size * 9 / 100),
        }
    }
}

/// The orientation of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// Turned by a quarter, for a wide table: 横排.
    Landscape,
}

impl Orientation {
    /// Whether it is portrait, the default.
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

/// The scope of a header cell: the cells that it describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those below.
    Column,
    /// Those to the right.
    Row,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_faces_are_displayed_as_layouts_name_them() {
        assert_eq!(Role::Heading1.to_string(), "heading1");
        assert_eq!(Role::TableCaption.to_string(), "table-caption");
        assert_eq!(Role::IllustrationCaption.to_string(), "figure-caption");
        assert_eq!(Face::Xiaobiaosong.to_string(), "xiaobiaosong");
    }
}

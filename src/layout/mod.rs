//! A kind of document as data: page, faces, styles, sections, tables. One TOML file a kind; no Rust.
//!
//! A layout has no values of a report. It may extend another one (`extends = "gbt9704"`): then its own tables
//! override the other's, key by key, and lists are replaced as a whole.

mod folder;
pub(crate) mod grid;
mod identity;
mod load;
mod mention;
mod mistakes;
mod store;
mod validate;
mod words;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::geom::Length;
use crate::style::{Align, ColumnAlign, Face, Orientation, Role, Scope};

pub use identity::{Each, IdentitySpec, Reference, Relation, SeveritySpec, Term};
pub use load::LayoutError;
pub use mention::{FigureSum, FigureTerm, GrammarSpec, MentionSpec, Mentions, StatementSpec, TopicSpec};
pub use store::{LayoutEntry, LayoutSource, Layouts};
pub use validate::parse_colour;
pub(crate) use words::Words;

/// The version of the layout format that this program reads.
pub const FORMAT: u64 = 1;

/// A kind of document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Version of the layout format: 1.
    #[expect(dead_code, reason = "looked at before the layout is read as a whole")]
    pub(crate) format: u64,
    /// Its name in reports.
    pub(crate) id: String,
    /// Its name for people.
    pub(crate) name: String,
    /// What it is for, in a sentence.
    #[serde(default)]
    pub(crate) description: String,
    /// The title of a report that gives none: `{issuer}`, `{year}` and `{period}` are replaced.
    pub(crate) title: Option<String>,
    /// Whether the title is printed. That of a 令 is in its properties alone.
    #[serde(default = "yes")]
    pub(crate) print_title: bool,
    /// Terms that a title is never broken in: `国民经济和社会发展`.
    #[serde(default)]
    pub(crate) title_terms: Vec<String>,
    /// What titles of this kind of document end with: `通知`. A file with such a title, an addressee and a signature is one.
    #[serde(default)]
    pub(crate) title_ends: Vec<String>,
    /// Paper and grid.
    pub(crate) page: PageSpec,
    /// Margins and pitch, by name.
    pub(crate) profiles: IndexMap<String, Profile>,
    /// The rules of line breaking.
    pub(crate) text: TextSpec,
    /// Named colours: `#E60000`.
    #[serde(default)]
    pub(crate) colours: BTreeMap<String, String>,
    /// Names of the fonts in the Word file, by face.
    pub(crate) faces: BTreeMap<Face, FaceSpec>,
    /// A style for every role.
    pub(crate) styles: BTreeMap<Role, StyleSpec>,
    /// The page number.
    pub(crate) page_number: PageNumberSpec,
    /// 版头, where a report has one.
    pub(crate) letterhead: LetterheadSpec,
    /// 版记, where a report has one.
    pub(crate) colophon: ColophonSpec,
    /// The defaults of tables.
    pub(crate) table: TableDrawing,
    /// Signature and seal.
    pub(crate) signature: SignatureSpec,
    /// How sections are numbered.
    #[serde(default)]
    pub(crate) section_numbers: SectionNumbers,
    /// The parts besides sections and signature that its documents have, for a report to start from.
    #[serde(default)]
    pub(crate) parts: Vec<PartSpec>,
    /// Whether headings are found in plain prose.
    #[serde(default = "yes")]
    pub(crate) find_headings: bool,
    /// The sections that reports have, in order. Without any, reports bring their own.
    #[serde(default)]
    pub(crate) sections: Vec<SectionSpec>,
    /// The tables that reports fill.
    #[serde(default)]
    pub(crate) tables: Vec<TableSpec>,
    /// 勾稽关系: what must hold between the figures.
    #[serde(default)]
    pub(crate) identities: Vec<IdentitySpec>,
    /// Whether its date must not be after the legal deadline: 政府信息公开条例, art. 49.
    #[serde(default)]
    pub(crate) deadlines: bool,
    /// What the numbers in prose are about.
    #[serde(default)]
    pub(crate) topics: BTreeMap<String, TopicSpec>,
    /// The words around those.
    #[serde(default)]
    pub(crate) grammar: GrammarSpec,
    /// The words of mentions and grammar, expanded.
    #[serde(skip)]
    words_by_year: words::WordsByYear,
    /// The words of prose that refer to figures.
    #[serde(default)]
    pub(crate) mentions: Mentions,
    /// Statements that prose must have, and outdated ones that it must not have.
    #[serde(default)]
    pub(crate) statements: Vec<StatementSpec>,
}

/// A part of a document besides its sections and signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartSpec {
    /// 封面
    Cover,
    /// 目录
    Contents,
    /// 版头, and the document number in it.
    Letterhead,
    /// 主送机关
    Addressee,
    /// 题注
    TitleNote,
    /// 报告人 and date under the title
    Byline,
    /// 出席、请假、列席
    Attendance,
    /// 印发件
    IssuedText,
    /// 签名章 in place of 署名
    Stamp,
    /// 附件
    Attachments,
    /// 附注
    Remark,
    /// 版记: 抄送
    CopiesTo,
    /// 版记: 印发机关和印发日期
    Printed,
}

impl Layout {
    /// Its id, by which reports name it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for, in a sentence.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Whether it has tables of figures.
    pub fn has_tables(&self) -> bool {
        !self.tables.is_empty()
    }

    /// The table of this key.
    pub(crate) fn table(&self, key: &str) -> Option<&TableSpec> {
        self.tables.iter().find(|table| table.key == key)
    }

    /// The profile in force.
    pub(crate) fn profile(&self) -> &Profile {
        self.profiles.get(&self.page.profile).expect("a loaded layout has the profile that it names")
    }
}

fn yes() -> bool {
    true
}

/// Paper and grid: GB/T 9704—2012, 5.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSpec {
    /// Width of the paper.
    pub width: Length,
    /// Height of the paper.
    pub height: Length,
    /// Lines a page.
    pub lines: u32,
    /// Characters a line.
    pub characters: u32,
    /// Which profile is in force.
    pub profile: String,
}

/// Margins and pitch: there are two readings of the standard with different values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// 天头, as a word processor counts it: above the first line's leading.
    pub margin_top: Length,
    /// Below the last line's leading.
    pub margin_bottom: Length,
    /// 订口.
    pub margin_left: Length,
    /// 切口.
    pub margin_right: Length,
    /// From baseline to baseline of body text.
    pub line_pitch: Length,
    /// Added to the advance of characters on the grid.
    pub character_spacing: Length,
}

/// The rules of line breaking.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextSpec {
    /// The gap between Han and Latin or digits, in thousandths of an em.
    pub han_latin_gap: i64,
    /// Whether punctuation may be compressed to make a line fit.
    pub compress_punctuation: bool,
    /// How much of the blank of an opening mark is taken where it begins a paragraph, in thousandths of an em.
    #[serde(default)]
    pub paragraph_start_trim: i64,
    /// Whether a paragraph never leaves a single line on a page.
    #[serde(default)]
    pub widow_control: bool,
    /// Whether a number stays on the line of its unit.
    #[serde(default)]
    pub keep_number_with_unit: bool,
}

/// The names of a face in the Word file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceSpec {
    /// For Han.
    pub east_asian: String,
    /// For Latin and digits.
    pub latin: String,
    /// Other names of the Han font, best first.
    #[serde(default)]
    pub alternatives: Vec<String>,
}

/// The style of a role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StyleSpec {
    /// Its face.
    pub face: Face,
    /// Size of the em.
    pub size: Length,
    /// A named colour; black where it is absent.
    pub colour: Option<String>,
    /// The alignment of lines.
    #[serde(default = "justify")]
    pub align: Align,
    /// Whether characters are set on the grid (with the profile's character spacing).
    #[serde(default)]
    pub grid: bool,
    /// Indent of all lines from the left, in characters of the grid.
    #[serde(default)]
    pub indent_left: f64,
    /// Indent of all lines from the right, in characters of the grid.
    #[serde(default)]
    pub indent_right: f64,
    /// Indent of the first line in addition to that, in characters of the grid.
    #[serde(default)]
    pub indent_first: f64,
    /// From baseline to baseline; the profile's pitch where it is absent.
    pub line_pitch: Option<Length>,
    /// 空 N 行 above: a clear gap of this many lines between the glyphs, in lines of the standard (10.39 mm).
    pub clear_before: Option<f64>,
    /// 空 N 行 below.
    pub clear_after: Option<f64>,
    /// Gap above in addition to the leading.
    #[serde(default)]
    pub space_before: Length,
    /// Gap below in addition to the leading.
    #[serde(default)]
    pub space_after: Length,
    /// Stays on the page of what follows.
    #[serde(default)]
    pub keep_with_next: bool,
}

fn justify() -> Align {
    Align::Justify
}

/// 页码.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageNumberSpec {
    /// Before the number.
    pub prefix: String,
    /// After the number.
    pub suffix: String,
    /// Its position.
    pub position: PositionSpec,
    /// From the outer edge, in characters of the grid.
    pub indent: f64,
    /// From the bottom of the 225 mm type area to the middle of the line.
    pub below: Length,
    /// Whether the first page has one.
    #[serde(default = "yes")]
    pub on_first_page: bool,
}

/// 版头: GB/T 9704—2012, 7.2 and 10.1.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterheadSpec {
    /// That of a document or of a letter.
    pub form: LetterheadForm,
    /// Printed after the issuer's name where the report gives no 发文机关标志: `文件`.
    pub suffix: String,
    /// From the top of the paper to the top of the 发文机关标志.
    pub top: Length,
    /// Width of the red lines.
    pub rule_width: Length,
    /// Thickness of each of the red lines, from the top.
    pub rule: Vec<Length>,
    /// Gap between two red lines.
    #[serde(default)]
    pub rule_gap: Length,
    /// From the text above them to the red lines.
    pub rule_below: Length,
    /// From the bottom of the paper to the second red lines, on the first page of a letter.
    pub foot_rule: Option<Length>,
    /// A named colour.
    pub colour: String,
}

/// The two forms of 版头.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LetterheadForm {
    /// 文件式: the number under the 标志, a red line under both.
    Document,
    /// 命令（令）式: the number under the 标志, and no line.
    Order,
    /// 信函式: red lines under the 标志 and at the foot of the page, the number at the right below the first.
    Letter,
}

/// 版记: GB/T 9704—2012, 7.4.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColophonSpec {
    /// Thickness of the first and of the last line; `0mm` draws none (10.1).
    pub outer_rule: Length,
    /// Thickness of the lines between; `0mm` draws none.
    pub inner_rule: Length,
    /// Whether it is on an even page, the back of a sheet; a page is left blank before it where there is no other way.
    #[serde(default)]
    pub even_page: bool,
}

/// The position of the page number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PositionSpec {
    /// Right on odd pages, left on even ones.
    Outside,
    /// In the middle.
    Centre,
    /// Nowhere.
    None,
}

/// How tables are drawn.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableDrawing {
    /// Width of the rules.
    pub rule: Length,
    /// Between a rule and the text beside it.
    pub padding: Length,
    /// Between a rule and the text above or below it.
    #[serde(default)]
    pub padding_vertical: Length,
    /// Rows are at least this high.
    pub min_height: Length,
    /// Printed above the rows on the pages on which a table continues: `续表`. In the PDF only, since Word has
    /// no such mark; nothing where it is absent.
    pub continued: Option<String>,
}

/// 署名、成文日期、印章: GB/T 9704—2012, 7.3.5.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureSpec {
    /// Diameters of seals by kind of issuer; `default` for the others.
    pub seal_diameters: BTreeMap<String, Length>,
    /// Width and height of the space for a stamp (签名章) without a picture of its own.
    pub stamp: [Length; 2],
}

/// How sections are numbered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SectionNumbers {
    /// 一、 二、 三、
    Chinese,
    /// 第一章 第二章
    Chapters,
    /// 第一部分 第二部分
    Parts,
    /// Titles are printed as they are.
    #[default]
    None,
}

/// A section of the report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionSpec {
    /// Its name in reports.
    pub key: String,
    /// Its title, printed after its number.
    pub title: String,
    /// Whether a report without prose for it is reported.
    #[serde(default)]
    pub required: bool,
    /// A paragraph for blank reports; one is made of the title where it is absent.
    pub example: Option<String>,
    /// Words by which a preamble that lists the parts may name it.
    #[serde(default)]
    pub named: Vec<String>,
    /// Its tables, which follow its prose.
    #[serde(default)]
    pub tables: Vec<String>,
}

/// A statutory table: its figures and their arrangement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSpec {
    /// Its name in reports.
    pub key: String,
    /// What it shows, for screen readers.
    pub name: String,
    /// Printed above it.
    pub caption: Option<String>,
    /// Printed above it at the right.
    pub unit: Option<String>,
    /// Printed under it.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Widths of its columns, labels and figures alike.
    pub widths: Vec<Length>,
    /// Between a rule and the text beside it.
    pub padding: Option<Length>,
    /// Rows are at least this high.
    pub min_height: Option<Length>,
    /// The orientation of its pages: `landscape` for a table too wide for an upright page.
    #[serde(default)]
    pub orientation: Orientation,
    /// Whether its figures are counts, without decimals.
    #[serde(default)]
    pub counts: bool,
    /// Whether the figures of a government are the sums of those of its units, and how bad a difference is; where it
    /// is absent, they are not.
    pub sums: Option<SeveritySpec>,
    /// The columns of figures: key and label.
    pub columns: IndexMap<String, String>,
    /// The rows of figures.
    pub figures: IndexMap<String, FiguresSpec>,
    /// Other texts by which files of other programs name a row or a column, by its key.
    #[serde(default)]
    pub aliases: BTreeMap<String, Vec<String>>,
    /// The rows as they are drawn.
    pub rows: Vec<RowSpec>,
}

impl TableSpec {
    /// The texts by which files name a row or a column besides its label.
    pub fn aliases_of(&self, key: &str) -> &[String] {
        self.aliases.get(key).map_or(&[], Vec::as_slice)
    }

    /// The keys of the columns of a row of figures: its own, or all of the table's.
    pub fn columns_of<'a>(
        &'a self,
        figures: &'a FiguresSpec,
    ) -> impl ExactSizeIterator<Item = &'a str> + Clone {
        let own = figures.columns.as_deref();
        let count = own.map_or(self.columns.len(), <[String]>::len);
        (0..count).map(move |at| match own {
            Some(own) => own[at].as_str(),
            None => self.columns.get_index(at).map_or("", |(key, _)| key.as_str()),
        })
    }
}

/// A row of figures.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiguresSpec {
    /// Its label in the table.
    pub label: String,
    /// Its columns; all of the table's where it is absent.
    pub columns: Option<Vec<String>>,
    /// Whether text (未增未减, 251000元) is allowed in place of a figure.
    #[serde(default)]
    pub text: bool,
    /// Whether a figure may have a sign.
    #[serde(default)]
    pub signed: bool,
}

/// A row as it is drawn.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowSpec {
    /// What it is for.
    #[serde(default)]
    pub kind: RowKind,
    /// At least this high.
    pub min_height: Option<Length>,
    /// The cells that begin in it, by column.
    pub cells: Vec<CellSpec>,
}

/// What a row is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RowKind {
    /// At the head of the table; repeated on every page.
    Header,
    /// A header of the rows below it, in the middle of the table.
    Band,
    /// Labels and figures.
    #[default]
    Body,
}

/// A cell as it is drawn.
#[derive(Clone, Debug)]
pub enum CellSpec {
    /// A header or label of one column and one row.
    Text(String),
    /// All others.
    Full(FullCellSpec),
}

/// A text or the keys of a cell. Written out so that a wrong key is named, which serde does not do for untagged enums.
impl<'de> Deserialize<'de> for CellSpec {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Cell;
        impl<'de> serde::de::Visitor<'de> for Cell {
            type Value = CellSpec;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a cell")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<CellSpec, E> {
                Ok(CellSpec::Text(text.to_owned()))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<CellSpec, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                FullCellSpec::deserialize(map).map(CellSpec::Full)
            }
        }
        deserializer.deserialize_any(Cell)
    }
}

/// A cell with one of `text`, `label` and `figures`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FullCellSpec {
    /// This text.
    pub text: Option<String>,
    /// The label of this row of figures.
    pub label: Option<String>,
    /// The figures of this row, one cell a column.
    pub figures: Option<String>,
    /// How many columns it (or each figure) covers.
    pub columns: Option<usize>,
    /// How many columns each of the figures covers, where they differ.
    pub spans: Option<Vec<usize>>,
    /// How many rows it covers.
    pub rows: Option<usize>,
    /// The alignment of its lines; that of its role's style where it is absent.
    pub align: Option<ColumnAlign>,
    /// Whether its text runs from top to bottom: 竖排, in the header of a narrow column.
    #[serde(default)]
    pub vertical: bool,
    /// The cells that it is a header of; columns in headers and bands, rows in the body, where it is absent.
    pub scope: Option<ScopeSpec>,
}

/// The scope of a header cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScopeSpec {
    /// Those below.
    Column,
    /// Those to the right.
    Row,
    /// None: it is plain text.
    None,
}

impl ScopeSpec {
    /// The scope of the document's cell.
    pub fn resolve(self) -> Option<Scope> {
        match self {
            ScopeSpec::Column => Some(Scope::Column),
            ScopeSpec::Row => Some(Scope::Row),
            ScopeSpec::None => None,
        }
    }
}

//! A report as its author wrote it: the types of the JSON, without logic.
//!
//! The text of every figure is kept as typed. Places in a report are JSON pointers; `Source` knows their
//! lines. `read` turns the tree of values into these types and tells every mistake at once; `schema`
//! describes them for editors.

mod cell;
mod read;
mod schema;
mod texts;
mod values;
mod write;

use indexmap::IndexMap;
use schemars::JsonSchema;

pub use crate::style::{ColumnAlign, Orientation};
pub use cell::{Cell, CellClass};
pub use read::read;
pub use schema::schema;
pub use texts::{Text, TextKind, each_text, texts};
pub use write::{cell_json, tables_json};

/// The version of the report format that this program reads.
pub const FORMAT: u64 = 1;

/// A report.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct Report {
    /// Version of the report format: 1.
    pub format: u64,
    /// Id of the layout: `disclosure-annual-report-2021`.
    pub layout: String,
    /// 发文机关: one name, or a list of names, the host first.
    #[schemars(with = "OneOrMany")]
    pub issuer: Vec<String>,
    /// What kind of body the issuer is; it decides the size of a seal and the deadline.
    pub issuer_kind: Option<IssuerKind>,
    /// The year that the report is about.
    pub year: Option<u16>,
    /// The period that the report is about, in words, where it is not a year: `2024年上半年`.
    pub period: Option<String>,
    /// 标题; derived from the layout where it is absent. "\n" forces a line break.
    pub title: Option<String>,
    /// 版头, where the document has one.
    pub letterhead: Option<Letterhead>,
    /// 主送机关.
    pub addressee: Option<String>,
    /// Prose before the first section.
    #[schemars(default)]
    pub preamble: Vec<Prose>,
    /// By key where the layout names them, otherwise a list of `{title, body}`.
    #[schemars(default)]
    pub sections: Sections,
    /// The figures of the layout's tables: by table and row.
    #[schemars(default)]
    pub tables: IndexMap<String, IndexMap<String, Row>>,
    /// Path of a workbook (.xlsx) or CSV file from the report's folder, whose figures fill the tables.
    pub figures: Option<String>,
    /// 附件, in order.
    #[schemars(default)]
    pub attachments: Vec<Attachment>,
    /// 署名、成文日期、印章.
    pub signature: Option<Signature>,
    /// 附注, printed in brackets below the date: `此件公开发布`.
    pub remark: Option<String>,
    /// 版记, where the document has one.
    pub colophon: Option<Colophon>,
    /// What is told about the document.
    #[schemars(default)]
    pub metadata: Metadata,
    /// Known departures of figures from an identity, each with its reason.
    #[schemars(default)]
    pub adjustments: Vec<Adjustment>,
    /// Findings that are to be passed over, each with its reason.
    #[schemars(default)]
    pub silence: Vec<Silence>,
}

/// One name or several: how `issuer` and `signatories` are written.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "describes the JSON to schemars; the reader turns both forms into a list")]
pub(crate) enum OneOrMany {
    /// One name.
    One(String),
    /// Several names, in order.
    Many(Vec<String>),
}

/// What kind of body an issuer is: 国发〔1999〕25号 for seals, 条例 art. 49 for deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum IssuerKind {
    /// 国务院部门、省级人民政府.
    Province,
    /// 自治州、市、县、区人民政府.
    Government,
    /// 县级以上人民政府部门.
    Department,
    /// 乡镇人民政府、街道办事处.
    Township,
    /// 其他单位.
    Institution,
}

impl IssuerKind {
    /// Every kind with its key.
    pub const ALL: [(&'static str, IssuerKind); 5] = [
        ("province", IssuerKind::Province),
        ("government", IssuerKind::Government),
        ("department", IssuerKind::Department),
        ("township", IssuerKind::Township),
        ("institution", IssuerKind::Institution),
    ];
}

/// 版头: GB/T 9704—2012, 7.2. 发文字号 is the metadata's `document_number`.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct Letterhead {
    /// 发文机关标志; the issuer's name and 文件 where it is absent.
    pub organ: Option<String>,
    /// 份号: six digits.
    pub copy_number: Option<String>,
    /// 密级和保密期限: `机密★1年`.
    pub secrecy: Option<String>,
    /// 紧急程度: `特急`, `加急`.
    pub urgency: Option<String>,
    /// 签发人, of a document to a higher body.
    #[schemars(default)]
    pub signers: Vec<String>,
}

/// 版记: GB/T 9704—2012, 7.4.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct Colophon {
    /// 抄送机关.
    #[schemars(default)]
    pub copies_to: Vec<String>,
    /// 印发机关.
    pub printed_by: Option<String>,
    /// 印发日期: `2024-02-01`.
    pub printed_on: Option<String>,
}

/// The sections.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Sections {
    /// By the keys that the layout names, in any order.
    Named(IndexMap<String, Vec<Prose>>),
    /// In order, with titles of their own.
    Free(Vec<FreeSection>),
}

impl Default for Sections {
    fn default() -> Self {
        Sections::Free(Vec::new())
    }
}

/// A section with a title of its own.
#[derive(Clone, Debug, JsonSchema)]
pub struct FreeSection {
    /// The title, without its number where the layout numbers sections; none continues the text.
    pub title: Option<String>,
    /// Its prose.
    #[schemars(default)]
    pub body: Vec<Prose>,
}

/// A block of prose.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Prose {
    /// A paragraph; a heading in front (一、 （一） 1. （1）) is recognised.
    Text(String),
    /// A heading that stands alone.
    Heading {
        /// Its text with its number.
        heading: String,
        /// 1 to 4; found from the number where it is absent.
        level: Option<u8>,
    },
    /// A paragraph in which no heading is looked for.
    Paragraph {
        /// Its text.
        paragraph: String,
    },
    /// A list.
    List {
        /// The items.
        list: Vec<String>,
        /// What stands before each item; `number` by default.
        marker: Option<Marker>,
    },
    /// A table with its own rows and columns.
    Table {
        /// The table.
        table: FreeTable,
    },
    /// An image.
    Image {
        /// Path of a PNG or JPEG file from the report's folder, or a `data:` URL.
        image: String,
        /// 图题, printed under it.
        caption: Option<String>,
        /// 替代文本, read out to those who cannot see it.
        alt: String,
        /// How wide it is printed: `120mm`; as large as it fits where it is absent.
        width: Option<String>,
    },
}

/// What stands before an item of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Marker {
    /// `1.`
    #[default]
    Number,
    /// `●`
    Bullet,
    /// `①`
    Circled,
}

/// A table with its own rows and columns.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct FreeTable {
    /// 表题, printed above it.
    pub caption: Option<String>,
    /// 单位, printed above it at the right.
    pub unit: Option<String>,
    /// What it shows, for those who cannot see it; its caption where it is absent.
    pub description: Option<String>,
    /// The rows of its header.
    #[schemars(default)]
    pub header: Vec<Vec<FreeCell>>,
    /// The rows of its body.
    pub rows: Vec<Vec<FreeCell>>,
    /// 注, printed under it.
    #[schemars(default)]
    pub notes: Vec<String>,
    /// Widths of its columns, such as `30mm`; by their content where they are absent.
    pub widths: Option<Vec<String>>,
    /// How the cells of each column stand; figures in the middle and text at the left where it is absent.
    pub align: Option<Vec<ColumnAlign>>,
    /// How its pages lie: `landscape` for a table too wide for an upright page.
    #[schemars(default)]
    pub orientation: Orientation,
}

/// A cell of a free table.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum FreeCell {
    /// A figure or a text.
    Plain(Cell),
    /// A cell over several columns or rows, or one that heads its row.
    Span {
        /// A figure or a text.
        text: Cell,
        /// How many columns it covers: 1 where it is absent.
        columns: Option<usize>,
        /// How many rows it covers: 1 where it is absent.
        rows: Option<usize>,
        /// Whether it heads its row.
        header: Option<bool>,
        /// Whether its text runs from top to bottom.
        vertical: Option<bool>,
    },
}

/// A row of figures.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Row {
    /// In the order of the columns.
    List(Vec<Cell>),
    /// By the keys of the columns.
    Named(IndexMap<String, Cell>),
}

/// 附件.
#[derive(Clone, Debug, JsonSchema)]
pub struct Attachment {
    /// Its title.
    pub title: String,
    /// Its content; without it the attachment is only named.
    #[schemars(default)]
    pub body: Vec<Prose>,
}

/// 署名、成文日期、印章: GB/T 9704—2012, 7.3.5.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct Signature {
    /// The bodies that sign; the issuers where it is absent.
    #[schemars(with = "Option<OneOrMany>")]
    pub signatories: Option<Vec<String>>,
    /// 成文日期: `2024-01-31`.
    pub date: Option<String>,
    /// A seal, or one for each signatory, or `"reserve"` for the space of each.
    pub seal: Option<Seals>,
    /// 签名章 of the official who issues the document, in place of signatories and seals.
    pub stamp: Option<Stamp>,
}

/// 签名章: GB/T 9704—2012, 7.3.5.3.
#[derive(Clone, Debug, JsonSchema)]
pub struct Stamp {
    /// 职务, printed to its left: `市长`.
    pub post: String,
    /// Path of its picture from the report's folder, or a `data:` URL; without it the space is kept.
    pub image: Option<String>,
    /// 替代文本.
    pub alt: Option<String>,
    /// How wide it is printed: `45mm`.
    pub width: Option<String>,
    /// Whether the white of the picture is made transparent.
    pub remove_white: Option<bool>,
}

/// The seals of a signature.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Seals {
    /// `"reserve"`: space is kept for an e-seal system.
    Reserve(ReserveWord),
    /// The seal of a single signatory.
    One(Seal),
    /// One for each signatory, in their order.
    Many(Vec<Seal>),
}

/// The word `"reserve"`.
#[derive(Clone, Copy, Debug, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum ReserveWord {
    /// Space is kept.
    Reserve,
}

/// A seal that the user brings.
#[derive(Clone, Debug, JsonSchema)]
pub struct Seal {
    /// Path of its picture from the report's folder, or a `data:` URL.
    pub image: String,
    /// 替代文本.
    pub alt: Option<String>,
    /// How large it is printed: `42mm`; by the issuer's kind where it is absent.
    pub diameter: Option<String>,
    /// Whether the white of the picture is made transparent.
    pub remove_white: Option<bool>,
}

/// What is told about the document; each field is a property of both files.
#[derive(Clone, Debug, Default, JsonSchema)]
pub struct Metadata {
    /// 索引号.
    pub index_number: Option<String>,
    /// 发文字号.
    pub document_number: Option<String>,
    /// 发布机构; the issuers where it is absent.
    pub publisher: Option<String>,
    /// 公开方式: `主动公开`.
    pub publication: Option<String>,
    /// 公开范围: `面向社会`.
    pub scope: Option<String>,
    /// 发布日期: `2024-01-31`.
    pub published: Option<String>,
    /// 主题分类.
    pub category: Option<String>,
    /// 有效性.
    pub validity: Option<String>,
    /// 信息来源.
    pub source: Option<String>,
    /// 内容概述.
    pub summary: Option<String>,
    /// 关键词.
    #[schemars(default)]
    pub keywords: Vec<String>,
}

impl Metadata {
    /// The fields with one value: key, Chinese name, value.
    pub fn fields(&self) -> [(&'static str, &'static str, Option<&str>); 9] {
        [
            ("index_number", "索引号", self.index_number.as_deref()),
            ("document_number", "发文字号", self.document_number.as_deref()),
            ("publisher", "发布机构", self.publisher.as_deref()),
            ("publication", "公开方式", self.publication.as_deref()),
            ("scope", "公开范围", self.scope.as_deref()),
            ("published", "发布日期", self.published.as_deref()),
            ("category", "主题分类", self.category.as_deref()),
            ("validity", "有效性", self.validity.as_deref()),
            ("source", "信息来源", self.source.as_deref()),
        ]
    }
}

/// A known departure of a figure from an identity.
#[derive(Clone, Debug, JsonSchema)]
pub struct Adjustment {
    /// JSON pointer of the figure.
    pub figure: String,
    /// By how much it departs.
    pub amount: Cell,
    /// Why.
    pub reason: String,
}

/// A finding that is to be passed over.
#[derive(Clone, Debug, JsonSchema)]
pub struct Silence {
    /// Its rule id.
    pub rule: String,
    /// JSON pointer of its place; everywhere where it is absent.
    pub place: Option<String>,
    /// Why.
    pub reason: String,
}

//! The report as its author wrote it: the types of the JSON format, without logic.
//!
//! The text of every figure is kept as typed. Places in a report are JSON pointers; `Source` has their lines.
//! `read` turns the tree of values into these types and reports every mistake at once; `schema` describes
//! them for editors.

mod cell;
mod chart;
mod free_table;
mod front;
mod inline;
mod read;
mod schema;
mod strings;
mod texts;
mod values;
mod write;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

pub use crate::style::{ColumnAlign, Orientation};
pub use cell::{Cell, CellClass};
pub(crate) use cell::{Numeral, half_width};
pub use chart::{Chart, ChartKind, ChartSeries};
pub use free_table::{CellText, FreeCell, FreeTable, TableSum};
pub(crate) use free_table::{MOST_COLUMNS, each_free_table};
pub use front::{CONTENTS_TITLE, Contents, Cover, DEEPEST};
pub use inline::{Inline, Inlines, Note, Span, SpanFace};
pub use read::read;
pub use schema::schema;
pub(crate) use strings::each_string;
pub use texts::{Text, TextKind, each_text, texts};
pub use write::{cell_json, tables_json};

/// The version of the report format that this program reads.
pub const FORMAT: u64 = 1;

/// A report.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct Report {
    /// Version of the report format: 1.
    pub format: u64,
    /// Id of the layout: `disclosure-annual-report-2021`.
    pub layout: String,
    /// 发文机关: one name, or a list of names, the host first.
    #[schemars(with = "OneOrMany")]
    #[serde(serialize_with = "write::one_or_many")]
    pub issuer: Vec<String>,
    /// What kind of body the issuer is; it decides the size of a seal and the deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_kind: Option<IssuerKind>,
    /// The year that the report is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// The period that the report is about, in words, where it is not a year: `2024年上半年`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// 标题; derived from the layout where it is absent. "\n" forces a line break.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 副标题, below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Whether the document number of the metadata is printed below the title, where there is no 版头.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_below_title: Option<bool>,
    /// 题注, below the title: `（2024年1月20日市政府第1次常务会议通过）`; brackets are added where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_note: Option<String>,
    /// 报告人, 作者 or a date, below the title: a line each.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub byline: Vec<String>,
    /// 封面, in place of the title above the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
    /// 目录, before the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contents: Option<Contents>,
    /// 版头, where the document has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letterhead: Option<Letterhead>,
    /// 主送机关.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
    /// Prose before the first section.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preamble: Vec<Prose>,
    /// By key where the layout names them, otherwise a list of `{title, body}`.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Sections::is_empty")]
    pub sections: Sections,
    /// The figures of the layout's tables: by table and row.
    #[schemars(default)]
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub tables: IndexMap<String, IndexMap<String, Row>>,
    /// Path of a workbook (.xlsx) or CSV file from the report's folder, whose figures fill the tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<String>,
    /// 附件, in order.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// 出席、请假、列席, below the text of minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
    /// 署名、成文日期、印章.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// 附注, printed in brackets below the date: `此件公开发布`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// 印发件: the text that the document issues, on pages of its own behind the signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_text: Option<IssuedText>,
    /// 版记, where the document has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colophon: Option<Colophon>,
    /// The gap between Han and Latin letters or digits, in thousandths of an em, in place of the layout's; 0 for none.
    #[schemars(range(max = 500))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub han_latin_gap: Option<u16>,
    /// Metadata of the document.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// Known departures of figures from an identity, each with its reason.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// Findings to silence, each with its reason.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
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
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct Letterhead {
    /// 发文机关标志; the issuer's name and 文件 where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organ: Option<String>,
    /// 份号: six digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_number: Option<String>,
    /// 密级和保密期限: `机密★1年`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrecy: Option<String>,
    /// 紧急程度: `特急`, `加急`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<String>,
    /// 签发人, of a document to a higher body.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signers: Vec<String>,
}

/// 版记: GB/T 9704—2012, 7.4.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct Colophon {
    /// 抄送机关.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub copies_to: Vec<String>,
    /// 印发机关.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed_by: Option<String>,
    /// 印发日期: `2024-02-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed_on: Option<String>,
}

/// The sections.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Sections {
    /// By the keys that the layout names, in any order.
    Named(IndexMap<String, Vec<Prose>>),
    /// In order, with titles of their own.
    Free(Vec<FreeSection>),
}

impl Sections {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        match self {
            Sections::Named(sections) => sections.is_empty(),
            Sections::Free(sections) => sections.is_empty(),
        }
    }
}

impl Default for Sections {
    fn default() -> Self {
        Sections::Free(Vec::new())
    }
}

/// A section with a title of its own.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct FreeSection {
    /// The title, without its number where the layout numbers sections; none continues the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether it begins a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_page: Option<bool>,
    /// Its prose.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Prose>,
}

/// A block of prose.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Prose {
    /// A paragraph; a heading in front (一、 （一） 1. （1）) is recognised.
    Text(Inlines),
    /// A heading in a paragraph of its own.
    Heading {
        /// Its text with its number.
        heading: Inlines,
        /// 1 to 4; found from the number where it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        level: Option<u8>,
    },
    /// A paragraph in which no heading is looked for.
    Paragraph {
        /// Its text.
        paragraph: Inlines,
    },
    /// A list.
    List {
        /// The items.
        list: Vec<Inlines>,
        /// The marker before each item; `number` by default.
        #[serde(skip_serializing_if = "Option::is_none")]
        marker: Option<Marker>,
    },
    /// A table with its own rows and columns.
    Table {
        /// The table.
        table: FreeTable,
    },
    /// A chart of the figures of a table.
    Chart {
        /// The chart.
        chart: Chart,
    },
    /// A page break: what follows begins a page.
    PageBreak {
        /// Always true.
        page_break: True,
    },
    /// An image.
    Image {
        /// Path of a PNG or JPEG file from the report's folder, or a `data:` URL.
        image: String,
        /// 图题, printed under it.
        #[serde(skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
        /// 替代文本, for screen readers.
        alt: String,
        /// How wide it is printed: `120mm`; as large as it fits where it is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        width: Option<String>,
    },
}

/// The value `true`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct True;

impl Serialize for True {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

impl JsonSchema for True {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "True".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "const": true })
    }
}

/// The marker before an item of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Marker {
    /// `1.`
    #[default]
    Number,
    /// `●`
    Bullet,
    /// `①`
    Circled,
}

/// A row of figures.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Row {
    /// In the order of the columns.
    List(Vec<Cell>),
    /// By the keys of the columns.
    Named(IndexMap<String, Cell>),
}

/// 附件.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Attachment {
    /// Its title; "\n" breaks its line, where it stands above the attachment.
    pub title: String,
    /// Its content; without it the attachment is only named.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Prose>,
}

/// 出席、请假、列席: GB/T 9704—2012, 10.3.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct Attendance {
    /// 出席.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<String>,
    /// 请假.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excused: Vec<String>,
    /// 列席.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub observers: Vec<String>,
}

/// 印发件: the text that a document issues, such as the measures that a notice prints. It has a title and attachments of
/// its own, and no mark of an attachment.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct IssuedText {
    /// Its title; "\n" forces a line break.
    pub title: String,
    /// 副标题.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// 题注.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_note: Option<String>,
    /// Further lines below the title.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub byline: Vec<String>,
    /// Prose before its first section.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Prose>,
    /// Its sections.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<FreeSection>,
    /// Its attachments.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// 署名、成文日期、印章: GB/T 9704—2012, 7.3.5.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct Signature {
    /// The bodies that sign; the issuers where it is absent.
    #[schemars(with = "Option<OneOrMany>")]
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "write::some_names")]
    pub signatories: Option<Vec<String>>,
    /// 成文日期: `2024-01-31`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// A seal, or one for each signatory, or `"reserve"` for the space of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seals>,
    /// 签名章 of the official who issues the document, in place of signatories and seals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
}

/// 签名章: GB/T 9704—2012, 7.3.5.3.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Stamp {
    /// 职务, printed to its left: `市长`.
    pub post: String,
    /// Path of its picture from the report's folder, or a `data:` URL; without it the space is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// 替代文本.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// How wide it is printed: `45mm`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<String>,
    /// Whether the white of the picture, or the paper of a scan, is made transparent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove_white: Option<bool>,
}

/// The seals of a signature.
#[derive(Clone, Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Seals {
    /// `"reserve"`: space is kept for an e-seal system.
    Reserve(ReserveWord),
    /// The seal of a single signatory.
    One(Seal),
    /// One for each signatory, in their order.
    Many(Vec<Seal>),
}

/// The word `"reserve"`.
#[derive(Clone, Copy, Debug, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReserveWord {
    /// Space is kept.
    Reserve,
}

/// A seal that the user brings.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Seal {
    /// Path of its picture from the report's folder, or a `data:` URL.
    pub image: String,
    /// 替代文本.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// How large it is printed: `42mm`; by the issuer's kind where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diameter: Option<String>,
    /// Whether the white of the picture, or the paper of a scan, is made transparent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove_white: Option<bool>,
}

/// Metadata of the document; each field becomes a property of both files.
#[derive(Clone, Debug, Default, JsonSchema, Serialize)]
pub struct Metadata {
    /// 索引号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_number: Option<String>,
    /// 发文字号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// 发布机构; the issuers where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// 公开方式: `主动公开`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication: Option<String>,
    /// 公开范围: `面向社会`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// 发布日期: `2024-01-31`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// 主题分类.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// 有效性.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<String>,
    /// 信息来源.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// 内容概述.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// 关键词.
    #[schemars(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
}

impl Metadata {
    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(.., value)| value.is_none())
            && self.summary.is_none()
            && self.keywords.is_empty()
    }

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
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Adjustment {
    /// JSON pointer of the figure.
    pub figure: String,
    /// By how much it departs.
    pub amount: Cell,
    /// Why.
    pub reason: String,
}

/// A finding to silence.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct Silence {
    /// Its rule id.
    pub rule: String,
    /// JSON pointer of its place; what is below it is included. Empty for a finding about the whole report.
    pub place: String,
    /// Why, in words that can be seen.
    pub reason: String,
}

//! The rules of the checks, in one table.
//!
//! A layout has rules of its own besides, for its identities and statements; docs/en/rules.md and docs/zh/rules.md
//! explain all of them.

use super::{Message, Severity};

/// A rule of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// `topic.rule`, by which a report silences it.
    pub id: &'static str,
    /// The usual severity of a violation.
    pub severity: Severity,
    /// What is wrong, in Chinese.
    pub zh: &'static str,
    /// What is wrong, in English.
    pub en: &'static str,
}

impl Rule {
    /// What is wrong, in both languages.
    pub fn message(&self) -> Message {
        Message { zh: self.zh.to_owned(), en: self.en.to_owned() }
    }
}

/// Every rule of the program, by id.
pub fn rules() -> &'static [Rule] {
    RULES
}

macro_rules! table {
    ($($name:ident = $id:literal, $severity:ident, $zh:literal, $en:literal;)*) => {
        $(#[doc = $en] pub(crate) const $name: &str = $id;)*
        const RULES: &[Rule] =
            &[$(Rule { id: $id, severity: Severity::$severity, zh: $zh, en: $en }),*];
    };
}

table! {
    AGGREGATE_SUM = "aggregate.sum", Error, "本报告的数字不是各单位之和", "A figure of the report is not the sum of those of its units";
    AGGREGATE_UNIT = "aggregate.unit", Error, "单位的报告读不出来，版式或年份与本报告不同，或者同一单位给了两次", "A unit's report cannot be read, has another layout or year than this report, or is given twice";
    ARCHIVE_SIGNED = "archive.signed", Error, "签名文件没有通过验证，或带的不是这份报告", "The signed file does not hold, or carries another report";
    CHART_CROWDED = "chart.crowded", Warning, "图的横轴上名称排不下，隔几个印一个", "The names along a chart's axis have no room: some are left out";
    CHART_FIGURES = "chart.figures", Error, "图要用的格里不是数字，没有数字可画，或者饼图里有负数", "A chart needs cells that hold no figures, has nothing to draw, or is a pie with a negative figure";
    CHART_HEIGHT = "chart.height", Error, "图太矮或太高", "A chart is too low or too high";
    CHART_MANY = "chart.many", Error, "图里的组、柱、点或份太多，分不清", "A chart has more series, bars, points or slices than can be told apart";
    CHART_NAME = "chart.name", Error, "表里没有图要用的行或列，或者不止一个", "The table has no such row or column for a chart, or several";
    CHART_TABLE = "chart.table", Error, "报告里没有图要用的表，或者不止一张", "The report has no such table for a chart, or several";
    DATE_DEADLINE = "date.deadline", Warning, "成文日期晚于法定期限（《条例》第四十九条）", "The date of issue is after the legal deadline (《条例》, art. 49)";
    EXTRACT_NOTHING = "extract.nothing", Error, "文件里没有嵌入报告", "The file carries no report";
    FIGURE_AUTO = "figure.auto", Error, "写了 `\"auto\"`，但表格是自拟的，或没有勾稽关系可以算出它，或者要用的数字还没有，或者算出的是负数", "`\"auto\"` is written in a free table, where no identity determines the figure, where a figure that it is computed from is open, or where the result is negative";
    FIGURE_COUNT = "figure.count", Error, "件数不是整数", "A count is not an integer";
    FIGURE_DIGITS = "figure.digits", Error, "数字超过 28 位", "A number has more than 28 digits";
    FIGURE_EMPTY = "figure.empty", Warning, "单元格是空的，按 0 计", "The cell is empty and counts as 0";
    FIGURE_EXPONENT = "figure.exponent", Error, "数字写成了科学计数法，如 `1e5`", "The number is in scientific notation, such as `1e5`";
    FIGURE_FULL_WIDTH = "figure.full-width", Error, "数字是全角的，如 `１２`；工作簿里的读作半角，是警告", "The number has full-width digits, such as `１２`; in a workbook it is read as half-width, with a warning";
    FIGURE_GROUPED = "figure.grouped", Error, "数字中间有分隔符", "The number has separators";
    FIGURE_MARK = "figure.mark", Warning, "单元格里是“/”“-”“—”“无”，按 0 计", "The cell has a mark for none and counts as 0";
    FIGURE_OPEN = "figure.open", Warning, "单元格还没有数字（`null`）：与它有关的勾稽关系不作判断，`export` 不生成文件", "The cell has no figure yet (`null`): identities over it have no verdict, and `export` makes no files";
    FIGURE_PLACEHOLDER = "figure.placeholder", Warning, "统计表里填写的数字全是 0，可能还没有填", "All figures of the tables are 0, as `new` writes them";
    FIGURE_SIGN = "figure.sign", Error, "这里的数字不能带正负号", "The number must have no sign here";
    FIGURE_TEXT = "figure.text", Error, "单元格里是文字，不是数字", "The cell has text in place of a number";
    FIGURES_DIFFERS = "figures.differs", Error, "报告和数字文件里的同一个数字不同", "Report and file of figures have different values for the same figure";
    FIGURES_FILE = "figures.file", Error, "数字文件读不出来，或里面没有本版式的表格", "The file of figures cannot be read, or has no table of this layout";
    FIGURES_MISSING = "figures.missing", Error, "数字文件和报告都没有这个数字", "Neither the file of figures nor the report has this figure";
    FIGURES_TWICE = "figures.twice", Error, "CSV 文件里同一个数字给了两次", "The CSV file has the same figure twice";
    FIGURES_TYPE = "figures.type", Error, "工作簿的格里不是数字：公式出错、日期、逻辑值", "A cell of the workbook is no number";
    FIGURES_UNKNOWN = "figures.unknown", Error, "CSV 文件里的表、行或列，版式没有", "The layout does not have a table, row or column of the CSV file";
    FILE = "file", Error, "文件读写不了", "A file cannot be read or written";
    FONTS_MISSING = "fonts.missing", Warning, "没有找到指定的公文字体，用程序自带的字体代替", "An official font that was asked for was not found";
    FONTS_REFUSED = "fonts.refused", Warning, "字体文件不能用：读不出来，或不许嵌入", "A font file cannot be used";
    IMAGE_ALT = "image.alt", Error, "图片没有替代文本", "The image has no alternative text";
    IMAGE_OPAQUE = "image.opaque", Warning, "印章图片的底不透明，或去不掉", "The image of a seal is opaque, or its background cannot be removed";
    IMAGE_SEAL = "image.seal", Warning, "印章图片的高和宽不等，公章是圆的", "The image of a seal is not as high as it is wide; official seals are round";
    IMAGE_UNREADABLE = "image.unreadable", Error, "图片读不出来，或者太大", "The image cannot be read, or is too large";
    IMAGE_WIDTH = "image.width", Error, "图片比版心宽，或印章比版心的一半宽", "The image is wider than the type area, or a seal than half of it";
    IMPORT_BLANK = "import.blank", Warning, "文件里这些格是空的，或只有“/”“-”“无”；读作没有数字（`null`），不当作 0", "Cells of the file are blank or have a mark for none; they are read as open, not as 0";
    IMPORT_CELL = "import.cell", Warning, "文件里这一格的内容不能确定是哪个数字，没有读入", "The content of a cell is no certain figure and is not read";
    IMPORT_COLUMN = "import.column", Warning, "分不清文件里这一行的格各属于哪一列，或列名与次序不一致", "The columns of a row's cells are not known, or their names contradict their order";
    IMPORT_CONVERTED = "import.converted", Warning, "数字带着单位、千分位逗号、前面的 0 或全角数字，读入时去掉了", "A figure was written with a unit, commas, noughts in front or full-width digits, which are taken off";
    IMPORT_DELETED = "import.deleted", Warning, "报告里有、Word 文件里没有了的内容，报告中保留", "The report has content that the Word file no longer has";
    IMPORT_DOUBTFUL = "import.doubtful", Warning, "读入的数字不符合勾稽关系", "Figures as they were read do not satisfy an identity";
    IMPORT_FIXED = "import.fixed", Warning, "改了由版式规定的文字，如项目名称、一级标题", "Text defined by the layout was changed, such as the name of a row or a heading of level 1";
    IMPORT_ISSUER = "import.issuer", Warning, "文件里找不到发文机关，报告里是占位文字", "The file names no issuer; the report has a placeholder";
    IMPORT_PICTURE = "import.picture", Warning, "图片没有文字说明，或不是 PNG、JPEG", "A picture has no description, or is no PNG or JPEG";
    IMPORT_ROW = "import.row", Warning, "文件里找不到统计表的这些行，读作没有数字（`null`）", "Rows of a statutory table are not in the file; they are read as open";
    IMPORT_TABLE_SHAPE = "import.table-shape", Warning, "自拟表格的列数变了，报告给它的列宽或对齐不再适合，改动没有读入", "The number of columns of a free table has changed and its widths fit no longer";
    IMPORT_TWICE = "import.twice", Warning, "同一张统计表在文件里有两个", "The file has a statutory table twice";
    IMPORT_UNPLACED = "import.unplaced", Warning, "新的内容在报告里没有可放的位置", "New content has no place in the report";
    INTERNAL_PANIC = "internal.panic", Error, "程序处理这一份报告时出了错", "The program failed on this report";
    INTERNAL_WRITER = "internal.writer", Error, "程序自己的错误", "An error of the program";
    JSON_DEPTH = "json.depth", Error, "嵌套太深", "The nesting is too deep";
    JSON_DUPLICATE_KEY = "json.duplicate-key", Error, "同一个键写了两次", "A key occurs twice";
    JSON_ENCODING = "json.encoding", Error, "文件不是 UTF-8", "The file is not UTF-8";
    JSON_SIZE = "json.size", Error, "文件太大，或里面的值太多、键太长", "The file is too large, or has too many values, or a key that is too long";
    JSON_SYNTAX = "json.syntax", Error, "JSON 语法错误", "A syntax error in JSON";
    LETTERHEAD_NUMBER = "letterhead.number", Warning, "份号不是六位数字，没有发文字号，或者发文字号的写法不合标准", "The 份号 is not six digits, or the 发文字号 is missing or not written by the standard";
    LETTERHEAD_SIGNERS = "letterhead.signers", Error, "这种版头没有签发人", "This kind of letterhead has no 签发人";
    OPTIONS = "options", Error, "选项不能同用，或指定的版式不存在", "The options cannot be used together, or name a layout that does not exist";
    PAGE_FIRST = "page.first", Warning, "首页没有正文", "The first page shows nothing of the text";
    PREVIEW_FLAW = "preview.flaw", Warning, "页面有一处画不出来", "Something on a page cannot be drawn";
    PREVIOUS_UNREADABLE = "previous.unreadable", Error, "上年的报告读不出来", "The previous year's report cannot be read";
    PREVIOUS_YEAR = "previous.year", Error, "给出的上年报告不是上一年的", "The report given as the previous year's is of another year";
    PROSE_COPIED = "prose.copied", Warning, "40 字以上的段落与上年九成以上相同", "A paragraph of 40 characters or more is nine tenths the same as in the previous year's report";
    PROSE_FIGURE = "prose.figure", Warning, "文字里的数字与表格不一致", "A number in prose differs from the table";
    PROSE_PERCENT = "prose.percent", Warning, "百分比按文字里的数字重算不对", "A percentage differs from the one recomputed from the numbers in the prose";
    PROSE_SUM = "prose.sum", Warning, "文字里各项之和与总数不符，或者两年之差不对", "The items in prose do not add up to their total, or the difference between two years is wrong";
    REFERENCE_UNKNOWN = "reference.unknown", Error, "文字里的引用 `{{ … }}` 写得不对，或者没有这个数字", "A reference `{{ … }}` in prose is malformed, or there is no such figure";
    REPORT_ADJUSTMENT = "report.adjustment", Warning, "`adjustments` 里写的位置没有数字", "There is no figure at the place that `adjustments` names";
    REPORT_BELOW_TITLE = "report.below-title", Error, "标题下的一行没有可放的地方，或者没有文号", "A line under the title has no place, or there is no number";
    REPORT_BLOCK = "report.block", Error, "不认识的内容块", "An unknown block";
    REPORT_CONTENTS = "report.contents", Error, "目录没有可列的标题", "There is no heading for the contents";
    REPORT_COVER = "report.cover", Error, "封面与版头、与不印标题的版式不能同用", "A cover goes neither with a letterhead nor with a layout that prints no title";
    REPORT_DATE = "report.date", Error, "不是日期", "Not a date";
    REPORT_EMPTY = "report.empty", Error, "名称或标题是空的", "A name or title is empty";
    REPORT_FORMAT = "report.format", Error, "不认识的报告格式版本", "An unknown version of the report format";
    REPORT_HEADING = "report.heading", Error, "`heading` 没有序号，不能确定层次", "A `heading` has no number, so its level is unknown";
    REPORT_ISSUER_KIND = "report.issuer-kind", Warning, "不认识的机关类别", "An unknown kind of issuer";
    REPORT_LAYOUT = "report.layout", Error, "没有这个版式，或版式不对", "The layout does not exist, or is unsound";
    REPORT_LENGTH = "report.length", Error, "不是长度", "Not a length";
    REPORT_LIMIT = "report.limit", Error, "段落、引用太多，或者一段文字太长", "There are too many paragraphs or references, or a text is too long";
    REPORT_MISSING = "report.missing", Error, "缺少必填的键", "A required key is missing";
    REPORT_NOTE = "report.note", Error, "脚注前面没有文字，或者这里不能有脚注", "A footnote has no text before it, or stands where none can be";
    REPORT_SECTIONS = "report.sections", Error, "`sections` 的写法与版式不合", "`sections` has the form of another kind of layout";
    REPORT_TYPE = "report.type", Error, "值的类型不对，如应是列表却写了数字", "A value has the wrong type, such as a number where a list is needed";
    REPORT_UNKNOWN_FIELD = "report.unknown-field", Error, "不认识的键", "An unknown key";
    REPORT_UNKNOWN_SECTION = "report.unknown-section", Error, "版式里没有这个部分", "The layout has no such section";
    REPORT_UNKNOWN_TABLE = "report.unknown-table", Error, "版式里没有这张表", "The layout has no such table";
    REPORT_WORD = "report.word", Error, "不认识的值", "An unknown value";
    REPORT_YEAR = "report.year", Error, "年份不是四位数字", "The year is not four digits";
    SIGN_REFUSED = "sign.refused", Error, "密钥、证书或签名不合要求", "The key, the certificate or the signature is not fit";
    SIGN_REVOCATION = "sign.revocation", Warning, "没有取得证书的吊销信息", "There are no revocation data of a certificate";
    SIGN_TIME_STAMP = "sign.time-stamp", Warning, "签名没有时间戳，证书到期后证明不了", "A signature without a time stamp cannot be proved when its certificate has run out";
    SIGNATURE_SEALS = "signature.seals", Error, "印章的个数与署名不同", "The number of seals differs from the number of signatories";
    SIGNATURE_STAMP = "signature.stamp", Error, "签名章不能与印章或署名同用", "A signature stamp cannot be combined with a seal or a signatory";
    SILENCE_UNUSED = "silence.unused", Warning, "`silence` 里的一条没有用到", "An entry of `silence` matches nothing";
    STRUCTURE_PARTS = "structure.parts", Warning, "前言说的部分数与报告不符，或者没有列全", "The number of sections in the preamble differs from the report, or the list is incomplete";
    STRUCTURE_SECTION_EMPTY = "structure.section-empty", Warning, "必有的部分没有内容", "A required section is empty";
    TABLE_ALIGN = "table.align", Error, "`align` 的个数与列数不同", "The length of `align` differs from the number of columns";
    TABLE_CELLS = "table.cells", Error, "一行的单元格多了或少了", "A row has too many or too few cells";
    TABLE_COLUMNS = "table.columns", Error, "表格的列太多", "The table has too many columns";
    TABLE_EMPTY = "table.empty", Error, "表格没有内容", "The table has no content";
    TABLE_HEIGHTS = "table.heights", Error, "行高的个数不对，或者高过版心", "The number of row heights is wrong, or one exceeds the type area";
    TABLE_MISSING = "table.missing", Error, "缺少一张统计表", "A statutory table is missing";
    TABLE_MISSING_ROW = "table.missing-row", Error, "统计表缺少一行", "A row of a statutory table is missing";
    TABLE_REPEAT_COLUMNS = "table.repeat-columns", Error, "重复的列不比全表的列少", "All columns of the table are repeated, or more";
    TABLE_SMALL = "table.small", Warning, "表格太窄，数字小于 8 磅", "The columns of a table are too narrow: figures of less than 8 pt";
    TABLE_SUM = "table.sum", Error, "表格里写明的合计，与各项相加不等", "A sum that a table states is not that of its parts";
    TABLE_SUM_NAME = "table.sum-name", Error, "写明的合计里有一项，表格里找不到，或者不止一处", "A part of a stated sum is not in the table, or is there more than once";
    TABLE_SUM_TEXT = "table.sum-text", Warning, "写明的合计没有核对：有一格不是数字", "A stated sum is not checked: a cell is no figure";
    TABLE_UNKNOWN_COLUMN = "table.unknown-column", Error, "版式里没有这一列", "The layout has no such column";
    TABLE_UNKNOWN_ROW = "table.unknown-row", Error, "版式里没有这一行", "The layout has no such row";
    TABLE_VERTICAL = "table.vertical", Warning, "竖排的单元格里有西文或数字：Word 把它们转 90 度，PDF 把它们正立排", "Vertical text has Latin letters or digits";
    TABLE_WIDTHS = "table.widths", Error, "列宽的个数不对，或者超出版心", "The number of column widths is wrong, or they exceed the type area";
    TEXT_ASCII_BRACKETS = "text.ascii-brackets", Warning, "〈〉写成 <>，发文字号的〔〕写成 [ ] 或圆括号", "〈〉 written as <>, or the 〔〕 of a document number as [ ] or parentheses";
    TEXT_BIDIRECTIONAL = "text.bidirectional", Error, "文字里有改变书写方向的控制字符，各程序显示的文字会不同", "The text has a character that turns the direction of writing, so that programs show different texts";
    TEXT_COMPATIBILITY = "text.compatibility", Warning, "部首字符或兼容汉字代替了通常的汉字，如“⼀”（U+2F00）代替“一”", "A radical or a compatibility ideograph stands for the usual Han character, such as ⼀ (U+2F00) for 一";
    TEXT_CONTROL_CHARACTER = "text.control-character", Error, "文字里有看不见的控制字符", "The text has an invisible control character";
    TEXT_DOUBLED_PUNCTUATION = "text.doubled-punctuation", Warning, "标点重复", "Doubled punctuation";
    TEXT_EMPTY = "text.empty", Warning, "空的段落或条目，略去不印", "An empty paragraph or item";
    TEXT_GLYPH = "text.glyph", Error, "没有一种字体有这个字，或能把字和附加符号画在一起", "No font has this character, or draws it together with its marks";
    TEXT_HALF_WIDTH = "text.half-width", Warning, "汉字旁边用了半角标点", "Half-width punctuation beside a Chinese character";
    TEXT_HEADING_NUMBER = "text.heading-number", Warning, "标题序号跳号、重号，或后面没有文字", "Heading numbers have a gap or a duplicate, or no text after them";
    TEXT_INVISIBLE = "text.invisible", Warning, "文字里有看不见的字符，如零宽空格", "The text has characters that draw nothing, such as zero width spaces";
    TEXT_LINE_BREAK = "text.line-break", Error, "一段文字里有换行", "A paragraph has a line break";
    TEXT_LOST = "text.lost", Error, "这里的字或图片在复制、转换时丢了（U+FFFC、U+FFFD）", "A character or object was lost when the text was copied or converted (U+FFFC, U+FFFD)";
    TEXT_MARKUP = "text.markup", Warning, "文字里有聊天、网页程序的标记，会照样印出来，如 `**`、`<br>`", "The text has markup of chat programs or web pages, which is printed as it stands, such as `**` or `<br>`";
    TEXT_PERIOD = "text.period", Warning, "统计期限不是报告年份的 1 月 1 日至 12 月 31 日", "The period of the statistics is not 1 January to 31 December of the report's year";
    TEXT_PLACEHOLDER = "text.placeholder", Warning, "`gongwen new` 写的占位文字还没有改", "A placeholder of `gongwen new` is still there";
    TEXT_PRIVATE_USE = "text.private-use", Warning, "旧系统放在私用区的字：能印，但复制出来不对", "A character that old systems put in the private use area";
    TEXT_RARE_NAME = "text.rare-name", Warning, "发文机关、署名、签发人的名称里有 GBK 字集以外的字（如“䶮”“㛃”）：这里印得出，收文的旧系统可能显示成方框", "The name of an issuer, signatory or 签发人 has a character outside GBK (such as 䶮 or 㛃)";
    TEXT_SPACE = "text.space", Warning, "汉字之间有空格", "A space between Chinese characters";
    TEXT_UNBALANCED = "text.unbalanced", Warning, "括号、引号、书名号不成对", "Brackets, quotation marks or 《》 without their counterpart";
    TEXT_YEAR = "text.year", Warning, "标题、前言或开头的年份不是报告的年份", "The year in title, preamble or opening is not that of the report";
}

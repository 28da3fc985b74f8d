//! Reading: the tree of values becomes a `Report`, and every mistake is reported at once.
//!
//! Each object is read through `Fields`, which remembers the keys that were requested; `finish` reports all
//! others as unknown, with the nearest of these keys.

use indexmap::IndexMap;

use super::strings::readable;
use super::values::{Fields, Reader, shown};
use super::{
    Adjustment, Attachment, Attendance, Cell, Colophon, FORMAT, FreeSection, Inline, Inlines, IssuedText,
    Letterhead, Marker, Metadata, Note, Prose, Report, ReserveWord, Row, Seal, Seals, Sections, Signature,
    Silence, Span, SpanFace, Stamp, True,
};
use crate::diagnostic::{Diagnostic, Findings, child, nearest, rule};
use crate::message;
use crate::source::{Node, Source};

/// Reads the report of a source.
///
/// # Errors
/// Every wrong type, unknown field and missing value. Warnings are returned with the report.
pub fn read(source: &Source) -> Result<(Report, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut reader =
        Reader { diagnostics: Findings::default(), limits: *source.limits(), paragraphs: 0, references: 0 };
    let readable = readable(source.root());
    let report = reader.report(readable.as_ref().unwrap_or(source.root()));
    let refused = reader.diagnostics.has_errors();
    let found = reader.diagnostics.into_vec();
    if refused { Err(found) } else { Ok((report, found)) }
}

impl Reader {
    fn report(&mut self, root: &Node) -> Report {
        let Some(mut fields) = self.object(root, String::new()) else { return Report::default() };
        fields.requested.push("$schema");
        let report = Report {
            format: self.format(&mut fields),
            layout: self.required(&mut fields, "layout", Self::text).unwrap_or_default(),
            issuer: self.required(&mut fields, "issuer", Self::names).unwrap_or_default(),
            issuer_kind: self.optional(&mut fields, "issuer_kind", Self::issuer_kind).flatten(),
            year: self.optional(&mut fields, "year", Self::year),
            period: self.optional(&mut fields, "period", Self::text),
            title: self.optional(&mut fields, "title", Self::lines),
            subtitle: self.optional(&mut fields, "subtitle", Self::text),
            number_below_title: self.optional(&mut fields, "number_below_title", Self::boolean),
            title_note: self.optional(&mut fields, "title_note", Self::text),
            byline: self.list_of(&mut fields, "byline", Self::text),
            cover: self.optional(&mut fields, "cover", Self::cover),
            contents: self.optional(&mut fields, "contents", Self::contents),
            letterhead: self.optional(&mut fields, "letterhead", Self::letterhead),
            addressee: self.optional(&mut fields, "addressee", Self::text),
            preamble: self.optional(&mut fields, "preamble", Self::prose).unwrap_or_default(),
            sections: self.optional(&mut fields, "sections", Self::sections).unwrap_or_default(),
            tables: self.optional(&mut fields, "tables", Self::tables).unwrap_or_default(),
            figures: self.optional(&mut fields, "figures", Self::text),
            attachments: self.list_of(&mut fields, "attachments", Self::attachment),
            attendance: self.optional(&mut fields, "attendance", Self::attendance),
            signature: self.optional(&mut fields, "signature", Self::signature),
            remark: self.optional(&mut fields, "remark", Self::text),
            issued_text: self.optional(&mut fields, "issued_text", Self::issued_text),
            colophon: self.optional(&mut fields, "colophon", Self::colophon),
            han_latin_gap: self.optional(&mut fields, "han_latin_gap", Self::gap),
            metadata: self.optional(&mut fields, "metadata", Self::metadata).unwrap_or_default(),
            adjustments: self.list_of(&mut fields, "adjustments", Self::adjustment),
            silence: self.list_of(&mut fields, "silence", Self::silence),
        };
        self.finish(fields);
        report
    }

    /// The version of the format. It decides whether the rest can be read at all.
    fn format(&mut self, fields: &mut Fields) -> u64 {
        let version = self.required(fields, "format", |reader, node, pointer| {
            let version = match node {
                Node::Number(text) => text.parse::<u64>().ok(),
                _ => None,
            };
            if version != Some(FORMAT) {
                let given = shown(node);
                reader.error(
                    rule::REPORT_FORMAT,
                    pointer,
                    message!("不认识的报告格式版本 {given}", "unknown version {given} of the report format"),
                    Some(message!(
                        "本程序读版本 {FORMAT}：\"format\": {FORMAT}",
                        "this program reads version {FORMAT}: \"format\": {FORMAT}"
                    )),
                );
            }
            version
        });
        version.unwrap_or(FORMAT)
    }

    fn sections(&mut self, node: &Node, pointer: &str) -> Option<Sections> {
        if let Node::Array(_) = node {
            return Some(Sections::Free(self.items(node, pointer, Self::free_section)?));
        }
        let fields = self.object(node, pointer.to_owned())?;
        let mut sections = IndexMap::new();
        for (key, value) in fields.members {
            let place = child(pointer, key);
            let prose = if *value == Node::Null { None } else { self.prose(value, &place) };
            sections.insert(key.clone(), prose.unwrap_or_default());
        }
        Some(Sections::Named(sections))
    }

    fn free_section(&mut self, node: &Node, pointer: &str) -> Option<FreeSection> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let section = FreeSection {
            title: self.optional(&mut fields, "title", Self::text),
            new_page: self.optional(&mut fields, "new_page", Self::boolean),
            body: self.optional(&mut fields, "body", Self::prose).unwrap_or_default(),
        };
        self.finish(fields);
        Some(section)
    }

    fn tables(&mut self, node: &Node, pointer: &str) -> Option<IndexMap<String, IndexMap<String, Row>>> {
        let fields = self.object(node, pointer.to_owned())?;
        let mut tables = IndexMap::new();
        for (key, value) in fields.members {
            let place = child(pointer, key);
            let Some(rows) = self.object(value, place.clone()) else { continue };
            let mut table = IndexMap::new();
            for (row, value) in rows.members {
                if let Some(cells) = self.row(value, &child(&place, row)) {
                    table.insert(row.clone(), cells);
                }
            }
            tables.insert(key.clone(), table);
        }
        Some(tables)
    }

    fn row(&mut self, node: &Node, pointer: &str) -> Option<Row> {
        match node {
            Node::Array(items) => {
                let cells = items.iter().enumerate();
                Some(Row::List(cells.filter_map(|(at, item)| self.cell(item, &child(pointer, at))).collect()))
            }
            Node::Object(members) => {
                let mut row = IndexMap::new();
                for (column, value) in members {
                    if let Some(cell) = self.cell(value, &child(pointer, column)) {
                        row.insert(column.clone(), cell);
                    }
                }
                Some(Row::Named(row))
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => {
                let given = shown(node);
                self.error(
                    rule::REPORT_TYPE,
                    pointer,
                    message!(
                        "表格的一行应为列表或对象，这里是 {given}",
                        "a row of a table is a list or an object, not {given}"
                    ),
                    Some(message!(
                        "只有一个单元格时写成 [{given}]",
                        "a row of one cell is written [{given}]"
                    )),
                );
                None
            }
        }
    }

    pub(super) fn cell(&mut self, node: &Node, pointer: &str) -> Option<Cell> {
        match node {
            Node::Number(text) => Some(Cell::new(text.clone())),
            Node::String(text) => Some(Cell::new(text.clone())),
            Node::Null => Some(Cell::open()),
            Node::Bool(_) | Node::Array(_) | Node::Object(_) => {
                self.wrong_type(node, pointer, ("数字或字符串", "a number or a string"));
                None
            }
        }
    }

    fn prose(&mut self, node: &Node, pointer: &str) -> Option<Vec<Prose>> {
        if let Node::String(text) = node {
            let start: String = text.chars().take(12).collect();
            self.error(
                rule::REPORT_TYPE,
                pointer,
                message!(
                    "文字应为段落的列表，这里是一个字符串",
                    "prose is a list of paragraphs, not a string"
                ),
                Some(message!("写成 [\"{start}…\"]", "write [\"{start}…\"]")),
            );
            return None;
        }
        self.items(node, pointer, Self::prose_block)
    }

    /// Counts a paragraph or a footnote; whether there may be so many.
    fn has_room(&mut self, pointer: &str) -> bool {
        self.paragraphs += 1;
        let most = self.limits.paragraphs;
        if self.paragraphs == most + 1 {
            self.beyond(pointer, message!("段落超过 {most} 个", "there are more than {most} paragraphs"));
        }
        self.paragraphs <= most
    }

    fn prose_block(&mut self, node: &Node, pointer: &str) -> Option<Prose> {
        if !self.has_room(pointer) {
            return None;
        }
        if let Node::String(_) | Node::Array(_) = node {
            return self.inlines(node, pointer).map(Prose::Text);
        }
        const KINDS: [&str; 7] = ["heading", "paragraph", "list", "table", "image", "chart", "page_break"];
        let mut fields = self.object(node, pointer.to_owned())?;
        let kind = KINDS.into_iter().find(|kind| fields.members.iter().any(|(key, _)| key == kind));
        let block = match kind {
            Some("heading") => {
                let heading = self.required(&mut fields, "heading", Self::inlines);
                let level = self.optional(&mut fields, "level", Self::level);
                heading.map(|heading| Prose::Heading { heading, level })
            }
            Some("paragraph") => {
                let paragraph = self.required(&mut fields, "paragraph", Self::inlines);
                paragraph.map(|paragraph| Prose::Paragraph { paragraph })
            }
            Some("list") => {
                let list = self.required(&mut fields, "list", |reader, node, pointer| {
                    reader.items(node, pointer, Self::inlines)
                });
                let marker = self.optional(&mut fields, "marker", |reader, node, pointer| {
                    reader.word(
                        node,
                        pointer,
                        &[
                            ("number", Marker::Number),
                            ("bullet", Marker::Bullet),
                            ("circled", Marker::Circled),
                        ],
                    )
                });
                list.map(|list| Prose::List { list, marker })
            }
            Some("table") => {
                let table = self.required(&mut fields, "table", Self::free_table);
                table.map(|table| Prose::Table { table })
            }
            Some("chart") => {
                let chart = self.required(&mut fields, "chart", Self::chart);
                chart.map(|chart| Prose::Chart { chart })
            }
            Some("page_break") => {
                let page_break = self.required(&mut fields, "page_break", |reader, node, pointer| {
                    let given = reader.boolean(node, pointer)?;
                    if !given {
                        reader.wrong_type(node, pointer, ("true", "true"));
                    }
                    given.then_some(True)
                });
                page_break.map(|page_break| Prose::PageBreak { page_break })
            }
            Some("image") => {
                let image = self.required(&mut fields, "image", Self::text);
                let caption = self.optional(&mut fields, "caption", Self::text);
                let alt = self.required(&mut fields, "alt", Self::text);
                let width = self.optional(&mut fields, "width", Self::text);
                image.zip(alt).map(|(image, alt)| Prose::Image { image, caption, alt, width })
            }
            _ => {
                let kinds = KINDS.join(", ");
                let near = fields.members.iter().find_map(|(key, _)| nearest(key, KINDS));
                let hint = near.map(|near| message!("是不是想写 \"{near}\"？", "did you mean \"{near}\"?"));
                self.error(
                    rule::REPORT_BLOCK,
                    pointer,
                    message!(
                        "不认识的内容块，应有以下键之一：{kinds}",
                        "unknown block; it needs one of the keys {kinds}"
                    ),
                    hint,
                );
                return None;
            }
        };
        self.finish(fields);
        block
    }

    /// A text: a string, or a list of strings, spans and footnotes.
    fn inlines(&mut self, node: &Node, pointer: &str) -> Option<Inlines> {
        self.inlines_of(node, pointer, Self::text)
    }

    /// The same, each string read by `text`.
    pub(super) fn inlines_of(
        &mut self,
        node: &Node,
        pointer: &str,
        text: fn(&mut Self, &Node, &str) -> Option<String>,
    ) -> Option<Inlines> {
        match node {
            Node::String(_) => text(self, node, pointer).map(Inlines::from),
            Node::Array(_) => {
                self.items(node, pointer, |reader, node, at| reader.inline(node, at, text)).map(Inlines)
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Object(_) => {
                self.wrong_type(node, pointer, ("字符串或列表", "a string or a list"));
                None
            }
        }
    }

    fn inline(
        &mut self,
        node: &Node,
        pointer: &str,
        text: fn(&mut Self, &Node, &str) -> Option<String>,
    ) -> Option<Inline> {
        if let Node::String(_) = node {
            return text(self, node, pointer).map(Inline::Plain);
        }
        let mut fields = self.object(node, pointer.to_owned())?;
        if fields.members.iter().any(|(key, _)| key == "note") {
            let note = self.required(&mut fields, "note", Self::note);
            self.finish(fields);
            return note.map(|note| Inline::Note(Note { note }));
        }
        let span = Span {
            text: self.required(&mut fields, "text", text).unwrap_or_default(),
            strong: self.optional(&mut fields, "strong", Self::boolean),
            face: self.optional(&mut fields, "face", |reader, node, pointer| {
                reader.word(node, pointer, &SpanFace::ALL)
            }),
            raised: self.optional(&mut fields, "raised", Self::boolean),
            lowered: self.optional(&mut fields, "lowered", Self::boolean),
            link: self.optional(&mut fields, "link", Self::address),
        };
        self.finish(fields);
        if span.raised == Some(true) && span.lowered == Some(true) {
            self.error(
                rule::REPORT_WORD,
                &child(pointer, "lowered"),
                message!("文字不能既是上标又是下标", "a text is not both raised and lowered"),
                Some(message!("只留 raised 和 lowered 中的一个", "keep one of raised and lowered")),
            );
        }
        Some(Inline::Span(span))
    }

    /// The text of a footnote.
    fn note(&mut self, node: &Node, pointer: &str) -> Option<String> {
        let note = self.text(node, pointer)?;
        if note.trim().is_empty() {
            self.error(
                rule::REPORT_EMPTY,
                pointer,
                message!("脚注是空的", "the footnote is empty"),
                Some(message!("写上注文，或删去它", "write its text, or delete it")),
            );
        }
        self.has_room(pointer).then_some(note)
    }

    /// Where a link leads.
    fn address(&mut self, node: &Node, pointer: &str) -> Option<String> {
        const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];
        let address = self.text(node, pointer)?;
        let rest = SCHEMES.iter().find_map(|scheme| address.strip_prefix(scheme));
        if rest.is_none_or(|rest| rest.is_empty() || address.chars().any(|c| c.is_whitespace())) {
            let given = shown(node);
            self.error(
                rule::REPORT_WORD,
                pointer,
                message!("{given} 不是网址或电子邮件地址", "{given} is no address"),
                Some(message!(
                    "以 https://、http:// 或 mailto: 开头，不含空格",
                    "begin it with https://, http:// or mailto:, without blanks"
                )),
            );
        }
        Some(address)
    }

    fn attachment(&mut self, node: &Node, pointer: &str) -> Option<Attachment> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let title = self.required(&mut fields, "title", Self::lines);
        let body = self.optional(&mut fields, "body", Self::prose).unwrap_or_default();
        self.finish(fields);
        Some(Attachment { title: title?, body })
    }

    fn attendance(&mut self, node: &Node, pointer: &str) -> Option<Attendance> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let attendance = Attendance {
            present: self.list_of(&mut fields, "present", Self::text),
            excused: self.list_of(&mut fields, "excused", Self::text),
            observers: self.list_of(&mut fields, "observers", Self::text),
        };
        self.finish(fields);
        Some(attendance)
    }

    fn issued_text(&mut self, node: &Node, pointer: &str) -> Option<IssuedText> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let title = self.required(&mut fields, "title", Self::lines);
        let text = IssuedText {
            title: title.clone().unwrap_or_default(),
            subtitle: self.optional(&mut fields, "subtitle", Self::text),
            title_note: self.optional(&mut fields, "title_note", Self::text),
            byline: self.list_of(&mut fields, "byline", Self::text),
            body: self.optional(&mut fields, "body", Self::prose).unwrap_or_default(),
            sections: self.list_of(&mut fields, "sections", Self::free_section),
            attachments: self.list_of(&mut fields, "attachments", Self::attachment),
        };
        self.finish(fields);
        title.map(|_| text)
    }

    fn signature(&mut self, node: &Node, pointer: &str) -> Option<Signature> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let signature = Signature {
            signatories: self.optional(&mut fields, "signatories", Self::names),
            date: self.optional(&mut fields, "date", Self::text),
            seal: self.optional(&mut fields, "seal", Self::seals),
            stamp: self.optional(&mut fields, "stamp", Self::stamp),
        };
        self.finish(fields);
        Some(signature)
    }

    fn seals(&mut self, node: &Node, pointer: &str) -> Option<Seals> {
        match node {
            Node::String(_) => {
                self.word(node, pointer, &[("reserve", ReserveWord::Reserve)]).map(Seals::Reserve)
            }
            Node::Array(_) => self.items(node, pointer, Self::seal).map(Seals::Many),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Object(_) => {
                self.seal(node, pointer).map(Seals::One)
            }
        }
    }

    fn seal(&mut self, node: &Node, pointer: &str) -> Option<Seal> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let image = self.required(&mut fields, "image", Self::text);
        let alt = self.optional(&mut fields, "alt", Self::text);
        let diameter = self.optional(&mut fields, "diameter", Self::text);
        let remove_white = self.optional(&mut fields, "remove_white", Self::boolean);
        self.finish(fields);
        Some(Seal { image: image?, alt, diameter, remove_white })
    }

    fn stamp(&mut self, node: &Node, pointer: &str) -> Option<Stamp> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let post = self.required(&mut fields, "post", Self::text);
        let image = self.optional(&mut fields, "image", Self::text);
        let alt = self.optional(&mut fields, "alt", Self::text);
        let width = self.optional(&mut fields, "width", Self::text);
        let remove_white = self.optional(&mut fields, "remove_white", Self::boolean);
        self.finish(fields);
        Some(Stamp { post: post?, image, alt, width, remove_white })
    }

    fn letterhead(&mut self, node: &Node, pointer: &str) -> Option<Letterhead> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let letterhead = Letterhead {
            organ: self.optional(&mut fields, "organ", Self::text),
            copy_number: self.optional(&mut fields, "copy_number", Self::text),
            secrecy: self.optional(&mut fields, "secrecy", Self::text),
            urgency: self.optional(&mut fields, "urgency", Self::text),
            signers: self.list_of(&mut fields, "signers", Self::text),
        };
        self.finish(fields);
        Some(letterhead)
    }

    fn colophon(&mut self, node: &Node, pointer: &str) -> Option<Colophon> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let colophon = Colophon {
            copies_to: self.list_of(&mut fields, "copies_to", Self::text),
            printed_by: self.optional(&mut fields, "printed_by", Self::text),
            printed_on: self.optional(&mut fields, "printed_on", Self::text),
        };
        self.finish(fields);
        Some(colophon)
    }

    fn metadata(&mut self, node: &Node, pointer: &str) -> Option<Metadata> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let mut text = |key| self.optional(&mut fields, key, Self::text);
        let mut metadata = Metadata {
            index_number: text("index_number"),
            document_number: text("document_number"),
            publisher: text("publisher"),
            publication: text("publication"),
            scope: text("scope"),
            published: text("published"),
            category: text("category"),
            validity: text("validity"),
            source: text("source"),
            summary: text("summary"),
            keywords: Vec::new(),
        };
        metadata.keywords = self.list_of(&mut fields, "keywords", Self::text);
        self.finish(fields);
        Some(metadata)
    }

    fn adjustment(&mut self, node: &Node, pointer: &str) -> Option<Adjustment> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let figure = self.required(&mut fields, "figure", Self::text);
        let amount = self.required(&mut fields, "amount", Self::cell);
        let reason = self.reason(&mut fields);
        self.finish(fields);
        Some(Adjustment { figure: figure?, amount: amount?, reason: reason? })
    }

    fn silence(&mut self, node: &Node, pointer: &str) -> Option<Silence> {
        let mut fields = self.object(node, pointer.to_owned())?;
        let rule = self.required(&mut fields, "rule", Self::text);
        let place = self.required(&mut fields, "place", Self::text);
        let reason = self.reason(&mut fields);
        self.finish(fields);
        Some(Silence { rule: rule?, place: place?, reason: reason? })
    }

    /// A reason for an exception. Invisible characters are gone from the report by now.
    fn reason(&mut self, fields: &mut Fields) -> Option<String> {
        let reason = self.required(fields, "reason", Self::text)?;
        // U+2800 is a Braille pattern without dots.
        if reason.chars().all(|c| c.is_whitespace() || c.is_control() || c == '\u{2800}') {
            self.error(
                rule::REPORT_EMPTY,
                &child(&fields.pointer, "reason"),
                message!("理由不能是空的", "a reason must not be blank"),
                Some(message!("写明为什么可以不管这个问题", "write why this is accepted")),
            );
        }
        Some(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(json: &str) -> Vec<String> {
        let source = Source::parse(json.as_bytes()).expect("parses");
        let mut found = match read(&source) {
            Ok((_, warnings)) => warnings,
            Err(errors) => errors,
        };
        source.resolve(&mut found);
        found
            .iter()
            .map(|d| {
                let hint = d.hint.as_ref().map(|hint| format!(" ({})", hint.message.en)).unwrap_or_default();
                format!("{} {} {}{hint}", d.rule, d.pointer, d.message.en)
            })
            .collect()
    }

    #[test]
    fn all_mistakes_are_reported_at_once() {
        let found = findings(
            r#"{"format": 1, "layout": 5, "isuer": "甲", "year": "2023",
                "preamble": ["一", {"hedding": "二"}], "tables": {"requests": {"granted": 12}}}"#,
        );
        assert_eq!(
            found,
            [
                "report.missing  \"issuer\" is missing",
                "report.type /layout must be a string, not a number",
                "report.unknown-field /isuer unknown field \"isuer\" (did you mean \"issuer\"?)",
                "report.year /year a year is a number of four digits, not \"2023\" (such as \"year\": 2023)",
                "report.block /preamble/1 unknown block; it needs one of the keys heading, paragraph, list, table, image, chart, page_break (did you mean \"heading\"?)",
                "report.type /tables/requests/granted a row of a table is a list or an object, not 12 (a row of one cell is written [12])",
            ]
        );
    }

    #[test]
    fn unknown_format_is_refused_by_name() {
        let found = findings(r#"{"format": 2, "layout": "a", "issuer": "甲"}"#);
        assert!(found[0].starts_with("report.format /format unknown version 2"), "{found:?}");
    }

    #[test]
    fn unknown_issuer_kind_only_warns() {
        let found =
            findings(r#"{"format": 1, "layout": "a", "issuer": ["甲", "乙"], "issuer_kind": "street"}"#);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("report.issuer-kind"));
    }
}

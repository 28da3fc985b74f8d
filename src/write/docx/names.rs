//! Names in the Word file: of styles, by role, and of bookmarks.
//!
//! A built-in style of Word is identified by its English name, and Word shows it in the reader's language:
//! `Normal` appears as 正文 and `heading 1` as 标题 1. A style of our own has a Chinese name, and never the
//! Chinese name of a built-in one (页码, 日期, 题注), which a Chinese Word would mistake for that style.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Block, BlockKind, Role};

/// The names of a paragraph style.
pub(crate) struct StyleNames {
    /// `w:styleId`, in ASCII.
    pub id: &'static str,
    /// `w:name`.
    pub name: &'static str,
    /// What a Chinese Word shows.
    pub shown: &'static str,
}

impl StyleNames {
    /// Whether it is a built-in style of Word.
    pub fn is_built_in(&self) -> bool {
        self.name != self.shown
    }
}

/// The label of the bookmark of a table whose columns are carried over from the one before it; the number of its first
/// columns, which are repeated, follows.
pub(crate) const CARRIED: &str = "carried_columns_";

/// The paragraph style of a role.
pub(crate) fn style(role: Role) -> StyleNames {
    let built_in = |id, name, shown| StyleNames { id, name, shown };
    let own = |id, name| StyleNames { id, name, shown: name };
    match role {
        Role::Title => built_in("Title", "Title", "标题"),
        Role::CopyNumber => own("CopyNumber", "份号"),
        Role::Secrecy => own("Secrecy", "密级和紧急程度"),
        Role::Organ => own("Organ", "发文机关标志"),
        Role::DocumentNumber => own("DocumentNumber", "发文字号"),
        Role::Remark => own("Remark", "附注"),
        Role::Colophon => own("Colophon", "版记"),
        Role::Addressee => own("Addressee", "主送机关"),
        Role::Body => built_in("Normal", "Normal", "正文"),
        Role::Heading1 => built_in("Heading1", "heading 1", "标题 1"),
        Role::Heading2 => built_in("Heading2", "heading 2", "标题 2"),
        Role::Heading3 => built_in("Heading3", "heading 3", "标题 3"),
        Role::Heading4 => built_in("Heading4", "heading 4", "标题 4"),
        Role::ListItem => own("ListItem", "列表项"),
        Role::TableCaption => own("TableCaption", "表题"),
        Role::TableUnit => own("TableUnit", "表格单位"),
        Role::TableHeader => own("TableHeader", "表头"),
        Role::TableLabel => own("TableLabel", "表内项目"),
        Role::TableFigure => own("TableFigure", "表内数字"),
        Role::TableNote => own("TableNote", "表注"),
        Role::Illustration => own("Figure", "图"),
        Role::IllustrationCaption => own("FigureCaption", "图题"),
        Role::AttachmentNote => own("AttachmentNote", "附件说明"),
        Role::AttachmentLabel => own("AttachmentLabel", "附件序号"),
        Role::AttachmentTitle => own("AttachmentTitle", "附件标题"),
        Role::Signatory => own("Signatory", "署名"),
        Role::Date => own("DateOfIssue", "成文日期"),
        // 页码 is a built-in character style; page numbers are in paragraphs of this style.
        Role::PageNumber => built_in("PageNumber", "footer", "页脚"),
        Role::Subtitle => built_in("Subtitle", "Subtitle", "副标题"),
        Role::TitleNote => own("TitleNote", "标题题注"),
        Role::Byline => own("Byline", "署名行"),
        Role::Part => own("PartHeading", "部分标题"),
        Role::Chapter => own("ChapterHeading", "章标题"),
        Role::Section => own("SectionHeading", "节标题"),
        Role::Article => own("Article", "条"),
        Role::Attendance => own("Attendance", "出席名单"),
        Role::CoverTitle => own("CoverTitle", "封面标题"),
        Role::CoverLine => own("CoverLine", "封面行"),
        Role::ContentsTitle => built_in("TOCHeading", "TOC Heading", "TOC 标题"),
        Role::Contents1 => built_in("TOC1", "toc 1", "目录 1"),
        Role::Contents2 => built_in("TOC2", "toc 2", "目录 2"),
        Role::Contents3 => built_in("TOC3", "toc 3", "目录 3"),
        Role::Footnote => built_in("FootnoteText", "footnote text", "脚注文本"),
    }
}

/// The outline level (大纲级别) of a heading's role, from 1.
pub(crate) fn heading_level(role: Role) -> Option<u8> {
    match role {
        Role::Heading1 | Role::Part | Role::Chapter => Some(1),
        Role::Heading2 | Role::Section => Some(2),
        Role::Heading3 => Some(3),
        Role::Heading4 => Some(4),
        Role::Title
        | Role::CopyNumber
        | Role::Secrecy
        | Role::Organ
        | Role::DocumentNumber
        | Role::Remark
        | Role::Colophon
        | Role::Addressee
        | Role::Body
        | Role::ListItem
        | Role::TableCaption
        | Role::TableUnit
        | Role::TableHeader
        | Role::TableLabel
        | Role::TableFigure
        | Role::TableNote
        | Role::Illustration
        | Role::IllustrationCaption
        | Role::AttachmentNote
        | Role::AttachmentLabel
        | Role::AttachmentTitle
        | Role::Signatory
        | Role::Date
        | Role::PageNumber
        | Role::Subtitle
        | Role::TitleNote
        | Role::Byline
        | Role::Article
        | Role::Attendance
        | Role::CoverTitle
        | Role::CoverLine
        | Role::ContentsTitle
        | Role::Contents1
        | Role::Contents2
        | Role::Contents3
        | Role::Footnote => None,
    }
}

/// The id of the character style linked to the paragraph style of a role.
pub(crate) fn character_style_id(role: Role) -> String {
    format!("{}Char", style(role).id)
}

/// The name of the character style linked to the paragraph style of a role, as Word names one in Chinese.
pub(crate) fn character_style_name(role: Role) -> String {
    format!("{} 字符", style(role).shown)
}

/// A bookmark: its number and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bookmark {
    /// `w:id`, from 1.
    pub id: usize,
    /// `w:name`.
    pub name: String,
}

/// The bookmarks of a block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BlockMarks {
    /// At its start; in the first cell of a table, so that it identifies the table.
    pub block: Option<Bookmark>,
    /// Around its heading.
    pub heading: Option<Bookmark>,
}

/// The bookmarks of every block: that of a table is named by its key, those of other blocks by their kind and
/// number.
pub(crate) fn bookmarks(blocks: &[Block]) -> Vec<BlockMarks> {
    let mut names = Bookmarks::default();
    let mut marks = vec![BlockMarks::default(); blocks.len()];
    // Tables first, so that `_gw_requests` is always the table of that name.
    for (block, marks) in blocks.iter().zip(&mut marks) {
        if let BlockKind::Table(table) = &block.kind {
            marks.block = Some(match table.is_carried {
                true => names.new_for(&format!("{CARRIED}{}", table.repeat_columns)),
                false => names.new_for(&table.name),
            });
        }
    }
    for (block, marks) in blocks.iter().zip(&mut marks) {
        let label = match &block.kind {
            BlockKind::Title(_) => "title",
            BlockKind::Paragraph(paragraph) => {
                if let Some(heading) = &paragraph.heading {
                    marks.heading = Some(names.numbered("heading"));
                    if !heading.run_in {
                        continue;
                    }
                }
                "paragraph"
            }
            BlockKind::List(_) => "list",
            BlockKind::Illustration(_) => "figure",
            BlockKind::Signature(_) => "signature",
            BlockKind::Sides(_) => "line",
            BlockKind::Table(_) | BlockKind::Rule(_) | BlockKind::Contents(_) | BlockKind::PageBreak => {
                continue;
            }
        };
        marks.block = Some(names.numbered(label));
    }
    let in_order = marks.iter_mut().flat_map(|marks| [&mut marks.block, &mut marks.heading]).flatten();
    for (bookmark, id) in in_order.zip(1..) {
        bookmark.id = id;
    }
    marks
}

/// A generator of unique bookmark names that Word accepts.
#[derive(Default)]
struct Bookmarks {
    taken: BTreeSet<String>,
    counts: BTreeMap<&'static str, usize>,
}

impl Bookmarks {
    /// The next bookmark of this kind: `_gw_paragraph_1`.
    fn numbered(&mut self, kind: &'static str) -> Bookmark {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let label = format!("{kind}_{count}");
        self.new_for(&label)
    }

    /// A bookmark for `label`: `_gw_` and its letters and digits, at most 40 characters, numbered if the name is taken.
    ///
    /// The underscore in front hides it from the list that Word shows.
    ///
    /// Its number is set after all bookmarks are named.
    fn new_for(&mut self, label: &str) -> Bookmark {
        // Word counts UTF-16 units, of which a rare Han character has two.
        let allowed = |c: char| c.is_alphanumeric() && c.len_utf16() == 1;
        let letters = label.chars().map(|c| if allowed(c) { c } else { '_' }).take(30);
        let stem: String = "_gw_".chars().chain(letters).collect();
        let mut name = stem.clone();
        let mut number = 2;
        // Word compares the names of bookmarks without regard to case.
        while !self.taken.insert(name.to_lowercase()) {
            name = format!("{stem}_{number}");
            number += 1;
        }
        Bookmark { id: 0, name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_ids_and_names_are_unique() {
        let ids: BTreeSet<_> = Role::ALL.map(|role| style(role).id).into();
        let names: BTreeSet<_> = Role::ALL.map(|role| style(role).name).into();
        assert_eq!((ids.len(), names.len()), (Role::ALL.len(), Role::ALL.len()));
        assert!(ids.iter().all(|id| id.is_ascii()));
    }

    #[test]
    fn bookmark_names_are_valid_and_unique() {
        let mut bookmarks = Bookmarks::default();
        assert_eq!(bookmarks.new_for("表 1：<申请>").name, "_gw_表_1__申请_");
        assert_eq!(bookmarks.new_for("Requests").name, "_gw_Requests");
        assert_eq!(bookmarks.new_for("requests").name, "_gw_requests_2");
        let long = bookmarks.new_for(&"长".repeat(90));
        assert!(long.name.chars().count() <= 40);
    }
}

//! 目录 as a TOC field (ECMA-376-1, 17.16.5.68) with the numbers of the pages in it, so that it is right before a word
//! processor updates it, and can be updated.

use std::collections::BTreeMap;

use docx_rs::{
    FieldCharType, Hyperlink, HyperlinkData, InstrText, ParagraphChild, Run, Tab, TabLeaderType, TabValueType,
};

use super::body::Body;
use super::names;
use super::page::unsigned;
use super::run::run;
use crate::document::{Contents, ContentsEntry, NodeId, Role};

impl Body<'_> {
    /// The entries, each a paragraph that leads to its heading; the field begins in the first and ends in the last.
    pub(super) fn contents(&mut self, contents: &Contents) {
        let last = contents.entries.len() - 1;
        // The blocks that it leads to come behind it: their bookmarks are not written yet.
        let marks = self.document.blocks.iter().zip(&self.bookmarks);
        let anchors: BTreeMap<NodeId, String> = marks
            .filter_map(|(block, marks)| {
                let mark = marks.heading.as_ref().or(marks.block.as_ref())?;
                Some((block.id, mark.name.clone()))
            })
            .collect();
        for (at, entry) in contents.entries.iter().enumerate() {
            let stop = Tab::new()
                .val(TabValueType::Right)
                .leader(TabLeaderType::Dot)
                .pos(unsigned(self.document.page.type_width()) as usize);
            let mut paragraph = self.styled(Role::contents(entry.level), false).add_tab(stop);
            if at == 0 {
                for part in begin(&instruction(contents)) {
                    paragraph = paragraph.add_run(part);
                }
            }
            paragraph
                .children
                .push(self.entry(entry, anchors.get(&entry.target).cloned().unwrap_or_default()));
            if at == last {
                paragraph = paragraph.add_run(Run::new().add_field_char(FieldCharType::End, false));
            }
            self.push(paragraph);
        }
    }

    /// The text and the page of an entry, which leads to the bookmark `anchor`.
    fn entry(&self, entry: &ContentsEntry, anchor: String) -> ParagraphChild {
        let mut runs = vec![run(&entry.lines.join("\n")), Run::new().add_tab()];
        let number = self.keeps.numbers.get(&entry.target).map(usize::to_string).unwrap_or_default();
        runs.extend(begin(&format!("PAGEREF {anchor} \\h")));
        runs.push(run(&number));
        runs.push(Run::new().add_field_char(FieldCharType::End, false));
        let children = runs.into_iter().map(|run| ParagraphChild::Run(Box::new(run))).collect();
        let link = HyperlinkData::Anchor { anchor };
        ParagraphChild::Hyperlink(Hyperlink { link, history: None, children })
    }
}

/// The headings of so many levels, by their styles and outline levels, and the titles of attachments.
fn instruction(contents: &Contents) -> String {
    let attachments = names::style(Role::AttachmentTitle).name;
    format!("TOC \\o \"1-{}\" \\h \\z \\t \"{attachments},1\" \\u", contents.levels)
}

/// The start of a field, up to its result.
fn begin(instruction: &str) -> [Run; 3] {
    [
        Run::new().add_field_char(FieldCharType::Begin, false),
        Run::new().add_instr_text(InstrText::Unsupported(instruction.to_owned())),
        Run::new().add_field_char(FieldCharType::Separate, false),
    ]
}

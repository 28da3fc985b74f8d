//! Footnotes in the structure tree: a `Reference` in the text and a `Note` behind its block, each with a link to the other.
//!
//! ISO 32000-1, 14.8.4.4; a note has an identifier (ISO 14289-1, 7.9).

use super::super::contents::{LineBox, Mark, NUMBER, Part};
use super::{Kid, Link, LinkTarget, Tree};
use crate::document::{NodeId, mark};

impl Tree<'_> {
    /// Adds the references of a node to its text.
    pub(super) fn add_references(&mut self, node: NodeId, kids: &mut Vec<(Mark, Kid)>) {
        let document = self.document;
        for own in document.formats.marks(node) {
            let note = document.notes.get(own.note);
            let marks = self.contents.take(note.mark, Part::Body);
            let Some(first) = marks.first().copied() else { continue };
            let link = self.number(note.mark, marks, note.id, format!("脚注{}", own.text));
            kids.push((first, self.with("Reference", vec![link])));
            self.noted.push(own.note);
        }
        kids.sort_by_key(|(mark, _)| *mark);
    }

    /// The footnotes of the block before.
    pub(super) fn footnotes(&mut self) -> Vec<Kid> {
        let document = self.document;
        let mut kids = Vec::new();
        for index in std::mem::take(&mut self.noted) {
            let note = document.notes.get(index);
            let label = self.contents.take(note.id, Part::Label);
            let link = self.number(note.id, label, note.mark, format!("回到正文中的{}", mark(index)));
            let label = self.with("Lbl", vec![link]);
            let mut own = vec![label];
            own.extend(self.marks(note.id, Part::Body));
            let element = self.with_all("Note", own);
            self.elements[element].id = Some(note.id);
            kids.push(self.with("P", vec![Kid::Element(element)]));
        }
        kids
    }

    /// The number of a footnote, with a link to where it stands the other time.
    fn number(&mut self, node: NodeId, marks: Vec<Mark>, to: NodeId, description: String) -> Kid {
        let mut kids: Vec<Kid> = marks.into_iter().map(Kid::Mark).collect();
        if let Some(to) = self.contents.text_lines(to, NUMBER).first().copied() {
            for LineBox { page, rect } in self.contents.text_lines(node, NUMBER).to_vec() {
                kids.push(Kid::Link(self.links.len()));
                let [left, _, _, top] = to.rect;
                let place = [left, top];
                let target = LinkTarget::Place { page: to.page, place, description: description.clone() };
                self.links.push(Link { page, rect, target });
            }
        }
        self.with("Link", kids)
    }
}

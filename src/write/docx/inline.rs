//! Inline spans in runs: an address is a hyperlink, English is marked as such.
//!
//! A span is counted in the characters of its node, and a node's text may be spread over several runs: `Pieces`
//! counts on. A hyperlink looks like the text around it, as in the PDF.

use docx_rs::{Hyperlink, HyperlinkData, ParagraphChild, Run, SpecVanish, VertAlign, VertAlignType};

use super::body::Body;
use super::run::run;
use crate::document::{self, Document, Format, InlineKind, NodeId, Role, Shift};

/// The style of hyperlinks. It is Word's own, which otherwise would be blue and underlined.
pub(super) const HYPERLINK: &str = "Hyperlink";

/// The relationship of a hyperlink, by its number from 1.
pub(super) fn relationship(link: usize) -> String {
    format!("rIdLink{link}")
}

/// Text that becomes one run.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// The role that gives its face.
    pub role: Role,
    /// The text.
    pub text: String,
    /// What it has in place of its style; its role is that of the piece already.
    format: Format,
    /// The span that it is, or is a part of.
    kind: Option<&'a InlineKind>,
    /// The index of the footnote whose mark it is; its text is empty.
    note: Option<usize>,
}

/// The text of a paragraph, divided where a role or a span begins or ends.
pub(super) struct Pieces<'a> {
    document: &'a Document,
    pieces: Vec<Piece<'a>>,
    /// How many characters of each node with spans were added, white space not counted.
    counts: Vec<(NodeId, usize)>,
}

impl<'a> Pieces<'a> {
    pub fn of(document: &'a Document) -> Pieces<'a> {
        Pieces { document, pieces: Vec::new(), counts: Vec::new() }
    }

    /// Adds runs; those without a name belong to the node `own`, if that has any text.
    pub fn add_runs(&mut self, runs: &[document::Run], own: Option<NodeId>) {
        for run in runs {
            match run.id.or(own) {
                Some(node) => self.add(run.role, node, &run.text),
                None => self.add_plain(run.role, &run.text),
            }
        }
    }

    /// Counts the characters of a label that comes before the text of a node, and is not added.
    pub fn skip(&mut self, node: NodeId, label: &str) {
        self.counts.push((node, label.chars().filter(|character| !character.is_whitespace()).count()));
    }

    /// Adds text of a node.
    pub fn add(&mut self, role: Role, node: NodeId, text: &str) {
        let (inlines, mut formats) = (self.document.inlines.of(node), self.document.formats.divide(node));
        if inlines.is_empty() && formats.is_plain() {
            return self.push(role, text, Format::default(), None);
        }
        let known = self.counts.iter().position(|(known, _)| *known == node);
        let known = known.unwrap_or_else(|| {
            self.counts.push((node, 0));
            self.counts.len() - 1
        });
        let mut count = self.counts[known].1;
        // The marks of the texts before.
        while formats.mark_at(count).is_some() {}
        let mut spans = inlines.iter().peekable();
        // Where the piece begins, its format, and the span that it is.
        let (mut from, mut format, mut kind) = (0, formats.at(count), None);
        for (at, character) in text.char_indices() {
            while spans.next_if(|span| span.range.end <= count).is_some() {}
            let is_space = character.is_whitespace();
            // White space belongs to a span only in the middle of it.
            let is_in = |span: &&document::Inline| span.range.start + usize::from(is_space) <= count;
            let here = spans.peek().copied().filter(is_in).map(|span| &span.kind);
            let own = if is_space { format } else { formats.at(count) };
            if !same(here, kind) || own != format {
                if from < at {
                    self.push(role, &text[from..at], format, kind);
                }
                (from, format, kind) = (at, own, here);
            }
            count += usize::from(!is_space);
            while let Some(mark) = formats.mark_at(count) {
                let end = at + character.len_utf8();
                if from < end {
                    self.push(role, &text[from..end], format, kind);
                }
                self.push_note(role, mark.note);
                from = end;
            }
        }
        if from < text.len() || text.is_empty() {
            self.push(role, &text[from..], format, kind);
        }
        self.counts[known].1 = count;
    }

    /// Adds text that is in no node.
    pub fn add_plain(&mut self, role: Role, text: &str) {
        self.push(role, text, Format::default(), None);
    }

    /// How many there are so far.
    pub fn count(&self) -> usize {
        self.pieces.len()
    }

    /// The pieces.
    pub fn finish(self) -> Vec<Piece<'a>> {
        self.pieces
    }

    fn push_note(&mut self, role: Role, note: usize) {
        let format = Format::default();
        self.pieces.push(Piece { role, text: String::new(), format, kind: None, note: Some(note) });
    }

    fn push(&mut self, role: Role, text: &str, format: Format, kind: Option<&'a InlineKind>) {
        let role = format.role.unwrap_or(role);
        match self.pieces.last_mut() {
            Some(last)
                if last.role == role
                    && last.format == format
                    && same(last.kind, kind)
                    && last.note.is_none() =>
            {
                last.text.push_str(text);
            }
            _ => self.pieces.push(Piece { role, text: text.to_owned(), format, kind, note: None }),
        }
    }
}

/// Whether both are the same span. Two spans that follow each other at once may have one kind.
fn same(one: Option<&InlineKind>, other: Option<&InlineKind>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => std::ptr::eq(one, other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

impl<'a> Body<'a> {
    /// The runs of a text of a paragraph of this role that belongs to a node; `set` gives each its properties.
    pub fn text(
        &mut self,
        role: Role,
        node: NodeId,
        text: &str,
        set: impl Fn(Run) -> Run,
    ) -> Vec<ParagraphChild> {
        self.text_behind(role, node, "", text, set)
    }

    /// The same of a text that has a label of its node before it.
    pub fn text_behind(
        &mut self,
        role: Role,
        node: NodeId,
        label: &str,
        text: &str,
        set: impl Fn(Run) -> Run,
    ) -> Vec<ParagraphChild> {
        let mut pieces = Pieces::of(self.document);
        if !label.is_empty() {
            pieces.skip(node, label);
        }
        pieces.add(role, node, text);
        pieces.finish().iter().map(|piece| self.styled_piece(piece, role, &set)).collect()
    }

    /// The run of a piece, in a hyperlink if it is an address.
    pub fn piece(&mut self, piece: &Piece<'a>, set: impl Fn(Run) -> Run) -> ParagraphChild {
        if let Some(note) = piece.note {
            return self.footnote_reference(note, set);
        }
        let mut run = set(run(&piece.text));
        if piece.format.strong {
            run = run.bold();
        }
        run.run_property.vert_align = match piece.format.shift {
            Shift::None => None,
            Shift::Raised => Some(VertAlign::new(VertAlignType::SuperScript)),
            Shift::Lowered => Some(VertAlign::new(VertAlignType::SubScript)),
        };
        let target = match piece.kind {
            None | Some(InlineKind::Entry(_)) => return ParagraphChild::Run(Box::new(run)),
            Some(InlineKind::English) => {
                run.run_property.spec_vanish = Some(SpecVanish::new());
                return ParagraphChild::Run(Box::new(run));
            }
            Some(InlineKind::Link(target)) => target,
        };
        // A run has one style: that of another face is needed more.
        if run.run_property.style.is_none() {
            run = run.style(HYPERLINK);
        }
        let (index, _) = self.links.insert_full(target);
        let link = HyperlinkData::External { rid: relationship(index + 1), path: String::new() };
        ParagraphChild::Hyperlink(Hyperlink {
            link,
            history: None,
            children: vec![ParagraphChild::Run(Box::new(run))],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, BlockKind, Inlines, Paragraph};

    /// The pieces of a paragraph of these runs; those with a number have a name.
    fn check(runs: &[(Option<u32>, &str)], expected: &[&str]) {
        let run = |(id, text): &(Option<u32>, &str)| document::Run {
            id: id.map(NodeId),
            role: Role::Body,
            text: (*text).to_owned(),
        };
        let runs: Vec<document::Run> = runs.iter().map(run).collect();
        let mut document = super::super::fixture::empty();
        let paragraph = Paragraph { runs: runs.clone(), ..Paragraph::plain(Role::Body, String::new()) };
        document.blocks = vec![Block::new(NodeId(1), BlockKind::Paragraph(paragraph))];
        document.inlines = Inlines::find(&document.blocks, &Default::default(), &Default::default());
        let mut pieces = Pieces::of(&document);
        pieces.add_runs(&runs, Some(NodeId(1)));
        let pieces = pieces.finish().into_iter().map(|piece| match piece.kind {
            None | Some(InlineKind::Entry(_)) => piece.text,
            Some(InlineKind::English) => format!("<{}>", piece.text),
            Some(InlineKind::Link(target)) => format!("[{}]{target}", piece.text),
        });
        assert_eq!(pieces.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn spans_divide_a_text() {
        check(&[(None, "正文。")], &["正文。"]);
        check(&[(None, "")], &[""]);
        check(&[(None, "见 www.a.cn 。")], &["见 ", "[www.a.cn]http://www.a.cn", " 。"]);
        check(
            &[(None, "http://a.cn/ a@b.cn")],
            &["[http://a.cn/]http://a.cn/", " ", "[a@b.cn]mailto:a@b.cn"],
        );
        check(&[(None, "见 Open Data Act 文")], &["见 ", "<Open Data Act>", " 文"]);
    }

    #[test]
    fn spans_are_counted_over_the_runs_of_their_node() {
        check(
            &[(Some(2), "一、某 事。"), (None, "登录 www."), (None, "a.cn查"), (Some(3), "www.b.cn")],
            &["一、某 事。登录 ", "[www.a.cn]http://www.a.cn", "查", "[www.b.cn]http://www.b.cn"],
        );
    }
}

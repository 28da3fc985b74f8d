//! The flow of pieces over pages: one pass, each page as full as possible, with chains kept together.

use std::ops::Range;

use crate::geom::Length;
use crate::style::Orientation;

/// A piece, which is never split: a line, a row, an image.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    /// From its top to its bottom.
    pub height: Length,
    /// The part of its height without leading: that of the characters or of the rule.
    pub ink: Length,
    /// Gap above; dropped at the top of a page that began without a page break.
    pub before: Length,
    /// Gap below.
    pub after: Length,
    /// Stays on the page of the next piece.
    pub keep: bool,
    /// Begins a page.
    pub breaks: bool,
    /// The orientation of its page.
    pub orientation: Orientation,
    /// It is at the foot of the page, with the pieces after it that are too.
    pub foot: bool,
    /// Height of the table header that is repeated above it where it comes first on a page.
    pub header: Length,
    /// Of a row: the height of the outer rules above the first row and below the last one on a page.
    pub edge: Length,
    /// A row below another one of its table.
    pub continues: bool,
    /// What is drawn.
    pub content: Content,
}

impl Piece {
    /// Whether it is a line of text.
    pub fn is_line(&self) -> bool {
        matches!(self.content, Content::Items(_) | Content::Space)
            && self.ink > Length::ZERO
            && self.ink < self.height
    }
}

/// What a piece draws.
#[derive(Clone, Debug, Default)]
pub(super) enum Content {
    /// Items from the piece's top left corner, at the left edge of the type area.
    Items(usize),
    /// Items from the top of the paper, at the left edge of the type area.
    Fixed(usize),
    /// A row of a table.
    Row {
        /// Which of the story's tables.
        table: usize,
        /// Which of its rows.
        row: usize,
    },
    /// Nothing: only its height counts.
    #[default]
    Space,
}

/// A piece on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Which piece.
    pub piece: usize,
    /// From the top of the type area.
    pub top: Length,
}

/// The pieces of a page, and its orientation.
#[derive(Clone, Debug, Default)]
pub(super) struct FlowedPage {
    pub placed: Vec<Placed>,
    pub orientation: Orientation,
}

/// The pieces of every page; `height` is that of the type area of a page by its orientation.
pub(super) fn flow(pieces: &[Piece], height: impl Fn(Orientation) -> Length) -> Vec<FlowedPage> {
    let mut flow = Flow {
        pieces,
        height: height(Orientation::Portrait),
        pages: vec![FlowedPage::default()],
        bottom: Length::ZERO,
        after: Length::ZERO,
    };
    let mut start = 0;
    while start < pieces.len() {
        let chain = chain(pieces, start);
        start = chain.end;
        let orientation = pieces[chain.start].orientation;
        if orientation != flow.page().orientation {
            flow.begin_pages(orientation);
            flow.height = height(orientation);
        }
        flow.chain(chain);
    }
    flow.pages
}

/// The chain from `start`: the pieces that stay on one page.
fn chain(pieces: &[Piece], start: usize) -> Range<usize> {
    let kept = pieces[start..]
        .windows(2)
        .take_while(|pair| pair[0].keep && !pair[1].breaks && pair[0].orientation == pair[1].orientation)
        .count();
    start..start + kept + 1
}

struct Flow<'a> {
    pieces: &'a [Piece],
    height: Length,
    pages: Vec<FlowedPage>,
    bottom: Length,
    after: Length,
}

impl Flow<'_> {
    fn chain(&mut self, chain: Range<usize>) {
        if self.pieces[chain.start].breaks && !self.is_top() {
            self.new_page();
        }
        if !self.is_top() && !self.fits(chain.clone()) {
            self.new_page();
        }
        if self.pieces[chain.start].foot {
            self.move_to_foot(chain.clone());
        }
        for piece in chain {
            if !self.is_top() && !self.fits(piece..piece + 1) {
                self.new_page();
            }
            self.place(piece);
        }
    }

    fn page(&mut self) -> &mut FlowedPage {
        self.pages.last_mut().expect("there is a page from the start")
    }

    /// Begins pages of this orientation: with the current page if it is empty, otherwise with a new one.
    fn begin_pages(&mut self, orientation: Orientation) {
        if !self.is_top() {
            self.new_page();
        }
        self.page().orientation = orientation;
    }

    fn is_top(&self) -> bool {
        self.pages.last().is_none_or(|page| page.placed.is_empty())
    }

    fn new_page(&mut self) {
        let orientation = self.page().orientation;
        self.pages.push(FlowedPage { placed: Vec::new(), orientation });
        self.bottom = Length::ZERO;
        self.after = Length::ZERO;
    }

    fn fits(&self, pieces: Range<usize>) -> bool {
        let mut bottom = self.bottom + self.after;
        for index in pieces.clone() {
            let piece = &self.pieces[index];
            bottom += self.above(index) + piece.before + piece.height;
            if index + 1 < pieces.end {
                bottom += self.below(index) + piece.after;
            } else {
                bottom += piece.edge;
            }
        }
        // Rounding to twips: the sum may exceed the page by less than one twip.
        bottom <= self.height + Length::twips(1)
    }

    /// The rule above a row that is the first of its table.
    fn above(&self, index: usize) -> Length {
        let piece = &self.pieces[index];
        if piece.continues { Length::ZERO } else { piece.edge }
    }

    /// The rule below a row that is the last of its table.
    fn below(&self, index: usize) -> Length {
        let next_continues = self.pieces.get(index + 1).is_some_and(|next| next.continues);
        if next_continues { Length::ZERO } else { self.pieces[index].edge }
    }

    /// Moves down so that these pieces end at the foot of the page.
    fn move_to_foot(&mut self, pieces: Range<usize>) {
        let pieces = &self.pieces[pieces];
        let inner: Length = pieces.iter().map(|piece| piece.before + piece.height + piece.after).sum();
        let last = pieces.last().map_or(Length::ZERO, |piece| piece.after);
        self.bottom = (self.height - inner + last).max(self.bottom);
        self.after = Length::ZERO;
    }

    fn place(&mut self, index: usize) {
        let piece = &self.pieces[index];
        let began_by_itself = self.is_top() && self.pages.len() > 1 && !piece.breaks;
        let before = if began_by_itself {
            piece.header + piece.edge
        } else {
            self.after + piece.before + self.above(index)
        };
        let top = self.bottom + before;
        self.bottom = top + piece.height;
        self.after = piece.after + self.below(index);
        self.page().placed.push(Placed { piece: index, top });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(keep: bool) -> Piece {
        Piece { height: Length::pt(10.0), keep, ..Piece::default() }
    }

    fn pages(pieces: &[Piece], height: f64) -> Vec<usize> {
        flow(pieces, |_| Length::pt(height)).iter().map(|page| page.placed.len()).collect()
    }

    #[test]
    fn pages_are_filled() {
        assert_eq!(pages(&vec![line(false); 7], 30.0), [3, 3, 1]);
    }

    #[test]
    fn headings_move_to_the_next_page_with_their_text() {
        let pieces = [line(false), line(false), line(true), line(false)];
        assert_eq!(pages(&pieces, 30.0), [2, 2]);
    }

    #[test]
    fn chains_taller_than_a_page_are_torn() {
        assert_eq!(pages(&vec![line(true); 7], 30.0), [3, 3, 1]);
    }

    #[test]
    fn gaps_vanish_at_the_top_of_a_page() {
        let mut second = line(false);
        second.before = Length::pt(25.0);
        let pages = flow(&[line(false), second], |_| Length::pt(30.0));
        assert_eq!(pages[1].placed[0].top, Length::ZERO);
    }

    #[test]
    fn landscape_pieces_have_pages_of_their_own() {
        let turned = Piece { orientation: Orientation::Landscape, ..line(false) };
        let pieces = [line(true), turned.clone(), turned.clone(), turned, line(false)];
        let height = |orientation| match orientation {
            Orientation::Portrait => Length::pt(30.0),
            Orientation::Landscape => Length::pt(20.0),
        };
        let pages = flow(&pieces, height);
        let found: Vec<_> = pages.iter().map(|page| (page.placed.len(), page.orientation)).collect();
        let (upright, turned) = (Orientation::Portrait, Orientation::Landscape);
        assert_eq!(found, [(1, upright), (2, turned), (1, turned), (1, upright)]);
    }
}

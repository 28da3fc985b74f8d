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
    /// It has no number, whatever the document says.
    pub unnumbered: bool,
}

/// The place of the pieces at the foot.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Foot {
    /// From the end of their characters or rules to the end of the page.
    pub below: Length,
    /// They are on an even page.
    pub even: bool,
    /// The piece that the text begins with, on page 1; pages before it are not counted.
    pub text: usize,
}

/// The pieces of every page; `height` is that of the type area of a page by its orientation.
pub(super) fn flow(pieces: &[Piece], foot: Foot, height: impl Fn(Orientation) -> Length) -> Vec<FlowedPage> {
    let mut flow = Flow {
        pieces,
        foot,
        height: height(Orientation::Portrait),
        pages: vec![FlowedPage::default()],
        front: 0,
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
        .take_while(|pair| {
            let [one, next] = pair else { return false };
            one.keep && !next.breaks && one.orientation == next.orientation && one.foot == next.foot
        })
        .count();
    start..start + kept + 1
}

struct Flow<'a> {
    pieces: &'a [Piece],
    foot: Foot,
    height: Length,
    pages: Vec<FlowedPage>,
    /// How many pages are before that of the text.
    front: usize,
    bottom: Length,
    after: Length,
}

impl Flow<'_> {
    fn chain(&mut self, chain: Range<usize>) {
        if self.pieces[chain.start].breaks && !self.is_top() {
            self.new_page();
        }
        if chain.start == self.foot.text {
            self.begin_text();
        }
        let foot = self.pieces[chain.start].foot;
        let below = if foot { self.below_foot(chain.clone()) } else { Length::ZERO };
        if !self.is_top() && !self.fits(chain.clone(), below) {
            self.new_page();
        }
        if foot {
            self.turn_to_even();
            self.move_to_foot(chain.clone(), below);
        }
        for piece in chain {
            if !self.is_top() && !self.fits(piece..piece + 1, Length::ZERO) {
                self.new_page();
            }
            self.place(piece);
        }
    }

    /// The pages so far are before the text, and have no number.
    fn begin_text(&mut self) {
        self.front = self.pages.len() - 1;
        self.pages[..self.front].iter_mut().for_each(|page| page.unnumbered = true);
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
        self.pages.push(FlowedPage { orientation, ..FlowedPage::default() });
        self.bottom = Length::ZERO;
        self.after = Length::ZERO;
    }

    /// Whether the pieces fit on the page, with this much left below them.
    fn fits(&self, pieces: Range<usize>, below: Length) -> bool {
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
        bottom + below <= self.height + Length::twips(1)
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

    /// From the end of pieces at the foot, with the leading of the last one, to the end of the page.
    fn below_foot(&self, pieces: Range<usize>) -> Length {
        let last = &self.pieces[pieces.end - 1];
        (self.foot.below - (last.height - last.ink) / 2).max(Length::ZERO)
    }

    /// Begins an even page, if what is at the foot has to be on one. Where the text ended on an even page that has no
    /// room left, that leaves a page blank, and neither has a number: GB/T 9704—2012, 7.5.
    fn turn_to_even(&mut self) {
        let number = self.pages.len() - self.front;
        if !self.foot.even || number.is_multiple_of(2) || (self.is_top() && number == 1) {
            return;
        }
        let blank = self.is_top();
        self.page().unnumbered = blank;
        self.new_page();
        self.page().unnumbered = blank;
    }

    /// Moves down so that these pieces end at the foot of the page, with this much below them.
    fn move_to_foot(&mut self, pieces: Range<usize>, below: Length) {
        let pieces = &self.pieces[pieces];
        let inner: Length = pieces.iter().map(|piece| piece.before + piece.height + piece.after).sum();
        let last = pieces.last().map_or(Length::ZERO, |piece| piece.after);
        self.bottom = (self.height - below - inner + last).max(self.bottom);
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
        flow(pieces, Foot::default(), |_| Length::pt(height)).iter().map(|page| page.placed.len()).collect()
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
        let pages = flow(&[line(false), second], Foot::default(), |_| Length::pt(30.0));
        assert_eq!(pages[1].placed[0].top, Length::ZERO);
    }

    #[test]
    fn foot_ends_above_the_leading() {
        let foot = |ink: f64| Piece { foot: true, ink: Length::pt(ink), ..line(true) };
        let top = |ink: f64, below: f64| {
            let foot_place = Foot { below: Length::pt(below), ..Foot::default() };
            flow(&[line(false), foot(ink)], foot_place, |_| Length::pt(30.0))[0].placed[1].top.to_pt()
        };
        // A rule, and a line whose leading is not counted.
        assert_eq!([top(10.0, 0.0), top(10.0, 3.0), top(6.0, 3.0)], [20.0, 17.0, 19.0]);
    }

    #[test]
    fn foot_is_on_an_even_page() {
        let found = |lines: usize, even: bool| {
            let foot = Piece { foot: true, ink: Length::pt(10.0), ..line(true) };
            let pieces: Vec<Piece> = vec![line(false); lines].into_iter().chain([foot]).collect();
            let pages = flow(&pieces, Foot { even, ..Foot::default() }, |_| Length::pt(30.0));
            let numbers = pages.iter().map(|page| !page.unnumbered).collect::<Vec<_>>();
            (pages.iter().map(|page| page.placed.len()).collect::<Vec<_>>(), numbers)
        };
        assert_eq!(found(2, false), (vec![3], vec![true]));
        assert_eq!(found(2, true), (vec![2, 1], vec![true; 2]));
        assert_eq!(found(3, true), (vec![3, 1], vec![true; 2]));
        assert_eq!(found(4, true), (vec![3, 2], vec![true; 2]));
        assert_eq!(found(6, true), (vec![3, 3, 0, 1], vec![true, true, false, false]));
    }

    #[test]
    fn pages_before_the_text_are_not_counted() {
        let found = |front: usize| {
            let mut pieces: Vec<Piece> = vec![line(false); front + 2];
            pieces[front].breaks = true;
            pieces.push(Piece { foot: true, ink: Length::pt(10.0), ..line(true) });
            let foot = Foot { even: true, text: front, ..Foot::default() };
            let pages = flow(&pieces, foot, |_| Length::pt(30.0));
            pages.iter().map(|page| (page.placed.len(), page.unnumbered)).collect::<Vec<_>>()
        };
        assert_eq!(found(1), [(1, true), (2, false), (1, false)]);
        assert_eq!(found(4), [(3, true), (1, true), (2, false), (1, false)]);
    }

    #[test]
    fn landscape_pieces_have_pages_of_their_own() {
        let turned = Piece { orientation: Orientation::Landscape, ..line(false) };
        let pieces = [line(true), turned.clone(), turned.clone(), turned, line(false)];
        let height = |orientation| match orientation {
            Orientation::Portrait => Length::pt(30.0),
            Orientation::Landscape => Length::pt(20.0),
        };
        let pages = flow(&pieces, Foot::default(), height);
        let found: Vec<_> = pages.iter().map(|page| (page.placed.len(), page.orientation)).collect();
        let (upright, turned) = (Orientation::Portrait, Orientation::Landscape);
        assert_eq!(found, [(1, upright), (2, turned), (1, turned), (1, upright)]);
    }
}

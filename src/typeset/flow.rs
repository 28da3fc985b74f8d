//! The flow of pieces over pages: one pass, each page as full as possible, with chains kept together.
//!
//! Footnotes take their room from below: a piece fits if its footnotes fit with it, of the last one its first lines. What
//! is left of a footnote comes first on the next page; a page on which nothing else has room holds footnotes alone.

use std::ops::Range;

use super::notes::NoteHeights;
use crate::document::SEPARATOR;
use crate::geom::Length;
use crate::style::Orientation;

/// A piece, which is never split: a line, a row, an image.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    /// From its top to its bottom.
    pub height: Length,
    /// The part of its height without leading: that of the characters or of the rule.
    pub ink: Length,
    /// Gap above; dropped at the top of a page that began without a page break and within its section.
    pub before: Length,
    /// Gap below.
    pub after: Length,
    /// Stays on the page of the next piece.
    pub keep: bool,
    /// Begins a page.
    pub breaks: bool,
    /// The text begins with it, on page 1: 封面 and 目录 are before it.
    pub begins_text: bool,
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
    /// The footnotes whose marks it has.
    pub notes: Vec<usize>,
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
    /// Lines of footnotes, from the top: of which footnote, and which lines.
    pub notes: Vec<(usize, Range<usize>)>,
    pub orientation: Orientation,
    /// Its number, counted from the page of the text. Pages before that have none, nor have the two around a blank page.
    pub number: Option<usize>,
}

/// The place of the pieces at the foot.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Foot {
    /// From the end of their characters or rules to the end of the page.
    pub below: Length,
    /// They are on an even page.
    pub even: bool,
}

/// The pieces of every page; `height` is that of the type area of a page by its orientation.
pub(super) fn flow(
    pieces: &[Piece],
    notes: &NoteHeights,
    foot: Foot,
    height: impl Fn(Orientation) -> Length,
) -> Vec<FlowedPage> {
    let mut flow = Flow {
        pieces,
        notes,
        waiting: Vec::new(),
        carried: Vec::new(),
        foot,
        height: height(Orientation::Portrait),
        pages: vec![FlowedPage { number: Some(1), ..FlowedPage::default() }],
        front: 0,
        bottom: Length::ZERO,
        after: Length::ZERO,
        begins_section: false,
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
    flow.end_notes();
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
    notes: &'a NoteHeights,
    /// The footnotes of the pieces on the page that are not put there yet.
    waiting: Vec<usize>,
    /// What had no room on the page: footnotes, each with its first line that is left.
    carried: Vec<(usize, usize)>,
    foot: Foot,
    height: Length,
    pages: Vec<FlowedPage>,
    /// How many pages are before that of the text.
    front: usize,
    bottom: Length,
    after: Length,
    /// The page is the first of its orientation: word processors begin a section with it, and keep the gap above.
    begins_section: bool,
}

impl Flow<'_> {
    fn chain(&mut self, chain: Range<usize>) {
        if self.pieces[chain.start].breaks && !self.is_top() {
            self.new_page(chain.clone());
        }
        if self.pieces[chain.start].begins_text {
            self.begin_text();
        }
        let foot = self.pieces[chain.start].foot;
        let below = if foot { self.below_foot(chain.clone()) } else { Length::ZERO };
        if !self.is_top() && !self.fits(chain.clone(), below) {
            self.new_page(chain.clone());
        }
        if foot {
            self.turn_to_even(chain.clone());
            self.move_to_foot(chain.clone(), below);
        }
        for piece in chain.clone() {
            // What is at the foot has its room below the footnotes already.
            let is_placed = foot && self.bottom_of_foot(piece) <= self.height + Length::twips(1);
            // Where a chain is taller than a page, its end is not alone: a table's note stays with a row.
            let unit = if piece + 2 == chain.end { piece..piece + 2 } else { piece..piece + 1 };
            if !is_placed && !self.is_top() && !self.fits(unit.clone(), Length::ZERO) {
                self.new_page(unit);
            }
            self.place(piece);
        }
        self.put_notes();
    }

    /// Where a piece at the foot would end on the page.
    fn bottom_of_foot(&self, index: usize) -> Length {
        let piece = &self.pieces[index];
        self.bottom + self.after + piece.before + piece.height
    }

    /// The pages so far are before the text.
    fn begin_text(&mut self) {
        self.front = self.pages.len() - 1;
        self.pages[..self.front].iter_mut().for_each(|page| page.number = None);
        self.page().number = Some(1);
    }

    fn page(&mut self) -> &mut FlowedPage {
        self.pages.last_mut().expect("there is a page from the start")
    }

    /// Begins pages of this orientation: with the current page if it is empty, otherwise with a new one.
    fn begin_pages(&mut self, orientation: Orientation) {
        self.end_notes();
        if !self.is_top() || !self.page().notes.is_empty() {
            self.push_page();
        }
        self.begins_section = true;
        self.page().orientation = orientation;
    }

    fn is_top(&self) -> bool {
        self.pages.last().is_none_or(|page| page.placed.is_empty())
    }

    /// Begins a page for these pieces.
    fn new_page(&mut self, next: Range<usize>) {
        self.put_notes();
        self.push_page();
        self.go_on_with_notes(next);
    }

    fn push_page(&mut self) {
        let orientation = self.page().orientation;
        let number = Some(self.pages.len() + 1 - self.front);
        self.pages.push(FlowedPage { orientation, number, ..FlowedPage::default() });
        self.bottom = Length::ZERO;
        self.after = Length::ZERO;
        self.begins_section = false;
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
        let room = self.height + Length::twips(1) - bottom - below;
        self.with_notes(pieces).is_some_and(|notes| notes <= room)
    }

    /// The height of the footnotes of the page if these pieces are on it; none if footnotes of theirs cannot begin there.
    fn with_notes(&self, pieces: Range<usize>) -> Option<Length> {
        if self.notes.lines.is_empty() {
            return Some(Length::ZERO);
        }
        let new = pieces.flat_map(|index| &self.pieces[index].notes);
        let new: Vec<usize> = self.waiting.iter().chain(new).copied().collect();
        let here = self.notes_height();
        let Some((last, others)) = new.split_last() else { return Some(here) };
        if !self.carried.is_empty() {
            return None;
        }
        let lines: usize = others.iter().map(|note| self.notes.lines[*note]).sum();
        let separator = if here > Length::ZERO { here } else { SEPARATOR };
        Some(separator + self.notes.height(lines + self.notes.least(*last)))
    }

    /// The height of the footnotes that are on the page.
    fn notes_height(&self) -> Length {
        let notes = self.pages.last().map_or(&[][..], |page| &page.notes);
        if notes.is_empty() {
            return Length::ZERO;
        }
        SEPARATOR + self.notes.height(notes.iter().map(|(_, lines)| lines.len()).sum())
    }

    /// The room below the last piece of the page and the footnotes that are there.
    fn rest(&self) -> Length {
        let last = self.pages.last().and_then(|page| page.placed.last());
        let edge = last.map_or(Length::ZERO, |placed| self.pieces[placed.piece].edge);
        self.height + Length::twips(1) - self.bottom - edge - self.notes_height()
    }

    /// Puts the footnotes that wait on the page as far as there is room for them.
    fn put_notes(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let (waiting, room) = (std::mem::take(&mut self.waiting), self.rest());
        self.carried.extend(waiting.into_iter().map(|note| (note, 0)));
        self.put_carried(room);
    }

    /// Puts what is left of footnotes on the page as far as there is room, and says how many lines these are.
    fn put_carried(&mut self, room: Length) -> usize {
        let separator = if self.page().notes.is_empty() { SEPARATOR } else { Length::ZERO };
        let lines = (room - separator).max(Length::ZERO) / self.notes.pitch.max(Length::emu(1));
        let mut room = lines.floor() as usize;
        let mut put = 0;
        while let Some((note, first)) = self.carried.first().copied() {
            let end = self.notes.lines[note];
            let part = self.notes.part(end - first, room);
            if part > 0 {
                self.page().notes.push((note, first..first + part));
            }
            (put, room) = (put + part, room - part);
            if first + part < end {
                self.carried[0].1 = first + part;
                break;
            }
            self.carried.remove(0);
        }
        put
    }

    /// Puts what is left of footnotes on the new page, above which these pieces are to be; on pages of their own where
    /// there is no room beside the first of them, or where a footnote of theirs could not begin.
    fn go_on_with_notes(&mut self, next: Range<usize>) {
        while !self.carried.is_empty() {
            let lines: usize = self.carried.iter().map(|(note, first)| self.notes.lines[*note] - first).sum();
            let all = SEPARATOR + self.notes.height(lines);
            let fits = |flow: &Flow, pieces: Range<usize>| {
                flow.at_top(pieces) + all <= flow.height + Length::twips(1)
            };
            if fits(self, next.clone()) || fits(self, next.start..next.start + 1) {
                self.put_carried(self.height);
                return;
            }
            let room = self.height + Length::twips(1) - self.at_top(next.start..next.start + 1);
            let has_notes = !self.pieces[next.start].notes.is_empty();
            if !has_notes && self.put_carried(room) > 0 {
                return;
            }
            self.put_alone();
            self.push_page();
        }
    }

    /// The height that pieces need at the top of a page, with their footnotes as far as these must be there.
    fn at_top(&self, pieces: Range<usize>) -> Length {
        let mut height = self.pieces[pieces.start].header;
        let mut notes = Vec::new();
        for (at, index) in pieces.clone().enumerate() {
            let piece = &self.pieces[index];
            height += if at == 0 && !piece.breaks { piece.edge } else { piece.before + self.above(index) };
            height += piece.height
                + if index + 1 < pieces.end { piece.after + self.below(index) } else { piece.edge };
            notes.extend_from_slice(&piece.notes);
        }
        if self.pieces[pieces.start].foot {
            height += self.below_foot(pieces);
        }
        let Some((last, others)) = notes.split_last() else { return height };
        let lines: usize = others.iter().map(|note| self.notes.lines[*note]).sum();
        height + self.notes.height(lines + self.notes.least(*last))
    }

    /// Fills a page with footnotes alone: with one line at least, whatever its height.
    fn put_alone(&mut self) {
        if self.put_carried(self.height + Length::twips(1)) == 0
            && let Some((note, first)) = self.carried.first_mut()
        {
            let line = (*note, *first..*first + 1);
            *first += 1;
            self.page().notes.push(line);
        }
    }

    /// Puts all that is left of footnotes on pages of their own.
    fn end_notes(&mut self) {
        self.put_notes();
        while !self.carried.is_empty() {
            self.push_page();
            self.put_alone();
        }
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
    fn turn_to_even(&mut self, next: Range<usize>) {
        let number = self.pages.len() - self.front;
        if !self.foot.even || number.is_multiple_of(2) || (self.is_top() && number == 1) {
            return;
        }
        let blank = self.is_top() && self.page().notes.is_empty();
        if blank {
            self.page().number = None;
        }
        self.new_page(next);
        if blank {
            self.page().number = None;
        }
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
        let began_by_itself = self.is_top() && self.pages.len() > 1 && !piece.breaks && !self.begins_section;
        let before = if began_by_itself {
            piece.header + piece.edge
        } else {
            self.after + piece.before + self.above(index)
        };
        let top = self.bottom + before;
        self.bottom = top + piece.height;
        self.after = piece.after + self.below(index);
        self.waiting.extend_from_slice(&piece.notes);
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
        flow(pieces, &NoteHeights::default(), Foot::default(), |_| Length::pt(height))
            .iter()
            .map(|page| page.placed.len())
            .collect()
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
        // Its end is not alone on the last page.
        assert_eq!(pages(&vec![line(true); 7], 30.0), [3, 2, 2]);
    }

    #[test]
    fn gaps_vanish_at_the_top_of_a_page() {
        let mut second = line(false);
        second.before = Length::pt(25.0);
        let pages =
            flow(&[line(false), second], &NoteHeights::default(), Foot::default(), |_| Length::pt(30.0));
        assert_eq!(pages[1].placed[0].top, Length::ZERO);
    }

    #[test]
    fn foot_ends_above_the_leading() {
        let foot = |ink: f64| Piece { foot: true, ink: Length::pt(ink), ..line(true) };
        let top = |ink: f64, below: f64| {
            let foot_place = Foot { below: Length::pt(below), ..Foot::default() };
            flow(&[line(false), foot(ink)], &NoteHeights::default(), foot_place, |_| Length::pt(30.0))[0]
                .placed[1]
                .top
                .to_pt()
        };
        // A rule, and a line whose leading is not counted.
        assert_eq!([top(10.0, 0.0), top(10.0, 3.0), top(6.0, 3.0)], [20.0, 17.0, 19.0]);
    }

    #[test]
    fn foot_is_on_an_even_page() {
        let found = |lines: usize, even: bool| {
            let foot = Piece { foot: true, ink: Length::pt(10.0), ..line(true) };
            let pieces: Vec<Piece> = vec![line(false); lines].into_iter().chain([foot]).collect();
            let pages = flow(&pieces, &NoteHeights::default(), Foot { even, ..Foot::default() }, |_| {
                Length::pt(30.0)
            });
            let numbers = pages.iter().map(|page| page.number.is_some()).collect::<Vec<_>>();
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
            pieces[front].begins_text = true;
            let foot = Foot { even: true, ..Foot::default() };
            let pages = flow(&pieces, &NoteHeights::default(), foot, |_| Length::pt(30.0));
            pages.iter().map(|page| (page.placed.len(), page.number)).collect::<Vec<_>>()
        };
        assert_eq!(found(1), [(1, None), (2, Some(1)), (1, Some(2))]);
        assert_eq!(found(4), [(3, None), (1, None), (2, Some(1)), (1, Some(2))]);
    }

    #[test]
    fn landscape_pieces_have_pages_of_their_own() {
        let turned = Piece { orientation: Orientation::Landscape, ..line(false) };
        let pieces = [line(true), turned.clone(), turned.clone(), turned, line(false)];
        let height = |orientation| match orientation {
            Orientation::Portrait => Length::pt(30.0),
            Orientation::Landscape => Length::pt(20.0),
        };
        let pages = flow(&pieces, &NoteHeights::default(), Foot::default(), height);
        let found: Vec<_> = pages.iter().map(|page| (page.placed.len(), page.orientation)).collect();
        let (upright, turned) = (Orientation::Portrait, Orientation::Landscape);
        assert_eq!(found, [(1, upright), (2, turned), (1, turned), (1, upright)]);
    }

    /// The pages of lines of 10 pt on pages of this height, with footnotes of lines of 2 pt and a separator as if of 6 pt: on
    /// each how many lines of text there are, and how many of each footnote.
    fn noted(pieces: &[Piece], lines: &[usize], height: f64) -> Vec<(usize, Vec<(usize, usize)>)> {
        let (pitch, height) = (Length::pt(2.0), height - 6.0 + SEPARATOR.to_pt());
        let notes = NoteHeights { lines: lines.to_vec(), pitch, widow_control: true };
        let pages = flow(pieces, &notes, Foot::default(), |_| Length::pt(height));
        for page in &pages {
            let bottom = page.placed.last().map_or(Length::ZERO, |last| last.top + pieces[last.piece].height);
            let put: usize = page.notes.iter().map(|(_, lines)| lines.len()).sum();
            let below = if put == 0 { Length::ZERO } else { SEPARATOR + notes.height(put) };
            assert!(bottom + below <= Length::pt(height) + Length::twips(1), "{page:?}");
        }
        let found = |page: &FlowedPage| page.notes.iter().map(|(note, lines)| (*note, lines.len())).collect();
        pages.iter().map(|page| (page.placed.len(), found(page))).collect()
    }

    fn marked(notes: &[usize]) -> Piece {
        Piece { notes: notes.to_vec(), ..line(false) }
    }

    #[test]
    fn footnotes_are_on_the_page_of_their_marks() {
        let pieces = [line(false), marked(&[0]), line(false), line(false)];
        // Three lines and the footnote have no room on 36 pt, but on 38 pt.
        assert_eq!(noted(&pieces, &[1], 36.0), [(2, vec![(0, 1)]), (2, vec![])]);
        assert_eq!(noted(&pieces, &[1], 38.0), [(3, vec![(0, 1)]), (1, vec![])]);
        // A line whose footnote has no room begins the next page.
        let pieces = [line(false), line(false), marked(&[0])];
        assert_eq!(noted(&pieces, &[1], 36.0), [(2, vec![]), (1, vec![(0, 1)])]);
    }

    #[test]
    fn a_footnote_without_room_goes_on_on_the_next_page() {
        let pieces = [marked(&[0]), line(false), line(false)];
        // 20 pt hold seven lines of it, but none is alone.
        assert_eq!(noted(&pieces, &[9], 30.0), [(1, vec![(0, 7)]), (2, vec![(0, 2)])]);
        assert_eq!(noted(&pieces, &[8], 30.0), [(1, vec![(0, 6)]), (2, vec![(0, 2)])]);
        // A page may hold nothing else; the last ones too.
        assert_eq!(
            noted(&[marked(&[0])], &[25], 30.0),
            [(1, vec![(0, 7)]), (0, vec![(0, 12)]), (0, vec![(0, 6)])]
        );
        let tall = Piece { height: Length::pt(30.0), ..line(false) };
        let pieces = [marked(&[0]), tall.clone(), tall];
        let expected = [(1, vec![(0, 7)]), (0, vec![(0, 2)]), (1, vec![]), (1, vec![])];
        assert_eq!(noted(&pieces, &[9], 30.0), expected);
    }

    #[test]
    fn no_footnote_begins_before_the_one_above_has_ended() {
        let pieces = [marked(&[0]), marked(&[1]), line(false)];
        let expected = [(1, vec![(0, 7)]), (1, vec![(0, 5), (1, 1)]), (1, vec![])];
        assert_eq!(noted(&pieces, &[12, 1], 30.0), expected);
    }

    #[test]
    fn every_flow_of_footnotes_ends() {
        // Any lines, chains and footnotes on pages that are hardly high enough for any.
        let mut random = 1_u32;
        let mut next = |below: u32| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 16) % below
        };
        for height in [0.0, 1.0, 7.0, 11.0, 19.0, 26.0, 40.0] {
            for _ in 0..50 {
                let (mut pieces, mut lines) = (Vec::new(), Vec::new());
                for _ in 0..12 {
                    let from = lines.len();
                    (0..next(3)).for_each(|_| lines.push(1 + next(30) as usize));
                    let notes = (from..lines.len()).collect();
                    let height = Length::pt(f64::from(1 + next(20)));
                    let breaks = next(9) == 0;
                    pieces.push(Piece { notes, height, breaks, ..line(next(3) == 0) });
                }
                let notes = NoteHeights { lines, pitch: Length::pt(2.0), widow_control: next(2) == 0 };
                let pages = flow(&pieces, &notes, Foot::default(), |_| Length::pt(height));
                let mut put = vec![0; notes.lines.len()];
                for (note, lines) in pages.iter().flat_map(|page| &page.notes) {
                    assert_eq!(lines.start, put[*note], "each line once and in order");
                    put[*note] = lines.end;
                }
                assert_eq!(put, notes.lines);
                assert_eq!(pages.iter().map(|page| page.placed.len()).sum::<usize>(), pieces.len());
            }
        }
    }
}

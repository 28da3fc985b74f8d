//! Footnotes at the foot of the page: their lines are measured for the page of their mark, and flow with it.
//!
//! A line or row of the text takes the heights of the footnotes whose marks it has with it. A footnote that has no room
//! goes on on the next page, by lines.

use super::collect::Collector;
use super::table::TableLayout;
use super::{Draw, baseline};
use crate::arrange::Arranged;
use crate::document::{Role, SEPARATOR, mark};
use crate::geom::{Length, Point, Rect};
use crate::pages::{Item, Owner, Rule};
use crate::style::{Colour, Shift};
use crate::text::line::{Atom, Measure, Span, TextStyle, atoms, fill, set};

/// The rule is this part of the width of the type area.
const RULE_PART: i64 = 4;
/// Its thickness.
const RULE: Length = Length::twips(10);

/// The heights of footnotes, by their indices.
#[derive(Clone, Debug, Default)]
pub(super) struct NoteHeights {
    /// How many lines each has; none if its mark has not been drawn.
    pub lines: Vec<usize>,
    /// From line to line.
    pub pitch: Length,
    /// Whether two lines at least are on either page of a footnote that is divided.
    pub widow_control: bool,
}

impl NoteHeights {
    /// The height of so many lines.
    pub fn height(&self, lines: usize) -> Length {
        self.pitch * lines as i64
    }

    /// How many of its lines at least are on the page of its mark.
    pub fn least(&self, note: usize) -> usize {
        match self.lines[note] {
            lines if !self.widow_control => lines.min(1),
            lines if lines < 4 => lines,
            _ => 2,
        }
    }

    /// How many of so many lines that are left are put where there is room for `room`.
    pub fn part(&self, left: usize, room: usize) -> usize {
        if room >= left {
            return left;
        }
        // No line is alone on either page.
        let part = if self.widow_control && left - room == 1 { room.saturating_sub(1) } else { room };
        if self.widow_control && part == 1 { 0 } else { part }
    }
}

/// The footnotes of a story.
#[derive(Debug, Default)]
pub(super) struct StoryNotes {
    pub heights: NoteHeights,
    /// What the lines of each draw, from their top left corners.
    pub items: Vec<Vec<Vec<Item>>>,
}

impl StoryNotes {
    /// Those of a document, not measured yet.
    pub fn of(document: &Arranged) -> StoryNotes {
        let count = document.notes.len();
        let heights = NoteHeights {
            lines: vec![0; count],
            pitch: document.styles.get(Role::Footnote).line_pitch,
            widow_control: document.text.widow_control,
        };
        StoryNotes { heights, items: vec![Vec::new(); count] }
    }

    /// Moves the lines apart, if they are as far apart as those of the text.
    pub fn at_pitch(&mut self, old: Length, pitch: Length) {
        if self.heights.pitch != old {
            return;
        }
        self.heights.pitch = pitch;
        let by = Point::new(Length::ZERO, (pitch - old) / 2);
        self.items.iter_mut().flatten().flatten().for_each(|item| item.shift(by));
    }
}

impl Collector<'_> {
    /// The footnotes whose marks are among these atoms; their lines are measured for the current page.
    pub fn notes_in(&mut self, atoms: &[Atom]) -> Vec<usize> {
        if self.document.notes.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<usize> = Vec::new();
        for atom in atoms {
            let Owner::Node(node) = atom.owner() else { continue };
            if let Some(note) = self.document.notes.marked(node).filter(|note| found.last() != Some(note)) {
                found.push(note);
            }
        }
        found.iter().for_each(|note| self.measure_note(*note));
        found
    }

    /// The same of a row of a table.
    pub fn notes_in_row(&mut self, table: &TableLayout, row: usize) -> Vec<usize> {
        table.lines_of(row).flat_map(|atoms| self.notes_in(atoms)).collect()
    }

    fn measure_note(&mut self, index: usize) {
        let (note, style) = (self.document.notes.get(index), self.document.styles.get(Role::Footnote));
        let owner = Owner::Node(note.id);
        let (number, text) = (mark(index), format!(" {}", note.text));
        let number = Span { shift: Shift::Raised, ..Span::plain(owner, style.face, &number) };
        let spans = [number, Span::plain(owner, style.face, &text)];
        let text_style = TextStyle::of(style);
        let atoms = atoms(self.fonts, &spans, &text_style, &self.document.text);
        let measure = Measure::of(style, self.page.type_width());
        let lines = fill(&atoms, &measure, style.align, &self.document.text);
        let origin = Point::new(Length::ZERO, baseline(style.line_pitch, style.size));
        self.story.notes.heights.lines[index] = lines.len();
        self.story.notes.items[index] = lines
            .iter()
            .filter(|_| self.draw == Draw::Pages)
            .map(|line| {
                let mut items = Vec::new();
                set(&atoms, line, style.align, &text_style, origin, &mut items);
                items
            })
            .collect();
    }
}

/// The rule between the text and the footnotes of a page, whose separator begins at `top`.
pub(super) fn rule(top: Point, type_width: Length) -> Item {
    let y = top.y + (SEPARATOR - RULE) / 2;
    Item::Rule(Rule { rect: Rect::new(top.x, y, type_width / RULE_PART, RULE), colour: Colour::BLACK })
}

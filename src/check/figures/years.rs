//! The figures of a report and of the last one, for identities between years.

use crate::diagnostic::RelatedCell;
use crate::figures::{Figure, Figures, Key};

/// The number of a figure, of this report or of the last one. Own figures come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cell {
    /// Whether it is of the last report.
    pub previous: bool,
    /// Its number among the figures of its report.
    pub number: usize,
}

/// The figures of both reports.
#[derive(Clone, Copy, Debug)]
pub(super) struct Years<'a> {
    pub own: &'a Figures,
    pub previous: Option<&'a Figures>,
}

impl<'a> Years<'a> {
    /// A figure.
    ///
    /// # Panics
    /// If there is none of this number, or no last report.
    pub fn get(&self, cell: Cell) -> Figure<'a> {
        match cell.previous {
            false => self.own.get(cell.number),
            true => self.previous.expect("only found where there is a last report").get(cell.number),
        }
    }

    /// The number of a figure, if its report has it.
    pub fn find(&self, previous: bool, key: Key) -> Option<Cell> {
        let figures = if previous { self.previous? } else { self.own };
        figures.find(key).map(|number| Cell { previous, number })
    }

    /// A figure as a related cell of a finding.
    pub fn related(&self, cell: Cell, suspect: bool) -> RelatedCell {
        RelatedCell { suspect, previous: cell.previous, ..self.get(cell).related() }
    }
}

//! Where everything of an imported report stands in its file.

use serde::Serialize;

use crate::diagnostic::Place;

/// Where the figures and paragraphs of a report stand in the file that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Places {
    /// The file.
    pub source: SourceFile,
    /// Every figure of the layout's tables, in the order of the layout.
    pub figures: Vec<FigurePlace>,
    /// Every paragraph, heading, table and picture of the prose.
    pub paragraphs: Vec<TextPlace>,
    /// What the report has no place for.
    pub unplaced: Vec<Unplaced>,
}

/// A file that a report was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SourceFile {
    /// Its format, as it was found by its content: `docx`, `html`, `text`, `xlsx`, `pdf`.
    pub kind: String,
}

/// Where a figure stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigurePlace {
    /// Its JSON pointer in the report.
    pub pointer: String,
    /// As it stands in the file; none where the file has no cell for it.
    pub text: Option<String>,
    /// Its place in the file.
    pub place: Option<Place>,
    /// How its cell was found.
    pub how: How,
    /// What is known of it.
    pub state: State,
}

/// How the cell of a figure was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// By the labels of its row and its column.
    Label,
    /// By the label of its row, and the order of the cells in it.
    Order,
    /// By a rule of the form.
    Rule,
    /// The file carries the report.
    Embedded,
}

/// What is known of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was read, and identities over it hold.
    Confirmed,
    /// It was read.
    Read,
    /// It was not understood, or an identity over it does not hold.
    Doubtful,
    /// The file has no figure there.
    Missing,
}

/// Where a block of prose stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextPlace {
    /// Its JSON pointer in the report.
    pub pointer: String,
    /// Its place in the file.
    pub place: Place,
}

/// What found no place in the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unplaced {
    /// Its text, or what it is.
    pub text: String,
    /// Its place in the file.
    pub place: Place,
}

impl Places {
    /// The place of a value by its JSON pointer: its own, or that of the block that it is in.
    pub fn find(&self, pointer: &str) -> Option<&Place> {
        if let Some(figure) = self.figures.iter().find(|figure| figure.pointer == pointer) {
            return figure.place.as_ref();
        }
        let holds = |text: &&TextPlace| {
            pointer.strip_prefix(&text.pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.paragraphs.iter().filter(holds).max_by_key(|text| text.pointer.len()).map(|text| &text.place)
    }

    /// How many figures are in a state.
    pub fn count(&self, state: State) -> usize {
        self.figures.iter().filter(|figure| figure.state == state).count()
    }
}

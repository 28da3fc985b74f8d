//! Prose, checked against the tables and for contradictions: figures, lists, percentages, statements.
//!
//! A wrong warning costs more than a missing one: uncertain cases are ignored.

mod mentions;
mod rates;
mod scan;
mod statements;
mod sums;
mod time;

use crate::check::figures;
use crate::diagnostic::Diagnostic;
use crate::figures::Figures;
use crate::report::{IssuerKind, Report, Text, TextKind};

use mentions::{Reader, Vocabulary};
use scan::Passage;
use time::Times;

/// Warnings for contradictions between the texts of a report and its tables, and within the texts.
pub fn prose(report: &Report, figures: &Figures, texts: &[Text]) -> Vec<Diagnostic> {
    let layout = figures.layout();
    let figures = figures::as_read(figures);
    let covers_all_units =
        matches!(report.issuer_kind, None | Some(IssuerKind::Government | IssuerKind::Province))
            || report.issuer.iter().any(|issuer| issuer.contains("人民政府"));
    let vocabulary = Vocabulary::of(layout, &figures, report.year, covers_all_units);
    let mut found = Vec::new();
    let mut heading: (&str, Option<&str>) = ("", None);
    for text in texts {
        match text.kind {
            TextKind::Paragraph | TextKind::Item => {}
            TextKind::Heading => {
                heading = (&text.text, text.section());
                continue;
            }
            TextKind::Title | TextKind::Caption | TextKind::Cell | TextKind::Note => continue,
        }
        if heading.1 != text.section() {
            heading = ("", text.section());
        }
        let passage = Passage::of(&text.text, &text.references);
        let times = Times::of(&passage, report.year);
        let mut reader = Reader::new(&vocabulary, text, &passage, &times, heading.0);
        for sentence in &passage.sentences {
            reader.sentence(sentence);
            reader.found.extend(rates::rates(&passage, &times, sentence, &text.pointer));
        }
        found.append(&mut reader.found);
        found.extend(sums::sums(&passage, &times, &text.pointer));
        if is_heading(&text.text) {
            heading = (&text.text, text.section());
        }
    }
    found.extend(statements::statements(report, &figures, texts));
    found
}

/// Whether a paragraph is a heading of its own: （二）依申请公开
fn is_heading(text: &str) -> bool {
    text.chars().count() <= 30
        && !text.contains(['。', '；'])
        && text.starts_with(['（', '(', '一', '二', '三', '四', '五', '六'])
}

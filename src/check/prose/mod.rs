//! Prose, checked against the tables and for contradictions: figures, lists, percentages, statements.
//!
//! A wrong warning costs more than a missing one: what is not understood is passed over, and counted.

mod claims;
mod mentions;
mod rates;
mod scan;
mod statements;
mod sums;
mod time;
mod vocabulary;

use crate::check::figures;
use crate::diagnostic::Diagnostic;
use crate::figures::Figures;
use crate::report::{IssuerKind, Report, Text, TextKind};

use mentions::Reader;
use scan::Passage;
use time::Times;
use vocabulary::Vocabulary;

/// Warnings for contradictions between the texts of a report and its tables, and within the texts; and how many
/// numbers name figures in clauses that were not understood.
pub fn prose(report: &Report, figures: &Figures, texts: &[Text]) -> (Vec<Diagnostic>, usize) {
    let layout = figures.layout();
    let figures = figures::as_read(figures);
    let covers_all_units =
        matches!(report.issuer_kind, None | Some(IssuerKind::Government | IssuerKind::Province))
            || report.issuer.iter().any(|issuer| issuer.contains("人民政府"));
    let vocabulary = Vocabulary::of(layout, &figures, report.year, covers_all_units);
    let (mut found, mut passed_over) = (Vec::new(), 0);
    let mut heading: (&str, Option<&str>) = ("", None);
    for text in texts {
        match text.kind {
            TextKind::Paragraph | TextKind::Item | TextKind::Footnote => {}
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
        passed_over += reader.passed_over;
        found.extend(sums::sums(&passage, &times, &text.pointer));
        if is_heading(&text.text) {
            heading = (&text.text, text.section());
        }
    }
    found.extend(statements::statements(report, &figures, texts));
    (found, passed_over)
}

/// Whether a paragraph is a heading of its own: （二）依申请公开
fn is_heading(text: &str) -> bool {
    text.chars().count() <= 30
        && !text.contains(['。', '；'])
        && text.starts_with(['（', '(', '一', '二', '三', '四', '五', '六'])
}

//! Statements that the prose must have, or must no longer have (`[[statements]]` of the layout).

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, Hint, Message, RelatedCell, child};
use crate::figures::Figures;
use crate::layout::{FigureSum, StatementSpec};
use crate::report::{Report, Sections, Text};

/// Warnings for what is missing and what is out of date.
pub(super) fn statements(report: &Report, figures: &Figures, texts: &[Text]) -> Vec<Diagnostic> {
    figures.layout().statements.iter().flat_map(|statement| look(statement, report, figures, texts)).collect()
}

fn look(statement: &StatementSpec, report: &Report, figures: &Figures, texts: &[Text]) -> Vec<Diagnostic> {
    let cells = match &statement.when {
        Some(sum) => {
            let (total, cells) = total(sum, figures);
            if total <= Decimal::ZERO {
                return Vec::new();
            }
            cells
        }
        None => Vec::new(),
    };
    let own: Vec<&Text> = texts
        .iter()
        .filter(|text| statement.section.as_deref().is_none_or(|section| text.section() == Some(section)))
        .collect();
    // A layout has its words in Chinese; what is asked for can be said in English all the same.
    let finding = |pointer: String, en: String, advice: String| {
        let zh = statement.message.clone();
        let mut diagnostic = Diagnostic::warning(statement.rule.clone(), pointer, Message { zh, en });
        let hint = statement.hint.clone();
        diagnostic.hint = hint.map(|zh| Hint::from(Message { zh, en: advice }));
        diagnostic.related = cells.clone();
        diagnostic
    };
    let mut found = Vec::new();
    for text in &own {
        if let Some(word) = statement.not.iter().find(|word| text.text.contains(word.as_str())) {
            let en = format!("the prose still says \"{word}\"");
            found.push(finding(text.pointer.clone(), en, format!("write the text without \"{word}\"")));
        }
    }
    let is_stated = statement.words.is_empty()
        || own.iter().any(|text| statement.words.iter().any(|word| text.text.contains(word.as_str())));
    // A section without prose is reported elsewhere.
    let is_there = statement.section.as_ref().is_none_or(|section| match &report.sections {
        Sections::Named(sections) => sections.get(section).is_some_and(|prose| !prose.is_empty()),
        Sections::Free(_) => false,
    });
    if !is_stated && is_there {
        let place =
            statement.section.as_ref().map_or_else(String::new, |section| child("/sections", section));
        let words = statement.words.join(", ");
        let advice = format!("state it, with one of: {words}");
        found.push(finding(place, format!("the prose says none of: {words}"), advice));
    }
    found
}

fn total(sum: &FigureSum, figures: &Figures) -> (Decimal, Vec<RelatedCell>) {
    let (mut total, mut cells) = (Decimal::ZERO, Vec::new());
    for term in &sum.terms {
        for (_, figure) in figures.named(term) {
            if let Some(value) = figure.value() {
                total += if term.negative { -value } else { value };
                cells.push(figure.related());
            }
        }
    }
    (total, cells)
}

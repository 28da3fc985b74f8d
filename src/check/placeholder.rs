//! Placeholders: what `new` writes to be written over, found again where nobody did.

use crate::diagnostic::{Diagnostic, child, rule};
use crate::figures::Figures;
use crate::message;
use crate::report::{Report, Text};

/// The issuer where none is given.
pub const ISSUER: &str = "某某市某某局";
/// The title where the layout has none.
pub const TITLE: &str = "关于某某事项的说明";
/// How the texts begin that are to be written over.
pub const HERE: &str = "此处写";

/// A warning for each placeholder that is still there.
pub fn placeholders(report: &Report, texts: &[Text]) -> Vec<Diagnostic> {
    let issuers = report.issuer.iter().enumerate();
    let issuers =
        issuers.filter(|(_, name)| name.trim() == ISSUER).map(|(at, name)| match report.issuer.len() {
            1 => ("/issuer".to_owned(), name.as_str()),
            _ => (child("/issuer", at), name.as_str()),
        });
    let texts = texts.iter().filter(|text| text.text.trim().starts_with(HERE) || text.text.trim() == TITLE);
    let texts = texts.map(|text| (text.pointer.clone(), text.text.as_str()));
    issuers.chain(texts).map(|(pointer, text)| finding(pointer, text)).collect()
}

/// A warning where every figure is still the 0 that `new` writes, in the report and in its workbook alike.
pub fn figures(report: &Report, figures: &Figures) -> Option<Diagnostic> {
    /// Fewer figures may well be 0 all together.
    const MANY: usize = 20;
    let mut typed = figures.iter().filter(|figure| figure.is_present() && !figure.is_computed()).peekable();
    typed.peek()?;
    let mut count = 0;
    for figure in typed {
        if figure.text() != "0" {
            return None;
        }
        count += 1;
    }
    let pointer = if report.figures.is_some() { "/figures" } else { "/tables" };
    let message = message!(
        "统计表里填写的 {count} 个数字全是 0，是不是还没有填？",
        "all {count} figures of the tables are 0; are they still to be filled in?"
    );
    (count >= MANY).then(|| {
        Diagnostic::warning(rule::FIGURE_PLACEHOLDER, pointer, message).hint(message!(
            "填上数字；确实全是 0，就在 silence 里写明理由",
            "fill them in; if all of them are 0 indeed, say so by silence"
        ))
    })
}

fn finding(pointer: String, text: &str) -> Diagnostic {
    let start: String = text.chars().take(16).collect();
    let message = message!("占位文字还没有改：“{start}”", "a placeholder is still there: \"{start}\"");
    Diagnostic::warning(rule::TEXT_PLACEHOLDER, pointer, message)
        .hint(message!("改成自己的内容，或删去这一段", "write your own text, or delete it"))
}

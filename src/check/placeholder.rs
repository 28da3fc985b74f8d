//! Placeholders: what `new` writes to be written over, found again where nobody did.

use crate::diagnostic::{Diagnostic, child, rule};
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

fn finding(pointer: String, text: &str) -> Diagnostic {
    let start: String = text.chars().take(16).collect();
    let message = message!("占位文字还没有改：“{start}”", "a placeholder is still there: \"{start}\"");
    Diagnostic::warning(rule::TEXT_PLACEHOLDER, pointer, message)
        .hint(message!("改成自己的内容，或删去这一段", "write your own text, or delete it"))
}

//! File names: safe on every system, and templates for those of a report.
//!
//! One rule for every command: the values of a template come from the report and its layout. `batch` assigns names
//! in the order of the input before the files are made, so that they do not depend on the order of the work.

use crate::characters::readable;
use crate::diagnostic::{Lang, Message};
use crate::hash::sha256;
use crate::message;
use unicode_normalization::UnicodeNormalization;

/// A file name that every system accepts: no separators, no reserved characters or names, not too long, nothing invisible
/// and nothing that turns the direction of writing.
pub fn safe_file_name(name: &str) -> String {
    const LONGEST: usize = 200;
    let forbidden =
        |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || r#"/\:*?"<>|"#.contains(c);
    let mut safe: String = readable(name).chars().map(|c| if forbidden(c) { '_' } else { c }).collect();
    while safe.len() > LONGEST {
        safe.pop();
    }
    let safe = safe.trim_matches(|c: char| c.is_whitespace() || c == '.').to_owned();
    if safe.is_empty() || is_device(&safe) { format!("_{safe}") } else { safe }
}

/// Whether Windows opens a device in place of a file of this name: what follows the first point counts for nothing, nor do
/// blanks before it, and the superscript digits are digits.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        _ => {
            let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
            let mut number = number.unwrap_or_default().chars();
            let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
            number.next().is_some_and(is_digit) && number.next().is_none()
        }
    }
}

/// A key that two names share if they may be one file: Windows and macOS do not tell case apart, and macOS does not tell
/// apart the canonical forms of a letter with its mark.
pub(crate) fn same_file(name: &str) -> String {
    let folded: String = name.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    folded.nfc().collect()
}

/// The values of a report for a template of file names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// The issuers, with 、 between them.
    pub issuer: String,
    /// The year, if the report has one.
    pub year: String,
    /// The title as it is printed, without line breaks.
    pub title: String,
    /// The name of the report's own file, without its ending.
    pub stem: String,
    /// The position of the report in the input or among the arguments, from 0.
    pub number: u64,
}

/// A template of file names: `{year}/{issuer}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate(String);

/// The error of a template with an unknown placeholder, or an empty part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.get(Lang::En))]
pub struct NameTemplateError(Message);

impl NameTemplateError {
    /// The reason, in both languages.
    pub fn message(&self) -> &Message {
        &self.0
    }
}

impl NameTemplate {
    /// The placeholders of templates. `{prefix}` is two hexadecimal digits derived from the rest of the name,
    /// which makes folders of about the same size.
    pub const MARKS: [&'static str; 6] = ["{issuer}", "{year}", "{title}", "{stem}", "{number}", "{prefix}"];

    /// Reads a template.
    ///
    /// # Errors
    /// If it has an unknown placeholder, or an empty part between two `/`.
    pub fn parse(template: &str) -> Result<NameTemplate, NameTemplateError> {
        let rest = Self::MARKS.iter().fold(template.to_owned(), |rest, mark| rest.replace(mark, ""));
        let parts_named = template.split('/').all(|part| !part.trim().is_empty());
        if rest.contains(['{', '}']) || !parts_named {
            let marks = Self::MARKS.join(" ");
            return Err(NameTemplateError(message!(
                "名称模板只认识 {marks}，可用 / 分文件夹：{template}",
                "a name template may contain only {marks}, with / between folders: {template}"
            )));
        }
        Ok(NameTemplate(template.to_owned()))
    }

    /// Whether the name depends on what is in the report.
    pub fn reads_report(&self) -> bool {
        ["{issuer}", "{year}", "{title}"].iter().any(|mark| self.0.contains(mark))
    }

    /// The path that the template gives, without ending; each of its parts is a safe name.
    ///
    /// ```
    /// use gongwen::{NameParts, NameTemplate};
    ///
    /// let parts = NameParts { issuer: "甲/局".into(), year: "2023".into(), ..NameParts::default() };
    /// let template = NameTemplate::parse("{year}/{issuer}")?;
    /// assert_eq!(template.fill(&parts).to_str(), Some("2023/甲_局"));
    /// # Ok::<(), gongwen::NameTemplateError>(())
    /// ```
    pub fn fill(&self, parts: &NameParts) -> std::path::PathBuf {
        let number = format!("{:06}", parts.number);
        let marks = [
            ("{issuer}", parts.issuer.as_str()),
            ("{year}", &parts.year),
            ("{title}", &parts.title),
            ("{stem}", &parts.stem),
            ("{number}", &number),
        ];
        let fill = |part: &str| filled(part, &marks);
        let full: Vec<String> = self.0.split('/').map(fill).collect();
        let digest = sha256(full.join("/").replace("{prefix}", "").as_bytes());
        full.iter().map(|part| safe_file_name(&part.replace("{prefix}", &digest[..2]))).collect()
    }
}

/// A part of a template with its marks replaced in one pass: what a value holds is no mark.
pub(crate) fn filled(part: &str, marks: &[(&str, &str)]) -> String {
    let (mut name, mut rest) = (String::new(), part);
    while let Some(open) = rest.find('{') {
        name.push_str(&rest[..open]);
        rest = &rest[open..];
        match marks.iter().find(|(mark, _)| rest.starts_with(mark)) {
            Some((mark, value)) => {
                name.push_str(value);
                rest = &rest[mark.len()..];
            }
            // `{prefix}` follows from the name, and is replaced last.
            None => {
                name.push('{');
                rest = &rest[1..];
            }
        }
    }
    name + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        assert_eq!(safe_file_name("甲/乙\\丙:2023"), "甲_乙_丙_2023");
        assert_eq!(safe_file_name("政\u{200b}府\u{202e}⼀"), "政府一");
        assert_eq!(safe_file_name("con"), "_con");
        for device in ["con .txt", "CONIN$", "conout$.x", "COM¹", "lpt³.pdf", "com0", "NUL.tar.gz"] {
            assert_eq!(safe_file_name(device), format!("_{device}"));
        }
        for plain in ["COM", "COM10", "conx", "甲.con"] {
            assert_eq!(safe_file_name(plain), plain);
        }
        assert_eq!(safe_file_name("甲. . "), "甲");
        assert_eq!(safe_file_name("甲\n乙\u{2028}丙\u{85}丁\u{2066}"), "甲_乙_丙_丁");
        assert_eq!(safe_file_name(".."), "_");
        assert!(safe_file_name(&"公".repeat(400)).len() <= 200);
    }

    #[test]
    fn names_of_one_file_have_one_key() {
        for (one, other) in [("É", "e\u{301}"), ("A甲", "a甲"), ("가", "\u{1100}\u{1161}")] {
            assert_eq!(same_file(one), same_file(other));
        }
        assert_ne!(same_file("甲"), same_file("乙"));
    }

    #[test]
    fn what_a_value_holds_is_no_mark() {
        let parts = NameParts { issuer: "{stem}".into(), stem: "r".into(), ..NameParts::default() };
        let name = NameTemplate::parse("{issuer}-{stem}").expect("knows the marks").fill(&parts);
        assert_eq!(name.to_str(), Some("{stem}-r"));
    }

    #[test]
    fn templates_with_unknown_marks_or_empty_folders_are_refused() {
        for template in ["{unit}", "a//b", "/a", "a/", ""] {
            assert!(NameTemplate::parse(template).is_err(), "{template}");
        }
    }

    #[test]
    fn folders_by_prefix_are_two_digits() {
        let parts = NameParts { stem: "report".to_owned(), ..NameParts::default() };
        let name = NameTemplate::parse("{prefix}/{stem}").expect("knows the marks").fill(&parts);
        let folder = name.parent().expect("a folder").to_string_lossy().into_owned();
        assert!(folder.len() == 2 && folder.bytes().all(|byte| byte.is_ascii_hexdigit()), "{folder}");
    }
}

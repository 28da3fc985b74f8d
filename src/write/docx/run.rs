//! Runs: text as Word holds it.
//!
//! `“ ” ‘ ’ … — ·` and their like belong to both scripts, and Word sets them in the Latin font unless the
//! run says `w:hint="eastAsia"`. The hint touches only those characters, so a whole run carries it and none is split.

use docx_rs::{BreakType, Run, RunChild, RunFonts, Text};

use crate::xml::is_xml_char;

/// The placeholder of a fragment in the text of a run. XML forbids this character, so that no text of a
/// user's has it.
pub(super) const PLACEHOLDER: char = '\u{1}';

/// A run of `text`; `\n` breaks the line.
pub(super) fn run(text: &str) -> Run {
    let text: String = text.chars().filter(|&c| is_xml_char(c) && c != '\r').collect();
    let mut run = Run::new();
    if text.chars().any(is_of_both_scripts) {
        run.run_property.fonts = Some(RunFonts::new().hint("eastAsia"));
    }
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        for (number, piece) in line.split('\t').enumerate() {
            if number > 0 {
                run = run.add_tab();
            }
            if !piece.is_empty() {
                run.children.push(RunChild::Text(Text::new(piece)));
            }
        }
    }
    run
}

/// A run that the fragment of this number will replace.
pub(super) fn placeholder(fragment: usize) -> Run {
    Run::new().add_text(format!("{PLACEHOLDER}{fragment}"))
}

/// Whether Word gives the character to the Latin font or the Han font by the hint alone.
// ECMA-376-1, 17.3.2.26 (rFonts)
fn is_of_both_scripts(c: char) -> bool {
    matches!(
        c,
        '\u{A1}' | '\u{A4}' | '\u{A7}' | '\u{A8}' | '\u{AA}' | '\u{AD}' | '\u{AF}'
            | '\u{B0}'..='\u{B4}' | '\u{B6}'..='\u{BA}' | '\u{BC}'..='\u{BF}' | '\u{D7}' | '\u{F7}'
            // Raised and lowered digits belong to the letters before them.
            | '\u{2010}'..='\u{206F}' | '\u{209D}'..='\u{2BFF}' | '\u{E000}'..='\u{F8FF}'
    )
}

#[cfg(test)]
mod tests {
    use docx_rs::BuildXML;

    use super::*;

    fn xml(text: &str) -> String {
        String::from_utf8(run(text).build()).unwrap()
    }

    #[test]
    fn run_has_a_hint_where_punctuation_is_of_both_scripts() {
        for text in ["“一网通办”", "……", "2023—2024", "①", "习近平·著"] {
            assert!(xml(text).contains(r#"w:hint="eastAsia""#), "{text}");
        }
        assert!(!xml("2023年，共286件（条）。").contains("hint"));
    }

    #[test]
    fn run_breaks_lines_and_drops_what_xml_forbids() {
        let xml = xml("第一行\n第\u{1}二\u{B}行\r");
        assert_eq!(xml.matches("<w:br").count(), 1);
        assert!(xml.contains("第二行<"));
    }
}

//! Characters in names that older systems lack: these systems would show a box in the name of a body or a
//! person.

use encoding_rs::GBK;

use crate::diagnostic::{Diagnostic, child, rule};
use crate::message;
use crate::report::Report;

/// Warnings for the names of bodies and signatories.
pub(super) fn names(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut look = |place: &str, names: &[String]| {
        for (at, name) in names.iter().enumerate() {
            let rare = name.chars().find(|character| is_rare(*character));
            if let Some(rare) = rare {
                let code = u32::from(rare);
                let text = message!(
                    "名称“{name}”里的“{rare}”（U+{code:04X}）不在 GBK 字集里",
                    "\"{rare}\" (U+{code:04X}) in the name \"{name}\" is not in GBK"
                );
                let hint = message!(
                    "这里印得出；报送前看看收文的系统能不能显示",
                    "it is printed here; check whether the receiving system shows it"
                );
                found.push(Diagnostic::warning(rule::TEXT_RARE_NAME, child(place, at), text).hint(hint));
            }
        }
    };
    look("/issuer", &report.issuer);
    let signatories = report.signature.as_ref().and_then(|signature| signature.signatories.as_deref());
    look("/signature/signatories", signatories.unwrap_or_default());
    if let Some(letterhead) = &report.letterhead {
        look("/letterhead/signers", &letterhead.signers);
    }
    found
}

/// Han that GBK has no code for.
fn is_rare(character: char) -> bool {
    let han = matches!(character, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFD}');
    let mut bytes = [0; 4];
    han && GBK.encode(character.encode_utf8(&mut bytes)).2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_characters_in_names_are_reported_once_a_name() {
        let issuer = vec!["某某市人民政府".to_owned(), "䶮㛃区镕堃局".to_owned()];
        let found = names(&Report { issuer, ..Report::default() });
        let places: Vec<&str> = found.iter().map(|found| found.pointer.as_str()).collect();
        assert_eq!(places, ["/issuer/1"]);
        assert!(found[0].message.zh.contains('䶮'), "{}", found[0].message.zh);
    }

    #[test]
    fn rare_is_what_gbk_does_not_have() {
        let rare = |text: &str| text.chars().filter(|character| is_rare(*character)).collect::<String>();
        assert_eq!(rare("镕堃喆頔龑清镇A1（"), "");
        assert_eq!(rare("㛃𠅤𬭚"), "㛃𠅤𬭚");
    }
}

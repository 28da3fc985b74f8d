//! ToUnicode CMaps, the texts of the glyphs of a font: ISO 32000-1, 9.10.3.

use super::syntax::push_hexadecimal;

/// The most that a section may hold.
const SECTION: usize = 100;

/// The CMap of a font whose codes are the places in `texts`. Those without a text are left out.
pub(super) fn cmap(texts: &[String]) -> Vec<u8> {
    let mut out = Vec::with_capacity(512 + texts.len() * 16);
    out.extend_from_slice(
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
        /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
        /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
        1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let known: Vec<(u16, &String)> = (0..).zip(texts).filter(|(_, text)| !text.is_empty()).collect();
    for section in known.chunks(SECTION) {
        out.extend_from_slice(format!("{} beginbfchar\n", section.len()).as_bytes());
        for (code, text) in section {
            push_hexadecimal(&code.to_be_bytes(), &mut out);
            out.push(b' ');
            let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            push_hexadecimal(&units, &mut out);
            out.push(b'\n');
        }
        out.extend_from_slice(b"endbfchar\n");
    }
    out.extend_from_slice(b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_glyph_with_a_text_is_mapped_in_utf_16() {
        let mut texts: Vec<String> = vec![String::new(), "公".into(), String::new(), "𠮷a".into()];
        texts.extend((4..150).map(|_| "文".to_owned()));
        let cmap = String::from_utf8(cmap(&texts)).unwrap();
        assert!(cmap.contains("100 beginbfchar\n<0001> <516C>\n<0003> <D842DFB70061>\n<0004> <6587>\n"));
        assert!(cmap.contains("endbfchar\n48 beginbfchar\n"));
        assert!(!cmap.contains("<0000> <>") && !cmap.contains("<0002>"));
    }
}

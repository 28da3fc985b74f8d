//! Every character of the document must have a glyph; otherwise it is reported with its place before anything
//! is written.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Hint, HintCode, Message, rule};
use crate::document::{BlockKind, CHART_ROLE, Document, NodeId, Shown, Table, mark};
use crate::font::{Digits, Fonts, is_combining, is_mark, is_refused, normalise_pua};
use crate::message;
use crate::style::{Face, Role};

/// The characters that no font has, each once a place; private-use ones that are printed all the same are warnings.
pub fn glyphs(document: &Document, fonts: &Fonts) -> Vec<Diagnostic> {
    let (mut reported, mut found) = (BTreeSet::new(), Vec::new());
    let mut well = Covered::default();
    let mut last = (Role::Body, document.styles.get(Role::Body).face);
    clusters(document, &mut |id, role, cluster| {
        if last.0 != role {
            last = (role, document.styles.get(role).face);
        }
        let face = last.1;
        let Some(character) = cluster.chars().next() else { return };
        // What is left of a lost character is a finding of its own.
        if matches!(character, '\u{fffc}' | '\u{fffd}')
            || cluster.len() == character.len_utf8() && well.has(face, character)
        {
            return;
        }
        let covered = fonts.covers(face, character);
        if covered && cluster.contains(is_combining) {
            let is_drawn = fonts.resolve_cluster(face, Digits::Latin, cluster).is_some();
            if !is_drawn && reported.insert((id, cluster.to_owned())) {
                found.push(not_together(document.place(id), cluster));
            }
            return;
        }
        let standard = normalise_pua(character);
        if covered && standard.is_none() {
            well.insert(face, character);
        } else if reported.insert((id, cluster.to_owned())) {
            found.push(match standard.filter(|_| covered) {
                Some(standard) => private(document.place(id), character, standard),
                None => missing(document.place(id), character, fonts),
            });
        }
    });
    found
}

/// The characters known to be covered by a face, since most characters of a document are repeated. One bit
/// for each character of the basic plane; others are looked up each time.
#[derive(Default)]
struct Covered([Option<Box<[u64; 1024]>>; Face::ALL.len()]);

impl Covered {
    fn has(&self, face: Face, character: char) -> bool {
        let (word, bit) = (character as usize / 64, character as usize % 64);
        let words = self.0[face as usize].as_ref().and_then(|words| words.get(word));
        words.is_some_and(|word| word >> bit & 1 == 1)
    }

    fn insert(&mut self, face: Face, character: char) {
        let (word, bit) = (character as usize / 64, character as usize % 64);
        let words = self.0[face as usize].get_or_insert_with(|| Box::new([0; 1024]));
        if let Some(word) = words.get_mut(word) {
            *word |= 1 << bit;
        }
    }
}

/// Calls `visit` with every character of the document, with the marks that follow it, its node and its role, in reading
/// order.
pub(super) fn clusters(document: &Document, visit: &mut dyn FnMut(NodeId, Role, &str)) {
    let mut search = Search { document, visit };
    for block in &document.blocks {
        search.block(block.id, &block.kind);
    }
    for (index, note) in document.notes.iter() {
        search.text(note.id, Role::Footnote, &mark(index));
        search.text(note.id, Role::Footnote, &note.text);
    }
}

struct Search<'a> {
    document: &'a Document,
    visit: &'a mut dyn FnMut(NodeId, Role, &str),
}

impl Search<'_> {
    fn block(&mut self, id: NodeId, kind: &BlockKind) {
        match kind {
            BlockKind::Title(title) => title.lines.iter().for_each(|line| self.text(id, title.role, line)),
            BlockKind::Paragraph(paragraph) => {
                for (run, text, format) in self.document.formats.runs(&paragraph.runs, id) {
                    self.text(run.id.unwrap_or(id), format.role.unwrap_or(run.role), text);
                }
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    self.text(item.id, Role::ListItem, &item.label);
                    self.spans(item.id, Role::ListItem, &item.label, &item.text);
                }
            }
            BlockKind::Table(table) => self.table(table),
            BlockKind::Illustration(illustration) => {
                if let Shown::Chart(chart) = &illustration.shown {
                    chart.texts().for_each(|text| self.text(id, CHART_ROLE, text));
                }
                illustration
                    .caption
                    .iter()
                    .for_each(|caption| self.text(caption.id, Role::IllustrationCaption, &caption.text));
            }
            BlockKind::Signature(signature) => {
                signature.signatories.iter().for_each(|name| self.text(name.id, Role::Signatory, &name.text));
                signature.date.iter().for_each(|date| self.text(date.id, Role::Date, &date.text));
            }
            BlockKind::Sides(sides) => {
                let runs = sides.left.iter().chain(&sides.right);
                runs.for_each(|run| self.text(run.id.unwrap_or(id), run.role, &run.text));
            }
            BlockKind::Contents(contents) => {
                for entry in &contents.entries {
                    let role = Role::contents(entry.level);
                    entry.lines.iter().for_each(|line| self.text(entry.id, role, line));
                }
            }
            BlockKind::Rule(_) | BlockKind::PageBreak => {}
        }
    }

    fn table(&mut self, table: &Table) {
        table.above().for_each(|(role, text)| self.text(text.id, role, &text.text));
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            self.spans(cell.id, cell.role, "", &cell.text);
        }
        table.notes.iter().for_each(|text| self.text(text.id, Role::TableNote, &text.text));
    }

    /// The text of a node behind its label, each of its spans in its own face.
    fn spans(&mut self, id: NodeId, role: Role, label: &str, text: &str) {
        let mut divide = self.document.formats.divide(id);
        divide.skip(label);
        divide.each(text, |text, format| self.text(id, format.role.unwrap_or(role), text));
    }

    fn text(&mut self, id: NodeId, role: Role, text: &str) {
        let mut rest = text.char_indices().peekable();
        while let Some((start, character)) = rest.next() {
            if character == '\n' {
                continue;
            }
            let mut end = start + character.len_utf8();
            while let Some((at, mark)) = rest.next_if(|(_, next)| is_mark(*next)) {
                end = at + mark.len_utf8();
            }
            (self.visit)(id, role, &text[start..end]);
        }
    }
}

fn missing(place: &str, character: char, fonts: &Fonts) -> Diagnostic {
    let code = u32::from(character);
    let (zh, en) =
        script(character).map_or_else(Default::default, |(zh, en)| (format!("，{zh}"), format!(", {en}")));
    let text = message!(
        "没有字体含有“{character}”（U+{code:04X}{zh}）",
        "no font has the character \"{character}\" (U+{code:04X}{en})"
    );
    let hint = match (normalise_pua(character), fonts.refused(character)) {
        (Some(standard), _) => {
            message!("用标准字“{standard}”代替", "use the standard character \"{standard}\" for it")
        }
        (None, _) if matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..) => message!(
            "这是私用区的字码，各台机器上的字不同；改用标准字，或写明读音和字形",
            "this private code is another character on every computer; use a standard character, or describe it"
        ),
        (None, _) if is_refused(character) => message!(
            "本程序不排这种文字，有字体也不行；译成中文，或作为图片",
            "this program does not set this script, whatever the font; translate it, or use a picture"
        ),
        (None, Some((name, refusal))) => {
            let Message { zh, en } = refusal.message();
            message!(
                "字体“{name}”有这个字，但不能用：{zh}",
                "the font \"{name}\" has it, but cannot be used: {en}"
            )
        }
        (None, None) => {
            return Diagnostic::error(rule::TEXT_GLYPH, place, text).hint(Hint {
                code: HintCode::FontsFolder,
                message: message!(
                    "换一个字或写明读音和字形，也可以给出有它的字体",
                    "use another character or describe it, or supply a font that has it"
                ),
            });
        }
    };
    Diagnostic::error(rule::TEXT_GLYPH, place, text).hint(hint)
}

/// The error for a character with marks that no one font draws.
fn not_together(place: &str, cluster: &str) -> Diagnostic {
    let codes = cluster.chars().map(|character| format!("U+{:04X}", u32::from(character)));
    let codes = codes.collect::<Vec<_>>().join(" ");
    let text = message!(
        "没有一种字体能画出“{cluster}”（{codes}）：字和附加符号须在同一种字体里",
        "no font draws \"{cluster}\" ({codes}): a character and its marks must be in one font"
    );
    Diagnostic::error(rule::TEXT_GLYPH, place, text).hint(Hint {
        code: HintCode::FontsFolder,
        message: message!(
            "删去附加符号，或给出有它的字体",
            "delete the mark, or supply a font that has both"
        ),
    })
}

/// The names of a script that offices write and the shipped fonts lack, in Chinese and English.
fn script(character: char) -> Option<(&'static str, &'static str)> {
    Some(match character {
        '\u{590}'..='\u{5ff}' | '\u{fb1d}'..='\u{fb4f}' => ("希伯来文", "Hebrew"),
        '\u{600}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}'
        | '\u{8a0}'..='\u{8ff}'
        | '\u{fb50}'..='\u{fdcf}'
        | '\u{fdf0}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}' => ("阿拉伯字母，如维吾尔文", "Arabic letters, as of Uyghur"),
        '\u{900}'..='\u{97f}' => ("天城文", "Devanagari"),
        '\u{e00}'..='\u{e7f}' => ("泰文", "Thai"),
        '\u{e80}'..='\u{eff}' => ("老挝文", "Lao"),
        '\u{f00}'..='\u{fff}' => ("藏文", "Tibetan"),
        '\u{1000}'..='\u{109f}' => ("缅甸文", "Burmese"),
        '\u{1100}'..='\u{11ff}'
        | '\u{3130}'..='\u{318f}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}' => ("朝鲜文", "Korean"),
        '\u{1780}'..='\u{17ff}' => ("高棉文", "Khmer"),
        '\u{1800}'..='\u{18af}' => ("蒙古文", "Mongolian"),
        '\u{1950}'..='\u{197f}' => ("德宏傣文", "Tai Le"),
        '\u{1980}'..='\u{19df}' => ("西双版纳新傣文", "New Tai Lue"),
        '\u{1a20}'..='\u{1aaf}' => ("西双版纳老傣文", "Tai Tham"),
        '\u{aa80}'..='\u{aadf}' => ("傣端文", "Tai Viet"),
        '\u{a000}'..='\u{a4cf}' => ("彝文", "Yi"),
        '\u{a4d0}'..='\u{a4ff}' => ("傈僳文", "Lisu"),
        '\u{16f00}'..='\u{16f9f}' => ("滇东北苗文", "Miao"),
        '\u{1f000}'..='\u{1faff}' => ("表情符号", "emoji"),
        '\u{20000}'..='\u{3ffff}' => ("罕用汉字", "rare Han"),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => ("私用区", "private use"),
        _ => return None,
    })
}

/// The warning for a code point of old encodings, which is printed as the standard character, but cannot be
/// searched for.
fn private(place: &str, character: char, standard: char) -> Diagnostic {
    let code = u32::from(character);
    let text = message!(
        "旧的私用区字码 U+{code:04X} 印成“{standard}”，但查找和复制得到的仍是旧码",
        "the old private code U+{code:04X} is printed as \"{standard}\", but searching and copying find the old code"
    );
    let hint = message!("改用标准字“{standard}”", "use the standard character \"{standard}\"");
    Diagnostic::warning(rule::TEXT_PRIVATE_USE, place, text).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::compose;
    use crate::layout::Layouts;
    use crate::report;
    use crate::source::Source;

    #[test]
    fn private_codes_are_warned_of_and_unknown_ones_refused() {
        let json = "{\"format\": 1, \"layout\": \"general-document\", \"issuer\": \"甲\", \"title\": \"乙\", \
                    \"sections\": [{\"body\": [\"刘\u{e863}\u{f8fe}\"]}]}";
        let source = Source::parse(json.as_bytes()).expect("parses");
        let (report, _) = report::read(&source).expect("reads");
        let layout = Layouts::embedded().get("general-document").expect("ships");
        let (document, _) =
            compose(&report, &crate::figures::Figures::of(&report, &layout), &(), &crate::Limits::default())
                .expect("composes");
        let found = glyphs(&document, &Fonts::embedded());
        let rules: Vec<_> = found.iter().map(|found| (&*found.rule, found.pointer.as_str())).collect();
        let place = "/sections/0/body/0";
        assert_eq!(rules, [("text.private-use", place), ("text.glyph", place)]);
    }
}

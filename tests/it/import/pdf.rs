//! Import of PDF: a figure is read only where its cell shows one line of visible text that looks alike; all else is null and told.

use std::fmt::Write;

use gongwen::{Imported, Layouts, Limits, import};
use serde_json::Value;

const LAYOUT: &str = "disclosure-annual-report-2021";
/// The page of the tests, in points.
const HEIGHT: f64 = 842.0;
/// What the first table shows, beside its labels.
const ROWS: [(&str, [&str; 3]); 2] = [("规章", ["0", "1", "3"]), ("行政规范性文件", ["12", "4", "87"])];
/// Where the figure 12 of 行政规范性文件·本年制发件数 stands.
const AT: (f64, f64) = (170.0, 320.0);
const POINTER: (&str, &str, usize) = ("proactive_disclosure", "normative_documents", 0);

/// A PDF by hand: one page, one font whose codes are the numbers of the characters in `characters`.
#[derive(Default)]
struct Drawing {
    contents: String,
    characters: Vec<char>,
    /// What the font says that a character is, if it is another one; an empty text takes the entry out.
    says: Vec<(char, &'static str)>,
    page: &'static str,
    /// The contents of an annotation, and its rectangle.
    annotation: Option<(String, [f64; 4])>,
    /// What a drawn glyph draws, and what its font says that it is: the code 65 of the font D.
    drawn: (&'static str, &'static str),
    /// The children of the structure tree.
    tags: Option<String>,
}

impl Drawing {
    fn codes(&mut self, text: &str) -> String {
        let mut codes = String::new();
        for character in text.chars() {
            let at = self.characters.iter().position(|own| *own == character).unwrap_or_else(|| {
                self.characters.push(character);
                self.characters.len() - 1
            });
            write!(codes, "{:04X}", at + 1).expect("writes");
        }
        codes
    }

    fn draw(&mut self, operators: &str) {
        self.contents.push_str(operators);
        self.contents.push('\n');
    }

    /// Text whose baseline begins at a point from the upper left of the page.
    fn text(&mut self, x: f64, y: f64, size: f64, text: &str) {
        let codes = self.codes(text);
        self.draw(&format!("BT /F {size} Tf {x} {} Td <{codes}> Tj ET", HEIGHT - y));
    }

    fn rule(&mut self, x0: f64, y0: f64, x1: f64, y1: f64) {
        self.draw(&format!("{x0} {} m {x1} {} l S", HEIGHT - y0, HEIGHT - y1));
    }

    fn file(&self) -> Vec<u8> {
        let mut unicode = String::new();
        let mut widths = String::new();
        for (at, character) in self.characters.iter().enumerate() {
            let width = if character.is_ascii() { 500 } else { 1000 };
            write!(widths, "{} [{width}] ", at + 1).expect("writes");
            let said = self.says.iter().find(|(own, _)| own == character).map(|(_, says)| *says);
            let text = said.map_or_else(|| character.to_string(), str::to_owned);
            if !text.is_empty() {
                let units = units(&text);
                writeln!(unicode, "1 beginbfchar <{:04X}> <{units}> endbfchar", at + 1).expect("writes");
            }
        }
        let stream =
            |dict: &str, data: &str| format!("<<{dict}/Length {}>>stream\n{data}\nendstream", data.len());
        let cmap = map(&unicode, "<0000> <FFFF>");
        let annotation = self.annotation.as_ref();
        let resources = "/Resources<</Font<</F 5 0 R/D 11 0 R>>>>";
        let (contents, [x0, y0, x1, y1]) = annotation.cloned().unwrap_or_default();
        let (width, high) = (x1 - x0, y1 - y0);
        let annotations = if annotation.is_some() { "/Annots[9 0 R]" } else { "" };
        let objects = [
            match &self.tags {
                Some(tags) => format!("<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</K {tags}>>>>"),
                None => "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            },
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{resources}/Contents 4 0 R{annotations}{}>>",
                self.page
            ),
            stream("", &self.contents),
            "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>"
                .to_owned(),
            format!(
                "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
                 /Supplement 0>>/FontDescriptor 7 0 R/W[{widths}]>>"
            ),
            "<</Type/FontDescriptor/FontName/A/Flags 4/ItalicAngle 0/Ascent 880/Descent -120/StemV 80>>".to_owned(),
            stream("", &cmap),
            format!("<</Type/Annot/Subtype/FreeText/F 4/Rect[{x0} {y0} {x1} {y1}]/AP<</N 10 0 R>>>>"),
            stream(&format!("/Type/XObject/Subtype/Form/BBox[0 0 {width} {high}]{resources}"), &contents),
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[0.001 0 0 0.001 0 0]/CharProcs<</g 12 0 R>>\
             /Encoding<</Type/Encoding/Differences[65/g]>>/FirstChar 65/LastChar 65/Widths[500]/ToUnicode 13 0 R>>"
                .to_owned(),
            stream("", &format!("500 0 d0 {}", self.drawn.0)),
            stream("", &map(&format!("1 beginbfchar <41> <{}> endbfchar\n", units(self.drawn.1)), "<00> <FF>")),
        ];
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut offsets = Vec::new();
        for (at, object) in objects.iter().enumerate() {
            offsets.push(file.len());
            file.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
        }
        let start = file.len();
        let entries: String = offsets.iter().map(|at| format!("{at:010} 00000 n \n")).collect();
        file.extend(
            format!(
                "xref\n0 {0}\n0000000000 65535 f \n{entries}trailer<</Size {0}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF",
                objects.len() + 1
            )
            .bytes(),
        );
        file
    }
}

fn units(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04X}")).collect()
}

/// A map from codes to characters: ISO 32000-1, 9.10.3.
fn map(entries: &str, codes: &str) -> String {
    format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n\
         1 begincodespacerange {codes} endcodespacerange\n{entries}endcmap end end"
    )
}

/// A report whose first table has rules, without the figure at `AT`.
fn page() -> Drawing {
    let mut page = Drawing::default();
    page.text(80.0, 80.0, 16.0, "某某市教育局2023年政府信息公开工作年度报告");
    page.text(80.0, 140.0, 12.0, "二、主动公开政府信息情况");
    for (x, text) in
        [(70.0, "信息内容"), (162.0, "本年制发件数"), (262.0, "本年废止件数"), (362.0, "现行有效件数")]
    {
        page.text(x, 260.0, 12.0, text);
    }
    for (row, (label, figures)) in ROWS.iter().enumerate() {
        let y = 290.0 + 30.0 * row as f64;
        page.text(70.0, y, 12.0, label);
        for (column, figure) in figures.iter().enumerate() {
            if (row, column) != (1, 0) {
                page.text(170.0 + 100.0 * column as f64, y, 12.0, figure);
            }
        }
    }
    for row in 0..4 {
        let y = 240.0 + 30.0 * row as f64;
        page.rule(60.0, y, 460.0, y);
    }
    for x in [60.0, 160.0, 260.0, 360.0, 460.0] {
        page.rule(x, 240.0, x, 330.0);
    }
    page.text(80.0, 380.0, 12.0, "三、收到和处理政府信息公开申请情况");
    page
}

fn read(page: &Drawing) -> (Value, Imported) {
    let limits = Limits::default();
    let imported = import(&page.file(), &Layouts::embedded(), Some(LAYOUT), &limits).expect("reads");
    (serde_json::from_slice(&imported.report).expect("is JSON"), imported)
}

/// The figure at `AT` as it is read, and what is left out; a figure that is not read is told.
fn figure(page: &Drawing) -> (Option<String>, Vec<String>) {
    let (report, imported) = read(page);
    let (table, row, at) = POINTER;
    let figures = &report["tables"][table];
    for (column, wanted) in ["0", "1", "3"].iter().enumerate() {
        assert_eq!(figures["rules"][column].to_string(), *wanted, "{report:#}");
    }
    assert_eq!([&figures[row][1], &figures[row][2]].map(Value::to_string), ["4", "87"]);
    let found = &figures[row][at];
    let pointer = format!("/tables/{table}/{row}/{at}");
    if found.is_null() {
        let is_told = |finding: &gongwen::Diagnostic| format!("{finding:?}").contains(&pointer);
        assert!(imported.findings.iter().any(is_told), "{:?}", imported.findings);
    }
    let left = imported.places.unplaced.iter().map(|one| one.text.clone()).collect();
    ((!found.is_null()).then(|| found.to_string()), left)
}

/// What is drawn at the figure gives this figure, or none.
fn check(draw: impl FnOnce(&mut Drawing, f64, f64), wanted: Option<&str>) -> Vec<String> {
    let mut page = page();
    draw(&mut page, AT.0, AT.1);
    let (found, left) = figure(&page);
    assert_eq!(found.as_deref(), wanted, "{left:?}");
    left
}

#[test]
fn a_figure_alone_is_read() {
    assert!(check(|page, x, y| page.text(x, y, 12.0, "12"), Some("12")).is_empty());
    let in_pieces = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "1");
        page.text(x + 6.0, y, 12.0, "2");
    };
    check(in_pieces, Some("12"));
}

#[test]
fn raised_marks_are_no_digits() {
    for (x, up, size) in [(12.0, 4.0, 8.0), (12.0, 7.5, 6.0), (12.0, -2.0, 6.0), (12.0, 0.0, 8.0)] {
        let marked = |page: &mut Drawing, left: f64, y: f64| {
            page.text(left, y, 12.0, "12");
            page.text(left + x, y - up, size, "1");
        };
        check(marked, None);
    }
}

#[test]
fn text_drawn_twice_is_one_text() {
    for (x, y) in [(0.3, 0.0), (0.0, 0.0), (0.5, 0.5), (1.0, 0.4)] {
        let twice = |page: &mut Drawing, left: f64, top: f64| {
            page.text(left, top, 12.0, "11");
            page.text(left + x, top + y, 12.0, "11");
        };
        check(twice, Some("11"));
    }
    // Another figure over it is none.
    let over = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "12");
        page.text(x + 2.5, y, 12.0, "35");
    };
    check(over, None);
}

#[test]
fn what_is_filled_over_hides_text() {
    let filled = |colour: &'static str| {
        move |page: &mut Drawing, x: f64, y: f64| {
            page.text(x, y, 12.0, "12");
            page.draw(&format!("q {colour} {} {} 20 14 re f Q", x - 2.0, HEIGHT - y - 3.0));
            page.text(x, y, 12.0, "55");
        }
    };
    let left = check(filled("1 g"), Some("55"));
    assert!(left.iter().any(|text| text.ends_with("12")), "{left:?}");
    let left = check(filled("0.9 0.9 1 rg"), Some("55"));
    assert!(left.iter().any(|text| text.ends_with("12")), "{left:?}");
    let triangle = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "12");
        let y = HEIGHT - y;
        page.draw(&format!("q 1 g {} {y} m {x} {} l {} {y} l f Q", x - 40.0, y - 20.0, x + 40.0));
    };
    check(triangle, Some("12"));
    // Of a figure of which a part is covered nothing is read.
    let part = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "1234");
        page.draw(&format!("q 1 g {} {} 20 14 re f Q", x + 11.5, HEIGHT - y - 3.0));
    };
    check(part, None);
    let cut = |page: &mut Drawing, x: f64, y: f64| {
        page.draw(&format!("q {} 0 {} 842 re W n", x - 5.0, 15.0));
        page.text(x, y, 12.0, "12");
        page.draw("Q");
    };
    check(cut, None);
    // A line below it, or a box drawn before it, hides nothing.
    let below = |page: &mut Drawing, x: f64, y: f64| {
        page.draw(&format!("q 0.8 g {} {} 20 14 re f Q", x - 2.0, HEIGHT - y - 3.0));
        page.text(x, y, 12.0, "12");
        page.draw(&format!("q 0 g {} {} 20 1 re f Q", x - 2.0, HEIGHT - y - 3.0));
    };
    check(below, Some("12"));
}

#[test]
fn invisible_text_is_left_out_and_told() {
    let with = |before: &'static str, after: &'static str| {
        move |page: &mut Drawing, x: f64, y: f64| {
            page.text(x, y, 12.0, "12");
            page.draw(before);
            page.text(x + 12.0, y, 12.0, "9");
            page.draw(after);
        }
    };
    for (before, after) in [
        ("3 Tr", "0 Tr"),
        ("q 7 Tr", "Q 0 Tr"),
        ("q 1 g", "Q"),
        ("q 0 0 1 1 re W n", "Q"),
        ("q 0.98 1 1 rg", "Q"),
    ] {
        let left = check(with(before, after), Some("12"));
        assert!(left.iter().any(|text| text.ends_with('9')), "{before}: {left:?}");
    }
    let tiny = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "12");
        page.text(x + 12.0, y, 0.5, "9");
    };
    check(tiny, Some("12"));
    // White text on black is seen.
    let white = |page: &mut Drawing, x: f64, y: f64| {
        page.draw(&format!("q 0 g {} {} 20 14 re f 1 g", x - 2.0, HEIGHT - y - 3.0));
        page.text(x, y, 12.0, "12");
        page.draw("Q");
    };
    check(white, Some("12"));
}

#[test]
fn the_recognised_text_of_a_scan_is_read() {
    let mut page = page();
    page.text(AT.0, AT.1, 12.0, "12");
    page.contents.insert_str(0, "3 Tr\n");
    assert_eq!(figure(&page).0.as_deref(), Some("12"));
}

#[test]
fn glyphs_of_unknown_meaning_are_no_figure() {
    for says in ["", "\u{0}", "\u{E001}", "\u{FFFD}"] {
        let mut page = page();
        page.text(AT.0, AT.1, 12.0, "29");
        page.says.push(('9', says));
        assert_eq!(figure(&page).0, None, "{says:?}");
    }
    let box_of_ink = "0 0 400 700 re f";
    for says in [" ", "\u{200B}", "\u{AD}", "\u{3000}"] {
        for (draws, wanted) in [(box_of_ink, None), ("", Some("12"))] {
            let drawn = |page: &mut Drawing, x: f64, y: f64| {
                page.drawn = (draws, says);
                page.text(x, y, 12.0, "12");
                page.draw(&format!("BT /D 12 Tf {} {} Td (A) Tj ET", x + 12.0, HEIGHT - y));
            };
            let mut page = page();
            drawn(&mut page, AT.0, AT.1);
            assert_eq!(figure(&page).0.as_deref(), wanted, "{says:?} {draws:?}");
        }
    }
}

#[test]
fn annotations_and_said_text_are_no_part_of_a_figure() {
    let noted = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "12");
        let codes = page.codes("55");
        let y = HEIGHT - y;
        page.annotation =
            Some((format!("BT /F 12 Tf 0 3 Td <{codes}> Tj ET"), [x + 16.0, y - 3.0, x + 56.0, y + 12.0]));
    };
    check(noted, None);
    // A field of a form has its figure alone.
    let field = |page: &mut Drawing, x: f64, y: f64| {
        let codes = page.codes("12");
        let y = HEIGHT - y;
        page.annotation =
            Some((format!("BT /F 12 Tf 0 3 Td <{codes}> Tj ET"), [x, y - 3.0, x + 40.0, y + 12.0]));
    };
    check(field, Some("12"));
    let said = |says: &'static str| {
        move |page: &mut Drawing, x: f64, y: f64| {
            page.text(x, y, 12.0, "1");
            page.draw(&format!("/Span <</ActualText ({says})>> BDC"));
            page.text(x + 6.0, y, 12.0, "2");
            page.draw("EMC");
        }
    };
    check(said("9"), None);
    check(said("2"), Some("12"));
}

#[test]
fn struck_text_is_left_out_and_told() {
    let struck = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "9");
        page.rule(x - 0.5, y - 3.5, x + 6.0, y - 3.5);
        page.text(x + 6.0, y, 12.0, "12");
    };
    let left = check(struck, Some("12"));
    assert!(left.iter().any(|text| text.ends_with('9')), "{left:?}");
    let underlined = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "12");
        page.rule(x, y + 1.5, x + 12.0, y + 1.5);
    };
    check(underlined, Some("12"));
}

#[test]
fn digits_of_other_looks_are_no_part_of_a_figure() {
    let grey = |page: &mut Drawing, x: f64, y: f64| {
        page.text(x, y, 12.0, "12");
        page.draw("q 0.8 g");
        page.text(x + 12.0, y, 12.0, "8");
        page.draw("Q");
    };
    check(grey, None);
    let apart = |page: &mut Drawing, x: f64, y: f64| page.text(x, y, 12.0, "1 2");
    check(apart, None);
    // A figure whose digits are set apart evenly.
    let even = |page: &mut Drawing, x: f64, y: f64| {
        page.draw("4 Tc");
        page.text(x, y, 12.0, "123");
        page.draw("0 Tc");
    };
    check(even, Some("123"));
}

/// A table without rules whose rows and cells are tagged; `cell` draws the figure of `AT`, a line each.
fn tagged(lines: &[&str], with_rules: bool, shift: usize) -> Drawing {
    let mut page = Drawing::default();
    page.text(80.0, 80.0, 16.0, "某某市教育局2023年政府信息公开工作年度报告");
    page.text(80.0, 140.0, 12.0, "二、主动公开政府信息情况");
    let mut number = 0;
    let mut rows = String::new();
    let mut draw = |page: &mut Drawing, cells: &[(f64, &str)], y: f64| {
        rows.push_str("<</S/TR/K[");
        for (x, text) in cells {
            page.draw(&format!("/TD<</MCID {number}>>BDC"));
            for (line, text) in text.split('/').enumerate() {
                page.text(*x, y + 14.0 * line as f64, 12.0, text);
            }
            page.draw("EMC");
            write!(rows, "<</S/TD/K {number}>>").expect("writes");
            number += 1;
        }
        rows.push_str("]>>");
    };
    let columns = [70.0, 170.0, 200.0, 230.0];
    let heads = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"];
    // Headers stand above one another here: their columns are narrow.
    let at = |column: usize| columns[column];
    let head = |column: usize| (at(column), heads[column]);
    let narrow: Vec<(f64, String)> = (0..4)
        .map(|column| {
            let (x, text) = head(column);
            let parts: Vec<String> = text.chars().map(String::from).collect();
            (
                x,
                if column == 0 {
                    text.to_owned()
                } else {
                    parts.chunks(2).map(<[String]>::concat).collect::<Vec<_>>().join("/")
                },
            )
        })
        .collect();
    let narrow: Vec<(f64, &str)> = narrow.iter().map(|(x, text)| (*x, text.as_str())).collect();
    draw(&mut page, &narrow, 260.0);
    draw(&mut page, &[(at(0), "规章"), (at(1), "0"), (at(2), "1"), (at(3), "3")], 310.0);
    let figure = lines.join("/");
    let last = (1 + shift) % 4;
    draw(
        &mut page,
        &[(at(0), "行政规范性文件"), (at(last.max(1)), &figure), (at(2), "4"), (at(3), "87")],
        340.0,
    );
    if with_rules {
        for x in [60.0, 165.0, 195.0, 225.0, 255.0] {
            page.rule(x, 240.0, x, 370.0);
        }
    }
    page.tags = Some(format!("<</S/Table/Pg 3 0 R/K[{rows}]>>"));
    page.text(80.0, 400.0, 12.0, "三、收到和处理政府信息公开申请情况");
    page
}

#[test]
fn tagged_tables_need_no_rules() {
    assert_eq!(figure(&tagged(&["12"], false, 0)).0.as_deref(), Some("12"));
    // A figure that is broken in its narrow cell is one; two figures above one another are not.
    assert_eq!(figure(&tagged(&["1234", "5"], true, 0)).0.as_deref(), Some("12345"));
    assert_eq!(figure(&tagged(&["12", "34"], true, 0)).0, None);
    assert_eq!(figure(&tagged(&["1234", "5"], false, 0)).0, None);
}

#[test]
fn tags_that_are_not_what_is_drawn_are_not_believed() {
    // The cell that is tagged as the first one stands in another column.
    let (report, _) = read(&tagged(&["12"], false, 1));
    assert_ne!(report["tables"]["proactive_disclosure"]["normative_documents"][0], 12);
    // Something stands beside a figure that is no part of the table.
    let mut page = tagged(&["12"], false, 0);
    page.text(184.0, 340.0, 12.0, "9");
    let (report, _) = read(&page);
    assert_ne!(report["tables"]["proactive_disclosure"]["normative_documents"][0], 12);
    assert_ne!(report["tables"]["proactive_disclosure"]["normative_documents"][0], 129);
}

#[test]
fn pages_that_were_turned_are_read() {
    for turn in ["/Rotate 90", "/Rotate 180", "/Rotate 270"] {
        let mut page = page();
        page.text(AT.0, AT.1, 12.0, "12");
        page.page = turn;
        assert_eq!(figure(&page).0.as_deref(), Some("12"), "{turn}");
    }
}

#[test]
fn a_title_over_two_lines_is_one() {
    let mut page = page();
    page.contents.clear();
    page.text(57.5, 80.0, 24.0, "某某市交通运输综合行政执法局2023年");
    page.text(165.5, 116.0, 24.0, "政府信息公开工作年度报");
    page.text(285.5, 152.0, 24.0, "告");
    for y in [200.0, 230.0, 260.0, 290.0] {
        page.text(80.0, y, 12.0, "本年度公开政府信息。");
    }
    let (report, imported) = read(&page);
    assert_eq!(report["issuer"], "某某市交通运输综合行政执法局");
    assert_eq!(report["year"], 2023);
    assert!(!String::from_utf8_lossy(&imported.report).contains("\"告\""), "{report:#}");
}

#[test]
fn messages_have_no_control_characters() {
    let mut page = page();
    page.text(AT.0, AT.1, 12.0, "29");
    page.says.push(('9', "\u{0}"));
    let (_, imported) = read(&page);
    let of = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
    assert!(imported.findings.iter().all(|finding| !of(&finding.message.zh)));
}

#[test]
fn a_path_without_end_is_refused() {
    let mut page = page();
    page.draw(&"1 2 l ".repeat(1_200_000));
    page.draw("S");
    assert!(import(&page.file(), &Layouts::embedded(), None, &Limits::default()).is_err());
}

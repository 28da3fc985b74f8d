//! Import of files of any origin: what they hold is read, and nothing else.

mod pdf;
mod shapes;
mod shown;
mod text;

use std::collections::BTreeMap;

use gongwen::{Imported, Layouts, Limits, State, import};
use serde_json::Value;
use shapes::{Dice, Form, SHAPES, Shape, file, form, mangle};

const LAYOUTS: [&str; 2] = ["disclosure-annual-report-2021", "disclosure-annual-report-2019"];

fn read(text: &str) -> (Value, Imported) {
    let imported = import(text.as_bytes(), &Layouts::embedded(), None, &Limits::default()).expect("reads");
    (serde_json::from_slice(&imported.report).expect("is JSON"), imported)
}

/// The figures of a report by their pointers; none for one that is open.
fn figures(report: &Value) -> BTreeMap<String, Option<String>> {
    let mut found = BTreeMap::new();
    for (table, rows) in report["tables"].as_object().into_iter().flatten() {
        for (row, cells) in rows.as_object().into_iter().flatten() {
            for (at, cell) in cells.as_array().into_iter().flatten().enumerate() {
                let text = match cell {
                    Value::Null => None,
                    Value::String(text) => Some(text.clone()),
                    other => Some(other.to_string()),
                };
                found.insert(format!("/tables/{table}/{row}/{at}"), text);
            }
        }
    }
    found
}

/// How many figures a file shows and how many of these were read. Whatever was read must be right, whatever was not must be told.
fn check(form: &Form, shape: Shape, what: &str) -> (usize, usize) {
    let text = file(form, shape);
    let (report, imported) = read(&text);
    let found = figures(&report);
    let states: BTreeMap<&str, State> =
        imported.places.figures.iter().map(|figure| (figure.pointer.as_str(), figure.state)).collect();
    let (mut shown, mut placed) = (0, 0);
    for (pointer, wanted) in form.pointers.iter().zip(&form.figures) {
        let own = found.get(pointer).cloned().flatten();
        shown += usize::from(!wanted.is_empty());
        match own {
            Some(own) => {
                if &own != wanted {
                    let file = std::env::temp_dir().join(format!("mangled-{}.txt", what.replace(' ', "-")));
                    std::fs::write(&file, &text).expect("writes");
                    panic!("{what} {shape:?} {pointer}: {own} for {wanted:?}, see {}", file.display());
                }
                placed += 1;
            }
            None if report["layout"] != "general-document" => {
                let state = states.get(pointer.as_str());
                assert!(
                    matches!(state, Some(State::Missing | State::Doubtful)),
                    "{what} {shape:?} {pointer}: {state:?}"
                );
            }
            None => {}
        }
    }
    (shown, placed)
}

#[test]
fn every_shape_gives_every_figure() {
    for layout in LAYOUTS {
        let form = form(layout);
        for shape in SHAPES {
            let (shown, placed) = check(&form, shape, layout);
            assert_eq!(placed, shown, "{layout} {shape:?}");
            let (report, imported) = read(&file(&form, shape));
            assert_eq!(report["layout"], layout, "{shape:?}");
            assert_eq!(report["issuer"], "某某市教育局");
            assert_eq!(report["year"], 2023);
            let sections = report["sections"].as_object().expect("sections");
            assert_eq!(sections.len(), form.sections.len(), "{shape:?}");
            for (section, (_, text, _)) in sections.values().zip(&form.sections) {
                assert_eq!(section[0], *text, "{shape:?}");
            }
            assert!(imported.places.figures.iter().all(|figure| figure.place.is_some()), "{shape:?}");
        }
    }
}

/// Of these mangled files no figure is read wrongly.
fn campaign(seeds: impl IntoIterator<Item = u64>) -> BTreeMap<String, (usize, usize)> {
    let mut by_shape: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let forms = LAYOUTS.map(form);
    let mut wrong = Vec::new();
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let mut form = forms[dice.roll(forms.len())].clone();
        mangle(&mut form, &mut dice);
        let shape = SHAPES[dice.roll(SHAPES.len())];
        let what = format!("seed {seed}");
        let (shown, placed) = match std::panic::catch_unwind(|| check(&form, shape, &what)) {
            Ok(counted) => counted,
            Err(_) => {
                wrong.push(seed);
                continue;
            }
        };
        let entry = by_shape.entry(format!("{shape:?}")).or_default();
        *entry = (entry.0 + shown, entry.1 + placed);
    }
    assert!(wrong.is_empty(), "files with a wrong figure: {wrong:?}");
    by_shape
}

/// Of what these many files show, most is read.
fn whole_campaign(count: u64) {
    let by_shape = campaign(0..count);
    println!("{by_shape:#?}");
    for (shape, (shown, placed)) in by_shape {
        assert!(placed * 100 >= shown * 80, "{shape}: {placed} of {shown}");
    }
}

#[test]
fn mangled_files_never_give_a_wrong_figure() {
    whole_campaign(300);
}

/// Rows of padded text that had lost a cell, in tables where several had: once read a column too far.
#[test]
fn rows_that_lost_a_cell_are_never_shifted() {
    campaign([2283, 2413, 4049, 4281, 5954, 6782]);
}

/// The whole campaign: `scripts/test --long`.
#[test]
#[ignore = "takes minutes"]
fn every_mangled_file_gives_no_wrong_figure() {
    whole_campaign(10_000);
}

#[test]
fn damaged_files_end_in_a_report_or_a_reason() {
    let form = form(LAYOUTS[0]);
    let layouts = Layouts::embedded();
    for seed in 0..96 {
        let mut dice = Dice::new(seed);
        let mut bytes = file(&form, SHAPES[dice.roll(SHAPES.len())]).into_bytes();
        for _ in 0..1 + dice.roll(60) {
            let at = dice.roll(bytes.len().max(1));
            if at >= bytes.len() {
                break;
            }
            match dice.roll(4) {
                0 => drop(bytes.remove(at)),
                1 => bytes[at] = b"<>|& \n0\""[dice.roll(8)],
                2 => bytes.truncate(at.max(bytes.len() / 2)),
                _ => bytes.insert(at, b"<>|\n1/-"[dice.roll(7)]),
            }
        }
        if let Ok(imported) = import(&bytes, &layouts, None, &Limits::default()) {
            let report: Value = serde_json::from_slice(&imported.report).expect("is JSON");
            assert_eq!(report["format"], 1, "seed {seed}");
            let checked = gongwen::Exporter::new().check(
                &imported.report,
                &gongwen::Options::default(),
                &gongwen::Beside::default(),
                &(),
            );
            assert!(checked.is_ok(), "seed {seed}: {checked:?}");
        }
    }
}

#[test]
fn what_is_no_report_becomes_a_general_document() {
    let (report, _) = read(
        "检查工作安排\n一、检查范围\n全部项目。\n二、时间安排\n本月内完成。\n某某市教育局\n2024年3月1日\n",
    );
    assert_eq!(report["layout"], "general-document");
    assert_eq!(report["title"], "检查工作安排");
    assert_eq!(report["sections"][1]["title"], "时间安排");
    assert_eq!(report["signature"]["date"], "2024-03-01");
    assert_eq!(report["issuer"], "某某市教育局");
}

#[test]
fn notices_and_letters_become_reports_of_their_layouts() {
    for (layout, title) in [("notice", "关于开展检查的通知"), ("letter", "关于商请提供数据的函")]
    {
        let (report, imported) = read(&format!(
            "某某市教育局文件\n某教发〔2024〕3号\n某某市教育局{title}\n各科室：\n现将有关事项通知如下：\n一、检查范围\n全部项目。\n附件：检查表\n某某市教育局\n2024年3月1日\n抄送：市政府办公室。\n某某市教育局办公室 2024年3月2日印发\n"
        ));
        assert_eq!(report["layout"], layout);
        assert_eq!(report["title"], format!("某某市教育局{title}"));
        assert_eq!(report["addressee"], "各科室：");
        assert_eq!(report["letterhead"]["organ"], "某某市教育局文件");
        assert_eq!(report["metadata"]["document_number"], "某教发〔2024〕3号");
        assert_eq!(report["preamble"][0], "现将有关事项通知如下：");
        assert_eq!(report["sections"][0]["title"], "检查范围");
        assert_eq!(report["attachments"][0]["title"], "检查表");
        assert_eq!(report["signature"]["date"], "2024-03-01");
        assert_eq!(report["colophon"]["printed_on"], "2024-03-02");
        assert!(imported.places.unplaced.is_empty(), "{layout}: {:?}", imported.places.unplaced);
        let exported = gongwen::Exporter::new().export(&imported.report, &gongwen::Options::default(), &());
        assert!(exported.is_ok(), "{layout}: {exported:?}");
    }
}

/// A page with a table of the form and what `edit` makes of its rows; its figures by their pointers.
fn page(edit: impl Fn(&mut Vec<Vec<shapes::Cell>>)) -> (BTreeMap<String, Option<String>>, Imported) {
    let mut form = form(LAYOUTS[0]);
    edit(&mut form.sections[2].2);
    let (report, imported) = read(&file(&form, Shape::Page));
    (figures(&report), imported)
}

fn cell(text: &str, kind: shapes::Kind) -> shapes::Cell {
    shapes::Cell { columns: 1, rows: 1, text: text.to_owned(), figure: None, kind }
}

#[test]
fn columns_and_rows_beside_those_of_the_form_take_nothing_away() {
    let plain = page(|_| {}).0;
    assert!(plain.values().all(Option::is_some));
    // A number before each row.
    let (found, _) = page(|rows| {
        let mut number = 0;
        for row in rows.iter_mut() {
            let has_figures = row.iter().any(|cell| cell.figure.is_some());
            number += usize::from(has_figures);
            let text = if has_figures { number.to_string() } else { "序号".to_owned() };
            row.insert(0, cell(&text, shapes::Kind::Head));
        }
    });
    assert_eq!(found, plain);
    // One more column behind the others, in a table whose headers say so.
    let (found, imported) = page(|rows| {
        for (at, row) in rows.iter_mut().enumerate() {
            match at {
                0 => row.push(shapes::Cell { rows: 3, ..cell("备注数", shapes::Kind::Head) }),
                1 | 2 => {}
                _ => row.push(cell("7", shapes::Kind::Figure)),
            }
        }
    });
    assert_eq!(found, plain);
    assert!(
        imported.places.unplaced.iter().any(|left| left.text.contains("备注数")),
        "{:?}",
        imported.places.unplaced
    );
    // A label in another spelling.
    let (found, _) = page(|rows| {
        for row in rows.iter_mut() {
            for cell in row.iter_mut() {
                cell.text = cell.text.replace("3.其他", "3.其它");
            }
        }
    });
    assert_eq!(found, plain);
    // The last row stands first.
    let (found, _) = page(|rows| {
        let at = rows
            .iter()
            .position(|row| row.iter().any(|cell| cell.text.contains("结转下年度")))
            .expect("a row");
        let last = rows.remove(at);
        rows.insert(3, last);
    });
    assert_eq!(found, plain);
}

#[test]
fn the_last_row_alone_on_a_page_is_read_under_its_repeated_headers() {
    let form = form(LAYOUTS[0]);
    let text = file(&form, Shape::Page);
    let plain = figures(&read(&text).0);
    let label = text.find("四、结转下年度继续办理").expect("the row");
    let row = text[..label].rfind("<tr>").expect("begins");
    let table = text[..row].rfind("<table>").expect("begins") + "<table>".len();
    let heads: String = text[table..row].split_inclusive("</tr>").take(3).collect();
    let (report, _) = read(&format!("{}</table><table>{heads}{}", &text[..row], &text[row..]));
    assert_eq!(figures(&report), plain);
}

#[test]
fn of_two_reports_in_one_file_the_first_is_read() {
    let form = form(LAYOUTS[0]);
    for shape in [Shape::Rows, Shape::BarredRows] {
        let one = file(&form, shape);
        let mut last_year = form.clone();
        for row in last_year.sections.iter_mut().flat_map(|(_, _, rows)| rows) {
            for cell in row.iter_mut().filter(|cell| cell.figure.is_some()) {
                cell.text = format!("9{}", cell.text);
            }
        }
        let (report, imported) = read(&format!("{one}{}", file(&last_year, shape)));
        assert_eq!(figures(&report), figures(&read(&one).0), "{shape:?}");
        let twice = imported.findings.iter().filter(|finding| finding.rule == "import.twice").count();
        assert_eq!(twice, 3, "{shape:?}");
    }
}

#[test]
fn tables_in_another_order_are_all_read() {
    let form = form(LAYOUTS[0]);
    let plain = figures(&read(&file(&form, Shape::Page)).0);
    for (one, other) in [(1, 2), (2, 3), (1, 3)] {
        let mut form = form.clone();
        let tables: Vec<_> = form.sections.iter().map(|section| section.2.clone()).collect();
        form.sections[one].2.clone_from(&tables[other]);
        form.sections[other].2.clone_from(&tables[one]);
        let (report, imported) = read(&file(&form, Shape::Page));
        assert_eq!(figures(&report), plain, "{one} {other}");
        assert!(!imported.findings.iter().any(|finding| finding.rule == "import.row"), "{one} {other}");
    }
}

#[test]
fn files_of_other_formats_are_named() {
    let import = |bytes: &[u8]| import(bytes, &Layouts::embedded(), None, &Limits::default());
    let reason = |bytes: &[u8]| import(bytes).expect_err("is refused").message().zh;
    assert!(reason(b"\xD0\xCF\x11\xE0\xA1\xB1").contains("另存为 .docx"));
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(
        reason(&[b"\xD0\xCF\x11\xE0", &encrypted[..]].concat()),
        "文件已加密，要口令才能打开；用口令打开它，去掉口令另存一份再用"
    );
    assert!(reason(b"\x89PNG\r\n\x1a\n....").contains("图片"));
    assert!(reason(b"PK\x03\x04 word/document.xml").contains("不完整"));
    assert!(reason(b"{\\rtf1").contains("RTF"));
    assert!(reason(b"\n \n").contains("没有可读的文字"));
}

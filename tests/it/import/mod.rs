//! Import of files of any origin: what they hold is read, and nothing else.

mod shapes;

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

/// Of these many mangled files no figure is read wrongly.
fn campaign(count: u64) {
    let mut by_shape: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let forms = LAYOUTS.map(form);
    let mut wrong = 0;
    for seed in 0..count {
        let mut dice = Dice::new(seed);
        let mut form = forms[dice.roll(forms.len())].clone();
        mangle(&mut form, &mut dice);
        let shape = SHAPES[dice.roll(SHAPES.len())];
        let what = format!("seed {seed}");
        let (shown, placed) = match std::panic::catch_unwind(|| check(&form, shape, &what)) {
            Ok(counted) => counted,
            Err(_) => {
                wrong += 1;
                continue;
            }
        };
        let entry = by_shape.entry(format!("{shape:?}")).or_default();
        *entry = (entry.0 + shown, entry.1 + placed);
    }
    println!("{by_shape:#?}");
    assert_eq!(wrong, 0, "files with a wrong figure, of {count}");
    for (shape, (shown, placed)) in by_shape {
        assert!(placed * 100 >= shown * 80, "{shape}: {placed} of {shown}");
    }
}

#[test]
fn mangled_files_never_give_a_wrong_figure() {
    campaign(300);
}

/// The whole campaign: `scripts/test --long`.
#[test]
#[ignore = "takes minutes"]
fn every_mangled_file_gives_no_wrong_figure() {
    campaign(10_000);
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
        "关于开展检查的通知\n各科室：\n一、检查范围\n全部项目。\n二、时间安排\n本月内完成。\n某某市教育局\n2024年3月1日\n",
    );
    assert_eq!(report["layout"], "general-document");
    assert_eq!(report["title"], "关于开展检查的通知");
    assert_eq!(report["sections"][1]["title"], "时间安排");
    assert_eq!(report["signature"]["date"], "2024-03-01");
    assert_eq!(report["issuer"], "某某市教育局");
}

#[test]
fn files_of_other_formats_are_named() {
    let import = |bytes: &[u8]| import(bytes, &Layouts::embedded(), None, &Limits::default());
    let reason = |bytes: &[u8]| import(bytes).expect_err("is refused").message().zh;
    assert!(reason(b"\xD0\xCF\x11\xE0\xA1\xB1").contains("另存为 .docx"));
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(reason(&[b"\xD0\xCF\x11\xE0", &encrypted[..]].concat()), "文件已加密");
    assert!(reason(b"{\\rtf1").contains("RTF"));
    assert!(reason(b"\n \n").contains("没有可读的文字"));
}

//! Tables in text, written otherwise than the form or damaged: what is read is right, the rest is told.
//!
//! The figures are those of an example, so that its identities hold, as in files of offices.

use std::collections::BTreeMap;

use gongwen::{Imported, Layouts, Limits, State, import};
use serde_json::Value;

use super::shapes::{Cell, Dice, Form, Kind, Shape, file, form};
use super::{LAYOUTS, figures, read};

/// The shapes in which a line or a mark ends a row or a cell.
const TEXTS: [Shape; 6] = [
    Shape::Rows,
    Shape::PaddedRows,
    Shape::BarredRows,
    Shape::CellEndsWithBar,
    Shape::BarAlone,
    Shape::CellALine,
];

/// The tables of the form by the numbers of their sections.
const DISCLOSURE: usize = 1;
const REQUESTS: usize = 2;
const LITIGATION: usize = 3;

/// The form with the figures of the example.
fn example() -> Form {
    let text = std::fs::read_to_string("examples/qingzhen-2023.json").expect("reads");
    let report: Value = serde_json::from_str(&text).expect("is JSON");
    let mut form = form(LAYOUTS[0]);
    // The example has noughts alone here.
    let cases = [3, 1, 0, 2, 6, 5, 0, 1, 4, 10, 2, 2, 0, 1, 5];
    let mut cases = cases.into_iter();
    for (pointer, figure) in form.pointers.iter().zip(&mut form.figures) {
        if pointer.starts_with("/tables/litigation") {
            *figure = cases.next().expect("fifteen figures").to_string();
            continue;
        }
        *figure = match report.pointer(pointer).expect("has the figure") {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
    }
    for cell in form.sections.iter_mut().flat_map(|(_, _, rows)| rows).flatten() {
        if let Some(figure) = cell.figure {
            cell.text.clone_from(&form.figures[figure]);
        }
    }
    form
}

/// The same with blanks in place of noughts.
fn with_blanks() -> Form {
    let mut form = example();
    for cell in form.sections.iter_mut().flat_map(|(_, _, rows)| rows).flatten() {
        if let (Some(figure), "0") = (cell.figure, cell.text.as_str()) {
            cell.text.clear();
            form.figures[figure].clear();
        }
    }
    form
}

/// How many figures a text shows that are read. All that are read are right; the others are told.
fn right(form: &Form, text: &str, what: &str) -> (usize, Imported) {
    let (report, imported) = read(text);
    let found = figures(&report);
    let states: BTreeMap<&str, State> =
        imported.places.figures.iter().map(|figure| (figure.pointer.as_str(), figure.state)).collect();
    let mut count = 0;
    for (pointer, wanted) in form.pointers.iter().zip(&form.figures) {
        match found.get(pointer).cloned().flatten() {
            Some(own) => {
                assert_eq!(&own, wanted, "{what} {pointer}");
                count += 1;
            }
            None => {
                let state = states.get(pointer.as_str());
                assert!(
                    matches!(state, Some(State::Missing | State::Doubtful)),
                    "{what} {pointer}: {state:?}"
                );
            }
        }
    }
    (count, imported)
}

fn shown(form: &Form) -> usize {
    form.figures.iter().filter(|figure| !figure.is_empty()).count()
}

fn rules(imported: &Imported) -> Vec<&str> {
    imported.findings.iter().map(|finding| &*finding.rule).collect()
}

/// The cells of figures of a row, by their numbers in it.
fn places(row: &[Cell]) -> Vec<usize> {
    (0..row.len()).filter(|at| row[*at].kind == Kind::Figure).collect()
}

/// Puts the figures of all rows of a section, and its headers, in another order.
fn exchange(
    form: &mut Form,
    section: usize,
    heads: &mut dyn FnMut(&mut Vec<Cell>),
    figures: &dyn Fn(&mut Vec<Cell>),
) {
    for row in &mut form.sections[section].2 {
        let own = places(row);
        match own.is_empty() {
            true => heads(row),
            false if own.len() > 2 => {
                let start = own[0];
                let mut cells = row.split_off(start);
                figures(&mut cells);
                row.extend(cells);
            }
            false => {}
        }
    }
}

#[test]
fn columns_follow_the_words_of_their_headers() {
    let swapped = |row: &mut Vec<Cell>| {
        let at = |text: &str| row.iter().position(|cell| cell.text == text);
        if let (Some(one), Some(other)) = (at("商业企业"), at("科研机构")) {
            row.swap(one, other);
        }
    };
    let total_first = |row: &mut Vec<Cell>| {
        if row.iter().any(|cell| cell.text == "自然人") {
            row.rotate_right(1);
        }
    };
    let rotated = |row: &mut Vec<Cell>| {
        if let Some(at) = row.iter().position(|cell| cell.text == "本年制发件数") {
            row[at..].rotate_left(1);
        }
    };
    // Of two groups of headers in one row the second one first.
    let groups = |row: &mut Vec<Cell>| {
        if let Some(at) = row.iter().position(|cell| cell.text == "未经复议直接起诉") {
            row.swap(at, at + 1);
        }
    };
    type Change<'c> = &'c dyn Fn(&mut Vec<Cell>);
    let changes: [(&str, usize, Change, Change); 4] = [
        ("two columns", REQUESTS, &swapped, &|cells| cells.swap(1, 2)),
        ("the total first", REQUESTS, &total_first, &|cells| cells.rotate_right(1)),
        ("in another order", DISCLOSURE, &rotated, &|cells| cells.rotate_left(1)),
        ("two groups", LITIGATION, &groups, &|cells| cells[5..].rotate_left(5)),
    ];
    for (what, section, heads, figures) in changes {
        for shape in TEXTS {
            let mut form = example();
            exchange(&mut form, section, &mut |row| heads(row), figures);
            let what = format!("{what} {shape:?}");
            let (count, imported) = right(&form, &file(&form, shape), &what);
            assert_eq!(count, shown(&form), "{what}");
            assert!(rules(&imported).contains(&"import.column"), "{what}");
        }
    }
}

#[test]
fn a_column_that_is_not_there_shifts_no_figure() {
    for shape in TEXTS {
        for lost in [2, 5] {
            let mut form = example();
            let mut gone = Vec::new();
            for row in &mut form.sections[REQUESTS].2 {
                let own = places(row);
                match own.get(lost) {
                    Some(at) => gone.extend(row.remove(*at).figure),
                    None => row.retain(|cell| cell.text != ["科研机构", "其他"][lost / 5]),
                }
            }
            gone.iter().for_each(|figure| form.figures[*figure].clear());
            right(&form, &file(&form, shape), &format!("{shape:?} without column {lost}"));
        }
    }
}

#[test]
fn blanks_that_were_lost_or_added_shift_no_figure() {
    let mut by_kind: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for seed in 0..4 {
        for shape in TEXTS {
            for kind in ["lost", "added", "cut"] {
                let mut dice = Dice::new(seed);
                let mut form = with_blanks();
                for row in form.sections.iter_mut().flat_map(|(_, _, rows)| rows) {
                    let blank = |cell: &Cell| cell.figure.is_some() && cell.text.is_empty();
                    match kind {
                        "lost" => row.retain(|cell| !blank(cell) || dice.roll(3) > 0),
                        "added" => {
                            let mut more = row[0].clone();
                            (more.text, more.columns, more.figure) = (String::new(), 1, None);
                            row.extend(std::iter::repeat_n(more, dice.roll(5)));
                        }
                        _ => {
                            let kept = row.iter().rposition(|cell| !blank(cell)).map_or(0, |at| at + 1);
                            row.truncate(kept);
                        }
                    }
                }
                let what = format!("{kind} {seed} {shape:?}");
                let (count, _) = right(&form, &file(&form, shape), &what);
                let own = by_kind.entry(kind).or_default();
                *own = (own.0 + shown(&form), own.1 + count);
            }
        }
    }
    // Without a mark (a cell a line) a blank leaves nothing at all.
    println!("{by_kind:?}");
    for (kind, least) in [("lost", 20), ("added", 60), ("cut", 60)] {
        let (shown, count) = by_kind[kind];
        assert!(count * 100 >= shown * least, "{kind}: {count} of {shown}");
    }
}

#[test]
fn a_number_broken_over_two_lines_is_no_figure() {
    for (at, shape) in TEXTS.into_iter().enumerate() {
        let form = example();
        let text = file(&form, shape);
        // The last cell of a row: 一、…数量.
        let figure =
            form.pointers.iter().position(|pointer| pointer == "/tables/requests/received_this_year/6");
        let whole = &form.figures[figure.expect("is there")];
        assert!(whole.len() > 1, "{whole}");
        let row = text.find("一、本年新收政府信息公开申请数量").expect("the row");
        let mark = text[row..].find("二、上年结转").expect("the next row") + row;
        let start = text[row..mark].rfind(whole.as_str()).expect("the figure") + row + 1;
        let broken = format!("{}\n{}", &text[..start], &text[start..]);
        let (count, imported) = right(&form, &broken, &format!("{at} {shape:?}"));
        assert!(count + 7 >= shown(&form) && count < shown(&form), "{shape:?}: {count}");
        let told = |rule: &&str| matches!(*rule, "import.cell" | "import.column");
        assert!(rules(&imported).iter().any(told), "{shape:?}");
    }
}

#[test]
fn a_number_with_a_space_in_it_is_never_two_cells() {
    for shape in [Shape::CellEndsWithBar, Shape::BarAlone, Shape::CellALine] {
        let mut form = example();
        for row in &mut form.sections[REQUESTS].2 {
            let own = places(row);
            // A blank somewhere, and a number that a space broke.
            let long = own.iter().copied().find(|at| row[*at].text.len() > 1);
            let (Some(long), Some(blank)) = (long, own.iter().copied().find(|at| row[*at].text == "0"))
            else {
                continue;
            };
            row[long].text.insert(1, ' ');
            row[blank].text.clear();
            for at in [long, blank] {
                form.figures[row[at].figure.expect("is one")].clear();
            }
        }
        right(&form, &file(&form, shape), &format!("{shape:?}"));
    }
}

#[test]
fn a_space_in_a_label_makes_no_cell() {
    let mut form = example();
    for row in &mut form.sections[REQUESTS].2 {
        let own = places(row);
        let Some(label) = row.iter().position(|cell| cell.text.contains("部分公开")) else { continue };
        row[label].text = row[label].text.replace("区分处理的，", "区分处理的， ");
        // The last figure is blank, of which nothing is left where no mark ends a cell.
        let last = *own.last().expect("has figures");
        form.figures[row[last].figure.expect("is one")].clear();
        row[last].text.clear();
    }
    right(&form, &file(&form, Shape::CellALine), "a cell a line");
}

#[test]
fn fields_between_tabs_are_cells() {
    let form = with_blanks();
    let text: Vec<String> = file(&form, Shape::Rows).lines().map(|line| line.replace(" | ", "\t")).collect();
    let (count, _) = right(&form, &text.join("\n"), "tabs");
    assert_eq!(count, shown(&form));
    // A field that ends a line is one, too.
    let mut form = with_blanks();
    for row in &mut form.sections[REQUESTS].2 {
        if let Some(last) = places(row).last() {
            form.figures[row[*last].figure.expect("is one")].clear();
            row[*last].text.clear();
        }
    }
    let text: Vec<String> = file(&form, Shape::Rows).lines().map(|line| line.replace(" | ", "\t")).collect();
    let (count, _) = right(&form, &text.join("\n"), "tabs");
    assert_eq!(count, shown(&form));
}

#[test]
fn a_figure_that_is_shown_the_other_way_round_is_not_read() {
    let form = example();
    let pointer = "/tables/proactive_disclosure/administrative_penalties/0";
    for shape in [Shape::Page, Shape::Rows, Shape::CellALine] {
        let mut form = form.clone();
        let figure = form.pointers.iter().position(|own| own == pointer).expect("is there");
        for cell in form.sections.iter_mut().flat_map(|(_, _, rows)| rows).flatten() {
            if cell.figure == Some(figure) {
                cell.text = "\u{202e}12\u{202c}".to_owned();
            }
        }
        form.figures[figure].clear();
        let (count, imported) = right(&form, &file(&form, shape), &format!("{shape:?}"));
        assert_eq!(count, shown(&form), "{shape:?}");
        let told = imported.findings.iter().find(|finding| finding.pointer == pointer);
        assert!(told.is_some_and(|finding| finding.message.zh.contains("<U+202E>12")), "{shape:?}: {told:?}");
    }
}

#[test]
fn text_in_pre_is_read_as_a_text() {
    let form = example();
    for shape in [Shape::Rows, Shape::CellEndsWithBar, Shape::CellALine] {
        let text = file(&form, shape);
        let (count, _) = right(&form, &format!("<html><body><pre>{text}</pre></body></html>"), "pre");
        assert_eq!(count, shown(&form), "{shape:?}");
    }
}

#[test]
fn a_sentence_before_a_table_stays() {
    let mut form = example();
    form.sections[LITIGATION].1 = "行政复议、行政诉讼情况如下。".to_owned();
    form.sections[REQUESTS].1 = "本年度办理结果如下：".to_owned();
    for shape in TEXTS {
        let (report, _) = read(&file(&form, shape));
        assert_eq!(report["sections"]["review_and_litigation"][0], form.sections[LITIGATION].1, "{shape:?}");
        assert_eq!(report["sections"]["requests"][0], form.sections[REQUESTS].1, "{shape:?}");
    }
}

#[test]
fn figures_that_were_wrapped_are_not_read() {
    let form = example();
    let text = file(&form, Shape::Spaces);
    let row = text.lines().find(|line| line.starts_with("一、本年新收")).expect("the row");
    // As a reader of pages gives a narrow table: the ends of label and numbers are on the next line.
    let cut = |part: &str| -> (String, String) {
        let at = part.char_indices().nth(part.chars().count() / 2).map_or(0, |(at, _)| at);
        (part[..at].to_owned(), part[at..].to_owned())
    };
    let parts: Vec<(String, String)> = row
        .split(' ')
        .map(|part| if part.len() > 1 { cut(part) } else { (part.to_owned(), String::new()) })
        .collect();
    let upper: Vec<&str> = parts.iter().map(|(upper, _)| upper.as_str()).collect();
    let lower: Vec<&str> =
        parts.iter().map(|(_, lower)| lower.as_str()).filter(|lower| !lower.is_empty()).collect();
    let wrapped = text.replace(row, &format!("{}\n{}", upper.join(" "), lower.join(" ")));
    let (count, _) = right(&form, &wrapped, "wrapped");
    assert!(count + 7 >= shown(&form), "{count}");
}

#[test]
fn an_identity_that_does_not_hold_is_told_once() {
    let mut form = example();
    let mut wrong = 0;
    for row in &mut form.sections[REQUESTS].2 {
        let own = places(row);
        if let Some(last) = own.last().filter(|_| wrong < 5) {
            row[*last].text = "99999".to_owned();
            wrong += 1;
        }
    }
    let (_, imported) = read(&file(&form, Shape::Rows));
    let told: Vec<_> = imported.findings.iter().filter(|finding| finding.rule == "import.doubtful").collect();
    let row_total: Vec<_> =
        told.iter().filter(|finding| finding.message.zh.contains("总计等于自然人")).collect();
    assert_eq!(row_total.len(), 1, "{told:?}");
    assert!(row_total[0].message.zh.contains("有 5 处对不上"), "{}", row_total[0].message.zh);
    assert!(
        row_total[0].message.zh.contains("一、本年新收政府信息公开申请数量"),
        "{}",
        row_total[0].message.zh
    );
    assert!(row_total[0].place.is_some());
    assert!(told.len() <= 3, "{told:?}");
    let (_, imported) = read(&file(&example(), Shape::Rows));
    assert!(!rules(&imported).contains(&"import.doubtful"));
}

#[test]
fn rows_of_the_report_in_one_row_of_the_file_are_each_told() {
    let mut form = with_blanks();
    let row = form.sections[LITIGATION].2.last_mut().expect("the figures");
    let mut more = row[places(row)[2]].clone();
    (more.text, more.figure) = (String::new(), None);
    row.insert(places(row)[6], more);
    let (_, imported) = read(&file(&form, Shape::Rows));
    for row in ["reconsideration", "litigation_direct", "litigation_after_reconsideration"] {
        let pointer = format!("/tables/litigation/{row}");
        assert!(imported.findings.iter().any(|finding| finding.pointer.starts_with(&pointer)), "{row}");
    }
}

#[test]
fn titles_and_signatures_of_other_programs() {
    let check = |title: &str, foot: &str, issuer: &str, date: Option<&str>| {
        let form = example();
        let text = file(&form, Shape::Rows).replace(&form.title, title);
        let imported =
            import(format!("{text}{foot}\n").as_bytes(), &Layouts::embedded(), None, &Limits::default())
                .expect("reads");
        let report: Value = serde_json::from_slice(&imported.report).expect("is JSON");
        assert_eq!(report["issuer"], issuer, "{title}");
        assert_eq!(report["signature"]["date"].as_str(), date, "{foot}");
        report
    };
    // The digits of the year on a line of their own.
    let report = check("某某市教育局 年政府信息公开工作年度报告\n2023", "", "某某市教育局", None);
    assert_eq!(report["year"], 2023);
    assert_eq!(report["title"], "某某市教育局2023年政府信息公开工作年度报告");
    let years = "某某市教育局2022-2023年政府信息公开工作年度报告";
    check(years, "某某市教育局\n2024年1月31日", "某某市教育局", Some("2024-01-31"));
    let title = &example().title;
    for date in ["2024年1月31日", "2024-01-31", "2024.1.31", "2024/1/31"] {
        check(title, &format!("某某市教育局  {date}"), "某某市教育局", Some("2024-01-31"));
    }
}

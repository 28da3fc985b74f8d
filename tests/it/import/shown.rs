//! What a file shows is what is read: marks beside a figure, hidden and struck text, and formats never become digits of it; of
//! two years only one is read.

use std::collections::BTreeMap;
use std::io::Write;

use gongwen::{Imported, Layouts, Limits, import};
use rust_xlsxwriter::{Format, FormatScript, Workbook};

use super::shapes::{Cell, Form, Shape, file, form};
use super::{LAYOUTS, figures};

/// What is found of the figure in a cell that shows something else beside it, and how many findings name the cell.
type Found = (Option<String>, usize);

const FIGURE: usize = 40;

fn read(bytes: &[u8]) -> (BTreeMap<String, Option<String>>, Imported) {
    let imported = import(bytes, &Layouts::embedded(), None, &Limits::default()).expect("reads");
    let report = serde_json::from_slice(&imported.report).expect("is JSON");
    (figures(&report), imported)
}

/// Reads a file in which one figure is shown otherwise; all others must be read.
fn one_of(form: &Form, bytes: &[u8], what: &str) -> Found {
    let (found, imported) = read(bytes);
    for (at, (pointer, wanted)) in form.pointers.iter().zip(&form.figures).enumerate() {
        if at != FIGURE {
            assert_eq!(found.get(pointer).cloned().flatten().as_ref(), Some(wanted), "{what} {pointer}");
        }
    }
    let told = imported.findings.iter().filter(|finding| finding.place.is_some()).count();
    (found[&form.pointers[FIGURE]].clone(), told)
}

/// The figure, or nothing, which is told.
fn is_right_or_told(form: &Form, found: &Found, what: &str) {
    match &found.0 {
        Some(read) => assert_eq!(read, &form.figures[FIGURE], "{what}"),
        None => assert!(found.1 > 0, "{what} is told"),
    }
}

fn page(form: &Form, head: &str, cell: &str) -> String {
    let page = file(form, Shape::Page).replace("<html>", &format!("<html><head>{head}</head>"));
    let plain = format!(">{}<", form.figures[FIGURE]);
    assert_eq!(page.matches(&plain).count(), 1);
    page.replace(&plain, &format!(">{cell}<"))
}

#[test]
fn a_page_is_read_as_it_is_shown() {
    let form = form(LAYOUTS[0]);
    let figure = form.figures[FIGURE].as_str();
    let (first, rest) = figure.split_at(1);
    let style = "<style>.up{vertical-align:super}.no{display:none}.away{position:absolute;left:-2000px}.gone{text-decoration:line-through}.line{display:block}</style>";
    let right: Vec<String> = vec![
        format!("<span class=no>9</span>{figure}"),
        format!("<span class=away>9</span>{figure}"),
        format!("<span class=gone>9</span>{figure}"),
        format!("<span style='visibility:hidden'>9</span>{figure}"),
        format!("<span style='opacity:0'>9</span>{figure}"),
        format!("<canvas>9</canvas>{figure}"),
        format!("<table><tr><td>{figure}</td></tr></table>"),
        format!("{first}<b>{rest}</b>"),
    ];
    for cell in right {
        let found = one_of(&form, page(&form, style, &cell).as_bytes(), &cell);
        assert_eq!(found.0.as_deref(), Some(figure), "{cell}");
    }
    let told: Vec<String> = vec![
        format!("{figure}<span class=up>1</span>"),
        format!("{figure}<span style='position:relative;top:-3px'>1</span>"),
        format!("{figure}<span style='vertical-align:4pt;font-size:6pt'>1</span>"),
        format!("<ruby>{figure}<rt>9</rt></ruby>"),
        format!("<math><msup><mn>{figure}</mn><mn>1</mn></msup></math>"),
        format!("<math><mfrac><mn>{first}</mn><mn>{rest}</mn></mfrac></math>"),
        format!("<details><summary>{figure}</summary>9</details>"),
        format!("<span class=line>{first}</span><span class=line>{rest}</span>"),
        format!("<span style='mso-list:Ignore'>1.</span>{figure}"),
        format!("<bdo dir=rtl>{figure}</bdo>"),
    ];
    for cell in told {
        let found = one_of(&form, page(&form, style, &cell).as_bytes(), &cell);
        assert_eq!(found.0, None, "{cell}");
        is_right_or_told(&form, &found, &cell);
    }
}

const STYLES: &str = "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
    <w:style w:type=\"character\" w:styleId=\"Mark\"><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style>\
    <w:style w:type=\"character\" w:styleId=\"Based\"><w:basedOn w:val=\"Mark\"/></w:style>\
    <w:style w:type=\"character\" w:styleId=\"Hidden\"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>";
const NUMBERS: &str = "<w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
    <w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"7\"/><w:lvlText w:val=\"%1\"/></w:lvl></w:abstractNum>\
    <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>";

/// A Word file of the form, in which one figure is these paragraphs; its main part has this name.
fn word(form: &Form, main: &str, paragraphs: &str) -> Vec<u8> {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let mut body = paragraph(&form.title);
    for (title, text, rows) in &form.sections {
        body += &(paragraph(title) + &paragraph(text));
        if rows.is_empty() {
            continue;
        }
        body += "<w:tbl>";
        // Cells that go on below another one are cells here.
        let mut open: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for row in rows {
            body += "<w:tr>";
            let (mut column, mut own) = (0, row.iter());
            loop {
                if let Some((columns, left)) = open.get(&column).copied().filter(|(_, left)| *left > 0) {
                    body += &format!(
                        "<w:tc><w:tcPr><w:gridSpan w:val=\"{columns}\"/><w:vMerge/></w:tcPr><w:p/></w:tc>"
                    );
                    open.insert(column, (columns, left - 1));
                    column += columns;
                    continue;
                }
                let Some(cell) = own.next() else { break };
                let Cell { columns, rows, text, figure, .. } = cell;
                let merge = if *rows > 1 { "<w:vMerge w:val=\"restart\"/>" } else { "" };
                let inner = if *figure == Some(FIGURE) { paragraphs.to_owned() } else { paragraph(text) };
                body +=
                    &format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{columns}\"/>{merge}</w:tcPr>{inner}</w:tc>");
                open.insert(column, (*columns, rows - 1));
                column += columns;
            }
            body += "</w:tr>";
        }
        body += "</w:tbl>";
    }
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"><w:body>{body}</w:body></w:document>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"/{main}\"/></Relationships>"
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let parts = [
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", &relations),
        (main, &document),
        ("word/styles.xml", STYLES),
        ("word/numbering.xml", NUMBERS),
    ];
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(text.as_bytes()).expect("is written");
    }
    zip.finish().expect("is a package").into_inner()
}

#[test]
fn a_word_file_is_read_as_it_is_shown() {
    let form = form(LAYOUTS[0]);
    let figure = form.figures[FIGURE].as_str();
    let (first, rest) = figure.split_at(1);
    let run =
        |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let p = |inner: String| format!("<w:p>{inner}</w:p>");
    let field = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let nested = [
        field("begin"),
        field("begin"),
        field("separate"),
        run("", "9"),
        field("end"),
        field("separate"),
        run("", figure),
        field("end"),
    ];
    let right = [
        p(run("", figure)),
        p(run("<w:rStyle w:val=\"Hidden\"/>", "9") + &run("", figure)),
        p(format!("<w:r><w:t>{first}</w:t><w:sym w:font=\"Symbol\" w:char=\"F03{}\"/></w:r>", &rest[..1])
            + &run("", &rest[1..])),
        p(nested.concat()),
        p(run("<w:position w:val=\"2\"/>", figure)),
    ];
    for cell in right {
        let found = one_of(&form, &word(&form, "word/document.xml", &cell), &cell);
        assert_eq!(found.0.as_deref(), Some(figure), "{cell}");
    }
    let told = [
        p(run("", figure) + &run("<w:position w:val=\"8\"/>", "1")),
        p(run("", figure) + &run("<w:rStyle w:val=\"Mark\"/>", "1")),
        p(run("", figure) + &run("<w:rStyle w:val=\"Based\"/>", "1")),
        p(format!("<w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>{}", run("", figure))),
        p(format!(
            "<w:r><w:t>{first}</w:t><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/><w:t>{rest}</w:t></w:r>"
        )),
        p(format!(
            "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
            run("", "9"),
            run("", figure)
        )),
        p(format!(
            "<m:oMath><m:sSup><m:e><m:r><m:t>{figure}</m:t></m:r></m:e><m:sup><m:r><m:t>1</m:t></m:r></m:sup></m:sSup></m:oMath>"
        )),
        p(format!(
            "<m:oMath><m:f><m:num><m:r><m:t>{first}</m:t></m:r></m:num><m:den><m:r><m:t>{rest}</m:t></m:r></m:den></m:f></m:oMath>"
        )),
        p(format!("<w:bdo w:val=\"rtl\">{}</w:bdo>", run("", figure))),
    ];
    for cell in told {
        let found = one_of(&form, &word(&form, "word/document.xml", &cell), &cell);
        assert_eq!(found.0, None, "{cell}");
        is_right_or_told(&form, &found, &cell);
    }
    // Some programs call the main part otherwise.
    let renamed = word(&form, "word/document2.xml", &p(run("", figure)));
    assert_eq!(one_of(&form, &renamed, "document2").0.as_deref(), Some(figure));
}

/// Writes the form into a sheet; one figure is written by `one`.
fn sheet(
    book: &mut Workbook,
    name: &str,
    form: &Form,
    one: &dyn Fn(&mut rust_xlsxwriter::Worksheet, u32, u16, f64),
) {
    let sheet = book.add_worksheet().set_name(name).expect("a name");
    let mut at = 0_u32;
    sheet.write(at, 0, &form.title).expect("writes");
    for (title, _, rows) in &form.sections {
        at += 1;
        sheet.write(at, 0, title).expect("writes");
        let mut open: BTreeMap<usize, usize> = BTreeMap::new();
        for row in rows {
            at += 1;
            let mut column = 0;
            for cell in row {
                while let Some(left) = open.get_mut(&column).filter(|left| **left > 0) {
                    *left -= 1;
                    column += 1;
                }
                let place = (at, u16::try_from(column).expect("fits"));
                match (cell.figure, cell.text.parse::<f64>()) {
                    (Some(FIGURE), Ok(value)) => one(sheet, place.0, place.1, value),
                    (Some(_), Ok(value)) => drop(sheet.write(place.0, place.1, value).expect("writes")),
                    _ => drop(sheet.write(place.0, place.1, &cell.text).expect("writes")),
                }
                for covered in column..column + cell.columns {
                    open.insert(covered, cell.rows - 1);
                }
                column += cell.columns;
            }
            // Those that go on to the right of the last cell.
            for (covered, left) in &mut open {
                if *covered >= column {
                    *left = left.saturating_sub(1);
                }
            }
        }
    }
}

#[test]
fn a_workbook_is_read_as_it_is_shown() {
    let form = form(LAYOUTS[0]);
    let figure = form.figures[FIGURE].as_str();
    let book = |one: &dyn Fn(&mut rust_xlsxwriter::Worksheet, u32, u16, f64)| {
        let mut book = Workbook::new();
        sheet(&mut book, "报告", &form, one);
        book.save_to_buffer().expect("saves")
    };
    let format = |code: &'static str| {
        book(&move |sheet, row, column, value| {
            sheet.write_with_format(row, column, value, &Format::new().set_num_format(code)).expect("writes");
        })
    };
    for code in ["0", "#,##0.00", "0\"件\"", "General"] {
        assert_eq!(one_of(&form, &format(code), code).0.as_deref(), Some(figure), "{code}");
    }
    for code in ["0%", "0.0%", "0,", ";;;"] {
        let found = one_of(&form, &format(code), code);
        assert_eq!(found.0, None, "{code}");
        is_right_or_told(&form, &found, code);
    }
    let rich = |first: Format, second: Format, texts: [String; 2]| {
        book(&move |sheet, row, column, _| {
            let parts = [(&first, texts[0].as_str()), (&second, texts[1].as_str())];
            sheet.write_rich_string(row, column, &parts).expect("writes");
        })
    };
    let raised = rich(
        Format::new(),
        Format::new().set_font_script(FormatScript::Superscript),
        [figure.to_owned(), "1".to_owned()],
    );
    let found = one_of(&form, &raised, "superscript");
    assert_eq!(found.0, None);
    is_right_or_told(&form, &found, "superscript");
    let struck =
        rich(Format::new().set_font_strikethrough(), Format::new(), ["9".to_owned(), figure.to_owned()]);
    assert_eq!(one_of(&form, &struck, "struck").0.as_deref(), Some(figure));
}

/// The same form with other figures.
fn of_another_year(form: &Form) -> Form {
    let mut other = form.clone();
    other.title = form.title.replace("2023", "2022");
    for cell in other.sections.iter_mut().flat_map(|(_, _, rows)| rows).flatten() {
        if cell.figure.is_some() {
            cell.text = format!("9{}", cell.text);
        }
    }
    other
}

#[test]
fn of_two_years_only_one_is_read() {
    let form = form(LAYOUTS[0]);
    let other = of_another_year(&form);
    let wanted: BTreeMap<String, Option<String>> =
        form.pointers.iter().cloned().zip(form.figures.iter().cloned().map(Some)).collect();
    let plain = |sheet: &mut rust_xlsxwriter::Worksheet, row: u32, column: u16, value: f64| {
        sheet.write(row, column, value).expect("writes");
    };
    // The sheet of the year of the first title, wherever the other one is, and whatever is hidden.
    let untitled = Form { title: String::new(), ..other.clone() };
    for (names, forms, hidden) in [
        (["报告", "2022年"], [&form, &untitled], None),
        (["报告", "附"], [&form, &other], None),
        (["旧", "报告"], [&other, &form], Some("旧")),
    ] {
        let mut book = Workbook::new();
        for (name, form) in names.into_iter().zip(forms) {
            sheet(&mut book, name, form, &plain);
        }
        if let Some(name) = hidden {
            book.worksheet_from_name(name).expect("is there").set_hidden(true);
            book.worksheet_from_name("报告").expect("is there").set_active(true).set_first_tab(true);
        }
        let (found, imported) = read(&book.save_to_buffer().expect("saves"));
        assert_eq!(found, wanted, "{names:?}");
        let report: serde_json::Value = serde_json::from_slice(&imported.report).expect("is JSON");
        assert_eq!(report["year"], 2023, "{names:?}");
        assert!(!imported.findings.is_empty(), "{names:?}: what is left out is told");
    }
    // Tables of both years with a line above each.
    let captioned = |first: &Form, of: &str, second: &Form, and: &str| {
        let mut page = format!("<html><body><h1>{}</h1>", form.title);
        for (at, (title, text, _)) in form.sections.iter().enumerate() {
            page += &format!("<p>{title}</p><p>{text}</p>");
            for (one, year) in [(first, of), (second, and)] {
                let own = Form { sections: vec![one.sections[at].clone()], ..one.clone() };
                let own = file(&own, Shape::Page);
                if let (Some(from), Some(to)) = (own.find("<table>"), own.find("</table>")) {
                    page += &format!("<p>{year}情况：</p>{}</table>", &own[from..to]);
                }
            }
        }
        page + "</body></html>"
    };
    for page in [captioned(&other, "2022年", &form, "2023年"), captioned(&form, "2023年", &other, "2022年")]
    {
        let (found, imported) = read(page.as_bytes());
        assert_eq!(found, wanted);
        assert!(imported.findings.iter().any(|finding| finding.rule == "import.twice"));
    }
    // A second report behind the first one, with a date of its own.
    let signed = |form: &Form, date: &str| {
        file(form, Shape::Page)
            .replace("</div><div>版权所有</div></body></html>", &format!("<p>某某市教育局</p><p>{date}</p>"))
    };
    let both = signed(&form, "2024年1月19日")
        + &signed(&other, "2023年1月5日").replace("<html><body><ul><li><a href=x>首页</a></ul><div>", "");
    let (found, imported) = read(both.as_bytes());
    assert_eq!(found, wanted);
    let report: serde_json::Value = serde_json::from_slice(&imported.report).expect("is JSON");
    assert_eq!(report["signature"]["date"], "2024-01-19");
}

#[test]
fn a_row_that_is_named_twice_is_neither() {
    let mut form = form(LAYOUTS[0]);
    let plain = form.figures.clone();
    // 行政强制 is called 行政处罚 by a slip.
    let rows = &mut form.sections[1].2;
    let row = |rows: &[Vec<Cell>], label: &str| {
        rows.iter().position(|row| row.iter().any(|cell| cell.text == label)).expect("is there")
    };
    let (first, second) = (row(rows, "行政处罚"), row(rows, "行政强制"));
    let numbers: Vec<usize> =
        [first, second].into_iter().flat_map(|at| rows[at].iter().filter_map(|cell| cell.figure)).collect();
    let slip = rows[second].iter_mut().find(|cell| cell.text == "行政强制").expect("is there");
    slip.text = "行政处罚".to_owned();
    let (found, imported) = read(file(&form, Shape::Page).as_bytes());
    for (at, (pointer, figure)) in form.pointers.iter().zip(&plain).enumerate() {
        let wanted = (!numbers.contains(&at)).then(|| figure.clone());
        assert_eq!(found[pointer], wanted, "{pointer}");
    }
    let told = imported.findings.iter().any(|finding| finding.message.zh.contains("有两行都叫“行政处罚”"));
    assert!(told, "{:?}", imported.findings);
}

#[test]
fn a_word_in_a_row_without_a_label_loses_its_own_figure_alone() {
    let mut form = form(LAYOUTS[0]);
    let plain = form.figures.clone();
    // The only row of the last table has no label.
    let last = form.pointers.len() - 15;
    for at in [last, last + 3] {
        for cell in form.sections.iter_mut().flat_map(|(_, _, rows)| rows).flatten() {
            if cell.figure == Some(at) {
                cell.text = "不详".to_owned();
            }
        }
    }
    let (found, _) = read(file(&form, Shape::Page).as_bytes());
    for (at, (pointer, figure)) in form.pointers.iter().zip(&plain).enumerate() {
        let wanted = (at != last && at != last + 3).then(|| figure.clone());
        assert_eq!(found[pointer], wanted, "{pointer}");
    }
}

//! Files in the shapes in which offices publish reports, made out of figures: pages with spans, and text a row a line, a cell a
//! line, with bars or without. Noise is put into them as it is found in published files.

use toml::{Table, Value};

/// A cell of a table of a layout.
#[derive(Clone, Debug)]
pub struct Cell {
    pub columns: usize,
    pub rows: usize,
    pub text: String,
    /// The number of the figure; none for a label.
    pub figure: Option<usize>,
    pub kind: Kind,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Head,
    Group,
    Label,
    Figure,
}

/// A report as tables with their sections.
#[derive(Clone, Debug)]
pub struct Form {
    pub title: String,
    /// Of each section its title, its text, and the rows of its tables.
    pub sections: Vec<(String, String, Vec<Vec<Cell>>)>,
    /// The pointers of the figures.
    pub pointers: Vec<String>,
    /// What the figures are in the file.
    pub figures: Vec<String>,
    /// Whether words may stand in the place of the figure.
    pub takes_words: Vec<bool>,
}

/// The form of a layout, with a different figure in each of its cells.
pub fn form(layout: &str) -> Form {
    let text = std::fs::read_to_string(format!("layouts/{layout}.toml")).expect("reads");
    let spec: Table = text.parse().expect("is TOML");
    let list =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let string =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_integer).map(|n| usize::try_from(n).expect("fits"))
    };
    let mut form = Form {
        title: "某某市教育局2023年政府信息公开工作年度报告".to_owned(),
        sections: Vec::new(),
        pointers: Vec::new(),
        figures: Vec::new(),
        takes_words: Vec::new(),
    };
    let tables = list(&Value::Table(spec.clone()), "tables");
    let sections = list(&Value::Table(spec), "sections");
    for (at, section) in sections.iter().enumerate() {
        let number_of = ["一", "二", "三", "四", "五", "六"][at];
        let mut rows = Vec::new();
        for key in list(section, "tables") {
            let table = tables
                .iter()
                .find(|table| string(table, "key") == key.as_str().expect("a key"))
                .expect("a table");
            let columns: Vec<String> =
                table["columns"].as_table().expect("columns").keys().cloned().collect();
            for row in list(table, "rows") {
                let is_body = string(&row, "kind").is_empty();
                let mut cells = Vec::new();
                for cell in list(&row, "cells") {
                    if let Some(text) = cell.as_str() {
                        cells.push(Cell {
                            columns: 1,
                            rows: 1,
                            text: text.to_owned(),
                            figure: None,
                            kind: Kind::Head,
                        });
                        continue;
                    }
                    let (wide, high) =
                        (number(&cell, "columns").unwrap_or(1), number(&cell, "rows").unwrap_or(1));
                    let key = string(&cell, "figures");
                    if key.is_empty() {
                        let label = string(&cell, "label");
                        let (text, kind) = match (label.is_empty(), is_body) {
                            (false, _) => (string(&table["figures"][&label], "label"), Kind::Label),
                            (true, true) => (string(&cell, "text").replace('\n', ""), Kind::Group),
                            (true, false) => (string(&cell, "text").replace('\n', ""), Kind::Head),
                        };
                        cells.push(Cell { columns: wide, rows: high, text, figure: None, kind });
                        continue;
                    }
                    let own = list(&table["figures"][&key], "columns");
                    let count = if own.is_empty() { columns.len() } else { own.len() };
                    let spans = list(&cell, "spans");
                    for column in 0..count {
                        let figure = form.figures.len();
                        form.pointers.push(format!("/tables/{}/{key}/{column}", string(table, "key")));
                        form.figures.push((1001 + figure * 7).to_string());
                        form.takes_words.push(table["figures"][&key].get("text").is_some());
                        let wide = spans
                            .get(column)
                            .and_then(Value::as_integer)
                            .map_or(wide, |n| usize::try_from(n).expect("fits"));
                        cells.push(Cell {
                            columns: wide,
                            rows: 1,
                            text: String::new(),
                            figure: Some(figure),
                            kind: Kind::Figure,
                        });
                    }
                }
                rows.push(cells);
            }
        }
        let text = format!("{}方面的工作按要求进行，全年没有发生问题。", string(section, "title"));
        form.sections.push((format!("{number_of}、{}", string(section, "title")), text, rows));
    }
    for row in form.sections.iter_mut().flat_map(|(_, _, rows)| rows) {
        for cell in row {
            if let Some(figure) = cell.figure {
                cell.text.clone_from(&form.figures[figure]);
            }
        }
    }
    form
}

/// A shape of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Page,
    Rows,
    PaddedRows,
    BarredRows,
    CellEndsWithBar,
    BarAlone,
    CellALine,
    Spaces,
}

pub const SHAPES: [Shape; 8] = [
    Shape::Page,
    Shape::Rows,
    Shape::PaddedRows,
    Shape::BarredRows,
    Shape::CellEndsWithBar,
    Shape::BarAlone,
    Shape::CellALine,
    Shape::Spaces,
];

/// The form in a shape.
pub fn file(form: &Form, shape: Shape) -> String {
    let mut out = match shape {
        Shape::Page => format!("<html><body><ul><li><a href=x>首页</a></ul><div><h1>{}</h1>", form.title),
        _ => format!("{}\n", form.title),
    };
    for (title, text, rows) in &form.sections {
        match shape {
            Shape::Page => out.push_str(&format!("<p>{title}</p><p>{text}</p><table>")),
            _ => out.push_str(&format!("{title}\n{text}\n")),
        }
        for row in rows {
            out.push_str(&line(row, shape));
        }
        if shape == Shape::Page {
            out.push_str("</table>");
        }
    }
    if shape == Shape::Page {
        out.push_str("</div><div>版权所有</div></body></html>");
    }
    out
}

fn line(row: &[Cell], shape: Shape) -> String {
    let padded = || -> Vec<&str> {
        row.iter()
            .flat_map(|cell| {
                std::iter::once(cell.text.as_str()).chain(std::iter::repeat_n("", cell.columns - 1))
            })
            .collect()
    };
    let plain = || -> Vec<&str> { row.iter().map(|cell| cell.text.as_str()).collect() };
    match shape {
        Shape::Page => {
            let cells = row.iter().map(|cell| {
                let text = if cell.text.is_empty() { "&nbsp;" } else { &cell.text };
                format!("<td colspan={} rowspan={}><p>{text}</p></td>", cell.columns, cell.rows)
            });
            format!("<tr>{}</tr>", cells.collect::<String>())
        }
        Shape::Rows => format!("{}\n", plain().join(" | ")),
        Shape::PaddedRows => format!("{}\n", padded().join(" | ")),
        Shape::BarredRows => format!("| {} |\n", padded().join(" | ")),
        Shape::CellEndsWithBar => padded().iter().map(|text| format!("{text} |\n")).collect(),
        Shape::BarAlone => plain()
            .iter()
            .map(|text| if text.is_empty() { "|\n".to_owned() } else { format!("{text}\n|\n") })
            .collect(),
        Shape::CellALine => plain().iter().map(|text| format!("{text}\n")).collect(),
        Shape::Spaces => format!("{}\n", plain().join(" ")),
    }
}

/// Numbers that look random, the same each time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1))
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).expect("fits")
    }
}

/// Puts noise into a form. `figures` becomes what is right: empty where there is no figure any more.
pub fn mangle(form: &mut Form, dice: &mut Dice) {
    // Of some files hardly anything is wrong, of others much.
    let often = [200, 60, 25][dice.roll(3)];
    let (mut figures, words) = (std::mem::take(&mut form.figures), &form.takes_words);
    for row in form.sections.iter_mut().flat_map(|(_, _, rows)| rows) {
        for cell in row.iter_mut() {
            if dice.roll(often) != 0 {
                continue;
            }
            match (cell.kind, cell.figure) {
                (Kind::Figure, Some(figure)) => {
                    mangle_figure(cell, &mut figures[figure], words[figure], dice)
                }
                (Kind::Label | Kind::Head, _) => mangle_label(cell, dice),
                // A group's label is lost: its cell is blank.
                (Kind::Group, _) => cell.text = String::new(),
                (Kind::Figure, None) => {}
            }
        }
        // A cell is lost: the columns of the others cannot be known, if it is a row of several.
        let is_row = row.iter().filter(|cell| cell.kind == Kind::Figure).count() > 1;
        if is_row && dice.roll(often * 4) == 0 {
            let at =
                row.iter().position(|cell| cell.kind == Kind::Figure).expect("has figures") + dice.roll(2);
            let lost = row.remove(at);
            if let Some(figure) = lost.figure {
                figures[figure].clear();
            }
        }
    }
    form.figures = figures;
}

fn mangle_figure(cell: &mut Cell, figure: &mut String, takes_words: bool, dice: &mut Dice) {
    match dice.roll(8) {
        0 | 1 => {
            cell.text.clear();
            figure.clear();
        }
        2 => {
            cell.text = ["/", "-", "无", "—"][dice.roll(4)].to_owned();
            figure.clear();
        }
        3 => {
            cell.text = format!("减{}", cell.text);
            *figure = if takes_words { cell.text.clone() } else { String::new() };
        }
        4 => cell.text = format!("{}\u{3000}", cell.text),
        5 if !takes_words => {
            let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).expect("a digit");
            cell.text = cell.text.chars().map(wide).collect();
        }
        6 => {
            cell.text = format!("{}（含上年）", cell.text);
            *figure = if takes_words { cell.text.clone() } else { String::new() };
        }
        _ => {
            cell.text = "0".to_owned();
            *figure = "0".to_owned();
        }
    }
}

fn mangle_label(cell: &mut Cell, dice: &mut Dice) {
    let characters: Vec<char> = cell.text.chars().collect();
    match dice.roll(6) {
        0 if characters.len() > 5 => {
            let at = 3 + dice.roll(characters.len() - 4);
            let mut characters = characters;
            characters.swap(at - 1, at);
            cell.text = characters.into_iter().collect();
        }
        1 => cell.text = cell.text.replace("总计", "合计"),
        2 => cell.text = cell.text.replace('（', "(").replace('）', ")").replace(['“', '”'], "\""),
        3 if characters.len() > 8 => cell.text = characters[..characters.len() - 2].iter().collect(),
        4 => cell.text = cell.text.replace('、', ".").replace("规章", "規章"),
        _ => cell.text = cell.text.replace('.', "、"),
    }
}

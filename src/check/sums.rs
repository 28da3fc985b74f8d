//! The sums that free tables state of themselves (`sums`): rows and columns named by their labels.
//!
//! A statutory table has the identities of its layout; of a free table only its author knows which row is the sum of which.

use std::collections::BTreeMap;
use std::ops::Range;

use rust_decimal::Decimal;

use crate::characters::solid;
use crate::diagnostic::{Diagnostic, Hint, Message, RelatedCell, child, nearest, rule};
use crate::figures::decimal;
use crate::message;
use crate::report::{Cell, CellClass, FreeTable, Report, TableSum, each_free_table, half_width};

/// Every stated sum that is not that of its parts, and every part that cannot be found.
pub fn sums(report: &Report) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_free_table(report, &mut |pointer, table| {
        if table.sums.is_empty() {
            return;
        }
        let grid = Grid::of(table, &pointer);
        for (at, sum) in table.sums.iter().enumerate() {
            grid.check(sum, &child(&child(&pointer, "sums"), at), &mut found);
        }
    });
    found
}

/// A cell at its place.
struct Placed {
    rows: Range<usize>,
    columns: Range<usize>,
    text: String,
    value: Value,
    pointer: String,
    in_header: bool,
}

/// What a cell counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// A figure, a blank or a sign for none.
    Known(Decimal),
    /// `null`, not known yet; `/`, for what has no figure.
    Open,
    /// Text.
    Other,
}

impl Value {
    /// That of a text, in bold or with a footnote too: digits, with a sign, separators or a sign of percent.
    fn of(cell: &Cell) -> Value {
        let text = cell.text().trim();
        let digits = text.strip_suffix(['%', '％']).unwrap_or(text).trim_end();
        let digits = half_width(digits).unwrap_or_else(|| digits.to_owned());
        let known = |value: Option<Decimal>| value.map_or(Value::Other, Value::Known);
        match Cell::new(digits.as_str()).class() {
            _ if cell.class() == CellClass::Open || text == "/" => Value::Open,
            CellClass::Figure | CellClass::Signed => known(decimal(&digits)),
            CellClass::Grouped => known(decimal(&digits.replace([',', '，'], ""))),
            CellClass::Empty | CellClass::Mark if digits == text => Value::Known(Decimal::ZERO),
            _ => Value::Other,
        }
    }
}

impl Placed {
    /// Whether it is a label, not a figure or the place of one.
    fn is_label(&self) -> bool {
        self.in_header || (self.value == Value::Other && !self.text.is_empty())
    }

    /// Whether it is a figure in digits.
    fn is_figure(&self) -> bool {
        matches!(self.value, Value::Known(_)) && self.text.contains(|c: char| c.is_numeric())
    }
}

/// What is in a column of the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Content {
    /// Figures, or places for them.
    #[default]
    Figures,
    /// Names of rows.
    Labels,
    /// Text or numbers that belong to a row and are no part of a sum: 计量单位, 备注, 行次.
    Remarks,
}

impl Content {
    /// That of each column, by its cells and by what is above them.
    fn of(cells: &[Placed]) -> Vec<Content> {
        const REMARKS: [&str; 7] = ["单位", "备注", "说明", "原因", "依据", "附注", "文号"];
        const NUMBERS: [&str; 7] = ["行次", "栏次", "序号", "编号", "编码", "代码", "代号"];
        let count = cells.iter().map(|cell| cell.columns.end).max().unwrap_or(0);
        let mut found = vec![(false, false, ""); count];
        for cell in cells {
            if cell.in_header {
                found[cell.columns.clone()].iter_mut().for_each(|(_, _, head)| *head = &cell.text);
            } else if cell.columns.len() == 1 {
                let (text, figure, _) = &mut found[cell.columns.start];
                *text |= cell.is_label();
                *figure |= cell.is_figure();
            }
        }
        let of = |at: usize| {
            let (text, figure, head) = found[at];
            // 单位, 金额, 单位, 金额: another side, whose names have the head of the first.
            let is_side = found[..at].contains(&(true, false, head));
            let has = |words: &[&str]| words.iter().any(|word| head.contains(word));
            match (text, figure) {
                (_, true) if has(&NUMBERS) => Content::Remarks,
                (true, false) if !is_side && (has(&REMARKS) || has(&NUMBERS)) => Content::Remarks,
                (true, false) => Content::Labels,
                (_, true) | (false, false) => Content::Figures,
            }
        };
        (0..count).map(of).collect()
    }
}

/// A table by places.
struct Grid<'a> {
    name: &'a str,
    cells: Vec<Placed>,
    /// The labels by their texts.
    labels: BTreeMap<String, Vec<usize>>,
    /// The cells that cover each row, from the left.
    rows: Vec<Vec<usize>>,
    /// What is in each column of the body.
    columns: Vec<Content>,
}

/// The most parts of a sum that a finding lists.
const MOST_RELATED: usize = 100;

/// What was checked of a stated sum.
#[derive(Default)]
struct Checked {
    /// How many of its equations.
    count: usize,
    /// The first cell with text where a figure belongs: its pointer, its text, and what it is in.
    text: Option<(String, String, String)>,
}

impl Checked {
    /// Says that a sum was not checked, or not everywhere, because of text.
    fn told(self, sum: &TableSum, found: &mut Vec<Diagnostic>) {
        let Some((cell, text, place)) = self.text else { return };
        let total = &sum.total;
        let message = match self.count {
            0 => message!(
                "“{total}”没有核对：“{text}”不是数字",
                "\"{total}\" was not checked: \"{text}\" is no figure"
            ),
            _ => message!(
                "“{place}”的“{total}”没有核对：“{text}”不是数字",
                "\"{total}\" of \"{place}\" was not checked: \"{text}\" is no figure"
            ),
        };
        found.push(Diagnostic::warning(rule::TABLE_SUM_TEXT, cell, message));
    }
}

/// What a label names.
enum Line {
    /// A column.
    Column(usize),
    /// The cells at the right of a label, up to the next one, by their indices.
    Row(Vec<usize>),
}

impl<'a> Grid<'a> {
    fn of(table: &'a FreeTable, pointer: &str) -> Grid<'a> {
        let placed = table.placed(pointer).into_iter().map(|placed| {
            let content = placed.cell.content();
            Placed {
                text: solid(content.text()),
                value: Value::of(&content),
                rows: placed.rows,
                columns: placed.columns,
                pointer: placed.pointer,
                in_header: placed.in_header,
            }
        });
        let cells: Vec<Placed> = placed.collect();
        let name = table.caption.as_deref().or(table.number.as_deref()).unwrap_or("表格").trim();
        let mut labels: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.is_label()) {
            labels.entry(cell.text.clone()).or_default().push(at);
        }
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); table.header.len() + table.rows.len()];
        for (at, cell) in cells.iter().enumerate() {
            rows[cell.rows.clone()].iter_mut().for_each(|row| row.push(at));
        }
        rows.iter_mut().for_each(|row| row.sort_by_key(|at| cells[*at].columns.start));
        let columns = Content::of(&cells);
        Grid { name, cells, labels, rows, columns }
    }

    fn check(&self, sum: &TableSum, pointer: &str, found: &mut Vec<Diagnostic>) {
        let lists = [("of", &sum.of, false), ("less", &sum.less, true)];
        let parts = lists.iter().flat_map(|(key, names, less)| {
            names.iter().enumerate().map(move |(at, name)| (name, child(&child(pointer, *key), at), *less))
        });
        let names: Vec<(&String, String, bool)> =
            std::iter::once((&sum.total, child(pointer, "total"), false)).chain(parts).collect();
        let within = sum.within.as_ref().and_then(|within| decimal(within.text())).unwrap_or_default();
        // A name may be that of a column and of a row: the others say which is meant.
        let columns = self.each(&names, Some(true), |line| match line {
            Line::Column(column) => Some(column),
            Line::Row(_) => None,
        });
        let mut checked = Checked::default();
        if let Some(columns) = columns {
            self.columns(&columns, within, found, &mut checked);
            return checked.told(sum, found);
        }
        let rows = self.each(&names, Some(false), |line| match line {
            Line::Row(cells) => Some(cells),
            Line::Column(_) => None,
        });
        if let Some(rows) = rows {
            self.rows(&rows, within, found, &mut checked);
            return checked.told(sum, found);
        }
        let wrong = names.iter().find_map(|(name, place, _)| self.line(name, place, None).err());
        found.push(wrong.map_or_else(
            || {
                let total = &sum.total;
                let text = message!(
                    "“{total}”等各项有的是行，有的是列",
                    "of \"{total}\" and the others some are rows and some are columns"
                );
                Diagnostic::error(rule::TABLE_SUM_NAME, pointer, text)
            },
            |wrong| *wrong,
        ));
    }

    /// What all of the names stand for, in the header or in the body; none if one of them is not there, or no such line.
    fn each<'n, T>(
        &self,
        names: &'n [(&String, String, bool)],
        in_header: Option<bool>,
        what: impl Fn(Line) -> Option<T>,
    ) -> Option<Vec<(&'n str, T, bool)>> {
        let line = |(name, place, less): &'n (&String, String, bool)| {
            Some((name.as_str(), what(self.line(name, place, in_header).ok()?)?, *less))
        };
        names.iter().map(line).collect()
    }

    /// The identity in every row of the body.
    fn columns(
        &self,
        columns: &[(&str, usize, bool)],
        within: Decimal,
        found: &mut Vec<Diagnostic>,
        checked: &mut Checked,
    ) {
        let mut rest = self.cells.iter().skip_while(|cell| cell.in_header).peekable();
        let mut label = "";
        while let Some(row) = rest.peek().map(|cell| cell.rows.start) {
            let own: Vec<&Placed> =
                std::iter::from_fn(|| rest.next_if(|cell| cell.rows.start == row)).collect();
            if let Some(named) = own.iter().find(|cell| cell.is_label()) {
                label = &named.text;
            }
            let cells: Option<Vec<(&str, &Placed, bool)>> = columns
                .iter()
                .map(|(name, column, less)| {
                    let cell = own.iter().find(|cell| cell.columns == (*column..*column + 1))?;
                    Some((*name, *cell, *less))
                })
                .collect();
            if let Some(cells) = cells {
                found.extend(self.equation(&cells, label, within, checked));
            }
        }
    }

    /// The identity for each of the figures behind the labels: column by column, or one after the other where the names are
    /// on different sides of the table.
    fn rows(
        &self,
        rows: &[(&str, Vec<usize>, bool)],
        within: Decimal,
        found: &mut Vec<Diagnostic>,
        checked: &mut Checked,
    ) {
        let Some(((_, first, _), others)) = rows.split_first() else { return };
        let in_column = |cells: &[usize], of: usize| {
            let columns = &self.cells[of].columns;
            cells.iter().copied().find(|at| self.cells[*at].columns == *columns)
        };
        let mut equations: Vec<Vec<usize>> = first
            .iter()
            .filter_map(|at| {
                let parts = others.iter().map(|(_, cells, _)| in_column(cells, *at));
                std::iter::once(Some(*at)).chain(parts).collect()
            })
            .collect();
        if equations.is_empty() {
            let count = rows.iter().map(|(_, cells, _)| cells.len()).min().unwrap_or(0);
            equations = (0..count).map(|at| rows.iter().map(|(_, cells, _)| cells[at]).collect()).collect();
        }
        for equation in equations {
            let cells: Vec<(&str, &Placed, bool)> = rows
                .iter()
                .zip(equation)
                .map(|((name, _, less), at)| (*name, &self.cells[at], *less))
                .collect();
            let header = self.cells.iter().rfind(|cell| {
                cell.in_header
                    && cells[0].1.columns.start >= cell.columns.start
                    && cells[0].1.columns.end <= cell.columns.end
            });
            let label = header
                .map_or_else(|| format!("第{}列", cells[0].1.columns.start + 1), |cell| cell.text.clone());
            found.extend(self.equation(&cells, &label, within, checked));
        }
    }

    /// The finding that the first cell is not the sum of the others; `place` is the row or column that they are in.
    fn equation(
        &self,
        cells: &[(&str, &Placed, bool)],
        place: &str,
        within: Decimal,
        checked: &mut Checked,
    ) -> Option<Diagnostic> {
        if let Some((_, cell, _)) = cells.iter().find(|(_, cell, _)| cell.value == Value::Other) {
            checked.text.get_or_insert_with(|| (cell.pointer.clone(), cell.text.clone(), place.to_owned()));
        }
        let value = |cell: &Placed| match cell.value {
            Value::Known(value) => Some(value),
            Value::Open | Value::Other => None,
        };
        let (total, parts) = cells.split_first()?;
        let given = value(total.1)?;
        let mut sum = Decimal::ZERO;
        for (_, part, less) in parts {
            let value = value(part)?;
            sum = if *less { sum.checked_sub(value)? } else { sum.checked_add(value)? };
        }
        let difference = given.checked_sub(sum)?.abs();
        checked.count += 1;
        if difference <= within {
            return None;
        }
        let (name, given, sum, difference) =
            (total.0, given.normalize(), sum.normalize(), difference.normalize());
        let table = self.name;
        let count = cells.len();
        let (of_zh, of_en) = match count > MOST_RELATED {
            true => (format!("{count} 项"), format!("{count} ")),
            false => ("各项".to_owned(), String::new()),
        };
        let text = message!(
            "“{table}”“{place}”的“{name}”写的是 {given}，{of_zh}相加是 {sum}，差 {difference}",
            "\"{name}\" of \"{place}\" in \"{table}\" is given as {given}, its {of_en}parts add up to {sum}, a difference of {difference}"
        );
        let mut finding =
            Diagnostic::error(rule::TABLE_SUM, &total.1.pointer, text).label(format!("{place}·{name}"));
        finding.related = cells
            .iter()
            .map(|(name, cell, _)| RelatedCell {
                pointer: cell.pointer.clone(),
                label: format!("{place}·{name}"),
                value: value(cell).unwrap_or_default().normalize().to_string(),
                place: None,
                suspect: false,
                previous: false,
                computed: false,
                unit: None,
            })
            .take(MOST_RELATED)
            .collect();
        Some(finding)
    }

    /// What a label names, in the header, in the body, or in any of them.
    fn line(&self, name: &str, place: &str, in_header: Option<bool>) -> Result<Line, Box<Diagnostic>> {
        let whole = solid(name);
        let labels = |text: &str| {
            let all = self.labels.get(text).into_iter().flatten().map(|at| (*at, &self.cells[*at]));
            all.filter(|(_, cell)| in_header.is_none_or(|wanted| cell.in_header == wanted))
                .collect::<Vec<_>>()
        };
        let mut candidates = labels(&whole);
        // A label may have a stroke itself: 人/次.
        if candidates.is_empty() {
            let path: Vec<&str> = whole.split(['/', '／']).collect();
            if let [above @ .., last] = &path[..] {
                candidates = labels(last);
                candidates.retain(|(_, cell)| above.iter().all(|text| self.is_under(cell, text)));
            }
        }
        let error = |text: Message, hint: Option<Hint>| {
            let finding = Diagnostic::error(rule::TABLE_SUM_NAME, place, text);
            Err(Box::new(match hint {
                Some(hint) => finding.hint(hint),
                None => finding,
            }))
        };
        let table = self.name;
        let cell = match candidates[..] {
            [(_, only)] => only,
            [] => {
                let known = self.cells.iter().filter(|cell| cell.is_label()).map(|cell| cell.text.as_str());
                let hint = nearest(&whole, known).map(Hint::did_you_mean);
                return error(
                    message!(
                        "“{table}”里没有“{name}”这一行或列",
                        "\"{table}\" has no row or column \"{name}\""
                    ),
                    hint,
                );
            }
            _ => {
                let count = candidates.len();
                let hint = message!(
                    "在前面写上它上面的栏头或左边的项目：\"支出/{name}\"",
                    "write the header above it or the label at its left in front: \"支出/{name}\""
                );
                return error(
                    message!("“{table}”里有 {count} 处“{name}”", "\"{table}\" has \"{name}\" {count} times"),
                    Some(hint.into()),
                );
            }
        };
        if cell.in_header {
            return match cell.columns.len() {
                1 => Ok(Line::Column(cell.columns.start)),
                _ => error(
                    message!("“{name}”不止一列", "\"{name}\" covers more than one column"),
                    Some(
                        message!(
                            "写它下面的一列：\"{name}/小计\"",
                            "write a column below it: \"{name}/小计\""
                        )
                        .into(),
                    ),
                ),
            };
        }
        let own = self.rows[cell.rows.start].iter().map(|at| (*at, &self.cells[*at]));
        let right: Vec<(usize, &Placed)> =
            own.filter(|(_, other)| other.columns.start >= cell.columns.end).collect();
        // Behind a code there may be another label of the same row; behind the figures, the labels of another side.
        let content = |cell: &Placed| match cell.columns.len() {
            1 => self.columns[cell.columns.start],
            _ if cell.is_label() => Content::Labels,
            _ => Content::Figures,
        };
        let mut figures: Vec<usize> = Vec::new();
        for (at, other) in &right {
            match content(other) {
                Content::Figures => figures.push(*at),
                Content::Labels if !figures.is_empty() => break,
                Content::Labels | Content::Remarks => {}
            }
        }
        if figures.is_empty() {
            // Text where its figures belong.
            figures = right.iter().map(|(at, _)| *at).collect();
        }
        Ok(Line::Row(figures))
    }

    /// Whether a label stands under a header or beside a label with this text.
    fn is_under(&self, cell: &Placed, text: &str) -> bool {
        let overlap =
            |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
        self.cells.iter().filter(|other| other.is_label() && other.text == text).any(|other| {
            let above = other.in_header
                && other.rows.start < cell.rows.start
                && overlap(&other.columns, &cell.columns);
            let beside = other.columns.end <= cell.columns.start && overlap(&other.rows, &cell.rows);
            above || beside
        })
    }
}

#[cfg(test)]
mod tests {
    use super::sums;
    use crate::report;
    use crate::source::Source;

    fn found(table: &str) -> Vec<String> {
        let json = format!(
            r#"{{"format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": [{{"table": {table}}}]}}"#
        );
        let (report, _) = report::read(&Source::parse(json.as_bytes()).expect("parses")).expect("reads");
        sums(&report)
            .into_iter()
            .map(|finding| format!("{} {}", finding.pointer, finding.message.zh))
            .collect()
    }

    #[test]
    fn columns_add_up_in_every_row() {
        let table = |total: &str, sums: &str| {
            format!(
                r#"{{"caption": "表", "header": [[{{"text": "项目", "rows": 2}}, {{"text": "支出", "columns": 3}}], ["小计", "基本", "项目支出"]],
                "rows": [["甲", {total}, 1.5, "2"], ["乙", "", "—", ""], ["丙", 9, null, 1]], "sums": {sums}}}"#
            )
        };
        let sums = r#"[{"total": "小计", "of": ["支出/基本", "项目支出"]}]"#;
        assert!(found(&table("3.50", sums)).is_empty());
        assert_eq!(
            found(&table("3.60", sums)),
            ["/preamble/0/table/rows/0/1 “表”“甲”的“小计”写的是 3.6，各项相加是 3.5，差 0.1"]
        );
        assert!(
            found(&table("3.60", r#"[{"total": "小计", "of": ["基本", "项目支出"], "within": 0.1}]"#))
                .is_empty()
        );
        let wrong = |names: &str| found(&table("3.5", &format!(r#"[{{"total": "小计", "of": [{names}]}}]"#)));
        assert!(wrong(r#""基本支出""#)[0].contains("没有“基本支出”"));
        assert!(wrong(r#""支出""#)[0].contains("不止一列"));
        assert!(wrong(r#""甲""#)[0].contains("有的是行，有的是列"));
    }

    #[test]
    fn figures_in_bold_with_a_note_or_in_percent_are_figures() {
        let table = |total: &str| {
            format!(
                r#"{{"caption": "表", "header": [["项", "数"]], "rows": [["甲", "1"], ["乙", "1"], ["合计", {total}]],
                "sums": [{{"total": "合计", "of": ["甲", "乙"]}}]}}"#
            )
        };
        for right in [
            "2",
            r#"{"text": [{"text": "2", "strong": true}]}"#,
            r#"{"text": ["2", {"note": "注。"}]}"#,
            r#""２""#,
        ] {
            assert!(found(&table(right)).is_empty(), "{right}");
        }
        for wrong in ["9", r#"{"text": [{"text": "9", "strong": true}]}"#, r#""９""#, r#""9%""#] {
            assert!(found(&table(wrong))[0].contains("写的是 9，各项相加是 2"), "{wrong}");
        }
        let unread = "/preamble/0/table/rows/2/1 “合计”没有核对：“9万元”不是数字";
        assert_eq!(found(&table(r#""9万元""#)), [unread]);
    }

    #[test]
    fn text_moves_no_figure_to_another_column() {
        let table = |rows: &str| {
            format!(
                r#"{{"caption": "表", "header": [["项目", "计量单位", "预算", "说明", "决算"]], "rows": [{rows}],
                "sums": [{{"total": "合计", "of": ["甲", "乙"]}}]}}"#
            )
        };
        let rows = |unit: &str, budget: &str, remark: &str, actual: &str| {
            table(&format!(
                r#"["甲", "人", 10, "按编制", 11], ["乙", "人", 20, "", 22], ["合计", {unit}, {budget}, {remark}, {actual}]"#
            ))
        };
        for unit in [r#""""#, r#""—""#, r#""/""#, "null", r#""人""#] {
            assert!(found(&rows(unit, "30", "\"\"", "33")).is_empty(), "{unit}");
            assert!(found(&rows(unit, "31", "\"\"", "33"))[0].contains("“预算”的“合计”写的是 31"), "{unit}");
            assert!(
                found(&rows(unit, "30", "\"约\"", "34"))[0].contains("“决算”的“合计”写的是 34"),
                "{unit}"
            );
        }
        assert!(found(&rows("\"\"", "\"/\"", "\"\"", "33")).is_empty());
        assert_eq!(
            found(&table(r#"["甲", "", "约10", "", 11], ["乙", "", 20, "", 22], ["合计", "", 30, "", 33]"#)),
            ["/preamble/0/table/rows/0/2 “预算”的“合计”没有核对：“约10”不是数字"]
        );
        // The names of units on two sides.
        let sides = r#"{"caption": "表", "header": [["单位", "数", "单位", "数"]],
            "rows": [["甲", 1, "丙", 5], ["乙", 2, "丁", 7], ["合计", 3, "共计", 12]], "sums": [{"total": "合计", "of": ["甲", "乙"]}, {"total": "共计", "of": ["丙", "丁"]}]}"#;
        assert!(found(sides).is_empty());
        assert!(found(&sides.replace("\"丁\", 7", "\"丁\", 8"))[0].contains("“共计”写的是 12"));
        // 行次 are numbers, and no figures.
        let numbered = r#"{"caption": "表", "header": [["项目", "行次", "数"]], "rows": [["甲", 1, 5], ["乙", 2, 6], ["合计", 3, 11]],
            "sums": [{"total": "合计", "of": ["甲", "乙"]}]}"#;
        assert!(found(numbered).is_empty());
        assert!(found(&numbered.replace("11", "12"))[0].contains("“数”的“合计”写的是 12"));
        assert!(found(&numbered.replace("3, 11", "9, 11")).is_empty());
    }

    #[test]
    fn a_name_of_a_row_and_of_a_column_is_the_one_that_the_others_are() {
        let table = |sums: &str| {
            format!(
                r#"{{"caption": "表", "header": [["项目", "合计", "子", "丑"]],
                "rows": [["甲", 3, 1, 2], ["乙", 7, 3, 4], ["合计", 10, 4, 7]], "sums": {sums}}}"#
            )
        };
        assert!(
            found(&table(r#"[{"total": "合计", "of": ["子", "丑"]}]"#))[0]
                .contains("“合计”的“合计”写的是 10")
        );
        assert!(
            found(&table(r#"[{"total": "合计", "of": ["甲", "乙"]}]"#))[0].contains("“丑”的“合计”写的是 7")
        );
        assert!(found(&table(r#"[{"total": "合计", "of": ["甲", "丑"]}]"#))[0].contains("有 2 处“合计”"));
    }

    #[test]
    fn rows_add_up_in_every_column_of_tables_with_two_sides() {
        let table = |left: &str, right: &str, sums: &str| {
            format!(
                r#"{{"caption": "总表", "header": [[{{"text": "收入", "columns": 2}}, {{"text": "支出", "columns": 2}}], ["项目", "决算数", "项目", "决算数"]],
                "rows": [["一、拨款", 10, "一、教育", 4], ["二、其他", 2, "二、卫生", 8], [{{"text": "总 计", "header": true}}, {left}, "总计", {right}]],
                "sums": {sums}}}"#
            )
        };
        let both = r#"[{"total": "收入/总计", "of": ["一、拨款", "二、其他"]}, {"total": "支出/总计", "of": ["一、教育", "二、卫生"]},
            {"total": "收入/总计", "of": ["支出/总计"]}]"#;
        assert!(found(&table("12", "12", both)).is_empty());
        assert_eq!(
            found(&table("12", "13", both)),
            [
                "/preamble/0/table/rows/2/3 “总表”“决算数”的“支出/总计”写的是 13，各项相加是 12，差 1",
                "/preamble/0/table/rows/2/1 “总表”“决算数”的“收入/总计”写的是 12，各项相加是 13，差 1"
            ]
        );
        assert!(
            found(&table("1", "2", r#"[{"total": "总计", "of": ["一、拨款"]}]"#))[0]
                .contains("有 2 处“总计”")
        );
        let balance = r#"[{"total": "二、其他", "of": ["一、教育"], "less": ["二、卫生"]}]"#;
        assert_eq!(found(&table("12", "12", balance)).len(), 1);
    }
}

//! Validation of a layout beyond its types: names exist, tables are rectangular and fit the page.

use std::collections::HashSet;

use super::{CellSpec, Each, FullCellSpec, IdentitySpec, Layout, RowKind, TableSpec};
use crate::diagnostic::Message;
use crate::geom::Length;
use crate::message;
use crate::style::{Face, Orientation, Role};

/// The first problem of a layout, if it has one.
pub(super) fn validate(layout: &Layout) -> Result<(), Message> {
    let Some(profile) = layout.profiles.get(&layout.page.profile) else {
        let name = &layout.page.profile;
        return Err(message!("page.profile：没有“{name}”", "page.profile: there is no \"{name}\""));
    };
    for role in Role::ALL {
        if !layout.styles.contains_key(&role) {
            return Err(message!("styles：缺少 {role} 的样式", "styles: there is no style for {role}"));
        }
    }
    for face in Face::ALL {
        if !layout.faces.contains_key(&face) {
            return Err(message!("faces：缺少 {face}", "faces: there is no {face}"));
        }
    }
    for (name, colour) in &layout.colours {
        if parse_colour(colour).is_none() {
            return Err(message!("colours.{name}：应如 #E60000", "colours.{name}: must be like #E60000"));
        }
    }
    for (role, style) in &layout.styles {
        if let Some(colour) = &style.colour
            && !layout.colours.contains_key(colour)
        {
            return Err(message!(
                "styles.{role}：没有颜色“{colour}”",
                "styles.{role}: there is no colour \"{colour}\""
            ));
        }
        let indents = [style.indent_left, style.indent_right, style.indent_first];
        if style.line_pitch.is_some_and(|pitch| pitch <= Length::ZERO)
            || indents.iter().any(|indent| !indent.is_finite())
        {
            return Err(message!(
                "styles.{role}：行距或缩进不对",
                "styles.{role}: its pitch or an indent is impossible"
            ));
        }
        if style.size <= Length::ZERO {
            return Err(message!("styles.{role}：字号应大于零", "styles.{role}: size must be positive"));
        }
    }
    if let Some(title) = &layout.title {
        let rest = ["{issuer}", "{year}", "{period}"]
            .iter()
            .fold(title.clone(), |rest, mark| rest.replace(mark, ""));
        if rest.contains(['{', '}']) {
            return Err(message!(
                "title：只认识 {{issuer}} {{year}} {{period}}",
                "title: may contain only {{issuer}}, {{year}} and {{period}}"
            ));
        }
    }
    if !(1..=2).contains(&layout.letterhead.rule.len()) {
        return Err(message!(
            "letterhead.rule：应有一条或两条线",
            "letterhead.rule: must be one line or two"
        ));
    }
    let drawing = &layout.table;
    let lengths = [drawing.padding, drawing.padding_vertical, drawing.min_height, drawing.rule];
    if lengths.iter().any(|length| *length < Length::ZERO)
        || layout.signature.stamp.iter().any(|side| *side <= Length::ZERO)
    {
        return Err(message!("table、signature：长度不能小于零", "table, signature: a length is negative"));
    }
    let colour = &layout.letterhead.colour;
    if !layout.colours.contains_key(colour) {
        return Err(message!(
            "letterhead：没有颜色“{colour}”",
            "letterhead: there is no colour \"{colour}\""
        ));
    }
    if !layout.signature.seal_diameters.contains_key("default") {
        return Err(message!(
            "signature.seal_diameters：缺少 default",
            "signature.seal_diameters: default is missing"
        ));
    }
    if layout.page.characters == 0 || layout.page.lines == 0 || profile.line_pitch <= Length::ZERO {
        return Err(message!(
            "page：行数、字数、行距应大于零",
            "page: lines, characters and pitch must be positive"
        ));
    }
    let width = layout.page.width - profile.margin_left - profile.margin_right;
    let height = layout.page.height - profile.margin_top - profile.margin_bottom;
    if width < layout.styles[&Role::Body].size * 4 || height < profile.line_pitch * 4 {
        return Err(message!("profiles：版心太小", "profiles: the type area is too small"));
    }
    let mut keys = HashSet::new();
    for section in &layout.sections {
        let key = &section.key;
        if !keys.insert(key.as_str()) {
            return Err(message!("sections：“{key}”出现了两次", "sections: \"{key}\" is given twice"));
        }
        if let Some(table) = section.tables.iter().find(|table| layout.table(table).is_none()) {
            return Err(message!(
                "sections.{key}：没有表格“{table}”",
                "sections.{key}: there is no table \"{table}\""
            ));
        }
    }
    let mut keys = HashSet::new();
    for table in &layout.tables {
        let key = &table.key;
        if !keys.insert(key.as_str()) {
            return Err(message!("tables：“{key}”出现了两次", "tables: \"{key}\" is given twice"));
        }
        if !layout.sections.iter().any(|section| section.tables.contains(key)) {
            return Err(message!("tables.{key}：不在任何部分里", "tables.{key}: is in no section"));
        }
        let total: Length = table.widths.iter().copied().sum();
        let width = match table.orientation {
            Orientation::Portrait => width,
            // GB/T 9704—2012, 8: the type area is turned by a quarter; its height is counted without the
            // leading.
            Orientation::Landscape => {
                height - (layout.profile().line_pitch - layout.styles[&Role::Body].size)
            }
        };
        let (total_mm, width_mm) = (total.to_mm(), width.to_mm());
        if total > width + Length::pt(0.5) {
            return Err(message!(
                "tables.{key}：各列共宽 {total_mm:.1} 毫米，超出版心 {width_mm:.1} 毫米",
                "tables.{key}: its columns are {total_mm:.1} mm wide, more than the type area of {width_mm:.1} mm"
            ));
        }
        validate_table(table)
            .map_err(|Message { zh, en }| message!("tables.{key}：{zh}", "tables.{key}: {en}"))?;
    }
    for identity in &layout.identities {
        let rule = &identity.rule;
        validate_identity(layout, identity)
            .map_err(|Message { zh, en }| message!("identities.{rule}：{zh}", "identities.{rule}: {en}"))?;
    }
    super::mention::validate(layout)
}

/// Checks that every reference names existing rows and columns.
fn validate_identity(layout: &Layout, identity: &IdentitySpec) -> Result<(), Message> {
    let name = &identity.table;
    let Some(table) = layout.table(name) else {
        return Err(message!("没有表格“{name}”", "there is no table \"{name}\""));
    };
    let rows: Vec<&str> = table.figures.keys().map(String::as_str).collect();
    let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
    for term in identity.identity.terms() {
        let reference = &term.reference;
        let (known, needs_column) = match identity.each {
            Each::Column => (&rows, false),
            Each::Row => (&columns, false),
            Each::Table => (&rows, true),
        };
        let name = &reference.name;
        if !known.iter().any(|key| reference.names(key)) {
            return Err(message!("没有“{name}”", "there is no \"{name}\""));
        }
        match &reference.column {
            Some(column) if needs_column && columns.contains(&column.as_str()) => {}
            None if !needs_column => {}
            Some(column) if needs_column => {
                return Err(message!("没有列“{column}”", "there is no column \"{column}\""));
            }
            Some(_) | None => {
                return Err(message!(
                    "“{name}”：each 是 row 或 column 时只写一个键，否则写“行.列”",
                    "\"{name}\": one key with each = \"row\" or \"column\", otherwise row.column"
                ));
            }
        }
    }
    if let Some(row) = identity.rows.iter().flatten().find(|row| !rows.contains(&row.as_str())) {
        return Err(message!("rows：没有行“{row}”", "rows: there is no row \"{row}\""));
    }
    Ok(())
}

/// `#E60000` as red, green, blue.
pub fn parse_colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// Checks that every place of the grid belongs to one cell, and that every figure is in the table once.
fn validate_table(table: &TableSpec) -> Result<(), Message> {
    if table.widths.is_empty() || table.widths.iter().any(|width| *width <= Length::ZERO) {
        return Err(message!("widths 应是大于零的列宽", "widths must be positive"));
    }
    for (key, figures) in &table.figures {
        if let Some(column) = table.columns_of(figures).find(|column| !table.columns.contains_key(*column)) {
            return Err(message!(
                "figures.{key}：没有列“{column}”",
                "figures.{key}: there is no column \"{column}\""
            ));
        }
    }
    let mut seen = HashSet::new();
    let mut body_seen = false;
    // For every column, the number of rows that a cell above still covers.
    let mut covered = vec![0_usize; table.widths.len()];
    for (at, row) in table.rows.iter().enumerate() {
        let number = at + 1;
        match row.kind {
            RowKind::Header if body_seen => {
                return Err(message!(
                    "第 {number} 行：header 行应在最前",
                    "row {number}: header rows come first"
                ));
            }
            RowKind::Header => {}
            RowKind::Band | RowKind::Body => {
                if !body_seen && covered.iter().any(|rows| *rows > 0) {
                    return Err(message!(
                        "第 {number} 行：表头的单元格伸进了表身",
                        "row {number}: a header cell extends into the body"
                    ));
                }
                body_seen = true;
            }
        }
        let mut column = 0;
        for cell in &row.cells {
            for (columns, rows) in spans(table, cell, &mut seen)
                .map_err(|Message { zh, en }| message!("第 {number} 行：{zh}", "row {number}: {en}"))?
            {
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                if columns == 0 || rows == 0 || column + columns > covered.len() {
                    return Err(message!(
                        "第 {number} 行：单元格超出列数",
                        "row {number}: its cells extend beyond the columns"
                    ));
                }
                if covered[column..column + columns].iter().any(|rows| *rows > 0) {
                    return Err(message!("第 {number} 行：单元格重叠", "row {number}: its cells overlap"));
                }
                covered[column..column + columns].fill(rows);
                column += columns;
            }
        }
        if covered.contains(&0) {
            return Err(message!("第 {number} 行：单元格不足", "row {number}: it has too few cells"));
        }
        for rows in &mut covered {
            *rows -= 1;
        }
    }
    if covered.iter().any(|rows| *rows > 0) {
        return Err(message!("有单元格超出最后一行", "a cell extends beyond the last row"));
    }
    if !body_seen {
        return Err(message!("没有表身", "it has no body"));
    }
    match table.figures.keys().find(|key| !seen.contains(key.as_str())) {
        Some(key) => Err(message!("figures.{key} 不在任何一行里", "figures.{key} is in no row")),
        None => Ok(()),
    }
}

/// The spans of the cells of one entry.
fn spans(
    table: &TableSpec,
    cell: &CellSpec,
    seen: &mut HashSet<String>,
) -> Result<Vec<(usize, usize)>, Message> {
    let CellSpec::Full(FullCellSpec { text, label, figures, columns, spans, rows, .. }) = cell else {
        return Ok(vec![(1, 1)]);
    };
    let span = (columns.unwrap_or(1), rows.unwrap_or(1));
    let known = |key: &String| {
        table.figures.get(key).ok_or_else(|| message!("没有 figures.{key}", "there is no figures.{key}"))
    };
    match (text, label, figures) {
        (Some(_), None, None) => Ok(vec![span]),
        (None, Some(key), None) => known(key).map(|_| vec![span]),
        (None, None, Some(key)) => {
            let spec = known(key)?;
            if !seen.insert(key.clone()) {
                return Err(message!("figures.{key} 出现了两次", "figures.{key} occurs twice"));
            }
            let count = table.columns_of(spec).len();
            match spans {
                None => Ok(vec![span; count]),
                Some(spans) if spans.len() == count && columns.is_none() => {
                    Ok(spans.iter().map(|columns| (*columns, span.1)).collect())
                }
                Some(_) => Err(message!(
                    "figures.{key} 有 {count} 列，spans 应有同样多",
                    "figures.{key} has {count} columns, and spans must have as many"
                )),
            }
        }
        _ => Err(message!("单元格应有 text、label、figures 之一", "a cell has one of text, label, figures")),
    }
}

//! Validation of a layout beyond its types: names exist, tables are rectangular and fit the page.

use std::collections::HashSet;

use super::{CellSpec, Each, FullCellSpec, IdentitySpec, Layout, Reference, RowKind, TableSpec};
use crate::diagnostic::Message;
use crate::geom::Length;
use crate::message;
use crate::style::{Face, Orientation, Role};

/// Everything that is wrong with a layout.
pub(super) fn validate(layout: &Layout) -> Vec<Message> {
    let mut found = Vec::new();
    validate_styles(layout, &mut found);
    validate_parts(layout, &mut found);
    let area = type_area(layout, &mut found);
    validate_sections(layout, &mut found);
    let mut keys = HashSet::new();
    for table in &layout.tables {
        let key = &table.key;
        if !keys.insert(key.as_str()) {
            found.push(message!("tables：“{key}”出现了两次", "tables: \"{key}\" is given twice"));
        }
        // The section of a table may name it wrongly.
        let mut named = layout.sections.iter().flat_map(|section| &section.tables);
        if named.all(|named| named != key && layout.table(named).is_some()) {
            found.push(message!("tables.{key}：不在任何部分里", "tables.{key}: is in no section"));
        }
        let wide = area.and_then(|area| too_wide(table, area));
        let wrong = wide.into_iter().chain(validate_table(table));
        found.extend(wrong.map(|Message { zh, en }| message!("tables.{key}：{zh}", "tables.{key}: {en}")));
    }
    for identity in &layout.identities {
        let rule = &identity.rule;
        let wrong = validate_identity(layout, identity).into_iter();
        found.extend(
            wrong.map(|Message { zh, en }| message!("identities.{rule}：{zh}", "identities.{rule}: {en}")),
        );
    }
    found.extend(super::mention::validate(layout));
    found
}

/// Styles, faces and colours.
fn validate_styles(layout: &Layout, found: &mut Vec<Message>) {
    for role in
        Role::ALL.into_iter().filter(|role| !role.is_occasional() && !layout.styles.contains_key(role))
    {
        found.push(message!("styles：缺少 {role} 的样式", "styles: there is no style for {role}"));
    }
    for face in Face::ALL.into_iter().filter(|face| !layout.faces.contains_key(face)) {
        found.push(message!("faces：缺少 {face}", "faces: there is no {face}"));
    }
    for (name, colour) in &layout.colours {
        if parse_colour(colour).is_none() {
            found.push(message!("colours.{name}：应如 #E60000", "colours.{name}: must be like #E60000"));
        }
    }
    for (role, style) in &layout.styles {
        if let Some(colour) = &style.colour
            && !layout.colours.contains_key(colour)
        {
            found.push(message!(
                "styles.{role}：没有颜色“{colour}”",
                "styles.{role}: there is no colour \"{colour}\""
            ));
        }
        let indents = [style.indent_left, style.indent_right, style.indent_first];
        if style.line_pitch.is_some_and(|pitch| pitch <= Length::ZERO)
            || indents.iter().any(|indent| !indent.is_finite())
        {
            found.push(message!(
                "styles.{role}：行距或缩进不对",
                "styles.{role}: its pitch or an indent is impossible"
            ));
        }
        if style.size <= Length::ZERO {
            found.push(message!("styles.{role}：字号应大于零", "styles.{role}: size must be positive"));
        }
    }
}

/// Title, letterhead, signature and what tables have in common.
fn validate_parts(layout: &Layout, found: &mut Vec<Message>) {
    if let Some(title) = &layout.title {
        let rest = ["{issuer}", "{year}", "{period}"]
            .iter()
            .fold(title.clone(), |rest, mark| rest.replace(mark, ""));
        if rest.contains(['{', '}']) {
            found.push(message!(
                "title：只认识 {{issuer}} {{year}} {{period}}",
                "title: may contain only {{issuer}}, {{year}} and {{period}}"
            ));
        }
    }
    if !(1..=2).contains(&layout.letterhead.rule.len()) {
        found.push(message!("letterhead.rule：应有一条或两条线", "letterhead.rule: must be one line or two"));
    }
    let drawing = &layout.table;
    let lengths = [drawing.padding, drawing.padding_vertical, drawing.min_height, drawing.rule];
    if lengths.iter().any(|length| *length < Length::ZERO)
        || layout.signature.stamp.iter().any(|side| *side <= Length::ZERO)
    {
        found.push(message!("table、signature：长度不能小于零", "table, signature: a length is negative"));
    }
    let colour = &layout.letterhead.colour;
    if !layout.colours.contains_key(colour) {
        found.push(message!("letterhead：没有颜色“{colour}”", "letterhead: there is no colour \"{colour}\""));
    }
    if !layout.signature.seal_diameters.contains_key("default") {
        found.push(message!(
            "signature.seal_diameters：缺少 default",
            "signature.seal_diameters: default is missing"
        ));
    }
}

/// Width and height of the type area, if they are sound.
fn type_area(layout: &Layout, found: &mut Vec<Message>) -> Option<(Length, Length)> {
    let Some(profile) = layout.profiles.get(&layout.page.profile) else {
        let name = &layout.page.profile;
        found.push(message!("page.profile：没有“{name}”", "page.profile: there is no \"{name}\""));
        return None;
    };
    if layout.page.characters == 0 || layout.page.lines == 0 || profile.line_pitch <= Length::ZERO {
        found.push(message!(
            "page：行数、字数、行距应大于零",
            "page: lines, characters and pitch must be positive"
        ));
        return None;
    }
    let width = layout.page.width - profile.margin_left - profile.margin_right;
    let height = layout.page.height - profile.margin_top - profile.margin_bottom;
    let size = layout.styles.get(&Role::Body)?.size;
    if width < size * 4 || height < profile.line_pitch * 4 {
        found.push(message!("profiles：版心太小", "profiles: the type area is too small"));
        return None;
    }
    // GB/T 9704—2012, 8: in landscape the type area is turned by a quarter; its height is counted without the leading.
    Some((width, height - (profile.line_pitch - size)))
}

/// Why the columns of a table have no room in the type area, if they have none.
fn too_wide(table: &TableSpec, (width, height): (Length, Length)) -> Option<Message> {
    let total: Length = table.widths.iter().copied().sum();
    let width = match table.orientation {
        Orientation::Portrait => width,
        Orientation::Landscape => height,
    };
    let (total_mm, width_mm) = (total.to_mm(), width.to_mm());
    let is_wide = total > width + Length::pt(0.5);
    is_wide.then(|| {
        message!(
            "各列共宽 {total_mm:.1} 毫米，超出版心 {width_mm:.1} 毫米",
            "its columns are {total_mm:.1} mm wide, more than the type area of {width_mm:.1} mm"
        )
    })
}

fn validate_sections(layout: &Layout, found: &mut Vec<Message>) {
    let mut keys = HashSet::new();
    for section in &layout.sections {
        let key = &section.key;
        if !keys.insert(key.as_str()) {
            found.push(message!("sections：“{key}”出现了两次", "sections: \"{key}\" is given twice"));
        }
        for table in section.tables.iter().filter(|table| layout.table(table).is_none()) {
            found.push(message!(
                "sections.{key}：没有表格“{table}”",
                "sections.{key}: there is no table \"{table}\""
            ));
        }
    }
}

/// Checks that every reference names existing rows and columns.
fn validate_identity(layout: &Layout, identity: &IdentitySpec) -> Vec<Message> {
    let name = &identity.table;
    let Some(table) = layout.table(name) else {
        return vec![message!("没有表格“{name}”", "there is no table \"{name}\"")];
    };
    let rows: Vec<&str> = table.figures.keys().map(String::as_str).collect();
    let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
    let terms = identity.identity.terms();
    let mut found: Vec<Message> =
        terms.filter_map(|term| wrong_reference(&term.reference, identity.each, &rows, &columns)).collect();
    let restrictions = [
        ("rows", identity.rows.as_deref().unwrap_or_default(), Some(&rows), identity.each == Each::Row),
        (
            "columns",
            identity.columns.as_deref().unwrap_or_default(),
            Some(&columns),
            identity.each == Each::Column,
        ),
        (
            "except",
            &identity.except[..],
            match identity.each {
                Each::Row => Some(&rows),
                Each::Column => Some(&columns),
                Each::Table => None,
            },
            identity.each != Each::Table,
        ),
    ];
    for (key, given, known, is_meant) in restrictions {
        if !is_meant && !given.is_empty() {
            let (zh, en) = match key {
                "rows" => ("\"row\"", "\"row\""),
                "columns" => ("\"column\"", "\"column\""),
                _ => ("\"row\" 或 \"column\"", "\"row\" or \"column\""),
            };
            found.push(message!(
                "{key} 只用于 each = {zh} 的关系",
                "{key} is for identities with each = {en} alone"
            ));
            continue;
        }
        for name in given.iter().filter(|name| known.is_some_and(|known| !known.contains(&name.as_str()))) {
            found.push(message!("{key}：没有“{name}”", "{key}: there is no \"{name}\""));
        }
    }
    found
}

/// What is wrong with a reference of an identity.
fn wrong_reference(reference: &Reference, each: Each, rows: &[&str], columns: &[&str]) -> Option<Message> {
    let (known, needs_column) = match each {
        Each::Column => (rows, false),
        Each::Row => (columns, false),
        Each::Table => (rows, true),
    };
    let name = &reference.name;
    if !known.iter().any(|key| reference.names(key)) {
        return Some(message!("没有“{name}”", "there is no \"{name}\""));
    }
    match &reference.column {
        Some(column) if needs_column && columns.contains(&column.as_str()) => None,
        None if !needs_column => None,
        Some(column) if needs_column => Some(message!("没有列“{column}”", "there is no column \"{column}\"")),
        Some(_) | None => Some(message!(
            "“{name}”：each 是 row 或 column 时只写一个键，否则写“行.列”",
            "\"{name}\": one key with each = \"row\" or \"column\", otherwise row.column"
        )),
    }
}

/// `#E60000` as red, green, blue.
pub fn parse_colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

/// Checks that every place of the grid belongs to one cell, and that every figure is in the table once.
fn validate_table(table: &TableSpec) -> Vec<Message> {
    let mut found = Vec::new();
    if table.widths.is_empty() || table.widths.iter().any(|width| *width <= Length::ZERO) {
        found.push(message!("widths 应是大于零的列宽", "widths must be positive"));
    }
    for (key, figures) in &table.figures {
        for column in table.columns_of(figures).filter(|column| !table.columns.contains_key(*column)) {
            found.push(message!(
                "figures.{key}：没有列“{column}”",
                "figures.{key}: there is no column \"{column}\""
            ));
        }
    }
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    let before = found.len();
    for (row, number) in table.rows.iter().zip(1_usize..) {
        let mut cells = Vec::new();
        for cell in &row.cells {
            match spans(table, cell, &mut seen) {
                Ok(spans) => cells.extend(spans),
                Err(Message { zh, en }) => found.push(message!("第 {number} 行：{zh}", "row {number}: {en}")),
            }
        }
        rows.push((row.kind, cells));
    }
    // What does not fit follows from cells that are wrong.
    if found.len() == before {
        let unseen = table.figures.keys().filter(|key| !seen.contains(key.as_str()));
        match validate_grid(table.widths.len(), &rows) {
            Err(wrong) => found.push(wrong),
            Ok(()) => found.extend(
                unseen.map(|key| message!("figures.{key} 不在任何一行里", "figures.{key} is in no row")),
            ),
        }
    }
    found
}

/// Checks that every place of the grid belongs to one cell. Only the first mistake counts: it moves all that follows.
fn validate_grid(width: usize, rows: &[(RowKind, Vec<(usize, usize)>)]) -> Result<(), Message> {
    let mut body_seen = false;
    // For every column, the number of rows that a cell above still covers.
    let mut covered = vec![0_usize; width];
    for ((kind, cells), number) in rows.iter().zip(1_usize..) {
        match kind {
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
        for &(columns, rows) in cells {
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
    if body_seen { Ok(()) } else { Err(message!("没有表身", "it has no body")) }
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

//! Head and foot of a document: title, issuer, year, signature, date, metadata.

use super::blocks::{Block, Facts, Grid, Paragraph};
use super::prose::whole;
use crate::date::Date;
use crate::report::Metadata;

/// What a title says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    /// In one line.
    pub text: String,
    /// The first block after it.
    pub end: usize,
    /// Its first block.
    pub start: usize,
}

/// Finds the title among the first blocks: the lines before `end` that name a report, or the first line in the middle.
pub(super) fn title(blocks: &[Block], end: usize, terms: &[String]) -> Option<Title> {
    /// A title of more lines, or of longer ones, is none.
    const MOST_LINES: usize = 4;
    const LONGEST: usize = 80;
    let text = |at: usize| match blocks.get(at) {
        Some(Block::Paragraph(paragraph)) if at < end => {
            let text = whole(paragraph);
            // Paths of pages and headings are none.
            let is_path =
                text.contains('>') || text.trim_start().starts_with("首页") || text.starts_with("当前位置");
            let is_heading = crate::forms::labels::number_of(&text).is_some_and(|(level, _)| level <= 2);
            let is_line =
                text.chars().count() <= LONGEST && !text.contains(['。', '；']) && !is_path && !is_heading;
            is_line.then_some(text)
        }
        _ => None,
    };
    let is_whole = |text: &str| {
        let solid: String = text.split_whitespace().collect();
        terms.iter().any(|term| solid.contains(term.as_str())) && solid.ends_with(['告', '报', '）', ')'])
    };
    let mut best: Option<((bool, bool, usize, bool), Title)> = None;
    for (start, first) in blocks.iter().enumerate().take(end) {
        let mut whole_text = String::new();
        for at in start..(start + MOST_LINES).min(end) {
            let Some(line) = text(at) else { break };
            whole_text.push_str(line.trim());
            if whole_text.chars().count() > LONGEST {
                break;
            }
            if !terms.is_empty() && is_whole(&whole_text) {
                // A title that names its body and year, in as few lines as possible; of several the last one: paths and names
                // of pages stand before it.
                let score = (
                    issuer(&whole_text, terms).is_some(),
                    year(&whole_text).is_some(),
                    MOST_LINES - (at - start),
                    is_prominent(first),
                );
                if best.as_ref().is_none_or(|(most, _)| score >= *most) {
                    best = Some((score, Title { text: whole_text.clone(), start, end: at + 1 }));
                }
                break;
            }
        }
    }
    if let Some((_, title)) = best {
        return Some(with_year(title, blocks));
    }
    if !terms.is_empty() {
        return None;
    }
    let start = (0..end.min(blocks.len())).find(|at| is_prominent(&blocks[*at]) && text(*at).is_some());
    let start = start.or_else(|| (0..end.min(blocks.len())).find(|at| text(*at).is_some()))?;
    let mut title = Title { text: text(start)?, start, end: start + 1 };
    while is_prominent(&blocks[start]) && title.end < end && title.end - start < MOST_LINES {
        match (blocks.get(title.end), text(title.end)) {
            (Some(Block::Paragraph(next)), Some(line)) if next.centred && next.heading.is_none() => {
                title.text.push_str(&line)
            }
            _ => break,
        }
        title.end += 1;
    }
    Some(title)
}

/// The title with its year, where the digits stand on the next line: programs that read pages find them lower than the words.
fn with_year(mut title: Title, blocks: &[Block]) -> Title {
    let Some(Block::Paragraph(next)) = blocks.get(title.end) else { return title };
    let digits = next.text.trim();
    let is_year = digits.len() == 4 && year(&format!("{digits}年")).is_some();
    let gap = title.text.find('年').filter(|at| *at > 0 && title.text[..*at].ends_with(char::is_whitespace));
    if let (true, None, Some(at)) = (is_year, year(&title.text), gap) {
        let (before, behind) = title.text.split_at(at);
        title.text = format!("{}{digits}{behind}", before.trim_end());
        title.end += 1;
    }
    title
}

fn is_prominent(block: &Block) -> bool {
    matches!(block, Block::Paragraph(paragraph) if paragraph.centred || paragraph.heading == Some(1))
}

/// The year of a title: 2023年, 2023年度, 二〇二三年.
pub(super) fn year(title: &str) -> Option<u16> {
    let solid: String = title.split_whitespace().collect();
    let characters: Vec<char> = solid.chars().map(digit).collect();
    characters.windows(5).find_map(|five| {
        let digits: String = five[..4].iter().collect();
        let year = digits.parse::<u16>().ok().filter(|_| five[4] == '年')?;
        (1990..2100).contains(&year).then_some(year)
    })
}

fn digit(character: char) -> char {
    match character {
        '〇' | '○' | '零' | 'O' | 'Ｏ' => '0',
        '０'..='９' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        other => "一二三四五六七八九"
            .chars()
            .position(|c| c == other)
            .and_then(|at| char::from_digit(at as u32 + 1, 10))
            .unwrap_or(other),
    }
}

/// The body that a title names: 某某局2023年政府信息公开工作年度报告, 2019年某某局政府信息公开….
pub(super) fn issuer(title: &str, terms: &[String]) -> Option<String> {
    let solid: String = title.split_whitespace().collect();
    let solid = solid.trim_start_matches('《');
    let term = terms.iter().filter_map(|term| solid.find(term.as_str())).min().unwrap_or(solid.len());
    let front = &solid[..term];
    let at = front.char_indices().find(|(at, _)| {
        let five: String = front[*at..].chars().take(5).collect();
        five.ends_with('年') && year(&five).is_some()
    });
    let name = match at {
        Some((0, _)) => front.chars().skip(5).collect::<String>().trim_start_matches('度').to_owned(),
        Some((at, _)) => without_year(&front[..at]).to_owned(),
        None => front.strip_suffix('年').unwrap_or(front).to_owned(),
    };
    let name = name.trim_matches(|c: char| !c.is_alphanumeric()).trim_start_matches("关于");
    let is_name = name.chars().count() >= 2 && !name.contains(['，', '。', '：']);
    is_name.then(|| name.to_owned())
}

/// A name without the first year of several behind it: 某某局2023—2024年.
fn without_year(name: &str) -> &str {
    let Some(front) = name.strip_suffix(['-', '—', '–', '－', '~', '～', '至', '、']) else {
        return name;
    };
    let front = front.trim_end_matches(['-', '—', '年']);
    let start = front.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    match year(&format!("{}年", &front[start..])) {
        Some(_) => &front[..start],
        None => name,
    }
}

/// A date in words: 2024年1月31日, 二〇二四年一月三十一日, 2024-01-31, 2024.1.31.
pub(super) fn date(text: &str) -> Option<String> {
    let solid: String = text.split_whitespace().collect();
    let numbers: Vec<&str> = solid.split(['-', '/', '.']).collect();
    if let [year, month, day] = numbers[..]
        && year.len() == 4
        && solid.len() < 10
        && let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse())
    {
        return Date::new(year, month, day).map(Date::iso);
    }
    if let Some(date) = solid
        .get(..10)
        .filter(|_| solid.len() == 10)
        .and_then(|text| Date::parse(&text.replace(['/', '.'], "-")))
    {
        return Some(date.iso());
    }
    let (year, rest) = solid.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    let year: String = year.chars().map(digit).collect();
    let number = |text: &str| -> Option<u8> {
        if let Ok(number) = text.parse() {
            return Some(number);
        }
        let digits: String = text.chars().map(digit).collect();
        match digits.split_once('十') {
            Some((tens, ones)) => {
                let tens: u8 = if tens.is_empty() { 1 } else { tens.parse().ok()? };
                let ones: u8 = if ones.is_empty() { 0 } else { ones.parse().ok()? };
                tens.checked_mul(10)?.checked_add(ones)
            }
            None => digits.parse().ok(),
        }
    };
    Date::new(year.parse().ok()?, number(month)?, number(day)?).map(Date::iso)
}

/// Signature and date at the end of the blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Foot {
    pub signatories: Vec<String>,
    pub date: Option<String>,
    /// Its first block, and the first one behind it.
    pub start: usize,
    pub end: usize,
}

/// Finds the signature: a date that stands alone among the last paragraphs, and the names before it.
pub(super) fn foot(blocks: &[Block], from: usize) -> Option<Foot> {
    const LONGEST: usize = 40;
    /// Where a line that ends with a date may be a signature.
    const LAST: usize = 3;
    let own = |at: usize| match blocks.get(at) {
        Some(Block::Paragraph(paragraph)) => Some(paragraph),
        _ => None,
    };
    let alone = (from..blocks.len()).rev().find(|at| own(*at).is_some_and(is_date));
    let Some(at) = alone else {
        let last = (from..blocks.len()).rev().take(LAST);
        return last.filter_map(|at| signed_line(own(at)?, at)).next();
    };
    let mut foot = Foot { date: date(&own(at)?.text), start: at, end: at + 1, ..Foot::default() };
    while foot.start > from {
        let Some(paragraph) = own(foot.start - 1) else { break };
        let text = whole(paragraph);
        let is_name = text.chars().count() <= LONGEST
            && !text.contains(['。', '，', '；', '：', ':', '、'])
            && paragraph.number.is_none()
            && crate::forms::labels::number_of(&text).is_none()
            && (paragraph.right || names_a_body(&text));
        if !is_name || foot.signatories.len() == 3 {
            break;
        }
        foot.signatories.splice(0..0, names(&text));
        foot.start -= 1;
    }
    Some(foot)
}

/// A signature with its date behind it in one line.
fn signed_line(paragraph: &Paragraph, at: usize) -> Option<Foot> {
    let text = paragraph.text.trim();
    let gaps = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(gap, _)| gap);
    let mut parts = gaps.map(|gap| text.split_at(gap));
    let (name, date) = parts.find_map(|(name, behind)| {
        let is_name = names_a_body(name) && !name.contains(['。', '，', '；', '：', ':', '、']);
        Some((name, date(behind)?)).filter(|_| is_name)
    })?;
    let signatories = vec![name.split_whitespace().collect()];
    Some(Foot { signatories, date: Some(date), start: at, end: at + 1 })
}

fn is_date(paragraph: &Paragraph) -> bool {
    paragraph.number.is_none() && paragraph.text.contains('年') && date(&paragraph.text).is_some()
}

/// The names of a line: bodies that sign together may stand side by side, and the characters of one may stand apart.
fn names(text: &str) -> Vec<String> {
    const SHORTEST: usize = 4;
    let parts: Vec<&str> = text.split_whitespace().collect();
    let is_body = |part: &&str| part.chars().count() >= SHORTEST && names_a_body(part);
    match parts.len() > 1 && parts.iter().all(is_body) {
        true => parts.into_iter().map(str::to_owned).collect(),
        false => vec![parts.concat()],
    }
}

/// Whether a text is the name of a body by its last characters.
pub(super) fn names_a_body(text: &str) -> bool {
    let solid: String = text.split_whitespace().collect();
    [
        "局",
        "委",
        "委员会",
        "办",
        "办公室",
        "办公厅",
        "政府",
        "厅",
        "院",
        "处",
        "中心",
        "街道",
        "镇",
        "乡",
        "会",
        "部",
        "署",
        "社",
        "站",
        "队",
        "所",
    ]
    .iter()
    .any(|end| solid.ends_with(end))
}

/// Names of metadata on pages, and the key that each is.
const FIELDS: [(&str, &str); 20] = [
    ("索引号", "index_number"),
    ("索取号", "index_number"),
    ("文号", "document_number"),
    ("发文字号", "document_number"),
    ("发布机构", "publisher"),
    ("发布机关", "publisher"),
    ("发文机关", "publisher"),
    ("公开主体", "publisher"),
    ("公开方式", "publication"),
    ("公开范围", "scope"),
    ("发布日期", "published"),
    ("发布时间", "published"),
    ("发文日期", "published"),
    ("公开日期", "published"),
    ("主题分类", "category"),
    ("信息分类", "category"),
    ("有效性", "validity"),
    ("信息来源", "source"),
    ("来源", "source"),
    ("内容概述", "summary"),
];

fn field_key(label: &str) -> Option<&'static str> {
    let solid: String = label.split_whitespace().collect();
    let solid = solid.trim_matches(['[', ']', '【', '】', '：', ':']);
    FIELDS.iter().find(|(name, _)| *name == solid).map(|(_, key)| *key)
}

/// The pairs of a table of metadata; none for another table.
pub(super) fn fields(grid: &Grid) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let cells: Vec<&str> = grid.rows.iter().flatten().map(|cell| cell.text.trim()).collect();
    let mut at = 0;
    while at < cells.len() {
        if let Some(pair) = field(cells[at]) {
            found.push(pair);
        } else if field_key(cells[at]).is_some()
            && let Some(value) = cells.get(at + 1).filter(|value| field_key(value).is_none())
        {
            found.push((cells[at].to_owned(), (*value).to_owned()));
            at += 1;
        }
        at += 1;
    }
    let known = found.iter().filter(|(label, _)| field_key(label).is_some()).count();
    (known >= 2).then_some(found)
}

/// A pair in one text: 发布日期：2024-01-31.
pub(super) fn field(text: &str) -> Option<(String, String)> {
    const LONGEST: usize = 80;
    let (label, value) = text.split_once(['：', ':'])?;
    let value = value.trim();
    let is_field = field_key(label).is_some() && !value.is_empty() && value.chars().count() <= LONGEST;
    is_field.then(|| (label.trim().to_owned(), value.to_owned()))
}

/// The metadata of a report by the pairs of a file.
pub(super) fn metadata(facts: &Facts) -> Metadata {
    let value = |wanted: &str| {
        let own = facts.fields.iter().filter(|(_, value)| !value.trim().is_empty());
        own.filter(|(label, _)| field_key(label) == Some(wanted))
            .map(|(_, value)| value.trim().to_owned())
            .next()
    };
    let published = value("published").and_then(|text| {
        let day = text.split_whitespace().next()?;
        date(day)
    });
    Metadata {
        index_number: value("index_number"),
        document_number: value("document_number"),
        publisher: value("publisher"),
        publication: value("publication"),
        scope: value("scope"),
        published,
        category: value("category"),
        validity: value("validity"),
        source: value("source"),
        summary: value("summary"),
        keywords: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_issuer_and_year() {
        let terms = ["政府信息公开".to_owned()];
        for (title, name, wanted) in [
            ("清镇市人民政府办公室2023年政府信息公开工作年度报告", "清镇市人民政府办公室", 2023),
            ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", 2019),
            ("县退役军人事务局2020年度政府信息公开工作年度报告", "县退役军人事务局", 2020),
            ("某某区 二〇二三年政府信息公开工作年度报告", "某某区", 2023),
        ] {
            assert_eq!(
                (issuer(title, &terms).as_deref(), year(title)),
                (Some(name), Some(wanted)),
                "{title}"
            );
        }
        assert_eq!(issuer("政府信息公开工作年度报告", &terms), None);
    }

    #[test]
    fn dates_are_read_in_any_writing() {
        for text in
            ["2024年1月31日", "2024 年 1 月 31 日", "二〇二四年一月三十一日", "2024-01-31", "2024/01/31"]
        {
            assert_eq!(date(text).as_deref(), Some("2024-01-31"), "{text}");
        }
        for text in ["2024年", "2024年13月1日", "本报告", "2025 1 1 日"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}

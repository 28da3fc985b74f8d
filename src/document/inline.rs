//! Inline spans: links, and text in another language. Every writer marks them in its own way.
//!
//! A position in a node's text is counted in characters without white space, because a line break removes a
//! space: counted so, the text of the document and the glyphs on the pages agree.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Block, BlockKind, NodeId, Notes, Run, mark};

/// A span of a node's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// Its characters, white space not counted.
    pub range: Range<usize>,
    /// What it is.
    pub kind: InlineKind,
}

/// The kind of an inline span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InlineKind {
    /// A web address or an e-mail address: where it leads.
    Link(String),
    /// English: ISO 14289-1, 7.2, asks for every change of language to be marked.
    English,
    /// An entry of a 目录, which leads to a block.
    Entry(NodeId),
}

/// The links that authors gave, by node: their characters, white space not counted, and where they lead.
pub(super) type Links = BTreeMap<NodeId, Vec<(Range<usize>, String)>>;

/// The spans of all nodes; with each node its text without white space.
#[derive(Clone, Debug, Default)]
pub struct Inlines(BTreeMap<NodeId, (Vec<Inline>, String)>);

impl Inlines {
    /// Finds those of all blocks and footnotes; the links that authors gave are among them.
    pub fn find(blocks: &[Block], given: &Links, notes: &Notes) -> Inlines {
        let mut found = BTreeMap::new();
        let notes = notes.iter().map(|(index, note)| (note.id, format!("{} {}", mark(index), note.text)));
        for (node, text) in blocks.iter().flat_map(texts).chain(notes) {
            let mut pieces = find(&text);
            if let Some(links) = given.get(&node) {
                // The links are in order, and a text may have thousands: only the first that ends behind can overlap.
                pieces.retain(|piece| {
                    let at = links.partition_point(|(range, _)| range.end <= piece.range.start);
                    links.get(at).is_none_or(|(range, _)| !overlap(range, &piece.range))
                });
                pieces.extend(links.iter().map(|(range, target)| Inline {
                    range: range.clone(),
                    kind: InlineKind::Link(uri(target)),
                }));
                pieces.sort_by_key(|piece| piece.range.start);
            }
            if !pieces.is_empty() {
                found.insert(node, (pieces, text.split_whitespace().collect()));
            }
        }
        Inlines(found)
    }

    /// Those of a node, in order.
    pub fn of(&self, node: NodeId) -> &[Inline] {
        self.0.get(&node).map_or(&[], |(pieces, _)| pieces)
    }

    /// Gives another node the spans of a node.
    pub(crate) fn copy(&mut self, from: NodeId, to: NodeId) {
        if let Some(found) = self.0.get(&from).cloned() {
            self.0.insert(to, found);
        }
    }

    /// Adds an entry of a 目录, which leads as a whole to a block.
    pub fn add_entry(&mut self, entry: NodeId, target: NodeId) {
        let whole = Inline { range: 0..usize::MAX, kind: InlineKind::Entry(target) };
        self.0.insert(entry, (vec![whole], String::new()));
    }

    /// The nodes that have any, each with its text without white space.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &str)> {
        self.0.iter().map(|(node, (_, text))| (*node, text.as_str()))
    }

    /// The same without those of other nodes than these.
    pub fn only(&self, is_kept: impl Fn(NodeId) -> bool) -> Inlines {
        Inlines(
            self.0.iter().filter(|(node, _)| is_kept(**node)).map(|(node, it)| (*node, it.clone())).collect(),
        )
    }
}

/// Whether two ranges have something in common.
fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// The texts of a block by the nodes that own them.
fn texts(block: &Block) -> Vec<(NodeId, String)> {
    let runs = |runs: &[Run], own: Option<NodeId>| {
        let named = runs.iter().filter_map(|run| Some((run.id?, run.text.clone())));
        let rest = runs.iter().filter(|run| run.id.is_none()).map(|run| run.text.as_str()).collect();
        named.chain(own.map(|id| (id, rest))).collect::<Vec<_>>()
    };
    match &block.kind {
        BlockKind::Title(title) => vec![(block.id, title.text())],
        BlockKind::Paragraph(paragraph) => runs(&paragraph.runs, Some(block.id)),
        BlockKind::List(list) => {
            list.items.iter().map(|item| (item.id, format!("{} {}", item.label, item.text))).collect()
        }
        BlockKind::Table(table) => {
            let lines = table.above().map(|(_, text)| text).chain(&table.notes);
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            let cells = cells.map(|cell| (cell.id, cell.text.clone()));
            lines.map(|line| (line.id, line.text.clone())).chain(cells).collect()
        }
        BlockKind::Illustration(illustration) => {
            illustration.caption.iter().map(|caption| (caption.id, caption.text.clone())).collect()
        }
        BlockKind::Signature(signature) => {
            let lines = signature.signatories.iter().chain(&signature.date);
            lines.map(|line| (line.id, line.text.clone())).collect()
        }
        BlockKind::Sides(sides) => [&sides.left, &sides.right].map(|side| runs(side, None)).concat(),
        // Its entries are links as a whole.
        BlockKind::Contents(_) | BlockKind::Rule(_) | BlockKind::PageBreak => Vec::new(),
    }
}

/// The pieces of a text, in order.
fn find(text: &str) -> Vec<Inline> {
    // Text without an ASCII letter, which is nearly all, has none.
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return Vec::new();
    }
    let mut found: Vec<(Range<usize>, InlineKind)> = links(text);
    // A text may have thousands: the links are in order, so that only the first that ends behind can overlap.
    let links = found.len();
    for range in english(text) {
        let at = found[..links].partition_point(|(link, _)| link.end <= range.start);
        if at == links || range.end <= found[at].0.start {
            found.push((range, InlineKind::English));
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    // Each is counted from the one before it.
    let (mut to, mut characters) = (0, 0);
    let mut count = |end: usize| {
        characters += text[to..end].chars().filter(|character| !character.is_whitespace()).count();
        to = end;
        characters
    };
    found
        .into_iter()
        .map(|(range, kind)| Inline { range: count(range.start)..count(range.end), kind })
        .collect()
}

/// The longest host and the longest name before the @ of an address: RFC 1035, 2.3.4; RFC 5321, 4.5.3.1.1. What is longer is no
/// address, and is not read to its end from each of its dots.
const LONGEST_HOST: usize = 255;
const LONGEST_LOCAL: usize = 64;

/// How many bytes a text begins with that are all of one kind, if they are not too many.
fn run(text: &str, most: usize, is_in: impl Fn(u8) -> bool) -> Option<usize> {
    let length = text.bytes().take(most + 1).take_while(|byte| is_in(*byte)).count();
    (length <= most).then_some(length)
}

/// Addresses by their bytes in the text, and where each leads.
fn links(text: &str) -> Vec<(Range<usize>, InlineKind)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let before = text[..at].chars().next_back();
        let starts = text.is_char_boundary(at) && !before.is_some_and(|c| c.is_ascii_alphanumeric());
        // `http://user@host` is no e-mail address.
        let mail = || mail(&text[at..]).filter(|_| before != Some('/'));
        match starts.then(|| web(&text[at..]).or_else(mail)).flatten() {
            Some((length, target)) => {
                found.push((at..at + length, InlineKind::Link(target)));
                at += length;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// The web address that a text begins with: its length, and where it leads.
fn web(text: &str) -> Option<(usize, String)> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme));
    let rest = &text[scheme.map_or(0, str::len)..];
    if scheme.is_none() && !rest.starts_with("www.") {
        return None;
    }
    let authority = authority(rest)?;
    let part_of = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let path = &rest[authority..];
    let end = if path.starts_with(['/', '?', '#']) { path.find(|c: char| !part_of(c)) } else { Some(0) };
    let mut path = &path[..end.unwrap_or(path.len())];
    let surplus =
        |open: char, close: char| path.matches(close).count().saturating_sub(path.matches(open).count());
    let (mut round, mut square) = (surplus('(', ')'), surplus('[', ']'));
    loop {
        let trimmed = path.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
        let surplus = match trimmed.bytes().next_back() {
            Some(b')') => Some(&mut round),
            Some(b']') => Some(&mut square),
            _ => None,
        };
        let trimmed = match surplus.filter(|surplus| **surplus > 0) {
            Some(surplus) => {
                *surplus -= 1;
                &trimmed[..trimmed.len() - 1]
            }
            None => trimmed,
        };
        if trimmed.len() == path.len() {
            break;
        }
        path = trimmed;
    }
    let address = &text[..text.len() - rest.len() + authority + path.len()];
    let target = uri(address);
    Some((address.len(), if scheme.is_some() { target } else { format!("http://{target}") }))
}

/// The length of the host, with its port, that a text begins with: at least two labels.
fn authority(text: &str) -> Option<usize> {
    let end = run(text, LONGEST_HOST, |byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))?;
    let host = text[..end].trim_end_matches(['.', '-', '_']);
    let labels: Vec<&str> = host.split('.').collect();
    if labels.len() < 2 || labels.iter().any(|label| !label.starts_with(|c: char| c.is_ascii_alphanumeric()))
    {
        return None;
    }
    let port = text[host.len()..].strip_prefix(':').unwrap_or_default();
    let digits = port.find(|c: char| !c.is_ascii_digit()).unwrap_or(port.len());
    let is_port = port[..digits].parse::<u16>().is_ok();
    Some(host.len() + if is_port { 1 + digits } else { 0 })
}

/// The address as a URI. Word calls a file damaged that leads to something else.
// RFC 3986, appendix A
fn uri(address: &str) -> String {
    let mut target = String::with_capacity(address.len());
    let mut fragments = 0;
    for (at, character) in address.char_indices() {
        fragments += usize::from(character == '#');
        let hex = address.get(at + 1..at + 3).unwrap_or_default();
        let is_escape = hex.len() == 2 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        match character {
            '%' if !is_escape => target.push_str("%25"),
            '#' if fragments > 1 => target.push_str("%23"),
            '[' => target.push_str("%5B"),
            ']' => target.push_str("%5D"),
            _ => target.push(character),
        }
    }
    target
}

/// The e-mail address that a text begins with.
fn mail(text: &str) -> Option<(usize, String)> {
    let local = run(text, LONGEST_LOCAL, |byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte))?;
    let domain = text[local..].strip_prefix('@').filter(|_| local > 0)?;
    let end = run(domain, LONGEST_HOST, |byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))?;
    let domain = domain[..end].trim_end_matches(['.', '-']);
    let labels: Vec<&str> = domain.split('.').collect();
    if labels.len() < 2 || labels.iter().any(|label| label.is_empty()) || text.starts_with('.') {
        return None;
    }
    let length = local + 1 + domain.len();
    Some((length, format!("mailto:{}", uri(&text[..length]))))
}

/// English by its bytes in the text: neighbouring words of which two or more have three letters and are no
/// abbreviations. Codes, units and abbreviations (`PM2.5`, `kg`, `WTO`) are pronounced the same in both
/// languages.
fn english(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let latin = |c: char| c == ' ' || c.is_ascii_graphic();
    let mut at = 0;
    while at < text.len() {
        let length = text[at..].find(|c| !latin(c)).unwrap_or(text.len() - at);
        sentences(&text[at..at + length], at, &mut found);
        at += length;
        at += text[at..].find(latin).unwrap_or(text.len() - at);
    }
    found
}

fn sentences(stretch: &str, offset: usize, found: &mut Vec<Range<usize>>) {
    let (mut start, mut end, mut words) = (None, 0, 0);
    let mut at = 0;
    for token in stretch.split(' ').chain([""]) {
        let word = token.trim_matches(|c: char| c.is_ascii_punctuation());
        let is_word = !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'\'');
        if is_word {
            let from = at + token.find(word).unwrap_or(0);
            start.get_or_insert(from);
            end = from + word.len();
            words += usize::from(word.len() >= 3 && word.bytes().any(|byte| byte.is_ascii_lowercase()));
        } else if !token.is_empty() || at >= stretch.len() {
            if let Some(start) = start.take().filter(|_| words >= 2) {
                found.push(offset + start..offset + end);
            }
            words = 0;
        }
        at += token.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let stripped: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let found: Vec<String> = find(text)
            .into_iter()
            .map(|inline| {
                let text: String = stripped[inline.range].iter().collect();
                match inline.kind {
                    InlineKind::Link(target) => format!("{text} -> {target}"),
                    InlineKind::English | InlineKind::Entry(_) => text,
                }
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn addresses_are_links() {
        let same = |text: &str| format!("{text} -> {text}");
        check("网址 https://www.a.gov.cn/x_1/2023.html。", &[&same("https://www.a.gov.cn/x_1/2023.html")]);
        check("（见http://a.cn/b(c)）http://a.cn/.", &[&same("http://a.cn/b(c)"), &same("http://a.cn/")]);
        check("(http://a.cn/b), 登录www.a.cn查询", &[&same("http://a.cn/b"), "www.a.cn -> http://www.a.cn"]);
        check("邮箱：xx-gk@a.gov.cn，", &["xx-gk@a.gov.cn -> mailto:xx-gk@a.gov.cn"]);
    }

    #[test]
    fn links_lead_to_uris() {
        check(
            "http://a.cn/b%2F%zz[1]#c#d",
            &["http://a.cn/b%2F%zz[1]#c#d -> http://a.cn/b%2F%25zz%5B1%5D#c%23d"],
        );
        check("www.a.cn,www.b.cn", &["www.a.cn -> http://www.a.cn", "www.b.cn -> http://www.b.cn"]);
        check(
            "http://a.cn:80/b http://a.cn:65536/b",
            &["http://a.cn:80/b -> http://a.cn:80/b", "http://a.cn -> http://a.cn"],
        );
        check("a%b@c.cn", &["a%b@c.cn -> mailto:a%25b@c.cn"]);
    }

    #[test]
    fn numbers_and_codes_are_no_links() {
        for text in [
            "电话 0000-12345678、010-1234",
            "11000000MB0000000X",
            "http://",
            "https://a",
            "www.",
            "http://a..cn",
            "http://a@b.cn",
            "@a.cn a@b 甲@乙.丙",
            "x@.cn",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn prose_in_english_is_found() {
        check("见 Open Government Information（OGI）", &["OpenGovernmentInformation"]);
        check("Freedom of Information Act 2000, as amended", &["FreedomofInformationAct", "asamended"][..1]);
        for text in ["GB/T 9704", "PM2.5 COD", "kg km", "A 类 B 类", "WTO Agreement", "Word 文件 Excel 表"]
        {
            check(text, &[]);
        }
    }
}

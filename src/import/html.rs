//! A page of the web, or a saved one (MHT): its text as blocks, without what stands around it.
//!
//! What is around a document on a page (paths, lists of links, the foot of the site) is left out by its place: the document is the
//! deepest element that holds nearly all the text that is no link. No address is opened.

mod cell;
mod guard;
mod look;
mod mht;

use std::collections::HashMap;

use scraper::{ElementRef, Html, Node};

use super::blocks::{Block, Cell, Content, Grid, Left, Paragraph};
use super::head;
use super::text::decode;
use crate::characters::{readable_with_overrides, shifted};
use crate::diagnostic::Place;
use crate::message;
use crate::options::Limits;
use crate::read::{ReadError, limit};

use cell::{cell_text, formula, left_out};
use guard::{bounded, within_attributes};
use look::Looks;
pub(super) use mht::page_of_mht;

/// How deep elements may be nested.
const MAX_DEPTH: usize = 400;
/// The largest span of a cell that is accepted.
const MAX_SPAN: usize = 64;

/// Whether a text is a page.
pub(super) fn is_page(text: &str) -> bool {
    const HEAD: usize = 4096;
    let head: String = text.chars().take(HEAD).collect::<String>().to_ascii_lowercase();
    let starts = head.trim_start().starts_with('<');
    ["<!doctype html", "<html", "<body", "<head"].iter().any(|tag| head.contains(tag))
        || (starts && ["<table", "<div", "<p", "<h1", "<span", "<meta"].iter().any(|tag| head.contains(tag)))
}

/// The content of a page.
pub(super) fn content(bytes: &[u8], limits: &Limits) -> Result<Content, ReadError> {
    let text = decode(bytes);
    // What the parser gets is bounded, not what was there before characters were left out.
    let text = readable_with_overrides(&text);
    bounded(&text, limits)?;
    within_attributes(text.as_bytes(), limits)?;
    let page = Html::parse_document(&text);
    let mut content = Content::default();
    let root = page.root_element();
    facts(root, &mut content);
    let body = root.child_elements().find(|element| element.value().name() == "body").unwrap_or(root);
    let weights = weights(body);
    let inner = inner(body);
    let main = main_of(body, &weights, &inner);
    let mut reader = Reader {
        looks: Looks::of(&page)?,
        inner,
        blocks: Vec::new(),
        line: String::new(),
        paragraphs: 0,
        tables: 0,
        in_main: false,
        is_as_typed: false,
        main: main.id(),
    };
    reader.flow(body, Face::default(), 0)?;
    reader.flush(Face::default());
    // Outside of the document only its metadata count.
    for (block, inside) in reader.blocks {
        if inside {
            content.blocks.push(block);
            continue;
        }
        match &block {
            Block::Table(grid) => content.facts.fields.extend(head::fields(grid).unwrap_or_default()),
            Block::Paragraph(paragraph) => content.facts.fields.extend(head::field(&paragraph.text)),
            Block::Picture(_) | Block::Left { .. } => {}
        }
    }
    Ok(content)
}

/// Title and metadata of the head of a page.
fn facts(root: ElementRef, content: &mut Content) {
    let mut title = None;
    for element in root.descendent_elements() {
        match element.value().name() {
            "title" => title = title.or_else(|| Some(element.text().collect::<String>())),
            "meta" => {
                let name = element.attr("name").unwrap_or_default().to_ascii_lowercase();
                let value = element.attr("content").unwrap_or_default().trim();
                match name.as_str() {
                    "articletitle" if !value.is_empty() => content.facts.title = Some(value.to_owned()),
                    "pubdate" => content.facts.fields.push(("发布日期".to_owned(), value.to_owned())),
                    "contentsource" => content.facts.fields.push(("来源".to_owned(), value.to_owned())),
                    _ => {}
                }
            }
            "body" => break,
            _ => {}
        }
    }
    // The name of the site stands behind that of the page.
    let own = title.map(|text| {
        text.trim().split(['_', '|', '-', '–', '—']).next().unwrap_or_default().trim().to_owned()
    });
    content.facts.title = content.facts.title.take().or(own).filter(|text| !text.is_empty());
}

type Id = ego_tree::NodeId;

/// How many characters of text that is no link each element has.
fn weights(body: ElementRef) -> HashMap<Id, usize> {
    let mut weights = HashMap::new();
    for edge in body.traverse() {
        if let ego_tree::iter::Edge::Close(node) = edge {
            let own = match node.value() {
                Node::Text(text) => text.chars().filter(|c| !c.is_whitespace()).count(),
                Node::Element(element) if is_skipped(element.name()) || element.name() == "a" => 0,
                Node::Element(_) => node.children().filter_map(|child| weights.get(&child.id())).sum(),
                _ => 0,
            };
            weights.insert(node.id(), own);
        }
    }
    weights
}

/// The deepest element that holds nearly all text.
fn main_of<'a>(
    body: ElementRef<'a>,
    weights: &HashMap<Id, usize>,
    inner: &HashMap<Id, Inner>,
) -> ElementRef<'a> {
    let weight = |element: &ElementRef| weights.get(&element.id()).copied().unwrap_or(0);
    let mut main = body;
    loop {
        let all = weight(&main);
        let next = main.child_elements().max_by_key(weight);
        match next {
            Some(next)
                if weight(&next) * 10 >= all * 8
                    && all > 0
                    && (is_block(next.value().name()) || is_frame_part(&next, inner))
                    && !matches!(next.value().name(), "p" | "h1" | "h2" | "h3" | "li") =>
            {
                main = next;
            }
            _ => return main,
        }
    }
}

/// Whether an element is a part of a table that is a frame for other content.
fn is_frame_part(element: &ElementRef, inner: &HashMap<Id, Inner>) -> bool {
    match element.value().name() {
        "table" => is_frame(*element, inner),
        "tbody" | "tr" | "td" => true,
        _ => false,
    }
}

fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "nav"
            | "footer"
            | "select"
            | "button"
            | "textarea"
            | "iframe"
            | "object"
            | "svg"
            | "template"
            | "head"
            // What is shown where a program does not know the element, or by a click.
            | "canvas"
            | "audio"
            | "video"
            | "datalist"
            | "progress"
            | "meter"
            | "dialog"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "aside"
            | "body"
            | "form"
            | "center"
            | "blockquote"
            | "pre"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dd"
            | "dt"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "fieldset"
            | "figure"
            | "hr"
            | "address"
            | "html"
            | "details"
            | "summary"
            | "figcaption"
            | "legend"
            | "hgroup"
            | "ucapcontent"
            | "ucapcontent1"
    )
}

/// What is in an element: how much text, how much of it in tables in it, and how many cells of its own a table has.
#[derive(Clone, Copy, Debug, Default)]
struct Inner {
    text: usize,
    of_tables: usize,
    cells: usize,
}

/// What is in each element.
fn inner(body: ElementRef) -> HashMap<Id, Inner> {
    let mut found: HashMap<Id, Inner> = HashMap::new();
    for edge in body.traverse() {
        let ego_tree::iter::Edge::Close(node) = edge else { continue };
        let mut own = Inner::default();
        match node.value() {
            Node::Text(text) => own.text = text.chars().filter(|c| !c.is_whitespace()).count(),
            Node::Element(_) => {
                for child in node.children() {
                    let child_inner = found.get(&child.id()).copied().unwrap_or_default();
                    let name = child.value().as_element().map(|element| element.name());
                    own.text += child_inner.text;
                    if name == Some("table") {
                        own.of_tables += child_inner.text.max(1);
                        continue;
                    }
                    own.of_tables += child_inner.of_tables;
                    own.cells += child_inner.cells + usize::from(matches!(name, Some("td" | "th")));
                }
            }
            _ => {}
        }
        found.insert(node.id(), own);
    }
    found
}

/// Whether a table is a frame: what is in it is mostly other tables, or it has a cell with prose.
fn is_frame(table: ElementRef, inner: &HashMap<Id, Inner>) -> bool {
    const PROSE: usize = 300;
    const FEW: usize = 6;
    let own = inner.get(&table.id()).copied().unwrap_or_default();
    let is_around = own.of_tables > 0 && (own.of_tables * 2 >= own.text || own.cells <= FEW);
    is_around
        || table.descendent_elements().filter(|element| element.value().name() == "td").any(|cell| {
            let text: String = cell.text().collect();
            text.chars().count() > PROSE && text.matches('。').count() >= 3
        })
}

/// What an element says about the lines in it.
#[derive(Clone, Copy, Debug, Default)]
struct Face {
    heading: Option<u8>,
    centred: bool,
    right: bool,
}

struct Reader {
    looks: Looks,
    inner: HashMap<Id, Inner>,
    blocks: Vec<(Block, bool)>,
    line: String,
    paragraphs: usize,
    tables: usize,
    in_main: bool,
    /// Whether lines are as they stand in the file (`pre`).
    is_as_typed: bool,
    main: Id,
}

impl Reader {
    fn flow(&mut self, parent: ElementRef, face: Face, depth: usize) -> Result<(), ReadError> {
        if depth > MAX_DEPTH {
            return Err(limit(message!("网页嵌套太深", "the page is nested too deep")));
        }
        let was_in_main = self.in_main;
        self.in_main |= parent.id() == self.main;
        let was_as_typed = self.is_as_typed;
        self.is_as_typed |= parent.value().name() == "pre";
        let mut items = 0;
        for child in parent.children() {
            if let Node::Text(text) = child.value() {
                self.text(text, face);
                continue;
            }
            let Some(element) = ElementRef::wrap(child) else { continue };
            let name = element.value().name();
            if is_skipped(name) {
                continue;
            }
            let look = self.looks.look(&element);
            if look.hidden {
                self.hidden(element);
                continue;
            }
            if look.struck {
                self.struck(element, Place::Paragraph(self.paragraphs + 1));
                continue;
            }
            let is_block = is_block(name) || look.block == Some(true);
            match name {
                "br" => self.flush(face),
                "table" if !is_frame(element, &self.inner) => {
                    self.flush(face);
                    self.tables += 1;
                    let mut beside = Vec::new();
                    let grid = self.grid(element, &mut beside);
                    self.blocks.push((Block::Table(grid), self.in_main));
                    self.blocks.extend(beside.into_iter().map(|left| (left, self.in_main)));
                }
                _ if look.raised.is_some() && !is_block => {
                    let face = look.raised.unwrap_or_default();
                    let text = element.text().flat_map(str::chars);
                    self.line.extend(text.map(|c| shifted(c, face)));
                }
                "math" => formula(element, &mut self.line),
                "rt" | "rtc" => {
                    self.line.push('（');
                    self.flow(element, face, depth + 1)?;
                    self.line.push('）');
                }
                "table" | "tbody" | "thead" | "tr" | "td" | "th" => {
                    self.flush(face);
                    self.tables += usize::from(name == "table");
                    self.flow(element, face, depth + 1)?;
                    self.flush(face);
                }
                name if is_block => {
                    self.flush(face);
                    let own = face_of(&element, face);
                    if name == "li" && parent.value().name() == "ol" {
                        items += 1;
                        self.line.push_str(&format!("{items}."));
                    }
                    self.flow(element, own, depth + 1)?;
                    self.flush(own);
                }
                _ => self.flow(element, face, depth + 1)?,
            }
        }
        if parent.id() == self.main {
            self.flush(face);
        }
        self.in_main = was_in_main;
        self.is_as_typed = was_as_typed;
        Ok(())
    }

    /// Text of a line; in `pre` a line ends where it does in the file.
    fn text(&mut self, text: &str, face: Face) {
        let mut lines = text.split('\n').filter(|_| self.is_as_typed);
        let Some(first) = lines.next() else {
            self.line.push_str(text);
            return;
        };
        let others: Vec<&str> = lines.collect();
        self.line.push_str(first);
        for line in others {
            self.flush(face);
            self.line.push_str(line);
        }
    }

    /// Ends a line.
    fn flush(&mut self, face: Face) {
        let text = std::mem::take(&mut self.line);
        let text = match self.is_as_typed {
            // Tabs may part cells.
            true => text.trim_matches(|c: char| c.is_whitespace() && c != '\t').to_owned(),
            false => collapsed(&text),
        };
        if text.trim().is_empty() {
            return;
        }
        self.paragraphs += 1;
        let paragraph = Paragraph {
            text,
            number: None,
            heading: face.heading,
            centred: face.centred,
            right: face.right,
            place: Place::Paragraph(self.paragraphs),
        };
        self.blocks.push((Block::Paragraph(paragraph), self.in_main));
    }

    /// Text that is struck, which is told and not read.
    fn struck(&mut self, element: ElementRef, place: Place) {
        let text = collapsed(&element.text().collect::<String>());
        if !text.is_empty() {
            self.blocks.push((Block::Left { what: Left::Struck, text, at: None, place }, self.in_main));
        }
    }

    /// Text that is hidden by a style, which is told; what an element hides by its name is of another page.
    fn hidden(&mut self, element: ElementRef) {
        const MOST: usize = 200;
        let text = collapsed(&element.text().collect::<String>());
        // Whole parts of a page are hidden that are shown by a click.
        if !text.is_empty() && text.chars().count() <= MOST && self.in_main {
            let place = Place::Paragraph(self.paragraphs + 1);
            self.blocks.push((Block::Left { what: Left::Hidden, text, at: None, place }, true));
        }
    }

    /// The cells of a table; what is struck or hidden in them is put into `beside`.
    fn grid(&self, table: ElementRef, beside: &mut Vec<Block>) -> Grid {
        let number = self.tables;
        let mut grid = Grid { rows: Vec::new(), has_columns: true };
        let mut covered: Vec<usize> = Vec::new();
        // Those of a table in a cell are lines of the cell.
        let is_own = |row: &ElementRef| {
            let mut tables =
                row.ancestors().filter_map(ElementRef::wrap).filter(|above| above.value().name() == "table");
            tables.next().is_some_and(|nearest| nearest.id() == table.id())
        };
        let rows = table.descendent_elements().filter(|element| {
            element.value().name() == "tr" && is_own(element) && !self.looks.look(element).hidden
        });
        for (at, row) in rows.enumerate() {
            let mut cells = Vec::new();
            let mut column = 0;
            let own = row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th"));
            for (order, cell) in own.enumerate() {
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let span = |name: &str| cell.attr(name).and_then(|text| text.trim().parse::<usize>().ok());
                let columns = span("colspan").unwrap_or(1).clamp(1, MAX_SPAN);
                let rows = span("rowspan").unwrap_or(1).clamp(1, 1000);
                if covered.len() < column + columns {
                    covered.resize(column + columns, 0);
                }
                covered[column..column + columns].fill(rows);
                let place = Place::TableCell { table: number, row: at + 1, cell: order + 1 };
                let left = left_out(cell, &self.looks).into_iter();
                beside.extend(left.map(|(what, text)| Block::Left {
                    what,
                    text,
                    at: None,
                    place: place.clone(),
                }));
                cells.push(Cell {
                    column,
                    columns,
                    rows,
                    text: cell_text(cell, &self.looks),
                    header: cell.value().name() == "th",
                    place,
                });
                column += columns;
            }
            for rows in &mut covered {
                *rows = rows.saturating_sub(1);
            }
            grid.rows.push(cells);
        }
        grid
    }
}

/// A text with single spaces, and none at its ends; a space of its own width is one too.
fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn face_of(element: &ElementRef, outer: Face) -> Face {
    let name = element.value().name();
    let heading = match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => name[1..].parse().ok(),
        _ => outer.heading,
    };
    let style: String =
        element.attr("style").unwrap_or_default().to_ascii_lowercase().split_whitespace().collect();
    let align = element.attr("align").unwrap_or_default().to_ascii_lowercase();
    let (centre, right) = (
        align == "center" || style.contains("text-align:center"),
        align == "right" || style.contains("text-align:right"),
    );
    match (centre || name == "center", right) {
        (true, _) => Face { heading, centred: true, right: false },
        (_, true) => Face { heading, centred: false, right: true },
        _ => Face { heading, ..outer },
    }
}

#[cfg(test)]
mod tests {
    use super::guard::attributes;
    use super::*;

    #[test]
    fn what_is_around_a_document_is_left_out() {
        let page = "<html><head><title>某报告_某网</title></head><body><div><ul><li><a href=x>首页</a></li></ul></div>\
            <table><tr><td>索引号：</td><td>A1</td><td>发布日期：</td><td>2024-01-31</td></tr></table>\
            <div id=main><p align=center>某报告</p><p>正文一，说明了全年的情况，内容很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长。</p>\
            <table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr><tr><td>1</td><td>&nbsp;</td></tr></table><p>正文二，还有许多许多许多许多许多许多许多的话。</p></div>\
            <div>版权所有</div></body></html>";
        let page = page.replace("正文一，", &format!("正文一，{}", "说明全年的情况，".repeat(40)));
        let content = content(page.as_bytes(), &Limits::default()).expect("reads");
        assert_eq!(content.facts.title.as_deref(), Some("某报告"));
        assert_eq!(content.facts.fields[0], ("索引号：".to_owned(), "A1".to_owned()));
        let texts: Vec<String> = content.blocks.iter().map(crate::import::prose::text_of).collect();
        assert_eq!(texts.len(), 4, "{texts:?}");
        assert_eq!(texts[2], "甲｜乙｜1");
        let Block::Table(grid) = &content.blocks[2] else { panic!("a table") };
        assert_eq!((grid.rows[1][0].column, grid.rows[1][1].text.as_str()), (1, ""));
    }

    #[test]
    fn a_page_that_is_nested_too_deep_is_refused() {
        let page = "<div>".repeat(100_000);
        assert!(matches!(content(page.as_bytes(), &Limits::default()), Err(ReadError::Limit(_))));
    }

    #[test]
    fn a_tag_of_too_many_attributes_is_refused() {
        let most = 256;
        let count = |tag: &str| attributes(tag.as_bytes(), most).0;
        assert_eq!(count("p>a b c"), 0);
        assert_eq!(count("p a b=\"> c\"d='e f'g = h/i/ =j=k>l m"), 5);
        assert_eq!(count("p a=\"b c d"), 1);
        let many = |before: &str, after: &str| {
            let names: Vec<String> = (0..300_000).map(|at| format!("a{at}")).collect();
            format!("{before}{}{after}", names.join(" "))
        };
        for page in [
            many("<p ", ">x"),
            many("<!-- <a b=\" --><p ", ">"),
            many("<b></p ", ""),
            many("<\u{200b}p ", ">"),
        ] {
            assert!(matches!(content(page.as_bytes(), &Limits::default()), Err(ReadError::Limit(_))));
        }
        let within = |page: &str| within_attributes(page.as_bytes(), &Limits::default());
        assert!(within(&"<p class=\"a b c d\" style='e: f'>".repeat(100)).is_ok());
        assert!(within(&"<p".repeat(100_000)).is_err(), "each name is read to the end of the page");
    }

    #[test]
    fn a_long_style_is_looked_at_once() {
        let page = format!(
            "<table><tr><td><span style=\"{}\">{}</span></td></tr></table>",
            "a:b;".repeat(50_000),
            "x<br>".repeat(20_000)
        );
        let content = content(page.as_bytes(), &Limits::default()).expect("reads");
        assert_eq!(content.blocks.len(), 1);
    }

    #[test]
    fn a_saved_page_is_read() {
        let saved = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=E6=80=BB=\r\n</p>\r\n--b--";
        assert_eq!(page_of_mht(saved).expect("a page"), "<p>总</p>\r\n".as_bytes());
    }
}

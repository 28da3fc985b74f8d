//! The text of a cell of a page as it is shown.

use scraper::{ElementRef, Node};

use super::look::{Look, Looks};
use super::{collapsed, is_block, is_skipped};
use crate::characters::shifted;
use crate::import::blocks::Left;

/// What is struck or hidden in a cell, of the outermost such elements.
pub(super) fn left_out(cell: ElementRef, looks: &Looks) -> Vec<(Left, String)> {
    let (mut found, mut within) = (Vec::new(), None);
    for edge in cell.traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) if within.is_none() => {
                let Some(element) = ElementRef::wrap(node) else { continue };
                let look = looks.look(&element);
                let what = match (look.struck, look.hidden) {
                    (_, true) => Left::Hidden,
                    (true, false) => Left::Struck,
                    _ => continue,
                };
                within = Some(element.id());
                let text = collapsed(&element.text().collect::<String>());
                if !text.is_empty() {
                    found.push((what, text));
                }
            }
            ego_tree::iter::Edge::Close(node) if within == Some(node.id()) => within = None,
            _ => {}
        }
    }
    found
}

/// What the elements around a text of a cell say of it.
#[derive(Clone, Copy, Default)]
struct Around {
    is_left_out: bool,
    raised: Option<&'static str>,
    /// Whether it stands on lines of its own.
    is_block: bool,
    before: &'static str,
    after: &'static str,
}

/// The text of a cell; paragraphs and breaks are lines.
pub(super) fn cell_text(cell: ElementRef, looks: &Looks) -> String {
    let mut text = String::new();
    // Of the elements that are open. Each is looked at once, not again for every text in it.
    let mut around: Vec<Around> = Vec::new();
    for edge in cell.traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) => match node.value() {
                Node::Text(own) => {
                    let around = around.last().copied().unwrap_or_default();
                    if around.is_left_out {
                        continue;
                    }
                    let own = own.replace(['\n', '\r'], " ");
                    match around.raised {
                        // The number of a note is no digit of the figure before it.
                        Some(face) => text.extend(own.chars().map(|c| shifted(c, face))),
                        None => text.push_str(&own),
                    }
                }
                Node::Element(element) => {
                    if element.name() == "br" {
                        text.push('\n');
                    }
                    let outer = around.last().copied().unwrap_or_default();
                    let own = inside(node, cell, outer, looks);
                    if !own.is_left_out {
                        text.push_str(own.before);
                        if own.is_block {
                            text.push('\n');
                        }
                    }
                    if element.name() == "math" && !own.is_left_out {
                        ElementRef::wrap(node).into_iter().for_each(|math| formula(math, &mut text));
                        around.push(Around { is_left_out: true, ..own });
                    } else {
                        around.push(own);
                    }
                }
                _ => {}
            },
            ego_tree::iter::Edge::Close(node) => {
                if let Node::Element(_) = node.value() {
                    let Some(own) = around.pop() else { continue };
                    if !own.is_left_out {
                        text.push_str(own.after);
                    }
                    if own.is_block {
                        text.push('\n');
                    }
                }
            }
        }
    }
    let lines = text.split('\n').map(collapsed).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What an element says of the text in it; the cell itself says nothing.
fn inside(node: ego_tree::NodeRef<Node>, cell: ElementRef, outer: Around, looks: &Looks) -> Around {
    let Some(element) = ElementRef::wrap(node).filter(|element| element.id() != cell.id()) else {
        return Around { before: "", after: "", is_block: false, ..outer };
    };
    let Look { hidden, struck, raised, block, list_number, reversed } = looks.look(&element);
    let name = element.value().name();
    let (before, after) = match name {
        "rt" | "rtc" => ("（", "）"),
        // Shown the other way round, as these characters say.
        _ if reversed => ("\u{202E}", "\u{202C}"),
        // The number of a line is no digit of the figure behind it.
        _ if list_number => ("", " "),
        _ => ("", ""),
    };
    Around {
        is_left_out: outer.is_left_out || hidden || struck || is_skipped(name) || matches!(name, "rp"),
        raised: raised.or(outer.raised),
        is_block: is_block(name) || block == Some(true) || matches!(name, "td" | "th" | "tr" | "table"),
        before,
        after,
    }
}

/// The text of a formula on a line: what stands above or below something is parted from it by a sign.
pub(super) fn formula(math: ElementRef, text: &mut String) {
    let sign = match math.value().name() {
        "mfrac" => "/",
        "msup" | "mover" => "^",
        "msub" | "munder" | "msubsup" | "munderover" | "mmultiscripts" => "_",
        "mroot" | "msqrt" => "√",
        "mtr" | "mtable" => ",",
        "annotation" | "annotation-xml" => return,
        _ => "",
    };
    let mut is_first = true;
    for child in math.children() {
        match child.value() {
            Node::Text(own) => text.push_str(own.trim()),
            Node::Element(_) => {
                if !is_first {
                    text.push_str(sign);
                }
                is_first = false;
                ElementRef::wrap(child).into_iter().for_each(|element| formula(element, text));
            }
            _ => {}
        }
    }
}

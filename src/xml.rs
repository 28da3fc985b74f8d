//! A small XML tree: the XML that the program writes itself is built as one, and XML of others is read into one.
//!
//! Text and attribute values are kept as characters, never escaped: quick-xml escapes them on the way out,
//! and characters that XML 1.0 cannot hold are dropped there.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};

/// Why a part cannot be read: it is not well-formed XML, or nested too deep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct XmlError(pub String);

/// An element with its attributes and children, in order. Names and values are borrowed from the part that was read,
/// wherever nothing in them was escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    /// With its prefix: `w:p`.
    pub name: Cow<'a, str>,
    /// Names with their prefixes, and values as characters.
    pub attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Its content, in order.
    pub children: Vec<Node<'a>>,
}

/// A child of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node<'a> {
    /// An element.
    Element(Element<'a>),
    /// Characters, not escaped.
    Text(Cow<'a, str>),
}

impl<'a> Element<'a> {
    /// An element without attributes or children.
    pub fn new(name: &'a str) -> Element<'a> {
        Element { name: name.into(), ..Element::default() }
    }

    /// The element with one attribute more.
    pub fn with(mut self, name: &'a str, value: impl ToString) -> Element<'a> {
        self.attributes.push((name.into(), value.to_string().into()));
        self
    }

    /// The element with one child more.
    pub fn child(mut self, child: Element<'a>) -> Element<'a> {
        self.children.push(Node::Element(child));
        self
    }

    /// The element with these children more.
    pub fn all(mut self, children: impl IntoIterator<Item = Element<'a>>) -> Element<'a> {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// The element with this text at its end.
    pub fn text(mut self, text: &str) -> Element<'a> {
        self.children.push(Node::Text(text.to_owned().into()));
        self
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The child elements, to be changed.
    pub fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element<'a>> {
        self.children.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child element of this name.
    pub fn find(&self, name: &str) -> Option<&Element<'a>> {
        self.elements().find(|element| element.name == name)
    }

    /// The first child element of this name, made at the front if there is none.
    pub fn find_or_insert(&mut self, name: &'a str) -> &mut Element<'a> {
        let has_name = |node: &Node| matches!(node, Node::Element(element) if element.name == name);
        let index = self.children.iter().position(has_name).unwrap_or_else(|| {
            self.children.insert(0, Node::Element(Element::new(name)));
            0
        });
        match &mut self.children[index] {
            Node::Element(element) => element,
            Node::Text(_) => unreachable!("the position of an element"),
        }
    }

    /// The text directly in it, without that of its descendants.
    pub fn own_text(&self) -> Cow<'_, str> {
        let mut texts =
            self.children.iter().filter_map(|n| if let Node::Text(text) = n { Some(&**text) } else { None });
        let first = texts.next().unwrap_or_default();
        texts.fold(Cow::Borrowed(first), |all, next| all + next)
    }

    /// It and everything in it, in document order.
    #[cfg(test)]
    pub fn descendants(&self) -> Vec<&Element<'a>> {
        let mut all = vec![self];
        for child in self.elements() {
            all.extend(child.descendants());
        }
        all
    }
}

/// Whether XML 1.0 can hold the character. // XML 1.0, 2.2 (Char)
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// How deep elements may be nested. A paragraph in a table cell is about twelve levels deep.
const MAX_DEPTH: usize = 200;

/// Reads a part.
///
/// # Errors
/// If it is not well-formed.
pub(crate) fn read(part: &[u8]) -> Result<Element<'_>, XmlError> {
    let mut unbounded = usize::MAX;
    read_within(part, &mut unbounded)
}

/// Reads a part of at most `left` elements, attributes and texts, which are subtracted.
///
/// # Errors
/// If it is not well-formed, or has more.
pub(crate) fn read_within<'a>(part: &'a [u8], left: &mut usize) -> Result<Element<'a>, XmlError> {
    let text = std::str::from_utf8(part).map_err(|error| XmlError(error.to_string()))?;
    // The reader skips a byte-order mark, but does not count it.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(text);
    // The first entry is no element of the part: it holds the root.
    let mut open = vec![Element::default()];
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(xml_error)?;
        let attributes = match &event {
            // Each has its sign; more are no harm.
            Event::Start(start) | Event::Empty(start) => memchr::memchr_iter(b'=', start.as_bytes()).count(),
            _ => 0,
        };
        *left = left.saturating_sub(1 + attributes);
        if *left == 0 {
            return Err(XmlError("too many elements and attributes".to_owned()));
        }
        let written = || text.get(from..).unwrap_or_default();
        match event {
            Event::Start(start) => {
                if open.len() > MAX_DEPTH {
                    return Err(XmlError(format!("nested deeper than {MAX_DEPTH} levels")));
                }
                open.push(element(written(), &start)?);
            }
            Event::Empty(start) => {
                let child = element(written(), &start)?;
                innermost(&mut open)?.children.push(Node::Element(child));
            }
            Event::End(_) => {
                let child = open.pop().ok_or_else(unbalanced)?;
                innermost(&mut open)?.children.push(Node::Element(child));
            }
            Event::Text(text) => push_text(innermost(&mut open)?, text.xml10_content()),
            Event::CData(data) => push_text(innermost(&mut open)?, data.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref().map_err(xml_error)? {
                    Some(character) => character,
                    None => match &*reference.xml10_content() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        other => return Err(XmlError(format!("unknown entity {other}"))),
                    },
                };
                push_text(innermost(&mut open)?, character.to_string().into());
            }
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    let holder = open.pop().filter(|_| open.is_empty()).ok_or_else(unbalanced)?;
    holder
        .children
        .into_iter()
        .find_map(|node| if let Node::Element(root) = node { Some(root) } else { None })
        .ok_or_else(unbalanced)
}

/// The XML declaration at the start of every part.
pub(crate) const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Writes a part, with its declaration.
pub(crate) fn write(root: &Element) -> Vec<u8> {
    let mut out = Vec::with_capacity(16 * 1024);
    out.extend_from_slice(DECLARATION);
    write_element(&mut out, root);
    out
}

/// Writes an element straight into bytes: a writer of events would copy every name and value twice.
pub(crate) fn write_element(out: &mut Vec<u8>, element: &Element) {
    let name = element.name.as_bytes();
    out.push(b'<');
    out.extend_from_slice(name);
    for (name, value) in &element.attributes {
        write_attribute(out, name, value);
    }
    if element.children.is_empty() {
        return out.extend_from_slice(b"/>");
    }
    out.push(b'>');
    for node in &element.children {
        match node {
            Node::Element(child) => write_element(out, child),
            Node::Text(text) => out.extend_from_slice(escaped(text).as_bytes()),
        }
    }
    out.extend_from_slice(b"</");
    out.extend_from_slice(name);
    out.push(b'>');
}

/// Writes an attribute, after a space.
pub(crate) fn write_attribute(out: &mut Vec<u8>, name: &str, value: &str) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    out.extend_from_slice(escaped(value).as_bytes());
    out.push(b'"');
}

/// Text as XML has it, in elements and attributes alike; characters that XML cannot hold are left out.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    escape(only_xml_chars(text))
}

fn only_xml_chars(text: &str) -> Cow<'_, str> {
    // Whatever XML cannot hold is a control character or begins with this byte.
    let is_plain = text.bytes().all(|byte| byte >= b' ' && byte != 0xEF);
    if is_plain || text.chars().all(is_xml_char) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|&c| is_xml_char(c)).collect())
    }
}

/// The element of a tag, borrowed from `written`, the text in which the tag comes next, because what the
/// event itself lends lives no longer than the event.
fn element<'a>(written: &'a str, start: &BytesStart) -> Result<Element<'a>, XmlError> {
    let length = start.name().0.len();
    let tag = written.strip_prefix('<').and_then(|tag| tag.get(..start.len()));
    let tag = tag.filter(|tag| **tag == **start).ok_or_else(|| XmlError("a tag is lost".to_owned()))?;
    let mut element = Element::new(&tag[..length]);
    for attribute in Attributes::new(tag, length) {
        let attribute = attribute.map_err(xml_error)?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(xml_error)?;
        element.attributes.push((attribute.key.0.into(), value));
    }
    Ok(element)
}

fn push_text<'a>(element: &mut Element<'a>, text: Cow<'a, str>) {
    match element.children.last_mut() {
        Some(Node::Text(before)) => before.to_mut().push_str(&text),
        _ => element.children.push(Node::Text(text)),
    }
}

fn innermost<'o, 'a>(open: &'o mut [Element<'a>]) -> Result<&'o mut Element<'a>, XmlError> {
    open.last_mut().ok_or_else(unbalanced)
}

fn unbalanced() -> XmlError {
    XmlError("elements are not balanced".to_owned())
}

fn xml_error(error: impl std::fmt::Display) -> XmlError {
    XmlError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_survives_reading_and_writing() {
        let root = Element::new("w:p").with("w:a", "<\"&'>").child(Element::new("w:t").text("1 < 2 & “3”"));
        let bytes = write(&root);
        assert_eq!(read(&bytes).unwrap(), root);
    }

    #[test]
    fn tags_are_read_as_they_are_written() {
        let wanted = Element::new("文").with("a", "1/2").with("b", "<").child(Element::new("c"));
        let body = "<!DOCTYPE 文>\n<!-- <x/> --><文 a='1/2'\n b=\"&lt;\" ><c /></文 >\n";
        let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n{body}");
        for text in
            [body.to_owned(), format!("\u{feff}{declared}"), format!("\u{feff}\u{feff}{body}"), declared]
        {
            assert_eq!(read(text.as_bytes()).unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn xml_drops_what_it_cannot_hold() {
        let bytes = write(&Element::new("t").text("a\u{1}\u{B}b\u{FFFE}"));
        assert!(String::from_utf8(bytes).unwrap().ends_with("<t>ab</t>"));
    }
}

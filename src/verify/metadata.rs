//! Changes of metadata: what the XMP and the document information of two revisions say.
//!
//! Programs that sign write when the file was changed and by what (ISO 32000-1, 14.3), and often write all XMP anew in
//! another form. So the properties are compared, by the data model of XMP (ISO 16684-1, 6), and not the bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Message;
use crate::message;
use crate::read::pdf::syntax::{Dictionary, Object};
use crate::sign::fields;
use crate::xml::{self, Element};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";
const XMP_MM: &str = "http://ns.adobe.com/xap/1.0/mm/";
const PDF: &str = "http://ns.adobe.com/pdf/1.3/";
const DC: &str = "http://purl.org/dc/elements/1.1/";
/// The most bytes of XMP that are read, and how deep its values are nested.
const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 16;

/// The properties that a program may write when it changes a file, without a change of what the file says.
const WRITTEN_BY_PROGRAMS: [(&str, &str); 5] = [
    (XMP, "ModifyDate"),
    (XMP, "MetadataDate"),
    (PDF, "Producer"),
    (XMP_MM, "InstanceID"),
    (XMP_MM, "DocumentID"),
];
const WRITTEN_BY_PROGRAMS_IN_INFO: [&str; 2] = ["ModDate", "Producer"];

/// A property that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Property {
    /// The namespace of its name in XMP; nothing for the document information.
    namespace: String,
    name: String,
}

impl Property {
    /// The property in words.
    pub fn words(&self) -> Message {
        match (self.namespace.as_str(), self.name.as_str()) {
            ("", "ModDate") | (XMP, "ModifyDate") => message!("修改日期", "date of modification"),
            (XMP, "MetadataDate") => message!("元数据日期", "date of the metadata"),
            ("", "CreationDate") | (XMP, "CreateDate") => message!("创建日期", "date of creation"),
            ("" | PDF, "Producer") => message!("生成程序", "producer"),
            ("", "Creator") | (XMP, "CreatorTool") => message!("制作程序", "creating program"),
            (XMP_MM, "InstanceID" | "DocumentID") => message!("文件标识", "identifier"),
            ("", "Title") | (DC, "title") => message!("题名", "title"),
            ("", "Author") | (DC, "creator") => message!("作者", "author"),
            ("", "Subject") | (DC, "description") => message!("摘要", "description"),
            ("" | PDF, "Keywords") | (DC, "subject") => message!("关键词", "keywords"),
            (_, name) => message!("{name}", "{name}"),
        }
    }

    /// Whether it is of the document information.
    pub(super) fn is_information(&self) -> bool {
        self.namespace.is_empty()
    }

    /// Whether a text is of the kind that programs write: a date is a date, a name is short.
    fn may_be(&self, text: &str) -> bool {
        const LONGEST: usize = 200;
        let dated = self.name.ends_with("Date");
        let of_date = |character: char| character.is_ascii_digit() || "D:-+.TZ' ".contains(character);
        match dated {
            true => (4..=40).contains(&text.len()) && text.chars().all(of_date),
            false => text.chars().count() <= LONGEST && !text.chars().any(char::is_control),
        }
    }

    /// Whether programs write it when they change a file.
    fn is_of_programs(&self) -> bool {
        if self.namespace.is_empty() {
            return WRITTEN_BY_PROGRAMS_IN_INFO.contains(&self.name.as_str());
        }
        WRITTEN_BY_PROGRAMS.contains(&(self.namespace.as_str(), self.name.as_str()))
    }
}

/// The words of properties, each once: `修改日期、生成程序`.
pub(super) fn words(properties: &[Property]) -> Message {
    let mut all: Vec<Message> = Vec::new();
    for property in properties {
        let words = property.words();
        if !all.contains(&words) {
            all.push(words);
        }
    }
    let zh = all.iter().map(|words| words.zh.as_str()).collect::<Vec<_>>().join("、");
    let en = all.iter().map(|words| words.en.as_str()).collect::<Vec<_>>().join(", ");
    message!("{zh}", "{en}")
}

/// A change of metadata.
pub(super) struct Difference {
    /// What changed.
    pub properties: Vec<Property>,
    /// Whether that is only what programs write when they change a file.
    pub permitted: bool,
}

impl Difference {
    /// Of properties with their new texts; none where a property is no text, or is gone.
    fn of(changed: BTreeMap<Property, Option<String>>) -> Difference {
        let permitted = changed.iter().all(|(property, text)| {
            property.is_of_programs() && text.as_deref().is_some_and(|text| property.may_be(text))
        });
        Difference { properties: changed.into_keys().collect(), permitted }
    }
}

/// What changed from one document information dictionary to the next (ISO 32000-1, 14.3.3); none if the values are not
/// plain.
pub(super) fn of_information(old: &Dictionary, new: &Dictionary) -> Option<Difference> {
    let keys: BTreeSet<&Vec<u8>> = old.keys().chain(new.keys()).collect();
    let mut changed = BTreeMap::new();
    for key in keys.into_iter().filter(|key| old.get(*key) != new.get(*key)) {
        // A text, and nothing that refers to anything.
        let plain = |value: Option<&Object>| match value {
            None => true,
            Some(Object::String(text)) => fields::text(text).len() <= MAX_BYTES,
            Some(_) => false,
        };
        if !plain(old.get(key)) || !plain(new.get(key)) {
            return None;
        }
        let name = String::from_utf8(key.clone()).ok()?;
        let text = match new.get(key) {
            Some(Object::String(text)) => Some(fields::text(text)),
            _ => None,
        };
        changed.insert(Property { namespace: String::new(), name }, text);
    }
    Some(Difference::of(changed))
}

/// What changed from one XMP packet to the next; none if one cannot be read.
pub(super) fn of_xmp(old: &[u8], new: &[u8]) -> Option<Difference> {
    let (old, new) = (properties(old)?, properties(new)?);
    let keys: BTreeSet<&Property> = old.keys().chain(new.keys()).collect();
    let text = |key: &Property| match new.get(key) {
        Some(Value::Text { text, .. }) => Some(text.clone()),
        _ => None,
    };
    let changed = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    Some(Difference::of(changed.map(|key| (key.clone(), text(key))).collect()))
}

/// A value by the data model: a text, a list, or a structure.
#[derive(Debug, PartialEq, Eq)]
enum Value {
    Text { text: String, language: String },
    List { kind: String, items: Vec<Value> },
    Structure(BTreeMap<Property, Value>),
}

/// The properties of a packet; none if it cannot be read, or has one twice.
fn properties(packet: &[u8]) -> Option<BTreeMap<Property, Value>> {
    let packet = packet.strip_prefix("\u{feff}".as_bytes()).unwrap_or(packet);
    // A type definition could make programs read other texts.
    if packet.len() > MAX_BYTES || memchr::memmem::find(packet, b"<!DOCTYPE").is_some() {
        return None;
    }
    let root = xml::read(packet).ok()?;
    let scope = Scope::default().within(&root);
    let mut found = BTreeMap::new();
    let (description, scope) = match scope.named(&root.name)? {
        (RDF, "RDF") => (vec![&root], scope.clone()),
        _ => (root.elements().collect(), scope.clone()),
    };
    for rdf in description {
        let scope = scope.within(rdf);
        if scope.named(&rdf.name)? != (RDF, "RDF") {
            return None;
        }
        for description in rdf.elements() {
            let inner = scope.within(description);
            if inner.named(&description.name)? != (RDF, "Description") {
                return None;
            }
            structure(description, &inner, 0, &mut found)?;
        }
    }
    Some(found)
}

/// The prefixes that are bound, the innermost last.
#[derive(Clone, Default)]
struct Scope(Vec<(String, String)>);

impl Scope {
    fn within(&self, element: &Element) -> Scope {
        let mut inner = self.clone();
        for (name, value) in &element.attributes {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                inner.0.push((prefix.to_owned(), value.clone().into_owned()));
            } else if name == "xmlns" {
                inner.0.push((String::new(), value.clone().into_owned()));
            }
        }
        inner
    }

    /// The namespace and the local part of a name.
    fn named<'s>(&'s self, name: &'s str) -> Option<(&'s str, &'s str)> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if prefix == "xml" {
            return Some((XML, local));
        }
        let bound = self.0.iter().rev().find(|(bound, _)| bound == prefix);
        bound.map(|(_, namespace)| (namespace.as_str(), local))
    }
}

/// The properties that an element has as attributes and as elements.
fn structure(
    element: &Element,
    scope: &Scope,
    depth: usize,
    found: &mut BTreeMap<Property, Value>,
) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut put = |namespace: &str, name: &str, value: Value| {
        let property = Property { namespace: namespace.to_owned(), name: name.to_owned() };
        found.insert(property, value).is_none().then_some(())
    };
    for (name, value) in &element.attributes {
        if name == "xmlns" || name.starts_with("xmlns:") {
            continue;
        }
        match scope.named(name)? {
            (RDF, "about") if value.is_empty() => {}
            (RDF, "parseType") if value == "Resource" => {}
            (RDF | XML, _) => return None,
            (namespace, local) => put(namespace, local, plain(value))?,
        }
    }
    for child in element.elements() {
        let inner = scope.within(child);
        let (namespace, local) = inner.named(&child.name)?;
        put(namespace, local, value(child, &inner, depth + 1)?)?;
    }
    // Text between properties says nothing, unless it is more than space.
    element.own_text().trim().is_empty().then_some(())
}

fn plain(text: &str) -> Value {
    Value::Text { text: text.trim().to_owned(), language: String::new() }
}

/// The value of a property or of an item of a list.
fn value(element: &Element, scope: &Scope, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    let children: Vec<&Element> = element.elements().collect();
    let own = element.attributes.iter().filter(|(name, _)| name != "xmlns" && !name.starts_with("xmlns:"));
    let mut language = String::new();
    let mut fields = false;
    for (name, value) in own {
        match scope.named(name)? {
            (XML, "lang") => language = value.clone().into_owned(),
            (RDF, "parseType") if value == "Resource" => fields = true,
            (RDF, "resource") if children.is_empty() => return Some(plain(value)),
            (RDF | XML, _) => return None,
            _ => fields = true,
        }
    }
    // Only texts have a language.
    if !language.is_empty() && (fields || !children.is_empty()) {
        return None;
    }
    if fields {
        let mut found = BTreeMap::new();
        structure(element, scope, depth + 1, &mut found)?;
        return Some(Value::Structure(found));
    }
    let [only] = children.as_slice() else {
        let text = element.own_text().trim().to_owned();
        return children.is_empty().then_some(Value::Text { text, language });
    };
    if !element.own_text().trim().is_empty() {
        return None;
    }
    let inner = scope.within(only);
    match inner.named(&only.name)? {
        (RDF, "Description") => {
            let mut found = BTreeMap::new();
            structure(only, &inner, depth + 1, &mut found)?;
            Some(Value::Structure(found))
        }
        (RDF, kind @ ("Bag" | "Seq" | "Alt")) => {
            let item = |item: &Element| {
                let inner = inner.within(item);
                (inner.named(&item.name)? == (RDF, "li")).then(|| value(item, &inner, depth + 1))?
            };
            let items = only.elements().map(item).collect::<Option<Vec<Value>>>()?;
            Some(Value::List { kind: kind.to_owned(), items })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(inside: &str) -> String {
        format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"{RDF}\">{inside}</rdf:RDF></x:xmpmeta>\
             <?xpacket end=\"r\"?>"
        )
    }

    fn of_elements(title: &str, modified: &str) -> String {
        packet(&format!(
            "<rdf:Description rdf:about=\"\" xmlns:dc=\"{DC}\" xmlns:xmp=\"{XMP}\" xmlns:a=\"urn:a\">\
             <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
             <a:b><rdf:Bag><rdf:li rdf:parseType=\"Resource\"><a:c>丙</a:c></rdf:li></rdf:Bag></a:b>\
             <xmp:ModifyDate>{modified}</xmp:ModifyDate></rdf:Description>"
        ))
    }

    #[test]
    fn xmp_of_another_form_says_the_same() {
        let other = packet(&format!(
            "<rdf:Description rdf:about=\"\" xmlns:d=\"{DC}\" xmlns:q=\"{XMP}\" q:ModifyDate=\"2024\">\
             <d:title><rdf:Alt>\n <rdf:li xml:lang=\"x-default\">题</rdf:li></rdf:Alt></d:title></rdf:Description>\
             <rdf:Description rdf:about=\"\" xmlns:a=\"urn:a\"><a:b><rdf:Bag><rdf:li>\
             <rdf:Description a:c=\"丙\"/></rdf:li></rdf:Bag></a:b></rdf:Description>"
        ));
        let found = of_xmp(of_elements("题", "2024").as_bytes(), other.as_bytes()).expect("reads");
        assert_eq!((found.properties, found.permitted), (vec![], true));
    }

    #[test]
    fn dates_may_change_and_titles_may_not() {
        let old = of_elements("题", "2024");
        let told = |new: &str| {
            let found = of_xmp(old.as_bytes(), new.as_bytes()).expect("reads");
            (words(&found.properties).zh, found.permitted)
        };
        assert_eq!(told(&of_elements("题", "2025")), ("修改日期".to_owned(), true));
        assert_eq!(told(&of_elements("别的", "2025")), ("修改日期、题名".to_owned(), false));
        let twice = old.replace("</rdf:Description>", "<xmp:ModifyDate>x</xmp:ModifyDate></rdf:Description>");
        assert!(of_xmp(old.as_bytes(), twice.as_bytes()).is_none(), "a property that stands twice");
        assert!(of_xmp(old.as_bytes(), b"<x/>").is_none());
        let entity = old.replacen("<x:xmpmeta", "<!DOCTYPE x [<!ENTITY e \"题\">]><x:xmpmeta", 1);
        assert!(of_xmp(old.as_bytes(), entity.as_bytes()).is_none(), "no entities");
    }

    #[test]
    fn document_information_is_text() {
        let of = |entries: &[(&str, Object)]| -> Dictionary {
            entries.iter().map(|(key, value)| (key.as_bytes().to_vec(), value.clone())).collect()
        };
        let text = |text: &str| Object::String(text.as_bytes().to_vec());
        let old = of(&[("Title", text("a")), ("ModDate", text("D:2024"))]);
        let found = of_information(
            &old,
            &of(&[("Title", text("a")), ("ModDate", text("D:2025")), ("Producer", text("p"))]),
        );
        let found = found.expect("is plain");
        assert_eq!(
            (words(&found.properties).en.as_str(), found.permitted),
            ("date of modification, producer", true)
        );
        let found =
            of_information(&old, &of(&[("Title", text("b")), ("ModDate", text("D:2024"))])).expect("plain");
        assert!(!found.permitted);
        assert!(
            of_information(&old, &of(&[("ModDate", Object::Reference(9, 0)), ("Title", text("a"))]))
                .is_none()
        );
    }
}

//! Metadata: the information dictionary for old readers, and XMP for archives.
//!
//! Both have the same values. The dates are the date of issue, never the time of writing; a report without
//! one has none.

use std::fmt::Write;

use lopdf::{Dictionary, Object, Stream};

use super::finish::File;
use super::object::{dictionary, name, text};
use crate::date::Date;
use crate::document::{Info, InfoField};
use crate::options::Conformance;
use crate::xml;

/// The producer of the file.
const PRODUCER: &str = concat!("gongwen ", env!("CARGO_PKG_VERSION"));

/// Adds both.
pub(super) fn add(file: &mut File, info: &Info, conformance: Conformance) {
    file.info = information(info);
    let packet = Stream::new(
        dictionary([("Type", name("Metadata")), ("Subtype", name("XML"))]),
        xmp(info, conformance).into_bytes(),
    );
    // Uncompressed, so that programs that cannot read PDF find it.
    let id = file.objects.add_object(packet.with_compression(false));
    file.catalog.set("Metadata", Object::Reference(id));
}

/// ISO 32000-1, 14.3.3.
fn information(info: &Info) -> Dictionary {
    let mut entries = Dictionary::new();
    let mut set = |key: &str, value: &str| {
        if !value.is_empty() {
            entries.set(key, text(value));
        }
    };
    set("Title", &info.title);
    set("Author", &info.issuers.join("，"));
    set("Subject", info.summary.as_deref().unwrap_or(""));
    set("Keywords", &info.keywords.join("，"));
    set("Creator", PRODUCER);
    set("Producer", PRODUCER);
    if let Some(date) = info.date {
        let day = pdf_time(date);
        set("CreationDate", &day);
        set("ModDate", &day);
    }
    entries
}

/// The XMP packet: ISO 16684-1, with the schemas that ISO 19005-2 and ISO 14289-1 ask for.
fn xmp(info: &Info, conformance: Conformance) -> String {
    let mut body = String::new();
    let mut put = |line: String| {
        let _ = writeln!(body, "{line}");
    };
    put("<dc:format>application/pdf</dc:format>".into());
    put(format!(
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title>",
        escape(&info.title)
    ));
    let field =
        |key: &str| info.fields.iter().find(|field| field.key == key).map(|field| field.value.as_str());
    if let Some(publisher) = field("publisher") {
        put(format!(
            "<dc:publisher><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:publisher>",
            escape(publisher)
        ));
    }
    if let Some(date) = field("date_of_issue") {
        put(format!("<dc:date><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:date>", escape(date)));
    }
    put("<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>".into());
    if !info.issuers.is_empty() {
        put(format!("<dc:creator><rdf:Seq>{}</rdf:Seq></dc:creator>", items(&info.issuers)));
    }
    if let Some(summary) = &info.summary {
        let summary = escape(summary);
        put(format!(
            "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{summary}</rdf:li></rdf:Alt></dc:description>"
        ));
    }
    if !info.keywords.is_empty() {
        put(format!("<dc:subject><rdf:Bag>{}</rdf:Bag></dc:subject>", items(&info.keywords)));
        put(format!("<pdf:Keywords>{}</pdf:Keywords>", escape(&info.keywords.join("，"))));
    }
    put(format!("<pdf:Producer>{PRODUCER}</pdf:Producer>"));
    put(format!("<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>"));
    if let Some(date) = info.date.map(iso_time) {
        put(format!("<xmp:CreateDate>{date}</xmp:CreateDate>"));
        put(format!("<xmp:ModifyDate>{date}</xmp:ModifyDate>"));
        put(format!("<xmp:MetadataDate>{date}</xmp:MetadataDate>"));
    }
    let (part, level) = conformance.archive();
    put(format!("<pdfaid:part>{part}</pdfaid:part>"));
    put(format!("<pdfaid:conformance>{level}</pdfaid:conformance>"));
    if conformance.is_accessible() {
        put("<pdfuaid:part>1</pdfuaid:part>".into());
    }
    for field in &info.fields {
        let (key, value) = (&field.key, escape(&field.value));
        put(format!("<{PORTAL_PREFIX}:{key}>{value}</{PORTAL_PREFIX}:{key}>"));
    }
    format!(
        "{}{body}{}{XMP_TAIL}",
        XMP_HEAD.replace("{portal}", PORTAL_NAMESPACE),
        extensions(info, conformance)
    )
}

const XMP_HEAD: &str = concat!(
    "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n",
    "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
    " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"",
    " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\"",
    " xmlns:gongwen=\"{portal}\"",
    " xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\"",
    " xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\"",
    " xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n",
);

const XMP_TAIL: &str = "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n";

/// The schema of the portal's fields: its keys are those of a report's `metadata`.
const PORTAL_PREFIX: &str = "gongwen";
/// Its namespace. It is not an address.
const PORTAL_NAMESPACE: &str = "urn:gongwen:metadata:1:";

/// The extension schemas: PDF/A predefines neither PDF/UA's property nor the portal's fields, so they must be
/// described: ISO 19005-2, 6.6.2.3.
fn extensions(info: &Info, conformance: Conformance) -> String {
    let mut schemas = String::new();
    if conformance.is_accessible() {
        let part = property("part", "Integer", "internal", "Part of ISO 14289");
        schemas += &schema("PDF/UA", "http://www.aiim.org/pdfua/ns/id/", "pdfuaid", &part);
    }
    let fields: String = info
        .fields
        .iter()
        .map(|InfoField { key, label, .. }| property(key, "Text", "external", &escape(label)))
        .collect();
    if !fields.is_empty() {
        schemas += &schema("政府信息公开元数据", PORTAL_NAMESPACE, PORTAL_PREFIX, &fields);
    }
    if schemas.is_empty() {
        return schemas;
    }
    format!("<pdfaExtension:schemas><rdf:Bag>\n{schemas}</rdf:Bag></pdfaExtension:schemas>\n")
}

fn schema(title: &str, namespace: &str, prefix: &str, properties: &str) -> String {
    format!(
        "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>{title}</pdfaSchema:schema>\n\
         <pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI>\n\
         <pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>\n\
         <pdfaSchema:property><rdf:Seq>\n{properties}</rdf:Seq></pdfaSchema:property></rdf:li>\n"
    )
}

fn property(key: &str, kind: &str, category: &str, description: &str) -> String {
    format!(
        "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{key}</pdfaProperty:name>\
         <pdfaProperty:valueType>{kind}</pdfaProperty:valueType>\
         <pdfaProperty:category>{category}</pdfaProperty:category>\
         <pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>\n"
    )
}

/// Midnight of the day, in China: ISO 32000-1, 7.9.4.
pub(super) fn pdf_time(date: Date) -> String {
    format!("D:{:04}{:02}{:02}000000+08'00'", date.year(), date.month(), date.day())
}

/// Midnight of the day, in China.
fn iso_time(date: Date) -> String {
    format!("{}T00:00:00+08:00", date.iso())
}

fn items(values: &[String]) -> String {
    values.iter().map(|value| format!("<rdf:li>{}</rdf:li>", escape(value))).collect()
}

/// Text as XML. An apostrophe, which only attributes need escaped, stays as it is.
fn escape(text: &str) -> String {
    xml::escaped(text).replace("&apos;", "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_escaped() {
        let info = Info { title: "A<B & \"C\"\u{1}".into(), ..Info::default() };
        assert!(xmp(&info, Conformance::A2aUa1).contains(">A&lt;B &amp; &quot;C&quot;</rdf:li>"));
    }

    #[test]
    fn dates_are_those_of_issue_or_none() {
        let mut info = Info { title: "题".into(), ..Info::default() };
        assert!(!xmp(&info, Conformance::A2aUa1).contains("Date>"));
        assert!(information(&info).get(b"CreationDate").is_err());
        info.date = Date::new(2024, 1, 31);
        assert!(
            xmp(&info, Conformance::A2aUa1)
                .contains("<xmp:CreateDate>2024-01-31T00:00:00+08:00</xmp:CreateDate>")
        );
        assert_eq!(information(&info).get(b"CreationDate").unwrap(), &text("D:20240131000000+08'00'"));
    }
}

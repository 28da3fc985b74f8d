//! Metadata of an archive by DA/T 46—2009: the elements that follow from the report, and those that only the archive knows.

use serde_json::{Map, Value};

use super::{METADATA, pretty};
use crate::engine::Export;

/// The elements of DA/T 46—2009 (and the code of the organisation) that a report does not have and the archive gives.
pub const ELEMENTS: [&str; 14] = [
    "档案馆名称",
    "档案馆代码",
    "全宗名称",
    "立档单位名称",
    "机构代码",
    "档号",
    "全宗号",
    "目录号",
    "年度",
    "保管期限",
    "机构或问题",
    "类别号",
    "密级",
    "保密期限",
];

/// The elements that an archive is given, by their Chinese names, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elements(Vec<(&'static str, String)>);

impl Elements {
    /// Adds an element.
    ///
    /// # Errors
    /// If there is no such element, or it is given already, or empty.
    pub fn add(&mut self, name: &str, value: &str) -> Result<(), String> {
        let known = ELEMENTS.into_iter().find(|known| *known == name).ok_or(name)?;
        let twice = self.0.iter().any(|(given, _)| *given == known);
        if twice || value.trim().is_empty() {
            return Err(name.to_owned());
        }
        self.0.push((known, value.trim().to_owned()));
        Ok(())
    }
}

/// The file of metadata: the elements that follow from the report, then those that were given; what was given goes before
/// what the report has.
pub(super) fn file(export: &Export, given: &Elements) -> (String, Vec<u8>) {
    let mut fields = of_report(export);
    for (name, value) in &given.0 {
        fields.insert((*name).to_owned(), value.as_str().into());
    }
    (METADATA.to_owned(), pretty(&Value::Object(fields)))
}

/// Whether a file of metadata has all that follows from the report, and beside it only elements that an archive gives.
pub(super) fn agrees(stated: &[u8], made: &[u8]) -> bool {
    let read = |bytes: &[u8]| serde_json::from_slice::<Map<String, Value>>(bytes).ok();
    let (Some(stated_fields), Some(made)) = (read(stated), read(made)) else { return false };
    let is_given = |name: &str| ELEMENTS.contains(&name);
    let stated_only = stated_fields.iter().filter(|(name, value)| made.get(*name) != Some(*value));
    // Written again it is the same: no key stands twice.
    pretty(&Value::Object(stated_fields.clone())) == stated
        && stated_only.into_iter().all(|(name, value)| is_given(name) && value.is_string())
        && made.keys().all(|name| stated_fields.contains_key(name))
}

/// Whether a file of metadata of another version says nothing else than the report, and what an archive gives.
pub(super) fn is_part_of(stated: &[u8], export: &Export) -> bool {
    let made = of_report(export);
    let stated = serde_json::from_slice::<Map<String, Value>>(stated);
    stated.is_ok_and(|stated| {
        stated.iter().all(|(name, value)| {
            made.get(name) == Some(value) || ELEMENTS.contains(&name.as_str()) && value.is_string()
        })
    })
}

/// The elements of DA/T 46—2009 that a report has, by their Chinese names.
fn of_report(export: &Export) -> Map<String, Value> {
    let report = &export.report;
    let mut fields = Map::new();
    let mut put = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            fields.insert(name.to_owned(), value.into());
        }
    };
    put("题名", Some(&export.title));
    put("责任者", Some(&super::issuers(report)));
    put("日期", report.signature.as_ref().and_then(|signature| signature.date.as_deref()));
    put("年度", report.year.map(|year| year.to_string()).as_deref());
    for (_, name, value) in report.metadata.fields() {
        put(name, value);
    }
    put("文件编号", report.metadata.document_number.as_deref());
    if let Some(letterhead) = &report.letterhead {
        // 密级 and 保密期限 stand together, with a star between: GB/T 9704—2012, 7.2.2.
        let (level, period) = match letterhead.secrecy.as_deref().and_then(|text| text.split_once('★')) {
            Some((level, period)) => (Some(level), Some(period)),
            None => (letterhead.secrecy.as_deref(), None),
        };
        put("密级", level);
        put("保密期限", period);
        put("紧急程度", letterhead.urgency.as_deref());
    }
    put("主送", report.addressee.as_deref());
    put("抄送", report.colophon.as_ref().map(|colophon| colophon.copies_to.join("，")).as_deref());
    put("摘要", report.metadata.summary.as_deref());
    put("关键词", Some(&report.metadata.keywords.join("；")));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_the_report_stays() {
        let made = pretty(&serde_json::json!({ "题名": "甲", "密级": "机密" }));
        let agrees = |stated: Value| agrees(&pretty(&stated), &made);
        assert!(agrees(serde_json::json!({ "题名": "甲", "密级": "机密" })));
        assert!(agrees(serde_json::json!({ "题名": "甲", "密级": "秘密", "全宗号": "0101" })));
        assert!(!agrees(serde_json::json!({ "题名": "乙", "密级": "机密" })));
        assert!(!agrees(serde_json::json!({ "密级": "机密" })));
        assert!(!agrees(serde_json::json!({ "题名": "甲", "密级": "机密", "备注": "x" })));
        assert!(!agrees(serde_json::json!({ "题名": "甲", "密级": "机密", "全宗号": 1 })));
        assert!(!super::agrees(b"{\"\xe9\xa2\x98\xe5\x90\x8d\": 1", &made));
    }

    #[test]
    fn elements_have_names_of_the_standard() {
        let mut elements = Elements::default();
        assert_eq!(elements.add("全宗号", " 0101 "), Ok(()));
        assert!(elements.add("全宗号", "2").is_err() && elements.add("备注", "x").is_err());
        assert!(elements.add("密级", " ").is_err());
        assert_eq!(elements, Elements(vec![("全宗号", "0101".to_owned())]));
    }
}

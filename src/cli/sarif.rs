//! Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the text.

use crate::Diagnostic;
use crate::diagnostic::{Lang, Severity};
use serde_json::{Value, json};

use super::found::Found;
use super::words;

/// A SARIF log of one run over all reports. Silenced findings are included, as suppressed in source.
pub fn log(all: &[Found], lang: Lang) -> Value {
    let mut rules: Vec<&str> = Vec::new();
    let mut results = Vec::new();
    for found in all {
        let reported = found.findings.iter().map(|finding| (finding, None));
        let silenced = found.silenced.iter().map(|silenced| (&silenced.finding, Some(&silenced.reason)));
        for (finding, reason) in reported.chain(silenced) {
            let rule = rules.iter().position(|rule| *rule == finding.rule).unwrap_or_else(|| {
                rules.push(&finding.rule);
                rules.len() - 1
            });
            let mut result = result(&found.file, finding, lang);
            result["ruleIndex"] = json!(rule);
            if let Some(reason) = reason {
                result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
            }
            results.push(result);
        }
    }
    let rules: Vec<Value> = rules.into_iter().map(|id| json!({ "id": id })).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gongwen", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules,
            } },
            // Columns count characters, not UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(file: &str, finding: &Diagnostic, lang: Lang) -> Value {
    let mut text = finding.message.get(lang).to_owned();
    if let Some(hint) = &finding.hint {
        text.push('\n');
        text.push_str(words::hint(hint).get(lang));
    }
    let mut physical = json!({ "artifactLocation": { "uri": uri(file) } });
    if let Some(position) = finding.position {
        physical["region"] = json!({ "startLine": position.line, "startColumn": position.column });
    }
    let mut location = json!({ "physicalLocation": physical });
    if !finding.pointer.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": finding.pointer, "kind": "value" }]);
    }
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    json!({
        "ruleId": finding.rule, "level": level, "message": { "text": text }, "locations": [location],
        "properties": { "related": finding.related },
    })
}

/// A path as a reference of RFC 3986.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("a b/公.json"), "a%20b/%E5%85%AC.json");
        assert_eq!(uri("C:\\a.json"), "C%3A/a.json");
    }
}

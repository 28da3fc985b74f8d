//! References in prose: `{{ tables.requests.received_this_year.total }}` becomes the figure.
//!
//! Only what is between `{{` and `}}` is evaluated; all other text stays as the author wrote it, whatever
//! signs it has. minijinja evaluates an expression in strict mode: an unknown name is an error, never an
//! empty text.

use std::collections::BTreeMap;
use std::ops::Range;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde_json::{Map, Value as Json, json};

use crate::diagnostic::{Diagnostic, Hint, Message, nearest, rule};
use crate::figures::{Figure, Figures, Key};
use crate::message;
use crate::report::{Report, each_text};

/// The characters of each text that references gave, by its JSON pointer.
pub(crate) type Given = BTreeMap<String, Vec<Range<usize>>>;

/// Puts the figures into the texts of a report. Reports every reference that names nothing.
pub(crate) fn render(report: &mut Report, figures: &Figures) -> (Given, Vec<Diagnostic>) {
    let (mut given, mut found) = (Given::new(), Vec::new());
    let mut has_any = false;
    each_text(report, &mut |_, _, text| has_any |= text.contains("{{"));
    if !has_any {
        return (given, found);
    }
    let names = names(report, figures);
    let values = Value::from(Serde(&names));
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    each_text(report, &mut |pointer, _, text| {
        if !text.contains("{{") {
            return;
        }
        match rendered(text, &environment, &names, &values) {
            Ok((new, ranges)) => {
                *text = new;
                given.insert(pointer.to_owned(), ranges);
            }
            Err((message, hint)) => {
                let mut diagnostic = Diagnostic::error(rule::REFERENCE_UNKNOWN, pointer, message);
                diagnostic.hint = hint.map(Hint::from);
                found.push(diagnostic);
            }
        }
    });
    (given, found)
}

type Wrong = (Message, Option<Message>);

/// A text with its references replaced, and the ranges of the replacements, in characters.
fn rendered(
    text: &str,
    environment: &Environment,
    names: &Json,
    values: &Value,
) -> Result<(String, Vec<Range<usize>>), Wrong> {
    let (mut new, mut ranges, mut rest, mut length) = (String::new(), Vec::new(), text, 0);
    while let Some(open) = rest.find("{{") {
        new.push_str(&rest[..open]);
        length += rest[..open].chars().count();
        let inner = &rest[open + 2..];
        let Some(close) = inner.find("}}") else {
            let start: String = rest[open..].chars().take(24).collect();
            return Err((message!("“{start}”没有以 }}}} 结束", "\"{start}\" is not closed by }}}}"), None));
        };
        let value = evaluated(inner[..close].trim(), environment, names, values)?;
        let start = length;
        new.push_str(&value);
        length += value.chars().count();
        ranges.push(start..length);
        rest = &inner[close + 2..];
    }
    new.push_str(rest);
    Ok((new, ranges))
}

fn evaluated(
    expression: &str,
    environment: &Environment,
    names: &Json,
    values: &Value,
) -> Result<String, Wrong> {
    if let Some(wrong) = unknown(expression, names) {
        return Err(wrong);
    }
    let value = environment.compile_expression(expression).and_then(|compiled| compiled.eval(values));
    match value {
        // A text is no operand of arithmetic: 6858.05 is kept as it was typed.
        Ok(value) if value.is_number() || value.as_str().is_some() && is_path(expression) => {
            Ok(value.to_string())
        }
        Ok(value) => {
            let kind = value.kind();
            let wrong = if is_path(expression) && (value.is_none() || value.is_undefined()) {
                message!("报告没有填写“{expression}”", "the report has no \"{expression}\"")
            } else {
                message!("“{expression}”不是一个数字", "\"{expression}\" is {kind}, not a figure")
            };
            let of_table = expression.starts_with("tables.");
            Err((
                wrong,
                of_table.then(|| {
                    message!(
                        "写到列为止，如 tables.requests.granted.total",
                        "name the column too, such as tables.requests.granted.total"
                    )
                }),
            ))
        }
        Err(error) => {
            let detail = error.detail().unwrap_or_default().to_owned();
            Err((
                message!(
                    "引用写得不对：“{expression}”（{detail}）",
                    "not a reference: \"{expression}\" ({detail})"
                ),
                None,
            ))
        }
    }
}

fn is_path(expression: &str) -> bool {
    expression.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

/// The first unknown name of a path, with the one that was probably meant.
fn unknown(expression: &str, names: &Json) -> Option<Wrong> {
    for path in expression
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .filter(|path| path.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    {
        let mut at = names;
        for name in path.split('.') {
            let Json::Object(members) = at else { break };
            match members.get(name) {
                Some(next) => at = next,
                None => {
                    let hint = nearest(name, members.keys().map(String::as_str))
                        .map(|near| message!("是不是想写 {near}？", "did you mean {near}?"))
                        .or_else(|| {
                            let known = members.keys().take(12).cloned().collect::<Vec<_>>().join(", ");
                            Some(match members.is_empty() {
                                true => message!(
                                    "这个版式没有可以引用的表格",
                                    "this layout has no tables to refer to"
                                ),
                                false => message!("有：{known}", "there are {known}"),
                            })
                        });
                    return Some((
                        message!(
                            "引用“{expression}”里没有“{name}”",
                            "there is no \"{name}\" in the reference \"{expression}\""
                        ),
                        hint,
                    ));
                }
            }
        }
    }
    None
}

/// Everything that can be named: rows by the keys of their columns, however they are written.
fn names(report: &Report, figures: &Figures) -> Json {
    let mut tables = Map::new();
    for figure in figures.iter().filter(Figure::is_present) {
        let Key { table, row, column } = figure.key();
        let rows = tables.entry(table).or_insert_with(|| json!({}));
        let Some(rows) = rows.as_object_mut() else { continue };
        let cells = rows.entry(row).or_insert_with(|| json!({}));
        let Some(cells) = cells.as_object_mut() else { continue };
        cells.insert(column.to_owned(), value(figure.text()));
    }
    let issuer = report.issuer.join("、");
    json!({
        "tables": tables,
        "issuer": issuer,
        "year": report.year,
        "report": { "year": report.year, "issuer": issuer, "period": report.period, "title": report.title },
    })
}

/// A figure as a number for arithmetic, if it is printed the same as typed; otherwise its text. An empty text
/// is 0.
fn value(text: &str) -> Json {
    if text.trim().is_empty() {
        return json!(0);
    }
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => json!(number),
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<String, String> {
        let names = json!({ "tables": { "requests": { "granted": { "total": 206, "other": "6858.50" } } }, "year": 2023 });
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        rendered(text, &environment, &names, &Value::from(Serde(&names))).map(|(text, _)| text).map_err(
            |(message, hint)| format!("{} {}", message.en, hint.map(|hint| hint.en).unwrap_or_default()),
        )
    }

    #[test]
    fn references_become_figures_and_all_else_stays() {
        assert_eq!(
            check("{{year}}年 {% x %}{#予以#}公开{{ tables.requests.granted.total }}件<&>"),
            Ok("2023年 {% x %}{#予以#}公开206件<&>".into())
        );
        assert_eq!(check("{{ tables.requests.granted.other }}"), Ok("6858.50".into()));
        assert_eq!(check("{{ tables.requests.granted.total + 1 }}"), Ok("207".into()));
    }

    #[test]
    fn unknown_references_are_reported_with_the_nearest_name() {
        let message = check("{{ tables.request.granted.total }}").expect_err("is unknown");
        assert!(message.contains("no \"request\"") && message.contains("requests?"), "{message}");
        assert!(check("{{ tables.requests.granted }}").expect_err("is a row").contains("not a figure"));
        assert!(check("{{ year ").expect_err("is open").contains("not closed"));
        assert!(check("{{ 1 + }}").is_err());
        assert!(check("{{ }}").is_err());
    }
}

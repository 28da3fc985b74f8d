//! `gongwen check`: findings with their lines, for programs too, and completed reports.

use serde_json::{Value, json};

use crate::command::{Ran, example, folder, gongwen, gongwen_reading};

/// The example as text with one part replaced by another.
fn changed(from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

fn check(text: &str, arguments: &[&str]) -> Ran {
    let here = folder();
    std::fs::write(here.path().join("report.json"), text).expect("writes");
    gongwen(here.path(), &[&["check", "report.json"], arguments].concat())
}

const GRANTED: &str = r#""granted": [203, "#;
const WRONG: &str = r#""granted": [204, "#;

#[test]
fn check_shows_each_finding_with_its_line_and_cells() {
    let ran = check(&changed(GRANTED, WRONG), &[]).ends(1);
    assert_eq!(ran.err, "");
    let head = ran.out.lines().find(|line| line.contains("[requests.row-total]")).expect("is reported");
    assert!(
        head.starts_with("report.json:4") && head.contains("错误[requests.row-total]：总计等于"),
        "{head}"
    );
    assert!(head.ends_with("总计写的是 206，各项相加是 207（自然人 204 + 商业企业 3），差 1"), "{head}");
    assert!(ran.out.contains("    同一个数字还使[requests.outcomes]不成立：（七）总计等于"), "{}", ran.out);
    assert!(!ran.out.contains("/tables/"), "pointers are for --verbose:\n{}", ran.out);
    let verbose = check(&changed(GRANTED, WRONG), &["--verbose"]).ends(1).out;
    assert!(verbose.contains("差 1  /tables/requests/granted/0\n"), "{verbose}");
    assert!(verbose.contains("← 很可能是它  /tables/requests/granted/0\n"), "{verbose}");
    for part in [
        WRONG,
        "^^^",
        "（一）予以公开·自然人 = 204  ← 很可能是它",
        "改成 203 就全对上了",
        "report.json：2 个错误，",
    ] {
        assert!(ran.out.contains(part), "{part} is missing:\n{}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'), "no colours but on a terminal");
    let widest = ran.out.lines().filter(|line| line.contains(" | ")).map(|line| line.chars().count()).max();
    assert!(widest.expect("lines") < 120, "long lines are cut");
    // The caret is under the figure.
    let lines: Vec<&str> = ran.out.lines().collect();
    let figure = lines.iter().position(|line| line.contains(WRONG)).expect("the line");
    let caret = figure + 1;
    let column = lines[caret].find('^').expect("a caret");
    assert_eq!(lines[caret - 1].get(column..column + 3), Some("204"), "{}", lines[caret - 1]);
}

#[test]
fn figures_of_a_file_are_named_by_their_cells_and_computed_ones_are_not_blamed() {
    let here = folder();
    let report = r#"{ "format": 1, "layout": "disclosure-annual-report-2021", "issuer": "某某局", "year": 2023,
        "tables": { "litigation": { "reconsideration": [null, null, null, null, null],
            "litigation_direct": [1, 2, 0, 0, "auto"] } } }"#;
    std::fs::write(here.path().join("report.json"), report).expect("writes");
    let figures = "table,row,column,value\nlitigation,reconsideration,upheld,１\n\
        litigation,reconsideration,corrected,2件\nlitigation,reconsideration,other_result,0\n\
        litigation,reconsideration,pending,0\nlitigation,reconsideration,total,4\n\
        litigation,litigation_direct,total,4\n";
    std::fs::write(here.path().join("figures.csv"), figures).expect("writes");
    let ran = gongwen(here.path(), &["check", "report.json", "--figures", "figures.csv"]).ends(1);
    assert!(ran.out.contains("report.json figures.csv 第 3 行: 错误[figure.text]"), "{}", ran.out);
    assert!(ran.out.contains("report.json figures.csv 第 2 行: 警告[figure.full-width]"), "{}", ran.out);
    let right = figures.replace("2件", "2");
    std::fs::write(here.path().join("figures.csv"), right).expect("writes");
    let ran = gongwen(here.path(), &["check", "report.json", "--figures", "figures.csv"]).ends(1);
    assert!(ran.out.contains("总计写的是 4，各项相加是 3（结果维持 1 + 结果纠正 2），差 1"), "{}", ran.out);
    assert!(ran.out.contains("行政复议·总计 = 4  figures.csv 第 6 行"), "{}", ran.out);
    assert!(!ran.out.contains("1:1"), "{}", ran.out);
    // Where a sum does not fit, the figure of the file in it is named, beside a total that the program computed.
    let example = std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let open = example
        .replace(r#""granted": [203, 3, 0, 0, 0, 0, 206]"#, r#""granted": [null, 3, 0, 0, 0, 0, "auto"]"#);
    std::fs::write(here.path().join("report.json"), open).expect("writes");
    let figures = "table,row,column,value\nrequests,granted,natural_person,204\n";
    std::fs::write(here.path().join("figures.csv"), figures).expect("writes");
    let ran = gongwen(here.path(), &["check", "report.json", "--figures", "figures.csv", "--json"]).ends(1);
    let object = ran.object();
    let findings = object["findings"].as_array().expect("findings").iter();
    let wrong: Vec<&Value> = findings.filter(|finding| finding["severity"] == "error").collect();
    let place = json!({ "file": "figures.csv", "line": 2, "text": "figures.csv 第 2 行" });
    assert_eq!(wrong[0]["rule"], "requests.outcomes");
    let related = wrong[0]["related"].as_array().expect("cells");
    assert!(related.iter().any(|cell| cell["place"] == place), "{related:#?}");
}

#[test]
fn cells_of_two_workbooks_are_named_with_their_files() {
    let here = folder();
    let new = |report: &str, workbook: &str| {
        let layout = "disclosure-annual-report-2021";
        gongwen(here.path(), &["new", layout, "-o", report, "--xlsx", workbook]).ends(0);
    };
    new("report.json", "one.xlsx");
    new("other.json", "two.xlsx");
    // A report whose figures differ from both.
    let text = std::fs::read_to_string(here.path().join("report.json")).expect("reads");
    let typed = gongwen(here.path(), &["new", "disclosure-annual-report-2021"]).ends(0).document();
    let mut tables = typed["tables"].clone();
    tables["requests"]["granted"][0] = json!(1);
    let text = text.replacen(r#""figures":"#, &format!(r#""tables": {tables}, "figures":"#), 1);
    std::fs::write(here.path().join("report.json"), text).expect("writes");
    let found = |arguments: &[&str]| {
        let ran = gongwen(here.path(), &[&["check", "report.json", "--json"], arguments].concat()).ends(1);
        let object = ran.object();
        let all = object["findings"].as_array().expect("findings").clone();
        let differs = all.iter().filter(|finding| finding["rule"] == "figures.differs");
        differs.map(|finding| finding["place"].clone()).collect::<Vec<_>>()
    };
    let alone = found(&[]);
    assert_eq!(alone.len(), 1);
    assert_eq!((&alone[0]["sheet"], &alone[0]["file"]), (&json!("requests"), &Value::Null));
    let both = found(&["--figures", "two.xlsx"]);
    let files: Vec<&Value> = both.iter().map(|place| &place["file"]).collect();
    assert_eq!(files, [&json!("two.xlsx"), &json!("one.xlsx")]);
}

#[test]
fn check_passes_what_is_right_and_strict_makes_warnings_errors() {
    let right = changed(GRANTED, GRANTED);
    let ran = check(&right, &["--json"]).ends(0);
    assert_eq!(ran.object()["errors"], 0);
    let doubtful = right.replace(r#""reconsideration": [0, 0,"#, r#""reconsideration": ["", 0,"#);
    assert!(check(&doubtful, &["--quiet"]).ends(0).out.is_empty());
    let object = check(&doubtful, &["--json", "--strict"]).ends(1).object();
    assert_eq!(object["warnings"], 0);
    assert!(object["findings"].as_array().expect("a list").iter().any(|f| f["rule"] == "figure.empty"));
}

#[test]
fn json_of_check_has_the_cells() {
    let object = check(&changed(GRANTED, WRONG), &["--format", "json"]).ends(1).object();
    assert_eq!((&object["report"], &object["errors"]), (&json!("report.json"), &json!(2)));
    let finding =
        object["findings"].as_array().expect("a list").iter().find(|f| f["rule"] == "requests.outcomes");
    let cells = finding.expect("is reported")["related"].as_array().expect("cells");
    let suspects: Vec<&Value> = cells.iter().filter(|cell| cell["suspect"] == true).collect();
    assert_eq!(suspects.len(), 1);
    assert_eq!(suspects[0]["pointer"], "/tables/requests/granted/0");
    assert_eq!(
        (&suspects[0]["label"], &suspects[0]["value"]),
        (&json!("（一）予以公开·自然人"), &json!("204"))
    );
}

#[test]
fn check_lists_what_the_report_silences() {
    let text = changed(r#""reconsideration": [0, 0, 0, 0, 0]"#, r#""reconsideration": [1, 0, 0, 0, 2]"#)
        .replace(
            r#""signature":"#,
            r#""silence": [{ "rule": "litigation.total", "place": "/tables", "reason": "一件并案审理" }], "signature":"#,
        );
    let ran = check(&text, &[]).ends(0);
    for part in ["已略过[litigation.total]：", "理由：一件并案审理", "0 个错误", "已略过 1 个"]
    {
        assert!(ran.out.contains(part), "{part} is missing:\n{}", ran.out);
    }
    let object = check(&text, &["--json"]).ends(0).object();
    assert_eq!(object["silenced"][0]["reason"], "一件并案审理");
}

#[test]
fn check_writes_sarif() {
    let text = changed(GRANTED, WRONG);
    let log = check(&text, &["--format", "sarif"]).ends(1).object();
    // What the schema of SARIF 2.1.0 requires of the members that are written.
    let schema: Value = serde_json::from_str(
        r#"{
        "type": "object", "required": ["version", "runs"],
        "properties": { "version": { "const": "2.1.0" }, "runs": { "type": "array", "items": {
            "type": "object", "required": ["tool", "results"],
            "properties": {
                "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
                "tool": { "type": "object", "required": ["driver"], "properties": { "driver": {
                    "type": "object", "required": ["name"],
                    "properties": { "rules": { "type": "array", "uniqueItems": true, "items": {
                        "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } }
                    } } }
                } } },
                "results": { "type": "array", "items": {
                    "type": "object", "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
                    "properties": {
                        "level": { "enum": ["none", "note", "warning", "error"] },
                        "message": { "type": "object", "required": ["text"] },
                        "ruleIndex": { "type": "integer", "minimum": 0 },
                        "locations": { "type": "array", "items": { "type": "object", "properties": {
                            "physicalLocation": { "type": "object", "required": ["artifactLocation", "region"],
                                "properties": { "region": { "type": "object", "properties": {
                                    "startLine": { "type": "integer", "minimum": 1 },
                                    "startColumn": { "type": "integer", "minimum": 1 }
                                } } } }
                        } } }
                    }
                } }
            }
        } } }
    }"#,
    ).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new());
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    for result in results {
        let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    }
    let result = results.iter().find(|result| result["ruleId"] == "requests.outcomes").expect("is reported");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "report.json");
    let line = place["region"]["startLine"].as_u64().expect("a line") as usize;
    let column = place["region"]["startColumn"].as_u64().expect("a column") as usize;
    let there: String =
        text.lines().nth(line - 1).expect("a line").chars().skip(column - 1).take(3).collect();
    assert_eq!(there, "204");
}

#[test]
fn fill_prints_the_completed_report_and_nothing_else() {
    let right = changed(GRANTED, GRANTED);
    let auto = right.replace(
        r#""outcomes_total": [287, 4, 0, 0, 0, 0, 291]"#,
        r#""outcomes_total": ["auto", 4, 0, 0, 0, 0, "auto"]"#,
    );
    assert_ne!(auto, right);
    let ran = gongwen_reading(folder().path(), &["check", "-", "--fill"], auto.as_bytes()).ends(0);
    assert_eq!(ran.out, right);
    let wrong = auto.replace(GRANTED, r#""granted": [300, "#);
    let ran = check(&wrong, &["--fill"]).ends(1);
    assert!(serde_json::from_str::<Value>(&ran.out).is_ok() && ran.err.contains("错误["), "{}", ran.err);
    check(&auto, &["--fill", "--json"]).ends(2);
}

#[test]
fn several_reports_are_a_line_of_json_each() {
    let here = folder();
    std::fs::write(here.path().join("bad.json"), "{").expect("writes");
    let ran =
        gongwen(here.path(), &["check", &example("qingzhen-2023.json"), "bad.json", "none.json", "--json"]);
    let objects = ran.ends(2).objects();
    assert_eq!(objects.len(), 3);
    assert_eq!(objects[1]["findings"][0]["rule"], "json.syntax");
    assert_eq!(objects[2]["findings"][0]["rule"], "file");
    let ran = gongwen(here.path(), &["check", "bad.json"]).ends(1);
    assert!(ran.out.contains("bad.json:1:") && ran.out.contains("^"), "{}", ran.out);
}

#[test]
fn last_year_is_compared() {
    let here = folder();
    let text = changed(GRANTED, GRANTED).replace(r#""year": 2023"#, r#""year": 2022"#);
    std::fs::write(here.path().join("last.json"), &text).expect("writes");
    let report = example("qingzhen-2023.json");
    let ran = gongwen(here.path(), &["check", &report, "--previous", "last.json"]).ends(1);
    assert!(
        ran.out.contains("错误[previous.carried-over]") && ran.out.contains("上年 四、结转下年度"),
        "{}",
        ran.out
    );
}

/// The example as the report of a city with two units: the first has everything but one request.
fn city() -> (Value, Value, Value) {
    let text = std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let city: Value = serde_json::from_str(&text).expect("JSON");
    let (mut office, mut bureau) = (city.clone(), city.clone());
    for table in bureau["tables"].as_object_mut().expect("tables").values_mut() {
        for cell in
            table.as_object_mut().expect("rows").values_mut().flat_map(|r| r.as_array_mut().expect("a row"))
        {
            *cell = json!(0);
        }
    }
    bureau["issuer"] = json!("清镇市教育局");
    for row in ["received_this_year", "granted", "outcomes_total"] {
        for column in [0, 6] {
            bureau["tables"]["requests"][row][column] = json!(1);
            let rest = city["tables"]["requests"][row][column].as_u64().expect("a count") - 1;
            office["tables"]["requests"][row][column] = json!(rest);
        }
    }
    (city, office, bureau)
}

fn with_units(city: &Value, units: &[&Value], code: i32) -> Value {
    let here = folder();
    let mut arguments = vec!["check".to_owned(), "city.json".into(), "--json".into(), "--units".into()];
    std::fs::write(here.path().join("city.json"), city.to_string()).expect("writes");
    for (at, unit) in units.iter().enumerate() {
        let name = format!("unit-{at}.json");
        std::fs::write(here.path().join(&name), unit.to_string()).expect("writes");
        arguments.push(name);
    }
    gongwen(here.path(), &arguments).ends(code).object()
}

fn of_rule<'a>(object: &'a Value, rule: &str) -> Vec<&'a Value> {
    object["findings"].as_array().expect("a list").iter().filter(|f| f["rule"] == rule).collect()
}

#[test]
fn units_add_up_to_the_report() {
    let (city, office, bureau) = city();
    let object = with_units(&city, &[&office, &bureau], 0);
    assert_eq!(of_rule(&object, "aggregate.sum").len(), 0);
    // Every figure of the tables is compared.
    for place in ["/tables/requests/granted/0", "/tables/litigation/reconsideration/1"] {
        let mut wrong = office.clone();
        let value = wrong.pointer(place).and_then(Value::as_u64).expect("a count");
        *wrong.pointer_mut(place).expect("a cell") = json!(value + 3);
        let object = with_units(&city, &[&wrong, &bureau], 1);
        let found = of_rule(&object, "aggregate.sum");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((&found[0]["pointer"], &found[0]["severity"]), (&json!(place), &json!("error")));
        assert!(found[0]["message"].as_str().expect("text").contains("相差 3"), "{}", found[0]["message"]);
        assert_eq!(found[0]["related"][1]["unit"], "unit-0.json");
    }
    let mut soft = bureau.clone();
    soft["tables"]["proactive_disclosure"]["administrative_fees"][0] = json!("0.05");
    let object = with_units(&city, &[&office, &soft], 0);
    let found = of_rule(&object, "aggregate.sum");
    assert_eq!((found.len(), &found[0]["severity"]), (1, &json!("warning")));
    assert!(found[0]["message"].as_str().expect("text").contains("6858.1"), "exact decimals");
}

#[test]
fn unit_that_was_left_out_is_named() {
    let (city, office, bureau) = city();
    let mut third = bureau.clone();
    third["issuer"] = json!("清镇市水务局");
    let object = with_units(&city, &[&office, &bureau, &third], 1);
    assert_eq!(of_rule(&object, "aggregate.sum").len(), 6);
    let mut twice = third.clone();
    twice["tables"]["requests"]["granted"] = json!([5, 0, 0, 0, 0, 0, 5]);
    let object = with_units(&city, &[&office, &bureau, &twice], 1);
    let hints: Vec<&str> =
        of_rule(&object, "aggregate.sum").iter().filter_map(|f| f["hint"]["zh"].as_str()).collect();
    assert!(hints.iter().any(|hint| hint.contains("unit-2.json") && hint.contains("漏计")), "{hints:?}");
}

#[test]
fn units_of_other_years_and_layouts_are_reported() {
    let (city, mut office, bureau) = city();
    office["year"] = json!(2022);
    let object = with_units(&city, &[&office, &bureau, &bureau], 1);
    let found: Vec<&str> =
        of_rule(&object, "aggregate.unit").iter().filter_map(|f| f["message"].as_str()).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("2022") && found[1].contains("清镇市教育局"), "{found:?}");
    office["layout"] = json!("disclosure-annual-report-2019");
    let object = with_units(&city, &[&office, &bureau], 1);
    assert_eq!(of_rule(&object, "aggregate.sum").len(), 0, "nothing is added up");
    let object = with_units(&city, &[&json!({}), &bureau], 1);
    assert_eq!(of_rule(&object, "aggregate.unit").len(), 1);
}

#[test]
fn copied_paragraphs_and_the_same_year_twice_are_reported() {
    let here = folder();
    let report = example("qingzhen-2023.json");
    let object = gongwen(here.path(), &["check", &report, "--previous", &report, "--json"]).ends(1).object();
    assert_eq!(of_rule(&object, "previous.year").len(), 1);
    assert_eq!(of_rule(&object, "prose.copied").len(), 0, "it is the same report");
    let last =
        changed(GRANTED, GRANTED).replace("\"year\": 2023", "\"year\": 2022").replace("2023年", "2022年");
    std::fs::write(here.path().join("last.json"), last).expect("writes");
    let object =
        gongwen(here.path(), &["check", &report, "--previous", "last.json", "--json"]).ends(1).object();
    assert_eq!(of_rule(&object, "previous.year").len(), 0);
    let copied = of_rule(&object, "prose.copied");
    assert!(copied.len() >= 7, "{}", copied.len());
    assert!(copied.iter().all(|f| f["pointer"].as_str().is_some_and(|p| p.starts_with("/sections/"))));
}

#[test]
fn reports_one_a_line_are_checked_with_the_lines_of_the_file() {
    let here = folder();
    let report = |text: &str| serde_json::from_str::<Value>(text).expect("JSON").to_string();
    let (good, wrong) = (report(&changed(GRANTED, GRANTED)), report(&changed(GRANTED, WRONG)));
    let text = format!("{good}\n\n{wrong}\n{{ not JSON\n");
    std::fs::write(here.path().join("many.ndjson"), &text).expect("writes");
    let ran = gongwen(here.path(), &["check", "many.ndjson", "--json"]).ends(1);
    let results = ran.objects();
    let ids: Vec<&str> = results.iter().filter_map(|result| result["report"].as_str()).collect();
    assert_eq!(ids, ["many.ndjson:1", "many.ndjson:3", "many.ndjson:4"]);
    let errors: Vec<&Value> = results.iter().map(|result| &result["errors"]).collect();
    assert_eq!(errors, [&json!(0), &json!(2), &json!(1)]);
    for (result, line) in results.iter().zip([1, 3, 4]) {
        for finding in result["findings"].as_array().expect("findings") {
            assert_eq!(finding["line"], line, "{finding}");
        }
    }
    let column = results[1]["findings"]
        .as_array()
        .and_then(|findings| findings.iter().find(|finding| finding["rule"] == "requests.row-total"))
        .and_then(|finding| finding["column"].as_u64())
        .expect("a column");
    let at: String = wrong.chars().skip(usize::try_from(column).expect("small") - 1).take(3).collect();
    assert_eq!(at, "204");

    let ran = gongwen(here.path(), &["check", "many.ndjson"]).ends(1);
    for part in [
        &format!("many.ndjson:3:{column}: 错误[requests.row-total]"),
        "\n3 | …",
        "many.ndjson:1：0 个错误",
        "many.ndjson:4:3: 错误[json.syntax]",
    ] {
        assert!(ran.out.contains(part), "{part} is missing:\n{}", ran.out);
    }
    let sarif = gongwen(here.path(), &["check", "many.ndjson", "--format", "sarif"]).ends(1).document();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "many.ndjson");

    // Standard input and other endings by the option; one file of figures belongs to one report.
    let ran = gongwen_reading(here.path(), &["check", "-", "--ndjson", "--json"], text.as_bytes()).ends(1);
    assert_eq!(ran.objects()[1]["report"], "stdin:3");
    std::fs::write(here.path().join("many.txt"), &text).expect("writes");
    gongwen(here.path(), &["check", "many.txt", "--json", "--ndjson"]).ends(1);
    for more in [&["--fill"][..], &["--figures", "f.csv"]] {
        std::fs::write(here.path().join("f.csv"), "table,row,column,value\n").expect("writes");
        gongwen(here.path(), &[&["check", "many.ndjson"], more].concat()).ends(2);
    }
    gongwen(here.path(), &["check", "absent.ndjson"]).ends(2);
}

#[test]
fn a_finding_has_the_one_value_that_settles_it() {
    let mends = |from: &str, to: &str| -> Vec<(String, String, String)> {
        let object = check(&changed(from, to), &["--json"]).object();
        let findings = object["findings"].as_array().expect("findings");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mended = findings.iter().filter(|finding| !finding["mend"].is_null());
        mended.map(|f| (text(&f["rule"]), text(&f["mend"]["pointer"]), text(&f["mend"]["value"]))).collect()
    };
    let granted = r#""granted": [203, 3, 0, 0, 0, 0, 206]"#;
    let cases = [
        // A figure whose change alone makes every identity hold.
        (r#"[204, 3, 0, 0, 0, 0, 206]"#, "requests.row-total", 0, "203"),
        // A figure that is not known follows from the others; a total is computed from now on.
        (r#"[null, 3, 0, 0, 0, 0, 206]"#, "figure.open", 0, "203"),
        (r#"[203, 3, 0, 0, 0, 0, null]"#, "figure.open", 6, "auto"),
        (r#"[203, 3, 0, 0, 0, 0, ""]"#, "figure.empty", 6, "auto"),
        (r#"[203, 3, 0, "-", 0, 0, 206]"#, "figure.mark", 3, "0"),
        (r#"["２０３", 3, 0, 0, 0, 0, 206]"#, "figure.full-width", 0, "203"),
        (r#"["1,203", 3, 0, 0, 0, 0, 206]"#, "figure.grouped", 0, "1203"),
    ];
    for (row, rule, column, value) in cases {
        let found = mends(granted, &format!(r#""granted": {row}"#));
        let wanted = (rule.to_owned(), format!("/tables/requests/granted/{column}"), value.to_owned());
        assert!(found.contains(&wanted), "{row}: {found:?}");
    }
    // What no identity determines has none.
    let found = mends(r#""rules": [0, 0, 0]"#, r#""rules": [0, 0, null]"#);
    assert!(!found.iter().any(|(rule, ..)| rule == "figure.open"), "{found:?}");
}

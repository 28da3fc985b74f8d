//! What is done with a report over HTTP is what the command does with it, byte for byte.

use std::io::{Cursor, Read};

use serde_json::{Value, json};

use super::{Service, bytes};
use crate::command::{files, folder, gongwen, root, short_report};

/// The examples that are reports, and the pictures that each names.
fn examples() -> Vec<(String, Vec<u8>, Vec<String>)> {
    fn pictures(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) if text.ends_with(".png") => found.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| pictures(value, found)),
            Value::Object(values) => values.values().for_each(|value| pictures(value, found)),
            _ => {}
        }
    }
    let example = |path: std::path::PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("reads");
        let mut found = Vec::new();
        pictures(&serde_json::from_slice(&bytes).expect("is JSON"), &mut found);
        found.sort();
        found.dedup();
        (name, bytes, found)
    };
    files(&root().join("examples"), ".json").into_iter().map(example).collect()
}

#[test]
fn every_format_of_every_example_has_the_bytes_of_the_command() {
    let service = Service::start(&[]);
    let out = folder();
    let mut compared = 0;
    for (name, report, pictures) in examples() {
        let path = root().join("examples").join(format!("{name}.json")).display().to_string();
        let output = out.path().display().to_string();
        gongwen(root(), &["export", &path, "-o", &output]).ends(0);
        let pictures: Vec<(String, Vec<u8>)> =
            pictures.into_iter().map(|file| (file.clone(), bytes(format!("examples/{file}")))).collect();
        for format in ["pdf", "docx"] {
            let made = std::fs::read(out.path().join(format!("{name}.{format}"))).expect("was made");
            let address = format!("/v1/export?as={format}");
            let mut parts: Vec<(&str, Option<&str>, &[u8])> = vec![("report", None, &report)];
            parts.extend(
                pictures.iter().map(|(name, bytes)| (name.as_str(), Some("x.png"), bytes.as_slice())),
            );
            let answer = service.form(&address, &parts).is(200);
            assert!(answer.body == made, "{name}.{format} as a form");
            if pictures.is_empty() {
                let answer = service.post(&address, &report).is(200);
                assert!(answer.body == made, "{name}.{format} as JSON");
            }
            compared += 1;
        }
    }
    assert!(compared >= 14, "{compared}");
}

#[test]
fn zip_has_the_files_by_the_names_of_the_command() {
    let service = Service::start(&[]);
    let report = bytes("examples/letter.json");
    let answer = service.post("/v1/export?as=zip", &report).is(200);
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    let again = service.post("/v1/export?as=zip", &report).is(200);
    assert!(answer.body == again.body, "the same bytes");
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.body)).expect("is a ZIP file");
    let names: Vec<String> = zip.file_names().map(|name| name.expect("a name").into_owned()).collect();
    assert_eq!(names, ["report.pdf", "report.docx"]);
    for format in ["pdf", "docx"] {
        let mut inside = Vec::new();
        zip.by_name(&format!("report.{format}")).expect("is there").read_to_end(&mut inside).expect("reads");
        let alone = service.post(&format!("/v1/export?as={format}"), &report).is(200);
        assert!(alone.body == inside, "{format}");
    }
    let named =
        service.post("/v1/export?as=zip&name=%7Byear%7D/%7Bissuer%7D", bytes("examples/qingzhen-2023.json"));
    let zip = zip::ZipArchive::new(Cursor::new(named.is(200).body)).expect("is a ZIP file");
    let names: Vec<String> = zip.file_names().map(|name| name.expect("a name").into_owned()).collect();
    assert!(names.iter().all(|name| name.starts_with("2023/")), "{names:?}");
}

#[test]
fn headers_say_what_the_file_is() {
    let service = Service::start(&[]);
    let answer = service.post("/v1/export?as=pdf&name=%7Btitle%7D", short_report("关于样例的说明")).is(200);
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    let disposition = answer.header("content-disposition").expect("is there");
    let name = "%E5%85%B3%E4%BA%8E%E6%A0%B7%E4%BE%8B%E7%9A%84%E8%AF%B4%E6%98%8E.pdf";
    assert_eq!(disposition, format!("attachment; filename=\"report.pdf\"; filename*=UTF-8''{name}"));
    assert_eq!(answer.header("x-gongwen-findings"), Some("0"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("content-security-policy").is_some_and(|csp| csp.contains("default-src 'none'")));
    assert!(answer.header("x-request-id").is_some());
    let answer = service.ask("GET", "/version").header("X-Request-Id", "portal-17").send();
    assert_eq!(answer.header("x-request-id"), Some("portal-17"));
}

#[test]
fn options_of_the_command_are_parameters() {
    let service = Service::start(&[]);
    let folder = folder();
    let report = short_report("关于样例的说明");
    std::fs::write(folder.path().join("report.json"), &report).expect("writes");
    for (options, query) in [
        (vec!["--embed-source"], "embed-source=1"),
        (vec!["--conformance", "a-2b"], "conformance=a-2b"),
        (vec!["--signatories", "2"], "signatories=2"),
        (vec!["--date", "2024-01-31"], "date=2024-01-31"),
        (vec!["--layout", "notice"], "layout=notice"),
    ] {
        let mut arguments = vec!["export", "report.json", "--format", "pdf"];
        arguments.extend(&options);
        gongwen(folder.path(), &arguments).ends(0);
        let made = std::fs::read(folder.path().join("report.pdf")).expect("was made");
        let answer = service.post(&format!("/v1/export?as=pdf&{query}"), &report).is(200);
        assert!(answer.body == made, "{query}");
    }
    for wrong in [
        "",
        "as=exe",
        "as=ofd",
        "as=pdf&as=pdf",
        "as=pdf&unknown=1",
        "as=pdf&strict=maybe",
        "as=pdf&strict=1&allow-errors=1",
        "as=docx&signatories=1",
        "as=pdf&signatories=0",
        "as=pdf&date=today",
        "as=pdf&conformance=a-1b",
        "as=pdf&name=%7Bunit%7D",
        "as=pdf&layout=none",
    ] {
        service.post(&format!("/v1/export?{wrong}"), &report).problem(400, "request");
    }
}

#[test]
fn reports_with_errors_are_422_with_the_findings_of_the_command() {
    let service = Service::start(&[]);
    let folder = folder();
    for report in [r#"{ "format": 1, "layout": "letter" }"#, "{", "[]", ""] {
        std::fs::write(folder.path().join("a.json"), report).expect("writes");
        let found = gongwen(folder.path(), &["export", "a.json", "--json"]).ends(1).object();
        let problem = service.post("/v1/export?as=pdf", report).problem(422, "findings");
        assert_eq!(problem["findings"], found["findings"], "{report}");
    }
}

#[test]
fn check_tells_what_the_command_tells_and_the_completed_report() {
    let service = Service::start(&[]);
    let folder = folder();
    let mut compared = 0;
    for path in files(&root().join("tests/suite/bad"), ".json") {
        let report = std::fs::read(&path).expect("reads");
        std::fs::write(folder.path().join("a.json"), &report).expect("writes");
        let found = gongwen(folder.path(), &["check", "a.json", "--json"]).object();
        let answer = service.post("/v1/check", &report).is(200).json();
        let findings = |value: &Value| {
            let all = value["findings"].as_array().expect("findings").clone();
            // A picture that is not there is told otherwise: there is no folder.
            all.into_iter().filter(|finding| finding["rule"] != "image.file").collect::<Vec<_>>()
        };
        assert_eq!(findings(&answer), findings(&found), "{}", path.display());
        let keys: Vec<&String> = answer.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["findings", "filled"]);
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
    let report = bytes("examples/qingzhen-2023.json");
    let filled = gongwen(&root().join("examples"), &["check", "qingzhen-2023.json", "--fill"]).ends(0).out;
    let answer = service.post("/v1/check", &report).is(200);
    let text = String::from_utf8(answer.body).expect("is UTF-8");
    assert!(text.contains(filled.trim()), "the text of the report is kept");
}

#[test]
fn the_last_year_and_a_workbook_come_as_parts() {
    let service = Service::start(&[]);
    let folder = folder();
    let mut report: Value = serde_json::from_slice(&bytes("examples/qingzhen-2023.json")).expect("is JSON");
    let previous = {
        let mut previous = report.clone();
        previous["year"] = json!(2022);
        previous.to_string()
    };
    report["tables"]["requests"]["carried_over_from_last_year"] = json!([9, 0, 0, 0, 0, 0, 9]);
    let report = report.to_string();
    std::fs::write(folder.path().join("a.json"), &report).expect("writes");
    std::fs::write(folder.path().join("b.json"), &previous).expect("writes");
    let found = gongwen(folder.path(), &["check", "a.json", "--previous", "b.json", "--json"]).object();
    let parts: [(&str, Option<&str>, &[u8]); 2] =
        [("report", None, report.as_bytes()), ("previous", None, previous.as_bytes())];
    let answer = service.form("/v1/check", &parts).is(200).json();
    assert_eq!(answer["findings"], found["findings"]);
    assert!(answer.to_string().contains("previous."), "the last year is looked at: {answer}");

    gongwen(folder.path(), &["new", "disclosure-annual-report-2021", "--xlsx", "f.xlsx", "-o", "c.json"])
        .ends(0);
    let workbook = std::fs::read(folder.path().join("f.xlsx")).expect("was made");
    let report = std::fs::read_to_string(folder.path().join("c.json")).expect("was made");
    let mut report: Value = serde_json::from_str(&report).expect("is JSON");
    report.as_object_mut().expect("an object").remove("figures");
    let report = report.to_string();
    std::fs::write(folder.path().join("c.json"), &report).expect("writes");
    let found = gongwen(folder.path(), &["check", "c.json", "--figures", "f.xlsx", "--json"]).object();
    let parts: [(&str, Option<&str>, &[u8]); 2] =
        [("report", None, report.as_bytes()), ("figures", Some("f.xlsx"), &workbook)];
    let answer = service.form("/v1/check", &parts).is(200).json();
    assert_eq!(answer["findings"], found["findings"]);
}

#[test]
fn bodies_of_other_kinds_are_415() {
    let service = Service::start(&[]);
    let report = short_report("题");
    let ask = |kind: &str| service.ask("POST", "/v1/check").header("Content-Type", kind).body(&report).send();
    ask("application/json; charset=utf-8").is(200);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x"] {
        ask(kind).problem(415, "media-type");
    }
    service.ask("POST", "/v1/check").body(&report).send().problem(415, "media-type");
    ask("multipart/form-data").problem(400, "request");
    ask("multipart/form-data; boundary=x").problem(400, "request");
    service.form("/v1/check", &[("other", None, b"x")]).problem(400, "request");
    service.form("/v1/check", &[("report", None, b"{}"), ("report", None, b"{}")]).problem(400, "request");
    service.get("/nowhere").problem(404, "address");
    service.get("/web/none.js").problem(404, "address");
    // A compressed body is told as such, whatever is in it.
    for (address, coding) in [("check", "gzip"), ("import", "br"), ("diff", "x"), ("batch", "gzip, identity")]
    {
        let request =
            service.ask("POST", &format!("/v1/{address}")).header("Content-Type", "application/json");
        let answer = request.header("Content-Encoding", coding).body(&report).send();
        answer.problem(415, "encoding");
        assert_eq!(answer.header("accept-encoding"), Some("identity"));
    }
    let plain = service.ask("POST", "/v1/check").header("Content-Type", "application/json");
    plain.header("Content-Encoding", "identity").body(&report).send().is(200);
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let service = Service::start(&[]);
    let wrong = [
        ("GET", "/v1/check", "POST"),
        ("DELETE", "/v1/sign/complete", "POST"),
        ("POST", "/v1/layouts", "GET, HEAD"),
        ("PUT", "/healthz", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
    ];
    for (method, address, allowed) in wrong {
        let answer = service.ask(method, address).body("").send();
        let problem = answer.problem(405, "method");
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {address}");
        assert_eq!(problem["detail"], format!("这个地址用 {allowed}"));
    }
}

#[test]
fn a_part_that_nothing_asks_for_is_refused_with_the_names_of_those_that_are() {
    let service = Service::start(&[]);
    let mut report: Value = serde_json::from_str(&short_report("题")).expect("is JSON");
    report["sections"] = json!([{ "body": [{ "image": "./图/一.png", "alt": "图" }] }]);
    let report = report.to_string();
    let picture = bytes("examples/images/requests.png");
    let with = |address: &str, name: &'static str| {
        service.form(
            address,
            &[("report", None, report.as_bytes()), ("图/一.png", None, &picture), (name, None, &picture)],
        )
    };
    service
        .form("/v1/export?as=pdf", &[("report", None, report.as_bytes()), ("./图/一.png", None, &picture)])
        .is(200);
    for address in ["/v1/check", "/v1/export?as=pdf", "/v1/preview", "/v1/fix"] {
        let problem = with(address, "图/二.png").problem(400, "request");
        let detail = problem["detail_en"].as_str().expect("a text");
        assert!(detail.contains("图/二.png") && detail.contains("report, previous, figures"), "{detail}");
    }
    // What corrects a report needs no other one.
    with("/v1/fix", "previous").problem(400, "request");
    let problem = service
        .form("/v1/diff", &[("old", None, b"{}"), ("new", None, b"{}"), ("third", None, b"{}")])
        .problem(400, "request");
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("old, new")), "{problem}");
}

#[test]
fn addresses_in_another_encoding_are_refused() {
    let service = Service::start(&[]);
    let blank = "/v1/layouts/disclosure-annual-report-2021/blank";
    service.get(&format!("{blank}?issuer=%E7%94%B2%E5%B1%80")).is(200);
    // 甲 in GBK.
    for wrong in ["?issuer=%FF", "?issuer=%BC%D7", "?%FF=1"] {
        let problem = service.get(&format!("{blank}{wrong}")).problem(400, "request");
        assert!(problem["detail"].as_str().is_some_and(|text| text.contains("UTF-8")), "{problem}");
    }
    service.get("/v1/layouts/%FF/blank").problem(400, "request");
    service.get("/v1/layouts/%FF/schema").problem(400, "request");
    service.get("/web/%FF").problem(400, "request");
}

#[test]
fn files_that_a_report_names_come_in_the_request_or_not_at_all() {
    let service = Service::start(&[]);
    let folder = folder();
    let picture = bytes("examples/images/requests.png");
    let secret = folder.path().join("secret.png");
    std::fs::write(&secret, &picture).expect("writes");
    for path in
        [secret.display().to_string(), "../secret.png".to_owned(), "http://127.0.0.1/x.png".to_owned()]
    {
        let mut report: Value = serde_json::from_str(&short_report("题")).expect("is JSON");
        report["sections"] = json!([{ "body": [{ "image": { "path": path, "alt": "图" } }] }]);
        let report = report.to_string();
        let parts: [(&str, Option<&str>, &[u8]); 2] =
            [("report", None, report.as_bytes()), (&path, None, &picture)];
        let found = service.form("/v1/export?as=pdf", &parts);
        found.problem(422, "findings");
    }
}

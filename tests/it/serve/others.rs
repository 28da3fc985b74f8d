//! The other addresses: pages, files, changes, batches, layouts, signatures.

use std::io::{Cursor, Write};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Service, bytes};
use crate::command::{files, folder, gongwen, gongwen_reading, root, short_report};

#[test]
fn preview_has_the_pictures_of_the_command_and_where_each_value_is() {
    let service = Service::start(&[]);
    let folder = folder();
    let out = folder.path().display().to_string();
    gongwen(&root().join("examples"), &["preview", "qingzhen-2023.json", "-o", &out, "--dpi", "60"]).ends(0);
    let report = bytes("examples/qingzhen-2023.json");
    let answer = service.post("/v1/preview?dpi=60", &report).is(200).json();
    let pages = answer["pages"].as_array().expect("pages");
    assert_eq!(pages.len(), files(folder.path(), ".png").len());
    for (page, number) in pages.iter().zip(1..) {
        let png = page["png"].as_str().and_then(|url| url.strip_prefix("data:image/png;base64,"));
        let png = STANDARD.decode(png.expect("a picture")).expect("is base64");
        let made =
            std::fs::read(folder.path().join(format!("qingzhen-2023-{number}.png"))).expect("was made");
        assert!(png == made, "page {number}");
        for value in page["boxes"].as_array().expect("boxes") {
            let number = |key: &str| value[key].as_f64().expect("a number");
            let (width, height) = (page["width"].as_f64(), page["height"].as_f64());
            assert!(
                number("x") >= 0.0 && number("x") + number("width") <= width.expect("a number") + 1.0,
                "{value}"
            );
            assert!(
                number("y") >= 0.0 && number("y") + number("height") <= height.expect("a number") + 1.0,
                "{value}"
            );
            assert!(number("width") > 0.0 && number("height") > 0.0, "{value}");
        }
    }
    let has = |pointer: &str| {
        let boxes = pages.iter().flat_map(|page| page["boxes"].as_array().expect("boxes"));
        boxes.filter(|value| value["pointer"] == pointer).count() == 1
    };
    let report: Value = serde_json::from_slice(&report).expect("is JSON");
    let row = &report["tables"]["requests"]["received_this_year"];
    let cell = if row.is_array() { "0" } else { "natural_person" };
    assert!(has(&format!("/tables/requests/received_this_year/{cell}")), "{answer}");

    let first = pages[0]["sha256"].as_str().expect("a hash");
    let report = report.to_string();
    let known =
        service.post(&format!("/v1/preview?dpi=60&pages=1-2&known=x,{first}"), &report).is(200).json();
    assert_eq!(known["pages"][0]["sha256"], first);
    assert_eq!(known["pages"][0].get("png"), None);
    assert!(known["pages"][1]["png"].is_string());
    assert_eq!(known["pages"].as_array().map(Vec::len), Some(2));
    for wrong in ["pages=x", "pages=99", "dpi=35", "dpi=301", "dpi=x"] {
        service.post(&format!("/v1/preview?{wrong}"), &report).problem(400, "request");
    }
    service.post("/v1/preview", "{}").problem(422, "findings");
}

#[test]
fn preview_of_a_pdf_has_the_pictures_of_the_command() {
    let service = Service::start(&[]);
    let folder = folder();
    let here = folder.path();
    let report = bytes("examples/qingzhen-2023.json");
    std::fs::write(here.join("a.pdf"), service.post("/v1/export?as=pdf", &report).is(200).body)
        .expect("writes");
    gongwen(here, &["preview", "a.pdf", "-o", ".", "--dpi", "50", "--pages", "2-3"]).ends(0);
    let pdf = std::fs::read(here.join("a.pdf")).expect("reads");
    let ask = |kind: &str, query: &str| {
        service.ask("POST", &format!("/v1/preview{query}")).header("Content-Type", kind).body(&pdf).send()
    };
    let form = service.form("/v1/preview?dpi=50&pages=2-3", &[("file", Some("a.pdf"), &pdf)]);
    for answer in [
        ask("application/pdf", "?dpi=50&pages=2-3"),
        ask("application/octet-stream", "?dpi=50&pages=2-3"),
        form,
    ] {
        let answer = answer.is(200).json();
        let pages = answer["pages"].as_array().expect("pages");
        assert_eq!(pages.len(), 2);
        for (page, number) in pages.iter().zip(2..) {
            let png = page["png"].as_str().and_then(|url| url.strip_prefix("data:image/png;base64,"));
            let made = std::fs::read(here.join(format!("a-{number}.png"))).expect("was made");
            assert!(STANDARD.decode(png.expect("a picture")).expect("is base64") == made, "page {number}");
            assert_eq!(page["boxes"], serde_json::json!([]));
        }
        assert_eq!(answer["findings"], serde_json::json!([]));
    }
    ask("application/pdf", "?pages=99").problem(400, "request");
    ask("application/pdf", "?layout=notice").problem(400, "request");
    ask("text/plain", "").problem(415, "media-type");
    service
        .ask("POST", "/v1/preview")
        .header("Content-Type", "application/pdf")
        .body("{}")
        .send()
        .problem(400, "file");
}

#[test]
fn changes_and_corrections_are_those_of_the_command() {
    let service = Service::start(&[]);
    let folder = folder();
    let (old, new) = (short_report("旧的,题"), short_report("新的，题"));
    std::fs::write(folder.path().join("old.json"), &old).expect("writes");
    std::fs::write(folder.path().join("new.json"), &new).expect("writes");
    let made = gongwen(folder.path(), &["diff", "old.json", "new.json", "--json"]).ends(0).object();
    let parts: [(&str, Option<&str>, &[u8]); 2] =
        [("old", None, old.as_bytes()), ("new", None, new.as_bytes())];
    assert_eq!(service.form("/v1/diff", &parts).is(200).json(), made);
    let broken: [(&str, Option<&str>, &[u8]); 2] = [("old", None, old.as_bytes()), ("new", None, b"{")];
    let problem = service.form("/v1/diff", &broken).problem(422, "findings");
    assert!(problem["detail_en"].as_str().is_some_and(|text| text.contains("new")), "{problem}");
    service.form("/v1/diff", &parts[..1]).problem(400, "request");
    service.post("/v1/diff", &old).problem(415, "media-type");

    let made = gongwen(folder.path(), &["fix", "old.json", "--write", "--json"]).ends(0).object();
    let fixed = std::fs::read_to_string(folder.path().join("old.json")).expect("reads");
    let answer = service.post("/v1/fix", &old).is(200);
    assert!(String::from_utf8_lossy(&answer.body).contains(fixed.trim()), "the text is kept");
    let answer = answer.json();
    assert_eq!(answer["changes"], made["changes"]);
    let own = made["diff"].as_str().expect("a diff").replace("old.json", "report.json");
    assert_eq!(answer["diff"], own);
    service.post("/v1/fix", "{").problem(422, "findings");
}

#[test]
fn files_give_their_reports_back() {
    let service = Service::start(&[]);
    let folder = folder();
    let report = short_report("题");
    std::fs::write(folder.path().join("a.json"), &report).expect("writes");
    for format in ["pdf", "docx"] {
        let file = service.post(&format!("/v1/export?as={format}&embed-source=1"), &report).is(200).body;
        let raw =
            service.ask("POST", "/v1/extract").header("Content-Type", "application/octet-stream").body(&file);
        assert!(raw.send().is(200).body == report.as_bytes(), "{format}");
        let answer = service.form("/v1/extract", &[("file", Some("a"), &file)]).is(200);
        assert!(answer.body == report.as_bytes(), "{format} as a form");
        let plain = service.post(&format!("/v1/export?as={format}"), &report).is(200).body;
        let problem = service.ask("POST", "/v1/extract").body(&plain).send().problem(422, "findings");
        assert_eq!(problem["findings"][0]["rule"], "extract.nothing");
        if format == "docx" {
            std::fs::write(folder.path().join("a.docx"), &plain).expect("writes");
            let made = gongwen(folder.path(), &["import", "a.docx", "--json"]).ends(0).object();
            let answer = service.ask("POST", "/v1/import").body(&plain).send().is(200).json();
            assert_eq!(answer["report"], made["report"]);
            assert_eq!(answer["findings"], made["findings"]);
            assert_eq!(answer["places"]["figures"], made["places"]["figures"]);
            assert_eq!(answer["places"]["paragraphs"], made["places"]["paragraphs"]);
        }
    }
    // A file of another program, with the places in it; and one that holds no report.
    let workbook = folder.path().join("f.xlsx");
    gongwen(folder.path(), &["new", "disclosure-annual-report-2021", "--xlsx", "f.xlsx"]).ends(0);
    let made = gongwen(folder.path(), &["import", "f.xlsx", "--json"]).ends(0).object();
    let workbook = std::fs::read(workbook).expect("was made");
    let answer = service.form("/v1/import", &[("file", Some("f.xlsx"), &workbook)]).is(200).json();
    for part in ["report", "findings", "places"] {
        assert_eq!(answer[part], made[part], "{part}");
    }
    service.ask("POST", "/v1/import?name=a.txt").body("\n \n").send().problem(422, "findings");
    service.ask("POST", "/v1/import").body("GIF89a\u{0}\u{1}").send().problem(400, "file");
    for address in ["/v1/extract", "/v1/verify"] {
        service.ask("POST", address).body("GIF89a").send().problem(400, "file");
    }
    for address in ["/v1/extract", "/v1/import", "/v1/verify"] {
        service.ask("POST", address).body("").send().problem(400, "request");
        service.form(address, &[("other", None, b"x")]).problem(400, "request");
        service.form(address, &[("file", None, b"x"), ("more", None, b"x")]).problem(400, "request");
    }
}

#[test]
fn batch_has_a_result_a_line_as_the_command_has() {
    let service = Service::start(&[]);
    let folder = folder();
    let one_line = |text: &str| serde_json::from_str::<Value>(text).expect("is JSON").to_string();
    let reports: Vec<String> =
        (0..30).map(|number| one_line(&short_report(&format!("第{number}号")))).collect();
    let lines = format!("{}\n\n{{\n{}", reports.join("\n"), "{\"format\": 1}");
    let results = |text: &str| {
        let mut all: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
        all.sort_by_key(|result| result["number"].as_u64());
        for result in &mut all {
            assert!(result["milliseconds"].is_number());
            result["milliseconds"] = Value::Null;
            for file in result["files"].as_array_mut().expect("files") {
                let path =
                    file["path"].as_str().expect("a path").rsplit('/').next().expect("a name").to_owned();
                file["path"] = path.into();
            }
        }
        all
    };
    let made =
        gongwen_reading(folder.path(), &["batch", "-", "-o", "out", "--quiet"], lines.as_bytes()).ends(1);
    let ask = |query: &str| {
        service
            .ask("POST", &format!("/v1/batch{query}"))
            .header("Content-Type", "application/x-ndjson")
            .body(&lines)
            .send()
    };
    let answer = ask("").is(200);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let text = String::from_utf8(answer.body).expect("is UTF-8");
    let (own, theirs) = (results(&text), results(&made.out));
    assert_eq!(own.len(), 32);
    for (own, theirs) in own.iter().zip(&theirs) {
        assert_eq!(own, theirs);
    }
    assert_eq!(own.len(), theirs.len());
    let with_files = String::from_utf8(ask("?files=1&format=pdf").is(200).body).expect("is UTF-8");
    for result in results(&with_files).iter().take(30) {
        let file = &result["files"][0];
        let bytes = STANDARD.decode(file["base64"].as_str().expect("bytes")).expect("is base64");
        assert!(bytes.starts_with(b"%PDF") && bytes.len() as u64 == file["bytes"], "{}", file["path"]);
        assert_eq!(result["files"].as_array().map(Vec::len), Some(1));
    }
    service.post("/v1/batch", &lines).problem(415, "media-type");
    let long = format!("{}\n{}\n", "x".repeat((4 << 20) + 1), reports[0]);
    let answer =
        service.ask("POST", "/v1/batch").header("Content-Type", "application/x-ndjson").body(long).send();
    let all = results(&String::from_utf8(answer.is(200).body).expect("is UTF-8"));
    assert_eq!((all[0]["status"].as_str(), all[1]["status"].as_str()), (Some("failed"), Some("ok")));
}

#[test]
fn layouts_schemas_and_blank_reports_are_those_of_the_command() {
    let service = Service::start(&[]);
    let made = gongwen(root(), &["layouts", "--json"]).ends(0).object();
    let list = service.get("/v1/layouts").is(200).json();
    let ids = |value: &Value| -> Vec<String> {
        let all = value["layouts"].as_array().expect("layouts");
        all.iter().map(|layout| layout["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids(&list), ids(&made));
    for id in ids(&list) {
        let schema = gongwen(root(), &["schema", "--layout", &id]).ends(0).out;
        assert!(service.get(&format!("/v1/layouts/{id}/schema")).is(200).body == schema.as_bytes(), "{id}");
        let blank = gongwen(root(), &["new", &id, "--issuer", "甲市人民政府", "--year", "2024"]).ends(0).out;
        let address = format!(
            "/v1/layouts/{id}/blank?issuer=%E7%94%B2%E5%B8%82%E4%BA%BA%E6%B0%91%E6%94%BF%E5%BA%9C&year=2024"
        );
        assert!(service.get(&address).is(200).body == blank.as_bytes(), "{id}");
    }
    service.get("/v1/layouts/none/schema").problem(404, "layout");
    service.get("/v1/layouts/..%2F..%2Fetc%2Fpasswd/blank").problem(404, "layout");
    service.get("/v1/layouts/letter/blank?year=1").problem(400, "request");
}

#[test]
fn signatures_are_made_in_two_steps_and_verified() {
    let folder = folder();
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).current_dir(folder.path()).output();
        done.is_ok_and(|output| output.status.success())
    };
    let service = Service::start(&[]);
    let report = short_report("题");
    let pdf = service.post("/v1/export?as=pdf&signatories=1&embed-source=1", &report).is(200).body;
    std::fs::write(folder.path().join("a.pdf"), &pdf).expect("writes");
    let time = "2024-02-01T10:00:00+08:00";
    let arguments = ["sign", "a.pdf", "--prepare", "content.bin", "-o", "prepared.pdf", "--time", time];
    gongwen(folder.path(), &arguments).ends(0);
    let address = "/v1/sign/prepare?time=2024-02-01T10:00:00%2B08:00";
    let prepared = service.ask("POST", address).body(&pdf).send().is(200).json();
    let decoded = |key: &str| STANDARD.decode(prepared[key].as_str().expect("bytes")).expect("is base64");
    assert!(decoded("pdf") == std::fs::read(folder.path().join("prepared.pdf")).expect("was made"));
    assert!(decoded("content") == std::fs::read(folder.path().join("content.bin")).expect("was made"));
    service.ask("POST", "/v1/sign/prepare?field=none").body(&pdf).send().problem(400, "file");
    let parts: [(&str, Option<&str>, &[u8]); 2] =
        [("file", Some("a.pdf"), &decoded("pdf")), ("cms", None, b"x")];
    service.form("/v1/sign/complete", &parts).problem(422, "findings");

    // The signature itself is made by another program, where it is there.
    let key = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "k.pem",
        "-out",
        "c.pem",
        "-days",
        "3650",
        "-subj",
        "/CN=test",
        "-addext",
        "keyUsage=critical,digitalSignature",
    ];
    if !run("openssl", &key) {
        return;
    }
    let cms = [
        "cms",
        "-sign",
        "-binary",
        "-in",
        "content.bin",
        "-signer",
        "c.pem",
        "-inkey",
        "k.pem",
        "-outform",
        "DER",
        "-out",
        "s.der",
        "-md",
        "sha256",
        "-cades",
    ];
    assert!(run("openssl", &cms), "openssl signs");
    gongwen(folder.path(), &["sign", "prepared.pdf", "--complete", "s.der", "-o", "signed.pdf"]).ends(0);
    let signed = std::fs::read(folder.path().join("signed.pdf")).expect("was made");
    let cms = std::fs::read(folder.path().join("s.der")).expect("was made");
    let parts: [(&str, Option<&str>, &[u8]); 2] =
        [("file", Some("a.pdf"), &decoded("pdf")), ("cms", None, &cms)];
    let answer = service.form("/v1/sign/complete", &parts).is(200);
    assert!(answer.body == signed);
    assert!(answer.header("content-disposition").is_some_and(|name| name.contains("a-signed.pdf")));

    let at = "2099-01-01T00:00:00Z";
    let same = |service: &Service, options: &[&str]| {
        let mut arguments = vec!["verify", "signed.pdf", "--json", "--time", at];
        arguments.extend(options);
        let made = gongwen(folder.path(), &arguments).object();
        let address = format!("/v1/verify?name=signed.pdf&time={at}");
        let answer = service.ask("POST", &address).body(&signed).send().is(200).json();
        assert_eq!(answer, made);
        answer["verdict"].as_str().expect("a verdict").to_owned()
    };
    assert_eq!(same(&service, &[]), "unproved");
    let trusting = Service::start(&["--trust", &folder.path().join("c.pem").display().to_string()]);
    same(&trusting, &["--trust", "c.pem"]);
}

#[test]
fn an_archive_is_verified_from_a_zip_file() {
    let service = Service::start(&[]);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in [("bag/bagit.txt", "x"), ("bag/data/a.pdf", "x")] {
        zip.start_file(name, options).expect("starts");
        zip.write_all(content.as_bytes()).expect("writes");
    }
    let bag = zip.finish().expect("ends").into_inner();
    let found = service.ask("POST", "/v1/verify?name=2023").body(&bag).send().is(200).json();
    assert_eq!(found["archive"], "2023");
    assert_eq!(found["verdict"], "broken");
    let text = found["problems"].to_string();
    assert!(text.contains("bagit.txt") && !text.contains("bag/bagit.txt"), "{text}");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("../bagit.txt", options).expect("starts");
    let outside = zip.finish().expect("ends").into_inner();
    service.ask("POST", "/v1/verify").body(&outside).send().problem(400, "file");
    service.ask("POST", "/v1/verify").body(&b"PK\x03\x04xxxx"[..]).send().problem(400, "file");
}

//! The page and the description of the addresses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Service;
use crate::command::short_report;

#[test]
fn the_page_loads_nothing_from_elsewhere_and_makes_no_markup() {
    let service = Service::start(&[]);
    let html = service.get("/").is(200);
    let policy = html.header("content-security-policy").expect("is there").to_owned();
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(rule), "{rule}: {policy}");
    }
    let html = String::from_utf8(html.body).expect("is UTF-8");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
    let names = std::fs::read_dir(folder).expect("lists").map(|entry| entry.expect("an entry").file_name());
    let names: Vec<String> = names.map(|name| name.into_string().expect("UTF-8")).collect();
    assert!(names.len() > 8, "{names:?}");
    for name in names {
        let text = String::from_utf8(service.get(&format!("/web/{name}")).is(200).body).expect("is UTF-8");
        assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("url("), "{name}");
        // Browsers of 2019 know none of these; the last make markup of text.
        let newer = ["?.", "??", "replaceAll", ".at(", "structuredClone", "inert", "innerHTML", "outerHTML"];
        let newer = newer.iter().chain(&["insertAdjacentHTML", "document.write", "eval(", ":has("]);
        for word in newer {
            assert!(name.ends_with(".css") || !text.contains(word), "{name}: {word}");
        }
        assert!(!name.ends_with(".css") || !(text.contains(":has(") || text.contains("flex-gap")), "{name}");
    }
    assert!(!html.contains("<style") && !html.contains(" style=") && !html.contains("onclick"));
    assert_eq!(service.get("/web/none.js").status, 404);
    assert_eq!(service.get("/web/..%2fCargo.toml").status, 404);
}

#[test]
fn openapi_has_every_address_and_its_answers_are_what_it_says() {
    let service = Service::start(&[]);
    let document = service.get("/openapi.json").is(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    let addresses: BTreeSet<&str> =
        document["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    let wanted: BTreeSet<&str> = [
        "/healthz",
        "/readyz",
        "/version",
        "/metrics",
        "/openapi.json",
        "/v1/check",
        "/v1/export",
        "/v1/preview",
        "/v1/import",
        "/v1/extract",
        "/v1/verify",
        "/v1/diff",
        "/v1/fix",
        "/v1/batch",
        "/v1/sign/prepare",
        "/v1/sign/complete",
        "/v1/layouts",
        "/v1/layouts/{id}/schema",
        "/v1/layouts/{id}/blank",
    ]
    .into();
    assert_eq!(addresses, wanted);
    let is_as_said = |address: &str, method: &str, status: &str, kind: &str, value: &Value| {
        let mut response = &document["paths"][address][method]["responses"][status];
        if let Some(target) = response["$ref"].as_str() {
            response = document.pointer(&target[1..]).expect("is there");
        }
        let mut schema = response["content"][kind]["schema"].clone();
        schema["components"] = document["components"].clone();
        let validator = jsonschema::draft202012::new(&schema).expect("is a schema");
        let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{address} {status}: {errors:?}");
    };
    let report = short_report("题");
    let json = "application/json";
    for (address, body) in [("/v1/check", &report), ("/v1/preview", &report), ("/v1/fix", &report)] {
        is_as_said(address, "post", "200", json, &service.post(address, body).is(200).json());
        let refused = service.post(&format!("{address}?x=1"), body).is(400).json();
        is_as_said(address, "post", "400", "application/problem+json", &refused);
    }
    let refused = service.post("/v1/export?as=pdf", "{}").is(422).json();
    is_as_said("/v1/export", "post", "422", "application/problem+json", &refused);
    is_as_said("/v1/layouts", "get", "200", json, &service.get("/v1/layouts").is(200).json());
    let parts: [(&str, Option<&str>, &[u8]); 2] =
        [("old", None, report.as_bytes()), ("new", None, report.as_bytes())];
    is_as_said("/v1/diff", "post", "200", json, &service.form("/v1/diff", &parts).is(200).json());
    let pdf = service.post("/v1/export?as=pdf", &report).is(200).body;
    let verified = service.ask("POST", "/v1/verify").body(&pdf).send().is(200).json();
    is_as_said("/v1/verify", "post", "200", json, &verified);
}

//! `GET /openapi.json`: all addresses as OpenAPI 3.1, whose schemas are JSON Schema.
//!
//! What a finding and a result of a command have stands in docs/schema/output once; those schemas are parts of this
//! document.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{Shared, reports};
use crate::options::{Conformance, Format};
use crate::report;

/// The outputs of commands that answers have, too: the name here, and the schema.
const OUTPUTS: [(&str, &str); 4] = [
    ("check", include_str!("../../docs/schema/output/check.json")),
    ("batch", include_str!("../../docs/schema/output/batch.json")),
    ("diff", include_str!("../../docs/schema/output/diff.json")),
    ("verify", include_str!("../../docs/schema/output/verify.json")),
];

const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data";
const BYTES: &str = "application/octet-stream";
const NDJSON: &str = "application/x-ndjson";

/// `GET /openapi.json`
pub async fn show(State(app): State<Shared>) -> Response {
    reports::json(&document(app.gate.has_token()))
}

/// The document.
pub fn document(has_token: bool) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "公文 gongwen",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "A report in JSON becomes the official Chinese document, with the bytes of the command.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths(),
        "components": { "schemas": schemas(), "responses": problems() },
        "security": [],
    });
    if has_token {
        document["components"]["securitySchemes"] =
            json!({ "token": { "type": "http", "scheme": "bearer" } });
        document["security"] = json!([{ "token": [] }]);
        for address in ["/healthz", "/readyz"] {
            document["paths"][address]["get"]["security"] = json!([]);
        }
    }
    document
}

fn paths() -> Value {
    let export = export_parameters();
    let with = |more: Vec<Value>| -> Vec<Value> { more.into_iter().chain(export.iter().cloned()).collect() };
    let layout =
        || parameter("layout", json!({ "type": "string" }), "Id of a layout, in place of the report's own.");
    let text = || content("text/plain", json!({ "type": "string" }));
    json!({
        "/healthz": { "get": get("health", "Whether the process answers.", vec![], text()) },
        "/readyz": { "get": get("ready", "Whether it takes requests.", vec![], text()) },
        "/version": { "get": get("version", "The version of the program.", vec![], content(JSON, json!({
            "type": "object",
            "required": ["name", "version"],
            "properties": { "name": { "const": "gongwen" }, "version": { "type": "string" } },
        }))) },
        "/metrics": { "get": get("metrics", "Numbers as Prometheus text.", vec![], text()) },
        "/openapi.json": { "get": get("openapi", "This document.", vec![], content(JSON, json!({ "type": "object" }))) },
        "/v1/layouts": { "get": get("layouts", "The layouts.", vec![], content(JSON, json!({
            "type": "object",
            "required": ["layouts", "findings"],
            "properties": {
                "layouts": { "type": "array", "items": {
                    "type": "object",
                    "required": ["id", "name", "description"],
                    "properties": {
                        "id": { "type": "string" },
                        "name": { "type": "string" },
                        "description": { "type": "string" },
                    },
                } },
                "findings": findings(),
            },
        }))) },
        "/v1/layouts/{id}/schema": { "get": get(
            "schema",
            "The JSON Schema of reports of a layout.",
            vec![id()],
            content("application/schema+json", json!({ "type": "object" })),
        ) },
        "/v1/layouts/{id}/blank": { "get": get(
            "blank",
            "A report to start from.",
            vec![
                id(),
                parameter("issuer", json!({ "type": "string" }), "The issuer."),
                parameter("year", json!({ "type": "integer", "minimum": 1900, "maximum": 2199 }), "The year."),
            ],
            content(JSON, reference("report")),
        ) },
        "/v1/check": { "post": post(
            "check",
            "Everything that there is to say about a report. Whatever it holds, the answer is 200.",
            vec![layout(), flag("strict", "Warnings are errors.")],
            report_body(),
            content(JSON, json!({
                "type": "object",
                "required": ["findings", "filled"],
                "properties": {
                    "findings": findings(),
                    "filled": { "description": "The report with the figures that were computed; null where it cannot be read." },
                },
            })),
        ) },
        "/v1/export": { "post": post(
            "export",
            "The file of a report, or all of them.",
            with(vec![required("as", json!({ "enum": kinds() }), "Which file; zip has those of the command.")]),
            report_body(),
            files(),
        ) },
        "/v1/preview": { "post": post(
            "preview",
            "Pages of a report or of a PDF as PNG, and where each value of a report is on them, in pixels.",
            vec![
                layout(),
                parameter("pages", json!({ "type": "string", "pattern": r"^[1-9][0-9]*(-[0-9]*)?(,[1-9][0-9]*(-[0-9]*)?)*$" }), "Such as 1-3,5."),
                parameter("dpi", json!({ "type": "integer", "minimum": 36, "maximum": 300 }), "Pixels an inch; 100 by default."),
                parameter("known", json!({ "type": "string" }), "SHA-256 of pictures that the caller has, with commas between: they come without png."),
            ],
            drawn_body(),
            content(JSON, pages()),
        ) },
        "/v1/fix": { "post": post(
            "fix",
            "Slips of punctuation corrected; all else stays as it was typed.",
            vec![],
            report_body(),
            content(JSON, json!({
                "type": "object",
                "required": ["changes", "diff", "report", "findings"],
                "properties": {
                    "changes": { "type": "integer", "minimum": 0 },
                    "diff": { "type": "string" },
                    "report": {},
                    "findings": findings(),
                },
            })),
        ) },
        "/v1/diff": { "post": post(
            "diff",
            "What changed from one report to another.",
            vec![],
            form(json!({ "old": {}, "new": {} }), &["old", "new"]),
            content(JSON, reference("diff")),
        ) },
        "/v1/import": { "post": post(
            "import",
            "The report out of a file that a person wrote.",
            vec![layout(), parameter("name", json!({ "type": "string" }), "What the file is called.")],
            file_body(),
            content(JSON, json!({
                "type": "object",
                "required": ["report", "findings", "places"],
                "properties": {
                    "report": reference("report"),
                    "findings": findings(),
                    "places": { "type": "object", "description": "Where in the file each figure and paragraph was read." },
                },
            })),
        ) },
        "/v1/extract": { "post": post(
            "extract",
            "The report that a file carries, byte for byte.",
            vec![],
            file_body(),
            content(JSON, json!({})),
        ) },
        "/v1/verify": { "post": post(
            "verify",
            "Whether the signatures of a PDF hold, or the archive in a ZIP file does. Whom to trust was said when the service was started.",
            vec![
                parameter("name", json!({ "type": "string" }), "What the file is called in the answer."),
                parameter("time", json!({ "type": "string", "format": "date-time" }), "When certificates must be valid; now by default."),
                parameter("require", json!({ "enum": ["time-stamp", "revocation", "time-stamp,revocation"] }), "What signatures must have."),
                flag("strict", "Not even metadata may change after a signature."),
                flag("signatures-only", "Without the embedded report."),
            ],
            file_body(),
            content(JSON, reference("verify")),
        ) },
        "/v1/batch": { "post": post(
            "batch",
            "Reports, one a line; the results of the command as they come, one a line.",
            with(vec![
                parameter("format", json!({ "enum": ["pdf", "docx", "pdf,docx", "docx,pdf"] }), "Which files are made."),
                flag("files", "The bytes of the files as base64 in the results."),
            ])
            .into_iter()
            .filter(|parameter| parameter["name"] != "name")
            .collect(),
            content(NDJSON, json!({ "type": "string" })),
            content(NDJSON, json!({ "type": "string", "description": "Each line is a result: #/components/schemas/batch." })),
        ) },
        "/v1/sign/prepare": { "post": post(
            "prepare",
            "A PDF with room for a signature, and the content that is to be signed.",
            vec![
                parameter("time", json!({ "type": "string", "format": "date-time" }), "The time of signing; now by default."),
                parameter("field", json!({ "type": "string" }), "The field; the first empty one by default."),
                parameter("reason", json!({ "type": "string" }), "Why it is signed."),
                parameter("location", json!({ "type": "string" }), "Where it is signed."),
            ],
            file_body(),
            content(JSON, json!({
                "type": "object",
                "required": ["pdf", "field", "content", "content_sha256", "findings"],
                "properties": {
                    "pdf": { "type": "string", "contentEncoding": "base64" },
                    "field": { "type": "string" },
                    "content": { "type": "string", "contentEncoding": "base64" },
                    "content_sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
                    "findings": findings(),
                },
            })),
        ) },
        "/v1/sign/complete": { "post": post(
            "complete",
            "The prepared PDF with the signature (CMS, detached) over its content.",
            vec![],
            form(json!({ "file": {}, "cms": {} }), &["file", "cms"]),
            content("application/pdf", json!({})),
        ) },
    })
}

/// What `as` may be.
fn kinds() -> Vec<&'static str> {
    Format::ALL.into_iter().map(Format::name).chain(["zip"]).collect()
}

fn export_parameters() -> Vec<Value> {
    vec![
        parameter("layout", json!({ "type": "string" }), "Id of a layout, in place of the report's own."),
        parameter(
            "name",
            json!({ "type": "string" }),
            "Template of the file's name: {issuer}, {year}, {title}.",
        ),
        parameter(
            "date",
            json!({ "type": "string", "format": "date" }),
            "Date in the files' properties; the date of issue by default.",
        ),
        flag("strict", "Warnings are errors."),
        flag("allow-errors", "Files are made even if figures contradict each other."),
        flag("embed-source", "The report is put into the files."),
        parameter(
            "conformance",
            json!({ "enum": Conformance::ALL.map(Conformance::name) }),
            "Level of the PDF.",
        ),
        parameter(
            "signatories",
            json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
            "Empty signature fields of the PDF.",
        ),
        parameter("docx-fonts", json!({ "enum": ["names", "embed"] }), "Fonts of the Word file."),
    ]
}

fn parameter(name: &str, schema: Value, description: &str) -> Value {
    json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": description })
}

fn required(name: &str, schema: Value, description: &str) -> Value {
    json!({ "name": name, "in": "query", "required": true, "schema": schema, "description": description })
}

fn flag(name: &str, description: &str) -> Value {
    parameter(name, json!({ "enum": ["1", "0", "true", "false"] }), description)
}

fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 }, "description": "Id of a layout." })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn findings() -> Value {
    json!({ "type": "array", "items": { "$ref": "#/components/schemas/check/$defs/finding" } })
}

fn content(media_type: &str, schema: Value) -> Value {
    json!({ media_type: { "schema": schema } })
}

fn form(properties: Value, required: &[&str]) -> Value {
    content(
        FORM,
        json!({
            "type": "object",
            "required": required,
            "properties": properties,
            "additionalProperties": false,
        }),
    )
}

/// A report as JSON, or as a form with what belongs to it.
fn report_body() -> Value {
    json!({
        JSON: { "schema": reference("report") },
        FORM: { "schema": {
            "type": "object",
            "required": ["report"],
            "properties": {
                "report": reference("report"),
                "previous": { "description": "The report of the last year." },
                "figures": { "description": "A workbook or CSV file with the figures." },
            },
            "additionalProperties": { "description": "A file by the name that the report gives it." },
        } },
    })
}

/// A report as in [`report_body`], or a PDF: the body, or the part `file` of a form.
fn drawn_body() -> Value {
    let mut body = report_body();
    let report = body[FORM]["schema"].take();
    body[FORM]["schema"] =
        json!({ "anyOf": [report, form(json!({ "file": {} }), &["file"])[FORM]["schema"]] });
    body["application/pdf"] = json!({ "schema": {} });
    body[BYTES] = json!({ "schema": {} });
    body
}

fn file_body() -> Value {
    let mut body = form(json!({ "file": {} }), &["file"]);
    body[BYTES] = json!({ "schema": {} });
    body
}

/// The files of an export.
fn files() -> Value {
    let kinds = Format::ALL.into_iter().map(|format| format.media_type()).chain(["application/zip"]);
    let contents: Map<String, Value> = kinds.map(|kind| (kind.to_owned(), json!({ "schema": {} }))).collect();
    Value::Object(contents)
}

fn pages() -> Value {
    let number = || json!({ "type": "number" });
    json!({
        "type": "object",
        "required": ["pages", "findings"],
        "properties": { "findings": findings(), "pages": { "type": "array", "items": {
            "type": "object",
            "required": ["page", "sha256", "width", "height", "boxes"],
            "properties": {
                "page": { "type": "integer", "minimum": 1 },
                "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
                "width": { "type": "integer" },
                "height": { "type": "integer" },
                "png": { "type": "string", "pattern": "^data:image/png;base64," },
                "boxes": { "type": "array", "items": {
                    "type": "object",
                    "required": ["pointer", "x", "y", "width", "height"],
                    "properties": {
                        "pointer": { "type": "string" },
                        "x": number(), "y": number(), "width": number(), "height": number(),
                    },
                } },
            },
        } } },
    })
}

fn get(id: &str, summary: &str, parameters: Vec<Value>, answer: Value) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": responses(answer, &["400", "401", "404", "421", "503"]),
    })
}

fn post(id: &str, summary: &str, parameters: Vec<Value>, body: Value, answer: Value) -> Value {
    let refusals = ["400", "401", "403", "408", "413", "415", "421", "422", "503"];
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "requestBody": { "required": true, "content": body },
        "responses": responses(answer, &refusals),
    })
}

fn responses(answer: Value, refusals: &[&str]) -> Value {
    let mut all = Map::new();
    all.insert("200".to_owned(), json!({ "description": "Done.", "content": answer }));
    for status in refusals {
        all.insert((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{status}") }));
    }
    all.insert("default".to_owned(), json!({ "$ref": "#/components/responses/default" }));
    Value::Object(all)
}

/// The answers that are no success.
fn problems() -> Value {
    let kinds = [
        ("400", "The request is wrong, or the file cannot be read."),
        ("401", "A token is needed."),
        ("403", "A page of another origin made a browser send it."),
        ("404", "There is no such address or layout."),
        ("408", "The body came too slowly."),
        (
            "413",
            "The request is too large (limit, sent and option say more), or its file takes too much memory or time.",
        ),
        ("415", "The body is of a wrong type."),
        ("421", "This name of a host is not known."),
        ("422", "The report, or the file, was found wanting: findings say why."),
        (
            "503",
            "Too many requests wait, it was not done in time, or it was interrupted: Retry-After says when to send it again.",
        ),
        ("default", "Any other refusal."),
    ];
    let mut all = Map::new();
    for (status, description) in kinds {
        let mut response = json!({
            "description": description,
            "content": content(super::problem::MEDIA_TYPE, reference("problem")),
        });
        if status == "503" {
            response["headers"] = json!({ "Retry-After": { "schema": { "type": "integer" } } });
        }
        all.insert(status.to_owned(), response);
    }
    Value::Object(all)
}

fn schemas() -> Value {
    let mut all = Map::new();
    all.insert("report".to_owned(), placed(report::schema(None), "report"));
    for (name, text) in OUTPUTS {
        let schema = serde_json::from_str(text).unwrap_or_default();
        all.insert(name.to_owned(), placed(schema, name));
    }
    all.insert(
        "problem".to_owned(),
        json!({
            "type": "object",
            "description": "RFC 9457.",
            "required": ["type", "title", "title_en", "status", "detail", "detail_en", "instance"],
            "properties": {
                "type": { "type": "string", "pattern": "^urn:gongwen:problem:" },
                "title": { "type": "string" },
                "title_en": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string", "description": "What to change." },
                "detail_en": { "type": "string" },
                "instance": { "type": "string", "description": "Id of the request, as in the log." },
                "findings": findings(),
                "limit": { "type": "integer" },
                "sent": { "type": ["integer", "null"] },
                "option": { "type": ["string", "null"] },
            },
        }),
    );
    Value::Object(all)
}

/// A schema as a part of the document: its references start from there.
fn placed(mut schema: Value, name: &str) -> Value {
    fn walk(value: &mut Value, prefix: &str) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get_mut("$ref")
                    && let Some(rest) = target.strip_prefix('#')
                {
                    *target = format!("{prefix}{rest}");
                }
                members.values_mut().for_each(|value| walk(value, prefix));
            }
            Value::Array(values) => values.iter_mut().for_each(|value| walk(value, prefix)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    if let Some(members) = schema.as_object_mut() {
        members.remove("$schema");
    }
    walk(&mut schema, &format!("#/components/schemas/{name}"));
    schema
}

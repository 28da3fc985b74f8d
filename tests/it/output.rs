//! What every command prints with `--json` is what docs/schema/output says, and no more.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::command::{example, files, folder, gongwen, root, short_report};
use crate::pki::{self, Key};
use crate::sign::NOW;

/// The commands by `--help`.
fn commands() -> BTreeSet<String> {
    let here = folder();
    let help = gongwen(here.path(), &["--help", "--lang", "en"]).ends(0).out;
    let listed = help.split("Commands:\n").nth(1).expect("commands").split("\n\n").next().expect("a block");
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn schema(name: &str) -> Value {
    let path = root().join("docs/schema/output").join(name).with_extension("json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// The same schema without members that it does not name: programs that read the output meet new ones later, the tests
/// none that are not described.
fn strict(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(strict);
        }
        Value::Array(list) => list.iter_mut().for_each(strict),
        _ => {}
    }
}

/// Runs commands and compares what they print with their schemas.
struct Trial<'a> {
    here: &'a Path,
    /// The commands that were tried.
    tried: RefCell<BTreeSet<String>>,
    findings: Cell<usize>,
    /// Of the members of findings that may be null, those that were something.
    filled: RefCell<BTreeSet<String>>,
}

impl Trial<'_> {
    #[track_caller]
    fn check(&self, arguments: &[&str], code: i32) -> Vec<Value> {
        let name = if arguments[0].ends_with(".json") { "report" } else { arguments[0] };
        let mut form = schema(name);
        strict(&mut form);
        let form = jsonschema::validator_for(&form).expect("a schema");
        let ran = gongwen(self.here, &[arguments, &["--json"]].concat()).ends(code);
        assert!(!ran.out.is_empty(), "{arguments:?}: {}", ran.err);
        let objects = ran.objects();
        for object in &objects {
            let errors: Vec<String> = form.iter_errors(object).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{arguments:?}: {errors:#?}\n{object:#}");
            for finding in object["findings"].as_array().expect("every object has findings") {
                self.findings.set(self.findings.get() + 1);
                let filled = finding.as_object().expect("an object").iter();
                let filled = filled.filter(|(_, value)| !value.is_null() && **value != json!([]));
                self.filled.borrow_mut().extend(filled.map(|(key, _)| key.clone()));
            }
        }
        self.tried.borrow_mut().insert(name.to_owned());
        objects
    }
}

#[test]
fn every_command_has_a_schema_and_shares_its_parts() {
    let mut wanted = commands();
    assert!(wanted.contains("check") && wanted.contains("licenses"), "{wanted:?}");
    // What `schema` prints is a schema, with and without the option; a report alone is a command, too.
    wanted.remove("schema");
    wanted.insert("report".to_owned());
    let paths = files(&root().join("docs/schema/output"), ".json");
    let there: BTreeSet<String> = paths
        .iter()
        .map(|path| path.file_stem().expect("a stem").to_str().expect("UTF-8").to_owned())
        .collect();
    assert_eq!(there, wanted);
    let mut form = schema("fix");
    let valid = json!({ "file": "a", "changes": 0, "written": false, "diff": "", "findings": [] });
    let more = json!({ "file": "a", "changes": 0, "written": false, "diff": "", "findings": [], "more": 1 });
    assert!(jsonschema::is_valid(&form, &valid) && jsonschema::is_valid(&form, &more));
    strict(&mut form);
    assert!(jsonschema::is_valid(&form, &valid) && !jsonschema::is_valid(&form, &more));
    assert!(!jsonschema::is_valid(&form, &json!({ "file": "a", "findings": [] })));
    let mut known = serde_json::Map::new();
    for name in &wanted {
        let schema = schema(name);
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        for (part, form) in schema["$defs"].as_object().expect("parts") {
            let first = known.entry(part.clone()).or_insert_with(|| form.clone());
            assert_eq!(first, form, "{name}: {part} is the same in every schema");
        }
    }
    let members = known["finding"]["required"].as_array().expect("members").len();
    assert_eq!(members, 13, "as docs say");
}

#[test]
fn what_commands_print_is_what_the_schemas_say() {
    let here = folder();
    let write = |name: &str, text: &str| fs::write(here.path().join(name), text).expect("writes");
    let trial = Trial {
        here: here.path(),
        tried: RefCell::default(),
        findings: Cell::new(0),
        filled: RefCell::default(),
    };
    let text = fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let wrong = text.replace(r#""granted": [203, "#, r#""granted": [204, "#);
    write("good.json", &text);
    write("wrong.json", &wrong);
    write("broken.json", "{ not JSON");
    write("short.json", &short_report("题"));
    let silent = r#""silence": [{ "rule": "text.superseded", "place": "", "reason": "照原文" },
        { "rule": "requests.row-total", "place": "/tables/requests/granted", "reason": "一件并案" },
        { "rule": "requests.outcomes", "place": "/tables/requests", "reason": "一件并案" }],
        "format": 1"#;
    write("silent.json", &wrong.replacen(r#""format": 1"#, silent, 1));

    trial.check(&["good.json"], 0);
    trial.check(&["wrong.json"], 1);
    trial.check(&["absent.json"], 2);
    trial.check(&["check", "good.json", "wrong.json", "broken.json", "absent.json"], 2);
    write("f.csv", "table,row,column,value\nrequests,granted,natural_person,二\n");
    write("open.json", &text.replace(r#""granted": [203, "#, r#""granted": [null, "#));
    trial.check(&["check", "open.json", "--figures", "f.csv"], 1);
    trial.check(&["check", "wrong.json", "--previous", "good.json"], 1);
    let silent = &trial.check(&["check", "silent.json"], 0)[0];
    assert!(silent["silenced"].as_array().is_some_and(|silenced| !silenced.is_empty()), "{silent:#}");
    trial.check(&["export", "good.json", "wrong.json", "silent.json", "-o", "out"], 1);
    trial.check(&["export", "absent.json", "-o", "out"], 2);
    trial.check(&["export", "good.json", "--layout", "none", "-o", "out"], 2);
    trial.check(&["batch", "good.json", "wrong.json", "absent.json", "-o", "batch", "-q"], 1);
    trial.check(&["batch", "good.json", "-o", "batch", "-q", "--resume"], 0);
    trial.check(&["batch", "good.json", "-o", "batch", "--shard", "2/1"], 2);
    write("spaces.json", &short_report("题").replace("正文。", "办理 3 件，满意."));
    trial.check(&["fix", "spaces.json"], 0);
    trial.check(&["fix", "broken.json"], 1);
    trial.check(&["diff", "good.json", "wrong.json"], 0);
    trial.check(&["diff", "good.json", "short.json"], 0);
    trial.check(&["diff", "good.json", "broken.json"], 1);
    trial.check(&["new", "notice", "-o", "new.json"], 0);
    trial.check(&["new", "disclosure-annual-report-2021", "--xlsx", "f.xlsx", "--docx", "f.docx"], 0);
    trial.check(&["new", "notice", "-o", "new.json"], 2);
    trial.check(&["import", "out/good.docx"], 0);
    trial.check(&["import", "f.docx"], 0);
    trial.check(&["import", "good.json"], 2);
    trial.check(&["export", "good.json", "--embed-source", "-o", "full"], 0);
    trial.check(&["extract", "full/good.pdf", "-o", "taken.json"], 0);
    trial.check(&["extract", "full/good.pdf", "--all", "taken"], 0);
    trial.check(&["extract", "out/good.pdf"], 1);
    trial.check(&["preview", "short.json", "-o", "png", "--dpi", "40"], 0);
    trial.check(&["preview", "wrong.json", "-o", "png"], 1);
    trial.check(&["layouts"], 0);
    trial.check(&["fonts"], 0);
    trial.check(&["fonts", "good.json"], 0);
    write("glyph.json", &short_report("题\u{e000}"));
    trial.check(&["fonts", "glyph.json"], 1);
    trial.check(&["fonts", "broken.json"], 1);
    trial.check(&["licenses"], 0);

    let authority = pki::root("根");
    let signer = authority.signer(Key::p256(1), "某局", 2);
    for (name, text) in
        [("key.pem", signer.key.pem()), ("cert.pem", signer.pem()), ("root.pem", authority.pem())]
    {
        write(name, &text);
    }
    let key = ["--key", "key.pem", "--cert", "cert.pem", "--time", NOW];
    let with_key = |arguments: &[&'static str]| -> Vec<&str> { [arguments, &key[..]].concat() };
    trial.check(&with_key(&["sign", "full/good.pdf", "-o", "signed.pdf"]), 0);
    trial.check(&["sign", "full/good.pdf", "--cert", "cert.pem", "--key", "root.pem"], 2);
    let prepare = ["sign", "out/good.pdf", "--prepare", "content", "-o", "prepared.pdf", "--time", NOW];
    trial.check(&prepare, 0);
    trial.check(&["verify", "signed.pdf", "--trust", "root.pem"], 0);
    trial.check(&["verify", "full/good.pdf"], 1);
    trial.check(&["verify", "good.json"], 2);
    trial.check(&with_key(&["archive", "good.json", "-o", "bag"]), 0);
    trial.check(&with_key(&["archive", "wrong.json", "-o", "bag2"]), 1);
    trial.check(&with_key(&["archive", "good.json", "-o", "bag"]), 2);
    trial.check(&["verify", "bag", "--trust", "root.pem"], 0);
    trial.check(&["verify", "signed.pdf"], 3);
    trial.check(&["archive", "check", "bag", "--trust", "root.pem"], 0);
    trial.check(&["archive", "check", "nowhere"], 2);
    fs::write(here.path().join("bag/data/good.json"), "{}").expect("writes");
    trial.check(&["verify", "bag", "--trust", "root.pem"], 1);

    // What it prints once it listens is compared by its own tests: it does not end by itself.
    trial.check(&["serve", "--listen", "0.0.0.0:0"], 2);
    let mut wanted = commands();
    wanted.remove("schema");
    wanted.insert("report".to_owned());
    assert_eq!(*trial.tried.borrow(), wanted, "every command was tried");
    assert!(trial.findings.get() > 60, "{}", trial.findings.get());
    let filled = trial.filled.borrow();
    for member in ["hint", "label", "quoted", "line", "column", "place", "related", "mend"] {
        assert!(filled.contains(member), "no finding had {member}");
    }
}

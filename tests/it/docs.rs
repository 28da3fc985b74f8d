//! The pages for users: both languages have the same content, and a page shows what the program does.
//!
//! `docs/zh` and `docs/en` hold the same pages. A code block without a comment is tried by its kind: `sh` is
//! run, `json` is a report or a part of one, `toml` a layout or a part of one, `csv` a file of figures. HTML
//! comments before a block are directives; a page is run from top to bottom in one folder:
//!
//! * `file: NAME` — the block becomes this file; `append: NAME` — it is added to this file.
//! * `copy PATH to NAME: OLD → NEW; OLD → NEW` — NAME is this file of the package, with these changes.
//! * `ndjson PATH PATH to NAME` — NAME has these reports, one a line.
//! * `exits with N` — so ends the next command; otherwise it ends with 0.
//! * `with FILE, OLD → NEW: COMMAND` — runs a command that the page does not show, with this file changed.
//! * `output` — the block is what the command before it printed, or the commands of `with` before it. A line `…` matches
//!   any lines, a `…` at the end of a line for the rest of it.
//! * `not run: REASON` — the block is not tried. The reasons are listed here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{files, folder, gongwen, names, root};

/// Why a block may be left untried.
const REASONS: [&str; 5] =
    ["output", "needs OpenSSL", "needs GNU parallel", "needs Spark", "needs a time stamping server"];

/// Options of other programs that the pages name.
const FOREIGN: [&str; 8] = [
    "--arg-file",
    "--block",
    "--gongwen",
    "--joblog",
    "--partitions",
    "--pipepart",
    "--sshlogin",
    "--validate",
];

/// What a finding has in JSON.
const FINDING: [&str; 13] = [
    "rule",
    "severity",
    "message",
    "message_en",
    "hint",
    "pointer",
    "label",
    "quoted",
    "line",
    "column",
    "place",
    "related",
    "mend",
];

/// A fenced block of code.
struct Block {
    language: String,
    text: String,
    /// The line of its fence, from 1.
    line: usize,
    /// The comments before it.
    comments: Vec<String>,
}

/// A page in one language.
struct Page {
    path: PathBuf,
    /// The levels of its headings.
    headings: Vec<usize>,
    blocks: Vec<Block>,
    /// Its text without blocks and comments.
    prose: String,
    /// All of it.
    text: String,
}

impl Page {
    fn read(path: &Path) -> Page {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut page = Page {
            path: path.to_owned(),
            headings: Vec::new(),
            blocks: Vec::new(),
            prose: String::new(),
            text: text.clone(),
        };
        let mut comments = Vec::new();
        let mut open: Option<Block> = None;
        for (at, line) in text.lines().enumerate() {
            if let Some(block) = &mut open {
                if line == "```" {
                    page.blocks.extend(open.take());
                } else {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            } else if let Some(language) = line.strip_prefix("```") {
                open = Some(Block {
                    language: language.to_owned(),
                    text: String::new(),
                    line: at + 1,
                    comments: std::mem::take(&mut comments),
                });
            } else if let Some(comment) =
                line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"))
            {
                comments.push(comment.to_owned());
            } else {
                assert!(
                    line.is_empty() || comments.is_empty(),
                    "{}:{}: a comment belongs to a block",
                    path.display(),
                    at + 1
                );
                if line.starts_with('#') {
                    page.headings.push(line.bytes().take_while(|byte| *byte == b'#').count());
                }
                page.prose.push_str(line);
                page.prose.push('\n');
            }
        }
        assert!(open.is_none() && comments.is_empty(), "{}: a block is left open", path.display());
        page
    }

    fn name(&self) -> String {
        self.path.strip_prefix(root()).unwrap_or(&self.path).display().to_string()
    }

    /// The options that it names: `--jobs`.
    fn options(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (at, _) in self.text.match_indices("--") {
            let before = self.text[..at].chars().next_back();
            let rest = &self.text[at + 2..];
            let end = rest
                .find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit() && c != '-')
                .unwrap_or(rest.len());
            let name = rest[..end].trim_end_matches('-');
            if before != Some('-') && name.starts_with(|c: char| c.is_ascii_lowercase()) {
                found.insert(format!("--{name}"));
            }
        }
        found
    }

    /// The keys, rules and values that its prose names in code: ASCII without spaces and capitals.
    fn names_in_code(&self) -> BTreeSet<&str> {
        let is_name = |text: &&str| {
            !text.is_empty()
                && text.bytes().all(|byte| {
                    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-\"{}/".contains(&byte)
                })
        };
        self.prose.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).filter(is_name).collect()
    }
}

fn pages(language: &str) -> Vec<Page> {
    files(&root().join("docs").join(language), ".md").iter().map(|path| Page::read(path)).collect()
}

/// The code of a block without its comments, which are in the page's language.
fn without_comments(block: &Block) -> String {
    let lines = block.text.lines().map(|line| match block.language.as_str() {
        "sh" | "toml" => line.split("# ").next().unwrap_or_default().trim_end(),
        _ => line,
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn both_languages_have_the_same_pages() {
    let (chinese, english) = (names(&root().join("docs/zh")), names(&root().join("docs/en")));
    assert_eq!(chinese, english);
    assert!(chinese.len() >= 9, "{chinese:?}");
    for (chinese, english) in pages("zh").iter().zip(&pages("en")) {
        let name = english.name();
        assert_eq!(chinese.headings, english.headings, "{name}: the levels of its headings");
        assert_eq!(chinese.blocks.len(), english.blocks.len(), "{name}: the number of its blocks");
        for (zh, en) in chinese.blocks.iter().zip(&english.blocks) {
            let place = format!("{name}:{}", en.line);
            assert_eq!(zh.language, en.language, "{place}");
            assert_eq!(zh.comments, en.comments, "{place}: the comments before it");
            // What is printed is in the page's language.
            if en.language != "text" {
                assert_eq!(without_comments(zh), without_comments(en), "{place}");
            }
        }
        assert_eq!(chinese.options(), english.options(), "{name}: the options that it names");
        let (zh, en) = (chinese.names_in_code(), english.names_in_code());
        let only_zh: Vec<_> = zh.difference(&en).collect();
        let only_en: Vec<_> = en.difference(&zh).collect();
        assert!(only_zh.is_empty() && only_en.is_empty(), "{name}: only zh {only_zh:?}, only en {only_en:?}");
    }
}

#[test]
fn options_that_the_pages_name_exist() {
    let here = folder();
    let help = |arguments: &[&str]| gongwen(here.path(), arguments).ends(0).out;
    let top = help(&["--help", "--lang", "en"]);
    let listed = top.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
    // Descriptions continue in further lines, which are indented more.
    let is_command = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let commands: Vec<&str> =
        listed.lines().filter(is_command).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"export") && commands.contains(&"verify"), "{commands:?}");
    let texts = commands.iter().map(|command| help(&[command, "--help", "--lang", "en"]));
    let inner = ["renew", "check"].iter().map(|inner| help(&["archive", inner, "--help", "--lang", "en"]));
    let texts: String = texts.chain(inner).chain([top.clone()]).collect();
    let known: BTreeSet<&str> = texts
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| word.starts_with("--"))
        .collect();
    for page in pages("zh").iter().chain(&pages("en")) {
        for option in page.options() {
            let exists = known.contains(option.as_str()) || FOREIGN.contains(&option.as_str());
            assert!(exists, "{}: there is no option {option}", page.name());
        }
    }
}

/// Every document with links between files.
fn linked() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "layouts/README.md",
        "fonts/README.md",
    ]
    .iter()
    .map(|name| root().join(name))
    .collect();
    for folder in ["docs", "docs/zh", "docs/en", "docs/dev"] {
        all.extend(files(&root().join(folder), ".md"));
    }
    all
}

/// The lines of a document that are not in its blocks of code.
fn outside_of_code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut is_code = false;
    let mut outside = String::new();
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            outside.push_str(line);
            outside.push('\n');
        }
    }
    outside
}

/// What a heading is called in links, as code hosts make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for path in linked() {
        let text = outside_of_code(&path);
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().unwrap_or_default();
            if target.starts_with("http") {
                continue;
            }
            count += 1;
            let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { path.with_file_name("").join(file) };
            assert!(file.exists(), "{}: {target} leads nowhere", path.display());
            if !fragment.is_empty() {
                let page = outside_of_code(&file);
                let mut headings = page
                    .lines()
                    .filter(|line| line.starts_with('#'))
                    .map(|line| line.trim_start_matches('#'));
                let found = headings.any(|heading| anchor(heading) == fragment);
                assert!(found, "{}: there is no heading {target}", path.display());
            }
        }
    }
    assert!(count > 80, "{count} links");
}

/// The keys that layout files may have: the fields of the structures that they are read into.
fn layout_keys() -> BTreeSet<String> {
    // `extends` is taken away before the rest is read.
    let mut keys = BTreeSet::from(["extends".to_owned()]);
    for path in files(&root().join("src/layout"), ".rs") {
        let text = fs::read_to_string(&path).expect("reads");
        let mut derived = false;
        let mut inside = false;
        for line in text.lines() {
            if let Some(derives) = line.strip_prefix("#[derive(") {
                derived = derives.contains("Deserialize");
            } else if line.contains("try_from = ") || line.starts_with("pub enum ") {
                // What is read from one string has no keys.
                derived = false;
            } else if line.contains("struct ") && line.ends_with('{') {
                inside = derived;
            } else if line == "}" {
                (derived, inside) = (false, false);
            } else if inside
                && let Some(field) = line.strip_prefix("    pub ")
                && let Some((key, _)) = field.split_once(": ")
            {
                keys.insert(key.trim_start_matches("(crate) ").to_owned());
            }
        }
    }
    keys
}

#[test]
fn every_key_of_a_layout_is_explained() {
    let keys = layout_keys();
    assert!(keys.len() > 90, "{}: {keys:?}", keys.len());
    for language in ["zh", "en"] {
        let page = Page::read(&root().join("docs").join(language).join("layout-keys.md"));
        // The keys of a table's first column; further columns may mention them.
        let explained: BTreeSet<&str> = page
            .prose
            .lines()
            .filter(|line| line.starts_with("| ") || line.starts_with('`'))
            .flat_map(|line| {
                line.trim_start_matches('|')
                    .split('|')
                    .next()
                    .unwrap_or_default()
                    .split('`')
                    .skip(1)
                    .step_by(2)
            })
            .flat_map(|code| code.trim_matches(['[', ']']).split('.'))
            .collect();
        let missing: Vec<_> = keys.iter().filter(|key| !explained.contains(key.as_str())).collect();
        assert!(missing.is_empty(), "{} does not explain {missing:?}", page.name());
    }
}

/// The command refuses a key that the pages' list does not have.
#[test]
fn keys_that_are_not_explained_are_unknown() {
    let here = folder();
    let page = Page::read(&root().join("docs/en/layout-keys.md"));
    let layout = "format = 1\nextends = \"notice\"\nid = \"own\"\nname = \"own\"\n";
    for table in [
        "page",
        "text",
        "page_number",
        "letterhead",
        "colophon",
        "table",
        "signature",
        "styles.body",
        "faces.heiti",
    ] {
        fs::write(here.path().join("own.toml"), format!("{layout}[{table}]\nno_such_key = 1\n"))
            .expect("writes");
        let err = gongwen(here.path(), &["schema", "--layout", "own.toml", "--lang", "en"]).ends(2).err;
        let known = err.split("(there are ").nth(1).and_then(|rest| rest.split(')').next());
        let known: Vec<&str> = known.unwrap_or_default().split(", ").collect();
        assert!(known.len() > 1, "{table}: {err}");
        for key in known {
            assert!(page.prose.contains(&format!("`{key}`")), "{table}.{key} is not explained");
        }
    }
}

#[cfg(unix)]
mod run {
    use std::process::{Command, Stdio};

    use super::*;
    use crate::pki::{self, Key};

    /// How many of each were tried.
    #[derive(Debug, Default)]
    struct Count {
        commands: usize,
        reports: usize,
        layouts: usize,
        outputs: usize,
        files: usize,
        left_out: usize,
    }

    /// A page being tried: its folder, and what its commands have printed.
    struct Trial<'a> {
        page: &'a Page,
        folder: &'a Path,
        programs: &'a Path,
        language: &'a str,
        printed: String,
        exit: i32,
        count: Count,
    }

    /// Writes the files that every page may use: the example as report.json, its images, a layout, keys.
    fn provide_files(folder: &Path) {
        let package = root();
        fs::create_dir(folder.join("images")).expect("a folder");
        for name in names(&package.join("examples/images")) {
            fs::copy(package.join("examples/images").join(&name), folder.join("images").join(&name))
                .expect("copies");
        }
        fs::copy(package.join("examples/qingzhen-2023.json"), folder.join("report.json")).expect("copies");
        fs::copy(package.join("examples/images/seal-sample.png"), folder.join("seal.png")).expect("copies");
        fs::copy(package.join("tests/suite/layouts/small.toml"), folder.join("my-layout.toml"))
            .expect("copies");
        let authority = pki::root("根");
        fs::write(folder.join("roots.pem"), authority.pem()).expect("writes");
        for (number, name) in [(11, "office"), (12, "bureau")] {
            let identity = authority.signer(Key::p256(number), name, number);
            fs::write(folder.join(name).with_extension("p12"), identity.p12("secret", false))
                .expect("writes");
        }
    }

    /// `gongwen` in the page's language.
    fn programs(folder: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let script = format!(
            "#!/bin/sh\nexec '{}' \"$@\" --lang \"$LANGUAGE_OF_PAGE\"\n",
            env!("CARGO_BIN_EXE_gongwen")
        );
        let path = folder.join("gongwen");
        fs::write(&path, script).expect("writes");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it may be run");
    }

    impl Trial<'_> {
        fn block(&mut self, block: &Block) {
            let place = format!("{}:{}", self.page.name(), block.line);
            if block.comments.iter().any(|comment| comment.starts_with("with ")) {
                self.printed.clear();
            }
            let mut is_done = false;
            for comment in &block.comments {
                is_done |= self.comment(comment, block, &place);
            }
            if is_done {
                return;
            }
            match block.language.as_str() {
                "sh" => {
                    self.printed.clear();
                    self.command(&block.text, &place);
                }
                "json" => self.json(&block.text, &place),
                "toml" => self.toml(&block.text, &place),
                "csv" => {
                    fs::write(self.folder.join("block.csv"), &block.text).expect("writes");
                    self.command("gongwen check report.json --figures block.csv --quiet", &place);
                }
                other => panic!("{place}: a block of `{other}` needs a comment"),
            }
        }

        /// Executes the directive of a comment. Returns whether the block is done with that.
        fn comment(&mut self, comment: &str, block: &Block, place: &str) -> bool {
            let here = self.folder;
            if let Some(reason) = comment.strip_prefix("not run: ") {
                assert!(REASONS.contains(&reason), "{place}: no reason not to run it: {reason}");
                if block.language == "json" {
                    has_findings_of_the_contract(&block.text, place);
                }
                self.count.left_out += 1;
                true
            } else if comment == "output" {
                let printed = std::mem::take(&mut self.printed);
                assert!(
                    is_shown(&block.text, &printed),
                    "{place}: the page has\n{}\nprinted was\n{printed}",
                    block.text
                );
                self.count.outputs += 1;
                true
            } else if let Some(name) = comment.strip_prefix("file: ") {
                let path = here.join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, &block.text).expect("writes");
                self.count.files += 1;
                true
            } else if let Some(name) = comment.strip_prefix("append: ") {
                let before = fs::read_to_string(here.join(name)).expect("it is there");
                fs::write(here.join(name), format!("{before}\n{}", block.text)).expect("writes");
                self.count.files += 1;
                true
            } else if let Some(rest) = comment.strip_prefix("copy ") {
                let (what, changes) = rest.split_once(": ").unwrap_or((rest, ""));
                let (from, to) = what.split_once(" to ").expect("copy A to B");
                let text = fs::read_to_string(root().join(from)).expect("the file is there");
                let text = changes
                    .split("; ")
                    .filter(|change| !change.is_empty())
                    .fold(text, |text, change| changed(&text, change, place));
                let to = here.join(to);
                fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
                fs::write(to, text).expect("writes");
                false
            } else if let Some(rest) = comment.strip_prefix("ndjson ") {
                let (from, to) = rest.split_once(" to ").expect("ndjson A B to C");
                let line = |name: &str| {
                    let text = fs::read_to_string(root().join(name)).expect("the file is there");
                    serde_json::from_str::<Value>(&text).expect("JSON").to_string() + "\n"
                };
                fs::write(here.join(to), from.split(' ').map(line).collect::<String>()).expect("writes");
                false
            } else if let Some(code) = comment.strip_prefix("exits with ") {
                self.exit = code.parse().expect("a number");
                false
            } else if let Some(rest) = comment.strip_prefix("with ") {
                let (file, rest) = rest.split_once(", ").expect("with FILE, OLD → NEW: COMMAND");
                let (change, command) =
                    rest.rsplit_once(": gongwen ").expect("with FILE, OLD → NEW: COMMAND");
                let whole = fs::read_to_string(here.join(file)).expect("it is there");
                fs::write(here.join(file), changed(&whole, change, place)).expect("writes");
                self.command(&format!("gongwen {command}"), place);
                fs::write(here.join(file), whole).expect("writes");
                false
            } else {
                panic!("{place}: an unknown kind of comment: {comment}");
            }
        }

        fn command(&mut self, script: &str, place: &str) {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let paths = std::iter::once(self.programs.to_owned()).chain(std::env::split_paths(&path));
            let output = Command::new("sh")
                .args(["-e", "-c", &format!("exec 2>&1\n{script}")])
                .current_dir(self.folder)
                .env("PATH", std::env::join_paths(paths).expect("paths"))
                .env("LANGUAGE_OF_PAGE", self.language)
                .env("GONGWEN_PASSPHRASE", "secret")
                .stdin(Stdio::null())
                .output()
                .expect("there is a shell");
            let printed = String::from_utf8(output.stdout).expect("UTF-8");
            let wanted = std::mem::take(&mut self.exit);
            assert_eq!(output.status.code(), Some(wanted), "{place}:\n{script}\n{printed}");
            self.printed.push_str(&printed);
            self.count.commands += 1;
        }

        /// A report, members of one (`"title": …`), or prose (`[…]`): it is in order within a report of its kind.
        fn json(&mut self, text: &str, place: &str) {
            let parse = |text: &str| -> Value {
                serde_json::from_str(text).unwrap_or_else(|error| panic!("{place}: {error}"))
            };
            let part = match text.as_bytes()[0] {
                b'[' => serde_json::json!({ "preamble": parse(text) }),
                b'"' => parse(&format!("{{{text}}}")),
                _ => parse(text),
            };
            let report = if part.get("format").is_some() {
                part
            } else {
                let base = match part.get("sections") {
                    Some(Value::Array(_)) => "examples/every-block.json",
                    _ => "examples/qingzhen-2023.json",
                };
                let mut base = parse(&fs::read_to_string(root().join(base)).expect("the example is there"));
                // Figures come from the tables or from a workbook.
                if part.get("figures").is_some() {
                    base.as_object_mut().expect("a report").remove("tables");
                }
                overlay(&mut base, part);
                base
            };
            fs::write(self.folder.join("block.json"), report.to_string()).expect("writes");
            self.command("gongwen check block.json --quiet", place);
            let schema = root()
                .join("docs/schema")
                .join(format!("{}.json", report["layout"].as_str().expect("a layout")));
            let schema = parse(&fs::read_to_string(schema).expect("the schema is there"));
            let schema = jsonschema::validator_for(&schema).expect("a schema");
            let errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{place}: {errors:?}");
            self.count.reports += 1;
        }

        /// A layout, or a part that is merged into the annual report's.
        fn toml(&mut self, text: &str, place: &str) {
            let head = "format = 1\nextends = \"disclosure-annual-report-2021\"\nid = \"part\"\n";
            let head = if text.contains("\nformat = ") || text.starts_with("format = ") { "" } else { head };
            fs::write(self.folder.join("block.toml"), format!("{head}{text}")).expect("writes");
            self.command("gongwen schema --layout block.toml -o block.schema.json", place);
            self.count.layouts += 1;
        }
    }

    /// The text with `OLD → NEW`, where it is first.
    fn changed(text: &str, change: &str, place: &str) -> String {
        let (old, new) = change.split_once(" → ").unwrap_or_else(|| panic!("{place}: no change: {change}"));
        assert!(text.contains(old), "{place}: there is no {old}");
        text.replacen(old, new, 1)
    }

    /// Merges members into an object, and into objects that both have.
    fn overlay(base: &mut Value, over: Value) {
        match (base, over) {
            (Value::Object(base), Value::Object(over)) => {
                for (key, value) in over {
                    overlay(base.entry(key).or_insert(Value::Null), value);
                }
            }
            (base, over) => *base = over,
        }
    }

    /// Findings in an example of results have the members of every command's.
    fn has_findings_of_the_contract(text: &str, place: &str) {
        let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{place}: {error}"));
        for finding in value["findings"].as_array().into_iter().flatten().filter_map(Value::as_object) {
            let keys: Vec<&str> = finding.keys().map(String::as_str).collect();
            assert_eq!(keys, FINDING, "{place}");
        }
    }

    /// Whether what a page shows is what was printed.
    fn is_shown(shown: &str, printed: &str) -> bool {
        fn lines(shown: &[&str], printed: &[&str]) -> bool {
            match (shown, printed) {
                ([], _) => printed.is_empty(),
                (["…", rest @ ..], _) => {
                    (0..=printed.len()).any(|skipped| lines(rest, &printed[skipped..]))
                }
                (_, []) => false,
                ([first, rest @ ..], [line, others @ ..]) => {
                    let same = match first.strip_suffix('…') {
                        Some(start) if !start.ends_with('…') => line.starts_with(start),
                        _ => first == line,
                    };
                    same && lines(rest, others)
                }
            }
        }
        lines(&shown.lines().collect::<Vec<_>>(), &printed.lines().collect::<Vec<_>>())
    }

    fn run(language: &str) -> Count {
        let mut all = Count::default();
        for page in pages(language) {
            let (here, bin) = (folder(), folder());
            provide_files(here.path());
            programs(bin.path());
            let mut trial = Trial {
                page: &page,
                folder: here.path(),
                programs: bin.path(),
                language,
                printed: String::new(),
                exit: 0,
                count: Count::default(),
            };
            page.blocks.iter().for_each(|block| trial.block(block));
            let Count { commands, reports, layouts, outputs, files, left_out } = trial.count;
            all.commands += commands;
            all.reports += reports;
            all.layouts += layouts;
            all.outputs += outputs;
            all.files += files;
            all.left_out += left_out;
        }
        println!("docs/{language}: {all:?}");
        all
    }

    fn check(language: &str) {
        let count = run(language);
        assert!(count.commands >= 60, "{count:?}");
        assert!(count.reports >= 25 && count.layouts >= 2 && count.files >= 9, "{count:?}");
        assert!(count.outputs >= 8, "{count:?}");
        assert!(count.left_out <= 12, "{count:?}");
    }

    #[test]
    fn what_the_chinese_pages_show_is_so() {
        check("zh");
    }

    #[test]
    fn what_the_english_pages_show_is_so() {
        check("en");
    }

    #[test]
    fn shown_lines_may_leave_out_others() {
        assert!(is_shown("a\n…\nc\n", "a\nb\nb\nc\n") && is_shown("…\n", "") && is_shown("a…\n", "abc\n"));
        assert!(is_shown("甲……\n", "甲……\n") && !is_shown("甲……\n", "甲…乙\n"));
        assert!(!is_shown("a\n", "a\nb\n") && !is_shown("a\nb\n", "a\n") && !is_shown("b…\n", "abc\n"));
    }
}

/// The tests that the table of attacks names: files below `tests/it`, each with functions.
fn named_tests(text: &str) -> Vec<(String, String)> {
    let (mut found, mut file) = (Vec::new(), String::new());
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.contains(".rs`: `"));
    for row in rows {
        let cell = row.trim_end_matches(" |").rsplit(" | ").next().expect("has one");
        for word in cell.split('`').skip(1).step_by(2) {
            if word.ends_with(".rs") {
                file = word.to_owned();
            } else {
                found.push((file.clone(), word.to_owned()));
            }
        }
    }
    found
}

#[test]
fn attacks_name_tests_that_there_are() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("reads");
    let named = named_tests(&read("docs/en/signing.md"));
    assert_eq!(named, named_tests(&read("docs/zh/signing.md")));
    assert!(named.len() > 30, "{named:?}");
    for (file, test) in named {
        let text = read(&format!("tests/it/{file}"));
        assert!(
            text.contains(&format!("#[test]\nfn {test}("))
                || text.contains(&format!("runs it\"]\nfn {test}(")),
            "{file}: {test}"
        );
    }
}

//! The built command, run in a folder, and its output.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a run of the command left behind.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; a crash has none and fails the test at once.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// The objects on standard output, one a line.
    pub fn objects(&self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        self.out.lines().map(parse).collect()
    }

    /// The one object on standard output.
    pub fn object(&self) -> Value {
        let mut objects = self.objects();
        assert_eq!(objects.len(), 1, "one object: {self:?}");
        objects.remove(0)
    }

    /// All of standard output as one value.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    /// The same, if it ended with this code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

/// Runs `gongwen` with `arguments` in `folder`.
#[track_caller]
pub fn gongwen<S: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: &[S]) -> Ran {
    gongwen_reading(folder, arguments, b"")
}

/// The same with `input` on standard input.
#[track_caller]
pub fn gongwen_reading<S: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: &[S], input: &[u8]) -> Ran {
    let mut process = Command::new(env!("CARGO_BIN_EXE_gongwen"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the built command starts");
    let mut stdin = process.stdin.take().expect("it is piped");
    // A command that does not read its input closes it.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = process.wait_with_output().expect("the command ends");
    let text = |bytes| String::from_utf8(bytes).expect("the command writes UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!err.contains("panicked"), "{err}");
    let code = output.status.code().unwrap_or_else(|| panic!("it crashed: {}\n{err}", output.status));
    Ran { code, out, err }
}

/// The root of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An example's path.
pub fn example(name: &str) -> String {
    let path = root().join("examples").join(name);
    path.to_str().expect("the path is UTF-8").to_owned()
}

/// The names of what is in a folder, in order.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("it is listed").file_name().into_string().expect("the name is UTF-8"))
        .collect();
    names.sort();
    names
}

/// A new, empty folder, deleted with the value.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The files of a folder with this ending, in order.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let names = names(folder).into_iter().filter(|name| name.ends_with(ending));
    names.map(|name| folder.join(name)).collect()
}

/// A short report that is in order.
pub fn short_report(title: &str) -> String {
    format!(
        r#"{{"format": 1, "layout": "general-document", "issuer": "某某市人民政府", "title": "{title}",
            "year": 2023, "sections": [{{"body": ["正文。"]}}], "signature": {{"date": "2024-01-31"}}}}"#
    )
}

/// A package (OOXML) with other parts: `edit` is given the name and the bytes of each.
pub fn with_parts(file: &[u8], mut edit: impl FnMut(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(file)).expect("a package");
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).expect("a part");
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut text).expect("reads");
        let name = part.name().expect("UTF-8").into_owned();
        let text = edit(&name, text);
        to.start_file(name, zip::write::SimpleFileOptions::default()).expect("starts");
        to.write_all(&text).expect("writes");
    }
    to.finish().expect("ends").into_inner()
}

/// A package with one of its parts, which is XML, changed.
pub fn with_part(file: &[u8], name: &str, edit: impl Fn(String) -> String) -> Vec<u8> {
    with_parts(file, |own, bytes| match own == name {
        true => edit(String::from_utf8(bytes).expect("UTF-8")).into_bytes(),
        false => bytes,
    })
}

/// A Word file as an office program saves it: with its own name in the properties.
pub fn saved_by_an_office(file: &[u8]) -> Vec<u8> {
    with_part(file, "docProps/app.xml", |text| text.replace(">gongwen<", ">WPS Office<"))
}

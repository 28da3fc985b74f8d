//! The programs of docs/en/serve.md, written from the docs alone, run where their language is there.

use std::path::Path;
use std::process::Command;

use super::Service;
use crate::command::{folder, gongwen, root};

/// The block of the page that becomes this file.
fn block(name: &str) -> String {
    let page = std::fs::read_to_string(root().join("docs/en/serve.md")).expect("reads");
    let (_, rest) = page.split_once(&format!("<!-- file: {name} -->\n")).expect("is there");
    let (_, rest) = rest.split_once('\n').expect("a fence");
    rest.split_once("\n```").expect("a fence").0.to_owned()
}

/// What a client printed, if its program is there; the PDF that it made is that of the command.
fn run(service: &Service, program: &str, version: &str, name: &str) -> Option<String> {
    Command::new(program).args(version.split(' ')).output().ok().filter(|output| output.status.success())?;
    let folder = folder();
    let example = root().join("examples");
    std::fs::create_dir(folder.path().join("images")).expect("a folder");
    let seal = Path::new("images/seal-sample.png");
    std::fs::copy(example.join(seal), folder.path().join(seal)).expect("copies");
    std::fs::copy(example.join("qingzhen-2023.json"), folder.path().join("report.json")).expect("copies");
    std::fs::copy(example.join("notice.json"), folder.path().join("notice.json")).expect("copies");
    gongwen(folder.path(), &["export", "report.json", "-o", "made", "--format", "pdf"]).ends(0);
    std::fs::write(folder.path().join(name), block(name)).expect("writes");
    let output = Command::new(program)
        .args([name, &format!("http://{}", service.address)])
        .current_dir(folder.path())
        .output()
        .expect("runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {error}");
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect("is there");
    assert!(read("report.pdf") == read("made/report.pdf"), "{program}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn clients_of_the_page_get_the_files_and_the_findings() {
    let service = Service::start(&[]);
    for (program, version, name) in [
        ("python3", "--version", "client.py"),
        ("node", "--version", "client.mjs"),
        ("java", "-version", "Client.java"),
    ] {
        if let Some(printed) = run(&service, program, version, name) {
            assert!(printed.contains("layout"), "{program}: {printed}");
        }
    }
    if Command::new("curl").arg("--version").output().is_ok() {
        run(&service, "sh", "-c exit", "client.sh");
    }
}

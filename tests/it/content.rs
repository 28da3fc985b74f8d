//! Every paragraph and every figure of a report comes out of both files once, in order, and nothing else does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gongwen::{Exporter, Format, Options};
use serde_json::Value;

use crate::command::{example, files, folder, gongwen, root};
use crate::generate;
use crate::readers::{self, Stream};
use crate::reports::{Part, cell_text, parts};

/// What a repeated label says of itself.
const CONTINUED: &str = "（续）";

/// Checks that `stream` holds `parts` and, on new pages, the repeated headers and labels of tables.
#[track_caller]
fn check(name: &str, parts: &[Part], stream: &Stream) {
    if let Err(error) = walk(parts, stream) {
        panic!("{name}: {error}");
    }
}

fn walk(parts: &[Part], stream: &Stream) -> Result<(), String> {
    let text = &stream.text;
    let at_text = |at: usize, part: &str| {
        let mut rest = text[at..].iter();
        part.chars().all(|c| rest.next() == Some(&c)).then(|| text.len() - rest.len())
    };
    let mut at = 0;
    let mut top = false;
    // Labels of cells over several rows that have not come yet.
    let mut waiting: BTreeMap<usize, &Part> = BTreeMap::new();
    // Those that have come and go on.
    let mut open: Vec<&Part> = Vec::new();
    let mut next = 0;
    while next < parts.len() || !waiting.is_empty() {
        top |= stream.pages.contains(&at);
        let part = parts.get(next);
        if let Some((late, part)) = waiting.iter().find(|(_, part)| part.until.is_some_and(|end| end <= next))
        {
            return Err(format!("part {late} never came: {}", part.text));
        }
        open.retain(|part| part.until.is_some_and(|end| end > next));
        let here = waiting.iter().find_map(|(index, part)| Some((*index, at_text(at, &part.text)?)));
        let repeated = part.filter(|_| top).and_then(|part| part.header.as_deref());
        let repeated = repeated.filter(|_| next > 0 && parts[next - 1].header == parts[next].header);
        let label =
            open.iter().filter(|_| top).find_map(|part| at_text(at, &format!("{}{CONTINUED}", part.text)));
        if let Some(end) = repeated.and_then(|header| at_text(at, header)) {
            at = end;
        } else if let Some(end) = label {
            at = end;
        } else if let Some((index, end)) = here {
            whole(&parts[index], stream, at, end)?;
            open.extend(waiting.remove(&index));
            at = end;
        } else if let Some((part, end)) = part.and_then(|part| Some((part, at_text(at, &part.text)?))) {
            whole(part, stream, at, end)?;
            open.extend((part.until.is_some()).then_some(part));
            (next, at, top) = (next + 1, end, false);
        } else if let Some(part) = part.filter(|part| part.until.is_some()) {
            waiting.insert(next, part);
            next += 1;
        } else {
            let wanted = part.map_or("(the end)", |part| &part.text);
            let before: String = text[at.saturating_sub(20)..at].iter().collect();
            let found: String = text[at..].iter().take(60).collect();
            return Err(format!(
                "part {next} must be\n  {wanted}\nafter “{before}”, but there is\n  {found}"
            ));
        }
    }
    let rest: String = text[at..].iter().take(60).collect();
    if rest.is_empty() { Ok(()) } else { Err(format!("after the last part there is more: {rest}")) }
}

/// A part stands by itself, and a figure is never broken.
fn whole(part: &Part, stream: &Stream, start: usize, end: usize) -> Result<(), String> {
    let text = &part.text;
    if !stream.breaks.contains(&start) || !stream.breaks.contains(&end) {
        return Err(format!("{text} runs into its neighbour"));
    }
    if part.figure && stream.breaks.range(start + 1..end).next().is_some() {
        return Err(format!("the figure {text} is broken"));
    }
    Ok(())
}

#[track_caller]
fn check_files(name: &str, report: &Value, pdf: &Path, docx: &Path) {
    let parts = parts(report);
    check(&format!("{name}, PDF"), &parts, &readers::pdf(pdf));
    let bytes = std::fs::read(docx).expect("a Word file");
    let stream = readers::docx(&bytes);
    check(&format!("{name}, DOCX"), &parts, &stream);
}

#[test]
fn examples_come_out_whole() {
    let out = folder();
    for path in files(&root().join("examples"), ".json") {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("UTF-8");
        let text = std::fs::read_to_string(&path).expect("reads");
        let report: Value = serde_json::from_str(&text).expect("JSON");
        gongwen(out.path(), &["export", &example(&format!("{stem}.json"))]).ends(0);
        let file = |ending: &str| out.path().join(stem).with_extension(ending);
        check_files(stem, &report, &file("pdf"), &file("docx"));
    }
}

#[test]
fn the_annual_report_has_its_200_figures() {
    let text = std::fs::read_to_string(example("qingzhen-2023.json")).expect("reads");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let figures: Vec<String> =
        parts(&report).into_iter().filter(|part| part.figure).map(|part| part.text).collect();
    assert_eq!(figures.len(), 10 + 25 * 7 + 15);
    let mut typed = Vec::new();
    for table in report["tables"].as_object().expect("tables").values() {
        for row in table.as_object().expect("rows").values() {
            typed.extend(row.as_array().expect("cells").iter().map(cell_text));
        }
    }
    assert_eq!(figures, typed, "the parts that are looked for are the figures as typed");
    for figure in ["39908", "6858.05", "290", "291"] {
        assert!(figures.iter().any(|known| known == figure), "{figure}");
    }
}

/// Made reports of all kinds. They stay in the build's folder for the judges of `scripts/test`.
#[test]
fn made_reports_come_out_whole() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    std::fs::create_dir_all(&folder).expect("a folder");
    let exporter = Exporter::new();
    for seed in 0..generate::REPORTS {
        let report = generate::report(seed);
        let file = |ending: &str| -> PathBuf { folder.join(format!("report-{seed:02}.{ending}")) };
        let text = serde_json::to_string_pretty(&report).expect("JSON");
        std::fs::write(file("json"), &text).expect("writes");
        let export = exporter
            .export(text.as_bytes(), &Options::default(), &())
            .unwrap_or_else(|rejected| panic!("report {seed}: {rejected}"));
        for (format, bytes) in &export.files {
            std::fs::write(file(format.extension()), bytes).expect("writes");
        }
        let name = file("json").display().to_string();
        check_files(&name, &report, &file(Format::Pdf.extension()), &file(Format::Docx.extension()));
    }
}

#[test]
fn the_check_finds_what_is_lost_doubled_or_broken() {
    let stream = |text: &str| {
        let mut stream = Stream::default();
        for word in text.split(' ') {
            stream.breaks.insert(stream.text.len());
            stream.text.extend(word.chars());
        }
        stream.breaks.insert(stream.text.len());
        stream.pages.insert(0);
        stream
    };
    let part = |text: &str, figure| Part { text: text.to_owned(), figure, header: None, until: None };
    let parts = [part("甲乙", false), part("12", true), part("3", true)];
    assert_eq!(walk(&parts, &stream("甲 乙 12 3")), Ok(()));
    for wrong in ["甲乙 12", "甲乙 12 3 3", "甲乙 3 12", "甲乙 1 2 3", "甲乙 1 23", "甲 12 3", "甲乙 123"]
    {
        assert!(walk(&parts, &stream(wrong)).is_err(), "{wrong}");
    }
}

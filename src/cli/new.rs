//! `gongwen new`: a report to start from, a workbook for its figures, the Word file to fill in.

use std::path::{Component, Path, PathBuf};

use crate::blank::{self, BlankFigures};
use crate::check::placeholder::ISSUER;
use crate::layout::{Layout, Layouts};
use crate::options::{Format, Gate, Options};
use crate::{Exporter, message, workbook};
use clap::ArgMatches;
use serde_json::json;

use super::{Common, Failure, Outcome, files, print, show};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let (layouts, id) = print::layouts_of(matches)?;
    let id = id.unwrap_or_default();
    let layout = layouts.get(&id).map_err(print::unsound)?;
    let file = |option: &str| matches.get_one::<PathBuf>(option);
    let (report_file, workbook_file, word_file) = (file("output"), file("xlsx"), file("docx"));
    let mut files_to_write = [report_file, workbook_file, word_file].into_iter().flatten();
    if let Some(path) = files_to_write.find(|path| path.exists()) {
        let path = path.display();
        return Err(Failure::file(message!(
            "{path} 已经有了，new 不覆盖文件；换个名称，或先删去它",
            "{path} exists already, and new replaces no file; give another name, or delete it first"
        )));
    }
    let issuer = matches.get_one::<String>("issuer").map_or(ISSUER, String::as_str);
    let year = matches.get_one::<u16>("year").copied().unwrap_or(2025);
    let mut made: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    if let Some(path) = workbook_file {
        if !layout.has_tables() {
            return Err(Failure::options(message!(
                "版式 {id} 没有统计表",
                "the layout {id} has no tables of figures"
            )));
        }
        let bytes = workbook::write(&layout).map_err(|error| {
            Failure::file(message!("写不了工作簿：{error}", "the workbook cannot be written: {error}"))
        })?;
        made.push((path.clone(), bytes));
    }
    if let Some(path) = word_file {
        made.push((path.clone(), word_file_of(&layout, layouts.clone(), issuer, year)?));
    }
    // With `--xlsx` or `--docx` alone only that file is written.
    let is_wanted = made.is_empty() || report_file.is_some();
    let figures = match (report_file, workbook_file) {
        (Some(report), Some(workbook)) => Some(beside(report, workbook)?),
        _ => None,
    };
    let figures = figures.as_deref().map_or(BlankFigures::Zero, BlankFigures::Workbook);
    let report = blank::blank_with(&layout, issuer, year, &figures);
    if let Some(path) = report_file {
        made.push((path.clone(), report.clone().into_bytes()));
    }
    let made: Vec<(PathBuf, &[u8])> =
        made.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    files::write_all(&made)?;
    if is_wanted && report_file.is_none() {
        print::output(matches, &report)?;
    } else if common.json {
        let paths: Vec<&PathBuf> = made.iter().map(|(path, _)| path).collect();
        show::object(&json!({ "files": paths, "findings": [] }));
    }
    if !common.quiet && matches.contains_id("output") {
        let schema = blank::schema_name(&layout);
        // The layout as it was named: the next command does not know the id of a layout from a file.
        let named = matches.get_one::<String>("layout").unwrap_or(&id);
        let folder = matches
            .get_one::<PathBuf>("layouts")
            .map(|folder| format!(" --layouts {}", folder.display()))
            .unwrap_or_default();
        let hint = message!(
            "编辑器要补全和检查，用 gongwen schema --layout {named}{folder} -o {schema}",
            "for an editor to complete and check it: gongwen schema --layout {named}{folder} -o {schema}"
        );
        show::note(hint.get(common.lang));
    }
    Ok(Outcome::Done)
}

/// The Word file to fill in: the blank report with empty cells, which `import` reads back.
fn word_file_of(layout: &Layout, layouts: Layouts, issuer: &str, year: u16) -> Result<Vec<u8>, Failure> {
    let report = blank::blank_with(layout, issuer, year, &BlankFigures::Open);
    let options = Options {
        formats: vec![Format::Docx],
        layout: Some(layout.id().to_owned()),
        embed_source: true,
        gate: Gate::AllowErrors,
        ..Options::default()
    };
    let failed = |en: String| {
        Failure::file(message!("写不了 Word 文件：{en}", "the Word file cannot be written: {en}"))
    };
    let export = Exporter::new().with_layouts(layouts).export(report.as_bytes(), &options, &());
    let export = export.map_err(|error| failed(error.to_string()))?;
    Ok(export.file(Format::Docx).unwrap_or_default().to_vec())
}

/// How a report names a workbook: from its own folder, and not out of it.
fn beside(report: &Path, workbook: &Path) -> Result<String, Failure> {
    let folder = report.parent().unwrap_or(Path::new(""));
    let inner = workbook
        .strip_prefix(folder)
        .ok()
        .filter(|inner| inner.components().all(|part| matches!(part, Component::Normal(_))));
    let inner = inner.and_then(Path::to_str).ok_or_else(|| {
        Failure::options(message!(
            "报告从工作簿取数，工作簿要在报告所在的文件夹里",
            "the report takes its figures from the workbook, which must be in the report's folder"
        ))
    })?;
    Ok(inner.replace('\\', "/"))
}

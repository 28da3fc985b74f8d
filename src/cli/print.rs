//! What the program knows, printed: schemas, layouts, licences.

use std::io::Write;
use std::path::PathBuf;

use clap::ArgMatches;
use gongwen::layout::{LayoutError, Layouts};
use gongwen::{message, report};
use serde_json::json;

use super::{Common, Failure, Outcome, files};

/// `gongwen schema`
pub fn schema(matches: &ArgMatches) -> Result<Outcome, Failure> {
    let (layouts, id) = layouts_of(matches)?;
    let layout = id.map(|id| layouts.get(&id).map_err(unsound)).transpose()?;
    let schema = report::schema(layout.as_deref());
    let text =
        serde_json::to_string_pretty(&schema).map_err(|error| Failure(message!("{error}", "{error}")))?;
    output(matches, &format!("{text}\n"))
}

/// `gongwen layouts`
pub fn layouts(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let (layouts, _) = layouts_of(matches)?;
    let entries = layouts.entries().map_err(unsound)?;
    let text = if common.json {
        format!("{}\n", json!({ "layouts": entries }))
    } else {
        let line = |entry: &gongwen::layout::LayoutEntry| {
            let file = entry.file.as_ref().map(|file| format!("  [{file}]")).unwrap_or_default();
            format!("{}\n    {}{file}\n    {}\n", entry.id, entry.name, entry.description)
        };
        entries.iter().map(line).collect()
    };
    output(matches, &text)
}

/// `gongwen licenses`
pub fn licenses(matches: &ArgMatches) -> Result<Outcome, Failure> {
    output(matches, &gongwen::font::licenses())
}

/// The layouts that the options name, and the id of the one asked for.
pub fn layouts_of(matches: &ArgMatches) -> Result<(Layouts, Option<String>), Failure> {
    let mut layouts = Layouts::embedded();
    if let Some(folder) = matches.get_one::<PathBuf>("layouts") {
        layouts = from_folder(layouts, folder)?;
    }
    let Ok(Some(layout)) = matches.try_get_one::<String>("layout") else { return Ok((layouts, None)) };
    let (layouts, id) = named(layouts, layout)?;
    Ok((layouts, Some(id)))
}

/// The layouts with the one of this file, and its id; an id is one already.
fn named(layouts: Layouts, layout: &str) -> Result<(Layouts, String), Failure> {
    let path = PathBuf::from(layout);
    if path.extension().is_none_or(|extension| extension != "toml") {
        return Ok((layouts, layout.to_owned()));
    }
    let text = files::read_text(&path)?;
    layouts.with_file(layout, &text).map_err(unsound)
}

/// All layout files of a folder.
fn from_folder(mut layouts: Layouts, folder: &PathBuf) -> Result<Layouts, Failure> {
    let name = folder.display();
    let unreadable = |error: std::io::Error| {
        Failure(message!("读不出文件夹 {name}：{error}", "cannot read the folder {name}: {error}"))
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    // A file may extend one that comes after it: what fails is tried again as long as others succeed.
    while !paths.is_empty() {
        let mut failed: Vec<(PathBuf, LayoutError)> = Vec::new();
        let count = paths.len();
        for path in std::mem::take(&mut paths) {
            let text = files::read_text(&path)?;
            match layouts.with_file(&path.display().to_string(), &text) {
                Ok((more, _)) => layouts = more,
                Err(error) => failed.push((path, error)),
            }
        }
        if failed.len() == count {
            return Err(unsound(failed.swap_remove(0).1));
        }
        paths = failed.into_iter().map(|(path, _)| path).collect();
    }
    Ok(layouts)
}

/// A layout that cannot be used is wrong use, not a wrong report.
pub fn unsound(error: LayoutError) -> Failure {
    let LayoutError { file, position, message } = error;
    let place = position.map(|position| format!(":{position}")).unwrap_or_default();
    let (zh, en) = (message.zh, message.en);
    Failure(message!("版式 {file}{place}：{zh}", "layout {file}{place}: {en}"))
}

/// Writes a text to the file of `-o`, or to standard output.
pub fn output(matches: &ArgMatches, text: &str) -> Result<Outcome, Failure> {
    output_bytes(matches, text.as_bytes())
}

/// The same with bytes of any kind.
pub fn output_bytes(matches: &ArgMatches, bytes: &[u8]) -> Result<Outcome, Failure> {
    match matches.get_one::<PathBuf>("output") {
        Some(path) => files::write_all(&[(path.clone(), bytes)])?,
        None => {
            let result = std::io::stdout().lock().write_all(bytes);
            // A reader that has seen enough, such as head, is no failure.
            if let Err(error) = result
                && error.kind() != std::io::ErrorKind::BrokenPipe
            {
                return Err(Failure(message!(
                    "写不了标准输出：{error}",
                    "cannot write to standard output: {error}"
                )));
            }
        }
    }
    Ok(Outcome::Done)
}

//! Commands that print schemas, layouts and licences.

use std::io::Write;
use std::path::PathBuf;

use crate::layout::{LayoutError, Layouts};
use crate::{message, report};
use clap::ArgMatches;
use serde_json::json;

use super::{Common, Failure, Outcome, files, show};

/// `gongwen schema`
pub fn schema(matches: &ArgMatches) -> Result<Outcome, Failure> {
    let (layouts, id) = layouts_of(matches)?;
    let layout = id.map(|id| layouts.get(&id).map_err(unsound)).transpose()?;
    let schema = report::schema(layout.as_deref());
    let text = serde_json::to_string_pretty(&schema)
        .map_err(|error| Failure::file(message!("{error}", "{error}")))?;
    output(matches, &format!("{text}\n"))
}

/// `gongwen layouts`
pub fn layouts(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let (layouts, _) = layouts_of(matches)?;
    let entries = layouts.entries().map_err(unsound)?;
    let text = if common.json {
        format!("{}\n", show::json_text(&json!({ "layouts": entries, "findings": [] })))
    } else {
        let line = |entry: &crate::layout::LayoutEntry| {
            let file = entry.file.as_ref().map(|file| format!("  [{file}]")).unwrap_or_default();
            let [id, name, text] =
                [&entry.id, &entry.name, &entry.description].map(|text| show::one_line(text));
            format!("{id}\n    {name}{}\n    {text}\n", show::one_line(&file))
        };
        entries.iter().map(line).collect()
    };
    output(matches, &text)
}

/// `gongwen licenses`
pub fn licenses(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let text = crate::font::licenses();
    let text = match common.json {
        true => format!("{}\n", show::json_text(&json!({ "licenses": text, "findings": [] }))),
        false => text,
    };
    output(matches, &text)
}

/// The layouts that the options name, and the id of the one asked for.
pub fn layouts_of(matches: &ArgMatches) -> Result<(Layouts, Option<String>), Failure> {
    let mut layouts = Layouts::embedded();
    if let Some(folder) = matches.get_one::<PathBuf>("layouts") {
        layouts = layouts.with_folder(folder).map_err(unsound)?;
    }
    let Ok(Some(layout)) = matches.try_get_one::<String>("layout") else { return Ok((layouts, None)) };
    let (layouts, id) = named(layouts, layout)?;
    Ok((layouts, Some(id)))
}

/// The layouts with the one of this file, and its id; an id stays as it is.
fn named(layouts: Layouts, layout: &str) -> Result<(Layouts, String), Failure> {
    let path = PathBuf::from(layout);
    if path.extension().is_none_or(|extension| extension != "toml") {
        return Ok((layouts, layout.to_owned()));
    }
    layouts.with_path(&path).map_err(unsound)
}

/// The failure of an invalid layout: wrong use, not an error of a report.
pub fn unsound(error: LayoutError) -> Failure {
    let LayoutError { file, position, message } = error;
    let place = position.map(|position| format!(":{position}")).unwrap_or_default();
    let (file, zh, en) = (show::one_line(&file), message.zh, message.en);
    Failure::layout(message!("版式 {file}{place}：{zh}", "layout {file}{place}: {en}"))
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
            // A reader that closes the pipe early, such as head, is no failure.
            if let Err(error) = result
                && error.kind() != std::io::ErrorKind::BrokenPipe
            {
                return Err(Failure::file(message!(
                    "写不了标准输出：{error}",
                    "cannot write to standard output: {error}"
                )));
            }
        }
    }
    Ok(Outcome::Done)
}

//! `gongwen fonts`: which font draws what, where it is from, and what a report needs of it.

use std::fmt::Write;
use std::path::PathBuf;

use crate::check::FontUse;
use crate::diagnostic::Lang;
use crate::font::{FontId, Fonts, Purpose, Source};
use crate::style::Face;
use crate::{Diagnostic, Exporter, Message, Options, message};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::{Common, Failure, Outcome, files, print, show, words};
use crate::hash::hex;

/// The fonts that the options ask for, and the findings about them.
pub fn of(matches: &ArgMatches) -> Result<(Fonts, Vec<Diagnostic>), Failure> {
    let folder = matches.get_one::<PathBuf>("fonts").map(PathBuf::as_path);
    Fonts::search(folder, matches.get_flag("prefer-installed"))
        .map_err(|error| files::unreadable(&error.folder, &error.error))
}

/// The same for a command that takes a folder alone; all fonts of it are read now, none later.
pub fn in_folder(matches: &ArgMatches) -> Result<(Fonts, Vec<Diagnostic>), Failure> {
    let folder = matches.get_one::<PathBuf>("fonts").map(PathBuf::as_path);
    let (fonts, notices) =
        Fonts::search(folder, false).map_err(|error| files::unreadable(&error.folder, &error.error))?;
    Ok((fonts.read_all(), notices))
}

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let (fonts, notices) = of(matches)?;
    let (layouts, layout) = print::layouts_of(matches)?;
    let exporter = Exporter::new().with_layouts(layouts).with_fonts(fonts, Vec::new());
    let mut listing = Listing { fonts: exporter.fonts(), notices, report: None, lang: common.lang };
    let mut outcome = Outcome::Done;
    if let Some(report) = matches.get_one::<PathBuf>("report") {
        let limits = files::limits(matches);
        let bytes = files::read_report(report, &limits)?;
        let assets = files::assets(matches.get_one::<PathBuf>("assets"), report, &limits);
        let options = Options { layout, limits, ..Options::default() };
        let file = report.display().to_string();
        match exporter.font_use(&bytes, &options, &assets) {
            Ok(found) => {
                if !found.missing.is_empty() {
                    outcome = Outcome::Errors;
                }
                listing.report = Some((file, found));
            }
            Err(error) => {
                let diagnostics = words::findings(error)?;
                listing.notices.extend(diagnostics.iter().cloned());
                outcome = Outcome::Errors;
                if !common.json {
                    for diagnostic in &diagnostics {
                        show::note(&show::text(&file, diagnostic, common.lang));
                    }
                    return Ok(outcome);
                }
            }
        }
    }
    let text = if common.json {
        format!("{}\n", show::json_text(&listing.json()))
    } else {
        show::visible(&listing.text())
    };
    print::output(matches, &text)?;
    Ok(outcome)
}

/// The parts of a document by GB/T 9704 that are set in a face.
fn parts(purpose: Purpose) -> Message {
    match purpose {
        Purpose::Face(Face::Xiaobiaosong) => message!("标题", "title"),
        Purpose::Face(Face::Fangsong) => message!("正文", "body"),
        Purpose::Face(Face::Heiti) => message!("一级标题", "headings of level 1"),
        Purpose::Face(Face::Kaiti) => message!("二级标题", "headings of level 2"),
        Purpose::Face(Face::Songti) => {
            message!("表格、页码，以及各种字体缺的字", "tables, page numbers, and what the others lack")
        }
        Purpose::Latin => message!("各种字体中的字母和数字", "in all faces"),
    }
}

/// The output of the command.
struct Listing<'a> {
    fonts: &'a Fonts,
    notices: Vec<Diagnostic>,
    report: Option<(String, FontUse)>,
    lang: Lang,
}

impl Listing<'_> {
    fn t<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The usual name of a font.
    fn name(&self, id: FontId) -> String {
        match self.fonts.source(id) {
            Source::User(font) => font.name().to_owned(),
            Source::Shipped { file, .. } => {
                self.fonts.font(id).family().unwrap_or_else(|| file.trim_end_matches(".ttf").to_owned())
            }
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for purpose in Purpose::ALL {
            self.purpose(&mut text, purpose);
        }
        if !self.notices.is_empty() {
            let _ = writeln!(text, "{}", self.t("\n没有采用或没有找到的字体：", "\nNot used or not found:"));
            for notice in &self.notices {
                let _ = writeln!(text, "  {}", notice.message.get(self.lang));
            }
        }
        if let Some((file, found)) = &self.report {
            self.report(&mut text, file, found);
        }
        text
    }

    /// One purpose: its font, the font's source, and the official font that it replaces.
    fn purpose(&self, text: &mut String, purpose: Purpose) {
        let id = self.fonts.first(purpose);
        let font = self.fonts.font(id);
        let (title, parts) = (purpose.name(), parts(purpose));
        let parts = format!("{}{}{}", self.t("（", " ("), parts.get(self.lang), self.t("）：", "): "));
        let _ = write!(text, "{}{parts}{}", title.get(self.lang), self.name(id));
        let official = purpose.official().next().map_or("", |font| font.name);
        if let Source::Shipped { .. } = self.fonts.source(id) {
            let _ = write!(text, "{}{official}{}", self.t("（代替", " (substitute for "), self.t("）", ")"));
        }
        let _ = writeln!(text);
        match self.fonts.source(id) {
            Source::Shipped { file, license } => {
                let _ = writeln!(text, "    {}  {file}", self.t("程序自带", "shipped"));
                let _ = writeln!(text, "    {license}");
            }
            Source::User(user) => {
                let place = if font.index() == 0 { String::new() } else { format!("#{}", font.index()) };
                let _ = writeln!(text, "    {}{place}", user.path());
                let _ = writeln!(text, "    {}", user.embedding().message().get(self.lang));
            }
        }
        let roles = self.roles(purpose);
        if !roles.is_empty() {
            let _ = writeln!(text, "    {}{}", self.t("用于：", "for "), roles.join(self.t("、", ", ")));
        }
        let version = font.version().unwrap_or_default();
        let _ =
            writeln!(text, "    {version}  {}\n    SHA-256 {}", font.postscript_name(), hex(font.sha256()));
    }

    fn report(&self, text: &mut String, file: &str, found: &FontUse) {
        let heading = self.t("的用字：", ", by font:");
        let _ = writeln!(text, "\n{file}{}{heading}", self.t(" ", ""));
        for (&id, count) in &found.counts {
            let _ = writeln!(text, "  {}  {count}{}", self.name(id), self.t(" 字", " characters"));
        }
        for ((purpose, id), characters) in &found.fallbacks {
            let name = purpose.name();
            let _ = writeln!(
                text,
                "  {}{} {} → {}{}{}",
                name.get(self.lang),
                self.t("：", ":"),
                self.name(self.fonts.first(*purpose)),
                self.name(*id),
                self.t("：", ": "),
                characters.iter().collect::<String>()
            );
        }
        for (old, new) in &found.private_use {
            let label = self.t("私用码位", "private-use code point");
            let _ = writeln!(text, "  {label} U+{:04X} → {new} (U+{:04X})", u32::from(*old), u32::from(*new));
        }
        for missing in &found.missing {
            let _ = writeln!(text, "{}", show::text(file, missing, self.lang));
        }
        if found.missing.is_empty() {
            let _ = writeln!(text, "  {}", self.t("没有缺字", "no character is missing"));
        }
    }

    fn json(&self) -> Value {
        let fonts: Vec<Value> = Purpose::ALL.into_iter().map(|purpose| self.font_json(purpose)).collect();
        let mut object = json!({
            "fonts": fonts,
            "findings": self.notices,
        });
        if let Some((file, found)) = &self.report {
            object["report"] = self.report_json(file, found);
        }
        object
    }

    fn font_json(&self, purpose: Purpose) -> Value {
        let id = self.fonts.first(purpose);
        let font = self.fonts.font(id);
        let (source, place, license) = match self.fonts.source(id) {
            Source::Shipped { file, license } => ("shipped", file, license.to_owned()),
            Source::User(user) => ("user", user.path(), user.embedding().message().get(self.lang).to_owned()),
        };
        let roles = self.roles(purpose);
        json!({
            "face": purpose.key(),
            "roles": roles,
            "official": purpose.official().next().map(|font| font.name),
            "stands_in": source == "shipped",
            "name": self.name(id),
            "postscript_name": font.postscript_name(),
            "version": font.version(),
            "source": source,
            "file": place,
            "index": font.index(),
            "license": license,
            "sha256": hex(font.sha256()),
        })
    }

    /// The roles of the report's text that are set in a face, as layouts name them.
    fn roles(&self, purpose: Purpose) -> Vec<String> {
        let roles = match (purpose, &self.report) {
            (Purpose::Face(face), Some((_, found))) => found.roles.get(&face),
            (Purpose::Face(_) | Purpose::Latin, _) => None,
        };
        roles.into_iter().flatten().map(ToString::to_string).collect()
    }

    fn report_json(&self, file: &str, found: &FontUse) -> Value {
        let counts: Vec<Value> = found
            .counts
            .iter()
            .map(|(&id, count)| json!({ "font": self.fonts.font(id).postscript_name(), "characters": count }))
            .collect();
        let fallbacks: Vec<Value> = found
            .fallbacks
            .iter()
            .map(|((purpose, id), characters)| {
                json!({
                    "face": purpose.key(),
                    "font": self.fonts.font(*id).postscript_name(),
                    "characters": characters.iter().collect::<String>(),
                })
            })
            .collect();
        let code = |character: char| format!("U+{:04X}", u32::from(character));
        let private: Vec<Value> = found
            .private_use
            .iter()
            .map(|(&old, &new)| json!({ "code": code(old), "character": new, "drawn_as": code(new) }))
            .collect();
        let missing = &found.missing;
        json!({
            "file": file,
            "counts": counts,
            "fallbacks": fallbacks,
            "private_use": private,
            "missing": missing,
        })
    }
}

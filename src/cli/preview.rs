//! `gongwen preview`: the pages of a report or of a PDF as PNG files.

use std::path::{Path, PathBuf};

use crate::hash::sha256;
use crate::preview::{self, PageImage, Selection};
use crate::{Diagnostic, Exporter, Format, Options, message};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::{Common, Failure, Outcome, files, fonts, print, show, words};

/// The largest PDF that is read.
const MAX_BYTES: usize = 512 << 20;

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let input = matches.get_one::<PathBuf>("input").cloned().unwrap_or_default();
    let folder = matches.get_one::<PathBuf>("output").cloned().unwrap_or_default();
    let dpi = matches.get_one::<u32>("dpi").copied().unwrap_or(100);
    let pages = pages(matches)?;
    let bytes = files::read_stream(&input, MAX_BYTES)?;
    let named_pdf = input.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
    let (pdf, mut findings) = if named_pdf || bytes.starts_with(b"%PDF-") {
        (bytes, Vec::new())
    } else {
        match pdf_of(&input, &bytes, matches)? {
            Ok(made) => made,
            Err(findings) => {
                show(&input, &[], &findings, common);
                return Ok(Outcome::Errors);
            }
        }
    };
    quiet_thread();
    let images =
        preview::preview_pdf(&pdf, dpi, &pages).map_err(|error| files::about(&input, error.message()))?;
    findings.extend(images.iter().flat_map(PageImage::findings));
    let written = write(&folder, &files::stem(&input).to_string_lossy(), &images)?;
    show(&input, &written, &findings, common);
    Ok(Outcome::Done)
}

fn pages(matches: &ArgMatches) -> Result<Selection, Failure> {
    let Some(text) = matches.get_one::<String>("pages") else { return Ok(Selection::default()) };
    text.parse().map_err(|_| {
        Failure::options(message!(
            "--pages：“{text}”不是页码，写成 1-3,5 或 4-",
            "--pages: \"{text}\" is no list of pages; write 1-3,5 or 4-"
        ))
    })
}

/// The PDF of a report, and the findings about it.
#[expect(clippy::type_complexity, reason = "failure of the command, then findings of the report")]
fn pdf_of(
    input: &Path,
    bytes: &[u8],
    matches: &ArgMatches,
) -> Result<Result<(Vec<u8>, Vec<Diagnostic>), Vec<Diagnostic>>, Failure> {
    let (layouts, layout) = print::layouts_of(matches)?;
    let (fonts, notices) = fonts::of(matches)?;
    let exporter = Exporter::new().with_layouts(layouts).with_fonts(fonts, notices);
    let options =
        Options { formats: vec![Format::Pdf], layout, limits: files::limits(matches), ..Options::default() };
    let assets = files::assets(matches.get_one::<PathBuf>("assets"), input, &options.limits);
    match exporter.export(bytes, &options, &assets) {
        Ok(export) => {
            let pdf = export.file(Format::Pdf).unwrap_or_default().to_vec();
            Ok(Ok((pdf, export.findings)))
        }
        Err(error) => words::findings(error).map(Err),
    }
}

/// Suppresses the panic message of the drawing thread, because its error is reported.
fn quiet_thread() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(preview::THREAD) {
            usual(panic);
        }
    }));
}

/// Writes `STEM-1.png` and so on, all or none.
fn write<'a>(
    folder: &Path,
    stem: &str,
    images: &'a [PageImage],
) -> Result<Vec<(PathBuf, &'a PageImage)>, Failure> {
    files::make_folder(folder)?;
    let path = |image: &PageImage| folder.join(format!("{stem}-{}.png", image.number));
    let written: Vec<_> = images.iter().map(|image| (path(image), image)).collect();
    let bytes: Vec<_> = written.iter().map(|(path, image)| (path.clone(), image.png.as_slice())).collect();
    files::write_all(&bytes)?;
    Ok(written)
}

fn show(input: &Path, written: &[(PathBuf, &PageImage)], findings: &[Diagnostic], common: Common) {
    let file = input.display().to_string();
    if common.json {
        let files: Vec<Value> = written
            .iter()
            .map(|(path, image)| {
                json!({
                    "path": path,
                    "page": image.number,
                    "width": image.width,
                    "height": image.height,
                    "bytes": image.png.len(),
                    "sha256": sha256(&image.png),
                })
            })
            .collect();
        show::object(&json!({ "input": file, "files": files, "findings": findings }));
        return;
    }
    let severe = |d: &&Diagnostic| !common.quiet || d.severity == crate::diagnostic::Severity::Error;
    for diagnostic in findings.iter().filter(severe) {
        show::note(&show::text(&file, diagnostic, common.lang));
    }
    if common.quiet {
        return;
    }
    for (path, image) in written {
        let size = show::size(image.png.len());
        // Ignored: the reader of the output may have closed it.
        show::line(&format!("{}  {} × {}  {size}", path.display(), image.width, image.height));
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Lang;

    use super::super::args;
    use super::*;

    fn check(arguments: &[&str]) -> Result<Outcome, Failure> {
        let words = ["gongwen", "preview"].iter().chain(arguments).map(std::ffi::OsString::from);
        let matches = args::command(Lang::En).try_get_matches_from(words).expect("is sound");
        run(matches.subcommand().expect("is there").1, Common { lang: Lang::En, json: false, quiet: true })
    }

    #[test]
    fn report_becomes_one_picture_a_page() {
        let folder = tempfile::tempdir().expect("a folder");
        let (report, out) = (folder.path().join("a.json"), folder.path().join("out"));
        let json = json!({
            "format": 1, "layout": "general-document", "issuer": "某某市人民政府办公室",
            "title": "关于样例的说明", "sections": [{ "body": ["这是正文。"] }],
        });
        std::fs::write(&report, json.to_string()).expect("writes");
        let [report, out] = [report, out].map(|path| path.display().to_string());
        assert_eq!(check(&[&report, "-o", &out, "--dpi", "50"]).ok(), Some(Outcome::Done));
        let png = std::fs::read(folder.path().join("out/a-1.png")).expect("is written");
        assert!(png.starts_with(b"\x89PNG"));
        assert_eq!(std::fs::read_dir(folder.path().join("out")).expect("lists").count(), 1);

        let message = |arguments: &[&str]| check(arguments).expect_err("is refused").message.en;
        assert!(message(&[&report, "--pages", "2", "-o", &out]).contains("the document has 1"));
        assert!(message(&[&report, "--pages", "x", "-o", &out]).contains("no list of pages"));
        assert!(message(&[&report, "--dpi", "6000", "-o", &out]).contains("36 to 600"));
    }

    #[test]
    fn what_is_no_pdf_and_no_report_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().display().to_string();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("writes");
            path.display().to_string()
        };
        let pdf = file("a.pdf", b"GIF89a");
        assert!(check(&[&pdf, "-o", &out]).expect_err("is refused").message.en.ends_with("not a PDF file"));
        let pdf = file("b.pdf", b"%PDF-1.7\nxref");
        assert!(check(&[&pdf, "-o", &out]).expect_err("is refused").message.en.contains("damaged"));
        let report = file("c.json", b"{}");
        assert_eq!(check(&[&report, "-o", &out]).ok(), Some(Outcome::Errors));
        assert!(check(&["/nowhere/d.json", "-o", &out]).is_err());
    }
}

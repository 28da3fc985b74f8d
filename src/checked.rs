//! From the text of a report to its document and everything that was found in it: what `check` tells and `export`
//! goes on from.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::{self, Reported};
use crate::diagnostic::{Diagnostic, Message, has_errors};
use crate::document::{AssetError, Assets, Document, compose};
use crate::export::{Exporter, Options, Rejected};
use crate::layout::Layout;
use crate::message;
use crate::references;
use crate::report::{self, Report};
use crate::source::Source;
use crate::text;
use crate::workbook::{self, FiguresFile};

/// What is laid beside a report when it is checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// The report of the last year, as JSON.
    pub previous: Option<&'a [u8]>,
    /// The reports of the units whose figures are to add up to those of the report: what each is called, and its JSON.
    pub units: &'a [(String, Vec<u8>)],
}

/// A report that was checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The report, with every figure that an identity determines.
    pub report: Report,
    /// Everything that was found, by place.
    pub findings: Vec<Diagnostic>,
    /// What was found and is to be passed over, with the reasons that the report gives.
    pub silenced: Vec<(Diagnostic, String)>,
    /// The figures that were computed, by their JSON pointers.
    pub computed: BTreeMap<String, String>,
    /// The text of the report with all its figures: all else is as it was typed.
    pub completed: String,
}

/// A report on its way to the pages.
pub(crate) struct Prepared {
    pub report: Report,
    pub layout: Arc<Layout>,
    /// None if its content is not sound.
    pub document: Option<Document>,
    /// Mistakes that leave nothing to print.
    pub blocking: Vec<Diagnostic>,
    /// Everything else.
    pub findings: Vec<Diagnostic>,
    pub silenced: Vec<(Diagnostic, String)>,
    pub computed: BTreeMap<String, String>,
    /// The text of the report with the figures of other files, if there were any.
    pub completed: Option<String>,
}

impl Exporter {
    /// Looks for everything that is wrong with a report, and makes no files.
    ///
    /// # Errors
    /// If it cannot be read: syntax, types, an unknown layout.
    pub fn check(
        &self,
        bytes: &[u8],
        options: &Options,
        beside: &Beside,
        assets: &dyn Assets,
    ) -> Result<Checked, Rejected> {
        let source = Source::parse(bytes).map_err(|diagnostics| Rejected { diagnostics })?;
        let prepared = self.prepare(&source, options, beside, assets).map_err(|mut rejected| {
            source.resolve(&mut rejected.diagnostics);
            rejected
        })?;
        let mut findings = prepared.blocking;
        findings.extend(prepared.findings);
        source.resolve(&mut findings);
        let mut silenced = prepared.silenced;
        for (finding, _) in &mut silenced {
            source.resolve(std::slice::from_mut(finding));
        }
        let computed = prepared.computed;
        let completed = prepared.completed.unwrap_or_else(|| source.replaced(&computed));
        Ok(Checked { report: prepared.report, findings, silenced, computed, completed })
    }

    /// Reads, fills in, composes and checks.
    pub(crate) fn prepare(
        &self,
        source: &Source,
        options: &Options,
        beside: &Beside,
        assets: &dyn Assets,
    ) -> Result<Prepared, Rejected> {
        let (mut report, warnings) = report::read(source).map_err(|diagnostics| Rejected { diagnostics })?;
        let layout = self.layout(&report, options)?;
        let mut content = Vec::new();
        let previous = beside.previous.and_then(|bytes| match self.complete(bytes) {
            Ok(previous) => Some(previous),
            Err(Message { zh, en }) => {
                let text =
                    message!("上年的报告读不出来：{zh}", "the report of the last year cannot be read: {en}");
                content.push(Diagnostic::error("previous.unreadable", "", text));
                None
            }
        });
        let previous = previous.as_ref().map(|(report, layout)| Reported { report, layout: layout.as_ref() });
        let filled = self.figures(&mut report, &layout, options, assets, &mut content);
        let (computed, mut blocking) = check::fill(&mut report, &layout, previous);
        content.extend(check::identities(&report, &layout, previous));
        let (given, unknown) = references::render(&mut report, &layout);
        blocking.extend(unknown);
        if let Some(previous) = previous {
            content.extend(check::copied(&report, previous.report));
        }
        content.extend(self.units(&report, &layout, beside.units));
        let completed = filled.map(|filled| completed(source, &report, filled, &computed));
        let texts = report::texts(&report, &given);
        content.extend(check::prose(&report, &layout, &texts));
        content.extend(check::texts(&report, &layout, &texts));
        let document = match compose(&report, &layout, assets) {
            Ok((document, found)) => {
                content.extend(found);
                let glyphs = check::glyphs(&document, &self.fonts);
                if has_errors(&glyphs) {
                    blocking.extend(glyphs);
                    None
                } else {
                    content.extend(glyphs);
                    content.extend(check::headings(&document));
                    Some(self.finished(document, options))
                }
            }
            Err(found) => {
                let told: Vec<String> = blocking.iter().map(|told| told.pointer.clone()).collect();
                blocking.extend(found.into_iter().filter(|new| !told.contains(&new.pointer)));
                None
            }
        };
        let (mut findings, silenced) = check::silence(&report, content);
        findings.extend(warnings);
        Ok(Prepared {
            document: document.filter(|_| blocking.is_empty()),
            report,
            layout,
            blocking,
            findings,
            silenced,
            computed,
            completed,
        })
    }

    /// A report that is laid beside, with its figures computed; or why it cannot be read.
    fn complete(&self, bytes: &[u8]) -> Result<(Report, Arc<Layout>), Message> {
        let read = || {
            let source = Source::parse(bytes)?;
            let (mut report, _) = report::read(&source)?;
            let layout =
                self.layout(&report, &Options::default()).map_err(|rejected| rejected.diagnostics)?;
            check::fill(&mut report, &layout, None);
            // References that name nothing are for its own check to tell.
            references::render(&mut report, &layout);
            Ok((report, layout))
        };
        read().map_err(|found: Vec<Diagnostic>| {
            found.into_iter().next().map_or_else(|| message!("读不出来", "unreadable"), |first| first.message)
        })
    }

    /// The figures of the report against the sums of its units'.
    fn units(&self, report: &Report, layout: &Layout, units: &[(String, Vec<u8>)]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut read = Vec::new();
        for (name, bytes) in units {
            match self.complete(bytes) {
                Ok((report, layout)) => read.push((name, report, layout)),
                Err(Message { zh, en }) => {
                    let text = message!("{name} 读不出来：{zh}", "{name} cannot be read: {en}");
                    found.push(Diagnostic::error("aggregate.unit", "", text));
                }
            }
        }
        // Sums without all units would only be wrong.
        if found.is_empty() && !read.is_empty() {
            let units = read.iter().map(|(name, report, layout)| check::Unit { name, report, layout });
            found.extend(check::units(report, layout, &units.collect::<Vec<_>>()));
        }
        found
    }

    /// Puts the figures of other files in: what was put in, if there are any such files.
    pub(crate) fn figures(
        &self,
        report: &mut Report,
        layout: &Layout,
        options: &Options,
        assets: &dyn Assets,
        content: &mut Vec<Diagnostic>,
    ) -> Option<BTreeMap<String, String>> {
        let mut files: Vec<FiguresFile> = options.figures.iter().cloned().collect();
        if let Some(path) = &report.figures {
            match assets.read(path) {
                Ok(bytes) => files.push(FiguresFile { name: path.clone(), bytes: bytes.into() }),
                Err(error) => {
                    let Message { zh, en } = unreadable(&error);
                    let text = message!("读不出 {path}：{zh}", "cannot read {path}: {en}");
                    content.push(Diagnostic::error("figures.file", "/figures", text));
                }
            }
        }
        if files.is_empty() {
            return None;
        }
        let mut all = BTreeMap::new();
        for file in &files {
            let (figures, wrong) = workbook::read(file, layout);
            content.extend(wrong);
            let (filled, wrong) = workbook::fill(report, layout, &figures);
            content.extend(wrong);
            all.extend(filled);
        }
        Some(all)
    }

    /// Titles broken, the name in a letterhead made to fit, the date that was asked for.
    fn finished(&self, mut document: Document, options: &Options) -> Document {
        if let Some(date) = options.date {
            document.info.date = Some(date);
        }
        text::title::fit_organ(&mut document, &self.fonts);
        text::title::break_titles(&mut document, &self.fonts);
        document
    }
}

/// The text of a report with the figures of other files and those that were computed, and without the name of a file.
fn completed(
    source: &Source,
    report: &Report,
    filled: BTreeMap<String, String>,
    computed: &BTreeMap<String, String>,
) -> String {
    let mut values: BTreeMap<String, String> =
        filled.iter().chain(computed).map(|(place, text)| (place.clone(), report::cell_json(text))).collect();
    if values.keys().any(|place| source.span(place).is_none()) {
        values = BTreeMap::from([("/tables".to_owned(), report::tables_json(&report.tables))]);
    }
    if source.span("/figures").is_some() {
        values.insert("/figures".to_owned(), "null".to_owned());
    }
    if values.contains_key("/tables") && source.span("/tables").is_none() {
        let text = source.with_member("tables", &values["/tables"]);
        values.remove("/tables");
        return Source::parse(text.as_bytes()).map_or(text.clone(), |source| source.replaced(&values));
    }
    source.replaced(&values)
}

fn unreadable(error: &AssetError) -> Message {
    match error {
        AssetError::Missing => message!("没有这个文件", "there is no such file"),
        AssetError::Outside => message!("不在报告所在的文件夹里", "it lies outside the report's folder"),
        AssetError::NoFolder => {
            message!(
                "没有文件夹可找，用 --assets 指定",
                "there is no folder to look in; name one by --assets"
            )
        }
        AssetError::TooLarge => message!("文件太大", "it is too large"),
        AssetError::Other(error) => message!("{error}", "{error}"),
    }
}

//! `prepare`, the one long step: the text of a report becomes its document and the findings about it.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::check::Beside;
use super::{ExportError, Exporter, Rejected};
use crate::arrange::Arranged;
use crate::assets::{AssetError, Assets};
use crate::check::{self, Filled, Unit};
use crate::diagnostic::{
    Diagnostic, Hint, HintCode, Message, Place, Severity, Silenced, bounded, has_errors, rule,
};
use crate::document::compose;
use crate::figures::{Figure, Figures};
use crate::layout::Layout;
use crate::options::{FiguresFile, Options};
use crate::report::{self, CellClass, Report};
use crate::source::Source;
use crate::{arrange, message, references};

/// A report as it was read, with its layout and its figures.
pub(super) struct Read {
    pub report: Report,
    pub layout: Arc<Layout>,
    pub figures: Figures,
    pub warnings: Vec<Diagnostic>,
}

/// A prepared report, ready for layout.
pub(super) struct Prepared {
    pub report: Report,
    pub layout: Arc<Layout>,
    /// None if its content has errors.
    pub document: Option<Arranged>,
    /// Errors after which there is nothing to print.
    pub blocking: Vec<Diagnostic>,
    /// Everything else.
    pub findings: Vec<Diagnostic>,
    /// The findings that the report silences, with its reasons.
    pub silenced: Vec<Silenced>,
    /// How many numbers of the prose name figures in clauses that were not understood.
    pub passed_over: usize,
    /// How many figures are open.
    pub open: usize,
    /// The figures that were computed, by their JSON pointers.
    pub computed: BTreeMap<String, String>,
    /// The text of the report completed with the figures of other files, if there were any.
    pub completed: Option<String>,
}

/// A report that another one is compared with, with its figures computed.
pub(super) struct Compared {
    pub report: Report,
    pub figures: Figures,
}

impl Exporter {
    /// The report of a source: the start of every way.
    pub(super) fn read(&self, source: &Source, options: &Options) -> Result<Read, ExportError> {
        let (report, warnings) = report::read(source).map_err(Rejected::from)?;
        let layout = self.layout(&report, options)?;
        let figures = Figures::of(&report, &layout);
        Ok(Read { report, layout, figures, warnings })
    }

    /// Reads, fills in, composes and checks.
    pub(super) fn prepare(
        &self,
        source: &Source,
        options: &Options,
        beside: &Beside,
        assets: &dyn Assets,
    ) -> Result<Prepared, ExportError> {
        let Read { mut report, layout, mut figures, warnings } = self.read(source, options)?;
        let mut content = Vec::new();
        let previous = self.previous(beside, options, &mut content);
        let last_figures = previous.as_ref().map(|previous| &previous.figures);
        let filled = from_files(&report, &mut figures, options, assets, &mut content);
        let Filled { computed, negative, resting, folded } = check::fill(&mut figures, last_figures);
        let mut blocking = negative;
        // What rests on an open cell is printed as an empty one in a draft, and cannot be silenced.
        let mut open = resting;
        content.extend(check::identities(&figures, last_figures, &report.adjustments));
        content.extend(check::sums(&report));
        let (wrong, odd): (Vec<_>, Vec<_>) =
            check::characters(source).into_iter().partition(|found| found.severity == Severity::Error);
        blocking.extend(wrong);
        content.extend(odd);
        let (given, unknown) = references::render(&mut report, &figures);
        blocking.extend(unknown);
        if let Some(previous) = &previous {
            content.extend(check::copied(&report, &previous.report));
        }
        content.extend(self.units(&report, &figures, beside.units, options));
        let completed = filled.map(|filled| completed(source, &figures, filled, &computed));
        let texts = report::texts(&report, &given);
        let (contradictions, passed_over) = check::prose(&report, &figures, &texts);
        content.extend(contradictions);
        content.extend(check::texts(&report, &layout, &texts));
        content.extend(check::placeholders(&report, &texts));
        content.extend(check::placeholder::figures(&report, &figures));
        let of_files = content.iter().filter(|found| found.rule.starts_with("figures."));
        let of_files: HashSet<String> = of_files.map(|found| found.pointer.clone()).collect();
        let mut blocked = pointers(&blocking);
        for mut finding in check::cells(&report, &figures) {
            if finding.rule == rule::FIGURE_OPEN {
                // What the file of figures lacks is reported as missing there.
                if !of_files.contains(&finding.pointer) {
                    open.push(finding);
                }
            } else if finding.severity != Severity::Error {
                content.push(finding);
            } else if blocked.insert(finding.pointer.clone()) || finding.rule.starts_with("table.") {
                if let Some(totals) = folded.get(&finding.pointer) {
                    let Message { zh, en } = check::several(&totals[0], totals.len());
                    finding.message.zh.push_str(&format!("；因此{zh}算不出来"));
                    finding.message.en.push_str(&format!("; therefore {en} cannot be computed"));
                }
                blocking.push(finding);
            }
        }
        let document = match compose(&report, &figures, assets, &options.limits) {
            Ok((mut document, found)) => {
                content.extend(found);
                let glyphs = check::glyphs(&document, &self.fonts);
                if has_errors(&glyphs) {
                    blocking.extend(glyphs);
                    None
                } else {
                    content.extend(glyphs);
                    content.extend(check::headings(&document));
                    document.info.date = options.date.or(document.info.date);
                    let (arranged, found) = arrange::arrange(document, &self.fonts);
                    content.extend(found);
                    Some(arranged)
                }
            }
            Err(found) => {
                let known = pointers(&blocking);
                blocking.extend(found.into_iter().filter(|new| !known.contains(&new.pointer)));
                None
            }
        };
        for found in [&mut content, &mut open, &mut blocking] {
            place_in_files(found, &figures);
        }
        let (mut findings, silenced) = check::silence(&report, content);
        // That a figure is missing cannot be silenced.
        findings.extend(open);
        findings.extend(warnings);
        let (blocking, findings) = (bounded(blocking), bounded(findings));
        let open = figures.iter().filter(|figure| figure.class() == CellClass::Open).count();
        Ok(Prepared {
            document: document.filter(|_| blocking.is_empty()),
            report,
            layout,
            blocking,
            findings,
            silenced,
            passed_over,
            open,
            computed,
            completed,
        })
    }

    /// The report of the last year, if one was given and can be read.
    fn previous(&self, beside: &Beside, options: &Options, found: &mut Vec<Diagnostic>) -> Option<Compared> {
        match self.compared(beside.previous?, options) {
            Ok(previous) => Some(previous),
            Err(Message { zh, en }) => {
                let text =
                    message!("上年的报告读不出来：{zh}", "the report of the last year cannot be read: {en}");
                found.push(Diagnostic::error(rule::PREVIOUS_UNREADABLE, "", text));
                None
            }
        }
    }

    /// A report that is compared with, with its figures computed; or why it cannot be read.
    fn compared(&self, bytes: &[u8], options: &Options) -> Result<Compared, Message> {
        let read = || -> Result<Compared, ExportError> {
            let source = Source::parse_within(bytes, &options.limits).map_err(Rejected::from)?;
            let Read { mut report, mut figures, .. } = self.read(&source, &Options::default())?;
            check::fill(&mut figures, None);
            // Unknown references are found when that report itself is checked.
            references::render(&mut report, &figures);
            Ok(Compared { report, figures })
        };
        read().map_err(|error| match error {
            ExportError::Rejected(Rejected { findings }) => findings
                .into_iter()
                .next()
                .map_or_else(|| message!("读不出来", "unreadable"), |first| first.message),
            ExportError::Options(error) => error.message(),
            ExportError::Internal(error) => message!("{error}", "{error}"),
        })
    }

    /// The figures of the report against the sums of its units'.
    fn units(
        &self,
        report: &Report,
        figures: &Figures,
        units: &[(String, Vec<u8>)],
        options: &Options,
    ) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut read = Vec::new();
        for (name, bytes) in units {
            match self.compared(bytes, options) {
                Ok(unit) => read.push((name, unit)),
                Err(Message { zh, en }) => {
                    let text = message!("{name} 读不出来：{zh}", "{name} cannot be read: {en}");
                    found.push(Diagnostic::error(rule::AGGREGATE_UNIT, "", text));
                }
            }
        }
        // Without all units the sums would be wrong.
        if found.is_empty() && !read.is_empty() {
            let units =
                read.iter().map(|(name, Compared { report, figures })| Unit { name, report, figures });
            found.extend(check::units(report, figures, &units.collect::<Vec<_>>()));
        }
        found
    }
}

/// The places of findings.
fn pointers(found: &[Diagnostic]) -> HashSet<String> {
    found.iter().map(|finding| finding.pointer.clone()).collect()
}

/// Gives findings about figures of other files their places in those.
fn place_in_files(found: &mut [Diagnostic], figures: &Figures) {
    // Most figures have no place in another file, and need no pointer.
    let place = |figure: Figure| figure.place().map(|place| (figure.pointer(), place.clone()));
    let places: BTreeMap<String, Place> = figures.iter().filter_map(place).collect();
    if places.is_empty() {
        return;
    }
    let computed: HashSet<String> =
        figures.iter().filter(Figure::is_computed).map(|figure| figure.pointer()).collect();
    for finding in found.iter_mut().filter(|finding| finding.place.is_none()) {
        // What the program computed is nowhere in the file: the figures that it was computed from are.
        let placed = || finding.related.iter().filter(|cell| cell.place.is_some() && !cell.previous);
        let likely = || placed().find(|cell| cell.suspect).or(placed().next())?.place.clone();
        let is_computed = computed.contains(&finding.pointer);
        finding.place = places.get(&finding.pointer).cloned().or_else(|| likely().filter(|_| is_computed));
    }
}

/// Fills in the figures of other files. Returns those filled in, by JSON pointers, if there are such files.
pub(super) fn from_files(
    report: &Report,
    figures: &mut Figures,
    options: &Options,
    assets: &dyn Assets,
    found: &mut Vec<Diagnostic>,
) -> Option<BTreeMap<String, String>> {
    let mut files: Vec<FiguresFile> = options.figures.iter().cloned().collect();
    if let Some(path) = &report.figures {
        match assets.read(path) {
            Ok(bytes) => files.push(FiguresFile { name: path.clone(), bytes: bytes.into() }),
            Err(error) => found.push(unreadable(path, &error)),
        }
    }
    if files.is_empty() {
        return None;
    }
    let mut all = BTreeMap::new();
    for file in &files {
        all.extend(from_file(report, figures, (file, files.len() == 1), options, found));
    }
    Some(all)
}

/// Fills in the figures of one file.
#[cfg(feature = "workbook")]
fn from_file(
    report: &Report,
    figures: &mut Figures,
    (file, is_alone): (&FiguresFile, bool),
    options: &Options,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<String, String> {
    let layout = figures.layout().clone();
    let (cells, wrong) = crate::workbook::read(file, is_alone, &layout, &options.limits);
    found.extend(wrong);
    let (filled, wrong) = crate::workbook::fill(report, figures, &cells);
    found.extend(wrong);
    filled
}

/// Without the feature `workbook` a file of figures is an error, never ignored.
#[cfg(not(feature = "workbook"))]
fn from_file(
    _: &Report,
    _: &mut Figures,
    (file, _): (&FiguresFile, bool),
    _: &Options,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<String, String> {
    let name = &file.name;
    let text = message!(
        "本程序编译时没有读取工作簿的功能，读不了 {name}",
        "this build of the program reads no workbooks: {name}"
    );
    found.push(Diagnostic::error(rule::FIGURES_FILE, "/figures", text));
    BTreeMap::new()
}

/// The text of a report with the figures of other files and the computed ones, and without `figures`, the
/// file's name.
fn completed(
    source: &Source,
    figures: &Figures,
    filled: BTreeMap<String, String>,
    computed: &BTreeMap<String, String>,
) -> String {
    let mut values: BTreeMap<String, String> =
        filled.iter().chain(computed).map(|(place, text)| (place.clone(), report::cell_json(text))).collect();
    if values.keys().any(|place| source.span(place).is_none()) {
        values = BTreeMap::from([("/tables".to_owned(), figures.tables_json())]);
    }
    if source.span("/figures").is_some() {
        values.insert("/figures".to_owned(), "null".to_owned());
    }
    if values.contains_key("/tables") && source.span("/tables").is_none() {
        let text = source.with_member("tables", &values["/tables"]);
        values.remove("/tables");
        return Source::parse_within(text.as_bytes(), source.limits())
            .map_or(text.clone(), |source| source.replaced(&values));
    }
    source.replaced(&values)
}

fn unreadable(path: &str, error: &AssetError) -> Diagnostic {
    let Message { zh, en } = match error {
        AssetError::Missing => message!("没有这个文件", "there is no such file"),
        AssetError::Outside => message!("不在报告所在的文件夹里", "it is outside the report's folder"),
        AssetError::NoFolder => message!("没有文件夹可找", "there is no folder to look in"),
        AssetError::NoFile => {
            message!(
                "这是命名管道、设备或套接字，不是文件",
                "it is a named pipe, a device or a socket, not a file"
            )
        }
        AssetError::TooLarge => message!("文件太大", "it is too large"),
        AssetError::Other(error) => message!("{error}", "{error}"),
    };
    let text = message!("读不出 {path}：{zh}", "cannot read {path}: {en}");
    let finding = Diagnostic::error(rule::FIGURES_FILE, "/figures", text);
    match error {
        AssetError::NoFolder => finding.hint(Hint {
            code: HintCode::AssetsFolder,
            message: message!("指定它所在的文件夹", "name the folder that it is in"),
        }),
        AssetError::Missing
        | AssetError::Outside
        | AssetError::NoFile
        | AssetError::TooLarge
        | AssetError::Other(_) => finding,
    }
}

//! Reports in any file: `check`, `export` and `batch` take what `import` reads, and say where in that file a finding is.

use std::path::Path;

use crate::diagnostic::{Diagnostic, rule};
use crate::import::{ImportError, Places, State, import};
use crate::layout::Layouts;
use crate::options::Limits;

use super::{Failure, files, words};

/// A report as it was read.
pub struct Read {
    /// Its JSON.
    pub bytes: Vec<u8>,
    /// Of a file that is no JSON.
    pub foreign: Option<Foreign>,
}

/// What is known of a report that was read from another file.
pub struct Foreign {
    findings: Vec<Diagnostic>,
    places: Places,
}

/// Reads a report: JSON as it is, anything else by way of `import`.
pub fn read(path: &Path, layouts: &Layouts, layout: Option<&str>, limits: &Limits) -> Result<Read, Failure> {
    if is_named_json(path) {
        return Ok(Read { bytes: files::read_report(path, limits)?, foreign: None });
    }
    let bytes = files::read_stream(path, limits.file_bytes)?;
    if is_json(&bytes) {
        if bytes.len() > limits.report_bytes {
            return Err(files::too_large(path, limits.report_bytes));
        }
        return Ok(Read { bytes, foreign: None });
    }
    let imported = import(&bytes, layouts, layout, limits)
        .map_err(|error: ImportError| files::about(path, words::import(&error)))?;
    let imported = imported.with_data_urls();
    let foreign = Foreign { findings: imported.findings, places: imported.places };
    Ok(Read { bytes: imported.report, foreign: Some(foreign) })
}

fn is_named_json(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

/// Whether bytes begin as JSON does, in any encoding; nothing at all is a report that is wanting.
fn is_json(bytes: &[u8]) -> bool {
    let start = bytes
        .iter()
        .find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF));
    matches!(start, None | Some(b'{' | b'[' | b'"'))
}

impl Foreign {
    /// The findings about a report in the words of its file: with places there, and what was not certain in reading it.
    pub fn place(self, findings: &mut Vec<Diagnostic>) {
        let open: Vec<&str> = self
            .places
            .figures
            .iter()
            .filter(|figure| matches!(figure.state, State::Missing | State::Doubtful))
            .map(|figure| figure.pointer.as_str())
            .collect();
        // That a figure is open was told where it was read.
        findings.retain(|finding| {
            let is_warning = finding.severity == crate::diagnostic::Severity::Warning;
            !(finding.rule == rule::FIGURE_OPEN && is_warning && open.contains(&finding.pointer.as_str()))
        });
        // What does not add up is told cell by cell.
        let own = self.findings.into_iter().filter(|finding| finding.rule != rule::IMPORT_DOUBTFUL);
        findings.splice(0..0, own);
        for finding in findings {
            place(finding, &self.places);
        }
    }
}

fn place(finding: &mut Diagnostic, places: &Places) {
    // Lines of the JSON text are nothing that its reader has.
    finding.position = None;
    if finding.place.is_none() && !finding.pointer.is_empty() {
        finding.place = places.find(&finding.pointer).cloned();
    }
    for cell in finding.related.iter_mut().filter(|cell| cell.place.is_none() && !cell.previous) {
        cell.place = places.find(&cell.pointer).cloned();
    }
}

//! `name_parts`: the values for file names, read from a report before its files are made.

use super::Exporter;
use crate::document::title_of;
use crate::names::NameParts;
use crate::options::Options;
use crate::report;
use crate::source::Source;

impl Exporter {
    /// The values of a report for a template of file names. A report that cannot be read has none; its errors
    /// are found when its files are made.
    pub fn name_parts(&self, report: &[u8], options: &Options) -> NameParts {
        let read = || {
            let source = Source::parse_within(report, &options.limits).ok()?;
            let (report, _) = report::read(&source).ok()?;
            let layout = self.layout(&report, options).ok()?;
            let title = title_of(&report, &layout);
            Some(NameParts {
                issuer: report.issuer.join("、"),
                year: report.year.map(|year| year.to_string()).unwrap_or_default(),
                title: title.concat(),
                ..NameParts::default()
            })
        };
        read().unwrap_or_default()
    }
}

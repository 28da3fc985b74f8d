//! `name_parts`: what the files of a report may be named by, before they are made.

use super::Exporter;
use crate::document::title_of;
use crate::names::NameParts;
use crate::options::Options;
use crate::report;
use crate::source::Source;

impl Exporter {
    /// The parts of a report that a file's name may hold. A report that cannot be read has none: what is wrong with it
    /// is found when it is made.
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

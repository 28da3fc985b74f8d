//! Everything that is wrong with a report: `cargo run --example check_report [REPORT.json]`.

#![expect(clippy::disallowed_macros, clippy::disallowed_methods, reason = "an example prints what it found")]

use std::path::Path;

use gongwen::{Beside, ExportError, Exporter, Folder, Options, Severity};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "examples/qingzhen-2023.json".to_owned());
    let report = std::fs::read(&path)?;
    let assets = Folder::of_report(Path::new(&path));
    let findings = match Exporter::new().check(&report, &Options::default(), &Beside::default(), &assets) {
        Ok(checked) => checked.findings,
        Err(ExportError::Rejected(rejected)) => rejected.findings,
        Err(error) => return Err(error.into()),
    };
    for finding in &findings {
        let line = finding.position.map_or(0, |position| position.line);
        println!("{path}:{line}: {} {}", finding.rule, finding.message.zh);
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    println!("{errors} errors, {} warnings", findings.len() - errors);
    Ok(())
}

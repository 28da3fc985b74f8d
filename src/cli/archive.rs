//! `gongwen archive`: the bag of a report, written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use gongwen::archive::{ArchiveError, Files, Ingredients, archive};
use gongwen::diagnostic::{Diagnostic, Severity};
use gongwen::{Rejected, message};
use serde_json::{Value, json};

use super::assets::Folder;
use super::{Common, Failure, Outcome, export, files, show, sign};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let path = matches.get_one::<PathBuf>("report").cloned().unwrap_or_default();
    let folder = matches.get_one::<PathBuf>("output").cloned().unwrap_or_default();
    if folder.exists() {
        return Err(exists(&folder));
    }
    let report = files::read_report(&path)?;
    let (exporter, options) = export::setup(matches)?;
    let assets = Folder(matches.get_one::<PathBuf>("assets").cloned().or_else(|| export::folder_of(&path)));
    let signer = sign::Signer::of(matches, common)?;
    let stem = files::safe_name(&files::stem(&path).to_string_lossy());
    let made = archive(
        &exporter,
        Ingredients {
            report: &report,
            stem: &stem,
            options,
            assets: &assets,
            key: &signer.key,
            sign: signer.options(),
        },
    );
    let file = path.display().to_string();
    let made = match made {
        Ok(made) => made,
        Err(ArchiveError::Rejected(Rejected { diagnostics })) => {
            tell(&file, json!({ "archive": null }), &diagnostics, common);
            return Ok(Outcome::Wanting);
        }
        Err(ArchiveError::Sign(error)) => return sign::refuse(&path, &error, common),
        Err(ArchiveError::Preview(error)) => return Err(sign::told(&path, error.message())),
    };
    write(&folder, &made.files)?;
    let signed = &made.signed;
    let result = json!({
        "archive": folder,
        "files": made.files.keys().collect::<Vec<_>>(),
        "field": signed.field,
        "signer": signed.certificate.subject(),
        "time_stamp": signed.stamped,
        "allowed": signed.allowed.iter().map(|weakness| weakness.name()).collect::<Vec<_>>(),
    });
    tell(&file, result, &made.warnings, common);
    if !common.json && !common.quiet {
        // Nothing can be done when nobody reads on.
        let _ = writeln!(std::io::stdout(), "{}", folder.display());
    }
    Ok(Outcome::Done)
}

/// The findings, as one object together with the result or as lines for people.
fn tell(file: &str, mut result: Value, findings: &[Diagnostic], common: Common) {
    if common.json {
        result["report"] = file.into();
        result["diagnostics"] = findings.iter().map(|d| show::value(file, d, common.lang)).collect();
        let _ = writeln!(std::io::stdout(), "{result}");
        return;
    }
    for finding in findings.iter().filter(|found| !common.quiet || found.severity == Severity::Error) {
        eprintln!("{}", show::text(file, finding, common.lang));
    }
}

fn exists(folder: &Path) -> Failure {
    let name = folder.display();
    Failure(message!(
        "{name} 已经有了：档案不覆盖",
        "{name} is there already: an archive is never overwritten"
    ))
}

/// Writes the bag beside its place, then gives it its name.
fn write(folder: &Path, bag: &Files) -> Result<(), Failure> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    files::make_folder(parent)?;
    let beside = tempfile::Builder::new().prefix(".gongwen-").tempdir_in(parent);
    let beside = beside.map_err(|error| files::unwritable(folder, &error))?;
    for (path, bytes) in bag {
        let path = beside.path().join(path);
        files::make_folder(path.parent().unwrap_or(beside.path()))?;
        files::write_all(&[(path, bytes)])?;
    }
    #[cfg(unix)]
    {
        // A temporary folder is private; the archive is readable as any new folder of the user's is.
        use std::os::unix::fs::PermissionsExt;
        let readable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(beside.path(), readable)
            .map_err(|error| files::unwritable(folder, &error))?;
    }
    // A folder that was made meanwhile is in the way unless it is empty: it is told of either way.
    if folder.exists() {
        return Err(exists(folder));
    }
    std::fs::rename(beside.path(), folder).map_err(|error| files::unwritable(folder, &error))?;
    // It has another name now: there is nothing to take away.
    let _ = beside.keep();
    Ok(())
}

/// The files of a bag.
pub fn read(folder: &Path) -> Result<Files, Failure> {
    let mut bag = Files::new();
    for path in files::files_in(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path);
        let name =
            name.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        bag.insert(name, files::read(&path, gongwen::extract::MAX_BYTES)?);
    }
    Ok(bag)
}

//! `gongwen archive`: the bag of a report, written whole or not at all.

use std::path::{Path, PathBuf};

use crate::archive::{
    AddValidationData, ArchiveError, ELEMENTS, Elements, Files, Ingredients, Signing, archive,
};
use crate::diagnostic::{Diagnostic, Severity, rule};
use crate::names::safe_file_name;
use crate::verify::{SignatureReport, VerifyOptions};
use crate::{Exporter, Time, message};
use clap::ArgMatches;
use serde_json::{Value, json};

use super::{Common, Failure, Outcome, export, files, fonts, renewal, show, sign, verify, words};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    match matches.subcommand() {
        Some(("renew", matches)) => return renewal::renew(matches, common),
        Some((_, matches)) => return renewal::check(matches, common),
        None => {}
    }
    let path = matches.get_one::<PathBuf>("report").cloned().unwrap_or_default();
    let folder = matches.get_one::<PathBuf>("output").cloned().unwrap_or_default();
    if folder.exists() {
        return Err(exists(&folder));
    }
    let limits = files::limits(matches);
    let report = files::read_report(&path, &limits)?;
    let stem = safe_file_name(&files::stem(&path).to_string_lossy());
    let elements = elements(matches)?;
    let chain = sign::certificates(matches, "chain")?.unwrap_or_default();
    let known = sign::validation_data(matches, &chain)?;
    let add = |pdf: &[u8], at: Time| sign::with_validation_data(pdf, &known, at, &limits);
    let validation_data = matches.get_flag("ltv").then_some(&add as &AddValidationData);
    let made = match matches.get_one::<PathBuf>("signed") {
        Some(signed) => {
            let pdf = files::read(signed, limits.file_bytes)?;
            let (fonts, notices) = fonts::of(matches)?;
            let exporter = Exporter::new().with_fonts(fonts, notices);
            let roots = sign::certificates(matches, "trust")?;
            let signing = Signing::Before {
                pdf: &pdf,
                verify: VerifyOptions { roots, now: sign::clock(), limits, ..VerifyOptions::default() },
            };
            archive(
                &exporter,
                Ingredients { report: &report, stem: &stem, signing, elements, validation_data },
            )
        }
        None => {
            let (exporter, options) = export::setup(matches)?;
            let assets = files::assets(matches.get_one::<PathBuf>("assets"), &path, &limits);
            let signer = sign::Signer::of(matches, common)?;
            let sign = signer.options();
            let signing = Signing::Now { export: &options, assets: &assets, key: &signer.key, sign: &sign };
            archive(
                &exporter,
                Ingredients { report: &report, stem: &stem, signing, elements, validation_data },
            )
        }
    };
    let signed = matches.get_one::<PathBuf>("signed").unwrap_or(&path);
    let file = path.display().to_string();
    let made = match made {
        Ok(made) => made,
        Err(ArchiveError::Export(error)) => {
            show(&file, json!({ "archive": null }), &words::findings(error)?, common);
            return Ok(Outcome::Errors);
        }
        Err(ArchiveError::Sign(error)) => return sign::refuse(signed, &error, common),
        Err(ArchiveError::Preview(error)) => return Err(files::about(signed, error.message())),
        Err(ArchiveError::Signed(error)) => return Err(files::about(signed, error.message())),
        Err(ArchiveError::DoesNotHold(found)) => {
            if common.json {
                let reason = message!("签名文件没有通过验证", "the signed file does not hold");
                let finding = Diagnostic::error(rule::ARCHIVE_SIGNED, "", reason);
                let result = json!({ "archive": null, "verification": found });
                show(&file, result, &[finding], common);
            } else {
                show::note(verify::text(&signed.display().to_string(), &found, common.lang).trim_end());
            }
            return Ok(Outcome::Errors);
        }
        Err(ArchiveError::OtherReport) => {
            let reason = message!(
                "带的不是这份报告（用 export --embed-source 生成，签名前报告不改）",
                "it does not carry this very report (make it by export --embed-source, and leave the report as it is)"
            );
            let finding = Diagnostic::error(rule::ARCHIVE_SIGNED, "", reason);
            show::refused(&signed.display().to_string(), &[finding], common);
            return Ok(Outcome::Errors);
        }
    };
    write(&folder, &made.files)?;
    let signatures: Vec<Value> = made.signatures.iter().map(signature).collect();
    let last = signatures.last().cloned().unwrap_or_default();
    let result = json!({
        "archive": folder,
        "files": made.files.keys().collect::<Vec<_>>(),
        "field": last["field"],
        "signer": last["signer"],
        "time_stamp": last["time_stamp"],
        "signatures": signatures,
        "validation_data": matches.get_flag("ltv"),
        "silenced": made.silenced,
        "allowed": made.allowed.iter().map(|weakness| weakness.name()).collect::<Vec<_>>(),
    });
    let unstamped = made.signatures.iter().filter(|signature| signature.time_stamp.is_none());
    // One is enough: the first certificate to run out.
    let unstamped = unstamped.filter_map(|signature| Some(signature.signer.as_ref()?.valid_to)).min();
    let findings: Vec<Diagnostic> =
        made.findings.iter().cloned().chain(unstamped.map(sign::unstamped)).collect();
    show(&file, result, &findings, common);
    if !common.json {
        show::all_silenced(&file, &made.silenced, common);
    }
    if !common.json && !common.quiet {
        // Nothing can be done when nobody reads on.
        show::line(&folder.display().to_string());
    }
    Ok(Outcome::Done)
}

fn signature(signature: &SignatureReport) -> Value {
    json!({
        "field": signature.field,
        "signer": signature.signer.as_ref().map(|signer| &signer.subject),
        "time_stamp": signature.time_stamp.as_ref().map(|stamp| stamp.time),
    })
}

/// The findings, as one object together with the result or as lines for people.
fn show(file: &str, mut result: Value, findings: &[Diagnostic], common: Common) {
    if common.json {
        result["report"] = file.into();
        result["findings"] = json!(findings);
        show::object(&result);
        return;
    }
    for finding in findings.iter().filter(|found| !common.quiet || found.severity == Severity::Error) {
        show::note(&show::text(file, finding, common.lang));
    }
}

fn exists(folder: &Path) -> Failure {
    let name = folder.display();
    Failure::file(message!(
        "{name} 已经有了：档案不覆盖",
        "{name} is there already: an archive is never overwritten"
    ))
}

/// The elements of the metadata that the arguments give: `全宗号=0101`.
fn elements(matches: &ArgMatches) -> Result<Elements, Failure> {
    let mut elements = Elements::default();
    for given in matches.get_many::<String>("element").into_iter().flatten() {
        let (name, value) = given.split_once('=').unwrap_or((given, ""));
        if elements.add(name.trim(), value).is_err() {
            let known = ELEMENTS.join("、");
            return Err(Failure::options(message!(
                "--element：“{given}”不对，写成 名称=内容，每个名称一次；名称有{known}",
                "--element: \"{given}\" is not right; write NAME=VALUE, each name once; the names are {known}"
            )));
        }
    }
    Ok(elements)
}

/// Writes the bag beside its place, then gives it its name.
fn write(folder: &Path, bag: &Files) -> Result<(), Failure> {
    let (_beside, whole) = write_beside(folder, bag)?;
    // A folder that was made meanwhile is in the way unless it is empty: it is reported either way.
    if folder.exists() {
        return Err(exists(folder));
    }
    std::fs::rename(&whole, folder).map_err(|error| files::unwritable(folder, &error))
}

/// Writes the bag beside the one that is there, and puts it in its place; the old one is removed last.
pub fn replace(folder: &Path, bag: &Files, held: &Files) -> Result<(), Failure> {
    let changed: Files = bag
        .iter()
        .filter(|(path, bytes)| held.get(*path) != Some(*bytes))
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect();
    let (beside, whole) = write_beside(folder, &changed)?;
    let unwritable = |error: std::io::Error| files::unwritable(folder, &error);
    for path in bag.keys() {
        let (old, new) = (folder.join(path), whole.join(path));
        let parent = new.parent().unwrap_or(&whole);
        files::make_folder(parent)?;
        // What stays is the very file, with its owner, its rights and its time.
        if !changed.contains_key(path) {
            std::fs::hard_link(&old, &new).map_err(unwritable)?;
        } else if let Ok(found) = std::fs::metadata(&old) {
            std::fs::set_permissions(&new, found.permissions()).map_err(unwritable)?;
        }
    }
    // The rights of folders last: nothing is written into them any more.
    let folders: std::collections::BTreeSet<&str> =
        bag.keys().flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at])).collect();
    for inner in folders.into_iter().rev().chain([""]) {
        if let Ok(found) = std::fs::metadata(folder.join(inner)) {
            std::fs::set_permissions(whole.join(inner), found.permissions()).map_err(unwritable)?;
        }
    }
    let old = beside.path().join("old");
    std::fs::rename(folder, &old).map_err(unwritable)?;
    if let Err(error) = std::fs::rename(&whole, folder) {
        // The old one is put back; if that fails as well, it must not be removed with the temporary folder.
        if std::fs::rename(&old, folder).is_err() {
            let kept = beside.keep();
            let kept = kept.display();
            return Err(Failure::file(message!(
                "归档包换不了新的，原来的在 {kept}/old：{error}",
                "the archive cannot be replaced; the old one is in {kept}/old: {error}"
            )));
        }
        return Err(unwritable(error));
    }
    Ok(())
}

/// Writes the bag into a temporary folder beside its place.
fn write_beside(folder: &Path, bag: &Files) -> Result<(tempfile::TempDir, PathBuf), Failure> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    files::make_folder(parent)?;
    let beside = tempfile::Builder::new().prefix(".gongwen-").tempdir_in(parent);
    let beside = beside.map_err(|error| files::unwritable(folder, &error))?;
    // A temporary folder is private; the archive in it is readable as any new folder of the user's is.
    let whole = beside.path().join("bag");
    for (path, bytes) in bag {
        let path = whole.join(path);
        files::make_folder(path.parent().unwrap_or(&whole))?;
        files::write_all(&[(path, bytes)])?;
    }
    Ok((beside, whole))
}

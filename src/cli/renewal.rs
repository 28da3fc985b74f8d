//! `gongwen archive renew` and `gongwen archive check`: archives that stay proved for decades.

use std::path::{Path, PathBuf};

use crate::archive::{self, RenewError};
use crate::diagnostic::{Diagnostic, rule};
use crate::options::Limits;
use crate::verify::{Verdict, VerifyOptions};
use crate::{Exporter, Time, message};
use clap::ArgMatches;
use serde_json::json;

use super::http::HttpStamper;
use super::{Common, Failure, Outcome, archive as archiving, bag, files, show, sign, verify};

/// The files that a bag has beside its content: RFC 8493, 2.
const BAG_FILES: [&str; 4] = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"];
/// How deep archives are looked for.
const MAX_DEPTH: usize = 8;
const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;

/// Renews archives; each is replaced whole or stays as it is.
pub fn renew(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let stamper = HttpStamper(matches.get_one::<String>("timestamp").cloned().unwrap_or_default());
    let at = sign::time(matches)?;
    let chain = sign::certificates(matches, "chain")?.unwrap_or_default();
    let known = sign::validation_data(matches, &chain)?;
    let limits = files::limits(matches);
    let roots = sign::certificates(matches, "trust")?;
    let mut outcome = Outcome::Done;
    for folder in matches.get_many::<PathBuf>("folder").into_iter().flatten() {
        outcome = outcome.max(renew_one(folder, &known, &stamper, at, roots.as_deref(), &limits, common)?);
    }
    Ok(outcome)
}

fn renew_one(
    folder: &Path,
    known: &crate::sign::ValidationData,
    stamper: &HttpStamper,
    at: Time,
    roots: Option<&[crate::pki::Certificate]>,
    limits: &Limits,
    common: Common,
) -> Result<Outcome, Failure> {
    let name = folder.display().to_string();
    // Through a link it is the archive itself that is replaced.
    let folder = &std::fs::canonicalize(folder).map_err(|error| files::unreadable(folder, &error))?;
    let held = bag::read(folder, limits)?;
    let missing = std::cell::RefCell::new(Vec::new());
    let stamped_at = std::cell::RefCell::new(None);
    let add = |pdf: &[u8]| {
        let (stamped, without) = sign::time_stamped(pdf, Some(known.clone()), stamper, at, limits)?;
        *missing.borrow_mut() = without;
        *stamped_at.borrow_mut() = Some((stamped.time, stamped.authority.validity()));
        Ok(stamped.bytes)
    };
    let refused = |reason| {
        let finding = Diagnostic::error(rule::ARCHIVE_SIGNED, "", reason);
        show::refused(&name, &[finding], common);
        Ok(Outcome::Errors)
    };
    let renewed = match archive::renew(&held, &add, &Exporter::new(), limits) {
        Ok(renewed) => renewed,
        Err(RenewError::Bag(problems)) => {
            let findings: Vec<Diagnostic> = problems
                .iter()
                .map(|problem| Diagnostic::error(rule::ARCHIVE_SIGNED, "", problem.message()))
                .collect();
            show::refused(&name, &findings, common);
            return Ok(Outcome::Errors);
        }
        Err(RenewError::DoesNotHold(found)) => {
            if !common.json {
                show::note(verify::text(&name, &found, common.lang).trim_end());
                return Ok(Outcome::Errors);
            }
            return refused(message!(
                "签名文件没有通过验证，续期也无用",
                "the signed file does not hold; a time stamp would not mend it"
            ));
        }
        Err(RenewError::Pdf(error)) => return Err(files::about(folder, error.message())),
        Err(RenewError::Sign(error)) => return sign::refuse(folder, &error, common),
    };
    // A time stamp whose time is wrong, or whose authority has run out, would prove nothing.
    if let Some((time, (from, to))) = stamped_at.into_inner() {
        let apart = time.unix().abs_diff(at.unix());
        if apart > SECONDS_OF_A_DAY || time < from || time > to {
            return refused(message!(
                "时间戳的时间是 {time}，现在是 {at}，或时间戳机构的证书当时不在有效期内：没有续期",
                "the time of the time stamp is {time}, now is {at}, or its authority's certificate is not valid then: not renewed"
            ));
        }
    }
    if let Some(roots) = roots {
        let verify = |files: &archive::Files| {
            let options = VerifyOptions {
                roots: Some(roots.to_vec()),
                at: Some(at),
                signatures_only: true,
                limits: *limits,
                ..VerifyOptions::default()
            };
            archive::verify(files, &options, &Exporter::new())
        };
        let stamp_holds = verify(&renewed.files).documents.iter().all(|document| {
            let last = document.verification.as_ref().and_then(|found| found.signatures.last());
            last.is_none_or(|stamp| stamp.verdict == Verdict::Holds)
        });
        if !stamp_holds {
            return refused(message!(
                "时间戳机构不在 --trust 的根证书之下：没有续期",
                "the time stamping authority is not under the roots of --trust: not renewed"
            ));
        }
    }
    archiving::replace(folder, &renewed.files, &held)?;
    let findings = sign::without_status(&missing.into_inner());
    let renew_by = renewed.verification.renew_by;
    if common.json {
        let stamp = renewed.verification.signatures.last();
        show::object(&json!({
            "archive": folder,
            "file": renewed.pdf,
            "field": stamp.map(|stamp| &stamp.field),
            "authority": stamp.and_then(|stamp| stamp.signer.as_ref()).map(|signer| &signer.subject),
            "time_stamp": stamp.and_then(|stamp| stamp.time).map(|time| time.time),
            "renew_by": renew_by,
            "findings": findings,
        }));
    } else if !common.quiet {
        for finding in &findings {
            show::note(&show::text(&name, finding, common.lang));
        }
        let by = renew_by.map(|time| time.to_string()).unwrap_or_default();
        show::line(
            message!("{name}：已续期，{by} 前再续", "{name}: renewed, to be renewed again by {by}")
                .get(common.lang),
        );
    }
    Ok(Outcome::Done)
}

/// Checks archives: whether they are intact, and by when they must be renewed.
pub fn check(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let roots = sign::certificates(matches, "trust")?;
    let at = sign::time(matches)?;
    let asked = roots.is_some();
    let limits = files::limits(matches);
    let options =
        VerifyOptions { roots, at: Some(at), signatures_only: true, limits, ..VerifyOptions::default() };
    let within = u64::from(matches.get_one::<u32>("within").copied().unwrap_or_default());
    let soon = Time::from_unix(at.unix().saturating_add(within * SECONDS_OF_A_DAY));
    let mut worst = Verdict::Holds;
    let mut unread = false;
    let mut archives = Vec::new();
    for folder in matches.get_many::<PathBuf>("folder").into_iter().flatten() {
        let before = archives.len();
        find(folder, 0, &mut archives)?;
        if archives.len() == before {
            let name = folder.display();
            return Err(Failure::file(message!(
                "{name}：里面没有归档包",
                "{name}: there is no archive in it"
            )));
        }
    }
    let exporter = Exporter::new();
    for folder in archives {
        let held = match bag::read(&folder, &limits) {
            Ok(held) => held,
            Err(failure) => {
                // The others are checked all the same.
                unread = true;
                show::refused(&folder.display().to_string(), &[failure.finding()], common);
                continue;
            }
        };
        let found = archive::verify(&held, &options, &exporter);
        let renew_by =
            found.documents.iter().filter_map(|document| document.verification.as_ref()?.renew_by).min();
        let due =
            found.verdict != Verdict::Broken && renew_by.is_some_and(|by| soon.is_none_or(|soon| by <= soon));
        // Without roots nobody asks who signed.
        worst =
            worst.max(if asked || found.verdict == Verdict::Broken { found.verdict } else { Verdict::Holds });
        let name = folder.display().to_string();
        if common.json {
            let reasons: Vec<_> = found
                .documents
                .iter()
                .filter_map(|document| document.verification.as_ref())
                .flat_map(|found| &found.signatures)
                .flat_map(|signature| &signature.reasons)
                .collect();
            show::object(&json!({
                "archive": folder,
                "verdict": found.verdict,
                "renew_by": renew_by,
                "due": due,
                "problems": found.problems,
                "reasons": reasons,
                "findings": [],
            }));
            continue;
        }
        if common.quiet && !due && found.verdict != Verdict::Broken {
            continue;
        }
        let (verdict, by) =
            (found.verdict.words(), renew_by.map(|time| time.to_string()).unwrap_or_default());
        let by: String = by.chars().take(10).collect();
        let (zh, en) = (verdict.zh, verdict.en);
        show::line(
            match (found.verdict, due) {
                (Verdict::Broken, _) => message!(
                    "{name}：{zh}（用 gongwen verify 查看原因）",
                    "{name}: {en} (gongwen verify shows why)"
                ),
                (_, true) if renew_by.is_some_and(|by| by < at) => message!(
                    "{name}：{zh}；已于 {by} 到期，没有续期",
                    "{name}: {en}; it ran out on {by} and was not renewed"
                ),
                (_, true) => message!(
                    "{name}：{zh}；要续期，{by} 前加时间戳",
                    "{name}: {en}; due: add a time stamp before {by}"
                ),
                (_, false) => {
                    message!("{name}：{zh}；{by} 前续期", "{name}: {en}; to be renewed before {by}")
                }
            }
            .get(common.lang),
        );
    }
    Ok(if unread { Outcome::Failed } else { verify::outcome(worst) })
}

/// The archives in a folder, which may be one itself, in order of their names.
fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    // One that lost its declaration is an archive all the same.
    let is_archive = BAG_FILES.iter().any(|name| folder.join(name).symlink_metadata().is_ok());
    if is_archive || depth == 0 && folder.join("data").is_dir() {
        found.push(folder.to_owned());
        return Ok(());
    }
    if depth >= MAX_DEPTH {
        return Ok(());
    }
    let entries = std::fs::read_dir(folder).map_err(|error| files::unreadable(folder, &error))?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        // Links lead out of the folder, or round in it; what an interrupted renewal left is no archive.
        .filter(|path| path.symlink_metadata().is_ok_and(|found| found.is_dir()))
        .filter(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".gongwen-")))
        .collect();
    folders.sort();
    folders.iter().try_for_each(|folder| find(folder, depth + 1, found))
}

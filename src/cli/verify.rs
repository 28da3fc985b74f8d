//! `gongwen verify`: whether signatures hold, and whether the file is what its report makes.

use std::path::{Path, PathBuf};

use crate::archive::{self, ArchiveReport};
use crate::diagnostic::{Lang, Severity, Silenced};
use crate::verify::{
    ContentReport, Remark, Reproduction, Requirements, Revocation, SignatureKind, SignatureReport,
    SigningTime, TimeSource, Trust, Verdict, Verification, VerifyOptions, verify,
};
use crate::{Exporter, Message, ReadError, message};
use clap::ArgMatches;

use super::{Common, Failure, Outcome, files, fonts, show, sign};

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let path = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    let roots = sign::certificates(matches, "trust")?;
    let at = matches.get_one::<String>("time").map(|text| sign::parse_time(text)).transpose()?;
    let signatures_only = matches.get_flag("signatures-only");
    let server_certificates = matches.get_many::<String>("allow").is_some();
    let required: Vec<&String> = matches.get_many("require").into_iter().flatten().collect();
    let require = Requirements {
        time_stamp: required.iter().any(|name| *name == "time-stamp"),
        revocation: required.iter().any(|name| *name == "revocation"),
    };
    let now = sign::clock();
    let options = VerifyOptions {
        roots,
        at,
        now,
        require,
        strict: matches.get_flag("strict"),
        signatures_only,
        server_certificates,
        limits: files::limits(matches),
    };
    let (fonts, notices) = fonts::of(matches)?;
    let exporter = Exporter::new().with_fonts(fonts, notices);
    if path.is_dir() {
        return Ok(bag(
            &path,
            &archive::verify(&super::bag::read(&path, &options.limits)?, &options, &exporter),
            common,
        ));
    }
    let pdf = files::read(&path, options.limits.file_bytes)?;
    let found =
        verify(&pdf, &options, &exporter).map_err(|error| files::about(&path, unverifiable(&error)))?;
    if common.json {
        let mut object = serde_json::to_value(&found).unwrap_or_default();
        object["file"] = path.display().to_string().into();
        // Findings are where every command has them: those about the embedded report.
        object["findings"] = object["content"]["findings"].as_array().cloned().unwrap_or_default().into();
        show::object(&object);
    } else if !common.quiet || !found.holds() {
        show::out(&text(&path.display().to_string(), &found, common.lang));
    }
    Ok(outcome(found.verdict))
}

/// The exit code of a verdict.
pub fn outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Holds => Outcome::Done,
        Verdict::Unproved => Outcome::Unproved,
        Verdict::Broken => Outcome::Errors,
    }
}

/// Why a file cannot be verified. That a Word file is no Word file, as `extract` has it, would not be true.
fn unverifiable(error: &ReadError) -> Message {
    match error {
        ReadError::Format(_) => message!(
            "不是 PDF；能验证的是签过名的 PDF 和 archive 的文件夹，Word 文件没有签名",
            "this is no PDF; signed PDF files and the folders of archives can be verified, Word files have no signatures"
        ),
        ReadError::Encrypted | ReadError::Damaged(_) | ReadError::Limit(_) => error.message(),
    }
}

/// Prints the result of verifying an archive.
fn bag(folder: &Path, found: &ArchiveReport, common: Common) -> Outcome {
    let (name, lang) = (folder.display().to_string(), common.lang);
    if common.json {
        let mut object = serde_json::to_value(found).unwrap_or_default();
        object["archive"] = name.into();
        object["findings"] = Vec::<serde_json::Value>::new().into();
        show::object(&object);
    } else if !common.quiet || !found.holds() {
        let mut lines = vec![verdict(&name, found.verdict)];
        lines.extend(found.problems.iter().map(|problem| indented(&problem.message(), 1)));
        lines.iter().for_each(|line| show::line(line.get(lang)));
        for document in &found.documents {
            let file = &document.file;
            if let Some(verification) = &document.verification {
                show::out(&told(file, verification, lang));
            } else if document.verdict == Verdict::Holds
                && document.reproduced == Some(Reproduction::OtherVersion)
            {
                let line = message!(
                    "{file}：带的是这份报告，本版本不能重新生成",
                    "{file}: carries this report; this version cannot make it again"
                );
                show::line(line.get(lang));
            } else {
                show::line(verdict(file, document.verdict).get(lang));
            }
            for reason in &document.reasons {
                show::line(indented(&reason.message(), 1).get(lang));
            }
            for remark in &document.remarks {
                show::line(indented(&remarked(remark), 1).get(lang));
            }
        }
        if !found.not_compared.is_empty() {
            let names = found.not_compared.join("、");
            let line = message!(
                "没有核对（由另一版本生成，也没有人签名）：{names}",
                "not compared (made by another version, and signed by nobody): {names}"
            );
            show::line(line.get(lang));
        }
        settled_by(&found.settled_by()).iter().for_each(|line| show::line(line.get(lang)));
    }
    outcome(found.verdict)
}

fn verdict(name: &str, verdict: Verdict) -> Message {
    let Message { zh, en } = verdict.words();
    message!("{name}：{zh}", "{name}: {en}")
}

fn remarked(remark: &Remark) -> Message {
    let Message { zh, en } = remark.message();
    message!("注意：{zh}", "note: {en}")
}

/// What would settle a verdict, a line each.
fn settled_by(all: &[Message]) -> Vec<Message> {
    all.iter().map(|Message { zh, en }| message!("要弄清：{zh}", "to settle it: {en}")).collect()
}

/// The result of a verification, as people read it.
pub fn text(name: &str, found: &Verification, lang: Lang) -> String {
    let settled_by = settled_by(&found.settled_by());
    let settled_by = settled_by.iter().map(|line| format!("{}\n", show::one_line(line.get(lang))));
    told(name, found, lang) + &settled_by.collect::<String>()
}

fn told(name: &str, found: &Verification, lang: Lang) -> String {
    let mut lines = vec![verdict(name, found.verdict)];
    lines.extend(found.reasons.iter().map(|reason| indented(&reason.message(), 1)));
    for signature in &found.signatures {
        lines.extend(signature_lines(signature, found.revisions));
    }
    for field in &found.empty_fields {
        lines.push(message!("签名域 {field}：空着", "field {field}: empty"));
    }
    if let Some(content) = &found.content {
        lines.extend(content_lines(content));
    }
    lines.iter().map(|line| format!("{}\n", show::one_line(line.get(lang)))).collect()
}

fn indented(message: &Message, depth: usize) -> Message {
    let (space, zh, en) = ("  ".repeat(depth), &message.zh, &message.en);
    message!("{space}{zh}", "{space}{en}")
}

fn signature_lines(signature: &SignatureReport, revisions: usize) -> Vec<Message> {
    let field = &signature.field;
    let what = match signature.kind {
        SignatureKind::Signature => message!("签名 {field}", "signature {field}"),
        SignatureKind::TimeStamp => message!("文件时间戳 {field}", "document time stamp {field}"),
    };
    let (zh, en) = (&what.zh, &what.en);
    let mut lines = vec![match signature.verdict {
        Verdict::Holds => message!("{zh}：有效", "{en}: valid"),
        Verdict::Unproved => message!("{zh}：完好，签名者未证实", "{en}: intact, signer not proved"),
        Verdict::Broken => message!("{zh}：无效", "{en}: not valid"),
    }];
    let mut add = |message: Message| lines.push(indented(&message, 1));
    signature.reasons.iter().for_each(|reason| add(reason.message()));
    if let Some(signer) = &signature.signer {
        let (subject, issuer, serial) = (&signer.subject, &signer.issuer, &signer.serial);
        add(message!(
            "签名者：{subject}（颁发者 {issuer}，序号 {serial}）",
            "signer: {subject} (issued by {issuer}, number {serial})"
        ));
    }
    if let Some(SigningTime { time, source }) = signature.time {
        add(match source {
            TimeSource::TimeStamp => message!("时间：{time}（时间戳）", "time: {time} (time stamp)"),
            TimeSource::Given => message!("时间：{time}（--time 给定）", "time: {time} (given by --time)"),
            TimeSource::Clock => message!("时间：{time}（现在）", "time: {time} (now)"),
            TimeSource::Claimed => message!("时间：{time}（签名者自称）", "time: {time} (the signer's word)"),
        });
    }
    if let Some(stamp) = &signature.time_stamp {
        let by = &stamp.by.subject;
        add(message!("时间戳：{by}", "stamped by: {by}"));
    }
    for (label, text) in
        [(message!("事由", "reason"), &signature.reason), (message!("地点", "location"), &signature.location)]
    {
        if let Some(text) = text {
            let (zh, en) = (label.zh, label.en);
            add(message!("{zh}：{text}", "{en}: {text}"));
        }
    }
    if let Some(covers) = signature.covers {
        let (bytes, revision) = (covers.bytes, covers.revision);
        add(if covers.whole_file {
            message!(
                "范围：整个文件（第 {revision} 版，共 {revisions} 版）",
                "covers: the whole file (revision {revision} of {revisions})"
            )
        } else {
            message!(
                "范围：前 {bytes} 字节（第 {revision} 版，共 {revisions} 版）",
                "covers: the first {bytes} bytes (revision {revision} of {revisions})"
            )
        });
    }
    if signature.signer.is_some() {
        add(match signature.chain {
            Trust::Trusted => message!("证书链：可信", "chain: trusted"),
            Trust::Untrusted => message!("证书链：不可信", "chain: not trusted"),
            Trust::NotAsked => {
                message!(
                    "证书链：没有核对（用 --trust 给出根证书）",
                    "chain: not asked (give roots by --trust)"
                )
            }
        });
        let revocation = signature.revocation;
        add(match (revocation.status, revocation.as_of) {
            (Revocation::Good, Some(as_of)) => {
                message!("吊销：没有吊销（信息截至 {as_of}）", "revocation: none (as of {as_of})")
            }
            (Revocation::Good, None) => message!("吊销：没有吊销", "revocation: none"),
            (Revocation::Revoked, _) => message!("吊销：已吊销", "revocation: revoked"),
            (Revocation::Unknown, _) => {
                message!("吊销：文件里没有信息", "revocation: unknown, the file has no data")
            }
        });
    }
    if let Some(claimed) = signature
        .claimed_time
        .filter(|_| signature.time.is_some_and(|time| time.source != TimeSource::Claimed))
    {
        add(message!("签名者自称的时间：{claimed}", "time by the signer's word: {claimed}"));
    }
    if let Some(at) = signature.unreached {
        add(message!(
            "注意：签名的内容里有不属于任何对象的数据（第 {at} 字节起），阅读器不显示",
            "remark: what was signed has data that belong to no object (from byte {at}); readers do not show them"
        ));
    }
    if !signature.allowed.is_empty() {
        let names = signature.allowed.join(", ");
        add(message!("按 --allow 允许：{names}", "allowed by --allow: {names}"));
    }
    for change in &signature.changes {
        let Message { zh, en } = change.detail.message();
        add(if change.permitted {
            message!("之后：{zh}（允许）", "afterwards: {en} (permitted)")
        } else {
            message!("之后：{zh}（不允许）", "afterwards: {en} (not permitted)")
        });
    }
    signature.remarks.iter().for_each(|remark| add(remarked(remark)));
    lines
}

fn content_lines(content: &ContentReport) -> Vec<Message> {
    let count =
        |severity: Severity| content.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let reproduced = match content.reproduced {
        Reproduction::Yes => message!("一致", "yes"),
        Reproduction::No => message!("不一致", "no"),
        Reproduction::OtherVersion => message!("版本不同", "other version"),
        Reproduction::NoSource => message!("没有报告", "no report"),
    };
    let (zh, en) = (reproduced.zh, reproduced.en);
    let mut lines = vec![message!(
        "嵌入的报告：{errors} 个错误，{warnings} 个警告；重新生成：{zh}",
        "embedded report: {errors} errors, {warnings} warnings; reproduced: {en}"
    )];
    lines.extend(content.silenced.iter().map(|Silenced { finding, reason }| {
        let (rule, place, Message { zh, en }) = (&finding.rule, &finding.pointer, &finding.message);
        let text = message!(
            "已略过[{rule}] {place}：{zh}；理由：{reason}",
            "silenced[{rule}] {place}: {en}; reason: {reason}"
        );
        indented(&text, 1)
    }));
    lines.extend(content.reasons.iter().map(|reason| indented(&reason.message(), 1)));
    lines.extend(content.remarks.iter().map(|remark| indented(&remarked(remark), 1)));
    lines
}

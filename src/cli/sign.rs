//! `gongwen sign`: keys and passphrases read, the clock read, and the file written whole.
//!
//! A passphrase never comes from an argument, which every process of the machine can see.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::diagnostic::rule;
use crate::hash::sha256;
use crate::options::Limits;
use crate::pki::Certificate;
use crate::sign::{
    KeyError, Passphrase, Prepared, SignError, SignOptions, Signed, SigningKey, TimeStamped, TimeStamper,
    ValidationData, Weakness, add_gathered_validation_data, add_known_validation_data, add_time_stamp,
    complete, der_of, prepare, read_seal, sign,
};
use crate::verify::broken_signature;
use crate::{Diagnostic, Message, Time, message};
use clap::ArgMatches;
use serde_json::json;

use super::http::{Http, HttpStamper};
use super::{Common, Failure, Outcome, files, show};

/// The most bytes of a key, certificates or a list.
const MAX_SIDE_FILE: usize = 64 << 20;
/// The room for a signature that is made elsewhere: how many certificates it brings is not known.
const ROOM: usize = 32 << 10;

/// Runs the command.
pub fn run(matches: &ArgMatches, common: Common) -> Result<Outcome, Failure> {
    let path = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    let limits = files::limits(matches);
    let pdf = files::read(&path, limits.file_bytes)?;
    let job = Job { matches, common, path, output: matches.get_one::<PathBuf>("output").cloned() };
    let stamper = matches.get_one::<String>("timestamp").map(|url| HttpStamper(url.clone()));
    let stamper = stamper.as_ref().map(|stamper| stamper as &dyn TimeStamper);
    let options = job.options(stamper)?;
    if let (true, Some(stamper)) = (matches.get_flag("timestamp-only"), stamper) {
        return job.stamp(&pdf, stamper, options.time);
    }
    if let Some(content) = matches.get_one::<PathBuf>("prepare") {
        return job.prepare(&pdf, content, &options);
    }
    let signed = match matches.get_one::<PathBuf>("complete") {
        Some(cms) => complete(&pdf, &der_of(&files::read(cms, MAX_SIDE_FILE)?), stamper, &limits),
        None => sign(&pdf, &job.key()?, &options),
    };
    match signed {
        Ok(signed) => match job.breaks(&pdf, &signed.bytes, &options)? {
            Kept::All => job.finish(signed, &options),
            Kept::AsAllowed => {
                let mut signed = signed;
                signed.allowed.push(Weakness::BreaksSignature);
                job.finish(signed, &options)
            }
            Kept::Refused => Ok(Outcome::Errors),
        },
        Err(error) => job.refuse(&error),
    }
}

/// What becomes of the earlier signatures of a file.
enum Kept {
    /// All stay as they were.
    All,
    /// One would be broken, which is permitted.
    AsAllowed,
    /// One would be broken, which was told.
    Refused,
}

/// The key and the options of a command that makes the file itself.
pub struct Signer {
    pub key: SigningKey,
    stamper: Option<HttpStamper>,
    options: SignOptions<'static>,
}

impl Signer {
    /// The one that the arguments name.
    pub fn of(matches: &ArgMatches, common: Common) -> Result<Signer, Failure> {
        let job = Job { matches, common, path: PathBuf::new(), output: None };
        let stamper = matches.get_one::<String>("timestamp").map(|url| HttpStamper(url.clone()));
        Ok(Signer { key: job.key()?, stamper, options: job.options(None)? })
    }

    /// How it signs.
    pub fn options(&self) -> SignOptions<'_> {
        let time_stamper = self.stamper.as_ref().map(|stamper| stamper as &dyn TimeStamper);
        SignOptions { time_stamper, ..self.options.clone() }
    }
}

struct Job<'a> {
    matches: &'a ArgMatches,
    common: Common,
    path: PathBuf,
    output: Option<PathBuf>,
}

impl Job<'_> {
    fn options<'s>(&self, time_stamper: Option<&'s dyn TimeStamper>) -> Result<SignOptions<'s>, Failure> {
        let text = |name: &str| self.matches.get_one::<String>(name).cloned();
        let limits = files::limits(self.matches);
        let seal = match self.matches.get_one::<PathBuf>("seal") {
            Some(path) => {
                let bytes = files::read(path, limits.image_bytes)?;
                Some(read_seal(&bytes, &limits).map_err(|error| files::about(path, error.message()))?)
            }
            None => None,
        };
        let allow = self.matches.get_many::<String>("allow").into_iter().flatten();
        Ok(SignOptions {
            time: time(self.matches)?,
            field: text("field"),
            seal,
            reason: text("reason"),
            location: text("location"),
            allow: allow.filter_map(|name| Weakness::parse(name)).collect(),
            time_stamper,
            certificates: certificates(self.matches, "chain")?.unwrap_or_default(),
            limits,
        })
    }

    fn key(&self) -> Result<SigningKey, Failure> {
        let path = |name: &str| self.matches.get_one::<PathBuf>(name);
        let (file, key) = match (path("p12"), path("key"), path("cert")) {
            (Some(p12), ..) => {
                let bytes = files::read_stream(p12, MAX_SIDE_FILE)?;
                (p12, SigningKey::from_pkcs12(&bytes, &self.passphrase(p12)?))
            }
            (None, Some(key), Some(certificates)) => {
                let bytes = files::read_secret(key, MAX_SIDE_FILE)?;
                let certificates = files::read(certificates, MAX_SIDE_FILE)?;
                let opened = match SigningKey::from_pem(&bytes, &certificates, None) {
                    Err(KeyError::NeedsPassphrase) => {
                        SigningKey::from_pem(&bytes, &certificates, Some(&self.passphrase(key)?))
                    }
                    opened => opened,
                };
                (key, opened)
            }
            _ => {
                return Err(Failure::options(message!(
                    "用什么签？写 --p12 ID.p12，或 --key KEY.pem --cert CERT.pem",
                    "with which key? give --p12 ID.p12, or --key KEY.pem --cert CERT.pem"
                )));
            }
        };
        let key = key.map_err(|error| files::about(file, error.message()))?;
        let key = if self.matches.get_flag("pss") { key.with_pss() } else { key };
        if key.is_experimental() {
            let warning = message!(
                "SM2 签名是试验性的：多数阅读器不认识",
                "signatures with SM2 are experimental: most readers do not know them"
            );
            show::note(warning.get(self.common.lang));
        }
        Ok(key)
    }

    /// From the file named for it, the environment, or whoever sits at the terminal.
    fn passphrase(&self, key: &Path) -> Result<Passphrase, Failure> {
        if let Some(path) = self.matches.get_one::<PathBuf>("passphrase-file") {
            let bytes = files::read_secret(path, 1 << 20)?;
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| files::about(path, message!("不是 UTF-8 文本", "this is not text in UTF-8")))?;
            // The line's end is the editor's, not part of the passphrase.
            return Ok(Passphrase::new(text.trim_end_matches(['\r', '\n']).to_owned()));
        }
        if let Ok(text) = std::env::var("GONGWEN_PASSPHRASE") {
            return Ok(Passphrase::new(text));
        }
        let name = key.display();
        if !std::io::stdin().is_terminal() {
            return Err(Failure::options(message!(
                "{name} 要口令：用 --passphrase-file 或环境变量 GONGWEN_PASSPHRASE",
                "{name} asks for a passphrase: use --passphrase-file or the variable GONGWEN_PASSPHRASE"
            )));
        }
        let prompt = message!("{name} 的口令：", "passphrase of {name}: ");
        rpassword::prompt_password(prompt.get(self.common.lang))
            .map(Passphrase::new)
            .map_err(|error| Failure::options(message!("读不到口令：{error}", "no passphrase: {error}")))
    }

    /// Tells of an earlier signature of the file that would be broken.
    fn breaks(&self, before: &[u8], after: &[u8], options: &SignOptions) -> Result<Kept, Failure> {
        let broken = broken_signature(before, after, &options.limits);
        let Some(broken) = broken.map_err(|error| files::about(&self.path, error.message()))? else {
            return Ok(Kept::All);
        };
        if options.allow.contains(&Weakness::BreaksSignature) {
            return Ok(Kept::AsAllowed);
        }
        let name = Weakness::BreaksSignature.name();
        let finding = Diagnostic::error(rule::SIGN_REFUSED, "", broken.message()).hint(message!(
            "不带印章图片，或者用 --field 另选签名域；确要这样签，用 --allow {name}",
            "sign without a seal, or in another field by --field; to sign all the same, use --allow {name}"
        ));
        show::refused(&self.path.display().to_string(), &[finding], self.common);
        Ok(Kept::Refused)
    }

    fn prepare(&self, pdf: &[u8], content: &Path, options: &SignOptions) -> Result<Outcome, Failure> {
        let prepared: Prepared = match prepare(pdf, ROOM, options) {
            Ok(prepared) => prepared,
            Err(error) => return self.refuse(&error),
        };
        if matches!(self.breaks(pdf, prepared.bytes(), options)?, Kept::Refused) {
            return Ok(Outcome::Errors);
        }
        let output = self.output("-prepared");
        let to_sign = prepared.content();
        files::write_all(&[(output.clone(), prepared.bytes()), (content.to_owned(), &to_sign)])?;
        let (file, field) = (output.display(), prepared.field());
        self.print(
            &json!({
                "file": output,
                "field": field,
                "content": content,
                "content_sha256": sha256(&to_sign),
                "findings": [],
            }),
            &message!("{file}  签名域 {field} 待签", "{file}  the field {field} waits for its signature"),
        );
        Ok(Outcome::Done)
    }

    fn finish(&self, signed: Signed, options: &SignOptions) -> Result<Outcome, Failure> {
        let output = self.output("-signed");
        let bytes = if self.matches.get_flag("ltv") {
            let at = signed.stamped.unwrap_or(options.time);
            let known = validation_data(self.matches, &options.certificates)?;
            match with_validation_data(&signed.bytes, &known, at, &options.limits) {
                Ok(bytes) => bytes,
                Err(error) => return self.refuse(&error),
            }
        } else {
            signed.bytes
        };
        files::write_all(&[(output.clone(), &bytes)])?;
        let allowed: Vec<&str> = signed.allowed.iter().map(|weakness| weakness.name()).collect();
        let (file, field, signer) = (output.display(), &signed.field, signed.certificate.subject());
        let unstamped = signed.stamped.is_none().then(|| unstamped(signed.certificate.validity().1));
        if let Some(finding) = unstamped.iter().find(|_| !self.common.json && !self.common.quiet) {
            show::note(&show::text(&output.display().to_string(), finding, self.common.lang));
        }
        if !allowed.is_empty() {
            let names = allowed.join(", ");
            let warning = message!("按 --allow 放行：{names}", "permitted by --allow: {names}");
            show::note(warning.get(self.common.lang));
        }
        self.print(
            &json!({
                "file": output,
                "bytes": bytes.len(),
                "sha256": sha256(&bytes),
                "field": field,
                "signer": signer,
                "time": options.time,
                "time_stamp": signed.stamped,
                "validation_data": self.matches.get_flag("ltv"),
                "allowed": allowed,
                "findings": unstamped.iter().collect::<Vec<_>>(),
            }),
            &message!("{file}  {field}  {signer}", "{file}  {field}  {signer}"),
        );
        Ok(Outcome::Done)
    }

    /// Adds a document time stamp.
    fn stamp(&self, pdf: &[u8], stamper: &dyn TimeStamper, at: Time) -> Result<Outcome, Failure> {
        let ltv = self.matches.get_flag("ltv");
        let known = match ltv {
            true => Some(validation_data(
                self.matches,
                &certificates(self.matches, "chain")?.unwrap_or_default(),
            )?),
            false => None,
        };
        let (stamped, missing) = match time_stamped(pdf, known, stamper, at, &files::limits(self.matches)) {
            Ok(stamped) => stamped,
            Err(error) => return self.refuse(&error),
        };
        if matches!(self.breaks(pdf, &stamped.bytes, &self.options(None)?)?, Kept::Refused) {
            return Ok(Outcome::Errors);
        }
        let output = self.output("-stamped");
        files::write_all(&[(output.clone(), &stamped.bytes)])?;
        let findings = without_status(&missing);
        if !self.common.json && !self.common.quiet {
            for finding in &findings {
                show::note(&show::text(&output.display().to_string(), finding, self.common.lang));
            }
        }
        let (file, field, authority) = (output.display(), &stamped.field, stamped.authority.subject());
        let (time, to) = (stamped.time, stamped.authority.validity().1);
        self.print(
            &json!({
                "file": output,
                "bytes": stamped.bytes.len(),
                "sha256": sha256(&stamped.bytes),
                "field": field,
                "authority": authority,
                "time_stamp": time,
                "renew_by": to,
                "validation_data": ltv,
                "findings": findings,
            }),
            &message!(
                "{file}  {field}  {authority}  {time}，{to} 前续加",
                "{file}  {field}  {authority}  {time}, to be renewed by {to}"
            ),
        );
        Ok(Outcome::Done)
    }

    /// The file to write: the one named, or one beside the first.
    fn output(&self, ending: &str) -> PathBuf {
        self.output.clone().unwrap_or_else(|| {
            let mut name = files::stem(&self.path);
            name.push(ending);
            name.push(".pdf");
            self.path.with_file_name(name)
        })
    }

    fn refuse(&self, error: &SignError) -> Result<Outcome, Failure> {
        refuse(&self.path, error, self.common)
    }

    fn print(&self, result: &serde_json::Value, line: &crate::Message) {
        if self.common.json {
            show::object(result);
        } else if !self.common.quiet {
            // Nothing can be done when nobody reads on.
            show::line(line.get(self.common.lang));
        }
    }
}

/// A file with a document time stamp, over the validation data that are known if there are to be some; and the subjects
/// whose status is not known.
pub fn time_stamped(
    pdf: &[u8],
    known: Option<ValidationData>,
    stamper: &dyn TimeStamper,
    at: Time,
    limits: &Limits,
) -> Result<(TimeStamped, Vec<String>), SignError> {
    let (pdf, missing) = match known {
        Some(known) => add_known_validation_data(pdf, known, at, &Http, limits)?,
        None => (pdf.to_vec(), Vec::new()),
    };
    Ok((add_time_stamp(&pdf, stamper, limits)?, missing))
}

/// Warnings about certificates whose revocation status is not in the file.
pub fn without_status(subjects: &[String]) -> Vec<Diagnostic> {
    let warn = |subject: &String| {
        let warning = message!(
            "“{subject}”的证书没有取得吊销信息：它到期后就查不到当时是否已吊销",
            "there are no revocation data of the certificate of \"{subject}\": when it has run out, nobody can tell whether it was revoked"
        );
        let hint = message!(
            "用 --crl 给出吊销列表，用 --chain 给出颁发者的证书",
            "give a list by --crl and the issuers by --chain"
        );
        Diagnostic::warning(rule::SIGN_REVOCATION, "", warning).hint(hint)
    };
    subjects.iter().map(warn).collect()
}

/// The warning about a signature without a time stamp: it cannot be proved for longer than its certificate is valid.
pub fn unstamped(to: Time) -> Diagnostic {
    let warning = message!(
        "没有时间戳：证书 {to} 到期后，就证明不了是谁在有效期内签的",
        "there is no time stamp: after {to}, when the certificate runs out, nobody can prove that it was signed before"
    );
    let hint = message!(
        "长期保存的，签名时加 --timestamp URL（最好连同 --ltv）",
        "for the long term, sign with --timestamp URL, best together with --ltv"
    );
    Diagnostic::warning(rule::SIGN_TIME_STAMP, "", warning).hint(hint)
}

/// The validation data that the user brings: the revocation lists of `--crl`, and the certificates of `--chain`.
pub fn validation_data(matches: &ArgMatches, chain: &[Certificate]) -> Result<ValidationData, Failure> {
    let mut data = ValidationData { certificates: chain.to_vec(), ..Default::default() };
    for path in matches.get_many::<PathBuf>("crl").into_iter().flatten() {
        data.crls.push(der_of(&files::read(path, MAX_SIDE_FILE)?));
    }
    Ok(data)
}

/// The file with all validation data of its signatures: the known ones, and the answers of the addresses in the
/// certificates.
pub fn with_validation_data(
    pdf: &[u8],
    known: &ValidationData,
    at: Time,
    limits: &Limits,
) -> Result<Vec<u8>, SignError> {
    add_gathered_validation_data(pdf, known.clone(), at, &Http, limits)
}

/// Prints why a file was not signed. A key or certificate that is not fit, and a signature that is not the file's, are
/// errors of the input (exit code 1); all else is wrong use.
pub fn refuse(path: &Path, error: &SignError, common: Common) -> Result<Outcome, Failure> {
    let finding = Diagnostic::error(rule::SIGN_REFUSED, "", error.message());
    let refused = |finding: Diagnostic| {
        show::refused(&path.display().to_string(), &[finding], common);
        Ok(Outcome::Errors)
    };
    let permitted_by = |weakness: Weakness| {
        let name = weakness.name();
        message!("确要这样签，用 --allow {name}", "to sign all the same, use --allow {name}")
    };
    match error {
        SignError::Refused(weakness, _) => refused(finding.hint(permitted_by(*weakness))),
        SignError::Ambiguous { .. } => {
            let name = Weakness::AmbiguousSyntax.name();
            refused(finding.hint(message!(
                "先用 qpdf 一类的程序把文件重新存一遍，再签；确要这样签，用 --allow {name}",
                "write the file anew, by qpdf for example, and sign that; to sign all the same, use --allow {name}"
            )))
        }
        SignError::Cms(_) | SignError::Revoked { .. } | SignError::NotPrepared | SignError::NotSigned => {
            refused(finding)
        }
        SignError::NoRevocationData { .. } => {
            let Message { zh, en } = files::about(path, error.message()).message;
            Err(Failure::file(message!(
                "{zh}（用 --crl 给出列表，用 --chain 给出颁发者的证书）",
                "{en} (give a list by --crl and the issuers by --chain)"
            )))
        }
        SignError::Pdf(_)
        | SignError::NoField(_)
        | SignError::Filled(_)
        | SignError::NoRectangle(_)
        | SignError::Seal(_)
        | SignError::Key
        | SignError::Stamped
        | SignError::TimeStamp(_)
        | SignError::TimeStamper(_)
        | SignError::NoRoom { .. } => Err(files::about(path, error.message())),
    }
}

/// The certificates of the files of this argument, in PEM or DER; none if it was not given.
pub fn certificates(matches: &ArgMatches, name: &str) -> Result<Option<Vec<Certificate>>, Failure> {
    let Some(paths) = matches.get_many::<PathBuf>(name) else { return Ok(None) };
    let mut all = Vec::new();
    for path in paths {
        let bytes = files::read(path, MAX_SIDE_FILE)?;
        all.extend(Certificate::read_all(&bytes).map_err(|error| files::about(path, error.message()))?);
    }
    Ok(Some(all))
}

/// The time that was given, or the clock's.
pub fn time(matches: &ArgMatches) -> Result<Time, Failure> {
    match matches.get_one::<String>("time") {
        Some(text) => parse_time(text),
        None => clock().ok_or_else(|| {
            Failure::options(message!(
                "系统时钟不对，用 --time 给出时间",
                "the clock is wrong; give the time by --time"
            ))
        }),
    }
}

/// The present time by the machine's clock.
pub fn clock() -> Option<Time> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Time::from_unix(now.as_secs())
}

/// A time as it is written on the command line.
pub fn parse_time(text: &str) -> Result<Time, Failure> {
    Time::parse(text).ok_or_else(|| {
        Failure::options(message!(
            "--time：“{text}”不是时间，写成 2024-01-31T10:00:00+08:00",
            "--time: \"{text}\" is not a time; write 2024-01-31T10:00:00+08:00"
        ))
    })
}

//! Reasons why a file, a signature or an embedded report does not hold, as data; and their words.
//!
//! A reason about a place of the file has the place: a byte offset, an object number, the name of a field.

use super::metadata::{self, Property};
use super::parts::Part;
use super::verdict::{Verdict, another_certificate, another_copy, serialize_judged};
use crate::diagnostic::{Diagnostic, Lang, Message};
use crate::embed::SourceError;
use crate::extract::ExtractError;
use crate::message;
use crate::options::OptionsError;
use crate::pki::reason::serialize_reasons;
use crate::pki::{CertificationPathError, CmsError, Time, TimeStampError};
use crate::read::ReadError;

serialize_reasons!(ChangeDetail);
serialize_judged!(FileReason, SignatureReason, ContentReason);

/// Why a file as a whole does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum FileReason {
    /// No signature field is filled.
    NoSignature,
    /// There are time stamps over the document alone: nobody signed it.
    NoSigner,
    /// The header is not at the first byte: some programs count all offsets from the header on, others from the first
    /// byte, so that they would read two files.
    HeaderNotAtStart,
}

impl FileReason {
    /// The name of the reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            FileReason::NoSignature => "no-signature",
            FileReason::NoSigner => "no-signer",
            FileReason::HeaderNotAtStart => "header-not-at-start",
        }
    }

    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            FileReason::NoSignature => message!("文件没有签名", "the file has no signature"),
            FileReason::NoSigner => {
                message!("文件只有时间戳，没有人签名", "the file has time stamps alone; nobody signed it")
            }
            FileReason::HeaderNotAtStart => {
                message!("文件不是以 %PDF- 开头", "the file does not begin with %PDF-")
            }
        }
    }

    /// The verdict that it leads to.
    pub fn verdict(&self) -> Verdict {
        match self {
            FileReason::NoSigner => Verdict::Unproved,
            FileReason::NoSignature | FileReason::HeaderNotAtStart => Verdict::Broken,
        }
    }

    /// What would settle it.
    pub fn settled_by(&self) -> Message {
        match self {
            FileReason::NoSignature | FileReason::NoSigner => {
                message!("请发文机关签名（sign）", "have the issuer sign the file (sign)")
            }
            FileReason::HeaderNotAtStart => another_copy(),
        }
    }
}

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum SignatureReason {
    /// The signature dictionary has no `Contents` and `ByteRange` of its own (ISO 32000-2, 12.8.1).
    InvalidSignatureDictionary {
        /// The object number of the dictionary, if it is an object of its own.
        object: Option<u32>,
    },
    /// The byte range does not cover a whole revision.
    InvalidByteRange {
        /// The byte range: two ranges, each by its beginning and its length.
        byte_range: [usize; 4],
    },
    /// The signature is not part of the revision that it covers.
    NotInCoveredRevision {
        /// The end of that revision, in bytes.
        revision_end: usize,
    },
    /// Another field has the same signature.
    SharedSignature {
        /// The name of the other field.
        field: String,
    },
    /// The kind of signature is not supported.
    UnsupportedSubFilter {
        /// Its `SubFilter`, shortened.
        sub_filter: String,
    },
    /// The signed data are not a valid signature of the covered bytes.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// The time stamp is not valid.
    #[error(transparent)]
    TimeStamp(#[from] TimeStampError),
    /// A certificate is not valid, or no certification path leads to a trust anchor.
    #[error(transparent)]
    CertificationPath(#[from] CertificationPathError),
    /// Key usage or extended key usages of the certificate do not allow signatures.
    NotForSigning {
        /// The subject of the certificate.
        subject: String,
    },
    /// Programs read what was signed in different ways: it is not by the grammar of ISO 32000.
    AmbiguousSyntax {
        /// The offset of the first such place; that of the stream if it is in one.
        at: usize,
    },
    /// The certification path of the time stamp's certificate is not valid.
    TimeStampPath(CertificationPathError),
    /// No trust anchors were given, so that nobody's identity is proved.
    NoTrustAnchorsGiven,
    /// There is no time at which to validate the certificates but the signer's claim, which proves nothing.
    TimeNotProved,
    /// A time stamp is of a time after the verification.
    TimeStampInFuture {
        /// The time of the time stamp.
        time: Time,
        /// That of the verification.
        at: Time,
    },
    /// A time stamp is required, and there is none.
    TimeStampMissing,
    /// Revocation data are required, and the file has not all of them.
    RevocationStatusMissing,
    /// The file was changed after the signature in a way that is not permitted; the changes are in the report.
    ForbiddenChange,
}

impl SignatureReason {
    /// The name of the reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            SignatureReason::InvalidSignatureDictionary { .. } => "invalid-signature-dictionary",
            SignatureReason::InvalidByteRange { .. } => "invalid-byte-range",
            SignatureReason::NotInCoveredRevision { .. } => "not-in-covered-revision",
            SignatureReason::SharedSignature { .. } => "shared-signature",
            SignatureReason::UnsupportedSubFilter { .. } => "unsupported-sub-filter",
            SignatureReason::Cms(error) => error.code(),
            SignatureReason::TimeStamp(error) => error.code(),
            SignatureReason::CertificationPath(error) => error.code(),
            SignatureReason::NotForSigning { .. } => "not-for-signing",
            SignatureReason::AmbiguousSyntax { .. } => "ambiguous-syntax",
            SignatureReason::TimeStampPath(error) => error.code(),
            SignatureReason::NoTrustAnchorsGiven => "no-trust-anchors-given",
            SignatureReason::TimeNotProved => "time-not-proved",
            SignatureReason::TimeStampInFuture { .. } => "time-stamp-in-future",
            SignatureReason::TimeStampMissing => "time-stamp-missing",
            SignatureReason::RevocationStatusMissing => "revocation-status-missing",
            SignatureReason::ForbiddenChange => "forbidden-change",
        }
    }

    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            SignatureReason::InvalidSignatureDictionary { object: _ } => message!(
                "签名字典不对：没有单独的 Contents 和 ByteRange",
                "its dictionary is wrong: no Contents and ByteRange of its own"
            ),
            SignatureReason::InvalidByteRange { byte_range: _ } => message!(
                "签名没有盖住一个完整的版本（ByteRange 不对）",
                "it is not over a whole revision (its ByteRange is wrong)"
            ),
            SignatureReason::NotInCoveredRevision { revision_end: _ } => message!(
                "签名所盖的版本里没有这个签名，签名是从别处搬来的",
                "the signature is not part of the revision that it is over; it was brought from elsewhere"
            ),
            SignatureReason::SharedSignature { field: _ } => {
                message!("这个域与另一个域是同一个签名", "another field has the same signature")
            }
            SignatureReason::UnsupportedSubFilter { sub_filter } => message!(
                "签名的种类不支持：{sub_filter}",
                "this kind of signature is not known: {sub_filter}"
            ),
            SignatureReason::Cms(error) => error.message(),
            SignatureReason::TimeStamp(error) => error.message(),
            SignatureReason::CertificationPath(error) => error.message(),
            SignatureReason::NotForSigning { subject } => message!(
                "{subject} 的证书不是用于签名的",
                "the certificate of {subject} is not for signatures"
            ),
            SignatureReason::AmbiguousSyntax { at } => message!(
                "签名所盖的版本第 {at} 字节处不合 PDF 的语法，各种程序读法不一",
                "at byte {at} what it is over is not by the grammar of PDF, so that programs read it differently"
            ),
            SignatureReason::TimeStampPath(error) => {
                let Message { zh, en } = error.message();
                message!("时间戳：{zh}", "time stamp: {en}")
            }
            SignatureReason::NoTrustAnchorsGiven => message!(
                "没有给出信任的根证书，签名者的身份没有核对",
                "no trusted roots were given, so the signer's identity was not verified"
            ),
            SignatureReason::TimeNotProved => message!(
                "签名时间没有证明，只有签名者自称的",
                "the time of signing is not proved, only claimed by the signer"
            ),
            SignatureReason::TimeStampInFuture { time, at } => message!(
                "时间戳的时间 {time} 晚于核验的时间 {at}",
                "the time of the time stamp, {time}, is after that of the verification, {at}"
            ),
            SignatureReason::TimeStampMissing => {
                message!("要求有时间戳，签名没有", "a time stamp is required, and there is none")
            }
            SignatureReason::RevocationStatusMissing => message!(
                "要求有吊销信息，文件里没有或不全",
                "revocation data are required, and the file does not have all of them"
            ),
            SignatureReason::ForbiddenChange => message!(
                "签名之后文件被改动过，改动不在允许之列",
                "after it the file was changed in a way that is not permitted"
            ),
        }
    }

    /// The verdict that it leads to. A certificate that was revoked counts as broken: who signed with it is not its
    /// owner, unless a time stamp proves that it was before.
    pub fn verdict(&self) -> Verdict {
        match self {
            SignatureReason::CertificationPath(CertificationPathError::Revoked { .. }) => Verdict::Broken,
            SignatureReason::CertificationPath(_)
            | SignatureReason::TimeStampPath(_)
            | SignatureReason::NotForSigning { .. }
            | SignatureReason::NoTrustAnchorsGiven
            | SignatureReason::TimeNotProved
            | SignatureReason::TimeStampInFuture { .. }
            | SignatureReason::TimeStampMissing
            | SignatureReason::RevocationStatusMissing => Verdict::Unproved,
            SignatureReason::InvalidSignatureDictionary { .. }
            | SignatureReason::InvalidByteRange { .. }
            | SignatureReason::NotInCoveredRevision { .. }
            | SignatureReason::SharedSignature { .. }
            | SignatureReason::UnsupportedSubFilter { .. }
            | SignatureReason::Cms(_)
            | SignatureReason::TimeStamp(_)
            | SignatureReason::AmbiguousSyntax { .. }
            | SignatureReason::ForbiddenChange => Verdict::Broken,
        }
    }

    /// What would settle it.
    pub fn settled_by(&self) -> Message {
        use CertificationPathError as Path;
        match self {
            SignatureReason::NoTrustAnchorsGiven => {
                message!("用 --trust 给出信任的根证书", "give the roots that you trust by --trust")
            }
            SignatureReason::CertificationPath(Path::NoTrustAnchor { issuer })
            | SignatureReason::TimeStampPath(Path::NoTrustAnchor { issuer }) => message!(
                "确认“{issuer}”可信后，把它的根证书加到 --trust；缺中间证书的，由签名者用 --ltv --chain 补上",
                "if \"{issuer}\" is to be trusted, add its root to --trust; where a certificate between is missing, the signer adds it by --ltv --chain"
            ),
            SignatureReason::CertificationPath(Path::Expired { .. } | Path::NotYetValid { .. })
            | SignatureReason::TimeNotProved => message!(
                "文件里没有证明签名时间的时间戳：另有凭据证明签名时间的，用 --time 给出",
                "no time stamp in the file proves when it was signed: if there is other evidence, give that time by --time"
            ),
            SignatureReason::TimeStampPath(Path::Expired { .. } | Path::NotYetValid { .. }) => message!(
                "时间戳到期前没有续加（archive renew）：另有凭据证明文件当时已有的，用 --time 给出那个时间",
                "the time stamp was not renewed before it ran out (archive renew): if there is other evidence that the file existed then, give that time by --time"
            ),
            SignatureReason::TimeStampInFuture { .. } => {
                message!("核对 --time 和系统时钟", "check --time and the clock of the machine")
            }
            SignatureReason::TimeStampPath(Path::Revoked { .. }) => message!(
                "时间戳机构的证书已吊销：没有别的时间戳的，另有凭据证明签名时间才能用 --time 给出",
                "the certificate of the time stamping authority was revoked: without another time stamp, give the time by --time if there is other evidence"
            ),
            SignatureReason::TimeStampMissing => {
                message!("用 sign --timestamp-only 补加时间戳", "add a time stamp by sign --timestamp-only")
            }
            SignatureReason::RevocationStatusMissing => message!(
                "用 sign --timestamp-only --ltv 补入证书和吊销信息",
                "add certificates and revocation data by sign --timestamp-only --ltv"
            ),
            SignatureReason::NotForSigning { .. }
            | SignatureReason::CertificationPath(_)
            | SignatureReason::TimeStampPath(_) => another_certificate(),
            _ => another_copy(),
        }
    }
}

/// A change that was appended after a signature, or why what was appended cannot be taken for an incremental update.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum ChangeDetail {
    /// An empty signature field was signed.
    FieldSigned {
        /// The name of the field.
        field: String,
    },
    /// An invisible signature field was added.
    FieldAdded {
        /// The name of the field.
        field: String,
    },
    /// A document time stamp was added, in an invisible field.
    TimeStampAdded {
        /// The name of the field.
        field: String,
    },
    /// Validation data were added (DSS).
    ValidationDataAdded,
    /// The catalog names another version of PDF, or extensions of it: `Version`, `Extensions`.
    VersionChanged,
    /// Metadata were changed: the XMP, or the document information.
    MetadataChanged {
        /// The properties that were changed.
        properties: Vec<Property>,
    },
    /// An incremental update cannot be read.
    #[error(transparent)]
    UnreadableUpdate(#[from] ReadError),
    /// More revisions follow than are read.
    TooManyRevisions {
        /// The number of revisions that are read.
        most: usize,
    },
    /// There are data that belong to no incremental update.
    ForeignData {
        /// The offset of their first byte.
        at: usize,
    },
    /// Programs read what was appended in different ways: it is not by the grammar of ISO 32000.
    AmbiguousSyntax {
        /// The offset of the first such place; that of the stream if it is in one.
        at: usize,
    },
    /// Appended cross-references give an object two positions, or none.
    InconsistentCrossReferences {
        /// The offset of the cross-reference section.
        at: usize,
    },
    /// Validation data that were there were removed or replaced.
    ValidationDataRemoved,
    /// The cross-references do not continue those that were signed.
    DetachedCrossReferences,
    /// The trailer has another catalog, document information or file identifier, or a size that is wrong.
    TrailerChanged,
    /// A signed reference to nothing now leads to a new object.
    DanglingReferenceFilled {
        /// The object number.
        object: u32,
    },
    /// An object was removed.
    ObjectRemoved {
        /// What it was.
        part: Part,
        /// The object number.
        object: u32,
    },
    /// A signature field was changed.
    SignatureFieldChanged {
        /// The name of the field.
        field: String,
        /// The object number.
        object: u32,
    },
    /// A page was changed.
    PageChanged {
        /// The page.
        part: Part,
        /// The object number.
        object: u32,
    },
    /// The document catalog was changed.
    CatalogChanged {
        /// The object number.
        object: u32,
    },
    /// An embedded file was changed.
    EmbeddedFileChanged {
        /// The object number.
        object: u32,
    },
    /// Another object was changed.
    ObjectChanged {
        /// What it is.
        part: Part,
        /// The object number.
        object: u32,
    },
}

impl ChangeDetail {
    /// The name of the change, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ChangeDetail::FieldSigned { .. } => "field-signed",
            ChangeDetail::FieldAdded { .. } => "field-added",
            ChangeDetail::TimeStampAdded { .. } => "time-stamp-added",
            ChangeDetail::ValidationDataAdded => "validation-data-added",
            ChangeDetail::VersionChanged => "version-changed",
            ChangeDetail::MetadataChanged { .. } => "metadata-changed",
            ChangeDetail::UnreadableUpdate(_) => "unreadable-update",
            ChangeDetail::TooManyRevisions { .. } => "too-many-revisions",
            ChangeDetail::ForeignData { .. } => "foreign-data",
            ChangeDetail::AmbiguousSyntax { .. } => "ambiguous-syntax",
            ChangeDetail::InconsistentCrossReferences { .. } => "inconsistent-cross-references",
            ChangeDetail::ValidationDataRemoved => "validation-data-removed",
            ChangeDetail::DetachedCrossReferences => "detached-cross-references",
            ChangeDetail::TrailerChanged => "trailer-changed",
            ChangeDetail::DanglingReferenceFilled { .. } => "dangling-reference-filled",
            ChangeDetail::ObjectRemoved { .. } => "object-removed",
            ChangeDetail::SignatureFieldChanged { .. } => "signature-field-changed",
            ChangeDetail::PageChanged { .. } => "page-changed",
            ChangeDetail::CatalogChanged { .. } => "catalog-changed",
            ChangeDetail::EmbeddedFileChanged { .. } => "embedded-file-changed",
            ChangeDetail::ObjectChanged { .. } => "object-changed",
        }
    }

    /// The change, in both languages.
    pub fn message(&self) -> Message {
        match self {
            ChangeDetail::FieldSigned { field } => {
                message!("签名域 {field} 签了名", "the field {field} was signed")
            }
            ChangeDetail::FieldAdded { field } => {
                message!("加了看不见的签名域 {field}", "an invisible signature field was added: {field}")
            }
            ChangeDetail::TimeStampAdded { field } => {
                message!("加了文件时间戳 {field}", "a document time stamp was added: {field}")
            }
            ChangeDetail::ValidationDataAdded => {
                message!("加了证书和吊销信息（DSS）", "certificates and revocation data were added (DSS)")
            }
            ChangeDetail::VersionChanged => message!(
                "文件改写了所用的 PDF 版本或扩展（目录的 Version、Extensions）",
                "the file names another version of PDF, or extensions of it (Version, Extensions of the catalog)"
            ),
            ChangeDetail::MetadataChanged { properties } if properties.is_empty() => {
                message!("元数据重写过，内容没有变", "the metadata were written anew, and say the same")
            }
            ChangeDetail::MetadataChanged { properties } => {
                let Message { zh, en } = metadata::words(properties);
                match properties.iter().all(Property::is_information) {
                    true => message!("文件属性改写过（{zh}）", "document information was changed ({en})"),
                    false => message!("元数据改写过（{zh}）", "metadata were changed ({en})"),
                }
            }
            ChangeDetail::UnreadableUpdate(error) => error.message(),
            ChangeDetail::TooManyRevisions { most } => {
                message!("签名之后的版本超过 {most} 个", "more than {most} revisions follow the signature")
            }
            ChangeDetail::ForeignData { at } => message!(
                "签名之后第 {at} 字节处有不属于任何更新的数据",
                "at byte {at}, after the signature, there are data that belong to no update"
            ),
            ChangeDetail::AmbiguousSyntax { at } => message!(
                "后加的部分第 {at} 字节处不合 PDF 的语法，各种程序读法不一（如同一个键写了两次）",
                "at byte {at} what was appended is not by the grammar of PDF, so that programs read it differently, such as a duplicate key"
            ),
            ChangeDetail::InconsistentCrossReferences { at: _ } => message!(
                "后加的交叉引用给同一个对象写了两个位置，或行数不对",
                "the cross-references that were appended place an object twice, or not at all"
            ),
            ChangeDetail::ValidationDataRemoved => message!(
                "已有的证书和吊销信息（DSS）被删去或替换",
                "certificates and revocation data that were there (DSS) were removed or replaced"
            ),
            ChangeDetail::DetachedCrossReferences => message!(
                "后来的交叉引用不是从签名时的接下去的",
                "its later cross-references do not go on from those that were signed"
            ),
            ChangeDetail::TrailerChanged => message!(
                "文件的根、属性、标识或大小换了",
                "the file's root, properties, identifier or size are others"
            ),
            ChangeDetail::DanglingReferenceFilled { object } => message!(
                "签名时没有的内容后来补上了，先前的引用指向它",
                "a reference that led nowhere when it was signed leads to something new (object {object})"
            ),
            ChangeDetail::ObjectRemoved { part, object } => {
                let Message { zh, en } = part.words();
                message!("{zh}被删去", "{en} was removed (object {object})")
            }
            ChangeDetail::SignatureFieldChanged { field, object } => {
                message!("签名域 {field} 被改动", "the signature field {field} was changed (object {object})")
            }
            ChangeDetail::PageChanged { part, object } | ChangeDetail::ObjectChanged { part, object } => {
                let Message { zh, en } = part.words();
                message!("{zh}被改动", "{en} was changed (object {object})")
            }
            ChangeDetail::CatalogChanged { object } => {
                message!("文件的总目录被改动", "the catalog was changed (object {object})")
            }
            ChangeDetail::EmbeddedFileChanged { object } => {
                message!("嵌入的文件被改动", "an embedded file was changed (object {object})")
            }
        }
    }
}

/// Why an embedded report does not hold.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum ContentReason {
    /// The embedded files cannot be read.
    #[error(transparent)]
    UnreadableReport(#[from] ExtractError),
    /// The checks find errors in the report; they are in the findings.
    ReportErrors {
        /// The number of errors.
        errors: usize,
    },
    /// The embedded manifest, layouts or images cannot be used.
    #[error(transparent)]
    UnusableInputs(#[from] SourceError),
    /// The report gives no files.
    ReportRejected {
        /// The first finding, if there is one.
        finding: Option<Box<Diagnostic>>,
    },
    /// The options of the manifest give no files.
    #[error(transparent)]
    UnusableOptions(#[from] OptionsError),
    /// The program could not write the files.
    InternalError {
        /// What happened.
        cause: String,
    },
    /// The unsigned file was changed before it was signed, in a way that is not permitted.
    ChangedBeforeSigning(ChangeDetail),
    /// The files made again are not the file that was signed.
    NotReproduced,
    /// An input was another one when the file was made; which.
    InputDiffers(Message),
}

impl ContentReason {
    /// The name of the reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ContentReason::UnreadableReport(_) => "unreadable-report",
            ContentReason::ReportErrors { .. } => "report-errors",
            ContentReason::UnusableInputs(_) => "unusable-inputs",
            ContentReason::ReportRejected { .. } => "report-rejected",
            ContentReason::UnusableOptions(_) => "unusable-options",
            ContentReason::InternalError { .. } => "internal-error",
            ContentReason::ChangedBeforeSigning(_) => "changed-before-signing",
            ContentReason::NotReproduced => "not-reproduced",
            ContentReason::InputDiffers(_) => "input-differs",
        }
    }

    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            ContentReason::UnreadableReport(error) => error.message(),
            ContentReason::ReportErrors { errors } => {
                message!("嵌入的报告有 {errors} 个错误", "the embedded report has {errors} errors")
            }
            ContentReason::UnusableInputs(error) => error.message(),
            ContentReason::ReportRejected { finding: Some(finding) } => finding.message.clone(),
            ContentReason::ReportRejected { finding: None } => message!("报告有错", "the report is wrong"),
            ContentReason::UnusableOptions(error) => error.message(),
            ContentReason::InternalError { cause } => message!("{cause}", "{cause}"),
            ContentReason::ChangedBeforeSigning(change) => change.message(),
            ContentReason::NotReproduced => message!(
                "由嵌入的报告重新生成的文件与签名前的不一致",
                "exporting the embedded report again does not give the file that was signed"
            ),
            ContentReason::InputDiffers(difference) => difference.clone(),
        }
    }

    /// The verdict that it leads to. Without the fonts of then the file cannot be made again; nothing in it was changed.
    pub fn verdict(&self) -> Verdict {
        match self {
            ContentReason::InputDiffers(_) => Verdict::Unproved,
            _ => Verdict::Broken,
        }
    }

    /// What would settle it.
    pub fn settled_by(&self) -> Message {
        match self {
            ContentReason::InputDiffers(_) => message!(
                "用 --fonts 给出生成文件时所用的字体",
                "give the fonts that the file was made with by --fonts"
            ),
            ContentReason::ReportErrors { .. } | ContentReason::ReportRejected { .. } => {
                message!("更正报告，重新生成并签名", "correct the report, export it again and have it signed")
            }
            _ => another_copy(),
        }
    }
}

/// More signatures than are verified.
pub(super) fn too_many_signatures(most: usize) -> ReadError {
    ReadError::Limit(message!("签名超过 {most} 个", "there are more than {most} signatures"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::reason::kebab_case;

    #[test]
    fn codes_are_the_names_of_variants() {
        let field = || "signatory-1".to_owned();
        let file = [FileReason::NoSignature, FileReason::NoSigner, FileReason::HeaderNotAtStart];
        file.iter().for_each(|reason| assert_eq!(reason.code(), kebab_case(reason)));
        let time = Time::from_unix(0).expect("is one");
        let signature = [
            SignatureReason::InvalidSignatureDictionary { object: None },
            SignatureReason::InvalidByteRange { byte_range: [0; 4] },
            SignatureReason::NotInCoveredRevision { revision_end: 9 },
            SignatureReason::SharedSignature { field: field() },
            SignatureReason::UnsupportedSubFilter { sub_filter: String::new() },
            SignatureReason::NotForSigning { subject: String::new() },
            SignatureReason::AmbiguousSyntax { at: 9 },
            SignatureReason::NoTrustAnchorsGiven,
            SignatureReason::TimeNotProved,
            SignatureReason::TimeStampInFuture { time, at: time },
            SignatureReason::TimeStampMissing,
            SignatureReason::RevocationStatusMissing,
            SignatureReason::ForbiddenChange,
        ];
        signature.iter().for_each(|reason| assert_eq!(reason.code(), kebab_case(reason)));
        let changes = [
            ChangeDetail::FieldSigned { field: field() },
            ChangeDetail::FieldAdded { field: field() },
            ChangeDetail::TimeStampAdded { field: field() },
            ChangeDetail::ValidationDataAdded,
            ChangeDetail::MetadataChanged { properties: Vec::new() },
            ChangeDetail::UnreadableUpdate(ReadError::Encrypted),
            ChangeDetail::TooManyRevisions { most: 32 },
            ChangeDetail::ForeignData { at: 9 },
            ChangeDetail::AmbiguousSyntax { at: 9 },
            ChangeDetail::InconsistentCrossReferences { at: 9 },
            ChangeDetail::ValidationDataRemoved,
            ChangeDetail::DetachedCrossReferences,
            ChangeDetail::TrailerChanged,
            ChangeDetail::DanglingReferenceFilled { object: 9 },
            ChangeDetail::ObjectRemoved { part: Part::Form, object: 9 },
            ChangeDetail::SignatureFieldChanged { field: field(), object: 9 },
            ChangeDetail::PageChanged { part: Part::Page(1), object: 9 },
            ChangeDetail::CatalogChanged { object: 9 },
            ChangeDetail::EmbeddedFileChanged { object: 9 },
            ChangeDetail::ObjectChanged { part: Part::Form, object: 9 },
        ];
        changes.iter().for_each(|change| assert_eq!(change.code(), kebab_case(change)));
        let content = [
            ContentReason::UnreadableReport(ReadError::Encrypted.into()),
            ContentReason::ReportErrors { errors: 1 },
            ContentReason::UnusableInputs(SourceError::Manifest(message!("清单", "the manifest"))),
            ContentReason::ReportRejected { finding: None },
            ContentReason::InternalError { cause: String::new() },
            ContentReason::ChangedBeforeSigning(ChangeDetail::TrailerChanged),
            ContentReason::NotReproduced,
            ContentReason::InputDiffers(message!("字体", "a font")),
        ];
        content.iter().for_each(|reason| assert_eq!(reason.code(), kebab_case(reason)));
    }

    #[test]
    fn reasons_serialise_as_code_and_words() {
        let reason = serde_json::to_value(ChangeDetail::FieldSigned { field: "甲".to_owned() });
        let expected = serde_json::json!({
            "code": "field-signed", "zh": "签名域 甲 签了名", "en": "the field 甲 was signed",
        });
        assert_eq!(reason.expect("serialises"), expected);
        let inner = SignatureReason::from(CmsError::DigestMismatch);
        let inner = serde_json::to_value(inner).expect("serialises");
        assert_eq!((&inner["code"], &inner["verdict"]), (&"digest-mismatch".into(), &"broken".into()));
        let unproved = serde_json::to_value(SignatureReason::NoTrustAnchorsGiven).expect("serialises");
        assert_eq!(unproved["verdict"], "unproved");
        assert_eq!(unproved["settled_by"]["zh"], "用 --trust 给出信任的根证书");
    }
}

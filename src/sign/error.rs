//! Reasons why a file was not signed, or a key not opened, as data; and their words.

use crate::diagnostic::{Lang, Message};
use crate::message;
use crate::pki::{CertificationPathError, CmsError, Time, TimeStampError};
use crate::read::ReadError;

/// A weakness of a key, of its certificate or of the file that is permitted only by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// An RSA key of less than 2048 bits, or a certificate signed with SHA-1 or MD5.
    WeakAlgorithm,
    /// A certificate that is not valid any more at the time of signing, or not yet.
    Expired,
    /// A file that programs may read in different ways, so that its signature would not hold.
    AmbiguousSyntax,
    /// A signature that breaks an earlier one of the file. [`sign()`](super::sign) itself does not look for that:
    /// [`broken_signature`](crate::verify::broken_signature) does.
    BreaksSignature,
}

impl Weakness {
    /// All of them.
    pub const ALL: [Weakness; 4] =
        [Weakness::WeakAlgorithm, Weakness::Expired, Weakness::AmbiguousSyntax, Weakness::BreaksSignature];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Weakness::WeakAlgorithm => "weak-algorithm",
            Weakness::Expired => "expired",
            Weakness::AmbiguousSyntax => "ambiguous-syntax",
            Weakness::BreaksSignature => "breaks-signature",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Weakness> {
        Weakness::ALL.into_iter().find(|weakness| weakness.name() == name)
    }
}

/// Why a file was not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum SignError {
    /// The PDF cannot be read.
    #[error(transparent)]
    Pdf(#[from] ReadError),
    /// There is no signature field of this name.
    NoField(String),
    /// The signature field of this name is filled.
    Filled(String),
    /// A seal was given, and the signature field of this name has no visible area; or no field is empty, and a new one
    /// of this name would have none.
    NoRectangle(String),
    /// The seal is no image; why.
    Seal(Message),
    /// Key or certificate have a weakness that was not permitted.
    Refused(Weakness, #[source] CertificationPathError),
    /// The key cannot sign.
    Key,
    /// The signature that was brought is no valid signature of this file.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// The signature that was brought has a time stamp already.
    Stamped,
    /// The time stamp is not valid, or not one of this signature.
    #[error(transparent)]
    TimeStamp(#[from] TimeStampError),
    /// The time stamping authority did not answer.
    TimeStamper(#[source] TransportError),
    /// The revocation status of a certificate is unknown, or its issuer's certificate is missing.
    NoRevocationData {
        /// The subject of the certificate.
        subject: String,
        /// Why the sources that its addresses name do not help.
        sources: Vec<RevocationSourceError>,
    },
    /// A certificate was revoked.
    Revoked {
        /// The subject of the certificate.
        subject: String,
        /// The time of revocation.
        at: Time,
    },
    /// Programs may read the file in different ways, so that no signature of it would hold, and that was not permitted.
    Ambiguous {
        /// The byte at which the first such thing begins.
        at: usize,
    },
    /// The file was not prepared for a signature, or changed afterwards.
    NotPrepared,
    /// The signature is larger than the space that was reserved for it.
    NoRoom {
        /// The bytes that it has.
        needed: usize,
        /// The bytes that were reserved.
        room: usize,
    },
    /// No signature field of the file is filled.
    NotSigned,
}

impl SignError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            SignError::Pdf(error) => error.message(),
            SignError::NoField(name) => {
                message!("没有名为 {name} 的签名域", "there is no signature field {name}")
            }
            SignError::Filled(name) => {
                message!("签名域 {name} 已经签过", "the signature field {name} is filled already")
            }
            SignError::NoRectangle(name) => message!(
                "签名域 {name} 没有放印章的位置",
                "the signature field {name} has no place for a seal"
            ),
            SignError::Seal(message) => message.clone(),
            SignError::Refused(_, error) => error.message(),
            SignError::Key => message!("这个密钥签不了名", "the key cannot sign"),
            SignError::Cms(error) => error.message(),
            SignError::Stamped => message!("签名已有时间戳", "the signature has a time stamp already"),
            SignError::TimeStamp(error) => error.message(),
            SignError::TimeStamper(error) => error.message(),
            SignError::NoRevocationData { subject, sources } => {
                let sources: Vec<Message> = sources.iter().map(RevocationSourceError::message).collect();
                let zh = sources.iter().map(|source| source.zh.as_str()).collect::<Vec<_>>().join("；");
                let en = sources.iter().map(|source| source.en.as_str()).collect::<Vec<_>>().join("; ");
                message!(
                    "没有 {subject} 的证书的吊销信息，或没有其颁发者的证书。{zh}",
                    "nothing says whether the certificate of {subject} was revoked, or its issuer's certificate is missing. {en}"
                )
            }
            SignError::Revoked { subject, at } => {
                CertificationPathError::Revoked { subject: subject.clone(), at: *at }.message()
            }
            SignError::Ambiguous { at } => message!(
                "从第 {at} 个字节起，文件不合 PDF 的文法，不同的程序会读出不同的内容；签了名也验证不通过",
                "from byte {at} on the file is not by the grammar of PDF: programs may read different things in it, and no signature of it would hold"
            ),
            SignError::NotPrepared => message!(
                "文件没有为签名做好准备，或后来改过",
                "the file was not prepared for a signature, or was changed afterwards"
            ),
            SignError::NoRoom { needed, room } => message!(
                "签名有 {needed} 字节，而预留的只有 {room} 字节",
                "the signature has {needed} bytes, and there is room for {room}"
            ),
            SignError::NotSigned => message!("文件没有签名", "the file has no signature"),
        }
    }

    /// A file that nothing can be appended to.
    pub(crate) fn cross_references() -> SignError {
        let what = message!("交叉引用不对", "its cross-references are wrong");
        SignError::Pdf(ReadError::Damaged(what))
    }
}

/// More form fields than are read.
pub(super) fn too_many_fields(most: usize) -> ReadError {
    ReadError::Limit(message!("表单域超过 {most} 个", "there are more than {most} fields"))
}

/// A name of a form field that is longer than what is read.
pub(super) fn too_long_a_name(most: usize) -> ReadError {
    ReadError::Limit(message!(
        "表单域的名称超过 {most} 字节",
        "the name of a field is longer than {most} bytes"
    ))
}

/// Why an address gave no answer. Whoever implements [`TimeStamper`](super::TimeStamper) or [`Fetch`](super::Fetch)
/// makes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum TransportError {
    /// The address is of another scheme than HTTP.
    UnsupportedScheme {
        /// The address.
        url: String,
    },
    /// The TLS certificate of the server is not trusted.
    UntrustedServer {
        /// The address.
        url: String,
        /// What is wrong with it, in the words of the TLS library.
        cause: String,
    },
    /// The connection failed, or the answer is an error.
    Failed {
        /// The address.
        url: String,
        /// What happened, in the words of the HTTP library.
        cause: String,
    },
}

impl TransportError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            TransportError::UnsupportedScheme { url } => message!(
                "{url}：只支持 http:// 和 https:// 地址",
                "{url}: only http:// and https:// addresses are known"
            ),
            TransportError::UntrustedServer { url, cause } => message!(
                "{url}：服务器的 TLS 证书不可信（{cause}）；时间戳和吊销信息本身有签名，服务器若有 http:// 地址可改用",
                "{url}: the TLS certificate of the server is not trusted ({cause}); time stamps and revocation data are signed themselves: use its http:// address, if it has one"
            ),
            TransportError::Failed { url, cause } => message!("{url}：{cause}", "{url}: {cause}"),
        }
    }
}

/// Why an address in a certificate gave no revocation status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum RevocationSourceError {
    /// There is no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The answer is not about the certificate, not current, or not its issuer's.
    NotApplicable {
        /// The address.
        url: String,
    },
}

impl RevocationSourceError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            RevocationSourceError::Transport(error) => error.message(),
            RevocationSourceError::NotApplicable { url } => message!(
                "{url}：回答没有说到这张证书，或不是其颁发者的",
                "{url}: its answer does not mention the certificate, or is not its issuer's"
            ),
        }
    }
}

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum KeyError {
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The key is encrypted, and no passphrase was given.
    NeedsPassphrase,
    /// There is no key in the file.
    NoKey,
    /// There is no certificate of this key.
    NoCertificate,
    /// The file cannot be read.
    Unreadable,
    /// The file, or the key in it, is of an unknown kind.
    Unsupported,
}

impl KeyError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            KeyError::WrongPassphrase => message!("口令不对", "the passphrase is wrong"),
            KeyError::NeedsPassphrase => {
                message!("私钥是加密的，要有口令", "the key is encrypted; a passphrase is needed")
            }
            KeyError::NoKey => message!("里面没有私钥", "there is no private key in it"),
            KeyError::NoCertificate => {
                message!("没有这个私钥的证书", "there is no certificate of this key")
            }
            KeyError::Unreadable => message!("文件读不懂", "the file cannot be read"),
            KeyError::Unsupported => message!(
                "密钥或其加密方式不支持（支持 RSA、ECDSA P-256、P-384、SM2）",
                "the key or its encryption is of an unknown kind (RSA, ECDSA P-256 and P-384, SM2 are known)"
            ),
        }
    }
}

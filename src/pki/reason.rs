//! Reasons why certificates, signatures and time stamps are not valid, as data; and their words.
//!
//! A reason names what it is about: the subject of a certificate, a time, an algorithm. Nothing else in this folder
//! words a sentence, so that a caller can decide by the variant and show the message of its own choice.

use super::Time;
use crate::diagnostic::{Lang, Message};
use crate::message;

/// Serialises reasons as `{"code", "zh", "en"}`: their code, and their words in both languages.
macro_rules! serialize_reasons {
    ($($reason:ty),+ $(,)?) => {
        $(impl serde::Serialize for $reason {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                let words = self.message();
                let mut object = serializer.serialize_struct("Reason", 3)?;
                object.serialize_field("code", self.code())?;
                object.serialize_field("zh", &words.zh)?;
                object.serialize_field("en", &words.en)?;
                object.end()
            }
        })+
    };
}
pub(crate) use serialize_reasons;

serialize_reasons!(CertificationPathError, CmsError, TimeStampError);

/// Why bytes are no certificates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum CertificateError {
    /// There is none among them.
    None,
    /// One of them cannot be read.
    Unreadable,
}

impl CertificateError {
    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            CertificateError::None => message!("里面没有证书", "there is no certificate in it"),
            CertificateError::Unreadable => {
                message!("里面有证书读不懂", "a certificate in it cannot be read")
            }
        }
    }
}

/// Why a certificate is not valid, or no certification path leads from it to a trust anchor (RFC 5280, 6).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum CertificationPathError {
    /// No path leads to one of the trust anchors.
    NoTrustAnchor {
        /// The issuer of the certificate that the path begins with.
        issuer: String,
    },
    /// A certificate of the path may not issue others: by its basic constraints, its path length or its key usage.
    NotAnAuthority {
        /// The subject of the certificate.
        subject: String,
    },
    /// The extended key usages of an issuer do not include what its certificate is used for.
    OtherPurpose {
        /// The subject of the issuer's certificate.
        subject: String,
    },
    /// There are more revocation data than are evaluated.
    TooMuchRevocationData,
    /// A certificate is not valid yet.
    NotYetValid {
        /// The subject of the certificate.
        subject: String,
        /// The beginning of its validity.
        from: Time,
        /// The time of validation.
        at: Time,
    },
    /// A certificate is not valid any more.
    Expired {
        /// The subject of the certificate.
        subject: String,
        /// The end of its validity.
        to: Time,
        /// The time of validation.
        at: Time,
    },
    /// A certificate has a critical extension that is not evaluated.
    UnknownCriticalExtension {
        /// The subject of the certificate.
        subject: String,
    },
    /// The only statements on the revocation of a certificate have a critical extension that is not evaluated.
    UnknownCriticalRevocationExtension {
        /// The subject of the certificate.
        subject: String,
    },
    /// The key of a certificate is of an unknown kind.
    UnknownSubjectKey {
        /// The subject of the certificate.
        subject: String,
    },
    /// The key of a certificate is too short.
    WeakKey {
        /// The subject of the certificate.
        subject: String,
        /// The key: `RSA 1024`.
        key: String,
    },
    /// A certificate is signed with an unknown algorithm.
    UnknownCertificateAlgorithm {
        /// The subject of the certificate.
        subject: String,
    },
    /// A certificate is signed over a weak digest.
    WeakCertificateDigest {
        /// The subject of the certificate.
        subject: String,
        /// The digest: `SHA-1`.
        digest: &'static str,
    },
    /// A certificate was revoked.
    Revoked {
        /// The subject of the certificate.
        subject: String,
        /// The time of revocation.
        at: Time,
    },
}

impl CertificationPathError {
    /// The name of the reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            CertificationPathError::NoTrustAnchor { .. } => "no-trust-anchor",
            CertificationPathError::NotAnAuthority { .. } => "not-an-authority",
            CertificationPathError::OtherPurpose { .. } => "other-purpose",
            CertificationPathError::TooMuchRevocationData => "too-much-revocation-data",
            CertificationPathError::NotYetValid { .. } => "not-yet-valid",
            CertificationPathError::Expired { .. } => "expired",
            CertificationPathError::UnknownCriticalExtension { .. } => "unknown-critical-extension",
            CertificationPathError::UnknownCriticalRevocationExtension { .. } => {
                "unknown-critical-revocation-extension"
            }
            CertificationPathError::UnknownSubjectKey { .. } => "unknown-subject-key",
            CertificationPathError::WeakKey { .. } => "weak-key",
            CertificationPathError::UnknownCertificateAlgorithm { .. } => "unknown-certificate-algorithm",
            CertificationPathError::WeakCertificateDigest { .. } => "weak-certificate-digest",
            CertificationPathError::Revoked { .. } => "revoked",
        }
    }

    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            CertificationPathError::NoTrustAnchor { issuer } => message!(
                "没有通到所给根证书的证书链（颁发者 {issuer}）",
                "no chain leads to one of the given roots (issuer {issuer})"
            ),
            CertificationPathError::NotAnAuthority { subject } => {
                message!("{subject} 的证书不能颁发证书", "the certificate of {subject} may not issue others")
            }
            CertificationPathError::OtherPurpose { subject } => message!(
                "{subject} 的证书只为其他用途颁发证书",
                "the certificate of {subject} issues others for other purposes only"
            ),
            CertificationPathError::TooMuchRevocationData => {
                message!("吊销信息太多，没有全部核对", "there are more revocation data than are evaluated")
            }
            CertificationPathError::NotYetValid { subject, from, at } => message!(
                "{subject} 的证书 {from} 才生效（时间按 {at}）",
                "the certificate of {subject} is valid only from {from} (at {at})"
            ),
            CertificationPathError::Expired { subject, to, at } => message!(
                "{subject} 的证书已于 {to} 过期（时间按 {at}）",
                "the certificate of {subject} expired on {to} (at {at})"
            ),
            CertificationPathError::UnknownCriticalExtension { subject } => message!(
                "{subject} 的证书有不认识的关键扩展",
                "the certificate of {subject} has a critical extension that is not understood"
            ),
            CertificationPathError::UnknownCriticalRevocationExtension { subject } => message!(
                "{subject} 的证书的吊销信息有不认识的关键扩展",
                "the revocation data of the certificate of {subject} have a critical extension that is not understood"
            ),
            CertificationPathError::UnknownSubjectKey { subject } => {
                message!("{subject} 的证书的密钥种类不支持", "the key of {subject} is of an unknown kind")
            }
            CertificationPathError::WeakKey { subject, key } => {
                message!("{subject} 的密钥太弱：{key}", "the key of {subject} is weak: {key}")
            }
            CertificationPathError::UnknownCertificateAlgorithm { subject } => message!(
                "{subject} 的证书的签名算法不支持",
                "the certificate of {subject} is signed in an unknown way"
            ),
            CertificationPathError::WeakCertificateDigest { subject, digest } => message!(
                "{subject} 的证书用了弱算法 {digest}",
                "the certificate of {subject} is signed with {digest}, which is weak"
            ),
            CertificationPathError::Revoked { subject, at } => {
                message!("{subject} 的证书已于 {at} 吊销", "the certificate of {subject} was revoked on {at}")
            }
        }
    }
}

/// Why signed data (CMS, RFC 5652) are not a valid signature over a content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum CmsError {
    /// They are no signed data in DER.
    UnreadableCms,
    /// Other data than zero bytes follow them.
    TrailingData,
    /// They have no signer, or several.
    NotOneSigner,
    /// The digest algorithm is unknown.
    UnknownDigest,
    /// The signature algorithm is unknown.
    UnknownSignatureAlgorithm,
    /// Signed attributes are missing or contradict the content (RFC 5652, 11; RFC 5035).
    InvalidSignedAttributes,
    /// They encapsulate a content, where the signature must be detached.
    EncapsulatedContent,
    /// The message digest is not that of the content.
    DigestMismatch,
    /// They do not hold the signer's certificate.
    NoSignerCertificate,
    /// The certificate is not the one of the signing certificate attribute.
    SigningCertificateMismatch,
    /// The signer's key is of an unknown kind.
    UnknownSignerKey,
    /// The signature value was not made by the certificate's key.
    InvalidSignatureValue,
    /// The digest algorithm is weak.
    WeakSignatureDigest {
        /// The digest: `SHA-1`.
        digest: &'static str,
    },
}

impl CmsError {
    /// The name of the reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            CmsError::UnreadableCms => "unreadable-cms",
            CmsError::TrailingData => "trailing-data",
            CmsError::NotOneSigner => "not-one-signer",
            CmsError::UnknownDigest => "unknown-digest",
            CmsError::UnknownSignatureAlgorithm => "unknown-signature-algorithm",
            CmsError::InvalidSignedAttributes => "invalid-signed-attributes",
            CmsError::EncapsulatedContent => "encapsulated-content",
            CmsError::DigestMismatch => "digest-mismatch",
            CmsError::NoSignerCertificate => "no-signer-certificate",
            CmsError::SigningCertificateMismatch => "signing-certificate-mismatch",
            CmsError::UnknownSignerKey => "unknown-signer-key",
            CmsError::InvalidSignatureValue => "invalid-signature-value",
            CmsError::WeakSignatureDigest { .. } => "weak-signature-digest",
        }
    }

    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            CmsError::UnreadableCms => message!("签名（CMS）读不懂", "the signature (CMS) cannot be read"),
            CmsError::TrailingData => {
                message!("签名后面还有别的数据", "there are other data behind the signature")
            }
            CmsError::NotOneSigner => {
                message!("一个签名里应当只有一个签名者", "a signature must have exactly one signer")
            }
            CmsError::UnknownDigest => {
                message!("签名的散列算法不支持", "the hash of the signature is not known")
            }
            CmsError::UnknownSignatureAlgorithm => {
                message!("签名算法不支持", "the way of signing is not known")
            }
            CmsError::InvalidSignedAttributes => {
                message!("签名的属性不全或不对", "attributes of the signature are missing or wrong")
            }
            CmsError::EncapsulatedContent => message!(
                "签名里另带了一份内容，应当只盖文件本身",
                "the signature brings content of its own; it must be over the file's alone"
            ),
            CmsError::DigestMismatch => message!(
                "内容被改过：散列值与签名时不同",
                "the content was changed: its hash is not the one that was signed"
            ),
            CmsError::NoSignerCertificate => {
                message!("签名里没有签名者的证书", "the signature does not bring its signer's certificate")
            }
            CmsError::SigningCertificateMismatch => {
                message!("证书不是签名时所用的那一张", "the certificate is not the one that was signed with")
            }
            CmsError::UnknownSignerKey => {
                message!("签名者的密钥种类不支持", "the signer's key is of an unknown kind")
            }
            CmsError::InvalidSignatureValue => {
                message!("签名与证书的密钥不符", "the signature was not made with the certificate's key")
            }
            CmsError::WeakSignatureDigest { digest } => {
                message!("签名用了弱算法 {digest}", "the signature uses {digest}, which is weak")
            }
        }
    }
}

/// Why a time stamp (RFC 3161) is not valid, or was not granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum TimeStampError {
    /// The response of the time stamping authority cannot be read.
    UnreadableTimeStampResponse,
    /// The time stamping authority rejected the request.
    TimeStampRejected {
        /// The status of its response (RFC 3161, 2.4.2).
        status: u64,
    },
    /// The time stamp token cannot be read.
    UnreadableTimeStamp,
    /// The time stamp has a critical extension; none is evaluated.
    UnknownCriticalStampExtension,
    /// The digest of the message imprint is weak.
    WeakImprintDigest {
        /// The digest: `SHA-1`.
        digest: &'static str,
    },
    /// The message imprint is that of another content.
    ImprintMismatch,
    /// The nonce is not that of the request.
    NonceMismatch,
    /// The signature of the token is not valid.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// The certificate's only, critical extended key usage is not time stamping (RFC 3161, 2.3).
    NotForTimeStamping {
        /// The subject of the certificate.
        subject: String,
    },
}

impl TimeStampError {
    /// The name of the reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            TimeStampError::UnreadableTimeStampResponse => "unreadable-time-stamp-response",
            TimeStampError::TimeStampRejected { .. } => "time-stamp-rejected",
            TimeStampError::UnreadableTimeStamp => "unreadable-time-stamp",
            TimeStampError::UnknownCriticalStampExtension => "unknown-critical-stamp-extension",
            TimeStampError::WeakImprintDigest { .. } => "weak-imprint-digest",
            TimeStampError::ImprintMismatch => "imprint-mismatch",
            TimeStampError::NonceMismatch => "nonce-mismatch",
            TimeStampError::Cms(error) => error.code(),
            TimeStampError::NotForTimeStamping { .. } => "not-for-time-stamping",
        }
    }

    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            TimeStampError::UnreadableTimeStampResponse => {
                message!("时间戳服务器的回答读不懂", "the answer of the time stamper cannot be read")
            }
            TimeStampError::TimeStampRejected { status } => message!(
                "时间戳服务器拒绝了请求（状态 {status}）",
                "the time stamper refused (status {status})"
            ),
            TimeStampError::UnreadableTimeStamp => message!("时间戳读不懂", "the time stamp cannot be read"),
            TimeStampError::UnknownCriticalStampExtension => message!(
                "时间戳有不认识的关键扩展",
                "the time stamp has a critical extension that is not understood"
            ),
            TimeStampError::WeakImprintDigest { digest } => {
                message!("时间戳用了弱算法 {digest}", "the time stamp uses {digest}, which is weak")
            }
            TimeStampError::ImprintMismatch => {
                message!("时间戳是盖在别的内容上的", "the time stamp is over something else")
            }
            TimeStampError::NonceMismatch => message!(
                "时间戳不是对这次请求的回答（nonce 不同）",
                "the time stamp does not answer this request (its nonce is another)"
            ),
            TimeStampError::Cms(error) => error.message(),
            TimeStampError::NotForTimeStamping { subject } => message!(
                "{subject} 的证书不是用于时间戳的",
                "the certificate of {subject} is not for time stamps"
            ),
        }
    }
}

/// The code that a reason must have: the name of its variant, in kebab case.
#[cfg(test)]
pub(crate) fn kebab_case(reason: &impl std::fmt::Debug) -> String {
    let text = format!("{reason:?}");
    let name = text.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    let mut code = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !code.is_empty() {
            code.push('-');
        }
        code.extend(character.to_lowercase());
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_names_of_variants() {
        let at = Time::from_unix(0).expect("is one");
        let subject = || "甲".to_owned();
        let path = [
            CertificationPathError::NoTrustAnchor { issuer: subject() },
            CertificationPathError::NotAnAuthority { subject: subject() },
            CertificationPathError::OtherPurpose { subject: subject() },
            CertificationPathError::TooMuchRevocationData,
            CertificationPathError::NotYetValid { subject: subject(), from: at, at },
            CertificationPathError::Expired { subject: subject(), to: at, at },
            CertificationPathError::UnknownCriticalExtension { subject: subject() },
            CertificationPathError::UnknownCriticalRevocationExtension { subject: subject() },
            CertificationPathError::UnknownSubjectKey { subject: subject() },
            CertificationPathError::WeakKey { subject: subject(), key: "RSA 1024".to_owned() },
            CertificationPathError::UnknownCertificateAlgorithm { subject: subject() },
            CertificationPathError::WeakCertificateDigest { subject: subject(), digest: "SHA-1" },
            CertificationPathError::Revoked { subject: subject(), at },
        ];
        path.iter().for_each(|reason| assert_eq!(reason.code(), kebab_case(reason)));
        let cms = [
            CmsError::UnreadableCms,
            CmsError::TrailingData,
            CmsError::NotOneSigner,
            CmsError::UnknownDigest,
            CmsError::UnknownSignatureAlgorithm,
            CmsError::InvalidSignedAttributes,
            CmsError::EncapsulatedContent,
            CmsError::DigestMismatch,
            CmsError::NoSignerCertificate,
            CmsError::SigningCertificateMismatch,
            CmsError::UnknownSignerKey,
            CmsError::InvalidSignatureValue,
            CmsError::WeakSignatureDigest { digest: "MD5" },
        ];
        cms.iter().for_each(|reason| assert_eq!(reason.code(), kebab_case(reason)));
        let stamps = [
            TimeStampError::UnreadableTimeStampResponse,
            TimeStampError::TimeStampRejected { status: 2 },
            TimeStampError::UnreadableTimeStamp,
            TimeStampError::UnknownCriticalStampExtension,
            TimeStampError::WeakImprintDigest { digest: "MD5" },
            TimeStampError::ImprintMismatch,
            TimeStampError::NonceMismatch,
            TimeStampError::NotForTimeStamping { subject: subject() },
        ];
        stamps.iter().for_each(|reason| assert_eq!(reason.code(), kebab_case(reason)));
        let inner = TimeStampError::from(CmsError::DigestMismatch);
        assert_eq!(
            serde_json::to_value(&inner).expect("serialises")["code"],
            CmsError::DigestMismatch.code()
        );
    }
}

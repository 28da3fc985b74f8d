//! Remarks: what is no reason against a file or a signature, but should be known; as data, and their words.

use crate::diagnostic::Message;
use crate::message;
use crate::pki::Time;
use crate::pki::reason::serialize_reasons;

serialize_reasons!(Remark);

/// What is no reason against a signature, but should be known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// Without a time stamp the signer is not proved any more when the certificate has run out.
    NoTimeStamp {
        /// The end of its validity.
        valid_to: Time,
    },
    /// The file does not have the revocation status of all certificates.
    NoRevocationData,
    /// The time stamp is to be renewed before the certificate of its authority runs out.
    TimeStampRunsOut {
        /// The end of its validity.
        valid_to: Time,
    },
    /// The signer's certificate does not name the issuer of the report.
    SignerIsNotIssuer {
        /// The subject of the certificate.
        signer: String,
        /// The issuer of the report.
        issuer: String,
    },
    /// Nobody signed the file, and it cannot be made again to compare it: what it says is not proved.
    NotSigned,
    /// The file was made by another version of the program, which does not make it again byte for byte.
    OtherVersion {
        /// That version.
        made_by: String,
        /// The version of this program.
        program: &'static str,
    },
}

impl Remark {
    /// The name of the remark, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Remark::NoTimeStamp { .. } => "no-time-stamp",
            Remark::NoRevocationData => "no-revocation-data",
            Remark::TimeStampRunsOut { .. } => "time-stamp-runs-out",
            Remark::SignerIsNotIssuer { .. } => "signer-is-not-issuer",
            Remark::NotSigned => "not-signed",
            Remark::OtherVersion { .. } => "other-version",
        }
    }

    /// The remark, in both languages.
    pub fn message(&self) -> Message {
        match self {
            Remark::NoTimeStamp { valid_to } => message!(
                "没有时间戳：{valid_to} 证书到期后就证明不了签名者，长期保存的应当加时间戳",
                "there is no time stamp: after {valid_to}, when the certificate runs out, the signer is not proved any more; for the long term add a time stamp"
            ),
            Remark::NoRevocationData => message!(
                "文件里没有吊销信息：颁发者停办后查不到证书当时是否已吊销",
                "the file has no revocation data: when the authority is gone nobody can tell whether the certificate was revoked"
            ),
            Remark::TimeStampRunsOut { valid_to } => message!(
                "时间戳机构的证书 {valid_to} 到期，到期前要续加时间戳",
                "the certificate of the time stamping authority runs out on {valid_to}; renew the time stamp before"
            ),
            Remark::SignerIsNotIssuer { signer, issuer } => message!(
                "签名者“{signer}”的名称不是发文机关“{issuer}”",
                "the signer, \"{signer}\", does not have the name of the issuer, \"{issuer}\""
            ),
            Remark::NotSigned => message!(
                "这个文件没有人签名，内容以签名的 PDF 为准",
                "nobody signed this file; the signed PDF counts"
            ),
            Remark::OtherVersion { made_by, program } => message!(
                "文件由版本 {made_by} 生成，本程序是 {program}，不能由本版本重新生成逐字节核对",
                "the file was made by version {made_by}, this is {program}, which cannot make it again byte for byte"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::reason::kebab_case;

    #[test]
    fn codes_are_the_names_of_variants() {
        let time = Time::from_unix(0).expect("is one");
        let remarks = [
            Remark::NoTimeStamp { valid_to: time },
            Remark::NoRevocationData,
            Remark::NotSigned,
            Remark::TimeStampRunsOut { valid_to: time },
            Remark::SignerIsNotIssuer { signer: String::new(), issuer: String::new() },
            Remark::OtherVersion { made_by: String::new(), program: "" },
        ];
        remarks.iter().for_each(|remark| assert_eq!(remark.code(), kebab_case(remark)));
    }
}

//! Why a file was not signed.

use crate::diagnostic::{Lang, Message};
use crate::message;
use crate::read::ReadError;

/// Something wrong with a key or its certificate that may be let pass by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// An RSA key of less than 2048 bits, or a certificate signed with SHA-1 or MD5.
    WeakAlgorithm,
    /// A certificate that is not valid any more at the time of signing, or not yet.
    Expired,
}

impl Weakness {
    /// All of them.
    pub const ALL: [Weakness; 2] = [Weakness::WeakAlgorithm, Weakness::Expired];

    /// As the command line has it.
    pub fn name(self) -> &'static str {
        match self {
            Weakness::WeakAlgorithm => "weak-algorithm",
            Weakness::Expired => "expired",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Weakness> {
        Weakness::ALL.into_iter().find(|weakness| weakness.name() == name)
    }
}

/// Why a file was not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The PDF cannot be read.
    #[error("{}", .0.message().get(Lang::En))]
    Pdf(#[from] ReadError),
    /// There is no such field.
    #[error("there is no signature field {0}")]
    NoField(String),
    /// The field is filled.
    #[error("the signature field {0} is filled already")]
    Filled(String),
    /// A seal was given, and the field has no place for it; or there is no empty field.
    #[error("the signature field {0} has no place for a seal")]
    NoRectangle(String),
    /// The seal is no image.
    #[error("{}", .0.get(Lang::En))]
    Seal(Message),
    /// Key or certificate have a weakness that was not let pass.
    #[error("{}", .1.get(Lang::En))]
    Refused(Weakness, Message),
    /// The key cannot sign.
    #[error("the key cannot sign")]
    Key,
    /// The signature that was brought is not this file's.
    #[error("{}", .0.get(Lang::En))]
    Cms(Message),
    /// The signature that was brought has a time stamp already.
    #[error("the signature has a time stamp already")]
    Stamped,
    /// There is no time stamp, or none of this signature.
    #[error("{}", .0.get(Lang::En))]
    TimeStamp(Message),
    /// Nothing says whether a certificate was revoked.
    #[error("{}", .0.get(Lang::En))]
    NoRevocationData(Message),
    /// A certificate was revoked.
    #[error("{}", .0.get(Lang::En))]
    Revoked(Message),
    /// The file was not prepared for a signature, or changed afterwards.
    #[error("the file is not prepared for a signature")]
    NotPrepared,
    /// The signature is larger than the room that was kept for it.
    #[error("the signature has {needed} bytes, and there is room for {room}")]
    NoRoom {
        /// The bytes that it has.
        needed: usize,
        /// The bytes that there is room for.
        room: usize,
    },
    /// Nothing in the file is signed.
    #[error("the file has no signature")]
    NotSigned,
}

impl SignError {
    pub(crate) fn unreadable() -> SignError {
        let what = message!("交叉引用不对", "its cross-references are wrong");
        SignError::Pdf(ReadError::Damaged(what))
    }

    /// The reason as people read it.
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
            SignError::Seal(message)
            | SignError::Refused(_, message)
            | SignError::Cms(message)
            | SignError::TimeStamp(message)
            | SignError::NoRevocationData(message)
            | SignError::Revoked(message) => message.clone(),
            SignError::Key => message!("这个密钥签不了名", "the key cannot sign"),
            SignError::Stamped => {
                message!("签名已有时间戳", "the signature has a time stamp already")
            }
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
}

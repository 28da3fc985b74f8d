//! Reasons why an archive or a document in it does not hold, as data; and their words.
//!
//! Every reason names the file of the bag that it is about.

use crate::diagnostic::{Lang, Message};
use crate::extract::ExtractError;
use crate::message;
use crate::pki::reason::serialize_reasons;
use crate::read::ReadError;
use crate::verify::{Verdict, serialize_judged};

serialize_reasons!(ArchiveReason);
serialize_judged!(DocumentReason);

/// Why a bag (RFC 8493) is not valid, or not the archive of a report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum ArchiveReason {
    /// The bag declaration is missing, or not of BagIt 1.0.
    InvalidDeclaration {
        /// Its path.
        file: String,
    },
    /// A manifest is missing, or no text in UTF-8.
    UnreadableManifest {
        /// Its path.
        file: String,
    },
    /// A line of a manifest cannot be read.
    UnreadableManifestLine {
        /// The path of the manifest.
        file: String,
        /// The number of the line, from 1.
        line: usize,
    },
    /// A file is missing.
    FileMissing {
        /// Its path.
        file: String,
    },
    /// The digest of a file is not that of its manifest.
    FileChanged {
        /// Its path.
        file: String,
    },
    /// A file is listed twice.
    ListedTwice {
        /// Its path.
        file: String,
        /// The path of the manifest.
        manifest: String,
    },
    /// A file is not listed.
    NotListed {
        /// Its path.
        file: String,
        /// The path of the manifest.
        manifest: String,
    },
    /// Size and number of the payload files are not those of the metadata.
    PayloadOxumMismatch {
        /// The `Payload-Oxum` of the metadata.
        stated: String,
        /// That of the files.
        found: String,
    },
    /// The payload has no PDF.
    NoPdf,
    /// The payload has several PDFs.
    SeveralPdfs,
    /// A file is not what the report in the signed PDF makes.
    NotReproduced {
        /// Its path.
        file: String,
    },
    /// The provenance is missing, or contradicts the signed PDF.
    ProvenanceMismatch {
        /// Its path.
        file: String,
    },
    /// A file is not part of an archive.
    NotPartOfArchive {
        /// Its path.
        file: String,
    },
}

impl ArchiveReason {
    /// The name of the reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            ArchiveReason::InvalidDeclaration { .. } => "invalid-declaration",
            ArchiveReason::UnreadableManifest { .. } => "unreadable-manifest",
            ArchiveReason::UnreadableManifestLine { .. } => "unreadable-manifest-line",
            ArchiveReason::FileMissing { .. } => "file-missing",
            ArchiveReason::FileChanged { .. } => "file-changed",
            ArchiveReason::ListedTwice { .. } => "listed-twice",
            ArchiveReason::NotListed { .. } => "not-listed",
            ArchiveReason::PayloadOxumMismatch { .. } => "payload-oxum-mismatch",
            ArchiveReason::NoPdf => "no-pdf",
            ArchiveReason::SeveralPdfs => "several-pdfs",
            ArchiveReason::NotReproduced { .. } => "not-reproduced",
            ArchiveReason::ProvenanceMismatch { .. } => "provenance-mismatch",
            ArchiveReason::NotPartOfArchive { .. } => "not-part-of-archive",
        }
    }

    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            ArchiveReason::InvalidDeclaration { file } => {
                message!("{file}：缺失，或不是 BagIt 1.0", "{file}: missing, or not of BagIt 1.0")
            }
            ArchiveReason::UnreadableManifest { file } => {
                message!("{file}：缺失，或不是 UTF-8 文本", "{file}: missing, or no text in UTF-8")
            }
            ArchiveReason::UnreadableManifestLine { file, line } => {
                message!("{file}：第 {line} 行读不懂", "{file}: line {line} cannot be read")
            }
            ArchiveReason::FileMissing { file } => message!("{file}：缺失", "{file}: missing"),
            ArchiveReason::FileChanged { file } => message!("{file}：内容变了", "{file}: changed"),
            ArchiveReason::ListedTwice { file, manifest } => {
                message!("{manifest}：{file} 列了两次", "{manifest}: {file} is listed twice")
            }
            ArchiveReason::NotListed { file, manifest } => {
                message!("{file}：多出来的，没有列在 {manifest} 中", "{file}: added; {manifest} has it not")
            }
            ArchiveReason::PayloadOxumMismatch { stated, found } => message!(
                "Payload-Oxum：记的是 {stated}，现为 {found}",
                "Payload-Oxum: {stated} is written, {found} is there"
            ),
            ArchiveReason::NoPdf => message!("data/：没有 PDF", "data/: there is no PDF"),
            ArchiveReason::SeveralPdfs => message!("data/：PDF 不止一个", "data/: there are several PDFs"),
            ArchiveReason::NotReproduced { file } => message!(
                "{file}：不是签名的 PDF 所带报告的",
                "{file}: not what the report in the signed PDF makes"
            ),
            ArchiveReason::ProvenanceMismatch { file } => message!(
                "{file}：缺失，或与签名的 PDF 不符",
                "{file}: missing, or at odds with the signed PDF"
            ),
            ArchiveReason::NotPartOfArchive { file } => {
                message!("{file}：不是档案的一部分", "{file}: not part of an archive")
            }
        }
    }
}

/// Why a document of an archive does not hold, beside the reasons of its signatures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message().get(Lang::En))]
#[non_exhaustive]
pub enum DocumentReason {
    /// The document cannot be read.
    #[error(transparent)]
    UnreadableDocument(#[from] ReadError),
    /// It carries no report, or one that cannot be read.
    #[error(transparent)]
    NoReport(#[from] ExtractError),
    /// The report in it is not the one beside it.
    OtherReport,
    /// The report in it does not make the document again.
    NotReproducible,
    /// The document made again is another file.
    ReproducedDiffers {
        /// The first input that was another one, if it is known.
        difference: Option<Message>,
    },
    /// Its manifest is not that of the signed PDF.
    OtherManifest,
}

impl DocumentReason {
    /// The name of the reason, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            DocumentReason::UnreadableDocument(_) => "unreadable-document",
            DocumentReason::NoReport(_) => "no-report",
            DocumentReason::OtherReport => "other-report",
            DocumentReason::NotReproducible => "not-reproducible",
            DocumentReason::ReproducedDiffers { .. } => "reproduced-differs",
            DocumentReason::OtherManifest => "other-manifest",
        }
    }

    /// The reason, in both languages.
    pub fn message(&self) -> Message {
        match self {
            DocumentReason::UnreadableDocument(error) => error.message(),
            DocumentReason::NoReport(error) => error.message(),
            DocumentReason::OtherReport => {
                message!("嵌入的报告不是旁边的那一份", "the report inside is not the one beside it")
            }
            DocumentReason::NotReproducible => message!(
                "不能由它所带的报告重新生成",
                "it cannot be made again from the report that it carries"
            ),
            DocumentReason::ReproducedDiffers { difference: Some(Message { zh, en }) } => {
                message!("重新生成的不一样（{zh}）", "made again it is another file ({en})")
            }
            DocumentReason::ReproducedDiffers { difference: None } => {
                message!("重新生成的不一样", "made again it is another file")
            }
            DocumentReason::OtherManifest => {
                message!("所带的清单不是签名的 PDF 的", "its manifest is not that of the signed PDF")
            }
        }
    }

    /// The verdict that it leads to. Other fonts explain another file.
    pub fn verdict(&self) -> Verdict {
        match self {
            DocumentReason::ReproducedDiffers { difference: Some(_) } => Verdict::Unproved,
            _ => Verdict::Broken,
        }
    }

    /// What would settle it.
    pub fn settled_by(&self) -> Message {
        match self {
            DocumentReason::ReproducedDiffers { difference: Some(_) } => message!(
                "用 --fonts 给出生成文件时所用的字体",
                "give the fonts that the file was made with by --fonts"
            ),
            _ => message!("从另一份备份取回这个归档包", "take the archive from another copy"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::reason::kebab_case;

    #[test]
    fn codes_are_the_names_of_variants() {
        let file = || "data/a.pdf".to_owned();
        let archive = [
            ArchiveReason::InvalidDeclaration { file: file() },
            ArchiveReason::UnreadableManifest { file: file() },
            ArchiveReason::UnreadableManifestLine { file: file(), line: 1 },
            ArchiveReason::FileMissing { file: file() },
            ArchiveReason::FileChanged { file: file() },
            ArchiveReason::ListedTwice { file: file(), manifest: file() },
            ArchiveReason::NotListed { file: file(), manifest: file() },
            ArchiveReason::PayloadOxumMismatch { stated: file(), found: file() },
            ArchiveReason::NoPdf,
            ArchiveReason::SeveralPdfs,
            ArchiveReason::NotReproduced { file: file() },
            ArchiveReason::ProvenanceMismatch { file: file() },
            ArchiveReason::NotPartOfArchive { file: file() },
        ];
        archive.iter().for_each(|reason| assert_eq!(reason.code(), kebab_case(reason)));
        let document = [
            DocumentReason::UnreadableDocument(ReadError::Encrypted),
            DocumentReason::NoReport(ExtractError::Nothing),
            DocumentReason::OtherReport,
            DocumentReason::NotReproducible,
            DocumentReason::ReproducedDiffers { difference: None },
            DocumentReason::OtherManifest,
        ];
        document.iter().for_each(|reason| assert_eq!(reason.code(), kebab_case(reason)));
    }
}

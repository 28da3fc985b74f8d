//! The wording of hints and errors of the library for the command line: with its options and commands.

use super::Failure;
use crate::diagnostic::{Hint, HintCode, rule};
use crate::extract::ExtractError;
use crate::import::ImportError;
use crate::options::OptionsError;
use crate::{Diagnostic, ExportError, Message, message};

/// The wording of a hint.
pub fn hint(hint: &Hint) -> Message {
    match hint.code {
        HintCode::Fix => message!("gongwen fix 可以改正", "gongwen fix corrects it"),
        HintCode::ListLayouts => {
            message!("用 gongwen layouts 查看有哪些版式", "gongwen layouts lists the available layouts")
        }
        HintCode::AssetsFolder => {
            message!("用 --assets 指定文件夹", "name the folder with --assets")
        }
        HintCode::BlankWorkbook => message!(
            "用 gongwen new 版式 --xlsx 文件 得到一份可填的工作簿",
            "gongwen new LAYOUT --xlsx FILE writes a workbook to fill in"
        ),
        HintCode::ListFonts => {
            message!("用 gongwen fonts 查看各种字体的来源", "gongwen fonts lists the source of each font")
        }
        HintCode::FontsFolder => {
            let Message { zh, en } = &hint.message;
            message!("{zh}（--fonts 文件夹）", "{en} (--fonts FOLDER)")
        }
        HintCode::Limits => {
            let Message { zh, en } = &hint.message;
            message!("{zh}（--limits large）", "{en} (--limits large)")
        }
        HintCode::Advice | HintCode::DidYouMean => hint.message.clone(),
    }
}

/// The findings of a report that was not exported; options that cannot be combined are wrong use.
pub fn findings(error: ExportError) -> Result<Vec<Diagnostic>, Failure> {
    match error {
        ExportError::Rejected(rejected) => Ok(rejected.findings),
        ExportError::Options(error) => Err(Failure::options(options(&error))),
        ExportError::Internal(error) => {
            let text = message!("程序出错，请报告：{error}", "the program failed; please report it: {error}");
            Ok(vec![Diagnostic::error(rule::INTERNAL_WRITER, "", text)])
        }
    }
}

/// The wording of options that cannot be combined.
pub fn options(error: &OptionsError) -> Message {
    match error {
        OptionsError::LevelHoldsNoFiles(level) => {
            let level = level.name();
            message!(
                "--embed-source 与 --conformance {level} 不能同用：PDF/A-2 不能带附件，用 a-3a+ua-1",
                "--embed-source and --conformance {level} cannot go together: PDF/A-2 holds no files; use a-3a+ua-1"
            )
        }
        OptionsError::LevelWithoutPdf => message!(
            "--conformance 是 PDF 的级别，而 --format 里没有 pdf",
            "--conformance is a level of PDF, and --format has no pdf"
        ),
        OptionsError::SignatoriesWithoutPdf => message!(
            "--signatories 是 PDF 里的签名域，而 --format 里没有 pdf",
            "--signatories makes fields in the PDF, and --format has no pdf"
        ),
        OptionsError::FontsWithoutDocx => message!(
            "--docx-fonts embed 把字体嵌入 Word 文件，而 --format 里没有 docx",
            "--docx-fonts embed puts fonts into the Word file, and --format has no docx"
        ),
        OptionsError::Layout(message) => {
            let (zh, en) = (&message.zh, &message.en);
            message!(
                "--layout：{zh}；用 gongwen layouts 查看有哪些版式",
                "--layout: {en}; gongwen layouts lists the available layouts"
            )
        }
        OptionsError::TooManySignatories | OptionsError::Font(_) => error.message(),
    }
}

/// The wording of an error of `extract`.
pub fn extract(error: &ExtractError) -> Message {
    match error {
        ExtractError::Nothing => message!(
            "文件里没有嵌入报告（导出时要用 --embed-source）",
            "the file carries no report (export it with --embed-source)"
        ),
        ExtractError::Read(error) => error.message(),
    }
}

/// The wording of an error of `import`.
pub fn import(error: &ImportError) -> Message {
    match error {
        ImportError::UnknownLayout => message!(
            "看不出这个文件用的版式；用 --layout 指明",
            "the layout of this file cannot be recognised; name it by --layout"
        ),
        ImportError::Read(_) | ImportError::Layout(_) | ImportError::Nothing(_) => error.message(),
    }
}

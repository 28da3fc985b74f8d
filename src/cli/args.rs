//! The command line, described once in both languages.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use gongwen::diagnostic::Lang;
use gongwen::pdf::Conformance;

/// The language asked for anywhere on the command line; the help is written in it.
pub fn language(arguments: &[OsString]) -> Lang {
    let mut words = arguments.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.next().map(|value| value.into_owned()),
            Some(value) => value.strip_prefix('=').map(str::to_owned),
            None if word == "--" => break,
            None => None,
        };
        if let Some(value) = value {
            return if value == "en" { Lang::En } else { Lang::Zh };
        }
    }
    Lang::Zh
}

/// The command line.
pub fn command(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let command = Command::new("gongwen")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t(
            "公文：由 JSON 报告生成规范的 PDF 和 Word 文件",
            "公文: a report in JSON becomes the official PDF and Word file",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(export(t))
        .subcommand(check(t))
        .subcommand(batch(t))
        .subcommand(extract(t))
        .subcommand(fix(t))
        .subcommand(
            Command::new("schema")
                .about(t(
                    "输出报告的 JSON Schema，供编辑器补全和检查",
                    "print the JSON Schema of reports, for editors to complete and check them",
                ))
                .arg(layout(t))
                .arg(layouts_dir(t))
                .arg(output_file(t))
                .after_help(t(
                    "例：\n  gongwen schema --layout disclosure-annual-report-2021 -o schema.json",
                    "Example:\n  gongwen schema --layout disclosure-annual-report-2021 -o schema.json",
                )),
        )
        .subcommand(
            Command::new("layouts")
                .about(t("列出可用的版式", "list the layouts there are"))
                .arg(layouts_dir(t))
                .arg(output_file(t)),
        )
        .subcommand(fonts(t))
        .subcommand(import(t))
        .subcommand(new(t))
        .subcommand(diff(t))
        .subcommand(preview(t))
        .subcommand(sign(t))
        .subcommand(archive(t))
        .subcommand(verify(t))
        .subcommand(
            Command::new("licenses")
                .about(t("输出程序和字体的许可证", "print the licences of the program and its fonts"))
                .arg(output_file(t)),
        );
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, |sub| localised(sub, t)));
    localised(command.args(common(t).map(|arg| arg.global(true))), t)
}

fn export(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("export")
        .about(t("由报告生成 PDF 和 Word 文件", "make the PDF and the Word file of reports"))
        .arg(
            Arg::new("report")
                .value_name("REPORT")
                .num_args(1..)
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("JSON 报告，可以多个；- 表示标准输入", "reports in JSON, one or several; - is standard input")),
        )
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("TEMPLATE")
                .help(t("文件名的样式，如 {issuer}{year}、{title}；默认与报告同名", "names of the files, such as {issuer}{year} or {title}; that of the report by default")),
        )
        .args(making(t))
        .arg(figures(t))
        .after_help(t(
            "例：\n  gongwen export report.json -o out\n  gongwen export *.json -o out --format pdf --name \"{issuer}{year}\"\n  cat report.json | gongwen export - --assets images -o out\n\n退出码：0 完成；1 报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen export report.json -o out\n  gongwen export *.json -o out --format pdf --name \"{issuer}{year}\"\n  cat report.json | gongwen export - --assets images -o out\n\nExit codes: 0 done; 1 a report was found wanting; 2 wrong use, unreadable or unwritable files",
        ))
}

fn check(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("check")
        .about(t("检查报告：数字、文字、版式，一次列出所有问题", "look for everything that is wrong with reports"))
        .arg(
            Arg::new("report")
                .value_name("REPORT")
                .num_args(1..)
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("JSON 报告，可以多个；- 表示标准输入", "reports in JSON, one or several; - is standard input")),
        )
        .arg(figures(t))
        .arg(
            Arg::new("previous")
                .long("previous")
                .value_name("LAST.json")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("上年的报告：核对上年结转、现行有效件数等", "the report of the last year: what was carried over, in force and the like")),
        )
        .arg(
            Arg::new("units")
                .long("units")
                .value_name("UNIT.json")
                .num_args(1..)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("所属各单位的报告：核对本报告是不是它们的合计", "the reports of the units: whether their figures add up to those of the report")),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .default_value("text")
                .value_parser(PossibleValuesParser::new(["text", "json", "sarif"]))
                .help(t("结果的形式：text（默认）、json（一份一行）、sarif", "form of the results: text (by default), json (a line a report), sarif")),
        )
        .arg(
            Arg::new("fill")
                .long("fill")
                .action(ArgAction::SetTrue)
                .help(t("输出补全的报告：\"auto\" 换成算出的数字，其余原样", "print the completed report: figures in place of \"auto\", all else as it is")),
        )
        .arg(
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help(t("警告也算错误", "warnings are errors")),
        )
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(assets(t))
        .args(user_fonts(t))
        .after_help(t(
            "例：\n  gongwen check report.json --previous last.json\n  gongwen check report.json --fill > filled.json\n  gongwen check 全市.json --units 单位/*.json\n  gongwen check *.json --format sarif > check.sarif\n\n退出码：0 没有错误；1 报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen check report.json --previous last.json\n  gongwen check report.json --fill > filled.json\n  gongwen check city.json --units units/*.json\n  gongwen check *.json --format sarif > check.sarif\n\nExit codes: 0 no errors; 1 a report was found wanting; 2 wrong use, unreadable or unwritable files",
        ))
}

/// What both commands that make files take: where to, which, of what, how.
fn making(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Vec<Arg> {
    let mut arguments = vec![
        Arg::new("output")
            .short('o')
            .long("output")
            .value_name("DIR")
            .default_value(".")
            .value_parser(clap::value_parser!(std::path::PathBuf))
            .help(t("写到这个文件夹", "write into this folder")),
        Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .value_delimiter(',')
            .default_value("pdf,docx")
            .value_parser(PossibleValuesParser::new(["pdf", "docx"]))
            .help(t("生成哪些文件：pdf、docx", "which files: pdf, docx")),
        layout(t),
        layouts_dir(t),
        assets(t),
        Arg::new("date")
            .long("date")
            .value_name("YYYY-MM-DD")
            .help(t("文件属性里的日期；默认是成文日期", "date in the files' properties; the date of issue by default")),
        Arg::new("docx-fonts")
            .long("docx-fonts")
            .value_name("WHICH")
            .default_value("names")
            .value_parser(PossibleValuesParser::new(["names", "embed"]))
            .help(t("Word 文件的字体：names 只写方正小标宋、仿宋_GB2312 等名称（默认），embed 嵌入程序自带的字体", "fonts of the Word file: names asks for the official ones by name (by default), embed brings those of the program along")),
        Arg::new("embed-source")
            .long("embed-source")
            .action(ArgAction::SetTrue)
            .help(t("把报告和重新生成所需的一切嵌入文件（PDF 为 PDF/A-3a）", "put the report and all that is needed to make them again into the files (PDF/A-3a)")),
        Arg::new("conformance")
            .long("conformance")
            .value_name("LEVEL")
            .value_parser(PossibleValuesParser::new(Conformance::ALL.map(Conformance::name)))
            .hide_possible_values(true)
            .help(t("PDF 的级别：a-2a+ua-1（默认）、a-3a+ua-1、a-2b、a-2u", "level of the PDF: a-2a+ua-1 (by default), a-3a+ua-1, a-2b, a-2u")),
        Arg::new("signatories")
            .long("signatories")
            .value_name("N")
            .value_parser(clap::value_parser!(u16).range(1..=gongwen::MAX_SIGNATORIES as i64))
            .help(t("在 PDF 里留 N 个空的签名域，供 gongwen sign 签名", "N empty signature fields in the PDF, for gongwen sign to fill")),
        Arg::new("strict")
            .long("strict")
            .action(ArgAction::SetTrue)
            .help(t("警告也算错误", "warnings are errors")),
        Arg::new("allow-errors")
            .long("allow-errors")
            .conflicts_with("strict")
            .action(ArgAction::SetTrue)
            .help(t("数字对不上也生成文件，错误作为警告列出", "make the files even if figures contradict each other; errors are told as warnings")),
    ];
    arguments.extend(user_fonts(t));
    arguments
}

fn batch(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("batch")
        .about(t("一次生成成千上万份报告", "make thousands of reports in one run"))
        .arg(
            Arg::new("input")
                .value_name("INPUT")
                .num_args(1..)
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t(
                    "一行一份报告的 .ndjson 文件，JSON 报告的文件夹，列出路径的 .csv 文件（path 列）；- 表示标准输入的 NDJSON",
                    "an .ndjson file with a report a line, a folder of reports in JSON, a .csv file of their paths (column path); - is NDJSON on standard input",
                )),
        )
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("TEMPLATE")
                .help(t(
                    "文件名的样式：{issuer} {year} {title} {stem} {number} {prefix}，可用 / 分文件夹；默认与报告同名",
                    "names of the files: {issuer} {year} {title} {stem} {number} {prefix}, with / between folders; that of the report by default",
                )),
        )
        .args(making(t))
        .arg(
            Arg::new("jobs")
                .short('j')
                .long("jobs")
                .value_name("N")
                .value_parser(clap::value_parser!(u16).range(1..=1024))
                .help(t("同时做几份；默认是处理器的个数", "how many at a time; as many as there are processors by default")),
        )
        .arg(
            Arg::new("shard")
                .long("shard")
                .value_name("I/N")
                .help(t("只做第 I 组（共 N 组，从 0 数起），供几台机器分做", "only the I-th of N parts, counted from 0: for several machines")),
        )
        .arg(
            Arg::new("resume")
                .long("resume")
                .action(ArgAction::SetTrue)
                .help(t("已经做好、原料没变的不再做", "leave what is made already, of the same things")),
        )
        .arg(
            Arg::new("fail-fast")
                .long("fail-fast")
                .action(ArgAction::SetTrue)
                .help(t("有一份出错就停", "stop at the first report that fails")),
        )
        .arg(
            Arg::new("results")
                .long("results")
                .value_name("FILE")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("结果写到这个文件，一份一行 JSON；默认是标准输出", "write the results to this file, a line of JSON a report; to standard output by default")),
        )
        .after_help(t(
            "例：\n  gongwen batch reports.ndjson -o out --name \"{year}/{issuer}\" --results results.ndjson\n  gongwen batch 各单位 -o out --jobs 8 --resume\n  gongwen batch list.csv -o out --shard 0/4\n\n每份报告旁边的 .gongwen.json 记着它由什么做成，--resume 靠它。\n\n退出码：0 都做好了；1 有报告出错，或中断了；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen batch reports.ndjson -o out --name \"{year}/{issuer}\" --results results.ndjson\n  gongwen batch reports -o out --jobs 8 --resume\n  gongwen batch list.csv -o out --shard 0/4\n\nThe .gongwen.json beside the files of a report says of what they were made; --resume goes by it.\n\nExit codes: 0 all were made; 1 a report was found wanting, or the run was interrupted; 2 wrong use, unreadable or unwritable files",
        ))
}

fn extract(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("extract")
        .about(t("取出文件里嵌入的报告", "take the report out of a file that carries it"))
        .arg(
            Arg::new("file")
                .value_name("FILE.pdf")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("用 --embed-source 导出的文件；- 表示标准输入", "a file exported with --embed-source; - is standard input")),
        )
        .arg(output_file(t).conflicts_with("all"))
        .arg(
            Arg::new("all")
                .long("all")
                .value_name("DIR")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("把报告、清单、版式和图片都写到这个文件夹", "write the report, the manifest, layouts and images into this folder")),
        )
        .after_help(t(
            "例：\n  gongwen extract report.pdf -o report.json\n  gongwen extract report.pdf --all out\n\n退出码：0 完成；1 文件里没有嵌入报告；2 用法不对，文件损坏、加密或超过限制，或文件读写不了",
            "Examples:\n  gongwen extract report.pdf -o report.json\n  gongwen extract report.pdf --all out\n\nExit codes: 0 done; 1 the file carries no report; 2 wrong use, a damaged or encrypted file or one beyond the limits, unreadable or unwritable files",
        ))
}

fn fix(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("fix")
        .about(t("改正报告文字中的标点", "put right the punctuation of a report's texts"))
        .arg(
            Arg::new("report")
                .value_name("REPORT")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("JSON 报告；- 表示标准输入", "a report in JSON; - is standard input")),
        )
        .arg(
            Arg::new("write")
                .long("write")
                .action(ArgAction::SetTrue)
                .help(t("改写文件；不写时只显示要改什么", "change the file; without it what would change is shown")),
        )
        .after_help(t(
            "汉字之间的半角标点、<> 和 [2023]、重复的标点、多余的空格；数字、网址、电话、文件名一个字也不动。\n\n例：\n  gongwen fix report.json\n  gongwen fix report.json --write\n\n退出码：0 完成；1 报告读不出来；2 用法不对，或文件读写不了",
            "Half-width punctuation between Han, <> and [2023], doubled punctuation, spaces; figures, addresses, telephone numbers and file names are left alone.\n\nExamples:\n  gongwen fix report.json\n  gongwen fix report.json --write\n\nExit codes: 0 done; 1 the report cannot be read; 2 wrong use, unreadable or unwritable files",
        ))
}

fn fonts(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("fonts")
        .about(t("列出各种字体由什么字库来画，以及报告中哪些字缺字", "list the fonts of each face, and what they lack for a report"))
        .arg(
            Arg::new("report")
                .value_name("REPORT")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("看这个 JSON 报告的用字；- 表示标准输入", "look at the characters of this report in JSON; - is standard input")),
        )
        .args(user_fonts(t))
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(assets(t))
        .arg(output_file(t))
        .after_help(t(
            "例：\n  gongwen fonts report.json\n  gongwen fonts --prefer-installed\n\n退出码：0 完成；1 报告中有字没有字体，或报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen fonts report.json\n  gongwen fonts --prefer-installed\n\nExit codes: 0 done; 1 a character of the report has no font, or the report is wrong; 2 wrong use, unreadable or unwritable files",
        ))
}

fn import(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("import")
        .about(t("把改过的 Word 文件读回成 JSON 报告", "read an edited Word file back into a report"))
        .arg(
            Arg::new("file")
                .value_name("FILE.docx")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("本程序生成、又经人修改的 Word 文件；- 表示标准输入", "a Word file that this program made and a person edited; - is standard input")),
        )
        .arg(output_file(t))
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help(t("有读不回的改动时退出码为 1", "exit with 1 if a change found no place")),
        )
        .after_help(t(
            "例：\n  gongwen import 年报.docx -o 年报.json\n\n退出码：0 完成（放不下的改动逐条列出）；2 不是 Word 文件，或文件读写不了",
            "Example:\n  gongwen import report.docx -o report.json\n\nExit codes: 0 done (changes without a place are listed); 2 no Word file, or unreadable or unwritable files",
        ))
}

fn diff(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    let report = |name: &'static str, value: &'static str| {
        Arg::new(name).value_name(value).required(true).value_parser(clap::value_parser!(std::path::PathBuf))
    };
    Command::new("diff")
        .about(t("列出两份报告的不同：数字、段落、其他各项", "what changed between two reports: figures, paragraphs, all else"))
        .arg(report("old", "OLD").help(t("原来的 JSON 报告；- 表示标准输入", "the old report in JSON; - is standard input")))
        .arg(report("new", "NEW").help(t("新的 JSON 报告", "the new report in JSON")))
        .arg(layouts_dir(t))
        .arg(output_file(t))
        .after_help(t(
            "例：\n  gongwen diff 送审稿.json 退回稿.json\n\n删去的写作 [-…-]，新增的写作 {+…+}。\n\n退出码：0 完成，不论有没有不同；1 报告有错；2 用法不对，或文件读写不了",
            "Example:\n  gongwen diff old.json new.json\n\nWhat is gone stands as [-…-], what is new as {+…+}.\n\nExit codes: 0 done, whether they differ or not; 1 a report was found wanting; 2 wrong use, unreadable or unwritable files",
        ))
}

fn new(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("new")
        .about(t("开始一份报告：写出带占位文字的 JSON，或供填数的工作簿", "begin a report: JSON with placeholders, or a workbook for its figures"))
        .arg(
            Arg::new("layout")
                .value_name("LAYOUT")
                .required(true)
                .help(t("版式的名称（见 gongwen layouts），或版式文件（.toml）", "a layout (see gongwen layouts), or a layout file (.toml)")),
        )
        .arg(
            Arg::new("xlsx")
                .long("xlsx")
                .value_name("FILE.xlsx")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("写一份统计表的工作簿，填好后用 --figures 读入", "write a workbook of the tables, to be read by --figures once it is filled in")),
        )
        .arg(
            Arg::new("issuer")
                .long("issuer")
                .value_name("NAME")
                .help(t("发文机关；默认写占位的名称", "the issuer; a placeholder by default")),
        )
        .arg(
            Arg::new("year")
                .long("year")
                .value_name("YYYY")
                .value_parser(clap::value_parser!(u16).range(1900..=2199))
                .help(t("报告年度；默认写占位的年份", "the year; a placeholder by default")),
        )
        .arg(layouts_dir(t))
        .arg(output_file(t))
        .after_help(t(
            "例：\n  gongwen new disclosure-annual-report-2021 -o report.json\n  gongwen new disclosure-annual-report-2021 --xlsx figures.xlsx\n  gongwen check report.json --figures figures.xlsx\n\n退出码：0 完成；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen new disclosure-annual-report-2021 -o report.json\n  gongwen new disclosure-annual-report-2021 --xlsx figures.xlsx\n  gongwen check report.json --figures figures.xlsx\n\nExit codes: 0 done; 2 wrong use, unreadable or unwritable files",
        ))
}

fn preview(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("preview")
        .about(t("把报告或 PDF 的各页画成图片（PNG）", "draw the pages of a report or a PDF as pictures (PNG)"))
        .arg(
            Arg::new("input")
                .value_name("REPORT|FILE.pdf")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("JSON 报告或 PDF 文件；- 表示标准输入", "a report in JSON or a PDF file; - is standard input")),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("DIR")
                .default_value(".")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("写到这个文件夹", "write into this folder")),
        )
        .arg(
            Arg::new("dpi")
                .long("dpi")
                .value_name("N")
                .default_value("100")
                .value_parser(clap::value_parser!(u32))
                .help(t("每英寸像素数，36 到 600；默认 100", "pixels an inch, 36 to 600; 100 by default")),
        )
        .arg(
            Arg::new("pages")
                .long("pages")
                .value_name("1-3,5")
                .help(t("只画这些页，如 1-3,5 或 4-；默认全部", "only these pages, such as 1-3,5 or 4-; all by default")),
        )
        .args(user_fonts(t))
        .arg(layout(t))
        .arg(layouts_dir(t))
        .arg(assets(t))
        .after_help(t(
            "例：\n  gongwen preview report.json -o out\n  gongwen preview out/report.pdf --dpi 150 --pages 1-3 -o out\n\n退出码：0 完成；1 报告有错；2 用法不对，或文件读写不了",
            "Examples:\n  gongwen preview report.json -o out\n  gongwen preview out/report.pdf --dpi 150 --pages 1-3 -o out\n\nExit codes: 0 done; 1 the report was found wanting; 2 wrong use, unreadable or unwritable files",
        ))
}

/// Who signs, and how.
fn signing(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Vec<Arg> {
    let file = |name: &'static str, value: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(clap::value_parser!(std::path::PathBuf))
    };
    let word = |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    vec![
        file("p12", "ID.p12")
            .conflicts_with_all(["key", "cert"])
            .help(t("私钥和证书（PKCS#12）", "key and certificates (PKCS#12)")),
        file("key", "KEY.pem").requires("cert").help(t("私钥（PEM）", "the key (PEM)")),
        file("cert", "CERT.pem").requires("key").help(t(
            "证书，可带其上级证书（PEM 或 DER）",
            "its certificate, and those above it if you like (PEM or DER)",
        )),
        file("chain", "CERTS.pem").action(ArgAction::Append).help(t(
            "另外放进去的证书：签名者和时间戳的上级",
            "further certificates to put in: those above the signer's and the time stamper's",
        )),
        file("passphrase-file", "FILE").help(t(
            "口令在这个文件里；否则取环境变量 GONGWEN_PASSPHRASE，再否则询问",
            "the passphrase is in this file; else in the variable GONGWEN_PASSPHRASE, else it is asked for",
        )),
        word("field", "NAME").help(t(
            "签在这个签名域；默认是第一个空的",
            "sign in this field; in the first empty one by default",
        )),
        file("seal", "IMAGE").help(t(
            "在签名域的位置显示这个印章图片（PNG、JPEG）",
            "show this image of a seal in the field's place (PNG, JPEG)",
        )),
        word("reason", "TEXT").help(t("签名事由", "why it is signed")),
        word("location", "TEXT").help(t("签名地点", "where it is signed")),
        word("time", "TIME").help(t(
            "签名时间，如 2024-01-31T10:00:00+08:00；默认是现在",
            "the time of signing, such as 2024-01-31T10:00:00+08:00; now by default",
        )),
        flag("pss").help(t("RSA 密钥用 PSS 方式", "an RSA key signs by PSS")),
        word("timestamp", "URL").help(t(
            "向这个时间戳服务器（RFC 3161，http://）要时间戳",
            "have the time stamped by this server (RFC 3161, http://)",
        )),
        word("allow", "WEAKNESS")
            .action(ArgAction::Append)
            .value_parser(PossibleValuesParser::new(
                gongwen::sign::Weakness::ALL.map(gongwen::sign::Weakness::name),
            ))
            .hide_possible_values(true)
            .help(t(
                "放过这个毛病：weak-algorithm（弱算法）、expired（证书过期或未生效）",
                "let this pass: weak-algorithm, expired (also: not valid yet)",
            )),
    ]
}

fn sign(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    let file = |name: &'static str, value: &'static str| {
        Arg::new(name).long(name).value_name(value).value_parser(clap::value_parser!(std::path::PathBuf))
    };
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    Command::new("sign")
        .about(t("给 PDF 签名（PAdES），不改动已有的内容和签名", "sign a PDF (PAdES); what is there, and earlier signatures, stay as they are"))
        .arg(
            Arg::new("file")
                .value_name("FILE.pdf")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("要签名的 PDF；用 export --signatories 留出的签名域依次填", "the PDF to sign; the fields of export --signatories are filled one after the other")),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("OUT.pdf")
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("写到这个文件；默认写在旁边，名为 FILE-signed.pdf", "write to this file; to FILE-signed.pdf beside the first by default")),
        )
        .args(signing(t))
        .arg(flag("ltv").conflicts_with("prepare").help(t("放进证书和吊销信息，以便日后验证；没有 --crl 的向证书所写的地址索取", "put in certificates and what revocation says, to verify it later; what no --crl tells is asked at the certificates' addresses")))
        .arg(file("crl", "FILE").action(ArgAction::Append).requires("ltv").help(t("证书吊销列表（DER 或 PEM）", "a list of revoked certificates (DER or PEM)")))
        .arg(file("prepare", "CONTENT").conflicts_with_all(["p12", "key", "complete", "timestamp"]).help(t("不签：把待签的字节写到这个文件，把留好位置的 PDF 写到 -o", "do not sign: write the bytes to be signed to this file, and the PDF with room for the signature to -o")))
        .arg(file("complete", "CMS").conflicts_with_all(["p12", "key", "seal", "field"]).help(t("把别处做的签名（CMS，DER 或 PEM）填进 --prepare 的 PDF", "put a signature made elsewhere (CMS in DER or PEM) into the PDF of --prepare")))
        .after_help(t(
            "例：\n  gongwen export report.json --signatories 1 --format pdf -o out\n  gongwen sign out/report.pdf --p12 office.p12 --seal seal.png -o signed.pdf\n  gongwen sign report.pdf --prepare content.bin -o prepared.pdf\n  gongwen sign prepared.pdf --complete signature.p7s -o signed.pdf\n\n退出码：0 完成；1 密钥或证书不宜签名，或外来的签名不是这个文件的；2 用法不对，口令不对，或文件读写不了",
            "Examples:\n  gongwen export report.json --signatories 1 --format pdf -o out\n  gongwen sign out/report.pdf --p12 office.p12 --seal seal.png -o signed.pdf\n  gongwen sign report.pdf --prepare content.bin -o prepared.pdf\n  gongwen sign prepared.pdf --complete signature.p7s -o signed.pdf\n\nExit codes: 0 done; 1 key or certificate are not fit to sign, or the signature made elsewhere is not the file's; 2 wrong use, a wrong passphrase, unreadable or unwritable files",
        ))
}

fn archive(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    // It always makes both files with the report inside, at the level that holds it.
    let made = |argument: &Arg| {
        !["output", "format", "embed-source", "conformance"].contains(&argument.get_id().as_str())
    };
    Command::new("archive")
        .about(t("生成归档包：签名的 PDF、Word 文件、报告、检查结果、页面图片和来历（BagIt）", "make the archival set: signed PDF, Word file, report, checks, pages and provenance (BagIt)"))
        .arg(
            Arg::new("report")
                .value_name("REPORT")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("JSON 报告；- 表示标准输入", "a report in JSON; - is standard input")),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("DIR")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("归档包的文件夹，不能已有", "the folder of the bag, which must not be there yet")),
        )
        .args(making(t).into_iter().filter(made))
        .arg(figures(t))
        .args(signing(t))
        .after_help(t(
            "例：\n  gongwen archive report.json --p12 office.p12 -o archive/2023\n  gongwen verify archive/2023 --trust roots.pem\n\n退出码：0 完成；1 报告有错，或密钥、证书不宜签名；2 用法不对，口令不对，文件夹已有，或文件读写不了",
            "Examples:\n  gongwen archive report.json --p12 office.p12 -o archive/2023\n  gongwen verify archive/2023 --trust roots.pem\n\nExit codes: 0 done; 1 the report, key or certificate was found wanting; 2 wrong use, a wrong passphrase, a folder that is there already, unreadable or unwritable files",
        ))
}

fn verify(t: impl Fn(&'static str, &'static str) -> &'static str + Copy) -> Command {
    Command::new("verify")
        .about(t("验证 PDF 的签名，并核对它与嵌入的报告是否一致", "verify the signatures of a PDF, and whether it is what its embedded report makes"))
        .arg(
            Arg::new("file")
                .value_name("FILE.pdf|DIR")
                .required(true)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("签过名的 PDF，或 archive 的文件夹；- 表示标准输入", "a signed PDF, or the folder of an archive; - is standard input")),
        )
        .arg(
            Arg::new("trust")
                .long("trust")
                .value_name("ROOTS.pem")
                .action(ArgAction::Append)
                .value_parser(clap::value_parser!(std::path::PathBuf))
                .help(t("信任的根证书（PEM 或 DER）；不给则不核对证书链", "certificates that are trusted (PEM or DER); without them no chain is asked for")),
        )
        .arg(Arg::new("time").long("time").value_name("TIME").help(t(
            "没有时间戳时，证书在这个时间要有效；默认是签名者自称的时间",
            "certificates must be valid at this time where no time stamp tells it; at the signer's by default",
        )))
        .arg(Arg::new("signatures-only").long("signatures-only").action(ArgAction::SetTrue).help(t(
            "只看签名，不看嵌入的报告",
            "only signatures, no embedded report",
        )))
        .args(user_fonts(t))
        .after_help(t(
            "不联网。\n\n例：\n  gongwen verify signed.pdf --trust roots.pem\n  gongwen verify archive/2023 --json\n\n退出码：0 要求的都通过；1 有不通过的，或没有签名；2 用法不对，文件损坏、加密或超过限制，或文件读不了",
            "No network is used.\n\nExamples:\n  gongwen verify signed.pdf --trust roots.pem\n  gongwen verify archive/2023 --json\n\nExit codes: 0 all that was asked holds; 1 something does not, or there is no signature; 2 wrong use, a damaged or encrypted file or one beyond the limits, an unreadable file",
        ))
}

/// Where the office's own fonts are taken from.
fn user_fonts(t: impl Fn(&'static str, &'static str) -> &'static str) -> [Arg; 2] {
    [
        Arg::new("fonts")
            .long("fonts")
            .value_name("DIR")
            .value_parser(clap::value_parser!(std::path::PathBuf))
            .help(t(
                "用这个文件夹里的方正小标宋、仿宋_GB2312 等字体",
                "use the fonts in this folder, such as 方正小标宋 and 仿宋_GB2312",
            )),
        Arg::new("prefer-installed").long("prefer-installed").action(ArgAction::SetTrue).help(t(
            "用系统里安装的方正小标宋、仿宋_GB2312 等字体",
            "use the installed fonts, such as 方正小标宋 and 仿宋_GB2312",
        )),
    ]
}

fn common(t: impl Fn(&'static str, &'static str) -> &'static str) -> [Arg; 3] {
    [
        Arg::new("lang")
            .long("lang")
            .value_name("LANG")
            .default_value("zh")
            .value_parser(PossibleValuesParser::new(["zh", "en"]))
            .help(t("消息的语言：zh、en", "language of messages: zh, en")),
        Arg::new("json")
            .long("json")
            .action(ArgAction::SetTrue)
            .help(t("以 JSON 输出结果", "results as JSON")),
        Arg::new("quiet")
            .short('q')
            .long("quiet")
            .action(ArgAction::SetTrue)
            .help(t("只输出错误", "only errors")),
    ]
}

fn layout(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("layout")
        .long("layout")
        .value_name("ID|FILE")
        .help(t("用这个版式，或这个版式文件（.toml）", "use this layout, or this layout file (.toml)"))
}

fn layouts_dir(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("layouts")
        .long("layouts")
        .value_name("DIR")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t("自己的版式文件所在的文件夹", "folder of your own layout files"))
}

fn assets(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("assets")
        .long("assets")
        .value_name("DIR")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t(
            "图片所在的文件夹；默认是报告所在的文件夹",
            "folder of the images; that of the report by default",
        ))
}

fn figures(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("figures")
        .long("figures")
        .value_name("FILE.xlsx|.csv")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t(
            "统计表的数字取自这个工作簿或 CSV 文件（gongwen new 版式 --xlsx 可得到空的）",
            "take the figures of the tables from this workbook or CSV file (gongwen new LAYOUT --xlsx writes an empty one)",
        ))
}

fn output_file(t: impl Fn(&'static str, &'static str) -> &'static str) -> Arg {
    Arg::new("output")
        .short('o')
        .long("output")
        .value_name("FILE")
        .value_parser(clap::value_parser!(std::path::PathBuf))
        .help(t("写到这个文件；默认是标准输出", "write to this file; to standard output by default"))
}

/// Headings and the built-in options in the language.
fn localised(command: Command, t: impl Fn(&'static str, &'static str) -> &'static str) -> Command {
    let template = t(
        "{about}\n\n用法: {usage}\n\n{all-args}{after-help}",
        "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}",
    );
    let root = command.get_name() == "gongwen";
    let command = command
        .help_template(template)
        .subcommand_help_heading(t("命令", "Commands"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .next_help_heading(t("选项", "Options"))
        .mut_args(|arg| {
            let heading =
                if arg.get_long().is_none() { t("参数", "Arguments") } else { t("选项", "Options") };
            let hide = !arg.get_default_values().is_empty();
            let arg = arg.help_heading(heading);
            if hide { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
        })
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(t("显示帮助", "show this help")),
        );
    if root {
        let help = t("显示版本", "show the version");
        return command
            .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help(help));
    }
    command
}

/// Tells what is wrong with the command line: exit code 2. Help and version are no errors.
pub fn refuse(error: &clap::Error, lang: Lang) -> ExitCode {
    let wrong = !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    match (lang, chinese(error)) {
        (Lang::Zh, Some(message)) => {
            eprintln!("错误：{message}\n\n用 gongwen --help 或 gongwen 命令 --help 查看用法")
        }
        _ => {
            // Nothing can be done when the terminal is gone.
            let _ = error.print();
        }
    }
    ExitCode::from(if wrong { 2 } else { 0 })
}

/// clap's commonest errors in Chinese.
fn chinese(error: &clap::Error) -> Option<String> {
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(" ")),
        _ => None,
    };
    let near = |kind: ContextKind| text(kind).map(|near| format!("，是不是“{near}”？")).unwrap_or_default();
    let argument = || text(ContextKind::InvalidArg).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            format!("不认识的参数“{}”{}", argument(), near(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => {
            let name = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("没有命令“{name}”{}", near(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::InvalidValue => {
            let value = text(ContextKind::InvalidValue).unwrap_or_default();
            let known =
                text(ContextKind::ValidValue).map(|known| format!("（可用：{known}）")).unwrap_or_default();
            format!("“{}”的值“{value}”不对{known}", argument())
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数 {}", argument()),
        ErrorKind::ArgumentConflict => format!("参数“{}”不能这样用，或给了两次", argument()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound_in_both_languages() {
        command(Lang::Zh).debug_assert();
        command(Lang::En).debug_assert();
    }
}

//! Markup of chat programs and web pages, which is printed as it stands: `**bold**`, `<br>`, `# `, `&nbsp;` (rule
//! `text.markup`).
//!
//! Which form was meant is for the author to decide, so that nothing is corrected. A single `*` or `_` is no markup:
//! notes and codes have it.

use std::sync::LazyLock;

use regex::Regex;

use super::excerpt;
use super::marks::place;
use crate::diagnostic::{Diagnostic, rule};
use crate::message;
use crate::report::{Text, TextKind};

/// A note of a table may begin with `* `.
const LIST: &str = r"^\s*[-*+]\s+[^\s\d]";

/// The kinds of markup, in small letters: a pattern, and what people call it.
static KINDS: LazyLock<Vec<(Regex, &str, &str)>> = LazyLock::new(|| {
    [
        (
            r"\*\*[^*\s](?:[^*]*[^*\s])?\*\*|(?:^|[^0-9a-z])__[^_\s](?:[^_]*[^_\s])?__(?:$|[^0-9a-z])",
            "加粗",
            "bold",
        ),
        (r"~~[^~\s][^~]*~~", "删除线", "struck out"),
        (
            concat!(
                r"</?(?:a|b|i|u|s|p|br|hr|em|h[1-6]|li|ol|ul|td|th|tr|div|sub|sup|del|ins|img|pre|",
                r"code|font|mark|span|strong|small|table|tbody|thead|center|strike|blockquote)",
                r"(?:\s[^<>]*)?/?>|<!--",
            ),
            "HTML 标签",
            "an HTML tag",
        ),
        (
            concat!(
                r"&(?:nbsp|lt|gt|amp|quot|apos|ensp|emsp|thinsp|middot|mdash|ndash|hellip|ldquo|rdquo|lsquo|",
                r"rsquo|times|copy|reg|yen|deg|#\d{1,7}|#x[0-9a-f]{1,6});",
            ),
            "HTML 字符",
            "an HTML character",
        ),
        (r"^\s*#{1,6}\s+\S|^\s*#{2,6}[^#\s\d]", "标题的 #", "the # of a heading"),
        (LIST, "列表的符号", "the mark of a list"),
        (r"^\s*>\s+\S", "引用的 >", "the > of a quotation"),
        (r"^\s*```|`[^`]+`", "代码的反引号", "backticks"),
        (
            r"!?\[[^\[\]]+\]\((?:https?:|mailto:|/|\./|#|www\.|[^()\s]*\.[a-z]{2,5}\))[^()\s]*",
            "链接",
            "a link",
        ),
        (r"^\s*\|.*\|\s*$", "表格的竖线", "the bars of a table"),
    ]
    .into_iter()
    .map(|(pattern, zh, en)| (Regex::new(pattern).expect("the pattern is sound"), zh, en))
    .collect()
});

/// A warning that names the kinds of markup in a text.
pub(super) fn markup(text: &Text) -> Option<Diagnostic> {
    if !text.text.contains(['*', '_', '~', '<', '&', '#', '-', '+', '>', '`', '[', '|']) {
        return None;
    }
    let small = text.text.to_ascii_lowercase();
    let found: Vec<_> = KINDS
        .iter()
        .filter(|(pattern, _, _)| text.kind != TextKind::Caption || pattern.as_str() != LIST)
        .filter_map(|(pattern, zh, en)| Some((pattern.find(&small)?, *zh, *en)))
        .collect();
    let (first, _, _) = found.iter().min_by_key(|(matched, _, _)| matched.start())?;
    let excerpt = excerpt(&text.text, place(&text.text, first.start()));
    let join = |names: Vec<&str>, comma: &str| names.join(comma);
    let zh = join(found.iter().map(|(_, zh, _)| *zh).collect(), "、");
    let en = join(found.iter().map(|(_, _, en)| *en).collect(), ", ");
    let message = message!(
        "文字里有标记（{zh}），会照样印出来：“{excerpt}”",
        "markup is printed as it stands ({en}): \"{excerpt}\""
    );
    Some(Diagnostic::warning(rule::TEXT_MARKUP, &text.pointer, message).hint(message!(
        "删去标记；层次和列表用报告的写法",
        "delete it; headings and lists have forms of their own in a report"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> String {
        let text = Text {
            pointer: "/x".into(),
            kind: TextKind::Paragraph,
            text: text.into(),
            references: Vec::new(),
        };
        markup(&text).map_or(String::new(), |found| {
            let message = found.message.en;
            message.split(['(', ')']).nth(1).unwrap_or_default().to_owned()
        })
    }

    #[test]
    fn markup_is_named() {
        for (text, name) in [
            ("**主动公开**情况", "bold"),
            ("__主动公开__情况", "bold"),
            ("~~旧~~新", "struck out"),
            ("一行<br>二行", "an HTML tag"),
            ("<b>重点</B>", "an HTML tag"),
            ("<span style=\"color:red\">红</span>", "an HTML tag"),
            ("甲&nbsp;乙", "an HTML character"),
            ("# 总体情况", "the # of a heading"),
            ("##总体情况", "the # of a heading"),
            ("- 第一项", "the mark of a list"),
            ("* 第一项", "the mark of a list"),
            ("> 引用", "the > of a quotation"),
            ("见 `报告`", "backticks"),
            ("见[说明](https://a.cn/b)", "a link"),
            ("见[附件](附件1.docx)", "a link"),
            ("| 甲 | 乙 |", "the bars of a table"),
            ("- **甲**", "bold, the mark of a list"),
        ] {
            assert_eq!(check(text), name, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_markup_stays() {
        for text in [
            "3*4*5，2**3",
            "*注：初步数",
            "a_b_c.xlsx，__init",
            "关于印发<方案>的通知",
            "x<y，a>b",
            "R&D;A&B",
            "#1机组，C# 语言",
            "-5",
            "- 5",
            "—— 甲",
            "〔2024〕1号[1](2)",
            "~",
            "|x|≥0",
        ] {
            assert_eq!(check(text), "", "{text}");
        }
    }
}

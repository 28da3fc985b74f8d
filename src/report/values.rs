//! Readers of single values of the tree: names, years, lists, objects. Every mistake is reported.
//!
//! An object is read through `Fields`, which remembers the keys that were requested; `finish` reports all
//! others as unknown.

use super::{DEEPEST, IssuerKind};
use crate::diagnostic::{Diagnostic, Findings, Message, child, nearest, rule};
use crate::message;
use crate::options::Limits;
use crate::source::{Node, larger};

/// Reads values and notes every mistake.
pub(super) struct Reader {
    pub(super) diagnostics: Findings,
    pub(super) limits: Limits,
    /// The blocks of prose and the references met so far.
    pub(super) paragraphs: usize,
    pub(super) references: usize,
}

/// The members of one object, and the keys requested so far.
pub(super) struct Fields<'a> {
    pub(super) pointer: String,
    pub(super) members: &'a [(String, Node)],
    pub(super) requested: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The value of `key`, if it is there and not null.
    pub(super) fn get(&mut self, key: &'static str) -> Option<(&'a Node, String)> {
        self.requested.push(key);
        let (_, node) = self.members.iter().find(|(name, _)| name == key)?;
        (*node != Node::Null).then(|| (node, child(&self.pointer, key)))
    }
}

impl Reader {
    pub(super) fn text(&mut self, node: &Node, pointer: &str) -> Option<String> {
        let text = self.lines(node, pointer)?;
        if text.contains('\n') {
            // One finding is enough: the line break is not reported again as a control character.
            self.error(
                rule::TEXT_LINE_BREAK,
                pointer,
                message!("这里的文字不能换行", "this text must not contain a line break"),
                Some(message!(
                    "每个自然段单独写成一个字符串",
                    "write every paragraph as a string of its own"
                )),
            );
        }
        Some(text.replace('\n', ""))
    }

    /// A text in which "\n" means a line break.
    pub(super) fn lines(&mut self, node: &Node, pointer: &str) -> Option<String> {
        let Node::String(text) = node else {
            self.wrong_type(node, pointer, ("字符串", "a string"));
            return None;
        };
        // A picture may be a text, as a `data:` address; its own limit is that of pictures.
        let most = self.limits.characters;
        if text.len() > most && !text.starts_with("data:") && text.chars().count() > most {
            self.beyond(
                pointer,
                message!("这段文字超过 {most} 个字", "the text is longer than {most} characters"),
            );
            return None;
        }
        let (before, most) = (self.references, self.limits.references);
        self.references += text.matches("{{").count();
        if before <= most && self.references > most {
            self.beyond(pointer, message!("引用超过 {most} 个", "there are more than {most} references"));
        }
        Some(text.clone())
    }

    /// A limit of the whole report.
    pub(super) fn beyond(&mut self, pointer: &str, message: Message) {
        self.diagnostics.push(Diagnostic::error(rule::REPORT_LIMIT, pointer, message).hint(larger()));
    }

    pub(super) fn names(&mut self, node: &Node, pointer: &str) -> Option<Vec<String>> {
        let names = match node {
            Node::Array(_) => self.items(node, pointer, Self::text)?,
            _ => vec![self.text(node, pointer)?],
        };
        if names.is_empty() || names.iter().any(|name| name.trim().is_empty()) {
            self.error(
                rule::REPORT_EMPTY,
                pointer,
                message!("名称不能为空", "a name must not be empty"),
                None,
            );
        }
        Some(names)
    }

    pub(super) fn year(&mut self, node: &Node, pointer: &str) -> Option<u16> {
        let year = match node {
            Node::Number(text) => text.parse::<u16>().ok().filter(|year| (1900..=2200).contains(year)),
            _ => None,
        };
        if year.is_none() {
            let given = shown(node);
            self.error(
                rule::REPORT_YEAR,
                pointer,
                message!(
                    "年份应为四位数字，这里是 {given}",
                    "a year is a number of four digits, not {given}"
                ),
                Some(message!("例如 \"year\": 2023", "such as \"year\": 2023")),
            );
        }
        year
    }

    pub(super) fn gap(&mut self, node: &Node, pointer: &str) -> Option<u16> {
        let gap = match node {
            Node::Number(text) => text.parse::<u16>().ok().filter(|gap| *gap <= 500),
            _ => None,
        };
        if gap.is_none() {
            self.out_of_range(node, pointer, ("0 到 500", "from 0 to 500"));
        }
        gap
    }

    /// An unknown kind is only a warning: the document is the same without it.
    pub(super) fn issuer_kind(&mut self, node: &Node, pointer: &str) -> Option<Option<IssuerKind>> {
        let Node::String(word) = node else {
            self.wrong_type(node, pointer, ("字符串", "a string"));
            return None;
        };
        let kind = IssuerKind::ALL.into_iter().find(|(key, _)| key == word).map(|(_, kind)| kind);
        if kind.is_none() {
            let known = IssuerKind::ALL.map(|(key, _)| key).join(", ");
            self.diagnostics.push(Diagnostic::warning(
                rule::REPORT_ISSUER_KIND,
                pointer,
                message!(
                    "不认识的机关类别“{word}”，按未填写处理（有：{known}）",
                    "unknown kind of issuer \"{word}\", taken as absent (there are {known})"
                ),
            ));
        }
        Some(kind)
    }

    pub(super) fn level(&mut self, node: &Node, pointer: &str) -> Option<u8> {
        match node {
            Node::Number(text) if matches!(text.as_str(), "1" | "2" | "3" | "4") => text.parse().ok(),
            _ => {
                self.out_of_range(node, pointer, ("1 到 4", "from 1 to 4"));
                None
            }
        }
    }

    pub(super) fn contents_levels(&mut self, node: &Node, pointer: &str) -> Option<u8> {
        let levels = match node {
            Node::Number(text) => text.parse::<u8>().ok().filter(|levels| (1..=DEEPEST).contains(levels)),
            _ => None,
        };
        if levels.is_none() {
            self.out_of_range(node, pointer, ("1 到 3", "from 1 to 3"));
        }
        levels
    }

    pub(super) fn span(&mut self, node: &Node, pointer: &str) -> Option<usize> {
        let span = match node {
            Node::Number(text) => text.parse::<usize>().ok().filter(|span| (1..=10_000).contains(span)),
            _ => None,
        };
        if span.is_none() {
            self.out_of_range(node, pointer, ("1 到 10000", "from 1 to 10000"));
        }
        span
    }

    pub(super) fn boolean(&mut self, node: &Node, pointer: &str) -> Option<bool> {
        let Node::Bool(value) = node else {
            self.wrong_type(node, pointer, ("true 或 false", "true or false"));
            return None;
        };
        Some(*value)
    }

    pub(super) fn word<T: Copy>(&mut self, node: &Node, pointer: &str, words: &[(&str, T)]) -> Option<T> {
        let found = match node {
            Node::String(text) => words.iter().find(|(word, _)| word == text),
            _ => None,
        };
        if found.is_none() {
            let given = shown(node);
            let known = words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
            self.error(
                rule::REPORT_WORD,
                pointer,
                message!("应为 {known}，这里是 {given}", "must be {known}, not {given}"),
                None,
            );
        }
        found.map(|(_, value)| *value)
    }

    pub(super) fn object<'a>(&mut self, node: &'a Node, pointer: String) -> Option<Fields<'a>> {
        match node {
            Node::Object(members) => Some(Fields { pointer, members, requested: Vec::new() }),
            _ => {
                self.wrong_type(node, &pointer, ("对象 { … }", "an object { … }"));
                None
            }
        }
    }

    pub(super) fn items<T>(
        &mut self,
        node: &Node,
        pointer: &str,
        mut item: impl FnMut(&mut Self, &Node, &str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Node::Array(nodes) = node else {
            self.wrong_type(node, pointer, ("列表 [ … ]", "a list [ … ]"));
            return None;
        };
        let nodes = nodes.iter().enumerate();
        Some(nodes.filter_map(|(at, node)| item(self, node, &child(pointer, at))).collect())
    }

    pub(super) fn list_of<T>(
        &mut self,
        fields: &mut Fields,
        key: &'static str,
        item: impl FnMut(&mut Self, &Node, &str) -> Option<T>,
    ) -> Vec<T> {
        let Some((node, pointer)) = fields.get(key) else { return Vec::new() };
        self.items(node, &pointer, item).unwrap_or_default()
    }

    pub(super) fn optional<T>(
        &mut self,
        fields: &mut Fields,
        key: &'static str,
        read: impl FnOnce(&mut Self, &Node, &str) -> Option<T>,
    ) -> Option<T> {
        let (node, pointer) = fields.get(key)?;
        read(self, node, &pointer)
    }

    pub(super) fn required<T>(
        &mut self,
        fields: &mut Fields,
        key: &'static str,
        read: impl FnOnce(&mut Self, &Node, &str) -> Option<T>,
    ) -> Option<T> {
        let Some((node, pointer)) = fields.get(key) else {
            let pointer = fields.pointer.clone();
            self.error(rule::REPORT_MISSING, &pointer, message!("缺少“{key}”", "\"{key}\" is missing"), None);
            return None;
        };
        read(self, node, &pointer)
    }

    /// Reports the fields that were not requested as unknown.
    pub(super) fn finish(&mut self, fields: Fields) {
        for (key, _) in fields.members {
            if !fields.requested.contains(&key.as_str()) {
                if self.diagnostics.counts_only(rule::REPORT_UNKNOWN_FIELD) {
                    self.diagnostics.count(rule::REPORT_UNKNOWN_FIELD);
                    continue;
                }
                let hint = nearest(key, fields.requested.iter().copied());
                let hint = hint.map(|near| message!("是不是想写 \"{near}\"？", "did you mean \"{near}\"?"));
                let pointer = child(&fields.pointer, key);
                self.error(
                    rule::REPORT_UNKNOWN_FIELD,
                    &pointer,
                    message!("不认识的键“{key}”", "unknown field \"{key}\""),
                    hint,
                );
            }
        }
    }

    pub(super) fn out_of_range(&mut self, node: &Node, pointer: &str, (zh, en): (&str, &str)) {
        let given = shown(node);
        self.error(
            rule::REPORT_TYPE,
            pointer,
            message!("应为 {zh} 的整数，这里是 {given}", "must be a whole number {en}, not {given}"),
            None,
        );
    }

    pub(super) fn wrong_type(&mut self, node: &Node, pointer: &str, wanted: (&str, &str)) {
        let (zh, en) = node.kind();
        let (wanted_zh, wanted_en) = wanted;
        self.error(
            rule::REPORT_TYPE,
            pointer,
            message!("应为{wanted_zh}，这里是{zh}", "must be {wanted_en}, not {en}"),
            None,
        );
    }

    pub(super) fn error(
        &mut self,
        rule: &'static str,
        pointer: &str,
        message: Message,
        hint: Option<Message>,
    ) {
        let diagnostic = Diagnostic::error(rule, pointer, message);
        self.diagnostics.push(match hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        });
    }
}

/// A value as a message shows it: shortened.
pub(super) fn shown(node: &Node) -> String {
    let text = match node {
        Node::Number(text) => text.clone(),
        Node::String(text) => format!("\"{text}\""),
        Node::Bool(value) => value.to_string(),
        Node::Null => "null".to_owned(),
        Node::Array(_) => "[…]".to_owned(),
        Node::Object(_) => "{…}".to_owned(),
    };
    if text.chars().count() > 40 { text.chars().take(40).chain(['…']).collect() } else { text }
}

//! The source text of a report: bytes become text, text becomes a tree of values with their positions.
//!
//! serde_json parses it through `RawValue`, so that every value keeps its own bytes: a figure is the text
//! that was typed (`6858.050` stays so), a duplicate key is noticed, and each value has a position.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::diagnostic::{Diagnostic, Findings, Hint, HintCode, Lines, Message, Position, child, rule};
use crate::message;
use crate::options::Limits;

/// How deep values may be nested. A report needs seven levels.
const MAX_DEPTH: usize = 32;

/// A report's text, parsed.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    root: Node,
    spans: Spans,
    lines: OnceLock<Lines>,
    limits: Limits,
}

/// The span of a value in the text, and those of its children, in the order of its node.
#[derive(Clone, Debug)]
struct Spans {
    span: Range<usize>,
    inner: Vec<Spans>,
    /// The members of a large object in the order of their keys.
    sorted: Vec<u32>,
}

/// An object of more members is searched in the order of its keys.
const MANY_MEMBERS: usize = 16;

/// The longest key, in bytes. A key is in the pointer of everything below it.
const MAX_KEY: usize = 1024;

impl Source {
    /// Parses the bytes of a report.
    ///
    /// # Errors
    /// Every mistake of encoding and syntax, and every key that is given twice.
    pub fn parse(bytes: &[u8]) -> Result<Source, Vec<Diagnostic>> {
        Source::parse_within(bytes, &Limits::default())
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// Those of [`Source::parse`].
    pub fn parse_within(bytes: &[u8], limits: &Limits) -> Result<Source, Vec<Diagnostic>> {
        let text = decode(bytes, limits.report_bytes).map_err(|diagnostic| vec![*diagnostic])?.to_owned();
        count_values(&text, limits.values).map_err(|diagnostic| vec![*diagnostic])?;
        let mut parser = Parser { text: &text, lines: OnceCell::new(), diagnostics: Findings::default() };
        let root = parser.document();
        let Parser { diagnostics, lines, .. } = parser;
        let lines = lines.into_inner().map_or_else(OnceLock::new, OnceLock::from);
        match root {
            Some((root, spans)) if diagnostics.is_empty() => {
                Ok(Source { text, root, spans, lines, limits: *limits })
            }
            _ => {
                let mut found = diagnostics.into_vec();
                // The number of those that are not told has the place of the first of them.
                let lines = Lines::of(&text);
                let end = found.iter().filter_map(|finding| finding.position).max();
                for finding in found.iter_mut().filter(|finding| finding.position.is_none()) {
                    finding.position = end.or_else(|| Some(lines.position(&text, 0)));
                }
                Err(found)
            }
        }
    }

    /// The limits that it was parsed within.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The position of a byte.
    fn position(&self, offset: usize) -> Position {
        self.lines.get_or_init(|| Lines::of(&self.text)).position(&self.text, offset)
    }

    /// The text, without a byte-order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree of values.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The byte range of the value at `pointer`.
    pub fn span(&self, pointer: &str) -> Option<Range<usize>> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let (mut node, mut spans) = (&self.root, &self.spans);
        for key in pointer.split('/').skip(1) {
            let at;
            (at, node) = match node {
                Node::Object(members) => {
                    let key = unescaped(key);
                    let at = if spans.sorted.is_empty() {
                        members.iter().position(|(own, _)| **own == *key)?
                    } else {
                        let own = |at: &u32| members[*at as usize].0.as_str();
                        let found = spans.sorted.binary_search_by(|at| own(at).cmp(&key)).ok()?;
                        spans.sorted[found] as usize
                    };
                    (at, &members[at].1)
                }
                Node::Array(items) => {
                    // RFC 6901, 4: no sign, no zeros before the number.
                    let at = key.parse().ok().filter(|at: &usize| at.to_string() == key)?;
                    (at, items.get(at)?)
                }
                Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => return None,
            };
            spans = spans.inner.get(at)?;
        }
        Some(spans.span.clone())
    }

    /// The position of the value at `pointer`, or of the nearest one that contains it.
    pub fn locate(&self, pointer: &str) -> Position {
        let mut pointer = pointer;
        loop {
            if let Some(span) = self.span(pointer) {
                return self.position(span.start);
            }
            match pointer.rfind('/') {
                Some(end) => pointer = &pointer[..end],
                None => return Position { line: 1, column: 1 },
            }
        }
    }

    /// The text with the values at these JSON pointers replaced by others, in JSON; all else stays as it was typed.
    pub fn replaced(&self, values: &BTreeMap<String, String>) -> String {
        let mut spans: Vec<_> =
            values.iter().filter_map(|(pointer, value)| Some((self.span(pointer)?, value))).collect();
        spans.sort_by_key(|(span, _)| span.start);
        let (mut text, mut end) = (String::with_capacity(self.text.len()), 0);
        for (span, value) in spans {
            text.push_str(&self.text[end..span.start]);
            text.push_str(value);
            end = span.end;
        }
        text.push_str(&self.text[end..]);
        text
    }

    /// The text with a member of the report put in or replaced by another value, in JSON.
    pub fn with_member(&self, key: &str, value: &str) -> String {
        let pointer = child("", key);
        if self.span(&pointer).is_some() {
            return self.replaced(&BTreeMap::from([(pointer, value.to_owned())]));
        }
        let (Node::Object(members), Some(end)) = (&self.root, self.text.rfind('}')) else {
            return self.text.clone();
        };
        let before = self.text[..end].trim_end();
        let comma = if members.is_empty() { "" } else { "," };
        format!("{before}{comma}\n  \"{key}\": {value}\n{}", &self.text[end..])
    }

    /// Gives every diagnostic without a position the one of its pointer, and sorts them by place.
    pub fn resolve(&self, diagnostics: &mut [Diagnostic]) {
        diagnostics.iter_mut().for_each(|diagnostic| self.place(diagnostic));
        diagnostics.sort_by_key(|diagnostic| (diagnostic.position, diagnostic.severity));
    }

    /// Gives a diagnostic without a position the one of its pointer.
    pub fn place(&self, diagnostic: &mut Diagnostic) {
        if diagnostic.position.is_none() {
            diagnostic.position = Some(self.locate(&diagnostic.pointer));
        }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as it was typed.
    Number(String),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object, in the order of its keys in the text; every key is unique.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// What it is, in Chinese and English, for messages.
    pub fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Node::Null => ("空值 null", "null"),
            Node::Bool(_) => ("布尔值", "a boolean"),
            Node::Number(_) => ("数字", "a number"),
            Node::String(_) => ("字符串", "a string"),
            Node::Array(_) => ("列表", "a list"),
            Node::Object(_) => ("对象", "an object"),
        }
    }
}

/// UTF-8 with or without a byte-order mark; other encodings are named.
fn decode(bytes: &[u8], limit: usize) -> Result<&str, Box<Diagnostic>> {
    let encoding = |zh: &str, en: &str| {
        Box::new(
            Diagnostic::error(
                rule::JSON_ENCODING,
                "",
                message!("文件编码是{zh}，不是 UTF-8", "the file is {en}, not UTF-8"),
            )
            .hint(message!("在编辑器中另存为 UTF-8 编码", "save it as UTF-8 in your editor"))
            .at(Position { line: 1, column: 1 }),
        )
    };
    if bytes.len() > limit {
        let size = bytes.len();
        return Err(Box::new(Diagnostic::error(
            rule::JSON_SIZE,
            "",
            message!(
                "报告有 {size} 字节，超过上限 {limit} 字节",
                "the report has {size} bytes, more than the limit of {limit}"
            ),
        )));
    }
    let zeros = bytes.iter().take(64).filter(|byte| **byte == 0).count();
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || zeros > 8 {
        return Err(encoding(" UTF-16", "UTF-16"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        if encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes).is_some() {
            return encoding(" GBK（GB18030）", "GBK (GB18030)");
        }
        let offset = error.valid_up_to();
        let before = String::from_utf8_lossy(&bytes[..offset]);
        Box::new(
            Diagnostic::error(
                rule::JSON_ENCODING,
                "",
                message!("第 {offset} 字节处不是有效的 UTF-8", "invalid UTF-8 at byte {offset}"),
            )
            .at(Position::of(&before, before.len())),
        )
    })
}

struct Parser<'a> {
    text: &'a str,
    lines: OnceCell<Lines>,
    diagnostics: Findings,
}

/// The keys that lead to a value, the last first. A pointer is made of them only when an error needs one.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    /// The report.
    Root,
    /// A member of an object.
    Member(&'p Path<'p>, &'p str),
    /// An item of a list.
    Item(&'p Path<'p>, usize),
}

impl Path<'_> {
    /// As a JSON pointer.
    pub fn pointer(self) -> String {
        match self {
            Path::Root => String::new(),
            Path::Member(parent, key) => child(&parent.pointer(), key),
            Path::Item(parent, at) => child(&parent.pointer(), at),
        }
    }
}

/// The key of a part of a pointer: RFC 6901, 3.
fn unescaped(part: &str) -> Cow<'_, str> {
    if part.contains('~') { part.replace("~1", "/").replace("~0", "~").into() } else { part.into() }
}

/// The members of a large object in the order of their keys; nothing for a small one.
fn sorted(members: &[(String, Node)]) -> Vec<u32> {
    if members.len() <= MANY_MEMBERS {
        return Vec::new();
    }
    let mut sorted: Vec<u32> = (0..).take(members.len()).collect();
    sorted.sort_unstable_by(|a, b| members[*a as usize].0.cmp(&members[*b as usize].0));
    sorted
}

/// Counts the values of a text before any is kept: the tree of a text takes many times its bytes.
fn count_values(text: &str, most: usize) -> Result<(), Box<Diagnostic>> {
    let (mut count, mut in_string, mut escaped) = (1, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => count += 1,
            _ => {}
        }
    }
    if count <= most {
        return Ok(());
    }
    let text = message!("报告有超过 {most} 个值", "the report has more than {most} values");
    let place = Position { line: 1, column: 1 };
    Err(Box::new(Diagnostic::error(rule::JSON_SIZE, "", text).hint(larger()).at(place)))
}

/// What to do about a report beyond a limit.
pub(crate) fn larger() -> Hint {
    let message = message!("分成几份报告，或放宽限制", "divide the report, or raise the limits");
    Hint { code: HintCode::Limits, message }
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Option<(Node, Spans)> {
        if self.text.trim().is_empty() {
            self.diagnostics.push(
                Diagnostic::error(rule::JSON_SYNTAX, "", message!("文件是空的", "the file is empty"))
                    .at(Position { line: 1, column: 1 }),
            );
            return None;
        }
        match serde_json::from_str::<&'a RawValue>(self.text) {
            Ok(raw) => self.node(raw, Path::Root, 0),
            Err(error) => {
                self.syntax(&error, 0);
                None
            }
        }
    }

    fn node(&mut self, raw: &'a RawValue, path: Path, depth: usize) -> Option<(Node, Spans)> {
        let text = raw.get();
        let start = text.as_ptr() as usize - self.text.as_ptr() as usize;
        let mut spans = Spans { span: start..start + text.len(), inner: Vec::new(), sorted: Vec::new() };
        if depth > MAX_DEPTH {
            self.diagnostics.push(
                Diagnostic::error(
                    rule::JSON_DEPTH,
                    path.pointer(),
                    message!("嵌套超过 {MAX_DEPTH} 层", "nested deeper than {MAX_DEPTH} levels"),
                )
                .at(self.position(start)),
            );
            return None;
        }
        let node = match text.as_bytes().first()? {
            b'{' => {
                let members: Members<'a> = self.inner(text, start)?;
                let mut object: Vec<(String, Node)> = Vec::with_capacity(members.0.len());
                let repeated = repeated(&members.0);
                for ((key, value), is_repeated) in members.0.into_iter().zip(repeated) {
                    let place = Path::Member(&path, &key);
                    if key.len() > MAX_KEY {
                        self.long_key(path, &key, value);
                        continue;
                    }
                    if is_repeated {
                        if self.diagnostics.counts_only(rule::JSON_DUPLICATE_KEY) {
                            self.diagnostics.count(rule::JSON_DUPLICATE_KEY);
                            continue;
                        }
                        let offset = value.get().as_ptr() as usize - self.text.as_ptr() as usize;
                        self.diagnostics.push(
                            Diagnostic::error(
                                rule::JSON_DUPLICATE_KEY,
                                place.pointer(),
                                message!("键“{key}”出现了两次", "the key \"{key}\" is given twice"),
                            )
                            .hint(message!("删去其中一个", "delete one of them"))
                            .at(self.position(offset)),
                        );
                        continue;
                    }
                    if let Some((value, inner)) = self.node(value, place, depth + 1) {
                        object.push((key.into_owned(), value));
                        spans.inner.push(inner);
                    }
                }
                spans.sorted = sorted(&object);
                Node::Object(object)
            }
            b'[' => {
                let items: Vec<&'a RawValue> = self.inner(text, start)?;
                let items = items.into_iter().enumerate();
                let (nodes, inner) =
                    items.filter_map(|(at, item)| self.node(item, Path::Item(&path, at), depth + 1)).unzip();
                spans.inner = inner;
                Node::Array(nodes)
            }
            b'"' => Node::String(self.inner(text, start)?),
            b't' => Node::Bool(true),
            b'f' => Node::Bool(false),
            b'n' => Node::Null,
            _ => Node::Number(text.to_owned()),
        };
        Some((node, spans))
    }

    /// A key that is no name.
    fn long_key(&mut self, path: Path, key: &str, value: &RawValue) {
        let start: String = key.chars().take(24).collect();
        let offset = value.get().as_ptr() as usize - self.text.as_ptr() as usize;
        let text = message!(
            "键“{start}…”超过 {MAX_KEY} 字节",
            "the key \"{start}…\" is longer than {MAX_KEY} bytes"
        );
        let finding = Diagnostic::error(rule::JSON_SIZE, path.pointer(), text);
        self.diagnostics.push(finding.at(self.position(offset)));
    }

    fn position(&self, offset: usize) -> Position {
        self.lines.get_or_init(|| Lines::of(self.text)).position(self.text, offset)
    }

    fn inner<T: Deserialize<'a>>(&mut self, text: &'a str, start: usize) -> Option<T> {
        serde_json::from_str(text).map_err(|error| self.syntax(&error, start)).ok()
    }

    /// A syntax error of serde_json in the part of the text that begins at `start`.
    fn syntax(&mut self, error: &serde_json::Error, start: usize) {
        let part = &self.text[start..];
        let line_start =
            part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let offset = start + line_start + error.column().saturating_sub(1);
        let detail = error.to_string();
        let detail = detail.split(" at line ").next().unwrap_or_default();
        let zh = chinese_syntax_error(detail);
        let diagnostic = Diagnostic::error(
            rule::JSON_SYNTAX,
            "",
            message!("JSON 语法错误：{zh}", "JSON syntax: {detail}"),
        )
        .at(self.position(offset));
        let found = self.text.get(offset..).and_then(|rest| rest.chars().next());
        self.diagnostics.push(match found {
            Some(found @ ('：' | '，' | '“' | '”' | '［' | '］' | '｛' | '｝')) => {
                diagnostic.hint(message!(
                    "“{found}”是全角的，JSON 的标点用半角",
                    "\"{found}\" is full-width; JSON's punctuation is half-width"
                ))
            }
            found => match syntax_hint(detail, self.text, offset, found) {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            },
        });
    }
}

/// What to do about the commonest slips.
fn syntax_hint(detail: &str, text: &str, offset: usize, found: Option<char>) -> Option<Message> {
    let before = text.get(..offset)?;
    let ends = matches!(found, Some(']' | '}')) && before.trim_end().ends_with(',');
    if detail.starts_with("trailing comma") || ends {
        return Some(message!("删去最后一项后面的逗号", "delete the comma after the last item"));
    }
    if detail.starts_with("control character") {
        return Some(message!(
            "一个自然段写在一行里；要分段的，写成两个字符串",
            "write a paragraph on one line; two paragraphs are two strings"
        ));
    }
    if !detail.starts_with("expected `,`") {
        return None;
    }
    match found {
        // The text goes on behind what should have ended it.
        Some(found) if before.ends_with('"') && !found.is_ascii_punctuation() && !found.is_whitespace() => {
            Some(message!(
                "文字里有半角双引号：改成“ ”，或写成 \\\"",
                "the text has a straight quotation mark: write “ ” or \\\""
            ))
        }
        Some('"' | '{' | '[' | '0'..='9' | '-') => {
            Some(message!("在前一项后面补上逗号", "put a comma behind the item before"))
        }
        _ => None,
    }
}

/// serde_json's messages in Chinese; an unknown one stays as it is.
fn chinese_syntax_error(detail: &str) -> Cow<'_, str> {
    let known = [
        ("EOF while parsing", "文件没有写完（缺少结尾的括号或引号）"),
        ("expected `,` or `}`", "这里应为逗号或 }"),
        ("expected `,` or `]`", "这里应为逗号或 ]"),
        ("expected `:`", "键的后面应为冒号"),
        ("expected value", "这里缺少一个值"),
        ("expected ident", "不认识的词（只有 true、false、null）"),
        ("key must be a string", "键必须写在双引号里"),
        ("trailing comma", "最后一项后面多了逗号"),
        ("trailing characters", "结尾之后还有多余的内容"),
        ("invalid number", "数字写法不对"),
        ("number out of range", "数字超出范围"),
        ("control character", "字符串里有未转义的控制字符（如换行）"),
        ("invalid escape", "反斜杠转义写法不对"),
        ("lone leading surrogate", "\\u 转义不完整"),
        ("unexpected end of hex escape", "\\u 转义不完整"),
        ("recursion limit", "嵌套太深"),
    ];
    known
        .iter()
        .find(|(start, _)| detail.starts_with(start))
        .map_or(Cow::Borrowed(detail), |(_, zh)| Cow::Borrowed(zh))
}

/// Which members have the key of an earlier one.
fn repeated(members: &[(Cow<str>, &RawValue)]) -> Vec<bool> {
    let mut seen = HashSet::with_capacity(members.len());
    members.iter().map(|(key, _)| !seen.insert(key.as_ref())).collect()
}

/// The members of an object, duplicate keys included.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    members.push((Cow::Owned(key), value));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Collect).map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<(String, String)> {
        let diagnostics = Source::parse(text.as_bytes()).expect_err("parses");
        diagnostics
            .into_iter()
            .map(|d| (d.rule.into_owned(), d.position.map(|p| p.to_string()).unwrap_or_default()))
            .collect()
    }

    #[test]
    fn values_are_replaced_and_all_else_stays() {
        let source = Source::parse(b"{ \"a\": [1, \"auto\",2.50] }\n").expect("parses");
        let values = BTreeMap::from([("/a/1".to_owned(), "3".to_owned())]);
        assert_eq!(source.replaced(&values), "{ \"a\": [1, 3,2.50] }\n");
    }

    #[test]
    fn members_are_put_in_and_replaced() {
        let with = |text: &str| Source::parse(text.as_bytes()).expect("parses").with_member("b", "[2]");
        assert_eq!(with("{ \"a\": {} }\n"), "{ \"a\": {},\n  \"b\": [2]\n}\n");
        assert_eq!(with("{ \"b\": 1, \"a\": 2 }"), "{ \"b\": [2], \"a\": 2 }");
        assert_eq!(with("{}"), "{\n  \"b\": [2]\n}");
    }

    #[test]
    fn figures_keep_their_text() {
        let source = Source::parse("\u{feff}{\"a\": [6858.050, 1e5, 39908000000000000000]}".as_bytes())
            .expect("parses");
        let Node::Object(members) = source.root() else { panic!("no object") };
        let figures = ["6858.050", "1e5", "39908000000000000000"].map(|text| Node::Number(text.to_owned()));
        assert_eq!(members[0].1, Node::Array(figures.to_vec()));
    }

    #[test]
    fn every_value_has_its_place() {
        let source = Source::parse("{\n \"甲\": [1,\n  {\"b/c\": null}]\n}".as_bytes()).expect("parses");
        assert_eq!(source.locate("/甲/1/b~1c").to_string(), "3:11");
        assert_eq!(source.locate("/甲/1/missing/deeper").to_string(), "3:3");
        assert_eq!(source.span(""), Some(0..source.text().len()));
        for none in ["甲", "甲/1", "/甲/01", "/甲/+1", "/甲/2", "/甲/0/0"] {
            assert_eq!(source.span(none), None, "{none}");
        }
    }

    #[test]
    fn duplicate_keys_are_all_reported() {
        let found = errors("{\"a\": 1,\n\"a\": 2, \"b\": {\"c\": 1, \"c\": 2}}");
        assert_eq!(found, ["2:6", "2:28"].map(|place| ("json.duplicate-key".to_owned(), place.to_owned())));
    }

    #[test]
    fn syntax_errors_have_a_place() {
        assert_eq!(errors("{\"a\": 1\n \"b\": 2}"), [("json.syntax".to_owned(), "2:2".to_owned())]);
        assert_eq!(errors(""), [("json.syntax".to_owned(), "1:1".to_owned())]);
        assert_eq!(errors("{\"a\": [\"\\ud800\"]}")[0].0, "json.syntax");
    }

    #[test]
    fn other_encodings_are_named() {
        let (gbk, _, _) = encoding_rs::GBK.encode("{\"issuer\": \"清镇市人民政府办公室\"}");
        let diagnostics = Source::parse(&gbk).expect_err("GBK");
        assert!(diagnostics[0].message.en.contains("GBK"), "{diagnostics:?}");
        let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(Source::parse(&utf16).expect_err("UTF-16")[0].message.en.contains("UTF-16"));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(errors(&deep)[0].0, "json.depth");
    }
}

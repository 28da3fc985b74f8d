//! 版头: GB/T 9704—2012, 7.2, and that of a letter, 10.1.
//!
//! The standard gives positions from the top of the paper, or distances from glyph to glyph; a paragraph's
//! gap is such a distance less the leading of the lines on both sides.

use std::sync::LazyLock;

use regex::Regex;

use super::Composer;
use super::styles::{self, clear, leading};
use crate::diagnostic::{child, rule};
use crate::document::{BlockKind, Paragraph, Position, RuledLine, Run, SIGNERS, Sides};
use crate::geom::Length;
use crate::layout::{LetterheadForm, parse_colour};
use crate::message;
use crate::report::Letterhead;
use crate::style::{Colour, Role, Styles};

/// From the red line of a letter to the text below it: 7/8 of the height of a 三号 character (10.1).
const BELOW_LETTER_RULE_MM: f64 = 4.84;

/// Whether a red line is under the number: 7.2.7. A 令 has none (10.2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum RedRule {
    Below,
    None,
}

impl Composer<'_> {
    /// Adds the letterhead, if the report has one. Returns the position of the title below it.
    pub(super) fn letterhead(&mut self) -> Position {
        let report = self.report;
        let Some(letterhead) = &report.letterhead else { return Position::Flow };
        let styles = styles::styles(self.layout);
        match self.layout.letterhead.form {
            LetterheadForm::Document => self.document_head(letterhead, &styles, RedRule::Below),
            LetterheadForm::Order => self.document_head(letterhead, &styles, RedRule::None),
            LetterheadForm::Letter => self.letter_head(letterhead, &styles),
        }
        match self.layout.letterhead.form {
            LetterheadForm::Document => {
                Position::Gap(Length::mm(styles::LINE_MM * 2.0) - leading(&styles, Role::Title))
            }
            LetterheadForm::Order | LetterheadForm::Letter => {
                let below = if self.layout.print_title { Role::Title } else { Role::Body };
                Position::Gap(clear(&styles, Role::DocumentNumber, below, 2.0))
            }
        }
    }

    fn document_head(&mut self, letterhead: &Letterhead, styles: &Styles, rule: RedRule) {
        let spec = &self.layout.letterhead;
        let page = styles::page(self.layout);
        let mut bottom = page.margin_top;
        for (role, text, pointer) in marks(letterhead) {
            self.plain(role, text, &pointer);
            bottom += styles.get(role).line_pitch;
        }
        let gap = (spec.top - bottom - leading(styles, Role::Organ)).max(Length::ZERO);
        self.organ(letterhead, Position::Gap(gap));
        self.number_and_signers(letterhead, clear(styles, Role::Organ, Role::DocumentNumber, 2.0));
        if rule == RedRule::Below {
            let gap = spec.rule_below - leading(styles, Role::DocumentNumber);
            self.red_rule(Position::Gap(gap), &spec.rule);
        }
    }

    fn letter_head(&mut self, letterhead: &Letterhead, styles: &Styles) {
        if !letterhead.signers.is_empty() {
            self.error(
                rule::LETTERHEAD_SIGNERS,
                "/letterhead/signers",
                message!("信函格式没有签发人", "a letter names no signers"),
                Some(message!("删去 signers", "delete signers").into()),
            );
        }
        let spec = &self.layout.letterhead;
        let page = styles::page(self.layout);
        self.organ(letterhead, Position::Fixed(spec.top));
        let rule = spec.top + styles.get(Role::Organ).size + spec.rule_below;
        self.red_rule(Position::Fixed(rule), &spec.rule);
        if let Some(foot) = spec.foot_rule {
            let top = page.paper.height - foot;
            // 上细下粗: the lines of the head in reverse order.
            let lines: Vec<Length> = spec.rule.iter().rev().copied().collect();
            self.red_rule(Position::Fixed(top), &lines);
        }
        let height: Length = spec.rule.iter().copied().sum::<Length>() + spec.rule_gap;
        let below = rule + height + Length::mm(BELOW_LETTER_RULE_MM);
        let mut gap = (below - page.margin_top - leading(styles, Role::CopyNumber)).max(Length::ZERO);
        let number = self.report.metadata.document_number.clone();
        let mut number = number.map(|number| self.clean(&number, "/metadata/document_number"));
        self.check_numbers(letterhead, number.as_deref().unwrap_or_default());
        let mut marks: Vec<(Role, &str, String)> = marks(letterhead);
        if marks.is_empty() {
            marks.push((Role::CopyNumber, "", "/metadata/document_number".to_owned()));
        }
        for (role, text, pointer) in marks {
            let left = self.clean(text, &pointer);
            let right = number.take().unwrap_or_default();
            self.sides(Position::Gap(gap), (role, left), (Role::DocumentNumber, right), &pointer);
            gap = Length::ZERO;
        }
    }

    /// 发文机关标志.
    fn organ(&mut self, letterhead: &Letterhead, position: Position) {
        let (text, pointer) = match &letterhead.organ {
            Some(organ) => (organ.clone(), "/letterhead/organ"),
            None => {
                let host = self.report.issuer.first().map_or("", String::as_str);
                (format!("{host}{}", self.layout.letterhead.suffix), "/issuer")
            }
        };
        let text = self.clean(&text, pointer);
        if text.is_empty() {
            self.error(
                rule::REPORT_EMPTY,
                pointer,
                message!("发文机关标志是空的", "the name of the organ is empty"),
                None,
            );
        }
        self.block_at(position, pointer, BlockKind::Paragraph(Paragraph::plain(Role::Organ, text)));
    }

    /// Checks 份号 and 发文字号: GB/T 9704—2012, 7.2.1 and 7.2.5.
    fn check_numbers(&mut self, letterhead: &Letterhead, number: &str) {
        if let Some(copy) = letterhead.copy_number.as_deref().map(str::trim)
            && (copy.len() != 6 || !copy.bytes().all(|byte| byte.is_ascii_digit()))
        {
            let text = message!(
                "份号“{copy}”不是六位数字，如 000001",
                "the 份号 \"{copy}\" is not six digits, such as 000001"
            );
            self.warning(rule::LETTERHEAD_NUMBER, "/letterhead/copy_number", text);
        }
        if let Some(usual) = usual_number(number).filter(|usual| usual != number) {
            let text = message!(
                "发文字号“{number}”应写作“{usual}”：年份用〔〕，序号不加“第”，不编虚位",
                "the number \"{number}\" should be \"{usual}\": the year in 〔〕, no 第, no noughts in front"
            );
            self.warning(rule::LETTERHEAD_NUMBER, "/metadata/document_number", text);
        }
    }

    /// 发文字号, and beside it 签发人, two on a line.
    fn number_and_signers(&mut self, letterhead: &Letterhead, gap: Length) {
        let number = self.report.metadata.document_number.clone().unwrap_or_default();
        let number = self.clean(&number, "/metadata/document_number");
        self.check_numbers(letterhead, &number);
        if letterhead.signers.is_empty() && number.is_empty() {
            self.warning(
                rule::LETTERHEAD_NUMBER,
                "/letterhead",
                message!(
                    "版头没有发文字号（metadata.document_number）",
                    "the letterhead has no number (metadata.document_number)"
                ),
            );
            return;
        }
        if letterhead.signers.is_empty() {
            let paragraph = Paragraph::plain(Role::DocumentNumber, number);
            self.block_at(Position::Gap(gap), "/metadata/document_number", BlockKind::Paragraph(paragraph));
            return;
        }
        let rows: Vec<&[String]> = letterhead.signers.chunks(2).collect();
        for (at, names) in rows.iter().enumerate() {
            let last = at + 1 == rows.len();
            let label = if at == 0 { SIGNERS } else { "　　　　" };
            let names: Vec<String> = names
                .iter()
                .enumerate()
                .map(|(index, name)| self.clean(name, &child("/letterhead/signers", at * 2 + index)))
                .collect();
            let left = if last { number.clone() } else { String::new() };
            let gap = if at == 0 { gap } else { Length::ZERO };
            let left = self.run(Role::DocumentNumber, left, "/metadata/document_number");
            let mut right = self.run(Role::DocumentNumber, label.to_owned(), "/letterhead/signers");
            right.extend(self.run(Role::Heading2, names.join("　"), "/letterhead/signers"));
            let kind = BlockKind::Sides(Sides { role: Role::DocumentNumber, left, right, apart: false });
            self.block_at(Position::Gap(gap), "/letterhead/signers", kind);
        }
    }

    /// A line with text at both ends.
    pub(super) fn sides(
        &mut self,
        position: Position,
        (left_role, left): (Role, String),
        (right_role, right): (Role, String),
        pointer: &str,
    ) {
        let left = self.run(left_role, left, pointer);
        let right = self.run(right_role, right, pointer);
        let kind = BlockKind::Sides(Sides { role: Role::CopyNumber, left, right, apart: false });
        self.block_at(position, pointer, kind);
    }

    pub(super) fn run(&mut self, role: Role, text: String, pointer: &str) -> Vec<Run> {
        if text.is_empty() {
            return Vec::new();
        }
        vec![Run { id: Some(self.node(pointer)), role, text }]
    }

    fn red_rule(&mut self, position: Position, thicknesses: &[Length]) {
        let spec = &self.layout.letterhead;
        let rgb =
            self.layout.colours.get(&spec.colour).and_then(|text| parse_colour(text)).unwrap_or_default();
        let mut lines = Vec::new();
        let mut top = Length::ZERO;
        for thickness in thicknesses {
            lines.push((top, *thickness));
            top += *thickness + spec.rule_gap;
        }
        let kind = BlockKind::Rule(RuledLine { width: spec.rule_width, colour: Colour { rgb }, lines });
        self.block_at(position, "/letterhead", kind);
    }
}

/// A 发文字号 as the standard writes it, if it has a year and a number: GB/T 9704—2012, 7.2.5.
fn usual_number(number: &str) -> Option<String> {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(\D+?)\s*[〔\[［【(（]\s*((?:19|20)\d\d)年?\s*[〕\]］】)）]\s*第?\s*0*(\d+)\s*号$")
            .expect("the pattern is sound")
    });
    let parts = PATTERN.captures(number.trim())?;
    Some(format!("{}〔{}〕{}号", &parts[1], &parts[2], &parts[3]))
}

/// 份号, 密级和保密期限, 紧急程度, from the top.
fn marks(letterhead: &Letterhead) -> Vec<(Role, &str, String)> {
    let marks = [
        (Role::CopyNumber, "copy_number", &letterhead.copy_number),
        (Role::Secrecy, "secrecy", &letterhead.secrecy),
        (Role::Secrecy, "urgency", &letterhead.urgency),
    ];
    let given = marks.into_iter().filter_map(|(role, key, text)| Some((role, key, text.as_deref()?)));
    given.map(|(role, key, text)| (role, text, child("/letterhead", key))).collect()
}

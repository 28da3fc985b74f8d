//! A title broken into lines that make sense: between words, never inside a name, a year or a 《title》,
//! the lines balanced: GB/T 9704—2012, 7.3.1 (词意完整、排列对称、长短适宜).

mod places;

use std::collections::BTreeMap;

use places::{Place, places};

use super::metrics::Metrics;
use crate::document::{BlockKind, Document, TextRules, Title};
use crate::font::Fonts;
use crate::geom::Length;
use crate::style::{Role, Style};
use crate::text::line::text_width;

/// A line of fewer characters looks lost, and is left only where all else is worse.
const SHORTEST: usize = 5;
/// A text that needs more lines is no title, and is filled line by line.
const MOST_LINES: usize = 8;
/// The cost of a line of one or two characters.
const STRANDED: f64 = 50.0;
/// The cost of a line more than the text needs; two lines more cost four times as much.
const EXTRA_LINE: f64 = 0.35;
/// The cost of a line that is narrower than both its neighbours (沙漏).
const WAIST: f64 = 2.5;
/// By so much may the lines that follow make a choice cheaper.
const SLACK: f64 = 0.7;
/// The cost of a line as wide as the type area, which no longer looks centred.
const FULL: f64 = 0.8;

/// Breaks every title of the document that its author did not break, and the author's lines that are too wide.
pub fn break_titles(document: &mut Document, fonts: &Fonts) {
    let room = document.page.type_width();
    for block in &mut document.blocks {
        if let BlockKind::Title(title) = &mut block.kind {
            let style = document.styles.get(title.role);
            let rules = &document.text;
            title.lines = match &title.lines[..] {
                [line] => break_title(line, title, style, rules, fonts, room),
                lines => lines
                    .iter()
                    .flat_map(|line| match text_width(fonts, line, style, rules) {
                        width if width > room => break_title(line, title, style, rules, fonts, room),
                        _ => vec![line.clone()],
                    })
                    .collect(),
            };
        }
    }
}

/// Makes the 发文机关标志 as large as its line has room for: its style gives the largest size.
pub fn fit_organ(document: &mut Document, fonts: &Fonts) {
    let style = document.styles.get(Role::Organ).clone();
    let room = document.page.type_width();
    let widest = document.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Paragraph(paragraph) if paragraph.role == Role::Organ => {
            Some(text_width(fonts, &paragraph.text(), &style, &document.text))
        }
        _ => None,
    });
    let Some(width) = widest.max().filter(|width| *width > room) else { return };
    // The leading stays, so that the top of the glyphs does; half points, as Word has them.
    let size = Length::pt((style.size.to_pt() * (room / width) * 2.0).floor() / 2.0);
    let line_pitch = size + style.line_pitch - style.size;
    document.styles.0.insert(Role::Organ, Style { size, line_pitch, ..style });
}

fn break_title(
    text: &str,
    title: &Title,
    style: &Style,
    rules: &TextRules,
    fonts: &Fonts,
    room: Length,
) -> Vec<String> {
    let metrics = std::cell::RefCell::new(Metrics::new(fonts, rules.han_latin_gap));
    let width = |text: &str| metrics.borrow_mut().width(text, style, style.size);
    // 19 characters of 2号: a fuller line no longer looks centred.
    let most = room.scale(0.955);
    if width(text) <= most {
        return vec![text.to_owned()];
    }
    let count = (width(text) / most).ceil().max(2.0) as usize;
    let places = places(text, &title.names, &title.terms);
    let candidates = candidates(text, &places, most, room, &width);
    let broken = if count <= MOST_LINES { best(text, &places, count, &candidates) } else { None };
    broken.unwrap_or_else(|| greedy(text, &places, &candidates, room, &width))
}

/// A line that may be set: from one place to another.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    to: usize,
    width: Length,
    cost: f64,
}

/// The lines so far, of which the last ends at `to`.
#[derive(Clone, Copy, Debug)]
struct Partial {
    cost: f64,
    from: usize,
    to: usize,
    width: Length,
    /// A line was narrower than the one before it; if one is wider after that, the lines have a waist.
    narrowed: bool,
    /// Index of the lines without the last, among those of one line less.
    before: usize,
}

/// The best way to break a text that needs `least` lines: straight trapezoids and diamonds with their breaks at good
/// places.
fn best(text: &str, places: &[Place], least: usize, candidates: &[Vec<Candidate>]) -> Option<Vec<String>> {
    let last = places.len() - 1;
    let mut rows: Vec<Vec<Partial>> = Vec::new();
    let mut best: Option<(f64, usize, usize)> = None;
    for row in 0..least + 2 {
        // What costs more than the best is not made longer. A break after a name may make a line cheaper by a little.
        let most = best.map_or(f64::INFINITY, |(cost, ..)| cost + SLACK);
        let next = match rows.last() {
            None => candidates[0].iter().map(Partial::first).collect(),
            Some(before) => longer(before, candidates, most),
        };
        for (at, partial) in next.iter().enumerate().filter(|(_, partial)| row > 0 && partial.to == last) {
            let extra = (row + 1).saturating_sub(least) as f64;
            let cost = partial.cost + EXTRA_LINE * extra * extra;
            if best.is_none_or(|(other, _, _)| cost < other) {
                best = Some((cost, row, at));
            }
        }
        rows.push(next);
    }
    let (_, row, mut at) = best?;
    let mut lines = Vec::new();
    for row in rows[..=row].iter().rev() {
        lines.push(text[places[row[at].from].at..places[row[at].to].at].to_owned());
        at = row[at].before;
    }
    lines.reverse();
    Some(lines)
}

/// All these lines with one line more that cost less than `most`; of those that end with the same line, the best.
fn longer(before: &[Partial], candidates: &[Vec<Candidate>], most: f64) -> Vec<Partial> {
    let mut found: Vec<Partial> = Vec::new();
    let mut known: BTreeMap<(usize, usize, bool), usize> = BTreeMap::new();
    for (at, start) in before.iter().enumerate().filter(|(_, start)| start.cost < most) {
        for line in candidates.get(start.to).into_iter().flatten() {
            let partial = start.with(at, line);
            if partial.cost >= most {
                continue;
            }
            let place = *known.entry((partial.from, partial.to, partial.narrowed)).or_insert(found.len());
            match found.get_mut(place) {
                Some(other) if partial.cost < other.cost => *other = partial,
                Some(_) => {}
                None => found.push(partial),
            }
        }
    }
    found
}

impl Partial {
    fn first(line: &Candidate) -> Partial {
        Partial { cost: line.cost, from: 0, to: line.to, width: line.width, narrowed: false, before: 0 }
    }

    /// These lines, which are number `at`, with a line more.
    fn with(&self, at: usize, line: &Candidate) -> Partial {
        let waist = self.narrowed && line.width > self.width;
        Partial {
            cost: self.cost + line.cost + pair_cost(self.width, line.width) + if waist { WAIST } else { 0.0 },
            from: self.to,
            to: line.to,
            width: line.width,
            narrowed: line.width < self.width || self.narrowed && !waist,
            before: at,
        }
    }
}

/// The lines that may begin at each place. They should be no wider than `most`, and are no wider than `room`.
fn candidates(
    text: &str,
    places: &[Place],
    most: Length,
    room: Length,
    width: &dyn Fn(&str) -> Length,
) -> Vec<Vec<Candidate>> {
    let slice = |from: usize, to: usize| &text[places[from].at..places[to].at];
    // Widths add up, but for a gap between Han and digits here and there.
    let pieces: Vec<Length> = (1..places.len()).map(|at| width(slice(at - 1, at))).collect();
    let mut all = Vec::new();
    for from in 0..pieces.len() {
        let mut lines = Vec::new();
        let mut sum = Length::ZERO;
        for to in from + 1..places.len() {
            sum += pieces[to - 1];
            let width = if sum > most.scale(0.9) { width(slice(from, to)) } else { sum };
            if width > room {
                break;
            }
            let cost = places[to].cost + line_cost(slice(from, to), width > most);
            lines.push(Candidate { to, width, cost });
        }
        all.push(lines);
    }
    all
}

/// The cost of a line by itself.
fn line_cost(line: &str, full: bool) -> f64 {
    let short = match line.trim().chars().count() {
        0..=2 => STRANDED,
        count if count < SHORTEST => 1.5,
        _ => 0.0,
    };
    short + if full { FULL } else { 0.0 }
}

/// The cost of neighbouring lines: how far they are from a trapezoid, whose ratio is 0.6 to 0.95.
fn pair_cost(one: Length, other: Length) -> f64 {
    match one.min(other) / one.max(other) {
        ratio if ratio < 0.6 => (0.6 - ratio) * 4.0 + 0.09,
        ratio if ratio > 0.97 => 0.15,
        ratio => (0.9 - ratio).abs() * 0.3,
    }
}

/// Lines as full as can be, for texts that are no titles: a page of text, a number that is wider than a line.
fn greedy(
    text: &str,
    places: &[Place],
    candidates: &[Vec<Candidate>],
    room: Length,
    width: &dyn Fn(&str) -> Length,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut from = 0;
    while from + 1 < places.len() {
        let fuller = candidates[from].iter().rev();
        let to = fuller.clone().find(|line| places[line.to].cost < 1.0).or(fuller.clone().next());
        let Some(to) = to.map(|line| line.to) else {
            // Not even one piece fits.
            lines.extend(torn(&text[places[from].at..places[from + 1].at], room, width));
            from += 1;
            continue;
        };
        lines.push(text[places[from].at..places[to].at].to_owned());
        from = to;
    }
    lines
}

/// A piece wider than a line, by characters.
fn torn(piece: &str, room: Length, width: &dyn Fn(&str) -> Length) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for character in piece.chars() {
        line.push(character);
        if line.chars().count() > 1 && width(&line) > room {
            line.pop();
            lines.push(std::mem::replace(&mut line, character.to_string()));
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Align, Colour, Face};

    fn broken(text: &str, names: &[&str]) -> Vec<String> {
        let style = Style {
            face: Face::Xiaobiaosong,
            size: Length::pt(22.0),
            colour: Colour::BLACK,
            align: Align::Centre,
            indent_left: Length::ZERO,
            indent_right: Length::ZERO,
            indent_first: Length::ZERO,
            line_pitch: Length::pt(35.6),
            character_spacing: Length::ZERO,
            space_before: Length::ZERO,
            space_after: Length::ZERO,
            keep_with_next: true,
        };
        let rules = TextRules { han_latin_gap: 219, compress_punctuation: true, ..TextRules::default() };
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let terms = vec!["国民经济和社会发展".to_owned()];
        let title = Title {
            role: Role::Title,
            lines: Vec::new(),
            names: names.into(),
            terms: terms.into(),
            leads: false,
        };
        break_title(text, &title, &style, &rules, &Fonts::embedded(), Length::mm(156.0))
    }

    #[test]
    fn titles_break_after_the_body_s_name() {
        let name = "清镇市人民政府办公室";
        let lines = broken("清镇市人民政府办公室2023年政府信息公开工作年度报告", &[name]);
        assert_eq!(lines.concat(), "清镇市人民政府办公室2023年政府信息公开工作年度报告");
        assert_eq!(lines[0], name);
    }

    #[test]
    fn short_titles_stay_whole() {
        assert_eq!(broken("原村乡2024年工作年度报告", &["原村乡"]).len(), 1);
    }

    #[test]
    fn long_names_are_not_torn() {
        let name = "新疆生产建设兵团第十三师市场监督管理局";
        let lines = broken(&format!("{name}2023年政府信息公开工作年度报告"), &[name]);
        assert!(lines.iter().any(|line| line.contains(name)), "{lines:?}");
    }

    #[test]
    fn names_wider_than_a_line_are_torn_between_words() {
        let name = "新疆生产建设兵团第十三师新星市市场监督管理局";
        let lines = broken(&format!("{name}2023年政府信息公开工作年度报告"), &[name]);
        assert_eq!(lines.concat(), format!("{name}2023年政府信息公开工作年度报告"));
        assert!(lines.iter().all(|line| line.chars().count() >= 6), "{lines:?}");
    }

    #[test]
    fn terms_are_not_torn() {
        let lines = broken("样例市2023年国民经济和社会发展统计公报", &["样例市统计局"]);
        assert!(lines.iter().any(|line| line.contains("国民经济和社会发展")), "{lines:?}");
    }

    #[test]
    fn endless_titles_end() {
        assert!(broken(&"公".repeat(300), &[]).len() > 10);
    }

    /// What no line may cut.
    const WHOLE: &str = "\
    样例市人民政府 样丰市人民政府 清镇市人民政府办公室 红枫湖镇人民政府 黔东南苗族侗族自治州 黔西南布依族苗族自治州 恩施土家族苗族自治州 新疆维吾尔自治区 克孜勒苏柯尔克孜自治州 内蒙古自治区 \
    锡林郭勒盟 玉屏侗族自治县 双江拉祜族佤族布朗族傣族自治县 积石山保安族东乡族撒拉族自治县 巴音郭楞蒙古自治州 观山湖区综合行政执法局 样例市发展和改革委员会 人力资源和社会保障局 样例市自然资源和规划局 \
    样例市住房和城乡建设局 样例市城市管理综合行政执法局 样例省农业农村厅 样例市安全生产委员会 样例山街道办事处 政府信息公开 国民经济和社会发展 实施方案 指导意见 若干措施 管理办法 工作报告 年度报告 \
    工作要点 议事规则 应急预案 绩效目标表 实施细则 三年行动计划 行政区划 信用体系 规范性文件 第十四届 第三十二次会议 “十四五” 1.5亿元 1.25亿元 〔2023〕30号 2021—2035年 2023—2025年 2021—2022年 （2023年修订版） \
    （试行） 2023年度 2022年度 12345政务 15批次 第五次 第七批 G320国道 10名 2024年 2023年 第45号 第108号 12件 “双随机、一公开” “高效办成一件事” 二〇三五年 第十四个五年规划 中华人民共和国 样山水电站 中共样例市委组织部 样例市残疾人联合会 上海市浦东新区 乌鲁木齐市水磨沟区 \
    中国（样例） “三支一扶” “12345” 水安全 65岁以上 10万吨 2020年至2022年";

    fn check(text: &str, names: &[&str]) {
        let lines = broken(text, names);
        assert_eq!(lines.concat(), text);
        assert!((2..=4).contains(&lines.len()), "{lines:?}");
        for phrase in WHOLE.split_whitespace() {
            let kept: usize = lines.iter().map(|line| line.matches(phrase).count()).sum();
            assert_eq!(kept, text.matches(phrase).count(), "{phrase}: {lines:?}");
        }
        for line in &lines[1..] {
            for start in
                "》 ） 〕 ” 、 ， 。 ： — ～ 的 和 与 及 等 年 月 日 号 度 （ 〔 通知 意见".split(' ')
            {
                assert!(!line.starts_with(start), "{start}: {lines:?}");
            }
        }
        for line in &lines[..lines.len() - 1] {
            for end in "《 （ 〔 “ 关于 对 在 进一步 第 0 1 2 3 4 5 6 7 8 9".split(' ') {
                assert!(!line.ends_with(end), "{end}: {lines:?}");
            }
        }
        let width =
            |line: &String| line.trim().chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<i32>();
        let widths: Vec<i32> = lines.iter().map(width).collect();
        let (least, most) = (widths.iter().min().unwrap(), widths.iter().max().unwrap());
        assert!(*least >= 8 && least * 10 >= most * 3, "lengths: {lines:?}");
        for three in widths.windows(3) {
            assert!(three[1] + 1 >= three[0].min(three[2]), "a waist: {lines:?}");
        }
    }

    #[test]
    fn titles_of_every_kind_break_well() {
        for text in include_str!("title/titles.txt").lines() {
            check(text, &[]);
            let issuer = text.find("关于").or_else(|| text.find("20")).map_or("", |at| &text[..at]);
            if !issuer.contains([' ', '《']) {
                check(text, &[issuer]);
            }
        }
    }

    #[test]
    fn notices_break_before_the_title_that_they_print() {
        for (text, lines) in [
            (
                "样例市人民政府办公室关于印发《样例市进一步优化营商环境推动高质量发展若干措施》的通知",
                &[
                    "样例市人民政府办公室",
                    "关于印发《样例市进一步优化营商环境",
                    "推动高质量发展若干措施》的通知",
                ][..],
            ),
            (
                "清镇市红枫湖镇人民政府2023年政府信息公开工作年度报告",
                &["清镇市红枫湖镇人民政府", "2023年政府信息公开工作年度报告"],
            ),
            (
                "国务院办公厅关于印发2023年政务公开工作要点的通知",
                &["国务院办公厅关于印发", "2023年政务公开工作要点的通知"],
            ),
        ] {
            assert_eq!(broken(text, &[]), lines);
        }
    }
}

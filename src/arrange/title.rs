//! A title broken into lines that make sense: between words, never inside a name, a year or a 《title》,
//! the lines balanced: GB/T 9704—2012, 7.3.1 (词意完整、排列对称、长短适宜).

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;

use crate::document::{BlockKind, Document, TextRules, Title};
use crate::font::Fonts;
use crate::geom::Length;
use crate::style::{Role, Style};
use crate::text::class::may_part;
use crate::text::line::text_width;

/// Words that must not begin a line.
const NOT_AT_START: [&str; 8] = ["的", "和", "与", "及", "年", "暨", "等", "度"];

/// The bonus of a break right after a body's name (词意完整): it outweighs a better ratio of the lines.
const AFTER_NAME: f64 = 0.3;

/// Titles with more break opportunities are filled line by line: trying all combinations would take too long.
const MOST_PLACES: usize = 64;

/// Breaks every title of the document that its author did not break.
pub fn break_titles(document: &mut Document, fonts: &Fonts) {
    let width = document.page.type_width();
    for block in &mut document.blocks {
        if let BlockKind::Title(title) = &mut block.kind
            && let [line] = &title.lines[..]
        {
            let style = document.styles.get(title.role);
            title.lines = break_title(line, title, style, &document.text, fonts, width);
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
    let width = |text: &str| text_width(fonts, text, style, rules);
    // 19 characters of 2号: a fuller line no longer looks centred.
    let most = room.scale(0.955);
    if width(text) <= most {
        return vec![text.to_owned()];
    }
    let count = (width(text) / most).ceil().max(2.0) as usize;
    // A name that is wider than a line must be broken after all, between its words.
    for (names, terms) in [(&title.names[..], &title.terms[..]), (&title.names[..], &[]), (&[], &[])] {
        let places = places(text, names.iter().chain(terms));
        for lines in count..=count + 2 {
            if let Some(broken) = best(text, &places, lines, most, names, &width) {
                return broken;
            }
        }
    }
    // A single word wider than the line: as full as can be.
    greedy(text, &(0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect::<Vec<_>>(), most, &width)
}

/// The break opportunities of a title, its start and end included.
fn places<'a>(text: &str, whole: impl Iterator<Item = &'a String>) -> Vec<usize> {
    let segmenter = WordSegmenter::new_dictionary(WordBreakInvariantOptions::default());
    let mut forbidden: Vec<std::ops::Range<usize>> = Vec::new();
    for name in whole.filter(|name| !name.is_empty()) {
        forbidden.extend(text.match_indices(name.as_str()).map(|(at, name)| at..at + name.len()));
    }
    for (open, close) in [('《', '》'), ('（', '）'), ('〔', '〕'), ('“', '”')] {
        forbidden.extend(
            text.match_indices(open)
                .filter_map(|(at, _)| text[at..].find(close).map(|end| at..at + end + close.len_utf8())),
        );
    }
    let mut places: Vec<usize> = segmenter
        .segment_str(text)
        .filter(|at| {
            let (before, after) = text.split_at(*at);
            let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
                return true;
            };
            let inside = forbidden.iter().any(|range| range.start < *at && *at < range.end);
            let unit = last.is_ascii_digit() && !first.is_ascii_digit();
            let stranded = NOT_AT_START.iter().any(|word| after.starts_with(word));
            !inside && !unit && !stranded && may_part(last, first)
        })
        .collect();
    if places.first() != Some(&0) {
        places.insert(0, 0);
    }
    if places.last() != Some(&text.len()) {
        places.push(text.len());
    }
    places
}

/// The best way to break into this many lines: the straightest trapezoid or diamond, with breaks at names first.
fn best(
    text: &str,
    places: &[usize],
    lines: usize,
    most: Length,
    names: &[String],
    width: &dyn Fn(&str) -> Length,
) -> Option<Vec<String>> {
    if places.len() > MOST_PLACES {
        return None;
    }
    // Widths add up, but for a gap between Han and digits here and there.
    let mut ends = vec![Length::ZERO];
    for piece in places.windows(2) {
        ends.push(ends[ends.len() - 1] + width(&text[piece[0]..piece[1]]));
    }
    let inner: Vec<usize> = (1..places.len() - 1).collect();
    let mut best: Option<(f64, Vec<usize>)> = None;
    for chosen in choices(&inner, lines - 1) {
        let edges: Vec<usize> = [0].into_iter().chain(chosen).chain([places.len() - 1]).collect();
        let widths: Vec<Length> = edges.windows(2).map(|edge| ends[edge[1]] - ends[edge[0]]).collect();
        if widths.iter().any(|width| *width > most) {
            continue;
        }
        let inner = &edges[1..edges.len() - 1];
        let after_name =
            inner.iter().any(|edge| names.iter().any(|name| text[..places[*edge]].ends_with(name.as_str())));
        let cost = cost(&widths) - if after_name { AFTER_NAME } else { 0.0 };
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, edges));
        }
    }
    let (_, edges) = best?;
    Some(edges.windows(2).map(|edge| text[places[edge[0]]..places[edge[1]]].to_owned()).collect())
}

/// The cost of a choice of lines: how far they are from a trapezoid (ratio 0.6 to 0.95 of neighbouring lines)
/// or, with three lines, a diamond.
fn cost(widths: &[Length]) -> f64 {
    let ratio = |a: Length, b: Length| a.min(b) / a.max(b);
    let pairs: f64 = widths
        .windows(2)
        .map(|pair| match ratio(pair[0], pair[1]) {
            ratio if ratio < 0.6 => (0.6 - ratio) * 4.0,
            ratio if ratio > 0.97 => 0.15,
            ratio => (0.9 - ratio).abs() * 0.3,
        })
        .sum();
    let waist = widths.len() == 3 && widths[1] < widths[0] && widths[1] < widths[2];
    pairs + if waist { 2.0 } else { 0.0 }
}

/// All ways to choose `count` of the places, in order; bounded by trying no more than three breaks.
fn choices(places: &[usize], count: usize) -> Vec<Vec<usize>> {
    match count {
        0 => vec![Vec::new()],
        1..=3 => {
            let mut all = Vec::new();
            for (at, place) in places.iter().enumerate() {
                for mut rest in choices(&places[at + 1..], count - 1) {
                    rest.insert(0, *place);
                    all.push(rest);
                }
            }
            all
        }
        _ => Vec::new(),
    }
}

fn greedy(text: &str, places: &[usize], most: Length, width: &dyn Fn(&str) -> Length) -> Vec<String> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let fits = places
            .iter()
            .copied()
            .filter(|end| *end > start)
            .take_while(|end| width(&text[start..*end]) <= most)
            .last();
        let end = fits.or_else(|| places.iter().copied().find(|end| *end > start)).unwrap_or(text.len());
        lines.push(text[start..end].to_owned());
        start = end;
    }
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
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let terms = vec!["国民经济和社会发展".to_owned()];
        let title = Title { role: Role::Title, lines: Vec::new(), names, terms };
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
}

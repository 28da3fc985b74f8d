//! Glyphs put into lines, and lines into text.
//!
//! A figure is digits that stand beside one another and look alike. Where they do not, the text has a space or U+FFFD
//! between them, so that nothing takes them for one number.

use super::glyph::{Glyph, UNKNOWN, differ};
use crate::characters::shifted;

/// What a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Within {
    Prose,
    /// A row of a table without rules: other cells stand beside a cell.
    Row,
    /// A cell that is known, of a table whose characters are this far apart, in sizes.
    Cell {
        spacing: f64,
    },
}

/// Glyphs by lines from top to bottom, each from left to right and without spaces at its ends.
pub(super) fn lines(mut glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs {
        match lines.last_mut() {
            Some(line)
                if line.first().is_some_and(|first| glyph.y - first.y < first.size.max(glyph.size) * 0.5) =>
            {
                line.push(glyph);
            }
            _ => lines.push(vec![glyph]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    lower_marks(&mut lines);
    for line in &mut lines {
        while line.last().is_some_and(Glyph::is_space) {
            line.pop();
        }
        let spaces = line.iter().take_while(|glyph| glyph.is_space()).count();
        line.drain(..spaces);
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Puts marks that are raised so far that they made a line of their own behind what they mark.
fn lower_marks(lines: &mut [Vec<Glyph>]) {
    for at in 1..lines.len() {
        let (before, after) = lines.split_at_mut(at);
        let (Some(upper), lower) = (before.last_mut(), &mut after[0]) else { continue };
        let largest = lower.iter().map(|glyph| glyph.size).fold(0.0, f64::max);
        let is_marked = |mark: &Glyph| {
            let end = lower.partition_point(|glyph| glyph.x < mark.x + 0.1 * mark.size);
            end.checked_sub(1).and_then(|at| lower.get(at)).is_some_and(|base| {
                mark.size < base.size * 0.87
                    && mark.y > base.y - base.size
                    && (mark.x - base.end()).abs() < 0.3 * base.size
                    && !base.is_space()
            })
        };
        let (marks, rest): (Vec<Glyph>, Vec<Glyph>) = std::mem::take(upper)
            .into_iter()
            .partition(|glyph| glyph.size < largest && !glyph.is_space() && is_marked(glyph));
        *upper = rest;
        if !marks.is_empty() {
            lower.extend(marks);
            lower.sort_by(|a, b| a.x.total_cmp(&b.x));
        }
    }
}

/// How far the characters of these lines are apart, in sizes: most are not at all.
pub(super) fn spacing<'l>(lines: impl Iterator<Item = &'l [Glyph]>) -> f64 {
    let pairs = lines.flat_map(|line| line.windows(2));
    let close = pairs.filter(|pair| !pair[0].is_space() && !pair[1].is_space());
    let mut gaps: Vec<f64> = close.map(|pair| gap(&pair[0], &pair[1])).filter(|gap| *gap < 0.8).collect();
    gaps.sort_by(f64::total_cmp);
    gaps.get(gaps.len() / 2).copied().unwrap_or_default()
}

/// The text of a line; a wide gap is a space.
pub(super) fn of(line: &[Glyph], within: Within) -> String {
    let texts = with_marks(line);
    let seen: Vec<usize> = (0..line.len()).filter(|at| !line[*at].is_space()).collect();
    let mut text = String::new();
    for (number, &at) in seen.iter().enumerate() {
        if let Some(&before) = number.checked_sub(1).and_then(|number| seen.get(number)) {
            let (one, other) = (&texts[before], &texts[at]);
            let is_figure = one.ends_with(in_figure) && other.starts_with(in_figure);
            let joint = match is_figure {
                true => figure_joint(line, &texts, before, at, within),
                false => joint(&line[before], &line[at], at > before + 1, (one, other)),
            };
            text.extend(joint);
        }
        text.push_str(&texts[at]);
    }
    text
}

fn in_figure(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '.' | ',' | '０'..='９' | '．' | '，')
}

fn gap(one: &Glyph, other: &Glyph) -> f64 {
    (other.x - one.end()) / one.size.max(other.size).max(0.01)
}

/// What is between two glyphs that are not both of a figure.
fn joint(one: &Glyph, other: &Glyph, has_space: bool, (before, after): (&str, &str)) -> Option<char> {
    let gap = gap(one, other);
    let latin = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c.is_ascii_punctuation());
    (gap > 0.8 || has_space && gap > 0.1 && latin(before) && latin(after)).then_some(' ')
}

/// What is between two digits.
fn figure_joint(line: &[Glyph], texts: &[String], before: usize, at: usize, within: Within) -> Option<char> {
    /// Between the digits of a number, and between letters that are set apart, in sizes.
    const CLOSE: f64 = 0.12;
    const APART: f64 = 0.25;
    let (one, other) = (&line[before], &line[at]);
    let gap = gap(one, other);
    if gap > 0.8 {
        return Some(' ');
    }
    let has_space = at > before + 1;
    if has_space && gap > 0.1 {
        return Some(' ');
    }
    if within == Within::Prose {
        return None;
    }
    let is_of_one = one.run == other.run;
    let most = if is_of_one { APART } else { CLOSE };
    if gap > most && !is_spaced(line, texts, before, at, within) {
        return Some(' ');
    }
    let size = one.size.max(other.size);
    let colours = one.colour.zip(other.colour);
    let is_alike = one.size.min(other.size) > size * 0.87
        && (one.y - other.y).abs() < size * 0.12
        && colours.is_none_or(|(one, other)| !differ(one, other))
        && one.is_annotation == other.is_annotation
        && one.way == other.way
        && gap > -APART;
    (!is_alike).then_some(UNKNOWN)
}

/// Whether the digits around are set apart evenly, as letters of a title are: by one operator, or in a cell of their own.
fn is_spaced(line: &[Glyph], texts: &[String], before: usize, at: usize, within: Within) -> bool {
    const EVEN: f64 = 0.12;
    let is_next = |one: usize, other: usize| {
        texts[one].ends_with(in_figure)
            && texts[other].starts_with(in_figure)
            && gap(&line[one], &line[other]) <= 0.8
    };
    let (mut from, mut to) = (before, at);
    while from > 0 && is_next(from - 1, from) {
        from -= 1;
    }
    while to + 1 < line.len() && is_next(to, to + 1) {
        to += 1;
    }
    let own = &line[from..=to];
    let gaps = || own.windows(2).map(|pair| gap(&pair[0], &pair[1]));
    let (least, most) =
        gaps().fold((f64::INFINITY, 0.0_f64), |(least, most), gap| (least.min(gap), most.max(gap)));
    let is_of_one = own.iter().all(|glyph| glyph.run == own[0].run);
    let is_usual = match within {
        Within::Cell { spacing } => own.len() > 2 || (least - spacing).abs() < EVEN / 2.0,
        Within::Prose | Within::Row => false,
    };
    most - least < EVEN && (is_of_one || is_usual)
}

/// The texts of glyphs; digits that are smaller than what stands before them and higher or lower are raised or lowered ones.
fn with_marks(line: &[Glyph]) -> Vec<String> {
    let mut base: Option<&Glyph> = None;
    let mut texts = Vec::with_capacity(line.len());
    for (at, glyph) in line.iter().enumerate() {
        let next = line.get(at + 1).filter(|next| base.is_none() && !next.is_space());
        let of = base.or(next).filter(|base| {
            glyph.size < base.size * 0.87 && gap(base, glyph).min(gap(glyph, base).abs()) < 0.5
        });
        let face = of.and_then(|base| {
            let height = (base.y - glyph.y) / base.size;
            match height {
                _ if height > 0.08 => Some("superscript"),
                _ if height < -0.05 => Some("subscript"),
                _ => None,
            }
        });
        texts.push(match face {
            Some(face) => glyph.text.chars().map(|c| shifted(c, face)).collect(),
            None => glyph.text.clone(),
        });
        if of.is_none() && !glyph.is_space() {
            base = Some(glyph);
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: Within = Within::Cell { spacing: 0.0 };

    fn glyph(x: f64, y: f64, size: f64, text: &str, run: usize) -> Glyph {
        Glyph { x, y, size, advance: size * 0.5, text: text.to_owned(), run, ..Glyph::default() }
    }

    fn check(glyphs: Vec<Glyph>, within: Within, wanted: &str) {
        let texts: Vec<String> = lines(glyphs).iter().map(|line| of(line, within)).collect();
        assert_eq!(texts.join("/"), wanted);
    }

    #[test]
    fn digits_that_look_alike_are_a_number() {
        let alike = || vec![glyph(0.0, 10.0, 10.0, "4", 1), glyph(5.0, 10.0, 10.0, "1", 1)];
        check(alike(), CELL, "41");
        let with = |other: Glyph| alike().into_iter().chain([other]).collect::<Vec<_>>();
        check(with(glyph(10.2, 10.0, 10.0, "9", 2)), CELL, "419");
        check(with(glyph(12.0, 10.0, 10.0, "9", 2)), CELL, "41 9");
        check(with(glyph(12.0, 10.0, 10.0, "9", 1)), CELL, "419");
        check(with(glyph(13.0, 10.0, 10.0, "9", 1)), CELL, "41 9");
        check(with(glyph(6.5, 10.0, 10.0, "9", 2)), CELL, "41\u{FFFD}9");
        check(with(glyph(10.0, 10.0, 8.0, "9", 2)), CELL, "41\u{FFFD}9");
        check(with(glyph(10.0, 6.0, 8.0, "9", 2)), CELL, "41⁹");
        check(with(glyph(10.0, 3.0, 6.0, "9", 2)), CELL, "41⁹");
        check(with(glyph(10.0, 12.0, 6.0, "9", 2)), Within::Row, "41₉");
        let grey = Glyph { colour: Some([0.8; 3]), ..glyph(10.0, 10.0, 10.0, "9", 2) };
        let black = |glyph: Glyph| Glyph { colour: Some([0.0; 3]), ..glyph };
        check(alike().into_iter().map(black).chain([grey]).collect(), CELL, "41\u{FFFD}9");
        check(with(Glyph { is_annotation: true, ..glyph(10.0, 10.0, 10.0, "9", 2) }), CELL, "41\u{FFFD}9");
        let space = glyph(10.0, 10.0, 4.0, " ", 1);
        check(
            with(space).into_iter().chain([glyph(12.5, 10.0, 10.0, "9", 1)]).collect(),
            Within::Prose,
            "41 9",
        );
    }

    #[test]
    fn digits_set_apart_are_a_number_in_a_cell() {
        let apart = |run: fn(usize) -> usize| {
            (0..3).map(|at| glyph(9.0 * at as f64, 10.0, 10.0, "5", run(at))).collect::<Vec<_>>()
        };
        check(apart(|_| 1), Within::Row, "555");
        check(apart(|at| at), Within::Row, "5 5 5");
        check(apart(|at| at), CELL, "555");
        let two = || apart(|at| at)[..2].to_vec();
        check(two(), CELL, "5 5");
        check(two(), Within::Cell { spacing: 0.4 }, "55");
    }
}

//! Lines of a paragraph: first fit, Chinese prohibition rules, punctuation pulled in, both edges straight.
//!
//! Lines are filled as Word fills them: the first break that fits is taken and never revised, so that the
//! Word file of the same document breaks where the PDF does. Do not optimise over paragraphs.

use super::breaks::{Script, break_opportunities};
use super::class::{Class, is_pulled_in, is_unit, may_part};
use super::shape::{Cluster, Glyph, shape};
use crate::document::TextRules;
use crate::font::{Digits, FontId, Fonts};
use crate::geom::{Length, Point};
use crate::pages::{GlyphText, Item, Owner, PlacedGlyph, TextRun};
use crate::style::{Align, Colour, Face, Shift, Style};

/// A span of text of one face and owner.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// Whose text it is.
    pub owner: Owner,
    /// Its face.
    pub face: Face,
    /// The text: no line breaks.
    pub text: &'a str,
    /// Bold: drawn with a line around its glyphs.
    pub strong: bool,
    /// Raised or lowered, and smaller.
    pub shift: Shift,
    /// The mark of a footnote: no line begins with it, and no gap is beside it.
    pub sticks: bool,
}

impl<'a> Span<'a> {
    /// Text as its style has it.
    pub fn plain(owner: Owner, face: Face, text: &'a str) -> Span<'a> {
        Span { owner, face, text, strong: false, shift: Shift::None, sticks: false }
    }
}

/// What all the spans of a paragraph share.
#[derive(Clone, Copy, Debug)]
pub struct TextStyle {
    /// Size of the em.
    pub size: Length,
    /// Added to every advance.
    pub spacing: Length,
    /// Colour of the glyphs.
    pub colour: Colour,
    /// Which digits.
    pub digits: Digits,
}

impl TextStyle {
    /// That of a paragraph style.
    pub fn of(style: &Style) -> TextStyle {
        TextStyle {
            size: style.size,
            spacing: style.character_spacing,
            colour: style.colour,
            digits: Digits::Latin,
        }
    }
}

/// An atom: a measured cluster, the smallest unit of line breaking.
#[derive(Clone, Debug)]
pub struct Atom {
    owner: Owner,
    font: FontId,
    glyphs: smallvec::SmallVec<[Glyph; 2]>,
    texts: smallvec::SmallVec<[GlyphText; 2]>,
    strong: bool,
    shift: Shift,
    class: Class,
    advance: Length,
    /// Character spacing, the part of the advance that is dropped at the end of a line.
    spacing: Length,
    /// Between Han and Latin; lost at the end of a line.
    gap: Length,
    /// Whether that gap is one to be seen.
    parts: bool,
    /// How much of the advance is blank and may be taken away.
    blank: Length,
    /// How much of its blank is removed because of the mark beside it; lines are filled as if it were not.
    trim: Length,
    /// The first of its paragraph.
    starts: bool,
    /// Whether it is pulled into a line that it does not fit.
    pulled_in: bool,
    /// Whether a line may end after it.
    breaks: bool,
}

/// The atoms of a paragraph.
pub fn atoms(fonts: &Fonts, spans: &[Span], style: &TextStyle, rules: &TextRules) -> Vec<Atom> {
    let text: String = spans.iter().map(|span| span.text).collect();
    let breaks = break_opportunities(&text);
    let mut atoms: Vec<Atom> = Vec::with_capacity(text.len() / 2);
    let mut start = 0;
    let mut script = Script::default();
    let mut last: Option<char> = None;
    let mut after_mark = false;
    for span in spans {
        for cluster in shape(fonts, span.face, style.digits, span.text) {
            let piece = &span.text[cluster.text.clone()];
            let (Some(first), Some(end)) = (piece.chars().next(), piece.chars().next_back()) else {
                continue;
            };
            let was_latin = script.latin;
            let class = Class::of(first);
            let is_latin = script.next(first, class);
            piece.chars().skip(1).for_each(|c| {
                script.next(c, Class::of(c));
            });
            if let (Some(before), Some(atom)) = (last, atoms.last_mut()) {
                atom.breaks = breaks[start + cluster.text.start]
                    && may_part(before, first)
                    && !(rules.keep_number_with_unit && before.is_ascii_digit() && is_unit(first));
                if span.sticks {
                    atom.breaks = false;
                }
                let parts = was_latin != is_latin && !span.sticks && !after_mark;
                if parts {
                    // LibreOffice spaces the characters of one script only.
                    atom.gap = -style.spacing;
                }
                if parts && is_border(before, first) {
                    atom.gap += style.size.scale(rules.han_latin_gap as f64 / 1000.0);
                    atom.parts = rules.han_latin_gap > 0;
                }
            }
            last = Some(end);
            after_mark = span.sticks;
            atoms.push(atom(span, cluster, (first, class), style));
        }
        start += span.text.len();
    }
    if rules.compress_punctuation {
        trim_neighbours(&mut atoms);
    }
    if let Some(first) = atoms.first_mut() {
        first.starts = true;
    }
    if let Some(first) = atoms.first_mut().filter(|atom| atom.class == Class::Opening) {
        first.trim = style.size.scale(rules.paragraph_start_trim as f64 / 1000.0).min(first.blank);
    }
    atoms
}

/// Adjacent marks share their blank: ）， and ”。 are set closer, and so are （《 and 》（.
fn trim_neighbours(atoms: &mut [Atom]) {
    for at in 1..atoms.len() {
        match (atoms[at - 1].class, atoms[at].class) {
            (Class::Closing, Class::Closing | Class::Opening) => atoms[at - 1].trim = atoms[at - 1].blank,
            (Class::Opening, Class::Opening) => atoms[at].trim = atoms[at].blank,
            _ => {}
        }
    }
}

/// The atom of a cluster whose first character, and its class, are `first`.
fn atom(span: &Span, cluster: Cluster, first: (char, Class), style: &TextStyle) -> Atom {
    let (text, (first, class)) = (span.text, first);
    let size = span.shift.size(style.size);
    let advance = Length::emu((i64::from(cluster.advance) * size.to_emu() + 500_000) / 1_000_000);
    let count = text[cluster.text.clone()].chars().count() as i64;
    let blank = match class {
        Class::Opening | Class::Closing => (advance - size / 2).max(Length::ZERO),
        Class::Han | Class::Middle | Class::Latin | Class::Space => Length::ZERO,
    };
    Atom {
        owner: span.owner,
        font: cluster.font,
        strong: span.strong,
        shift: span.shift,
        // Nearly always one glyph for one character.
        texts: if count == 1 && cluster.glyphs.len() == 1 {
            smallvec::smallvec![GlyphText::Char(first)]
        } else {
            cluster.glyph_texts(text).collect()
        },
        glyphs: cluster.glyphs,
        class,
        advance: advance + style.spacing * count,
        spacing: style.spacing,
        gap: Length::ZERO,
        parts: false,
        blank,
        trim: Length::ZERO,
        starts: false,
        pulled_in: is_pulled_in(first),
        breaks: false,
    }
}

/// Whether Word puts a gap between these two, of which one is Latin: Han beside a letter or a digit. Signs of an em
/// (℃ ㎡ ● ±) have none, nor have characters behind one of the supplementary planes in LibreOffice.
fn is_border(before: char, after: char) -> bool {
    before.is_alphanumeric() && after.is_alphanumeric() && !is_supplementary_han(before)
}

fn is_supplementary_han(character: char) -> bool {
    Class::of(character) == Class::Han && character > '\u{ffff}'
}

/// A line: its atoms, and the room that they leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Indices of its atoms; the space at its end is among them and takes no room.
    pub atoms: std::ops::Range<usize>,
    /// Width of its atoms as they are.
    pub natural: Length,
    /// Room between its indents.
    pub room: Length,
    /// From the left edge of the paragraph.
    pub indent: Length,
    /// The last one of its paragraph.
    pub last: bool,
}

impl Line {
    /// A line without text.
    pub fn blank(measure: &Measure) -> Line {
        let indent = measure.left + measure.first;
        let room = measure.width - indent - measure.right;
        Line { atoms: 0..0, natural: Length::ZERO, room, indent, last: true }
    }
}

/// The indents of a paragraph.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Between the edges of the paragraph's column.
    pub width: Length,
    /// Of all lines, from the left.
    pub left: Length,
    /// Of all lines, from the right.
    pub right: Length,
    /// Of the first line, in addition to that of all.
    pub first: Length,
}

impl Measure {
    /// That of a paragraph style in a column of this width.
    pub fn of(style: &Style, width: Length) -> Measure {
        Measure { width, left: style.indent_left, right: style.indent_right, first: style.indent_first }
    }

    /// A column without indents.
    pub fn plain(width: Length) -> Measure {
        Measure { width, left: Length::ZERO, right: Length::ZERO, first: Length::ZERO }
    }
}

/// Breaks atoms into lines. Every line takes at least one atom. Only justified lines pull a stop in.
pub fn fill(atoms: &[Atom], measure: &Measure, align: Align, rules: &TextRules) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < atoms.len() {
        let first = if lines.is_empty() { measure.first } else { Length::ZERO };
        let indent = measure.left + first;
        let room = measure.width - indent - measure.right;
        let end = line_end(atoms, start, room, align == Align::Justify && rules.compress_punctuation);
        let (natural, _) = widths(&atoms[start..end]);
        lines.push(Line { atoms: start..end, natural, room, indent, last: end == atoms.len() });
        start = end;
    }
    lines
}

/// Whether letters or digits follow this atom, which is no hyphen, without a space. LibreOffice ends a line
/// there, after a stroke, only where one character more would have fitted.
fn is_inside_word(atoms: &[Atom], at: usize) -> bool {
    let is_latin = |atom: &Atom| atom.class == Class::Latin;
    is_latin(&atoms[at]) && !atoms[at].is('-') && atoms.get(at + 1).is_some_and(is_latin)
}

impl Atom {
    /// Whose text it is.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Whether it is this character.
    fn is(&self, character: char) -> bool {
        matches!(self.texts[..], [GlyphText::Char(own)] if own == character)
    }

    /// Whether it is a Han character.
    fn is_ideograph(&self) -> bool {
        matches!(self.texts[..], [GlyphText::Char(own)] if crate::font::is_ideograph(own))
    }

    /// Whether it ends with a letter or a digit.
    fn is_alphanumeric(&self) -> bool {
        matches!(self.texts.last(), Some(GlyphText::Char(own)) if own.is_alphanumeric())
    }
}

/// The end of the line that begins at `start`.
fn line_end(atoms: &[Atom], start: usize, room: Length, pulls_in: bool) -> usize {
    let mut width = Length::ZERO;
    let mut gap = Length::ZERO;
    let mut opportunity = None;
    // A break that counts only if the mark after it fits too.
    let mut pending = None;
    // For a line without a break: after a stop, rather than within a number.
    let mut behind_stop = None;
    for (at, atom) in atoms.iter().enumerate().skip(start) {
        let before = width;
        width += gap + atom.advance;
        gap = atom.gap;
        if width - atom.spacing > room && atom.class != Class::Space {
            let sticks = sticks_to_latin(&atoms[start..at]);
            let pulled = pulls_in
                && atom.pulled_in
                && before <= room
                && !sticks
                && (atom.breaks || at + 1 == atoms.len())
                && is_squeezable(&atoms[start..=at], width - room);
            let end = opportunity.or(behind_stop).unwrap_or(at).max(start + 1);
            return if pulled { at + 1 } else { end };
        }
        if atom.pulled_in && atoms.get(at + 1).is_some_and(|next| next.class == Class::Latin) {
            behind_stop = Some(at + 1);
        }
        opportunity = pending.take().or(opportunity);
        let opens = atoms.get(at + 1).is_some_and(|next| next.class == Class::Opening);
        if atom.breaks && atom.class == Class::Latin && atom.is_alphanumeric() && opens {
            // LibreOffice moves GDP to the next line together with （ if （ does not fit.
            pending = Some(at + 1);
        } else if atom.breaks && !is_inside_word(atoms, at) {
            opportunity = Some(at + 1);
        } else if at > start && atoms[at - 1].breaks && is_inside_word(atoms, at - 1) {
            opportunity = Some(at);
        }
    }
    atoms.len()
}

/// Whether a stop after these moves to the next line with them: after letters or digits, and after a sign or
/// bracket that follows them, LibreOffice lets no stop hang (300㎡， or 25℃。).
fn sticks_to_latin(before: &[Atom]) -> bool {
    match before {
        [.., last] if last.class == Class::Latin => true,
        [.., other, last] if other.class == Class::Latin => !last.is_ideograph(),
        _ => false,
    }
}

/// How much narrower the gaps of a line may be set, in thousandths of an em: too little to be seen.
const SQUEEZE: i64 = 25;

/// Whether a line can be made narrower by so much: by the blank of its marks, and a little by all of its gaps.
fn is_squeezable(atoms: &[Atom], by: Length) -> bool {
    let blank: Length = atoms.iter().map(|atom| atom.blank).sum();
    let gaps = atoms.windows(2).filter(|pair| stretches(&pair[0], &pair[1])).count() as i64;
    let em = atoms.last().map_or(Length::ZERO, |atom| atom.advance);
    by <= blank + em.scale(SQUEEZE as f64 / 1000.0) * gaps
}

/// The natural width of a line's atoms, and how much of it may be compressed. Space at the end has no width.
fn widths(atoms: &[Atom]) -> (Length, Length) {
    let kept = atoms.len() - atoms.iter().rev().take_while(|atom| atom.class == Class::Space).count();
    let mut width = Length::ZERO;
    let mut blank = Length::ZERO;
    for (at, atom) in atoms[..kept].iter().enumerate() {
        width += atom.advance + if at + 1 < kept { atom.gap } else { Length::ZERO };
        blank += atom.blank;
    }
    (width, blank)
}

/// Sets a line: its glyphs as items, with the baseline at `origin` (the left edge of the column).
pub fn set(
    atoms: &[Atom],
    line: &Line,
    align: Align,
    style: &TextStyle,
    origin: Point,
    items: &mut Vec<Item>,
) {
    let atoms = &atoms[line.atoms.clone()];
    let spread = Spread::of(atoms, line, align, style.size);
    let mut x = origin.x + line.indent + spread.shift;
    let mut run: Option<TextRun> = None;
    let (mut gaps, mut blank) = (0_i64, Length::ZERO);
    for (at, atom) in atoms.iter().enumerate() {
        let taken = spread.taken(atom, at, &mut blank);
        // The blank of an opening mark is on its left: the glyph moves with it.
        let place = if atom.class == Class::Opening { x - taken } else { x };
        let size = atom.shift.size(style.size);
        let baseline = origin.y - atom.shift.rise(style.size);
        let goes_on = |run: &TextRun| {
            let is_same = run.owner == atom.owner && run.font == atom.font;
            is_same && run.strong == atom.strong && run.size == size && run.origin.y == baseline
        };
        if !run.as_ref().is_some_and(goes_on) {
            items.extend(run.take().map(Item::Text));
        }
        let is_same = |other: &&Atom| {
            other.owner == atom.owner && other.font == atom.font && other.strong == atom.strong
        };
        let new_run = |origin: Point| TextRun {
            owner: atom.owner,
            origin,
            font: atom.font,
            size,
            strong: atom.strong,
            colour: style.colour,
            glyphs: Vec::with_capacity(atoms[at..].iter().take_while(is_same).count()),
        };
        for (glyph, text) in atom.glyphs.iter().zip(&atom.texts) {
            let millionths = |part: i32| Length::emu(i64::from(part) * size.to_emu() / 1_000_000);
            // A run has one baseline: a mark that is lifted is a run of its own.
            let lifted = glyph.y != 0 && *text != GlyphText::None;
            if lifted {
                items.extend(run.take().map(Item::Text));
            }
            let lift = if lifted { millionths(glyph.y) } else { Length::ZERO };
            let on = run.get_or_insert_with(|| new_run(Point::new(place, baseline - lift)));
            let x = place - on.origin.x + millionths(glyph.x);
            on.glyphs.push(PlacedGlyph { id: glyph.id, x, text: text.clone(), gap: false });
            if lifted {
                items.extend(run.take().map(Item::Text));
            }
        }
        if at < spread.kept {
            x += atom.advance + atom.gap - taken;
        }
        if at + 1 < spread.kept
            && atom.parts
            && let Some(last) = run.as_mut().and_then(|run| run.glyphs.last_mut())
        {
            last.gap = true;
        }
        if at + 1 < spread.kept && stretches(atom, &atoms[at + 1]) {
            x += spread.gap(gaps);
            gaps += 1;
        }
    }
    items.extend(run.map(Item::Text));
}

/// Whether the gap between two atoms may be stretched.
fn stretches(before: &Atom, after: &Atom) -> bool {
    before.class.stretches() || after.class.stretches()
}

/// A gap is stretched by no more than this part of an em.
const WIDEST_STRETCH: i64 = 4;

/// The distribution of a line's slack.
struct Spread {
    /// How many atoms have a width: all but the space at the end.
    kept: usize,
    /// From the indent to the first atom.
    shift: Length,
    /// To be added over all gaps, or taken from them if negative, or zero.
    stretch: Length,
    gaps: i64,
    /// To be taken from the blank of the stop at the end, or zero.
    from_last: Length,
    /// To be taken from the blank of the other marks, or zero.
    compress: Length,
    /// All of that blank.
    blank: Length,
}

impl Spread {
    fn of(atoms: &[Atom], line: &Line, align: Align, size: Length) -> Spread {
        let kept = atoms.len() - atoms.iter().rev().take_while(|atom| atom.class == Class::Space).count();
        let (natural, blank) = widths(atoms);
        let trimmed: Length = atoms[..kept].iter().enumerate().map(|(at, atom)| trim(atom, at, kept)).sum();
        let slack = line.room - natural + trimmed;
        let gaps = atoms[..kept].windows(2).filter(|pair| stretches(&pair[0], &pair[1])).count() as i64;
        // A line whose gaps would be too wide stays ragged: Word stretches it, but its characters are the same.
        let widest = size / WIDEST_STRETCH;
        let justified = align == Align::Justify
            && !line.last
            && slack > Length::ZERO
            && gaps > 0
            && slack <= widest * gaps;
        let last = atoms.last().filter(|atom| atom.pulled_in);
        let last_blank = last.map_or(Length::ZERO, |atom| atom.blank);
        let blank = blank - trimmed - last_blank;
        let missing = (-slack).max(Length::ZERO);
        let from_last = missing.min(last_blank);
        let missing = missing - from_last;
        // The marks inside a line keep half of their blank, and its gaps give the rest: for a stop that was pulled in.
        let squeezed =
            align == Align::Justify && gaps > 0 && last.is_some_and(|atom| missing - blank <= atom.advance);
        let compress = missing.min(if squeezed { blank / 2 } else { blank });
        let rest = compress - missing;
        Spread {
            kept,
            shift: match align {
                Align::Left | Align::Justify => Length::ZERO,
                Align::Centre => (slack / 2).max(Length::ZERO),
                Align::Right => slack.max(Length::ZERO),
            },
            stretch: if justified {
                slack
            } else if squeezed {
                rest
            } else {
                Length::ZERO
            },
            gaps: gaps.max(1),
            from_last,
            compress,
            blank,
        }
    }

    /// The part of the stretch that gap number `at` gets: whole EMU, together exactly the slack.
    fn gap(&self, at: i64) -> Length {
        self.stretch * (at + 1) / self.gaps - self.stretch * at / self.gaps
    }

    /// What is taken from the blank of atom number `at`; `so_far` counts the blank before it.
    fn taken(&self, atom: &Atom, at: usize, so_far: &mut Length) -> Length {
        let trim = trim(atom, at, self.kept);
        if self.from_last > Length::ZERO && at + 1 == self.kept {
            return trim + self.from_last;
        }
        let rest = atom.blank - trim;
        if self.compress == Length::ZERO || rest <= Length::ZERO {
            return trim;
        }
        let share = |blank: Length| self.compress.scale(blank / self.blank);
        let taken = share(*so_far + rest) - share(*so_far);
        *so_far += rest;
        trim + taken
    }
}

/// The blank that an atom loses to its neighbours. At the edges of a line nothing is lost: the last atom
/// keeps its width, and so does the first of a line that is not the first of its paragraph.
fn trim(atom: &Atom, at: usize, kept: usize) -> Length {
    let edge = match atom.class {
        Class::Closing => at + 1 >= kept,
        Class::Opening => at == 0 && !atom.starts,
        Class::Han | Class::Middle | Class::Latin | Class::Space => true,
    };
    if edge { Length::ZERO } else { atom.trim }
}

/// The unbreakable pieces of a text, in order; spaces belong to the piece before them.
pub fn pieces(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let breaks = break_opportunities(text);
    let mut ends = Vec::new();
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        let parts = before.is_some_and(|before| {
            breaks[at]
                && may_part(before, character)
                && Class::of(character) != Class::Space
                && !(Class::of(before) == Class::Latin && is_unit(character))
        });
        if parts {
            ends.push(at);
        }
        before = Some(character);
    }
    ends.push(text.len());
    let starts: Vec<usize> = std::iter::once(0).chain(ends.iter().copied()).collect();
    starts.into_iter().zip(ends).map(|(start, end)| start..end)
}

/// The width of a text on one line.
pub fn text_width(fonts: &Fonts, text: &str, style: &Style, rules: &TextRules) -> Length {
    let owner = Owner::Artifact(crate::pages::Artifact::Layout);
    let spans = [Span::plain(owner, style.face, text)];
    let atoms = atoms(fonts, &spans, &TextStyle::of(style), rules);
    let kept = atoms.len();
    let trimmed: Length = atoms.iter().enumerate().map(|(at, atom)| trim(atom, at, kept)).sum();
    widths(&atoms).0 - trimmed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_broken_where_word_breaks_them() {
        let parts = |text: &str| {
            let breaks = break_opportunities(text);
            let inner = (1..text.len()).filter(|&at| breaks[at]);
            let ends: Vec<usize> = [0].into_iter().chain(inner).chain([text.len()]).collect();
            ends.windows(2).map(|end| text[end[0]..end[1]].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(parts("电0851-82514600"), ["电", "0851-", "82514600"]);
        assert_eq!(parts("a/2023/b"), ["a/", "2023/", "b"]);
        assert_eq!(parts("±0.5"), ["±0.5"]);
        assert_eq!(parts("〔2021〕30号").last().map(String::as_str), Some("号"));
        assert!(!parts("〔2021〕30号").contains(&"30".to_owned()));
    }
    use crate::pages::Artifact;

    const OWNER: Owner = Owner::Artifact(Artifact::Layout);

    fn style() -> TextStyle {
        TextStyle {
            size: Length::pt(16.0),
            spacing: Length::twips(-5),
            colour: Colour::BLACK,
            digits: Digits::Latin,
        }
    }

    fn lines(text: &str, width: f64) -> Vec<String> {
        let fonts = Fonts::embedded();
        let spans = [Span::plain(OWNER, Face::Songti, text)];
        let atoms = atoms(&fonts, &spans, &style(), &TextRules::default());
        let lines = fill(&atoms, &Measure::plain(Length::pt(width)), Align::Justify, &TextRules::default());
        let text_of = |line: &Line| {
            let texts = atoms[line.atoms.clone()].iter().flat_map(|atom| &atom.texts);
            texts
                .map(|text| match text {
                    GlyphText::Char(c) => c.to_string(),
                    GlyphText::Chars(chars) => chars.to_string(),
                    GlyphText::None => String::new(),
                })
                .collect()
        };
        lines.iter().map(text_of).collect()
    }

    #[test]
    fn full_lines_of_han_hold_28() {
        assert_eq!(
            lines(&"公".repeat(60), 442.25).iter().map(|l| l.chars().count()).collect::<Vec<_>>(),
            [28, 28, 4]
        );
    }

    #[test]
    fn closing_mark_is_pulled_in_or_moves_with_its_neighbour() {
        assert_eq!(lines("公开，政府信息。工作", 16.0 * 7.0), ["公开，政府信息。", "工作"]);
        assert_eq!(lines("公开政府信息工。工作", 16.0 * 7.0), ["公开政府信息", "工。工作"]);
    }

    #[test]
    fn opening_mark_moves_to_the_next_line_with_its_text() {
        assert_eq!(lines("公开政府信《条例》", 16.0 * 6.0), ["公开政府信", "《条例》"]);
    }

    #[test]
    fn dashes_digits_and_addresses_stay_whole() {
        assert_eq!(lines("公开政府信——好", 16.0 * 6.0), ["公开政府信", "——好"]);
        assert_eq!(lines("公开电话号12345678", 16.0 * 6.0), ["公开电话号", "12345678"]);
        assert!(lines("http://www.sxgp.gov.cn/abc/def/ghi", 16.0 * 5.0).len() > 1);
    }

    #[test]
    fn justified_lines_end_at_the_edge() {
        let fonts = Fonts::embedded();
        let text =
            "2023年，我市（含各镇）公开“政府信息”共9704条，全部依法依规办理，没有遗漏也没有泛化。".repeat(4);
        let spans = [Span::plain(OWNER, Face::Fangsong, &text)];
        let atoms = atoms(&fonts, &spans, &style(), &TextRules::default());
        for line in fill(&atoms, &Measure::plain(Length::pt(442.25)), Align::Justify, &TextRules::default()) {
            let mut items = Vec::new();
            set(&atoms, &line, Align::Justify, &style(), Point::default(), &mut items);
            let Some(Item::Text(run)) = items.last() else { panic!("no text") };
            let last = run.glyphs.last().expect("a glyph");
            let atom = &atoms[line.atoms.end - 1];
            let right = run.origin.x + last.x + atom.advance;
            if !line.last {
                assert!((right - line.room).abs() < Length::pt(0.01), "{right:?} {:?}", line.room);
            }
        }
    }
}

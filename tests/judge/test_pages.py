"""The pages of the PDFs, measured."""

import itertools
import re
import subprocess
import zipfile

import pdfplumber
import pikepdf
import pytest
from conftest import BOTTOM, JUDGE, LEFT, MM, PITCH, RIGHT, SIZE, SPACING, TOP, pages, report_of

# GB/T 15834: what no line begins or ends with.
NOT_FIRST = set("，。、；：？！）》〉」』”’】〕〗…·％%℃,.;:?!)]}")
NOT_LAST = set("（《〈「『“‘【〔〖([{")
# What may be narrowed at the end or at the beginning of a line, so that the empty half of its glyph reaches over the edge.
NARROW_LAST = set("，。、；：？！）》〉」』”’】〕〗")
NARROW_FIRST = set("（《〈「『“‘【〔〖")
# A word processor puts half the leading above the first line: tables and captions begin there, body text 2.42 mm below.
HALF_LEADING = 2.42


def test_paper_is_a4(pdf):
    for page in pages(pdf):
        assert page.width == pytest.approx(210 * MM, abs=0.1)
        assert page.height == pytest.approx(297 * MM, abs=0.1)


def test_glyphs_stand_in_the_type_area(pdf):
    for page in pages(pdf):
        for line in page.lines:
            if line.is_organ():
                assert line.left >= 0 and line.right <= page.width
                continue
            above = below = 0.3 if line.is_body() else HALF_LEADING
            for char in line.chars:
                if char["text"].isspace():
                    continue
                # The box of the em: Han fonts have 0.88 of it above the baseline.
                top = (line.baseline - 0.88 * char["size"]) / MM
                bottom = (line.baseline + 0.12 * char["size"]) / MM
                before = char["size"] / 2 if char["text"] in NARROW_FIRST else 0
                after = char["size"] / 2 if char["text"] in NARROW_LAST else 0
                where = f"page {page.number}: {char['text']} of {line.text}"
                assert (char["x0"] + before) / MM >= LEFT - 0.3, where
                assert (char["x1"] - after) / MM <= RIGHT + 0.3, where
                assert top >= TOP - above and bottom <= BOTTOM + below, where


def test_page_number_stands_outside(pdf):
    """7.5: 4号, one character in from the outer edge of the type area."""
    for page in pages(pdf):
        line = page.page_number
        if line is None:
            continue
        assert line.text == f"— {page.number} —"
        assert all(char["size"] == pytest.approx(14, abs=0.05) for char in line.chars)
        character = (RIGHT - LEFT) / 28
        if page.number % 2 == 1:
            assert line.right / MM == pytest.approx(RIGHT - character, abs=0.1)
        else:
            assert line.left / MM == pytest.approx(LEFT + character, abs=0.1)


@pytest.mark.parametrize("name", ["qingzhen-2023", "every-block"])
def test_dash_of_the_page_number_is_7_mm_below_the_type_area(name):
    with pdfplumber.open(JUDGE / "examples" / f"{name}.pdf") as pdf:
        for page in pdf.pages[:2]:
            scale = 600 / 25.4
            image = page.to_image(resolution=600).original.convert("L")
            box = [round(edge * scale) for edge in (LEFT, BOTTOM + 1, RIGHT, BOTTOM + 14)]
            image = image.crop(box).point(lambda grey: 255 if grey < 128 else 0)
            first_column = image.getbbox()[0]
            dash = image.crop((first_column, 0, first_column + round(3 * scale), image.height)).getbbox()
            middle = BOTTOM + 1 + (dash[1] + dash[3]) / 2 / scale
            assert middle == pytest.approx(BOTTOM + 7, abs=0.15)


def is_title(line):
    return abs(line.chars[0]["size"] - 22) < 0.5


def neighbours(pdf):
    """Lines of body text that stand one below the other; a letterhead above the title is not body text."""
    for page in pages(pdf):
        titles = [at for at, line in enumerate(page.lines) if page.number == 1 and is_title(line)]
        first = titles[-1] + 1 if titles else 0
        for above, below in itertools.pairwise(page.lines[first:]):
            if above.is_body() and below.is_body() and below.baseline - above.baseline < 40:
                yield page, above, below


def test_lines_are_on_the_pitch(pdf):
    """Every two lines of body text are 29.6 pt apart, within 0.1 mm; a clear line of 7.3.5 is wider than that.

    7.3.5.5 lets the distance be another one, the same in the whole document and in both files, where the signature has no room.
    """
    pitch = PITCH
    if pdf.with_suffix(".docx").exists():
        with zipfile.ZipFile(pdf.with_suffix(".docx")) as word:
            styles = word.read("word/styles.xml").decode("utf-8")
        pitch = int(re.search(r'w:styleId="Normal".*?w:line="(\d+)"', styles)[1]) / 20
    assert pitch == PITCH or 28.0 <= pitch <= 32.0
    found = 0
    for page, above, below in neighbours(pdf):
        found += 1
        distance = below.baseline - above.baseline
        assert distance == pytest.approx(pitch, abs=0.1 * MM), f"page {page.number}: {below.text}"
    assert found > 0


def is_han(text):
    return any("\u3400" <= char <= "\u9fff" or char >= "\U00020000" for char in text)


def test_full_lines_end_at_the_edge(pdf):
    """A line whose paragraph goes on at the left edge is full: its last character ends at the right edge, unless each of its
    gaps would have to be a quarter of an em wider; then none is wider at all."""
    names = signatories(pdf)
    found = 0
    for page, above, below in neighbours(pdf):
        goes_on = abs(below.left - LEFT * MM) < 0.3 * MM
        # A line of one long word cannot be stretched; names and dates are not justified.
        signed = any(above.text.strip() in name for name in names)
        if not goes_on or signed or not is_han(above.text):
            continue
        found += 1
        last = [char for char in above.chars if not char["text"].isspace()][-1]
        beyond = last["x1"] + SPACING - RIGHT * MM
        narrowed = SIZE / 2 if last["text"] in NARROW_LAST else 0
        # The two halves of a 破折号 touch: nothing is taken out between them.
        narrowed += -SPACING if last["text"] == "—" else 0
        assert beyond <= narrowed + 0.05, f"page {page.number}: {above.text} ends {beyond:.2f} pt beyond"
        wider = [gap for gap in gaps(above) if gap > SIZE / 4 + 0.05]
        assert not wider, f"page {page.number}: {above.text} is stretched by {wider}"
        if beyond < -0.05:
            assert -beyond > SIZE / 4 * len(gaps(above)), f"page {page.number}: {above.text} ends {-beyond:.2f} pt too early"
    assert found > 0


def gaps(line):
    """How much wider than natural each gap beside a Han character is; one beside another character counts as natural."""
    found = []
    for one, other in itertools.pairwise(line.chars):
        if one["text"].isspace() or other["text"].isspace():
            continue
        han = [is_han(char["text"]) for char in (one, other)]
        if any(han):
            found.append(other["x0"] - one["x1"] - SPACING if all(han) else 0)
    return found


def signatories(pdf):
    report = report_of(pdf)
    names = report.get("signature", {}).get("signatories") or report["issuer"]
    return [names] if isinstance(names, str) else names


def test_lines_keep_the_rules_of_punctuation(pdf):
    for page in pages(pdf):
        for line in filter(lambda line: line.is_body(), page.lines):
            text = line.text.strip()
            assert text[0] not in NOT_FIRST, f"page {page.number}: {text}"
            assert text[-1] not in NOT_LAST, f"page {page.number}: {text}"


def test_mixed_prose_fills_200_pages():
    """Enough to meet every mark beside every kind of neighbour; the tests above measure them."""
    assert len(pages(JUDGE / "mixed" / "mixed.pdf")) >= 200


def test_a_full_page_has_22_lines_of_28_characters():
    plain = pages(JUDGE / "examples" / "plain.pdf")
    assert len(plain) == 7
    for page in plain[1:-1]:
        assert len(page.lines) == 22, f"page {page.number}"
        inner = [line for line in page.lines if abs(line.left - LEFT * MM) < 0.3 * MM]
        full = [line for line in inner if len(line.chars) == 28]
        assert len(full) >= 20, f"page {page.number}: {len(full)} full lines"
        top = page.lines[0].baseline - 0.88 * SIZE
        bottom = page.lines[-1].baseline + 0.12 * SIZE
        assert top / MM == pytest.approx(TOP, abs=0.1)
        assert bottom / MM == pytest.approx(BOTTOM, abs=0.15)
    longest = max(len(line.chars) for page in plain for line in page.lines)
    assert longest == 28


def test_fonts_are_embedded_and_subset(pdf):
    listing = subprocess.run(["pdffonts", pdf], check=True, capture_output=True, text=True).stdout
    header, _, *fonts = listing.splitlines()
    assert "emb sub uni" in header
    assert fonts, "it has fonts"
    for font in fonts:
        name, rest = font.split(maxsplit=1)
        assert name[6] == "+" and name[:6].isupper(), font
        assert rest.split()[-5:-2] == ["yes", "yes", "yes"], font


def first_words(pdf):
    """The title as it is printed: the first lines of 2号."""
    lines = itertools.dropwhile(lambda line: not is_title(line), pages(pdf)[0].lines)
    lines = itertools.takewhile(is_title, lines)
    return "".join("".join(line.text for line in lines).split())


def test_title_and_language_are_written(pdf):
    with pikepdf.open(pdf) as file:
        assert str(file.Root.Lang) == "zh-CN"
        assert bool(file.Root.MarkInfo.Marked)
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        title = str(file.docinfo["/Title"])
        with file.open_metadata() as metadata:
            assert metadata["dc:title"] == title
            assert "zh-CN" in metadata["dc:language"]
        # The title of a 令 is not printed: its text stands below the name and the number (10.2).
        # That of a cover is on it, and is looked for there (test_kinds.py).
        printed = "" if pdf.stem == "order" or "cover" in report_of(pdf) else "".join(title.split())
        assert first_words(pdf) == printed


def outline(pdf):
    with pikepdf.open(pdf) as file, file.open_outline() as outline:
        return [branch(item) for item in outline.root]


def branch(item):
    return item.title, [branch(child) for child in item.children]


def test_outline_is_nested():
    ((title, sections),) = outline(JUDGE / "examples" / "qingzhen-2023.pdf")
    assert title == "清镇市人民政府办公室2023年政府信息公开工作年度报告"
    assert [title for title, _ in sections] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    below = [[title for title, _ in children] for _, children in sections]
    assert [text[:6] for text in below[0]] == ["（一）主动公", "（二）依申请", "（三）政府信", "（四）平台建", "（五）监督保"]
    assert [len(children) for children in below] == [5, 0, 0, 0, 2, 0]

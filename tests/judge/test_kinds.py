"""The documents that offices make besides reports: what is particular to each, on the finished pages and in Word.

Read by pdfplumber, pikepdf, python-docx and mammoth; measures are those of GB/T 9704-2012, in millimetres.
"""

import docx
import mammoth
import pdfplumber
import pikepdf
import pytest
from conftest import JUDGE, LEFT, RIGHT
from docx.shared import Pt
from test_elements import CHARACTER, LINE, middle, sheets

EXAMPLES = JUDGE / "examples"
CENTRE = (LEFT + RIGHT) / 2


def outline(name):
    """The entries of a PDF's outline with their depths."""
    found = []

    def walk(items, depth):
        for item in items:
            found.append((depth, item.title))
            walk(item.children, depth + 1)

    with pikepdf.open(EXAMPLES / f"{name}.pdf") as pdf, pdf.open_outline() as tree:
        walk(tree.root, 0)
    return found


def test_order_has_its_name_and_number_where_10_2_puts_them():
    first, second = sheets("order")[:2]
    organ, number = first.line("样例市人民政府令"), first.line("第12号")
    text = first.line("《样例市政府信息公开办法》已经")
    assert organ["top"] == pytest.approx(57, abs=1), "20 mm below the top of the type area"
    assert number["top"] - organ["bottom"] == pytest.approx(2 * LINE, abs=0.5)
    assert text["top"] - number["bottom"] == pytest.approx(2 * LINE, abs=0.5)
    assert middle(organ) == pytest.approx(CENTRE, abs=0.5) and middle(number) == pytest.approx(CENTRE, abs=0.5)
    assert not first.rules, "an order has no red line"
    # 印发件: no mark of an attachment, the title on the first line of its page.
    title = second.line("样例市政府信息公开办法")
    assert title["top"] == pytest.approx(37, abs=1.5) and title["size"] == pytest.approx(22)
    assert not any("附件" in line["text"] for line in second.lines)


def test_lines_under_a_title_are_centred_and_parted_from_the_text():
    sheet = sheets("report")[0]
    lines = [sheet.line(text) for text in ("——在样例市", "样例市财政局局长", "2025年1月16日")]
    for line in lines:
        assert middle(line) == pytest.approx(CENTRE, abs=0.5) and line["size"] == pytest.approx(16)
    addressee = sheet.line("各位代表：")
    assert addressee["left"] == pytest.approx(LEFT, abs=0.3)
    assert addressee["top"] - lines[-1]["bottom"] == pytest.approx(LINE, abs=0.5)


def test_number_without_letterhead_is_under_the_title():
    sheet = sheets("announcement")[0]
    number, text = sheet.line("样数据公告〔2024〕第3号"), sheet.line("为了便于公众使用公共数据")
    assert middle(number) == pytest.approx(CENTRE, abs=0.5)
    assert text["top"] - number["bottom"] == pytest.approx(LINE, abs=0.5)


def test_names_of_minutes_hang_below_the_first_and_are_not_broken():
    sheet = sheets("minutes")[1]
    last_text = sheet.line("证公众能够下载和检索")
    present, observers, more = (sheet.line(text) for text in ("出席：", "列席：", "市档案馆郑样例"))
    assert present["top"] - last_text["bottom"] == pytest.approx(LINE, abs=0.5), "空一行"
    assert present["left"] == pytest.approx(LEFT + 2 * CHARACTER, abs=0.3)
    assert more["left"] == pytest.approx(LEFT + 5 * CHARACTER, abs=0.4), "below the first name"
    assert "吴样例" in observers["text"] or "吴样例" in more["text"], "a name stays on its line"


def test_chapters_sections_and_articles_are_in_both_outlines():
    found = outline("order")
    assert (0, "样例市政府信息公开办法") in found
    assert (1, "第一章　总则") in found and (2, "第一条") in found and (2, "第十一条") in found
    found = outline("plan")
    assert (1, "第一章　总体要求") in found and (2, "第一节　指导思想") in found
    assert (3, "一、制定目录标准") in found
    word = docx.Document(EXAMPLES / "plan.docx")

    def level(paragraph):
        own = paragraph._p.find(".//{*}pPr/{*}outlineLvl")
        own = paragraph.style.element.find(".//{*}pPr/{*}outlineLvl") if own is None else own
        return None if own is None else int(own.values()[0])

    levels = {paragraph.text: level(paragraph) for paragraph in word.paragraphs}
    assert levels["第一章　总体要求"] == 0
    assert levels["第一节　指导思想"] == 1
    assert levels["一、制定目录标准"] == 2


def test_spans_are_bold_raised_and_lowered_in_both_files():
    with pdfplumber.open(EXAMPLES / "announcement.pdf") as pdf:
        chars = pdf.pages[0].chars
    texts = "".join(char["text"] for char in chars)
    at = texts.index("PM2.5") + 2
    base, lowered = chars[at - 1], chars[at]
    assert base["size"] == pytest.approx(16) and lowered["size"] == pytest.approx(0.58 * 16, abs=0.1)
    assert lowered["matrix"][5] < base["matrix"][5] - 0.5, "below the baseline"
    at = texts.index("μg/m3") + 4
    assert chars[at]["matrix"][5] > chars[at - 1]["matrix"][5] + 2, "above the baseline"

    word = docx.Document(EXAMPLES / "announcement.docx")
    runs = [run for paragraph in word.paragraphs for run in paragraph.runs]
    assert {run.text for run in runs if run.font.subscript} == {"2.5", "3", "2"}
    assert [run.text for run in runs if run.font.superscript] == ["3"]
    word = docx.Document(EXAMPLES / "minutes.docx")
    bold = [run.text for paragraph in word.paragraphs for run in paragraph.runs if run.bold]
    assert bold == ["一是", "二是"]
    with open(EXAMPLES / "minutes.docx", "rb") as file:
        html = mammoth.convert_to_html(file).value
    assert "<strong>一是</strong>" in html
    with open(EXAMPLES / "announcement.docx", "rb") as file:
        html = mammoth.convert_to_html(file).value
    assert "PM<sub>2.5</sub>" in html and 'href="https://data.example.gov.cn/"' in html


def test_parts_begin_pages_in_both_files():
    parts = ["第一部分", "第二部分", "第三部分", "第四部分"]
    # The second is on a turned page, whose lines run up the paper.
    found = [part for sheet in sheets("final-accounts") for part in parts if sheet.lines[0]["text"].startswith(part)]
    assert found == ["第三部分", "第四部分"]
    word = docx.Document(EXAMPLES / "final-accounts.docx")
    begins = {
        paragraph.text[:4]: paragraph.paragraph_format.page_break_before for paragraph in word.paragraphs
    }
    assert begins["第三部分"] and begins["第四部分"]
    size = next(p.style.font.size for p in word.paragraphs if p.text.startswith("第三部分"))
    assert size == Pt(18)

"""Signature, seal, letterhead, attachment and colophon on the finished pages, against the clause of each.

Lengths are in millimetres from the paper's top left, measured by pdfplumber: pictures, filled rectangles, em boxes.
"""

import pdfplumber
import pytest
from conftest import BOTTOM, JUDGE, LEFT, MM, RIGHT, TOP

CHARACTER = 156 / 28
LINE = 10.39


class Sheet:
    """A page: its lines of text by baseline, its pictures and its rules."""

    def __init__(self, page):
        self.pictures = [(i["x0"] / MM, i["top"] / MM, i["x1"] / MM, i["bottom"] / MM) for i in page.images]
        self.rules = [
            (r["x0"] / MM, r["top"] / MM, r["x1"] / MM, r["bottom"] / MM, r["non_stroking_color"]) for r in page.rects
        ]
        lines = {}
        for char in page.chars:
            lines.setdefault(round(page.height - char["matrix"][5], 1), []).append(char)
        self.lines = []
        for baseline, chars in sorted(lines.items()):
            chars.sort(key=lambda char: char["x0"])
            size = max(char["size"] for char in chars)
            shown = [char for char in chars if not char["text"].isspace()]
            if shown:
                self.lines.append(
                    {
                        "text": "".join(char["text"] for char in chars).strip(),
                        "left": shown[0]["x0"] / MM,
                        "right": shown[-1]["x1"] / MM,
                        "top": (baseline - 0.88 * size) / MM,
                        "bottom": (baseline + 0.12 * size) / MM,
                        "size": size,
                    }
                )

    def line(self, text):
        found = [line for line in self.lines if text in line["text"]]
        assert len(found) == 1, f"{text}: {[line['text'] for line in self.lines]}"
        return found[0]


def sheets(name):
    with pdfplumber.open(JUDGE / "examples" / f"{name}.pdf") as pdf:
        return [Sheet(page) for page in pdf.pages]


def middle(line):
    return (line["left"] + line["right"]) / 2


@pytest.mark.parametrize(
    ("name", "page", "signatory", "date", "last", "diameter"),
    [
        ("notice", 1, "样例市人民政府办公室", "2023年12月20日", "2.联系人名单", 45),
        ("every-block", 2, "样例市数据统计办公室", "2024年1月15日", "2.办理流程", 42),
    ],
)
def test_seal_stands_on_signature_and_date(name, page, signatory, date, last, diameter):
    """7.3.5.1: date four characters from the right, name and seal in the middle over it, the seal's top within a line."""
    sheet = sheets(name)[page]
    (left, top, right, bottom) = max(sheet.pictures, key=lambda picture: picture[1])
    name_line, date_line, above = sheet.line(signatory), sheet.line(date), sheet.line(last)
    assert right - left == pytest.approx(diameter, abs=0.5) and bottom - top == pytest.approx(diameter, abs=0.5)
    assert RIGHT - date_line["right"] == pytest.approx(4 * CHARACTER, abs=0.3)
    assert middle(name_line) == pytest.approx(middle(date_line), abs=0.3)
    assert (left + right) / 2 == pytest.approx(middle(date_line), abs=0.3)
    assert 0 <= top - above["bottom"] <= LINE
    centre = (top + bottom) / 2
    assert name_line["top"] > centre - 2 and date_line["top"] > centre, "name and date lie below the centre"
    assert date_line["bottom"] <= bottom, "the seal presses on the date"


@pytest.mark.parametrize(
    ("name", "signatory", "date"),
    [
        ("qingzhen-2023", "清镇市人民政府办公室", "2024年1月31日"),
        ("statistical-communique", "样例市统计局", "2024年3月15日"),
    ],
)
def test_signature_without_seal(name, signatory, date):
    """7.3.5.2: a clear line below the text; the date begins two characters right of the name, or stands two from the edge."""
    sheet = sheets(name)[-1]
    at = [line["text"] for line in sheet.lines].index(signatory)
    above, name_line, date_line = sheet.lines[at - 1 : at + 2]
    assert date_line["text"].replace(" ", "") == date
    assert name_line["top"] - above["bottom"] == pytest.approx(LINE, abs=0.3)
    assert date_line["left"] - name_line["left"] == pytest.approx(2 * CHARACTER, abs=0.3)
    edge = max(name_line["right"], date_line["right"])
    assert RIGHT - edge == pytest.approx(2 * CHARACTER, abs=0.4)


def test_letterhead_of_a_document():
    """7.2.4 to 7.2.7, 7.3.1: 标志 72 mm from the top, 文号 two lines below it, red line 4 mm below, title two lines below."""
    sheet = sheets("notice")[0]
    organ, number = sheet.line("样例市人民政府办公室文件"), sheet.line("样府办发〔2023〕28号")
    title = sheet.line("关于做好2023年政府信息公开")
    first = min((line for line in sheet.lines if abs(line["size"] - 22) < 0.5), key=lambda line: line["top"])
    assert organ["top"] == pytest.approx(72, abs=1.0)
    assert middle(organ) == pytest.approx((LEFT + RIGHT) / 2, abs=0.5)
    assert number["top"] - organ["bottom"] == pytest.approx(2 * LINE, abs=0.5)
    (red,) = [rule for rule in sheet.rules if rule[2] - rule[0] > 150]
    assert (red[0], red[2]) == (pytest.approx(LEFT, abs=0.2), pytest.approx(RIGHT, abs=0.2))
    assert red[4][0] > 0.8 and red[4][1] < 0.1 and red[4][2] < 0.1, "one red in sRGB"
    assert red[1] - number["bottom"] == pytest.approx(4, abs=0.3)
    assert first["top"] - red[3] == pytest.approx(2 * LINE, abs=0.5)
    assert title["size"] == pytest.approx(22, abs=0.1)
    assert sheet.line("000001")["left"] == pytest.approx(LEFT, abs=0.5)
    assert sheet.line("000001")["top"] == pytest.approx(TOP, abs=0.5)


def test_letter_has_two_red_lines_of_170_mm():
    """10.1: 标志 30 mm from the top, lines of 170 mm, the second 20 mm from the foot; the number at the right below the first."""
    (sheet, *_) = sheets("letter")
    organ = max(sheet.lines, key=lambda line: line["size"])
    wide = sorted(rule for rule in sheet.rules if rule[2] - rule[0] > 160)
    assert all(rule[2] - rule[0] == pytest.approx(170, abs=0.2) for rule in wide) and len(wide) == 4
    tops = sorted(rule[1] for rule in wide)
    bottoms = sorted(rule[3] for rule in wide)
    assert organ["top"] == pytest.approx(30, abs=1.0)
    assert tops[0] - organ["bottom"] == pytest.approx(4, abs=0.5)
    assert 297 - 20 == pytest.approx((tops[2] + bottoms[3]) / 2, abs=1.5)
    number = sheet.line("样府办函〔2023〕6号")
    assert number["right"] == pytest.approx(RIGHT, abs=0.5)


@pytest.mark.parametrize(("name", "page", "label", "title"), [("every-block", 3, "附件1", "申请表填写说明"), ("notice", 2, "附件1", "年报编制流程")])
def test_attachment_begins_a_page(name, page, label, title):
    """7.3.7: 附件1 at the top left in 3号, the title in the middle on the third line."""
    sheet = sheets(name)[page]
    first, heading = sheet.line(label), sheet.line(title)
    assert first["left"] == pytest.approx(LEFT, abs=0.3) and first["top"] == pytest.approx(TOP, abs=0.5)
    assert first["size"] == pytest.approx(16, abs=0.1)
    assert middle(heading) == pytest.approx((LEFT + RIGHT) / 2, abs=0.3)
    third = TOP + 2 * 29.6 / MM
    assert heading["top"] <= third + 3 and heading["bottom"] >= third + 5, "on the third line"


def test_attachment_note_hangs_under_its_numbers():
    """7.3.4: a clear line below the text, two characters in; 2. under 1."""
    sheet = sheets("every-block")[2]
    first, second = sheet.line("附件：1.申请表填写说明"), sheet.line("2.办理流程")
    assert first["left"] == pytest.approx(LEFT + 2 * CHARACTER, abs=0.3)
    assert second["left"] == pytest.approx(LEFT + 5 * CHARACTER, abs=0.4)


def test_colophon_ends_at_the_foot_of_the_type_area():
    """7.4: lines of 0.35, 0.25 and 0.35 mm over the type area, the last on its lower edge; 4号, a character in."""
    sheet = sheets("notice")[-1]
    lines = sorted((rule for rule in sheet.rules if rule[2] - rule[0] > 150), key=lambda rule: rule[1])
    assert [round(rule[3] - rule[1], 2) for rule in lines] == [pytest.approx(0.35, abs=0.02), pytest.approx(0.25, abs=0.02), pytest.approx(0.35, abs=0.02)]
    assert all((rule[0], rule[2]) == (pytest.approx(LEFT, abs=0.2), pytest.approx(RIGHT, abs=0.2)) for rule in lines)
    assert lines[-1][3] == pytest.approx(BOTTOM, abs=0.3)
    copies = sheet.line("抄送：市委各部门")
    assert copies["size"] == pytest.approx(14, abs=0.1) and copies["left"] == pytest.approx(LEFT + CHARACTER, abs=0.4)
    printed = sheet.line("2023年12月21日印发")
    assert RIGHT - printed["right"] == pytest.approx(CHARACTER, abs=0.4)

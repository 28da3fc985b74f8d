"""Free tables as a careful typist sets them, measured with pdfplumber in the PDF and in LibreOffice's of the Word file."""

import json
import os
import pathlib
import statistics
import subprocess

import pdfplumber
import pytest
from conftest import MM

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"

NUMBERS = ["12 %", "3.5 %", "(12.3)", "（6）", "3～5", "2023—2024", "−5", "12"]
WIDE = [f"{at}23456.78" for at in range(1, 9)]


def exported(folder, blocks):
    """The pages of a document in both files: tables, words and characters of each."""
    report = {"format": 1, "layout": "general-document", "issuer": "样例市统计局", "title": "数字", "sections": [{"body": blocks}]}
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    subprocess.run([GONGWEN, "export", "report.json"], cwd=folder, check=True, capture_output=True)
    subprocess.run([ROOT / "scripts" / "docx" / "to-pdf", folder / "word", folder / "report.docx"], check=True, capture_output=True)
    for path in (folder / "report.pdf", folder / "word" / "report.pdf"):
        with pdfplumber.open(path) as pdf:
            yield [(page.find_tables(), page.extract_words(keep_blank_chars=True), page.chars) for page in pdf.pages]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The only page of a document of three tables, in both files."""
    blocks = [
        "各列的数字应当对齐。",
        {"table": {"header": [["项目", "数字", "缺"]], "rows": [[f"第{at}项", text, "—"] for at, text in enumerate(NUMBERS)]}},
        {"table": {"header": [["名称", *"ABCDEFGH"]], "rows": [["城市道路照明设施维护费用", *WIDE]]}},
    ]
    files = list(exported(tmp_path_factory.mktemp("free-tables"), blocks))
    assert [len(pages) for pages in files] == [1, 1]
    return [pages[0] for pages in files]


def inside(boxes, bbox):
    left, top, right, bottom = bbox
    return [box for box in boxes if left <= box["x0"] and box["x1"] <= right + 1 and top <= (box["top"] + box["bottom"]) / 2 <= bottom]


def test_every_kind_of_number_is_centred_in_its_column(pages):
    for tables, words, _ in pages:
        for row in tables[0].rows[1:]:
            for cell in row.cells[1:]:
                text = inside(words, cell)
                assert len(text) == 1, text
                assert (text[0]["x0"] + text[0]["x1"]) / 2 == pytest.approx((cell[0] + cell[2]) / 2, abs=1), text


def test_tables_in_succession_do_not_touch(pages):
    for tables, _, _ in pages:
        gap = tables[1].bbox[1] - tables[0].bbox[3]
        assert 3 * MM <= gap <= 8 * MM


def test_a_label_beside_long_numbers_has_four_characters_a_line_of_smaller_type(pages):
    for tables, words, chars in pages:
        label = tables[1].rows[1].cells[0]
        lines = [word["text"] for word in inside(words, label)]
        assert "".join(lines) == "城市道路照明设施维护费用" and min(map(len, lines)) >= 4, lines
        letters = inside(chars, label)
        size = letters[0]["size"]
        assert 8 <= size < 10.5
        tops = sorted({round(char["top"], 1) for char in letters})
        # 14 pt at 10.5 pt, and in proportion.
        pitch = statistics.mean(after - before for before, after in zip(tops, tops[1:]))
        assert pitch / size == pytest.approx(14 / 10.5, abs=0.02), (pitch, size)
        figures = [word["text"] for cell in tables[1].rows[1].cells[1:] for word in inside(words, cell)]
        assert figures == WIDE, "no figure is parted"


def test_a_table_on_a_page_of_its_own_orientation_begins_at_the_top(tmp_path):
    table = {"header": [["甲", "乙"]], "rows": [["一", 1]]}
    blocks = [{"table": table}, {"table": {**table, "orientation": "landscape"}}]
    tops = [pages[1][0][0].bbox[1] for pages in exported(tmp_path, blocks)]
    assert tops[0] == pytest.approx(tops[1], abs=1), "the PDF and LibreOffice agree"
    # The left edge of the sheet is on top: 28 mm.
    assert tops[0] / MM == pytest.approx(28, abs=1)

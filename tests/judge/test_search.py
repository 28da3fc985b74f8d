"""What is copied from the PDFs and searched in them is what was typed: no blank stands between Han and digits."""

import itertools
import json
import subprocess

import pdfplumber
import pypdfium2
import pytest
from conftest import GONGWEN, JUDGE

READERS = {
    "poppler": lambda path: subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout,
    "MuPDF": lambda path: subprocess.run(["mutool", "draw", "-q", "-F", "txt", path], check=True, capture_output=True, text=True).stdout,
    "PDFium": lambda path: "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)),
}
PHRASES = {
    "qingzhen-2023": ["2023年政府信息公开工作年度报告", "（国办公开办函〔2019〕60号）", "办公室2023年政府信息", "2024年1月31日"],
    "statistical-communique": ["样例市2023年", "全年地区生产总值1234.56亿元", "增长4.8%；第三产业增加值679.08亿元", "2024年3月15日"],
    "notice": ["样府办发〔2023〕28号", "关于做好2023年政府信息公开", "人民政府于2024年3月31日前发布", "2023年12月21日印发"],
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", PHRASES)
def test_phrases_are_found_as_typed(name, reader):
    text = READERS[reader](JUDGE / "examples" / f"{name}.pdf")
    for phrase in PHRASES[name]:
        assert phrase in text


# Those of one font: round brackets of the 仿宋 come from another, and poppler still takes them for a column of their own.
MARKS = ["”，", "》，", "》、《", "”“", "“《", "》”", "：“", "。”", "》。”", "》、“", "——“", "》；", "”。", "；《"]


@pytest.fixture(scope="module")
def close_marks(tmp_path_factory):
    """A document of lines in which two marks and more stand side by side, and its paragraphs."""
    words = itertools.cycle(["政府信息公开", "办法", "工作", "意见和建议", "规定", "国务院", "年度报告", "细则", "问题"])
    paragraphs = ["".join(next(words) + mark for mark in MARKS[at:] + MARKS[:at]) + "。" for at in range(len(MARKS))]
    folder = tmp_path_factory.mktemp("close")
    report = {"format": 1, "layout": "general-document", "issuer": "某某市", "title": "题", "preamble": paragraphs}
    (folder / "a.json").write_text(json.dumps(report), encoding="utf-8")
    subprocess.run([GONGWEN, "export", "a.json", "-o", "out", "--quiet"], cwd=folder, check=True)
    return folder / "out" / "a.pdf", paragraphs


@pytest.mark.parametrize("reader", READERS)
def test_marks_set_close_are_read_in_their_lines(close_marks, reader):
    path, paragraphs = close_marks
    text = READERS[reader](path)
    with pdfplumber.open(path) as pdf:
        printed = sum(len({round(char["matrix"][5]) for char in page.chars if char["size"] > 15.9}) for page in pdf.pages)
    lines = [line for line in text.splitlines() if line.strip() and not line.strip("— 0123456789\f")  == ""]
    assert len(lines) == printed, text
    whole = "".join(lines)
    # Where a line is stretched, readers put blanks between its characters.
    assert all(paragraph in whole.replace(" ", "") for paragraph in paragraphs), text

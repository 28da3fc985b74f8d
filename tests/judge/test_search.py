"""What is copied from the PDFs and searched in them is what was typed: no blank stands between Han and digits."""

import subprocess

import pypdfium2
import pytest
from conftest import JUDGE

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

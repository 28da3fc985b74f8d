"""Reports that differ in length alone: no head of a table is left behind, no row is without the label of its group, and the
Word file of each has the pages of its PDF."""

import json
import os
import pathlib
import re
import subprocess

import pdfplumber
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
LENGTHS = range(14)
SENTENCE = "本单位认真落实《条例》要求，内容及时更新，工作正常开展。"
# The labels of groups of rows, and a phrase of each of their rows.
GROUPS = {
    "不予公开": ["属于国家秘密", "行政法规禁止公开", "第三方合法权益", "三类内部事务", "四类过程性", "行政执法案卷", "行政查询事项"],
    "无法提供": ["不掌握相关政府信息", "需要另行制作", "申请内容仍不明确"],
    "不予处理": ["信访举报投诉类", "重复申请", "提供公开出版物", "大量反复申请", "重新出具"],
    "其他处理": ["逾期不补正", "逾期未按"],
}
OUTER = "本年度办理结果"
# What a page must not end with: heads without figures.
HEAD = re.compile(r"第二十条第（.）项|信息内容|申请人情况|法人或其他组织|结果维持|行政复议|^[一二三四五六]、\D*$")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lengths")
    report = json.loads((ROOT / "examples" / "qingzhen-2023.json").read_text(encoding="utf-8"))
    files = []
    for length in LENGTHS:
        sections = {key: [SENTENCE * 2] for key in report["sections"]}
        sections["overview"] = [SENTENCE * (1 + (number * 7 + length) % 5) for number in range(length + 1)]
        sections["other_matters"] = [SENTENCE, SENTENCE * (length % 3 * 3 + 1)]
        file = folder / f"length-{length:02}.json"
        file.write_text(json.dumps({**report, "sections": sections}, ensure_ascii=False), encoding="utf-8")
        files.append(file)
    subprocess.run([GONGWEN, "export", "--quiet", "-o", folder, *files], check=True, capture_output=True)
    words = [file.with_suffix(".docx") for file in files]
    subprocess.run([ROOT / "scripts/docx/to-pdf", folder / "word", *words], check=True, capture_output=True)
    return folder


def solid(text):
    return re.sub(r"\s", "", text or "")


def columns(page):
    """The text of a page by columns: what is set from top to bottom is in one piece."""
    by_column = {}
    for char in sorted(page.chars, key=lambda char: char["top"]):
        by_column.setdefault(round(char["x0"] / 4), []).append(char["text"])
    return solid(" ".join("".join(texts) for texts in by_column.values()))


def pages(folder, which, length):
    file = folder / which / f"length-{length:02}.pdf"
    with pdfplumber.open(file) as pdf:
        return [(page.extract_text() or "", columns(page)) for page in pdf.pages]


def body(text):
    return [line for line in text.split("\n") if not re.fullmatch(r"\W*\d+\W*", line)]


@pytest.mark.parametrize("which", ["", "word"], ids=["PDF", "Word"])
@pytest.mark.parametrize("length", LENGTHS)
def test_heads_and_labels_are_with_their_rows(folder, which, length):
    seen = 0
    for number, (text, by_columns) in enumerate(pages(folder, which, length), start=1):
        lines = body(text)
        assert lines, f"page {number} is empty"
        assert not HEAD.search(lines[-1]), f"page {number} ends with {lines[-1]}"
        for label, rows in GROUPS.items():
            if any(row in solid(text) for row in rows):
                seen += 1
                assert label in solid(text), f"page {number} has rows of {label} without it"
                assert OUTER in by_columns, f"page {number} has rows of {OUTER} without it"
    assert seen >= len(GROUPS)


@pytest.mark.parametrize("length", LENGTHS)
def test_both_files_have_the_same_pages(folder, length):
    ours, theirs = pages(folder, "", length), pages(folder, "word", length)
    assert len(ours) == len(theirs)
    for number, ((one, _), (other, _)) in enumerate(zip(ours, theirs, strict=True), start=1):
        for at in (0, -1):
            assert solid(body(one)[at]) == solid(body(other)[at]), f"page {number}"


@pytest.mark.parametrize("length", LENGTHS)
def test_a_signature_has_text_above_it(folder, length):
    lines = body(pages(folder, "", length)[-1][0])
    at = next(at for at, line in enumerate(lines) if solid(line) == "清镇市人民政府办公室")
    assert at >= 1

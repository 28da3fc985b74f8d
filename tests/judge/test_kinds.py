"""The documents that offices make besides reports: what is particular to each, on the finished pages and in Word.

Read by pdfplumber, pikepdf, python-docx and mammoth; measures are those of GB/T 9704-2012, in millimetres.
"""

import json
import pathlib
import subprocess

import docx
import mammoth
import pdfplumber
import pikepdf
import pytest
from conftest import GONGWEN, JUDGE, LEFT, RIGHT
from docx.shared import Pt
from test_elements import CHARACTER, LINE, middle, sheets

ROOT = pathlib.Path(__file__).resolve().parents[2]
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
    sheet = sheets("report")[1]
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
    text = sheets("final-accounts")[2:]
    found = [part for sheet in text for part in parts if sheet.lines[0]["text"].startswith(part)]
    assert found == ["第一部分", "第三部分", "第四部分"]
    word = docx.Document(EXAMPLES / "final-accounts.docx")
    begins = {
        paragraph.text[:4]: paragraph.paragraph_format.page_break_before for paragraph in word.paragraphs
    }
    assert begins["第三部分"] and begins["第四部分"]
    size = next(p.style.font.size for p in word.paragraphs if p.text.startswith("第三部分") and "toc" not in p.style.name)
    assert size == Pt(18)


def contents(name):
    """The entries of a 目录 as the PDF prints them: text, and the number behind the leader."""
    found = []
    with pdfplumber.open(EXAMPLES / f"{name}.pdf") as pdf:
        for page in pdf.pages[:3]:
            for line in page.extract_text_lines():
                text, dots, number = line["text"].partition("....")
                if dots:
                    found.append((text.replace("\u3000", "").replace(" ", ""), int(number.strip(". "))))
    return found


def solid(text):
    return "".join(text.split())


@pytest.mark.parametrize(("name", "front"), [("plan", 1), ("report", 1), ("final-accounts", 2)])
def test_contents_have_the_pages_that_headings_are_on(name, front):
    entries = contents(name)
    assert len(entries) >= 4
    with pdfplumber.open(EXAMPLES / f"{name}.pdf") as pdf:
        pages = [solid(page.extract_text()) if not page.width > page.height else None for page in pdf.pages]
        turned = {at for at, page in enumerate(pages) if page is None}
        for text, number in entries:
            at = number - 1 + front
            # The lines of a turned page are columns for pdfplumber.
            assert at in turned or text.removeprefix("附件") in pages[at], (text, number)
    with pikepdf.open(EXAMPLES / f"{name}.pdf") as pdf:
        ids = [page.objgen for page in pdf.pages]
        found = [note for page in pdf.pages for note in page.get("/Annots", []) if "/Dest" in note]
        # The numbers of footnotes are links, too.
        links = [link for link in found if str(link.Contents).endswith("页")]
        leads = [ids.index(link.Dest[0].objgen) + 1 - front for link in links]
        assert leads == [number for _, number in entries]
        assert [str(link.Contents) for link in links] == [f"第 {number} 页" for _, number in entries]
        nums = list(pdf.Root.PageLabels.Nums)
        assert nums[0] == 0 and nums[1].S == "/r" and nums[2] == front and nums[3].S == "/D"

        def kinds(element):
            kids = element.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                    yield str(kid.S)
                    yield from kinds(kid)

        found = list(kinds(pdf.Root.StructTreeRoot))
        assert found.count("/TOC") == 1 and found.count("/TOCI") == len(entries)


@pytest.mark.parametrize(("name", "front"), [("plan", 1), ("report", 1), ("final-accounts", 2)])
def test_contents_of_the_word_file_are_a_field_with_the_same_numbers(name, front):
    word = docx.Document(EXAMPLES / f"{name}.docx")
    entries = [paragraph for paragraph in word.paragraphs if paragraph.style.name.lower().startswith("toc ")]
    entries = [paragraph for paragraph in entries if paragraph.style.name != "TOC Heading"]
    fields = [
        (kind.text if kind.tag.endswith("instrText") else kind.values()[0])
        for paragraph in entries
        for kind in paragraph._p.iter("{*}fldChar", "{*}instrText")
    ]
    assert fields[0] == "begin" and fields[1].startswith('TOC \\o "1-2"') and fields[-1] == "end"
    assert fields.count("begin") == fields.count("separate") == fields.count("end") == len(entries) + 1
    marks = {mark.get(docx.oxml.ns.qn("w:name")) for mark in word.element.body.iter("{*}bookmarkStart")}
    anchors = [link.get(docx.oxml.ns.qn("w:anchor")) for link in word.element.body.iter("{*}hyperlink")]
    assert anchors and set(anchors) <= marks
    shown = []
    for paragraph in entries:
        texts = "".join(
            "\t" if run.tag.endswith("}tab") else run.text
            for run in paragraph._p.iter("{*}t", "{*}tab")
            if run.getparent().tag.endswith("}r")
        )
        text, number = texts.split("\t")
        shown.append((solid(text), int(number)))
    assert shown == contents(name)
    # Pages before the text have no number; page 1 is that of the text.
    first, second = word.sections[0], word.sections[1]
    assert not first._sectPr.findall("{*}footerReference")
    assert second._sectPr.find("{*}pgNumType").values() == ["1"]


def test_cover_has_the_title_in_the_upper_half_and_the_date_at_the_foot():
    sheet = sheets("final-accounts")[0]
    assert [line["text"] for line in sheet.lines] == ["样例市数据局", "2024年度部门决算", "样例市数据局", "2025年8月"]
    above, title, issuer, date = sheet.lines
    assert [above["size"], title["size"]] == pytest.approx([36, 36])
    assert 70 < above["top"] < title["bottom"] < 148 and 210 < issuer["top"] < date["bottom"] < 262
    assert all(middle(line) == pytest.approx(CENTRE, abs=0.5) for line in sheet.lines)


FIGURES = [f"{at + 1}{at * 7 % 10}23{at:02d}.{at:02d}" for at in range(20)]


def budget(**keys):
    """A budget's table of 22 columns with long figures."""
    header = [
        [{"text": "科目编码", "rows": 2}, {"text": "科目名称", "rows": 2}]
        + [{"text": f"第{at}类支出", "columns": 4} for at in range(1, 6)],
        ["小计", "基本支出", "项目支出", "其他"] * 5,
    ]
    rows = [[f"20{at:05d}", "一般公共服务支出", *FIGURES] for at in range(4)]
    return {"table": {"caption": "支出表", "header": header, "rows": rows, **keys}}


@pytest.mark.parametrize("keys", [{}, {"orientation": "landscape"}, {"repeat_columns": 2}])
def test_no_figure_of_22_columns_is_parted_or_small_without_a_finding(keys, tmp_path):
    report = {
        "format": 1, "layout": "general-document", "issuer": "样例市数据局", "title": "表", "preamble": [budget(**keys)],
    }  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(report))
    done = subprocess.run([GONGWEN, "export", "a.json", "--json"], cwd=tmp_path, capture_output=True, check=True, text=True)
    findings = [finding["rule"] for finding in json.loads(done.stdout.splitlines()[0])["findings"]]
    with pdfplumber.open(tmp_path / "a.pdf") as pdf:
        words = [word for page in pdf.pages for word in page.extract_words(extra_attrs=["size"], x_tolerance=0.5)]
    sizes = [word["size"] for word in words if word["text"] in FIGURES]
    assert len(sizes) == 4 * len(FIGURES), "every figure in one piece"
    assert (min(sizes) < 8) == ("table.small" in findings)
    if "repeat_columns" in keys:
        assert min(sizes) > 8


def both_files(report, folder):
    """The report's own PDF, and the Word file's by LibreOffice, as pages of pdfplumber's words."""
    (folder / "a.json").write_text(json.dumps(report))
    subprocess.run([GONGWEN, "export", "a.json", "--quiet", "--allow-errors"], cwd=folder, check=True)
    subprocess.run([ROOT / "scripts" / "docx" / "to-pdf", folder / "word", folder / "a.docx"], check=True, capture_output=True)
    found = []
    for path in (folder / "a.pdf", folder / "word" / "a.pdf"):
        with pdfplumber.open(path) as pdf:
            found.append([(page.extract_words(), page.images) for page in pdf.pages])
    return found


@pytest.mark.parametrize("rows", [17, 18, 19, 20])
def test_title_of_a_carried_table_is_on_the_page_of_its_head_in_both_files(rows, tmp_path):
    columns = [f"第{at}项指标名称" for at in range(15)]
    body = [[f"样例单位{at}", *(f"{at}{column:03}.00" for column in range(15))] for at in range(rows)]
    table = {"caption": "宽表", "unit": "单位：万元", "header": [["单位", *columns]], "rows": body, "repeat_columns": 1}
    report = {"format": 1, "layout": "general-document", "issuer": "样例市", "title": "说明", "preamble": ["见表。", {"table": table}]}
    for pages in both_files(report, tmp_path):
        texts = ["".join(word["text"] for word in words) for words, _ in pages]
        titles = [text.count("宽表") for text in texts]
        assert sum(titles) >= 3, titles
        assert titles == [text.count("单位：万元") for text in texts], titles


def test_long_names_in_the_colophon_leave_the_date_a_line_of_its_own(tmp_path):
    name = "样例省新型冠状病毒感染肺炎疫情防控指挥部办公室"
    report = {
        "format": 1, "layout": "notice", "issuer": "样例市人民政府办公室", "title": "关于有关事项的通知", "letterhead": {},
        "preamble": ["正文。"], "signature": {"date": "2024-12-20"},
        "colophon": {"copies_to": ["市委办公室"], "printed_by": name, "printed_on": "2024-12-28"},
    }  # fmt: skip
    for (words, _), *_ in both_files(report, tmp_path):
        [organ] = [word for word in words if word["text"].startswith("样例省新型")]
        [date] = [word for word in words if word["text"].endswith("印发")]
        assert date["top"] > organ["bottom"] - 1, (organ, date)


def test_stamp_is_beside_the_post_in_both_files(tmp_path):
    (tmp_path / "stamp.png").write_bytes((ROOT / "examples" / "images" / "seal-sample.png").read_bytes())
    stamp = {"post": "市　长", "image": "stamp.png", "alt": "签名章"}
    report = {
        "format": 1, "layout": "order", "issuer": "样例市人民政府", "letterhead": {"organ": "样例市人民政府令"},
        "preamble": ["《办法》已经通过，现予公布。"], "signature": {"date": "2025-04-22", "stamp": stamp},
        "metadata": {"document_number": "第156号"},
    }  # fmt: skip
    for (words, images), *_ in both_files(report, tmp_path):
        post = next(word for word in words if word["text"].startswith("市"))
        [image] = images
        middle = (image["top"] + image["bottom"]) / 2
        # GB/T 9704—2012, 7.3.5.3: the post is in the middle of its height.
        assert abs(middle - (post["top"] + post["bottom"]) / 2) < 4, (post, image["top"], image["bottom"])

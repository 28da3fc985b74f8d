"""Import of files that other programs made: python-docx, LibreOffice, poppler. Every figure that they show is read or told, none is read
wrongly, and other readers see at the places that `import` gives what it read there."""

import copy
import json
import os
import pathlib
import subprocess

import docx
import lxml.html
import pytest
import shapes
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
EXAMPLES = ["qingzhen-2023", "shanghai-office-2019"]
# What is a blank on the page: no figure at all.
BLANK = {"", "/", "-", "—", "无", None}


def report_of(name):
    """An example with its totals computed."""
    example = ROOT / "examples" / f"{name}.json"
    text = subprocess.run([GONGWEN, "check", "--fill", example], capture_output=True, text=True).stdout
    return json.loads(text, parse_float=str, parse_int=str)


def imported(path):
    ran = subprocess.run([GONGWEN, "import", path, "--json"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout, parse_float=str)


def judge(report, result, share=1.0):
    """Nothing is wrong, and so much of what is shown is there; what is not is told."""
    wanted, found = shapes.figures(report), shapes.figures(result["report"])
    wrong = {key: (wanted[key], text) for key, text in found.items() if text is not None and text != wanted[key]}
    assert not wrong
    shown = [key for key, text in wanted.items() if text not in BLANK]
    placed = [key for key in shown if found[key] is not None]
    states = {figure["pointer"]: figure["state"] for figure in result["places"]["figures"]}
    assert all(states[key] in ("missing", "doubtful") for key, text in found.items() if text is None)
    assert len(placed) >= share * len(shown), sorted(set(shown) - set(placed))[:8]


def word(report, path):
    """A Word file as an office makes it: plain paragraphs, merged cells, nothing of our styles and bookmarks."""
    document = docx.Document()
    for kind, content in shapes.parts(report):
        if kind != "table":
            document.add_paragraph(content)
            continue
        width = max(column + columns for row in content for column, columns, *_ in row)
        table = document.add_table(len(content), width)
        for at, row in enumerate(content):
            for column, columns, down, text, _ in row:
                cell = table.cell(at, column)
                if columns > 1 or down > 1:
                    cell = cell.merge(table.cell(at + down - 1, column + columns - 1))
                cell.text = text
    document.save(path)
    return document


@pytest.mark.parametrize("name", EXAMPLES)
def test_word_files_of_python_docx(name, tmp_path):
    report = report_of(name)
    path = tmp_path / "office.docx"
    word(report, path)
    result = imported(path)
    judge(report, result)
    # What python-docx sees in the cells that the places name.
    tables = docx.Document(path).tables
    for figure in result["places"]["figures"]:
        place = figure["place"]
        if place is None:
            continue
        cell = tables[place["table"] - 1].rows[place["row"] - 1]._tr.tc_lst[place["cell"] - 1]
        assert "".join(text.text or "" for text in cell.iter(qn("w:t"))) == figure["text"], figure


def run(text):
    element = OxmlElement("w:r")
    part = OxmlElement("w:t")
    part.text = text
    element.append(part)
    return element


def test_word_files_with_everything_that_offices_do(tmp_path):
    report = report_of("qingzhen-2023")
    path = tmp_path / "office.docx"
    document = word(report, path)
    requests = document.tables[1]
    # A figure is deleted and another inserted, tracked.
    paragraph = requests.cell(3, 3).paragraphs[0]._p
    old = paragraph.find(qn("w:r"))
    deleted, inserted = OxmlElement("w:del"), OxmlElement("w:ins")
    paragraph.remove(old)
    gone = copy.deepcopy(old)
    gone.find(qn("w:t")).tag = qn("w:delText")
    deleted.append(gone)
    inserted.append(run("287"))
    paragraph.extend([deleted, inserted])
    report["tables"]["requests"]["received_this_year"][0] = "287"
    # Another is in a content control.
    paragraph = requests.cell(3, 4).paragraphs[0]._p
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    content.append(paragraph.find(qn("w:r")))
    control.append(content)
    paragraph.append(control)
    # A row is in a content control of its own, and another begins behind empty columns.
    row = document.tables[0].rows[2]._tr
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    row.addprevious(control)
    content.append(row)
    control.append(content)
    # Hidden text in a cell is no figure.
    hidden = run("999")
    properties = OxmlElement("w:rPr")
    properties.append(OxmlElement("w:vanish"))
    hidden.insert(0, properties)
    requests.cell(3, 5).paragraphs[0]._p.append(hidden)
    document.save(path)
    judge(report, imported(path))


@pytest.mark.parametrize("name", EXAMPLES)
def test_pages_and_what_lxml_sees_in_them(name, tmp_path):
    report = report_of(name)
    page = shapes.html(report)
    for encoding in ("utf-8", "gbk"):
        path = tmp_path / f"{encoding}.html"
        path.write_bytes(page.replace('charset="utf-8"', f'charset="{encoding}"').encode(encoding, "xmlcharrefreplace"))
        result = imported(path)
        judge(report, result)
        tables = lxml.html.fromstring(page).findall(".//table")
        for figure in result["places"]["figures"]:
            place = figure["place"]
            cell = tables[place["table"] - 1].findall(".//tr")[place["row"] - 1].findall("td")[place["cell"] - 1]
            assert cell.text_content().strip() == figure["text"], figure


@pytest.mark.parametrize("shape", shapes.SHAPES)
def test_shapes_of_text(shape, tmp_path):
    report = report_of("qingzhen-2023")
    path = tmp_path / "text.txt"
    path.write_text(shapes.lines(report, shape), encoding="utf-8")
    judge(report, imported(path))


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_libreoffice_makes_of_an_office_file(name, tmp_path):
    report = report_of(name)
    subprocess.run([GONGWEN, "export", "--allow-errors", ROOT / "examples" / f"{name}.json", "-o", tmp_path], check=False, capture_output=True)
    ours = tmp_path / f"{name}.docx"
    for ending in ("html", "odt"):
        subprocess.run(["soffice", "--headless", "--convert-to", ending, "--outdir", tmp_path, ours], check=True, capture_output=True)
    back = tmp_path / "back"
    subprocess.run(["soffice", "--headless", "--convert-to", "docx", "--outdir", back, tmp_path / f"{name}.odt"], check=True, capture_output=True)
    subprocess.run([ROOT / "scripts" / "docx" / "to-pdf", tmp_path / "pdf", ours], check=True, capture_output=True)
    for path in (tmp_path / f"{name}.html", back / f"{name}.docx", tmp_path / "pdf" / f"{name}.pdf", tmp_path / f"{name}.pdf"):
        judge(report, imported(path))


def test_check_names_the_cell_of_the_file(tmp_path):
    report = report_of("qingzhen-2023")
    report["tables"]["requests"]["granted"][0] = "204"
    path = tmp_path / "office.docx"
    word(report, path)
    ran = subprocess.run([GONGWEN, "check", path, "--json"], capture_output=True, text=True)
    assert ran.returncode == 1, ran.stdout
    findings = json.loads(ran.stdout)["findings"]
    totals = [finding for finding in findings if finding["rule"] == "requests.row-total"]
    assert [finding["place"]["text"] for finding in totals] == ["第2个表 第6行 第3格"]


def test_struck_figures_are_told_and_not_read(tmp_path):
    report = report_of("qingzhen-2023")
    path = tmp_path / "office.docx"
    document = word(report, path)
    for column, name in ((3, "strike"), (4, "dstrike")):
        paragraph = document.tables[1].cell(5, column).paragraphs[0]._p
        struck = run("9")
        properties = OxmlElement("w:rPr")
        properties.append(OxmlElement(f"w:{name}"))
        struck.insert(0, properties)
        paragraph.insert(0, struck)
    document.save(path)
    result = imported(path)
    judge(report, result)
    assert [finding["rule"] for finding in result["findings"]].count("import.unplaced") >= 2
    assert sum(left["text"] == "划去的文字：9" for left in result["places"]["unplaced"]) == 2


def test_struck_raised_and_hidden_text_of_pages(tmp_path):
    report = report_of("qingzhen-2023")
    granted = report["tables"]["requests"]["granted"]
    page = lxml.html.fromstring(shapes.html(report))
    row = next(row for row in page.iter("tr") if "予以公开" in row.text_content() and granted[0] in row.text_content())
    natural, company = [cell for cell in row.iter("td", "th") if cell.text_content().strip() in granted[:2]][:2]
    natural, company = (cell[0] if len(cell) else cell for cell in (natural, company))
    natural.text = None
    natural.append(lxml.html.fragment_fromstring("<del>9</del>"))
    natural[-1].tail = granted[0]
    company.append(lxml.html.fragment_fromstring("<sup>1</sup>"))
    hidden = copy.deepcopy(row)
    hidden.set("style", "display: none")
    for cell in hidden.iter("td", "th"):
        if cell.text_content().strip().isdigit():
            cell.text = "9"
    row.addprevious(hidden)
    path = tmp_path / "page.html"
    path.write_bytes(lxml.html.tostring(page, encoding="utf-8"))
    result = imported(path)
    judge(report, result, share=0.99)
    # The number of a note stands beside its figure: the cell is told and not read.
    assert result["report"]["tables"]["requests"]["granted"][:2] == [int(granted[0]), None]


def test_money_in_another_unit_is_told_and_not_read(tmp_path):
    report = report_of("qingzhen-2023")
    path = tmp_path / "office.docx"
    document = word(report, path)
    for row in document.tables[0].rows:
        for cell in row.cells:
            if "单位：万元" in cell.text:
                cell.text = cell.text.replace("万元", "元")
    figures = document.tables[0].rows[-1].cells[-1]
    figures.text = "68580500"
    document.save(path)
    result = imported(path)
    told = [finding for finding in result["findings"] if finding["rule"] == "import.cell"]
    assert len(told) == 1 and "单位是元" in told[0]["message"], told
    assert result["report"]["tables"]["proactive_disclosure"]["administrative_fees"] == [None]


def test_columns_that_changed_places_in_our_own_file_are_told(tmp_path):
    example = ROOT / "examples" / "qingzhen-2023.json"
    subprocess.run([GONGWEN, "export", example, "--format", "docx", "-o", tmp_path, "--embed-source"], check=True)
    path = tmp_path / "qingzhen-2023.docx"
    assert not [finding for finding in imported(path)["findings"] if finding["rule"] == "import.column"]
    document = docx.Document(path)
    heads = ("本年制发件数", "本年废止件数")
    texts = [text for text in document.tables[0]._tbl.iter(qn("w:t")) if text.text in heads]
    assert [text.text for text in texts] == list(heads)
    texts[0].text, texts[1].text = texts[1].text, texts[0].text
    document.save(path)
    result = imported(path)
    told = [finding for finding in result["findings"] if finding["rule"] == "import.column"]
    # Figures go with the names of their columns: 6 made and 4 abolished are now 4 and 6. One finding a table says so.
    row = result["report"]["tables"]["proactive_disclosure"]["normative_documents"]
    assert [str(cell) for cell in row] == ["4", "6", "64"]
    assert len(told) == 1, told
    assert all(head in told[0]["message"] for head in heads) and "现行有效件数" not in told[0]["message"], told

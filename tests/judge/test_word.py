"""The Word files, as python-docx reads them and as LibreOffice lays them out."""

import json
import pathlib

import docx as python_docx
import pdfplumber
import pytest
from conftest import DOCX, JUDGE, pages, report_of
from docx.oxml.ns import qn

ROOT = pathlib.Path(__file__).resolve().parents[2]


def example(name):
    report = json.loads((ROOT / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    return report, python_docx.Document(JUDGE / "examples" / f"{name}.docx")


def headings(document, level):
    style = f"Heading {level}"
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


def test_headings_are_headings():
    report, document = example("every-block")
    numbered = [f"{'一二三'[at]}、{section['title']}" for at, section in enumerate(report["sections"])]
    assert headings(document, 1) == numbered
    assert "（二）标题独行" in headings(document, 2)
    assert headings(document, 3) == ["1.三级标题"]
    assert headings(document, 4) == ["（1）四级标题"]
    titles = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Title"]
    assert "".join(titles[0].split()) == "".join(report["title"].split())


def test_figures_stand_in_their_rows():
    report, document = example("qingzhen-2023")
    proactive, requests, litigation = document.tables

    def rows(table):
        return [[cell.text for cell in row.cells] for row in table.rows]

    def texts(cells):
        return [str(cell) for cell in cells]

    given = report["tables"]["requests"]
    for row, (key, cells) in zip(rows(requests)[3:], given.items(), strict=True):
        assert row[-7:] == texts(cells), key
    (row,) = rows(litigation)[3:]
    assert row == [text for cells in report["tables"]["litigation"].values() for text in texts(cells)]
    bodies = [row for row in rows(proactive) if row[1][:1].isdigit()]
    for row, (key, cells) in zip(bodies, report["tables"]["proactive_disclosure"].items(), strict=True):
        assert row[1:] == texts(cells) * (3 // len(cells)), key


def test_header_rows_are_repeated():
    _, document = example("qingzhen-2023")
    counts = [len(table._tbl.findall(f".//{qn('w:tblHeader')}")) for table in document.tables]
    assert counts == [0, 3, 3]


def sections_in_portrait(path):
    sections = python_docx.Document(path).sections
    return all(section.page_width < section.page_height for section in sections)


def test_columns_are_as_wide_as_their_cells(docx):
    for table in python_docx.Document(docx).tables:
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        # In landscape the type area is as wide as it is high in portrait.
        widest = 8845 if sections_in_portrait(docx) else 16838 - 1960 - 1847
        assert sum(grid) <= widest + 10, "the table stays in the type area"
        for row in table._tbl.tr_lst:
            at = 0
            for cell in row.tc_lst:
                covered = grid[at : at + cell.grid_span]
                assert int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) == sum(covered)
                at += cell.grid_span
            assert at == len(grid)


def test_page_numbers_are_fields_on_both_sides(docx):
    document = python_docx.Document(docx)
    assert document.settings.odd_and_even_pages_header_footer
    report = report_of(docx)
    # Cover and contents have no numbers: a section of their own without footers.
    front = 1 if "cover" in report or "contents" in report else 0
    assert not any(section._sectPr.findall("{*}footerReference") for section in document.sections[:front])
    for section in document.sections[front:]:
        for footer, side in [(section.footer, "right"), (section.even_page_footer, "left")]:
            xml = footer._element.xml
            assert "PAGE" in xml, side
            assert "— " in xml and " —" in xml, side


def test_properties_are_written():
    _, document = example("every-block")
    properties = document.core_properties
    assert properties.title == "样例市数据统计办公室关于报告各种内容写法的说明"
    assert properties.author == "样例市数据统计办公室"
    assert properties.keywords and "样例" in properties.keywords
    assert properties.created.date().isoformat() in ("2024-01-14", "2024-01-15")


def libreoffice_pages(path):
    with pdfplumber.open(JUDGE / "libreoffice" / path.with_suffix(".pdf").name) as pdf:
        return len(pdf.pages)


@pytest.mark.parametrize("path", [path for path in DOCX if path.parent.name == "examples"], ids=lambda p: p.stem)
def test_libreoffice_lays_out_as_many_pages(path):
    with pdfplumber.open(path.with_suffix(".pdf")) as pdf:
        assert libreoffice_pages(path) == len(pdf.pages)

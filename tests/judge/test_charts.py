"""Charts as a careful reader sees them: measured in the PDF with pdfplumber and pikepdf, and read from the Word file."""

import io
import json
import os
import pathlib
import re
import subprocess
import zipfile

import openpyxl
import pdfplumber
import pikepdf
import pytest
from lxml import etree
from parity import elements, kids

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
YEARS = [f"{year}年" for year in range(2019, 2025)]
CASES = ["268", "292", "310", "305", "—", "344"]
CLOSED = ["260", "290.5", "301", "300", "—", "340.0"]
GROWTH = ["6.5", "5.9", "-1.2", "8.1", "2.0", "+5.4"]
OFFICES = ["发展和改革委员会", "工业和信息化局", "人力资源和社会保障局", "自然资源和规划局", "住房和城乡建设局", "交通运输局"]
SHARES = ["45", "38", "77", "20", "56", "9"]

TABLES = [
    {"caption": "表1  受理和办结情况", "unit": "单位：件", "header": [["年份", "受理", "办结", "增长（%）"]],
     "rows": [list(row) for row in zip(YEARS, CASES, CLOSED, GROWTH, strict=True)] + [["合计", "1519", "1491.5", "—"]]},
    {"caption": "表2  各单位件数", "header": [["单位", "件数"]], "rows": [list(row) for row in zip(OFFICES, SHARES, strict=True)]},
]
CHARTS = [
    {"kind": "bar", "table": "表1", "columns": ["受理", "办结"], "caption": "图1  受理和办结情况"},
    {"kind": "bar", "table": "表1", "columns": ["增长（%）"], "caption": "图2  增长", "height": "60mm"},
    {"kind": "line", "table": "表1", "columns": ["受理", "办结"], "caption": "图3  受理和办结情况"},
    {"kind": "pie", "table": "表2", "caption": "图4  各单位件数"},
    {"kind": "bar", "table": "表2", "caption": "图5  各单位件数"},
]
# The figures of each chart, series by series.
FIGURES = [[CASES, CLOSED], [GROWTH], [CASES, CLOSED], [SHARES], [SHARES]]


def value(text):
    return float(text) if re.fullmatch(r"[-+]?[\d.]+", text) else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A document of two tables and five charts, in both files, and the Word file by LibreOffice."""
    here = tmp_path_factory.mktemp("charts")
    body = [{"table": table} for table in TABLES] + [{"page_break": True}, "各图如下。"] + [{"chart": chart} for chart in CHARTS]
    report = {"format": 1, "layout": "general-document", "issuer": "样例市统计局", "title": "统计图", "sections": [{"body": body}]}
    (here / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    subprocess.run([GONGWEN, "export", "report.json"], cwd=here, check=True, capture_output=True)
    subprocess.run([ROOT / "scripts" / "docx" / "to-pdf", here / "word", here / "report.docx"], check=True, capture_output=True)
    return here


class Figure:
    """A chart of the PDF: its element, its box from the top left, what is drawn in it."""

    def __init__(self, element, number, page):
        left, bottom, right, top = (float(number) for number in element.A.BBox)
        self.alt, self.number = str(element.Alt), number
        self.box = (left, float(page.height) - top, right, float(page.height) - bottom)
        self.marks = {int(kid) for kid in kids(element) if not isinstance(kid, pikepdf.Dictionary)}
        self.inner = [str(kid.S) for kid in kids(element) if isinstance(kid, pikepdf.Dictionary)]
        self.chars = [char for char in page.chars if char["mcid"] in self.marks]
        self.rects = [rect for rect in page.rects if rect["mcid"] in self.marks]
        self.lines = [line for line in page.lines if line["mcid"] in self.marks]
        self.curves = [curve for curve in page.curves if curve["mcid"] in self.marks]

    def words(self):
        """Lines of text as they were set: characters of one size and baseline that follow one another."""
        found = []
        for char in self.chars:
            last = found[-1] if found else None
            if last and last["baseline"] == char["matrix"][5] and -0.6 * char["size"] < char["x0"] - last["x1"] < char["size"] * 0.5:
                last["text"] += char["text"]
                last["x1"] = char["x1"]
            else:
                size, baseline, bottom = char["size"], char["matrix"][5], float(char["bottom"]) + float(char["y0"])
                # As high as a digit, or a character of Han: the boxes of fonts are higher.
                box = {"top": bottom - baseline - 0.78 * size, "bottom": bottom - baseline + 0.1 * size}
                found.append({"text": char["text"], "x0": char["x0"], "x1": char["x1"], "size": size, "baseline": baseline, **box})
        return found

    def bars(self):
        """Outlines of rectangles that stand on the axis, from the left; the keys of a legend are small and below it."""
        drawn = [rect for rect in self.rects if rect["stroke"] and rect["linewidth"] == pytest.approx(0.5, abs=0.01)]
        axis = self.axis()
        bars = [bar for bar in drawn if abs(bar["bottom"] - axis) < 0.2 or abs(bar["top"] - axis) < 0.2]
        return sorted(bars, key=lambda bar: bar["x0"])

    def axis(self):
        return next(line for line in self.lines if line["linewidth"] == pytest.approx(0.75, abs=0.01) and line["width"] > 100)["top"]


@pytest.fixture(scope="module")
def figures(folder):
    found = []
    with pikepdf.open(folder / "report.pdf") as pdf, pdfplumber.open(folder / "report.pdf") as text:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        for element in elements(pdf.Root.StructTreeRoot):
            if element.get("/S") == "/Figure":
                number = numbers[element.Pg.objgen]
                found.append(Figure(element, number, text.pages[number]))
    assert len(found) == len(CHARTS)
    return found


def test_the_alternative_text_has_every_figure(figures):
    for figure, series, chart in zip(figures, FIGURES, CHARTS, strict=True):
        names = OFFICES if chart["table"] == "表2" else YEARS
        for texts in series:
            for name, text in zip(names, texts, strict=True):
                wanted = f"{name} {text}" if value(text) is not None else f"{name} 无数字"
                assert wanted in figure.alt, (wanted, figure.alt)
        assert chart["caption"].split()[1] in figure.alt
        assert figure.inner == ["/Caption"]


def test_charts_are_vectors_and_nothing_else(figures, folder):
    with pdfplumber.open(folder / "report.pdf") as pdf:
        assert not any(page.images for page in pdf.pages)
    for figure in figures:
        assert figure.rects or figure.curves
        for drawn in figure.rects + figure.lines + figure.curves:
            left, top, right, bottom = figure.box
            assert left - 0.5 <= drawn["x0"] and drawn["x1"] <= right + 0.5, drawn
            assert top - 0.5 <= drawn["top"] and drawn["bottom"] <= bottom + 0.5, drawn
            for colour in ("stroking_color", "non_stroking_color"):
                gray = drawn[colour]
                assert gray is None or isinstance(gray, (int, float)) or len(gray) == 1, "grays alone"


def test_texts_do_not_overlap_and_are_inside(figures):
    for figure in figures:
        words = figure.words()
        left, top, right, bottom = figure.box
        for at, one in enumerate(words):
            assert left - 0.5 <= one["x0"] and one["x1"] <= right + 0.5, one
            assert top - 0.5 <= one["top"] and one["bottom"] <= bottom + 0.5, one
            assert one["size"] >= 7.99, one
            for other in words[at + 1 :]:
                beside = one["x1"] <= other["x0"] or other["x1"] <= one["x0"]
                assert beside or one["bottom"] <= other["top"] or other["bottom"] <= one["top"], (one, other)


def test_figures_are_printed_as_written(figures):
    for figure, series, chart in zip(figures, FIGURES, CHARTS, strict=True):
        words = " ".join(word["text"] for word in figure.words())
        for text in (text for texts in series for text in texts if value(text) is not None):
            if chart["kind"] != "line":
                assert re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.])", words), (text, words)


@pytest.mark.parametrize("number", [0, 1, 4])
def test_bars_are_as_high_as_their_figures(figures, number):
    figure, series = figures[number], FIGURES[number]
    bars = figure.bars()
    by_category = [value(texts[at]) for at in range(len(series[0])) for texts in series]
    wanted = [figure for figure in by_category if figure is not None]
    assert len(bars) == len(wanted)
    axis = figure.axis()
    heights = [axis - bar["top"] if bar["top"] < axis - 0.2 else axis - bar["bottom"] for bar in bars]
    unit = heights[0] / wanted[0]
    for height, figure in zip(heights, wanted, strict=True):
        assert height == pytest.approx(figure * unit, abs=0.05), (height, figure * unit)


def test_series_differ_without_colour(figures):
    bars = figures[0].bars()
    # Of two bars one is gray, the other white with lines.
    inside = [
        sum(bar["x0"] - 0.1 <= line["x0"] and line["x1"] <= bar["x1"] + 0.1 and line["bottom"] <= bar["bottom"] + 0.1 for line in figures[0].lines)
        for bar in bars
    ]
    assert all(count == 0 for count in inside[::2]) and all(count > 5 for count in inside[1::2]), inside
    dashes = {str(line["dash"]) for line in figures[2].lines + figures[2].curves if line["linewidth"] == pytest.approx(1, abs=0.01)}
    assert len(dashes) == 2, dashes


def charts(folder):
    """The chart parts of the Word file with their workbooks."""
    with zipfile.ZipFile(folder / "report.docx") as package:
        for number in range(1, len(CHARTS) + 1):
            yield etree.fromstring(package.read(f"word/charts/chart{number}.xml")), package.read(f"word/embeddings/chart{number}.xlsx")


def test_the_word_file_has_the_figures_of_the_table(folder):
    for (chart, _), series in zip(charts(folder), FIGURES, strict=True):
        found = []
        for cache in chart.iter(f"{C}numCache"):
            points = {int(point.get("idx")): float(point.findtext(f"{C}v")) for point in cache.iter(f"{C}pt")}
            found.append([points.get(at) for at in range(int(cache.find(f"{C}ptCount").get("val")))])
        assert found == [[value(text) for text in texts] for texts in series]


def test_the_workbook_opens_and_has_the_same_figures(folder):
    for (chart, workbook), series in zip(charts(folder), FIGURES, strict=True):
        sheet = openpyxl.load_workbook(io.BytesIO(workbook)).active
        columns = list(sheet.iter_cols(min_row=2, values_only=True))
        assert [list(column) for column in columns[1:]] == [[value(text) for text in texts] for texts in series]
        names = [point.text for point in next(chart.iter(f"{C}cat")).iter(f"{C}v")]
        assert list(columns[0]) == names
        for texts, column in zip(series, list(sheet.iter_cols(min_row=2, min_col=2)), strict=True):
            for text, cell in zip(texts, column, strict=True):
                if value(text) is not None:
                    assert len(cell.number_format.split(";")[0].lstrip("+").partition(".")[2]) == len(text.partition(".")[2])


def test_the_word_file_has_the_alternative_texts(folder, figures):
    with zipfile.ZipFile(folder / "report.docx") as package:
        document = etree.fromstring(package.read("word/document.xml"))
    found = [properties.get("descr") for properties in document.iter(f"{WP}docPr")]
    assert found == [figure.alt for figure in figures]


def test_libreoffice_shows_the_charts_on_their_pages(folder, figures):
    with pdfplumber.open(folder / "word" / "report.pdf") as pdf:
        for figure, chart in zip(figures, CHARTS, strict=True):
            page = pdf.pages[figure.number]
            left, top, right, bottom = figure.box
            inside = page.crop((left, top, right, min(bottom + 4, page.height)))
            assert chart["caption"].split()[0] in page.extract_text().replace(" ", "")
            # The paths of LibreOffice are curves and rectangles.
            drawn = inside.rects + inside.curves + inside.lines
            assert len(drawn) >= 5, (chart, len(drawn))
            if chart["kind"] == "pie":
                continue
            axis = figure.axis()
            level = [line for line in inside.lines + inside.curves + inside.rects if line["width"] > 300 and line["height"] < 1]
            assert any(abs(line["top"] - axis) < 5 for line in level), (axis, [line["top"] for line in level])

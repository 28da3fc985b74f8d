"""Pages on their side, points under one another, vertical headers: `examples/wide-tables.json`, measured."""

import functools

import pdfplumber
import pikepdf
import pytest
from conftest import JUDGE, MM

PDF = JUDGE / "examples" / "wide-tables.pdf"
# 5.2 turned with its left edge on top (clause 8): 28 mm above, 26 mm below, 35 mm at the left, 37 mm at the right.
TOP, BOTTOM, LEFT, RIGHT = 28.0, 184.0, 35.0, 260.0
TURNED = [2, 3]
CHARACTER = 156 / 28


@functools.cache
def turned_pages() -> dict:
    with pdfplumber.open(PDF) as pdf:
        return {page.page_number: (page.width, page.height, page.chars, page.rects) for page in pdf.pages if page.rotation}


def test_wide_tables_lie_on_upright_sheets_that_are_shown_turned():
    with pikepdf.open(PDF) as file:
        sheets = [(list(map(float, page.MediaBox)), int(page.get("/Rotate", 0))) for page in file.pages]
    assert [rotation for _, rotation in sheets] == [90 if number in TURNED else 0 for number in range(1, 5)]
    for box, _ in sheets:
        assert box[2] < box[3], "the sheet is upright"
    for width, height, _, _ in turned_pages().values():
        assert (width, height) == (pytest.approx(297 * MM, abs=0.1), pytest.approx(210 * MM, abs=0.1))


@pytest.mark.parametrize("number", TURNED)
def test_number_of_a_turned_page_is_where_it_is_on_an_upright_one(number):
    """7.5, 8: 7 mm below the type area of the sheet, one character in from its outer edge."""
    _, _, chars, _ = turned_pages()[number]
    found = [char for char in chars if not char["upright"]]
    assert "".join(char["text"] for char in found).split() == ["—", str(number), "—"]
    dash = found[0]
    # The em box has 0.88 of it above the baseline: to the right, as the page is read.
    middle = (dash["x0"] + dash["x1"]) / 2
    assert middle == pytest.approx((LEFT - 7) * MM, abs=1.0 * MM)
    top, bottom = min(char["top"] for char in found) / MM, max(char["bottom"] for char in found) / MM
    if number % 2:
        assert bottom == pytest.approx(BOTTOM - CHARACTER, abs=0.3)
    else:
        assert top == pytest.approx(TOP + CHARACTER, abs=0.3)


@pytest.mark.parametrize("number", TURNED)
def test_turned_text_stands_in_the_type_area(number):
    _, _, chars, _ = turned_pages()[number]
    found = [char for char in chars if char["upright"] and not char["text"].isspace()]
    assert len(found) > 300
    for char in found:
        where = f"page {number}: {char}"
        assert LEFT - 0.3 <= char["x0"] / MM and char["x1"] / MM <= RIGHT + 0.3, where
        assert TOP - 2.42 <= char["top"] / MM and char["bottom"] / MM <= BOTTOM + 2.42, where


def figures(chars) -> list:
    """The figures of the last column, each as its characters."""
    column = [char for char in chars if char["upright"] and char["x0"] > 243 * MM and char["text"] in "0123456789."]
    rows = {}
    for char in column:
        rows.setdefault(round(char["top"], 1), []).append(char)
    return [sorted(row, key=lambda char: char["x0"]) for _, row in sorted(rows.items())]


@pytest.mark.parametrize("number", TURNED)
def test_points_stand_under_one_another(number):
    _, _, chars, _ = turned_pages()[number]
    points = set()
    for figure in figures(chars):
        point = [char["x0"] for char in figure if char["text"] == "."]
        # A whole number ends where the others have their points.
        points.add(round(point[0] if point else figure[-1]["x1"], 2))
    assert len(figures(chars)) > 10
    assert max(points) - min(points) < 0.1, points


@pytest.mark.parametrize("number", TURNED)
def test_vertical_headers_run_down_and_copy_out_as_typed(number):
    _, _, chars, _ = turned_pages()[number]
    top = [char for char in chars if char["upright"] and char["x0"] > 243 * MM]
    found = sorted([char for char in top if char["text"] in "回应率（‰）"], key=lambda char: char["top"])
    assert "".join(char["text"] for char in found) == "回应率（‰）"
    middles = [(char["x0"] + char["x1"]) / 2 for char in found]
    assert max(middles) - min(middles) < 0.1
    steps = [b["top"] - a["top"] for a, b in zip(found, found[1:])]
    assert max(steps) - min(steps) < 0.1

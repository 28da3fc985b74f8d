"""The files to be judged: exported by scripts/judge, read by pdfplumber, pikepdf and python-docx.

Nothing here is taken from gongwen: measures are those of GB/T 9704-2012, in millimetres from the paper's top left.
"""

import collections
import dataclasses
import functools
import json
import os
import pathlib
import re
import subprocess

import pdfplumber
import pytest
from playwright.sync_api import sync_playwright

MM = 72 / 25.4
JUDGE = pathlib.Path(os.environ.get("GONGWEN_JUDGE", "target/judge"))
EXPORTED = sorted(JUDGE.glob("examples/*.pdf")) + sorted(JUDGE.glob("generated/*.pdf"))
PDFS = EXPORTED + [JUDGE / "mixed" / "mixed.pdf"]
DOCX = [path.with_suffix(".docx") for path in EXPORTED]

# 5.2: the type area.
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
# GB/T 33476.2-2016: 3号 on a pitch of 29.6 pt; 28 characters a line need 0.25 pt less than 16 pt each.
PITCH, SIZE, SPACING = 29.6, 16.0, -0.25


@dataclasses.dataclass
class Line:
    """Glyphs on one baseline. Lengths are in points from the top left."""

    baseline: float
    chars: list

    @property
    def text(self) -> str:
        return "".join(char["text"] for char in self.chars)

    @property
    def left(self) -> float:
        return self.chars[0]["x0"]

    @property
    def right(self) -> float:
        return self.chars[-1]["x1"]

    def is_body(self) -> bool:
        """Whether all of it has the size of body text; cells and captions are smaller, titles larger."""
        return all(abs(char["size"] - SIZE) < 0.1 for char in self.chars)

    def is_organ(self) -> bool:
        """Whether it is the red name of a letterhead, which may stand above the type area (10.1)."""
        return self.chars[0]["size"] > 25


@dataclasses.dataclass
class Page:
    number: int
    width: float
    height: float
    lines: list
    page_number: Line | None


@functools.cache
def pages(path: pathlib.Path) -> list:
    """The pages of a PDF with their lines from the top; the page number is apart.

    A cover and the pages of a 目录 are not among them: they have no number and are measured in test_kinds.py.
    """
    found = []
    front = 0
    report = report_of(path)
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            is_cover = "cover" in report and page.page_number == 1
            if is_cover or ("contents" in report and page.page_number == front + 1 and "....." in page.extract_text()):
                front += 1
                continue
            number_of_page = page.page_number - front
            # Pages on their side are measured in test_wide.py.
            if page.rotation:
                continue
            by_baseline = collections.defaultdict(list)
            for char in page.chars:
                by_baseline[round(page.height - char["matrix"][5], 1)].append(char)
            lines = [
                Line(baseline, sorted(chars, key=lambda char: char["x0"]))
                for baseline, chars in sorted(by_baseline.items())
            ]
            below = [line for line in lines if line.baseline > (BOTTOM + 3) * MM]
            lines = [line for line in lines if line.baseline <= (BOTTOM + 3) * MM]
            # 10.1: the first page of a letter has no number.
            wanted = 0 if number_of_page == 1 and report["layout"] == "letter" else 1
            where = f"{path}: page {page.page_number}"
            assert len(below) == wanted, f"{where} has {len(below)} lines below the type area"
            number = below[0] if below else None
            found.append(Page(number_of_page, page.width, page.height, lines, number))
            page.close()
    assert found, f"{path} has no pages"
    return found


def report_of(path: pathlib.Path) -> dict:
    """The report that a file was made from; scripts/judge puts it beside it."""
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc):
    for name, paths in [("pdf", PDFS), ("docx", DOCX)]:
        if name in metafunc.fixturenames:
            assert len(paths) > 20, f"there is nothing to judge in {JUDGE}; run scripts/judge"
            metafunc.parametrize(name, paths, ids=lambda path: f"{path.parent.name}/{path.name}")


# The page of the service in a real browser.
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", pathlib.Path(__file__).resolve().parents[2] / "target")) / "debug" / "gongwen"


@pytest.fixture(scope="module")
def address():
    ran = subprocess.Popen(
        [GONGWEN, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    found = re.search(r"http://\S+", ran.stdout.readline())
    yield found[0].rstrip("/")
    ran.terminate()
    ran.wait(timeout=20)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    opened = context.new_page()
    wrong = []
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.goto(address)
    opened.wait_for_selector(".doors")
    # What a test expects to be refused it takes away.
    opened.wrong = wrong
    yield opened
    context.close()
    assert not wrong

"""Our PDF and LibreOffice's of our Word file break alike; docs/dev/parity.md says how far, from a run of this."""

import functools
import pathlib
import re
import shutil
import subprocess
import zipfile

import parity
import pytest
from conftest import DOCX, JUDGE

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBREOFFICE = JUDGE / "libreoffice"
PDFS = [path.with_suffix(".pdf") for path in DOCX]
EXAMPLES = [path for path in PDFS if path.parent.name == "examples"]


@functools.cache
def result(path):
    return parity.compare(path.stem, path, LIBREOFFICE / path.name)


def version():
    return parity.check_version((LIBREOFFICE / "version.txt").read_text(encoding="utf-8"))


def test_libreoffice_is_the_one_that_the_figures_hold_for():
    assert version()


def test_another_libreoffice_is_refused_in_words():
    with pytest.raises(parity.Unexpected, match="LibreOffice 24.2.7 made the pages.*measure it anew"):
        parity.check_version("LibreOffice 24.2.7.2 420(Build:2)")
    with pytest.raises(parity.Unexpected):
        parity.check_version("soffice")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_break_alike(path):
    found = result(path)
    assert not found.failures, "\n".join([*found.failures, *map(str, found.differences)])


def rows(page):
    """Figures of the table by its first column: pages of both, and the share of lines."""
    found = {}
    for row in page.splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if len(cells) == 6 and "%" in cells[4]:
            found[cells[0]] = (cells[1], float(cells[4].split()[0]))
    return found


def test_parity_page_has_the_figures_of_this_run():
    written = rows(parity.between_marks((ROOT / "docs" / "dev" / "parity.md").read_text(encoding="utf-8")))
    measured = rows(parity.table([result(path) for path in PDFS], version()))
    assert written.keys() == measured.keys(), "run scripts/parity"
    for name, (pages, share) in measured.items():
        assert pages == written[name][0], f"{name}: run scripts/parity"
        # A change for the better or the worse is looked at before it is written down.
        assert share == pytest.approx(written[name][1], abs=0.3), f"{name}: run scripts/parity"


def changed(file, out, change):
    """The Word file with its body and styles changed."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name in ("word/document.xml", "word/styles.xml"):
                text = change(name, text.decode("utf-8")).encode("utf-8")
            new.writestr(name, text)


def in_body(pattern, new):
    def change(name, text):
        if name != "word/document.xml":
            return text
        text, count = re.subn(pattern, new, text, count=1, flags=re.DOTALL)
        assert count == 1, pattern
        return text

    return change


def wider_margin(name, text):
    return re.sub(r'w:right="1474"', 'w:right="1834"', text)


def wider_pitch(name, text):
    return re.sub(r'w:line="5\d\d"', 'w:line="640"', text)


PARAGRAPH = r"(<w:p>(?:(?!</w:p>).)*一是围绕(?:(?!</w:p>).)*</w:p>)(<w:p>(?:(?!</w:p>).)*</w:p>)"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("margin", wider_margin),
        ("pitch", wider_pitch),
        ("character", in_body("始终坚持", "始终持")),
        ("paragraph", in_body(PARAGRAPH, r"\2\1")),
    ],
)
def test_a_shifted_file_fails(name, change, tmp_path):
    example = JUDGE / "examples" / "qingzhen-2023.docx"
    changed(example, tmp_path / "shifted.docx", change)
    subprocess.run([ROOT / "scripts/docx/to-pdf", tmp_path, tmp_path / "shifted.docx"], check=True, capture_output=True)
    shutil.copy(example.with_suffix(".pdf"), tmp_path / "ours.pdf")
    found = parity.compare(name, tmp_path / "ours.pdf", tmp_path / "shifted.pdf")
    assert found.failures
